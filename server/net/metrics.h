/* What /metrics tells: one table, a row a figure, printed as Prometheus reads it (text format
 * 0.0.4). */
#ifndef MOOT_METRICS_H
#define MOOT_METRICS_H

#include "hist.h"
#include "str.h"

/* All figures of one moment. */
struct metrics {
    uint64_t connections, people, rooms_open, texts_open, appends_waiting, store_waiting,
        arrivals_waiting, handshakes, resident_bytes, uptime_seconds, healthy;
    uint64_t messages_in, events, deliveries, states, refused, resumes, snapshots, edits,
        transforms, duplicates, store_failures;
    uint64_t accepted, arrivals_timed_out, arrivals_evicted, arrivals_refused, signed_in,
        sign_ins_refused, hook_posts, hook_refused, hook_sends, hook_failures;
    uint64_t frames_in, bytes_in, bytes_out, writes, writes_choked, states_dropped, cut_off,
        pings;
    uint64_t store_writes, store_groups, store_reads, database_bytes;
    /* of the last minute */
    uint64_t messages_per_second, events_per_second, deliveries_per_second, states_per_second;
    uint64_t delivery_p50_us, delivery_p95_us, delivery_p99_us, commit_p50_us, commit_p99_us,
        group_p50, group_p99;
};

enum metric_kind {
    METRIC_GAUGE,
    METRIC_COUNTER,
    METRIC_RECENT, /* reckoned from others: not on the page, where whoever reads it reckons */
};

struct metric {
    const char *name; /* as on the page, without the prefix moot_ */
    enum metric_kind kind;
    bool kept; /* minute by minute; of a counter what it grew */
    size_t offset;
    const char *help;
};

extern const struct metric metric_table[];
extern const size_t metric_count;

/* Appends the page; and a histogram of it, whose bounds are three a decade; unit: of one
 * count of the histogram in that of the page, as 1e-6 for us in seconds. */
void metrics_print(struct buf *out, const struct metrics *m);
void metrics_print_hist(struct buf *out, const char *name, const char *help, double unit,
                        const struct hist *h);
uint64_t metric_value(const struct metric *row, const struct metrics *m);

/* Resident memory of this process in bytes. */
uint64_t metrics_resident(void);

#endif
