/* How fast the SQLite store appends and reads, on the disk of the folder given (or here). */
#include "measure.h"
#include "store.h"
#include "store_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    ROOMS = 4,
    GROUPS_MAX = 20000,
    GROUP_MAX = 512,
    SECONDS = 3,
    SNAPSHOT_EVERY = 4096, /* edits, as the hub has it for a large text */
    TEXT_BYTES = 100 * 1000,
    LONG = 1000 * 1000, /* edits of the text that is read */
};

static const char text[] =
    "A message of the length that people write, some eighty bytes of it.";

struct bench {
    struct store *s;
    int64_t seq[ROOMS], id, version;
    char *text; /* of the snapshots */
};

/* Edits go into one text of the first room. */
enum load { CHAT, EDITS };

static struct store_job *next_edit(struct bench *b)
{
    static const char *const ops[] = {"[1204,\"a few words \"]", "[88123,{\"d\":1}]",
                                      "[51822,\"e\"]", "[70410,\"text\",{\"d\":4}]"};
    int64_t seq = ++b->seq[0], version = ++b->version;
    struct store_job *j =
        kit_edit("#room0", seq, ++b->id, 1, version, ops[(size_t)version % COUNT_OF(ops)]);
    return version % SNAPSHOT_EVERY ? j : kit_keep(j, version - 1, b->text, "");
}

static struct store_job *next_job(struct bench *b, enum load load, size_t room)
{
    if (load == EDITS && b->seq[0] > 0)
        return next_edit(b);
    char name[16];
    snprintf(name, sizeof name, "#room%zu", room);
    int64_t seq = ++b->seq[room];
    return seq == 1 ? kit_room(name, ++b->id) : kit_message(name, seq, ++b->id, text);
}

/* Nanoseconds that one group took; ends the program when a job of it failed. */
static int64_t write_group(struct bench *b, enum load load, size_t n)
{
    struct store_job *jobs[GROUP_MAX];
    for (size_t i = 0; i < n; i++)
        jobs[i] = next_job(b, load, i % ROOMS);
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

static void bench_append(struct bench *b, enum load load, struct latency *l, size_t n)
{
    int64_t spent = 0, groups = 0, cpu = process_cpu_ns(getpid());
    latency_clear(l);
    for (; spent < INT64_C(1000000000) * SECONDS && groups < GROUPS_MAX; groups++) {
        int64_t took = write_group(b, load, n);
        spent += took;
        latency_add(l, took / 1000);
    }
    cpu = process_cpu_ns(getpid()) - cpu;
    double events = (double)groups * (double)n;
    printf("%s, groups of %3zu: %8.0f/s, group p50 %6.2f ms, p99 %6.2f ms, %5.1f us CPU each\n",
           load == CHAT ? "chat " : "edits", n, events * 1e9 / (double)spent,
           (double)latency_percentile(l, 50) / 1e3, (double)latency_percentile(l, 99) / 1e3,
           (double)cpu / 1e3 / events);
}

/* Takes what was said into the index of words. */
static void bench_index(struct bench *b, struct latency *l, int64_t messages)
{
    bool more = true;
    int64_t spent = 0, cpu = process_cpu_ns(getpid());
    latency_clear(l);
    while (more) {
        struct store_job *j = store_job_new(JOB_INDEX);
        int64_t start = clock_ns();
        b->s->write(b->s, &j, 1);
        spent += clock_ns() - start;
        latency_add(l, (clock_ns() - start) / 1000);
        more = j->more;
        store_job_free(j);
    }
    cpu = process_cpu_ns(getpid()) - cpu;
    printf(
        "index of words: %.0f messages/s, a job p50 %.2f ms, p99 %.2f ms, %.1f us CPU each\n",
        (double)messages * 1e9 / (double)spent, (double)latency_percentile(l, 50) / 1e3,
        (double)latency_percentile(l, 99) / 1e3, (double)cpu / 1e3 / (double)messages);
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

static void read_text(struct bench *b, const char *what, int64_t version)
{
    enum { TIMES = 20 };
    int64_t start = clock_ns();
    size_t edits = 0;
    for (int i = 0; i < TIMES; i++) {
        struct store_job *j = kit_text("#room0", 1, version, 0);
        b->s->read(b->s, j);
        if (j->err.code != ERR_NONE)
            fprintf(stderr, "bench_store: %s\n", j->err.text);
        edits = j->edits.n;
        store_job_free(j);
    }
    printf("%s of %lld: %.2f ms, snapshot and %zu edits\n", what, (long long)b->version,
           (double)(clock_ns() - start) / 1e6 / TIMES, edits);
}

static void read_edits(struct bench *b, const char *what, int64_t from)
{
    enum { TIMES = 100 };
    int64_t start = clock_ns();
    size_t edits = 0;
    for (int i = 0; i < TIMES; i++) {
        struct store_job *j = kit_edits("#room0", 1, from, 500);
        b->s->read(b->s, j);
        edits = j->edits.n;
        store_job_free(j);
    }
    printf("%s: %.2f ms, %zu edits\n", what, (double)(clock_ns() - start) / 1e6 / TIMES, edits);
}

static void bench_texts(struct bench *b)
{
    while (b->version < LONG)
        write_group(b, EDITS, GROUP_MAX);
    while (b->version % SNAPSHOT_EVERY < SNAPSHOT_EVERY - 2)
        write_group(b, EDITS, 1);
    read_text(b, "newest version", INT64_MAX);
    read_text(b, "version in the middle", b->version / 2);
    read_edits(b, "page of the newest edits", -(b->version + 1));
    read_edits(b, "page of the first edits", 0);
    int64_t start = clock_ns();
    struct store_job *j = kit_read(JOB_ROOM, "#room0", 0, 0);
    b->s->read(b->s, j);
    store_job_free(j);
    printf("the room: %.2f ms\n", (double)(clock_ns() - start) / 1e6);
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
    static const size_t sizes[] = {1, 2, 8, 32, 128, 512};
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        bench_append(&b, CHAT, l, sizes[i]);
    int64_t messages = 0;
    for (size_t i = 0; i < ROOMS; i++)
        messages += b.seq[i] - 1;
    bench_index(&b, l, messages);
    b.text = mem_new(TEXT_BYTES + 1);
    memset(b.text, 'x', TEXT_BYTES);
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        bench_append(&b, EDITS, l, sizes[i]);
    bench_read(&b, JOB_EVENTS, "events after a number, pages of 500", 500);
    bench_read(&b, JOB_HISTORY, "chat back from the newest, pages of 100", 100);
    bench_texts(&b);
    b.s->close(b.s);
    free(b.text);
    free(l);
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        snprintf(file, sizeof file, "%s%s", path, ends[i]);
        unlink(file);
    }
    rmdir(folder);
    return 0;
}
