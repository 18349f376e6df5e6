/* Coming back after a gap: nothing missing, nothing twice, whatever happens meanwhile. */
#include "hub_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void post(struct hub_rig *r, const char *name, int first, int n)
{
    for (int i = 0; i < n; i++) {
        rig_send(r, name, "{'type':'message.post','id':%d,'room':'#lobby','text':'%d'}",
                 first + i, first + i);
        if (i % 100 == 99)
            rig_wait(r, 250); /* below the rate */
    }
}

/* The events of #lobby in c's inbox are first..last, each once and in order. */
static void expect_events(struct hub_rig *r, const char *name, int64_t first, int64_t last)
{
    int64_t next = first;
    for (size_t i = 0; i < RIG_CONNS; i++) {
        struct rig_conn *c = &r->conns[i];
        if (!c->open || strcmp(c->name, name) != 0)
            continue;
        for (; c->read < c->inbox.n; c->read++) {
            const char *seq = strstr(c->inbox.v[c->read], "\"seq\":");
            if (!seq || !strstr(c->inbox.v[c->read], "\"author\":"))
                continue;
            if (strtoll(seq + 6, NULL, 10) != next)
                fail_msg("expected event %lld, got %s", (long long)next, c->inbox.v[c->read]);
            next++;
        }
    }
    assert_int_equal(next, last + 1);
}

/* #lobby with 3 events and then `n` messages of bo's. */
static void start(struct hub_rig *r, int n)
{
    rig_start(r);
    rig_enter(r, "bo", "#lobby");
    rig_join(r, "ana");
    post(r, "bo", 1, n);
    rig_skip(r, "bo");
    rig_skip(r, "ana");
}

static void a_gap_is_filled_with_what_was_missed(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r, 3);
    rig_send(&r, "ana", "{'type':'open','id':1,'room':'#lobby','since':4}");
    rig_expect(&r, "ana", "{'type':'ok','re':1,'room':'#lobby','seq':6}");
    rig_expect(&r, "ana", "{'type':'message',*'seq':5,*}");
    rig_expect(&r, "ana", "{'type':'message',*'seq':6,*}");
    rig_expect(&r, "ana", "{'type':'synced','room':'#lobby','seq':6}");
    rig_expect(&r, "ana", "{'type':'presence',*'user':'bo',*'online':true}");
    rig_expect_nothing(&r, "ana");
    post(&r, "bo", 10, 1);
    rig_expect(&r, "ana", "{'type':'message',*'seq':7,*}");
    rig_finish(&r);
}

static void without_a_gap_there_is_only_synced(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r, 3);
    rig_send(&r, "ana", "{'type':'open','id':1,'room':'#lobby','since':6,'snapshot':true}");
    rig_expect(&r, "ana", "{'type':'ok','re':1,*}");
    rig_expect(&r, "ana", "{'type':'synced','room':'#lobby','seq':6}");
    rig_finish(&r);
}

static void from_the_present_on_there_is_no_past(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r, 3);
    rig_send(&r, "ana", "{'type':'open','id':1,'room':'#lobby','since':-1,'snapshot':true}");
    rig_expect(&r, "ana", "{'type':'ok','re':1,*}");
    rig_expect(&r, "ana", "{'type':'synced','room':'#lobby','seq':6}");
    rig_finish(&r);
}

static void a_client_from_the_future_is_told_the_newest(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r, 3);
    rig_send(&r, "ana", "{'type':'open','id':1,'room':'#lobby','since':7}");
    rig_expect(&r, "ana", "{'type':'error','re':1,'code':'conflict',*newest is 6*}");
    rig_wait(&r, 100);
    rig_expect_nothing(&r, "ana");
    rig_finish(&r);
}

static void a_long_gap_comes_in_pages_and_waits_for_the_reader(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r, 1200);
    r.hold_pauses = true;
    rig_send(&r, "ana", "{'type':'open','id':1,'room':'#lobby'}");
    assert_int_equal(rig_unread(&r, "ana"), 1 + RESUME_PAGE);
    post(&r, "bo", 5000, 10);
    assert_int_equal(rig_unread(&r, "ana"), 1 + RESUME_PAGE);
    rig_readable(&r, "ana");
    assert_int_equal(rig_unread(&r, "ana"), 1 + 2 * RESUME_PAGE);
    post(&r, "bo", 6000, 10);
    rig_readable(&r, "ana");
    post(&r, "bo", 7000, 10);
    expect_events(&r, "ana", 1, 3 + 1200 + 30);
    rig_finish(&r);
}

static void a_long_gap_becomes_a_snapshot_for_who_allows_it(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r, 0);
    rig_send(&r, "bo",
             "[{'type':'task.add','id':1,'room':'#lobby','title':'one'},"
             "{'type':'task.add','id':2,'room':'#lobby','title':'two'},"
             "{'type':'task.move','id':3,'room':'#lobby','task':1,'column':'Done'},"
             "{'type':'task.add','id':4,'room':'#lobby','title':'gone'},"
             "{'type':'task.archive','id':5,'room':'#lobby','task':3}]");
    post(&r, "bo", 10, RESUME_EVENTS_MAX);
    rig_skip(&r, "ana");
    rig_send(&r, "ana", "{'type':'open','id':1,'room':'#lobby','since':7,'snapshot':true}");
    rig_expect(&r, "ana", "{'type':'ok',*}");
    rig_expect(&r, "ana",
               "{'type':'snapshot','room':'#lobby','seq':1008,'public':true,'part':0,"
               "'more':false,'next_number':4,'columns':[{'name':'Todo'},{'name':'Doing'},"
               "{'name':'Done'}],'tasks':[{'number':2,'title':'two','column':'Todo','key':'V1',"
               "'changed':5},"
               "{'number':1,'title':'one','column':'Done','key':'V','changed':6}],'members':["
               "{'user':'ana','role':'member','online':true},"
               "{'user':'bo','role':'member','online':true}]}");
    rig_expect(&r, "ana", "{'type':'synced','room':'#lobby','seq':1008}");
    rig_send(&r, "ana", "{'type':'open','id':2,'room':'#lobby','since':8,'snapshot':true}");
    rig_wait(&r, 20);
    expect_events(&r, "ana", 9, 1008);
    rig_finish(&r);
}

static void a_large_board_comes_in_parts(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r, 0);
    for (int i = 1; i <= 1100; i++) {
        rig_send(&r, "bo", "{'type':'task.add','id':%d,'room':'#lobby','title':'card %d'}", i,
                 i);
        if (i % 100 == 0)
            rig_wait(&r, 250);
    }
    rig_send(&r, "ana", "{'type':'open','id':1,'room':'#lobby','snapshot':true}");
    rig_expect(&r, "ana", "{'type':'ok',*}");
    rig_expect(&r, "ana", "{*'part':0,'more':true,*'columns':*'card 500'*}");
    rig_expect(&r, "ana", "{*'part':1,'more':true,*'tasks':[{*'card 501'*'card 1000'*}");
    rig_expect(&r, "ana", "{*'part':2,'more':false,*'tasks':[{*'card 1001'*'card 1100'*}");
    rig_expect(&r, "ana", "{'type':'synced',*}");
    rig_finish(&r);
}

static void a_snapshot_never_shows_what_is_not_on_disk(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r, 0);
    rig_send(&r, "bo", "{'type':'task.add','id':1,'room':'#lobby','title':'one'}");
    r.hold_store = true;
    rig_send(&r, "bo", "{'type':'task.add','id':2,'room':'#lobby','title':'two'}");
    rig_send(&r, "ana", "{'type':'open','id':1,'room':'#lobby','snapshot':true}");
    rig_expect(&r, "ana", "{'type':'ok','re':1,'room':'#lobby','seq':4}");
    rig_wait(&r, 3000);
    rig_expect_nothing(&r, "ana");
    rig_release(&r);
    rig_expect(&r, "ana", "{'type':'snapshot',*'seq':5,*'two'*}");
    rig_expect(&r, "ana", "{'type':'synced',*'seq':5}");
    rig_expect(&r, "ana", "{'type':'presence',*'user':'ana',*}");
    rig_expect(&r, "ana", "{'type':'presence',*'user':'bo',*}");
    rig_wait(&r, 100);
    rig_expect_nothing(&r, "ana");
    rig_finish(&r);
}

static void a_snapshot_of_what_failed_is_made_anew(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r, 0);
    rig_send(&r, "bo", "{'type':'task.add','id':1,'room':'#lobby','title':'one'}");
    r.hold_store = true;
    rig_send(&r, "bo", "{'type':'task.add','id':2,'room':'#lobby','title':'two'}");
    rig_send(&r, "ana", "{'type':'open','id':1,'room':'#lobby','snapshot':true}");
    store_mem_break(r.store, ERR_STORE_FULL);
    rig_release(&r);
    rig_expect(&r, "ana", "{'type':'ok',*}");
    rig_expect(&r, "ana",
               "{'type':'snapshot',*'seq':4,*'next_number':2,*'tasks':[{'number':1,"
               "'title':'one',*}],'members':*}");
    rig_expect(&r, "ana", "{'type':'synced',*'seq':4}");
    rig_finish(&r);
}

static void events_that_arrive_at_the_switch_come_once(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r, 5);
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'open','id':1,'room':'#lobby','since':2}");
    post(&r, "bo", 100, 3); /* the read of the page is before these writes */
    for (int i = 0; i < 6; i++) {
        rig_run_jobs(&r, 1);
        post(&r, "bo", 200 + i, 1);
    }
    rig_release(&r);
    expect_events(&r, "ana", 3, 8 + 3 + 6);
    rig_finish(&r);
}

/* The store may have committed more than the hub has been told. */
static void a_page_that_is_ahead_of_the_answers_tells_nothing_early(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r, 2);
    r.hold_store = true;
    post(&r, "bo", 100, 2);
    rig_send(&r, "ana", "{'type':'open','id':1,'room':'#lobby'}");
    assert_int_equal(r.jobs.n, 3);
    struct store_job *jobs[3] = {r.jobs.v[0], r.jobs.v[1], r.jobs.v[2]};
    r.jobs.n = 0;
    r.store->write(r.store, jobs, 2);
    r.store->read(r.store, jobs[2]);
    assert_int_equal(jobs[2]->events.n, 7);
    rig_handle(&r, (struct hub_input){.kind = IN_STORED, .job = jobs[2]});
    rig_expect_later(&r, "ana", "{'type':'synced',*'seq':5}");
    rig_handle(&r, (struct hub_input){.kind = IN_STORED, .job = jobs[0]});
    rig_handle(&r, (struct hub_input){.kind = IN_STORED, .job = jobs[1]});
    expect_events(&r, "ana", 6, 7);
    rig_finish(&r);
}

static void many_rooms_come_one_after_the_other(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r, 0);
    for (int i = 0; i < 20; i++)
        rig_send(&r, "ana", "{'type':'room.create','id':%d,'room':'#r%d'}", i + 1, i);
    rig_skip(&r, "ana");
    r.hold_store = true;
    for (int i = 0; i < 20; i++)
        rig_send(&r, "ana", "{'type':'open','id':%d,'room':'#r%d'}", i + 100, i);
    assert_int_equal(r.jobs.n, 1);
    rig_release(&r);
    for (int i = 0; i < 20; i++) {
        char expected[60];
        snprintf(expected, sizeof expected, "{'type':'synced','room':'#r%d','seq':1}", i);
        rig_expect_later(&r, "ana", expected);
    }
    rig_finish(&r);
}

static void a_read_that_fails_is_tried_again(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r, 2);
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'open','id':1,'room':'#lobby'}");
    rig_expect(&r, "ana", "{'type':'ok',*}");
    struct store_job *j = r.jobs.v[0];
    r.jobs.n = 0;
    j->err.code = ERR_STORE;
    rig_handle(&r, (struct hub_input){.kind = IN_STORED, .job = j});
    rig_expect_nothing(&r, "ana");
    r.hold_store = false;
    rig_wait(&r, 1500);
    expect_events(&r, "ana", 1, 5);
    rig_finish(&r);
}

static void closing_in_the_middle_leaves_nothing_behind(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r, 2);
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'open','id':1,'room':'#lobby'}");
    rig_send(&r, "ana", "{'type':'close','id':2,'room':'#lobby'}");
    rig_expect_later(&r, "ana", "{'type':'ok','re':2,'room':'#lobby'}");
    rig_release(&r);
    rig_expect_nothing(&r, "ana");
    rig_send(&r, "ana", "{'type':'close','id':3,'room':'#lobby'}");
    rig_expect(&r, "ana", "{'type':'error','re':3,'code':'not_found',*}");
    rig_send(&r, "ana", "{'type':'open','id':4,'room':'#lobby','since':4}");
    rig_expect(&r, "ana", "{'type':'ok','re':4,*}");
    expect_events(&r, "ana", 5, 5);
    rig_cut(&r, "ana");
    rig_finish(&r);
}

static void opening_again_begins_anew(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r, 2);
    rig_send(&r, "ana", "{'type':'open','id':1,'room':'#lobby','since':-1}");
    rig_skip(&r, "ana");
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'open','id':2,'room':'#lobby','since':3}");
    rig_send(&r, "ana", "{'type':'open','id':3,'room':'#lobby','since':1}");
    rig_release(&r);
    expect_events(&r, "ana", 2, 5);
    rig_finish(&r);
}

static void a_connection_may_have_only_so_many_rooms_open(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r, 0);
    for (int i = 0; i <= OPEN_ROOMS_MAX; i++) {
        rig_send(&r, "ana",
                 "[{'type':'room.create','id':%d,'room':'#r%d'},"
                 "{'type':'open','id':%d,'room':'#r%d'}]",
                 2 * i + 1, i, 2 * i + 2, i);
        if (i % 50 == 49)
            rig_wait(&r, 250);
    }
    rig_expect_later(&r, "ana", "{'type':'error','re':514,'code':'limit',*}");
    rig_finish(&r);
}

static void after_a_restart_a_client_goes_on_where_it_was(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r, 5);
    rig_restart(&r);
    rig_connect(&r, "ana");
    rig_send(&r, "ana",
             "{'type':'hello','version':1,'client':'clientana','rooms':["
             "{'room':'#lobby','since':6,'snapshot':true}]}");
    expect_events(&r, "ana", 7, 8);
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gap_is_filled_with_what_was_missed),
        cmocka_unit_test(without_a_gap_there_is_only_synced),
        cmocka_unit_test(from_the_present_on_there_is_no_past),
        cmocka_unit_test(a_client_from_the_future_is_told_the_newest),
        cmocka_unit_test(a_long_gap_comes_in_pages_and_waits_for_the_reader),
        cmocka_unit_test(a_long_gap_becomes_a_snapshot_for_who_allows_it),
        cmocka_unit_test(a_large_board_comes_in_parts),
        cmocka_unit_test(a_snapshot_never_shows_what_is_not_on_disk),
        cmocka_unit_test(a_snapshot_of_what_failed_is_made_anew),
        cmocka_unit_test(events_that_arrive_at_the_switch_come_once),
        cmocka_unit_test(a_page_that_is_ahead_of_the_answers_tells_nothing_early),
        cmocka_unit_test(many_rooms_come_one_after_the_other),
        cmocka_unit_test(a_read_that_fails_is_tried_again),
        cmocka_unit_test(closing_in_the_middle_leaves_nothing_behind),
        cmocka_unit_test(opening_again_begins_anew),
        cmocka_unit_test(a_connection_may_have_only_so_many_rooms_open),
        cmocka_unit_test(after_a_restart_a_client_goes_on_where_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
