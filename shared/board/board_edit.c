/* Changes of what a card carries: all that one request names, or none. */
#include "board_state.h"

#include <stdlib.h>
#include <string.h>

/* A card that is looked at: once, whatever the graph. They stand in the order they were met. */
struct met {
    int64_t number;
    UT_hash_handle hh;
};

static void meet(struct met **all, int64_t number)
{
    struct met *m;
    HASH_FIND(hh, *all, &number, sizeof number, m);
    if (m)
        return;
    m = NEW(struct met);
    m->number = number;
    HASH_ADD(hh, *all, number, sizeof m->number, m);
}

static void meet_blockers(struct met **all, const struct card *c)
{
    for (size_t i = 0; i < c->values.n; i++) {
        if (c->values.v[i].field == CARD_BLOCKER)
            meet(all, card_blocker(str_of(c->values.v[i].value)));
    }
}

static void forget(struct met *all)
{
    struct met *m, *next;
    HASH_ITER (hh, all, m, next) {
        HASH_DEL(all, m);
        free(m);
    }
}

bool board_is_circle(const struct board *b, int64_t number, int64_t blocker)
{
    struct met *all = NULL;
    bool is_found = false;
    meet(&all, blocker);
    for (struct met *m = all; m && !is_found; m = m->hh.next) {
        const struct card *c = board_card(b, m->number);
        is_found = m->number == number;
        if (c && !is_found)
            meet_blockers(&all, c);
    }
    forget(all);
    return is_found;
}

/* How many values the field has after the first n changes. */
static size_t count_after(const struct card *c, enum card_field f, const struct card_change *v,
                          size_t n)
{
    size_t count = c ? card_count(c, f) : 0;
    for (size_t i = 0; i < n; i++) {
        bool has = c && card_has(c, f, v[i].value);
        if (v[i].field == f && !v[i].gone && !has)
            count++;
        else if (v[i].field == f && v[i].gone && has && count)
            count--;
    }
    return count;
}

static bool check_change(const struct board *b, const struct card *c,
                         const struct board_action *a, size_t i, struct err *e)
{
    const struct card_change *to = &a->changes[i];
    if (!card_change_check(to, e))
        return false;
    if (to->field == CARD_TITLE)
        return fail(e, ERR_BAD_FIELD, "a title is no change among others");
    if (to->gone || to->field < CARD_SCALARS)
        return true;
    if (count_after(c, to->field, a->changes, i + 1) > CARD_VALUES_MAX)
        return fail(e, ERR_LIMIT, "a card has at most %d values of %s", CARD_VALUES_MAX,
                    card_fields[to->field].name);
    if (to->field == CARD_BLOCKER && board_is_circle(b, a->number, card_blocker(to->value)))
        return fail(e, ERR_CONFLICT, "card %.*s waits for card %lld already: that is a circle",
                    STR_ARG(to->value), (long long)a->number);
    return true;
}

bool board_check_changes(const struct board *b, const struct card *c,
                         const struct board_action *a, struct err *e)
{
    for (size_t i = 0; i < a->changes_n; i++) {
        if (!check_change(b, c, a, i, e))
            return false;
    }
    return true;
}

/* What takes a change back that is about to be made; false if it changes nothing. */
static bool invert(const struct card *c, const struct card_change *to, struct arena *arena,
                   struct card_change *back)
{
    *back = *to;
    if (to->field >= CARD_SCALARS) {
        back->value = str_keep(arena, to->value);
        back->gone = !to->gone;
        return card_has(c, to->field, to->value) == to->gone;
    }
    back->value = str_keep(arena, card_scalar(c, to->field));
    return !str_eq(back->value, to->value);
}

static void make_change(struct card *c, const struct card_change *to,
                        const struct card_stamp *stamp)
{
    if (to->field < CARD_SCALARS && stamp)
        card_set_stamp(c, to->field, stamp);
    if (to->field == CARD_TITLE)
        str_put(&c->title, to->value);
    else
        card_change(c, to);
}

/* The last one is taken back first. */
static void turn_around(struct card_change *v, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        struct card_change swap = v[i];
        v[i] = v[n - 1 - i];
        v[n - 1 - i] = swap;
    }
}

bool board_apply_edit(struct board *b, const struct board_action *a,
                      struct board_action *inverse, struct arena *arena, struct err *e)
{
    struct card *c = board_live_card(b, a->number, e);
    struct card_change title = {CARD_TITLE, a->title, false};
    if (!c || (a->title.n && !card_change_check(&title, e)) || !board_check_changes(b, c, a, e))
        return false;
    struct card_change *back =
        inverse && a->changes_n ? arena_alloc(arena, a->changes_n * sizeof *back) : NULL;
    size_t n = 0;
    if (inverse)
        *inverse = (struct board_action){
            .kind = BOARD_EDIT,
            .number = a->number,
            .title = str_keep(arena, a->title.n ? str_of(c->title) : (struct str){0}),
            .changes = back,
        };
    if (a->title.n)
        make_change(c, &title, a->stamp);
    for (size_t i = 0; i < a->changes_n; i++) {
        if (back && invert(c, &a->changes[i], arena, &back[n]))
            n++;
        make_change(c, &a->changes[i], a->stamp);
    }
    if (back) {
        turn_around(back, n);
        inverse->changes_n = n;
    }
    return true;
}
