#include "str.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static void assert_str(struct str s, const char *expected)
{
    if (!str_is(s, expected))
        fail_msg("got \"%.*s\", not \"%s\"", STR_ARG(s), expected);
}

static void empty_strings_are_equal_whatever_they_point_to(void **state)
{
    (void)state;
    assert_true(str_eq((struct str){0}, STR("")));
    assert_true(str_is(str_of(NULL), ""));
    assert_int_equal(str_cmp((struct str){0}, STR("")), 0);
    assert_false(str_has((struct str){0}, 'x'));
    assert_true(str_starts((struct str){0}, ""));
}

static void order_is_by_bytes_and_then_by_length(void **state)
{
    (void)state;
    assert_true(str_cmp(STR("a"), STR("b")) < 0);
    assert_true(str_cmp(STR("a"), STR("ab")) < 0);
    assert_true(str_cmp(STR("b"), STR("ab")) > 0);
    assert_true(str_cmp(STR("\xff"), STR("a")) > 0);
    assert_true(str_cmp(STR(""), STR("a")) < 0);
    assert_false(str_eq(STR("a\0b"), STR("a\0c")));
}

static void trim_takes_white_space_off_both_ends(void **state)
{
    (void)state;
    assert_str(str_trim(STR(" \t\r\n a b \v\f")), "a b");
    assert_str(str_trim(STR(" \n ")), "");
    assert_str(str_trim(STR("")), "");
}

static void cut_walks_through_the_parts(void **state)
{
    (void)state;
    struct str s = STR("a=b=");
    assert_str(str_cut(&s, '='), "a");
    assert_str(str_cut(&s, '='), "b");
    assert_non_null(s.p); /* an empty part is still to come */
    assert_str(str_cut(&s, '='), "");
    assert_null(s.p);
    assert_str(str_cut(&s, '='), "");
}

static void integers_fill_the_whole_string_and_fit(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        bool good;
        int64_t v;
    } rows[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"42", true, 42},
        {"-42", true, -42},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"99999999999999999999999", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"+1", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"1x", false, 0},
        {"0x10", false, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t v = -7;
        bool good = str_int(str_of(rows[i].in), INT64_MIN, INT64_MAX, &v);
        if (good != rows[i].good || v != (good ? rows[i].v : -7))
            fail_msg("\"%s\"", rows[i].in);
    }
    int64_t v;
    assert_true(str_int(STR("5"), 5, 5, &v));
    assert_false(str_int(STR("4"), 5, 9, &v));
    assert_false(str_int(STR("10"), 5, 9, &v));
}

static void copies_end_in_nul_and_keep_nul_within(void **state)
{
    (void)state;
    struct arena a = {0};
    struct str kept = str_keep(&a, STR("a\0b"));
    assert_memory_equal(kept.p, "a\0b", 4);
    assert_int_equal(kept.n, 3);
    assert_str(str_fmt(&a, "%d-%s", 7, "x"), "7-x");
    assert_string_equal(str_keep(&a, (struct str){0}).p, "");
    arena_finish(&a);
    char *p = str_dup(STR("abc"));
    assert_string_equal(p, "abc");
    free(p);
}

static void a_text_is_replaced_where_it_stands(void **state)
{
    (void)state;
    char *owned = str_dup(STR("a card of the week"));
    const char *where = owned;
    str_put(&owned, (struct str){owned + 2, 4}); /* a part of itself */
    assert_string_equal(owned, "card");
    str_put(&owned, (struct str){0});
    assert_string_equal(owned, "");
    assert_ptr_equal(owned, where);
    str_put(&owned, STR("one that is longer than all before it"));
    assert_string_equal(owned, "one that is longer than all before it");
    free(owned);
}

static void buffer_grows_with_what_is_added(void **state)
{
    (void)state;
    struct buf b = {0};
    for (int i = 0; i < 1000; i++)
        buf_fmt(&b, "%d,", i);
    assert_int_equal(b.n, 10 * 2 + 90 * 3 + 900 * 4);
    assert_true(str_starts(buf_str(&b), "0,1,2,"));
    buf_drop(&b, b.n - 4);
    assert_str(buf_str(&b), "999,");
    buf_clear(&b);
    assert_string_equal(buf_cstr(&b), "");
    buf_add_c(&b, 'x');
    buf_add_str(&b, STR("yz"));
    buf_add_str(&b, (struct str){0});
    buf_add(&b, NULL, 0);
    assert_string_equal(buf_cstr(&b), "xyz");
    assert_int_equal(b.n, 3);
    buf_finish(&b);
    assert_null(b.p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_strings_are_equal_whatever_they_point_to),
        cmocka_unit_test(order_is_by_bytes_and_then_by_length),
        cmocka_unit_test(trim_takes_white_space_off_both_ends),
        cmocka_unit_test(cut_walks_through_the_parts),
        cmocka_unit_test(integers_fill_the_whole_string_and_fit),
        cmocka_unit_test(copies_end_in_nul_and_keep_nul_within),
        cmocka_unit_test(a_text_is_replaced_where_it_stands),
        cmocka_unit_test(buffer_grows_with_what_is_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
