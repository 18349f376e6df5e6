/* Who edits a field of a card. */
#include "hub_rig.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define LOCK "{'type':'lock','id':%d,'room':'#lobby','task':1,'field':'title'}"
#define TAKE "{'type':'lock','id':%d,'room':'#lobby','task':1,'field':'title','take':true}"
#define UNLOCK "{'type':'unlock','id':%d,'room':'#lobby','task':1,'field':'title'}"
#define HELD_BY(who)                                                                           \
    "{'type':'locked','room':'#lobby','user':'" who "','session':*,'task':1,'field':'title',"  \
    "'client':*,'until':*}"
#define FREE(who)                                                                              \
    "{'type':'locked','room':'#lobby','user':'" who "','session':*,'task':1,'field':'title'}"

static void start(struct hub_rig *r)
{
    rig_start(r);
    rig_enter(r, "ana", "#lobby");
    rig_enter(r, "bo", "#lobby");
    rig_send(r, "ana", "{'type':'task.add','id':1,'room':'#lobby','title':'one'}");
    rig_send(r, "ana", "{'type':'task.add','id':2,'room':'#lobby','title':'two'}");
    rig_send(r, "ana", "{'type':'task.archive','id':3,'room':'#lobby','task':2}");
    rig_wait(r, 100);
    rig_skip(r, "ana");
    rig_skip(r, "bo");
}

static void ana_locks(struct hub_rig *r)
{
    rig_send(r, "ana", LOCK, 10);
    rig_expect(r, "ana", "{'type':'ok','re':10,*}");
    rig_wait(r, 100);
    rig_expect(r, "ana", HELD_BY("ana"));
    rig_expect(r, "bo", HELD_BY("ana"));
}

static void others_see_who_edits_and_when_it_ends(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    ana_locks(&r);
    rig_send(&r, "ana", UNLOCK, 11);
    rig_expect(&r, "ana", "{'type':'ok','re':11,*}");
    rig_wait(&r, 100);
    rig_expect(&r, "bo", FREE("ana"));
    rig_expect_nothing(&r, "bo");
    rig_finish(&r);
}

static void who_opens_the_room_later_is_told_of_locks(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    ana_locks(&r);
    rig_join(&r, "cleo");
    rig_send(&r, "cleo", "{'type':'open','id':1,'room':'#lobby','since':-1}");
    rig_expect_later(&r, "cleo", "{'type':'synced',*}");
    rig_expect_later(&r, "cleo", HELD_BY("ana"));
    rig_finish(&r);
}

static void second_is_told_who_has_it_and_may_take_it_over(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    ana_locks(&r);
    rig_send(&r, "bo", LOCK, 1);
    rig_expect(&r, "bo", "{'type':'error','re':1,'code':'conflict','message':'ana edits*}");
    rig_send(&r, "bo", TAKE, 2);
    rig_expect(&r, "bo", "{'type':'ok','re':2,*}");
    rig_wait(&r, 100);
    rig_expect(&r, "ana", HELD_BY("bo"));
    rig_send(&r, "ana", UNLOCK, 12);
    rig_expect(&r, "ana", "{'type':'error','re':12,'code':'forbidden',*}");
    rig_finish(&r);
}

static void lock_prevents_no_change(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    ana_locks(&r);
    rig_send(&r, "bo", "{'type':'task.edit','id':1,'room':'#lobby','task':1,'title':'uno'}");
    rig_expect(&r, "bo", "{'type':'ok','re':1,*}");
    rig_finish(&r);
}

static void lock_ends_two_minutes_after_it_was_renewed_last(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    ana_locks(&r);
    for (int i = 0; i < 11; i++) { /* signs of life that renew nothing */
        rig_wait(&r, 10000);
        rig_handle(&r, (struct hub_input){.kind = IN_ALIVE, .now = r.now, .conn = 0});
        rig_handle(&r, (struct hub_input){.kind = IN_ALIVE, .now = r.now, .conn = 1});
        if (i == 4)
            rig_send(&r, "ana", LOCK, 20);
    }
    rig_wait(&r, 100);
    rig_skip(&r, "bo");
    for (int i = 0; i < 5; i++) {
        rig_wait(&r, 10000);
        rig_handle(&r, (struct hub_input){.kind = IN_ALIVE, .now = r.now, .conn = 0});
        rig_handle(&r, (struct hub_input){.kind = IN_ALIVE, .now = r.now, .conn = 1});
    }
    rig_expect_nothing(&r, "bo");
    rig_wait(&r, 10000 + LOCK_LOOK_MS + 100);
    rig_expect(&r, "bo", FREE("ana"));
    rig_finish(&r);
}

static void lost_connection_that_comes_back_keeps_its_lock(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    ana_locks(&r);
    rig_cut(&r, "ana");
    rig_wait(&r, LOCK_GRACE_MS - 1000);
    rig_enter(&r, "ana", "#lobby");
    rig_skip(&r, "bo");
    rig_wait(&r, 20000);
    rig_expect_nothing(&r, "bo");
    rig_send(&r, "bo", LOCK, 1);
    rig_expect(&r, "bo", "{'type':'error','re':1,'code':'conflict',*}");
    rig_finish(&r);
}

static void lock_of_who_does_not_come_back_ends_with_the_grace(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    ana_locks(&r);
    rig_cut(&r, "ana");
    rig_wait(&r, 100);
    rig_expect(&r, "bo", "{'type':'presence',*'online':false}");
    rig_wait(&r, LOCK_GRACE_MS - 1000);
    rig_expect_nothing(&r, "bo");
    rig_wait(&r, 1000 + LOCK_LOOK_MS);
    rig_expect(&r, "bo", FREE("ana"));
    rig_send(&r, "bo", LOCK, 1);
    rig_expect(&r, "bo", "{'type':'ok','re':1,*}");
    rig_finish(&r);
}

static void who_leaves_the_room_lets_go(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    ana_locks(&r);
    rig_send(&r, "ana", "{'type':'close','id':11,'room':'#lobby'}");
    rig_wait(&r, 100);
    rig_expect_later(&r, "bo", FREE("ana"));
    rig_send(&r, "bo", LOCK, 1);
    rig_expect(&r, "bo", "{'type':'ok','re':1,*}");
    rig_finish(&r);
}

static void lock_that_ends_before_it_was_told_leaves_nothing_behind(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", LOCK, 10);
    rig_send(&r, "ana", UNLOCK, 11);
    rig_wait(&r, 100);
    rig_expect_nothing(&r, "bo");
    rig_finish(&r);
}

static void lock_that_changes_hands_very_often_is_thinned(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    for (int i = 0; i < 200; i++) {
        rig_send(&r, i % 2 ? "ana" : "bo", TAKE, 10 + i);
        rig_wait(&r, 5);
    }
    rig_wait(&r, 100);
    assert_in_range(rig_unread(&r, "ana") - 100, 15, 25); /* 100 are answers */
    rig_finish(&r);
}

static const struct {
    const char *json, *answer;
} bad[] = {
    {"{'type':'lock','id':9,'room':'#lobby','task':99,'field':'title'}", "not_found"},
    {"{'type':'lock','id':9,'room':'#lobby','task':2,'field':'title'}", "not_found"},
    {"{'type':'lock','id':9,'room':'#lobby','task':-77,'field':'title'}", "not_found"},
    {"{'type':'lock','id':9,'room':'#lobby','task':1,'field':'colour'}", "bad_field"},
    {"{'type':'lock','id':9,'room':'#lobby','task':0,'field':'title'}", "bad_field"},
    {"{'type':'lock','id':9,'room':'#lobby','task':1,'field':''}", "bad_field"},
    {"{'type':'lock','id':9,'room':'#lobby','task':1}", "bad_field"},
    {"{'type':'lock','id':9,'room':'#nowhere','task':1,'field':'title'}", "not_found"},
    {"{'type':'unlock','id':9,'room':'#lobby','task':1,'field':'title'}", "not_found"},
    {"{'type':'unlock','id':9,'room':'#lobby','task':1,'field':'nothing'}", "bad_field"},
};

static void what_cannot_be_locked_is_refused(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        char expected[80];
        snprintf(expected, sizeof expected, "{'type':'error','re':9,'code':'%s',*}",
                 bad[i].answer);
        rig_send(&r, "bo", "%s", bad[i].json);
        rig_expect(&r, "bo", expected);
    }
    rig_join(&r, "cleo");
    rig_send(&r, "cleo", LOCK, 1);
    rig_expect(&r, "cleo", "{'type':'error','re':1,'code':'not_found','message':*not open*}");
    rig_wait(&r, 100);
    rig_skip(&r, "ana");
    rig_send(&r, "ana", "{'type':'locked','room':'#lobby','task':1,'field':'title'}");
    rig_expect(&r, "ana", "{'type':'error','code':'unknown_type',*}");
    rig_finish(&r);
}

static void a_client_holds_so_many_locks_and_no_more(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    for (int i = 0; i <= LOCKS_MAX; i++)
        rig_send(&r, "ana", "{'type':'task.add','id':%d,'room':'#lobby','title':'x'}", 10 + i);
    rig_skip(&r, "ana");
    rig_skip(&r, "bo");
    for (int i = 0; i <= LOCKS_MAX; i++)
        rig_send(&r, "bo", "{'type':'lock','id':%d,'room':'#lobby','task':%d,'field':'due'}",
                 10 + i, 3 + i);
    for (int i = 0; i < LOCKS_MAX; i++)
        rig_expect(&r, "bo", "{'type':'ok',*}");
    rig_expect(&r, "bo", "{'type':'error','re':26,'code':'limit',*}");
    rig_send(&r, "bo", "{'type':'lock','id':30,'room':'#lobby','task':3,'field':'due'}");
    rig_expect(&r, "bo", "{'type':'ok','re':30,*}"); /* renewing is no further one */
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(others_see_who_edits_and_when_it_ends),
        cmocka_unit_test(who_opens_the_room_later_is_told_of_locks),
        cmocka_unit_test(second_is_told_who_has_it_and_may_take_it_over),
        cmocka_unit_test(lock_prevents_no_change),
        cmocka_unit_test(lock_ends_two_minutes_after_it_was_renewed_last),
        cmocka_unit_test(lost_connection_that_comes_back_keeps_its_lock),
        cmocka_unit_test(lock_of_who_does_not_come_back_ends_with_the_grace),
        cmocka_unit_test(who_leaves_the_room_lets_go),
        cmocka_unit_test(lock_that_ends_before_it_was_told_leaves_nothing_behind),
        cmocka_unit_test(lock_that_changes_hands_very_often_is_thinned),
        cmocka_unit_test(what_cannot_be_locked_is_refused),
        cmocka_unit_test(a_client_holds_so_many_locks_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
