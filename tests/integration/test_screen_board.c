/* Many cards: which of them show; what is done to them at one stroke, and taken back and done
 * again a hundred deep, on two screens, while the server dies and comes back: nothing is lost,
 * nothing happens twice. */
#include "screens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { CARDS = 12, DEEP = 100 };

/* Mine is wide, hers 80 columns by 24. */
static void two_sizes(struct world *w)
{
    w->mine = screen_online(&w->me, 50, 200);
    w->hers = screen_online(&w->ana, 24, 80);
}

static void both_online(struct world *w)
{
    back_online(w->mine);
    back_online(w->hers);
    all_saved(w->mine);
}

static void both_show(struct world *w, const char *text)
{
    assert_true(screen_wait(w->mine, text, 3 * SOON));
    assert_true(screen_wait(w->hers, text, 3 * SOON));
}

/* How many events of this kind the log has. */
static int events(struct world *w, const char *type)
{
    char want[64];
    int n = 0;
    snprintf(want, sizeof want, "\"type\":\"%s\"", type);
    struct run r = moot_says(
        &w->me, NULL, (const char *const[]){"tail", "#lobby", "--events", "--json", NULL});
    for (const char *at = r.out; (at = strstr(at, want)) != NULL; at += strlen(want))
        n++;
    run_finish(&r);
    return n;
}

static void assert_in_column(struct world *w, const char *column)
{
    struct run r =
        moot_says(&w->ana, NULL,
                  (const char *const[]){"task", "list", "#lobby", "--column", column, NULL});
    for (int i = 1; i <= CARDS; i++) {
        char title[32];
        snprintf(title, sizeof title, "Card %02d.", i);
        const char *at = strstr(r.out, title);
        assert_non_null(at);
        assert_null(strstr(at + 1, title));
    }
    run_finish(&r);
}

static void add_cards(struct world *w)
{
    char lines[CARDS * 16] = "";
    for (int i = 1; i <= CARDS; i++)
        snprintf(lines + strlen(lines), sizeof lines - strlen(lines), "Card %02d.\n", i);
    struct run r =
        moot_says(&w->me, lines, (const char *const[]){"task", "add", "#lobby", "-", NULL});
    run_finish(&r);
}

static void many_cards_are_moved_while_the_server_dies(void **state)
{
    struct world *w = *state;
    add_cards(w);
    two_sizes(w);
    both_show(w, "Todo 12");
    focus_board(w->mine);
    screen_type(w->mine, "*L");
    both_show(w, "Doing 12");
    all_saved(w->mine);
    rig_kill(&w->rig);
    assert_true(screen_wait(w->mine, "reconnecting", SOON));
    screen_type(w->mine, "u"); /* all of them, and shown at once */
    assert_true(screen_wait(w->mine, "Todo 12", SOON));
    assert_true(screen_wait(w->mine, "12 unsaved", SOON));
    assert_true(screen_shows(w->hers, "Doing 12"));
    assert_true(rig_up(&w->rig));
    both_online(w);
    both_show(w, "Todo 12");
    assert_in_column(w, "Todo");
    screen_type(w->mine, "\x12"); /* do it again, and the server dies under it */
    assert_true(screen_wait(w->mine, "Doing 12", SOON));
    rig_kill(&w->rig);
    assert_true(rig_up(&w->rig));
    both_online(w);
    both_show(w, "Doing 12");
    assert_in_column(w, "Doing");
    assert_int_equal(events(w, "task.moved"), 3 * CARDS);
    quit(w->mine);
    quit(w->hers);
}

/* Does something DEEP times; the server dies after a third of it and is back after two. */
static void through_a_crash(struct world *w, void (*act)(struct world *w, int i))
{
    for (int i = 1; i <= DEEP; i++) {
        act(w, i);
        if (i == DEEP / 3)
            rig_kill(&w->rig);
        if (i == DEEP * 2 / 3)
            assert_true(rig_up(&w->rig));
    }
    both_online(w);
}

static void retitle(struct world *w, int i)
{
    char line[64];
    snprintf(line, sizeof line, ":task edit 1 Title %03d.\r", i);
    screen_type(w->mine, line);
    snprintf(line, sizeof line, "Title %03d.", i);
    assert_true(screen_wait(w->mine, line, SOON));
}

static void take_back(struct world *w, int i)
{
    char title[32];
    snprintf(title, sizeof title, "1 Title %03d.", DEEP - i);
    screen_type(w->mine, "u");
    assert_true(screen_wait(w->mine, title, SOON));
}

static void do_again(struct world *w, int i)
{
    char title[32];
    snprintf(title, sizeof title, "1 Title %03d.", i);
    screen_type(w->mine, "\x12");
    assert_true(screen_wait(w->mine, title, SOON));
}

static void a_hundred_steps_are_taken_back_and_done_again(void **state)
{
    struct world *w = *state;
    struct run r = moot_says(
        &w->me, NULL, (const char *const[]){"task", "add", "#lobby", "Title 000.", NULL});
    run_finish(&r);
    two_sizes(w);
    both_show(w, "1 Title 000.");
    focus_board(w->mine);
    through_a_crash(w, retitle);
    both_show(w, "1 Title 100.");
    through_a_crash(w, take_back);
    both_show(w, "1 Title 000.");
    screen_type(w->mine, "u");
    assert_true(screen_wait(w->mine, "Nothing of yours to take back", SOON));
    through_a_crash(w, do_again);
    both_show(w, "1 Title 100.");
    assert_int_equal(events(w, "task.edited"), 3 * DEEP);
    assert_int_equal(times_on_board(w, "Title"), 1);
    quit(w->mine);
    quit(w->hers);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_set_up, world_tear_down)

static void a_filter_that_a_command_saved_is_there_on_an_open_screen(void **state)
{
    struct world *w = *state;
    const char *const save[] = {"filter", "save", "hot", "label:hot", NULL};
    const char *const drop[] = {"filter", "remove", "hot", NULL};
    w->mine = screen_online(&w->me, 24, 80);
    focus_board(w->mine);
    add_card(w->mine, "Cold one");
    struct run r = moot_says(&w->me, NULL, save);
    run_finish(&r);
    screen_type(w->mine, ":filter pick hot\r");
    assert_true(screen_wait(w->mine, "label:hot", SOON));
    assert_true(screen_wait_gone(w->mine, "Cold one", SOON));
    screen_type(w->mine, "\x1b");
    assert_true(screen_wait(w->mine, "Cold one", SOON));
    r = moot_says(&w->me, NULL, drop);
    run_finish(&r);
    screen_type(w->mine, ":filter pick hot\r");
    assert_true(screen_wait(w->mine, "No filter is saved", SOON));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(many_cards_are_moved_while_the_server_dies),
        WITH_WORLD(a_hundred_steps_are_taken_back_and_done_again),
        WITH_WORLD(a_filter_that_a_command_saved_is_there_on_an_open_screen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
