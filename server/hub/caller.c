#include "caller.h"

#include "account.h"
#include "client.h"
#include "codec.h"
#include "lock.h"
#include "presence.h"
#include "reading.h"
#include "resume.h"
#include "text.h"
#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WS_GOING_AWAY = 1001, WS_POLICY = 1008, SLICES = 10, SLICE_MIN = 16 };

struct output *out_add(struct hub *h, enum output_kind kind)
{
    vec_push(&h->out->items, (struct output){.kind = kind});
    return &h->out->items.v[h->out->items.n - 1];
}

void out_log(struct hub *h, int level, const char *id, const char *fmt, ...)
{
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    struct output *o = out_add(h, OUT_LOG);
    o->level = level;
    o->id = str_of(id);
    o->text = str_keep(&h->out->arena, str_of(text));
}

struct caller *caller_at(const struct hub *h, uint32_t slot)
{
    struct caller *c = slot < h->conns.n ? h->conns.v[slot] : NULL;
    return c && c->state != CALLER_CLOSING ? c : NULL;
}

bool caller_is_admin(const struct caller *c)
{
    return !c->invite && !c->scopes && (c->local_admin || (c->user->exists && c->user->admin));
}

void caller_send_frame(struct hub *h, struct caller *c, struct frame *f, bool pause)
{
    struct output *o = out_add(h, OUT_SEND);
    o->conn = c->slot;
    o->frame = f;
    o->pause = pause;
    h->counts.deliveries += f->messages;
}

void caller_send(struct hub *h, struct caller *c, const struct msg *m)
{
    buf_clear(&h->scratch);
    codec_encode(&h->scratch, m);
    caller_send_frame(h, c, frame_new(buf_str(&h->scratch)), false);
}

/* The front of s that is UTF-8 on one line and not too long. */
static struct str line_of(struct str s)
{
    struct str rest = s;
    size_t n = 0;
    uint32_t cp;
    for (size_t step; (step = utf8_next(rest, &cp)) && n + step <= ERROR_TEXT_MAX; n += step) {
        if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0))
            break;
        rest.p += step;
        rest.n -= step;
    }
    return (struct str){s.p, n};
}

static struct str sentence(const struct err *e)
{
    struct str text = line_of(str_of(e->text));
    return text.n ? text : str_of(err_sentence(e->code));
}

void caller_error(struct hub *h, struct caller *c, int64_t re, const struct err *e)
{
    struct msg m = {.type = MSG_ERROR};
    m.error = (struct msg_error){
        .head.re = re,
        .code = str_of(err_name(e->code)),
        .message = sentence(e),
        .retry = err_is_passing(e->code),
    };
    caller_send(h, c, &m);
}

/* A fault of whoever wrote the client, not of what a person asked for. Forbidden is none:
 * whoever was put out of a room may have a whole outbox for it. */
static bool is_violation(enum err_code code)
{
    return code >= ERR_MALFORMED && code <= ERR_VERSION;
}

void caller_refuse(struct hub *h, struct caller *c, int64_t re, const struct err *e)
{
    h->counts.refused++;
    caller_error(h, c, re, e);
    if (!is_violation(e->code) || ++c->violations < VIOLATIONS_MAX)
        return;
    out_log(h, 1, "hub.abuse", "%s: %d refused messages in a row, the last: %s", c->user->name,
            VIOLATIONS_MAX, e->text);
    caller_end(h, c, e->code, WS_POLICY, -1, "%d messages in a row were refused",
               VIOLATIONS_MAX);
}

/* Takes the connection out of everything; what is left is an entry that waits for IN_CLOSED. */
static void caller_detach(struct hub *h, struct caller *c)
{
    locks_lost(h, c);
    while (c->subs.n)
        sub_close(h, c->subs.v[c->subs.n - 1]);
    vec_finish(&c->subs);
    reading_drop_all(c);
    text_release_all(h, c);
    queue_finish(&c->parked);
    if (c->client)
        client_leave(h, c->client);
    c->client = NULL;
    if (c->user)
        user_leave(h, c);
    c->user = NULL;
    free(c->token_id);
    c->token_id = NULL;
    c->state = CALLER_CLOSING;
}

void caller_close(struct hub *h, struct caller *c, enum err_code code, uint16_t status)
{
    struct output *o = out_add(h, OUT_CLOSE);
    o->conn = c->slot;
    o->status = status;
    o->text = str_keep(&h->out->arena, str_of(err_name(code)));
    caller_detach(h, c);
}

void caller_end(struct hub *h, struct caller *c, enum err_code code, uint16_t status,
                int64_t retry_ms, const char *fmt, ...)
{
    char text[ERROR_TEXT_MAX];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    struct str words = line_of(str_of(text));
    struct msg m = {.type = MSG_BYE};
    m.bye = (struct msg_bye){str_of(err_name(code)), words, retry_ms};
    caller_send(h, c, &m);
    caller_close(h, c, code, status);
}

void caller_opened(struct hub *h, const struct hub_input *in)
{
    const struct identity *who = &in->identity;
    while (h->conns.n <= in->conn)
        vec_push(&h->conns, NULL);
    bug_on(h->conns.v[in->conn] || !str_follows(who->user, RULE_USER) ||
           who->user.n > USER_NAME_MAX);
    struct caller *c = NEW(struct caller);
    h->conns.v[in->conn] = c;
    c->slot = in->conn;
    c->session = ++h->next_session;
    c->opened = c->heard = c->tokens_at = h->now;
    c->tokens = RATE_BURST * 1000;
    c->expires = who->expires;
    c->local_admin = who->admin;
    c->invite = who->invite;
    c->scopes = who->scopes;
    if (who->token_id.n)
        c->token_id = str_dup(who->token_id);
    user_join(h, c, who->user);
    h->counts.connections++;
    if (h->draining)
        caller_end(h, c, ERR_CLOSING, WS_GOING_AWAY, 1000, "the server is going down");
}

void caller_free(struct caller *c)
{
    if (!c)
        return;
    queue_finish(&c->parked);
    put_off_finish(&c->put_off);
    vec_finish(&c->subs);
    free(c->token_id);
    free(c);
}

void caller_closed(struct hub *h, uint32_t slot)
{
    struct caller *c = slot < h->conns.n ? h->conns.v[slot] : NULL;
    if (!c)
        return;
    if (c->state != CALLER_CLOSING)
        caller_detach(h, c);
    caller_free(c);
    h->conns.v[slot] = NULL;
    h->counts.connections--;
}

/* What failed in passing, waits for a room to be read, or was left out. */
static void go_on(struct hub *h, struct caller *c)
{
    if (c->missed)
        presence_again(h, c);
    c->missed = false;
    if (c->catching)
        resume_step(h, c);
    if (c->readings)
        reading_step(h, c);
    text_release_rested(h, c);
}

void caller_forgive(struct hub *h, int64_t ms)
{
    for (size_t i = 0; i < h->conns.n; i++) {
        struct caller *c = caller_at(h, (uint32_t)i);
        if (!c)
            continue;
        c->heard += ms;
        c->opened += ms;
    }
}

static void look_at(struct hub *h, struct caller *c)
{
    if (c->expires && h->now >= c->expires)
        caller_end(h, c, ERR_TOKEN_EXPIRED, WS_POLICY, -1,
                   "the token has expired: sign in anew");
    else if (h->now - c->heard > h->heartbeat_ms * 5 / 2)
        caller_end(h, c, ERR_IDLE, WS_GOING_AWAY, 0, "nothing was heard for %lld seconds",
                   (long long)(h->now - c->heard) / 1000);
    else if (c->state == CALLER_FRESH && h->now - c->opened >= HELLO_WITHIN_MS)
        caller_end(h, c, ERR_OUT_OF_ORDER, WS_POLICY, RETRY_MS,
                   "no hello came within %d seconds", HELLO_WITHIN_MS / 1000);
    else
        go_on(h, c);
}

void caller_slice(struct hub *h)
{
    if (h->now < h->slice_at)
        return;
    h->slice_at = h->now + SLICE_MS;
    size_t n = MIN(h->conns.n, h->conns.n / SLICES + SLICE_MIN);
    for (size_t i = 0; i < n; i++) {
        if (h->slice >= h->conns.n)
            h->slice = 0;
        struct caller *c = caller_at(h, (uint32_t)h->slice++);
        if (c)
            look_at(h, c);
    }
}

bool queue_add(struct hub *h, struct queue *q, const struct msg *m)
{
    buf_clear(&h->scratch);
    codec_encode(&h->scratch, m);
    size_t n = h->scratch.n;
    /* A number written as 1e9 grows here, past what can be read again. */
    if (q->items.n >= QUEUE_MAX || q->bytes + n > QUEUE_BYTES_MAX || n > FRAME_IN_MAX)
        return false;
    enum msg_class class = msg_table[m->type].class;
    bool has_id = class == CLASS_REQUEST || class == CLASS_QUESTION;
    vec_push(&q->items, (struct waiting){
                            .id = has_id ? m->request.id : 0,
                            .json = str_dup(buf_str(&h->scratch)),
                            .n = n,
                            .adds = msg_adds(m->type),
                        });
    q->bytes += n;
    return true;
}

void queue_pop(struct queue *q)
{
    q->bytes -= q->items.v[0].n;
    free(q->items.v[0].json);
    vec_remove(&q->items, 0);
}

void queue_finish(struct queue *q)
{
    vec_each (w, &q->items)
        free(w->json);
    vec_finish(&q->items);
    q->bytes = 0;
}
