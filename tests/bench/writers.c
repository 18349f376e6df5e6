#include "writers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECOND = 1000000000 };

/* Every operation inserts one letter, so a text has as many letters as operations, and a writer
 * needs to know no more than the version. */
static void write_letter(struct load *l, struct link *c)
{
    struct buf out = {0};
    l->random = l->random * 6364136223846793005u + 1442695040888963407u;
    int64_t length = c->version - l->dialect->first_version;
    int64_t pos = (int64_t)(l->random >> 33) % (length + 1);
    l->dialect->insert(&out, l, c, pos);
    c->asked_ns = clock_ns();
    link_send(&l->links, c, buf_str(&out));
    buf_finish(&out);
}

/* One delivery: whose it is, and which version it makes. */
static void take(struct load *l, struct link *c, struct str one)
{
    bool is_own;
    int64_t version = l->dialect->inserted(c, one, &is_own);
    if (version > c->version)
        c->version = version;
    if (!is_own || version < 0)
        return;
    l->answers++;
    latency_add(&l->latency, (clock_ns() - c->asked_ns) / 1000);
    if (c->index < l->writers)
        write_letter(l, c);
}

static void take_frame(struct load *l, struct link *c, struct str text)
{
    const char *at = text.p, *end = text.p + text.n;
    at = memmem(at, (size_t)(end - at), l->counted, l->counted_n);
    while (at) {
        const char *from = at + l->counted_n;
        const char *next = memmem(from, (size_t)(end - from), l->counted, l->counted_n);
        take(l, c, (struct str){at, (size_t)((next ? next : end) - at)});
        at = next;
    }
}

bool job_notes(struct load *l)
{
    if (!l->dialect->insert) {
        fprintf(stderr, "load: %s has no texts\n", l->dialect->name);
        return false;
    }
    l->rooms = 1;
    l->counted = l->dialect->edited;
    l->counted_n = strlen(l->counted);
    l->random = 4711;
    if (!load_gather(l))
        return false;
    for (size_t i = 0; i < l->conns; i++)
        l->links.v[i].version = l->dialect->first_version;
    l->on_frame = take_frame;
    for (size_t i = 0; i < l->writers; i++)
        write_letter(l, &l->links.v[i]);
    load_pump(l, SECOND);
    for (int64_t i = 0; i < l->repeat; i++) {
        struct figures from = figures_now(l);
        latency_clear(&l->latency);
        load_pump(l, l->seconds * SECOND);
        struct figures now = figures_now(l);
        double seconds = (double)(now.from_ns - from.from_ns) / 1e9;
        double ops = (double)(now.answers - from.answers);
        double cpu = (double)(now.cpu_ns - from.cpu_ns) / 1e3;
        printf("ops_per_second=%.0f cpu_us_per_op=%.2f p50_us=%lld p99_us=%lld\n",
               ops / seconds, ops > 0 ? cpu / ops : 0.0,
               (long long)latency_percentile(&l->latency, 50),
               (long long)latency_percentile(&l->latency, 99));
        fflush(stdout);
    }
    return l->links.lost == 0 && l->errors == 0;
}
