/* Direct conversations on real screens: begun from the list, heard, answered; how the other is,
 * that they type; three people; and all of it after a restart of everything. */
#include "screens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define M_J "\033j"
#define M_N "\033n"

struct team {
    struct world *w;
    struct person bo;
    struct screen *ana_sees, *bo_sees;
};

static int set_up(void **state)
{
    struct team *t = calloc(1, sizeof *t);
    void *world = NULL;
    *state = t;
    if (!t || world_set_up(&world) != 0)
        return -1;
    t->w = world;
    if (!rig_person(&t->w->rig, &t->bo, "bo"))
        return -1;
    t->ana_sees = screen_online(&t->w->ana, WIDE_ROWS, WIDE_COLS);
    t->bo_sees = screen_online(&t->bo, 24, 80);
    assert_true(screen_wait(t->ana_sees, "\u25cf bo", SOON));
    return 0;
}

static int tear_down(void **state)
{
    struct team *t = *state;
    void *world = t->w;
    screen_free(t->ana_sees);
    screen_free(t->bo_sees);
    person_finish(&t->bo);
    free(t);
    return world_tear_down(&world);
}

/* From the list of everything that one can go to; the chat of it has the focus then. */
static void goes_to(struct screen *s, const char *name)
{
    focus_board(s);
    screen_type(s, M_J);
    assert_true(screen_wait(s, "Go to", SOON));
    screen_type(s, name);
    screen_type(s, "\r");
    assert_true(screen_wait(s, "F1 help", SOON));
}

static void types(struct screen *s, const char *text)
{
    focus_chat(s);
    screen_type(s, text);
    assert_true(screen_wait(s, text, SOON));
}

/* ana writes to bo, who hears of it elsewhere, goes there, and answers. */
static void begin(struct team *t)
{
    goes_to(t->ana_sees, "@bo");
    types(t->ana_sees, "are you there?");
    screen_type(t->ana_sees, "\r");
    assert_true(screen_wait(t->bo_sees, "ana: are you there?", SOON)); /* a toast, */
    assert_true(screen_wait(t->bo_sees, "1 new", SOON));               /* and a count */
    focus_board(t->bo_sees);
    screen_type(t->bo_sees, M_N);
    assert_true(screen_wait_gone(t->bo_sees, "1 new", SOON));
}

static void it_is_begun_heard_and_answered(void **state)
{
    struct team *t = *state;
    begin(t);
    assert_false(screen_shows(t->ana_sees, "no room")); /* nothing went wrong on the way */
    types(t->bo_sees, "I am now");
    assert_true(screen_wait(t->ana_sees, "bo is typing", SOON));
    screen_type(t->bo_sees, "\r");
    assert_true(screen_wait_gone(t->ana_sees, "bo is typing", SOON));
    assert_true(screen_wait(t->ana_sees, "I am now", SOON));
}

static void the_list_says_how_the_other_is(void **state)
{
    struct team *t = *state;
    begin(t);
    assert_true(screen_wait(t->ana_sees, "@bo \u25cf", SOON));
    focus_board(t->bo_sees);
    screen_type(t->bo_sees, ":status dnd\r");
    assert_true(screen_wait_gone(t->ana_sees, "@bo \u25cf", SOON));
    quit(t->bo_sees);
    assert_true(screen_wait(t->ana_sees, "@bo \u25cb", SOON));
}

static void what_is_said_while_one_is_away_waits(void **state)
{
    struct team *t = *state;
    begin(t);
    quit(t->bo_sees);
    screen_free(t->bo_sees);
    types(t->ana_sees, "when you are back");
    screen_type(t->ana_sees, "\r");
    all_saved(t->ana_sees);
    t->bo_sees = screen_of(&t->bo, 24, 80);
    assert_non_null(t->bo_sees);
    assert_true(screen_wait(t->bo_sees, "1 new", SOON));
    focus_board(t->bo_sees);
    screen_type(t->bo_sees, M_N);
    assert_true(screen_wait(t->bo_sees, "when you are back", SOON));
    assert_true(screen_wait(t->bo_sees, "are you there?", SOON));
}

static void three_are_in_one_and_nobody_else(void **state)
{
    struct team *t = *state;
    const char *me = getpwuid(geteuid())->pw_name;
    char words[100];
    t->w->mine = screen_online(&t->w->me, 24, 80);
    focus_board(t->ana_sees);
    snprintf(words, sizeof words, ":dm bo %s\r", me);
    screen_type(t->ana_sees, words);
    assert_true(screen_wait(t->ana_sees, "F1 help", SOON));
    types(t->ana_sees, "the three of us");
    screen_type(t->ana_sees, "\r");
    assert_true(screen_wait(t->bo_sees, "the three of us", SOON));
    assert_true(screen_wait(t->w->mine, "the three of us", SOON));
    struct run r =
        moot_says(&t->w->me, NULL, (const char *const[]){"send", "@ana+bo", "all here", NULL});
    run_finish(&r);
    assert_true(screen_wait(t->ana_sees, "all here", SOON));
    struct person cleo;
    assert_true(rig_person(&t->w->rig, &cleo, "cleo"));
    snprintf(words, sizeof words, "@ana+bo+%s", me);
    assert_true(rig_moot_run(&cleo, &r, NULL, (const char *const[]){"tail", words, NULL}));
    assert_int_equal(r.status, 3); /* of four people, there is none */
    assert_null(strstr(r.out, "the three"));
    run_finish(&r);
    person_finish(&cleo);
}

static void all_of_it_is_there_after_a_restart(void **state)
{
    struct team *t = *state;
    begin(t);
    types(t->bo_sees, "I am now");
    screen_type(t->bo_sees, "\r");
    assert_true(screen_wait(t->ana_sees, "I am now", SOON));
    all_saved(t->bo_sees);
    pty_signal(&t->bo_sees->pty, SIGKILL);
    assert_true(screen_wait_end(t->bo_sees, SOON));
    screen_free(t->bo_sees);
    rig_kill(&t->w->rig);
    assert_true(rig_up(&t->w->rig));
    back_online(t->ana_sees);
    t->bo_sees = screen_start((const char *const[]){rig_moot, "--room", "@ana", NULL},
                              t->bo.env.v, 24, 80);
    assert_non_null(t->bo_sees);
    assert_true(screen_wait(t->bo_sees, "are you there?", SOON));
    assert_true(screen_wait(t->bo_sees, "I am now", SOON));
    types(t->ana_sees, "and still");
    screen_type(t->ana_sees, "\r");
    assert_true(screen_wait(t->bo_sees, "and still", SOON));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_begun_heard_and_answered),       TEST(the_list_says_how_the_other_is),
        TEST(what_is_said_while_one_is_away_waits), TEST(three_are_in_one_and_nobody_else),
        TEST(all_of_it_is_there_after_a_restart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
