#include "board_action.h"

#include "board_state.h"

#include <stdlib.h>
#include <string.h>

static bool no_column(struct str name, struct err *e)
{
    return fail(e, ERR_NOT_FOUND, "there is no column %.*s", STR_ARG(name));
}

bool board_lacks_card(int64_t number, struct err *e)
{
    return fail(e, ERR_NOT_FOUND, "there is no card %lld", (long long)number);
}

/* The first place at or behind `at` whose card is not the moved one. */
static size_t skip(const struct column *col, size_t at, int64_t moved)
{
    while (moved && at < col->cards.n && col->cards.v[at]->number == moved)
        at++;
    return at;
}

static struct str key_at(const struct column *col, size_t at)
{
    return at < col->cards.n ? str_of(col->cards.v[at]->key) : (struct str){0};
}

/* Key of the last card that is not the moved one. */
static struct str last_key(const struct column *col, int64_t moved)
{
    size_t n = col->cards.n;
    if (n && moved && col->cards.v[n - 1]->number == moved)
        n--;
    return n ? str_of(col->cards.v[n - 1]->key) : (struct str){0};
}

/* Where a card that was archived since would still stand. */
static bool key_behind_gone(const struct column *col, const struct card *gone, int64_t moved,
                            char *key, struct err *e)
{
    size_t at = board_place_of(col, gone->key, gone->number), before = at;
    if (before && moved && col->cards.v[before - 1]->number == moved)
        before--;
    struct str low = before ? str_of(col->cards.v[before - 1]->key) : (struct str){0};
    while (at < col->cards.n &&
           (str_eq(key_at(col, at), low) || col->cards.v[at]->number == moved))
        at++;
    return board_key_between(low, key_at(col, at), key, e);
}

bool board_key_for(const struct board *b, struct str column, int64_t after, int64_t moved,
                   char *key, struct err *e)
{
    int i = board_column(b, column);
    if (i < 0)
        return no_column(column, e);
    const struct column *col = &b->columns.v[i];
    if (after == BOARD_END)
        return board_key_between(last_key(col, moved), (struct str){0}, key, e);
    if (after == 0)
        return board_key_between((struct str){0}, key_at(col, skip(col, 0, moved)), key, e);
    const struct card *c = board_find(b, after);
    if (!c || after == moved)
        return board_lacks_card(after, e);
    if (c->column != i)
        return fail(e, ERR_NOT_FOUND, "card %lld is not in column %s", (long long)after,
                    col->name);
    if (c->archived)
        return key_behind_gone(col, c, moved, key, e);
    struct str low = str_of(c->key);
    size_t at = skip(col, board_place(b, c) + 1, moved);
    while (at < col->cards.n &&
           str_eq(key_at(col, at), low)) /* equal keys: behind all of them */
        at = skip(col, at + 1, moved);
    return board_key_between(low, key_at(col, at), key, e);
}

bool board_restoring(const struct board *b, int64_t number, struct board_action *out, char *key,
                     struct err *e)
{
    const struct card *c = board_find(b, number);
    if (!c)
        return board_lacks_card(number, e);
    if (!c->archived)
        return fail(e, ERR_CONFLICT, "card %lld is not archived", (long long)number);
    const struct column *col = &b->columns.v[c->column];
    size_t at = board_place_of(col, c->key, INT64_MIN);
    bool is_taken = at < col->cards.n && strcmp(col->cards.v[at]->key, c->key) == 0;
    memcpy(key, c->key, strlen(c->key) + 1);
    if (is_taken &&
        !board_key_for(b, str_of(col->name), col->cards.v[at]->number, number, key, e))
        return false;
    *out = (struct board_action){.kind = BOARD_RESTORE,
                                 .number = number,
                                 .title = str_of(c->title),
                                 .column = str_of(col->name),
                                 .key = str_of(key)};
    return true;
}

static bool check_title(struct str title, struct err *e)
{
    if (title.n == 0 || title.n > BOARD_TITLE_MAX || str_has(title, '\0'))
        return fail(e, ERR_BAD_FIELD, "a title has 1 to %d bytes", BOARD_TITLE_MAX);
    return true;
}

static bool check_place(const struct board *b, const struct board_action *a, int *column,
                        struct err *e)
{
    *column = board_column(b, a->column);
    if (*column < 0)
        return no_column(a->column, e);
    if (!board_key_is_valid(a->key))
        return fail(e, ERR_BAD_FIELD,
                    "an order key has 1 to %d digits 0-9A-Za-z, the last not 0", BOARD_KEY_MAX);
    return true;
}

struct card *board_live_card(const struct board *b, int64_t number, struct err *e)
{
    struct card *c = board_find(b, number);
    if (!c)
        board_lacks_card(number, e);
    else if (c->archived)
        fail(e, ERR_CONFLICT, "card %lld is archived: restore it first", (long long)number);
    return c && !c->archived ? c : NULL;
}

static struct board_action with_place(const struct board *b, const struct card *c,
                                      enum board_action_kind kind, struct arena *arena)
{
    return (struct board_action){.kind = kind,
                                 .number = c->number,
                                 .title = str_keep(arena, str_of(c->title)),
                                 .column =
                                     str_keep(arena, str_of(b->columns.v[c->column].name)),
                                 .key = str_keep(arena, str_of(c->key))};
}

static struct card *make_card(struct board *b, const struct board_action *a, int column)
{
    struct card *c = NEW(struct card);
    c->number = a->number;
    c->title = str_dup(a->title);
    c->key = str_dup(a->key);
    c->column = column;
    HASH_ADD(hh, b->by_number, number, sizeof c->number, c);
    board_pass_number(b, a->number);
    return c;
}

static bool check_new(const struct board *b, const struct board_action *a, struct err *e)
{
    if (a->number == 0 || a->number >= BOARD_END || a->number <= -BOARD_END)
        return fail(e, ERR_BAD_FIELD, "no card can have the number %lld", (long long)a->number);
    if (b->live >= BOARD_CARDS_MAX)
        return fail(e, ERR_LIMIT, "a board has at most %d cards: archive some",
                    BOARD_CARDS_MAX);
    return true;
}

static bool add(struct board *b, const struct board_action *a, struct board_action *inverse,
                struct arena *arena, struct err *e)
{
    (void)arena;
    int column;
    if (!check_new(b, a, e) || !check_title(a->title, e) || !check_place(b, a, &column, e))
        return false;
    if (board_find(b, a->number))
        return fail(e, ERR_EXISTS, "there is a card %lld already", (long long)a->number);
    if (inverse)
        *inverse = (struct board_action){.kind = BOARD_REMOVE, .number = a->number};
    board_put_in(b, make_card(b, a, column));
    return true;
}

static bool move(struct board *b, const struct board_action *a, struct board_action *inverse,
                 struct arena *arena, struct err *e)
{
    int column;
    struct card *c = board_live_card(b, a->number, e);
    if (!c || !check_place(b, a, &column, e))
        return false;
    if (inverse) {
        *inverse = with_place(b, c, BOARD_MOVE, arena);
        inverse->title = (struct str){0};
    }
    board_take_out(b, c);
    c->column = column;
    str_put(&c->key, a->key);
    board_put_in(b, c);
    return true;
}

static bool archive(struct board *b, const struct board_action *a, struct board_action *inverse,
                    struct arena *arena, struct err *e)
{
    struct card *c = board_live_card(b, a->number, e);
    if (!c)
        return false;
    if (inverse)
        *inverse = with_place(b, c, BOARD_RESTORE, arena);
    board_take_out(b, c);
    return true;
}

static bool restore(struct board *b, const struct board_action *a, struct board_action *inverse,
                    struct arena *arena, struct err *e)
{
    (void)arena;
    int column;
    struct card *c = board_find(b, a->number);
    if (c && !c->archived)
        return fail(e, ERR_CONFLICT, "card %lld is not archived", (long long)a->number);
    if (!check_new(b, a, e) || !check_title(a->title, e) || !check_place(b, a, &column, e) ||
        (!c && !board_check_changes(b, NULL, a, e)))
        return false;
    if (inverse)
        *inverse = (struct board_action){.kind = BOARD_ARCHIVE, .number = a->number};
    if (!c) {
        c = make_card(b, a, column);
        for (size_t i = 0; i < a->changes_n; i++)
            card_change(c, &a->changes[i]);
    } else {
        c->column = column;
        str_put(&c->title, a->title);
        str_put(&c->key, a->key);
    }
    board_put_in(b, c);
    return true;
}

static bool forget(struct board *b, const struct board_action *a, struct board_action *inverse,
                   struct arena *arena, struct err *e)
{
    struct card *c = board_live_card(b, a->number, e);
    if (!c)
        return false;
    if (inverse)
        *inverse = with_place(b, c, BOARD_ADD, arena);
    board_take_out(b, c);
    HASH_DEL(b->by_number, c);
    board_free_card(c);
    return true;
}

bool board_apply(struct board *b, const struct board_action *a, struct board_action *inverse,
                 struct arena *arena, struct err *e)
{
    static bool (*const apply[])(struct board *, const struct board_action *,
                                 struct board_action *, struct arena *, struct err *) = {
        [BOARD_ADD] = add,         [BOARD_EDIT] = board_apply_edit, [BOARD_MOVE] = move,
        [BOARD_ARCHIVE] = archive, [BOARD_RESTORE] = restore,       [BOARD_REMOVE] = forget,
    };
    if (a->kind >= BOARD_COLUMN_ADD)
        return board_apply_column(b, a, inverse, arena, e);
    bug_on(a->kind >= COUNT_OF(apply));
    return apply[a->kind](b, a, inverse, arena, e);
}

static bool has_change(const struct card *c, const struct card_change *to)
{
    if (to->field == CARD_TITLE)
        return str_is(to->value, c->title);
    if (to->field < CARD_SCALARS)
        return str_eq(card_scalar(c, to->field), to->value);
    return card_has(c, to->field, to->value) != to->gone;
}

static bool stands_at(const struct board *b, const struct card *c, const struct board_action *a)
{
    return c->column == board_column(b, a->column) && str_is(a->key, c->key);
}

bool board_shows(const struct board *b, const struct board_action *a)
{
    const struct card *c = board_find(b, a->number);
    if (!c || c->archived != (a->kind == BOARD_ARCHIVE))
        return false;
    for (size_t i = 0; i < a->changes_n; i++)
        if (!has_change(c, &a->changes[i]))
            return false;
    if (a->kind == BOARD_EDIT)
        return !a->title.n || str_is(a->title, c->title);
    if (a->kind == BOARD_RESTORE)
        return str_is(a->title, c->title) && stands_at(b, c, a);
    return a->kind == BOARD_ARCHIVE || (a->kind == BOARD_MOVE && stands_at(b, c, a));
}
