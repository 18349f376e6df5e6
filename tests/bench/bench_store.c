/* How fast the SQLite store appends and reads, on the disk of the folder given (or here). */
#include "measure.h"
#include "store.h"
#include "store_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROOMS = 4, GROUPS_MAX = 20000, GROUP_MAX = 512, SECONDS = 3 };

static const char text[] =
    "A message of the length that people write, some eighty bytes of it.";

struct bench {
    struct store *s;
    int64_t seq[ROOMS], id;
};

static struct store_job *next_job(struct bench *b, size_t room)
{
    char name[16];
    snprintf(name, sizeof name, "#room%zu", room);
    int64_t seq = ++b->seq[room];
    return seq == 1 ? kit_room(name, ++b->id) : kit_message(name, seq, ++b->id, text);
}

/* Nanoseconds that one group took; ends the program when a job of it failed. */
static int64_t write_group(struct bench *b, size_t n)
{
    struct store_job *jobs[GROUP_MAX];
    for (size_t i = 0; i < n; i++)
        jobs[i] = next_job(b, i % ROOMS);
    int64_t start = clock_ns();
    b->s->write(b->s, jobs, n);
    int64_t took = clock_ns() - start;
    for (size_t i = 0; i < n; i++) {
        if (jobs[i]->err.code != ERR_NONE) {
            fprintf(stderr, "bench_store: %s\n", jobs[i]->err.text);
            exit(1);
        }
        store_job_free(jobs[i]);
    }
    return took;
}

static void bench_append(struct bench *b, struct latency *l, size_t n)
{
    int64_t spent = 0, groups = 0, cpu = process_cpu_ns(getpid());
    latency_clear(l);
    for (; spent < INT64_C(1000000000) * SECONDS && groups < GROUPS_MAX; groups++) {
        int64_t took = write_group(b, n);
        spent += took;
        latency_add(l, took / 1000);
    }
    cpu = process_cpu_ns(getpid()) - cpu;
    double events = (double)groups * (double)n;
    printf("append, groups of %3zu: %8.0f events/s, group p50 %6.2f ms, p99 %6.2f ms, %5.1f us "
           "CPU "
           "an event\n",
           n, events * 1e9 / (double)spent, (double)latency_percentile(l, 50) / 1e3,
           (double)latency_percentile(l, 99) / 1e3, (double)cpu / 1e3 / events);
}

static void bench_read(struct bench *b, enum store_job_kind kind, const char *what,
                       int64_t limit)
{
    int64_t start = clock_ns(), from = kind == JOB_HISTORY ? b->seq[0] : 0, items = 0;
    bool more = true;
    while (more && clock_ns() - start < 1000000000) {
        struct store_job *j = kit_read(kind, "#room0", from, limit);
        b->s->read(b->s, j);
        items += (int64_t)(j->events.n + j->messages.n);
        more = j->more;
        if (j->events.n)
            from = j->events.v[j->events.n - 1].seq;
        if (j->messages.n)
            from = j->messages.v[0].seq;
        store_job_free(j);
    }
    printf("%s: %.0f/s\n", what, (double)items * 1e9 / (double)(clock_ns() - start));
}

int main(int argc, char **argv)
{
    char folder[200], path[220], file[240];
    snprintf(folder, sizeof folder, "%.150s/moot-bench-XXXXXX", argc > 1 ? argv[1] : ".");
    if (!mkdtemp(folder)) {
        perror(folder);
        return 1;
    }
    snprintf(path, sizeof path, "%s/moot.db", folder);
    struct err e = {0};
    struct bench b = {.s = store_sqlite_open(path, &e)};
    if (!b.s) {
        fprintf(stderr, "bench_store: %s\n", e.text);
        return 1;
    }
    struct latency *l = NEW(struct latency);
    static const size_t sizes[] = {1, 8, 32, 128, 512};
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        bench_append(&b, l, sizes[i]);
    bench_read(&b, JOB_EVENTS, "events after a number, pages of 500", 500);
    bench_read(&b, JOB_HISTORY, "chat back from the newest, pages of 100", 100);
    b.s->close(b.s);
    free(l);
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        snprintf(file, sizeof file, "%s%s", path, ends[i]);
        unlink(file);
    }
    rmdir(folder);
    return 0;
}
