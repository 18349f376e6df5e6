#include "metrics.h"

#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#define GAUGE(member, text)                                                                    \
    {                                                                                          \
#member, false, offsetof(struct metrics, member), text                                 \
    }
#define COUNTER(member, text)                                                                  \
    {                                                                                          \
#member "_total", true, offsetof(struct metrics, member), text                         \
    }

/* clang-format off */
const struct metric metric_table[] = {
    GAUGE(connections, "Signed-in connections."),
    GAUGE(people, "People with at least one connection."),
    GAUGE(rooms_open, "Rooms held in memory."),
    GAUGE(texts_open, "Texts held in memory."),
    GAUGE(appends_waiting, "Events that wait for the disk."),
    GAUGE(store_waiting, "Jobs that wait for the database threads."),
    GAUGE(arrivals_waiting, "Connections that have not completed their request yet."),
    GAUGE(handshakes, "Connections in the middle of the TLS or WebSocket handshake."),
    GAUGE(resident_bytes, "Resident memory of the server."),
    GAUGE(uptime_seconds, "Seconds since the server started."),
    GAUGE(healthy, "1 when /healthz answers 200, else 0."),
    COUNTER(messages_in, "Messages received."),
    COUNTER(events, "Events stored and told."),
    COUNTER(deliveries, "Messages queued for a connection, each receiver counted."),
    COUNTER(states, "Passing states sent on."),
    COUNTER(refused, "Messages answered with an error."),
    COUNTER(resumes, "Rooms resumed from a sequence number by missing events."),
    COUNTER(snapshots, "Rooms resumed by a snapshot."),
    COUNTER(edits, "Edits of texts that were accepted."),
    COUNTER(transforms, "Edits that one of them was moved past."),
    COUNTER(duplicates, "Requests that had been carried out before, recognised."),
    COUNTER(store_failures, "Writes that the database refused."),
    COUNTER(accepted, "Connections accepted."),
    COUNTER(arrivals_timed_out, "Connections that never completed their request."),
    COUNTER(arrivals_evicted, "Half-open connections closed to make room."),
    COUNTER(arrivals_refused, "Requests answered by HTTP, health and metrics included."),
    COUNTER(signed_in, "Connections that were let in."),
    COUNTER(sign_ins_refused, "Connections refused with 401 or 403."),
    COUNTER(frames_in, "WebSocket messages received whole."),
    COUNTER(bytes_in, "Bytes of WebSocket messages received."),
    COUNTER(bytes_out, "Bytes handed to the kernel for connections."),
    COUNTER(writes, "Write calls for connections."),
    COUNTER(writes_choked, "Write calls that the kernel took only in part or not at all."),
    COUNTER(states_dropped, "Passing states dropped for a slow reader."),
    COUNTER(cut_off, "Connections cut off because they read too slowly."),
    COUNTER(pings, "Pings sent."),
    COUNTER(store_writes, "Writes done by the database."),
    COUNTER(store_groups, "Transactions that those writes were in."),
    COUNTER(store_reads, "Reads done by the database."),
};
/* clang-format on */
const size_t metric_count = COUNT_OF(metric_table);

void metrics_print(struct buf *out, const struct metrics *m)
{
    for (const struct metric *row = metric_table; row < metric_table + metric_count; row++) {
        const uint64_t *value = (const void *)((const char *)m + row->offset);
        buf_fmt(out, "# HELP moot_%s %s\n# TYPE moot_%s %s\nmoot_%s %" PRIu64 "\n", row->name,
                row->help, row->name, row->is_counter ? "counter" : "gauge", row->name, *value);
    }
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
