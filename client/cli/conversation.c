#include "conversation.h"

#include "cli.h"
#include "client_net.h"
#include "codec.h"
#include "direct.h"

#include <stdlib.h>
#include <sys/random.h>

enum {
    RETRY_FIRST_MS = 25, /* a person or a script waits, so quicker than the screen */
    RETRY_MAX_MS = 400,
    WARN_AFTER_MS = 1500, /* of silence, before standard error says what is waited for */
};

struct conversation {
    char *server;
    char *ca_file;
    struct buf token;
    int64_t timeout;
    struct url url;
    struct net *net;
    struct link *link;
    struct session session;
    struct effects out;
    int64_t retry_at, pace; /* ours, see step() */
    int64_t warn_at;        /* INT64_MAX: said already */
    bool was_online, quiet;

    /* What is waited for. */
    int64_t id; /* of the question or request; 0: not asked (on this link) */
    bool answered;
    struct msg answer;
    struct arena arena;  /* the answer's */
    struct err refusal;  /* of what was asked or opened */
    struct err patience; /* why the server could not answer yet */
    struct str room;     /* followed or opened, empty: none */
    bool was_in;         /* and we were a member of it */
    bool synced, ended;
    struct follower follower;
    struct parts parts;
    const struct doc *edits;  /* the text that is being edited */
    struct outbox_file *kept; /* NULL: nothing is kept */
    const char *refused_path;
};

/* ---- what the link and the session tell ---- */

/* The message is only lent to us; its JSON is the copy that exists already. */
static void keep_answer(struct conversation *t, const struct msg *m)
{
    struct buf json = {0};
    struct msg_list list = {0};
    int64_t re;
    arena_clear(&t->arena);
    codec_encode(&json, m);
    bool same = codec_decode(buf_str(&json), FROM_SERVER, &t->arena, &list, &re, NULL);
    bug_on(!same || list.n != 1);
    t->answer = list.v[0];
    t->answered = true;
    buf_finish(&json);
}

static void refuse(struct conversation *t, const struct msg_error *m)
{
    session_words(&t->session, m, &t->refusal);
}

static void on_event(struct conversation *t, const struct msg *m)
{
    if (t->follower.each && !t->ended && str_eq(m->event.room, t->room))
        t->ended = !t->follower.each(t->follower.arg, m);
}

static void on_answer(struct conversation *t, const struct msg *m)
{
    if (t->parts.part && m->type != MSG_ERROR)
        t->answered = !t->parts.part(t->parts.arg, m);
    else
        keep_answer(t, m);
}

static void on_message(void *arg, const struct msg *m)
{
    struct conversation *t = arg;
    enum msg_class class = msg_table[m->type].class;
    if (class == CLASS_EVENT)
        on_event(t, m);
    else if (m->type == MSG_SYNCED && str_eq(m->synced.room, t->room))
        t->synced = true;
    else if (m->type == MSG_CONFLICT)
        return; /* the error behind it says the same in words */
    else if (m->type == MSG_NOTICE)
        cli_say("%.*s says: %.*s", STR_ARG(m->notice.author), STR_ARG(m->notice.text));
    else if (class == CLASS_ANSWER && t->id && m->answer.re == t->id)
        on_answer(t, m);
    else if (m->type == MSG_ERROR && t->room.n && !t->synced)
        refuse(t, &m->error); /* the room could not be opened */
}

static void on_refused(void *arg, const struct msg *request, const struct err *why)
{
    struct conversation *t = arg;
    bool is_edit = request->type == MSG_NOTE_EDIT && t->edits &&
                   request->note_edit.note == t->edits->number;
    if (request->request.id == t->id || is_edit)
        t->refusal = *why;
}

/* A disk that fails is told to the session, which then takes no more. */
static void keep(struct conversation *t, const struct effect *e)
{
    struct err why = {0};
    if (e->kind == EFFECT_KEEP || e->kind == EFFECT_KEEP_LATER)
        outbox_keep(t->kept, e->bytes, true, &why);
    else if (e->kind == EFFECT_REFUSED)
        outbox_put_aside(t->refused_path, e->bytes, e->room, &why);
    else if (e->kind == EFFECT_KEPT_ALL)
        outbox_empty(t->kept);
    if (why.code)
        session_disk(&t->session, &why);
}

static void perform(struct conversation *t)
{
    vec_each (e, &t->out.items) {
        if (e->kind == EFFECT_CONNECT)
            link_connect(t->link, &t->url, buf_str(&t->token), t->ca_file);
        else if (e->kind == EFFECT_DISCONNECT)
            link_close(t->link);
        else if (e->kind == EFFECT_SEND)
            link_send(t->link, e->bytes);
        else if (t->kept)
            keep(t, e);
        /* The rest is for a screen. */
    }
    effects_clear(&t->out);
}

static void on_opened(void *arg)
{
    struct conversation *t = arg;
    session_opened(&t->session, net_now(t->net), &t->out);
    perform(t);
}

static void on_frame(void *arg, struct str bytes)
{
    struct conversation *t = arg;
    struct session_listener l = {.message = on_message, .refused = on_refused, .arg = t};
    session_frame(&t->session, bytes, net_now(t->net), l, &t->out);
    perform(t);
}

static void on_lost(void *arg, const struct err *why)
{
    struct conversation *t = arg;
    session_lost(&t->session, why, net_now(t->net), &t->out);
    perform(t);
}

/* ---- time ---- */

/* The session's own backoff is made for screens that wait for hours. */
static void retry_soon(struct conversation *t, int64_t now)
{
    if (t->session.state == SESSION_ONLINE)
        t->pace = RETRY_FIRST_MS;
    if (t->session.state != SESSION_WAITING) {
        t->retry_at = INT64_MAX;
    } else if (t->retry_at == INT64_MAX) {
        t->retry_at = now + t->pace;
        t->pace = MIN(t->pace * 2, RETRY_MAX_MS);
    } else if (now >= t->retry_at) {
        t->retry_at = INT64_MAX;
        session_retry_now(&t->session, now, &t->out);
    }
}

static void warn(struct conversation *t, int64_t now)
{
    bool online = t->session.state == SESSION_ONLINE;
    if (online && t->warn_at == INT64_MAX && t->was_online && !t->quiet)
        cli_say("connected again");
    if (online) {
        t->warn_at = now + WARN_AFTER_MS;
        t->was_online = true;
    } else if (now >= t->warn_at && t->session.state != SESSION_REFUSED) {
        t->warn_at = INT64_MAX;
        if (t->quiet)
            return;
        cli_say("%s cannot be reached%s%s; trying again", t->server,
                t->session.why.code ? ": " : "", t->session.why.text);
    }
}

/* Lets time pass until something happened, or `until`. */
static void step(struct conversation *t, int64_t until)
{
    int64_t now = net_now(t->net);
    retry_soon(t, now);
    perform(t);
    until = MIN(until, session_next_tick(&t->session, now));
    until = MIN(until, t->retry_at);
    if (t->session.state != SESSION_ONLINE)
        until = MIN(until, t->warn_at);
    net_turn(t->net, until);
    now = net_now(t->net);
    session_tick(&t->session, now, &t->out);
    perform(t);
    warn(t, now);
}

/* ---- life ---- */

struct conversation *conversation_new(const char *url, struct str token, const char *ca_file,
                                      int64_t timeout_ms)
{
    struct conversation *t = NEW(struct conversation);
    t->server = str_dup(str_of(url));
    t->ca_file = ca_file ? str_dup(str_of(ca_file)) : NULL;
    buf_add_str(&t->token, token);
    t->timeout = timeout_ms;
    t->retry_at = INT64_MAX;
    t->pace = RETRY_FIRST_MS;
    return t;
}

void conversation_free(struct conversation *t)
{
    if (!t)
        return;
    if (t->link) {
        session_stop(&t->session, &t->out);
        perform(t);
        link_free(t->link);
        net_free(t->net);
        session_finish(&t->session);
    }
    effects_finish(&t->out);
    arena_finish(&t->arena);
    buf_finish(&t->token);
    free(t->ca_file);
    free(t->server);
    free(t);
}

void conversation_keep(struct conversation *t, struct outbox_file *f, const char *refused)
{
    t->kept = f;
    t->refused_path = refused;
}

int64_t conversation_time(const struct conversation *t)
{
    return net_now(t->net) + t->session.ahead;
}

const struct session *conversation_session(const struct conversation *t)
{
    return &t->session;
}

/* Random letters and digits. */
static void make_client_id(char id[CLIENT_ID_MAX + 1], uint64_t *seed)
{
    static const char digits[] =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    unsigned char random[CLIENT_ID_MAX];
    bug_on(getrandom(random, sizeof random, 0) != (ssize_t)sizeof random);
    bug_on(getrandom(seed, sizeof *seed, 0) != (ssize_t)sizeof *seed);
    for (size_t i = 0; i < CLIENT_ID_MAX; i++)
        id[i] = digits[random[i] % (sizeof digits - 1)];
    id[CLIENT_ID_MAX] = '\0';
}

static bool give_up(const struct conversation *t, const char *meanwhile, struct err *e)
{
    const struct err *why = &t->session.why;
    const struct err *put_off = t->session.put_off.code ? &t->session.put_off : &t->patience;
    if (t->session.state == SESSION_ONLINE && put_off->code)
        return fail(e, put_off->code, "%s%s", put_off->text,
                    t->session.in_flight ? meanwhile : "");
    if (t->session.state == SESSION_ONLINE)
        return fail(e, ERR_UNREACHABLE, "%s did not answer within %g s%s", t->server,
                    (double)t->timeout / 1000, meanwhile);
    return fail(e, ERR_UNREACHABLE, "%s cannot be reached%s%s%s", t->server,
                why->code ? ": " : "", why->text, meanwhile);
}

static bool is_online(const struct conversation *t)
{
    return t->session.state == SESSION_ONLINE;
}

bool conversation_start(struct conversation *t, struct err *e)
{
    char id[CLIENT_ID_MAX + 1];
    uint64_t seed;
    if (!url_parse(str_of(t->server), &t->url, e))
        return false;
    make_client_id(id, &seed);
    t->net = net_new();
    t->link = link_new(t->net, (struct link_listener){on_opened, on_frame, on_lost, t});
    if (!net_ready(t->net, &t->url, e))
        return false;
    session_init(&t->session, t->kept ? outbox_client(t->kept) : str_of(id), 1, seed);
    int64_t now = net_now(t->net), deadline = now + t->timeout;
    t->warn_at = now + WARN_AFTER_MS;
    session_start(&t->session, now, &t->out);
    while (!is_online(t)) {
        if (t->session.state == SESSION_REFUSED)
            return fail(e, t->session.why.code, "%s", t->session.why.text);
        if (net_now(t->net) >= deadline)
            return give_up(t, "", e);
        step(t, deadline);
    }
    return true;
}

/* ---- asking ---- */

static void expect(struct conversation *t)
{
    t->id = 0;
    t->answered = false;
    t->refusal = (struct err){0};
}

static bool is_member(const struct conversation *t)
{
    const struct room_item_own *k = session_known(&t->session, t->room);
    return k && k->role != ROLE_NONE;
}

/* Of a room that one was taken out of nothing is told any more: to wait for it is to wait for
 * ever. */
static bool is_possible(struct conversation *t, struct err *e)
{
    if (t->refusal.code)
        return fail(e, t->refusal.code, "%s", t->refusal.text);
    if (t->session.state == SESSION_REFUSED)
        return fail(e, t->session.why.code, "%s", t->session.why.text);
    if (!t->room.n || !is_online(t))
        return true;
    bool is_in = is_member(t);
    if (t->was_in && !is_in)
        return fail(e, ERR_FORBIDDEN, "you are not in %.*s any more", STR_ARG(t->room));
    t->was_in = is_in;
    return true;
}

/* Goes on; false when there is no more sense in it. */
static bool go_on(struct conversation *t, int64_t deadline, const char *meanwhile,
                  struct err *e)
{
    if (!is_possible(t, e))
        return false;
    if (net_now(t->net) >= deadline)
        return give_up(t, meanwhile, e);
    step(t, deadline);
    return true;
}

bool conversation_request(struct conversation *t, struct msg *request, struct msg_ok *ok,
                          struct err *e)
{
    int64_t now = net_now(t->net), deadline = now + t->timeout;
    expect(t);
    t->id = session_request(&t->session, request, now, &t->out, e);
    if (!t->id)
        return false;
    perform(t);
    while (!t->answered)
        if (!go_on(t, deadline, "; whether it was stored is not known", e)) {
            t->refusal = (struct err){0}; /* told; what is done next is not refused */
            return false;
        }
    bug_on(t->answer.type != MSG_OK);
    *ok = t->answer.ok;
    return true;
}

/* Asks where that is possible and was not done on this link. A server that is busy is asked
 * again a little later. */
static void ask(struct conversation *t, const struct msg *question, int64_t *hold,
                struct err *e)
{
    if (!is_online(t)) {
        t->id = 0;
        return;
    }
    if (t->answered && t->answer.type == MSG_ERROR && t->answer.error.retry) {
        const struct msg_error *why = &t->answer.error;
        fail(&t->patience, err_from_name(why->code), "%.*s", STR_ARG(why->message));
        expect(t);
        *hold = net_now(t->net) + RETRY_MAX_MS;
    } else if (t->answered && t->answer.type == MSG_ERROR) {
        refuse(t, &t->answer.error);
    } else if (!t->id && net_now(t->net) >= *hold) {
        struct msg m = *question;
        if (t->parts.part)
            t->parts.begin(t->parts.arg);
        t->id = session_ask(&t->session, &m, &t->out, e);
        perform(t);
    }
}

const struct msg *conversation_ask(struct conversation *t, const struct msg *question,
                                   struct err *e)
{
    int64_t deadline = net_now(t->net) + t->timeout, hold = 0;
    struct err bad = {0};
    expect(t);
    for (;;) {
        ask(t, question, &hold, &bad);
        if (t->answered && !t->refusal.code)
            return &t->answer;
        if (bad.code && is_online(t)) {
            *e = bad;
            return NULL;
        }
        int64_t until = hold > net_now(t->net) ? MIN(hold, deadline) : deadline;
        if (net_now(t->net) < deadline && until < deadline)
            step(t, until);
        else if (!go_on(t, deadline, "", e))
            return NULL;
    }
}

bool conversation_ask_parts(struct conversation *t, const struct msg *question, struct parts p,
                            struct err *e)
{
    t->parts = p;
    bool ok = conversation_ask(t, question, e) != NULL;
    t->parts = (struct parts){0};
    return ok;
}

void conversation_state(struct conversation *t, const struct msg *state)
{
    session_state(&t->session, state, &t->out);
    perform(t);
}

/* ---- rooms ---- */

const struct replica *conversation_open(struct conversation *t, struct str room, struct err *e)
{
    int64_t now = net_now(t->net), deadline = now + t->timeout;
    expect(t);
    if (room_is_direct(room) && !session_is_begun(&t->session, room)) {
        fail(e, ERR_NOT_FOUND, "there is no room %.*s that you are in", STR_ARG(room));
        return NULL;
    }
    t->room = room;
    t->synced = t->was_in = false;
    const struct replica *r = session_open_room(&t->session, room, now, &t->out);
    perform(t);
    while (!r->synced)
        if (!go_on(t, deadline, "", e))
            return NULL;
    return r;
}

bool conversation_follow(struct conversation *t, struct str room, int64_t since, bool forever,
                         struct follower f, struct err *e)
{
    int64_t now = net_now(t->net);
    expect(t);
    t->room = room;
    t->synced = t->ended = t->was_in = false;
    t->follower = f;
    session_follow(&t->session, room, since, now, &t->out);
    perform(t);
    bool ok = true;
    int64_t heard = -1, deadline = 0;
    while (ok && !t->ended && !(t->synced && !forever)) {
        if (heard != t->session.heard_at) /* a long log is slow only where nothing comes */
            deadline = (heard = t->session.heard_at) + t->timeout;
        ok =
            go_on(t, t->synced && forever ? INT64_MAX : MAX(deadline, now + t->timeout), "", e);
        if (f.between)
            f.between(f.arg);
    }
    t->follower = (struct follower){0};
    return ok;
}

/* ---- texts ---- */

struct doc *conversation_text(struct conversation *t, struct str room, int64_t number,
                              struct err *e)
{
    int64_t now = net_now(t->net), deadline = now + t->timeout;
    expect(t);
    struct doc *d = session_open_text(&t->session, room, number, now, &t->out);
    perform(t);
    while (d->state != DOC_LIVE) {
        if (d->state == DOC_REFUSED) {
            fail(e, d->why.code, "%s", d->why.text);
            return NULL;
        }
        if (!go_on(t, deadline, "", e))
            return NULL;
    }
    return d;
}

bool conversation_save(struct conversation *t, struct doc *d, struct err *e)
{
    int64_t deadline = net_now(t->net) + t->timeout;
    while (!doc_is_saved(d))
        if (!go_on(t, deadline, "; whether it was stored is not known", e))
            return false;
    if (t->refusal.code)
        return fail(e, t->refusal.code, "%s", t->refusal.text);
    return true;
}

bool conversation_edit(struct conversation *t, struct doc *d, const struct op *o, bool wait,
                       struct err *e)
{
    expect(t);
    t->edits = d;
    bool ok = session_edit(&t->session, d, o, net_now(t->net), &t->out, e);
    perform(t);
    return ok && (!wait || conversation_save(t, d, e));
}

int64_t conversation_now(const struct conversation *t)
{
    return net_now(t->net);
}

void conversation_hush(struct conversation *t, bool quiet)
{
    t->quiet = quiet;
}

static void nothing(void *arg)
{
    (void)arg;
}

bool conversation_turn(struct conversation *t, int64_t until, int watch, struct err *e)
{
    if (!is_possible(t, e))
        return false;
    if (watch >= 0 && !net_watch(t->net, watch, nothing, NULL, e))
        return false;
    step(t, until);
    if (watch >= 0)
        net_unwatch(t->net, watch);
    return true;
}

bool conversation_linger(struct conversation *t, int64_t ms, struct err *e)
{
    int64_t until = net_now(t->net) + ms;
    expect(t);
    while (net_now(t->net) < until) {
        if (t->session.state == SESSION_REFUSED)
            return fail(e, t->session.why.code, "%s", t->session.why.text);
        step(t, until);
    }
    return true;
}
