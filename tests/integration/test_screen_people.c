/* People on two real screens: who is here and how, no ghosts, pointers, following. */
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
#include <sys/wait.h>

static void command(struct screen *s, const char *line)
{
    focus_board(s);
    screen_type(s, ":");
    screen_type(s, line);
    screen_type(s, "\r");
}

/* Mine wide, hers as small as a terminal usually is. */
static void two_sizes(struct world *w)
{
    w->mine = screen_online(&w->me, WIDE_ROWS, WIDE_COLS);
    w->hers = screen_online(&w->ana, 24, 80);
    assert_true(screen_wait(w->mine, "People 2 of 2", SOON));
    assert_true(screen_wait(w->hers, "People 2 of 2", SOON));
}

/* ---- statuses ---- */

static void a_status_is_seen_on_the_others_screen_and_by_scripts(void **state)
{
    struct world *w = *state;
    two_sizes(w);
    command(w->hers, "status away lunch");
    assert_true(screen_wait(w->mine, "lunch", SOON));
    struct run r =
        moot_says(&w->me, NULL, (const char *const[]){"who", "#lobby", "--json", NULL});
    assert_non_null(strstr(r.out, "\"user\":\"ana\",\"role\":\"member\",\"online\":true,"
                                  "\"status\":\"away\",\"words\":\"lunch\""));
    run_finish(&r);
    r = moot_says(&w->ana, NULL, (const char *const[]){"status", "dnd", "no calls", NULL});
    run_finish(&r);
    assert_true(screen_wait(w->mine, "no calls", SOON));
    assert_true(screen_wait(w->hers, "dnd", SOON));
    r = moot_says(&w->ana, NULL, (const char *const[]){"status", "online", NULL});
    run_finish(&r);
    assert_true(screen_wait_gone(w->mine, "no calls", SOON));
}

static void a_status_comes_back_after_the_server_was_killed(void **state)
{
    struct world *w = *state;
    two_sizes(w);
    command(w->hers, "status away lunch");
    assert_true(screen_wait(w->mine, "lunch", SOON));
    rig_kill(&w->rig);
    assert_true(screen_wait(w->mine, "People 0 of 2", SOON));
    assert_true(rig_up(&w->rig));
    back_online(w->mine);
    back_online(w->hers);
    assert_true(screen_wait(w->mine, "lunch", SOON));
}

static void who_presses_no_key_is_idle(void **state)
{
    struct world *w = *state;
    env_set(&w->ana.env, "MOOT_IDLE", "1s");
    two_sizes(w);
    assert_true(screen_wait(w->mine, "idle", SOON));
    for (int tries = 0; tries < 50 && screen_shows(w->mine, "idle"); tries++) {
        screen_type(w->hers, "j"); /* it lasts a second, which a busy machine may not draw */
        screen_pump(w->mine, 200);
    }
    assert_false(screen_shows(w->mine, "idle"));
}

/* ---- no ghosts ---- */

static void a_killed_client_is_gone(void **state)
{
    struct world *w = *state;
    two_sizes(w);
    pty_signal(&w->hers->pty, SIGKILL);
    assert_true(screen_wait(w->mine, "People 1 of 2", SOON));
}

static void one_session_of_two_that_is_killed_leaves_the_person_there(void **state)
{
    struct world *w = *state;
    two_sizes(w);
    struct screen *third = screen_online(&w->ana, 24, 80);
    pty_signal(&third->pty, SIGKILL);
    assert_true(screen_wait_end(third, SOON));
    screen_free(third);
    add_card(w->hers, "Still here");
    assert_true(screen_wait(w->mine, "Still here", SOON));
    assert_true(screen_shows(w->mine, "People 2 of 2"));
}

static void who_was_killed_while_the_server_was_down_is_no_ghost(void **state)
{
    struct world *w = *state;
    two_sizes(w);
    rig_kill(&w->rig);
    pty_signal(&w->hers->pty, SIGKILL);
    assert_true(screen_wait_end(w->hers, SOON));
    assert_true(rig_up(&w->rig));
    back_online(w->mine);
    assert_true(screen_wait(w->mine, "People 1 of 2", SOON));
}

static void one_that_says_nothing_any_more_is_gone_and_comes_back(void **state)
{
    struct world *w = *state;
    assert_true(rig_down(&w->rig));
    w->rig.args[0] = "--heartbeat=1s";
    assert_true(rig_up(&w->rig));
    two_sizes(w);
    pty_signal(&w->hers->pty, SIGSTOP); /* the machine is asleep: no end of the link is told */
    assert_true(screen_wait(w->mine, "People 1 of 2", SOON));
    pty_signal(&w->hers->pty, SIGCONT);
    assert_true(screen_wait(w->mine, "People 2 of 2", 3 * SOON));
    w->rig.args[0] = NULL;
}

/* ---- pointers ---- */

static bool reports_motion(struct screen *s, void *unused)
{
    (void)unused;
    return screen_mode_is_on(s, MODE_MOUSE_MOVE);
}

static bool reports_drags_alone(struct screen *s, void *unused)
{
    (void)unused;
    return !screen_mode_is_on(s, MODE_MOUSE_MOVE) && screen_mode_is_on(s, MODE_MOUSE_DRAG);
}

static void share_pointer(struct screen *s)
{
    focus_board(s);
    screen_type(s, "^");
    assert_true(screen_wait_until(s, reports_motion, NULL, "reports of motion", SOON));
    assert_true(screen_wait(s, "pointer shown", SOON));
}

static void motion_is_reported_only_while_the_pointer_is_shared(void **state)
{
    struct world *w = *state;
    w->mine = screen_online(&w->me, 24, 80);
    assert_true(reports_drags_alone(w->mine, NULL));
    share_pointer(w->mine);
    screen_type(w->mine, "^");
    assert_true(
        screen_wait_until(w->mine, reports_drags_alone, NULL, "drags alone again", SOON));
    share_pointer(w->mine);
    rig_kill(&w->rig);
    assert_true(
        screen_wait_until(w->mine, reports_drags_alone, NULL, "no link, no pointer", SOON));
    assert_true(rig_up(&w->rig));
    back_online(w->mine);
    quit(w->mine);
}

static void every_way_out_ends_the_reports(void **state)
{
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT, SIGSEGV, SIGABRT, SIGBUS};
    struct world *w = *state;
    for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
        w->mine = screen_online(&w->me, 24, 80);
        share_pointer(w->mine);
        pty_signal(&w->mine->pty, signals[i]);
        if (!screen_wait_end(w->mine, SOON) || !screen_is_restored(w->mine))
            fail_msg("%s does not restore the terminal", strsignal(signals[i]));
        screens_close(w);
    }
    w->mine = screen_online(&w->me, 24, 80);
    share_pointer(w->mine);
    screen_type(w->mine, "\x1a");
    assert_true(screen_wait_stop(w->mine, SOON));
    screen_pump(w->mine, 0);
    assert_true(screen_is_restored(w->mine));
    pty_foreground(&w->mine->pty);
    assert_true(screen_wait_until(w->mine, reports_motion, NULL, "them again", SOON));
    quit(w->mine);
}

static void point(struct screen *s, int row, int col)
{
    char keys[40];
    snprintf(keys, sizeof(keys), "\x1b[<35;%d;%dM", col + 1, row + 1);
    screen_type(s, keys);
}

static void a_pointer_shows_at_the_same_word_on_another_screen(void **state)
{
    struct world *w = *state;
    int row, col;
    two_sizes(w);
    struct run r = moot_says(
        &w->me, NULL,
        (const char *const[]){"task", "add", "#lobby", "The quick brown fox is lazy", NULL});
    run_finish(&r);
    screen_resize(w->mine, WIDE_ROWS, 200);
    assert_true(screen_wait(w->mine, "lazy", SOON));
    assert_true(screen_wait(w->hers, "lazy", SOON));
    share_pointer(w->mine);
    assert_true(screen_find(w->mine, "lazy", &row, &col));
    point(w->mine, row, col);
    assert_true(screen_wait(w->hers, "l◄", SOON));
    assert_true(screen_find(w->mine, "quick", &row, &col));
    point(w->mine, row, col);
    assert_true(screen_wait(w->hers, "q◄", SOON));
    screen_type(w->hers, "X");
    assert_true(screen_wait_gone(w->hers, "q◄", SOON));
    screen_type(w->hers, "X");
    assert_true(screen_wait(w->hers, "q◄", SOON));
    pty_signal(&w->mine->pty, SIGKILL);
    assert_true(screen_wait_gone(w->hers, "q◄", SOON));
}

/* ---- following ---- */

static void a_view_follows_until_a_key(void **state)
{
    struct world *w = *state;
    two_sizes(w);
    struct run r = moot_says(&w->me, "the first words of a plan\n",
                             (const char *const[]){"note", "new", "#lobby", "Plan", NULL});
    run_finish(&r);
    r = moot_says(&w->me, "the first words of a plan\n",
                  (const char *const[]){"note", "append", "#lobby", "Plan", "-", NULL});
    run_finish(&r);
    command(w->mine, "follow ana");
    assert_true(screen_wait(w->mine, "following ana", SOON));
    assert_true(screen_wait(w->hers, " follows", SOON));
    command(w->hers, "note Plan");
    assert_true(screen_wait(w->mine, "the first words of a plan", SOON));
    screen_type(w->mine, "\x1b");
    assert_true(screen_wait_gone(w->mine, "following ana", SOON));
}

static void typing_on_a_card_and_in_a_note_is_seen(void **state)
{
    struct world *w = *state;
    two_sizes(w);
    add_card(w->mine, "Talk about me");
    assert_true(screen_wait(w->hers, "Talk about", SOON));
    command(w->hers, "note new Minutes");
    screen_type(w->hers, "we met");
    assert_true(screen_wait(w->mine, "types", SOON));
    screen_type(w->hers, "\x1b");
    focus_board(w->hers);
    command(w->hers, "task comment 1");
    screen_type(w->hers, "I think that");
    assert_true(screen_wait(w->mine, "ana on 1 is typing", SOON));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, world_set_up, world_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_status_is_seen_on_the_others_screen_and_by_scripts),
        TEST(a_status_comes_back_after_the_server_was_killed),
        TEST(who_presses_no_key_is_idle),
        TEST(a_killed_client_is_gone),
        TEST(one_session_of_two_that_is_killed_leaves_the_person_there),
        TEST(who_was_killed_while_the_server_was_down_is_no_ghost),
        TEST(one_that_says_nothing_any_more_is_gone_and_comes_back),
        TEST(motion_is_reported_only_while_the_pointer_is_shared),
        TEST(every_way_out_ends_the_reports),
        TEST(a_pointer_shows_at_the_same_word_on_another_screen),
        TEST(a_view_follows_until_a_key),
        TEST(typing_on_a_card_and_in_a_note_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
