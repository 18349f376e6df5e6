/* Who edits a field: taking its lock, renewing it, letting it go. */
#include "append.h"
#include "board_field.h"
#include "caller.h"
#include "client.h"
#include "handle.h"
#include "lock.h"
#include "resume.h"
#include "room.h"

/* What a question about a lock names. */
struct named {
    struct sub *sub;
    int64_t task;
};

/* A field of the table, or the description, which is a text of its own. */
static bool is_field(struct str field, struct err *e)
{
    enum card_field f;
    return str_is(field, "description") || card_field_named(field, &f, e);
}

static enum outcome find(struct hub *h, struct caller *c, const struct request_head *head,
                         int64_t task, struct str field, struct named *out, struct err *e)
{
    struct room *r = room_find(h, head->room);
    *out = (struct named){r ? sub_find(c, r) : NULL, task};
    if (!out->sub) {
        fail(e, ERR_NOT_FOUND, "%.*s is not open", STR_ARG(head->room));
        return REFUSED;
    }
    if (!is_field(field, e))
        return REFUSED;
    enum outcome o = append_ready(h, c->client, r, true, e);
    return o == DONE ? client_number(h, c->client, r, &out->task, e) : o;
}

enum outcome handle_lock(struct hub *h, struct caller *c, const struct msg *m, struct err *e)
{
    const struct msg_lock *q = &m->lock;
    struct named n;
    enum outcome o = find(h, c, &q->head, q->task, q->field, &n, e);
    if (o != DONE)
        return o;
    const struct card *card = board_card(&n.sub->room->board, n.task);
    if (!card || card->archived)
        fail(e, ERR_NOT_FOUND,
             card ? "card %lld of %s is put away" : "there is no card %lld in %s",
             (long long)n.task, n.sub->room->name);
    else if (lock_take(h, n.sub, n.task, q->field, q->take, e))
        client_ok(h, c->client, q->head.id, q->head.room, 0, n.task);
    return e->code == ERR_NONE ? DONE : REFUSED;
}

enum outcome handle_unlock(struct hub *h, struct caller *c, const struct msg *m, struct err *e)
{
    const struct msg_unlock *q = &m->unlock;
    struct named n;
    enum outcome o = find(h, c, &q->head, q->task, q->field, &n, e);
    if (o != DONE)
        return o;
    if (!lock_release(h, n.sub, n.task, q->field, e))
        return REFUSED;
    client_ok(h, c->client, q->head.id, q->head.room, 0, n.task);
    return DONE;
}
