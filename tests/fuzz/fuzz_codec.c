/* Any bytes as a frame, from either side. What decodes passes the check, and comes back equal
 * when it is written and read again. */
#include "codec.h"
#include "fuzz.h"
#include "json_check.h"

static void check_message(const struct msg *m, enum msg_side from)
{
    struct arena a = {0};
    struct buf first = {0}, again = {0};
    struct msg_list list;
    struct err e = {0};
    int64_t re;
    bug_on(!msg_check(m, from, &e));
    codec_encode(&first, m);
    /* 1e9 grows when it is written out, so the rare frame comes out too large. */
    bool good = codec_decode(buf_str(&first), from, &a, &list, &re, &e);
    bug_on(!good && e.code != ERR_TOO_LARGE);
    if (good) {
        bug_on(list.n != 1);
        codec_encode(&again, &list.v[0]);
        bug_on(!str_eq(buf_str(&first), buf_str(&again)));
    }
    buf_finish(&first);
    buf_finish(&again);
    arena_finish(&a);
}

static void check_frame(struct str frame, enum msg_side from)
{
    struct arena a = {0};
    struct msg_list list;
    struct err e = {0};
    int64_t re;
    if (codec_decode(frame, from, &a, &list, &re, &e)) {
        for (size_t i = 0; i < list.n; i++)
            check_message(&list.v[i], from);
    } else {
        bug_on(e.code == ERR_NONE || !str_follows(str_of(e.text), RULE_LINE));
        bug_on(list.n != 0 || re < 0);
    }
    arena_finish(&a);
}

static void check_quote(struct str s)
{
    struct buf b = {0};
    struct err e = {0};
    codec_quote(&b, s);
    bug_on(!str_has(s, '\0') && !json_check(buf_str(&b), &e));
    buf_finish(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str frame = {(const char *)data, size};
    check_frame(frame, FROM_CLIENT);
    check_frame(frame, FROM_SERVER);
    check_quote(frame);
    return 0;
}
