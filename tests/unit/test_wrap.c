#include "wrap.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    const char *text;
    int width;
    const char *rows; /* joined by '/' */
} rows[] = {
    {"", 10, ""},
    {"one two", 10, "one two"},
    {"one two three", 7, "one two/three"},
    {"one two three", 8, "one two/three"},
    {"incomprehensible", 5, "incom/prehe/nsibl/e"},
    {"a incomprehensible", 6, "a/incomp/rehens/ible"},
    {"one\ntwo\n\nthree", 10, "one/two//three"},
    {"one\n", 10, "one"},
    {"one two \nthree", 7, "one two/three"},
    {"\xe4\xb8\xad\xe6\x96\x87\xe5\xad\x97", 4, "\xe4\xb8\xad\xe6\x96\x87/\xe5\xad\x97"},
    {"\xe4\xb8\xad\xe6\x96\x87", 1, "\xe4\xb8\xad/\xe6\x96\x87"},
    {"a\033[31mb", 4, "a/\033/[31m/b"},
};

static void text_is_broken_at_blanks_and_line_ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf out = {0};
        struct str rest = str_of(rows[i].text), row;
        while (wrap_next(&rest, rows[i].width, &row)) {
            if (out.n || row.p != rows[i].text)
                buf_add_c(&out, '/');
            buf_add_str(&out, row);
        }
        if (!str_is(buf_str(&out), rows[i].rows))
            fail_msg("row %zu: \"%s\", not \"%s\"", i, buf_cstr(&out), rows[i].rows);
        buf_finish(&out);
    }
}

static void what_is_unsafe_is_spelled_out(void **state)
{
    (void)state;
    struct glyph g;
    assert_int_equal(glyph_next(STR("\033[0m"), &g), 1);
    assert_true(g.escaped);
    assert_string_equal(g.text, "\\x1b");
    assert_int_equal(g.width, 4);
    assert_int_equal(glyph_next(STR("\xe2\x80\xae!"), &g), 3);
    assert_true(g.escaped);
    assert_int_equal(glyph_next(STR("\xff"), &g), 1);
    assert_true(g.escaped);
    assert_int_equal(glyph_next(STR("\xe4\xb8\xad"), &g), 3);
    assert_false(g.escaped);
    assert_int_equal(g.width, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_broken_at_blanks_and_line_ends),
        cmocka_unit_test(what_is_unsafe_is_spelled_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
