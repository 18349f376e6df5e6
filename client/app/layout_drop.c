/* Where a card that the mouse carries would come to stand. */
#include "layout.h"

static const struct column_spot *column_at(const struct board_spots *s, int x)
{
    for (int i = 0; i < s->n; i++)
        if (x >= s->columns[i].head.x && x < s->columns[i].head.x + s->columns[i].head.w)
            return &s->columns[i];
    return NULL;
}

/* How many of the cards that are on the screen of a column stand above the pointer. */
static size_t above(const struct board_spots *s, const struct column_spot *c, int y)
{
    size_t n = 0;
    for (size_t i = 0; i < c->end - c->first; i++) {
        struct rect r = s->cards.v[c->spot + i].rect;
        if (y > r.y + (r.h - 1) / 2)
            n = i + 1;
    }
    return n;
}

/* The row between the n-th card on the screen and the one before. */
static struct rect row_above(const struct board_spots *s, const struct column_spot *c, size_t n)
{
    struct rect row = {c->body.x, c->body.y - 1, c->body.w, 1};
    if (n == 0)
        return row;
    struct rect before = s->cards.v[c->spot + n - 1].rect;
    row.y = before.y + before.h - 1;
    return row;
}

/* The card of the whole column, hidden ones too, that stands before one that shows. */
static int64_t card_before(const struct board *b, const struct card *c)
{
    size_t place = board_place(b, c);
    return place ? b->columns.v[c->column].cards.v[place - 1]->number : 0;
}

static int64_t after_of(const struct model *m, const struct board_spots *s,
                        const struct column_spot *c, size_t n)
{
    const struct board *b = &model_replica(m)->board;
    if (m->here->look.sort != SORT_ORDER || c->shown == 0)
        return AFTER_END;
    if (n > 0)
        return s->cards.v[c->spot + n - 1].card->number;
    return card_before(b, s->cards.v[c->spot].card);
}

bool drop_spot_of(const struct model *m, const struct layout *l, struct drop_spot *out)
{
    struct board_spots s;
    *out = (struct drop_spot){0};
    if (!m->drag.moved || rect_is_empty(l->board) || !model_replica(m))
        return false;
    board_spots_of(m, l, &s);
    const struct column_spot *c = column_at(&s, m->drag.x);
    bool is_over = c && m->drag.y >= l->board.y && m->drag.y <= l->board.y + l->board.h;
    if (is_over) {
        size_t n = above(&s, c, m->drag.y);
        out->column = c->index;
        out->is_sorted = m->here->look.sort != SORT_ORDER;
        out->after = after_of(m, &s, c, n);
        out->row = row_above(&s, c, out->is_sorted ? c->end - c->first : n);
        out->is_gap = n > 0 && board_gap(c->body);
        out->row.y += out->is_gap && !out->is_sorted;
    }
    board_spots_finish(&s);
    return is_over;
}
