#include "width.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <string.h>

static void cluster_has_its_length_and_width(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t n;
        int width;
    } rows[] = {
        {"ab", 1, 1},
        {"éa", 2, 1},
        {"e\u0301x", 3, 1}, /* a letter and its accent */
        {"漢字", 3, 2},
        {"가", 3, 2},
        {"😀x", 4, 2},
        {"👍🏽x", 8, 2},     /* skin tone */
        {"👩‍🚀x", 11, 2}, /* joined */
        {"🇩🇪🇫🇷", 8, 2},          /* flag */
        {"❤x", 3, 1},
        {"❤️x", 6, 2}, /* the same as emoji */
        {"\u200bx", 3, 0},
        {"\x1b[", 1, 0},
        {"\r\n", 1, 0},
        {"\u202ex", 3, 0},
        {"\xffx", 1, 1}, /* not UTF-8 */
        {"a\xff", 1, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int width = -1;
        size_t n = width_cluster(str_of(rows[i].text), &width);
        if (n != rows[i].n || width != rows[i].width)
            fail_msg("\"%s\": %zu bytes, %d columns", rows[i].text, n, width);
    }
}

static void empty_text_has_no_cluster(void **state)
{
    (void)state;
    int width;
    assert_int_equal(width_cluster((struct str){0}, &width), 0);
    assert_int_equal(width_of(STR("")), 0);
    assert_int_equal(width_fit(STR(""), 5), 0);
}

static void combining_flood_is_cut(void **state)
{
    (void)state;
    struct buf b = {0};
    buf_add_c(&b, 'a');
    for (int i = 0; i < 1000; i++)
        buf_add_str(&b, STR("\u0301"));
    int width;
    assert_true(width_cluster(buf_str(&b), &width) <= CLUSTER_MAX);
    assert_int_equal(width, 1);
    assert_int_equal(width_of(buf_str(&b)), 1);
    buf_finish(&b);
}

static void width_is_the_sum_of_the_clusters(void **state)
{
    (void)state;
    assert_int_equal(width_of(STR("abc")), 3);
    assert_int_equal(width_of(STR("漢字 é 😀")), 4 + 1 + 1 + 1 + 2);
    assert_int_equal(width_of(STR("a\x1b\xff")), 2);
}

static void front_that_fits_ends_between_clusters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int width;
        size_t n;
    } rows[] = {
        {"abc", 2, 2},
        {"abc", 3, 3},
        {"abc", 9, 3},
        {"abc", 0, 0},
        {"漢字", 3, 3},
        {"漢字", 1, 0},
        {"e\u0301e\u0301", 1, 3},
        {"a👩‍🚀", 2, 1},
        {"a👩‍🚀", 3, 12},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (width_fit(str_of(rows[i].text), rows[i].width) != rows[i].n)
            fail_msg("\"%s\" in %d columns", rows[i].text, rows[i].width);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cluster_has_its_length_and_width),
        cmocka_unit_test(empty_text_has_no_cluster),
        cmocka_unit_test(combining_flood_is_cut),
        cmocka_unit_test(width_is_the_sum_of_the_clusters),
        cmocka_unit_test(front_that_fits_ends_between_clusters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
