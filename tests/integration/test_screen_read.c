/* Two sessions of one person: what is unread, what rings and what is being written agree,
 * whatever is killed. */
#include "screens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>

#define M_N "\x1bn"

/* ana has two screens, wide and small, both in #lobby, and is in #ops, where I talk. */
static void set_up(struct world *w)
{
    const char *const create[] = {"room", "create", "#ops", NULL};
    const char *const join[] = {"room", "join", "#ops", NULL};
    struct run r = moot_says(&w->me, NULL, create);
    run_finish(&r);
    r = moot_says(&w->ana, NULL, join);
    run_finish(&r);
    w->mine = screen_online(&w->ana, WIDE_ROWS, WIDE_COLS);
    w->hers = screen_online(&w->ana, 24, 80);
}

static void send(struct world *w, const char *text)
{
    struct run r = moot_says(&w->me, NULL, (const char *const[]){"send", "#ops", text, NULL});
    run_finish(&r);
}

static void lists(struct world *w, const char *text)
{
    struct run r = moot_says(&w->ana, NULL, (const char *const[]){"room", "list", NULL});
    if (!strstr(r.out, text))
        fail_msg("%s is not in:\n%s", text, r.out);
    run_finish(&r);
}

static void both_show(struct world *w, const char *text)
{
    assert_true(screen_wait(w->mine, text, SOON));
    assert_true(screen_wait(w->hers, text, SOON));
}

static void both_lose(struct world *w, const char *text)
{
    assert_true(screen_wait_gone(w->mine, text, SOON));
    assert_true(screen_wait_gone(w->hers, text, SOON));
}

static void what_one_reads_is_read_on_the_other(void **state)
{
    struct world *w = *state;
    set_up(w);
    send(w, "one");
    send(w, "@ana: two");
    both_show(w, "@2 new");
    lists(w, "2 unread  1 mention");
    screen_type(w->mine, M_N);
    assert_true(screen_wait(w->mine, "@ana: two", SOON));
    both_lose(w, "@2 new");
    lists(w, "#lobby");
    quit(w->mine);
    quit(w->hers);
}

static void one_is_killed_and_the_server_too_and_all_agree(void **state)
{
    struct world *w = *state;
    set_up(w);
    send(w, "one");
    both_show(w, "1 new");
    screen_type(w->mine, M_N);
    both_lose(w, "1 new");
    pty_signal(&w->mine->pty, SIGKILL);
    assert_true(screen_wait_end(w->mine, SOON));
    screen_free(w->mine);
    w->mine = NULL;
    send(w, "two");
    send(w, "three");
    assert_true(screen_wait(w->hers, "2 new", SOON));
    rig_kill(&w->rig);
    assert_true(rig_up(&w->rig));
    back_online(w->hers);
    assert_true(screen_wait(w->hers, "2 new", SOON));
    w->mine = screen_of(&w->ana, WIDE_ROWS, WIDE_COLS);
    assert_non_null(w->mine);
    both_show(w, "2 new");
    lists(w, "2 unread");
    screen_type(w->hers, M_N);
    both_lose(w, "2 new");
}

static void what_was_read_offline_is_known_later(void **state)
{
    struct world *w = *state;
    set_up(w);
    send(w, "one");
    both_show(w, "1 new");
    rig_kill(&w->rig);
    assert_true(screen_wait(w->hers, "reconnecting", SOON));
    screen_type(w->hers, M_N);
    assert_true(screen_wait_gone(w->hers, "1 new", SOON));
    assert_true(rig_up(&w->rig));
    back_online(w->hers);
    back_online(w->mine);
    assert_true(screen_wait_gone(w->mine, "1 new", SOON));
}

static void set_back_by_command_shows_on_all(void **state)
{
    struct world *w = *state;
    set_up(w);
    send(w, "one");
    send(w, "two");
    both_show(w, "2 new");
    struct run r =
        moot_says(&w->ana, NULL, (const char *const[]){"room", "read", "#ops", NULL});
    run_finish(&r);
    both_lose(w, "2 new");
    r = moot_says(&w->ana, NULL, (const char *const[]){"message", "unread", "#ops", "4", NULL});
    run_finish(&r);
    both_show(w, "1 new");
}

static void catching_up_lists_what_concerns_one(void **state)
{
    struct world *w = *state;
    set_up(w);
    send(w, "nothing for her");
    send(w, "@ana: look at this");
    struct run r = moot_says(&w->ana, NULL, (const char *const[]){"catchup", NULL});
    assert_non_null(strstr(r.out, "#ops: 2 unread, 1 mention\n"));
    assert_non_null(strstr(r.out, "said @ana: look at this"));
    assert_null(strstr(r.out, "nothing for her"));
    run_finish(&r);
    screen_type(w->mine, "\x1bw");
    assert_true(screen_wait(w->mine, "Catch-up", SOON));
    assert_true(screen_wait(w->mine, "#ops: 2 unread, 1 mention", SOON));
    screen_type(w->mine, "j\r");
    assert_true(screen_wait(w->mine, "nothing for her", SOON));
}

/* ---- bells ---- */

static bool has_rung(struct screen *s, void *arg)
{
    (void)arg;
    return s->bells > 0;
}

static void look_away(struct screen *s)
{
    screen_type(s, "\x1b[O");
}

static void mention(struct world *w, const char *text)
{
    struct run r = moot_says(&w->me, NULL, (const char *const[]){"send", "#lobby", text, NULL});
    run_finish(&r);
}

static bool has_counted(struct screen *s, void *arg)
{
    (void)arg;
    return strstr(s->raw, " more\a") != NULL;
}

/* The number at the end shows that the first one did not ring: with it there were three more.
 */
static void what_is_looked_at_on_one_rings_on_none(void **state)
{
    struct world *w = *state;
    set_up(w);
    look_away(w->hers);
    mention(w, "@ana: seen");
    assert_true(screen_wait(w->mine, "@ana: seen", SOON));
    lists(w, "#lobby");
    assert_true(screen_wait(w->hers, "@ana: seen", SOON));
    look_away(w->mine);
    mention(w, "@ana: not seen");
    assert_true(screen_wait_until(w->mine, has_rung, NULL, "a bell on one", SOON));
    assert_true(screen_wait_until(w->hers, has_rung, NULL, "a bell on the other", SOON));
    mention(w, "@ana: not seen either");
    mention(w, "@ana: nor is this");
    assert_true(screen_wait_until(w->hers, has_counted, NULL, "a number", SOON));
    assert_non_null(strstr(w->hers->raw, "and 2 more\a"));
}

static void one_is_killed_and_the_other_rings(void **state)
{
    struct world *w = *state;
    set_up(w);
    look_away(w->hers);
    pty_signal(&w->mine->pty, SIGKILL);
    assert_true(screen_wait_end(w->mine, SOON));
    mention(w, "@ana: not seen");
    assert_true(screen_wait_until(w->hers, has_rung, NULL, "a bell", SOON));
    lists(w, "1 mention");
}

/* ---- drafts ---- */

static void a_draft_is_on_both_and_outlives_the_one_that_is_killed(void **state)
{
    struct world *w = *state;
    set_up(w);
    focus_chat(w->mine);
    screen_type(w->mine, "half a thought");
    both_show(w, "half a thought");
    pty_signal(&w->mine->pty, SIGKILL);
    assert_true(screen_wait_end(w->mine, SOON));
    screen_free(w->mine);
    w->mine = screen_online(&w->ana, WIDE_ROWS, WIDE_COLS);
    both_show(w, "half a thought");
    focus_chat(w->hers);
    screen_type(w->hers, ", whole\r");
    assert_true(screen_wait(w->mine, " half a thought, whole", SOON));
    assert_true(screen_wait(w->hers, "to #lobby", SOON)); /* the inputs are empty */
    assert_true(screen_wait(w->mine, "i to write", SOON));
    quit(w->mine);
    quit(w->hers);
}

static void the_one_that_ends_last_takes_no_draft_away(void **state)
{
    struct world *w = *state;
    set_up(w);
    focus_chat(w->mine);
    focus_chat(w->hers);
    screen_type(w->hers, "of the other");
    screen_type(w->mine, "of the one");
    assert_true(screen_wait(w->mine, "of the one", SOON));
    assert_true(screen_wait(w->hers, "of the other", SOON));
    quit(w->mine);
    quit(w->hers);
    screens_close(w);
    w->mine = screen_online(&w->ana, WIDE_ROWS, WIDE_COLS);
    assert_true(screen_wait(w->mine, "of the", SOON));
    focus_chat(w->mine);
    screen_type(w->mine, "\r"); /* and the other one is in the line */
    assert_true(screen_wait(w->mine, "of the one", SOON));
    assert_true(screen_wait(w->mine, "of the other", SOON));
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(what_one_reads_is_read_on_the_other),
        WITH_WORLD(one_is_killed_and_the_server_too_and_all_agree),
        WITH_WORLD(what_was_read_offline_is_known_later),
        WITH_WORLD(set_back_by_command_shows_on_all),
        WITH_WORLD(catching_up_lists_what_concerns_one),
        WITH_WORLD(what_is_looked_at_on_one_rings_on_none),
        WITH_WORLD(one_is_killed_and_the_other_rings),
        WITH_WORLD(a_draft_is_on_both_and_outlives_the_one_that_is_killed),
        WITH_WORLD(the_one_that_ends_last_takes_no_draft_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
