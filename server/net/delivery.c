#include "delivery.h"

#include "carrier.h"
#include "codec.h"
#include "hook_key.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POST_ID = 1, KEY_MAX_BYTES = 255 };

struct delivery {
    uint64_t ticket;
    struct conn *tls; /* NULL: it waits at the door, or has hung up */
    struct conn *self;
    uint32_t deadline; /* beat */
};

/* ---- how often one hook may be posted to ---- */

enum { WHOLE = 1000, FULL = DELIVERY_BURST * WHOLE };

static void refill(struct bucket *b, int64_t now)
{
    int64_t ms = MIN(MAX(now - b->at, 0), FULL / DELIVERIES_PER_SECOND);
    b->left = MIN(b->left + ms * DELIVERIES_PER_SECOND, FULL);
    b->at = now;
}

/* A bucket that is full again is as good as none. */
static struct bucket *bucket_of(struct net *n, struct str id)
{
    int64_t now = net_now(n);
    struct bucket *found = NULL, *unused = NULL;
    vec_each (b, &n->buckets) {
        refill(b, now);
        if (str_is(id, b->id))
            found = b;
        else if (b->left == FULL)
            unused = b;
    }
    if (found)
        return found;
    if (!unused) {
        vec_push(&n->buckets, (struct bucket){0});
        unused = &n->buckets.v[n->buckets.n - 1];
    }
    *unused = (struct bucket){.left = FULL, .at = now};
    memcpy(unused->id, id.p, MIN(id.n, sizeof unused->id - 1));
    return unused;
}

/* ---- answers ---- */

static void answer_error(struct buf *out, int status, const char *headers, const struct err *e)
{
    struct buf body = {0};
    buf_fmt(&body, "%s: %s\n", err_name(e->code), e->text);
    http_answer_as(out, status, "text/plain; charset=utf-8", headers, buf_str(&body));
    buf_finish(&body);
}

static bool refuse(struct net *n, struct delivery_verdict *v, int status, const struct err *e)
{
    n->tally.hook_refused++;
    v->state = BODY_BAD;
    answer_error(&v->answer, status, NULL, e);
    return false;
}

static const struct {
    enum err_code code;
    int status;
} statuses[] = {
    {ERR_MALFORMED, 400}, {ERR_BAD_FIELD, 400}, {ERR_TOO_LARGE, 413}, {ERR_FORBIDDEN, 403},
    {ERR_REVOKED, 403},   {ERR_NOT_FOUND, 404}, {ERR_RATE, 429},      {ERR_REPLACED, 409},
    {ERR_LIMIT, 403},     {ERR_EXISTS, 409},    {ERR_CONFLICT, 409},
};

static int status_of(enum err_code code)
{
    for (size_t i = 0; i < COUNT_OF(statuses); i++)
        if (statuses[i].code == code)
            return statuses[i].status;
    return err_is_passing(code) ? 503 : 500;
}

/* ---- reading the request ---- */

static bool find_hook(struct net *n, const struct http_request *r, struct hook_place *place,
                      struct delivery_verdict *v)
{
    struct err e = {0};
    char hash[HOOK_HASH_CHARS + 1];
    hook_hash(http_hook_token(r), hash);
    return hub_hook(n->parts.hub, str_of(hash), place, &e) || refuse(n, v, 404, &e);
}

static bool is_method_post(struct net *n, const struct http_request *r,
                           struct delivery_verdict *v)
{
    struct err e = {0};
    if (str_is(r->method, "POST"))
        return true;
    fail(&e, ERR_MALFORMED, "A hook is posted to.");
    n->tally.hook_refused++;
    v->state = BODY_BAD;
    answer_error(&v->answer, 405, "Allow: POST\r\n", &e);
    return false;
}

static bool has_room(struct net *n, struct delivery_verdict *v)
{
    struct err e = {0};
    if (n->is_draining)
        fail(&e, ERR_CLOSING, "%s", err_sentence(ERR_CLOSING));
    else if (n->deliveries.n >= DELIVERIES_MAX)
        fail(&e, ERR_BUSY, "The server has as many deliveries under way as it takes.");
    return e.code == ERR_NONE || refuse(n, v, 503, &e);
}

static bool is_within_rate(struct net *n, const struct hook_place *place,
                           struct delivery_verdict *v)
{
    struct err e = {0};
    char headers[48];
    const struct bucket *b = bucket_of(n, place->id);
    if (b->left >= WHOLE)
        return true;
    int64_t wait = (WHOLE - b->left) / (WHOLE * DELIVERIES_PER_SECOND) + 1;
    fail(&e, ERR_RATE, "At most %d deliveries a second to one hook, %d at once.",
         DELIVERIES_PER_SECOND, DELIVERY_BURST);
    n->tally.hook_refused++;
    v->state = BODY_BAD;
    snprintf(headers, sizeof headers, "Retry-After: %" PRId64 "\r\n", wait);
    answer_error(&v->answer, 429, headers, &e);
    return false;
}

static bool is_head_fine(struct net *n, const struct http_request *r,
                         struct delivery_verdict *v)
{
    struct err e = {0};
    if (r->content_encoding.p && !str_is(r->content_encoding, "identity"))
        return fail(&e, ERR_MALFORMED, "A body may not be compressed.") ||
               refuse(n, v, 415, &e);
    if (r->idempotency_key.n > KEY_MAX_BYTES)
        return fail(&e, ERR_TOO_LARGE, "Idempotency-Key has %zu bytes, at most %d are allowed.",
                    r->idempotency_key.n, KEY_MAX_BYTES) ||
               refuse(n, v, 400, &e);
    return true;
}

/* Two hooks that send to each other would never end. */
static bool is_from_elsewhere(struct net *n, const struct http_request *r,
                              struct delivery_verdict *v)
{
    struct err e = {0};
    struct str id = r->webhook_id;
    if (!id.n || !hub_has_hook(n->parts.hub, str_cut(&id, '.')))
        return true;
    fail(&e, ERR_FORBIDDEN, "It comes from a hook of this server.");
    return refuse(n, v, 403, &e);
}

static bool is_json(struct str type)
{
    struct str name = str_trim(str_cut(&type, ';'));
    return name.n == 16 && strncasecmp(name.p, "application/json", 16) == 0;
}

/* Of ?task=42; other parts of a query say nothing. */
static bool read_query(struct str query, int64_t *task, struct err *e)
{
    while (query.n) {
        struct str value = str_cut(&query, '&'), name = str_cut(&value, '=');
        if (str_is(name, "task") && !str_int(value, 1, SEQ_MAX, task))
            return fail(e, ERR_BAD_FIELD, "task: must be the number of a card");
    }
    return true;
}

/* One newline at the end, as echo and curl -d @- leave it, is not said. */
static bool read_plain(struct str body, struct delivery_text *out, struct err *e)
{
    if (body.n && body.p[body.n - 1] == '\n')
        body.n--;
    if (body.n && body.p[body.n - 1] == '\r')
        body.n--;
    out->text = body;
    if (!body.n)
        return fail(e, ERR_BAD_FIELD, "there is no text");
    if (body.n > TEXT_MAX)
        return fail(e, ERR_TOO_LARGE, "the text has %zu bytes, at most %d are allowed", body.n,
                    TEXT_MAX);
    return true;
}

static bool read_text(const struct http_request *r, const struct hook_place *place,
                      struct str body, struct arena *a, struct delivery_text *out,
                      struct err *e)
{
    int64_t task = 0;
    *out = (struct delivery_text){0};
    if (!read_query(r->query, &task, e))
        return false;
    if (is_json(r->content_type) ? !codec_item(body, &delivery_text_shape, a, out, e)
                                 : !read_plain(body, out, e))
        return false;
    if (task && out->task && task != out->task)
        return fail(e, ERR_BAD_FIELD, "task: the address and the body name different cards");
    out->task = out->task ? out->task : task;
    if (place->task && out->task && out->task != place->task)
        return fail(e, ERR_BAD_FIELD, "task: this hook posts on card %" PRId64 " only",
                    place->task);
    out->task = place->task ? place->task : out->task;
    return true;
}

/* ---- acting as a client ---- */

static void say(struct net *n, const struct conn *c, const struct msg *m)
{
    struct buf b = {0};
    codec_encode(&b, m);
    net_handle(n, (struct hub_input){.kind = IN_FRAME, .conn = c->slot, .bytes = buf_str(&b)});
    buf_finish(&b);
}

static bool make_post(const struct hook_place *place, const struct delivery_text *text,
                      struct msg *m, struct err *e)
{
    *m = (struct msg){.type = MSG_MESSAGE_POST};
    m->message_post.head.id = POST_ID;
    m->message_post.head.room = place->room;
    m->message_post.text = text->text;
    m->message_post.task = text->task;
    return msg_check(m, FROM_CLIENT, e);
}

/* Strings of the place may not outlive what is said to the hub, so they are copied. */
static void begin(struct net *n, const struct http_request *r, const struct hook_place *place,
                  struct msg *post, struct arena *a, uint64_t ticket, struct conn *tls)
{
    char client[HOOK_CLIENT_CHARS + 1];
    struct conn *c = conns_take(&n->conns);
    struct delivery *d = c->delivery = NEW(struct delivery);
    *d = (struct delivery){.ticket = ticket,
                           .tls = tls,
                           .self = c,
                           .deadline = n->beat + DELIVERY_WITHIN_MS / BEAT_MS};
    vec_push(&n->deliveries, d);
    hook_client(place->id, r->idempotency_key, client);
    post->message_post.head.room = str_keep(a, place->room);
    c->state = CONN_OPEN;
    c->hub_knows = true;
    net_handle(
        n, (struct hub_input){.kind = IN_OPENED,
                              .conn = c->slot,
                              .identity = {.user = place->user, .scopes = SCOPE_BIT(CHAT)}});
    struct msg hello = {
        .type = MSG_HELLO,
        .hello = {.version = PROTOCOL_VERSION, .client = str_of(client), .agent = STR("hook")}};
    say(n, c, &hello);
    say(n, c, post);
}

static void take(struct net *n, const struct http_request *r, const struct hook_place *place,
                 uint64_t ticket, struct conn *tls, struct delivery_verdict *v)
{
    struct arena a = {0};
    struct delivery_text text;
    struct msg post;
    struct err e = {0};
    if (!read_text(r, place, buf_str(&n->body), &a, &text, &e) ||
        !make_post(place, &text, &post, &e)) {
        refuse(n, v, status_of(e.code), &e);
    } else {
        bucket_of(n, place->id)->left -= WHOLE;
        begin(n, r, place, &post, &a, ticket, tls);
    }
    arena_finish(&a);
}

void delivery_request(struct net *n, const struct http_request *r, struct str bytes,
                      uint64_t ticket, struct conn *tls, struct delivery_verdict *v)
{
    struct hook_place place;
    struct err e = {0};
    if (!is_method_post(n, r, v) || !find_hook(n, r, &place, v) || !has_room(n, v) ||
        !is_within_rate(n, &place, v) || !is_head_fine(n, r, v) || !is_from_elsewhere(n, r, v))
        return;
    v->state = http_body_read(r, bytes, HOOK_BODY_MAX, &n->body, &e);
    if (v->state == BODY_BAD)
        refuse(n, v, status_of(e.code), &e);
    else if (v->state == BODY_WHOLE)
        take(n, r, &place, ticket, tls, v);
    else if (!bytes.n && r->expect.p)
        buf_add_str(&v->answer, STR("HTTP/1.1 100 Continue\r\n\r\n"));
}

/* ---- being answered ---- */

static void forget(struct net *n, struct delivery *d)
{
    for (size_t i = 0; i < n->deliveries.n; i++) {
        if (n->deliveries.v[i] == d) {
            vec_remove(&n->deliveries, i);
            break;
        }
    }
    d->self->delivery = NULL;
    free(d);
}

static void finish(struct net *n, struct conn *c, struct str answer)
{
    struct delivery *d = c->delivery;
    if (d->tls)
        carrier_answer(d->tls, answer);
    else if (d->ticket)
        arrivals_answer(n->arrivals, d->ticket, answer, (int64_t)n->beat * BEAT_MS);
    forget(n, d);
    link_closed(n, c);
}

static void finish_ok(struct net *n, struct conn *c, const struct msg_ok *ok)
{
    struct buf body = {0}, answer = {0};
    buf_add_str(&body, STR("{\"room\":"));
    codec_quote(&body, ok->room);
    buf_fmt(&body, ",\"seq\":%" PRId64 "}\n", ok->seq);
    n->tally.hook_posts++;
    http_answer_as(&answer, 200, "application/json", NULL, buf_str(&body));
    finish(n, c, buf_str(&answer));
    buf_finish(&body);
    buf_finish(&answer);
}

static void finish_error(struct net *n, struct conn *c, enum err_code code, struct str words)
{
    struct buf answer = {0};
    struct err e;
    fail(&e, code, "%.*s", STR_ARG(words));
    n->tally.hook_refused++;
    answer_error(&answer, status_of(code), NULL, &e);
    finish(n, c, buf_str(&answer));
    buf_finish(&answer);
}

/* When the server goes down, answers to what it had taken still come behind bye. */
static bool is_closing(const struct msg_bye *bye)
{
    return str_is(bye->code, err_name(ERR_CLOSING));
}

static void hear(struct net *n, struct conn *c, const struct msg *m)
{
    if (m->type == MSG_OK && m->ok.head.re == POST_ID)
        finish_ok(n, c, &m->ok);
    else if (m->type == MSG_ERROR)
        finish_error(n, c, err_from_name(m->error.code), m->error.message);
    else if (m->type == MSG_BYE && !is_closing(&m->bye))
        finish_error(n, c, err_from_name(m->bye.code), m->bye.message);
}

void delivery_heard(struct net *n, struct conn *c, const struct frame *f)
{
    struct str framed = {f->bytes, f->n}, payload;
    while (c->delivery && (payload = frame_next(&framed)).p) {
        struct arena a = {0};
        struct msg_list list;
        struct err e;
        int64_t re;
        if (codec_decode(payload, FROM_SERVER, &a, &list, &re, &e) && list.n == 1)
            hear(n, c, list.v);
        arena_finish(&a);
    }
}

void delivery_closed(struct net *n, struct conn *c, struct str code)
{
    enum err_code known = err_from_name(code);
    if (c->delivery)
        finish_error(n, c, known, str_of(err_sentence(known)));
}

void delivery_abandoned(struct net *n, const struct conn *tls)
{
    vec_each (d, &n->deliveries)
        if ((*d)->tls == tls)
            (*d)->tls = NULL;
}

void deliveries_expire(struct net *n)
{
    for (size_t i = n->deliveries.n; i-- > 0;) {
        struct delivery *d = n->deliveries.v[i];
        if (n->beat >= d->deadline)
            finish_error(n, d->self, ERR_BUSY,
                         STR("The disk takes long, and whether it was posted is not known: "
                             "deliver it again with the same Idempotency-Key."));
    }
}

void deliveries_finish(struct net *n)
{
    while (n->deliveries.n)
        forget(n, n->deliveries.v[0]);
    vec_finish(&n->deliveries);
    vec_finish(&n->buckets);
    buf_finish(&n->body);
}
