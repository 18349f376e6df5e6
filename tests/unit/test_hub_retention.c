/* What a room keeps of its chat, at the hub. */
#include "hub_rig.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* #team is ana's; bo is a member (2), cleo an observer (3). ana has it open. */
static void start(struct hub_rig *r)
{
    rig_start(r);
    rig_join(r, "ana");
    rig_join(r, "bo");
    rig_join(r, "cleo");
    rig_send(r, "ana", "{'type':'room.create','id':1,'room':'#team'}");
    rig_send(r, "ana",
             "{'type':'member.set','id':2,'room':'#team','user':'bo','role':'member'}");
    rig_send(r, "ana",
             "{'type':'member.set','id':3,'room':'#team','user':'cleo','role':'observer'}");
    rig_send(r, "ana", "{'type':'open','id':4,'room':'#team','since':-1}");
    rig_skip(r, "ana");
    rig_skip(r, "bo");
    rig_skip(r, "cleo");
}

/* Messages with the requests from id on; events 4 and so on in a room that was just made. */
static void say(struct hub_rig *r, int id, int n)
{
    for (int i = 0; i < n; i++) {
        rig_wait(r, 100); /* slower than anybody is stopped for */
        rig_send(r, "ana", "{'type':'message.post','id':%d,'room':'#team','text':'word %d'}",
                 id + i, id + i);
    }
    rig_skip(r, "ana");
}

/* So that time passes and not leaps; those who are connected are heard of. */
static void pass(struct hub_rig *r, int seconds)
{
    for (int s = 0; s < seconds; s += 4) {
        rig_wait(r, 4000);
        for (uint32_t conn = 0; conn < 3; conn++)
            rig_handle(r, (struct hub_input){.kind = IN_ALIVE, .conn = conn});
    }
}

static void only_an_owner_says_what_is_kept(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    static const char *const who[] = {"bo", "cleo"};
    for (size_t i = 0; i < COUNT_OF(who); i++) {
        rig_send(&r, who[i], "{'type':'room.retain','id':9,'room':'#team','age':86400}");
        rig_expect(&r, who[i], "{'type':'error','re':9,'code':'forbidden',*owner*}");
    }
    rig_send(&r, "ana", "{'type':'room.retain','id':5,'room':'#team','age':86400}");
    rig_expect_later(&r, "ana",
                     "{'type':'room.retention','room':'#team','seq':4,*'author':'ana',"
                     "*'id':5,'age':86400}");
    rig_send(&r, "cleo", "{'type':'open','id':10,'room':'#team','snapshot':true}");
    rig_expect_later(&r, "cleo", "{'type':'snapshot',*'keep_age':86400,*}");
    rig_finish(&r);
}

static void what_no_room_may_keep_is_refused_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *fields, *words;
    } rows[] = {
        {"'age':3599", "1h to 3650d"},
        {"'age':1", "1h to 3650d"},
        {"'count':99", "100 to 1000000"},
        {"'count':1", "100 to 1000000"},
        {"'age':86400,'count':100", "not by both"},
        {"'age':-1", "age"},
        {"'count':-5", "count"},
        {"'age':99999999999", "age"},
        {"'count':1000001", "count"},
        {"'age':'90d'", "age"},
    };
    struct hub_rig r;
    start(&r);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char pattern[120];
        snprintf(pattern, sizeof pattern, "{'type':'error','re':%d,'code':'bad_field',*%s*}",
                 (int)i + 10, rows[i].words);
        rig_send(&r, "ana", "{'type':'room.retain','id':%d,'room':'#team',%s}", (int)i + 10,
                 rows[i].fields);
        rig_expect(&r, "ana", pattern);
    }
    rig_finish(&r);
}

static void the_oldest_beyond_the_count_go_at_once_and_all_hear_of_it(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 10, 103); /* events 4 to 106 */
    rig_send(&r, "ana", "{'type':'message.pin','id':200,'room':'#team','message':5}");
    rig_send(&r, "ana", "{'type':'room.retain','id':201,'room':'#team','count':100}");
    rig_expect_later(&r, "ana", "{'type':'room.retention',*'seq':108,*'count':100}");
    rig_wait(&r, 100);
    rig_expect(&r, "ana",
               "{'type':'chat.trimmed','room':'#team','seq':109,*'author':'mootd',*"
               "'upto':6,'until':*,'messages':2}");
    rig_wait(&r, 3000);
    rig_expect_nothing(&r, "ana");
    rig_send(&r, "ana", "{'type':'history','id':202,'room':'#team','before':9,'limit':10}");
    rig_expect(&r, "ana",
               "{'type':'history.page','re':202,*'messages':[{'seq':5,*'text':'word 11',*"
               "'pinned':true},{'seq':7,*},{'seq':8,*}],*}");
    rig_finish(&r);
}

/* Nothing may be done to it, whether it is still in memory or not. */
static void what_is_gone_can_be_changed_and_answered_no_more(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 10, 101);
    rig_send(&r, "ana", "{'type':'room.retain','id':201,'room':'#team','count':100}");
    rig_wait(&r, 100);
    rig_expect_later(&r, "ana", "{'type':'chat.trimmed',*'upto':4,*}");
    for (int restarted = 0; restarted < 2; restarted++) {
        rig_send(&r, "ana",
                 "{'type':'message.edit','id':301,'room':'#team','message':4,"
                 "'text':'x'}");
        rig_expect(&r, "ana", "{'type':'error','re':301,'code':'not_found',*removed by*}");
        rig_send(&r, "ana",
                 "{'type':'message.post','id':302,'room':'#team','reply':4,'text':'x'}");
        rig_expect(&r, "ana", "{'type':'error','re':302,'code':'not_found',*}");
        rig_send(&r, "ana", "{'type':'message.pin','id':303,'room':'#team','message':4}");
        rig_expect(&r, "ana", "{'type':'error','re':303,'code':'not_found',*removed by*}");
        rig_restart(&r);
        rig_join(&r, "ana");
    }
    rig_send(&r, "ana", "{'type':'message.post','id':10,'room':'#team','text':'word 10'}");
    rig_expect(&r, "ana", "{'type':'ok','re':10,*'seq':4}"); /* a retry is one still */
    rig_finish(&r);
}

static void what_is_older_than_the_age_goes_within_the_hour(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 10, 3);
    pass(&r, 60);
    rig_send(&r, "ana", "{'type':'room.retain','id':201,'room':'#team','age':7200}");
    rig_expect_later(&r, "ana", "{'type':'room.retention',*}");
    pass(&r, 7000);
    rig_send(&r, "ana", "{'type':'message.post','id':20,'room':'#team','text':'younger'}");
    rig_expect_later(&r, "ana", "{'type':'message','room':'#team',*'younger'}");
    pass(&r, 3800);
    assert_true(rig_hears(&r, "ana", "{'type':'chat.trimmed',*'upto':6,*'messages':3}"));
    rig_finish(&r);
}

/* A clock that was set by mistake takes nothing along before somebody can set it right. */
static void a_leap_of_the_clock_puts_it_off(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 10, 3);
    rig_send(&r, "ana", "{'type':'room.retain','id':201,'room':'#team','age':7200}");
    rig_expect_later(&r, "ana", "{'type':'room.retention',*}");
    r.now += INT64_C(40) * 86400000;
    rig_wait(&r, 1);
    pass(&r, 3500);
    assert_false(rig_hears(&r, "ana", "{'type':'chat.trimmed',*}"));
    pass(&r, 200);
    assert_true(rig_hears(&r, "ana", "{'type':'chat.trimmed',*'messages':3}"));
    rig_finish(&r);
}

/* Nor what an owner says then, nor what failed and is tried again: it is the same clock. */
static void whatever_happens_after_a_leap_waits_too(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 10, 3);
    r.now += INT64_C(40) * 86400000;
    rig_wait(&r, 1);
    rig_send(&r, "ana", "{'type':'room.retain','id':201,'room':'#team','age':7200}");
    rig_expect_later(&r, "ana", "{'type':'room.retention',*}");
    pass(&r, 60);
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'message.post','id':202,'room':'#team','text':'lost'}");
    rig_fail_job(&r, JOB_APPEND);
    rig_release(&r);
    pass(&r, 3400);
    assert_false(rig_hears(&r, "ana", "{'type':'chat.trimmed',*}"));
    pass(&r, 200);
    assert_true(rig_hears(&r, "ana", "{'type':'chat.trimmed',*'messages':3}"));
    rig_finish(&r);
}

static void much_goes_in_batches_with_pauses(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 10, 550);
    rig_send(&r, "ana", "{'type':'room.retain','id':801,'room':'#team','count':100}");
    rig_expect_later(&r, "ana", "{'type':'room.retention',*}");
    static const char *const batches[] = {"200", "200", "50"};
    for (size_t i = 0; i < COUNT_OF(batches); i++) {
        char pattern[80];
        snprintf(pattern, sizeof pattern, "{'type':'chat.trimmed',*'messages':%s}", batches[i]);
        rig_expect(&r, "ana", pattern);
        rig_expect_nothing(&r, "ana");
        rig_wait(&r, 100);
    }
    rig_finish(&r);
}

static void off_ends_it_and_what_is_gone_stays_gone(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 10, 101);
    rig_send(&r, "ana", "{'type':'room.retain','id':201,'room':'#team','count':100}");
    rig_wait(&r, 100);
    rig_expect_later(&r, "ana", "{'type':'chat.trimmed',*}");
    rig_send(&r, "ana", "{'type':'room.retain','id':202,'room':'#team'}");
    rig_expect_later(&r, "ana", "{'type':'room.retention',*'id':202}");
    say(&r, 300, 5);
    pass(&r, 3700);
    assert_false(rig_hears(&r, "ana", "{'type':'chat.trimmed',*}"));
    rig_send(&r, "bo", "{'type':'open','id':10,'room':'#team','snapshot':true}");
    rig_expect_later(&r, "bo", "{'type':'snapshot',*'next_number':1,*'trimmed':4,*}");
    rig_finish(&r);
}

/* A pin that comes between the look and the act is not passed over. */
static void a_pin_that_comes_in_between_keeps_its_message(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 10, 102);
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'room.retain','id':201,'room':'#team','count':100}");
    rig_run_jobs(&r, 1);
    rig_wait(&r, 1);
    struct store_job *look = rig_take_job(&r, JOB_TRIMMABLE);
    r.store->read(r.store, look);
    rig_send(&r, "ana", "{'type':'message.pin','id':202,'room':'#team','message':4}");
    rig_give_job(&r, look);
    rig_release(&r);
    for (int i = 0; i < 20; i++)
        rig_wait(&r, 100);
    rig_expect_later(&r, "ana", "{'type':'chat.trimmed',*'upto':5,*'messages':1}");
    rig_finish(&r);
}

/* Nor is one whose room was read anew since. */
static void a_pin_and_a_room_that_is_read_anew_in_between(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 10, 102);
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'room.retain','id':201,'room':'#team','count':100}");
    rig_run_jobs(&r, 1);
    rig_wait(&r, 1);
    struct store_job *look = rig_take_job(&r, JOB_TRIMMABLE);
    r.store->read(r.store, look);
    rig_send(&r, "ana", "{'type':'message.pin','id':202,'room':'#team','message':4}");
    rig_run_jobs(&r, 1);
    rig_send(&r, "ana", "{'type':'message.post','id':203,'room':'#team','text':'lost'}");
    rig_fail_job(&r, JOB_APPEND);
    rig_run_jobs(&r, 1);
    rig_give_job(&r, look);
    rig_release(&r);
    pass(&r, 64);
    assert_true(rig_hears(&r, "ana", "{'type':'chat.trimmed',*'upto':5,*'messages':1}"));
    rig_finish(&r);
}

/* Looks that go on where the last one ended do not pass over what was pinned before that. */
static void a_pin_that_is_taken_off_behind_them_is_seen(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 10, 400); /* events 4 to 403 */
    rig_send(&r, "ana", "{'type':'message.pin','id':801,'room':'#team','message':5}");
    rig_expect_later(&r, "ana", "{'type':'message.pinned',*}");
    rig_send(&r, "ana", "{'type':'room.retain','id':802,'room':'#team','count':100}");
    rig_expect_later(&r, "ana", "{'type':'chat.trimmed',*'upto':204,*'messages':200}");
    r.hold_store = true;
    rig_wait(&r, 100);
    struct store_job *look = rig_take_job(&r, JOB_TRIMMABLE);
    assert_int_equal(look->from, 204);
    rig_send(&r, "ana",
             "{'type':'message.pin','id':803,'room':'#team','message':5,'gone':true}");
    rig_run_jobs(&r, 1);
    r.store->read(r.store, look);
    rig_give_job(&r, look);
    rig_release(&r);
    for (int i = 0; i < 20; i++)
        rig_wait(&r, 100);
    rig_expect_later(&r, "ana", "{'type':'chat.trimmed',*'upto':303,*'messages':100}");
    rig_send(&r, "ana", "{'type':'history','id':804,'room':'#team','before':305,'limit':10}");
    rig_expect_later(&r, "ana", "{'type':'history.page','re':804,*'messages':[{'seq':304,*");
    rig_finish(&r);
}

static void look_is_answered(struct hub_rig *r)
{
    struct store_job *look = rig_take_job(r, JOB_TRIMMABLE);
    r->store->read(r->store, look);
    rig_give_job(r, look);
}

/* A slow disk: the next look still finds what the last one told the store to remove. */
static void what_is_on_its_way_out_is_counted_once(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 10, 310);
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'room.retain','id':801,'room':'#team','count':100}");
    rig_run_jobs(&r, 1);
    rig_wait(&r, 1);
    look_is_answered(&r);
    rig_wait(&r, 100);
    look_is_answered(&r);
    rig_release(&r);
    for (int i = 0; i < 20; i++)
        rig_wait(&r, 100);
    rig_expect_later(&r, "ana", "{'type':'chat.trimmed',*'messages':200}");
    rig_expect(&r, "ana", "{'type':'chat.trimmed',*'messages':10}");
    rig_finish(&r);
}

static void what_is_not_stored_is_taken_back_and_tried_again(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 10, 101);
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'room.retain','id':201,'room':'#team','count':100}");
    rig_run_jobs(&r, 1);
    rig_wait(&r, 1);
    rig_run_jobs(&r, 1); /* the look */
    rig_fail_job(&r, JOB_APPEND);
    rig_release(&r);
    rig_send(&r, "ana",
             "{'type':'message.react','id':202,'room':'#team','message':4,"
             "'emoji':':x:'}");
    rig_expect_later(&r, "ana", "{'type':'message.reacted',*'message':4,*}");
    pass(&r, 55); /* what people say has the disk meanwhile */
    assert_false(rig_hears(&r, "ana", "{'type':'chat.trimmed',*}"));
    pass(&r, 8);
    assert_true(rig_hears(&r, "ana", "{'type':'chat.trimmed',*'upto':4,*'messages':1}"));
    rig_finish(&r);
}

static void what_cannot_be_read_after_something_went_is_said(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 10, 101);
    rig_restart(&r); /* so that no message is in memory */
    rig_join(&r, "ana");
    rig_send(&r, "ana", "{'type':'room.retain','id':201,'room':'#team','count':100}");
    rig_wait(&r, 100);
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'message.pin','id':202,'room':'#team','message':4}");
    rig_fail_job(&r, JOB_HISTORY);
    rig_expect_later(&r, "ana", "{'type':'error','re':202,'code':'store',*'retry':true}");
    rig_release(&r);
    rig_finish(&r);
}

static size_t count_jobs(const struct hub_rig *r, enum store_job_kind kind)
{
    size_t n = 0;
    vec_each (j, &r->jobs)
        n += (*j)->kind == kind && str_is((*j)->room, "#team");
    return n;
}

static void a_look_that_fails_is_not_made_again_at_once(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'room.retain','id':201,'room':'#team','count':100}");
    rig_run_jobs(&r, 1);
    rig_wait(&r, 1);
    rig_fail_job(&r, JOB_TRIMMABLE);
    rig_wait(&r, 4000);
    assert_int_equal(count_jobs(&r, JOB_TRIMMABLE), 0);
    pass(&r, 60);
    assert_int_equal(count_jobs(&r, JOB_TRIMMABLE), 1);
    rig_release(&r);
    rig_finish(&r);
}

/* A server has many rooms that keep for a time, and most of them are asleep. */
static void a_room_in_which_all_is_kept_is_not_read_for_it(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 10, 103);
    rig_send(&r, "ana", "{'type':'room.retain','id':201,'room':'#team','count':103}");
    rig_wait(&r, 100);
    rig_restart(&r);
    r.hold_store = true;
    rig_wait(&r, 1100);
    assert_int_equal(count_jobs(&r, JOB_TRIMMABLE), 1);
    rig_release(&r);
    r.hold_store = true;
    rig_wait(&r, 3000);
    assert_int_equal(count_jobs(&r, JOB_ROOM), 0);
    rig_release(&r);
    rig_finish(&r);
}

static void a_room_that_is_asleep_is_read_when_something_goes(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 10, 103);
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'room.retain','id':201,'room':'#team','count':100}");
    rig_run_jobs(&r, 1);
    r.hold_store = false;
    rig_restart(&r);
    rig_wait(&r, 5000);
    rig_join(&r, "ana");
    rig_send(&r, "ana", "{'type':'open','id':1,'room':'#team','snapshot':true}");
    rig_expect_later(&r, "ana", "{'type':'snapshot',*'trimmed':6,*}");
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_an_owner_says_what_is_kept),
        cmocka_unit_test(what_no_room_may_keep_is_refused_in_words),
        cmocka_unit_test(the_oldest_beyond_the_count_go_at_once_and_all_hear_of_it),
        cmocka_unit_test(what_is_gone_can_be_changed_and_answered_no_more),
        cmocka_unit_test(what_is_older_than_the_age_goes_within_the_hour),
        cmocka_unit_test(a_leap_of_the_clock_puts_it_off),
        cmocka_unit_test(whatever_happens_after_a_leap_waits_too),
        cmocka_unit_test(much_goes_in_batches_with_pauses),
        cmocka_unit_test(off_ends_it_and_what_is_gone_stays_gone),
        cmocka_unit_test(a_pin_that_comes_in_between_keeps_its_message),
        cmocka_unit_test(a_pin_and_a_room_that_is_read_anew_in_between),
        cmocka_unit_test(a_pin_that_is_taken_off_behind_them_is_seen),
        cmocka_unit_test(what_is_on_its_way_out_is_counted_once),
        cmocka_unit_test(what_is_not_stored_is_taken_back_and_tried_again),
        cmocka_unit_test(what_cannot_be_read_after_something_went_is_said),
        cmocka_unit_test(a_look_that_fails_is_not_made_again_at_once),
        cmocka_unit_test(a_room_in_which_all_is_kept_is_not_read_for_it),
        cmocka_unit_test(a_room_that_is_asleep_is_read_when_something_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
