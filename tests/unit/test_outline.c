/* The headings of a text. */
#include "outline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* "LINE:LEVEL:TITLE" of each, with commas between. */
static void list(const char *text, struct buf *out)
{
    struct rope *r = rope_of(str_of(text));
    struct outline o = {0};
    outline_of(r, &o);
    vec_each (h, &o.v) {
        buf_fmt(out, "%s%zu:%d:", out->n ? "," : "", h->line, h->level);
        outline_title(r, h, out);
        assert_int_equal(h->pos, rope_line_start(r, h->line));
    }
    outline_finish(&o);
    rope_free(r);
}

static void headings_are_found_with_their_lines(void **state)
{
    static const struct {
        const char *text, *outline;
    } rows[] = {
        {"", ""},
        {"no heading\n", ""},
        {"# One", "0:1:One"},
        {"# One\n\n## Two\ntext\n###### Six\n", "0:1:One,2:2:Two,4:6:Six"},
        {"#none\n####### none\n", ""},
        {"#\n## \n", "0:1:,1:2:"},
        {"   # in a little\n    # code\n", "0:1:in a little"},
        {"> # quoted\n- # item\n", ""},
        {"## closed ##\n## C#\n# #\n", "0:2:closed,1:2:C#,2:1:"},
        {"```\n# code\n```\n# text\n~~~\n# open for ever\n", "3:1:text"},
        {"\xe6\x97\xa5\n# \xe6\x97\xa5\n# x", "1:1:\xe6\x97\xa5,2:1:x"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf out = {0};
        list(rows[i].text, &out);
        assert_string_equal(buf_cstr(&out), rows[i].outline);
        buf_finish(&out);
    }
}

static void a_position_is_under_the_last_heading_in_front_of_it(void **state)
{
    (void)state;
    struct rope *r = rope_of(STR("x\n# a\nx\n# b\n"));
    struct outline o = {0};
    outline_of(r, &o);
    assert_int_equal(outline_at(&o, 0), SIZE_MAX);
    assert_int_equal(outline_at(&o, 2), 0);
    assert_int_equal(outline_at(&o, 7), 0);
    assert_int_equal(outline_at(&o, 8), 1);
    assert_int_equal(outline_at(&o, 999), 1);
    outline_finish(&o);
    rope_free(r);
}

static void very_many_headings_are_bounded(void **state)
{
    (void)state;
    struct buf text = {0};
    for (size_t i = 0; i < 3 * (size_t)HEADINGS_MAX; i++)
        buf_add_str(&text, STR("#\n"));
    struct rope *r = rope_of(buf_str(&text));
    struct outline o = {0};
    outline_of(r, &o);
    assert_int_equal(o.v.n, HEADINGS_MAX);
    outline_finish(&o);
    rope_free(r);
    buf_finish(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headings_are_found_with_their_lines),
        cmocka_unit_test(a_position_is_under_the_last_heading_in_front_of_it),
        cmocka_unit_test(very_many_headings_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
