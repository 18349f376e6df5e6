#include "client_net.h"

#include "resolve.h"

#include <errno.h>
#include <libwebsockets.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    FD_LIMIT = 64,          /* descriptors that libwebsockets prepares for */
    HEADER_ROOM = 8 * 1024, /* of a request and of an answer, the token included */
    WRITES_A_TURN = 64,     /* messages written before others get their turn */
    WATCHES_MAX = 16,
};

struct watch {
    int fd;
    void (*ready)(void *arg);
    void *arg;
};

/* The foreign descriptors hang on one epoll descriptor. While there is no lws context it is
 * waited on alone; later lws polls it as one more raw file, and never touches what is behind.
 */
struct net {
    int epoll;
    struct lws_context *context;
    bool has_tls;
    struct lws_sorted_usec_list timer;
    int64_t clock_offset; /* ms from the monotonic clock to 1970 */
    VEC(struct watch) watches;
    VEC(struct link *) links;
};

/* One connection. It belongs to its link until that lets go of it, then to itself, until lws is
 * done with it. */
struct conn {
    struct link *link;
    struct lws *wsi; /* NULL: its address is still being looked up */
    bool is_open, is_closing;
    struct buf token;
    struct buf in;       /* of a message that is not complete */
    VEC(struct buf) out; /* messages, LWS_PRE bytes free in front of each */
    size_t out_at, out_bytes;
    struct err why; /* what the peer said when it closed */
};

struct link {
    struct net *net;
    struct link_listener listener;
    struct conn *conn;
    struct url url;
    struct resolve *resolving;
    size_t attempts; /* each takes the next of the addresses that the name has */
    /* told at the end of the turn */
    bool has_opened, has_lost;
    struct err why;
    VEC(struct buf) frames;
};

/* ---- connections ---- */

static void conn_free(struct conn *c)
{
    buf_finish(&c->token);
    buf_finish(&c->in);
    vec_each (b, &c->out)
        buf_finish(b);
    vec_finish(&c->out);
    free(c);
}

static void forget_frames(struct link *l)
{
    vec_each (f, &l->frames)
        buf_finish(f);
    l->frames.n = 0;
}

static int say_why(struct conn *c, enum err_code code, const char *text)
{
    fail(&c->why, code, "%s", text);
    return -1;
}

/* ---- refusals ---- */

static enum err_code code_of_status(int status)
{
    switch (status) {
    case 401:
        return ERR_NOT_SIGNED_IN;
    case 403:
        return ERR_FORBIDDEN;
    case 426:
        return ERR_VERSION;
    case 429:
        return ERR_RATE;
    case 503:
        return ERR_CLOSING;
    }
    return ERR_UNREACHABLE;
}

/* The server's own words stand in a header, "Moot-Error: CODE SENTENCE": lws keeps no body of
 * an upgrade that was refused. */
static bool words_of_server(struct lws *wsi, struct err *why)
{
    char header[sizeof why->text + 40 + 2];
    int n = lws_hdr_custom_copy(wsi, header, sizeof header, "moot-error:", 11);
    if (n <= 0)
        return false;
    struct str words = {header, (size_t)n};
    struct str code = str_cut(&words, ' ');
    fail(why, err_from_name(code), "%.*s", STR_ARG(str_trim(words)));
    return why->code != ERR_INTERNAL;
}

static bool no_socket(const struct link *l, struct err *why)
{
    struct stat st;
    if (l->url.kind != URL_UNIX)
        return false;
    if (stat(l->url.socket, &st) == 0 && access(l->url.socket, W_OK) == 0)
        return !fail(why, ERR_UNREACHABLE, "nobody answers on %s: mootd does not run",
                     l->url.socket);
    if (errno == EACCES)
        return !fail(why, ERR_UNREACHABLE, "you may not use the socket %s", l->url.socket);
    return !fail(why, ERR_UNREACHABLE, "there is no %s: mootd does not run", l->url.socket);
}

/* The connection could not be made; lws says why in its own words. */
static void refused(struct conn *c, struct lws *wsi, struct str words)
{
    struct buf where = {0};
    int status = (int)lws_http_client_http_response(wsi);
    if (c->link)
        url_show(&c->link->url, &where);
    if (status > 0 && status != 101 && words_of_server(wsi, &c->why))
        ;
    else if (status > 0 && status != 101)
        fail(&c->why, code_of_status(status), "%s refused the connection with HTTP status %d",
             buf_cstr(&where), status);
    else if (words.n && memmem(words.p, words.n, "SSL", 3))
        fail(&c->why, ERR_UNREACHABLE,
             "%s has no TLS, or a certificate that is not trusted here; the authority behind "
             "it can "
             "be named with --ca-file",
             buf_cstr(&where));
    else if (!c->link || !no_socket(c->link, &c->why))
        fail(&c->why, ERR_UNREACHABLE, "%s cannot be reached: %.*s", buf_cstr(&where),
             STR_ARG(words.n ? words : STR("no answer")));
    buf_finish(&where);
}

/* lws is done with the connection. */
static void conn_gone(struct conn *c)
{
    struct link *l = c->link;
    if (l) {
        l->conn = NULL;
        l->has_lost = true;
        l->why = c->why;
        if (l->why.code == ERR_NONE && (c->is_open || !no_socket(l, &l->why)))
            fail(&l->why, ERR_UNREACHABLE, "the connection to the server broke");
    }
    conn_free(c);
}

/* ---- lws's reasons ---- */

static int add_token(struct conn *c, struct lws *wsi, unsigned char **at, size_t room)
{
    if (c->token.n == 0)
        return 0;
    struct buf value = {0};
    buf_fmt(&value, "Bearer %.*s", STR_ARG(buf_str(&c->token)));
    int r =
        lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_AUTHORIZATION,
                                     (unsigned char *)value.p, (int)value.n, at, *at + room);
    buf_finish(&value);
    return r;
}

static int received(struct conn *c, struct lws *wsi, const char *bytes, size_t n)
{
    struct buf none = {0};
    if (c->in.n + n > LINK_FRAME_MAX)
        return say_why(c, ERR_TOO_LARGE, "the server sent a message over the bound");
    buf_add(&c->in, bytes, n);
    if (lws_remaining_packet_payload(wsi) > 0 || !lws_is_final_fragment(wsi))
        return 0;
    if (c->link)
        vec_push(&c->link->frames, c->in);
    else
        buf_finish(&c->in);
    c->in = none;
    return 0;
}

static int write_some(struct conn *c, struct lws *wsi)
{
    for (int i = 0; i < WRITES_A_TURN && c->out_at < c->out.n; i++) {
        if (lws_send_pipe_choked(wsi))
            break;
        struct buf *b = &c->out.v[c->out_at++];
        size_t n = b->n - LWS_PRE;
        c->out_bytes -= n;
        int sent = lws_write(wsi, (unsigned char *)b->p + LWS_PRE, n, LWS_WRITE_TEXT);
        buf_finish(b);
        if (sent < (int)n)
            return -1;
    }
    if (c->out_at < c->out.n) {
        lws_callback_on_writable(wsi);
        return 0;
    }
    c->out.n = c->out_at = 0;
    return c->is_closing ? -1 : 0;
}

static void closed_by_peer(struct conn *c, const unsigned char *in, size_t n)
{
    struct str words = n > 2 ? (struct str){(const char *)in + 2, n - 2} : (struct str){0};
    fail(&c->why, ERR_UNREACHABLE, "the server closed the connection%s%.*s",
         words.n ? ": " : "", (int)MIN(words.n, (size_t)120), words.n ? words.p : "");
}

static int on_link(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                   size_t n)
{
    struct conn *c = lws_get_opaque_user_data(wsi);
    (void)user;
    if (!c)
        return 0;
    c->wsi = wsi;
    switch ((int)reason) {
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
        return add_token(c, wsi, in, n);
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        c->is_open = true;
        if (c->link)
            c->link->has_opened = true;
        break;
    case LWS_CALLBACK_CLIENT_RECEIVE:
        return received(c, wsi, in, n);
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return write_some(c, wsi);
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        closed_by_peer(c, in, n);
        break;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        refused(c, wsi, (struct str){in, in ? n : 0});
        break;
    case LWS_CALLBACK_WSI_DESTROY:
        lws_set_opaque_user_data(wsi, NULL);
        conn_gone(c);
        break;
    }
    return 0;
}

static int on_watched(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                      size_t n)
{
    (void)wsi, (void)reason, (void)user, (void)in, (void)n; /* the turn looks at them itself */
    return 0;
}

static const struct lws_protocols protocols[] = {
    {.name = "moot.v1", .callback = on_link},
    {.name = "watch", .callback = on_watched},
    {0},
};

/* ---- the loop ---- */

static int64_t ms_of(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct net *net_new(void)
{
    struct net *n = NEW(struct net);
    n->epoll = epoll_create1(EPOLL_CLOEXEC);
    bug_on(n->epoll < 0);
    n->clock_offset = ms_of(CLOCK_REALTIME) - ms_of(CLOCK_MONOTONIC);
    return n;
}

void net_free(struct net *n)
{
    if (!n)
        return;
    bug_on(n->links.n);
    if (n->context)
        lws_context_destroy(n->context);
    close(n->epoll);
    vec_finish(&n->watches);
    vec_finish(&n->links);
    free(n);
}

int64_t net_now(struct net *n)
{
    return ms_of(CLOCK_MONOTONIC) + n->clock_offset;
}

static bool adopt_watches(struct net *n)
{
    lws_sock_file_fd_type fd = {.filefd = dup(n->epoll)};
    return fd.filefd >= 0 &&
           lws_adopt_descriptor_vhost(lws_get_vhost_by_name(n->context, "default"),
                                      LWS_ADOPT_RAW_FILE_DESC, fd, "watch", NULL);
}

static bool start_context(struct net *n, bool tls, const char *ca_file, struct err *e)
{
    static const lws_retry_bo_t no_pings = {.secs_since_valid_ping = 0}; /* the session pings */
    if (n->context && (n->has_tls || !tls))
        return true;
    if (n->context)
        lws_context_destroy(n->context);
    lws_set_log_level(0, NULL);
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .protocols = protocols,
        .gid = (gid_t)-1,
        .uid = (uid_t)-1,
        .fd_limit_per_thread = FD_LIMIT,
        .max_http_header_data = HEADER_ROOM,
        .pt_serv_buf_size = 2 * HEADER_ROOM,
        .retry_and_idle_policy = &no_pings,
        .options = (tls ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : 0) |
                   (ca_file ? LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS : 0),
        .client_ssl_ca_filepath = ca_file,
    };
    n->context = lws_create_context(&info);
    n->has_tls = tls;
    if (!n->context || !adopt_watches(n))
        return fail(e, ERR_INTERNAL, "the network library does not start");
    return true;
}

bool net_watch(struct net *n, int fd, void (*ready)(void *arg), void *arg, struct err *e)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (n->watches.n == WATCHES_MAX || epoll_ctl(n->epoll, EPOLL_CTL_ADD, fd, &event) < 0)
        return fail(e, ERR_IO, "descriptor %d cannot be watched: %s", fd, strerror(errno));
    vec_push(&n->watches, (struct watch){fd, ready, arg});
    return true;
}

void net_unwatch(struct net *n, int fd)
{
    for (size_t i = 0; i < n->watches.n; i++) {
        if (n->watches.v[i].fd != fd)
            continue;
        epoll_ctl(n->epoll, EPOLL_CTL_DEL, fd, NULL);
        vec_remove(&n->watches, i);
        return;
    }
}

static void tell_watches(struct net *n, int timeout_ms)
{
    struct epoll_event events[WATCHES_MAX];
    int ready = epoll_wait(n->epoll, events, WATCHES_MAX, timeout_ms);
    for (int i = 0; i < ready; i++) {
        vec_each (w, &n->watches) {
            if (w->fd == events[i].data.fd) {
                w->ready(w->arg); /* may watch and unwatch */
                break;
            }
        }
    }
}

static void on_timer(lws_sorted_usec_list_t *timer)
{
    (void)timer; /* it only ends the wait */
}

static void tell_link(struct link *l)
{
    if (l->has_opened) {
        l->has_opened = false;
        l->listener.opened(l->listener.arg);
    }
    for (size_t i = 0; i < l->frames.n; i++) { /* link_close() empties the list */
        struct buf frame = l->frames.v[i];
        l->frames.v[i] = (struct buf){0};
        l->listener.frame(l->listener.arg, buf_str(&frame));
        buf_finish(&frame);
    }
    l->frames.n = 0;
    if (l->has_lost) {
        struct err why = l->why;
        l->has_lost = false;
        l->listener.lost(l->listener.arg, &why);
    }
}

static bool has_news(const struct net *n)
{
    vec_each (l, &n->links) {
        if ((*l)->has_opened || (*l)->has_lost || (*l)->frames.n)
            return true;
    }
    return false;
}

void net_turn(struct net *n, int64_t until)
{
    int64_t wait = until == INT64_MAX ? INT_MAX : MAX(until - net_now(n), 0);
    wait = has_news(n) ? 0 : MIN(wait, INT_MAX);
    if (n->context && wait > 0)
        lws_sul_schedule(n->context, 0, &n->timer, on_timer, wait * LWS_US_PER_MS);
    if (n->context)
        lws_service(n->context, wait > 0 ? 0 : -1);
    tell_watches(n, n->context ? 0 : (int)wait);
    for (size_t i = 0; i < n->links.n; i++)
        tell_link(n->links.v[i]);
}

/* ---- links ---- */

struct link *link_new(struct net *n, struct link_listener listener)
{
    struct link *l = NEW(struct link);
    l->net = n;
    l->listener = listener;
    vec_push(&n->links, l);
    return l;
}

void link_free(struct link *l)
{
    if (!l)
        return;
    link_close(l);
    vec_finish(&l->frames);
    for (size_t i = 0; i < l->net->links.n; i++) {
        if (l->net->links.v[i] == l) {
            vec_remove(&l->net->links, i);
            break;
        }
    }
    free(l);
}

void link_close(struct link *l)
{
    struct conn *c = l->conn;
    l->conn = NULL;
    l->has_opened = l->has_lost = false;
    forget_frames(l);
    if (l->resolving)
        net_unwatch(l->net, resolve_fd(l->resolving));
    resolve_cancel(l->resolving);
    l->resolving = NULL;
    if (!c)
        return;
    c->link = NULL;
    c->is_closing = true;
    if (!c->wsi)
        conn_free(c);
    else if (c->is_open)
        lws_callback_on_writable(c->wsi);
    else
        lws_set_timeout(c->wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
}

void link_send(struct link *l, struct str bytes)
{
    struct conn *c = l->conn;
    if (!c || !c->is_open)
        return;
    struct buf message = {0};
    buf_reserve(&message, LWS_PRE + bytes.n);
    memset(message.p, 0, LWS_PRE);
    message.n = LWS_PRE;
    buf_add_str(&message, bytes);
    vec_push(&c->out, message);
    c->out_bytes += bytes.n;
    lws_callback_on_writable(c->wsi);
}

size_t link_unsent(const struct link *l)
{
    return l->conn ? l->conn->out_bytes : 0;
}

static void cannot(struct link *l, const struct err *why)
{
    l->has_lost = true;
    l->why = *why;
}

static bool may_send_token(const struct url *u, struct str token, struct err *e)
{
    if (token.n == 0 || u->kind != URL_WS || url_is_local(u))
        return true;
    return fail(e, ERR_FORBIDDEN,
                "ws:// is not encrypted: a token is not sent to %s that way; use wss://",
                u->host);
}

/* name: the socket's path behind '+', or an address. */
static void connect_conn(struct link *l, struct conn *c, const char *name)
{
    const struct url *u = &l->url;
    struct buf host = {0};
    if (u->kind == URL_UNIX)
        buf_fmt(&host, "localhost");
    else
        url_show(u, &host);
    struct lws_client_connect_info info = {
        .context = l->net->context,
        .address = name,
        .port = u->port,
        .path = u->path,
        .host = buf_cstr(&host),
        .protocol = "moot.v1",
        .local_protocol_name = "moot.v1",
        .ietf_version_or_minus_one = -1,
        .alpn = "http/1.1",
        .opaque_user_data = c,
        .ssl_connection =
            LCCSCF_HTTP_NO_FOLLOW_REDIRECT | (u->kind == URL_WSS ? LCCSCF_USE_SSL : 0),
    };
    /* When it fails at once c may be gone, so it gets no pwsi of c to write to behind that. */
    struct lws *wsi = lws_client_connect_via_info(&info);
    if (wsi && l->conn == c)
        c->wsi = wsi;
    if (!wsi && l->conn) {
        fail(&c->why, ERR_UNREACHABLE, "%s cannot be reached", buf_cstr(&host));
        no_socket(l, &c->why);
        conn_gone(c);
    }
    buf_finish(&host);
}

static void on_resolved(void *arg)
{
    struct link *l = arg;
    struct addresses found;
    struct resolve *r = l->resolving;
    l->resolving = NULL;
    net_unwatch(l->net, resolve_fd(r));
    if (resolve_finish(r, &found, &l->conn->why))
        connect_conn(l, l->conn, found.v[l->attempts++ % found.n]);
    else
        conn_gone(l->conn);
}

static void look_up(struct link *l, struct conn *c)
{
    l->resolving = resolve_start(l->url.host);
    if (l->resolving && net_watch(l->net, resolve_fd(l->resolving), on_resolved, l, &c->why))
        return;
    resolve_cancel(l->resolving);
    l->resolving = NULL;
    fail(&c->why, ERR_UNREACHABLE, "%s cannot be looked up: no resources", l->url.host);
    conn_gone(c);
}

void link_connect(struct link *l, const struct url *u, struct str token, const char *ca_file)
{
    struct err why = {0};
    link_close(l);
    l->url = *u;
    if (!may_send_token(u, token, &why) ||
        !start_context(l->net, u->kind == URL_WSS, ca_file, &why)) {
        cannot(l, &why);
        return;
    }
    struct conn *c = NEW(struct conn);
    c->link = l;
    buf_add_str(&c->token, token);
    l->conn = c;
    char socket[SOCKET_PATH_MAX + 2];
    snprintf(socket, sizeof socket, "+%s", u->socket);
    if (u->kind == URL_UNIX)
        connect_conn(l, c, socket);
    else if (resolve_is_numeric(u->host))
        connect_conn(l, c, u->host);
    else
        look_up(l, c);
}
