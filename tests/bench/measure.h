/* What is measured, and how: processor time and memory of another process, and latencies. */
#ifndef MOOT_BENCH_MEASURE_H
#define MOOT_BENCH_MEASURE_H

#include <stdint.h>
#include <sys/types.h>

/* Nanoseconds of a clock that never goes back. */
int64_t clock_ns(void);

/* Processor time that this process has used so far, in nanoseconds. */
int64_t own_cpu_ns(void);

/* Processor time that all threads of the process have used so far, in nanoseconds; -1 when it
 * cannot be read. Threads that have ended are not counted. */
int64_t process_cpu_ns(pid_t pid);
/* Resident memory in KiB; -1 when it cannot be read. */
int64_t process_rss_kib(pid_t pid);

/* Counts of latencies by microsecond; what is longer stands in the last place. */
enum { LATENCY_MAX_US = 2000000 };
struct latency {
    uint32_t count[LATENCY_MAX_US + 1];
    uint64_t n;
};
void latency_clear(struct latency *l);
void latency_add(struct latency *l, int64_t us);
/* The latency that so many of a hundred stay below; 0 without any. */
int64_t latency_percentile(const struct latency *l, int percent);

#endif
