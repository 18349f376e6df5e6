/* A real mootd among people who are slow, silent or many, and how it starts, reloads and ends.
 */
#include "talk.h"
#include "wait.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HEARTBEAT "--heartbeat=1s"

/* A figure of /metrics; -1 when it could not be had. */
static int64_t figure(const struct server_rig *r, const char *name)
{
    struct ws_client c;
    char line[80];
    int64_t value = -1;
    snprintf(line, sizeof line, "\nmoot_%s ", name);
    if (ws_connect(&c, &(struct ws_dial){.unix_path = r->socket}) &&
        ws_send_raw(&c, STR("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")) && ws_read_http(&c)) {
        const char *at = strstr(buf_cstr(&c.payload), line);
        if (at) {
            at += strlen(line);
            str_int((struct str){at, strcspn(at, "\n")}, 0, INT64_MAX, &value);
        }
    }
    ws_finish(&c);
    return value;
}

struct wanted {
    const struct server_rig *r;
    const char *figure;
    int64_t value;
};

static bool is_reached(void *arg)
{
    const struct wanted *w = arg;
    return figure(w->r, w->figure) >= w->value;
}

static bool becomes(const struct server_rig *r, const char *name, int64_t value)
{
    struct wanted w = {r, name, value};
    return wait_for(is_reached, &w, SOON);
}

/* ---- the many and the silent ---- */

static void a_thousand_half_open_connections_keep_nobody_out(void **state)
{
    enum { SILENT = 500, SLOW = 500 };
    const struct server_rig *r = *state;
    static struct ws_client half[SILENT + SLOW];
    struct ws_dial d = {.port = r->port};
    for (size_t i = 0; i < COUNT_OF(half); i++) {
        assert_true(ws_connect(&half[i], &d));
        if (i >= SILENT)
            assert_true(ws_send_raw(&half[i], STR("GET /ws HTTP/1.1\r\nHost: x\r\nX-Slow: ")));
    }
    assert_true(becomes(r, "arrivals_waiting", SILENT + SLOW));
    char *token = talk_token(r, "ana", 60);
    int64_t began = clock_ms();
    for (int i = 0; i < 20; i++) {
        struct ws_client c;
        assert_true(
            talk_hello(r, &c, &(struct ws_dial){.port = r->port, .token = token}, "abcdefgh"));
        ws_finish(&c);
    }
    assert_true(clock_ms() - began < 3000);
    for (size_t i = 0; i < COUNT_OF(half); i++)
        ws_finish(&half[i]);
    free(token);
}

/* Frames that never stop being the beginning of a message cost no more than one message. */
static void unfinished_messages_are_bounded(void **state)
{
    const struct server_rig *r = *state;
    static struct ws_client c[50];
    static char piece[30000];
    memset(piece, ' ', sizeof piece);
    for (size_t i = 0; i < COUNT_OF(c); i++) {
        assert_true(ws_open(&c[i], &(struct ws_dial){.unix_path = r->socket}));
        assert_true(ws_send_frame(&c[i], &(struct ws_frame){.opcode = WS_TEXT,
                                                            .more = true,
                                                            .payload = {piece, sizeof piece}}));
    }
    for (size_t i = 0; i < COUNT_OF(c); i++)
        ws_finish(&c[i]);
    struct ws_client other;
    assert_true(talk_hello(r, &other, NULL, "abcdefgh"));
    assert_true(talk_is_alive(&other, 1));
    ws_finish(&other);
}

/* ---- the slow ---- */

/* Posts texts of 12 kB until the server has cut somebody off. The reader has each before the
 * next is posted, so that it is never behind, however little of the machine this test is given.
 */
static int flood(const struct server_rig *r, struct ws_client *writer, struct ws_client *reader,
                 int most)
{
    static char text[12001];
    memset(text, 'x', sizeof text - 1);
    struct buf b = {0};
    int sent = 0;
    while (sent < most && (sent % 20 || figure(r, "cut_off_total") == 0)) {
        char re[32], id[32];
        buf_clear(&b);
        buf_fmt(&b, "{\"type\":\"message.post\",\"room\":\"#lobby\",\"id\":%d,\"text\":\"%s\"}",
                ++sent, text);
        snprintf(re, sizeof re, "\"re\":%d,", sent);
        snprintf(id, sizeof id, "\"id\":%d,", sent);
        assert_true(talk_ask(writer, buf_cstr(&b), re) && ws_await(reader, id, NULL));
    }
    buf_finish(&b);
    return sent;
}

static void restart(struct server_rig *r, const char *heartbeat)
{
    assert_true(rig_down(r));
    r->args[0] = heartbeat;
    assert_true(rig_up(r));
}

/* Its server pings nobody meanwhile: who does not read has not heard a ping either, and would
 * on a slow machine be closed for its silence before it is behind. */
static void one_who_never_reads_is_cut_off_and_costs_nobody_else(void **state)
{
    struct server_rig *r = *state;
    struct ws_client deaf, writer, reader;
    restart(r, "--heartbeat=10m");
    assert_true(talk_hello(r, &deaf, NULL, "deafdeaf1"));
    assert_true(talk_hello(r, &writer, NULL, "writerwriter"));
    assert_true(talk_hello(r, &reader, NULL, "readerreader"));
    assert_true(flood(r, &writer, &reader, 2000) < 2000);
    assert_int_equal(figure(r, "cut_off_total"), 1);
    assert_true(talk_is_alive(&writer, 3001));
    assert_true(talk_is_alive(&reader, 3001));
    ws_finish(&deaf);
    ws_finish(&writer);
    ws_finish(&reader);
    restart(r, HEARTBEAT);
}

static void one_who_says_nothing_is_pinged_and_then_closed(void **state)
{
    const struct server_rig *r = *state; /* its heartbeat is one second */
    struct ws_client dead, quiet;
    char *token = talk_token(r, "dora", 60);
    assert_true(talk_hello(r, &quiet, NULL, "quietquiet"));
    assert_true(
        talk_hello(r, &dead, &(struct ws_dial){.port = r->port, .token = token}, "deaddead1"));
    pid_t pid = fork(); /* somebody who has nothing to say either, but answers pings */
    if (pid == 0)
        _exit(!ws_await(&quiet, "\"online\":false", NULL) || !talk_is_alive(&quiet, 1));
    bool pinged = false;
    int opcode, status;
    while ((opcode = ws_next_frame(&dead)) >= 0 && opcode != WS_CLOSE)
        pinged = pinged || opcode == WS_PING; /* and never answers */
    assert_true(pinged);
    assert_int_equal(dead.close_code, 1001);
    assert_true(waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
                WEXITSTATUS(status) == 0);
    ws_finish(&dead);
    ws_finish(&quiet);
    free(token);
}

/* ---- start, reload, end ---- */

static void the_end_is_announced_and_clean(void **state)
{
    struct server_rig *r = *state;
    struct ws_client c[3];
    struct str text;
    struct stat st;
    for (size_t i = 0; i < COUNT_OF(c); i++)
        assert_true(talk_hello(r, &c[i], NULL,
                               i == 0   ? "client0000"
                               : i == 1 ? "client1111"
                                        : "client2222"));
    assert_int_equal(kill(r->pid, SIGTERM), 0);
    for (size_t i = 0; i < COUNT_OF(c); i++) {
        assert_true(ws_await(&c[i], "\"bye\"", &text));
        assert_non_null(strstr(buf_cstr(&c[i].payload), "closing"));
        assert_true(ws_await_close(&c[i]));
        assert_int_equal(c[i].close_code, 1001);
        ws_finish(&c[i]);
    }
    assert_true(rig_down(r)); /* a second SIGTERM does no harm, and the status is 0 */
    assert_int_equal(stat(r->socket, &st), -1);
    assert_true(rig_up(r));
}

/* However often it is told, and however late. */
static void who_is_told_again_and_again_to_end_ends_well(void **state)
{
    struct server_rig *r = *state;
    int64_t until = clock_ms() + SOON;
    int status = 0;
    pid_t ended = 0;
    while (ended == 0 && clock_ms() < until) {
        kill(r->pid, SIGTERM);
        ended = waitpid(r->pid, &status, WNOHANG);
    }
    assert_int_equal(ended, r->pid);
    assert_int_equal(status, 0);
    assert_true(rig_up(r));
}

static void after_a_crash_it_starts_where_it_was(void **state)
{
    struct server_rig *r = *state;
    struct ws_client c;
    struct stat st;
    assert_true(talk_hello(r, &c, NULL, "abcdefgh"));
    assert_true(talk_ask(
        &c, "{\"type\":\"message.post\",\"room\":\"#lobby\",\"id\":7001,\"text\":\"kept\"}",
        "\"ok\""));
    rig_kill(r);
    ws_finish(&c);
    assert_int_equal(stat(r->socket, &st), 0); /* left behind */
    assert_true(rig_up(r));
    assert_true(talk_hello(r, &c, NULL, "abcdefgh"));
    assert_true(talk_ask(
        &c,
        "{\"type\":\"history\",\"room\":\"#lobby\",\"id\":7002,\"before\":1000000,\"limit\":1}",
        "\"history.page\""));
    ws_finish(&c);
}

/* Runs mootd with these arguments; its status, and what it said in text. */
static int run_mootd(const struct server_rig *r, const char *const args[], char *text, size_t n)
{
    struct run out = {0};
    const char *argv[12] = {rig_mootd};
    for (size_t i = 0; i < 10 && args[i]; i++)
        argv[1 + i] = args[i];
    assert_true(run_program(&out, argv, r->env.v, NULL, SOON));
    int status = out.status;
    snprintf(text, n, "%s%s", out.out, out.err);
    run_finish(&out);
    return status;
}

static void what_cannot_work_is_refused_at_the_start(void **state)
{
    const struct server_rig *r = *state;
    char taken[32], other[RIG_PATH_MAX + 8], unwritable[RIG_PATH_MAX + 16];
    snprintf(taken, sizeof taken, "127.0.0.1:%d", r->port);
    snprintf(other, sizeof other, "%s2", r->data);
    snprintf(unwritable, sizeof unwritable, "%s/secret/x", r->data);
    const struct {
        const char *args[10];
        int status;
        const char *says;
    } starts[] = {
        {{"--listen", "0.0.0.0:0", "--socket", "none", "--data", other},
         2,
         "--insecure-plain-ws"},
        {{"--listen", taken, "--socket", "none", "--data", other}, 1, "in use"},
        {{"--listen", "none", "--socket", r->socket, "--data", other}, 5, "Another server"},
        {{"--listen", "none", "--socket", "none", "--data", other}, 2, "nothing to listen"},
        {{"--listen", "7700", "--data", other}, 2, "HOST:PORT"},
        {{"--listen", "none", "--data", unwritable}, 1, "secret"},
        {{"--cert", "/nonexistent", "--data", other}, 2, "key"},
        {{"--cert", "/nonexistent", "--key", "/nonexistent", "--listen", "127.0.0.1:0",
          "--socket", "none", "--data", other},
         1,
         "TLS"},
        {{"--unheard-of"}, 2, "unheard-of"},
        {{"dance"}, 2, "dance"},
        {{"--version"}, 0, "mootd "},
        {{"--help"}, 0, "--insecure-plain-ws"},
    };
    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        char text[8192];
        const char *args[11] = {0};
        memcpy(args, starts[i].args, sizeof starts[i].args);
        int status = run_mootd(r, args, text, sizeof text);
        if (status != starts[i].status || !strstr(text, starts[i].says))
            fail_msg("row %zu: %d %s", i, status, text);
    }
}

static void write_config(const struct server_rig *r, const char *text)
{
    char path[RIG_PATH_MAX + 8];
    snprintf(path, sizeof path, "%s/conf", r->dir);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static bool friend_gets_in(void *arg)
{
    const struct server_rig *r = arg;
    struct ws_client c;
    bool in = ws_open(
        &c, &(struct ws_dial){.unix_path = r->socket, .origin = "https://friend.example"});
    ws_finish(&c);
    return in;
}

static bool friend_is_refused(void *arg)
{
    return !friend_gets_in(arg);
}

static void hangup_reads_the_config_again(void **state)
{
    struct server_rig *r = *state;
    struct ws_client c;
    assert_true(talk_hello(r, &c, NULL, "abcdefgh"));
    assert_false(friend_gets_in(r));
    write_config(r, "origin = https://friend.example\nlog-level = debug\n");
    assert_int_equal(kill(r->pid, SIGHUP), 0);
    assert_true(wait_for(friend_gets_in, r, SOON));
    write_config(r, "origin = \xff\n"); /* nonsense changes nothing */
    assert_int_equal(kill(r->pid, SIGHUP), 0);
    assert_true(talk_is_alive(&c, 9001));
    assert_true(friend_gets_in(r));
    write_config(r, "");
    assert_int_equal(kill(r->pid, SIGHUP), 0);
    assert_true(wait_for(friend_is_refused, r, SOON));
    assert_true(talk_is_alive(&c, 9002)); /* all the while */
    ws_finish(&c);
}

static int start(void **state)
{
    static struct server_rig r;
    static char config[RIG_PATH_MAX + 8];
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    *state = &r;
    if (!rig_init(&r))
        return -1;
    write_config(&r, "");
    snprintf(config, sizeof config, "%s/conf", r.dir);
    r.args[0] = HEARTBEAT;
    r.args[1] = "--config";
    r.args[2] = config;
    return rig_up(&r) ? 0 : -1;
}

static int stop(void **state)
{
    struct server_rig *r = *state;
    bool ok = rig_down(r); /* not when a sanitizer has found anything */
    rig_finish(r);
    return ok ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thousand_half_open_connections_keep_nobody_out),
        cmocka_unit_test(unfinished_messages_are_bounded),
        cmocka_unit_test(one_who_never_reads_is_cut_off_and_costs_nobody_else),
        cmocka_unit_test(one_who_says_nothing_is_pinged_and_then_closed),
        cmocka_unit_test(the_end_is_announced_and_clean),
        cmocka_unit_test(who_is_told_again_and_again_to_end_ends_well),
        cmocka_unit_test(after_a_crash_it_starts_where_it_was),
        cmocka_unit_test(what_cannot_work_is_refused_at_the_start),
        cmocka_unit_test(hangup_reads_the_config_again),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
