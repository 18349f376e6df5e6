/* Nothing that was entered is lost or doubled: kill -9 of either end, of both, and no server.
 */
#include "screens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

enum { LINES = 30 };

static void say_numbered(struct screen *s, const char *who, int i)
{
    char text[64];
    snprintf(text, sizeof(text), "%s line %03d.", who, i);
    say(s, text);
}

/* Each of LINES once, and in the order in which they were said. */
static void assert_each_once(struct world *w, const char *who)
{
    struct run r = moot_says(&w->me, NULL, (const char *const[]){"tail", "#lobby", NULL});
    const char *at = r.out;
    for (int i = 0; i < LINES; i++) {
        char text[64];
        snprintf(text, sizeof(text), "%s line %03d.", who, i);
        const char *found = strstr(at, text);
        if (!found)
            fprintf(stderr, "missing or out of order: %s in\n%s", text, r.out);
        assert_non_null(found);
        at = found + strlen(text);
        assert_null(strstr(at, text));
    }
    run_finish(&r);
}

static void a_killed_server_loses_and_doubles_nothing(void **state)
{
    struct world *w = *state;
    world_screens(w);
    for (int i = 0; i < LINES; i++) {
        say_numbered(w->mine, "mine", i);
        say_numbered(w->hers, "hers", i);
        if (i == LINES / 3)
            rig_kill(&w->rig);
        if (i == LINES * 2 / 3)
            assert_true(rig_up(&w->rig));
    }
    back_online(w->mine);
    back_online(w->hers);
    all_saved(w->mine);
    all_saved(w->hers);
    assert_true(screen_wait(w->mine, "hers line 029.", SOON));
    assert_true(screen_wait(w->hers, "mine line 029.", SOON));
    assert_each_once(w, "mine");
    assert_each_once(w, "hers");
}

/* Nobody presses a key for it. */
static void screens_come_through_an_upgrade_of_the_server_by_themselves(void **state)
{
    struct world *w = *state;
    world_screens(w);
    for (int i = 0; i < LINES; i++) {
        say_numbered(w->mine, "mine", i);
        say_numbered(w->hers, "hers", i);
        if (i == LINES / 3)
            assert_true(rig_down(&w->rig));
        if (i == LINES * 2 / 3)
            assert_true(rig_up(&w->rig));
    }
    assert_true(screen_wait(w->mine, "hers line 029.", 2 * SOON));
    assert_true(screen_wait(w->hers, "mine line 029.", 2 * SOON));
    all_saved(w->mine);
    all_saved(w->hers);
    assert_each_once(w, "mine");
    assert_each_once(w, "hers");
}

static void killed_again_and_again_loses_and_doubles_nothing(void **state)
{
    struct world *w = *state;
    w->mine = screen_online(&w->me, WIDE_ROWS, WIDE_COLS);
    for (int i = 0; i < LINES; i++) {
        say_numbered(w->mine, "mine", i);
        screen_pump(w->mine, 5);
        if (i % 6 != 5)
            continue;
        rig_kill(&w->rig);
        assert_true(rig_up(&w->rig));
        if (i % 12 == 5)
            back_online(w->mine);
    }
    back_online(w->mine);
    all_saved(w->mine);
    assert_each_once(w, "mine");
}

static void what_a_killed_client_had_entered_arrives_when_it_starts_again(void **state)
{
    struct world *w = *state;
    w->mine = screen_online(&w->me, WIDE_ROWS, WIDE_COLS);
    rig_kill(&w->rig);
    assert_true(screen_wait(w->mine, "reconnecting", SOON));
    add_card(w->mine, "Lonely");
    for (int i = 0; i < LINES; i++)
        say_numbered(w->mine, "mine", i);
    assert_true(screen_wait(w->mine, "mine line 029.", SOON));
    assert_true(screen_wait(w->mine, "31 unsaved", SOON));
    pty_signal(&w->mine->pty, SIGKILL);
    assert_true(screen_wait_end(w->mine, SOON));
    screens_close(w);

    assert_true(rig_up(&w->rig));
    w->mine = screen_online(&w->me, WIDE_ROWS, WIDE_COLS);
    all_saved(w->mine);
    assert_each_once(w, "mine");
    assert_int_equal(times_on_board(w, "Lonely"), 1);
}

static void both_ends_killed_at_once_lose_and_double_nothing(void **state)
{
    struct world *w = *state;
    w->mine = screen_online(&w->me, WIDE_ROWS, WIDE_COLS);
    for (int i = 0; i < LINES; i++)
        say_numbered(w->mine, "mine", i);
    assert_true(screen_wait(w->mine, "mine line 029.", SOON)); /* shown is entered */
    rig_kill(&w->rig);
    pty_signal(&w->mine->pty, SIGKILL);
    screens_close(w);

    assert_true(rig_up(&w->rig));
    w->mine = screen_online(&w->me, WIDE_ROWS, WIDE_COLS);
    all_saved(w->mine);
    assert_each_once(w, "mine");
}

static void without_a_server_the_last_known_room_opens_and_takes_changes(void **state)
{
    struct world *w = *state;
    w->mine = screen_online(&w->me, WIDE_ROWS, WIDE_COLS);
    add_card(w->mine, "Known");
    say(w->mine, "known words");
    all_saved(w->mine);
    quit(w->mine);
    screens_close(w);
    assert_true(rig_down(&w->rig));

    w->mine = screen_of(&w->me, WIDE_ROWS, WIDE_COLS);
    assert_non_null(w->mine);
    assert_true(screen_wait(w->mine, "Known", SOON));
    assert_true(screen_wait(w->mine, "known words", SOON));
    assert_true(screen_wait(w->mine, "reconnecting", SOON));
    add_card(w->mine, "Offline");
    screen_type(w->mine, "L");
    assert_true(wait_column(w->mine, "Offline", "Doing", SOON));
    assert_true(screen_wait(w->mine, "2 unsaved", SOON));

    assert_true(rig_up(&w->rig));
    back_online(w->mine);
    all_saved(w->mine);
    w->hers = screen_online(&w->ana, WIDE_ROWS, WIDE_COLS);
    assert_true(wait_column(w->hers, "Offline", "Doing", SOON));
    assert_int_equal(times_on_board(w, "Offline"), 1);
}

static void the_status_line_tells_how_the_link_stands(void **state)
{
    struct world *w = *state;
    w->mine = screen_online(&w->me, WIDE_ROWS, WIDE_COLS);
    rig_kill(&w->rig);
    assert_true(screen_wait(w->mine, "reconnecting in", SOON));
    assert_true(rig_up(&w->rig));
    assert_true(screen_wait(w->mine, " online", 40000)); /* by itself */
    assert_true(rig_down(&w->rig));
    assert_true(screen_wait(w->mine, "reconnecting in", SOON));
}

static void an_ended_token_stops_the_retries_and_says_why(void **state)
{
    struct world *w = *state;
    struct run r = moot_says(
        &w->me, NULL, (const char *const[]){"admin", "token", "ana", "--ttl", "3s", NULL});
    r.out[strcspn(r.out, "\n")] = '\0';
    env_set(&w->ana.env, "MOOT_TOKEN", r.out);
    run_finish(&r);
    w->hers = screen_online(&w->ana, WIDE_ROWS, WIDE_COLS);
    assert_true(screen_wait(w->hers, "refused (", SOON));
    assert_true(screen_shows(w->hers, "Todo"));
    quit(w->hers);
}

static void a_refused_token_ends_a_first_start_in_words(void **state)
{
    struct world *w = *state;
    env_set(&w->ana.env, "MOOT_TOKEN", "e30.e30.e30");
    w->hers = screen_of(&w->ana, WIDE_ROWS, WIDE_COLS);
    assert_non_null(w->hers);
    assert_true(screen_wait_end(w->hers, SOON));
    assert_true(screen_is_restored(w->hers));
    assert_true(screen_wait(w->hers, "token", 100));
    assert_int_equal(WEXITSTATUS(w->hers->pty.status), 4);
}

static void an_admins_notice_is_seen_and_after_a_kick_one_comes_back_by_hand(void **state)
{
    struct world *w = *state;
    struct run r;
    w->hers = screen_online(&w->ana, WIDE_ROWS, WIDE_COLS);
    r = moot_says(&w->me, NULL,
                  (const char *const[]){"admin", "notice", "restart at noon", NULL});
    run_finish(&r);
    assert_true(screen_wait(w->hers, " says: restart at noon", SOON));
    r = moot_says(&w->me, NULL,
                  (const char *const[]){"admin", "kick", "ana", "your client loops", NULL});
    run_finish(&r);
    assert_true(screen_wait(w->hers, "ended the session: your client loops", SOON));
    back_online(w->hers);
    r = moot_says(&w->me, NULL, (const char *const[]){"admin", "audit", NULL});
    assert_non_null(strstr(r.out, "kick ana: your client loops"));
    assert_non_null(strstr(r.out, "notice restart at noon"));
    run_finish(&r);
}

/* Runs mootd on the data of the server, which does not run. */
static void mootd(const struct world *w, const char *verb, const char *file)
{
    struct run r;
    const char *argv[] = {rig_mootd, "--data", w->rig.data, verb, file, NULL};
    assert_true(run_program(&r, argv, w->rig.env.v, NULL, SOON));
    if (r.status != 0)
        fail_msg("mootd %s: %s%s", verb, r.out, r.err);
    run_finish(&r);
}

static void send_line(const struct person *p, const char *text)
{
    struct run r = moot_says(p, NULL, (const char *const[]){"send", "lobby", text, NULL});
    run_finish(&r);
}

/* After a restore the numbers go on, and mean others than what the screen has seen. */
static void screen_shows_what_a_restored_server_has_and_nothing_else(void **state)
{
    struct world *w = *state;
    char file[RIG_PATH_MAX + 16];
    snprintf(file, sizeof file, "%s/backup.db", w->rig.dir);
    send_line(&w->me, "from before");
    mootd(w, "backup", file);
    w->hers = screen_online(&w->ana, WIDE_ROWS, WIDE_COLS);
    for (int i = 0; i < 3; i++)
        send_line(&w->me, "lost by the restore");
    assert_true(screen_wait(w->hers, "lost by the restore", SOON));
    assert_true(rig_down(&w->rig));
    say(w->hers, "written meanwhile");
    mootd(w, "restore", file);
    assert_true(rig_up(&w->rig));
    for (int i = 0; i < 6; i++) /* past the number that the screen has seen */
        send_line(&w->me, "said after it");
    back_online(w->hers);
    assert_true(screen_wait(w->hers, "The server was put back to an earlier state.", SOON));
    all_saved(w->hers);
    assert_true(screen_wait(w->hers, "said after it", SOON));
    assert_true(screen_wait(w->hers, "from before", SOON));
    assert_true(screen_wait_gone(w->hers, "lost by the restore", SOON));
    assert_int_equal(times_said(w, "written meanwhile"), 1);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(a_killed_server_loses_and_doubles_nothing),
        WITH_WORLD(screens_come_through_an_upgrade_of_the_server_by_themselves),
        WITH_WORLD(killed_again_and_again_loses_and_doubles_nothing),
        WITH_WORLD(what_a_killed_client_had_entered_arrives_when_it_starts_again),
        WITH_WORLD(both_ends_killed_at_once_lose_and_double_nothing),
        WITH_WORLD(without_a_server_the_last_known_room_opens_and_takes_changes),
        WITH_WORLD(the_status_line_tells_how_the_link_stands),
        WITH_WORLD(an_ended_token_stops_the_retries_and_says_why),
        WITH_WORLD(a_refused_token_ends_a_first_start_in_words),
        WITH_WORLD(screen_shows_what_a_restored_server_has_and_nothing_else),
        WITH_WORLD(an_admins_notice_is_seen_and_after_a_kick_one_comes_back_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
