/* Two people, each in their own terminal, on one server. */
#include "screens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <string.h>

static void each_sees_what_the_other_says(void **state)
{
    struct world *w = *state;
    world_screens(w);
    say(w->mine, "hello ana");
    assert_true(screen_wait(w->hers, "hello ana", SOON));
    say(w->hers, "hello yourself");
    assert_true(screen_wait(w->mine, "hello yourself", SOON));
    quit(w->mine);
    quit(w->hers);
}

static void each_sees_the_others_cards(void **state)
{
    struct world *w = *state;
    world_screens(w);
    add_card(w->mine, "Parser");
    assert_true(wait_column(w->hers, "Parser", "Todo", SOON));
    add_card(w->hers, "Grammar");
    assert_true(wait_column(w->mine, "Grammar", "Todo", SOON));
}

static void a_card_moved_by_key_moves_in_the_other_screen(void **state)
{
    struct world *w = *state;
    world_screens(w);
    add_card(w->mine, "Parser");
    assert_true(wait_column(w->hers, "Parser", "Todo", SOON));
    screen_type(w->mine, "L");
    assert_true(wait_column(w->mine, "Parser", "Doing", SOON));
    assert_true(wait_column(w->hers, "Parser", "Doing", SOON));
    screen_type(w->mine, "u");
    assert_true(wait_column(w->hers, "Parser", "Todo", SOON));
}

static void an_edited_title_is_seen_and_an_archived_card_is_gone(void **state)
{
    struct world *w = *state;
    world_screens(w);
    add_card(w->mine, "Wriet");
    assert_true(screen_wait(w->hers, "Wriet", SOON));
    screen_type(w->mine, "e");
    screen_type(w->mine, "\x15" /* kill the line */ "Write\r");
    assert_true(screen_wait(w->hers, "Write", SOON));
    assert_true(screen_wait_gone(w->hers, "Wriet", SOON));
    screen_type(w->mine, "d");
    assert_true(screen_wait_gone(w->hers, "Write", SOON));
}

static void who_is_killed_is_gone_within_a_second(void **state)
{
    struct world *w = *state;
    world_screens(w);
    assert_true(screen_wait(w->mine, "2 of 2", SOON));
    pty_signal(&w->hers->pty, SIGKILL);
    assert_true(screen_wait(w->mine, "1 of 2", 1000));
}

static void who_comes_back_is_here_again(void **state)
{
    struct world *w = *state;
    world_screens(w);
    assert_true(screen_wait(w->mine, "2 of 2", SOON));
    quit(w->hers);
    assert_true(screen_wait(w->mine, "1 of 2", 1000));
    screen_free(w->hers);
    w->hers = screen_online(&w->ana, WIDE_ROWS, WIDE_COLS);
    assert_true(screen_wait(w->mine, "2 of 2", SOON));
}

static void who_types_is_shown_until_it_is_sent(void **state)
{
    struct world *w = *state;
    world_screens(w);
    focus_chat(w->hers);
    screen_type(w->hers, "I have been thinking");
    assert_true(screen_wait(w->mine, "ana is typing", SOON));
    screen_type(w->hers, "\r");
    assert_true(screen_wait(w->mine, "I have been thinking", SOON));
    assert_true(screen_wait_gone(w->mine, "ana is typing", SOON));
}

static void the_command_line_is_one_of_the_team(void **state)
{
    struct world *w = *state;
    w->mine = screen_online(&w->me, WIDE_ROWS, WIDE_COLS);
    struct run r = moot_says(
        &w->ana, NULL,
        (const char *const[]){"task", "add", "#lobby", "Script", "--column", "Doing", NULL});
    run_finish(&r);
    assert_true(wait_column(w->mine, "Script", "Doing", SOON));
    r = moot_says(&w->ana, "two lines\nof a build\n",
                  (const char *const[]){"send", "#lobby", "-", NULL});
    run_finish(&r);
    assert_true(screen_wait(w->mine, "of a build", SOON));
    say(w->mine, "thanks, script");
    all_saved(w->mine);
    assert_int_equal(times_said(w, "thanks, script"), 1);
}

static bool is_selected(struct screen *s, const char *title)
{
    int row, col, other_row, other_col;
    if (!screen_find(s, title, &row, &col) || !screen_find(s, "Doing", &other_row, &other_col))
        return false;
    struct screen_style here = screen_style_at(s, row, col);
    return here.reverse || !here.bg_default;
}

static bool card_is_selected(struct screen *s, void *title)
{
    return is_selected(s, title);
}

static void a_click_selects_and_a_drag_moves(void **state)
{
    struct world *w = *state;
    int row, col, to_row, to_col;
    world_screens(w);
    add_card(w->mine, "Alpha");
    add_card(w->mine, "Beta");
    assert_true(screen_find(w->mine, "Alpha", &row, &col));
    screen_mouse(w->mine, 0, true, row, col);
    screen_mouse(w->mine, 0, false, row, col);
    assert_true(
        screen_wait_until(w->mine, card_is_selected, (void *)"Alpha", "selection", SOON));
    assert_true(screen_find(w->mine, "Done", &to_row, &to_col));
    screen_mouse(w->mine, 0, true, row, col);
    screen_mouse(w->mine, 32, true, row + 1, (col + to_col) / 2);
    screen_mouse(w->mine, 32, true, to_row + 1, to_col + 2);
    screen_mouse(w->mine, 0, false, to_row + 1, to_col + 2);
    assert_true(wait_column(w->hers, "Alpha", "Done", SOON));
    assert_true(wait_column(w->mine, "Alpha", "Done", SOON));
    assert_string_equal(column_of_card(w->hers, "Beta"), "Todo");
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(each_sees_what_the_other_says),
        WITH_WORLD(each_sees_the_others_cards),
        WITH_WORLD(a_card_moved_by_key_moves_in_the_other_screen),
        WITH_WORLD(an_edited_title_is_seen_and_an_archived_card_is_gone),
        WITH_WORLD(who_is_killed_is_gone_within_a_second),
        WITH_WORLD(who_comes_back_is_here_again),
        WITH_WORLD(who_types_is_shown_until_it_is_sent),
        WITH_WORLD(the_command_line_is_one_of_the_team),
        WITH_WORLD(a_click_selects_and_a_drag_moves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
