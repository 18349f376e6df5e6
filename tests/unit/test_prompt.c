/* The command line: what Tab offers, and commands that no key has. */
#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void tab_offers_what_a_command_is_about(void **state)
{
    struct screen_kit *k = *state;
    static const struct {
        const char *typed, *line, *offers;
    } rows[] = {
        {"task open 3", "task open 3", "31  38  3"},
        {"task open 4", "task open 4", "40  42"},
        {"task open 31", "task open 31 ", NULL},
        {"task open ", "task open 12 ", NULL}, /* the selected one */
        {"task label 12 do", "task label 12 docs ", NULL},
        {"task move 12 doi", "task move 12 Doing ", NULL},
    };
    kit_frame(k,
              "{'type':'task.edited','room':'#core','seq':%d,'time':1,'author':'bo',"
              "'client':'elsewhere1','id':1000,'task':31,'changes':[{'field':'label',"
              "'value':'docs'}]}",
              ++k->seq);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        kit_keys(k, ":");
        kit_type(k, rows[i].typed);
        kit_keys(k, "Tab");
        struct str line = lineedit_text(&k->model.line);
        if (!str_is(line, rows[i].line))
            fail_msg("\"%s\" became \"%.*s\"", rows[i].typed, STR_ARG(line));
        if (rows[i].offers)
            shows(k, rows[i].offers);
        kit_keys(k, "Esc");
    }
}

static void lists_go_to_where_they_stand(void **state)
{
    struct screen_kit *k = *state;
    static const struct {
        const char *line;
        enum focus focus;
    } rows[] = {
        {"room list", FOCUS_ROOMS},
        {"task list", FOCUS_BOARD},
        {"who", FOCUS_ROOMS},
        {"message list", FOCUS_CHAT},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        command_line(k, rows[i].line);
        if (k->model.focus != rows[i].focus)
            fail_msg("%s: %d", rows[i].line, (int)k->model.focus);
        kit_keys(k, "Esc");
    }
    command_line(k, "note list");
    shows(k, "Minutes");
}

static void a_column_is_gone_to_by_its_name(void **state)
{
    struct screen_kit *k = *state;
    command_line(k, "task list done");
    assert_int_equal(k->model.here->column, 2);
    assert_int_equal(k->model.here->card, 3);
    command_line(k, "task list todo");
    assert_int_equal(k->model.here->card, 12);
    command_line(k, "task list nowhere");
    shows(k, "There is no column \"nowhere\" here.");
    assert_int_equal(k->model.here->card, 12);
}

static void a_filter_is_cleared_by_a_command_too(void **state)
{
    struct screen_kit *k = *state;
    command_line(k, "filter @bo");
    shows(k, " of 8");
    command_line(k, "filter clear");
    shows_not(k, " of 8");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_screen, close_screen)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tab_offers_what_a_command_is_about),
        TEST(lists_go_to_where_they_stand),
        TEST(a_column_is_gone_to_by_its_name),
        TEST(a_filter_is_cleared_by_a_command_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
