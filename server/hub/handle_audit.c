/* For admins of the server: a word to everybody, the end of somebody's session, what admins
 * did. The first two are done at once: they are wanted most when the disk fails. */
#include "account.h"
#include "ask.h"
#include "audit.h"
#include "caller.h"
#include "client.h"
#include "handle.h"

enum { WS_POLICY = 1008, COMES_BACK_BY_HAND = -1 };

enum outcome handle_admin_notice(struct hub *h, struct caller *c, const struct msg *m,
                                 struct err *e)
{
    const struct msg_admin_notice *q = &m->admin_notice;
    struct str author = str_of(c->user->name);
    struct msg notice = {.type = MSG_NOTICE,
                         .notice = {.time = h->now, .author = author, .text = q->text}};
    (void)e;
    for (size_t i = 0; i < h->conns.n; i++) {
        struct caller *other = caller_at(h, (uint32_t)i);
        if (other && other->state == CALLER_READY)
            caller_send(h, other, &notice);
    }
    audit_put(h, "notice", author, (struct str){0}, q->text);
    client_ok(h, c->client, q->head.id, (struct str){0}, 0, 0);
    return DONE;
}

enum outcome handle_admin_kick(struct hub *h, struct caller *c, const struct msg *m,
                               struct err *e)
{
    const struct msg_admin_kick *q = &m->admin_kick;
    struct user *u = user_find(h, q->user);
    size_t ended = 0;
    for (struct caller *other = u ? u->conns : NULL, *next; other; other = next) {
        next = other->next;
        if (other == c)
            continue;
        ended++;
        caller_end(h, other, ERR_KICKED, WS_POLICY, COMES_BACK_BY_HAND,
                   "%s ended the session%s%.*s", c->user->name, q->text.n ? ": " : "",
                   STR_ARG(q->text));
    }
    if (ended == 0) {
        fail(e, ERR_NOT_FOUND, "%.*s has no %sconnection", STR_ARG(q->user),
             u == c->user ? "other " : "");
        return REFUSED;
    }
    audit_put(h, "kick", str_of(c->user->name), q->user, q->text);
    client_ok(h, c->client, q->head.id, (struct str){0}, 0, 0);
    return DONE;
}

enum outcome handle_admin_audit(struct hub *h, struct caller *c, const struct msg *m,
                                struct err *e)
{
    const struct msg_admin_audit *q = &m->admin_audit;
    struct ask *a = question_new(h, ASK_AUDIT, c, q->head.id, e);
    if (!a)
        return REFUSED;
    struct store_job *j = store_job_new(JOB_AUDIT);
    j->from = q->before;
    j->limit = q->limit;
    ask_store(h, a, j);
    return DONE;
}

void answer_audit(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct caller *c = question_end(h, a);
    h->counts.store_failures += j->err.code != ERR_NONE;
    if (!c)
        return;
    if (j->err.code != ERR_NONE) {
        caller_error(h, c, a->id, &j->err);
        return;
    }
    struct audit_item *v = arena_alloc(&h->arena, j->audits.n * sizeof *v);
    for (size_t i = 0; i < j->audits.n; i++) {
        const struct store_audit *row = &j->audits.v[i];
        v[i] = (struct audit_item){.number = row->number,
                                   .time = row->time,
                                   .author = row->author,
                                   .act = row->act,
                                   .subject = row->subject,
                                   .words = row->words};
    }
    struct msg list = {.type = MSG_AUDIT_LIST};
    list.audit_list.head.re = a->id;
    list.audit_list.acts.v = v;
    list.audit_list.acts.n = j->audits.n;
    list.audit_list.more = j->more;
    caller_send(h, c, &list);
}
