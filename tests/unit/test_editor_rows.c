/* Rows of wrapped lines, their columns, and what is shown of a text. */
#include "editor_kit.h"
#include "text_kit.h"
#include "utf8.h"
#include "wrap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

static struct editor editor_of(int width, int height)
{
    struct editor e;
    editor_init(&e);
    e.width = width;
    e.height = height;
    return e;
}

/* The rows, with '/' where a line is wrapped and '\n' between lines. */
static void read_rows(const struct editor *e, const struct rope *text, struct buf *out)
{
    struct editor_row row = editor_row_of(e, text, 0);
    do {
        if (row.start > 0)
            buf_add_c(out, row.is_first ? '\n' : '/');
        rope_read(text, row.start, row.end - row.start, out);
    } while (editor_row_next(e, text, &row));
}

static void lines_are_wrapped_at_words(void **state)
{
    (void)state;
    static const struct {
        int width;
        const char *text, *rows;
    } rows[] = {
        {10, "", ""},
        {10, "one two three four", "one two/three/four"},
        {10, "one two th", "one two/th"}, /* a cell for the caret behind it */
        {10, "one two t", "one two t"},
        {10, "abcdefghi", "abcdefghi"},
        {10, "abcdefghij", "abcdefghi/j"},
        {10, "a abcdefghijklmnop", "a/abcdefghi/jklmnop"},
        {10, "abcdefghi j", "abcdefghi/j"},
        {10, "abcdefghi ", "abcdefghi/"},
        {10, "abcdefghi  j", "abcdefghi/ j"},
        {10, "one\n\ntwo\n", "one\n\ntwo\n"},
        {10, "    abcdefgh", "    abcde/fgh"}, /* no row of blanks alone */
        {10, "            x", "         /  x"},
        {6, MID MID MID, MID MID "/" MID},
        {6, "a" MID MID MID, "a" MID MID "/" MID},
        {8, "ab " MID MID MID, "ab " MID MID "/" MID}, /* wide ones break anywhere */
        {6, FAMILY FAMILY FAMILY, FAMILY FAMILY "/" FAMILY},
        {4, E_ACUTE E_ACUTE E_ACUTE E_ACUTE, E_ACUTE E_ACUTE E_ACUTE "/" E_ACUTE},
        {8, "a\tb\tc", "a\tb/\tc"},
        {10, "a\tb c", "a\tb c"},
        {10, "ab cd \xe2\x80\x8b", "ab cd \xe2\x80\x8b"},
        {3, "a b", "a/b"},
        {2, "abc", "a/b/c"},
        {1, "a" MID "c", "a/" MID "/c"},
        {0, "ab", "a/b"},
        {-5, "ab", "a/b"},
        {10, "a " ACUTE "bcdefghijk", "a " ACUTE "bcdefgh/ijk"}, /* that is no blank */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct editor e = editor_of(rows[i].width, 5);
        struct rope *text = rope_of(str_of(rows[i].text));
        struct buf is = {0};
        read_rows(&e, text, &is);
        if (!str_is(buf_str(&is), rows[i].rows))
            fail_msg("\"%s\" in %d: \"%s\", not \"%s\"", rows[i].text, rows[i].width,
                     buf_cstr(&is), rows[i].rows);
        buf_finish(&is);
        rope_free(text);
    }
}

static void columns_count_cells(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t pos;
        int column;
    } rows[] = {
        {"abc", 0, 0},
        {"abc", 3, 3},
        {"abc", 99, 3},
        {MID "b", 1, 2},
        {E_ACUTE "b", 2, 1},
        {E_ACUTE "b", 1, 0},
        {FAMILY "b", 3, 2},
        {"\tb", 1, 4},
        {"a\tb", 2, 4},
        {"abcd\tb", 5, 8},
        {"\x01"
         "b",
         1, 4},
        {"\xe2\x80\x8e"
         "b",
         1, 8},
    };
    struct editor e = editor_of(40, 5);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rope *text = rope_of(str_of(rows[i].text));
        struct editor_row row = editor_row_of(&e, text, 0);
        int column = editor_column_of(&e, text, &row, rows[i].pos);
        if (column != rows[i].column)
            fail_msg("\"%s\" %zu: %d", rows[i].text, rows[i].pos, column);
        rope_free(text);
    }
}

static void a_click_goes_to_the_nearest_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int column;
        size_t pos;
    } rows[] = {
        {"abc", 0, 0},       {"abc", 2, 2},   {"abc", 99, 3}, {"abc", -3, 0},
        {MID "b", 1, 0},     {MID "b", 2, 1}, {"\tb", 1, 0},  {"\tb", 3, 1},
        {E_ACUTE "b", 1, 2}, {"", 5, 0},      {"a\nb", 5, 1},
    };
    struct editor e = editor_of(40, 5);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rope *text = rope_of(str_of(rows[i].text));
        struct editor_row row = editor_row_of(&e, text, 0);
        size_t pos = editor_pos_at(&e, text, &row, rows[i].column);
        if (pos != rows[i].pos)
            fail_msg("\"%s\" %d: %zu", rows[i].text, rows[i].column, pos);
        rope_free(text);
    }
}

/* ---- in any text ---- */

static struct rope *some_text(struct chance *r, bool has_long_line)
{
    struct buf text = {0}, word = {0};
    size_t chars = kit_size(r, 600);
    if (has_long_line) { /* of several sections */
        do {
            buf_clear(&word);
            kit_text(r, 1 + kit_size(r, 20), &word);
        } while (str_has(buf_str(&word), '\n'));
        size_t times = SECTION_CHARS * (1 + chance_below(r, 3)) / utf8_chars(buf_str(&word));
        for (size_t i = 0; i <= times; i++)
            buf_add_str(&text, buf_str(&word));
    }
    kit_text(r, chars, &text);
    struct rope *rope = rope_of(buf_str(&text));
    buf_finish(&text);
    buf_finish(&word);
    return rope;
}

static int cells_of(const struct rope *text, size_t start, size_t end)
{
    struct buf b = {0};
    rope_read(text, start, end - start, &b);
    struct str s = buf_str(&b);
    struct glyph g;
    int sum = 0;
    for (size_t n; (n = glyph_next(s, &g)) > 0; s = (struct str){s.p + n, s.n - n})
        sum += s.p[0] == '\t' ? TAB_CELLS - sum % TAB_CELLS : g.width;
    buf_finish(&b);
    return sum;
}

static void check_row(const struct editor *e, const struct rope *text,
                      const struct editor_row *row, const struct editor_row *next)
{
    size_t gap = next->start - row->end;
    assert_true(row->start <= row->end && row->end <= next->start && gap <= 1);
    if (gap == 1)
        assert_int_equal(rope_at(text, row->end), next->is_first ? '\n' : ' ');
    assert_true(next->start > row->start);
    assert_int_equal(next->line, row->line + next->is_first);
    assert_int_equal(editor_boundary(text, row->end), row->end);
    assert_int_equal(editor_boundary(text, next->start), next->start);
    int cells = editor_column_of(e, text, row, row->end);
    assert_int_equal(cells, cells_of(text, row->start, row->end));
    bool is_one = editor_boundary(text, row->end - (row->end > 0)) <= row->start;
    assert_true(cells < MAX(e->width, 2) || is_one);
}

static void assert_same_row(struct editor_row a, struct editor_row b)
{
    assert_int_equal(a.start, b.start);
    assert_int_equal(a.end, b.end);
    assert_int_equal(a.line, b.line);
    assert_int_equal(a.is_first, b.is_first);
}

static void check_places(const struct editor *e, const struct rope *text,
                         const struct editor_row *row, size_t next, struct chance *r)
{
    size_t pos = row->start + chance_below(r, next - row->start);
    assert_same_row(editor_row_of(e, text, row->start), *row);
    assert_same_row(editor_row_of(e, text, next - 1), *row);
    assert_same_row(editor_row_of(e, text, pos), *row);
    pos = editor_boundary(text, pos);
    int column = editor_column_of(e, text, row, pos);
    size_t at = editor_pos_at(e, text, row, column);
    /* Marks that take no cell stand in the same column. */
    assert_int_equal(editor_column_of(e, text, row, at), column);
    assert_true(at >= row->start && (at < next || at == rope_chars(text)));
}

static void rows_tile_the_text_forwards_and_backwards(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < kit_cases(150); seed++) {
        struct chance r = {.seed = seed};
        bool is_long = chance_is(&r, 15);
        struct rope *text = some_text(&r, is_long);
        struct editor e = editor_of((int)kit_size(&r, 60) + 30 * is_long, 5);
        struct editor_row row = editor_row_of(&e, text, 0), next = row;
        assert_int_equal(row.start, 0);
        while (editor_row_next(&e, text, &next)) {
            check_row(&e, text, &row, &next);
            if (chance_below(&r, 8) == 0)
                check_places(&e, text, &row, next.start, &r);
            if (chance_below(&r, 16) == 0) {
                struct editor_row back = next;
                assert_true(editor_row_before(&e, text, &back));
                assert_same_row(back, row);
            }
            row = next;
        }
        assert_int_equal(row.end, rope_chars(text));
        assert_same_row(editor_row_of(&e, text, SIZE_MAX), row);
        rope_free(text);
    }
}

/* ---- what is shown ---- */

static struct rope *lines(size_t n)
{
    struct buf b = {0};
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, i ? "\n%03zu" : "%03zu", i);
    struct rope *text = rope_of(buf_str(&b));
    buf_finish(&b);
    return text;
}

enum { LINE_CHARS = 4 }; /* of lines(), with the newline */

static void the_caret_is_shown_with_rows_around_it(void **state)
{
    (void)state;
    static const struct {
        size_t top, caret, shown; /* lines of 100, ten of which are shown */
    } rows[] = {
        {0, 0, 0},    {0, 7, 0},    {0, 8, 1},    {0, 9, 2},    {0, 12, 5},
        {0, 50, 45},  {50, 52, 50}, {50, 51, 49}, {50, 49, 47}, {50, 45, 43},
        {50, 10, 5},  {50, 0, 0},   {50, 1, 0},   {0, 99, 90},  {80, 98, 90},
        {80, 97, 90}, {90, 99, 90}, {95, 99, 95}, {99, 99, 97}, {99, 40, 35},
    };
    struct rope *text = lines(100);
    struct editor e = editor_of(20, 10);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        e.top = rows[i].top * LINE_CHARS;
        editor_show(&e, text, rows[i].caret * LINE_CHARS);
        if (e.top != rows[i].shown * LINE_CHARS)
            fail_msg("%zu %zu: %zu", rows[i].top, rows[i].caret, e.top / LINE_CHARS);
    }
    rope_free(text);
}

static void the_caret_is_shown_on_a_screen_of_any_size(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < kit_cases(150); seed++) {
        struct chance r = {.seed = seed};
        bool is_long = chance_is(&r, 15);
        struct rope *text = some_text(&r, is_long);
        struct editor e =
            editor_of((int)kit_size(&r, 60) + 30 * is_long, (int)kit_size(&r, 12));
        e.top = chance_below(&r, rope_chars(text) + 1);
        size_t caret = chance_below(&r, rope_chars(text) + 1);
        editor_show(&e, text, caret);
        struct editor_row row = editor_row_of(&e, text, e.top);
        struct editor_row want = editor_row_of(&e, text, caret);
        assert_int_equal(row.start, e.top);
        int n = 0;
        while (row.start != want.start && ++n < MAX(e.height, 1))
            assert_true(editor_row_next(&e, text, &row));
        assert_int_equal(row.start, want.start);
        size_t top = e.top;
        editor_show(&e, text, caret);
        assert_int_equal(e.top, top);
        rope_free(text);
    }
}

static void scrolling_stops_where_the_text_does(void **state)
{
    (void)state;
    static const struct {
        size_t top;
        int rows;
        size_t shown;
    } rows[] = {
        {0, 3, 3},   {0, -3, 0},  {5, -3, 2},   {5, -9, 0}, {0, 200, 90},
        {89, 3, 90}, {95, 3, 95}, {95, -3, 92}, {7, 0, 7},
    };
    struct rope *text = lines(100);
    struct editor e = editor_of(20, 10);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        e.top = rows[i].top * LINE_CHARS;
        editor_scroll(&e, text, rows[i].rows);
        if (e.top != rows[i].shown * LINE_CHARS)
            fail_msg("%zu %d: %zu", rows[i].top, rows[i].rows, e.top / LINE_CHARS);
    }
    rope_free(text);
}

static void a_page_moves_what_is_shown_and_the_caret(void **state)
{
    (void)state;
    struct desk d;
    desk_init(&d, "|");
    rope_free(d.text);
    d.text = lines(100);
    d.e.height = 10;
    d.caret = d.anchor = 3 * LINE_CHARS + 1;
    desk_do(&d, EDITOR_PAGE_DOWN);
    assert_int_equal(d.e.top, 8 * LINE_CHARS);
    assert_int_equal(d.caret, 11 * LINE_CHARS + 1);
    desk_do(&d, EDITOR_PAGE_UP);
    assert_int_equal(d.e.top, 0);
    assert_int_equal(d.caret, 3 * LINE_CHARS + 1);
    desk_finish(&d);
}

static void what_is_shown_stays_while_others_edit(void **state)
{
    (void)state;
    static const struct {
        size_t top, skip, deleted;
        const char *inserted;
        size_t shown;
    } rows[] = {
        {8, 0, 0, "new\n", 12}, {8, 8, 0, "new\n", 12}, {8, 12, 0, "new\n", 8},
        {8, 0, 4, "", 4},       {8, 4, 8, "", 4},       {0, 0, 0, "new\n", 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct editor e = editor_of(20, 10);
        struct op o = {0};
        e.top = rows[i].top;
        op_skip(&o, rows[i].skip);
        op_insert(&o, str_of(rows[i].inserted));
        op_delete(&o, rows[i].deleted);
        editor_moved(&e, &o);
        assert_int_equal(e.top, rows[i].shown);
        op_finish(&o);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_wrapped_at_words),
        cmocka_unit_test(columns_count_cells),
        cmocka_unit_test(a_click_goes_to_the_nearest_place),
        cmocka_unit_test(rows_tile_the_text_forwards_and_backwards),
        cmocka_unit_test(the_caret_is_shown_with_rows_around_it),
        cmocka_unit_test(the_caret_is_shown_on_a_screen_of_any_size),
        cmocka_unit_test(scrolling_stops_where_the_text_does),
        cmocka_unit_test(a_page_moves_what_is_shown_and_the_caret),
        cmocka_unit_test(what_is_shown_stays_while_others_edit),
    };
    return cmocka_run_group_tests_name("editor_rows", tests, NULL, NULL);
}
