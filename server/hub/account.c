#include "account.h"

#include "append.h"
#include "ask.h"
#include "audit.h"
#include "caller.h"
#include "client.h"
#include "dispatch.h"
#include "resume.h"
#include "room.h"
#include "standing.h"

#include <stdlib.h>
#include <string.h>

enum { WS_POLICY = 1008, WS_TRY_LATER = 1013 };

struct user *user_find(const struct hub *h, struct str name)
{
    struct user *u = NULL;
    if (name.n)
        HASH_FIND(hh, h->users, name.p, (unsigned)name.n, u);
    return u;
}

struct user *user_make(struct hub *h, struct str name)
{
    struct user *u = user_find(h, name);
    if (u)
        return u;
    bug_on(name.n == 0 || name.n > USER_NAME_MAX);
    u = NEW(struct user);
    memcpy(u->name, name.p, name.n);
    HASH_ADD_KEYPTR(hh, h->users, u->name, (unsigned)name.n, u);
    return u;
}

void user_free(struct hub *h, struct user *u)
{
    HASH_DEL(h->users, u);
    vec_finish(&u->rooms);
    standing_finish(&u->standing);
    free(u->pulse);
    free(u);
}

void user_join(struct hub *h, struct caller *c, struct str name)
{
    c->user = user_make(h, name);
    h->counts.people += !c->user->conns;
    DL_APPEND(c->user->conns, c);
}

void user_forget(struct hub *h, struct user *u)
{
    if (!u->exists && !u->joining && !u->conns && !u->puts && !u->rooms.n && !u->clients &&
        !u->memberships)
        user_free(h, u);
}

void user_leave(struct hub *h, struct caller *c)
{
    struct user *u = c->user;
    DL_DELETE(u->conns, c);
    h->counts.people -= !u->conns;
    user_forget(h, u);
}

void user_load(struct hub *h, const struct store_user *from)
{
    struct user *u = user_make(h, from->name);
    u->exists = true;
    u->admin = u->put_admin = from->admin;
    u->disabled = u->put_disabled = from->disabled;
    u->bot = from->bot;
    u->created = from->created;
    u->seen = u->seen_put = from->seen;
}

void user_add_room(struct user *u, struct room *r)
{
    for (size_t i = 0; i < u->rooms.n; i++) {
        if (u->rooms.v[i] == r)
            return;
    }
    vec_push(&u->rooms, r);
}

void user_drop_room(struct user *u, struct room *r)
{
    for (size_t i = 0; i < u->rooms.n; i++) {
        if (u->rooms.v[i] == r) {
            vec_remove(&u->rooms, i);
            return;
        }
    }
}

void user_put(struct hub *h, struct user *u, struct ask *a, const struct caller *by)
{
    struct store_job *j = store_job_new(JOB_USER_PUT);
    u->created = u->created ? u->created : h->now;
    u->puts++;
    j->user = (struct store_user){
        .name = str_keep(&j->arena, str_of(u->name)),
        .admin = u->put_admin,
        .disabled = u->put_disabled,
        .bot = u->bot,
        .created = u->created,
        .seen = u->seen_put,
    };
    a->user = u;
    if (by)
        audit_note(h, j, "user.set", str_of(by->user->name), j->user.name, "%s, %s%s",
                   u->put_admin ? "admin" : "no admin",
                   u->put_disabled ? "disabled" : "enabled", u->bot ? ", a bot" : "");
    ask_store(h, a, j);
}

void user_stored(struct user *u, const struct store_job *j)
{
    u->puts--;
    if (j->err.code == ERR_NONE) {
        u->exists = true;
        u->admin = j->user.admin;
        u->disabled = j->user.disabled;
        u->seen = MAX(u->seen, j->user.seen);
    } else if (u->puts == 0) {
        u->put_admin = u->admin;
        u->put_disabled = u->disabled;
        u->seen_put = u->seen;
    }
}

static void close_forbidden(struct hub *h, struct caller *c)
{
    for (size_t i = c->subs.n; i-- > 0;) {
        struct sub *s = c->subs.v[i];
        if (room_power(s->room, c, false) == ROLE_NONE)
            sub_dismiss(h, s, ERR_FORBIDDEN, "only its members may read it");
    }
    resume_step(h, c);
}

void user_changed(struct hub *h, struct user *u)
{
    h->hooks_at = u->bot ? h->now : h->hooks_at;
    for (struct caller *c = u->conns, *next; c; c = next) {
        next = c->next;
        if (u->disabled && !c->local_admin)
            caller_end(h, c, ERR_REVOKED, WS_POLICY, -1, "the account was disabled");
        else
            close_forbidden(h, c);
    }
}

void user_seen(struct hub *h, struct user *u)
{
    u->seen = h->now;
    if (h->now - u->seen_put < SEEN_EVERY_MS)
        return;
    u->seen_put = h->now;
    user_put(h, u, ask_new(h, ASK_SEEN, NULL, 0), NULL);
}

/* ---- the lobby and who comes for the first time ---- */

void lobby_make(struct hub *h)
{
    struct str name = str_of(h->lobby);
    if (!name.n || room_find(h, name))
        return;
    struct room *r = room_new(h, name, true);
    append_room(h, r, NULL, STR("mootd"), 0);
}

/* False when the lobby cannot take another event now. */
static bool lobby_join(struct hub *h, struct user *u)
{
    struct room *lobby = room_find(h, str_of(h->lobby));
    if (!lobby || room_role(lobby, u, true) != ROLE_NONE || lobby->members.n >= MEMBERS_MAX)
        return true;
    if (append_is_full(h, lobby))
        return false;
    if (!lobby->sure) {
        room_load(h, lobby);
        return false;
    }
    append_member(h, lobby, NULL, str_of(u->name), 0, u, ROLE_MEMBER);
    return true;
}

static void newcomer_put(struct hub *h, struct user *u)
{
    u->seen_put = h->now;
    user_put(h, u, ask_new(h, ASK_NEWCOMER, NULL, 0), NULL);
}

void newcomer_begin(struct hub *h, struct user *u)
{
    if (u->joining)
        return;
    u->joining = true;
    lobby_make(h);
    if (u->bot || lobby_join(h, u)) /* a bot is where it was put */
        newcomer_put(h, u);
    else
        vec_push(&h->newcomers, u);
}

void newcomer_retry(struct hub *h)
{
    while (h->newcomers.n && lobby_join(h, h->newcomers.v[0])) {
        newcomer_put(h, h->newcomers.v[0]);
        vec_remove(&h->newcomers, 0);
    }
}

void newcomer_skip_lobby(struct hub *h)
{
    vec_each (u, &h->newcomers)
        newcomer_put(h, *u);
    h->newcomers.n = 0;
}

static void turn_away(struct hub *h, struct user *u, const struct err *e)
{
    for (struct caller *c = u->conns, *next; c; c = next) {
        next = c->next;
        bool is_last = !next;
        if (c->state == CALLER_PARKED)
            caller_end(h, c, e->code, WS_TRY_LATER, 2000, "the account could not be made: %s",
                       err_sentence(e->code));
        if (is_last)
            return;
    }
    user_forget(h, u);
}

void newcomer_stored(struct hub *h, struct user *u, const struct store_job *j)
{
    u->joining = false;
    user_stored(u, j);
    if (j->err.code != ERR_NONE) {
        turn_away(h, u, &j->err);
        return;
    }
    for (struct caller *c = u->conns, *next; c; c = next) {
        next = c->next;
        dispatch_parked(h, c);
    }
}

/* ---- revoked tokens ---- */

bool token_is_revoked(const struct hub *h, struct str id)
{
    struct revoked *r = NULL;
    if (id.n)
        HASH_FIND(hh, h->revoked, id.p, (unsigned)id.n, r);
    return r;
}

void token_revoke(struct hub *h, struct str id, int64_t expires)
{
    if (id.n == 0 || id.n > TOKEN_ID_MAX || token_is_revoked(h, id))
        return;
    struct revoked *r = NEW(struct revoked);
    memcpy(r->id, id.p, id.n);
    r->expires = expires;
    HASH_ADD_KEYPTR(hh, h->revoked, r->id, (unsigned)id.n, r);
}

void token_expel(struct hub *h, struct str id)
{
    for (size_t i = 0; i < h->conns.n; i++) {
        struct caller *c = caller_at(h, (uint32_t)i);
        if (c && c->token_id && str_is(id, c->token_id))
            caller_end(h, c, ERR_REVOKED, WS_POLICY, -1, "the token was revoked");
    }
}
