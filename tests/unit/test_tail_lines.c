/* What of a program's output is worth keeping. */
#include "tail_lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void expect(size_t most, const char *printed, const char *want)
{
    struct tail_lines t = {.most = most};
    struct buf got = {0};
    struct str s = str_of(printed);
    for (size_t i = 0; i < s.n; i++) /* in whatever pieces it comes */
        tail_lines_add(&t, (struct str){s.p + i, 1});
    tail_lines_read(&t, &got);
    assert_string_equal(buf_cstr(&got), want);
    buf_finish(&got);
    tail_lines_finish(&t);
}

static void the_last_lines_are_kept(void **state)
{
    (void)state;
    expect(3, "", "");
    expect(3, "a\n", "a\n");
    expect(3, "a\nb\nc\nd\n", "b\nc\nd\n");
    expect(3, "a\nb\nc\nd", "b\nc\nd\n");
    expect(1, "a\nb", "b\n");
    expect(2, "a\n\n", "a\n\n");
}

static void colours_and_titles_are_gone(void **state)
{
    (void)state;
    expect(3, "\x1b[1;31mred\x1b[0m!\n", "red!\n");
    expect(3, "\x1b]0;title\x07one\x1b]8;;http://x\x1b\\two\n", "onetwo\n");
    expect(3, "\x1b(Bplain\x1b=\n", "plain\n");
    expect(3, "bell\x07 \xff\xc3\xa9\xe2\x80\xae\n", "bell \xc3\xa9\n");
}

static void a_progress_bar_is_what_it_was_at_the_end(void **state)
{
    (void)state;
    expect(3, "10%\r50%\r100%\ndone\r\n", "100%\ndone\n");
    expect(3, "ab\bc\n", "ac\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_lines_are_kept),
        cmocka_unit_test(colours_and_titles_are_gone),
        cmocka_unit_test(a_progress_bar_is_what_it_was_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
