#include "client_net.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { DEADLINE_MS = 10000 };

struct fixture {
    struct net *net;
    struct link *link;
    char dir[40], path[60];
    pid_t server;
    bool opened, lost;
    struct err why;
    int readable, pipe[2];
};

static void on_opened(void *arg)
{
    struct fixture *f = arg;
    f->opened = true;
}

static void on_frame(void *arg, struct str bytes)
{
    (void)arg, (void)bytes;
}

static void on_lost(void *arg, const struct err *why)
{
    struct fixture *f = arg;
    f->lost = true;
    f->why = *why;
}

static int set_up(void **state)
{
    struct fixture *f = NEW(struct fixture);
    snprintf(f->dir, sizeof f->dir, "%s", "/tmp/moot-net-XXXXXX");
    f->net = net_new();
    f->link = link_new(f->net, (struct link_listener){on_opened, on_frame, on_lost, f});
    *state = f;
    bool ok = mkdtemp(f->dir) && pipe(f->pipe) == 0;
    snprintf(f->path, sizeof f->path, "%s/s", f->dir);
    return ok ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    link_free(f->link);
    net_free(f->net);
    if (f->server) {
        kill(f->server, SIGKILL);
        waitpid(f->server, NULL, 0);
    }
    unlink(f->path);
    rmdir(f->dir);
    close(f->pipe[0]);
    close(f->pipe[1]);
    free(f);
    return 0;
}

/* Takes one connection, reads until the empty line, answers, closes. */
static void serve(int listener, const char *answer)
{
    char head[8192];
    size_t n = 0;
    int fd = accept(listener, NULL, NULL);
    while (fd >= 0 && n < sizeof head - 1) {
        ssize_t got = read(fd, head + n, sizeof head - 1 - n);
        if (got <= 0)
            break;
        n += (size_t)got;
        head[n] = '\0';
        if (strstr(head, "\r\n\r\n"))
            break;
    }
    if (write(fd, answer, strlen(answer)) < 0)
        _exit(1);
    _exit(0);
}

static void listen_with(struct fixture *f, const char *answer)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(at.sun_path, sizeof at.sun_path, "%s", f->path);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 1), 0);
    f->server = fork();
    if (f->server == 0)
        serve(fd, answer);
    close(fd);
}

static void connect_to(struct fixture *f, const char *url, const char *token)
{
    struct url u;
    assert_true(url_parse(str_of(url), &u, NULL));
    link_connect(f->link, &u, str_of(token), NULL);
    assert_false(f->lost); /* told in a turn, never before */
}

static void until_lost(struct fixture *f)
{
    int64_t deadline = net_now(f->net) + DEADLINE_MS;
    while (!f->lost && net_now(f->net) < deadline)
        net_turn(f->net, deadline);
    assert_true(f->lost);
    assert_false(f->opened);
}

static void connect_to_socket(struct fixture *f)
{
    char url[80];
    snprintf(url, sizeof url, "unix:%s", f->path);
    connect_to(f, url, "");
}

static void the_servers_words_are_passed_on(void **state)
{
    struct fixture *f = *state;
    listen_with(f, "HTTP/1.1 401 Unauthorized\r\nMoot-Error: token_expired Get a new one.\r\n"
                   "Content-Length: 2\r\nConnection: close\r\n\r\nno");
    connect_to_socket(f);
    until_lost(f);
    assert_int_equal(f->why.code, ERR_TOKEN_EXPIRED);
    assert_string_equal(f->why.text, "Get a new one.");
}

static void a_status_without_words_is_understood(void **state)
{
    static const struct {
        const char *line;
        enum err_code code;
    } rows[] = {{"401 Unauthorized", ERR_NOT_SIGNED_IN},
                {"403 Forbidden", ERR_FORBIDDEN},
                {"429 Too Many Requests", ERR_RATE},
                {"503 Service Unavailable", ERR_CLOSING},
                {"404 Not Found", ERR_UNREACHABLE}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture *f;
        char answer[120];
        assert_int_equal(set_up((void **)&f), 0);
        snprintf(answer, sizeof answer,
                 "HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", rows[i].line);
        listen_with(f, answer);
        connect_to_socket(f);
        until_lost(f);
        if (f->why.code != rows[i].code)
            fail_msg("%s: %s", rows[i].line, f->why.text);
        tear_down((void **)&f);
    }
    (void)state;
}

static void what_speaks_no_http_is_unreachable(void **state)
{
    struct fixture *f = *state;
    listen_with(f, "SSH-2.0-OpenSSH_9.2\r\n\r\n");
    connect_to_socket(f);
    until_lost(f);
    assert_int_equal(f->why.code, ERR_UNREACHABLE);
}

static void a_missing_socket_is_named(void **state)
{
    struct fixture *f = *state;
    connect_to_socket(f);
    until_lost(f);
    assert_int_equal(f->why.code, ERR_UNREACHABLE);
    assert_non_null(strstr(f->why.text, f->path));
}

static void a_closed_port_is_unreachable(void **state)
{
    struct fixture *f = *state;
    connect_to(f, "ws://127.0.0.1:1", "token");
    until_lost(f);
    assert_int_equal(f->why.code, ERR_UNREACHABLE);
    assert_non_null(strstr(f->why.text, "127.0.0.1:1"));
}

static void a_name_is_looked_up_beside_the_loop(void **state)
{
    struct fixture *f = *state;
    connect_to(f, "ws://localhost:1", "token");
    until_lost(f);
    assert_int_equal(f->why.code, ERR_UNREACHABLE);
    f->lost = false;
    connect_to(f, "ws://localhost:1", "token"); /* and given up again */
    link_close(f->link);
}

static void a_token_does_not_leave_unencrypted(void **state)
{
    struct fixture *f = *state;
    connect_to(f, "ws://192.0.2.1", "secret");
    until_lost(f);
    assert_int_equal(f->why.code, ERR_FORBIDDEN);
    assert_null(strstr(f->why.text, "secret"));
}

static void on_readable(void *arg)
{
    struct fixture *f = arg;
    char byte;
    assert_int_equal(read(f->pipe[0], &byte, 1), 1);
    f->readable++;
}

static void a_watched_descriptor_wakes_the_loop(void **state)
{
    struct fixture *f = *state;
    int64_t deadline = net_now(f->net) + DEADLINE_MS;
    assert_true(net_watch(f->net, f->pipe[0], on_readable, f, NULL));
    assert_int_equal(write(f->pipe[1], "x", 1), 1);
    net_turn(f->net, deadline); /* before there is anything of lws */
    assert_int_equal(f->readable, 1);
    connect_to_socket(f);
    until_lost(f);
    assert_int_equal(write(f->pipe[1], "x", 1), 1);
    while (f->readable < 2 && net_now(f->net) < deadline)
        net_turn(f->net, deadline);
    assert_int_equal(f->readable, 2);
    net_unwatch(f->net, f->pipe[0]);
    assert_int_equal(write(f->pipe[1], "x", 1), 1);
    net_turn(f->net, 0);
    assert_int_equal(f->readable, 2);
}

static void a_turn_ends_when_its_time_has_come(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 2; i++) { /* without lws, then with it */
        int64_t start = net_now(f->net);
        net_turn(f->net, start + 30);
        while (net_now(f->net) < start + 30)
            net_turn(f->net, start + 30);
        assert_true(net_now(f->net) - start < 5000);
        connect_to_socket(f);
        until_lost(f);
        f->lost = false;
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_servers_words_are_passed_on),    TEST(a_status_without_words_is_understood),
        TEST(what_speaks_no_http_is_unreachable), TEST(a_missing_socket_is_named),
        TEST(a_closed_port_is_unreachable),       TEST(a_name_is_looked_up_beside_the_loop),
        TEST(a_token_does_not_leave_unencrypted), TEST(a_watched_descriptor_wakes_the_loop),
        TEST(a_turn_ends_when_its_time_has_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
