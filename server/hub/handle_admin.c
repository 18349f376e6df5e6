/* For admins of the server: accounts, tokens, figures. */
#include "account.h"
#include "ask.h"
#include "audit.h"
#include "caller.h"
#include "client.h"
#include "handle.h"

#include <stdlib.h>

enum { USER_BYTES = 128, TOKEN_BYTES = 240 };

static int by_name(const void *a, const void *b)
{
    return str_cmp(((const struct user_item *)a)->user, ((const struct user_item *)b)->user);
}

enum outcome handle_admin_users(struct hub *h, struct caller *c, const struct msg *m,
                                struct err *e)
{
    (void)e;
    size_t n = 0, most = MIN(HASH_COUNT(h->users), (size_t)FRAME_OUT_MAX / USER_BYTES);
    struct user_item *v = arena_alloc(&h->arena, most * sizeof *v);
    for (struct user *u = h->users; u && n < most; u = u->hh.next) {
        if (u->exists)
            v[n++] = (struct user_item){str_of(u->name), u->admin, u->disabled,
                                        u->created,      u->seen,  u->bot};
    }
    if (n)
        qsort(v, n, sizeof *v, by_name);
    struct msg list = {.type = MSG_USER_LIST};
    list.user_list.head.re = m->admin_users.head.id;
    list.user_list.users.v = v;
    list.user_list.users.n = n;
    caller_send(h, c, &list);
    return DONE;
}

/* Nobody comes to a bot's name, nor does a bot to a person's. */
static bool stays_what_it_is(const struct user *u, const struct msg_admin_user_set *q,
                             struct err *e)
{
    bool is_taken = u && (u->exists || u->puts || u->conns);
    if (q->bot && q->admin)
        return fail(e, ERR_FORBIDDEN, "a bot cannot be an admin");
    if (is_taken && u->bot && !q->bot)
        return fail(e, ERR_EXISTS, "%s is a bot, and stays one", u->name);
    if (is_taken && !u->bot && q->bot)
        return fail(e, ERR_EXISTS, "%s is a person's account, and stays one", u->name);
    return true;
}

enum outcome handle_admin_user_set(struct hub *h, struct caller *c, const struct msg *m,
                                   struct err *e)
{
    const struct msg_admin_user_set *q = &m->admin_user_set;
    if (q->disabled && str_is(q->user, c->user->name)) {
        fail(e, ERR_FORBIDDEN, "you cannot disable your own account");
        return REFUSED;
    }
    if (!user_find(h, q->user) && HASH_COUNT(h->users) >= USERS_MAX) {
        fail(e, ERR_LIMIT, "this server has at most %d accounts", USERS_MAX);
        return REFUSED;
    }
    if (!stays_what_it_is(user_find(h, q->user), q, e))
        return REFUSED;
    struct ask *a = question_new(h, ASK_USER_SET, c, q->head.id, e);
    if (!a)
        return REFUSED;
    struct user *u = user_make(h, q->user);
    u->bot = q->bot;
    u->put_admin = q->admin;
    u->put_disabled = q->disabled;
    user_put(h, u, a, c);
    return DONE;
}

void answer_user_set(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct caller *c = question_end(h, a);
    struct user *u = a->user;
    user_stored(u, j);
    if (j->err.code != ERR_NONE) {
        h->counts.store_failures++;
        if (c)
            caller_error(h, c, a->id, &j->err);
        u->bot = u->bot && (u->exists || u->puts);
        user_forget(h, u);
        return;
    }
    if (c)
        client_ok(h, c->client, a->id, (struct str){0}, 0, 0);
    user_changed(h, u);
}

/* ---- tokens ---- */

static enum outcome mint(struct hub *h, struct caller *c, int64_t id, struct str user,
                         int64_t ttl, bool invite, scope_set scopes, struct err *e)
{
    struct ask *a = question_new(h, ASK_MINT, c, id, e);
    if (!a)
        return REFUSED;
    a->invite = invite;
    struct output *o = out_add(h, OUT_MINT);
    o->tag = a->tag;
    o->user = str_keep(&h->out->arena, user);
    o->ttl = MIN(ttl, TOKEN_TTL_MAX_S);
    o->invite = invite;
    o->scopes = scopes;
    return DONE;
}

enum outcome handle_admin_token(struct hub *h, struct caller *c, const struct msg *m,
                                struct err *e)
{
    const struct msg_admin_token *q = &m->admin_token;
    const struct user *u = user_find(h, q->user);
    if (!u || !u->exists) {
        fail(e, ERR_NOT_FOUND, "there is no account %.*s", STR_ARG(q->user));
        return REFUSED;
    }
    scope_set scopes;
    if (!scope_parse(q->scopes, &scopes, e))
        return REFUSED;
    if (u->bot && !scopes) {
        fail(e, ERR_BAD_FIELD,
             "%s is a bot: its token names scopes, of read, chat, board, "
             "notes, rooms",
             u->name);
        return REFUSED;
    }
    return mint(h, c, q->head.id, q->user, q->ttl, false, scopes, e);
}

enum outcome handle_admin_invite(struct hub *h, struct caller *c, const struct msg *m,
                                 struct err *e)
{
    const struct msg_admin_invite *q = &m->admin_invite;
    const struct user *u = user_find(h, q->user);
    if (u && u->bot) {
        fail(e, ERR_FORBIDDEN, "%s is a bot: it is not invited, but given a token", u->name);
        return REFUSED;
    }
    return mint(h, c, q->head.id, q->user, q->ttl, true, 0, e);
}

void answer_mint(struct hub *h, struct ask *a, const struct hub_input *in)
{
    struct caller *c;
    struct ask *next = question_minted(h, a, in, ASK_TOKEN_PUT, &c);
    if (!next)
        return;
    struct store_job *j = store_job_new(JOB_TOKEN_PUT);
    j->token = (struct store_token){.id = str_keep(&j->arena, in->token_id),
                                    .user = str_keep(&j->arena, in->identity.user),
                                    .issued = h->now,
                                    .expires = in->expires,
                                    .invite = a->invite};
    struct buf scopes = {0};
    scope_print(&scopes, in->identity.scopes, ',');
    j->token.scopes = str_keep(&j->arena, buf_str(&scopes));
    buf_finish(&scopes);
    audit_note(h, j, a->invite ? "invite.make" : "token.make", str_of(c->user->name),
               j->token.user, "%.*s%s%.*s", STR_ARG(j->token.id),
               j->token.scopes.n ? " for " : "", STR_ARG(j->token.scopes));
    ask_store(h, next, j);
}

void answer_token_put(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct caller *c = question_end(h, a);
    h->counts.store_failures += j->err.code != ERR_NONE;
    if (!c)
        return;
    if (j->err.code != ERR_NONE) {
        caller_error(h, c, a->id, &j->err);
        return;
    }
    struct msg m = {.type = MSG_TOKEN};
    m.token = (struct msg_token){.head.re = a->id,
                                 .user = j->token.user,
                                 .token = str_of(a->token),
                                 .token_id = j->token.id,
                                 .expires = j->token.expires};
    caller_send(h, c, &m);
}

enum outcome handle_admin_tokens(struct hub *h, struct caller *c, const struct msg *m,
                                 struct err *e)
{
    struct ask *a = question_new(h, ASK_TOKENS, c, m->admin_tokens.head.id, e);
    if (!a)
        return REFUSED;
    ask_store(h, a, store_job_new(JOB_TOKENS));
    return DONE;
}

static int newest_first(const void *a, const void *b)
{
    const struct token_item *x = a, *y = b;
    if (x->issued != y->issued)
        return x->issued < y->issued ? 1 : -1;
    return str_cmp(x->token_id, y->token_id);
}

void answer_tokens(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct caller *c = question_end(h, a);
    h->counts.store_failures += j->err.code != ERR_NONE;
    if (!c)
        return;
    if (j->err.code != ERR_NONE) {
        caller_error(h, c, a->id, &j->err);
        return;
    }
    struct token_item *v = arena_alloc(&h->arena, j->tokens.n * sizeof *v);
    for (size_t i = 0; i < j->tokens.n; i++) {
        const struct store_token *t = &j->tokens.v[i];
        v[i] = (struct token_item){t->id,      t->user,   t->issued, t->expires,
                                   t->revoked, t->invite, t->scopes};
    }
    if (j->tokens.n)
        qsort(v, j->tokens.n, sizeof *v, newest_first);
    struct msg m = {.type = MSG_TOKEN_LIST};
    m.token_list.head.re = a->id;
    m.token_list.tokens.v = v;
    m.token_list.tokens.n = MIN(j->tokens.n, (size_t)FRAME_OUT_MAX / TOKEN_BYTES);
    caller_send(h, c, &m);
}

enum outcome handle_admin_revoke(struct hub *h, struct caller *c, const struct msg *m,
                                 struct err *e)
{
    struct ask *a = question_new(h, ASK_REVOKE, c, m->admin_revoke.head.id, e);
    if (!a)
        return REFUSED;
    struct store_job *j = store_job_new(JOB_TOKEN_REVOKE);
    j->token.id = str_keep(&j->arena, m->admin_revoke.token_id);
    audit_note(h, j, "token.revoke", str_of(c->user->name), j->token.id, "%s", "");
    ask_store(h, a, j);
    return DONE;
}

void answer_revoke(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct caller *c = question_end(h, a);
    if (j->err.code != ERR_NONE) {
        h->counts.store_failures += j->err.code != ERR_NOT_FOUND;
        if (c)
            caller_error(h, c, a->id, &j->err);
        return;
    }
    if (c)
        client_ok(h, c->client, a->id, (struct str){0}, 0, 0);
    token_revoke(h, j->token.id, j->token.expires);
    token_expel(h, j->token.id);
}
