#include "session.h"

#include "codec.h"
#include "direct.h"
#include "session_parts.h"

#include <stdlib.h>
#include <string.h>

enum {
    ID_LEAP = 1000, /* more than one batch of effects may hold */
    ID_SPREAD = 1000 * 1000 * 1000,
};

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t next_random(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

void session_init(struct session *s, struct str client, int64_t next_id, uint64_t seed)
{
    bug_on(client.n > CLIENT_ID_MAX || next_id < 1);
    *s = (struct session){.next_id = next_id, .seed = seed, .rtt_ms = -1, .bye_ms = -2};
    s->leap = ID_LEAP + (int64_t)(next_random(&seed) % ID_SPREAD);
    memcpy(s->client, client.p, client.n);
}

void session_finish(struct session *s)
{
    vec_each (w, &s->outbox)
        free(w->json);
    vec_each (r, &s->rooms)
        replica_free(*r);
    vec_each (d, &s->texts)
        doc_free(*d);
    vec_finish(&s->texts);
    vec_finish(&s->outbox);
    vec_finish(&s->rooms);
    vec_finish(&s->followed);
    vec_finish(&s->restored);
    vec_finish(&s->known);
    buf_finish(&s->held);
    *s = (struct session){0};
}

void session_expect_user(struct session *s, struct str user)
{
    memset(s->user, 0, sizeof s->user);
    if (user.n)
        memcpy(s->user, user.p, MIN(user.n, (size_t)USER_NAME_MAX));
}

void session_send(const struct msg *m, struct effects *out)
{
    struct buf json = {0};
    codec_encode(&json, m);
    effect_add(out, EFFECT_SEND, (struct str){0}, buf_str(&json));
    buf_finish(&json);
}

/* ---- the link's life ---- */

int64_t session_backoff(struct session *s, int attempts)
{
    int64_t bound = BACKOFF_FIRST_MS;
    for (int i = 1; i < attempts && bound < BACKOFF_MAX_MS; i++)
        bound *= 2;
    bound = MIN(bound, BACKOFF_MAX_MS);
    return 1 + (int64_t)(next_random(&s->seed) % (uint64_t)bound);
}

bool session_is_final(enum err_code code)
{
    return code == ERR_NOT_SIGNED_IN || code == ERR_TOKEN_EXPIRED || code == ERR_REVOKED ||
           code == ERR_FORBIDDEN || code == ERR_VERSION || code == ERR_REPLACED ||
           code == ERR_KICKED;
}

static void connect_now(struct session *s, int64_t now, struct effects *out)
{
    s->state = SESSION_CONNECTING;
    s->connect_at = now;
    s->bye_ms = -2;
    effect_add(out, EFFECT_CONNECT, (struct str){0}, (struct str){0});
}

static void unlink_all(struct session *s)
{
    s->rtt_ms = -1;
    s->ping_id = 0;
    s->put_off = (struct err){0};
    session_unsend_all(s);
    session_texts_unlink(s);
    session_reads_unlink(s);
    vec_each (r, &s->rooms)
        replica_unlink(*r);
}

/* Either end may be the older one, and only a person can do something about it. */
static void explain_version(struct err *why)
{
    struct err said = *why;
    if (!strstr(said.text, "--version"))
        fail(why, ERR_VERSION,
             "The server speaks another version of the protocol than this moot, %d (%.200s). "
             "Install the newer release of the one that is older: moot --version and mootd "
             "--version tell. What waits in the outbox is kept.",
             PROTOCOL_VERSION, said.text);
}

static void link_down(struct session *s, const struct err *why, int64_t now)
{
    bool held = s->state == SESSION_ONLINE && now - s->online_at >= ONLINE_FOR_MS;
    unlink_all(s);
    if (s->bye_ms == -2) /* a bye said why in better words */
        s->why = *why;
    if (s->why.code == ERR_VERSION)
        explain_version(&s->why);
    if (s->bye_ms == -1 || session_is_final(s->why.code)) {
        s->state = SESSION_REFUSED;
        return;
    }
    s->attempts = held ? 1 : s->attempts + 1;
    s->state = SESSION_WAITING;
    s->retry_at = now + session_backoff(s, s->attempts) + MAX(s->bye_ms, 0);
}

void session_drop_link(struct session *s, const struct err *why, int64_t now,
                       struct effects *out)
{
    effect_add(out, EFFECT_DISCONNECT, (struct str){0}, (struct str){0});
    link_down(s, why, now);
}

void session_start(struct session *s, int64_t now, struct effects *out)
{
    if (s->state != SESSION_STOPPED)
        return;
    vec_each (d, &s->texts)
        session_text_settle(*d);
    connect_now(s, now, out);
}

void session_opened(struct session *s, int64_t now, struct effects *out)
{
    if (s->state != SESSION_CONNECTING)
        return;
    s->heard_at = now;
    session_hello(s, out);
}

void session_lost(struct session *s, const struct err *why, int64_t now, struct effects *out)
{
    (void)out;
    if (s->state == SESSION_CONNECTING || s->state == SESSION_ONLINE)
        link_down(s, why, now);
}

void session_retry_now(struct session *s, int64_t now, struct effects *out)
{
    if (s->state != SESSION_WAITING && s->state != SESSION_REFUSED)
        return;
    s->attempts = 0;
    connect_now(s, now, out);
}

void session_stop(struct session *s, struct effects *out)
{
    if (s->state == SESSION_CONNECTING || s->state == SESSION_ONLINE)
        effect_add(out, EFFECT_DISCONNECT, (struct str){0}, (struct str){0});
    unlink_all(s);
    s->state = SESSION_STOPPED;
}

/* ---- time ---- */

static void ping(struct session *s, int64_t now, struct effects *out)
{
    struct msg m = {.type = MSG_PING};
    m.request.id = s->ping_id = s->next_id++;
    s->ping_at = s->pinged_at = now;
    session_send(&m, out);
}

static bool has_asked(const struct session *s)
{
    return s->asked_at > s->heard_at;
}

static int64_t ping_due(const struct session *s)
{
    if (s->ping_id)
        return INT64_MAX;
    int64_t at = s->pinged_at + PING_EVERY_MS;
    return has_asked(s) ? MIN(at, s->asked_at + PING_ASKED_MS) : at;
}

/* Since when an answer has been waited for in silence; INT64_MAX: none is. */
static int64_t silent_since(const struct session *s)
{
    int64_t at = INT64_MAX;
    if (s->state != SESSION_ONLINE)
        return at;
    if (s->ping_id)
        at = MAX(s->ping_at, s->heard_at);
    return has_asked(s) ? MIN(at, s->asked_at) : at;
}

int64_t session_silence(const struct session *s, int64_t now)
{
    int64_t since = silent_since(s);
    bool is_late = since != INT64_MAX && now >= since + SILENT_SAY_MS;
    return is_late ? (now - since) / 1000 * 1000 : 0;
}

int64_t session_silence_at(const struct session *s, int64_t now)
{
    int64_t since = silent_since(s);
    return since == INT64_MAX ? since
                              : since + MAX(session_silence(s, now) + 1000, SILENT_SAY_MS);
}

void session_tick(struct session *s, int64_t now, struct effects *out)
{
    struct err why = {0};
    s->turns++;
    if (s->state == SESSION_CONNECTING && now >= s->connect_at + CONNECT_WITHIN_MS) {
        fail(&why, ERR_UNREACHABLE, "the server did not answer within %d s",
             CONNECT_WITHIN_MS / 1000);
        session_drop_link(s, &why, now, out);
    } else if (s->state == SESSION_WAITING && now >= s->retry_at) {
        connect_now(s, now, out);
    } else if (s->state == SESSION_ONLINE && now >= s->heard_at + SILENT_MAX_MS) {
        fail(&why, ERR_IDLE, "nothing was heard from the server for %d s",
             SILENT_MAX_MS / 1000);
        session_drop_link(s, &why, now, out);
    } else if (s->state == SESSION_ONLINE) {
        if (now >= ping_due(s))
            ping(s, now, out);
        session_pump(s, now, out);
        session_pump_reads(s, now, out);
    }
}

int64_t session_next_tick(const struct session *s, int64_t now)
{
    switch (s->state) {
    case SESSION_CONNECTING:
        return s->connect_at + CONNECT_WITHIN_MS;
    case SESSION_WAITING:
        return s->retry_at;
    case SESSION_ONLINE: {
        int64_t link = MIN(s->heard_at + SILENT_MAX_MS, ping_due(s));
        return MIN(MIN(link, session_pump_reads_at(s)), session_pump_at(s, now));
    }
    case SESSION_STOPPED:
    case SESSION_REFUSED:
        break;
    }
    return INT64_MAX;
}

/* ---- questions and states ---- */

int64_t session_ask(struct session *s, struct msg *question, struct effects *out, struct err *e)
{
    if (s->state != SESSION_ONLINE)
        return fail(e, ERR_UNREACHABLE, "there is no connection to the server");
    question->request.id = s->next_id;
    if (!msg_check(question, FROM_CLIENT, e))
        return 0;
    s->next_id++;
    session_send(question, out);
    return question->request.id;
}

bool session_renew(struct session *s, struct str token, struct effects *out, struct err *e)
{
    struct msg m = {.type = MSG_RENEW};
    m.renew.token = token;
    return session_ask(s, &m, out, e) != 0;
}

static void send_status(struct session *s, bool everywhere, int64_t now, struct effects *out)
{
    const struct own_status *own = &s->status;
    struct msg m = {.type = MSG_STATUS,
                    .status = {.status = own->status,
                               .words = str_of(own->words),
                               .age = MIN(MAX(now - own->since, 0) / 1000, STATUS_AGE_MAX),
                               .everywhere = everywhere}};
    if (s->revision >= 1)
        session_ask(s, &m, out, NULL);
}

void session_tell_status(struct session *s, int64_t now, struct effects *out)
{
    if (s->status.told)
        send_status(s, false, now, out);
}

void session_status(struct session *s, enum status status, struct str words, int64_t since,
                    bool everywhere, int64_t now, struct effects *out)
{
    struct own_status *own = &s->status;
    *own = (struct own_status){.told = true, .status = status, .since = since};
    memcpy(own->words, words.n ? words.p : "", MIN(words.n, sizeof own->words - 1));
    send_status(s, everywhere, now, out);
}

/* Without what came later than the server. */
static bool is_known(const struct session *s, struct msg *m)
{
    if (s->revision >= 1)
        return true;
    if (m->type == MSG_TYPING && (m->typing.task || m->typing.note))
        return false;
    if (m->type == MSG_NOTE_CARET)
        m->note_caret.top = 0;
    return m->type != MSG_LOOKING && m->type != MSG_POINTER;
}

void session_state(struct session *s, const struct msg *state, struct effects *out)
{
    struct msg m = *state;
    const struct replica *r = session_room(s, m.state.room);
    bool is_nowhere = room_is_direct(m.state.room) && !session_is_stored(s, m.state.room);
    bool is_out = !r || r->role == ROLE_NONE; /* the server would only say so */
    if (s->state == SESSION_ONLINE && !is_nowhere && !is_out && is_known(s, &m) &&
        msg_check(&m, FROM_CLIENT, NULL))
        session_send(&m, out);
}
