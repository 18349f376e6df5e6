#include "http.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define GOOD                                                                                   \
    "GET /ws?x=1 HTTP/1.1\r\nHost: h:1\r\nUPGRADE: WebSocket\r\n"                              \
    "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"                         \
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: x, moot.v1\r\n"

static bool parse(const char *head, struct http_request *r, struct err *e)
{
    struct str s = str_of(head);
    assert_int_equal(http_head_length(s), s.n);
    return http_parse(s, r, e);
}

static void a_good_request_is_taken_apart(void **state)
{
    (void)state;
    struct http_request r;
    struct err e = {0};
    assert_true(parse(GOOD "Authorization: bearer  abc.def \r\n\r\n", &r, &e));
    assert_true(str_is(r.method, "GET"));
    assert_true(str_is(r.path, "/ws"));
    assert_true(str_is(r.host, "h:1"));
    assert_true(str_is(http_bearer(r.authorization), "abc.def"));
    assert_null(r.origin.p);
    assert_int_equal(http_upgrade_fault(&r, &e), 0);
}

static void a_head_is_known_by_its_empty_line(void **state)
{
    (void)state;
    static const char bytes[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\nmore";
    for (size_t n = 0; n < sizeof bytes; n++)
        assert_int_equal(http_head_length((struct str){bytes, n}), n < 27 ? 0 : 27);
}

static void what_is_not_clean_http_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "\r\n\r\n",
        "GET\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1 \r\nHost: x\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET http://x/ws HTTP/1.1\r\nHost: x\r\n\r\n",
        "G\x01T / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /\x7f HTTP/1.1\r\nHost: x\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",                          /* no host */
        "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",    /* two */
        "GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",   /* */
        "GET / HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n", /* obsolete folding */
        "GET / HTTP/1.1\r\nHost: x\r\nName : y\r\n\r\n",   /* space before the colon */
        "GET / HTTP/1.1\r\nHost: x\r\nA: b\nC: d\r\n\r\n", /* a lone newline */
        "GET / HTTP/1.1\r\nHost: x\r\n: empty\r\n\r\n",    /* no name */
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_request r;
        struct err e = {0};
        if (parse(rows[i], &r, &e) || e.code != ERR_MALFORMED)
            fail_msg("row %zu: %s", i, rows[i]);
    }
}

static void too_many_headers_are_refused(void **state)
{
    (void)state;
    struct http_request r;
    struct buf b = {0};
    buf_add_str(&b, STR("GET / HTTP/1.1\r\nHost: x\r\n"));
    for (int i = 1; i < HTTP_HEADERS_MAX; i++)
        buf_fmt(&b, "X-%d: y\r\n", i);
    struct buf more = {0};
    buf_add_str(&more, buf_str(&b));
    buf_add_str(&b, STR("\r\n"));
    assert_true(http_parse(buf_str(&b), &r, NULL));
    buf_add_str(&more, STR("One: more\r\n\r\n"));
    assert_false(http_parse(buf_str(&more), &r, NULL));
    buf_finish(&b);
    buf_finish(&more);
}

static void each_part_of_the_upgrade_is_needed(void **state)
{
    (void)state;
    static const struct {
        const char *cut, *put;
        int status;
    } rows[] = {
        {"WebSocket\r\n", "h2c\r\n", 426},
        {"keep-alive, Upgrade", "keep-alive", 426},
        {"Version: 13", "Version: 8", 426},
        {"Version: 13", "Version: 013", 426},
        {"moot.v1", "moot.v2", 400},
        {"x, moot.v1", "", 400},
        {"dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ", 400},
        {"dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub2!jZQ==", 400},
        {"dGhlIHNhbXBsZSBub25jZQ==", "", 400},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        static const char good[] = GOOD "\r\n";
        const char *at = strstr(good, rows[i].cut);
        struct http_request r;
        struct err e = {0};
        struct buf b = {0};
        assert_non_null(at);
        buf_fmt(&b, "%.*s%s%s", (int)(at - good), good, rows[i].put, at + strlen(rows[i].cut));
        assert_true(http_parse(buf_str(&b), &r, &e));
        if (http_upgrade_fault(&r, &e) != rows[i].status || !e.text[0])
            fail_msg("row %zu: %s", i, buf_cstr(&b));
        buf_finish(&b);
    }
}

static void origins_must_be_ours_or_allowed(void **state)
{
    (void)state;
    static const struct {
        const char *origin, *host, *allowed;
        bool fits;
    } rows[] = {
        {"https://h:1", "h:1", "", true},
        {"http://H:1", "h:1", "", true},
        {"https://h:2", "h:1", "", false},
        {"https://h", "h:1", "", false},
        {"https://evil.org", "h:1", "", false},
        {"https://h:1.evil.org", "h:1", "", false},
        {"null", "h:1", "", false},
        {"", "", "", false},
        {"://", "", "", false},
        {"https://a.org", "h:1", "https://b.org, https://A.org", true},
        {"https://a.org", "h:1", "https://a.org.evil, a.org", false},
        {"anything", "h:1", "*", true},
        {"", "h:1", ",", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (http_origin_fits(str_of(rows[i].origin), str_of(rows[i].host),
                             str_of(rows[i].allowed)) != rows[i].fits)
            fail_msg("row %zu: %s", i, rows[i].origin);
}

static void only_bearer_gives_a_token(void **state)
{
    (void)state;
    assert_true(str_is(http_bearer(STR("Bearer x.y")), "x.y"));
    assert_int_equal(http_bearer(STR("Basic x.y")).n, 0);
    assert_int_equal(http_bearer(STR("Bearer")).n, 0);
    assert_int_equal(http_bearer(STR("")).n, 0);
    assert_int_equal(http_bearer((struct str){0}).n, 0);
}

static void an_answer_is_complete(void **state)
{
    (void)state;
    struct buf b = {0};
    http_answer(&b, 401, STR("why\n"));
    const char *text = buf_cstr(&b);
    assert_int_equal(strncmp(text, "HTTP/1.1 401 Unauthorized\r\n", 27), 0);
    assert_non_null(strstr(text, "\r\nContent-Length: 4\r\n"));
    assert_non_null(strstr(text, "\r\nWWW-Authenticate: Bearer\r\n"));
    assert_non_null(strstr(text, "\r\nConnection: close\r\n\r\nwhy\n"));
    assert_null(strstr(text, "Moot-Error"));
    buf_finish(&b);
}

static void a_refusal_says_why_in_a_header_too(void **state)
{
    (void)state;
    struct buf b = {0};
    http_answer(&b, 401, STR("token_expired: The token has expired.\n"));
    assert_non_null(
        strstr(buf_cstr(&b), "\r\nMoot-Error: token_expired The token has expired.\r\n"));
    buf_finish(&b);
}

static void the_plain_upgrade_is_an_upgrade(void **state)
{
    (void)state;
    struct http_request r, again;
    struct err e = {0};
    struct buf b = {0};
    assert_true(
        parse(GOOD "Sec-WebSocket-Extensions: permessage-deflate\r\nX: y\r\n\r\n", &r, &e));
    http_plain_upgrade(&b, &r);
    assert_true(http_parse(buf_str(&b), &again, &e));
    assert_int_equal(http_upgrade_fault(&again, &e), 0);
    assert_true(str_eq(again.key, r.key));
    assert_null(strstr(buf_cstr(&b), "deflate"));
    buf_finish(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_request_is_taken_apart),
        cmocka_unit_test(a_head_is_known_by_its_empty_line),
        cmocka_unit_test(what_is_not_clean_http_is_refused),
        cmocka_unit_test(too_many_headers_are_refused),
        cmocka_unit_test(each_part_of_the_upgrade_is_needed),
        cmocka_unit_test(origins_must_be_ours_or_allowed),
        cmocka_unit_test(only_bearer_gives_a_token),
        cmocka_unit_test(an_answer_is_complete),
        cmocka_unit_test(a_refusal_says_why_in_a_header_too),
        cmocka_unit_test(the_plain_upgrade_is_an_upgrade),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
