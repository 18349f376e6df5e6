/* moot demo --people: a crowd at work, and whether what it says of it is so. */
#include "screens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

enum {
    PART = 30000,   /* ms */
    CROWD = 150000, /* for a minute of a crowd's, and its end */
};

static void a_crowd_that_is_cut_off_loses_nothing(void **state)
{
    struct world *w = *state;
    struct run r;
    const char *const argv[] = {rig_moot, "demo", "--people", "6", "--minutes", "1", NULL};
    env_set(&w->me.env, "TMPDIR", w->rig.dir);
    assert_true(run_program(&r, argv, w->me.env.v, NULL, CROWD));
    if (r.status != 0)
        fail_msg("%s%s", r.out, r.err);
    assert_non_null(strstr(r.out, "6 of 6 clients have the server's room"));
    assert_non_null(strstr(r.out, "mootd check: no fault"));
    assert_null(strstr(r.out, "; 0 times"));
    run_finish(&r);
}

static void what_makes_no_sense_is_refused_before_anything_begins(void **state)
{
    struct world *w = *state;
    struct run r;
    const char *const many[] = {"demo", "--people", "51", NULL};
    assert_true(rig_moot_run(&w->me, &r, NULL, many));
    assert_int_equal(r.status, 2);
    assert_non_null(strstr(r.err, "50"));
    run_finish(&r);
    const char *const words[] = {"demo", "--minutes", "1", "--", "who", "lobby", NULL};
    assert_true(rig_moot_run(&w->me, &r, NULL, words));
    assert_int_equal(r.status, 2);
    assert_non_null(strstr(r.err, "\"who\""));
    run_finish(&r);
}

static void a_crowd_can_be_watched_and_is_checked_when_one_leaves(void **state)
{
    struct world *w = *state;
    const char *const argv[] = {rig_moot, "demo", "--people", "3", NULL};
    env_set(&w->me.env, "TMPDIR", w->rig.dir);
    w->mine = screen_start(argv, w->me.env.v, 30, 100);
    assert_non_null(w->mine);
    assert_true(screen_wait(w->mine, "People 4 of 4", PART));
    assert_false(screen_shows(w->mine, "F8 next"));
    screen_type(w->mine, ":quit\r");
    assert_true(screen_wait(w->mine, "mootd check: no fault", PART));
    assert_true(screen_wait_end(w->mine, SOON));
    assert_int_equal(w->mine->pty.status, 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, world_set_up, world_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_crowd_that_is_cut_off_loses_nothing),
        TEST(what_makes_no_sense_is_refused_before_anything_begins),
        TEST(a_crowd_can_be_watched_and_is_checked_when_one_leaves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
