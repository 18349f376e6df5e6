/* How far people have read, at the hub: private, durable, forward. */
#include "hub_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* ana (twice) and bo are in #lobby (bo by event 3), where bo said 4 to 7: something, @ana, a
 * comment, an answer to nobody that he deleted (8). */
static void start(struct hub_rig *r)
{
    rig_start(r);
    rig_join(r, "ana");
    rig_join(r, "bo");
    rig_connect_as(r, "ana2", (struct identity){.user = STR("ana")});
    rig_send(r, "ana2", "{'type':'hello','version':1,'client':'clientana2'}");
    rig_send(r, "bo", "{'type':'message.post','id':1,'room':'#lobby','text':'hello'}");
    rig_send(r, "bo", "{'type':'message.post','id':2,'room':'#lobby','text':'@ana?'}");
    rig_send(r, "bo", "{'type':'task.add','id':3,'room':'#lobby','title':'x'}");
    rig_send(r, "bo", "{'type':'message.post','id':4,'room':'#lobby','text':'on','task':1}");
    rig_send(r, "bo", "{'type':'message.post','id':5,'room':'#lobby','text':'gone'}");
    rig_send(r, "bo", "{'type':'message.delete','id':6,'room':'#lobby','message':8}");
    rig_skip(r, "ana");
    rig_skip(r, "ana2");
    rig_skip(r, "bo");
}

static void who_comes_has_read_all_up_to_there(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "bo", "{'type':'room.create','id':9,'room':'#team'}");
    rig_send(&r, "bo", "{'type':'message.post','id':10,'room':'#team','text':'first'}");
    rig_send(&r, "ana", "{'type':'room.join','id':1,'room':'#team'}");
    rig_send(&r, "bo", "{'type':'message.post','id':11,'room':'#team','text':'second'}");
    rig_skip(&r, "ana");
    rig_send(&r, "ana", "{'type':'rooms','id':2,'mine':true}");
    rig_expect(&r, "ana",
               "{'type':'room.list','re':2,'rooms':["
               "{'room':'#lobby',*'seq':9,'members':2,'read':2,'unread':2,'mentions':1},"
               "{'room':'#team',*'seq':4,'members':2,'read':3,'unread':1}]}");
    rig_finish(&r);
}

static void marker_is_told_to_all_sessions_of_the_person_and_to_nobody_else(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'read','id':1,'room':'#lobby','seq':4}");
    rig_expect(&r, "ana",
               "{'type':'unread','room':'#lobby','read':4,'seq':9,'unread':1,'mentions':1}");
    rig_expect(&r, "ana", "{'type':'ok','re':1,'room':'#lobby'}");
    rig_expect(&r, "ana2",
               "{'type':'unread','room':'#lobby','read':4,'seq':9,'unread':1,'mentions':1}");
    rig_expect_nothing(&r, "ana2");
    rig_expect_nothing(&r, "bo");
    rig_finish(&r);
}

static void marker_goes_only_forward(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'read','id':1,'room':'#lobby','seq':9}");
    rig_send(&r, "ana2", "{'type':'read','id':1,'room':'#lobby','seq':4}");
    rig_expect_later(&r, "ana2", "{'type':'ok','re':1,*}");
    rig_skip(&r, "ana");
    rig_restart(&r);
    rig_connect(&r, "ana");
    rig_send(&r, "ana", "{'type':'hello','version':1,'client':'clientana'}");
    rig_expect(&r, "ana", "{'type':'welcome',*'members':2,'read':9}]}");
    rig_finish(&r);
}

static void new_turn_goes_back_and_an_old_one_cannot_undo_it(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'read','id':1,'room':'#lobby','seq':9}");
    rig_send(&r, "ana", "{'type':'read','id':2,'room':'#lobby','seq':4,'turn':1}");
    rig_skip(&r, "ana");
    rig_send(&r, "ana2", "{'type':'read','id':1,'room':'#lobby','seq':9}");
    rig_expect(&r, "ana", "{'type':'unread','room':'#lobby','read':4,'turn':1,*}");
    rig_expect_nothing(&r, "ana");
    rig_send(&r, "ana", "{'type':'read','id':3,'room':'#lobby','seq':9,'turn':3}");
    rig_expect(&r, "ana", "{'type':'error','re':3,'code':'bad_field',*is 2'}");
    rig_finish(&r);
}

static void what_cannot_have_been_read_is_refused(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'read','id':1,'room':'#lobby','seq':10}");
    rig_expect(&r, "ana", "{'type':'error','re':1,'code':'bad_field',*is 9'}");
    rig_send(&r, "bo", "{'type':'room.create','id':9,'room':'#team'}");
    rig_join_admin(&r, "root");
    rig_send(&r, "root", "{'type':'read','id':1,'room':'#team','seq':1}");
    rig_expect(&r, "root", "{'type':'error','re':1,'code':'forbidden',*}");
    rig_send(&r, "ana", "{'type':'read','id':2,'room':'#team','seq':1}");
    rig_expect(&r, "ana", "{'type':'error','re':2,'code':'forbidden',*}");
    rig_finish(&r);
}

static void nothing_is_told_before_it_is_stored(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'read','id':1,'room':'#lobby','seq':9}");
    rig_expect_nothing(&r, "ana");
    rig_expect_nothing(&r, "ana2");
    rig_fail_job(&r, JOB_READ_PUT);
    rig_expect(&r, "ana", "{'type':'error','re':1,'code':'store',*'retry':true}");
    rig_expect_nothing(&r, "ana2");
    rig_release(&r);
    rig_finish(&r);
}

static void who_leaves_and_comes_back_has_not_read_less(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "bo", "{'type':'room.create','id':9,'room':'#team'}");
    rig_send(&r, "ana", "{'type':'room.join','id':1,'room':'#team'}");
    rig_send(&r, "ana", "{'type':'read','id':2,'room':'#team','seq':1,'turn':1}");
    rig_send(&r, "ana", "{'type':'room.leave','id':3,'room':'#team'}");
    rig_send(&r, "ana", "{'type':'room.join','id':4,'room':'#team'}");
    rig_skip(&r, "ana");
    rig_send(&r, "ana", "{'type':'rooms','id':5,'mine':true}");
    rig_expect(&r, "ana", "{'type':'room.list',*{'room':'#team',*'read':4,'turn':1}]}");
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_comes_has_read_all_up_to_there),
        cmocka_unit_test(marker_is_told_to_all_sessions_of_the_person_and_to_nobody_else),
        cmocka_unit_test(marker_goes_only_forward),
        cmocka_unit_test(new_turn_goes_back_and_an_old_one_cannot_undo_it),
        cmocka_unit_test(what_cannot_have_been_read_is_refused),
        cmocka_unit_test(nothing_is_told_before_it_is_stored),
        cmocka_unit_test(who_leaves_and_comes_back_has_not_read_less),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
