#include "shown.h"

#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void board_look_finish(struct board_look *l)
{
    for (size_t i = 0; i < COUNT_OF(l->lists); i++)
        vec_finish(&l->lists[i]);
    filter_finish(&l->filter);
    buf_finish(&l->text);
    *l = (struct board_look){0};
}

void board_look_at(struct board_look *l, struct str text, bool typing)
{
    if (l->typing == typing && str_eq(text, buf_str(&l->text)))
        return;
    struct buf copy = {0}; /* text may be what is there */
    buf_add_str(&copy, text);
    buf_finish(&l->text);
    l->text = copy;
    l->typing = typing;
    l->version++;
}

bool board_look_is_plain(const struct board_look *l)
{
    return l->text.n == 0 && l->sort == SORT_ORDER;
}

void board_today(const struct model *m, char *out)
{
    time_t now = (time_t)(m->now / 1000);
    struct tm tm;
    localtime_r(&now, &tm);
    strftime(out, 11, "%Y-%m-%d", &tm);
}

static struct str saved_text(void *arg, struct str name)
{
    return model_filter(arg, name);
}

static struct filter_asker asker(const struct model *m, const char *today)
{
    return (struct filter_asker){str_of(m->session.user), str_of(today), saved_text,
                                 (void *)(uintptr_t)m};
}

bool filter_check(const struct model *m, struct str text, struct err *e)
{
    struct filter f = {0};
    char today[11];
    board_today(m, today);
    bool ok = filter_parse(&f, text, asker(m, today), e);
    filter_finish(&f);
    return ok;
}

/* A filter with a fault leaves the one before in force. */
static void parse(const struct model *m, struct board_look *l, const char *today)
{
    struct filter_asker who = asker(m, today);
    struct str text = buf_str(&l->text);
    l->fault = (struct err){0};
    bool ok = l->typing ? filter_parse_typed(&l->filter, text, who, &l->fault)
                        : filter_parse(&l->filter, text, who, &l->fault);
    l->is_broken = !ok;
}

static void make_list(struct board_look *l, const struct board *b, size_t i)
{
    l->lists[i].n = 0;
    vec_each (c, &b->columns.v[i].cards)
        if (filter_takes(&l->filter, b, *c))
            vec_push(&l->lists[i], *c);
    card_sort(l->lists[i].v, l->lists[i].n, l->sort);
    l->taken += l->lists[i].n;
    l->cards += b->columns.v[i].cards.n;
}

/* What the lists follow from, of a replica: it grows with every change of that. */
static uint64_t version_of(const struct replica *r, const struct board_look *l)
{
    return r->board_version + (l->sort == SORT_UPDATED ? r->touches : 0);
}

static void make(const struct model *m, const struct replica *r, struct board_look *l)
{
    char today[11];
    board_today(m, today);
    bool same_look = l->made_of == l->version && strcmp(l->made_on, today) == 0;
    if (same_look && l->made_for == version_of(r, l))
        return;
    if (!same_look)
        parse(m, l, today);
    l->taken = l->cards = 0;
    for (size_t i = 0; i < r->board.columns.n && i < COUNT_OF(l->lists); i++)
        make_list(l, &r->board, i);
    l->made_of = l->version;
    l->made_for = version_of(r, l);
    memcpy(l->made_on, today, sizeof l->made_on);
}

struct shown board_shown(const struct model *m, int column)
{
    const struct replica *r = model_replica(m);
    if (!r || column < 0 || (size_t)column >= r->board.columns.n)
        return (struct shown){0};
    struct board_look *l = &m->here->look;
    if (board_look_is_plain(l)) {
        const struct column *c = &r->board.columns.v[column];
        return (struct shown){c->cards.v, c->cards.n, &r->board};
    }
    make(m, r, l);
    return (struct shown){l->lists[column].v, l->lists[column].n, NULL};
}

size_t shown_place(struct shown s, const struct card *c)
{
    if (s.plain && !c->archived)
        return board_place(s.plain, c);
    for (size_t i = 0; i < s.n; i++)
        if (s.v[i] == c)
            return i;
    return s.n;
}
