/* Any bytes as the head of a request. What parses as an upgrade can be said plainly, and that
 * parses to the same upgrade. */
#include "fuzz.h"
#include "http.h"

static void check_upgrade(const struct http_request *r)
{
    struct http_request again;
    struct err e = {0};
    struct buf plain = {0};
    http_plain_upgrade(&plain, r);
    bug_on(http_head_length(buf_str(&plain)) != plain.n);
    bug_on(!http_parse(buf_str(&plain), &again, &e));
    bug_on(http_upgrade_fault(&again, &e) != 0 || !str_eq(again.key, r->key));
    buf_finish(&plain);
}

/* What stands behind the head as a body: never more than the bound, and what was whole is so
 * with more behind it. */
static void check_body(const struct http_request *r, struct str bytes)
{
    enum { MOST = 64 };
    struct err e = {0};
    struct buf out = {0}, again = {0};
    enum http_body state = http_body_read(r, bytes, MOST, &out, &e);
    bug_on(out.n > MOST || (state == BODY_BAD && !e.text[0]));
    for (size_t n = 0; n < bytes.n && state == BODY_WHOLE; n++) {
        enum http_body part = http_body_read(r, (struct str){bytes.p, n}, MOST, &again, &e);
        bug_on(part == BODY_BAD);
        bug_on(part == BODY_WHOLE && !str_eq(buf_str(&out), buf_str(&again)));
    }
    buf_finish(&out);
    buf_finish(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str bytes = {(const char *)data, n};
    struct http_request r;
    struct err e = {0};
    size_t head = http_head_length(bytes);
    bug_on(head > n);
    if (!http_parse((struct str){bytes.p, head ? head : n}, &r, &e)) {
        bug_on(e.code == ERR_NONE || !e.text[0]);
        return 0;
    }
    bug_on(!r.host.n || !r.path.n);
    bug_on(http_bearer(r.authorization).n > r.authorization.n);
    http_origin_fits(r.origin, r.host, r.protocols);
    if (head)
        check_body(&r, (struct str){bytes.p + head, n - head});
    if (head && http_upgrade_fault(&r, &e) == 0)
        check_upgrade(&r);
    return 0;
}
