/* Cards that the mouse carries: one, or all that are marked. */
#include "update_parts.h"

enum {
    SCROLL_EVERY_MS = 120,   /* a card further, at the upper and lower edge */
    SIDEWAYS_EVERY_MS = 500, /* a column further, at the left and right edge */
};

void drag_begin(struct model *m, const struct mouse *mouse)
{
    m->drag = (struct drag){.card = m->here->card, .x = mouse->x, .y = mouse->y};
}

void drag_move(struct model *m, const struct mouse *mouse)
{
    struct drag *d = &m->drag;
    if (d->card == 0)
        return;
    bool moves = mouse->x != d->x || mouse->y != d->y;
    if (moves && !d->moved)
        d->scroll_at = m->now + SCROLL_EVERY_MS;
    d->moved = d->moved || moves;
    d->x = mouse->x;
    d->y = mouse->y;
}

/* ---- dropping ---- */

static bool is_there_already(const struct board *b, const struct card *c,
                             const struct drop_spot *to)
{
    size_t place = board_place(b, c);
    const struct column *col = &b->columns.v[c->column];
    if (c->column != to->column)
        return false;
    if (to->after == c->number)
        return true;
    if (to->after == AFTER_END)
        return place + 1 == col->cards.n;
    return to->after == (place ? col->cards.v[place - 1]->number : 0);
}

static void put_down(struct model *m, const struct card *c, const struct drop_spot *to,
                     struct effects *out)
{
    const struct board *b = &model_replica(m)->board;
    struct str column = str_of(b->columns.v[to->column].name);
    if (mark_is_on(m, c->number) && bulk_is_meant(m))
        bulk_move(m, column, to->after, out);
    else if (!is_there_already(b, c, to) && (c->column != to->column || board_has_order(m)))
        board_move(m, c->number, column, to->after, out);
}

void drag_drop(struct model *m, const struct mouse *mouse, struct effects *out)
{
    struct layout l;
    struct drop_spot to;
    const struct replica *r = model_replica(m);
    drag_move(m, mouse);
    layout_of(m, &l);
    const struct card *c = r ? board_card(&r->board, replica_number_of(r, m->drag.card)) : NULL;
    bool ok = c && !c->archived && drop_spot_of(m, &l, &to);
    m->drag = (struct drag){0};
    if (ok)
        put_down(m, c, &to, out);
}

bool drag_cancel(struct model *m)
{
    bool was = m->drag.moved;
    m->drag = (struct drag){0};
    return was;
}

/* ---- scrolling at the edges ---- */

/* Which way the column under the pointer goes on: -1, 1, or 0. */
static int rows_beyond(const struct model *m, const struct column_spot *c)
{
    if (m->drag.y <= c->body.y)
        return c->first > 0 ? -1 : 0;
    if (m->drag.y >= c->body.y + c->body.h - 1)
        return c->end < c->shown ? 1 : 0;
    return 0;
}

static int columns_beyond(const struct model *m, const struct layout *l,
                          const struct board_spots *s)
{
    int last = s->columns[s->n - 1].index;
    if (m->drag.x <= l->board.x)
        return s->columns[0].index > 0 ? -1 : 0;
    if (m->drag.x >= l->board.x + l->board.w - 1)
        return (size_t)last + 1 < model_replica(m)->board.columns.n ? 1 : 0;
    return 0;
}

struct beyond {
    int columns, rows, column;
};

static struct beyond beyond_of(const struct model *m)
{
    struct layout l;
    struct board_spots s;
    struct beyond b = {0};
    layout_of(m, &l);
    board_spots_of(m, &l, &s);
    if (s.n)
        b.columns = columns_beyond(m, &l, &s);
    for (int i = 0; i < s.n && !b.columns; i++) {
        struct rect head = s.columns[i].head;
        if (m->drag.x < head.x || m->drag.x >= head.x + head.w)
            continue;
        b.rows = rows_beyond(m, &s.columns[i]);
        b.column = s.columns[i].index;
    }
    board_spots_finish(&s);
    return b;
}

void drag_settle(struct model *m)
{
    if (!m->drag.moved || !model_replica(m) || m->now < m->drag.scroll_at)
        return;
    struct beyond b = beyond_of(m);
    m->here->first_column += b.columns;
    if (b.rows)
        board_scroll(m, b.column, b.rows);
    m->drag.scroll_at = m->now + (b.columns ? SIDEWAYS_EVERY_MS : SCROLL_EVERY_MS);
}

int64_t drag_next_tick(const struct model *m)
{
    if (!m->drag.moved || !model_replica(m))
        return INT64_MAX;
    struct beyond b = beyond_of(m);
    return b.columns || b.rows ? MAX(m->drag.scroll_at, m->now + 1) : INT64_MAX;
}
