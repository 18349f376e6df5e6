/* One connection's life between libwebsockets and the hub. */
#include "carrier.h"
#include "codec.h"
#include "delivery.h"

#include <stdlib.h>
#include <string.h>

enum {
    WS_CLOSE_FRAME = 0x88,
    CLOSE_REASON_MAX = 123, /* a control frame carries 125 bytes, two of them the status */
    MESSAGE_WITHIN_MS = 30000,
    RETRY_MS = 1000,
};

void link_mark_dirty(struct net *n, struct conn *c)
{
    if (c->is_dirty || c->waits)
        return;
    c->is_dirty = true;
    vec_push(&n->dirty, c->slot);
}

void link_expect_by(struct net *n, struct conn *c, int64_t ms)
{
    c->deadline = n->beat + (uint32_t)(ms / BEAT_MS) + 1;
    vec_push(&n->timed, c->slot);
}

void link_doom(struct net *n, struct conn *c)
{
    if (c->is_doomed)
        return;
    c->is_doomed = true;
    vec_push(&n->doomed, c->slot);
}

/* ---- coming ---- */

void link_opened(struct net *n, struct conn *c)
{
    struct visitor *who = c->visitor;
    bug_on(!who || c->state != CONN_SHAKES);
    c->state = CONN_OPEN;
    c->hub_knows = true;
    n->shaking--;
    n->tally.signed_in++;
    net_handle(n, (struct hub_input){.kind = IN_OPENED,
                                     .conn = c->slot,
                                     .identity = {.user = str_of(who->user),
                                                  .token_id = str_of(who->token_id),
                                                  .expires = who->expires,
                                                  .admin = who->admin,
                                                  .invite = who->invite,
                                                  .scopes = who->scopes}});
    free(who);
    c->visitor = NULL;
}

static void forward(struct net *n, struct conn *c, struct str message)
{
    n->tally.frames_in++;
    n->tally.bytes_in += message.n;
    net_handle(n, (struct hub_input){.kind = IN_FRAME, .conn = c->slot, .bytes = message});
}

static bool is_within_bound(const struct conn *c, size_t more, size_t coming)
{
    return more <= FRAME_IN_MAX && coming <= FRAME_IN_MAX &&
           c->in.n + more + coming <= FRAME_IN_MAX;
}

void link_received(struct net *n, struct conn *c, struct str bytes, bool is_first, bool is_last,
                   size_t coming)
{
    if (c->state != CONN_OPEN)
        return;
    if (!is_within_bound(c, bytes.n, coming)) {
        struct err e = {0};
        fail(&e, ERR_TOO_LARGE, "A message may have at most %d bytes.", FRAME_IN_MAX);
        link_close_error(n, c, 1009, &e);
        return;
    }
    if (is_first && is_last && !c->in.n) {
        forward(n, c, bytes);
        return;
    }
    if (!c->is_partial)
        c->deadline = n->beat + MESSAGE_WITHIN_MS / BEAT_MS;
    c->is_partial = true;
    buf_add_str(&c->in, bytes);
    if (!is_last)
        return;
    c->is_partial = false;
    struct buf message = c->in;
    c->in = (struct buf){0};
    forward(n, c, buf_str(&message));
    buf_finish(&message);
}

/* ---- going ---- */

static void tell_hub_closed(struct net *n, struct conn *c)
{
    if (!c->hub_knows || c->is_reported)
        return;
    c->is_reported = true;
    vec_push(&n->closed, c->slot);
}

void link_closed(struct net *n, struct conn *c)
{
    if (c->state == CONN_SHAKES)
        n->shaking--;
    c->state = CONN_DEAD;
    c->wsi = NULL;
    c->fd = -1;
    sendq_clear(&c->out);
    buf_finish(&c->in);
    tell_hub_closed(n, c);
}

void link_gone(struct net *n, struct conn *c)
{
    if (c->state != CONN_DEAD)
        link_closed(n, c);
    c->has_wsi = false;
    link_release(n, c);
}

void link_release(struct net *n, struct conn *c)
{
    if (!c->has_wsi && !c->hub_knows && !c->is_dirty && !c->is_doomed && c->state == CONN_DEAD)
        conns_give(&n->conns, c);
}

/* ---- what goes out ---- */

static struct frame *frame_of_msg(const struct msg *m)
{
    struct buf b = {0};
    codec_encode(&b, m);
    struct frame *f = frame_new(buf_str(&b));
    buf_finish(&b);
    return f;
}

static void queue_last(struct net *n, struct conn *c, struct frame *f)
{
    sendq_force(&c->out, f);
    frame_drop(f);
    link_mark_dirty(n, c);
}

/* Our side is always between two messages here: what the kernel did not take of the last one,
 * libwebsockets has. */
static void cut_off(struct net *n, struct conn *c)
{
    bug_on(sendq_broken_message(&c->out).n);
    n->tally.cut_off++;
    sendq_clear(&c->out);
    link_close_bye(n, c, 1013, ERR_SLOW);
}

void link_send(struct net *n, struct conn *c, struct frame *f, enum passing passing)
{
    if (c->state != CONN_OPEN)
        return;
    if (c->delivery) {
        delivery_heard(n, c, f);
        return;
    }
    switch (sendq_push(&c->out, f, passing)) {
    case SENDQ_QUEUED:
        link_mark_dirty(n, c);
        break;
    case SENDQ_DROPPED:
        n->tally.states_dropped += f->messages;
        c->missed = true;
        break;
    case SENDQ_OVERFLOW:
        cut_off(n, c);
        break;
    }
}

/* At most max bytes of s, and no half character at the end. */
static size_t cut_utf8(struct str s, size_t max)
{
    size_t n = MIN(s.n, max);
    while (n && n < s.n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
        n--;
    return n;
}

void link_close(struct net *n, struct conn *c, int status, struct str reason)
{
    if (c->state != CONN_OPEN)
        return;
    if (c->delivery) {
        delivery_closed(n, c, reason);
        return;
    }
    reason.n = cut_utf8(reason, CLOSE_REASON_MAX);
    struct buf b = {0};
    buf_add_c(&b, (char)WS_CLOSE_FRAME);
    buf_add_c(&b, (char)(reason.n + 2));
    buf_add_c(&b, (char)(status >> 8));
    buf_add_c(&b, (char)status);
    buf_add_str(&b, reason);
    queue_last(n, c, frame_of(buf_str(&b), 0));
    buf_finish(&b);
    buf_finish(&c->in);
    c->state = CONN_CLOSES;
    link_expect_by(n, c, CLOSE_WITHIN_MS);
    tell_hub_closed(n, c);
}

void link_close_error(struct net *n, struct conn *c, int status, const struct err *why)
{
    if (c->state != CONN_OPEN)
        return;
    struct msg m = {.type = MSG_ERROR,
                    .error = {.code = str_of(err_name(why->code)),
                              .message = str_of(why->text),
                              .retry = err_is_passing(why->code)}};
    queue_last(n, c, frame_of_msg(&m));
    link_close(n, c, status, str_of(err_name(why->code)));
}

void link_close_bye(struct net *n, struct conn *c, int status, enum err_code code)
{
    if (c->state != CONN_OPEN)
        return;
    struct msg m = {.type = MSG_BYE,
                    .bye = {.code = str_of(err_name(code)),
                            .message = str_of(err_sentence(code)),
                            .retry_ms = err_is_passing(code) ? RETRY_MS : -1}};
    queue_last(n, c, frame_of_msg(&m));
    link_close(n, c, status, str_of(err_name(code)));
}
