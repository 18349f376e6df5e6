/* For admins of the server: hooks. One is a bot in a room, with a token that posts for it, or
 * an address that is told what happens. */
#include "account.h"
#include "ask.h"
#include "audit.h"
#include "caller.h"
#include "client.h"
#include "handle.h"
#include "hook.h"
#include "hook_send.h"
#include "room.h"

/* The bot has to be in the room already, so that everybody there sees it among the members, and
 * an owner can put it out. */
static bool is_in_place(const struct hub *h, const struct msg_admin_hook_add *q, struct err *e)
{
    const struct room *r = room_find(h, q->head.room);
    const struct user *u = user_find(h, q->user);
    if (!r || r->stored == 0)
        return fail(e, ERR_NOT_FOUND, "there is no room %.*s", STR_ARG(q->head.room));
    if (!u || !u->exists || !u->bot)
        return fail(e, ERR_NOT_FOUND, "there is no bot %.*s", STR_ARG(q->user));
    enum role needed = q->url.n ? ROLE_OBSERVER : ROLE_MEMBER;
    if (room_role(r, u, false) < needed)
        return fail(e, ERR_FORBIDDEN, "%s is not in %s as %s", u->name, r->name,
                    role_name(needed));
    return true;
}

static bool fits(const struct hub *h, const struct msg_admin_hook_add *q, struct buf *kinds,
                 struct err *e)
{
    if (h->hooks.n >= HOOKS_MAX)
        return fail(e, ERR_LIMIT, "this server has at most %d hooks", HOOKS_MAX);
    if (!q->url.n && q->kinds.n)
        return fail(e, ERR_BAD_FIELD, "kinds of events go with an address to send them to");
    if (q->url.n && q->task)
        return fail(e, ERR_BAD_FIELD, "a hook that sends events posts on no card");
    if (q->url.n && (!hook_url_fits(q->url, e) ||
                     !hook_kinds_fit(q->kinds.n ? q->kinds : STR("message"), kinds, e)))
        return false;
    return is_in_place(h, q, e);
}

static struct store_job *job_of(const struct hub *h, const struct caller *c,
                                const struct msg_admin_hook_add *q, struct str kinds)
{
    struct store_job *j = store_job_new(JOB_HOOK_ADD);
    struct arena *a = &j->arena;
    j->hook = (struct store_hook){.user = str_keep(a, q->user),
                                  .room = str_keep(a, q->head.room),
                                  .task = q->task,
                                  .url = str_keep(a, q->url),
                                  .kinds = str_keep(a, kinds),
                                  .author = str_keep(a, str_of(c->user->name)),
                                  .created = h->now,
                                  .seq = room_find(h, q->head.room)->stored};
    return j;
}

enum outcome handle_admin_hook_add(struct hub *h, struct caller *c, const struct msg *m,
                                   struct err *e)
{
    const struct msg_admin_hook_add *q = &m->admin_hook_add;
    struct buf kinds = {0};
    struct ask *a = NULL;
    if (fits(h, q, &kinds, e) && (a = question_new(h, ASK_HOOK_MAKE, c, q->head.id, e))) {
        struct output *o = out_add(h, OUT_MINT);
        a->job = job_of(h, c, q, buf_str(&kinds));
        o->tag = a->tag;
        o->hook = true;
        o->outgoing = q->url.n > 0;
    }
    buf_finish(&kinds);
    return a ? DONE : REFUSED;
}

void answer_hook_made(struct hub *h, struct ask *a, const struct hub_input *in)
{
    struct caller *c;
    struct ask *next = question_minted(h, a, in, ASK_HOOK_ADD, &c);
    if (!next)
        return;
    struct store_job *j = a->job;
    a->job = NULL;
    j->hook.id = str_keep(&j->arena, in->token_id);
    j->hook.hash = str_keep(&j->arena, in->hash);
    struct str to = hook_url_shown(j->hook.url, &h->arena);
    audit_note(h, j, "hook.add", str_of(c->user->name), j->hook.user, "%.*s in %.*s%s%.*s",
               STR_ARG(j->hook.id), STR_ARG(j->hook.room), to.n ? " to " : "",
               (int)MIN(to.n, 200), to.p);
    ask_store(h, next, j);
}

/* Who asked, once nothing failed; who did is told otherwise. */
static struct caller *answered(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct caller *c = question_end(h, a);
    h->counts.store_failures += j->err.code != ERR_NONE && j->err.code != ERR_NOT_FOUND;
    if (c && j->err.code != ERR_NONE) {
        caller_error(h, c, a->id, &j->err);
        return NULL;
    }
    return c;
}

void answer_hook_add(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct caller *c = answered(h, a, j);
    if (j->err.code == ERR_NONE)
        hook_load(h, &j->hook);
    struct msg m = {.type = MSG_HOOK};
    m.hook =
        (struct msg_hook){.head.re = a->id, .hook = j->hook.id, .secret = str_of(a->token)};
    if (c)
        caller_send(h, c, &m);
}

enum outcome handle_admin_hooks(struct hub *h, struct caller *c, const struct msg *m,
                                struct err *e)
{
    (void)e;
    struct hook_item *v = arena_alloc(&h->arena, h->hooks.n * sizeof *v);
    struct msg list = {.type = MSG_HOOK_LIST};
    list.hook_list.head.re = m->admin_hooks.head.id;
    list.hook_list.hooks.v = v;
    vec_each (k, &h->hooks) {
        const struct store_hook *row = &(*k)->row;
        bool is_own = str_is(row->author, c->user->name);
        v[list.hook_list.hooks.n++] =
            (struct hook_item){.hook = row->id,
                               .user = row->user,
                               .room = row->room,
                               .task = row->task,
                               .url = is_own ? row->url : hook_url_shown(row->url, &h->arena),
                               .kinds = row->kinds,
                               .author = row->author,
                               .created = row->created,
                               .seq = row->seq,
                               .failing = row->failing,
                               .stopped = row->stopped,
                               .trouble = str_of((*k)->trouble)};
    }
    caller_send(h, c, &list);
    return DONE;
}

static bool no_hook(struct str id, struct err *e)
{
    return fail(e, ERR_NOT_FOUND, "no hook has the id %.*s", STR_ARG(id));
}

/* It is as good as gone at once; should the disk fail, it is there again. */
enum outcome handle_admin_hook_revoke(struct hub *h, struct caller *c, const struct msg *m,
                                      struct err *e)
{
    const struct msg_admin_hook_revoke *q = &m->admin_hook_revoke;
    struct hook *k = hook_find(h, q->hook);
    if (!k || k->leaving) {
        no_hook(q->hook, e);
        return REFUSED;
    }
    struct ask *a = question_new(h, ASK_HOOK_DROP, c, q->head.id, e);
    if (!a)
        return REFUSED;
    struct store_job *j = store_job_new(JOB_HOOK_DROP);
    j->hook.id = str_keep(&j->arena, q->hook);
    audit_note(h, j, "hook.revoke", str_of(c->user->name), k->row.user, "%.*s in %.*s",
               STR_ARG(q->hook), STR_ARG(k->row.room));
    k->leaving = true;
    ask_store(h, a, j);
    return DONE;
}

void answer_hook_drop(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct caller *c = answered(h, a, j);
    struct hook *k = hook_find(h, j->hook.id);
    if (k && (j->err.code == ERR_NONE || j->err.code == ERR_NOT_FOUND))
        hook_forget(h, k);
    else if (k)
        k->leaving = false;
    if (c)
        client_ok(h, c->client, a->id, (struct str){0}, 0, 0);
}

enum outcome handle_admin_hook_resume(struct hub *h, struct caller *c, const struct msg *m,
                                      struct err *e)
{
    const struct msg_admin_hook_resume *q = &m->admin_hook_resume;
    struct hook *k = hook_find(h, q->hook);
    if (!k || k->leaving || !hook_is_outgoing(k)) {
        fail(e, ERR_NOT_FOUND, "no outgoing hook has the id %.*s", STR_ARG(q->hook));
        return REFUSED;
    }
    struct ask *a = question_new(h, ASK_HOOK_SET, c, q->head.id, e);
    if (!a)
        return REFUSED;
    struct store_job *j = store_job_new(JOB_HOOK_SET);
    j->hook = (struct store_hook){.id = str_keep(&j->arena, q->hook), .seq = k->row.seq};
    audit_note(h, j, "hook.resume", str_of(c->user->name), k->row.user, "%.*s in %.*s",
               STR_ARG(q->hook), STR_ARG(k->row.room));
    ask_store(h, a, j);
    return DONE;
}

void answer_hook_set(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct caller *c = answered(h, a, j);
    struct hook *k = hook_find(h, j->hook.id);
    if (k && j->err.code == ERR_NONE)
        hook_resume(h, k);
    if (c)
        client_ok(h, c->client, a->id, (struct str){0}, 0, 0);
}
