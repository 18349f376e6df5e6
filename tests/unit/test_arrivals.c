#include "arrivals.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char request[] = "GET /ws HTTP/1.1\r\nHost: x\r\n\r\n";

/* A door with a receiver that keeps what it is given. */
struct door {
    struct arrivals *a;
    char dir[32], path[48];
    enum reception verdict;
    int fd, calls;
    struct buf bytes;
};

static enum reception receive(void *arg, const struct arrival *a, struct buf *answer)
{
    struct door *d = arg;
    d->calls++;
    buf_clear(&d->bytes);
    buf_add_str(&d->bytes, a->bytes);
    if (d->verdict == ANSWERED)
        buf_add_str(answer, STR("HTTP/1.1 404 Not Found\r\n\r\nno"));
    if (d->verdict == RECEIVED)
        d->fd = a->fd;
    return d->verdict;
}

static int open_door(void **state)
{
    struct door *d = NEW(struct door);
    struct err e = {0};
    snprintf(d->dir, sizeof d->dir, "/tmp/moot-door-XXXXXX");
    assert_non_null(mkdtemp(d->dir));
    snprintf(d->path, sizeof d->path, "%s/s", d->dir);
    d->a = arrivals_new(receive, d);
    d->verdict = RECEIVED;
    d->fd = -1;
    if (!arrivals_listen_unix(d->a, d->path, 0600, &e))
        fail_msg("%s", e.text);
    *state = d;
    return 0;
}

static int close_door(void **state)
{
    struct door *d = *state;
    arrivals_free(d->a);
    assert_int_equal(access(d->path, F_OK), -1); /* it removed its file */
    rmdir(d->dir);
    if (d->fd >= 0)
        close(d->fd);
    buf_finish(&d->bytes);
    free(d);
    return 0;
}

static int knock(const struct door *d)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(at.sun_path, sizeof at.sun_path, "%s", d->path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static void say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

/* Local sockets deliver at once, so a turn or two see everything. */
static void turn(struct door *d, int64_t now)
{
    arrivals_turn(d->a, now);
    arrivals_turn(d->a, now);
    arrivals_expire(d->a, now);
}

static bool is_hung_up(int fd)
{
    char c;
    ssize_t n = recv(fd, &c, 1, MSG_DONTWAIT);
    return n == 0 || (n < 0 && errno != EAGAIN);
}

static void a_request_is_handed_over_when_its_head_is_complete(void **state)
{
    struct door *d = *state;
    int fd = knock(d);
    for (const char *p = request; *p; p++) {
        assert_int_equal(d->calls, 0);
        say(fd, (char[]){*p, '\0'});
        turn(d, 0);
    }
    assert_int_equal(d->calls, 1);
    assert_true(str_is(buf_str(&d->bytes), request));
    assert_int_equal(arrivals_counts(d->a).waiting, 0);
    close(fd);
}

static void what_comes_behind_the_head_is_handed_over_too(void **state)
{
    struct door *d = *state;
    int fd = knock(d);
    say(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\nbehind");
    turn(d, 0);
    assert_true(str_is(buf_str(&d->bytes), "GET / HTTP/1.1\r\nHost: x\r\n\r\nbehind"));
    close(fd);
}

/* A refusal says why in its body and in its header. */
static void assert_refused(int fd, const char *status, const char *code, const char *sentence)
{
    char text[600] = "", want[200];
    assert_true(recv(fd, text, sizeof text - 1, MSG_DONTWAIT) > 0);
    snprintf(want, sizeof want, "HTTP/1.1 %s ", status);
    assert_ptr_equal(strstr(text, want), text);
    snprintf(want, sizeof want, "\r\nMoot-Error: %s %s\r\n", code, sentence);
    assert_non_null(strstr(text, want));
    snprintf(want, sizeof want, "\r\n\r\n%s: %s\n", code, sentence);
    assert_non_null(strstr(text, want));
}

static void half_open_ones_time_out_and_are_told(void **state)
{
    struct door *d = *state;
    int silent = knock(d), slow = knock(d);
    say(slow, "GET /");
    turn(d, 1000);
    assert_int_equal(arrivals_counts(d->a).waiting, 2);
    turn(d, 1000 + HEAD_WITHIN_MS - 1);
    assert_int_equal(arrivals_counts(d->a).waiting, 2);
    turn(d, 1000 + HEAD_WITHIN_MS);
    assert_int_equal(arrivals_counts(d->a).waiting, 0);
    assert_refused(slow, "408", "idle", "The request took too long to come.");
    turn(d, 1000 + HEAD_WITHIN_MS + LINGER_MS);
    turn(d, 1000 + HEAD_WITHIN_MS + LINGER_MS);
    assert_int_equal(d->calls, 0);
    close(silent);
    close(slow);
}

static void a_head_without_end_is_refused(void **state)
{
    struct door *d = *state;
    char line[1001];
    memset(line, 'x', 1000);
    line[1000] = '\0';
    int fd = knock(d);
    for (int i = 0; i < 9; i++) {
        say(fd, line);
        turn(d, 0);
    }
    assert_refused(fd, "431", "too_large", "The head of the request is too long.");
    assert_int_equal(d->calls, 0);
    close(fd);
}

static void those_who_hang_up_are_forgotten(void **state)
{
    struct door *d = *state;
    int fd = knock(d);
    turn(d, 0);
    assert_int_equal(arrivals_counts(d->a).waiting, 1);
    close(fd);
    turn(d, 0);
    assert_int_equal(arrivals_counts(d->a).waiting, 0);
}

static void an_answer_is_sent_and_the_connection_ended(void **state)
{
    struct door *d = *state;
    d->verdict = ANSWERED;
    int fd = knock(d);
    say(fd, request);
    turn(d, 0);
    char text[64] = "";
    assert_true(recv(fd, text, sizeof text - 1, 0) > 0);
    assert_string_equal(text, "HTTP/1.1 404 Not Found\r\n\r\nno");
    assert_true(is_hung_up(fd));
    close(fd);
    turn(d, 0);
}

static void without_room_they_wait_and_are_offered_again(void **state)
{
    struct door *d = *state;
    d->verdict = NOT_NOW;
    int fd = knock(d);
    say(fd, request);
    turn(d, 0);
    int calls = d->calls;
    assert_true(calls >= 1);
    assert_int_equal(arrivals_counts(d->a).waiting, 1);
    d->verdict = RECEIVED;
    turn(d, 0);
    assert_int_equal(d->calls, calls + 1);
    assert_true(str_is(buf_str(&d->bytes), request));
    close(fd);
}

static void a_thousand_half_open_ones_keep_nobody_out(void **state)
{
    struct door *d = *state;
    static int silent[900]; /* within the usual limit of open files, both ends being here */
    size_t n = 0;
    for (; n < COUNT_OF(silent) && n < (size_t)sysconf(_SC_OPEN_MAX) / 2 - 32; n++) {
        silent[n] = knock(d);
        turn(d, 0);
    }
    int fd = knock(d);
    say(fd, request);
    turn(d, 0);
    assert_int_equal(d->calls, 1);
    assert_int_equal(arrivals_counts(d->a).waiting, n);
    for (size_t i = 0; i < n; i++)
        close(silent[i]);
    close(fd);
}

static void a_dead_servers_socket_is_replaced_a_living_ones_is_not(void **state)
{
    struct door *d = *state;
    struct arrivals *other = arrivals_new(receive, d);
    struct err e = {0};
    assert_false(arrivals_listen_unix(other, d->path, 0600, &e));
    assert_int_equal(e.code, ERR_EXISTS);

    char stale[64];
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(stale, sizeof stale, "%s/old", d->dir);
    snprintf(at.sun_path, sizeof at.sun_path, "%s", stale);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    close(fd); /* the file stays, as after a crash */
    assert_true(arrivals_listen_unix(other, stale, 0640, &e));
    struct stat st;
    assert_int_equal(stat(stale, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    arrivals_free(other);

    FILE *file = fopen(stale, "w"); /* no socket at all: somebody's file */
    assert_non_null(file);
    fclose(file);
    other = arrivals_new(receive, d);
    assert_false(arrivals_listen_unix(other, stale, 0600, &e));
    arrivals_free(other);
    assert_int_equal(unlink(stale), 0);
}

static void the_system_picks_a_port(void **state)
{
    struct door *d = *state;
    struct err e = {0};
    int port = 0;
    assert_true(arrivals_listen_tcp(d->a, "127.0.0.1", &port, false, &e));
    assert_true(port > 0);
    int again = port;
    assert_false(arrivals_listen_tcp(d->a, "127.0.0.1", &again, false, &e));
    assert_int_equal(e.code, ERR_IO);
}

static void addresses_are_taken_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text, *host;
        int port;
        bool is_loopback;
    } rows[] = {
        {"127.0.0.1:7700", "127.0.0.1", 7700, true},
        {"127.9.9.9:0", "127.9.9.9", 0, true},
        {"[::1]:80", "::1", 80, true},
        {"localhost:1", "localhost", 1, true},
        {"0.0.0.0:7700", "0.0.0.0", 7700, false},
        {"[::]:7700", "::", 7700, false},
        {"example.org:1", "example.org", 1, false},
        {"", NULL, 0, false},
        {"7700", NULL, 0, false},
        {":7700", NULL, 0, false},
        {"host:", NULL, 0, false},
        {"host:65536", NULL, 0, false},
        {"host:-1", NULL, 0, false},
        {"::1:80", NULL, 0, false},
        {"[]:80", NULL, 0, false},
        {"host:80x", NULL, 0, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf host = {0};
        int port = -1;
        bool is_loopback = false;
        bool ok =
            arrivals_parse_address(str_of(rows[i].text), &host, &port, &is_loopback, NULL);
        if (ok != (rows[i].host != NULL) ||
            (ok && (!str_is(buf_str(&host), rows[i].host) || port != rows[i].port ||
                    is_loopback != rows[i].is_loopback)))
            fail_msg("row %zu: %s", i, rows[i].text);
        buf_finish(&host);
    }
}

#define AT_THE_DOOR(f) cmocka_unit_test_setup_teardown(f, open_door, close_door)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_THE_DOOR(a_request_is_handed_over_when_its_head_is_complete),
        AT_THE_DOOR(what_comes_behind_the_head_is_handed_over_too),
        AT_THE_DOOR(half_open_ones_time_out_and_are_told),
        AT_THE_DOOR(a_head_without_end_is_refused),
        AT_THE_DOOR(those_who_hang_up_are_forgotten),
        AT_THE_DOOR(an_answer_is_sent_and_the_connection_ended),
        AT_THE_DOOR(without_room_they_wait_and_are_offered_again),
        AT_THE_DOOR(a_thousand_half_open_ones_keep_nobody_out),
        AT_THE_DOOR(a_dead_servers_socket_is_replaced_a_living_ones_is_not),
        AT_THE_DOOR(the_system_picks_a_port),
        cmocka_unit_test(addresses_are_taken_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
