#include "hub.h"

#include "account.h"
#include "append.h"
#include "ask.h"
#include "audit.h"
#include "caller.h"
#include "client.h"
#include "dispatch.h"
#include "handle.h"
#include "hook.h"
#include "hook_send.h"
#include "lock.h"
#include "presence.h"
#include "reading.h"
#include "resume.h"
#include "retention_trim.h"
#include "room.h"
#include "said.h"
#include "text.h"

#include <stdlib.h>

enum { WS_GOING_AWAY = 1001 };

/* ---- the outbox ---- */

void outbox_clear(struct outbox *o)
{
    vec_each (item, &o->items)
        frame_drop(item->frame);
    o->items.n = 0;
    arena_clear(&o->arena);
}

void outbox_finish(struct outbox *o)
{
    outbox_clear(o);
    vec_finish(&o->items);
    arena_finish(&o->arena);
}

/* ---- beginning and end ---- */

struct hub *hub_new(const struct hub_config *c)
{
    struct hub *h = NEW(struct hub);
    bug_on(c->lobby.n && !str_follows(c->lobby, RULE_ROOM));
    h->server = str_dup(c->server);
    h->log = str_dup(c->log);
    h->lobby = str_dup(c->lobby);
    h->heartbeat_ms = (c->heartbeat_s ? c->heartbeat_s : HEARTBEAT_S) * 1000;
    h->retention_ms = c->retention_ms ? c->retention_ms : RETENTION_MS;
    h->next_session = (int64_t)c->session_base;
    h->text_bytes_max = c->text_bytes_max ? c->text_bytes_max : TEXT_BYTES_MAX;
    return h;
}

static void ask_boot(struct hub *h)
{
    struct store_job *j = store_job_new(JOB_BOOT);
    j->from = h->now;
    ask_store(h, ask_new(h, ASK_BOOT, NULL, 0), j);
}

void hub_start(struct hub *h, int64_t now, struct outbox *out)
{
    h->now = now;
    h->out = out;
    ask_boot(h);
    h->out = NULL;
}

static void free_asks(struct hub *h)
{
    struct ask *a, *next;
    HASH_ITER (hh, h->asks, a, next) {
        if (a->room)
            a->room->flights = NULL;
        if (a->client)
            a->client->flights = NULL;
        ask_free(h, a);
    }
}

void hub_free(struct hub *h)
{
    if (!h)
        return;
    struct outbox out = {0};
    h->out = &out;
    for (size_t i = 0; i < h->conns.n; i++)
        caller_closed(h, (uint32_t)i);
    free_asks(h);
    index_free(h);
    h->newcomers.n = 0;
    struct room *r, *next_room;
    HASH_ITER (hh, h->rooms, r, next_room)
        room_free(h, r);
    said_finish(h);
    struct client *c, *next_client;
    HASH_ITER (hh, h->clients, c, next_client)
        client_free(h, c);
    struct user *u, *next_user;
    HASH_ITER (hh, h->users, u, next_user)
        user_free(h, u);
    struct revoked *t, *next_revoked;
    HASH_ITER (hh, h->revoked, t, next_revoked) {
        HASH_DEL(h->revoked, t);
        free(t);
    }
    hooks_free(h);
    outbox_finish(&out);
    vec_finish(&h->conns);
    vec_finish(&h->news);
    vec_finish(&h->states);
    vec_finish(&h->newcomers);
    arena_finish(&h->arena);
    buf_finish(&h->scratch);
    buf_finish(&h->op_json);
    op_finish(&h->op);
    op_finish(&h->op_next);
    free(h->server);
    free(h->log);
    free(h->lobby);
    free(h);
}

/* ---- inputs ---- */

static bool is_name(struct str s, enum str_rule rule, size_t most)
{
    return s.n <= most && str_follows(s, rule);
}

/* A row that this program did not write is passed over: the others are no worse for it. */
static void load_user(struct hub *h, const struct store_user *u)
{
    if (is_name(u->name, RULE_USER, USER_NAME_MAX))
        user_load(h, u);
    else
        out_log(h, 0, "hub.row", "passed over an account with an impossible name");
}

static void load_room(struct hub *h, const struct store_room *r)
{
    if (is_name(r->name, RULE_ROOM, ROOM_NAME_MAX) && r->seq >= 1 && r->seq < SEQ_MAX &&
        !room_find(h, r->name))
        room_load_head(h, r);
    else
        out_log(h, 0, "hub.row", "passed over a room with an impossible name or no events");
}

static void booted(struct hub *h, const struct store_job *j)
{
    if (j->err.code != ERR_NONE) {
        h->counts.store_failures++;
        h->boot_at = h->now + RETRY_MS;
        out_log(h, 0, "hub.boot", "the database cannot be read: %s", j->err.text);
        return;
    }
    if (j->log.n && j->log.n <= LOG_NAME_MAX && str_follows(j->log, RULE_ASCII)) {
        free(h->log);
        h->log = str_dup(j->log);
    }
    for (size_t i = 0; i < j->users.n; i++)
        load_user(h, &j->users.v[i]);
    for (size_t i = 0; i < j->rooms.n; i++)
        load_room(h, &j->rooms.v[i]);
    for (size_t i = 0; i < j->hooks.n; i++)
        hook_load(h, &j->hooks.v[i]);
    for (size_t i = 0; i < j->tokens.n; i++)
        token_revoke(h, j->tokens.v[i].id, j->tokens.v[i].expires);
    h->booted = h->index.stale = true;
    h->index.events++;
    lobby_make(h);
    for (size_t i = 0; i < h->conns.n; i++) {
        struct caller *c = caller_at(h, (uint32_t)i);
        if (c)
            dispatch_parked(h, c);
    }
}

/* ---- what came of each kind of job ---- */

typedef void on_stored(struct hub *h, struct ask *a, const struct store_job *j);

/* Those whose own function wants it otherwise. */
#define STORED(name, ...)                                                                      \
    static void name(struct hub *h, struct ask *a, const struct store_job *j)                  \
    {                                                                                          \
        (void)a;                                                                               \
        __VA_ARGS__;                                                                           \
    }
STORED(stored_boot, booted(h, j))
STORED(stored_room, room_loaded(h, a, j))
STORED(stored_index, index_done(h, j))
STORED(stored_said, said_loaded(h, a, j))
STORED(stored_trimmable, retention_looked(h, a, j))
STORED(stored_text, text_loaded(h, a, j))
STORED(stored_reading, reading_answered(h, a, j))
STORED(stored_newcomer, newcomer_stored(h, a->user, j))
STORED(stored_audit, audit_stored(h, j))
STORED(stored_minute, h->counts.store_failures += j->err.code != ERR_NONE)
STORED(stored_seen, stored_minute(h, a, j); user_stored(a->user, j))

/* Those that are missing are the shell's to answer, not the store's. */
/* clang-format off */
static on_stored *const stored[ASK_COUNT] = {
    [ASK_BOOT] = stored_boot,
    [ASK_APPEND] = append_stored,
    [ASK_ROOM] = stored_room,
    [ASK_LOOKUP] = client_looked_up,
    [ASK_CARD] = client_looked_up,
    [ASK_MESSAGE] = client_looked_up,
    [ASK_EVENTS] = resume_events,
    [ASK_HISTORY] = answer_history,
    [ASK_TRIMMABLE] = stored_trimmable,
    [ASK_ACTIVITY] = answer_activity,
    [ASK_SEARCH] = answer_search,
    [ASK_INDEX] = stored_index,
    [ASK_SAID] = stored_said,
    [ASK_TEXT] = stored_text,
    [ASK_READING] = stored_reading,
    [ASK_READ] = answer_read,
    [ASK_UNREAD] = answer_unread,
    [ASK_ROOMS] = answer_rooms,
    [ASK_NEWCOMER] = stored_newcomer,
    [ASK_SEEN] = stored_seen,
    [ASK_USER_SET] = answer_user_set,
    [ASK_TOKENS] = answer_tokens,
    [ASK_AUDIT] = answer_audit,
    [ASK_AUDIT_PUT] = stored_audit,
    [ASK_REVOKE] = answer_revoke,
    [ASK_TOKEN_PUT] = answer_token_put,
    [ASK_HOOK_ADD] = answer_hook_add,
    [ASK_HOOK_DROP] = answer_hook_drop,
    [ASK_HOOK_SET] = answer_hook_set,
    [ASK_HOOK_READ] = hook_read,
    [ASK_HOOK_KEEP] = hook_kept,
    [ASK_INVITE_USE] = answer_invite_use,
    [ASK_MINUTES] = answer_minutes,
    [ASK_MINUTE_PUT] = stored_minute,
};
/* clang-format on */

static void job_back(struct hub *h, struct store_job *j)
{
    struct ask *a = ask_find(h, j->tag);
    bug_on(!a || !stored[a->kind]);
    audit_tell(h, j);
    stored[a->kind](h, a, j);
    ask_free(h, a);
    store_job_free(j);
}

static void shell_answered(struct hub *h, const struct hub_input *in)
{
    struct ask *a = ask_find(h, in->tag);
    if (!a)
        return;
    if (a->kind == ASK_MINT)
        answer_mint(h, a, in);
    else if (a->kind == ASK_MINT_OWN)
        answer_mint_own(h, a, in);
    else if (a->kind == ASK_HOOK_MAKE)
        answer_hook_made(h, a, in);
    else if (a->kind == ASK_CHECK)
        answer_check(h, a, in);
    else if (a->kind == ASK_FIGURES)
        answer_figures(h, a, in);
    else if (a->kind == ASK_MINUTE)
        answer_minute(h, in);
    else
        return;
    ask_free(h, a);
}

static void frame_in(struct hub *h, const struct hub_input *in)
{
    struct caller *c = caller_at(h, in->conn);
    if (!c)
        return;
    c->heard = h->now;
    dispatch_frame(h, c, in->bytes);
}

static void readable(struct hub *h, uint32_t slot)
{
    struct caller *c = caller_at(h, slot);
    if (!c)
        return;
    c->paused = false;
    resume_step(h, c);
    reading_step(h, c);
}

/* It is told again when its timers are looked at, so once a second at most. */
static void missed(struct hub *h, uint32_t slot)
{
    struct caller *c = caller_at(h, slot);
    if (c)
        c->missed = true;
}

static void drain(struct hub *h)
{
    h->draining = true;
    hooks_drain(h);
    struct msg m = {.type = MSG_BYE};
    m.bye = (struct msg_bye){str_of(err_name(ERR_CLOSING)), str_of(err_sentence(ERR_CLOSING)),
                             1000};
    for (size_t i = 0; i < h->conns.n; i++) {
        struct caller *c = caller_at(h, (uint32_t)i);
        if (c)
            caller_send(h, c, &m);
    }
}

static void alive(struct hub *h, uint32_t slot)
{
    struct caller *c = caller_at(h, slot);
    if (c)
        c->heard = h->now;
}

/* A leap is time in which nobody could be heard: the clock was set, or the machine slept. */
static void pass_time(struct hub *h, int64_t now)
{
    int64_t passed = now - h->now;
    if (passed <= 0)
        return;
    h->now = now;
    if (passed >= LEAP_MS) {
        caller_forgive(h, passed);
        hooks_leap(h);
        retention_put_off(h);
    }
}

void hub_handle(struct hub *h, const struct hub_input *in, struct outbox *out)
{
    pass_time(h, in->now);
    h->us = in->us;
    h->out = out;
    arena_clear(&h->arena);
    switch (in->kind) {
    case IN_OPENED:
        caller_opened(h, in);
        break;
    case IN_CLOSED:
        caller_closed(h, in->conn);
        break;
    case IN_FRAME:
        frame_in(h, in);
        break;
    case IN_ALIVE:
        alive(h, in->conn);
        break;
    case IN_STORED:
        job_back(h, in->job);
        break;
    case IN_MINTED:
    case IN_CHECKED:
    case IN_FIGURES:
        shell_answered(h, in);
        break;
    case IN_POSTED:
        hook_posted(h, in);
        break;
    case IN_READABLE:
        readable(h, in->conn);
        break;
    case IN_MISSED:
        missed(h, in->conn);
        break;
    case IN_TICK:
        break;
    case IN_DRAIN:
        drain(h);
        break;
    }
    h->out = NULL;
}

/* Every answer is out: those who are still here can go. */
static void close_all(struct hub *h)
{
    h->drained = true;
    for (size_t i = 0; i < h->conns.n; i++) {
        struct caller *c = caller_at(h, (uint32_t)i);
        if (c)
            caller_close(h, c, ERR_CLOSING, WS_GOING_AWAY);
    }
}

void hub_turn_end(struct hub *h, int64_t now, struct outbox *out)
{
    pass_time(h, now);
    h->out = out;
    caller_slice(h);
    if (h->boot_at && h->now >= h->boot_at) {
        h->boot_at = 0;
        ask_boot(h);
    }
    vec_each (r, &h->news) {
        room_flush(h, *r);
        (*r)->has_news = false;
    }
    h->news.n = 0;
    hooks_tick(h);
    locks_tick(h);
    texts_weigh(h);
    presence_tick(h);
    client_thin(h);
    minute_tick(h);
    index_tick(h);
    retention_tick(h);
    if (hub_is_drained(h) && !h->drained)
        close_all(h);
    h->out = NULL;
}

int64_t hub_next_tick(const struct hub *h, int64_t now)
{
    int64_t at = MAX(h->slice_at, now);
    if (h->locks_at)
        at = MIN(at, MAX(h->locks_at, now));
    if (h->hooks_at)
        at = MIN(at, MAX(h->hooks_at, now));
    if (h->trim_at && !h->trim_tag)
        at = MIN(at, MAX(h->trim_at, now));
    return h->states_at ? MIN(at, MAX(h->states_at, now)) : at;
}

bool hub_admits(const struct hub *h, const struct identity *who, struct err *e)
{
    const struct user *u = user_find(h, who->user);
    if (who->user.n > USER_NAME_MAX || !str_follows(who->user, RULE_USER))
        return fail(e, ERR_NOT_SIGNED_IN, "the name has to have 1 to %d of a-z A-Z 0-9 . _ -",
                    USER_NAME_MAX);
    if (token_is_revoked(h, who->token_id))
        return fail(e, ERR_REVOKED, "the %s",
                    who->invite ? "invite was used or revoked" : "token was revoked");
    if (u && u->disabled && !who->admin)
        return fail(e, ERR_REVOKED, "the account %s is disabled", u->name);
    if (u && u->bot && !who->scopes)
        return fail(e, ERR_FORBIDDEN, "%s is a bot: it signs in with a token that has scopes",
                    u->name);
    if ((!u || !u->exists) && h->booted && HASH_COUNT(h->users) >= USERS_MAX)
        return fail(e, ERR_LIMIT, "this server has at most %d accounts", USERS_MAX);
    return true;
}

bool hub_is_drained(const struct hub *h)
{
    return h->draining && !h->asks;
}

struct hub_counts hub_counts(const struct hub *h)
{
    struct hub_counts n = h->counts;
    for (const struct room *r = h->rooms; r; r = r->hh.next) {
        n.rooms_open += r->live.n + r->catching.n > 0;
        n.texts_open += HASH_COUNT(r->texts);
    }
    n.appends_waiting = h->n_flights;
    return n;
}
