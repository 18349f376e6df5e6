/* The strip that the tour of moot demo speaks from. */
#include "view_parts.h"
#include "wrap.h"

static void draw_buttons(struct canvas *c)
{
    struct rect buttons[TOUR_BUTTONS];
    layout_tour_buttons(c->m, &c->l, buttons);
    for (int i = 0; i < TOUR_BUTTONS; i++)
        draw(c, buttons[i], MEAN_TOUR_TITLE,
             str_of(layout_tour_label(c->m, (enum tour_button)i)));
}

static void draw_title(struct canvas *c, struct rect r)
{
    const struct tour *t = &c->m->tour;
    int x = draw_fmt(c, r, MEAN_TOUR_TITLE, "%zu/%zu  %s", t->chapter + 1, tour_count,
                     t->begun ? tour_chapters[t->chapter].name : "") +
            2;
    if (t->paused_at)
        draw(c, rect_from(r, x), MEAN_TOUR_ASK, STR("paused"));
    else if (t->asks)
        draw(c, rect_from(r, x), MEAN_TOUR_ASK, STR("waits for you"));
    draw_buttons(c);
}

void view_tour(struct canvas *c)
{
    struct rect r = c->l.tour;
    const struct tour *t = &c->m->tour;
    if (rect_is_empty(r))
        return;
    grid_fill(c->g, r, style_of(c, MEAN_TOUR));
    struct rect words = {r.x + 1, r.y, MAX(r.w - 2, 1), r.h};
    if (layout_tour_has_title(c->m, &c->l)) {
        draw_title(c, (struct rect){words.x, r.y, words.w, 1});
        words.y++;
        words.h--;
    }
    struct str rest = str_of(t->caption), row;
    struct style s = style_of(c, t->asks ? MEAN_TOUR_ASK : MEAN_TOUR);
    for (int y = 0; y < words.h && wrap_next(&rest, words.w, &row); y++)
        grid_text(c->g, words, words.x, words.y + y, s, row);
}
