#include "crowd.h"
#include "load.h"
#include "week.h"
#include "writers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STUCK_MS = 20000, DELIVERED_BYTES = 160, SECOND = 1000000000 };

/* ---- saying things ---- */

/* A text such that what is delivered is about DELIVERED_BYTES long, with the time in front. */
static void say(struct load *l, struct link *c)
{
    char text[DELIVERED_BYTES + 1];
    struct buf out = {0};
    if (l->cursors) {
        l->dialect->point(&out, l, c, clock_ns() / 1000);
    } else {
        int n = DELIVERED_BYTES - l->dialect->said_extra;
        int have = snprintf(text, sizeof(text), "T%" PRId64 " ", clock_ns() / 1000);
        for (; have < n; have++)
            text[have] = (char)('a' + have % 26);
        text[have] = '\0';
        l->dialect->say(&out, l, c, text);
    }
    c->asked_ns = clock_ns();
    link_send(&l->links, c, buf_str(&out));
    buf_finish(&out);
}

static bool first_in_room(const struct load *l, const struct link *c)
{
    return load_is_first_in_room(l, c);
}

bool load_gather(struct load *l)
{
    for (size_t i = 0; l->rooms && i < l->conns; i++)
        l->links.v[i].room = (uint32_t)(i % l->rooms);
    return links_dial(l, first_in_room, l->window, STUCK_MS) &&
           links_dial(l, NULL, l->window, STUCK_MS);
}

void load_pump(struct load *l, int64_t ns)
{
    for (int64_t end = clock_ns() + ns, left; (left = end - clock_ns()) > 0;)
        links_turn(l, left);
}

/* Until nothing has come for a fifth of a second, at most three seconds. */
static void settle(struct load *l)
{
    int64_t end = clock_ns() + INT64_C(3) * SECOND;
    for (uint64_t before = UINT64_MAX; before != l->deliveries && clock_ns() < end;) {
        before = l->deliveries;
        load_pump(l, SECOND / 5);
    }
}

/* ---- measuring ---- */

struct figures figures_now(const struct load *l)
{
    return (struct figures){.from_ns = clock_ns(),
                            .cpu_ns = process_cpu_ns(l->pid),
                            .deliveries = l->deliveries,
                            .answers = l->answers};
}

/* One line of what happened since. */
static void report(struct load *l, const struct figures *from, uint64_t expected)
{
    struct figures now = figures_now(l);
    double seconds = (double)(now.from_ns - from->from_ns) / 1e9;
    double cpu = (double)(now.cpu_ns - from->cpu_ns) / 1e9;
    double deliveries = (double)(now.deliveries - from->deliveries);
    double answers = (double)(now.answers - from->answers);
    printf("deliveries=%.0f expected=%" PRIu64 " per_second=%.0f answers_per_second=%.0f "
           "cpu=%.3f load=%.2f cpu_per_million=%.3f p50_us=%" PRId64 " p99_us=%" PRId64 "\n",
           deliveries, expected, deliveries / seconds, answers / seconds, cpu, cpu / seconds,
           deliveries > 0 ? cpu / deliveries * 1e6 : 0.0, latency_percentile(&l->latency, 50),
           latency_percentile(&l->latency, 99));
    fflush(stdout);
}

/* ---- jobs ---- */

/* `rate` messages a second, evenly, by everybody in turn. */
static uint64_t say_steadily(struct load *l, int64_t seconds)
{
    int64_t step = SECOND / l->rate, from = clock_ns(), end = from + seconds * SECOND;
    uint64_t said = 0;
    for (int64_t next = from; next < end; next += step, said++) {
        for (int64_t left; (left = next - clock_ns()) > 0;)
            links_turn(l, left);
        links_turn(l, 0);
        say(l, &l->links.v[said % l->conns]);
    }
    return said;
}

static bool job_steady(struct load *l)
{
    if (!load_gather(l))
        return false;
    say_steadily(l, 1);
    settle(l);
    for (int64_t i = 0; i < l->repeat; i++) {
        struct figures from = figures_now(l);
        latency_clear(&l->latency);
        l->sample = true;
        uint64_t said = say_steadily(l, l->seconds);
        settle(l);
        report(l, &from, said * (l->conns / l->rooms));
    }
    return l->links.lost == 0;
}

/* Writers in turn; always `window` messages for each of them on their way. */
static bool job_flat(struct load *l)
{
    size_t window = l->window;
    l->window = 400;
    if (!load_gather(l))
        return false;
    l->on_seen = say;
    for (size_t i = 0; i < l->writers * window; i++)
        say(l, &l->links.v[i % l->writers]);
    load_pump(l, SECOND);
    for (int64_t i = 0; i < l->repeat; i++) {
        struct figures from = figures_now(l);
        load_pump(l, l->seconds * SECOND);
        report(l, &from, 0);
    }
    l->on_seen = NULL;
    return l->links.lost == 0;
}

static bool job_durable(struct load *l)
{
    if (!load_gather(l))
        return false;
    l->on_answer = say;
    for (size_t i = 0; i < l->writers; i++)
        say(l, &l->links.v[i]);
    load_pump(l, SECOND / 2);
    for (int64_t i = 0; i < l->repeat; i++) {
        struct figures from = figures_now(l);
        latency_clear(&l->latency);
        load_pump(l, l->seconds * SECOND);
        report(l, &from, 0);
    }
    l->on_answer = NULL;
    settle(l);
    return l->links.lost == 0 && l->errors == 0;
}

static bool job_idle(struct load *l)
{
    int64_t before = process_rss_kib(l->pid);
    l->rooms = 0;
    if (!links_dial(l, NULL, l->window, STUCK_MS))
        return false;
    load_pump(l, INT64_C(2) * SECOND);
    struct figures from = figures_now(l);
    load_pump(l, l->seconds * SECOND);
    double cpu = (double)(process_cpu_ns(l->pid) - from.cpu_ns) / 1e9;
    int64_t after = process_rss_kib(l->pid);
    printf("conns=%zu before_kib=%" PRId64 " after_kib=%" PRId64
           " kib_per_conn=%.2f idle_load=%.4f\n",
           l->links.ready, before, after, (double)(after - before) / (double)l->conns,
           cpu / (double)l->seconds);
    return l->links.lost == 0;
}

/* Once for warming up (accounts are made then), then measured. */
static bool job_storm(struct load *l)
{
    l->rooms = 0;
    for (int64_t i = 0; i <= l->repeat; i++) {
        struct figures from = figures_now(l);
        if (!links_dial(l, NULL, l->window, STUCK_MS))
            return false;
        struct figures now = figures_now(l);
        double seconds = (double)(now.from_ns - from.from_ns) / 1e9;
        if (i > 0)
            printf("conns=%zu seconds=%.3f per_second=%.0f cpu=%.3f\n", l->links.ready, seconds,
                   (double)l->links.ready / seconds, (double)(now.cpu_ns - from.cpu_ns) / 1e9);
        fflush(stdout);
        links_close(&l->links);
        load_pump(l, INT64_C(2) * SECOND);
    }
    return true;
}

static void fill_next(struct load *l, struct link *c)
{
    char title[64];
    if (l->messages == 0 && l->cards == 0)
        return;
    if (l->messages > 0) {
        l->messages--;
        say(l, c);
        return;
    }
    l->cards--;
    snprintf(title, sizeof(title), "Card number %zu of a large board", l->cards);
    c->asked_ns = clock_ns();
    dialect_add_card(l, c, title);
}

static bool job_fill(struct load *l)
{
    uint64_t wanted = l->messages + l->cards;
    l->rooms = 1;
    l->writers = l->conns;
    if (!load_gather(l))
        return false;
    uint64_t answered = l->answers;
    int64_t end = clock_ns() + INT64_C(120) * SECOND;
    l->on_answer = fill_next;
    for (size_t i = 0; i < l->conns; i++)
        fill_next(l, &l->links.v[i]);
    while (l->answers - answered < wanted && l->errors == 0 && clock_ns() < end)
        load_pump(l, SECOND / 20);
    printf("filled=%" PRIu64 " of=%" PRIu64 "\n", l->answers - answered, wanted);
    return l->answers - answered == wanted;
}

bool job_run(struct load *l)
{
    static const struct {
        const char *name;
        bool (*run)(struct load *l);
    } jobs[] = {
        {"steady", job_steady}, {"flat", job_flat},   {"durable", job_durable},
        {"idle", job_idle},     {"storm", job_storm}, {"fill", job_fill},
        {"notes", job_notes},   {"crowd", job_crowd}, {"week", job_week},
    };
    for (size_t i = 0; i < COUNT_OF(jobs); i++) {
        if (strcmp(jobs[i].name, l->job) == 0)
            return jobs[i].run(l);
    }
    fprintf(stderr, "load: there is no job %s\n", l->job);
    return false;
}
