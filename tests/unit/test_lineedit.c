#include "lineedit.h"

#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The caret is written as '|'. */
static void put(struct lineedit *l, const char *marked)
{
    struct buf text = {0};
    const char *caret = strchr(marked, '|');
    buf_add(&text, marked, (size_t)(caret - marked));
    buf_add_str(&text, str_of(caret + 1));
    lineedit_set(l, buf_str(&text));
    l->at = (size_t)(caret - marked);
    buf_finish(&text);
}

static void expect(const struct lineedit *l, const char *marked, const char *what)
{
    struct buf text = {0};
    buf_add(&text, l->text.p, l->at);
    buf_add_c(&text, '|');
    buf_add(&text, l->text.p + l->at, l->text.n - l->at);
    if (!str_is(buf_str(&text), marked))
        fail_msg("%s: \"%s\", not \"%s\"", what, buf_cstr(&text), marked);
    buf_finish(&text);
}

#define FAMILY "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7"
#define E_ACUTE "e\xcc\x81"

static const struct {
    enum line_op op;
    const char *before, *after;
} rows[] = {
    {LINE_LEFT, "ab|", "a|b"},
    {LINE_LEFT, "|ab", "|ab"},
    {LINE_RIGHT, "a|b", "ab|"},
    {LINE_RIGHT, "ab|", "ab|"},
    {LINE_LEFT, "x" FAMILY "|", "x|" FAMILY},
    {LINE_LEFT, E_ACUTE E_ACUTE "|", E_ACUTE "|" E_ACUTE},
    {LINE_RIGHT, "|" E_ACUTE "x", E_ACUTE "|x"},
    {LINE_DELETE_LEFT, "x" FAMILY "|y", "x|y"},
    {LINE_DELETE_RIGHT, "|" E_ACUTE "y", "|y"},
    {LINE_DELETE_LEFT, "|y", "|y"},
    {LINE_WORD_LEFT, "make it, so|", "make it, |so"},
    {LINE_WORD_LEFT, "make it, |so", "make |it, so"},
    {LINE_WORD_RIGHT, "|make it", "make| it"},
    {LINE_WORD_RIGHT, "make| it", "make it|"},
    {LINE_KILL_WORD_LEFT, "src/main.c|", "src/main.|"},
    {LINE_KILL_BLANK_LEFT, "open src/main.c|", "open |"},
    {LINE_KILL_WORD_RIGHT, "|open it", "| it"},
    {LINE_KILL_TO_HOME, "one\ntwo|three", "one\n|three"},
    {LINE_KILL_TO_END, "one|two\nthree", "one|\nthree"},
    {LINE_KILL_TO_END, "one|\nthree", "one|three"},
    {LINE_HOME, "one\ntwo|", "one\n|two"},
    {LINE_END, "o|ne\ntwo", "one|\ntwo"},
    {LINE_START, "one\ntwo|", "|one\ntwo"},
    {LINE_FINISH, "|one\ntwo", "one\ntwo|"},
    {LINE_UP, "one\ntw|o", "on|e\ntwo"},
    {LINE_UP, "o\ntwo|", "o|\ntwo"},
    {LINE_UP, "o|ne", "o|ne"},
    {LINE_DOWN, "on|e\ntwo", "one\ntw|o"},
    {LINE_DOWN, "\xe4\xb8\xad|x\nabc", "\xe4\xb8\xadx\nab|c"},
    {LINE_SWAP, "ab|", "ba|"},
    {LINE_SWAP, "a|b", "ba|"},
    {LINE_SWAP, "|ab", "|ab"},
    {LINE_NEWLINE, "a|b", "a\n|b"},
    {LINE_UNDO, "a|b", "a|b"},
};

static void operations_do_what_their_names_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct lineedit l = {.max = 100, .multiline = true};
        put(&l, rows[i].before);
        lineedit_do(&l, rows[i].op);
        expect(&l, rows[i].after, rows[i].before);
        lineedit_finish(&l);
    }
}

static void kills_in_a_row_are_yanked_together(void **state)
{
    (void)state;
    struct lineedit l = {.max = 100};
    put(&l, "one two three|");
    lineedit_do(&l, LINE_KILL_WORD_LEFT);
    lineedit_do(&l, LINE_KILL_WORD_LEFT);
    expect(&l, "one |", "killed");
    lineedit_do(&l, LINE_HOME);
    lineedit_do(&l, LINE_YANK);
    expect(&l, "two three|one ", "yanked");
    lineedit_do(&l, LINE_KILL_TO_END);
    lineedit_do(&l, LINE_YANK);
    lineedit_do(&l, LINE_YANK);
    expect(&l, "two threeone one |", "a move ends the run");
    lineedit_finish(&l);
}

static void type(struct lineedit *l, const char *text)
{
    for (; *text; text++)
        lineedit_insert(l, (struct str){text, 1});
}

static void undo_goes_word_by_word_and_redo_comes_back(void **state)
{
    (void)state;
    struct lineedit l = {.max = 100};
    type(&l, "fix the bug");
    lineedit_do(&l, LINE_UNDO);
    expect(&l, "fix the |", "undo");
    lineedit_do(&l, LINE_UNDO);
    expect(&l, "fix |", "undo again");
    lineedit_do(&l, LINE_REDO);
    expect(&l, "fix the |", "redo");
    type(&l, "x");
    assert_false(lineedit_do(&l, LINE_REDO));
    lineedit_do(&l, LINE_KILL_TO_HOME);
    expect(&l, "|", "killed");
    lineedit_do(&l, LINE_UNDO);
    expect(&l, "fix the x|", "kill taken back");
    while (lineedit_do(&l, LINE_UNDO))
        ;
    expect(&l, "|", "all taken back");
    lineedit_finish(&l);
}

static void undo_is_bounded(void **state)
{
    (void)state;
    struct lineedit l = {.max = 10000};
    for (int i = 0; i < 2 * LINE_UNDO_MAX; i++)
        lineedit_insert(&l, STR("a long piece of text that joins nothing; "));
    for (int i = 0; i < 2 * LINE_UNDO_MAX; i++)
        lineedit_do(&l, LINE_UNDO);
    assert_true(l.redo.n <= LINE_UNDO_MAX);
    lineedit_finish(&l);
}

static void what_does_not_fit_is_refused_whole(void **state)
{
    (void)state;
    struct lineedit l = {.max = 5};
    assert_true(lineedit_insert(&l, STR("12345")));
    assert_false(lineedit_insert(&l, STR("6")));
    expect(&l, "12345|", "full");
    lineedit_set(&l, STR("1234\xc3\xa9"));
    expect(&l, "1234|", "cut between characters");
    lineedit_finish(&l);
}

static void lines_pasted_into_one_line_become_blanks(void **state)
{
    (void)state;
    struct lineedit l = {.max = 100};
    lineedit_insert(&l, STR("one\n\ntwo\tthree\n"));
    expect(&l, "one two three|", "pasted");
    assert_false(lineedit_do(&l, LINE_NEWLINE));
    lineedit_finish(&l);
}

static void history_goes_back_and_returns_to_the_draft(void **state)
{
    (void)state;
    struct line_history h = {0};
    struct lineedit l = {.max = 100};
    line_history_add(&h, STR("one"));
    line_history_add(&h, STR("two"));
    line_history_add(&h, STR("two"));
    lineedit_set(&l, STR("draft"));
    assert_true(line_history_older(&h, &l));
    expect(&l, "two|", "older");
    assert_true(line_history_older(&h, &l));
    expect(&l, "one|", "oldest");
    assert_false(line_history_older(&h, &l));
    line_history_newer(&h, &l);
    line_history_newer(&h, &l);
    expect(&l, "draft|", "back");
    assert_false(line_history_newer(&h, &l));
    lineedit_finish(&l);
    line_history_finish(&h);
}

/* Random operations on random text: the caret stays between characters, the bound holds, and
 * undoing everything ends where it began. */
static void random_operations_keep_the_text_whole(void **state)
{
    (void)state;
    const char *bits[] = {"a", "word ", "\n", E_ACUTE, FAMILY, "\xe4\xb8\xad", "\xcc\x81", " "};
    unsigned seed = 7;
    for (int round = 0; round < 50; round++) {
        struct lineedit l = {.max = 300, .multiline = true};
        for (int i = 0; i < 150; i++) {
            seed = seed * 1103515245u + 12345u;
            unsigned r = seed >> 16;
            if (r % 3)
                lineedit_insert(&l, str_of(bits[r % COUNT_OF(bits)]));
            else
                lineedit_do(&l, 1 + r / 3 % (LINE_OP_COUNT - 1));
            assert_true(l.at <= l.text.n && l.text.n <= l.max);
            assert_true(l.at == l.text.n || (l.text.p[l.at] & 0xc0) != 0x80);
        }
        lineedit_finish(&l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_do_what_their_names_say),
        cmocka_unit_test(kills_in_a_row_are_yanked_together),
        cmocka_unit_test(undo_goes_word_by_word_and_redo_comes_back),
        cmocka_unit_test(undo_is_bounded),
        cmocka_unit_test(what_does_not_fit_is_refused_whole),
        cmocka_unit_test(lines_pasted_into_one_line_become_blanks),
        cmocka_unit_test(history_goes_back_and_returns_to_the_draft),
        cmocka_unit_test(random_operations_keep_the_text_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
