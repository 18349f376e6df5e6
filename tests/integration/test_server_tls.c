/* mootd with a certificate: the same server through TLS. openssl s_client is the tunnel. */
#include "talk.h"
#include "wait.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct tunnel {
    pid_t pid;
    int fd; /* of the near end; whoever uses it closes it */
};

static void run_tunnel(int end, int port)
{
    char place[32];
    int null = open("/dev/null", O_WRONLY);
    snprintf(place, sizeof place, "127.0.0.1:%d", port);
    dup2(end, 0);
    dup2(end, 1);
    dup2(null, 2);
    execlp("openssl", "openssl", "s_client", "-quiet", "-alpn", "h2,http/1.1", "-connect",
           place, (char *)NULL);
    _exit(127);
}

static struct tunnel tunnel_to(const struct server_rig *r)
{
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    struct tunnel t = {.pid = fork(), .fd = ends[0]};
    if (t.pid == 0)
        run_tunnel(ends[1], r->port);
    close(ends[1]);
    return t;
}

static void tunnel_end(struct tunnel *t)
{
    kill(t->pid, SIGKILL);
    waitpid(t->pid, NULL, 0);
}

/* id: a new one each time. */
static void two_people_talk(const struct server_rig *r, int id)
{
    struct ws_client ana, ben;
    struct tunnel a = tunnel_to(r), b = tunnel_to(r);
    char *of_ana = talk_token(r, "ana", 60), *of_ben = talk_token(r, "ben", 60), post[100];
    assert_true(
        talk_hello(r, &ana, &(struct ws_dial){.fd = a.fd, .token = of_ana}, "anaanaana"));
    assert_true(
        talk_hello(r, &ben, &(struct ws_dial){.fd = b.fd, .token = of_ben}, "benbenben"));
    snprintf(post, sizeof post,
             "{\"type\":\"message.post\",\"room\":\"#lobby\",\"id\":%d,\"text\":\"hi\"}", id);
    assert_true(talk_ask(&ana, post, "\"ok\""));
    assert_true(ws_await(&ben, "\"text\":\"hi\"", NULL));
    ws_finish(&ana);
    ws_finish(&ben);
    tunnel_end(&a);
    tunnel_end(&b);
    free(of_ana);
    free(of_ben);
}

static void people_talk_through_tls(void **state)
{
    two_people_talk(*state, 1);
}

/* Several records each way, larger than any buffer of the handshake. */
static void long_messages_pass(void **state)
{
    const struct server_rig *r = *state;
    struct ws_client c;
    struct tunnel t = tunnel_to(r);
    struct buf b = {0};
    char *token = talk_token(r, "ana", 60);
    assert_true(
        talk_hello(r, &c, &(struct ws_dial){.fd = t.fd, .token = token}, "longlonglong"));
    for (int i = 1; i <= 40; i++) {
        char re[32];
        buf_clear(&b);
        buf_fmt(&b, "{\"type\":\"message.post\",\"room\":\"#lobby\",\"id\":%d,\"text\":\"", i);
        for (int n = 0; n < 15000; n++)
            buf_add_c(&b, 'x');
        buf_add_str(&b, STR("\"}"));
        snprintf(re, sizeof re, "\"re\":%d,", i);
        assert_true(ws_send_text(&c, buf_str(&b)));
        if (i % 10 == 0)
            assert_true(ws_await(&c, re, NULL));
    }
    assert_true(talk_ask(
        &c,
        "{\"type\":\"history\",\"room\":\"#lobby\",\"id\":99,\"before\":1000000,\"limit\":30}",
        "\"history.page\""));
    assert_true(c.payload.n > 15 * 15000); /* far more than one record of TLS */
    buf_finish(&b);
    ws_finish(&c);
    tunnel_end(&t);
    free(token);
}

static void the_gate_is_the_same(void **state)
{
    static const struct {
        struct ws_dial dial;
        bool signed_in;
        int status;
        const char *says;
    } rows[] = {
        {{0}, false, 401, "not_signed_in"},
        {{.token = "nonsense"}, false, 401, "not_signed_in"},
        {{.path = "/elsewhere"}, true, 404, "not_found"},
        {{.origin = "https://evil.example"}, true, 403, "forbidden"},
        {{.origin = "https://localhost"}, true, 101, NULL},
        {{.extra_headers = "Sec-WebSocket-Extensions: permessage-deflate\r\n"},
         true,
         101,
         NULL},
    };
    const struct server_rig *r = *state;
    char *token = talk_token(r, "ana", 60);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct ws_client c;
        struct ws_dial d = rows[i].dial;
        struct tunnel t = tunnel_to(r);
        d.fd = t.fd;
        d.token = rows[i].signed_in ? token : d.token;
        ws_open(&c, &d);
        if (c.status != rows[i].status ||
            (rows[i].says && !strstr(buf_cstr(&c.payload), rows[i].says)))
            fail_msg("row %zu: %d %s", i, c.status, buf_cstr(&c.payload));
        ws_finish(&c);
        tunnel_end(&t);
    }
    free(token);
}

static void health_is_told_through_tls_too(void **state)
{
    const struct server_rig *r = *state;
    struct ws_client c;
    struct tunnel t = tunnel_to(r);
    assert_true(ws_connect(&c, &(struct ws_dial){.fd = t.fd}));
    assert_true(ws_send_raw(&c, STR("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")));
    assert_true(ws_read_http(&c));
    assert_int_equal(c.status, 200);
    assert_string_equal(buf_cstr(&c.payload), "ok\n");
    ws_finish(&c);
    tunnel_end(&t);
}

/* None is read in part: a key that was cut off would not keep a retry from being posted twice.
 */
static void a_header_that_is_too_long_is_refused(void **state)
{
    static const struct {
        const char *start, *header;
        int n, status;
    } rows[] = {
        {"POST /hooks/nobody", "Idempotency-Key", 40, 404},
        {"POST /hooks/nobody", "Idempotency-Key", 600, 431},
        {"POST /hooks/nobody", "Content-Type", 300, 431},
        {"POST /hooks/nobody", "Webhook-Id", 300, 431},
        {"GET /healthz", "X-Other", 1000, 200},
        {"GET /healthz", "Host", 300, 431},
    };
    const struct server_rig *r = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct ws_client c;
        struct buf request = {0};
        struct tunnel t = tunnel_to(r);
        buf_fmt(&request, "%s HTTP/1.1\r\n%s: %0*d\r\n\r\n", rows[i].start, rows[i].header,
                rows[i].n, 1);
        assert_true(ws_connect(&c, &(struct ws_dial){.fd = t.fd}));
        assert_true(ws_send_raw(&c, buf_str(&request)) && ws_read_http(&c));
        if (c.status != rows[i].status ||
            (c.status == 431 && !strstr(buf_cstr(&c.payload), "too_large: ")))
            fail_msg("row %zu: %d %s", i, c.status, buf_cstr(&c.payload));
        ws_finish(&c);
        tunnel_end(&t);
        buf_finish(&request);
    }
}

static void what_is_no_tls_is_hung_up_on(void **state)
{
    static const char *const bytes[] = {"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
                                        "\xff\xff\xff\xff\xff\xff\xff\xff"};
    const struct server_rig *r = *state;
    for (size_t i = 0; i < COUNT_OF(bytes); i++) {
        struct ws_client c;
        assert_true(ws_connect(&c, &(struct ws_dial){.port = r->port}));
        assert_true(ws_send_raw(&c, str_of(bytes[i])));
        assert_true(ws_await_close(&c));
        ws_finish(&c);
    }
}

static void silent_ones_keep_nobody_out(void **state)
{
    const struct server_rig *r = *state;
    static struct ws_client half[300];
    for (size_t i = 0; i < COUNT_OF(half); i++) {
        assert_true(ws_connect(&half[i], &(struct ws_dial){.port = r->port}));
        if (i % 3 == 0) /* a third begin the handshake, and stop */
            assert_true(ws_send_raw(&half[i], (struct str){"\x16\x03\x01\x02\x00\x01", 6}));
    }
    struct ws_client c;
    struct tunnel t = tunnel_to(r);
    char *token = talk_token(r, "ana", 60);
    assert_true(talk_hello(
        r, &c, &(struct ws_dial){.fd = t.fd, .token = token, .timeout_ms = SOON}, "abcdefgh"));
    ws_finish(&c);
    tunnel_end(&t);
    for (size_t i = 0; i < COUNT_OF(half); i++)
        ws_finish(&half[i]);
    free(token);
}

static bool make_certificate(struct server_rig *r, char *cert, char *key, size_t n)
{
    struct run out = {0};
    snprintf(cert, n, "%s/cert.pem", r->dir);
    snprintf(key, n, "%s/key.pem", r->dir);
    const char *const argv[] = {"/usr/bin/openssl",
                                "req",
                                "-x509",
                                "-newkey",
                                "ec",
                                "-pkeyopt",
                                "ec_paramgen_curve:prime256v1",
                                "-nodes",
                                "-subj",
                                "/CN=localhost",
                                "-days",
                                "2",
                                "-keyout",
                                key,
                                "-out",
                                cert,
                                NULL};
    bool ok = run_program(&out, argv, r->env.v, NULL, SOON) && out.status == 0;
    if (!ok)
        fprintf(stderr, "openssl req: %s\n", out.err);
    run_finish(&out);
    return ok;
}

static void a_new_certificate_is_taken_up_on_hangup(void **state)
{
    struct server_rig *r = *state;
    char cert[RIG_PATH_MAX], key[RIG_PATH_MAX];
    assert_true(make_certificate(r, cert, key, sizeof cert));
    assert_int_equal(kill(r->pid, SIGHUP), 0);
    two_people_talk(r, 2);
}

static int start(void **state)
{
    static struct server_rig r;
    static char cert[RIG_PATH_MAX], key[RIG_PATH_MAX];
    *state = &r;
    if (!rig_init(&r) || !make_certificate(&r, cert, key, sizeof cert))
        return -1;
    r.args[0] = "--cert";
    r.args[1] = cert;
    r.args[2] = "--key";
    r.args[3] = key;
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
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_talk_through_tls),
        cmocka_unit_test(long_messages_pass),
        cmocka_unit_test(the_gate_is_the_same),
        cmocka_unit_test(health_is_told_through_tls_too),
        cmocka_unit_test(a_header_that_is_too_long_is_refused),
        cmocka_unit_test(what_is_no_tls_is_hung_up_on),
        cmocka_unit_test(silent_ones_keep_nobody_out),
        cmocka_unit_test(a_new_certificate_is_taken_up_on_hangup),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
