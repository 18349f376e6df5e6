/* Who finds what, and when. */
#include "hub_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* #team is private: ana and bo are in it and have said something, dora is not. */
static void start(struct hub_rig *r)
{
    rig_start(r);
    rig_join(r, "ana");
    rig_join(r, "bo");
    rig_join(r, "dora");
    rig_send(r, "ana", "{'type':'room.create','id':1,'room':'#team','public':false}");
    rig_send(r, "ana",
             "{'type':'member.set','id':2,'room':'#team','user':'bo','role':'observer'}");
    rig_send(r, "ana", "{'type':'message.post','id':3,'room':'#team','text':'a needle'}");
    rig_send(r, "ana", "{'type':'task.add','id':4,'room':'#team','title':'Needle work'}");
    rig_send(r, "ana", "{'type':'room.create','id':5,'room':'#own','public':true}");
    rig_send(r, "ana", "{'type':'message.post','id':6,'room':'#own','text':'my needle'}");
    rig_wait(r, 60);
    rig_skip(r, "ana");
    rig_skip(r, "bo");
    rig_skip(r, "dora");
}

static void search_finds_what_is_in_ones_rooms(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "bo", "{'type':'search','id':1,'query':'needle'}");
    rig_expect(&r, "bo",
               "{'type':'search.page','re':1,'items':["
               "{'kind':'card','room':'#team','seq':4,'number':1,'time':*,'author':'ana',"
               "'title':'Needle work','excerpt':'Needle work','marks':[{'at':0,'chars':6}]},"
               "{'kind':'chat','room':'#team','seq':3,*,'excerpt':'a needle',"
               "'marks':[{'at':2,'chars':6}]}],'until':*,'more':false,'capped':false}");
    rig_send(&r, "dora", "{'type':'search','id':1,'query':'needle'}");
    rig_expect(&r, "dora", "{'type':'search.page','re':1,'items':[],*}");
    rig_send(&r, "ana", "{'type':'search','id':10,'query':'needle in:#own'}");
    rig_expect(&r, "ana",
               "{'type':'search.page','re':10,'items':[{'kind':'chat','room':'#own',"
               "*}],*}");
    rig_send(&r, "ana", "{'type':'search','id':11,'query':'needle -in:#own -kind:card'}");
    rig_expect(&r, "ana",
               "{'type':'search.page','re':11,'items':[{'kind':'chat',"
               "'room':'#team',*}],*}");
    rig_finish(&r);
}

static void room_that_was_left_is_not_searched(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "bo", "{'type':'room.leave','id':1,'room':'#team'}");
    rig_send(&r, "bo", "{'type':'search','id':2,'query':'needle'}");
    rig_wait(&r, 60);
    assert_true(rig_hears(&r, "bo", "{'type':'search.page','re':2,'items':[],*}"));
    rig_skip(&r, "bo");
    rig_send(&r, "bo", "{'type':'search','id':3,'query':'needle','in':'#team'}");
    rig_expect(&r, "bo", "{'type':'error','re':3,'code':'not_found',*}");
    rig_send(&r, "bo", "{'type':'search','id':4,'query':'needle in:team'}");
    rig_expect(&r, "bo", "{'type':'error','re':4,'code':'not_found',*}");
    rig_finish(&r);
}

/* Even when the answer was under way. */
static void who_is_put_out_meanwhile_sees_nothing(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    rig_send(&r, "bo", "{'type':'search','id':1,'query':'needle'}");
    struct store_job *j = rig_take_job(&r, JOB_SEARCH);
    assert_int_equal(j->search.rooms.n, 2); /* and #lobby */
    rig_send(&r, "ana",
             "{'type':'member.set','id':20,'room':'#team','user':'bo','role':'none'}");
    rig_run_jobs(&r, 8);
    rig_expect_later(&r, "ana", "{'type':'ok','re':20,*}");
    rig_skip(&r, "bo");
    rig_give_job(&r, j);
    rig_run_jobs(&r, 8);
    rig_expect_later(&r, "bo", "{'type':'search.page','re':1,'items':[],*}");
    r.hold_store = false;
    rig_finish(&r);
}

/* It cost the server as much as one that found something. */
static void search_that_took_too_long_is_paid_for(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    rig_send(&r, "dora", "{'type':'search','id':1,'query':'needle'}");
    struct store_job *j = rig_take_job(&r, JOB_SEARCH);
    j->err = (struct err){.code = ERR_LIMIT, .text = "the search took more than a second"};
    j->work = 1000000;
    rig_give_job(&r, j);
    r.hold_store = false;
    rig_release(&r);
    rig_expect(&r, "dora", "{'type':'error','re':1,'code':'limit',*}");
    rig_send(&r, "dora", "{'type':'search','id':2,'query':'needle'}");
    rig_expect(&r, "dora", "{'type':'error','re':2,'code':'rate',*}");
    rig_finish(&r);
}

static void malformed_query_is_refused_in_words(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "bo", "{'type':'search','id':1,'query':'needle form:ana'}");
    rig_expect(&r, "bo",
               "{'type':'error','re':1,'code':'bad_field','message':'*(character 8): only "
               "from:, *'}");
    rig_send(&r, "bo", "{'type':'search','id':2,'query':'-needle'}");
    rig_expect(&r, "bo", "{'type':'error','re':2,'code':'bad_field','message':'say at *'}");
    rig_send(&r, "bo", "{'type':'search','id':3,'query':'needle','limit':1000}");
    rig_expect(&r, "bo", "{'type':'error','re':3,'code':'bad_field',*}");
    rig_finish(&r);
}

/* The first search behind an edit waits until the index has it; then there is a pause ten times
 * as long as that took. */
static void edited_text_is_taken_into_the_index_before_a_search(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana",
             "{'type':'note.edit','id':20,'room':'#team','note':1,'base':0,"
             "'op':['x']}");
    rig_wait(&r, 60);
    rig_skip(&r, "ana");
    r.hold_store = true;
    rig_send(&r, "bo", "{'type':'search','id':1,'query':'needle'}");
    struct store_job *index = rig_take_job(&r, JOB_INDEX_TEXTS);
    assert_non_null(index);
    rig_wait(&r, 100);
    rig_give_job(&r, index);
    struct store_job *search = rig_take_job(&r, JOB_SEARCH);
    assert_non_null(search);
    rig_give_job(&r, search);
    r.hold_store = false;
    rig_release(&r);
    rig_expect_later(&r, "bo", "{'type':'search.page','re':1,*}");
    rig_send(&r, "ana",
             "{'type':'note.edit','id':21,'room':'#team','note':1,'base':1,"
             "'op':['y']}");
    rig_wait(&r, 60);
    r.hold_store = true;
    rig_send(&r, "bo", "{'type':'search','id':2,'query':'needle'}");
    search = rig_take_job(&r, JOB_SEARCH);
    assert_non_null(search);
    rig_give_job(&r, search);
    r.hold_store = false;
    rig_release(&r);
    rig_finish(&r);
}

static bool waits(const struct hub_rig *r, enum store_job_kind kind)
{
    vec_each (j, &r->jobs)
        if ((*j)->kind == kind)
            return true;
    return false;
}

/* The store is held: it stores this, and nothing more. */
static void say(struct hub_rig *r, int id)
{
    rig_send(r, "ana", "{'type':'message.post','id':%d,'room':'#team','text':'straw'}", id);
    struct store_job *j = rig_take_job(r, JOB_APPEND);
    r->store->write(r->store, &j, 1);
    rig_give_job(r, j);
    rig_wait(r, 60);
    rig_skip(r, "ana");
    rig_skip(r, "bo");
}

static void what_was_said_is_taken_into_the_index_in_portions(void **state)
{
    (void)state;
    struct hub_rig r;
    int n = 0;
    start(&r);
    rig_wait(&r, 61 * 1000);
    r.hold_store = true;
    while (n < 400 && !waits(&r, JOB_INDEX))
        say(&r, 20 + n++);
    assert_in_range(n, 200, 399);
    struct store_job *index = rig_take_job(&r, JOB_INDEX);
    rig_send(&r, "ana", "{'type':'search','id':500,'query':'straw'}");
    rig_give_job(&r, rig_take_job(&r, JOB_SEARCH)); /* which does not wait for it */
    index->more = true;
    rig_give_job(&r, index);
    assert_true(waits(&r, JOB_INDEX));
    rig_run_jobs(&r, 8);
    assert_false(waits(&r, JOB_INDEX));
    r.hold_store = false;
    rig_finish(&r);
}

/* When it fails it is asked for again, a minute later. */
static void the_rest_is_taken_each_minute(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_wait(&r, 61 * 1000);
    r.hold_store = true;
    say(&r, 20);
    rig_wait(&r, 61 * 1000);
    struct store_job *index = rig_take_job(&r, JOB_INDEX);
    index->err.code = ERR_STORE;
    rig_give_job(&r, index);
    rig_wait(&r, 1000);
    assert_false(waits(&r, JOB_INDEX));
    rig_wait(&r, 61 * 1000);
    assert_true(waits(&r, JOB_INDEX));
    r.hold_store = false;
    rig_release(&r);
    rig_wait(&r, 61 * 1000);
    r.hold_store = true;
    rig_wait(&r, 61 * 1000);
    assert_false(waits(&r, JOB_INDEX));
    r.hold_store = false;
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(search_finds_what_is_in_ones_rooms),
        cmocka_unit_test(room_that_was_left_is_not_searched),
        cmocka_unit_test(who_is_put_out_meanwhile_sees_nothing),
        cmocka_unit_test(search_that_took_too_long_is_paid_for),
        cmocka_unit_test(malformed_query_is_refused_in_words),
        cmocka_unit_test(edited_text_is_taken_into_the_index_before_a_search),
        cmocka_unit_test(what_was_said_is_taken_into_the_index_in_portions),
        cmocka_unit_test(the_rest_is_taken_each_minute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
