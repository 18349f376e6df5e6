/* Who is let in, and what the others are told: requests to a real mootd, as data. */
#include "talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { SIGNED_OUT, GOOD, EXPIRED };

/* {"alg":"none","typ":"JWT"} and {"sub":"root","jti":"x","iat":1,"exp":9999999999} */
#define ALG_NONE                                                                               \
    "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0."                                                     \
    "eyJzdWIiOiJyb290IiwianRpIjoieCIsImlhdCI6MSwiZXhwIjo5OTk5OTk5OTk5fQ."
/* {"alg":"HS256","typ":"JWT"}, the same claims, signed with nothing */
#define UNSIGNED                                                                               \
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."                                                    \
    "eyJzdWIiOiJyb290IiwianRpIjoieCIsImlhdCI6MSwiZXhwIjo5OTk5OTk5OTk5fQ."

static const struct {
    const char *what;
    struct ws_dial dial; /* token and unix_path are filled in */
    int token;
    bool over_unix;
    int status;
    const char *says; /* in the body */
} rows[] = {
    {"a good token", .token = GOOD, .status = 101},
    {"the account of a Unix socket", .over_unix = true, .status = 101},
    {"a token over the Unix socket", .token = GOOD, .over_unix = true, .status = 101},
    {"no token", .status = 401, .says = "not_signed_in"},
    {"an expired token", .token = EXPIRED, .status = 401, .says = "token_expired"},
    {"words for a token", {.token = "let me in"}, .status = 401, .says = "not_signed_in"},
    {"dots for a token", {.token = "..."}, .status = 401, .says = "not_signed_in"},
    {"alg none", {.token = ALG_NONE}, .status = 401, .says = "not_signed_in"},
    {"no signature", {.token = UNSIGNED}, .status = 401, .says = "not_signed_in"},
    {"a bad token over the Unix socket", {.token = "x"}, .over_unix = true, .status = 401},
    {"an empty token", {.token = ""}, .status = 401},
    {"another scheme", {.extra_headers = "Authorization: Basic cm9vdDo=\r\n"}, .status = 401},
    {"two tokens",
     {.token = "a", .extra_headers = "Authorization: Bearer b\r\n"},
     .status = 400,
     .says = "twice"},
    {"another path", {.path = "/chat"}, GOOD, .status = 404, .says = "/ws"},
    {"no path", {.path = "/"}, GOOD, .status = 404},
    {"a path below", {.path = "/ws/x"}, GOOD, .status = 404},
    {"a query", {.path = "/ws?from=bookmark"}, GOOD, .status = 101},
    {"no subprotocol", {.protocol = ""}, GOOD, .status = 400, .says = "moot.v1"},
    {"another subprotocol", {.protocol = "moot.v2"}, GOOD, .status = 400, .says = "moot.v1"},
    {"ours among several", {.protocol = "chat, moot.v1, x"}, GOOD, .status = 101},
    {"its own origin", {.origin = "http://localhost"}, GOOD, .status = 101},
    {"a page of elsewhere",
     {.origin = "https://evil.example"},
     GOOD,
     .status = 403,
     .says = "origin"},
    {"a page of nowhere", {.origin = "null"}, GOOD, .status = 403},
    {"a page of elsewhere, by account",
     {.origin = "https://evil.example"},
     .over_unix = true,
     .status = 403},
    {"an allowed page", {.origin = "https://friend.example"}, GOOD, .status = 101},
    {"compression is not taken up",
     {.extra_headers =
          "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"},
     GOOD,
     .status = 101},
    {"a body",
     {.extra_headers = "Content-Length: 5\r\n", .tail = "hello"},
     GOOD,
     .status = 400},
    {"a header in two lines", {.extra_headers = "X: a\r\n b\r\n"}, GOOD, .status = 400},
};

static char *token_of(const struct server_rig *r, int kind)
{
    return kind == GOOD      ? talk_token(r, "ana", 3600)
           : kind == EXPIRED ? talk_token(r, "ana", -5)
                             : NULL;
}

static void only_who_may_is_let_in_and_the_rest_is_told_why(void **state)
{
    const struct server_rig *r = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct ws_client c;
        struct ws_dial d = rows[i].dial;
        char *token = token_of(r, rows[i].token);
        d.port = r->port;
        d.unix_path = rows[i].over_unix ? r->socket : NULL;
        d.token = token ? token : d.token;
        bool in = ws_open(&c, &d);
        if (c.status != rows[i].status || in != (rows[i].status == 101) ||
            (rows[i].says && !strstr(buf_cstr(&c.payload), rows[i].says)))
            fail_msg("%s: %d %s", rows[i].what, c.status, buf_cstr(&c.payload));
        if (token && strstr(buf_cstr(&c.payload), token))
            fail_msg("%s: the token is repeated", rows[i].what);
        ws_finish(&c);
        free(token);
    }
}

#define HOST "Host: x\r\n\r\n"

static const struct {
    const char *what, *request;
    int status;
    const char *says;
} requests[] = {
    {"health", "GET /healthz HTTP/1.1\r\n" HOST, 200, "ok\n"},
    {"figures", "GET /metrics HTTP/1.1\r\n" HOST, 200, "# TYPE moot_connections gauge\n"},
    {"a path to us without the upgrade", "GET /ws HTTP/1.1\r\n" HOST, 426, "WebSocket"},
    {"another path", "GET /index.html HTTP/1.1\r\n" HOST, 404, "not_found"},
    {"a POST", "POST /ws HTTP/1.1\r\n" HOST, 405, "GET"},
    {"HTTP/1.0", "GET /healthz HTTP/1.0\r\n\r\n", 400, "HTTP/1.1"},
    {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "malformed"},
    {"no Host", "GET /healthz HTTP/1.1\r\n\r\n", 400, "Host"},
    {"nothing", "\r\n\r\n", 400, "malformed"},
    {"bytes", "\x16\x03\x01\x02\r\n\r\n", 400, "malformed"},
    {"smuggling", "GET /healthz HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" HOST, 400, "body"},
    {"an upgrade to h2c",
     "GET /ws HTTP/1.1\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"
     "HTTP2-Settings: AAMAAABkAAQAAP__\r\n" HOST,
     426, "WebSocket"},
};

static void http_is_answered_in_plain_words(void **state)
{
    const struct server_rig *r = *state;
    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        struct ws_client c;
        assert_true(ws_connect(&c, &(struct ws_dial){.port = r->port}));
        assert_true(ws_send_raw(&c, str_of(requests[i].request)));
        if (!ws_read_http(&c) || c.status != requests[i].status ||
            !strstr(buf_cstr(&c.payload), requests[i].says))
            fail_msg("%s: %d %s", requests[i].what, c.status, buf_cstr(&c.payload));
        ws_finish(&c);
    }
}

static void a_head_without_end_is_refused(void **state)
{
    const struct server_rig *r = *state;
    struct ws_client c;
    struct buf b = {0};
    buf_add_str(&b, STR("GET /healthz HTTP/1.1\r\nX: "));
    for (int i = 0; i < 20000; i++)
        buf_add_c(&b, 'x');
    assert_true(ws_connect(&c, &(struct ws_dial){.port = r->port}));
    ws_send_raw(&c, buf_str(&b));
    assert_true(ws_read_http(&c));
    assert_int_equal(c.status, 431);
    ws_finish(&c);
    buf_finish(&b);
}

static void tokens_of_any_size_do_no_harm(void **state)
{
    const struct server_rig *r = *state;
    static const size_t sizes[] = {1, 100, 2047, 2048, 2049, 4000, 8000, 20000};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct ws_client c;
        struct buf token = {0};
        for (size_t n = 0; n < sizes[i]; n++)
            buf_add_c(&token, n % 50 == 49 ? '.' : 'e');
        assert_false(
            ws_open(&c, &(struct ws_dial){.port = r->port, .token = buf_cstr(&token)}));
        if (c.status != 401 && c.status != 431)
            fail_msg("%zu bytes: %d", sizes[i], c.status);
        ws_finish(&c);
        buf_finish(&token);
    }
}

static void what_is_sent_right_behind_the_request_is_heard(void **state)
{
    const struct server_rig *r = *state;
    /* a hello in a frame masked with zeros, 0x5b bytes long */
    static const char hello[] = "{\"type\":\"hello\",\"version\":1,\"client\":\"abcdefgh\","
                                "\"agent\":\"test 1\",\"rooms\":[]}";
    char tail[128] = "\x81\xcc\x01\x01\x01\x01";
    assert_int_equal(sizeof hello - 1, 0x4c);
    for (size_t i = 0; i < sizeof hello - 1; i++)
        tail[6 + i] = (char)(hello[i] ^ 1);
    struct ws_client c;
    assert_true(ws_open(&c, &(struct ws_dial){.unix_path = r->socket, .tail = tail}));
    assert_true(ws_await(&c, "\"welcome\"", NULL));
    ws_finish(&c);
}

static void a_revoked_token_is_refused_before_the_upgrade(void **state)
{
    const struct server_rig *r = *state;
    struct ws_client admin, c;
    char *token = NULL, id[64] = "", message[200];
    assert_true(talk_hello(r, &admin, NULL, "abcdefgh"));
    assert_true(
        talk_ask(&admin, "{\"type\":\"admin.user.set\",\"id\":1,\"user\":\"rex\"}", "\"ok\""));
    assert_true(talk_ask(&admin,
                         "{\"type\":\"admin.token\",\"id\":2,\"user\":\"rex\",\"ttl\":60}",
                         "\"type\":\"token\""));
    const char *at = strstr(buf_cstr(&admin.payload), "\"token\":\"");
    assert_non_null(at);
    at += strlen("\"token\":\"");
    token = str_dup((struct str){at, strcspn(at, "\"")});
    at = strstr(buf_cstr(&admin.payload), "\"token_id\":\"");
    assert_non_null(at);
    at += strlen("\"token_id\":\"");
    snprintf(id, sizeof id, "%.*s", (int)strcspn(at, "\""), at);

    assert_true(
        talk_hello(r, &c, &(struct ws_dial){.port = r->port, .token = token}, "rexrexrex"));
    snprintf(message, sizeof message,
             "{\"type\":\"admin.revoke\",\"id\":3,\"token_id\":\"%s\"}", id);
    assert_true(talk_ask(&admin, message, "\"ok\""));
    assert_true(ws_await_close(&c)); /* the open session ends too */
    ws_finish(&c);
    assert_false(ws_open(&c, &(struct ws_dial){.port = r->port, .token = token}));
    assert_int_equal(c.status, 403);
    assert_non_null(strstr(buf_cstr(&c.payload), "revoked"));
    ws_finish(&c);
    ws_finish(&admin);
    free(token);
}

static void the_secret_is_for_nobody_else(void **state)
{
    const struct server_rig *r = *state;
    char path[RIG_PATH_MAX + 16];
    struct stat st;
    snprintf(path, sizeof path, "%s/secret", r->data);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(stat(r->data, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
}

static int start(void **state)
{
    static struct server_rig r;
    *state = &r;
    if (!rig_init(&r))
        return -1;
    r.args[0] = "--origin";
    r.args[1] = "https://friend.example";
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
        cmocka_unit_test(only_who_may_is_let_in_and_the_rest_is_told_why),
        cmocka_unit_test(http_is_answered_in_plain_words),
        cmocka_unit_test(a_head_without_end_is_refused),
        cmocka_unit_test(tokens_of_any_size_do_no_harm),
        cmocka_unit_test(what_is_sent_right_behind_the_request_is_heard),
        cmocka_unit_test(a_revoked_token_is_refused_before_the_upgrade),
        cmocka_unit_test(the_secret_is_for_nobody_else),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
