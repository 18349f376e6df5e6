/* libwebsockets 4.1: the handshake, what comes in, pongs and TLS. What goes out is written here
 * past it, in one call a turn.
 *
 * Where its own ways are too dear (docs/decisions/0003): its timers are sorted lists, so
 * connections have none; a callback for each write switches epoll twice, so plain sockets are
 * written to directly and it is asked only for what the kernel did not take. Since it sends
 * pongs and close frames by itself, our side never stops within a message: the rest of one that
 * went in part is given to it, and then it waits its turn behind it. */
#include "carrier.h"
#include "delivery.h"
#include "server_net_head.h"

#include <errno.h>
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    SERVICE_BUFFER = 16 * 1024,
    PIECES = 64,        /* of one write */
    RECORD = 16 * 1024, /* bytes of one TLS record */
    RECORDS_PER_TURN = 8,
    TX_MOST = 2 * 1024 * 1024, /* it is never given more at once */
    HANDSHAKE_TIMEOUT_S = 10,
    READS_PER_TURN = 64, /* of one connection that has more to say */
    A_LOT = READ_CHUNK / 2,
};

struct carrier {
    struct net *net;
    struct lws_context *context;
    struct lws_vhost *plain, *tls;
    struct conn *adopting; /* the connection that lws_adopt_...() is being called for */
    unsigned char *scratch;
    VEC(uint32_t) chatty; /* slots of which a read was full: there is more */
};

/* No timers of its own for connections. */
static const lws_retry_bo_t no_timers = {.secs_since_valid_ping = 0,
                                         .secs_since_valid_hangup = 0};

/* ---- out ---- */

static void wait_writable(struct conn *c)
{
    c->waits = true;
    lws_callback_on_writable(c->wsi);
}

/* Bytes as they are, without a frame around them; what cannot go now it keeps. */
static bool write_through(struct conn *c, const char *p, size_t n)
{
    return n == 0 || lws_write(c->wsi, (unsigned char *)(uintptr_t)p, n, LWS_WRITE_HTTP) >= 0;
}

static void sent(struct net *n, struct conn *c, size_t bytes)
{
    sendq_sent(&c->out, bytes, clock_us(), &n->delivery);
}

static bool finish_message(struct net *n, struct conn *c)
{
    struct str rest = sendq_broken_message(&c->out);
    bool ok = write_through(c, rest.p, rest.n);
    sent(n, c, rest.n);
    return ok;
}

static ssize_t send_pieces(int fd, struct iovec *pieces, size_t n)
{
    if (n == 1)
        return send(fd, pieces[0].iov_base, pieces[0].iov_len, MSG_NOSIGNAL | MSG_DONTWAIT);
    struct msghdr m = {.msg_iov = pieces, .msg_iovlen = n};
    return sendmsg(fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static bool write_plain(struct net *n, struct conn *c)
{
    struct iovec pieces[PIECES];
    while (!sendq_is_empty(&c->out)) {
        size_t bytes, count = sendq_next(&c->out, pieces, PIECES, &bytes);
        ssize_t gone = send_pieces(c->fd, pieces, count);
        n->tally.writes++;
        if (gone < 0 && errno == EINTR)
            continue;
        if (gone < 0 && errno != EAGAIN)
            return false;
        if (gone > 0) {
            n->tally.bytes_out += (uint64_t)gone;
            sent(n, c, (size_t)gone);
        }
        if (gone < 0 || (size_t)gone < bytes) {
            n->tally.writes_choked++;
            wait_writable(c);
            return finish_message(n, c);
        }
    }
    return true;
}

/* Gathers what waits into whole records; one copy, instead of a record for each message. */
static size_t gather(struct conn *c, unsigned char *record)
{
    struct iovec pieces[PIECES];
    size_t bytes, n = 0, count = sendq_next(&c->out, pieces, PIECES, &bytes);
    for (size_t i = 0; i < count && n < RECORD; i++) {
        size_t part = MIN(pieces[i].iov_len, RECORD - n);
        memcpy(record + n, pieces[i].iov_base, part);
        n += part;
    }
    return n;
}

static bool write_tls(struct net *n, struct conn *c)
{
    for (int i = 0; i < RECORDS_PER_TURN && !sendq_is_empty(&c->out); i++) {
        size_t bytes = gather(c, n->carrier->scratch);
        n->tally.writes++;
        n->tally.bytes_out += bytes;
        if (!write_through(c, (const char *)n->carrier->scratch, bytes))
            return false;
        sent(n, c, bytes);
        if (!finish_message(n, c))
            return false;
        if (lws_partial_buffered(c->wsi)) {
            n->tally.writes_choked++;
            break;
        }
    }
    if (!sendq_is_empty(&c->out))
        wait_writable(c);
    return true;
}

bool carrier_write(struct net *n, struct conn *c)
{
    if (c->waits || sendq_is_empty(&c->out))
        return true;
    if (lws_partial_buffered(c->wsi)) {
        wait_writable(c);
        return true;
    }
    return c->is_tls ? write_tls(n, c) : write_plain(n, c);
}

void carrier_kill(struct conn *c)
{
    if (!c->wsi)
        return;
    if (lws_partial_buffered(c->wsi)) /* or it would wait for that to leave */
        shutdown(c->fd, SHUT_RDWR);
    lws_set_timeout(c->wsi, PENDING_TIMEOUT_KILLED_BY_PARENT, LWS_TO_KILL_SYNC);
}

/* ---- what libwebsockets tells: each reason becomes a call, nothing else ---- */

typedef int act(struct carrier *k, struct conn *c, struct lws *wsi, void *in, size_t len);

/* One read brings READ_CHUNK bytes at most, since each connection has a buffer of that size.
 * Those with more to say are read again before the turn ends, so that a flood is handled in
 * large batches. */
static void note_volume(struct carrier *k, struct conn *c, size_t len)
{
    bool was_quiet = c->taken < A_LOT;
    c->taken = (uint32_t)MIN(c->taken + len, READ_CHUNK);
    if (was_quiet && c->taken >= A_LOT && !c->is_chatty) {
        c->is_chatty = true;
        vec_push(&k->chatty, c->slot);
    }
}

static void read_on(struct carrier *k, struct conn *c)
{
    c->is_chatty = false;
    for (int i = 0; i < READS_PER_TURN && c->taken >= A_LOT && c->wsi; i++) {
        struct lws_pollfd p = {.fd = c->fd, .events = LWS_POLLIN, .revents = LWS_POLLIN};
        c->taken = 0;
        c->is_chatty = true; /* already on its way */
        lws_service_fd(k->context, &p);
        c->is_chatty = false;
    }
    c->taken = 0;
}

void carrier_read_on(struct carrier *k)
{
    for (size_t i = 0; i < k->chatty.n; i++)
        read_on(k, conns_at(&k->net->conns, k->chatty.v[i]));
    k->chatty.n = 0;
}

static int on_received(struct carrier *k, struct conn *c, struct lws *wsi, void *in, size_t len)
{
    note_volume(k, c, len);
    if (lws_frame_is_binary(wsi)) {
        struct err e = {0};
        fail(&e, ERR_MALFORMED, "Messages are text frames, not binary ones.");
        link_close_error(k->net, c, 1003, &e);
        return 0;
    }
    link_received(k->net, c, (struct str){in, len}, lws_is_first_fragment(wsi),
                  lws_is_final_fragment(wsi), lws_remaining_packet_payload(wsi));
    return 0;
}

static int on_pong(struct carrier *k, struct conn *c, struct lws *wsi, void *in, size_t len)
{
    (void)wsi, (void)in, (void)len;
    if (c->state == CONN_OPEN)
        net_handle(k->net, (struct hub_input){.kind = IN_ALIVE, .conn = c->slot});
    return 0;
}

static int on_writable(struct carrier *k, struct conn *c, struct lws *wsi, void *in, size_t len)
{
    (void)wsi, (void)in, (void)len;
    c->waits = false;
    link_mark_dirty(k->net, c);
    return 0;
}

static int on_adopted(struct carrier *k, struct conn *c, struct lws *wsi, void *in, size_t len)
{
    (void)in, (void)len;
    c = k->adopting;
    if (!c)
        return -1;
    lws_set_opaque_user_data(wsi, c);
    c->wsi = wsi;
    c->has_wsi = true;
    c->fd = lws_get_socket_fd(wsi);
    return 0;
}

static int on_established(struct carrier *k, struct conn *c, struct lws *wsi, void *in,
                          size_t len)
{
    (void)wsi, (void)in, (void)len;
    link_opened(k->net, c);
    return 0;
}

static int on_peer_closes(struct carrier *k, struct conn *c, struct lws *wsi, void *in,
                          size_t len)
{
    (void)k, (void)wsi, (void)in, (void)len;
    if (c->state == CONN_CLOSES)
        return -1; /* the answer to our own close frame */
    c->state = CONN_CLOSES;
    sendq_clear(&c->out);
    return 0;
}

static int on_closed(struct carrier *k, struct conn *c, struct lws *wsi, void *in, size_t len)
{
    (void)wsi, (void)in, (void)len;
    link_closed(k->net, c);
    return 0;
}

/* ---- requests that came through TLS ---- */

/* A request to a hook. */
struct upload {
    struct head_space space;
    struct http_request r;
    struct buf body, answer;
    bool is_whole;
};

static int write_answer(struct lws *wsi, const struct buf *answer)
{
    return lws_write(wsi, (unsigned char *)answer->p, answer->n, LWS_WRITE_HTTP);
}

/* 0 lets the upgrade go on; -1 hangs up after the answer has been sent. */
static int decide(struct carrier *k, struct conn *c, struct lws *wsi)
{
    struct head_space space;
    struct http_request r;
    struct visitor who;
    struct buf body = {0}, answer = {0};
    head_read(wsi, &r, &space);
    int status = head_fault(&space, &r, &body);
    if (!status)
        status = gate_decide(k->net, &r, c->fd, false, &who, &body);
    if (status == 101) {
        c->visitor = NEW(struct visitor);
        *c->visitor = who;
    } else {
        http_answer(&answer, status, buf_str(&body));
        write_answer(wsi, &answer);
    }
    explicit_bzero(&space, sizeof space);
    buf_finish(&body);
    buf_finish(&answer);
    return status == 101 ? 0 : -1;
}

static int on_upgrade(struct carrier *k, struct conn *c, struct lws *wsi, void *in, size_t len)
{
    (void)in, (void)len;
    return c->visitor ? 0 : decide(k, c, wsi); /* plain ones were decided on at the door */
}

/* Looks at what has come of a request to a hook; -1 hangs up. */
static int read_upload(struct carrier *k, struct conn *c, struct lws *wsi)
{
    struct upload *u = c->upload;
    struct delivery_verdict v = {.state = BODY_BAD};
    struct buf body = {0};
    int fault = head_fault(&u->space, &u->r, &body);
    if (fault)
        http_answer(&v.answer, fault, buf_str(&body));
    else
        delivery_request(k->net, &u->r, buf_str(&u->body), 0, c, &v);
    buf_finish(&body);
    if (v.answer.n)
        write_answer(wsi, &v.answer);
    buf_finish(&v.answer);
    if (v.state == BODY_WHOLE) {
        u->is_whole = true;
        lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0);
        c->deadline = k->net->beat + (DELIVERY_WITHIN_MS + CLOSE_WITHIN_MS) / BEAT_MS;
    }
    return v.state == BODY_BAD ? -1 : 0;
}

static int on_request(struct carrier *k, struct conn *c, struct lws *wsi, void *in, size_t len)
{
    struct upload *u = NEW(struct upload);
    (void)in, (void)len;
    head_read(wsi, &u->r, &u->space);
    if (http_hook_token(&u->r).p) {
        head_read_body(wsi, &u->r, &u->space);
        c->upload = u;
        return read_upload(k, c, wsi);
    }
    free(u);
    decide(k, c, wsi);
    return -1;
}

static int on_body(struct carrier *k, struct conn *c, struct lws *wsi, void *in, size_t len)
{
    if (!c->upload)
        return -1;
    if (c->upload->is_whole)
        return 0;
    buf_add(&c->upload->body, in, len);
    return read_upload(k, c, wsi);
}

static int on_body_end(struct carrier *k, struct conn *c, struct lws *wsi, void *in, size_t len)
{
    (void)k, (void)wsi, (void)in, (void)len;
    return c->upload ? 0 : -1;
}

static int on_answerable(struct carrier *k, struct conn *c, struct lws *wsi, void *in,
                         size_t len)
{
    (void)k, (void)in, (void)len;
    if (!c->upload || !c->upload->answer.n)
        return 0;
    write_answer(wsi, &c->upload->answer);
    return -1;
}

void carrier_answer(struct conn *c, struct str answer)
{
    if (!c->wsi || !c->upload)
        return;
    buf_add_str(&c->upload->answer, answer);
    lws_callback_on_writable(c->wsi);
}

static void forget_upload(struct net *n, struct conn *c)
{
    struct upload *u = c->upload;
    if (!u)
        return;
    delivery_abandoned(n, c);
    buf_finish(&u->body);
    buf_finish(&u->answer);
    explicit_bzero(u, sizeof *u);
    free(u);
    c->upload = NULL;
}

static int on_destroyed(struct carrier *k, struct conn *c, struct lws *wsi, void *in,
                        size_t len)
{
    (void)wsi, (void)in, (void)len;
    forget_upload(k->net, c);
    link_gone(k->net, c);
    return 0;
}

static const struct {
    enum lws_callback_reasons reason;
    act *act;
} acts[] = {
    {LWS_CALLBACK_RECEIVE, on_received},
    {LWS_CALLBACK_RECEIVE_PONG, on_pong},
    {LWS_CALLBACK_SERVER_WRITEABLE, on_writable},
    {LWS_CALLBACK_HTTP_CONFIRM_UPGRADE, on_upgrade},
    {LWS_CALLBACK_ESTABLISHED, on_established},
    {LWS_CALLBACK_WS_PEER_INITIATED_CLOSE, on_peer_closes},
    {LWS_CALLBACK_CLOSED, on_closed},
    {LWS_CALLBACK_WSI_DESTROY, on_destroyed},
    {LWS_CALLBACK_HTTP, on_request},
    {LWS_CALLBACK_HTTP_BODY, on_body},
    {LWS_CALLBACK_HTTP_BODY_COMPLETION, on_body_end},
    {LWS_CALLBACK_HTTP_WRITEABLE, on_answerable},
};

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                    size_t len)
{
    (void)user;
    if (reason == LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED)
        return on_adopted(lws_context_user(lws_get_context(wsi)), NULL, wsi, in, len);
    for (size_t i = 0; i < COUNT_OF(acts); i++) {
        if (acts[i].reason != reason)
            continue;
        struct conn *c = lws_get_opaque_user_data(wsi);
        return c ? acts[i].act(lws_context_user(lws_get_context(wsi)), c, wsi, in, len) : 0;
    }
    return 0;
}

static const struct lws_protocols protocols[] = {
    {.name = "moot.v1",
     .callback = callback,
     .rx_buffer_size = READ_CHUNK,
     .tx_packet_size = TX_MOST},
    {0},
};

/* ---- making and ending it ---- */

static bool add_vhosts(struct carrier *k, const struct net_config *c, struct err *e)
{
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN_SERVER,
        .protocols = protocols,
        .vhost_name = "plain",
        .timeout_secs = HANDSHAKE_TIMEOUT_S,
        .retry_and_idle_policy = &no_timers,
    };
    k->plain = lws_create_vhost(k->context, &info);
    if (!k->plain)
        return fail(e, ERR_INTERNAL, "libwebsockets does not make a host.");
    if (!c->cert)
        return true;
    info.vhost_name = "tls";
    info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    info.alpn = "http/1.1";
    info.ssl_cert_filepath = c->cert;
    info.ssl_private_key_filepath = c->key;
    k->tls = lws_create_vhost(k->context, &info);
    return k->tls || fail(e, ERR_IO, "TLS does not work with %s and %s.", c->cert, c->key);
}

bool carrier_start(struct net *n, void *uv_loop, struct err *e)
{
    struct carrier *k = n->carrier = NEW(struct carrier);
    k->net = n;
    k->scratch = mem_new(RECORD);
    void *loops[] = {uv_loop};
    struct lws_context_creation_info info = {
        .options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                   LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME |
                   (n->config.cert ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : 0),
        .foreign_loops = loops,
        .max_http_header_data = HTTP_HEAD_MAX,
        .max_http_header_pool = HANDSHAKES_MAX + 8,
        .pt_serv_buf_size = SERVICE_BUFFER,
        .timeout_secs = HANDSHAKE_TIMEOUT_S,
        .retry_and_idle_policy = &no_timers,
        .user = k,
        .pcontext = &k->context,
    };
    lws_set_log_level(0, NULL); /* it calls strangers' mistakes errors; we log our own */
    k->context = lws_create_context(&info);
    if (!k->context)
        return fail(e, ERR_INTERNAL,
                    "libwebsockets does not start; is its libuv plugin installed?");
    return add_vhosts(k, &n->config, e);
}

void carrier_stop(struct carrier *k)
{
    if (k && k->context)
        lws_context_destroy(k->context);
}

void carrier_free(struct carrier *k)
{
    if (!k)
        return;
    /* it needs to be told once more for each phase, and clears k->context at the last */
    for (int phase = 0; phase < 3 && k->context; phase++)
        lws_context_destroy(k->context);
    vec_finish(&k->chatty);
    free(k->scratch);
    free(k);
}

bool carrier_reload(struct carrier *k, struct err *e)
{
    const struct net_config *c = &k->net->config;
    if (!k->tls || lws_tls_cert_updated(k->context, c->cert, c->key, NULL, 0, NULL, 0) == 0)
        return true;
    return fail(e, ERR_IO, "TLS does not work with %s and %s.", c->cert, c->key);
}

void carrier_adopt(struct carrier *k, struct conn *c, int fd, struct str bytes)
{
    k->adopting = c;
    if (c->is_tls)
        lws_adopt_socket_vhost(k->tls, fd);
    else
        lws_adopt_socket_vhost_readbuf(k->plain, fd, bytes.p, bytes.n);
    k->adopting = NULL;
    if (!c->has_wsi && c->state == CONN_SHAKES) /* it did not even begin */
        link_gone(k->net, c);
}
