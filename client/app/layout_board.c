/* Where the cards are. Only those that are visible are looked at. */
#include "badges.h"
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

int board_gap(struct rect body)
{
    return body.h >= 20;
}

static int indent_of(const struct board *b)
{
    return clamp(digits_of(b->next_number - 1), 2, 6) + 2;
}

int card_title_rows(const struct card *c, int width, int indent)
{
    return wrap_rows(str_of(c->title), MAX(width - indent - CARD_MARGIN, 1), CARD_ROWS_MAX);
}

static int card_rows(const struct replica *r, const struct card *c, int width, int indent)
{
    return card_title_rows(c, width, indent) + card_has_badges(r, c);
}

/* The place of the first card shown; the card that was there may have gone elsewhere. */
static size_t top_place(const struct room_view *v, const struct board *b, struct shown s,
                        int column)
{
    const struct card *top = v->top[column].card ? board_card(b, v->top[column].card) : NULL;
    size_t place = v->top[column].place;
    size_t found = top && !top->archived && top->column == column ? shown_place(s, top) : s.n;
    return found < s.n ? found : MIN(place, s.n ? s.n - 1 : 0);
}

static void set_top(struct room_view *v, struct shown s, int column, size_t place)
{
    v->top[column].place = place;
    v->top[column].card = place < s.n && place > 0 ? s.v[place]->number : 0;
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
    struct shown shown = board_shown(m, c->index);
    int y = c->body.y, end = c->body.y + c->body.h;
    c->shown = shown.n;
    c->first = c->end = top_place(m->here, b, shown, c->index);
    c->spot = out->cards.n;
    while (c->end < shown.n && y < end) {
        const struct card *card = shown.v[c->end++];
        int rows = MIN(card_rows(model_replica(m), card, c->body.w, out->indent), end - y);
        vec_push(&out->cards, (struct card_spot){card, {c->body.x, y, c->body.w, rows}});
        y += rows + board_gap(c->body);
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

/* After others moved, archived or added things: the selection points at what is there. While a
 * filter is written it comes back to where it was, whatever the beginning of a word took. */
static void settle_selection(const struct model *m, const struct replica *r)
{
    struct room_view *v = m->here;
    const struct board *b = &r->board;
    if (m->prompt == PROMPT_FILTER && m->prompt_card)
        v->card = m->prompt_card;
    v->card = v->card ? replica_number_of(r, v->card) : 0;
    v->column = clamp(v->column, 0, MAX((int)b->columns.n - 1, 0));
    const struct card *c = v->card ? board_card(b, v->card) : NULL;
    struct shown shown = board_shown(m, c && !c->archived ? c->column : v->column);
    size_t place = c && !c->archived ? shown_place(shown, c) : shown.n;
    if (place < shown.n) {
        v->column = c->column;
        v->place = place;
        return;
    }
    v->card = 0;
    shown = board_shown(m, v->column);
    if (shown.n) {
        v->place = MIN(v->place, shown.n - 1);
        v->card = shown.v[v->place]->number;
    }
}

/* The lowest top with which the card at `place` still shows whole. */
static size_t lowest_top(const struct replica *r, struct shown s, size_t place,
                         struct rect body, int indent)
{
    int rows = card_rows(r, s.v[place], body.w, indent);
    while (place > 0) {
        rows += card_rows(r, s.v[place - 1], body.w, indent) + board_gap(body);
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
    settle_selection(m, r);
    if (rect_is_empty(l->board) || r->board.columns.n == 0)
        return;
    int last = (int)r->board.columns.n - columns_shown(&r->board, l->board.w);
    if (m->drag.moved) { /* the board scrolls below the pointer, wherever the selection is */
        v->first_column = clamp(v->first_column, 0, last);
        return;
    }
    int shown = columns_shown(&r->board, l->board.w);
    v->first_column = clamp(v->first_column, v->column - shown + 1, v->column);
    v->first_column = clamp(v->first_column, 0, (int)r->board.columns.n - shown);
    if (!v->card)
        return;
    struct shown cards = board_shown(m, v->column);
    struct rect body = column_rect(l->board, shown, v->column - v->first_column);
    body.h--;
    size_t top = top_place(v, &r->board, cards, v->column);
    int indent = indent_of(&r->board);
    size_t lowest = lowest_top(r, cards, v->place, body, indent);
    size_t end =
        lowest_top(r, cards, cards.n - 1, body, indent); /* below it nothing is to see */
    if (v->place < top)
        set_top(v, cards, v->column, v->place);
    else if (top < lowest)
        set_top(v, cards, v->column, lowest);
    else if (top > end)
        set_top(v, cards, v->column, end);
}

void board_scroll(struct model *m, int column, int delta)
{
    const struct replica *r = model_replica(m);
    if (!r || column < 0 || (size_t)column >= r->board.columns.n)
        return;
    struct shown s = board_shown(m, column);
    size_t top = top_place(m->here, &r->board, s, column), by = (size_t)abs(delta);
    if (s.n == 0)
        return;
    top = delta < 0 ? top - MIN(by, top) : MIN(top + by, s.n - 1);
    set_top(m->here, s, column, top);
}
