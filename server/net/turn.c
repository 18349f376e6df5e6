/* A turn: inputs to the hub, and what it wants carried out. */
#include "carrier.h"
#include "hook_key.h"

#include <stdio.h>
#include <string.h>

int64_t net_now(struct net *n)
{
    return clock_now(&n->clock);
}

void net_handle(struct net *n, struct hub_input in)
{
    in.now = net_now(n);
    in.us = clock_us();
    n->is_stirred = true;
    hub_handle(n->parts.hub, &in, &n->outbox);
}

/* ---- in ---- */

static void feed_closed(struct net *n)
{
    for (size_t i = 0; i < n->closed.n; i++) {
        struct conn *c = conns_at(&n->conns, n->closed.v[i]);
        net_handle(n, (struct hub_input){.kind = IN_CLOSED, .conn = c->slot});
        c->hub_knows = false;
        link_release(n, c);
    }
    n->closed.n = 0;
}

static void feed_readable(struct net *n)
{
    for (size_t i = 0; i < n->readable.n; i++) {
        const struct conn *c = conns_at(&n->conns, n->readable.v[i]);
        if (c->state == CONN_OPEN)
            net_handle(n, (struct hub_input){.kind = IN_READABLE, .conn = c->slot});
    }
    n->readable.n = 0;
}

static void feed_missed(struct net *n)
{
    for (size_t i = 0; i < n->missed.n; i++) {
        const struct conn *c = conns_at(&n->conns, n->missed.v[i]);
        if (c->state == CONN_OPEN)
            net_handle(n, (struct hub_input){.kind = IN_MISSED, .conn = c->slot});
    }
    n->missed.n = 0;
}

static void feed_replies(struct net *n)
{
    for (size_t i = 0; i < n->replies.n; i++) {
        const struct reply *r = &n->replies.v[i];
        net_handle(n, (struct hub_input){.kind = r->kind,
                                         .tag = r->tag,
                                         .identity = r->identity,
                                         .token = r->token,
                                         .token_id = r->token_id,
                                         .hash = r->hash,
                                         .expires = r->expires,
                                         .figures = {r->figures, r->n_figures},
                                         .err = r->err});
    }
    n->replies.n = 0;
    arena_clear(&n->reply_arena);
}

static void note_outcome(struct net *n, const struct store_job *j)
{
    if (j->kind == JOB_BOOT) {
        n->is_booted = true;
        n->boot_fault = j->err;
    }
    bool is_fault = j->err.code == ERR_STORE || j->err.code == ERR_STORE_FULL;
    bool is_written = store_is_write(j->kind) && j->err.code == ERR_NONE;
    if (!is_written && !is_fault) /* a refused write says nothing about the disk */
        return;
    if (is_fault && n->store_fault.code == ERR_NONE)
        log_line(n->parts.log, LOG_ERROR, "store.fault", "%s", j->err.text);
    if (!is_fault && n->store_fault.code != ERR_NONE)
        log_line(n->parts.log, LOG_INFO, "store.well", "The database takes writes again.");
    n->store_fault = is_fault ? j->err : (struct err){0};
}

static void feed_stored(struct net *n)
{
    struct store_job *j;
    while ((j = store_threads_collect(n->store))) {
        note_outcome(n, j);
        net_handle(n, (struct hub_input){.kind = IN_STORED, .job = j});
    }
}

static void feed_posted(struct net *n)
{
    struct post_answer a;
    while (n->posts && posts_collect(n->posts, &a))
        net_handle(n, (struct hub_input){.kind = IN_POSTED,
                                         .tag = a.tag,
                                         .status = a.status,
                                         .retry_after = a.retry_after,
                                         .random = hook_random(),
                                         .err = a.err});
}

/* ---- out ---- */

static struct reply *new_reply(struct net *n, enum hub_input_kind kind, uint64_t tag)
{
    vec_push(&n->replies, (struct reply){.kind = kind, .tag = tag});
    return &n->replies.v[n->replies.n - 1];
}

static void take_claims(struct net *n, struct reply *r, const struct token_claims *claims)
{
    r->token_id = str_keep(&n->reply_arena, str_of(claims->id));
    r->expires = claims->expires;
    r->identity = (struct identity){.user = str_keep(&n->reply_arena, str_of(claims->user)),
                                    .token_id = r->token_id,
                                    .expires = claims->expires,
                                    .invite = claims->invite,
                                    .scopes = claims->scopes};
}

static void mint(struct net *n, const struct output *o)
{
    struct token_claims claims = {0};
    struct buf token = {0};
    struct reply *r = new_reply(n, IN_MINTED, o->tag);
    if (token_mint(n->parts.keys, o->user, net_now(n), o->ttl, o->invite, o->scopes, &claims,
                   &token, &r->err)) {
        take_claims(n, r, &claims);
        r->token = str_keep(&n->reply_arena, str_of(buf_cstr(&token)));
    }
    if (token.p)
        explicit_bzero(token.p, token.cap);
    buf_finish(&token);
}

/* The token of an incoming hook is random, and known by its hash; the key of an outgoing one
 * follows from its id. */
static void mint_hook(struct net *n, const struct output *o)
{
    struct hook_secret s;
    struct reply *r = new_reply(n, IN_MINTED, o->tag);
    if (o->outgoing)
        hook_secret_outgoing(n->parts.keys, &s);
    else
        hook_secret_incoming(&s);
    r->token_id = str_keep(&n->reply_arena, str_of(s.id));
    r->token = str_keep(&n->reply_arena, str_of(s.secret));
    r->hash = str_keep(&n->reply_arena, str_of(s.hash));
    explicit_bzero(&s, sizeof s);
}

/* As Standard Webhooks has it: who has the key knows that it came from here, when, and that
 * nobody changed it. */
static void post(struct net *n, const struct output *o)
{
    char delivery[HOOK_ID_CHARS + 32], signature[HOOK_SIGNATURE_CHARS + 1];
    struct arena a = {0};
    int64_t seconds = net_now(n) / 1000;
    if (!n->posts)
        n->posts = posts_start(n->config.hooks_private, net_wake, n);
    bug_on(!n->posts);
    snprintf(delivery, sizeof delivery, "%.*s.%lld", STR_ARG(o->id), (long long)o->seq);
    hook_sign(n->parts.keys, o->id, str_of(delivery), seconds, o->text, signature);
    struct post p = {.tag = o->tag, .url = o->url, .body = o->text};
    p.headers[0] = str_fmt(&a, "webhook-id: %s", delivery);
    p.headers[1] = str_fmt(&a, "webhook-timestamp: %lld", (long long)seconds);
    p.headers[2] = str_fmt(&a, "webhook-signature: %s", signature);
    posts_submit(n->posts, &p);
    arena_finish(&a);
}

static void check(struct net *n, const struct output *o)
{
    struct token_claims claims = {0};
    struct reply *r = new_reply(n, IN_CHECKED, o->tag);
    if (token_check(n->parts.keys, o->token, net_now(n), &claims, &r->err))
        take_claims(n, r, &claims);
}

static void tell_figures(struct net *n, const struct output *o)
{
    struct reply *r = new_reply(n, IN_FIGURES, o->tag);
    r->figures = net_figures(n, o->minute, &n->reply_arena, &r->n_figures);
}

static void fan(struct net *n, const struct output *o)
{
    for (size_t i = 0; i < o->n_conns; i++) {
        struct conn *c = conns_at(&n->conns, o->conns[i]);
        if (c)
            link_send(n, c, o->frame, o->passing);
    }
}

static void send_one(struct net *n, const struct output *o)
{
    struct conn *c = conns_at(&n->conns, o->conn);
    if (!c || c->state != CONN_OPEN)
        return;
    link_send(n, c, o->frame, o->passing);
    if (o->pause) {
        c->wants_word = true;
        link_mark_dirty(n, c);
    }
}

static void tell_log(struct net *n, const struct output *o)
{
    char id[32];
    snprintf(id, sizeof id, "%.*s", STR_ARG(o->id));
    log_line(n->parts.log, (enum log_level)o->level, id, "%.*s", STR_ARG(o->text));
}

static void carry_out(struct net *n, const struct output *o)
{
    struct conn *c;
    switch (o->kind) {
    case OUT_SEND:
        send_one(n, o);
        break;
    case OUT_FAN:
        fan(n, o);
        break;
    case OUT_CLOSE:
        if ((c = conns_at(&n->conns, o->conn)))
            link_close(n, c, o->status, o->text);
        break;
    case OUT_STORE:
        store_threads_submit(n->store, o->job);
        break;
    case OUT_MINT:
        if (o->hook)
            mint_hook(n, o);
        else
            mint(n, o);
        break;
    case OUT_CHECK:
        check(n, o);
        break;
    case OUT_FIGURES:
        tell_figures(n, o);
        break;
    case OUT_POST:
        post(n, o);
        break;
    case OUT_LOG:
        tell_log(n, o);
        break;
    }
}

static void end_hub_turn(struct net *n)
{
    n->is_stirred = false;
    hub_turn_end(n->parts.hub, net_now(n), &n->outbox);
    for (size_t i = 0; i < n->outbox.items.n; i++)
        carry_out(n, &n->outbox.items.v[i]);
    outbox_clear(&n->outbox);
}

static void write_one(struct net *n, struct conn *c)
{
    c->is_dirty = false;
    if (c->wsi && !carrier_write(n, c))
        link_doom(n, c);
    if (c->wants_word && c->state == CONN_OPEN && sendq_is_empty(&c->out)) {
        c->wants_word = false;
        vec_push(&n->readable, c->slot);
    }
    if (c->missed && c->state == CONN_OPEN && sendq_is_empty(&c->out)) {
        c->missed = false;
        vec_push(&n->missed, c->slot);
    }
    link_release(n, c);
}

static void write_dirty(struct net *n)
{
    for (size_t i = 0; i < n->dirty.n; i++)
        write_one(n, conns_at(&n->conns, n->dirty.v[i]));
    n->dirty.n = 0;
}

static void kill_doomed(struct net *n)
{
    for (size_t i = 0; i < n->doomed.n; i++) {
        struct conn *c = conns_at(&n->conns, n->doomed.v[i]);
        c->is_doomed = false;
        carrier_kill(c);
        link_release(n, c);
    }
    n->doomed.n = 0;
}

void net_turn(struct net *n)
{
    carrier_read_on(n->carrier);
    for (int i = 0; i < TURNS_MAX; i++) {
        feed_closed(n);
        feed_readable(n);
        feed_missed(n);
        feed_replies(n);
        feed_stored(n);
        feed_posted(n);
        if (!n->is_stirred && !n->dirty.n && !n->doomed.n)
            break;
        if (n->is_stirred)
            end_hub_turn(n);
        write_dirty(n);
        kill_doomed(n);
    }
    if (n->is_crowded && n->shaking < HANDSHAKES_MAX) {
        n->is_crowded = false;
        net_at_door(n);
    }
}

void net_at_door(struct net *n)
{
    size_t left = n->files > n->conns.n ? n->files - n->conns.n : 0;
    arrivals_allow(n->arrivals, MIN(MAX(left, 1), ARRIVALS_MAX));
    arrivals_turn(n->arrivals, (int64_t)n->beat * BEAT_MS);
}

void net_tick(struct net *n)
{
    net_handle(n, (struct hub_input){.kind = IN_TICK});
}
