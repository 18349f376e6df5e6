#include "http.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define POST "POST /hooks/abc?task=4 HTTP/1.1\r\nHost: x\r\n"
#define CHUNKED POST "Transfer-Encoding: Chunked\r\n\r\n"

enum { MOST = 16 };

static const struct {
    const char *what, *request;
    enum http_body state;
    const char *body; /* or of the error */
} rows[] = {
    {"a length", POST "Content-Length: 5\r\n\r\nhello", BODY_WHOLE, "hello"},
    {"nothing", POST "\r\n", BODY_WHOLE, ""},
    {"what stands behind", POST "Content-Length: 2\r\n\r\nhello", BODY_WHOLE, "he"},
    {"too little", POST "Content-Length: 5\r\n\r\nhell", BODY_MORE, NULL},
    {"the bound", POST "Content-Length: 16\r\n\r\n0123456789abcdef", BODY_WHOLE,
     "0123456789abcdef"},
    {"over the bound, before it comes", POST "Content-Length: 17\r\n\r\n", BODY_BAD,
     "at most 16"},
    {"far over it", POST "Content-Length: 9007199254740991\r\n\r\n", BODY_BAD, "at most 16"},
    {"chunks", CHUNKED "5\r\nhello\r\n1\r\n \r\n3\r\nyou\r\n0\r\n\r\nGET", BODY_WHOLE,
     "hello you"},
    {"hexadecimal", CHUNKED "A\r\n0123456789\r\n0\r\n\r\n", BODY_WHOLE, "0123456789"},
    {"an extension", CHUNKED "2;x=y\r\nhi\r\n000\r\n\r\n", BODY_WHOLE, "hi"},
    {"a trailer", CHUNKED "2\r\nhi\r\n0\r\nX: y\r\n\r\n", BODY_WHOLE, "hi"},
    {"no last chunk", CHUNKED "2\r\nhi\r\n", BODY_MORE, NULL},
    {"no end of the trailers", CHUNKED "2\r\nhi\r\n0\r\n", BODY_MORE, NULL},
    {"half a chunk", CHUNKED "5\r\nhel", BODY_MORE, NULL},
    {"no size", CHUNKED "\r\nhi", BODY_BAD, "chunks"},
    {"a size that is none", CHUNKED "2x\r\nhi\r\n", BODY_BAD, "chunks"},
    {"a negative one", CHUNKED "-2\r\nhi\r\n", BODY_BAD, "chunks"},
    {"a chunk longer than it says", CHUNKED "2\r\nhello\r\n", BODY_BAD, "chunks"},
    {"chunks over the bound", CHUNKED "9\r\n012345678\r\n8\r\n", BODY_BAD, "at most 16"},
    {"a size over all numbers", CHUNKED "fffffffffffffffffffff\r\n", BODY_BAD, "at most 16"},
    {"more wrapping than body",
     CHUNKED "1;xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\na\r\n",
     BODY_BAD, "at most 16"},
};

/* The same answer however the bytes came: what is there in part is never taken for a whole. */
static void a_body_is_read_by_its_length_or_in_chunks(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str s = str_of(rows[i].request);
        struct http_request r;
        struct err e = {0};
        struct buf out = {0};
        size_t head = http_head_length(s);
        assert_true(http_parse((struct str){s.p, head}, &r, &e));
        enum http_body got = BODY_MORE;
        for (size_t n = head; n <= s.n && got == BODY_MORE; n++)
            got = http_body_read(&r, (struct str){s.p + head, n - head}, MOST, &out, &e);
        if (got != rows[i].state)
            fail_msg("%s: %d %s", rows[i].what, got, e.text);
        const char *says = got == BODY_BAD ? e.text : buf_cstr(&out);
        if (rows[i].body &&
            (got == BODY_BAD ? !strstr(says, rows[i].body) : strcmp(says, rows[i].body) != 0))
            fail_msg("%s: %s", rows[i].what, says);
        buf_finish(&out);
    }
}

static void a_request_to_a_hook_says_what_it_carries(void **state)
{
    (void)state;
    struct http_request r;
    assert_true(http_parse(STR(POST "Content-Type: text/plain\r\nIdempotency-Key: k\r\n"
                                    "Expect: 100-continue\r\n\r\n"),
                           &r, NULL));
    assert_true(str_is(http_hook_token(&r), "abc"));
    assert_true(str_is(r.query, "task=4"));
    assert_true(str_is(r.content_type, "text/plain"));
    assert_true(str_is(r.idempotency_key, "k"));
    assert_true(str_is(r.expect, "100-continue"));
    assert_true(http_parse(STR("GET /hooks HTTP/1.1\r\nHost: x\r\n\r\n"), &r, NULL));
    assert_null(http_hook_token(&r).p);
}

static void an_end_that_is_not_clear_is_refused(void **state)
{
    (void)state;
    static const char *const heads[] = {
        POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        POST "Content-Length: 5\r\nContent-Length: 5\r\n\r\n",
        POST "Content-Length: 5, 5\r\n\r\n",
        POST "Content-Length: -1\r\n\r\n",
        POST "Content-Length: +5\r\n\r\n",
        POST "Content-Length: 0x5\r\n\r\n",
        POST "Content-Length: 99999999999999999999\r\n\r\n",
        POST "Content-Length:\r\n\r\n",
        POST "Transfer-Encoding: gzip, chunked\r\n\r\n",
        POST "Transfer-Encoding: chunked, identity\r\n\r\n",
        "POST /ws HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n",
        "GET /hooks/abc HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n",
    };
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        struct http_request r;
        struct err e = {0};
        if (http_parse(str_of(heads[i]), &r, &e) || e.code != ERR_MALFORMED)
            fail_msg("row %zu: %s", i, heads[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_is_read_by_its_length_or_in_chunks),
        cmocka_unit_test(a_request_to_a_hook_says_what_it_carries),
        cmocka_unit_test(an_end_that_is_not_clear_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
