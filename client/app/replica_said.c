/* What waits of ours about messages: own ones stand behind the confirmed lines; a line that we
 * change has a second one, `now`, that shows what it will be. */
#include "replica_parts.h"

#include <stdlib.h>

bool replica_is_message_change(enum msg_type type)
{
    return type == MSG_MESSAGE_EDIT || type == MSG_MESSAGE_DELETE || type == MSG_MESSAGE_REACT;
}

bool replica_is_message_event(enum msg_type type)
{
    return type == MSG_MESSAGE || type == MSG_MESSAGE_EDITED || type == MSG_MESSAGE_DELETED ||
           type == MSG_MESSAGE_REACTED || type == MSG_MESSAGE_PINNED ||
           type == MSG_MESSAGE_REMOVED || type == MSG_CHAT_TRIMMED;
}

static struct line *waiting_line(const struct replica *r, const struct pending *p)
{
    const struct msg_message_post *q = &p->msg.message_post;
    const struct line *root = q->reply ? replica_said(r, q->reply) : NULL;
    struct message_item m = {.seq = -p->id,
                             .time = p->time,
                             .author = str_of(r->user),
                             .text = q->text,
                             .task = root ? root->task : replica_number_of(r, q->task),
                             .reply = replica_number_of(r, q->reply)};
    if (root) {
        m.to = root->author;
        m.reply = root->reply ? root->reply : root->seq;
    }
    struct line *l = line_new(&m);
    l->waits = true;
    return l;
}

/* ---- changes ---- */

/* The line to change: the second one, made if there is none. */
static struct line *now_of(struct replica *r, int64_t message)
{
    struct line *l = replica_base_line(r, message);
    if (!l)
        return NULL;
    if (!l->now) {
        l->now = line_copy(l);
        l->now->waits = true;
        vec_push(&r->overlaid, l);
    }
    return l->now;
}

static void change(struct replica *r, const struct pending *p)
{
    const struct msg *m = &p->msg;
    struct line *l;
    if (m->type == MSG_MESSAGE_EDIT && (l = now_of(r, m->message_edit.message))) {
        line_say(l, m->message_edit.text);
        l->edited = MAX(p->time, 1);
    } else if (m->type == MSG_MESSAGE_DELETE && (l = now_of(r, m->message_delete.message))) {
        line_delete(l, str_of(r->user));
    } else if (m->type == MSG_MESSAGE_REACT && (l = now_of(r, m->message_react.message))) {
        line_react(l, m->message_react.emoji, str_of(r->user), 0, m->message_react.gone);
    }
}

void replica_unlay(struct replica *r)
{
    vec_each (l, &r->overlaid) {
        line_free((*l)->now);
        (*l)->now = NULL;
    }
    r->overlaid.n = 0;
}

void replica_overlay(struct replica *r)
{
    replica_unlay(r);
    if (r->changes == 0)
        return;
    vec_each (p, &r->pending)
        if (replica_is_message_change((*p)->msg.type))
            change(r, *p);
}

/* ---- what waits ---- */

void replica_said_wait(struct replica *r, const struct pending *p)
{
    if (p->msg.type == MSG_MESSAGE_POST) {
        struct line *l = waiting_line(r, p);
        vec_push(&r->waiting, l);
    }
    if (!replica_is_message_change(p->msg.type))
        return;
    r->changes++;
    change(r, p);
}

static void drop_waiting(struct replica *r, int64_t seq)
{
    for (size_t i = 0; i < r->waiting.n; i++) {
        if (r->waiting.v[i]->seq != seq)
            continue;
        replica_unlay(r);
        line_free(r->waiting.v[i]);
        vec_remove(&r->waiting, i);
        return;
    }
}

void replica_said_settle(struct replica *r, const struct pending *p)
{
    if (p->msg.type == MSG_MESSAGE_POST)
        drop_waiting(r, -p->id);
    if (replica_is_message_change(p->msg.type))
        r->changes--;
    if (p->msg.type == MSG_MESSAGE_POST || replica_is_message_change(p->msg.type))
        replica_overlay(r);
}

void replica_clear_waiting(struct replica *r)
{
    replica_unlay(r);
    r->changes = 0;
    vec_each (l, &r->waiting)
        line_free(*l);
    r->waiting.n = 0;
}

bool replica_check_said(const struct replica *r, struct err *e)
{
    size_t posts = 0, changes = 0, now = 0;
    vec_each (p, &r->pending) {
        if ((*p)->msg.type == MSG_MESSAGE_POST) {
            if (posts >= r->waiting.n || r->waiting.v[posts]->seq != -(*p)->id)
                return fail(e, ERR_INTERNAL, "%s: message %lld does not show", r->name,
                            (long long)(*p)->id);
            posts++;
        }
        changes += replica_is_message_change((*p)->msg.type);
    }
    for (size_t i = 0; i < r->lines.n; i++)
        now += r->lines.v[i]->now != NULL;
    for (size_t i = 0; i < r->waiting.n; i++)
        now += r->waiting.v[i]->now != NULL;
    for (size_t i = 0; i < r->far.n; i++)
        now += r->far.v[i]->now != NULL;
    if (posts != r->waiting.n || changes != r->changes || now != r->overlaid.n)
        return fail(e, ERR_INTERNAL, "%s: %zu messages wait, %zu changes, %zu of them shown",
                    r->name, posts, changes, now);
    for (size_t i = 1; i < r->pins.n; i++) {
        if (r->pins.v[i - 1].message >= r->pins.v[i].message)
            return fail(e, ERR_INTERNAL, "%s: pins are out of order", r->name);
    }
    return true;
}
