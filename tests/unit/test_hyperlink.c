#include "hyperlink.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void an_address_is_printable_ascii_or_no_link(void **state)
{
    (void)state;
    static const struct {
        struct str raw;
        const char *sent; /* NULL: none */
    } rows[] = {
        {STR_ROW("https://example.org/a?b=c&d=%20#e"), "https://example.org/a?b=c&d=%20#e"},
        {STR_ROW("http://x"), "http://x"},
        {STR_ROW("https://x/a;b;c"), "https://x/a;b;c"},
        {STR_ROW("https://x/\"<>\\^`{|}~"), "https://x/\"<>\\^`{|}~"},
        {STR_ROW("https://x/a b"), "https://x/a%20b"},
        {STR_ROW("https://x/\u00fc\u4e2d"), "https://x/%C3%BC%E4%B8%AD"},
        {STR_ROW("https://x/\U000e0100"), "https://x/%F3%A0%84%80"},
        /* What could end the sequence, begin another, or read otherwise than it is. */
        {STR_ROW("https://x/\033]8;;https://evil"), NULL},
        {STR_ROW("https://x/\033\\"), NULL},
        {STR_ROW("https://x/\a"), NULL},
        {STR_ROW("https://x/\xc2\x9c"), NULL},
        {STR_ROW("https://x/\x9c"), NULL},
        {STR_ROW("https://x/\n"), NULL},
        {STR_ROW("https://x/\r"), NULL},
        {STR_ROW("https://x/\t"), NULL},
        {STR_ROW("https://x/\0y"), NULL},
        {STR_ROW("https://x/\x7f"), NULL},
        {STR_ROW("https://x/\u202egro.elpmaxe"), NULL},
        {STR_ROW("https://x/\u2066"), NULL},
        {STR_ROW("https://x/\xff"), NULL},
        {STR_ROW("https://x/\xc3"), NULL},
        /* Nothing but the web. */
        {STR_ROW(""), NULL},
        {STR_ROW("x"), NULL},
        {STR_ROW("javascript:alert(1)"), NULL},
        {STR_ROW("file:///etc/passwd"), NULL},
        {STR_ROW("mailto:ana@example.org"), NULL},
        {STR_ROW(" https://x"), NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf out = {0};
        buf_add_str(&out, STR("before "));
        bool ok = hyperlink_address(rows[i].raw, &out);
        if (ok != (rows[i].sent != NULL))
            fail_msg("row %zu: %s", i, ok ? buf_cstr(&out) : "refused");
        assert_string_equal(buf_cstr(&out) + 7, ok ? rows[i].sent : "");
        buf_finish(&out);
    }
}

static void an_address_is_as_long_as_terminals_take(void **state)
{
    (void)state;
    char text[3 * HYPERLINK_MAX];
    struct buf out = {0};
    memset(text, 'a', sizeof text);
    memcpy(text, "https://", 8);
    assert_true(hyperlink_address((struct str){text, HYPERLINK_MAX}, &out));
    assert_int_equal(out.n, HYPERLINK_MAX);
    buf_clear(&out);
    assert_false(hyperlink_address((struct str){text, HYPERLINK_MAX + 1}, &out));
    assert_false(hyperlink_address((struct str){text, sizeof text}, &out));
    /* A byte that is written as three counts as three. */
    memcpy(text + HYPERLINK_MAX - 3, "\u00fc", 2);
    assert_false(hyperlink_address((struct str){text, HYPERLINK_MAX - 1}, &out));
    assert_int_equal(out.n, 0);
    buf_finish(&out);
}

static void links_go_where_they_are_taken_or_passed_over(void **state)
{
    (void)state;
    static const struct {
        struct hyperlink_case c;
        const char *obstacle; /* NULL: none */
    } rows[] = {
        {{.term = "xterm-256color"}, NULL},
        {{.term = "xterm", .colorterm = "truecolor"}, NULL},
        {{.term = "xterm-kitty"}, NULL},
        {{.term = "xterm-ghostty"}, NULL},
        {{.term = "alacritty"}, NULL},
        {{.term = "foot-extra"}, NULL},
        {{.term = "wezterm"}, NULL},
        {{.term = "konsole-256color"}, NULL},
        {{.term = "vte-256color"}, NULL},
        {{.term = "st-256color"}, NULL},
        {{.term = "tmux-256color"}, NULL},
        {{.term = "screen-256color", .tmux = "/tmp/tmux-1/default,1,0"}, NULL},
        {{.term = "xterm-256color", .vte_version = "7006"}, NULL},
        {{.term = "xterm-256color", .vte_version = "5000"}, "VTE_VERSION=5000"},
        {{.term = "xterm-256color", .vte_version = "4205"}, "VTE_VERSION=4205"},
        {{.term = "xterm-256color", .colorterm = "gnome-terminal"}, "COLORTERM=gnome-terminal"},
        {{.term = "xterm-256color", .colorterm = "xfce4-terminal"}, "COLORTERM=xfce4-terminal"},
        {{.term = "xterm"}, "TERM=xterm"},
        {{.term = "linux"}, "TERM=linux"},
        {{.term = "vt220"}, "TERM=vt220"},
        {{.term = "dumb"}, "TERM=dumb"},
        {{.term = "stterm"}, "TERM=stterm"},
        {{.term = ""}, "TERM="},
        {{.term = NULL}, "TERM="},
        {{.term = "screen-256color"},
         "GNU screen passes none on, and prints what is long of them"},
        {{.term = "screen", .sty = "1.pts-0.host"},
         "GNU screen passes none on, and prints what is long of them"},
        {{.term = "xterm-256color", .sty = "1.pts-0.host"},
         "GNU screen passes none on, and prints what is long of them"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena a = {0};
        struct hyperlink_case c = rows[i].c;
        c.is_utf8 = true;
        const char *found = hyperlink_obstacle(&c, &a);
        if (!str_is(str_of(found), rows[i].obstacle ? rows[i].obstacle : ""))
            fail_msg("row %zu: %s", i, found ? found : "none");
        arena_finish(&a);
    }
}

static void what_the_person_wants_comes_first(void **state)
{
    (void)state;
    static const struct {
        struct hyperlink_case c;
        const char *obstacle; /* NULL: none */
    } rows[] = {
        {{HYPERLINKS_AUTO, true, false, .term = "foot"}, NULL},
        {{HYPERLINKS_AUTO, true, true, .term = "foot"}, "it gets ASCII only"},
        {{HYPERLINKS_AUTO, false, true, .term = "foot"}, "its characters are not in UTF-8"},
        {{HYPERLINKS_OFF, true, false, .term = "foot"}, "hyperlinks = off"},
        {{HYPERLINKS_ON, true, true, .term = "linux"}, NULL},
        {{HYPERLINKS_ON, false, true, .term = "foot"}, "its characters are not in UTF-8"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena a = {0};
        const char *found = hyperlink_obstacle(&rows[i].c, &a);
        if (!str_is(str_of(found), rows[i].obstacle ? rows[i].obstacle : ""))
            fail_msg("row %zu: %s", i, found ? found : "none");
        arena_finish(&a);
    }
}

static void the_option_has_three_names(void **state)
{
    (void)state;
    enum hyperlinks h;
    struct err e = {0};
    assert_true(hyperlinks_from_name(STR("auto"), &h, &e) && h == HYPERLINKS_AUTO);
    assert_true(hyperlinks_from_name(STR("on"), &h, &e) && h == HYPERLINKS_ON);
    assert_true(hyperlinks_from_name(STR("off"), &h, &e) && h == HYPERLINKS_OFF);
    assert_false(hyperlinks_from_name(STR("yes"), &h, &e));
    assert_string_equal(e.text, "hyperlinks: 'yes' is not one of auto, on, off");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_printable_ascii_or_no_link),
        cmocka_unit_test(an_address_is_as_long_as_terminals_take),
        cmocka_unit_test(links_go_where_they_are_taken_or_passed_over),
        cmocka_unit_test(what_the_person_wants_comes_first),
        cmocka_unit_test(the_option_has_three_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
