/* The loop: libuv's handles around the turn, signals, start and end. */
#include "server_net.h"
#include "carrier.h"
#include "delivery.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <uv.h>

enum {
    FILES_BESIDES = 64,
    FILES_AT_DOOR = 4096, /* when all connections are taken; otherwise their descriptors too */
    TICK_MOST_MS = 100,
};

struct loop {
    uv_loop_t uv;
    uv_poll_t door;
    uv_prepare_t prepare;
    uv_check_t check;
    uv_async_t wake;
    uv_timer_t tick, beat;
    uv_signal_t term, intr, hup, usr1;
    int64_t tick_at; /* what the tick timer is set for */
    bool has_door, is_asked_to_end;
};

/* ---- inside the loop ---- */

static void set_tick(struct net *n)
{
    struct loop *l = n->loop;
    int64_t now = net_now(n), at = hub_next_tick(n->parts.hub, now);
    if (at == l->tick_at && uv_is_active((uv_handle_t *)&l->tick))
        return;
    l->tick_at = at;
    int64_t wait = MAX(at - now, 1);
    uv_timer_start(&l->tick, l->tick.timer_cb, (uint64_t)MIN(wait, TICK_MOST_MS), 0);
}

static void turn(struct net *n)
{
    net_turn(n);
    set_tick(n);
    if (net_is_drained(n))
        uv_stop(&n->loop->uv);
}

static void on_prepare(uv_prepare_t *h)
{
    turn(h->data);
}

static void on_check(uv_check_t *h)
{
    turn(h->data);
}

static void on_tick(uv_timer_t *h)
{
    net_tick(h->data);
}

static void on_wake(uv_async_t *h)
{
    (void)h; /* the turn that follows collects what the store has done */
}

static void on_door(uv_poll_t *h, int status, int events)
{
    struct net *n = h->data;
    (void)status, (void)events;
    net_at_door(n);
}

static void on_term(uv_signal_t *h, int signal)
{
    struct net *n = h->data;
    (void)signal;
    if (n->loop->is_asked_to_end)
        uv_stop(&n->loop->uv);
    n->loop->is_asked_to_end = true;
    net_begin_drain(n);
}

static void set_origins(struct net *n, const char *origins)
{
    buf_clear(&n->origins);
    buf_add_str(&n->origins, str_of(origins));
}

static bool reload(struct net *n, struct err *e)
{
    struct net_changes changes = {0};
    if (n->parts.reload) {
        if (!n->parts.reload(n->parts.arg, &changes, e))
            return false;
        set_origins(n, changes.origins);
    }
    return carrier_reload(n->carrier, e);
}

static void on_hup(uv_signal_t *h, int signal)
{
    struct net *n = h->data;
    struct err e = {0};
    (void)signal;
    if (reload(n, &e))
        log_line(n->parts.log, LOG_INFO, "net.reload", "Configuration read again.");
    else
        log_line(n->parts.log, LOG_ERROR, "net.reload", "Left as it was: %s", e.text);
}

static void on_usr1(uv_signal_t *h, int signal)
{
    struct net *n = h->data;
    struct err e = {0};
    (void)signal;
    if (n->parts.reopen && !n->parts.reopen(n->parts.arg, &e))
        log_line(n->parts.log, LOG_ERROR, "net.reopen", "Left as it was: %s", e.text);
}

/* Opens the door once the hub knows who may come in. */
static void open_door(struct net *n)
{
    struct loop *l = n->loop;
    if (l->has_door || !n->is_booted)
        return;
    l->has_door = true;
    uv_poll_start(&l->door, UV_READABLE, on_door);
}

static void on_beat(uv_timer_t *h)
{
    struct net *n = h->data;
    net_beat(n);
}

static void on_first_beats(uv_timer_t *h)
{
    struct net *n = h->data;
    on_beat(h);
    if (!n->is_booted)
        return;
    if (n->boot_fault.code != ERR_NONE) {
        uv_stop(&n->loop->uv);
        return;
    }
    open_door(n);
    uv_timer_start(h, on_beat, BEAT_MS, BEAT_MS);
}

/* ---- start ---- */

/* One descriptor a connection, some for those at the door, a few for ourselves. No more than
 * that: libwebsockets looks through all there may be whenever a connection comes or goes. */
static void raise_file_limit(struct net *n)
{
    struct rlimit files = {.rlim_cur = 1024};
    rlim_t wanted = (rlim_t)n->config.max_connections + FILES_AT_DOOR + FILES_BESIDES;
    rlim_t least = FILES_BESIDES + ARRIVALS_MIN;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = MIN(wanted, files.rlim_max);
        setrlimit(RLIMIT_NOFILE, &files);
        getrlimit(RLIMIT_NOFILE, &files);
    }
    n->files = files.rlim_cur > 2 * least ? files.rlim_cur - FILES_BESIDES : least;
    int64_t most = (int64_t)(n->files - ARRIVALS_MIN);
    if (n->config.max_connections <= most)
        return;
    n->config.max_connections = MAX(most, 1);
    log_line(n->parts.log, LOG_WARN, "net.files",
             "The limit of open files allows %jd connections at most.",
             (intmax_t)n->config.max_connections);
}

static bool listen_tcp_at(struct net *n, struct err *e)
{
    const struct net_config *c = &n->config;
    struct buf host = {0};
    int port;
    bool is_loopback;
    bool ok = arrivals_parse_address(str_of(c->listen), &host, &port, &is_loopback, e);
    if (ok && !is_loopback && !c->cert && !c->insecure_plain_ws)
        ok = fail(e, ERR_USAGE,
                  "%s can be reached from elsewhere, and without TLS tokens and messages would "
                  "travel in the clear. Give --cert and --key, or --insecure-plain-ws.",
                  c->listen);
    ok = ok && arrivals_listen_tcp(n->arrivals, buf_cstr(&host), &port, c->cert != NULL, e);
    if (ok)
        buf_fmt(&n->where, strchr(host.p, ':') ? "%s%s://[%s]:%d" : "%s%s://%s:%d",
                n->where.n ? " and " : "", c->cert ? "wss" : "ws", host.p, port);
    buf_finish(&host);
    return ok;
}

static bool listen_everywhere(struct net *n, struct err *e)
{
    const struct net_config *c = &n->config;
    if (!c->cert != !c->key)
        return fail(e, ERR_USAGE, "--cert and --key go together.");
    if (c->socket_path && *c->socket_path) {
        if (!arrivals_listen_unix(n->arrivals, c->socket_path, c->socket_mode, e))
            return false;
        buf_fmt(&n->where, "unix:%s", c->socket_path);
    }
    if (c->listen && *c->listen && !listen_tcp_at(n, e))
        return false;
    return n->where.n || fail(e, ERR_USAGE, "There is nothing to listen on.");
}

static void init_loop(struct net *n)
{
    struct loop *l = n->loop = NEW(struct loop);
    bug_on(uv_loop_init(&l->uv) != 0);
    uv_poll_init(&l->uv, &l->door, arrivals_fd(n->arrivals));
    uv_prepare_init(&l->uv, &l->prepare);
    uv_check_init(&l->uv, &l->check);
    uv_async_init(&l->uv, &l->wake, on_wake);
    uv_timer_init(&l->uv, &l->tick);
    uv_timer_init(&l->uv, &l->beat);
    uv_signal_init(&l->uv, &l->term);
    uv_signal_init(&l->uv, &l->intr);
    uv_signal_init(&l->uv, &l->hup);
    uv_signal_init(&l->uv, &l->usr1);
    uv_handle_t *mine[] = {
        (uv_handle_t *)&l->door, (uv_handle_t *)&l->prepare, (uv_handle_t *)&l->check,
        (uv_handle_t *)&l->tick, (uv_handle_t *)&l->beat,    (uv_handle_t *)&l->term,
        (uv_handle_t *)&l->intr, (uv_handle_t *)&l->hup,     (uv_handle_t *)&l->usr1};
    for (size_t i = 0; i < COUNT_OF(mine); i++)
        mine[i]->data = n;
}

static void start_loop(struct net *n)
{
    struct loop *l = n->loop;
    uv_prepare_start(&l->prepare, on_prepare);
    uv_check_start(&l->check, on_check);
    uv_timer_start(&l->tick, on_tick, 1, 0);
    uv_timer_start(&l->beat, on_first_beats, 1, 1);
    uv_signal_start(&l->term, on_term, SIGTERM);
    uv_signal_start(&l->intr, on_term, SIGINT);
    uv_signal_start(&l->hup, on_hup, SIGHUP);
    uv_signal_start(&l->usr1, on_usr1, SIGUSR1);
}

/* They are held while there is nobody to hear them: those before the loop runs are heard then,
 * those behind it never. */
static void mask_signals(int how)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};
    sigset_t held;
    sigemptyset(&held);
    for (size_t i = 0; i < COUNT_OF(signals); i++)
        sigaddset(&held, signals[i]);
    pthread_sigmask(how, &held, NULL);
}

void net_wake(void *arg)
{
    struct net *n = arg;
    uv_async_send(&n->loop->wake);
}

struct net *net_new(const struct net_config *c, const struct net_parts *parts, struct err *e)
{
    struct net *n = NEW(struct net);
    n->config = *c;
    n->parts = *parts;
    n->started = clock_us();
    set_origins(n, c->origins);
    struct buf ping = {0};
    buf_add(&ping, "\x89\x01m", 3); /* with a byte: libwebsockets keeps empty pongs to itself */
    n->ping = frame_of(buf_str(&ping), 0);
    buf_finish(&ping);
    raise_file_limit(n);
    n->arrivals = arrivals_new(gate_receive, n);
    init_loop(n);
    if (carrier_start(n, &n->loop->uv, e) && listen_everywhere(n, e))
        return n;
    net_free(n);
    return NULL;
}

const char *net_where(const struct net *n)
{
    return n->where.p;
}

bool net_run(struct net *n, struct err *e)
{
    n->store = store_threads_start(n->parts.store, net_wake, n);
    n->is_stirred = true;
    hub_start(n->parts.hub, net_now(n), &n->outbox);
    start_loop(n);
    mask_signals(SIG_UNBLOCK);
    uv_run(&n->loop->uv, UV_RUN_DEFAULT);
    mask_signals(SIG_BLOCK);
    if (n->boot_fault.code != ERR_NONE)
        return fail(e, n->boot_fault.code, "%s", n->boot_fault.text);
    log_line(n->parts.log, LOG_INFO, "net.end", "Ended with %zu connections left.", n->conns.n);
    return true;
}

/* ---- end ---- */

static void close_own(struct loop *l)
{
    uv_handle_t *own[] = {(uv_handle_t *)&l->door,  (uv_handle_t *)&l->prepare,
                          (uv_handle_t *)&l->check, (uv_handle_t *)&l->wake,
                          (uv_handle_t *)&l->tick,  (uv_handle_t *)&l->beat,
                          (uv_handle_t *)&l->term,  (uv_handle_t *)&l->intr,
                          (uv_handle_t *)&l->hup,   (uv_handle_t *)&l->usr1};
    for (size_t i = 0; i < COUNT_OF(own); i++)
        if (!uv_is_closing(own[i]))
            uv_close(own[i], NULL);
}

static void end_loop(struct net *n)
{
    close_own(n->loop);
    carrier_stop(n->carrier);
    while (uv_run(&n->loop->uv, UV_RUN_NOWAIT)) /* closing handles end by themselves */
        ;
    uv_loop_close(&n->loop->uv);
    free(n->loop);
}

void net_free(struct net *n)
{
    if (!n)
        return;
    if (n->store)
        store_threads_stop(n->store);
    posts_stop(n->posts);
    end_loop(n);
    carrier_free(n->carrier);
    arrivals_free(n->arrivals);
    deliveries_finish(n);
    conns_finish(&n->conns);
    frame_drop(n->ping);
    outbox_finish(&n->outbox);
    arena_finish(&n->reply_arena);
    vec_finish(&n->replies);
    vec_finish(&n->closed);
    vec_finish(&n->readable);
    vec_finish(&n->missed);
    vec_finish(&n->dirty);
    vec_finish(&n->doomed);
    vec_finish(&n->timed);
    buf_finish(&n->where);
    buf_finish(&n->origins);
    free(n);
}
