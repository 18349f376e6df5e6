/* The card that is looked at, beside the board. */
#include "beside.h"
#include "card_form.h"
#include "view_part.h"

#include <stdio.h>
#include <string.h>

/* Who else has the card open. */
static void draw_people(struct canvas *c, struct rect r, int64_t card)
{
    const struct replica *replica = model_replica(c->m);
    const char *before = "";
    int x = r.x + r.w - 1;
    vec_each (s, &replica->showing) {
        char bytes[3];
        if (s->task != card || strcmp(s->user, before) == 0 || person_is_me(c, s->user))
            continue;
        struct str who = person_initials(c, str_of(s->user), bytes);
        before = s->user;
        x -= (int)who.n + 1;
        if (x <= r.x)
            return;
        grid_text(c->g, r, x, r.y, person_block(c, str_of(s->user)), who);
    }
}

static void draw_title(struct canvas *c, const struct card *card)
{
    struct rect r = c->l.beside_title;
    bool focus = beside_has_focus(c->m, BESIDE_CARD);
    enum meaning what = focus ? MEAN_TITLE_FOCUS : MEAN_TITLE;
    grid_repeat(c->g, r, style_of(c, MEAN_RULE), theme_sign(c->t, SIGN_HORIZONTAL));
    struct rect text = rect_from(r, r.x + 1);
    int x = card->number > 0 ? draw_fmt(c, text, what, " Card %lld ", (long long)card->number)
                             : draw(c, text, what, STR(" New card "));
    if (replica_card_is_pending(model_replica(c->m), card->number))
        x = draw(c, rect_from(text, x), MEAN_PENDING, STR(" not saved yet "));
    if (!c->m->people.hidden)
        draw_people(c, rect_from(text, x), card->number);
}

void view_card(struct canvas *c)
{
    const struct card *card = card_shown(c->m);
    struct card_spots s;
    if (!card || !card_spots_of(c->m, &c->l, &s))
        return;
    draw_title(c, card);
    view_form(c, s.form, &s.content, &s.lines, &c->m->here->card_pane.at,
              beside_has_focus(c->m, BESIDE_CARD));
    card_spots_finish(&s);
}
