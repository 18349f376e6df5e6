/* Columns of the board. As with cards, each request is tried on the board as it will be, and
 * becomes the event that says what it did to it. */
#include "append.h"
#include "board_action.h"
#include "caller.h"
#include "cards.h"
#include "client.h"
#include "handle.h"
#include "room.h"

static enum outcome prepare(struct hub *h, struct caller *c, const struct request_head *head,
                            struct room **room, struct err *e)
{
    *room = room_find(h, head->room);
    return append_ready(h, c->client, *room, true, e);
}

/* The column's name as the board writes it. */
static bool column_of(const struct room *r, struct str *name, struct err *e)
{
    int i = name->n ? board_column(&r->board, *name) : -1;
    if (i < 0)
        return fail(e, ERR_NOT_FOUND, "%s has no column %.*s", r->name, STR_ARG(*name));
    *name = str_of(r->board.columns.v[i].name);
    return true;
}

/* Does to the board what the event in d says, and sends it. */
static enum outcome commit(struct hub *h, struct caller *c, const struct request_head *head,
                           struct room *r, struct draft *d, struct err *e)
{
    struct board_action a;
    if (!cards_action(&d->event, &h->arena, &a, e) ||
        !board_apply(&r->board, &a, NULL, NULL, e))
        return REFUSED;
    d->effect = EFFECT_COLUMNS;
    d->batch = head->batch;
    d->undoes = head->undoes;
    append(h, r, c->client, str_of(c->user->name), head->id, d);
    return DONE;
}

enum outcome handle_column_add(struct hub *h, struct caller *c, const struct msg *m,
                               struct err *e)
{
    const struct msg_column_add *q = &m->column_add;
    struct room *r;
    int64_t place;
    enum outcome o = prepare(h, c, &q->head, &r, e);
    if (o != DONE)
        return o;
    if (!board_column_place(&r->board, q->after, q->first, (struct str){0}, &place, e))
        return REFUSED;
    struct draft d = {.event.type = MSG_COLUMN_ADDED};
    d.event.column_added =
        (struct msg_column_added){.column = q->name, .place = place, .limit = q->limit};
    return commit(h, c, &q->head, r, &d, e);
}

enum outcome handle_column_edit(struct hub *h, struct caller *c, const struct msg *m,
                                struct err *e)
{
    struct msg_column_edit q = m->column_edit;
    struct room *r;
    enum outcome o = prepare(h, c, &q.head, &r, e);
    if (o != DONE)
        return o;
    if (q.name.n == 0 && q.limit == LIMIT_STAYS) {
        fail(e, ERR_BAD_FIELD, "column.edit names nothing to change: a name, or a limit");
        return REFUSED;
    }
    if (!column_of(r, &q.column, e))
        return REFUSED;
    struct draft d = {.event.type = MSG_COLUMN_EDITED};
    q.column = str_keep(&h->arena, q.column); /* the board is about to let go of it */
    d.event.column_edited =
        (struct msg_column_edited){.column = q.column, .name = q.name, .limit = q.limit};
    if (q.name.n) {
        d.from = q.column;
        d.to = q.name;
    }
    return commit(h, c, &q.head, r, &d, e);
}

enum outcome handle_column_move(struct hub *h, struct caller *c, const struct msg *m,
                                struct err *e)
{
    struct msg_column_move q = m->column_move;
    struct room *r;
    int64_t place;
    enum outcome o = prepare(h, c, &q.head, &r, e);
    if (o != DONE)
        return o;
    if (!column_of(r, &q.column, e) ||
        !board_column_place(&r->board, q.after, q.first, q.column, &place, e))
        return REFUSED;
    struct draft d = {.event.type = MSG_COLUMN_MOVED};
    d.event.column_moved = (struct msg_column_moved){.column = q.column, .place = place};
    return commit(h, c, &q.head, r, &d, e);
}

/* The cards that the column has, archived ones too, with the keys that they are about to get.
 */
static void list_places(struct hub *h, const struct room *r, struct str column, struct str base,
                        struct draft *d)
{
    int at = board_column(&r->board, column);
    const struct column *col = &r->board.columns.v[at];
    size_t n = 0;
    for (const struct card *c = r->board.by_number; c; c = c->hh.next)
        n += c->column == at;
    if (n == 0)
        return;
    struct store_place *v = arena_alloc(&h->arena, n * sizeof *v);
    char key[BOARD_KEY_MAX + 1];
    for (size_t i = 0; i < col->cards.n; i++) {
        board_removed_key(base, i + 1, key);
        v[i] = (struct store_place){col->cards.v[i]->number, str_keep(&h->arena, str_of(key))};
    }
    d->places.n = col->cards.n;
    board_removed_key(base, BOARD_REMOVED_LAST, key);
    struct str last = str_keep(&h->arena, str_of(key));
    for (const struct card *c = r->board.by_number; c; c = c->hh.next) {
        if (c->column == at && c->archived)
            v[d->places.n++] = (struct store_place){c->number, last};
    }
    d->places.v = v;
}

/* All cards of the column with the keys that they have now. */
static void list_keys(struct hub *h, const struct room *r, int at, struct draft *d)
{
    size_t n = 0;
    for (const struct card *c = r->board.by_number; c; c = c->hh.next)
        n += c->column == at;
    struct store_place *v = n ? arena_alloc(&h->arena, n * sizeof *v) : NULL;
    for (const struct card *c = r->board.by_number; c; c = c->hh.next)
        if (c->column == at)
            v[d->places.n++] = (struct store_place){c->number, str_of(c->key)};
    d->places.v = v;
}

void column_give_keys(struct hub *h, struct room *r, int column, struct str author)
{
    struct str name = str_of(r->board.columns.v[column].name);
    struct board_action a = {.kind = BOARD_COLUMN_KEYS, .column = name};
    struct draft d = {.event.type = MSG_COLUMN_KEYED, .effect = EFFECT_COLUMNS};
    bool ok = board_apply(&r->board, &a, NULL, NULL, NULL);
    bug_on(!ok);
    d.event.column_keyed.column = name;
    d.from = d.to = name;
    list_keys(h, r, column, &d);
    append(h, r, NULL, author, 0, &d);
}

/* What the keys begin with of cards that come to the end of a column. Where the last one there
 * leaves no room, the column gets new ones first. */
static bool find_base(struct hub *h, struct caller *c, struct room *r, struct str to,
                      char *base, struct err *e)
{
    struct err why = {0};
    if (board_removed_base(&r->board, to, base, &why))
        return true;
    if (why.code != ERR_LIMIT)
        return fail(e, why.code, "%s", why.text);
    column_give_keys(h, r, board_column(&r->board, to), str_of(c->user->name));
    return board_removed_base(&r->board, to, base, e);
}

enum outcome handle_column_remove(struct hub *h, struct caller *c, const struct msg *m,
                                  struct err *e)
{
    struct msg_column_remove q = m->column_remove;
    struct room *r;
    char base[BOARD_KEY_MAX + 1];
    enum outcome o = prepare(h, c, &q.head, &r, e);
    if (o != DONE)
        return o;
    if (!column_of(r, &q.column, e) || !column_of(r, &q.to, e) ||
        !find_base(h, c, r, q.to, base, e))
        return REFUSED;
    struct draft d = {.event.type = MSG_COLUMN_REMOVED};
    d.from = str_keep(&h->arena, q.column);
    d.to = q.to;
    list_places(h, r, d.from, str_of(base), &d);
    d.event.column_removed =
        (struct msg_column_removed){.column = d.from, .to = d.to, .key = str_of(base)};
    return commit(h, c, &q.head, r, &d, e);
}
