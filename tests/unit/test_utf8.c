#include "utf8.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

/* One code point: its bytes, and what it is; 0 bytes taken for what is not UTF-8. */
static const struct {
    struct str bytes;
    uint32_t cp;
    size_t n;
} points[] = {
    {STR_ROW("a"), 'a', 1},
    {STR_ROW("\0"), 0, 1},
    {STR_ROW("\x7f"), 0x7f, 1},
    {STR_ROW("\xc2\x80"), 0x80, 2},
    {STR_ROW("\xdf\xbf"), 0x7ff, 2},
    {STR_ROW("\xe0\xa0\x80"), 0x800, 3},
    {STR_ROW("\xed\x9f\xbf"), 0xd7ff, 3},
    {STR_ROW("\xee\x80\x80"), 0xe000, 3},
    {STR_ROW("\xef\xbf\xbf"), 0xffff, 3},
    {STR_ROW("\xf0\x90\x80\x80"), 0x10000, 4},
    {STR_ROW("\xf4\x8f\xbf\xbf"), 0x10ffff, 4},
    {STR_ROW(""), 0, 0},
    {STR_ROW("\x80"), 0, 0},
    {STR_ROW("\xbf"), 0, 0},
    {STR_ROW("\xc0\x80"), 0, 0},         /* overlong */
    {STR_ROW("\xc1\xbf"), 0, 0},         /* overlong */
    {STR_ROW("\xe0\x9f\xbf"), 0, 0},     /* overlong */
    {STR_ROW("\xf0\x8f\xbf\xbf"), 0, 0}, /* overlong */
    {STR_ROW("\xed\xa0\x80"), 0, 0},     /* surrogate */
    {STR_ROW("\xed\xbf\xbf"), 0, 0},     /* surrogate */
    {STR_ROW("\xf4\x90\x80\x80"), 0, 0}, /* beyond Unicode */
    {STR_ROW("\xf5\x80\x80\x80"), 0, 0},
    {STR_ROW("\xff"), 0, 0},
    {STR_ROW("\xc3"), 0, 0}, /* cut */
    {STR_ROW("\xe6\xbc"), 0, 0},
    {STR_ROW("\xf0\x9f\x98"), 0, 0},
    {STR_ROW("\xc3x"), 0, 0},
};

static void code_points_are_read_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(points); i++) {
        uint32_t cp = 0;
        size_t n = utf8_next(points[i].bytes, &cp);
        if (n != points[i].n || cp != points[i].cp)
            fail_msg("row %zu: %zu bytes, U+%04X", i, n, cp);
        assert_int_equal(utf8_is_valid(points[i].bytes), n == points[i].bytes.n);
    }
}

static void every_scalar_value_comes_back(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp <= 0x110000; cp++) {
        char bytes[4];
        uint32_t again;
        size_t n = utf8_put(bytes, cp);
        bool scalar = cp <= 0x10ffff && (cp < 0xd800 || cp > 0xdfff);
        if ((n > 0) != scalar)
            fail_msg("U+%04X written as %zu bytes", cp, n);
        if (n && (utf8_next((struct str){bytes, n}, &again) != n || again != cp))
            fail_msg("U+%04X does not come back", cp);
    }
}

static void characters_are_counted_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(utf8_chars(STR("")), 0);
    assert_int_equal(utf8_chars(STR("aé漢😀")), 4);
}

static void what_could_move_a_terminal_is_unsafe(void **state)
{
    (void)state;
    static const uint32_t unsafe[] = {0,      0x07,   0x1b,   0x7f,   0x80,   0x9b,
                                      0x9f,   0x061c, 0x200e, 0x200f, 0x202a, 0x202e,
                                      0x2028, 0x2029, 0x2066, 0x2069, 0xfeff, '\n'};
    static const uint32_t safe[] = {' ', '~', 0xa0, 0xe9, 0x200d, 0x2065, 0x6f22, 0x1f600};
    for (size_t i = 0; i < COUNT_OF(unsafe); i++)
        assert_true(utf8_is_unsafe(unsafe[i]));
    for (size_t i = 0; i < COUNT_OF(safe); i++)
        assert_false(utf8_is_unsafe(safe[i]));
}

static void unsafe_text_is_escaped(void **state)
{
    (void)state;
    static const struct {
        struct str in;
        const char *line, *lines;
    } rows[] = {
        {STR_ROW("plain é 漢"), "plain é 漢", "plain é 漢"},
        {STR_ROW("a\nb\tc\r"), "a\\nb\\tc\\r", "a\nb\tc\\r"},
        {STR_ROW("\x1b[31m\0"), "\\x1b[31m\\x00", "\\x1b[31m\\x00"},
        {STR_ROW("\xc2\x9b\x7f"), "\\x9b\\x7f", "\\x9b\\x7f"},
        {STR_ROW("\xe2\x80\xae\xef\xbb\xbf"), "\\u{202e}\\u{feff}", "\\u{202e}\\u{feff}"},
        {STR_ROW("\xff\xc3"), "\\xff\\xc3", "\\xff\\xc3"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf b = {0};
        utf8_escape(&b, rows[i].in);
        assert_string_equal(buf_cstr(&b), rows[i].line);
        buf_clear(&b);
        utf8_escape_lines(&b, rows[i].in);
        assert_string_equal(buf_cstr(&b), rows[i].lines);
        buf_finish(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_points_are_read_or_refused),
        cmocka_unit_test(every_scalar_value_comes_back),
        cmocka_unit_test(characters_are_counted_not_bytes),
        cmocka_unit_test(what_could_move_a_terminal_is_unsafe),
        cmocka_unit_test(unsafe_text_is_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
