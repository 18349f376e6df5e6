/* Links that the terminal itself can open: on a real screen each cell leads where it should,
 * whatever moved, covered or changed it. */
#include "link_reader.h"
#include "screens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BEGIN "\x1b]8;"

/* Where the cells of a screen lead, as of now. */
static struct link_reader *read_links(const struct screen *s)
{
    struct link_reader *r = link_reader_new(s->rows, s->cols);
    link_reader_feed(r, s->raw, s->raw_n);
    return r;
}

/* Words that stand on one row lead, each cell of them, to an address; "" is nowhere. The id is
 * appended to ids, if that is wanted, as "17 ". */
static void expect_link(struct screen *s, const char *words, const char *address, char *ids)
{
    int row, col;
    struct link_reader *r = read_links(s);
    if (!screen_find(s, words, &row, &col))
        fail_msg("'%s' is not on the screen:\n%s", words, screen_text(s));
    for (int i = 0; i < (int)strlen(words); i++) {
        const char *seen = link_reader_at(r, row, col + i), *to = strchr(seen, ' ');
        if (strcmp(to ? to + 1 : "", address) != 0)
            fail_msg("'%s' leads to '%s' at its character %d, not to '%s':\n%s", words, seen, i,
                     address, screen_text(s));
        if (i == 0 && ids && to)
            strncat(ids, seen, (size_t)(to - seen) + 1);
    }
    link_reader_free(r);
}

static void ana_says(struct world *w, const char *text)
{
    struct run r = moot_says(&w->ana, text, (const char *const[]){"send", "#lobby", "-", NULL});
    run_finish(&r);
}

/* Of the message that was said last. */
static void newest_number(struct world *w, char out[24])
{
    struct run r =
        moot_says(&w->ana, NULL, (const char *const[]){"message", "list", "#lobby", NULL});
    snprintf(out, 24, "%d", (int)strtol(r.out, NULL, 10));
    run_finish(&r);
}

static void each_link_of_a_message_leads_to_its_address(void **state)
{
    struct world *w = *state;
    w->mine = screen_online(&w->me, 24, 80);
    ana_says(w, "https://example.org/a, or [the words](https://example.org/b) endofit");
    assert_true(screen_wait(w->mine, "[1] https://example.org/b", SOON));
    expect_link(w->mine, "https://example.org/a", "https://example.org/a", NULL);
    expect_link(w->mine, "the words[1]", "https://example.org/b", NULL);
    expect_link(w->mine, "https://example.org/b", "https://example.org/b", NULL);
    expect_link(w->mine, ", or ", "", NULL);
    expect_link(w->mine, " endofit", "", NULL);
    quit(w->mine);
}

static void an_address_over_several_rows_is_one_link(void **state)
{
    static const char address[] =
        "https://example.org/"
        "first0first0first0first0first0first0first0first0first0first0"
        "second0second0second0second0second0second0second0second0second0"
        "third0third0third0third0";
    struct world *w = *state;
    char ids[64] = "", first[64];
    w->mine = screen_online(&w->me, 24, 80);
    ana_says(w, address);
    assert_true(screen_wait(w->mine, "third0third0", SOON));
    expect_link(w->mine, "https://example", address, ids);
    snprintf(first, sizeof first, "%s", ids);
    expect_link(w->mine, "second0second0", address, ids);
    expect_link(w->mine, "third0third0", address, ids);
    assert_int_equal(strlen(ids), 3 * strlen(first));
    assert_memory_equal(ids, first, strlen(first));
    assert_memory_equal(ids + strlen(first), first, strlen(first));
    quit(w->mine);
}

/* What no second pass behind ncurses could see: nothing on the screen changes but where it
 * leads. */
static void a_link_that_looks_as_before_leads_elsewhere(void **state)
{
    char number[24];
    struct world *w = *state;
    w->mine = screen_online(&w->me, 24, 80);
    ana_says(w, "[here](https://example.org/a)\n[there](https://example.org/b)\nendofit");
    assert_true(screen_wait(w->mine, "endofit", SOON));
    expect_link(w->mine, "there[2]", "https://example.org/b", NULL);
    newest_number(w, number);
    struct run r = moot_says(
        &w->ana, "[here](https://example.org/b)\n[there](https://example.org/a)\nendofit",
        (const char *const[]){"message", "edit", "#lobby", number, "-", NULL});
    run_finish(&r);
    assert_true(screen_wait(w->mine, "(edited)", SOON));
    expect_link(w->mine, "here[1]", "https://example.org/b", NULL);
    expect_link(w->mine, "there[2]", "https://example.org/a", NULL);
    quit(w->mine);
}

static bool is_of_that_size(struct screen *s, void *unused)
{
    int row, col;
    (void)unused;
    return screen_find(s, "Tab completes", &row, &col) && row == 28;
}

static void a_link_goes_along_with_its_words(void **state)
{
    char more[32];
    struct world *w = *state;
    w->mine = screen_online(&w->me, 24, 80);
    ana_says(w, "see [the words](https://example.org/b) endofit");
    assert_true(screen_wait(w->mine, "endofit", SOON));
    for (int i = 0; i < 4; i++) {
        snprintf(more, sizeof more, "more, the %dth", i);
        ana_says(w, more);
        assert_true(screen_wait(w->mine, more, SOON));
        expect_link(w->mine, "the words[1]", "https://example.org/b", NULL);
        expect_link(w->mine, "see ", "", NULL);
        expect_link(w->mine, more, "", NULL);
    }
    /* Covered by the help, and there again; drawn anew by a key, another size, and a shell. */
    focus_board(w->mine);
    screen_type(w->mine, "?");
    assert_true(screen_wait_gone(w->mine, "the words", SOON));
    screen_type(w->mine, "?");
    assert_true(screen_wait(w->mine, "the words", SOON));
    expect_link(w->mine, "the words[1]", "https://example.org/b", NULL);
    screen_type(w->mine, "\x0c:");
    assert_true(screen_wait(w->mine, "Tab completes", SOON));
    expect_link(w->mine, "the words[1]", "https://example.org/b", NULL);
    screen_resize(w->mine, 30, 100);
    assert_true(screen_wait_until(w->mine, is_of_that_size, NULL, "30 rows", SOON));
    expect_link(w->mine, "the words[1]", "https://example.org/b", NULL);
    pty_signal(&w->mine->pty, SIGTSTP);
    assert_true(screen_wait_stop(w->mine, SOON));
    pty_foreground(&w->mine->pty);
    assert_true(screen_wait(w->mine, "the words", SOON));
    expect_link(w->mine, "the words[1]", "https://example.org/b", NULL);
    expect_link(w->mine, "see ", "", NULL);
    pty_signal(&w->mine->pty, SIGTERM);
    assert_true(screen_wait_end(w->mine, SOON));
    assert_true(screen_is_restored(w->mine));
}

/* Variation selectors are how links are marked on the way through ncurses; controls in an
 * address would end the sequence that it stands in. */
static void nobody_can_make_a_link_but_with_an_address(void **state)
{
    struct world *w = *state;
    w->mine = screen_online(&w->me, WIDE_ROWS, WIDE_COLS);
    ana_says(w, "[a](https://example.org/a) [b](https://example.org/b)");
    assert_true(screen_wait(w->mine, "[2] https://example.org/b", SOON));
    ana_says(w, "p\U000e0100l\U000e0101a\U000e0100i\U000e0100n words\U000e0100");
    ana_says(w, "[up](https://example.org/\U000e0101)");
    ana_says(w, "[evil](https://x/\x1b\\\x1b]8;;https://evil/\x1b\\) endofit");
    ana_says(w, "[bell](https://x/\a\x1b]8;;https://evil/\a)");
    ana_says(w, "[bidi](https://x/\u202egro.live)");
    ana_says(w, "[run](file:///bin/sh) [js](javascript:1) lastofall");
    assert_true(screen_wait(w->mine, "lastofall", SOON));
    expect_link(w->mine, "plain words", "", NULL);
    expect_link(w->mine, "up[1]", "https://example.org/%F3%A0%84%81", NULL);
    expect_link(w->mine, "evil[1]", "", NULL);
    expect_link(w->mine, "bell[1]", "", NULL);
    expect_link(w->mine, "bidi[1]", "", NULL);
    expect_link(w->mine, "run[1] js[2]", "", NULL);
    quit(w->mine);
}

/* It may have come in the middle of a frame, or of the sequence that begins a link. */
static void a_fault_leaves_no_link_open(void **state)
{
    struct world *w = *state;
    w->mine = screen_online(&w->me, 24, 80);
    pty_signal(&w->mine->pty, SIGABRT);
    assert_true(screen_wait_end(w->mine, SOON));
    assert_non_null(strstr(w->mine->raw, "\x1b\\" BEGIN ";\x1b\\\x1b[?1000l"));
    assert_true(screen_is_restored(w->mine));
}

static void none_is_sent_where_none_is_wanted(void **state)
{
    static const struct {
        const char *name, *value;
        bool sent;
    } rows[] = {{"TERM", "linux", false},          {"MOOT_ASCII", "yes", false},
                {"MOOT_HYPERLINKS", "off", false}, {"LC_ALL", "C", false},
                {"MOOT_HYPERLINKS", "on", true},   {"TERM", "xterm-256color", true}};
    struct world *w = *state;
    ana_says(w, "[a](https://example.org/a) endofit");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        env_set(&w->me.env, rows[i].name, rows[i].value);
        w->mine = screen_of(&w->me, 24, 80);
        assert_non_null(w->mine);
        assert_true(screen_wait(w->mine, "endofit", SOON));
        bool sent = strstr(w->mine->raw, BEGIN) != NULL;
        if (sent != rows[i].sent)
            fail_msg("%s=%s: %s", rows[i].name, rows[i].value, sent ? "sent" : "not sent");
        quit(w->mine);
        screens_close(w);
        env_unset(&w->me.env, rows[i].name);
        env_set(&w->me.env, "TERM", "xterm-256color");
    }
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(each_link_of_a_message_leads_to_its_address),
        WITH_WORLD(an_address_over_several_rows_is_one_link),
        WITH_WORLD(a_link_that_looks_as_before_leads_elsewhere),
        WITH_WORLD(a_link_goes_along_with_its_words),
        WITH_WORLD(nobody_can_make_a_link_but_with_an_address),
        WITH_WORLD(a_fault_leaves_no_link_open),
        WITH_WORLD(none_is_sent_where_none_is_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
