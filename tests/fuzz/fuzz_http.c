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
    if (head && http_upgrade_fault(&r, &e) == 0)
        check_upgrade(&r);
    return 0;
}
