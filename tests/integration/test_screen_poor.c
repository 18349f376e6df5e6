/* What is left of the screen where something is missing: colours, UTF-8, room, speed, a disk.
 */
#include "screens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void ana_says(struct world *w, const char *text)
{
    struct run r =
        moot_says(&w->ana, NULL, (const char *const[]){"send", "#lobby", text, NULL});
    run_finish(&r);
}

/* ---- colours ---- */

/* Whether a colour was ever set: SGR 30 to 49 or 90 to 107 among its parameters. */
static bool uses_color(const struct screen *s, bool *many)
{
    bool any = false;
    *many = false;
    for (const char *p = s->raw; (p = strstr(p, "\x1b[")); p += 2) {
        const char *at = p + 2;
        bool colored = false, rich = false;
        while ((*at >= '0' && *at <= '9') || *at == ';') {
            char *end;
            long n = strtol(at, &end, 10);
            colored = colored || (n >= 30 && n <= 48 && n != 39) || (n >= 90 && n <= 107);
            rich = rich || n == 38 || n == 48 || n >= 90;
            at = *end == ';' ? end + 1 : end;
        }
        any = any || (*at == 'm' && colored);
        *many = *many || (*at == 'm' && rich);
    }
    return any;
}

static void it_uses_as_many_colours_as_there_are(void **state)
{
    static const struct {
        const char *term, *no_color;
        bool any, many;
    } rows[] = {{"xterm-256color", "", true, true},
                {"xterm-256color", "1", false, false},
                {"linux", "", true, false}, /* eight */
                {"vt100", "", false, false}};
    struct world *w = *state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        bool many;
        env_set(&w->me.env, "TERM", rows[i].term);
        env_set(&w->me.env, "NO_COLOR", rows[i].no_color);
        w->mine = screen_online(&w->me, 24, 80);
        focus_board(w->mine);
        screen_type(w->mine, "aCard\r");
        assert_true(screen_wait(w->mine, "Card", SOON));
        if (uses_color(w->mine, &many) != rows[i].any || many != rows[i].many)
            fail_msg("TERM=%s NO_COLOR=%s: colours %d, many %d", rows[i].term, rows[i].no_color,
                     uses_color(w->mine, &many), many);
        quit(w->mine);
        screens_close(w);
    }
}

/* ---- characters ---- */

static void a_locale_without_utf8_gets_ascii_by_itself(void **state)
{
    struct world *w = *state;
    env_set(&w->me.env, "LANG", "C");
    env_unset(&w->me.env, "LC_ALL");
    w->mine = screen_online(&w->me, WIDE_ROWS, WIDE_COLS);
    ana_says(w, "gr\xc3\xbc\xc3\x9f \xf0\x9f\x8e\x89 end");
    assert_true(screen_wait(w->mine, " end", SOON));
    for (size_t i = 0; i < w->mine->raw_n; i++)
        assert_true((unsigned char)w->mine->raw[i] < 0x80);
    assert_true(screen_shows(w->mine, ":tada: end"));
    quit(w->mine);
}

/* ---- room ---- */

static void the_smallest_window_still_says_something(void **state)
{
    static const struct {
        int rows, cols;
        const char *shows;
    } sizes[] = {{5, 20, "#lobby"}, {4, 10, "#lobby"}, {3, 8, "#lobby"}, {1, 12, "#lobby"}};
    struct world *w = *state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        w->mine = screen_of(&w->me, sizes[i].rows, sizes[i].cols);
        assert_non_null(w->mine);
        if (!screen_wait(w->mine, sizes[i].shows, SOON))
            fail_msg("%dx%d says nothing", sizes[i].cols, sizes[i].rows);
        screen_type(w->mine, ":quit\r");
        assert_true(screen_wait_end(w->mine, SOON));
        screens_close(w);
    }
}

/* ---- disk ---- */

static void what_cannot_be_kept_is_said_before_it_is_written(void **state)
{
    struct world *w = *state;
    char state_dir[200], file[260];
    snprintf(state_dir, sizeof state_dir, "%s/poor", w->me.home);
    assert_int_equal(mkdir(state_dir, 0700), 0);
    env_set(&w->me.env, "XDG_STATE_HOME", state_dir);
    snprintf(file, sizeof file, "%s/moot", state_dir);
    int fd = open(file, O_WRONLY | O_CREAT | O_EXCL, 0600); /* in the way of the folder */
    assert_true(fd >= 0 && close(fd) == 0);
    w->mine = screen_online(&w->me, WIDE_ROWS, WIDE_COLS);
    assert_true(screen_wait(w->mine, "read only, see T", SOON));
    assert_true(screen_wait(w->mine, "is taken until it can be kept", SOON));
    ana_says(w, "reading goes on");
    assert_true(screen_wait(w->mine, "reading goes on", SOON));
    focus_chat(w->mine);
    screen_type(w->mine, "not taken\r");
    assert_true(screen_wait(w->mine, "not taken", SOON)); /* and still in the line */
    assert_int_equal(times_said(w, "not taken"), 0);
    assert_int_equal(unlink(file), 0);
    assert_true(screen_wait_gone(w->mine, "read only, see T", 3 * SOON));
    screen_type(w->mine, "\r");
    assert_true(
        screen_wait(w->mine, "to #lobby", SOON)); /* taken: only now can it be unsaved */
    all_saved(w->mine);
    assert_int_equal(times_said(w, "not taken"), 1);
    quit(w->mine);
}

/* ---- a slow terminal ---- */

/* "WORDS 0", "WORDS 1" and so on, a line each; owned by the caller. */
static char *lines_of(const char *words, int n)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    assert_non_null(f);
    for (int i = 0; i < n; i++)
        fprintf(f, "%s %d\n", words, i);
    assert_int_equal(fclose(f), 0);
    return text;
}

enum { BYTES_PER_SECOND = 960 }; /* 9,600 baud */

/* The terminal is read at that rate, whatever the program writes. */
struct line {
    struct screen *s;
    int terminal, feed;
    int64_t begun;
    int64_t passed;
};

static void line_open(struct line *l, struct screen *s)
{
    int pipes[2];
    assert_int_equal(pipe2(pipes, O_CLOEXEC | O_NONBLOCK), 0);
    *l = (struct line){.s = s, .terminal = s->pty.fd, .feed = pipes[1], .begun = clock_ms()};
    s->pty.fd = pipes[0];
}

static void line_close(struct line *l)
{
    close(l->s->pty.fd);
    close(l->feed);
    l->s->pty.fd = l->terminal;
}

static void line_pump(struct line *l)
{
    char bytes[256];
    struct pollfd p = {.fd = l->terminal, .events = POLLIN};
    int64_t may = (clock_ms() - l->begun) * BYTES_PER_SECOND / 1000 - l->passed;
    if (poll(&p, 1, 10) <= 0) {
        l->begun = clock_ms(); /* time in which nothing came is no credit */
        l->passed = 0;
        return;
    }
    if (may < 1)
        return;
    ssize_t n = read(l->terminal, bytes, (size_t)(may < 256 ? may : 256));
    if (n > 0 && write(l->feed, bytes, (size_t)n) == n)
        l->passed += n;
    screen_pump(l->s, 0);
}

static bool line_shows(struct line *l, const char *text, int64_t ms)
{
    int64_t until = clock_ms() + ms;
    while (!screen_shows(l->s, text) && clock_ms() < until)
        line_pump(l);
    return screen_shows(l->s, text);
}

static void line_type(struct line *l, const char *keys)
{
    assert_int_equal(write(l->terminal, keys, strlen(keys)), strlen(keys));
}

static bool knows_me(struct world *w)
{
    struct run r = moot_says(&w->ana, NULL, (const char *const[]){"who", "#lobby", NULL});
    bool here = strstr(r.out, w->me.name) != NULL;
    run_finish(&r);
    return here;
}

static void a_slow_terminal_is_not_flooded(void **state)
{
    enum { MESSAGES = 200, KEYS = 20 };
    struct world *w = *state;
    struct line l;
    char *many = lines_of("message number", MESSAGES);
    w->mine = screen_online(&w->me, 24, 80);
    focus_chat(w->mine);
    screen_pump(w->mine, 200);
    line_open(&l, w->mine);

    size_t before = w->mine->raw_n;
    for (int i = 0; i < KEYS; i++) {
        char key[2] = {(char)('a' + i), 0};
        line_type(&l, key);
        char typed[KEYS + 1] = {0};
        for (int k = 0; k <= i; k++)
            typed[k] = (char)('a' + k);
        assert_true(line_shows(&l, typed, SOON));
    }
    size_t per_key = (w->mine->raw_n - before) / KEYS;
    print_message("%zu bytes a key at 9,600 baud\n", per_key);
    assert_in_range(per_key, 1, 60); /* a sixteenth of a second */

    before = w->mine->raw_n;
    struct run r;
    const char *const argv[] = {rig_moot, "--linear", "#lobby", NULL};
    assert_true(run_program(&r, argv, w->ana.env.v, many, 3 * SOON));
    assert_int_equal(r.status, 0);
    run_finish(&r);
    assert_true(line_shows(&l, "message number 199", 3 * SOON));
    size_t bytes = w->mine->raw_n - before;
    print_message("%zu bytes for %d messages\n", bytes, MESSAGES);
    assert_in_range(bytes, 1, MESSAGES * 100); /* not a frame for each */
    line_close(&l);
    free(many);
}

/* A terminal that takes nothing at all is no reason for the others to think that one is gone,
 * nor to lose what is typed. */
static void a_stuck_terminal_does_not_hold_up_the_link(void **state)
{
    enum { MESSAGES = 150 };
    struct world *w = *state;
    char *many =
        lines_of("a message that is long enough to fill a row, with the number", MESSAGES);
    w->mine = screen_online(&w->me, WIDE_ROWS, WIDE_COLS);
    focus_chat(w->mine);
    struct run r;
    const char *const argv[] = {rig_moot, "--linear", "#lobby", NULL};
    assert_true(run_program(&r, argv, w->ana.env.v, many, 6 * SOON)); /* nobody reads */
    assert_int_equal(r.status, 0);
    run_finish(&r);
    assert_true(pty_send(&w->mine->pty, "typed blindly\r"));
    int64_t until = clock_ms() + SOON;
    while (!times_said(w, "typed blindly") && clock_ms() < until)
        continue;
    assert_int_equal(times_said(w, "typed blindly"), 1);
    assert_true(knows_me(w));
    assert_true(screen_wait(w->mine, "number 149", SOON)); /* read again, it is all there */
    quit(w->mine);
    free(many);
}

/* ---- a slow link ---- */

enum { LATENCY_MS = 300, HELD_MAX = 64 }; /* one way: 600 ms there and back */

struct packet {
    int64_t due;
    size_t n;
    char bytes[8192];
};

/* One direction of the relay; packets wait in a ring. */
struct way {
    int from, to;
    size_t first, n;
    struct packet held[HELD_MAX];
};

static bool way_read(struct way *y)
{
    struct packet *p = &y->held[(y->first + y->n) % HELD_MAX];
    ssize_t n = read(y->from, p->bytes, sizeof p->bytes);
    if (n <= 0)
        return false;
    p->n = (size_t)n;
    p->due = clock_ms() + LATENCY_MS;
    y->n++;
    return true;
}

static void way_write(struct way *y)
{
    while (y->n && y->held[y->first].due <= clock_ms()) {
        struct packet *p = &y->held[y->first];
        if (write(y->to, p->bytes, p->n) != (ssize_t)p->n)
            _exit(1);
        y->first = (y->first + 1) % HELD_MAX;
        y->n--;
    }
}

static struct sockaddr_in loopback(int port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void relay(int listener, int port)
{
    struct sockaddr_in to = loopback(port);
    static struct way ways[2];
    int client = accept(listener, NULL, NULL), server = socket(AF_INET, SOCK_STREAM, 0);
    if (client < 0 || connect(server, (struct sockaddr *)&to, sizeof to) < 0)
        _exit(1);
    ways[0] = (struct way){.from = client, .to = server};
    ways[1] = (struct way){.from = server, .to = client};
    for (;;) {
        struct pollfd p[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
        poll(p, 2, 5);
        for (int i = 0; i < 2; i++) {
            if (p[i].revents && ways[i].n < HELD_MAX && !way_read(&ways[i]))
                _exit(0);
            way_write(&ways[i]);
        }
    }
}

static pid_t relay_start(int to, int *port)
{
    struct sockaddr_in at = loopback(0);
    socklen_t n = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(listener >= 0 && bind(listener, (struct sockaddr *)&at, n) == 0 &&
                listen(listener, 4) == 0 &&
                getsockname(listener, (struct sockaddr *)&at, &n) == 0);
    *port = ntohs(at.sin_port);
    pid_t pid = fork();
    if (pid == 0)
        relay(listener, to);
    close(listener);
    return pid;
}

static void a_slow_link_holds_up_no_key(void **state)
{
    struct world *w = *state;
    int port;
    char url[64];
    pid_t pid = relay_start(w->rig.port, &port);
    snprintf(url, sizeof url, "ws://127.0.0.1:%d", port);
    env_set(&w->ana.env, "MOOT_SERVER", url);
    w->hers = screen_online(&w->ana, 24, 80);
    focus_board(w->hers);
    int64_t begun = clock_ms();
    screen_type(w->hers, "aSlowly\r");
    assert_true(screen_wait(w->hers, "Slowly", SOON));
    int64_t shown = clock_ms() - begun;
    assert_true(screen_wait(w->hers, "unsaved", SOON)); /* and says that it is not stored */
    assert_true(screen_wait_gone(w->hers, "unsaved", SOON));
    int64_t stored = clock_ms() - begun;
    print_message("shown after %lld ms, stored after %lld ms\n", (long long)shown,
                  (long long)stored);
    assert_in_range(shown, 0, 2 * LATENCY_MS - 1);
    assert_in_range(stored, 2 * LATENCY_MS, SOON);
    assert_int_equal(times_on_board(w, "Slowly"), 1);
    screen_free(w->hers);
    w->hers = NULL;
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(it_uses_as_many_colours_as_there_are),
        WITH_WORLD(a_locale_without_utf8_gets_ascii_by_itself),
        WITH_WORLD(the_smallest_window_still_says_something),
        WITH_WORLD(what_cannot_be_kept_is_said_before_it_is_written),
        WITH_WORLD(a_slow_terminal_is_not_flooded),
        WITH_WORLD(a_stuck_terminal_does_not_hold_up_the_link),
        WITH_WORLD(a_slow_link_holds_up_no_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
