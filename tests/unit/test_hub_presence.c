/* Who is here, who types, and where people look. */
#include "hub_rig.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void start(struct hub_rig *r)
{
    rig_start(r);
    rig_enter(r, "ana", "#lobby");
    rig_enter(r, "bo", "#lobby");
    rig_wait(r, 100);
    rig_skip(r, "ana");
    rig_skip(r, "bo");
}

static void open_lobby(struct hub_rig *r, const char *name)
{
    rig_send(r, name, "{'type':'open','id':1,'room':'#lobby','since':-1}");
}

static void who_comes_is_announced_once_per_person(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_join(&r, "cleo");
    rig_join(&r, "cleo/2");
    rig_skip(&r, "ana");
    open_lobby(&r, "cleo");
    rig_wait(&r, STATE_TICK_MS);
    rig_expect(&r, "ana",
               "{'type':'presence','room':'#lobby','user':'cleo','session':*,"
               "'online':true}");
    open_lobby(&r, "cleo/2");
    rig_wait(&r, 100);
    rig_cut(&r, "cleo");
    rig_wait(&r, 100);
    rig_expect_nothing(&r, "ana");
    rig_send(&r, "cleo/2", "{'type':'close','id':2,'room':'#lobby'}");
    rig_wait(&r, STATE_TICK_MS);
    rig_expect(&r, "ana", "{'type':'presence',*'user':'cleo',*'online':false}");
    rig_expect_nothing(&r, "ana");
    rig_finish(&r);
}

static void who_opens_hears_who_is_here(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'typing','room':'#lobby','on':true}");
    rig_send(&r, "bo", "{'type':'cursor','room':'#lobby','task':7}");
    rig_wait(&r, 10);
    rig_join(&r, "cleo");
    open_lobby(&r, "cleo");
    rig_expect(&r, "cleo", "{'type':'ok',*}");
    rig_expect(&r, "cleo", "{'type':'synced',*}");
    rig_expect(&r, "cleo", "{'type':'presence',*'user':'ana',*'online':true}");
    rig_expect(&r, "cleo", "{'type':'presence',*'user':'bo',*'online':true}");
    rig_expect(&r, "cleo", "{'type':'typing',*'user':'ana',*'on':true}");
    rig_expect(&r, "cleo", "{'type':'cursor',*'user':'bo',*'task':7}");
    rig_wait(&r, 10);
    rig_expect(&r, "cleo", "{'type':'presence',*'user':'cleo',*'online':true}");
    rig_expect_nothing(&r, "cleo");
    rig_finish(&r);
}

static void states_are_merged_and_thinned_and_the_newest_wins(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    for (int i = 1; i <= 200; i++) {
        rig_send(&r, "bo", "{'type':'cursor','room':'#lobby','task':%d}", i);
        rig_wait(&r, 5);
    }
    rig_wait(&r, 60);
    assert_in_range(rig_unread(&r, "ana"), 18, 22); /* a second's worth */
    rig_expect_later(&r, "ana",
                     "{'type':'cursor','room':'#lobby','user':'bo','session':*,"
                     "'task':200}");
    rig_expect_nothing(&r, "ana");
    rig_finish(&r);
}

static void who_moves_as_often_as_allowed_is_not_held_back_by_jitter(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    static const int gaps[] = {50, 40, 60, 35, 65, 45};
    for (size_t i = 0; i < COUNT_OF(gaps); i++) {
        rig_send(&r, "bo", "{'type':'cursor','room':'#lobby','task':%zu}", i + 1);
        rig_wait(&r, STATE_TICK_MS);
        assert_int_equal(rig_unread(&r, "ana"), i + 1);
        rig_wait(&r, gaps[i] - STATE_TICK_MS);
    }
    rig_finish(&r);
}

static void states_of_many_leave_in_one_frame_a_tick(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    size_t fans = r.fans;
    rig_send(&r, "bo", "{'type':'cursor','room':'#lobby','task':1}");
    rig_send(&r, "bo", "{'type':'typing','room':'#lobby','on':true}");
    rig_send(&r, "ana", "{'type':'cursor','room':'#lobby','task':2}");
    assert_int_equal(r.fans, fans);
    rig_wait(&r, STATE_TICK_MS);
    assert_int_equal(r.fans, fans + 1);
    assert_int_equal(rig_unread(&r, "ana"), 3);
    rig_finish(&r);
}

static void typing_that_ends_before_it_was_told_leaves_nothing_behind(void **state)
{
    struct hub_rig r;
    (void)state;
    rig_start(&r);
    rig_enter(&r, "ana", "#lobby");
    rig_enter(&r, "bo", "#lobby");
    rig_wait(&r, 1000);
    rig_skip(&r, "ana");
    rig_send(&r, "bo", "{'type':'typing','room':'#lobby','on':true}");
    rig_send(&r, "bo", "{'type':'typing','room':'#lobby','on':false}");
    rig_cut(&r, "bo");
    rig_wait(&r, 1000);
    rig_expect(&r, "ana", "{'type':'presence',*'user':'bo',*'online':false}");
    rig_expect_nothing(&r, "ana");
    rig_finish(&r);
}

static void the_end_of_typing_is_never_thinned_away(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "bo", "{'type':'typing','room':'#lobby','on':true}");
    rig_wait(&r, STATE_TICK_MS);
    rig_expect(&r, "ana", "{'type':'typing',*'on':true}");
    rig_send(&r, "bo", "{'type':'typing','room':'#lobby','on':false}");
    rig_wait(&r, STATE_TICK_MS);
    rig_expect(&r, "ana", "{'type':'typing',*'on':false}");
    rig_send(&r, "bo", "{'type':'typing','room':'#lobby','on':true}");
    rig_send(&r, "bo", "{'type':'typing','room':'#lobby','on':false}");
    rig_wait(&r, 200);
    rig_expect_nothing(&r, "ana");
    rig_finish(&r);
}

static void a_connection_takes_its_states_with_it(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_enter(&r, "bo/2", "#lobby");
    rig_send(&r, "bo", "{'type':'typing','room':'#lobby','on':true}");
    rig_send(&r, "bo", "{'type':'cursor','room':'#lobby','task':1}");
    rig_wait(&r, 10);
    rig_skip(&r, "ana");
    rig_cut(&r, "bo");
    rig_wait(&r, STATE_TICK_MS);
    rig_expect(&r, "ana", "{'type':'typing',*'user':'bo',*'on':false}");
    rig_expect(&r, "ana", "{'type':'cursor',*'user':'bo',*'task':0}");
    rig_expect_nothing(&r, "ana");
    rig_finish(&r);
}

static void who_left_while_one_caught_up_is_no_ghost(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "bo", "{'type':'task.add','id':1,'room':'#lobby','title':'one'}");
    rig_join(&r, "cleo");
    r.hold_store = true;
    rig_send(&r, "bo", "{'type':'task.add','id':2,'room':'#lobby','title':'two'}");
    rig_send(&r, "cleo", "{'type':'open','id':1,'room':'#lobby','snapshot':true}");
    rig_cut(&r, "bo");
    rig_wait(&r, 100);
    rig_release(&r);
    rig_expect(&r, "cleo", "{'type':'ok',*}");
    rig_expect(&r, "cleo", "{'type':'snapshot',*'user':'bo','role':'member','online':true}*}");
    rig_expect(&r, "cleo", "{'type':'synced',*}");
    rig_expect(&r, "cleo", "{'type':'presence',*'user':'ana',*'online':true}");
    rig_expect(&r, "cleo", "{'type':'presence',*'user':'bo',*'online':false}");
    rig_finish(&r);
}

static void a_room_that_is_not_open_has_no_states(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_join(&r, "cleo");
    rig_skip(&r, "ana");
    rig_send(&r, "cleo", "{'type':'cursor','room':'#lobby','task':1}");
    rig_expect(&r, "cleo", "{'type':'error','code':'not_found',*}");
    rig_send(&r, "cleo", "{'type':'typing','room':'#nowhere','on':true}");
    rig_expect(&r, "cleo", "{'type':'error','code':'not_found',*}");
    rig_send(&r, "cleo", "{'type':'cursor','room':'#lobby','user':'ana','session':1,'task':1}");
    rig_expect(&r, "cleo", "{'type':'error','code':'bad_field',*}");
    rig_wait(&r, 100);
    rig_expect_nothing(&r, "ana");
    rig_finish(&r);
}

static void who_was_too_slow_is_told_how_things_stand(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "bo", "{'type':'cursor','room':'#lobby','task':7}");
    rig_wait(&r, 60);
    rig_skip(&r, "ana");
    for (int i = 0; i < 3; i++)
        rig_missed(&r, "ana");
    rig_wait(&r, 1100);
    rig_expect(&r, "ana", "{'type':'cursor',*'user':'bo',*'task':7}");
    rig_expect_nothing(&r, "ana");
    rig_finish(&r);
}

/* What one shows is told while one catches up, so who comes meanwhile has to learn it as well.
 */
static void who_comes_sees_what_one_shows_who_catches_up(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_join(&r, "cleo");
    rig_join(&r, "dan");
    r.hold_store = true;
    rig_send(&r, "cleo", "{'type':'open','id':1,'room':'#lobby','since':0}");
    rig_send(&r, "cleo", "{'type':'cursor','room':'#lobby','task':7}");
    rig_wait(&r, 60);
    rig_expect_later(&r, "ana", "{'type':'cursor',*'user':'cleo',*'task':7}");
    open_lobby(&r, "dan");
    rig_expect_later(&r, "dan", "{'type':'cursor',*'user':'cleo',*'task':7}");
    rig_finish(&r);
}

static void a_cursor_on_a_card_just_added_gets_its_number(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "bo", "{'type':'task.add','id':5,'room':'#lobby','title':'one'}");
    rig_skip(&r, "ana");
    rig_send(&r, "bo", "{'type':'cursor','room':'#lobby','task':-5}");
    rig_wait(&r, 10);
    rig_expect(&r, "ana", "{'type':'cursor',*'task':1}");
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_comes_is_announced_once_per_person),
        cmocka_unit_test(who_opens_hears_who_is_here),
        cmocka_unit_test(states_are_merged_and_thinned_and_the_newest_wins),
        cmocka_unit_test(who_moves_as_often_as_allowed_is_not_held_back_by_jitter),
        cmocka_unit_test(states_of_many_leave_in_one_frame_a_tick),
        cmocka_unit_test(typing_that_ends_before_it_was_told_leaves_nothing_behind),
        cmocka_unit_test(the_end_of_typing_is_never_thinned_away),
        cmocka_unit_test(a_connection_takes_its_states_with_it),
        cmocka_unit_test(who_left_while_one_caught_up_is_no_ghost),
        cmocka_unit_test(a_room_that_is_not_open_has_no_states),
        cmocka_unit_test(who_was_too_slow_is_told_how_things_stand),
        cmocka_unit_test(who_comes_sees_what_one_shows_who_catches_up),
        cmocka_unit_test(a_cursor_on_a_card_just_added_gets_its_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
