/* Cards. Each request is tried on the board as it will be, and becomes the event that says what
 * it did to it. */
#include "account.h"
#include "append.h"
#include "board_action.h"
#include "caller.h"
#include "cards.h"
#include "client.h"
#include "handle.h"
#include "note.h"
#include "room.h"

#include <string.h>

enum outcome find_card(struct hub *h, struct caller *c, const struct room *r, int64_t *number,
                       struct err *e)
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

static struct str values_of(struct hub *h, const struct card *card)
{
    struct buf values = {0};
    card_print(card, &values);
    struct str s = str_keep(&h->arena, buf_str(&values));
    buf_finish(&values);
    return s;
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
        .values = values_of(h, card),
    };
    d->batch = head->batch;
    d->undoes = head->undoes;
    append(h, r, c->client, str_of(c->user->name), head->id, d);
    if (strlen(card->key) >= BOARD_KEY_LONG && !card->archived)
        column_give_keys(h, r, card->column, str_of(c->user->name));
    return DONE;
}

/* The card that another was to go behind has left the column meanwhile: then it goes to the
 * end, as the order is what matters least. */
static int64_t place_now(const struct room *r, struct str column, int64_t after)
{
    const struct card *c = after == AFTER_END ? NULL : board_card(&r->board, after);
    return c && c->column != board_column(&r->board, column) ? AFTER_END : after;
}

/* A key for a card there. Where none is left, as in a board that was filled before columns got
 * new keys in time, they get them now. */
static bool find_key(struct hub *h, struct caller *c, struct room *r, struct str column,
                     int64_t after, int64_t moved, char *key, struct err *e)
{
    struct err why = {0};
    if (board_key_for(&r->board, column, after, moved, key, &why))
        return true;
    if (why.code != ERR_LIMIT)
        return fail(e, why.code, "%s", why.text);
    column_give_keys(h, r, board_column(&r->board, column), str_of(c->user->name));
    return board_key_for(&r->board, column, after, moved, key, e);
}

/* The same for a card that comes back to where it was. */
static bool find_old_place(struct hub *h, struct caller *c, struct room *r, int64_t number,
                           struct board_action *a, char *key, struct err *e)
{
    struct err why = {0};
    if (board_restoring(&r->board, number, a, key, &why))
        return true;
    if (why.code != ERR_LIMIT)
        return fail(e, why.code, "%s", why.text);
    column_give_keys(h, r, board_card(&r->board, number)->column, str_of(c->user->name));
    return board_restoring(&r->board, number, a, key, e);
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
    if (!column_of(r, &q.column, e))
        return REFUSED;
    q.after = place_now(r, q.column, q.after);
    if (!find_key(h, c, r, q.column, q.after, 0, key, e))
        return REFUSED;
    struct board_action a = {.kind = BOARD_ADD,
                             .number = r->board.next_number,
                             .title = q.title,
                             .column = q.column,
                             .key = str_of(key)};
    struct draft d = {.event.type = MSG_TASK_ADDED};
    d.event.task_added = (struct msg_task_added){
        .task = a.number, .title = q.title, .column = q.column, .key = str_of(key)};
    return commit(h, c, &q.head, r, &a, &d, e);
}

/* ---- fields ---- */

/* Names that stand for something else are looked up: cards by -ID, people of the room. */
static enum outcome resolve(struct hub *h, struct caller *c, const struct room *r,
                            struct card_change *to, struct err *e)
{
    if (to->field == CARD_BLOCKER) {
        int64_t number = card_blocker(to->value);
        enum outcome o = find_card(h, c, r, &number, e);
        to->value = str_fmt(&h->arena, "%lld", (long long)number);
        return o;
    }
    const struct user *u = to->field == CARD_ASSIGNEE ? user_find(h, to->value) : NULL;
    if (to->field != CARD_ASSIGNEE || to->gone || (u && room_role(r, u, true) != ROLE_NONE))
        return DONE;
    fail(e, ERR_NOT_FOUND, "there is no %.*s in %s who could do it", STR_ARG(to->value),
         r->name);
    return REFUSED;
}

static void tell_conflict(struct hub *h, struct caller *c, const struct msg_task_edit *q,
                          const struct card *card, enum card_field f)
{
    const struct card_stamp *s = card_stamp_of(card, f);
    struct msg m = {.type = MSG_CONFLICT};
    m.conflict = (struct msg_conflict){
        .head.re = q->head.id,
        .room = q->head.room,
        .task = q->task,
        .field = str_of(card_fields[f].name),
        .value = card_scalar(card, f),
        .author = str_of(s->author),
        .seq = s->seq,
    };
    caller_send(h, c, &m);
}

/* Fields that somebody else set behind the event that the sender names. They are told when they
 * are on disk, not before. */
static enum outcome check_conflicts(struct hub *h, struct caller *c, const struct room *r,
                                    const struct msg_task_edit *q,
                                    const struct card_change *changes, struct err *e)
{
    const struct card *card = board_card(&r->board, q->task);
    unsigned hit = 0;
    /* Who names an event that is still to come has seen something else: nothing that counts. */
    int64_t seen = q->seen > r->head ? 0 : q->seen;
    for (size_t i = 0; i < q->changes.n + 1; i++) {
        bool is_title = i == q->changes.n;
        enum card_field f = is_title ? CARD_TITLE : changes[i].field;
        if ((is_title && q->title.n == 0) ||
            !card_conflicts(card, f, seen, str_of(c->user->name), str_of(c->client->key.id)))
            continue;
        if (card_stamp_of(card, f)->seq > r->stored)
            return BLOCKED;
        hit |= 1u << f;
    }
    for (int f = 0; f < CARD_SCALARS; f++) {
        if (!(hit & 1u << f))
            continue;
        struct str value = card_scalar(card, (enum card_field)f);
        if (e->code == ERR_NONE)
            fail(e, ERR_CONFLICT, "%s meanwhile set the %s of card %lld to %.*s",
                 card_stamp_of(card, (enum card_field)f)->author, card_fields[f].name,
                 (long long)q->task, STR_ARG(value.n ? value : STR("none")));
        tell_conflict(h, c, q, card, (enum card_field)f);
    }
    return hit ? REFUSED : DONE;
}

static enum outcome prepare_edit(struct hub *h, struct caller *c, struct msg_task_edit *q,
                                 struct room **r, struct card_change **changes, struct err *e)
{
    enum outcome o = prepare(h, c, &q->head, &q->task, NULL, r, e);
    if (o != DONE)
        return o;
    if (q->title.n == 0 && q->changes.n == 0) {
        fail(e, ERR_BAD_FIELD, "task.edit names nothing to change: a title, or changes");
        return REFUSED;
    }
    if (!cards_changes(q->changes.v, q->changes.n, &h->arena, changes, e))
        return REFUSED;
    for (size_t i = 0; i < q->changes.n && o == DONE; i++)
        o = resolve(h, c, *r, &(*changes)[i], e);
    if (o == DONE)
        o = check_conflicts(h, c, *r, q, *changes, e);
    if (o == BLOCKED && !c->client->lookup && !c->client->blocked)
        client_block(c->client, *r);
    return o;
}

enum outcome handle_task_edit(struct hub *h, struct caller *c, const struct msg *m,
                              struct err *e)
{
    struct msg_task_edit q = m->task_edit;
    struct room *r;
    struct card_change *changes;
    enum outcome o = prepare_edit(h, c, &q, &r, &changes, e);
    if (o != DONE)
        return o;
    struct draft d = {.event.type = MSG_TASK_EDITED};
    struct change_list items = cards_items(changes, q.changes.n, &h->arena);
    d.event.task_edited.task = q.task;
    d.event.task_edited.title = q.title;
    d.event.task_edited.changes.v = items.v;
    d.event.task_edited.changes.n = items.n;
    struct msg_task_edited said = d.event.task_edited;
    said.head = (struct event_head){.seq = r->head + 1,
                                    .author = str_of(c->user->name),
                                    .client = str_of(c->client->key.id)};
    struct msg event = {.type = MSG_TASK_EDITED, .task_edited = said};
    struct board_action a;
    return cards_action(&event, &h->arena, &a, e) ? commit(h, c, &q.head, r, &a, &d, e)
                                                  : REFUSED;
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
    if (!column_of(r, &q.column, e))
        return REFUSED;
    if (q.seen && q.seen < r->head) /* who has seen all there is means what he says */
        q.after = place_now(r, q.column, q.after);
    if (!find_key(h, c, r, q.column, q.after, q.task, key, e))
        return REFUSED;
    struct board_action a = {
        .kind = BOARD_MOVE, .number = q.task, .column = q.column, .key = str_of(key)};
    struct draft d = {.event.type = MSG_TASK_MOVED};
    d.event.task_moved = (struct msg_task_moved){
        .task = q.task, .column = q.column, .key = str_of(key), .seen = q.seen};
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
    if (!find_old_place(h, c, r, q.task, &a, key, e))
        return REFUSED;
    struct draft d = {.event.type = MSG_TASK_RESTORED};
    d.event.task_restored = (struct msg_task_restored){
        .task = q.task,
        .title = str_keep(&h->arena, a.title),
        .column = a.column,
        .key = a.key,
        .version = text_head_version(r, q.task),
    };
    const struct text_head *head = text_head(r, q.task);
    if (head) {
        d.event.task_restored.done = head->boxes.done;
        d.event.task_restored.boxes = head->boxes.all;
        d.event.task_restored.comments = head->comments;
    }
    struct change_list values = cards_values(board_card(&r->board, q.task), &h->arena);
    d.event.task_restored.fields.v = values.v;
    d.event.task_restored.fields.n = values.n;
    a.title = d.event.task_restored.title;
    return commit(h, c, &q.head, r, &a, &d, e);
}
