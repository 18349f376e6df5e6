/* A million messages in a room: what the index of words costs when it is written, and how long
 * opening the room, reading back, going to a place and searching take, beside tail, sed and
 * grep over the same messages as lines of a file. bench_search DIR [MESSAGES] */
#include "measure.h"
#include "store.h"
#include "store_kit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { GROUP = 512, WORDS = 30000, ROUNDS = 15, LINE_MAX_BYTES = 400 };

struct bench {
    struct store *s;
    uint64_t seed;
    FILE *lines;
    char db[300], file[300];
};

static uint64_t next(struct bench *b)
{
    uint64_t z = b->seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Small numbers are much more frequent than large ones, as words are in a language: w0 stands
 * in about every second message, w20000 in some hundred. */
static unsigned some_word(struct bench *b)
{
    double u = (double)(next(b) >> 11) / (double)(UINT64_C(1) << 53), x = 1;
    for (double left = u * 10.3; left > 0; left -= 1) /* e^(u ln WORDS) */
        x *= left >= 1 ? 2.718281828 : 1 + left * 1.718281828;
    return (unsigned)x - 1;
}

static void make_text(struct bench *b, char *out)
{
    size_t n = 0;
    for (uint64_t words = 5 + next(b) % 15; words > 0; words--)
        n += (size_t)snprintf(out + n, LINE_MAX_BYTES - n, "%sw%u", n ? " " : "", some_word(b));
}

static void fill(struct bench *b, int64_t messages)
{
    struct store_job *jobs[GROUP];
    char text[LINE_MAX_BYTES];
    kit_ok(b->s, kit_room("#a", 1));
    for (int64_t seq = 2; seq < messages + 2;) {
        size_t n = 0;
        for (; n < GROUP && seq < messages + 2; n++, seq++) {
            make_text(b, text);
            fprintf(b->lines, "%s\n", text);
            jobs[n] = kit_message("#a", seq, seq, text);
        }
        b->s->write(b->s, jobs, n);
        for (size_t i = 0; i < n; i++)
            store_job_free(jobs[i]);
    }
}

static void take_in(struct bench *b)
{
    bool more = true;
    while (more) {
        struct store_job *j = store_job_new(JOB_INDEX);
        b->s->write(b->s, &j, 1);
        more = j->more;
        store_job_free(j);
    }
}

static struct store_job *question(const char *query, enum search_order order)
{
    static struct str room = STR_ROW("#a");
    struct store_job *j = store_job_new(JOB_SEARCH);
    j->search = (struct store_search){
        .query = str_of(query), .now = KIT_TIME(2000000), .limit = 50, .order = order};
    j->search.rooms.v = &room;
    j->search.rooms.n = 1;
    return j;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void search(struct bench *b, const char *query, enum search_order order,
                   const char *grep)
{
    int64_t took[ROUNDS];
    size_t found = 0;
    char why[80] = "";
    int64_t cpu = process_cpu_ns(getpid());
    for (int i = 0; i < ROUNDS; i++) {
        struct store_job *j = question(query, order);
        int64_t start = clock_ns();
        store_read(b->s, j);
        took[i] = clock_ns() - start;
        found = j->found_items.n;
        snprintf(why, sizeof why, "%.79s", j->err.text);
        store_job_free(j);
    }
    qsort(took, ROUNDS, sizeof *took, by_value);
    cpu = process_cpu_ns(getpid()) - cpu;
    printf("  %-28s %-9s %3zu found  %8.2f ms, worst %8.2f ms, CPU %7.2f ms", query,
           search_order_name(order), found, (double)took[ROUNDS / 2] / 1e6,
           (double)took[ROUNDS - 1] / 1e6, (double)cpu / ROUNDS / 1e6);
    if (grep) {
        char line[700];
        snprintf(line, sizeof line, "grep -i -w -E '%s' '%s' | tail -n 50 >/dev/null", grep,
                 b->file);
        int64_t start = clock_ns();
        int status = system(line);
        printf("  grep %8.2f ms%s", (double)(clock_ns() - start) / 1e6,
               status ? " (failed)" : "");
    }
    printf("  %s\n", why);
}

static void peer(const struct bench *b, const char *command)
{
    char line[700];
    snprintf(line, sizeof line, "%s '%s' >/dev/null", command, b->file);
    int64_t start = clock_ns();
    int status = system(line);
    printf("  %.4s %8.2f ms%s", command, (double)(clock_ns() - start) / 1e6,
           status ? " (failed)" : "");
}

/* A page of chat; each round another one, as somebody who goes to places at will. */
static void read_page(struct bench *b, const char *what, const struct store_job *q,
                      int64_t messages)
{
    int64_t took[ROUNDS], cpu = process_cpu_ns(getpid());
    size_t found = 0;
    for (int i = 0; i < ROUNDS; i++) {
        struct store_job *j = kit_read(JOB_HISTORY, "#a", q->from, q->limit);
        int64_t place = 2 + (int64_t)(next(b) % (uint64_t)messages);
        j->around = q->around;
        j->from = q->from ? q->from : place;
        j->time = q->time ? KIT_TIME(place) : 0;
        int64_t start = clock_ns();
        store_read(b->s, j);
        took[i] = clock_ns() - start;
        found = j->messages.n;
        store_job_free(j);
    }
    cpu = process_cpu_ns(getpid()) - cpu;
    qsort(took, ROUNDS, sizeof *took, by_value);
    printf("  %-38s %3zu found  %8.2f ms, worst %8.2f ms, CPU %7.2f ms", what, found,
           (double)took[ROUNDS / 2] / 1e6, (double)took[ROUNDS - 1] / 1e6,
           (double)cpu / ROUNDS / 1e6);
}

/* What a client asks for when it opens the room, reads back, and goes to a message or a day. */
static void read_pages(struct bench *b, int64_t messages)
{
    char sed[80];
    snprintf(sed, sizeof sed, "sed -n '%" PRId64 ",%" PRId64 "p;%" PRId64 "q'", messages / 2,
             messages / 2 + 199, messages / 2 + 199);
    read_page(b, "the newest", &(struct store_job){.from = SEQ_MAX, .limit = 50}, messages);
    peer(b, "tail -n 50");
    read_page(b, "\n  the page before any message", &(struct store_job){.limit = 200},
              messages);
    peer(b, sed);
    read_page(b, "\n  around any message", &(struct store_job){.around = true, .limit = 200},
              messages);
    peer(b, sed);
    read_page(b, "\n  around any time",
              &(struct store_job){.around = true, .time = 1, .limit = 200}, messages);
    printf("\n");
}

static void report(const struct bench *b, int64_t messages, double seconds)
{
    struct stat db = {0}, file = {0};
    struct rusage use;
    stat(b->db, &db);
    stat(b->file, &file);
    getrusage(RUSAGE_SELF, &use);
    printf("%" PRId64 " messages: %.1f s to write (%.0f a second), database %.0f MB, as lines "
           "%.0f MB, memory %ld MB\n",
           messages, seconds, (double)messages / seconds, (double)db.st_size / 1e6,
           (double)file.st_size / 1e6, use.ru_maxrss / 1024);
}

int main(int argc, char **argv)
{
    struct bench b = {.seed = 7};
    struct err e = {0};
    int64_t messages = argc > 2 ? strtoll(argv[2], NULL, 10) : 1000000;
    if (argc < 2) {
        fprintf(stderr, "bench_search DIR [MESSAGES]\n");
        return 2;
    }
    snprintf(b.db, sizeof b.db, "%.250s/search.db", argv[1]);
    snprintf(b.file, sizeof b.file, "%.250s/search.txt", argv[1]);
    b.s = store_sqlite_open(b.db, &e);
    b.lines = fopen(b.file, "w");
    if (!b.s || !b.lines) {
        fprintf(stderr, "bench_search: %s\n", e.text);
        return 1;
    }
    int64_t start = clock_ns();
    fill(&b, messages);
    fclose(b.lines);
    report(&b, messages, (double)(clock_ns() - start) / 1e9);
    printf("  of which the index does not have the last %d or fewer:\n", INDEX_BEHIND_MAX);
    search(&b, "w0", ORDER_TIME, NULL);
    search(&b, "w12000 w15000", ORDER_TIME, NULL);
    search(&b, "nowhere", ORDER_TIME, NULL);
    start = clock_ns();
    take_in(&b);
    printf("  it has them %.2f s later:\n", (double)(clock_ns() - start) / 1e9);
    read_pages(&b, messages);
    search(&b, "w0", ORDER_TIME, "w0");
    search(&b, "w0", ORDER_RELEVANCE, NULL);
    search(&b, "w20000", ORDER_TIME, "w20000");
    search(&b, "w0 w1", ORDER_TIME, "w0 .*w1|w1 .*w0");
    search(&b, "w3 w20000", ORDER_TIME, NULL);
    search(&b, "w12000 w15000", ORDER_TIME, NULL);
    search(&b, "\"w0 w1 w2\"", ORDER_TIME, "w0 w1 w2");
    search(&b, "w1*", ORDER_TIME, "w1[0-9]*");
    search(&b, "w199*", ORDER_RELEVANCE, "w199[0-9]*");
    search(&b, "w0 -w1 -w2", ORDER_TIME, NULL);
    search(&b, "w5 from:ana after:1d", ORDER_TIME, NULL);
    search(&b, "w0 from:nobody", ORDER_TIME, NULL);
    search(&b, "w0 before:2023-11-15", ORDER_TIME, NULL);
    search(&b, "nowhere", ORDER_TIME, "nowhere");
    b.s->close(b.s);
    return 0;
}
