/* Columns: cards name theirs by its place, so a column that moves takes its cards with it by
 * giving them another number. */
#include "board_state.h"

#include <stdlib.h>
#include <string.h>

enum {
    COUNT_DIGITS = 3, /* of the cards that came with a removed column: 62^3 is enough */
    BASE = 62,
};

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static bool no_column(struct str name, struct err *e)
{
    return fail(e, ERR_NOT_FOUND, "there is no column %.*s", STR_ARG(name));
}

/* The empty name, which elsewhere is the first column, is none here. */
static int find(const struct board *b, struct str name)
{
    return name.n ? board_column(b, name) : -1;
}

static bool check_name(const struct board *b, struct str name, int self, struct err *e)
{
    if (name.n == 0 || name.n > BOARD_COLUMN_NAME_MAX || !board_is_line(name))
        return fail(e, ERR_BAD_FIELD,
                    "a column's name is one line of 1 to %d bytes without control characters",
                    BOARD_COLUMN_NAME_MAX);
    int other = find(b, name);
    if (other >= 0 && other != self)
        return fail(e, ERR_EXISTS, "there is a column %s already", b->columns.v[other].name);
    return true;
}

static bool check_limit(int64_t limit, struct err *e)
{
    if (limit < 0 || limit > BOARD_CARDS_MAX)
        return fail(e, ERR_BAD_FIELD, "a column's limit is 1 to %d cards, or 0 for none",
                    BOARD_CARDS_MAX);
    return true;
}

static bool check_place(int64_t place, size_t n, struct err *e)
{
    if (place < 0 || place >= (int64_t)n)
        return fail(e, ERR_BAD_FIELD, "the board has no place %lld for a column",
                    (long long)place);
    return true;
}

/* Puts the column at `from` to `to`; those between make room. */
static void shift(struct board *b, int from, int to)
{
    struct column *v = b->columns.v, moved = v[from];
    int low = MIN(from, to), high = MAX(from, to), step = from < to ? -1 : 1;
    if (from < to)
        memmove(&v[from], &v[from + 1], (size_t)(to - from) * sizeof *v);
    else
        memmove(&v[to + 1], &v[to], (size_t)(from - to) * sizeof *v);
    v[to] = moved;
    for (struct card *c = from == to ? NULL : b->by_number; c; c = c->hh.next) {
        if (c->column == from)
            c->column = to;
        else if (c->column >= low && c->column <= high)
            c->column += step;
    }
}

/* ---- places and keys ---- */

bool board_column_place(const struct board *b, struct str after, bool is_first,
                        struct str moved, int64_t *place, struct err *e)
{
    int self = find(b, moved), at = find(b, after);
    size_t n = b->columns.n - (self >= 0);
    if (moved.n && self < 0)
        return no_column(moved, e);
    if (after.n && is_first)
        return fail(e, ERR_BAD_FIELD, "a column stands first or behind another, not both");
    if (after.n && at < 0)
        return no_column(after, e);
    if (after.n && at == self)
        return fail(e, ERR_BAD_FIELD, "column %s cannot go behind itself",
                    b->columns.v[at].name);
    *place = is_first ? 0 : (int64_t)n;
    if (after.n)
        *place = at + (self < 0 || at < self);
    return true;
}

bool board_removed_base(const struct board *b, struct str to, char *key, struct err *e)
{
    if (!board_key_for(b, to, BOARD_END, 0, key, e))
        return false;
    if (strlen(key) + COUNT_DIGITS + 1 > BOARD_KEY_MAX)
        return fail(e, ERR_LIMIT,
                    "the last card of %.*s leaves no room for others behind it: "
                    "move it to the top first",
                    STR_ARG(to));
    return true;
}

static void count_key(size_t n, char *key)
{
    for (int i = COUNT_DIGITS - 1; i >= 0; i--, n /= BASE)
        key[i] = digits[n % BASE];
    key[COUNT_DIGITS] = 'V';
    key[COUNT_DIGITS + 1] = '\0';
}

void board_removed_key(struct str base, size_t n, char *key)
{
    bug_on(base.n + COUNT_DIGITS + 1 > BOARD_KEY_MAX);
    memcpy(key, base.p, base.n);
    count_key(n, key + base.n);
}

void board_new_key(size_t n, size_t cards, char *out)
{
    count_key(n * (BASE * BASE * BASE / (cards + 1)), out);
}

/* ---- adding ---- */

static bool add(struct board *b, const struct board_action *a, struct board_action *inverse,
                struct arena *arena, struct err *e)
{
    if (b->columns.n >= BOARD_COLUMNS_MAX)
        return fail(e, ERR_LIMIT, "a board has at most %d columns", BOARD_COLUMNS_MAX);
    if (!check_name(b, a->column, -1, e) || !check_limit(a->limit, e) ||
        !check_place(a->place, b->columns.n + 1, e))
        return false;
    if (inverse)
        *inverse = (struct board_action){.kind = BOARD_COLUMN_DROP,
                                         .column = str_keep(arena, a->column)};
    vec_push(&b->columns, (struct column){.name = str_dup(a->column), .limit = a->limit});
    shift(b, (int)b->columns.n - 1, (int)a->place);
    return true;
}

/* The column has no cards any more, not even archived ones. */
static void forget(struct board *b, int at)
{
    shift(b, at, (int)b->columns.n - 1);
    struct column *last = &b->columns.v[b->columns.n - 1];
    free(last->name);
    vec_finish(&last->cards);
    b->columns.n--;
}

static bool drop(struct board *b, const struct board_action *a, struct board_action *inverse,
                 struct arena *arena, struct err *e)
{
    int at = find(b, a->column);
    if (at < 0)
        return no_column(a->column, e);
    for (const struct card *c = b->by_number; c; c = c->hh.next) {
        if (c->column == at)
            return fail(e, ERR_CONFLICT, "column %s has cards", b->columns.v[at].name);
    }
    if (inverse)
        *inverse = (struct board_action){
            .kind = BOARD_COLUMN_ADD,
            .column = str_keep(arena, str_of(b->columns.v[at].name)),
            .place = at,
            .limit = b->columns.v[at].limit,
        };
    forget(b, at);
    return true;
}

/* ---- editing and moving ---- */

static bool edit(struct board *b, const struct board_action *a, struct board_action *inverse,
                 struct arena *arena, struct err *e)
{
    int at = find(b, a->column);
    if (at < 0)
        return no_column(a->column, e);
    if ((a->name.n && !check_name(b, a->name, at, e)) ||
        (a->limit != BOARD_LIMIT_STAYS && !check_limit(a->limit, e)))
        return false;
    struct column *col = &b->columns.v[at];
    if (inverse)
        *inverse = (struct board_action){
            .kind = BOARD_COLUMN_EDIT,
            .column = str_keep(arena, a->name.n ? a->name : str_of(col->name)),
            .name = str_keep(arena, a->name.n ? str_of(col->name) : (struct str){0}),
            .limit = a->limit == BOARD_LIMIT_STAYS ? BOARD_LIMIT_STAYS : col->limit,
        };
    if (a->name.n)
        str_put(&col->name, a->name);
    if (a->limit != BOARD_LIMIT_STAYS)
        col->limit = a->limit;
    return true;
}

static bool move(struct board *b, const struct board_action *a, struct board_action *inverse,
                 struct arena *arena, struct err *e)
{
    int at = find(b, a->column);
    if (at < 0)
        return no_column(a->column, e);
    if (!check_place(a->place, b->columns.n, e))
        return false;
    if (inverse)
        *inverse = (struct board_action){
            .kind = BOARD_COLUMN_MOVE,
            .column = str_keep(arena, str_of(b->columns.v[at].name)),
            .place = at,
        };
    shift(b, at, (int)a->place);
    return true;
}

/* ---- new keys ---- */

/* Room on all sides again. The order is as it was, and archived cards come back behind those
 * that they stood behind. */
static bool give_keys(struct board *b, const struct board_action *a,
                      struct board_action *inverse, struct arena *arena, struct err *e)
{
    int at = find(b, a->column);
    char key[BOARD_KEY_MAX + 1];
    (void)arena;
    if (at < 0)
        return no_column(a->column, e);
    struct column *col = &b->columns.v[at];
    for (struct card *c = b->by_number; c; c = c->hh.next) {
        if (c->column != at || !c->archived)
            continue;
        board_new_key(board_place_of(col, c->key, c->number), col->cards.n, key);
        str_put(&c->key, str_of(key));
    }
    for (size_t i = 0; i < col->cards.n; i++) {
        board_new_key(i + 1, col->cards.n, key);
        str_put(&col->cards.v[i]->key, str_of(key));
    }
    if (inverse)
        *inverse = (struct board_action){0};
    return true;
}

/* ---- removing ---- */

/* The base sorts behind all cards of the column that the others go to, so that they can be put
 * at its end in their order. */
static bool check_base(const struct column *to, struct str base, struct err *e)
{
    if (!board_key_is_valid(base) || base.n + COUNT_DIGITS + 1 > BOARD_KEY_MAX)
        return fail(e, ERR_BAD_FIELD, "no keys of cards can begin with %.*s", STR_ARG(base));
    if (to->cards.n && str_cmp(base, str_of(to->cards.v[to->cards.n - 1]->key)) <= 0)
        return fail(e, ERR_BAD_FIELD, "key %.*s is not behind the cards of column %s",
                    STR_ARG(base), to->name);
    return true;
}

/* All cards of column `at`, live ones first and in their order. */
static void list_cards(const struct board *b, int at, struct arena *arena,
                       struct board_action *out)
{
    size_t n = 0, most = 0;
    for (const struct card *c = b->by_number; c; c = c->hh.next)
        most += c->column == at;
    struct card_place *v = most ? arena_alloc(arena, most * sizeof *v) : NULL;
    vec_each (c, &b->columns.v[at].cards)
        v[n++] = (struct card_place){(*c)->number, str_keep(arena, str_of((*c)->key))};
    for (const struct card *c = b->by_number; c; c = c->hh.next) {
        if (c->column == at && c->archived)
            v[n++] = (struct card_place){c->number, str_keep(arena, str_of(c->key))};
    }
    bug_on(n != most);
    out->cards = v;
    out->cards_n = n;
}

static void put(struct card *c, int column, struct str key)
{
    str_put(&c->key, key);
    c->column = column;
}

static void send_cards(struct board *b, int from, int to, struct str base)
{
    struct column *left = &b->columns.v[from], *right = &b->columns.v[to];
    char key[BOARD_KEY_MAX + 1];
    for (size_t i = 0; i < left->cards.n; i++) {
        board_removed_key(base, i + 1, key);
        put(left->cards.v[i], to, str_of(key));
        vec_push(&right->cards, left->cards.v[i]);
    }
    left->cards.n = 0;
    board_removed_key(base, BOARD_REMOVED_LAST, key);
    for (struct card *c = b->by_number; c; c = c->hh.next) {
        if (c->column == from)
            put(c, to, str_of(key));
    }
}

static bool remove_column(struct board *b, const struct board_action *a,
                          struct board_action *inverse, struct arena *arena, struct err *e)
{
    int at = find(b, a->column), to = find(b, a->name);
    if (at < 0 || (to < 0 && b->columns.n > 1))
        return no_column(at < 0 ? a->column : a->name, e);
    if (b->columns.n == 1)
        return fail(e, ERR_CONFLICT, "%s is the last column: a board has at least one",
                    b->columns.v[at].name);
    if (at == to)
        return fail(e, ERR_BAD_FIELD, "the cards of column %s cannot go to itself",
                    b->columns.v[at].name);
    if (!check_base(&b->columns.v[to], a->key, e))
        return false;
    if (inverse) {
        *inverse = (struct board_action){
            .kind = BOARD_COLUMN_RETURN,
            .column = str_keep(arena, str_of(b->columns.v[at].name)),
            .name = str_keep(arena, str_of(b->columns.v[to].name)),
            .place = at,
            .limit = b->columns.v[at].limit,
        };
        list_cards(b, at, arena, inverse);
    }
    send_cards(b, at, to, a->key);
    forget(b, at);
    return true;
}

/* The live cards of the list go from the one column to the other in its order. */
static void fetch_cards(struct board *b, int from, int to, const struct board_action *a)
{
    struct column *left = &b->columns.v[from], *right = &b->columns.v[to];
    for (size_t i = 0; i < a->cards_n; i++) {
        struct card *c = board_find(b, a->cards[i].number);
        put(c, to, a->cards[i].key);
        if (!c->archived)
            vec_push(&right->cards, c);
    }
    size_t kept = 0;
    for (size_t i = 0; i < left->cards.n; i++) {
        if (left->cards.v[i]->column == from)
            left->cards.v[kept++] = left->cards.v[i];
    }
    left->cards.n = kept;
}

static bool bring_back(struct board *b, const struct board_action *a,
                       struct board_action *inverse, struct arena *arena, struct err *e)
{
    int from = find(b, a->name);
    if (from < 0)
        return no_column(a->name, e);
    for (size_t i = 0; i < a->cards_n; i++) {
        const struct card *c = board_find(b, a->cards[i].number);
        if (!c || c->column != from)
            return fail(e, ERR_CONFLICT, "card %lld is not in column %.*s any more",
                        (long long)a->cards[i].number, STR_ARG(a->name));
    }
    struct board_action make = *a;
    make.place = (int64_t)b->columns.n;
    if (!check_place(a->place, b->columns.n + 1, e) || !add(b, &make, NULL, NULL, e))
        return false;
    if (inverse)
        *inverse = (struct board_action){0};
    (void)arena;
    fetch_cards(b, from, (int)b->columns.n - 1, a);
    shift(b, (int)b->columns.n - 1, (int)a->place);
    return true;
}

bool board_apply_column(struct board *b, const struct board_action *a,
                        struct board_action *inverse, struct arena *arena, struct err *e)
{
    static bool (*const apply[])(struct board *, const struct board_action *,
                                 struct board_action *, struct arena *, struct err *) = {
        [BOARD_COLUMN_ADD - BOARD_COLUMN_ADD] = add,
        [BOARD_COLUMN_EDIT - BOARD_COLUMN_ADD] = edit,
        [BOARD_COLUMN_MOVE - BOARD_COLUMN_ADD] = move,
        [BOARD_COLUMN_REMOVE - BOARD_COLUMN_ADD] = remove_column,
        [BOARD_COLUMN_KEYS - BOARD_COLUMN_ADD] = give_keys,
        [BOARD_COLUMN_DROP - BOARD_COLUMN_ADD] = drop,
        [BOARD_COLUMN_RETURN - BOARD_COLUMN_ADD] = bring_back,
    };
    size_t at = a->kind - BOARD_COLUMN_ADD;
    bug_on(a->kind < BOARD_COLUMN_ADD || at >= COUNT_OF(apply));
    return apply[at](b, a, inverse, arena, e);
}
