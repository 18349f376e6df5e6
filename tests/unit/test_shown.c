/* What of a board shows: filters as they are written, kept and saved, and orders. */
#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void set(struct screen_kit *k, int task, const char *field, const char *value)
{
    k->seq++;
    kit_frame(
        k,
        "{'type':'task.edited','room':'#core','seq':%d,'time':%lld,'author':'bo',"
        "'client':'elsewhere1','id':%d,'task':%d,'changes':[{'field':'%s','value':'%s'}]}",
        k->seq, (long long)k->now, 1000 + k->seq, task, field, value);
}

static int set_up(void **state)
{
    struct screen_kit *k = open_screen_of(state, 100, 30);
    set(k, 12, "assignee", "bo");
    set(k, 31, "label", "docs");
    set(k, 38, "label", "bug");
    set(k, 38, "due", "2026-03-05");
    set(k, 40, "due", "2026-03-01");
    set(k, 42, "assignee", "ana");
    set(k, 42, "priority", "high");
    kit_forget(k);
    return 0;
}

/* Numbers of the cards that show in a column. */
static void expect_cards(struct screen_kit *k, int column, const char *numbers)
{
    struct shown s = board_shown(&k->model, column);
    struct buf got = {0};
    for (size_t i = 0; i < s.n; i++)
        buf_fmt(&got, "%s%lld", i ? " " : "", (long long)s.v[i]->number);
    assert_string_equal(buf_cstr(&got), numbers);
    buf_finish(&got);
}

static void each_key_narrows_what_shows(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "/");
    shows(k, "all");
    kit_type(k, "@b");
    expect_cards(k, 0, "12");
    expect_cards(k, 1, "");
    shows(k, "1 of 8");
    shows_not(k, "Release 0.2");
    kit_keys(k, "Backspace Backspace");
    kit_type(k, "label:");
    expect_cards(k, 0, "12 31 38 40"); /* it does not say which yet */
    kit_type(k, "b");
    expect_cards(k, 0, "38");
    kit_keys(k, "Esc");
    expect_cards(k, 0, "12 31 38 40");
    shows_not(k, " of 8");
}

static void a_filter_stays_until_it_is_cleared(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "/");
    kit_type(k, "-label:docs due:<7d");
    kit_keys(k, "Enter");
    expect_cards(k, 0, "38 40");
    shows(k, "/-label:docs due:<7d");
    shows(k, "2 of 8");
    set(k, 12, "due", "2026-03-03");
    expect_cards(k, 0, "12 38 40");
    k->now += INT64_C(86400000); /* tomorrow seven days reach further */
    set(k, 14, "due", "2026-03-09");
    expect_cards(k, 1, "14");
    kit_keys(k, "Esc Esc"); /* a toast may be in front */
    expect_cards(k, 1, "14 42");
}

static void a_filter_with_a_fault_is_not_taken(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "/");
    kit_type(k, "@ana due:soon");
    expect_cards(k, 1, "42"); /* what is being written takes nothing away */
    shows(k, "names no day");
    kit_type(k, " x");
    expect_cards(k, 1, "42");
    kit_keys(k, "Enter");
    assert_int_equal(k->model.prompt, PROMPT_FILTER);
    kit_keys(k, "C-u");
    kit_type(k, "release");
    kit_keys(k, "Enter");
    assert_int_equal(k->model.prompt, PROMPT_NONE);
    expect_cards(k, 1, "14");
}

static void the_selection_is_on_what_shows(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "j");
    assert_int_equal(k->model.here->card, 31);
    kit_keys(k, "/");
    kit_type(k, "due:>2026-01-01");
    kit_keys(k, "Enter");
    assert_int_equal(k->model.here->card, 40);
    kit_keys(k, "k");
    assert_int_equal(k->model.here->card, 38);
    kit_keys(k, "k l");
    assert_int_equal(k->model.here->card, 0); /* nothing of that column shows */
}

static void a_card_moves_past_what_shows(void **state)
{
    struct screen_kit *k = *state;
    struct buf out = {0};
    kit_keys(k, "/");
    kit_type(k, "-label:docs");
    kit_keys(k, "Enter J"); /* 12 over 38, past 31 which does not show */
    assert_non_null(strstr(kit_sent(k, &out), "\"task\":12,\"column\":\"Todo\",\"after\":38"));
    expect_cards(k, 0, "38 12 40");
    kit_keys(k, "K");
    expect_cards(k, 0, "12 38 40");
    buf_finish(&out);
}

static void orders_change_nothing(void **state)
{
    struct screen_kit *k = *state;
    struct buf out = {0};
    kit_keys(k, "s");
    shows(k, "by due");
    expect_cards(k, 0, "40 38 12 31");
    kit_keys(k, "s");
    expect_cards(k, 1, "42 14");
    kit_keys(k, "s");
    shows(k, "by assignee");
    expect_cards(k, 0, "12 31 38 40");
    kit_keys(k, ":");
    kit_type(k, "sort number");
    kit_keys(k, "Enter J");
    shows(k, "sorted by number");
    assert_string_equal(kit_sent(k, &out), "");
    kit_keys(k, "L"); /* to another column is no matter of order */
    assert_non_null(strstr(kit_sent(k, &out), "\"task.move\""));
    kit_keys(k, "s");
    shows(k, "by updated");
    expect_cards(k, 0, "40 38 31");
    kit_frame(k,
              "{'type':'message','room':'#core','seq':%d,'time':1772452800000,'author':'bo',"
              "'client':'elsewhere1','id':100,'task':38,'text':'x'}",
              ++k->seq);
    expect_cards(k, 0, "38 40 31");
    kit_keys(k, "s");
    expect_cards(k, 0, "31 38 40");
    buf_finish(&out);
}

static void filters_are_saved_and_picked(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "/");
    kit_type(k, "@me");
    kit_keys(k, "Enter :");
    kit_type(k, "filter save mine");
    kit_keys(k, "Enter");
    assert_int_equal(k->out.items.v[k->out.items.n - 1].kind, EFFECT_FILTER);
    kit_keys(k, "Esc Esc");
    expect_cards(k, 1, "14 42");
    kit_keys(k, "F");
    shows(k, "filter pick mine");
    kit_keys(k, "Enter");
    expect_cards(k, 1, "42");
    kit_keys(k, "/ C-u");
    kit_type(k, "-saved:mine");
    kit_keys(k, "Enter");
    expect_cards(k, 1, "14");
    kit_keys(k, ":");
    kit_type(k, "filter remove mine");
    kit_keys(k, "Enter F");
    shows(k, "No filter is saved");
}

static void tab_completes_words_of_a_filter(void **state)
{
    struct screen_kit *k = *state;
    static const struct {
        const char *typed, *line;
    } rows[] = {
        {"-lab", "-label:"}, {"label:b", "label:bug "},
        {"@cl", "@cleo "},   {"x column:to", "x column:Todo "},
        {"bl", "blocked "},  {"due:o", "due:overdue "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        kit_keys(k, "/");
        kit_type(k, rows[i].typed);
        kit_keys(k, "Tab");
        struct str line = lineedit_text(&k->model.line);
        assert_true(str_is(line, rows[i].line));
        kit_keys(k, "Esc");
    }
    kit_keys(k, "/ Tab");
    shows(k, "@me  label:  due:");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, close_screen)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_key_narrows_what_shows),        TEST(a_filter_stays_until_it_is_cleared),
        TEST(a_filter_with_a_fault_is_not_taken), TEST(the_selection_is_on_what_shows),
        TEST(a_card_moves_past_what_shows),       TEST(orders_change_nothing),
        TEST(filters_are_saved_and_picked),       TEST(tab_completes_words_of_a_filter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
