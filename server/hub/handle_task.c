/* Cards. Each request is tried on the board as it will be, and becomes the event that says what
 * it did to it. */
#include "append.h"
#include "board_action.h"
#include "caller.h"
#include "client.h"
#include "handle.h"
#include "note.h"
#include "room.h"

/* The card that *number names, as a number. */
static enum outcome find_card(struct hub *h, struct caller *c, const struct room *r,
                              int64_t *number, struct err *e)
{
    enum outcome o = client_number(h, c->client, r, number, e);
    if (o != DONE || board_card(&r->board, *number))
        return o;
    fail(e, ERR_NOT_FOUND, "there is no card %lld in %s", (long long)*number, r->name);
    return REFUSED;
}

/* The room of a request, once it may be changed; the cards the request names, as numbers. */
static enum outcome prepare(struct hub *h, struct caller *c, const struct request_head *head,
                            int64_t *task, int64_t *after, struct room **room, struct err *e)
{
    struct room *r = *room = room_find(h, head->room);
    enum outcome o = append_ready(h, c->client, r, true, e);
    if (o == DONE && task)
        o = find_card(h, c, r, task, e);
    if (o == DONE && after && *after != AFTER_END && *after != 0)
        o = find_card(h, c, r, after, e);
    return o;
}

/* Does a to the board and sends the event; the card as it is then goes into the tables. */
static enum outcome commit(struct hub *h, struct caller *c, const struct request_head *head,
                           struct room *r, const struct board_action *a, struct draft *d,
                           struct err *e)
{
    if (!board_apply(&r->board, a, NULL, NULL, e))
        return REFUSED;
    const struct card *card = board_card(&r->board, a->number);
    d->number = a->number;
    d->adds = a->kind == BOARD_ADD;
    d->effect = EFFECT_TASK;
    d->task = (struct store_task){
        .number = a->number,
        .title = str_of(card->title),
        .column = str_of(r->board.columns.v[card->column].name),
        .key = str_of(card->key),
        .archived = card->archived,
    };
    append(h, r, c->client, str_of(c->user->name), head->id, d);
    return DONE;
}

/* The column's name as the board writes it. */
static bool column_of(const struct room *r, struct str *column, struct err *e)
{
    int i = board_column(&r->board, *column);
    if (i < 0)
        return fail(e, ERR_NOT_FOUND, "%s has no column %.*s", r->name, STR_ARG(*column));
    *column = str_of(r->board.columns.v[i].name);
    return true;
}

enum outcome handle_task_add(struct hub *h, struct caller *c, const struct msg *m,
                             struct err *e)
{
    struct msg_task_add q = m->task_add;
    struct room *r;
    char key[BOARD_KEY_MAX + 1];
    enum outcome o = prepare(h, c, &q.head, NULL, &q.after, &r, e);
    if (o != DONE)
        return o;
    if (!column_of(r, &q.column, e) || !board_key_for(&r->board, q.column, q.after, 0, key, e))
        return REFUSED;
    struct board_action a = {BOARD_ADD, r->board.next_number, q.title, q.column, str_of(key)};
    struct draft d = {.event.type = MSG_TASK_ADDED};
    d.event.task_added = (struct msg_task_added){
        .task = a.number, .title = q.title, .column = q.column, .key = str_of(key)};
    return commit(h, c, &q.head, r, &a, &d, e);
}

enum outcome handle_task_edit(struct hub *h, struct caller *c, const struct msg *m,
                              struct err *e)
{
    struct msg_task_edit q = m->task_edit;
    struct room *r;
    enum outcome o = prepare(h, c, &q.head, &q.task, NULL, &r, e);
    if (o != DONE)
        return o;
    struct board_action a = {.kind = BOARD_EDIT, .number = q.task, .title = q.title};
    struct draft d = {.event.type = MSG_TASK_EDITED};
    d.event.task_edited = (struct msg_task_edited){.task = q.task, .title = q.title};
    return commit(h, c, &q.head, r, &a, &d, e);
}

enum outcome handle_task_move(struct hub *h, struct caller *c, const struct msg *m,
                              struct err *e)
{
    struct msg_task_move q = m->task_move;
    struct room *r;
    char key[BOARD_KEY_MAX + 1];
    enum outcome o = prepare(h, c, &q.head, &q.task, &q.after, &r, e);
    if (o != DONE)
        return o;
    if (!column_of(r, &q.column, e) ||
        !board_key_for(&r->board, q.column, q.after, q.task, key, e))
        return REFUSED;
    struct board_action a = {
        .kind = BOARD_MOVE, .number = q.task, .column = q.column, .key = str_of(key)};
    struct draft d = {.event.type = MSG_TASK_MOVED};
    d.event.task_moved =
        (struct msg_task_moved){.task = q.task, .column = q.column, .key = str_of(key)};
    return commit(h, c, &q.head, r, &a, &d, e);
}

enum outcome handle_task_archive(struct hub *h, struct caller *c, const struct msg *m,
                                 struct err *e)
{
    struct msg_task_archive q = m->task_archive;
    struct room *r;
    enum outcome o = prepare(h, c, &q.head, &q.task, NULL, &r, e);
    if (o != DONE)
        return o;
    struct board_action a = {.kind = BOARD_ARCHIVE, .number = q.task};
    struct draft d = {.event.type = MSG_TASK_ARCHIVED};
    d.event.task_archived.task = q.task;
    return commit(h, c, &q.head, r, &a, &d, e);
}

enum outcome handle_task_restore(struct hub *h, struct caller *c, const struct msg *m,
                                 struct err *e)
{
    struct msg_task_restore q = m->task_restore;
    struct room *r;
    struct board_action a;
    char key[BOARD_KEY_MAX + 1];
    enum outcome o = prepare(h, c, &q.head, &q.task, NULL, &r, e);
    if (o != DONE)
        return o;
    if (!board_restoring(&r->board, q.task, &a, key, e))
        return REFUSED;
    struct draft d = {.event.type = MSG_TASK_RESTORED};
    d.event.task_restored = (struct msg_task_restored){
        .task = q.task,
        .title = str_keep(&h->arena, a.title),
        .column = a.column,
        .key = a.key,
        .version = text_head_version(r, q.task),
    };
    a.title = d.event.task_restored.title;
    return commit(h, c, &q.head, r, &a, &d, e);
}
