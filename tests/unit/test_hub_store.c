/* A database that fails: the hub stays up and acknowledges nothing that is not stored. */
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
    rig_send(r, "ana", "{'type':'task.add','id':1,'room':'#lobby','title':'one'}");
    rig_send(r, "bo", "{'type':'message.post','id':1,'room':'#lobby','text':'x'}");
    rig_wait(r, 100);
    rig_skip(r, "ana");
    rig_skip(r, "bo");
}

static void every_failure_is_answered_and_can_be_tried_again(void **state)
{
    (void)state;
    static const struct {
        enum err_code code;
        const char *name;
    } rows[] = {
        {ERR_STORE, "store"},    {ERR_STORE_FULL, "store_full"}, {ERR_BUSY, "busy"},
        {ERR_INTERNAL, "store"}, {ERR_CONFLICT, "busy"},
    };
    struct hub_rig r;
    start(&r);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char expected[80];
        store_mem_break(r.store, rows[i].code);
        rig_send(&r, "ana",
                 "{'type':'task.edit','id':%zu,'room':'#lobby','task':1,'title':'x'}", i + 10);
        snprintf(expected, sizeof expected,
                 "{'type':'error','re':%zu,'code':'%s',*'retry':true}", i + 10, rows[i].name);
        rig_expect(&r, "ana", expected);
        rig_expect_nothing(&r, "bo");
        store_mem_break(r.store, ERR_NONE);
        rig_send(&r, "ana",
                 "{'type':'task.edit','id':%zu,'room':'#lobby','task':1,'title':'x'}", i + 10);
        rig_expect(&r, "ana", "{'type':'ok',*}");
        rig_expect(&r, "ana", "{'type':'task.edited',*}");
        rig_expect(&r, "bo", "{'type':'task.edited',*}");
    }
    rig_finish(&r);
}

static void one_failure_fails_all_that_came_behind_it(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    rig_send(&r, "ana",
             "[{'type':'task.add','id':2,'room':'#lobby','title':'two'},"
             "{'type':'task.edit','id':3,'room':'#lobby','task':-2,'title':'zwei'},"
             "{'type':'message.post','id':4,'room':'#lobby','text':'x'}]");
    rig_send(&r, "bo", "{'type':'message.post','id':2,'room':'#lobby','text':'y'}");
    store_mem_break(r.store, ERR_STORE_FULL);
    rig_run_jobs(&r, 1);
    store_mem_break(r.store, ERR_NONE); /* what comes now must not be stored either */
    rig_expect(&r, "ana", "{'type':'error','re':2,'code':'store_full',*}");
    rig_expect(&r, "ana", "{'type':'error','re':3,'code':'store_full',*}");
    rig_expect(&r, "ana", "{'type':'error','re':4,'code':'store_full',*}");
    rig_expect(&r, "bo", "{'type':'error','re':2,'code':'store_full',*}");
    rig_release(&r);
    rig_expect_nothing(&r, "ana");
    rig_expect_nothing(&r, "bo");
    rig_send(&r, "ana",
             "[{'type':'task.add','id':2,'room':'#lobby','title':'two'},"
             "{'type':'task.edit','id':3,'room':'#lobby','task':-2,'title':'zwei'}]");
    rig_expect(&r, "ana", "{'type':'ok','re':2,'room':'#lobby','seq':6,'number':2}");
    rig_expect_later(&r, "ana", "{'type':'task.edited',*'seq':7,*'task':2,'title':'zwei'}");
    rig_finish(&r);
}

static void a_retry_while_the_failed_one_is_still_in_the_queue_is_stored_once(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    rig_send(&r, "ana",
             "[{'type':'message.post','id':2,'room':'#lobby','text':'a'},"
             "{'type':'message.post','id':3,'room':'#lobby','text':'b'}]");
    store_mem_break(r.store, ERR_STORE);
    rig_run_jobs(&r, 1);
    store_mem_break(r.store, ERR_NONE);
    rig_send(&r, "ana",
             "[{'type':'message.post','id':2,'room':'#lobby','text':'a'},"
             "{'type':'message.post','id':3,'room':'#lobby','text':'b'}]");
    rig_release(&r);
    rig_expect(&r, "bo", "{'type':'message',*'seq':6,*'text':'a'}");
    rig_expect(&r, "bo", "{'type':'message',*'seq':7,*'text':'b'}");
    rig_expect_nothing(&r, "bo");
    rig_finish(&r);
}

static void a_room_whose_making_failed_is_not_there(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    rig_send(&r, "ana",
             "[{'type':'room.create','id':2,'room':'#new'},"
             "{'type':'open','id':3,'room':'#new'},"
             "{'type':'task.add','id':4,'room':'#new','title':'x'}]");
    store_mem_break(r.store, ERR_STORE_FULL);
    rig_release(&r);
    rig_expect(&r, "ana", "{'type':'error','re':2,'code':'store_full',*}");
    rig_expect(&r, "ana", "{'type':'error','re':3,'code':'not_found',*}");
    rig_expect(&r, "ana", "{'type':'error','re':4,'code':'not_found',*}");
    store_mem_break(r.store, ERR_NONE);
    rig_send(&r, "bo", "{'type':'room.create','id':5,'room':'#new'}");
    rig_expect(&r, "bo", "{'type':'ok','re':5,'room':'#new','seq':1}");
    rig_finish(&r);
}

static void a_room_is_made_again_while_the_failed_one_is_looked_at(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'room.create','id':2,'room':'#new'}");
    store_mem_break(r.store, ERR_STORE_FULL);
    rig_run_jobs(&r, 1);
    store_mem_break(r.store, ERR_NONE);
    rig_expect(&r, "ana", "{'type':'error','re':2,*}");
    rig_send(&r, "ana", "{'type':'room.create','id':2,'room':'#new'}");
    rig_release(&r);
    rig_expect(&r, "ana", "{'type':'ok','re':2,'room':'#new','seq':1}");
    rig_finish(&r);
}

static void members_that_were_not_stored_are_none(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'room.create','id':2,'room':'#team','public':false}");
    rig_skip(&r, "ana");
    store_mem_break(r.store, ERR_STORE);
    rig_send(&r, "ana",
             "{'type':'member.set','id':3,'room':'#team','user':'bo','role':'owner'}");
    rig_expect(&r, "ana", "{'type':'error','re':3,'code':'store',*}");
    store_mem_break(r.store, ERR_NONE);
    rig_send(&r, "bo", "{'type':'message.post','id':2,'room':'#team','text':'x'}");
    rig_expect(&r, "bo", "{'type':'error','re':2,'code':'not_found',*}");
    rig_send(&r, "ana", "{'type':'room.leave','id':4,'room':'#team'}");
    rig_expect(&r, "ana", "{'type':'error','re':4,'code':'forbidden',*}");
    rig_finish(&r);
}

/* What another program wrote into the tables must not end the server at every start. */
static void rows_that_cannot_be_are_passed_over_in_words(void **state)
{
    static struct store_user users[] = {
        {.name = {"", 0}},
        {.name = {"ana", 3}, .created = 1, .seen = 1},
        {.name = {"a name of far more than thirty-two bytes", 40}},
        {.name = {"a b", 3}},
    };
    static struct store_member members[] = {{.user = {"ana", 3}, .role = ROLE_OWNER},
                                            {.user = {"", 0}, .role = ROLE_MEMBER}};
    static struct store_room rooms[] = {
        {.name = {"", 0}, .seq = 1},
        {.name = {"#lobby", 6}, .is_public = true, .seq = 1, .members = {members, 2}},
        {.name = {"#lobby", 6}, .seq = 1},
        {.name = {"lobby", 5}, .seq = 1},
        {.name = {"#a room whose name has far more bytes than any room's name may have.", 69},
         .seq = 1},
        {.name = {"#minus", 6}, .seq = -1},
    };
    (void)state;
    struct hub_rig r;
    rig_start_held(&r);
    struct store_job *j = rig_take_job(&r, JOB_BOOT);
    j->users.v = users;
    j->users.n = COUNT_OF(users);
    j->rooms.v = rooms;
    j->rooms.n = COUNT_OF(rooms);
    rig_handle(&r, (struct hub_input){.kind = IN_STORED, .job = j});
    rig_connect(&r, "ana");
    rig_send(&r, "ana", "{'type':'hello','version':1,'client':'abcdefgh'}");
    rig_expect(&r, "ana", "{'type':'welcome',*'rooms':[{'room':'#lobby','role':'owner',*}]}");
    rig_send(&r, "ana", "{'type':'rooms','id':1}");
    rig_release(&r);
    rig_expect(&r, "ana", "{'type':'room.list','re':1,'rooms':[{'room':'#lobby',*}]}");
    rig_finish(&r);
}

static void a_look_up_that_fails_is_answered(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_join(&r, "cleo");
    r.hold_store = true;
    rig_send(&r, "cleo", "{'type':'message.post','id':1,'room':'#lobby','text':'x'}");
    rig_send(&r, "cleo", "{'type':'message.post','id':2,'room':'#lobby','text':'y'}");
    rig_fail_job(&r, JOB_LOOKUP);
    rig_expect(&r, "cleo", "{'type':'error','re':1,'code':'store',*'retry':true}");
    rig_expect_nothing(&r, "cleo");
    rig_release(&r);
    rig_expect(&r, "cleo", "{'type':'ok','re':2,*}");
    rig_finish(&r);
}

static void a_board_that_cannot_be_read_is_answered_and_read_next_time(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_restart(&r);
    rig_enter(&r, "ana", "#lobby");
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'task.edit','id':2,'room':'#lobby','task':1,'title':'x'}");
    rig_run_jobs(&r, 1); /* look-up */
    rig_fail_job(&r, JOB_ROOM);
    rig_expect(&r, "ana", "{'type':'error','re':2,'code':'store',*}");
    rig_release(&r);
    rig_send(&r, "ana", "{'type':'task.edit','id':2,'room':'#lobby','task':1,'title':'x'}");
    rig_expect(&r, "ana", "{'type':'ok','re':2,*}");
    rig_finish(&r);
}

static void questions_whose_reads_fail_are_answered(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_join_admin(&r, "root");
    rig_skip(&r, "ana");
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'history','id':2,'room':'#lobby'}");
    rig_fail_job(&r, JOB_HISTORY);
    rig_expect(&r, "ana", "{'type':'error','re':2,'code':'store',*}");
    rig_send(&r, "root", "{'type':'admin.tokens','id':1}");
    rig_fail_job(&r, JOB_TOKENS);
    rig_expect(&r, "root", "{'type':'error','re':1,'code':'store',*}");
    rig_finish(&r);
}

static void what_the_store_has_already_is_answered_and_the_room_read_anew(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    rig_send(&r, "ana",
             "[{'type':'message.post','id':2,'room':'#lobby','text':'a'},"
             "{'type':'message.post','id':3,'room':'#lobby','text':'b'}]");
    /* Somebody else stores the first one behind the hub's back. */
    struct store_job *other = store_job_new(JOB_APPEND);
    other->append = r.jobs.v[0]->append;
    r.store->write(r.store, &other, 1);
    other->append = (struct store_append){0};
    store_job_free(other);
    rig_release(&r);
    rig_expect(&r, "ana", "{'type':'ok','re':2,'room':'#lobby','seq':6}");
    rig_expect(&r, "ana", "{'type':'error','re':3,'code':'busy',*}");
    rig_expect_later(&r, "ana", "{'type':'message',*'seq':6,*'text':'a'}");
    rig_expect_later(&r, "bo", "{'type':'message',*'seq':6,*'text':'a'}");
    rig_wait(&r, 1500);
    rig_send(&r, "bo", "{'type':'message.post','id':2,'room':'#lobby','text':'c'}");
    rig_expect_later(&r, "ana", "{'type':'message',*'seq':8,*'text':'c'}");
    /* The second one had got through after all: trying it again says so. */
    rig_send(&r, "ana", "{'type':'message.post','id':3,'room':'#lobby','text':'b'}");
    rig_expect(&r, "ana", "{'type':'ok','re':3,'room':'#lobby','seq':7}");
    rig_finish(&r);
}

static void a_slow_store_holds_nobody_else_up(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'message.post','id':2,'room':'#lobby','text':'a'}");
    rig_send(&r, "bo", "{'type':'typing','room':'#lobby','on':true}");
    rig_wait(&r, 10);
    rig_expect(&r, "ana", "{'type':'typing',*'user':'bo',*}");
    rig_send(&r, "ana", "{'type':'ping','id':3}");
    rig_expect(&r, "ana", "{'type':'pong','re':3,*}");
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failure_is_answered_and_can_be_tried_again),
        cmocka_unit_test(one_failure_fails_all_that_came_behind_it),
        cmocka_unit_test(a_retry_while_the_failed_one_is_still_in_the_queue_is_stored_once),
        cmocka_unit_test(a_room_whose_making_failed_is_not_there),
        cmocka_unit_test(a_room_is_made_again_while_the_failed_one_is_looked_at),
        cmocka_unit_test(members_that_were_not_stored_are_none),
        cmocka_unit_test(rows_that_cannot_be_are_passed_over_in_words),
        cmocka_unit_test(a_look_up_that_fails_is_answered),
        cmocka_unit_test(a_board_that_cannot_be_read_is_answered_and_read_next_time),
        cmocka_unit_test(questions_whose_reads_fail_are_answered),
        cmocka_unit_test(what_the_store_has_already_is_answered_and_the_room_read_anew),
        cmocka_unit_test(a_slow_store_holds_nobody_else_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
