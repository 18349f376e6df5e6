/* What /metrics tells: one table, a row a figure, printed as Prometheus reads it (text format
 * 0.0.4). */
#ifndef MOOT_METRICS_H
#define MOOT_METRICS_H

#include "str.h"

/* All figures of one moment. */
struct metrics {
    uint64_t connections, people, rooms_open, texts_open, appends_waiting, store_waiting,
        arrivals_waiting, handshakes, resident_bytes, uptime_seconds, healthy;
    uint64_t messages_in, events, deliveries, states, refused, resumes, snapshots, edits,
        transforms, duplicates, store_failures;
    uint64_t accepted, arrivals_timed_out, arrivals_evicted, arrivals_refused, signed_in,
        sign_ins_refused;
    uint64_t frames_in, bytes_in, bytes_out, writes, writes_choked, states_dropped, cut_off,
        pings;
    uint64_t store_writes, store_groups, store_reads;
};

struct metric {
    const char *name; /* as on the page, without the prefix moot_ */
    bool is_counter;  /* or a gauge */
    size_t offset;
    const char *help;
};

extern const struct metric metric_table[];
extern const size_t metric_count;

/* Appends the page. */
void metrics_print(struct buf *out, const struct metrics *m);

/* Resident memory of this process in bytes. */
uint64_t metrics_resident(void);

#endif
