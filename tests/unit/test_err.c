#include "err.h"
#include "utf8.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <string.h>

#undef fail /* cmocka has a macro of that name */

static void every_code_has_a_name_a_sentence_and_an_exit_status(void **state)
{
    (void)state;
    for (int i = 0; i < ERR_COUNT; i++) {
        enum err_code c = (enum err_code)i;
        const char *s = err_sentence(c);
        assert_true(s[strlen(s) - 1] == '.');
        assert_int_equal(err_from_name(str_of(err_name(c))), c);
        assert_true(err_exit(c) >= 0 && err_exit(c) <= 130);
        assert_int_equal(err_exit(c) == 0, c == ERR_NONE);
    }
}

static void name_of_a_newer_version_is_internal(void **state)
{
    (void)state;
    assert_int_equal(err_from_name(STR("from_the_future")), ERR_INTERNAL);
    assert_int_equal(err_from_name(STR("")), ERR_INTERNAL);
}

static void fail_fills_in_and_says_false(void **state)
{
    (void)state;
    struct err e = {0};
    assert_false(fail(&e, ERR_LIMIT, "%d of %s", 3, "them"));
    assert_int_equal(e.code, ERR_LIMIT);
    assert_string_equal(e.text, "3 of them");
    assert_false(fail(NULL, ERR_LIMIT, "nobody listens"));
}

static void long_text_is_cut_between_characters(void **state)
{
    (void)state;
    struct buf b = {0};
    for (int i = 0; i < 200; i++)
        buf_add_str(&b, STR("漢"));
    for (int shift = 0; shift < 3; shift++) {
        struct err e;
        fail(&e, ERR_IO, "%.*s%s", shift, "xx", buf_cstr(&b));
        assert_true(utf8_is_valid(str_of(e.text)));
        assert_true(strlen(e.text) > 290);
    }
    buf_finish(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_a_name_a_sentence_and_an_exit_status),
        cmocka_unit_test(name_of_a_newer_version_is_internal),
        cmocka_unit_test(fail_fills_in_and_says_false),
        cmocka_unit_test(long_text_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
