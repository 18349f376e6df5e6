/* Events, and how requests are taken: in order, once, under one number. */
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
}

static void an_event_reaches_all_and_the_answer_comes_first(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'message.post','id':1,'room':'#lobby','text':'hello'}");
    rig_expect(&r, "ana", "{'type':'ok','re':1,'room':'#lobby','seq':4}");
    rig_expect(&r, "ana",
               "{'type':'message','room':'#lobby','seq':4,'time':*,'author':'ana',"
               "'client':'clientana','id':1,'text':'hello'}");
    rig_expect(&r, "bo", "{'type':'message','room':'#lobby','seq':4,*,'text':'hello'}");
    rig_finish(&r);
}

static void nobody_is_told_before_it_is_stored(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'message.post','id':1,'room':'#lobby','text':'hello'}");
    rig_run_jobs(&r, 1); /* the look-up of a client not known yet */
    rig_wait(&r, 500);
    rig_expect_nothing(&r, "ana");
    rig_expect_nothing(&r, "bo");
    rig_run_jobs(&r, 1);
    rig_expect(&r, "ana", "{'type':'ok','re':1,*}");
    rig_expect(&r, "bo", "{'type':'message',*}");
    rig_finish(&r);
}

static void events_of_one_turn_leave_in_one_frame(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'ping','id':1}");
    size_t fans = r.fans;
    rig_send(&r, "ana", "{'type':'message.post','id':2,'room':'#lobby','text':'1'}");
    assert_int_equal(r.fans, fans + 1);
    rig_skip(&r, "bo");
    r.hold_store = true;
    rig_send(&r, "ana",
             "[{'type':'message.post','id':3,'room':'#lobby','text':'2'},"
             "{'type':'message.post','id':4,'room':'#lobby','text':'3'}]");
    fans = r.fans;
    struct store_job *jobs[2] = {r.jobs.v[0], r.jobs.v[1]};
    r.store->write(r.store, jobs, 2);
    r.jobs.n = 0;
    for (int i = 0; i < 2; i++) {
        struct hub_input in = {.kind = IN_STORED, .now = r.now, .job = jobs[i]};
        hub_handle(r.hub, &in, &r.out);
    }
    rig_wait(&r, 1);
    assert_int_equal(r.fans, fans + 1);
    rig_expect(&r, "bo", "{'type':'message',*'text':'2'}");
    rig_expect(&r, "bo", "{'type':'message',*'text':'3'}");
    rig_finish(&r);
}

static void a_board_is_worked_on(void **state)
{
    (void)state;
    static const char *const script[][3] = {
        {"{'type':'task.add','id':1,'room':'#lobby','title':'one'}",
         "{'type':'ok','re':1,'room':'#lobby','seq':4,'number':1}",
         "{'type':'task.added',*,'task':1,'title':'one','column':'Todo','key':'V'}"},
        {"{'type':'task.add','id':2,'room':'#lobby','title':'two','column':'todo'}",
         "{'type':'ok','re':2,'room':'#lobby','seq':5,'number':2}",
         "{'type':'task.added',*,'task':2,'title':'two','column':'Todo','key':'V1'}"},
        {"{'type':'task.add','id':3,'room':'#lobby','title':'three','after':0}",
         "{'type':'ok','re':3,*,'number':3}",
         "{'type':'task.added',*,'task':3,'title':'three','column':'Todo','key':'Uz'}"},
        {"{'type':'task.edit','id':4,'room':'#lobby','task':3,'title':'drei'}",
         "{'type':'ok','re':4,*,'number':3}",
         "{'type':'task.edited',*,'task':3,'title':'drei'}"},
        {"{'type':'task.move','id':5,'room':'#lobby','task':2,'column':'Doing'}",
         "{'type':'ok','re':5,*,'number':2}",
         "{'type':'task.moved',*,'task':2,'column':'Doing','key':'V'}"},
        {"{'type':'task.move','id':6,'room':'#lobby','task':1,'column':'doing','after':2}",
         "{'type':'ok','re':6,*,'number':1}",
         "{'type':'task.moved',*,'task':1,'column':'Doing','key':'V1'}"},
        {"{'type':'task.archive','id':7,'room':'#lobby','task':2}",
         "{'type':'ok','re':7,*,'number':2}", "{'type':'task.archived',*,'task':2}"},
        {"{'type':'task.restore','id':8,'room':'#lobby','task':2}",
         "{'type':'ok','re':8,*,'number':2}",
         "{'type':'task.restored',*,'task':2,'title':'two','column':'Doing','key':'V'}"},
    };
    struct hub_rig r;
    start(&r);
    for (size_t i = 0; i < COUNT_OF(script); i++) {
        rig_send(&r, "ana", "%s", script[i][0]);
        rig_expect(&r, "ana", script[i][1]);
        rig_expect(&r, "ana", script[i][2]);
        rig_expect(&r, "bo", script[i][2]);
    }
    rig_finish(&r);
}

static void what_does_not_fit_the_board_is_refused(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"'type':'task.add','title':'x','column':'Later'", "not_found"},
        {"'type':'task.add','title':'x','after':77", "not_found"},
        {"'type':'task.add','title':'x','after':-77", "not_found"},
        {"'type':'task.edit','task':77,'title':'x'", "not_found"},
        {"'type':'task.edit','task':-77,'title':'x'", "not_found"},
        {"'type':'task.edit','task':2,'title':'x'", "conflict"},
        {"'type':'task.move','task':1,'column':'Later'", "not_found"},
        {"'type':'task.move','task':1,'column':'Doing','after':1", "not_found"},
        {"'type':'task.archive','task':2", "conflict"},
        {"'type':'task.restore','task':1", "conflict"},
        {"'type':'task.restore','task':77", "not_found"},
        {"'type':'task.edit','task':0,'title':'x'", "bad_field"},
        {"'type':'task.edit','task':1,'title':''", "bad_field"},
        {"'type':'task.edit','task':1,'title':'a\\nb'", "bad_field"},
        {"'type':'task.edit','task':1", "bad_field"},
        {"'type':'task.edit','task':'1','title':'x'", "bad_field"},
        {"'type':'task.edit','task':1,'title':'x','more':1", "bad_field"},
        {"'type':'task.edit','task':1.5,'title':'x'", "bad_field"},
        {"'type':'task.edit','task':9007199254740993,'title':'x'", "bad_field"},
        {"'type':'message.post','text':''", "bad_field"},
        {"'type':'room.created','seq':1", "unknown_type"},
        {"'type':'nonsense'", "unknown_type"},
    };
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'task.add','id':1,'room':'#lobby','title':'one'}");
    rig_send(&r, "ana", "{'type':'task.add','id':2,'room':'#lobby','title':'two'}");
    rig_send(&r, "ana", "{'type':'task.archive','id':3,'room':'#lobby','task':2}");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char expected[100];
        rig_skip(&r, "ana");
        rig_skip(&r, "bo");
        rig_send(&r, "ana", "{%s,'id':%zu,'room':'#lobby'}", rows[i][0], i + 10);
        snprintf(expected, sizeof expected, "{'type':'error',*'code':'%s',*}", rows[i][1]);
        rig_expect(&r, "ana", expected);
        rig_expect_nothing(&r, "ana");
        rig_expect_nothing(&r, "bo");
    }
    rig_finish(&r);
}

static void a_card_that_is_not_there_is_refused_with_its_room(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "'type':'task.edit','task':999,'title':'x'",
        "'type':'task.add','title':'x','after':999",
        "'type':'task.restore','task':999",
    };
    struct hub_rig r;
    start(&r);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        rig_send(&r, "ana", "{%s,'id':%zu,'room':'#lobby'}", rows[i], i + 10);
        rig_expect(&r, "ana", "{'type':'error',*,'message':'there is no card 999 in #lobby'}");
    }
    rig_finish(&r);
}

static void a_card_is_named_by_the_request_that_adds_it(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    rig_send(&r, "ana",
             "[{'type':'task.add','id':5,'room':'#lobby','title':'one'},"
             "{'type':'task.edit','id':6,'room':'#lobby','task':-5,'title':'uno'},"
             "{'type':'task.add','id':7,'room':'#lobby','title':'two','after':-5},"
             "{'type':'task.edit','id':8,'room':'#lobby','task':-4,'title':'x'}]");
    rig_release(&r);
    rig_expect_later(&r, "bo", "{'type':'task.added',*'task':1,*}");
    rig_expect(&r, "bo", "{'type':'task.edited',*'task':1,'title':'uno'}");
    rig_expect(&r, "bo", "{'type':'task.added',*'task':2,*'key':'V1'}");
    rig_expect_nothing(&r, "bo");
    rig_expect_later(&r, "ana", "{'type':'error','re':8,'code':'not_found',*}");
    rig_finish(&r);
}

static void the_store_knows_the_card_of_an_old_request(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'task.add','id':5,'room':'#lobby','title':'one'}");
    rig_send(&r, "ana", "{'type':'message.post','id':6,'room':'#lobby','text':'x'}");
    rig_restart(&r);
    rig_enter(&r, "ana", "#lobby");
    rig_send(&r, "ana", "{'type':'task.edit','id':7,'room':'#lobby','task':-5,'title':'uno'}");
    rig_expect(&r, "ana", "{'type':'ok','re':7,*'number':1}");
    rig_skip(&r, "ana");
    rig_send(&r, "ana", "{'type':'task.edit','id':8,'room':'#lobby','task':-6,'title':'x'}");
    rig_expect(&r, "ana", "{'type':'error','re':8,'code':'not_found',*}");
    rig_finish(&r);
}

static void a_card_of_another_room_is_not_meant(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'room.create','id':1,'room':'#other'}");
    rig_send(&r, "ana", "{'type':'task.add','id':2,'room':'#other','title':'one'}");
    rig_skip(&r, "ana");
    rig_send(&r, "ana", "{'type':'task.edit','id':3,'room':'#lobby','task':-2,'title':'x'}");
    rig_expect(&r, "ana", "{'type':'error','re':3,'code':'not_found',*}");
    rig_restart(&r);
    rig_join(&r, "ana");
    rig_send(&r, "ana", "{'type':'task.edit','id':4,'room':'#lobby','task':-2,'title':'x'}");
    rig_expect(&r, "ana", "{'type':'error','re':4,'code':'not_found',*}");
    rig_finish(&r);
}

/* ---- put off ---- */

static void a_card_whose_request_failed_in_passing_is_waited_for(void **state)
{
    (void)state;
    static const char *const edit =
        "{'type':'task.edit','id':6,'room':'#lobby','task':-5,'title':'uno'}";
    struct hub_rig r;
    start(&r);
    store_mem_break(r.store, ERR_STORE_FULL);
    rig_send(&r, "ana", "{'type':'task.add','id':5,'room':'#lobby','title':'one'}");
    rig_expect(&r, "ana", "{'type':'error','re':5,'code':'store_full',*'retry':true}");
    store_mem_break(r.store, ERR_NONE);
    rig_send(&r, "ana", "%s", edit);
    rig_expect(&r, "ana", "{'type':'error','re':6,'code':'busy','message':'*5*','retry':true}");
    rig_send(&r, "ana", "{'type':'message.post','id':7,'room':'#lobby','text':'x'}");
    rig_expect_later(&r, "ana", "{'type':'message',*}");
    rig_send(&r, "ana", "%s", edit);
    rig_expect(&r, "ana", "{'type':'error','re':6,'code':'busy',*'retry':true}");
    rig_send(&r, "ana", "{'type':'task.add','id':5,'room':'#lobby','title':'one'}");
    rig_expect_later(&r, "ana", "{'type':'task.added',*}");
    rig_send(&r, "ana", "%s", edit);
    rig_expect(&r, "ana", "{'type':'ok','re':6,*}");
    rig_finish(&r);
}

static void a_card_whose_request_was_over_the_rate_is_waited_for(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    for (int i = 0; i < RATE_BURST - 1; i++)
        rig_send(&r, "ana", "{'type':'ping','id':1}");
    rig_skip(&r, "ana");
    rig_send(&r, "ana",
             "[{'type':'ping','id':4},"
             "{'type':'task.add','id':5,'room':'#lobby','title':'one'}]");
    rig_expect(&r, "ana", "{'type':'pong','re':4,*}");
    rig_expect(&r, "ana", "{'type':'error','re':5,'code':'rate',*'retry':true}");
    rig_wait(&r, 1000);
    rig_send(&r, "ana", "{'type':'task.add','id':6,'room':'#lobby','title':'x','after':-5}");
    rig_expect(&r, "ana", "{'type':'error','re':6,'code':'busy',*'retry':true}");
    rig_send(&r, "ana", "{'type':'task.archive','id':7,'room':'#lobby','task':-6}");
    rig_expect(&r, "ana", "{'type':'error','re':7,'code':'busy',*'retry':true}");
    rig_finish(&r);
}

static void a_card_whose_request_was_refused_for_good_is_not_waited_for(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    store_mem_break(r.store, ERR_STORE);
    rig_send(&r, "ana", "{'type':'task.add','id':5,'room':'#lobby','title':'one'}");
    rig_expect(&r, "ana", "{'type':'error','re':5,'code':'store',*'retry':true}");
    store_mem_break(r.store, ERR_NONE);
    rig_send(&r, "ana",
             "{'type':'task.add','id':5,'room':'#lobby','title':'one','column':'None'}");
    rig_expect(&r, "ana", "{'type':'error','re':5,'code':'not_found',*}");
    rig_send(&r, "ana", "{'type':'task.archive','id':6,'room':'#lobby','task':-5}");
    rig_expect(&r, "ana", "{'type':'error','re':6,'code':'not_found','message':'*'}");
    rig_finish(&r);
}

/* ---- once ---- */

static void the_same_request_twice_is_one_event(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    for (int i = 0; i < 3; i++) {
        rig_send(&r, "ana", "{'type':'task.add','id':5,'room':'#lobby','title':'one'}");
        rig_expect_later(&r, "ana", "{'type':'ok','re':5,'room':'#lobby','seq':4,'number':1}");
    }
    rig_expect(&r, "bo", "{'type':'task.added',*}");
    rig_expect_nothing(&r, "bo");
    assert_int_equal(hub_counts(r.hub).duplicates, 2);
    rig_finish(&r);
}

static void a_request_repeated_in_flight_is_answered_once_on_the_new_connection(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'message.post','id':1,'room':'#lobby','text':'first'}");
    rig_skip(&r, "bo");
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'message.post','id':2,'room':'#lobby','text':'once'}");
    rig_cut(&r, "ana");
    rig_join(&r, "ana");
    rig_send(&r, "ana", "{'type':'message.post','id':2,'room':'#lobby','text':'once'}");
    rig_expect_nothing(&r, "ana");
    rig_release(&r);
    rig_expect(&r, "ana", "{'type':'ok','re':2,'room':'#lobby','seq':5}");
    rig_expect_nothing(&r, "ana");
    rig_expect(&r, "bo", "{'type':'message',*'text':'once'}");
    rig_wait(&r, 10);
    rig_expect(&r, "bo", "{'type':'presence',*'online':false}");
    rig_expect_nothing(&r, "bo");
    rig_finish(&r);
}

static void after_a_restart_a_request_is_still_known(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'task.add','id':5,'room':'#lobby','title':'one'}");
    rig_restart(&r);
    rig_enter(&r, "ana", "#lobby");
    rig_send(&r, "ana", "{'type':'task.add','id':5,'room':'#lobby','title':'one'}");
    rig_expect(&r, "ana", "{'type':'ok','re':5,'room':'#lobby','seq':4,'number':1}");
    rig_expect_nothing(&r, "ana");
    rig_finish(&r);
}

static void the_same_id_of_another_client_is_another_request(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_enter(&r, "ana/2", "#lobby");
    rig_send(&r, "ana", "{'type':'message.post','id':5,'room':'#lobby','text':'x'}");
    rig_send(&r, "ana/2", "{'type':'message.post','id':5,'room':'#lobby','text':'x'}");
    rig_expect_later(&r, "ana/2", "{'type':'ok','re':5,'room':'#lobby','seq':5}");
    rig_finish(&r);
}

static void what_waits_behind_a_look_up_keeps_its_order(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    for (int i = 1; i <= 20; i++)
        rig_send(&r, "ana", "{'type':'message.post','id':%d,'room':'#lobby','text':'%d'}", i,
                 i);
    rig_send(&r, "ana", "{'type':'message.post','id':7,'room':'#lobby','text':'7'}");
    assert_int_equal(r.jobs.n, 1);
    rig_release(&r);
    for (int i = 1; i <= 20; i++) {
        char expected[60];
        snprintf(expected, sizeof expected, "{'type':'message',*'text':'%d'}", i);
        rig_expect(&r, "bo", expected);
    }
    rig_expect_nothing(&r, "bo");
    rig_finish(&r);
}

static void ids_that_come_late_are_taken_too(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'message.post','id':9,'room':'#lobby','text':'nine'}");
    rig_send(&r, "ana", "{'type':'message.post','id':8,'room':'#lobby','text':'eight'}");
    rig_expect(&r, "bo", "{'type':'message',*'text':'nine'}");
    rig_expect(&r, "bo", "{'type':'message',*'text':'eight'}");
    rig_finish(&r);
}

static void a_client_may_have_only_so_much_waiting(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    for (int i = 1; i <= 1100; i++)
        rig_send(&r, "ana", "{'type':'message.post','id':%d,'room':'#lobby','text':'x'}", i);
    rig_expect(&r, "ana", "{'type':'error','re':1025,'code':'busy',*'retry':true}");
    assert_int_equal(rig_unread(&r, "ana"), 1100 - 1025);
    rig_release(&r);
    rig_expect_later(&r, "ana", "{'type':'ok','re':1024,*}");
    rig_finish(&r);
}

static void a_room_may_have_only_so_much_under_way(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'message.post','id':1,'room':'#lobby','text':'x'}");
    rig_skip(&r, "ana");
    r.hold_store = true;
    for (int i = 2; i <= ROOM_APPENDS_MAX + 2; i++)
        rig_send(&r, "ana", "{'type':'message.post','id':%d,'room':'#lobby','text':'x'}", i);
    rig_expect(&r, "ana", "{'type':'error','re':1026,'code':'busy',*}");
    rig_expect_nothing(&r, "ana");
    rig_release(&r);
    rig_expect_later(&r, "ana", "{'type':'ok','re':1025,*}");
    rig_finish(&r);
}

static void time_in_a_room_never_goes_back(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'message.post','id':1,'room':'#lobby','text':'x'}");
    r.now -= 500;
    rig_send(&r, "ana", "{'type':'message.post','id':2,'room':'#lobby','text':'x'}");
    rig_expect(&r, "bo", "{'type':'message',*'time':1000120,*}");
    rig_expect(&r, "bo", "{'type':'message',*'time':1000120,*}");
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_reaches_all_and_the_answer_comes_first),
        cmocka_unit_test(nobody_is_told_before_it_is_stored),
        cmocka_unit_test(events_of_one_turn_leave_in_one_frame),
        cmocka_unit_test(a_board_is_worked_on),
        cmocka_unit_test(what_does_not_fit_the_board_is_refused),
        cmocka_unit_test(a_card_that_is_not_there_is_refused_with_its_room),
        cmocka_unit_test(a_card_is_named_by_the_request_that_adds_it),
        cmocka_unit_test(the_store_knows_the_card_of_an_old_request),
        cmocka_unit_test(a_card_of_another_room_is_not_meant),
        cmocka_unit_test(a_card_whose_request_failed_in_passing_is_waited_for),
        cmocka_unit_test(a_card_whose_request_was_over_the_rate_is_waited_for),
        cmocka_unit_test(a_card_whose_request_was_refused_for_good_is_not_waited_for),
        cmocka_unit_test(the_same_request_twice_is_one_event),
        cmocka_unit_test(a_request_repeated_in_flight_is_answered_once_on_the_new_connection),
        cmocka_unit_test(after_a_restart_a_request_is_still_known),
        cmocka_unit_test(the_same_id_of_another_client_is_another_request),
        cmocka_unit_test(what_waits_behind_a_look_up_keeps_its_order),
        cmocka_unit_test(ids_that_come_late_are_taken_too),
        cmocka_unit_test(a_client_may_have_only_so_much_waiting),
        cmocka_unit_test(a_room_may_have_only_so_much_under_way),
        cmocka_unit_test(time_in_a_room_never_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
