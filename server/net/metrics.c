#include "metrics.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#define ROW(member, text_name, what, ...)                                                      \
    {                                                                                          \
        .name = text_name, .kind = what, .offset = offsetof(struct metrics, member),           \
        .help = __VA_ARGS__                                                                    \
    }
#define GAUGE(member, ...) ROW(member, #member, METRIC_GAUGE, __VA_ARGS__)
#define COUNTER(member, ...) ROW(member, #member "_total", METRIC_COUNTER, __VA_ARGS__)
#define RECENT(member, ...) ROW(member, #member, METRIC_RECENT, __VA_ARGS__)
#define KEPT .kept = true

/* clang-format off */
const struct metric metric_table[] = {
    GAUGE(connections, "Signed-in connections.", KEPT),
    GAUGE(people, "People with at least one connection.", KEPT),
    GAUGE(rooms_open, "Rooms held in memory."),
    GAUGE(texts_open, "Texts held in memory."),
    GAUGE(appends_waiting, "Events that wait for the disk."),
    GAUGE(store_waiting, "Jobs that wait for the database threads."),
    GAUGE(arrivals_waiting, "Connections that have not completed their request yet."),
    GAUGE(handshakes, "Connections in the middle of the TLS or WebSocket handshake."),
    GAUGE(resident_bytes, "Resident memory of the server.", KEPT),
    GAUGE(uptime_seconds, "Seconds since the server started."),
    GAUGE(healthy, "1 when /healthz answers 200, else 0."),
    COUNTER(messages_in, "Messages received.", KEPT),
    COUNTER(events, "Events stored and told.", KEPT),
    COUNTER(deliveries, "Messages queued for a connection, each receiver counted.", KEPT),
    COUNTER(states, "Passing states sent on.", KEPT),
    COUNTER(refused, "Messages answered with an error."),
    COUNTER(resumes, "Rooms resumed from a sequence number by missing events."),
    COUNTER(snapshots, "Rooms resumed by a snapshot."),
    COUNTER(edits, "Edits of texts that were accepted.", KEPT),
    COUNTER(transforms, "Edits that one of them was moved past."),
    COUNTER(duplicates, "Requests that had been carried out before, recognised."),
    COUNTER(store_failures, "Writes that the database refused.", KEPT),
    COUNTER(accepted, "Connections accepted."),
    COUNTER(arrivals_timed_out, "Connections that never completed their request."),
    COUNTER(arrivals_evicted, "Half-open connections closed to make room."),
    COUNTER(arrivals_refused, "Requests answered by HTTP, health and metrics included."),
    COUNTER(signed_in, "Connections that were let in."),
    COUNTER(sign_ins_refused, "Connections refused with 401 or 403."),
    COUNTER(hook_posts, "Deliveries to hooks that were posted, or had been before."),
    COUNTER(hook_refused, "Deliveries to hooks that were refused, or of which it is not known."),
    COUNTER(hook_sends, "Events that hooks sent and that were taken."),
    COUNTER(hook_failures, "Events that hooks sent and that were not."),
    COUNTER(frames_in, "WebSocket messages received whole."),
    COUNTER(bytes_in, "Bytes of WebSocket messages received."),
    COUNTER(bytes_out, "Bytes handed to the kernel for connections."),
    COUNTER(writes, "Write calls for connections."),
    COUNTER(writes_choked, "Write calls that the kernel took only in part or not at all."),
    COUNTER(states_dropped, "Passing states dropped for a slow reader.", KEPT),
    COUNTER(cut_off, "Connections cut off because they read too slowly.", KEPT),
    COUNTER(pings, "Pings sent."),
    COUNTER(store_writes, "Writes done by the database."),
    COUNTER(store_groups, "Transactions that those writes were in."),
    COUNTER(store_reads, "Reads done by the database."),
    GAUGE(database_bytes, "Bytes of the database on disk, its log of writes included.", KEPT),
    RECENT(messages_per_second, "Messages received."),
    RECENT(events_per_second, "Events stored and told."),
    RECENT(deliveries_per_second, "Messages queued for a connection."),
    RECENT(states_per_second, "Passing states sent on."),
    RECENT(delivery_p50_us, "From a request to the last byte of its event in the kernel: half took less.", KEPT),
    RECENT(delivery_p95_us, "95 of 100 took less."),
    RECENT(delivery_p99_us, "99 of 100 took less.", KEPT),
    RECENT(commit_p50_us, "One transaction of the database: half took less."),
    RECENT(commit_p99_us, "99 of 100 took less.", KEPT),
    RECENT(group_p50, "Writes in one transaction: half had fewer."),
    RECENT(group_p99, "99 of 100 had fewer."),
};
/* clang-format on */
const size_t metric_count = COUNT_OF(metric_table);

uint64_t metric_value(const struct metric *row, const struct metrics *m)
{
    uint64_t value;
    memcpy(&value, (const char *)m + row->offset, sizeof value);
    return value;
}

void metrics_print(struct buf *out, const struct metrics *m)
{
    for (const struct metric *row = metric_table; row < metric_table + metric_count; row++) {
        if (row->kind == METRIC_RECENT)
            continue;
        buf_fmt(out, "# HELP moot_%s %s\n# TYPE moot_%s %s\nmoot_%s %" PRIu64 "\n", row->name,
                row->help, row->name, row->kind == METRIC_COUNTER ? "counter" : "gauge",
                row->name, metric_value(row, m));
    }
}

/* The bounds of a histogram at 1, 2 and 5 of each decade. */
static bool is_printed(size_t i)
{
    return i % 10 == 0 || i % 10 == 3 || i % 10 == 7;
}

void metrics_print_hist(struct buf *out, const char *name, const char *help, double unit,
                        const struct hist *h)
{
    uint64_t below = 0;
    buf_fmt(out, "# HELP moot_%s %s\n# TYPE moot_%s histogram\n", name, help, name);
    for (size_t i = 0; i < HIST_BOUNDS; i++) {
        below += h->cells[i];
        if (is_printed(i))
            buf_fmt(out, "moot_%s_bucket{le=\"%g\"} %" PRIu64 "\n", name,
                    (double)hist_bound(i) * unit, below);
    }
    buf_fmt(out,
            "moot_%s_bucket{le=\"+Inf\"} %" PRIu64 "\nmoot_%s_sum %g\nmoot_%s_count %" PRIu64
            "\n",
            name, h->n, name, (double)h->sum * unit, name, h->n);
}

uint64_t metrics_resident(void)
{
    char text[128];
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, text, sizeof text) : -1;
    if (fd >= 0)
        close(fd);
    struct str s = {text, n > 0 ? (size_t)n : 0};
    int64_t pages = 0;
    str_cut(&s, ' '); /* the first figure is the virtual size */
    str_int(str_cut(&s, ' '), 0, INT64_MAX / 65536, &pages);
    return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}
