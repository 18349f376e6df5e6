/* Sign-in, opening and closing rooms, signs of life, tokens of one's own. */
#include "account.h"
#include "ask.h"
#include "audit.h"
#include "caller.h"
#include "client.h"
#include "handle.h"
#include "resume.h"
#include "room.h"

#include <stdlib.h>

enum { WS_POLICY = 1008, WELCOME_BYTES = 1024 };

static bool is_welcome(struct hub *h, const struct caller *c, struct err *e)
{
    struct identity who = {.user = str_of(c->user->name),
                           .token_id = str_of(c->token_id),
                           .expires = c->expires,
                           .admin = c->local_admin,
                           .invite = c->invite,
                           .scopes = c->scopes};
    return hub_admits(h, &who, e);
}

static void send_welcome(struct hub *h, struct caller *c)
{
    struct user *u = c->user;
    size_t n = 0, left = FRAME_OUT_MAX - WELCOME_BYTES;
    struct room_item *rooms = arena_alloc(&h->arena, u->rooms.n * sizeof *rooms);
    for (; n < u->rooms.n && room_item_fits(u->rooms.v[n], &left); n++)
        rooms[n] = room_item(u->rooms.v[n], u);
    struct msg m = {.type = MSG_WELCOME};
    m.welcome = (struct msg_welcome){
        .version = PROTOCOL_VERSION,
        .server = str_of(h->server),
        .user = str_of(u->name),
        .admin = caller_is_admin(c),
        .session = c->session,
        .time = h->now,
        .expires = c->expires,
        .heartbeat = h->heartbeat_ms / 1000,
        .revision = PROTOCOL_REVISION,
        .log = str_of(h->log),
        .rooms = {rooms, n},
    };
    caller_send(h, c, &m);
}

static void open_wanted(struct hub *h, struct caller *c, const struct room_since *want)
{
    struct err e = {0};
    struct room *r = room_find(h, want->room);
    if (!scope_allows(c->scopes, SCOPE_READ))
        fail(&e, ERR_FORBIDDEN, "the token has not the scope read");
    else if (!r || r->stored == 0 || room_power(r, c, false) == ROLE_NONE)
        fail(&e, ERR_NOT_FOUND, "there is no room %.*s that you are in", STR_ARG(want->room));
    else
        sub_open(h, c, r, want->since, want->snapshot, &e);
    if (e.code != ERR_NONE)
        sub_refuse(h, c, want->room, &e);
}

/* Waits until the store's answers say who this is; then the same hello comes again. */
static enum outcome wait_parked(struct caller *c)
{
    c->state = CALLER_PARKED;
    return BLOCKED;
}

enum outcome handle_hello(struct hub *h, struct caller *c, const struct msg *m, struct err *e)
{
    const struct msg_hello *hello = &m->hello;
    if (str_is(hello->client, STORE_OWN_CLIENT)) {
        fail(e, ERR_BAD_FIELD, "hello: client: %s is the server's own", STORE_OWN_CLIENT);
        return REFUSED;
    }
    if (!h->booted)
        return wait_parked(c);
    if (!is_welcome(h, c, e)) {
        caller_end(h, c, e->code, WS_POLICY, -1, "%s", e->text);
        return DONE;
    }
    if (!c->invite && (!c->user->exists || c->user->seen == 0)) {
        wait_parked(c);
        newcomer_begin(h, c->user);
        return BLOCKED;
    }
    c->state = CALLER_READY;
    client_enter(h, c, hello->client);
    if (!c->invite)
        user_seen(h, c->user);
    send_welcome(h, c);
    if (c->invite && hello->rooms.n) {
        fail(e, ERR_FORBIDDEN, "who came by an invite can open no room");
        return REFUSED;
    }
    for (size_t i = 0; i < hello->rooms.n; i++)
        open_wanted(h, c, &hello->rooms.v[i]);
    resume_step(h, c);
    return DONE;
}

enum outcome handle_open(struct hub *h, struct caller *c, const struct msg *m, struct err *e)
{
    struct room *r = room_find(h, m->open.head.room);
    if (!sub_open(h, c, r, m->open.since, m->open.snapshot, e))
        return REFUSED;
    client_ok(h, c->client, m->open.head.id, str_of(r->name), r->stored, 0);
    resume_step(h, c);
    return DONE;
}

enum outcome handle_close(struct hub *h, struct caller *c, const struct msg *m, struct err *e)
{
    struct room *r = room_find(h, m->close.head.room);
    struct sub *s = r ? sub_find(c, r) : NULL;
    if (!s) {
        fail(e, ERR_NOT_FOUND, "%.*s is not open", STR_ARG(m->close.head.room));
        return REFUSED;
    }
    sub_close(h, s);
    client_ok(h, c->client, m->close.head.id, m->close.head.room, 0, 0);
    resume_step(h, c);
    return DONE;
}

enum outcome handle_ping(struct hub *h, struct caller *c, const struct msg *m, struct err *e)
{
    (void)e;
    struct msg pong = {.type = MSG_PONG};
    pong.pong = (struct msg_pong){.head.re = m->ping.head.id, .time = h->now};
    caller_send(h, c, &pong);
    return DONE;
}

enum outcome handle_renew(struct hub *h, struct caller *c, const struct msg *m, struct err *e)
{
    if (!c->token_id) {
        fail(e, ERR_FORBIDDEN, "this session came without a token and does not end with one");
        return REFUSED;
    }
    struct ask *a = question_new(h, ASK_CHECK, c, m->renew.head.id, e);
    if (!a)
        return REFUSED;
    struct output *o = out_add(h, OUT_CHECK);
    o->tag = a->tag;
    o->token = str_keep(&h->out->arena, m->renew.token);
    return DONE;
}

static bool is_renewable(const struct hub *h, const struct caller *c,
                         const struct hub_input *in, struct err *e)
{
    struct str id = in->identity.token_id.n ? in->identity.token_id : in->token_id;
    if (in->err.code != ERR_NONE) {
        *e = in->err;
        return false;
    }
    if (!str_is(in->identity.user, c->user->name))
        return fail(e, ERR_FORBIDDEN, "the new token is not for %s", c->user->name);
    if (in->identity.invite)
        return fail(e, ERR_FORBIDDEN, "an invite is no token");
    if (c->user->bot && !in->identity.scopes)
        return fail(e, ERR_FORBIDDEN, "%s is a bot: its token has scopes", c->user->name);
    if (token_is_revoked(h, id))
        return fail(e, ERR_REVOKED, "the new token was revoked");
    return true;
}

void answer_check(struct hub *h, struct ask *a, const struct hub_input *in)
{
    struct caller *c = question_end(h, a);
    struct err e = {0};
    if (!c)
        return;
    if (!is_renewable(h, c, in, &e)) {
        caller_refuse(h, c, a->id, &e);
        return;
    }
    struct str id = in->identity.token_id.n ? in->identity.token_id : in->token_id;
    free(c->token_id);
    c->token_id = str_dup(id);
    c->expires = in->identity.expires ? in->identity.expires : in->expires;
    c->scopes = in->identity.scopes;
    struct msg m = {.type = MSG_RENEWED};
    m.renewed = (struct msg_renewed){.head.re = a->id, .expires = c->expires};
    caller_send(h, c, &m);
    while (c->subs.n && !scope_allows(c->scopes, SCOPE_READ))
        sub_dismiss(h, c->subs.v[c->subs.n - 1], ERR_FORBIDDEN,
                    "the new token has not the scope read");
}

enum outcome handle_invite_accept(struct hub *h, struct caller *c, const struct msg *m,
                                  struct err *e)
{
    if (!c->invite) {
        fail(e, ERR_FORBIDDEN, "this connection did not come by an invite");
        return REFUSED;
    }
    struct ask *a = question_new(h, ASK_MINT_OWN, c, m->invite_accept.head.id, e);
    if (!a)
        return REFUSED;
    struct output *o = out_add(h, OUT_MINT);
    o->tag = a->tag;
    o->user = str_keep(&h->out->arena, str_of(c->user->name));
    o->ttl = INVITED_TTL_S;
    return DONE;
}

void answer_mint_own(struct hub *h, struct ask *a, const struct hub_input *in)
{
    struct caller *c;
    struct ask *next = question_minted(h, a, in, ASK_INVITE_USE, &c);
    if (!next)
        return;
    struct store_job *j = store_job_new(JOB_INVITE_USE);
    j->invite = str_keep(&j->arena, str_of(c->token_id));
    j->user = (struct store_user){.name = str_keep(&j->arena, str_of(c->user->name)),
                                  .created = h->now};
    j->token = (struct store_token){.id = str_keep(&j->arena, in->token_id),
                                    .user = j->user.name,
                                    .issued = h->now,
                                    .expires = in->expires};
    audit_note(h, j, "invite.accept", j->user.name, j->invite, "%.*s", STR_ARG(j->token.id));
    ask_store(h, next, j);
}

void answer_invite_use(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct caller *c = question_end(h, a);
    if (j->err.code != ERR_NONE) {
        h->counts.store_failures += err_is_passing(j->err.code);
        if (c)
            caller_error(h, c, a->id, &j->err);
        return;
    }
    token_revoke(h, j->invite, 0);
    if (!user_find(h, j->user.name) || !user_find(h, j->user.name)->exists)
        user_load(h, &j->user);
    struct msg m = {.type = MSG_TOKEN};
    m.token = (struct msg_token){.head.re = a->id,
                                 .user = j->token.user,
                                 .token = str_of(a->token),
                                 .token_id = j->token.id,
                                 .expires = j->token.expires};
    if (c)
        caller_send(h, c, &m);
}
