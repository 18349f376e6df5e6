/* Two people on one card, each in a terminal of another size, on one server that dies now and
 * then. */
#include "screens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct run cli(const struct person *p, const char *const args[])
{
    return moot_says(p, NULL, args);
}

/* Card 1 of the lobby, made by me, there for everybody. */
static void make_card(struct world *w, const char *title)
{
    struct run r = cli(&w->me, (const char *const[]){"task", "add", "#lobby", title, NULL});
    run_finish(&r);
}

/* Mine is wide, hers 80 columns by 24. */
static void two_sizes(struct world *w)
{
    w->mine = screen_online(&w->me, 50, 200);
    w->hers = screen_online(&w->ana, 24, 80);
}

static void set_up_card(struct world *w)
{
    make_card(w, "Parser");
    two_sizes(w);
    assert_true(screen_wait(w->mine, "Parser", SOON));
    assert_true(screen_wait(w->hers, "Parser", SOON));
}

static void open_card(struct screen *s)
{
    focus_board(s);
    screen_type(s, "\r");
    assert_true(screen_wait(s, "Card 1", SOON));
    assert_true(screen_wait(s, "nothing yet", SOON)); /* the description is here */
}

/* Types a title into the box and leaves it open. */
static void begin_title(struct screen *s, const char *title)
{
    screen_type(s, "e");
    assert_true(screen_wait(s, "Enter saves", SOON));
    screen_type(s, "\x15");
    screen_type(s, title);
    assert_true(screen_wait(s, title, SOON));
}

/* Enters it, and waits until the other one sees it: then it is stored. */
static void end_title(struct screen *s, struct screen *other, const char *title)
{
    screen_type(s, "\r");
    assert_true(screen_wait(other, title, SOON));
    all_saved(s);
}

/* Both wrote the title of card 1, and ana, who was second, is asked. */
static void set_up_conflict(struct world *w)
{
    set_up_card(w);
    begin_title(w->hers, "What ana wrote");
    begin_title(w->mine, "What I wrote");
    end_title(w->mine, w->hers, "What I wrote");
    screen_type(w->hers, "\r");
    assert_true(screen_wait(w->hers, "two changes", SOON));
}

static void different_fields_of_two_people_both_win(void **state)
{
    struct world *w = *state;
    set_up_card(w);
    open_card(w->mine);
    open_card(w->hers);
    /* Both lists are open before either picks. */
    screen_type(w->mine, "p");
    assert_true(screen_wait(w->mine, "Priority: card 1", SOON));
    screen_type(w->hers, "t");
    assert_true(screen_wait(w->hers, "Labels: card 1", SOON));
    assert_true(screen_wait(w->mine, "\xe2\x9c\x8e ana", SOON)); /* who is at the labels */
    screen_type(w->hers, "docs\r");
    screen_type(w->mine, "high\r");
    struct screen *both[] = {w->mine, w->hers};
    for (size_t i = 0; i < 2; i++) {
        assert_true(screen_wait(both[i], "Priority    high", SOON));
        assert_true(screen_wait(both[i], "Labels      docs", SOON));
        all_saved(both[i]);
    }
    assert_true(screen_wait_gone(w->mine, "\xe2\x9c\x8e ana", SOON));
    assert_false(screen_shows(w->mine, "to decide"));
    assert_false(screen_shows(w->hers, "to decide"));
    quit(w->mine);
    quit(w->hers);
}

static void same_field_asks_the_second_with_both_values(void **state)
{
    struct world *w = *state;
    set_up_card(w);
    open_card(w->hers);
    begin_title(w->mine, "What I wrote");
    begin_title(w->hers, "What ana wrote");
    end_title(w->mine, w->hers, "What I wrote");
    screen_type(w->hers, "\r");
    assert_true(screen_wait(w->hers, "Card 1: two changes", SOON));
    assert_true(screen_wait(w->hers, "Yours       What ana wrote", SOON));
    assert_true(screen_wait(w->hers, "Theirs      What I wrote", SOON));
    assert_true(screen_wait(w->hers, "just now while you did", SOON));
    screen_type(w->hers, "m");
    assert_true(screen_wait_gone(w->hers, "two changes", SOON));
    all_saved(w->hers);
    assert_true(screen_wait(w->mine, "1 What ana wrote", SOON));
}

static void their_value_can_be_taken_and_ones_own_brought_back(void **state)
{
    struct world *w = *state;
    set_up_conflict(w);
    screen_type(w->hers, "t");
    all_saved(w->hers);
    assert_true(screen_wait(w->hers, "What I wrote", SOON));
    screen_type(w->hers, ":\x1b[A");
    assert_true(screen_wait(w->hers, ":task edit 1 What ana wrote", SOON));
}

static void a_conflict_is_answered_after_the_server_was_killed(void **state)
{
    struct world *w = *state;
    set_up_card(w);
    begin_title(w->hers, "What ana wrote");
    begin_title(w->mine, "What I wrote");
    end_title(w->mine, w->hers, "What I wrote");
    rig_kill(&w->rig);
    assert_true(screen_wait(w->hers, "reconnecting", SOON));
    screen_type(w->hers, "\r"); /* into the outbox */
    assert_true(screen_wait(w->hers, "1 unsaved", SOON));
    assert_true(rig_up(&w->rig));
    back_online(w->hers);
    assert_true(screen_wait(w->hers, "Card 1: two changes", SOON));
    assert_true(screen_wait(w->hers, "Yours       What ana wrote", SOON));
    assert_true(screen_wait(w->hers, "Theirs      What I wrote", SOON));
    rig_kill(&w->rig); /* and the answer comes while there is no server again */
    assert_true(screen_wait(w->hers, "reconnecting", SOON));
    screen_type(w->hers, "e");
    assert_true(screen_wait(w->hers, "Enter saves", SOON));
    screen_type(w->hers, " and I\r");
    assert_true(screen_wait(w->hers, "1 unsaved", SOON));
    assert_true(rig_up(&w->rig));
    back_online(w->hers);
    back_online(w->mine);
    all_saved(w->hers);
    assert_true(screen_wait(w->mine, "What ana wrote and I", SOON));
}

static void a_conflict_outlives_the_client(void **state)
{
    struct world *w = *state;
    set_up_conflict(w);
    pty_signal(&w->hers->pty, SIGKILL);
    screen_free(w->hers);
    w->hers = screen_online(&w->ana, 24, 80);
    assert_true(screen_wait(w->hers, "Card 1: two changes", SOON));
    assert_true(screen_wait(w->hers, "Yours       What ana wrote", SOON));
    screen_type(w->hers, "m");
    all_saved(w->hers);
    assert_true(screen_wait(w->mine, "1 What ana wrote", SOON));
    quit(w->hers);
}

/* Runs `moot outbox WORD`; what it said is looked through for words. */
static void outbox(struct world *w, const char *word, int status, const char *words)
{
    struct run r;
    assert_true(rig_moot_run(&w->ana, &r, NULL, (const char *const[]){"outbox", word, NULL}));
    if (r.status != status || (!strstr(r.out, words) && !strstr(r.err, words)))
        fail_msg("outbox %s: %d\n%s%s", word ? word : "", r.status, r.out, r.err);
    run_finish(&r);
}

static void another_screen_tells_what_a_killed_one_cannot_ask(void **state)
{
    struct world *w = *state;
    set_up_conflict(w);
    struct screen *other = screen_online(&w->ana, 50, 200);
    pty_signal(&w->hers->pty, SIGKILL);
    assert_true(screen_wait(other, "killed moot", 3 * SOON));
    outbox(w, NULL, 0, "refused.jsonl");
    quit(other);
    screen_free(other);
}

static void what_cannot_be_put_aside_stays_in_the_outbox(void **state)
{
    struct world *w = *state;
    char pattern[300], path[340];
    glob_t found;
    set_up_conflict(w);
    pty_signal(&w->hers->pty, SIGKILL);
    screen_free(w->hers);
    w->hers = NULL;
    snprintf(pattern, sizeof pattern, "%s/state/moot/*/outbox", w->ana.home);
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    snprintf(path, sizeof path, "%.*srefused.jsonl",
             (int)(strlen(found.gl_pathv[0]) - strlen("outbox")), found.gl_pathv[0]);
    globfree(&found);
    assert_int_equal(mkdir(path, 0700), 0); /* in the way of the file */
    outbox(w, "send", 6, "1 wait still");
    outbox(w, NULL, 0, "What ana wrote");
    assert_int_equal(rmdir(path), 0);
    outbox(w, "send", 5, "some were refused");
    outbox(w, NULL, 0, "what was refused for good is in");
}

static void who_is_taken_over_from_is_told_and_keeps_the_text(void **state)
{
    struct world *w = *state;
    set_up_card(w);
    begin_title(w->mine, "Half a title");
    assert_true(screen_wait(w->hers, "\xe2\x9c\x8e", SOON));
    begin_title(w->hers, "Another");
    assert_true(screen_wait(w->hers, "Write on, or M-t", SOON));
    screen_type(w->hers, "\x1bt");
    assert_true(screen_wait(w->mine, "ana took over the title of card 1", SOON));
    assert_true(screen_wait(w->mine, "Half a title", SOON));
    end_title(w->hers, w->mine, "Another");
    screen_type(w->mine, "\r");
    assert_true(screen_wait(w->mine, "two changes", SOON));
    screen_type(w->mine, "m");
    all_saved(w->mine);
    assert_true(screen_wait(w->hers, "Half a title", SOON));
}

static void who_loses_a_race_of_moves_is_told(void **state)
{
    struct world *w = *state;
    set_up_card(w);
    rig_kill(&w->rig);
    assert_true(screen_wait(w->mine, "reconnecting", SOON));
    screen_type(w->mine, "L"); /* without having seen what comes */
    assert_true(wait_column(w->mine, "Parser", "Doing", SOON));
    screen_free(w->mine);
    w->mine = NULL;
    assert_true(rig_up(&w->rig));
    back_online(w->hers);
    screen_type(w->hers, "LL");
    assert_true(wait_column(w->hers, "Parser", "Done", SOON));
    all_saved(w->hers);
    w->mine = screen_online(&w->me, 50, 200);
    assert_true(wait_column(w->hers, "Parser", "Doing", SOON));
    assert_true(screen_wait(w->hers, "moved #1 to Doing before seeing that you", SOON));
}

static void comments_are_seen_by_the_other(void **state)
{
    struct world *w = *state;
    set_up_card(w);
    open_card(w->mine);
    open_card(w->hers);
    screen_type(w->hers, "c");
    assert_true(screen_wait(w->hers, "Comment on card 1", SOON));
    screen_type(w->hers, "I would not\r");
    assert_true(screen_wait(w->mine, "ana now  I would not", SOON));
    assert_true(screen_wait(w->hers, "Comments    1", SOON));
    all_saved(w->hers);
}

static void the_mouse_opens_what_it_clicks_on(void **state)
{
    struct world *w = *state;
    int row, col;
    set_up_card(w);
    open_card(w->hers);
    assert_true(screen_find(w->hers, "Assignees", &row, &col));
    screen_mouse(w->hers, 0, true, row, col + 13);
    screen_mouse(w->hers, 0, false, row, col + 13);
    assert_true(screen_wait(w->hers, "Who does it: card 1", SOON));
    assert_true(screen_wait(w->hers, "ana  you", SOON));
    assert_true(screen_find(w->hers, "ana", &row, &col));
    screen_mouse(w->hers, 0, true, row, col);
    screen_mouse(w->hers, 0, false, row, col);
    screen_type(w->hers, "\x1b");
    assert_true(screen_wait_gone(w->hers, "Who does it", SOON));
    assert_true(screen_wait(w->hers, "Assignees   ana", SOON));
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(different_fields_of_two_people_both_win),
        WITH_WORLD(same_field_asks_the_second_with_both_values),
        WITH_WORLD(their_value_can_be_taken_and_ones_own_brought_back),
        WITH_WORLD(a_conflict_is_answered_after_the_server_was_killed),
        WITH_WORLD(a_conflict_outlives_the_client),
        WITH_WORLD(another_screen_tells_what_a_killed_one_cannot_ask),
        WITH_WORLD(what_cannot_be_put_aside_stays_in_the_outbox),
        WITH_WORLD(who_is_taken_over_from_is_told_and_keeps_the_text),
        WITH_WORLD(who_loses_a_race_of_moves_is_told),
        WITH_WORLD(comments_are_seen_by_the_other),
        WITH_WORLD(the_mouse_opens_what_it_clicks_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
