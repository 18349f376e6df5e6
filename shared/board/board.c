#include "board.h"

#include "board_state.h"

#include <stdlib.h>
#include <string.h>

void board_init(struct board *b)
{
    *b = (struct board){.next_number = 1};
}

void board_finish(struct board *b)
{
    struct card *c, *next;
    HASH_ITER (hh, b->by_number, c, next) {
        HASH_DEL(b->by_number, c);
        board_free_card(c);
    }
    vec_each (col, &b->columns) {
        free(col->name);
        vec_finish(&col->cards);
    }
    vec_finish(&b->columns);
    *b = (struct board){0};
}

void board_copy(struct board *dst, const struct board *src)
{
    board_finish(dst);
    dst->next_number = src->next_number;
    vec_each (col, &src->columns)
        vec_push(&dst->columns,
                 (struct column){.name = str_dup(str_of(col->name)), .limit = col->limit});
    struct card *c, *next;
    HASH_ITER (hh, src->by_number, c, next) {
        struct card *copy = NEW(struct card);
        *copy = (struct card){.number = c->number,
                              .title = str_dup(str_of(c->title)),
                              .key = str_dup(str_of(c->key)),
                              .column = c->column,
                              .archived = c->archived,
                              .changed = c->changed};
        card_copy_values(copy, c);
        HASH_ADD(hh, dst->by_number, number, sizeof copy->number, copy);
    }
    for (size_t i = 0; i < src->columns.n; i++) {
        struct column *to = &dst->columns.v[i];
        vec_each (from, &src->columns.v[i].cards)
            vec_push(&to->cards, board_find(dst, (*from)->number));
    }
    dst->live = src->live;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_same_name(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++) {
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    }
    return true;
}

bool board_add_column(struct board *b, struct str name, struct err *e)
{
    return board_put_column(b, name, 0, e);
}

bool board_put_column(struct board *b, struct str name, int64_t limit, struct err *e)
{
    struct board_action add = {.kind = BOARD_COLUMN_ADD,
                               .column = name,
                               .place = (int64_t)b->columns.n,
                               .limit = limit};
    return board_apply_column(b, &add, NULL, NULL, e);
}

bool column_is_over(const struct column *col)
{
    return col->limit > 0 && col->cards.n > (size_t)col->limit;
}

int board_column(const struct board *b, struct str name)
{
    if (name.n == 0)
        return b->columns.n ? 0 : -1;
    for (size_t i = 0; i < b->columns.n; i++) {
        if (is_same_name(str_of(b->columns.v[i].name), name))
            return (int)i;
    }
    return -1;
}

struct card *board_find(const struct board *b, int64_t number)
{
    struct card *c = NULL;
    HASH_FIND(hh, b->by_number, &number, sizeof number, c);
    return c;
}

const struct card *board_card(const struct board *b, int64_t number)
{
    return board_find(b, number);
}

bool board_touch(struct board *b, int64_t number, int64_t event)
{
    struct card *c = board_find(b, number);
    if (c)
        c->changed = event;
    return c != NULL;
}

int64_t board_take_number(struct board *b)
{
    return b->next_number++;
}

void board_pass_number(struct board *b, int64_t taken)
{
    b->next_number = MAX(b->next_number, taken + 1);
}

static int order(const char *key_a, int64_t a, const char *key_b, int64_t b)
{
    int d = strcmp(key_a, key_b);
    return d ? d : (a > b) - (a < b);
}

size_t board_place_of(const struct column *col, const char *key, int64_t number)
{
    size_t low = 0, high = col->cards.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const struct card *c = col->cards.v[mid];
        if (order(c->key, c->number, key, number) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

size_t board_place(const struct board *b, const struct card *c)
{
    return board_place_of(&b->columns.v[c->column], c->key, c->number);
}

void board_put_in(struct board *b, struct card *c)
{
    struct column *col = &b->columns.v[c->column];
    size_t at = board_place_of(col, c->key, c->number);
    vec_push(&col->cards, c);
    memmove(&col->cards.v[at + 1], &col->cards.v[at],
            (col->cards.n - 1 - at) * sizeof(struct card *));
    col->cards.v[at] = c;
    c->archived = false;
    b->live++;
}

void board_take_out(struct board *b, struct card *c)
{
    struct column *col = &b->columns.v[c->column];
    size_t at = board_place(b, c);
    bug_on(at >= col->cards.n || col->cards.v[at] != c);
    vec_remove(&col->cards, at);
    c->archived = true;
    b->live--;
}

void board_free_card(struct card *c)
{
    card_drop_values(c);
    free(c->title);
    free(c->key);
    free(c);
}

static bool check_column(const struct board *b, size_t i, struct err *e)
{
    const struct column *col = &b->columns.v[i];
    for (size_t j = 0; j < col->cards.n; j++) {
        const struct card *c = col->cards.v[j];
        if (c != board_find(b, c->number))
            return fail(e, ERR_INTERNAL, "column %s holds a stray card", col->name);
        if (c->archived || c->column != (int)i)
            return fail(e, ERR_INTERNAL, "card %lld does not belong into column %s",
                        (long long)c->number, col->name);
        const struct card *before = j ? col->cards.v[j - 1] : NULL;
        if (before && order(before->key, before->number, c->key, c->number) >= 0)
            return fail(e, ERR_INTERNAL, "card %lld is out of order in column %s",
                        (long long)c->number, col->name);
    }
    return true;
}

bool board_check(const struct board *b, struct err *e)
{
    size_t in_columns = 0, live = 0;
    for (size_t i = 0; i < b->columns.n; i++) {
        if (!check_column(b, i, e))
            return false;
        in_columns += b->columns.v[i].cards.n;
    }
    struct card *c, *next;
    HASH_ITER (hh, b->by_number, c, next) {
        live += !c->archived;
        if (c->number >= b->next_number)
            return fail(e, ERR_INTERNAL, "card %lld is not below the next number %lld",
                        (long long)c->number, (long long)b->next_number);
        if (c->column < 0 || (size_t)c->column >= b->columns.n)
            return fail(e, ERR_INTERNAL, "card %lld is in no column", (long long)c->number);
        if (!board_key_is_valid(str_of(c->key)))
            return fail(e, ERR_INTERNAL, "card %lld has a bad key", (long long)c->number);
    }
    if (live != b->live || in_columns != b->live)
        return fail(e, ERR_INTERNAL, "%zu live cards, %zu in columns, %zu counted", live,
                    in_columns, b->live);
    return true;
}

static bool is_equal_column(const struct column *a, const struct column *b)
{
    if (strcmp(a->name, b->name) != 0 || a->limit != b->limit || a->cards.n != b->cards.n)
        return false;
    for (size_t i = 0; i < a->cards.n; i++) {
        const struct card *x = a->cards.v[i], *y = b->cards.v[i];
        if (x->number != y->number || strcmp(x->title, y->title) != 0 ||
            strcmp(x->key, y->key) != 0 || x->changed != y->changed ||
            !card_has_same_values(x, y))
            return false;
    }
    return true;
}

bool board_is_equal(const struct board *a, const struct board *b)
{
    if (a->columns.n != b->columns.n)
        return false;
    for (size_t i = 0; i < a->columns.n; i++) {
        if (!is_equal_column(&a->columns.v[i], &b->columns.v[i]))
            return false;
    }
    return true;
}

bool board_is_blocked(const struct board *b, const struct card *c)
{
    vec_each (v, &c->values) {
        const struct card *other =
            v->field == CARD_BLOCKER ? board_card(b, card_blocker(str_of(v->value))) : NULL;
        if (other && !other->archived)
            return true;
    }
    return false;
}
