/* Messages: saying something, in the room, on a card or in answer to something, and what
 * becomes of it afterwards. */
#include "account.h"
#include "append.h"
#include "caller.h"
#include "client.h"
#include "handle.h"
#include "note.h"
#include "room.h"
#include "said.h"

/* ---- saying ---- */

/* Of an answer: the card of what it answers, which is the card of the answer too; and the
 * message at the root. */
static enum outcome find_root(struct hub *h, struct caller *c, struct room *r,
                              const struct msg_message_post *q, int64_t *task, int64_t *reply,
                              struct str *to, struct err *e)
{
    struct said *s;
    enum outcome o = said_find(h, c->client, r, q->reply, &s, e);
    if (o != DONE)
        return o;
    if (*task && *task != s->task) {
        fail(e, ERR_BAD_FIELD, "message %lld is no comment on card %lld", (long long)s->seq,
             (long long)*task);
        return REFUSED;
    }
    *task = s->task;
    *reply = s->reply ? s->reply : s->seq;
    *to = str_keep(&h->arena, str_of(s->author));
    return DONE;
}

enum outcome handle_message_post(struct hub *h, struct caller *c, const struct msg *m,
                                 struct err *e)
{
    const struct msg_message_post *q = &m->message_post;
    struct room *r = room_find(h, q->head.room);
    int64_t task = q->task, reply = 0;
    struct str to = {0}, user = str_of(c->user->name);
    enum outcome o = append_ready(h, c->client, r, task != 0, e);
    if (o == DONE && task)
        o = find_card(h, c, r, &task, e);
    if (o == DONE && q->reply)
        o = find_root(h, c, r, q, &task, &reply, &to, e);
    if (o != DONE)
        return o;
    struct draft d = {.event.type = MSG_MESSAGE, .number = task, .reply = reply};
    d.event.message.text = q->text;
    d.event.message.task = task;
    d.event.message.reply = reply;
    d.event.message.to = to;
    append(h, r, c->client, user, q->head.id, &d);
    said_add(h, r, user, task, reply);
    card_said(r, task, 1);
    return DONE;
}

/* ---- changing ---- */

/* The room of a request and the message that it names, once it may be changed: one that was
 * deleted may not. */
static enum outcome prepare(struct hub *h, struct caller *c, const struct request_head *head,
                            int64_t message, struct room **r, struct said **s, struct err *e)
{
    *r = room_find(h, head->room);
    enum outcome o = append_ready(h, c->client, *r, true, e);
    if (o == DONE)
        o = said_find(h, c->client, *r, message, s, e);
    if (o != DONE || !(*s)->deleted[0])
        return o;
    fail(e, ERR_NOT_FOUND, "message %lld was deleted by %s", (long long)(*s)->seq,
         (*s)->deleted);
    return REFUSED;
}

/* Sends the event; the strings of the change are borrowed. */
static void commit(struct hub *h, struct caller *c, int64_t id, struct room *r, struct said *s,
                   struct msg event, struct store_change change)
{
    struct draft d = {
        .event = event, .number = s->task, .effect = EFFECT_MESSAGE, .change = change};
    d.change.message = s->seq;
    append(h, r, c->client, str_of(c->user->name), id, &d);
    s->changed = r->head;
}

enum outcome handle_message_edit(struct hub *h, struct caller *c, const struct msg *m,
                                 struct err *e)
{
    const struct msg_message_edit *q = &m->message_edit;
    struct room *r;
    struct said *s;
    enum outcome o = prepare(h, c, &q->head, q->message, &r, &s, e);
    if (o != DONE)
        return o;
    if (!str_is(str_of(c->user->name), s->author)) {
        fail(e, ERR_FORBIDDEN, "message %lld is %s's: only who wrote a message may edit it",
             (long long)s->seq, s->author);
        return REFUSED;
    }
    struct msg event = {.type = MSG_MESSAGE_EDITED};
    event.message_edited.message = s->seq;
    event.message_edited.task = s->task;
    event.message_edited.writer = str_of(s->author);
    event.message_edited.text = q->text;
    commit(h, c, q->head.id, r, s, event,
           (struct store_change){.kind = CHANGE_TEXT, .text = q->text});
    return DONE;
}

static bool may_delete(const struct room *r, const struct caller *c, const struct said *s,
                       struct err *e)
{
    bool is_own = str_is(str_of(c->user->name), s->author);
    if (is_own || room_power(r, c, true) == ROLE_OWNER || caller_is_admin(c))
        return true;
    return fail(e, ERR_FORBIDDEN,
                "message %lld is %s's: only who wrote it and owners of %s may delete it",
                (long long)s->seq, s->author, r->name);
}

enum outcome handle_message_delete(struct hub *h, struct caller *c, const struct msg *m,
                                   struct err *e)
{
    const struct msg_message_delete *q = &m->message_delete;
    struct room *r;
    struct said *s;
    enum outcome o = prepare(h, c, &q->head, q->message, &r, &s, e);
    if (o != DONE)
        return o;
    if (!may_delete(r, c, s, e))
        return REFUSED;
    struct msg event = {.type = MSG_MESSAGE_DELETED};
    event.message_deleted.message = s->seq;
    event.message_deleted.task = s->task;
    event.message_deleted.writer = str_of(s->author);
    commit(h, c, q->head.id, r, s, event, (struct store_change){.kind = CHANGE_DELETE});
    said_delete(s, str_of(c->user->name));
    card_said(r, s->task, -1);
    pins_set(r, s->seq, 0, (struct str){0}, true);
    return DONE;
}

enum outcome handle_message_react(struct hub *h, struct caller *c, const struct msg *m,
                                  struct err *e)
{
    const struct msg_message_react *q = &m->message_react;
    struct str user = str_of(c->user->name);
    struct room *r;
    struct said *s;
    enum outcome o = prepare(h, c, &q->head, q->message, &r, &s, e);
    if (o != DONE)
        return o;
    if (!q->gone && !said_may_react(s, user, q->emoji, e))
        return REFUSED;
    struct msg event = {.type = MSG_MESSAGE_REACTED};
    event.message_reacted.message = s->seq;
    event.message_reacted.task = s->task;
    event.message_reacted.writer = str_of(s->author);
    event.message_reacted.emoji = q->emoji;
    event.message_reacted.gone = q->gone;
    commit(h, c, q->head.id, r, s, event,
           (struct store_change){.kind = CHANGE_REACTION, .emoji = q->emoji, .gone = q->gone});
    said_react(s, user, q->emoji, q->gone);
    return DONE;
}

enum outcome handle_message_pin(struct hub *h, struct caller *c, const struct msg *m,
                                struct err *e)
{
    const struct msg_message_pin *q = &m->message_pin;
    struct room *r;
    struct said *s;
    enum outcome o = prepare(h, c, &q->head, q->message, &r, &s, e);
    if (o != DONE)
        return o;
    if (!q->gone && !pins_may_add(r, s->seq, e))
        return REFUSED;
    struct msg event = {.type = MSG_MESSAGE_PINNED};
    event.message_pinned.message = s->seq;
    event.message_pinned.task = s->task;
    event.message_pinned.writer = str_of(s->author);
    event.message_pinned.gone = q->gone;
    commit(h, c, q->head.id, r, s, event,
           (struct store_change){.kind = CHANGE_PIN, .gone = q->gone});
    pins_set(r, s->seq, r->time, str_of(c->user->name), q->gone);
    return DONE;
}
