/* What happens every tenth of a second: deadlines, pings, the drain; and the figures. */
#include "carrier.h"
#include "delivery.h"

#include <malloc.h>
#include <string.h>

enum { GIVE_BACK_MS = 10 * 1000 };

static void expire(struct net *n, struct conn *c)
{
    if (c->state == CONN_SHAKES)
        log_line(n->parts.log, LOG_DEBUG, "net.handshake", "A handshake took too long.");
    link_doom(n, c);
}

static bool has_deadline(const struct conn *c)
{
    return c->state == CONN_SHAKES || c->state == CONN_CLOSES;
}

static void check_deadlines(struct net *n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n->timed.n; i++) {
        struct conn *c = conns_at(&n->conns, n->timed.v[i]);
        if (!has_deadline(c))
            continue;
        /* while others wait at the door, a slow handshake gets a second */
        uint32_t allowed = n->is_crowded && c->state == CONN_SHAKES ? HANDSHAKE_SLACK : 0;
        if (n->beat + allowed >= c->deadline)
            expire(n, c);
        else
            n->timed.v[kept++] = c->slot;
    }
    n->timed.n = kept;
}

/* Pings each; the hub hears of the pongs and ends who stays silent. */
static void look_after(struct net *n, struct conn *c)
{
    if (c->state != CONN_OPEN || c->delivery)
        return;
    if (c->is_partial && n->beat > c->deadline) {
        struct err e = {0};
        fail(&e, ERR_MALFORMED, "A message in fragments took too long to come.");
        link_close_error(n, c, 1002, &e);
        return;
    }
    n->tally.pings++;
    sendq_force(&c->out, n->ping);
    link_mark_dirty(n, c);
}

/* A slice of all connections each time, so that 10,000 pings never leave at once. */
static void look_after_slice(struct net *n)
{
    uint32_t slices = (uint32_t)n->config.heartbeat_s * 1000 / BEAT_MS;
    for (uint32_t slot = n->beat % slices; slot < n->conns.end; slot += slices)
        look_after(n, conns_at(&n->conns, slot));
}

void net_begin_drain(struct net *n)
{
    if (n->is_draining)
        return;
    n->is_draining = true;
    n->drain_deadline = n->beat + DRAIN_WITHIN_MS / BEAT_MS;
    log_line(n->parts.log, LOG_INFO, "net.drain",
             "Going down: %zu connections, %zu events to store.", n->conns.n,
             hub_counts(n->parts.hub).appends_waiting);
    arrivals_stop_listening(n->arrivals);
    net_handle(n, (struct hub_input){.kind = IN_DRAIN});
}

static void close_all(struct net *n)
{
    n->is_closing_all = true;
    for (uint32_t slot = 0; slot < n->conns.end; slot++)
        link_close(n, conns_at(&n->conns, slot), 1001, str_of(err_name(ERR_CLOSING)));
}

bool net_is_drained(const struct net *n)
{
    return n->is_draining &&
           ((n->is_closing_all && n->conns.n == 0) || n->beat >= n->drain_deadline);
}

static void add_hub_counts(struct metrics *m, const struct hub *hub)
{
    struct hub_counts h = hub_counts(hub);
    m->connections = h.connections;
    m->people = h.people;
    m->rooms_open = h.rooms_open;
    m->texts_open = h.texts_open;
    m->appends_waiting = h.appends_waiting;
    m->messages_in = h.messages_in;
    m->events = h.events;
    m->deliveries = h.deliveries;
    m->states = h.states;
    m->refused = h.refused;
    m->resumes = h.resumes;
    m->snapshots = h.snapshots;
    m->duplicates = h.duplicates;
    m->edits = h.edits;
    m->transforms = h.transforms;
    m->store_failures = h.store_failures;
    m->hook_sends = h.hook_sends;
    m->hook_failures = h.hook_failures;
}

static struct sample take_sample(struct net *n)
{
    struct sample x = {.at = net_now(n), .counts = n->tally, .delivery = n->delivery};
    struct metrics *m = &x.counts;
    struct arrivals_counts a = arrivals_counts(n->arrivals);
    struct store_counts s = store_threads_counts(n->store);
    add_hub_counts(m, n->parts.hub);
    m->store_waiting = s.waiting;
    m->store_writes = s.writes;
    m->store_groups = s.groups;
    m->store_reads = s.reads;
    m->accepted = a.accepted;
    m->arrivals_waiting = a.waiting;
    m->arrivals_timed_out = a.timed_out;
    m->arrivals_evicted = a.evicted;
    m->arrivals_refused = a.refused;
    m->handshakes = n->shaking;
    x.commit = s.commit;
    x.group = s.group;
    return x;
}

/* What texts took that nobody has open any more goes back to the system, and what many
 * connections took that are gone. */
static void give_back(struct net *n)
{
    if (n->beat % (GIVE_BACK_MS / BEAT_MS))
        return;
    uint64_t texts = hub_counts(n->parts.hub).texts_open;
    if (texts < n->texts_open || n->conns.n < n->conns_open / 2)
        malloc_trim(0);
    n->texts_open = texts;
    n->conns_open = n->conns.n;
}

void net_beat(struct net *n)
{
    n->beat++;
    give_back(n);
    arrivals_expire(n->arrivals, (int64_t)n->beat * BEAT_MS);
    check_deadlines(n);
    deliveries_expire(n);
    look_after_slice(n);
    if (n->beat % (RECENT_EVERY_MS / BEAT_MS) == 1) {
        struct sample x = take_sample(n);
        recent_take(&n->recent, &x);
    }
    if (n->is_draining && !n->is_closing_all && hub_is_drained(n->parts.hub))
        close_all(n);
}

bool net_is_healthy(const struct net *n, struct err *e)
{
    if (n->is_draining)
        return fail(e, ERR_CLOSING, "The server is going down.");
    if (n->store_fault.code != ERR_NONE)
        return fail(e, n->store_fault.code, "%s", n->store_fault.text);
    return true;
}

static void complete(struct net *n, const struct sample *x, struct metrics *m)
{
    struct store *s = n->parts.store;
    *m = x->counts;
    m->resident_bytes = metrics_resident();
    m->uptime_seconds = (uint64_t)(clock_us() - n->started) / 1000000;
    m->healthy = net_is_healthy(n, NULL);
    m->database_bytes = s->bytes ? s->bytes(s) : 0;
    recent_fill(&n->recent, x, m);
}

void net_metrics_page(struct net *n, struct buf *out)
{
    struct sample x = take_sample(n);
    struct metrics m;
    complete(n, &x, &m);
    metrics_print(out, &m);
    metrics_print_hist(out, "delivery_seconds",
                       "From a request to the last byte of its event in the kernel, each "
                       "receiver counted.",
                       1e-6, &x.delivery);
    metrics_print_hist(out, "commit_seconds", "One transaction of the database.", 1e-6,
                       &x.commit);
    metrics_print_hist(out, "commit_writes", "Writes in one transaction of the database.", 0.1,
                       &x.group);
}

/* What a counter is called when only what it grew is told. */
static struct str bare_name(const struct metric *row)
{
    struct str name = str_of(row->name);
    if (row->kind == METRIC_COUNTER)
        name.n -= strlen("_total");
    return name;
}

struct stat_item *net_figures(struct net *n, bool minute, struct arena *a, size_t *count)
{
    struct sample x = take_sample(n);
    struct metrics m;
    struct stat_item *v = arena_alloc(a, metric_count * sizeof *v);
    complete(n, &x, &m);
    *count = 0;
    for (const struct metric *row = metric_table; row < metric_table + metric_count; row++) {
        uint64_t value = metric_value(row, &m);
        if (minute && row->kind == METRIC_COUNTER)
            value -= metric_value(row, &n->last_minute);
        if (!minute || row->kept)
            v[(*count)++] =
                (struct stat_item){bare_name(row), (int64_t)MIN(value, (uint64_t)SEQ_MAX)};
    }
    if (minute)
        n->last_minute = m;
    return v;
}
