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

/* Whether it waits, and how long; what it types, or typed last. */
static void draw_state(struct canvas *c, struct rect r)
{
    const struct tour *t = &c->m->tour;
    int s = tour_countdown(c->m);
    if (t->paused_at)
        draw(c, r, MEAN_TOUR_ASK, STR("paused"));
    else if (s)
        draw_fmt(c, r, MEAN_TOUR_ASK, "%s, %d s",
                 tour_may_type(c->m) ? "waits for you" : "goes on", s);
    else if (t->typing.on || t->typing.shown[0])
        draw_fmt(c, r, t->typing.on ? MEAN_TOUR_ASK : MEAN_TOUR, "%s %s",
                 t->typing.on ? "types" : "typed", t->typing.shown);
}

static void draw_title(struct canvas *c, struct rect r)
{
    const struct tour *t = &c->m->tour;
    int x = draw_fmt(c, r, MEAN_TOUR_TITLE, "%zu/%zu  %s", t->chapter + 1, tour_count,
                     t->begun ? tour_chapters[t->chapter].name : "") +
            2;
    draw_state(c, rect_from(r, x));
    draw_buttons(c);
}

/* What was asked for has been read by then. */
static const char *words_of(const struct tour *t)
{
    if (t->typing.on)
        return "Nobody is here: the tour types. Any key, and it is yours.";
    return t->typing.leaves ? t->typing.leaves : t->caption;
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
    struct str rest = str_of(words_of(t)), row;
    struct style s = style_of(c, t->asks || t->typing.on ? MEAN_TOUR_ASK : MEAN_TOUR);
    for (int y = 0; y < words.h && wrap_next(&rest, words.w, &row); y++)
        grid_text(c->g, words, words.x, words.y + y, s, row);
}
