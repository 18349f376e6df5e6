#include "client_net_parts.h"
#include "resolve.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

static int on_watched(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                      size_t n)
{
    (void)wsi, (void)reason, (void)user, (void)in, (void)n; /* the turn looks at them itself */
    return 0;
}

static const struct lws_protocols protocols[] = {
    {.name = "moot.v1", .callback = conn_callback},
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
    n->clock_offset = ms_of(CLOCK_REALTIME) - ms_of(CLOCK_BOOTTIME);
    return n;
}

void net_free(struct net *n)
{
    if (!n)
        return;
    bug_on(n->links.n);
    tunnel_free(n->tunnel);
    if (n->context)
        lws_context_destroy(n->context);
    close(n->epoll);
    vec_finish(&n->watches);
    vec_finish(&n->links);
    free(n);
}

int64_t net_now(struct net *n)
{
    return ms_of(CLOCK_BOOTTIME) + n->clock_offset;
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

static void forget_frames(struct link *l)
{
    vec_each (f, &l->frames)
        buf_finish(f);
    l->frames.n = 0;
}

void link_close(struct link *l)
{
    struct conn *c = l->conn;
    l->conn = NULL;
    l->has_opened = l->has_lost = l->waits = false;
    forget_frames(l);
    if (l->resolving)
        net_unwatch(l->net, resolve_fd(l->resolving));
    resolve_cancel(l->resolving);
    l->resolving = NULL;
    if (!c)
        return;
    if (l->url.kind == URL_SSH && !c->is_open && net_now(l->net) - l->connect_at >= HUNG_MS)
        tunnel_stop(l->net->tunnel);
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
    lws_callback_on_writable(c->wsi);
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
    if (url_by_account(u))
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
        conn_nobody(l, &c->why);
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

static void connect_to_socket(struct link *l, struct conn *c, const char *path)
{
    char name[SOCKET_PATH_MAX + 2];
    snprintf(name, sizeof name, "+%s", path);
    connect_conn(l, c, name);
}

/* ---- by ssh ---- */

/* Links that wait go on, or learn that they wait in vain. */
static void on_tunnel(void *arg)
{
    struct net *n = arg;
    enum tunnel_state state = tunnel_state(n->tunnel);
    vec_each (l, &n->links) {
        if (!(*l)->waits || state == TUNNEL_STARTING)
            continue;
        (*l)->waits = false;
        if (state == TUNNEL_UP) {
            connect_to_socket(*l, (*l)->conn, tunnel_socket(n->tunnel));
        } else {
            tunnel_why(n->tunnel, &(*l)->conn->why);
            conn_gone((*l)->conn);
        }
    }
}

static void want_tunnel(struct net *n, const struct url *u)
{
    if (n->tunnel && tunnel_is_for(n->tunnel, u))
        return;
    tunnel_free(n->tunnel);
    n->tunnel = tunnel_new(n, u);
    tunnel_tell(n->tunnel, on_tunnel, n);
}

bool net_ready(struct net *n, const struct url *u, struct err *e)
{
    if (u->kind != URL_SSH || !isatty(STDERR_FILENO))
        return true;
    want_tunnel(n, u);
    if (!tunnel_start(n->tunnel, true, e))
        return false;
    while (tunnel_state(n->tunnel) == TUNNEL_STARTING)
        net_turn(n, INT64_MAX);
    if (tunnel_state(n->tunnel) == TUNNEL_UP)
        return true;
    tunnel_why(n->tunnel, e);
    return false;
}

static void connect_by_ssh(struct link *l, struct conn *c)
{
    struct net *n = l->net;
    want_tunnel(n, &l->url);
    if (!tunnel_start(n->tunnel, false, &c->why))
        conn_gone(c);
    else if (tunnel_state(n->tunnel) == TUNNEL_UP)
        connect_to_socket(l, c, tunnel_socket(n->tunnel));
    else
        l->waits = true;
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
    l->connect_at = net_now(l->net);
    if (u->kind == URL_UNIX)
        connect_to_socket(l, c, u->socket);
    else if (u->kind == URL_SSH)
        connect_by_ssh(l, c);
    else if (resolve_is_numeric(u->host))
        connect_conn(l, c, u->host);
    else
        look_up(l, c);
}
