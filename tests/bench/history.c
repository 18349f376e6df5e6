/* A room of a million messages on a real screen: scrolling back through a hundred thousand of
 * them, going to any message and to any day, and what of it stays in memory. */
#include "codec.h"
#include "measure.h"
#include "screen.h"
#include "server_rig.h"
#include "store.h"
#include "store_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { GROUP = 512, ROWS = 40, COLS = 140, JUMPS = 100, MINUTE_MS = 60000 };
enum { SCROLLED = 100000 };

struct bench {
    struct server_rig rig;
    struct person ana;
    struct latency latency;
    int64_t messages, now; /* the newest is of now, each other a minute older */
};

static double rss_mib(const struct screen *s)
{
    return (double)process_rss_kib(s->pty.pid) / 1024;
}

/* ---- the room ---- */

static int64_t time_of(const struct bench *b, int64_t seq)
{
    return b->now - (b->messages + 1 - seq) * MINUTE_MS;
}

static struct store_job *said(const struct bench *b, int64_t seq)
{
    struct buf json = {0}, text = {0};
    buf_fmt(&text, "message %lld, in a few words", (long long)seq);
    struct store_job *j = kit_message("#a", seq, seq, "");
    struct msg m = {.type = MSG_MESSAGE, .message.text = buf_str(&text)};
    m.event = (struct event_head){.room = j->append.room,
                                  .seq = seq,
                                  .time = time_of(b, seq),
                                  .author = j->append.author,
                                  .client = j->append.client,
                                  .id = seq};
    codec_encode(&json, &m);
    j->append.time = m.event.time;
    j->append.json = str_keep(&j->arena, buf_str(&json));
    buf_finish(&json);
    buf_finish(&text);
    return j;
}

static bool fill(const struct bench *b)
{
    struct store_job *jobs[GROUP];
    struct err e = {0};
    char path[300];
    snprintf(path, sizeof path, "%s/moot.db", b->rig.data);
    mkdir(b->rig.data, 0700);
    struct store *s = store_sqlite_open(path, &e);
    if (!s) {
        fprintf(stderr, "bench_history: %s\n", e.text);
        return false;
    }
    kit_ok(s, kit_user("ana", false, false, 0));
    kit_ok(s, kit_room("#a", 1));
    for (int64_t seq = 2; seq < b->messages + 2;) {
        size_t n = 0;
        for (; n < GROUP && seq < b->messages + 2; n++, seq++)
            jobs[n] = said(b, seq);
        s->write(s, jobs, n);
        for (size_t i = 0; i < n; i++)
            store_job_free(jobs[i]);
    }
    s->close(s);
    return true;
}

/* ---- the screen ---- */

/* The number of the topmost message; 0: none is there. */
static int64_t topmost(struct screen *s)
{
    const char *at = strstr(screen_text(s), "message ");
    return at ? strtoll(at + 8, NULL, 10) : 0;
}

/* Pages up; a key that comes while older messages are on their way is pressed again, as one
 * would. */
static bool page_up(struct screen *s, int64_t top)
{
    int64_t from = clock_ns(), pressed = 0;
    for (;;) {
        int64_t now = clock_ns(), is = topmost(s);
        if (is && is < top)
            return true;
        if (now - from > INT64_C(10) * 1000000000)
            return false;
        if (now - pressed > 30 * INT64_C(1000000)) {
            screen_type(s, "\033[5~");
            pressed = now;
        }
        screen_pump(s, 10);
    }
}

static bool scroll(struct bench *b, struct screen *s)
{
    int64_t newest = topmost(s);
    latency_clear(&b->latency);
    for (int64_t top = newest; top > 100 && newest - top < SCROLLED; top = topmost(s)) {
        int64_t from = clock_ns();
        if (!page_up(s, top))
            return false;
        latency_add(&b->latency, (clock_ns() - from) / 1000);
    }
    return true;
}

static bool goes(struct bench *b, struct screen *s, const char *command, const char *text)
{
    int64_t from = clock_ns();
    screen_type(s, "\033:");
    screen_type(s, command);
    screen_type(s, "\r");
    bool ok = screen_wait(s, text, SOON);
    latency_add(&b->latency, (clock_ns() - from) / 1000);
    return ok;
}

static bool jump(struct bench *b, struct screen *s)
{
    latency_clear(&b->latency);
    for (int64_t i = 1; i <= JUMPS; i++) {
        int64_t seq = 2 + i * 7919 * 131 % b->messages;
        time_t day = (time_t)(time_of(b, seq) / 1000);
        struct tm tm;
        char command[80], text[80], month[40];
        gmtime_r(&day, &tm);
        snprintf(command, sizeof command, "message select %lld", (long long)seq);
        snprintf(text, sizeof text, "message %lld,", (long long)seq);
        if (i % 2) {
            strftime(command, sizeof command, "day %Y-%m-%d", &tm);
            strftime(month, sizeof month, "%B %Y", &tm);
            snprintf(text, sizeof text, ", %d %s", tm.tm_mday, month);
        }
        if (!goes(b, s, command, text))
            return false;
    }
    return true;
}

static void report(struct bench *b, const char *what)
{
    printf("%s_p50_ms=%.1f %s_p99_ms=%.1f ", what,
           (double)latency_percentile(&b->latency, 50) / 1e3, what,
           (double)latency_percentile(&b->latency, 99) / 1e3);
}

static bool measure(struct bench *b)
{
    const char *const argv[] = {rig_moot, "--room", "#a", NULL};
    if (!rig_init(&b->rig) || !fill(b) || !rig_up(&b->rig) ||
        !rig_person(&b->rig, &b->ana, "ana"))
        return false;
    int64_t from = clock_ns();
    env_set(&b->ana.env, "TZ", "UTC");
    struct screen *s = screen_start(argv, b->ana.env.v, ROWS, COLS);
    bool ok = s && screen_wait(s, "message ", SOON);
    double open = (double)(clock_ns() - from) / 1e6;
    if (ok)
        screen_type(s, "i");
    ok = ok && screen_wait(s, "F1 help", SOON);
    double opened = ok ? rss_mib(s) : 0, scrolled = 0;
    if (ok && (ok = scroll(b, s))) {
        printf("messages=%lld open_ms=%.0f ", (long long)b->messages, open);
        report(b, "scroll");
        scrolled = rss_mib(s);
    }
    if (ok && (ok = jump(b, s))) {
        report(b, "jump");
        printf("rss_open_mib=%.1f rss_scrolled_mib=%.1f rss_jumped_mib=%.1f\n", opened,
               scrolled, rss_mib(s));
    }
    screen_free(s);
    return ok;
}

int main(int argc, char **argv)
{
    struct bench *b = calloc(1, sizeof *b);
    if (!b)
        return 1;
    b->messages = argc > 1 ? strtoll(argv[1], NULL, 10) : 1000000;
    b->now = (int64_t)time(NULL) * 1000;
    bool ok = measure(b);
    person_finish(&b->ana);
    rig_finish(&b->rig);
    free(b);
    return ok ? 0 : 1;
}
