#include "bounds.h"
#include "retention.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void what_is_typed_is_read_and_said(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        struct retention want;
        const char *words, *again;
    } rows[] = {
        {"90d", {.age = 90 * 86400}, "90 days", "90d"},
        {"1d", {.age = 86400}, "1 day", "1d"},
        {"24h", {.age = 86400}, "1 day", "1d"},
        {"36h", {.age = 36 * 3600}, "36 hours", "36h"},
        {"90m", {.age = 5400}, "90 minutes", "90m"},
        {"1h", {.age = 3600}, "1 hour", "1h"},
        {"3650d", {.age = RETENTION_AGE_MAX}, "3650 days", "3650d"},
        {"100", {.count = 100}, "the newest 100 messages", "100"},
        {"1000000", {.count = 1000000}, "the newest 1000000 messages", "1000000"},
        {"off", {0}, "everything", "off"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct retention k;
        struct err e;
        char out[RETENTION_WORDS_MAX];
        if (!retention_read(str_of(rows[i].word), &k, &e) || !retention_is(k, rows[i].want))
            fail_msg("%s is not read", rows[i].word);
        retention_words(k, out);
        assert_string_equal(out, rows[i].words);
        retention_word(k, out);
        assert_string_equal(out, rows[i].again);
    }
}

static void what_no_room_may_have_is_refused_with_what_it_may(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "0",   "0d",   "-5",    "-1d",      "99",     "1000001",
        "59m", "1s",   "3651d", "9999999d", "1500ms", "",
        "d",   "90 d", "x",     "90D",      "1e3",    "99999999999999999999d"};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct retention k;
        struct err e = {0};
        if (retention_read(str_of(rows[i]), &k, &e))
            fail_msg("%s is read", rows[i]);
        assert_non_null(e.text);
        assert_true(e.text[0]);
    }
    struct err e;
    assert_false(retention_check((struct retention){3600, 100}, &e));
    assert_false(retention_check((struct retention){3599, 0}, &e));
    assert_false(retention_check((struct retention){0, 99}, &e));
    assert_false(retention_check((struct retention){-1, 0}, &e));
    assert_true(retention_check((struct retention){0}, &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_typed_is_read_and_said),
        cmocka_unit_test(what_no_room_may_have_is_refused_with_what_it_may),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
