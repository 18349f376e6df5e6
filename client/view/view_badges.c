/* The row of marks below a card's title. */
#include "badges.h"
#include "card_form.h"
#include "view_part.h"

static struct str sign_for(const struct canvas *c, const struct badge *b)
{
    static const enum sign ranks[] = {SIGN_LOW, SIGN_LOW, SIGN_MEDIUM, SIGN_HIGH, SIGN_URGENT};
    if (b->kind == BADGE_BLOCKED)
        return sign_of(c, SIGN_BLOCKED);
    if (b->kind == BADGE_PRIORITY)
        return sign_of(c, ranks[b->rank]);
    return str_of(b->text);
}

/* On a bar of selection colours would not be read: all is in the bar's own. */
void view_badges(struct canvas *c, struct rect r, const struct card *card,
                 const struct style *bar)
{
    struct badges found;
    card_badges(model_replica(c->m), card, model_today(c->m), r.w, &found);
    int x = r.x;
    for (size_t i = 0; i < found.n; i++) {
        const struct badge *b = &found.v[i];
        struct style s = bar ? *bar : tone_style(c, b->tone, b->of);
        if (b->kind == BADGE_PERSON)
            s.attrs |= STYLE_BOLD;
        if (b->kind == BADGE_SAID)
            x = grid_text(c->g, r, x, r.y, s, sign_of(c, SIGN_SAID));
        x = grid_text(c->g, r, x, r.y, s, sign_for(c, b)) + 1;
    }
}
