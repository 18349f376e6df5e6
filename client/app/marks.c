#include "marks.h"

#include "model.h"
#include "update_parts.h"

#include <stdlib.h>
#include <string.h>

static size_t place_of(const struct marks *k, int64_t number)
{
    size_t low = 0, high = k->cards.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (k->cards.v[mid] < number)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool has(const struct marks *k, int64_t number)
{
    size_t at = place_of(k, number);
    return at < k->cards.n && k->cards.v[at] == number;
}

static void put(struct marks *k, int64_t number)
{
    size_t at = place_of(k, number);
    if (at < k->cards.n && k->cards.v[at] == number)
        return;
    vec_push(&k->cards, number);
    memmove(&k->cards.v[at + 1], &k->cards.v[at], (k->cards.n - 1 - at) * sizeof number);
    k->cards.v[at] = number;
}

static void take(struct marks *k, int64_t number)
{
    if (has(k, number))
        vec_remove(&k->cards, place_of(k, number));
}

void marks_finish(struct marks *k)
{
    vec_finish(&k->cards);
    *k = (struct marks){0};
}

/* ---- the range ---- */

static const struct card *live_card(const struct model *m, int64_t number)
{
    const struct replica *r = model_replica(m);
    const struct card *c =
        r && number ? board_card(&r->board, replica_number_of(r, number)) : NULL;
    return c && !c->archived ? c : NULL;
}

struct mark_range mark_range_of(const struct model *m)
{
    const struct card *anchor = live_card(m, m->here->marks.anchor);
    const struct card *here = live_card(m, m->here->card);
    struct mark_range none = {.column = -1};
    if (!anchor)
        return none;
    struct shown s = board_shown(m, anchor->column);
    size_t a = shown_place(s, anchor);
    size_t b = here && here->column == anchor->column ? shown_place(s, here) : a;
    if (a == s.n || b == s.n)
        return none;
    return (struct mark_range){anchor->column, MIN(a, b), MAX(a, b)};
}

void mark_end(struct model *m)
{
    struct mark_range r = mark_range_of(m);
    struct shown s = board_shown(m, r.column);
    for (size_t i = r.from; r.column >= 0 && i <= r.to; i++)
        put(&m->here->marks, s.v[i]->number);
    m->here->marks.anchor = 0;
}

/* ---- asking ---- */

bool mark_is_on(const struct model *m, int64_t card)
{
    return has(&m->here->marks, card);
}

bool mark_has(const struct model *m, const struct mark_range *range, const struct card *c,
              size_t place)
{
    return has(&m->here->marks, c->number) ||
           (c->column == range->column && place >= range->from && place <= range->to);
}

static bool is_in_range(const struct model *m, const struct mark_range *range,
                        const struct card *c)
{
    return c->column == range->column &&
           mark_has(m, range, c, shown_place(board_shown(m, c->column), c));
}

void marked_cards(const struct model *m, struct card_numbers *out)
{
    const struct replica *r = model_replica(m);
    if (!r || (m->here->marks.cards.n == 0 && !m->here->marks.anchor))
        return;
    struct mark_range range = mark_range_of(m);
    vec_each (column, &r->board.columns)
        vec_each (c, &column->cards)
            if (has(&m->here->marks, (*c)->number) || is_in_range(m, &range, *c))
                vec_push(out, (*c)->number);
}

size_t marks_count(const struct model *m)
{
    if (!m->here->marks.anchor)
        return m->here->marks.cards.n;
    struct mark_range r = mark_range_of(m);
    struct shown s = board_shown(m, r.column);
    size_t n = m->here->marks.cards.n;
    for (size_t i = r.from; r.column >= 0 && i <= r.to; i++)
        n += !has(&m->here->marks, s.v[i]->number);
    return n;
}

/* ---- marking ---- */

void mark_card(struct model *m, const struct card *c)
{
    if (has(&m->here->marks, c->number))
        take(&m->here->marks, c->number);
    else
        put(&m->here->marks, c->number);
}

void mark_toggle(struct model *m)
{
    const struct card *c = m->here ? live_card(m, m->here->card) : NULL;
    if (!c)
        return;
    if (m->here->marks.anchor) {
        mark_end(m);
        return;
    }
    mark_card(m, c);
    board_step(m, 1);
}

void mark_range(struct model *m)
{
    if (!m->here || !live_card(m, m->here->card))
        return;
    if (m->here->marks.anchor)
        mark_end(m);
    else
        m->here->marks.anchor = m->here->card;
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Sorted at the end: there may be thousands. */
static void put_all(struct model *m)
{
    const struct replica *r = model_replica(m);
    struct marks *k = &m->here->marks;
    VEC(int64_t) all = {0};
    for (size_t i = 0; i < r->board.columns.n; i++) {
        struct shown s = board_shown(m, (int)i);
        for (size_t j = 0; j < s.n; j++)
            if (!has(k, s.v[j]->number))
                vec_push(&all, s.v[j]->number);
    }
    vec_each (number, &all)
        vec_push(&k->cards, *number);
    if (k->cards.n)
        qsort(k->cards.v, k->cards.n, sizeof *k->cards.v, by_number);
    vec_finish(&all);
}

void mark_all(struct model *m)
{
    if (!model_replica(m))
        return;
    size_t before = marks_count(m);
    m->here->marks.anchor = 0;
    put_all(m);
    if (m->here->marks.cards.n == before)
        m->here->marks.cards.n = 0;
}

bool mark_clear(struct model *m)
{
    if (!m->here || (!m->here->marks.anchor && m->here->marks.cards.n == 0))
        return false;
    if (m->here->marks.anchor)
        m->here->marks.anchor = 0;
    else
        m->here->marks.cards.n = 0;
    return true;
}

/* A card that was made here has got its number. */
static void renumber(struct model *m, const struct replica *r)
{
    struct marks *k = &m->here->marks;
    while (k->cards.n && k->cards.v[0] < 0) {
        int64_t number = replica_number_of(r, k->cards.v[0]);
        if (number < 0)
            break;
        vec_remove(&k->cards, 0);
        put(k, number);
    }
}

void marks_settle(struct model *m)
{
    const struct replica *r = model_replica(m);
    struct marks *k = m->here ? &m->here->marks : NULL;
    if (!r || k->settled == r->board_version)
        return;
    k->settled = r->board_version;
    renumber(m, r);
    size_t n = 0;
    vec_each (number, &k->cards)
        if (live_card(m, *number))
            k->cards.v[n++] = *number;
    k->cards.n = n;
    if (k->anchor && !live_card(m, k->anchor))
        k->anchor = 0;
}
