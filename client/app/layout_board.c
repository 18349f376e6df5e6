/* Where the cards are. Only those that are visible are looked at. */
#include "layout.h"
#include "wrap.h"

#include <stdlib.h>

static int digits_of(int64_t n)
{
    int digits = 1;
    while (n >= 10) {
        n /= 10;
        digits++;
    }
    return digits;
}

static int clamp(int v, int low, int high)
{
    return v < low ? low : v > high ? high : v;
}

static int columns_shown(const struct board *b, int width)
{
    int n = (int)b->columns.n;
    return n ? clamp((width + 1) / (COLUMN_WIDTH_MIN + 1), 1, n) : 0;
}

static int gap_of(struct rect body)
{
    return body.h >= 20;
}

static int indent_of(const struct board *b)
{
    return clamp(digits_of(b->next_number - 1), 2, 6) + 2;
}

static int card_rows(const struct card *c, int width, int indent)
{
    return wrap_rows(str_of(c->title), MAX(width - indent - CARD_MARGIN, 1), CARD_ROWS_MAX);
}

/* The place of the first card shown; the card that was there may have gone elsewhere. */
static size_t top_place(const struct room_view *v, const struct board *b, int column)
{
    const struct column *c = &b->columns.v[column];
    const struct card *top = v->top[column].card ? board_card(b, v->top[column].card) : NULL;
    if (top && !top->archived && top->column == column)
        return board_place(b, top);
    return MIN(v->top[column].place, c->cards.n ? c->cards.n - 1 : 0);
}

static void set_top(struct room_view *v, const struct board *b, int column, size_t place)
{
    const struct column *c = &b->columns.v[column];
    v->top[column].place = place;
    v->top[column].card = place < c->cards.n && place > 0 ? c->cards.v[place]->number : 0;
}

/* The rectangle of one column of those shown, i counted from the left edge. */
static struct rect column_rect(struct rect board, int shown, int i)
{
    int x = board.x + board.w * i / shown;
    int end = board.x + board.w * (i + 1) / shown;
    return (struct rect){x, board.y, end - x - (i + 1 < shown), board.h};
}

static void place_cards(const struct model *m, const struct board *b, struct board_spots *out,
                        struct column_spot *c)
{
    const struct column *column = &b->columns.v[c->index];
    int y = c->body.y, end = c->body.y + c->body.h;
    c->first = c->end = top_place(m->here, b, c->index);
    c->spot = out->cards.n;
    while (c->end < column->cards.n && y < end) {
        const struct card *card = column->cards.v[c->end++];
        int rows = MIN(card_rows(card, c->body.w, out->indent), end - y);
        vec_push(&out->cards, (struct card_spot){card, {c->body.x, y, c->body.w, rows}});
        y += rows + gap_of(c->body);
    }
}

static void place_columns(const struct model *m, const struct layout *l, const struct board *b,
                          struct board_spots *out)
{
    int shown = columns_shown(b, l->board.w);
    int first = clamp(m->here->first_column, 0, (int)b->columns.n - shown);
    out->indent = indent_of(b);
    for (int i = 0; i < shown; i++) {
        struct column_spot *c = &out->columns[out->n++];
        struct rect r = column_rect(l->board, shown, i);
        c->index = first + i;
        c->head = (struct rect){r.x, r.y, r.w, 1};
        c->body = (struct rect){r.x, r.y + 1, r.w, r.h - 1};
    }
}

void board_spots_of(const struct model *m, const struct layout *l, struct board_spots *out)
{
    const struct replica *r = model_replica(m);
    *out = (struct board_spots){0};
    if (!r || rect_is_empty(l->board))
        return;
    place_columns(m, l, &r->board, out);
    for (int i = 0; i < out->n; i++)
        place_cards(m, &r->board, out, &out->columns[i]);
}

void board_spots_finish(struct board_spots *s)
{
    vec_finish(&s->cards);
}

/* ---- the selection stays in sight ---- */

/* After others moved, archived or added things: the selection points at what is there. */
static void settle_selection(struct room_view *v, const struct replica *r)
{
    const struct board *b = &r->board;
    v->card = v->card ? replica_number_of(r, v->card) : 0;
    v->column = clamp(v->column, 0, MAX((int)b->columns.n - 1, 0));
    const struct card *c = v->card ? board_card(b, v->card) : NULL;
    if (c && !c->archived) {
        v->column = c->column;
        v->place = board_place(b, c);
        return;
    }
    v->card = 0;
    if (b->columns.n == 0)
        return;
    const struct column *column = &b->columns.v[v->column];
    if (column->cards.n) {
        v->place = MIN(v->place, column->cards.n - 1);
        v->card = column->cards.v[v->place]->number;
    }
}

/* The lowest top with which the card at `place` still shows whole. */
static size_t lowest_top(const struct column *c, size_t place, struct rect body, int indent)
{
    int rows = card_rows(c->cards.v[place], body.w, indent);
    while (place > 0) {
        rows += card_rows(c->cards.v[place - 1], body.w, indent) + gap_of(body);
        if (rows > body.h)
            break;
        place--;
    }
    return place;
}

void board_settle(struct model *m, const struct layout *l)
{
    const struct replica *r = model_replica(m);
    if (!r)
        return;
    struct room_view *v = m->here;
    settle_selection(v, r);
    if (rect_is_empty(l->board) || r->board.columns.n == 0)
        return;
    int shown = columns_shown(&r->board, l->board.w);
    v->first_column = clamp(v->first_column, v->column - shown + 1, v->column);
    v->first_column = clamp(v->first_column, 0, (int)r->board.columns.n - shown);
    if (!v->card)
        return;
    const struct column *c = &r->board.columns.v[v->column];
    struct rect body = column_rect(l->board, shown, v->column - v->first_column);
    body.h--;
    size_t top = top_place(v, &r->board, v->column);
    size_t lowest = lowest_top(c, v->place, body, indent_of(&r->board));
    if (v->place < top)
        set_top(v, &r->board, v->column, v->place);
    else if (top < lowest)
        set_top(v, &r->board, v->column, lowest);
}

void board_scroll(struct model *m, int column, int delta)
{
    const struct replica *r = model_replica(m);
    if (!r || column < 0 || (size_t)column >= r->board.columns.n)
        return;
    size_t n = r->board.columns.v[column].cards.n, top = top_place(m->here, &r->board, column);
    size_t by = (size_t)abs(delta);
    if (n == 0)
        return;
    top = delta < 0 ? top - MIN(by, top) : MIN(top + by, n - 1);
    set_top(m->here, &r->board, column, top);
}
