/* What each verb does: texts with '|' at the caret and '^' at the anchor. */
#include "editor_kit.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct verb_row {
    enum editor_verb verb;
    const char *before, *after; /* no after: nothing happens */
};

static const struct verb_row movement[] = {
    {EDITOR_LEFT, "ab|", "a|b"},
    {EDITOR_LEFT, "|ab", NULL},
    {EDITOR_LEFT, "|", NULL},
    {EDITOR_LEFT, "a\n|b", "a|\nb"},
    {EDITOR_LEFT, "x" FAMILY "|", "x|" FAMILY},
    {EDITOR_LEFT, E_ACUTE E_ACUTE "|", E_ACUTE "|" E_ACUTE},
    {EDITOR_LEFT, MID MID "|", MID "|" MID},
    {EDITOR_LEFT, "a^bc|d", "a|bcd"},
    {EDITOR_RIGHT, "a|b", "ab|"},
    {EDITOR_RIGHT, "ab|", NULL},
    {EDITOR_RIGHT, "|" E_ACUTE "x", E_ACUTE "|x"},
    {EDITOR_RIGHT, "|" FAMILY FAMILY, FAMILY "|" FAMILY},
    {EDITOR_RIGHT, "a|bc^d", "abc|d"},
    {EDITOR_RIGHT, "e|" ACUTE "x", E_ACUTE "x|"}, /* somebody put the accent there */
    {EDITOR_WORD_LEFT, "make it, so|", "make it, |so"},
    {EDITOR_WORD_LEFT, "make it, |so", "make |it, so"},
    {EDITOR_WORD_LEFT, "a\n\n|b", "|a\n\nb"},
    {EDITOR_WORD_LEFT, "  |a", "|  a"},
    {EDITOR_WORD_LEFT, "x caf" E_ACUTE "|", "x |caf" E_ACUTE},
    {EDITOR_WORD_LEFT, "|", NULL},
    {EDITOR_WORD_RIGHT, "|make it", "make| it"},
    {EDITOR_WORD_RIGHT, "make| it", "make it|"},
    {EDITOR_WORD_RIGHT, "a|\n - b", "a\n - b|"},
    {EDITOR_WORD_RIGHT, "a|, ", "a, |"},
    {EDITOR_WORD_RIGHT, "|snake_case.", "snake_case|."},
    {EDITOR_WORD_RIGHT, "|" MID "\xe3\x80\x82x", MID "|\xe3\x80\x82x"},
    {EDITOR_LINE_START, "  ab|c", "  |abc"},
    {EDITOR_LINE_START, "  |abc", "|  abc"},
    {EDITOR_LINE_START, "|  abc", "  |abc"},
    {EDITOR_LINE_START, "x\n\tab|", "x\n\t|ab"},
    {EDITOR_LINE_START, "x\n|", NULL},
    {EDITOR_LINE_START, "  |", "|  "},
    {EDITOR_LINE_END, "a|bc\nd", "abc|\nd"},
    {EDITOR_LINE_END, "abc|\nd", NULL},
    {EDITOR_LINE_END, "|", NULL},
    {EDITOR_UP, "one\ntw|o", "on|e\ntwo"},
    {EDITOR_UP, "o\ntwo|", "o|\ntwo"},
    {EDITOR_UP, "on|e\ntwo", "|one\ntwo"},
    {EDITOR_UP, "|one", NULL},
    {EDITOR_UP, MID "x\nab|c", MID "|x\nabc"},
    {EDITOR_UP, MID "x\na|bc", "|" MID "x\nabc"},
    {EDITOR_DOWN, "on|e\ntwo", "one\ntw|o"},
    {EDITOR_DOWN, MID "|x\nabc", MID "x\nab|c"},
    {EDITOR_DOWN, "one\nt|wo", "one\ntwo|"},
    {EDITOR_DOWN, "one|\n", "one\n|"},
    {EDITOR_DOWN, "one|", NULL},
    {EDITOR_DOWN, "\ta|\nabcdefgh", "\ta\nabcde|fgh"},
    {EDITOR_DOWN, "a" ACUTE "b|\nxyz", "a" ACUTE "b\nxy|z"},
    {EDITOR_PARAGRAPH_UP, "a\n\nb\nc|", "a\n|\nb\nc"},
    {EDITOR_PARAGRAPH_UP, "a\n|\nb", "|a\n\nb"},
    {EDITOR_PARAGRAPH_UP, "a\n \nb\n\n\n|c", "a\n| \nb\n\n\nc"},
    {EDITOR_PARAGRAPH_UP, "|a", NULL},
    {EDITOR_PARAGRAPH_DOWN, "|a\nb\n\nc", "a\nb\n|\nc"},
    {EDITOR_PARAGRAPH_DOWN, "a\n|\n\nc\n\nd", "a\n\n\nc\n|\nd"},
    {EDITOR_PARAGRAPH_DOWN, "|a", "a|"},
    {EDITOR_PARAGRAPH_DOWN, "a|", NULL},
    {EDITOR_TEXT_START, "a\nb|", "|a\nb"},
    {EDITOR_TEXT_START, "|a", NULL},
    {EDITOR_TEXT_START, "|a^", "|a"},
    {EDITOR_TEXT_END, "|a\nb", "a\nb|"},
    {EDITOR_TEXT_END, "|", NULL},
    {EDITOR_PAGE_DOWN, "a|b\nc\nd", "ab\nc\nd|"},
    {EDITOR_PAGE_UP, "ab\nc\nd|", "a|b\nc\nd"},
    {EDITOR_SELECT_ALL, "a|b", "^ab|"},
    {EDITOR_SELECT_ALL, "^ab|", NULL},
    {EDITOR_SELECT_ALL, "|", NULL},
    {EDITOR_SELECT_NONE, "^ab|", "ab|"},
    {EDITOR_SELECT_NONE, "ab|", NULL},
};

/* In rows of a width of 10: "one two", "three", "four". */
static const struct verb_row movement_in_rows[] = {
    {EDITOR_DOWN, "o|ne two three four", "one two t|hree four"},
    {EDITOR_DOWN, "one two t|hree four", "one two three f|our"},
    {EDITOR_DOWN, "one two| three four", "one two three| four"},
    {EDITOR_UP, "one two three |four", "one two |three four"},
    {EDITOR_LINE_END, "|one two three four", "one two| three four"},
    {EDITOR_LINE_END, "one two| three four", "one two three four|"},
    {EDITOR_LINE_START, "one two three fo|ur", "one two three |four"},
    {EDITOR_LINE_START, "one two three |four", "|one two three four"},
    {EDITOR_LINE_START, "one two |three four", "|one two three four"},
    {EDITOR_LINE_END, "|abcdefghijkl", "abcdefgh|ijkl"}, /* behind 'i' is the next row */
    {EDITOR_LINE_END, "abcdefgh|ijkl", "abcdefghijkl|"},
    {EDITOR_DOWN, "abcdefgh|ijkl", "abcdefghijkl|"},
    {EDITOR_UP, "abcdefghi|jkl", "|abcdefghijkl"},
    {EDITOR_DOWN, "|" MID MID MID MID MID, MID MID MID MID "|" MID},
};

static const struct verb_row erasing[] = {
    {EDITOR_BACKSPACE, "x" FAMILY "|y", "x|y"},
    {EDITOR_BACKSPACE, "a\n|b", "a|b"},
    {EDITOR_BACKSPACE, "|y", NULL},
    {EDITOR_BACKSPACE, "|", NULL},
    {EDITOR_BACKSPACE, "a^bc|d", "a|d"},
    {EDITOR_BACKSPACE, "a|bc^d", "a|d"},
    {EDITOR_BACKSPACE, "ax|" ACUTE, "a|"}, /* the caret was within: behind it, all goes */
    {EDITOR_DELETE, "|" E_ACUTE "y", "|y"},
    {EDITOR_DELETE, "a|\nb", "a|b"},
    {EDITOR_DELETE, "a|", NULL},
    {EDITOR_DELETE, "a|\n" ACUTE, "a" ACUTE "|"}, /* joins; nothing splits a cluster */
    {EDITOR_WORD_BACKSPACE, "src/main.c|", "src/main.|"},
    {EDITOR_WORD_BACKSPACE, "one two  |three", "one |three"},
    {EDITOR_WORD_BACKSPACE, "|a", NULL},
    {EDITOR_WORD_DELETE, "|open it", "| it"},
    {EDITOR_WORD_DELETE, "open|  it x", "open| x"},
    {EDITOR_WORD_DELETE, "a|", NULL},
    {EDITOR_KILL_LINE, "one|two\nthree", "one|\nthree"},
    {EDITOR_KILL_LINE, "one|\nthree", "one|three"},
    {EDITOR_KILL_LINE, "one|", NULL},
    {EDITOR_KILL_LINE, "o^n|e", "o|e"},
    {EDITOR_CUT, "a^b\nc|d", "a|d"},
    {EDITOR_CUT, "a\nb|b\nc", "a\n|c"},
    {EDITOR_CUT, "a\nb|b", "a|"},
    {EDITOR_CUT, "b|b", "|"},
    {EDITOR_CUT, "|", NULL},
};

static const struct verb_row lists[] = {
    {EDITOR_NEWLINE, "ab|c", "ab\n|c"},
    {EDITOR_NEWLINE, "|", "\n|"},
    {EDITOR_NEWLINE, "a^b|c", "a\n|c"},
    {EDITOR_NEWLINE, "  ab|c", "  ab\n  |c"},
    {EDITOR_NEWLINE, "\tab|", "\tab\n\t|"},
    {EDITOR_NEWLINE, " | ab", " \n| ab"},
    {EDITOR_NEWLINE, "a\n  |", "a\n\n  |"},
    {EDITOR_NEWLINE, "- a|", "- a\n- |"},
    {EDITOR_NEWLINE, "- a|b", "- a\n- |b"},
    {EDITOR_NEWLINE, "- |ab", "- \n- |ab"},
    {EDITOR_NEWLINE, "|- ab", "\n|- ab"},
    {EDITOR_NEWLINE, "  * a|", "  * a\n  * |"},
    {EDITOR_NEWLINE, "+ a|", "+ a\n+ |"},
    {EDITOR_NEWLINE, "-a|", "-a\n|"},
    {EDITOR_NEWLINE, "9. a|", "9. a\n10. |"},
    {EDITOR_NEWLINE, "1) a|", "1) a\n2) |"},
    {EDITOR_NEWLINE, "1234567890. a|", "1234567890. a\n|"},
    {EDITOR_NEWLINE, "- [x] a|", "- [x] a\n- [ ] |"},
    {EDITOR_NEWLINE, "1. [ ] a|", "1. [ ] a\n2. [ ] |"},
    {EDITOR_NEWLINE, "- [x](u)|", "- [x](u)\n- |"},
    {EDITOR_NEWLINE, "> a|", "> a\n> |"},
    {EDITOR_NEWLINE, "> - a|", "> - a\n> - |"},
    {EDITOR_NEWLINE, "- a\n- |", "- a\n|"},
    {EDITOR_NEWLINE, "- a\n- |\nb", "- a\n|\nb"},
    {EDITOR_NEWLINE, "  - [ ] |", "|"},
    {EDITOR_NEWLINE, "2. |", "|"},
    {EDITOR_NEWLINE, "> - |", "> |"},
    {EDITOR_NEWLINE, "> |", "|"},
    {EDITOR_TAB, "a|", "a   |"},
    {EDITOR_TAB, "|", "    |"},
    {EDITOR_TAB, MID "|x", MID "  |x"},
    {EDITOR_TAB, "- a|", "  - a|"},
    {EDITOR_TAB, "10. a|", "    10. a|"},
    {EDITOR_TAB, "^a\n\n- b|", "^    a\n\n  - b|"},
    {EDITOR_TAB, "^a\n|b", "^    a\n|b"},
    {EDITOR_TAB, "x|a^", "    x|a^"},
    {EDITOR_UNTAB, "      a|", "  a|"},
    {EDITOR_UNTAB, "  |  a", "|a"},
    {EDITOR_UNTAB, "\t\ta|", "\ta|"},
    {EDITOR_UNTAB, "   - a|", " - a|"},
    {EDITOR_UNTAB, "a|", NULL},
    {EDITOR_UNTAB, "^  a\n  b|", "^a\nb|"},
    {EDITOR_LINE_UP, "a\nb|c\nd", "b|c\na\nd"},
    {EDITOR_LINE_UP, "a\nb|c", "b|c\na"},
    {EDITOR_LINE_UP, "a|\nb", NULL},
    {EDITOR_LINE_UP, "a\n^b\nc|\nd", "^b\nc|\na\nd"},
    {EDITOR_LINE_UP, "a\n^b\n|c", "^b\n|a\nc"},
    {EDITOR_LINE_UP, "a\n|", "|\na"},
    {EDITOR_LINE_DOWN, "a|\nb\nc", "b\na|\nc"},
    {EDITOR_LINE_DOWN, "a|\nb", "b\na|"},
    {EDITOR_LINE_DOWN, "a\nb|", NULL},
    {EDITOR_LINE_DOWN, "^a\nb|\nc", "c\n^a\nb|"},
    {EDITOR_LINE_DOWN, "^a\n|b", "b\n^a|"},
    {EDITOR_CHECK, "- [ ] a|", "- [x] a|"},
    {EDITOR_CHECK, "- [X] a|", "- [ ] a|"},
    {EDITOR_CHECK, "- [ ]|", "- [x]|"},
    {EDITOR_CHECK, "- |a", "- [ ] |a"},
    {EDITOR_CHECK, "1. a|", "1. [ ] a|"},
    {EDITOR_CHECK, "  a|", "  - [ ] a|"},
    {EDITOR_CHECK, "|", "- [ ] |"},
    {EDITOR_CHECK, "^- [ ] a\n- [x] b\n- c|", "^- [x] a\n- [x] b\n- c|"},
    {EDITOR_CHECK, "^- a\n\n- [x] b\nc|", "^- [ ] a\n\n- [x] b\n- [ ] c|"},
};

static void check_row(const struct verb_row *row, int width)
{
    struct desk d;
    desk_init(&d, row->before);
    d.e.width = width;
    bool done = desk_do(&d, row->verb);
    desk_expect(&d, row->after ? row->after : row->before, row->before);
    if (done != (row->after != NULL))
        fail_msg("\"%s\": %s happens", row->before, done ? "something" : "nothing");
    desk_finish(&d);
}

#define check_rows(rows, width)                                                                \
    do {                                                                                       \
        for (size_t i_ = 0; i_ < COUNT_OF(rows); i_++)                                         \
            check_row(&(rows)[i_], width);                                                     \
    } while (0)

static void movement_goes_by_clusters_words_lines_and_paragraphs(void **state)
{
    (void)state;
    check_rows(movement, 80);
}

static void up_down_home_and_end_know_the_rows_of_a_wrapped_line(void **state)
{
    (void)state;
    check_rows(movement_in_rows, 10);
}

static void erasing_takes_whole_clusters_words_and_lines(void **state)
{
    (void)state;
    check_rows(erasing, 80);
}

static void lists_go_on_are_indented_moved_and_ticked(void **state)
{
    (void)state;
    check_rows(lists, 80);
}

static void up_and_down_remember_the_column(void **state)
{
    (void)state;
    struct desk d;
    desk_init(&d, "abc|d\n\n" MID MID MID "\nabcd");
    desk_do(&d, EDITOR_DOWN);
    desk_expect(&d, "abcd\n|\n" MID MID MID "\nabcd", "an empty line");
    desk_do(&d, EDITOR_DOWN);
    desk_expect(&d, "abcd\n\n" MID "|" MID MID "\nabcd", "a wide line");
    desk_do(&d, EDITOR_DOWN);
    desk_expect(&d, "abcd\n\n" MID MID MID "\nabc|d", "where it began");
    desk_do(&d, EDITOR_LEFT);
    desk_do(&d, EDITOR_UP);
    desk_do(&d, EDITOR_UP);
    desk_do(&d, EDITOR_UP);
    desk_expect(&d, "ab|cd\n\n" MID MID MID "\nabcd", "moving aside is a new column");
    desk_finish(&d);
}

static void movement_extends_what_is_selected(void **state)
{
    (void)state;
    struct desk d;
    desk_init(&d, "one |two three");
    assert_true(desk_select(&d, EDITOR_WORD_RIGHT));
    desk_expect(&d, "one ^two| three", "a word");
    desk_select(&d, EDITOR_RIGHT);
    desk_expect(&d, "one ^two |three", "one more");
    desk_select(&d, EDITOR_TEXT_START);
    desk_expect(&d, "|one ^two three", "to the other side of the anchor");
    desk_do(&d, EDITOR_RIGHT);
    desk_expect(&d, "one |two three", "moving goes to the end of it");
    desk_finish(&d);
}

static void a_mark_selects_until_something_is_done(void **state)
{
    (void)state;
    struct desk d;
    desk_init(&d, "|abc");
    d.e.selecting = true;
    desk_do(&d, EDITOR_RIGHT);
    desk_do(&d, EDITOR_RIGHT);
    desk_expect(&d, "^ab|c", "moved");
    desk_do(&d, EDITOR_COPY);
    assert_false(d.e.selecting);
    desk_expect(&d, "^ab|c", "copied");
    desk_do(&d, EDITOR_RIGHT);
    desk_expect(&d, "ab|c", "and let go");
    desk_finish(&d);
}

static void what_is_cut_is_pasted(void **state)
{
    (void)state;
    struct desk d;
    desk_init(&d, "a^b" MID "|c");
    desk_do(&d, EDITOR_CUT);
    desk_do(&d, EDITOR_TEXT_END);
    desk_do(&d, EDITOR_PASTE);
    desk_expect(&d, "acb" MID "|", "cut and pasted");
    desk_do(&d, EDITOR_PASTE);
    desk_expect(&d, "acb" MID "b" MID "|", "once more");
    desk_finish(&d);
}

static void a_line_copied_whole_is_pasted_above(void **state)
{
    (void)state;
    struct desk d;
    desk_init(&d, "one\nt|wo");
    desk_do(&d, EDITOR_COPY);
    desk_do(&d, EDITOR_PASTE);
    desk_expect(&d, "one\ntwo\nt|wo", "twice now");
    desk_do(&d, EDITOR_CUT);
    desk_expect(&d, "one\ntwo|", "the last line goes with the newline in front");
    desk_do(&d, EDITOR_UP);
    desk_do(&d, EDITOR_PASTE);
    desk_expect(&d, "two\none|\ntwo", "above");
    desk_finish(&d);
}

static void kills_in_a_row_are_pasted_together(void **state)
{
    (void)state;
    struct desk d;
    desk_init(&d, "|one\ntwo\nthree");
    desk_do(&d, EDITOR_KILL_LINE);
    desk_do(&d, EDITOR_KILL_LINE);
    desk_do(&d, EDITOR_KILL_LINE);
    desk_expect(&d, "|\nthree", "three kills");
    desk_do(&d, EDITOR_PASTE);
    desk_expect(&d, "one\ntwo|\nthree", "one paste");
    desk_do(&d, EDITOR_DELETE);
    desk_do(&d, EDITOR_KILL_LINE);
    desk_do(&d, EDITOR_PASTE);
    desk_expect(&d, "one\ntwothree|", "a new kill after something else");
    desk_finish(&d);
}

static void typing_replaces_what_is_selected(void **state)
{
    (void)state;
    static const struct {
        const char *before, *typed, *after;
    } rows[] = {
        {"a|b", "x", "ax|b"},
        {"a^b|c", "x", "ax|c"},
        {"|", MID, MID "|"},
        {"e|", ACUTE, E_ACUTE "|"},
        {"|" ACUTE, "e", E_ACUTE "|"},
        {"|", "a\r\nb\rc\nd", "a\nb\nc\nd|"},
        {"|",
         "a\xff"
         "b",
         "a\xef\xbf\xbd"
         "b|"},
        {"^ab|", "", "|"},
        {"a|", "", "a|"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk d;
        desk_init(&d, rows[i].before);
        desk_type(&d, str_of(rows[i].typed));
        desk_expect(&d, rows[i].after, rows[i].before);
        desk_finish(&d);
    }
}

static void nul_is_not_put_into_a_text(void **state)
{
    (void)state;
    struct desk d;
    desk_init(&d, "|");
    desk_type(&d, (struct str){"a\0b", 3});
    desk_expect(&d,
                "a\xef\xbf\xbd"
                "b|",
                "NUL");
    desk_finish(&d);
}

static void a_megabyte_is_pasted_as_one_insertion(void **state)
{
    (void)state;
    struct desk d;
    struct buf text = {0};
    for (int i = 0; i < 1024 * 1024 / 16; i++)
        buf_add_str(&text, STR("- a line, so so\n"));
    desk_init(&d, "a|b");
    desk_type(&d, buf_str(&text));
    assert_int_equal(op_parts(&d.op), 2);
    assert_int_equal(d.caret, 1 + text.n);
    buf_finish(&text);
    desk_finish(&d);
}

/* Moving lines takes the neighbour out, so that whoever is in what is moved stays there. */
static void others_carets_move_with_the_line_they_are_in(void **state)
{
    (void)state;
    struct desk d;
    desk_init(&d, "one\ntw|o");
    size_t other = 5;
    desk_do(&d, EDITOR_LINE_UP);
    assert_int_equal(op_caret(&d.op, other, OP_RIGHT), 1);
    desk_finish(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(movement_goes_by_clusters_words_lines_and_paragraphs),
        cmocka_unit_test(up_down_home_and_end_know_the_rows_of_a_wrapped_line),
        cmocka_unit_test(erasing_takes_whole_clusters_words_and_lines),
        cmocka_unit_test(lists_go_on_are_indented_moved_and_ticked),
        cmocka_unit_test(up_and_down_remember_the_column),
        cmocka_unit_test(movement_extends_what_is_selected),
        cmocka_unit_test(a_mark_selects_until_something_is_done),
        cmocka_unit_test(what_is_cut_is_pasted),
        cmocka_unit_test(a_line_copied_whole_is_pasted_above),
        cmocka_unit_test(kills_in_a_row_are_pasted_together),
        cmocka_unit_test(typing_replaces_what_is_selected),
        cmocka_unit_test(nul_is_not_put_into_a_text),
        cmocka_unit_test(a_megabyte_is_pasted_as_one_insertion),
        cmocka_unit_test(others_carets_move_with_the_line_they_are_in),
    };
    return cmocka_run_group_tests_name("editor", tests, NULL, NULL);
}
