/* What a person feels: how soon the first frame is there, how soon a key shows, what the screen
 * costs when nothing happens. Runs the real mootd and the real moot under a terminal, with a
 * room of CARDS cards and MESSAGES messages that came in while it was open. */
#include "measure.h"
#include "screen.h"
#include "server_rig.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CARDS = 10000, MESSAGES = 100000, KEYS = 200, ROWS = 40, COLS = 140, IDLE_S = 5 };

struct bench {
    struct server_rig rig;
    struct person me;
    struct latency latency;
    double first_frame_ms, board_ms, echo_ms[2], move_ms[2]; /* p50, p99 */
    double idle_percent, crowd_percent, rss_mib;
};

static double ms_since(int64_t ns)
{
    return (double)(clock_ns() - ns) / 1e6;
}

static bool run_moot(struct bench *b, const char *const args[])
{
    struct run out;
    bool ok = rig_moot_run(&b->me, &out, NULL, args) && out.status == 0;
    if (!ok)
        fprintf(stderr, "moot %s: status %d: %s\n", args[0], out.status, out.err);
    run_finish(&out);
    return ok;
}

static bool has_status_line(struct screen *s, void *unused)
{
    (void)unused;
    const char *text = screen_text(s);
    const char *last = text;
    for (const char *at = text; *at; at++)
        last = *at == '\n' && at[1] ? at + 1 : last;
    return *last != '\n' && *last != '\0';
}

static struct screen *open_screen(struct bench *b)
{
    int64_t from = clock_ns();
    const char *const argv[] = {rig_moot, "--room", "#bench0", NULL};
    struct screen *s = screen_start(argv, b->me.env.v, ROWS, COLS);
    if (!s || !screen_wait_until(s, has_status_line, NULL, "the first frame", SOON))
        return s;
    b->first_frame_ms = ms_since(from);
    screen_wait(s, "Todo", SOON);
    b->board_ms = ms_since(from);
    return s;
}

static bool fill(struct bench *b)
{
    char port[16], secret[RIG_PATH_MAX + 8], cards[16], messages[16];
    struct run out;
    snprintf(port, sizeof(port), "%d", b->rig.port);
    snprintf(secret, sizeof(secret), "%s/secret", b->rig.data);
    snprintf(cards, sizeof(cards), "%d", CARDS);
    snprintf(messages, sizeof(messages), "%d", MESSAGES);
    const char *const argv[] = {
        BENCH_LOAD, "--dialect", "moot", "--job",      "fill",   "--port",  port,  "--conns",
        "60",       "--secret",  secret, "--messages", messages, "--cards", cards, NULL};
    bool ok = run_program(&out, argv, b->rig.env.v, NULL, 180000) && out.status == 0;
    if (!ok)
        fprintf(stderr, "fill: %s%s", out.out, out.err);
    run_finish(&out);
    return ok;
}

/* Sends a key and waits for the frame that answers it. */
static void press(struct bench *b, struct screen *s, const char *key)
{
    while (screen_pump(s, 0) && s->pty.fd >= 0) {
        size_t before = s->raw_n; /* until it is quiet: not to mistake older output for ours */
        screen_pump(s, 20);
        if (s->raw_n == before)
            break;
    }
    size_t before = s->raw_n;
    int64_t from = clock_ns();
    screen_type(s, key);
    while (s->raw_n == before && clock_ns() - from < 1000000000)
        screen_pump(s, 100);
    latency_add(&b->latency, (clock_ns() - from) / 1000);
}

static void percentiles(struct bench *b, double ms[2])
{
    ms[0] = (double)latency_percentile(&b->latency, 50) / 1e3;
    ms[1] = (double)latency_percentile(&b->latency, 99) / 1e3;
    latency_clear(&b->latency);
}

static void measure_keys(struct bench *b, struct screen *s)
{
    latency_clear(&b->latency);
    for (int i = 0; i < KEYS; i++)
        press(b, s, (const char *const[]){"j", "j", "k", "l", "j", "h"}[i % 6]);
    percentiles(b, b->move_ms);
    press(b, s, "i");
    latency_clear(&b->latency);
    for (int i = 0; i < KEYS; i++)
        press(b, s, (const char *const[]){"m", "o", "o", "t", " "}[i % 5]);
    percentiles(b, b->echo_ms);
}

static void measure_idle(struct bench *b, struct screen *s)
{
    int64_t cpu = process_cpu_ns(s->pty.pid), from = clock_ns();
    while (ms_since(from) < IDLE_S * 1e3)
        screen_pump(s, 100);
    b->idle_percent = (double)(process_cpu_ns(s->pty.pid) - cpu) / 1e7 / IDLE_S;
    b->rss_mib = (double)process_rss_kib(s->pty.pid) / 1024;
}

/* Fifty others move cursors and pointers in the same room. */
static pid_t start_crowd(struct bench *b)
{
    char port[16], pid[16], secret[RIG_PATH_MAX + 8];
    snprintf(port, sizeof(port), "%d", b->rig.port);
    snprintf(pid, sizeof(pid), "%d", (int)b->rig.pid);
    snprintf(secret, sizeof(secret), "%s/secret", b->rig.data);
    const char *const argv[] = {BENCH_LOAD, "--dialect", "moot", "--job",    "crowd", "--port",
                                port,       "--pid",     pid,    "--conns",  "50",    "--rate",
                                "20",       "--seconds", "30",   "--secret", secret,  NULL};
    pid_t child = fork();
    if (child != 0)
        return child;
    if (freopen("/dev/null", "w", stdout))
        execv(argv[0], (char *const *)argv);
    _exit(127);
}

static void measure_crowd(struct bench *b, struct screen *s)
{
    pid_t crowd = start_crowd(b);
    screen_wait(s, "People 51", 20000);
    int64_t warm = clock_ns();
    while (ms_since(warm) < 2e3)
        screen_pump(s, 100);
    int64_t cpu = process_cpu_ns(s->pty.pid), from = clock_ns();
    while (ms_since(from) < IDLE_S * 1e3)
        screen_pump(s, 100);
    b->crowd_percent = (double)(process_cpu_ns(s->pty.pid) - cpu) / 1e7 / IDLE_S;
    kill(crowd, SIGTERM);
    waitpid(crowd, NULL, 0);
}

static bool measure(struct bench *b)
{
    if (!rig_start(&b->rig) || !rig_me(&b->rig, &b->me) ||
        !run_moot(b, (const char *const[]){"room", "create", "#bench0", NULL}))
        return false;
    struct screen *s = open_screen(b);
    bool ok = s && fill(b) &&
              run_moot(b, (const char *const[]){"send", "#bench0", "that was all", NULL}) &&
              screen_wait(s, "that was all", 60000);
    if (ok) {
        measure_keys(b, s);
        measure_idle(b, s);
        measure_crowd(b, s);
    }
    screen_free(s);
    return ok;
}

int main(void)
{
    struct bench *b = calloc(1, sizeof(*b));
    bool ok = b && measure(b);
    if (ok)
        printf("first_frame_ms=%.1f board_ms=%.1f echo_p50_ms=%.2f echo_p99_ms=%.2f "
               "move_p50_ms=%.2f move_p99_ms=%.2f idle_percent=%.2f crowd_percent=%.1f "
               "rss_mib=%.1f\n",
               b->first_frame_ms, b->board_ms, b->echo_ms[0], b->echo_ms[1], b->move_ms[0],
               b->move_ms[1], b->idle_percent, b->crowd_percent, b->rss_mib);
    if (b) {
        person_finish(&b->me);
        rig_finish(&b->rig);
    }
    free(b);
    return ok ? 0 : 1;
}
