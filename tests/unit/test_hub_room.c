/* Rooms, members, roles, and what observers, strangers and admins may do. */
#include "hub_rig.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* #team is private, ana owns it, bo is a member, cleo observes, dora is a stranger. */
static void start(struct hub_rig *r)
{
    rig_start(r);
    rig_join(r, "ana");
    rig_join(r, "bo");
    rig_join(r, "cleo");
    rig_join(r, "dora");
    rig_send(r, "ana", "{'type':'room.create','id':1,'room':'#team','public':false}");
    rig_send(r, "ana",
             "{'type':'member.set','id':2,'room':'#team','user':'bo','role':'member'}");
    rig_send(r, "ana",
             "{'type':'member.set','id':3,'room':'#team','user':'cleo','role':'observer'}");
    rig_expect(r, "ana", "{'type':'ok','re':1,'room':'#team','seq':1}");
    rig_expect(r, "ana", "{'type':'ok','re':2,'room':'#team','seq':2}");
    rig_expect(r, "ana", "{'type':'ok','re':3,'room':'#team','seq':3}");
    rig_expect(r, "bo", "{'type':'room.role',*'role':'member',*}");
    rig_expect(r, "cleo", "{'type':'room.role',*'role':'observer',*}");
}

static void open_it(struct hub_rig *r, const char *name)
{
    rig_send(r, name, "{'type':'open','id':100,'room':'#team','since':-1}");
    rig_expect(r, name, "{'type':'ok','re':100,'room':'#team',*}");
    rig_expect(r, name, "{'type':'synced','room':'#team',*}");
    rig_wait(r, 60);
    rig_skip(r, name);
}

static void a_new_room_has_three_columns_and_its_maker_owns_it(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "bo", "{'type':'open','id':1,'room':'#team'}");
    rig_expect(&r, "bo", "{'type':'ok','re':1,'room':'#team','seq':3}");
    rig_expect(&r, "bo",
               "{'type':'room.created','room':'#team','seq':1,'time':*,'author':'ana',"
               "'client':'clientana','id':1,'public':false,'columns':[{'name':'Todo'},"
               "{'name':'Doing'},{'name':'Done'}]}");
    rig_expect(&r, "bo", "{'type':'member',*'user':'bo','role':'member'}");
    rig_expect(&r, "bo", "{'type':'member',*'user':'cleo','role':'observer'}");
    rig_expect(&r, "bo", "{'type':'synced','room':'#team','seq':3}");
    rig_finish(&r);
}

static void the_role_decides(void **state)
{
    (void)state;
    static const struct {
        const char *who, *what, *answer;
    } rows[] = {
        {"cleo", "'type':'message.post','text':'x'", "forbidden"},
        {"cleo", "'type':'task.add','title':'x'", "forbidden"},
        {"cleo", "'type':'task.edit','task':1,'title':'x'", "forbidden"},
        {"cleo", "'type':'task.move','task':1,'column':'Done'", "forbidden"},
        {"cleo", "'type':'task.archive','task':1", "forbidden"},
        {"cleo", "'type':'task.restore','task':1", "forbidden"},
        {"cleo", "'type':'member.set','user':'cleo','role':'owner'", "forbidden"},
        {"bo", "'type':'member.set','user':'cleo','role':'none'", "forbidden"},
        {"bo", "'type':'member.set','user':'bo','role':'owner'", "forbidden"},
        {"dora", "'type':'message.post','text':'x'", "not_found"},
        {"dora", "'type':'open'", "not_found"},
        {"dora", "'type':'history'", "not_found"},
        {"dora", "'type':'members'", "not_found"},
        {"dora", "'type':'room.join'", "not_found"},
        {"dora", "'type':'room.leave'", "not_found"},
        {"dora", "'type':'close'", "not_found"},
        {"dora", "'type':'member.set','user':'dora','role':'owner'", "not_found"},
        {"ana", "'type':'room.create'", "exists"},
        {"dora", "'type':'room.create'", "exists"},
        {"bo", "'type':'room.join'", "exists"},
        {"ana", "'type':'member.set','user':'nobody','role':'owner'", "not_found"},
        {"ana", "'type':'member.set','user':'dora','role':'none'", "not_found"},
        {"ana", "'type':'member.set','user':'ana','role':'member'", "forbidden"},
        {"ana", "'type':'room.leave'", "forbidden"},
    };
    struct hub_rig r;
    start(&r);
    open_it(&r, "ana");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char expected[120];
        rig_send(&r, rows[i].who, "{%s,'id':%zu,'room':'#team'}", rows[i].what, i + 10);
        snprintf(expected, sizeof expected, "{'type':'error','re':%zu,'code':'%s',*}", i + 10,
                 rows[i].answer);
        rig_expect(&r, rows[i].who, expected);
    }
    rig_expect_nothing(&r, "ana");
    rig_finish(&r);
}

static void a_public_room_is_for_all_to_join(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'room.create','id':4,'room':'#open'}");
    rig_send(&r, "dora", "{'type':'open','id':1,'room':'#open'}");
    rig_expect(&r, "dora", "{'type':'error','re':1,'code':'forbidden',*join*}");
    rig_send(&r, "dora",
             "[{'type':'room.join','id':2,'room':'#open'},"
             "{'type':'open','id':3,'room':'#open','since':-1}]");
    rig_expect(&r, "dora", "{'type':'ok','re':2,'room':'#open','seq':2}");
    rig_expect(&r, "dora", "{'type':'ok','re':3,'room':'#open','seq':2}");
    rig_expect(&r, "dora", "{'type':'synced',*'seq':2}");
    rig_send(&r, "dora", "{'type':'room.leave','id':4,'room':'#open'}");
    rig_expect(&r, "dora", "{'type':'ok','re':4,'room':'#open','seq':3}");
    rig_expect(&r, "dora", "{'type':'member',*'user':'dora','role':'none'}");
    rig_expect(&r, "dora", "{'type':'error','code':'forbidden','message':'#open: *}");
    rig_finish(&r);
}

static void a_room_is_opened_in_the_same_breath_as_made(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    rig_send(&r, "dora",
             "[{'type':'room.create','id':1,'room':'#new'},"
             "{'type':'open','id':2,'room':'#new'},"
             "{'type':'message.post','id':3,'room':'#new','text':'first'}]");
    rig_release(&r);
    rig_expect(&r, "dora", "{'type':'ok','re':1,*}");
    rig_expect(&r, "dora", "{'type':'ok','re':2,*}");
    rig_expect_later(&r, "dora", "{'type':'message',*'text':'first'}");
    rig_finish(&r);
}

static void who_is_taken_out_hears_no_more(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    open_it(&r, "ana");
    open_it(&r, "bo");
    rig_skip(&r, "ana");
    rig_send(&r, "ana",
             "[{'type':'message.post','id':9,'room':'#team','text':'before'},"
             "{'type':'member.set','id':10,'room':'#team','user':'bo','role':'none'},"
             "{'type':'message.post','id':11,'room':'#team','text':'secret'}]");
    rig_expect(&r, "bo", "{'type':'message',*'text':'before'}");
    rig_expect(&r, "bo", "{'type':'member',*'user':'bo','role':'none'}");
    rig_expect(&r, "bo", "{'type':'error','code':'forbidden','message':'#team: *}");
    rig_expect(&r, "bo", "{'type':'room.role','room':'#team','role':'none',*}");
    rig_wait(&r, 100);
    rig_expect_nothing(&r, "bo");
    rig_expect_later(&r, "ana", "{'type':'message',*'text':'secret'}");
    rig_expect_later(&r, "ana", "{'type':'presence',*'user':'bo',*'online':false}");
    rig_send(&r, "bo", "{'type':'history','id':1,'room':'#team'}");
    rig_expect(&r, "bo", "{'type':'error','re':1,'code':'not_found',*}");
    rig_finish(&r);
}

static void all_connections_learn_of_a_new_role_but_the_one_that_asked(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_join(&r, "ana/2");
    rig_send(&r, "ana",
             "[{'type':'member.set','id':9,'room':'#team','user':'dora','role':'member'},"
             "{'type':'room.create','id':10,'room':'#new'}]");
    rig_expect(&r, "dora",
               "{'type':'room.role','room':'#team','role':'member','public':false,'seq':4,"
               "'author':'ana','read':4}");
    rig_expect(&r, "ana/2",
               "{'type':'room.role','room':'#new','role':'owner','public':true,*}");
    rig_expect(&r, "ana", "{'type':'ok','re':9,*}");
    rig_expect(&r, "ana", "{'type':'ok','re':10,*}");
    rig_expect_nothing(&r, "ana");
    rig_send(&r, "ana",
             "{'type':'member.set','id':11,'room':'#team','user':'dora','role':'none'}");
    rig_expect(&r, "dora", "{'type':'room.role','room':'#team','role':'none',*}");
    rig_finish(&r);
}

static void a_role_that_is_not_on_disk_opens_no_door(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    rig_send(&r, "ana",
             "{'type':'member.set','id':9,'room':'#team','user':'dora',"
             "'role':'member'}");
    store_mem_break(r.store, ERR_STORE_FULL);
    rig_send(&r, "dora", "{'type':'history','id':1,'room':'#team'}");
    rig_expect_nothing(&r, "dora");
    rig_release(&r);
    rig_expect(&r, "ana", "{'type':'error','re':9,'code':'store_full',*}");
    rig_expect(&r, "dora", "{'type':'error','re':1,'code':'not_found',*}");
    rig_finish(&r);
}

static void an_observer_reads_everything(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    open_it(&r, "cleo");
    rig_send(&r, "ana", "{'type':'message.post','id':9,'room':'#team','text':'x'}");
    rig_expect(&r, "cleo", "{'type':'message',*}");
    rig_send(&r, "cleo", "{'type':'history','id':1,'room':'#team'}");
    rig_expect(&r, "cleo",
               "{'type':'history.page','re':1,'room':'#team','seq':4,'messages':["
               "{'seq':4,*'author':'ana','text':'x'}],'more':false}");
    rig_send(&r, "cleo", "{'type':'members','id':2,'room':'#team'}");
    rig_expect(&r, "cleo",
               "{'type':'member.list','re':2,'room':'#team','members':["
               "{'user':'ana','role':'owner','online':false},"
               "{'user':'bo','role':'member','online':false},"
               "{'user':'cleo','role':'observer','online':true}]}");
    rig_send(&r, "cleo", "{'type':'typing','room':'#team','on':true}");
    rig_expect(&r, "cleo", "{'type':'error','code':'forbidden',*}");
    rig_finish(&r);
}

static void rooms_lists_own_and_public_ones(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "dora", "{'type':'rooms','id':1}");
    rig_expect(&r, "dora",
               "{'type':'room.list','re':1,'rooms':[{'room':'#lobby','role':'member',"
               "'public':true,*}]}");
    rig_send(&r, "bo", "{'type':'rooms','id':1}");
    rig_expect(&r, "bo",
               "{'type':'room.list','re':1,'rooms':[{'room':'#lobby',*},"
               "{'room':'#team','role':'member','public':false,'seq':3,'members':3,*}]}");
    rig_finish(&r);
}

static void admins_own_public_rooms_and_set_members_anywhere(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_join_admin(&r, "root");
    rig_send(&r, "ana", "{'type':'room.create','id':9,'room':'#open'}");
    rig_send(&r, "root", "{'type':'message.post','id':1,'room':'#open','text':'x'}");
    rig_expect(&r, "root", "{'type':'ok','re':1,*}");
    rig_send(&r, "root", "{'type':'open','id':2,'room':'#team'}");
    rig_expect(&r, "root", "{'type':'error','re':2,'code':'not_found',*}");
    rig_send(&r, "root",
             "{'type':'member.set','id':3,'room':'#team','user':'root','role':"
             "'owner'}");
    rig_expect(&r, "root", "{'type':'ok','re':3,*}");
    rig_send(&r, "root", "{'type':'open','id':4,'room':'#team','since':-1}");
    rig_expect(&r, "root", "{'type':'ok','re':4,*}");
    rig_finish(&r);
}

static void an_owner_may_go_when_there_is_another(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana",
             "[{'type':'member.set','id':8,'room':'#team','user':'bo','role':'owner'},"
             "{'type':'room.leave','id':9,'room':'#team'}]");
    rig_expect(&r, "ana", "{'type':'ok','re':8,*}");
    rig_expect(&r, "ana", "{'type':'ok','re':9,*}");
    rig_expect(&r, "bo", "{'type':'room.role',*'role':'owner',*}");
    rig_send(&r, "bo", "{'type':'room.leave','id':1,'room':'#team'}");
    rig_expect(&r, "bo", "{'type':'error','re':1,'code':'forbidden',*}");
    rig_restart(&r);
    rig_join(&r, "bo");
    rig_send(&r, "bo", "{'type':'room.leave','id':2,'room':'#team'}");
    rig_expect(&r, "bo", "{'type':'error','re':2,'code':'forbidden',*}");
    rig_finish(&r);
}

static void history_comes_in_pages(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    for (int i = 0; i < 5; i++)
        rig_send(&r, "ana", "{'type':'message.post','id':%d,'room':'#team','text':'%d'}", i + 9,
                 i);
    rig_send(&r, "bo", "{'type':'history','id':1,'room':'#team','limit':2}");
    rig_expect(&r, "bo", "{*'messages':[{*'text':'3'},{'seq':8,*'text':'4'}],'more':true}");
    rig_send(&r, "bo", "{'type':'history','id':2,'room':'#team','before':6,'limit':200}");
    rig_expect(&r, "bo", "{*'messages':[{*'text':'0'},{'seq':5,*'text':'1'}],'more':false}");
    rig_send(&r, "bo", "{'type':'history','id':3,'room':'#team','limit':201}");
    rig_expect(&r, "bo", "{'type':'error','re':3,'code':'bad_field',*}");
    rig_send(&r, "bo", "{'type':'history','id':4,'room':'#team','around':6,'limit':2}");
    rig_expect(&r, "bo",
               "{*'messages':[{*'text':'1'},{'seq':6,*'text':'2'}],'more':true,'newer':true}");
    rig_send(&r, "bo", "{'type':'history','id':5,'room':'#team','time':1,'limit':4}");
    rig_expect(&r, "bo", "{*'messages':[{*'text':'0'},*],'more':false,'newer':true}");
    rig_finish(&r);
}

static void a_page_of_long_messages_fits_into_a_frame(void **state)
{
    (void)state;
    static char text[TEXT_MAX + 1];
    memset(text, 'x', TEXT_MAX);
    struct hub_rig r;
    start(&r);
    for (int i = 0; i < 100; i++)
        rig_send(&r, "ana", "{'type':'message.post','id':%d,'room':'#team','text':'%s'}", i + 9,
                 text);
    rig_send(&r, "bo", "{'type':'history','id':1,'room':'#team','limit':100}");
    rig_expect(&r, "bo", "{*'seq':103,*'more':true}");
    rig_send(&r, "bo", "{'type':'history','id':2,'room':'#team','around':102,'limit':100}");
    rig_expect(&r, "bo", "{*'seq':102,*'seq':103,*'more':true}");
    rig_send(&r, "bo", "{'type':'history','id':3,'room':'#team','around':4,'limit':100}");
    rig_expect(&r, "bo", "{*'messages':[{'seq':4,*'more':false,'newer':true}");
    rig_finish(&r);
}

static void a_slow_history_is_not_told_to_one_taken_out_meanwhile(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    rig_send(&r, "ana",
             "{'type':'member.set','id':9,'room':'#team','user':'bo','role':'none'}");
    rig_send(&r, "bo", "{'type':'history','id':1,'room':'#team'}");
    rig_release(&r);
    rig_expect(&r, "bo", "{'type':'room.role',*'role':'none',*}");
    rig_expect(&r, "bo", "{'type':'error','re':1,'code':'not_found',*}");
    rig_finish(&r);
}

/* ---- topics ---- */

static void a_topic_is_for_members_to_set_and_for_all_to_see(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    open_it(&r, "cleo");
    rig_send(&r, "bo",
             "{'type':'topic.set','id':5,'room':'#team','topic':'Release on Friday'}");
    rig_expect(&r, "bo", "{'type':'ok','re':5,'room':'#team','seq':4}");
    rig_expect(&r, "cleo",
               "{'type':'room.topic','room':'#team','seq':4,*'author':'bo',*"
               "'topic':'Release on Friday'}");
    rig_send(&r, "cleo", "{'type':'topic.set','id':5,'room':'#team','topic':'x'}");
    rig_expect(&r, "cleo", "{'type':'error','re':5,'code':'forbidden',*}");
    rig_send(&r, "dora", "{'type':'topic.set','id':5,'room':'#team','topic':'x'}");
    rig_expect(&r, "dora", "{'type':'error','re':5,'code':'not_found',*}");
    rig_restart(&r);
    rig_join(&r, "bo");
    rig_send(&r, "bo", "{'type':'open','id':9,'room':'#team','snapshot':true}");
    rig_expect_later(&r, "bo", "{'type':'snapshot',*'topic':'Release on Friday',*}");
    rig_send(&r, "bo", "{'type':'topic.set','id':10,'room':'#team'}");
    rig_expect_later(&r, "bo", "{'type':'room.topic',*'author':'bo',*'id':10}");
    rig_finish(&r);
}

static void a_topic_is_one_line_of_300_bytes(void **state)
{
    (void)state;
    struct hub_rig r;
    char topic[TOPIC_MAX + 2];
    memset(topic, 'x', sizeof topic - 1);
    topic[sizeof topic - 1] = '\0';
    start(&r);
    rig_send(&r, "bo", "{'type':'topic.set','id':5,'room':'#team','topic':'%s'}", topic);
    rig_expect(&r, "bo", "{'type':'error','re':5,'code':'too_large',*300*}");
    topic[TOPIC_MAX] = '\0';
    rig_send(&r, "bo", "{'type':'topic.set','id':6,'room':'#team','topic':'%s'}", topic);
    rig_expect(&r, "bo", "{'type':'ok','re':6,*}");
    rig_send(&r, "bo", "{'type':'topic.set','id':7,'room':'#team','topic':'a\\nb'}");
    rig_expect(&r, "bo", "{'type':'error','re':7,'code':'bad_field',*one line*}");
    rig_finish(&r);
}

/* What is not on disk yet and fails is not what the room is about. */
static void a_topic_that_is_not_stored_is_taken_back(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "bo", "{'type':'topic.set','id':5,'room':'#team','topic':'first'}");
    rig_expect(&r, "bo", "{'type':'ok','re':5,*}");
    r.hold_store = true;
    rig_send(&r, "bo", "{'type':'topic.set','id':6,'room':'#team','topic':'second'}");
    rig_fail_job(&r, JOB_APPEND);
    rig_release(&r);
    rig_expect_later(&r, "bo", "{'type':'error','re':6,*}");
    rig_send(&r, "ana", "{'type':'open','id':9,'room':'#team','snapshot':true}");
    rig_expect_later(&r, "ana", "{'type':'snapshot',*'topic':'first',*}");
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_room_has_three_columns_and_its_maker_owns_it),
        cmocka_unit_test(the_role_decides),
        cmocka_unit_test(a_public_room_is_for_all_to_join),
        cmocka_unit_test(a_room_is_opened_in_the_same_breath_as_made),
        cmocka_unit_test(who_is_taken_out_hears_no_more),
        cmocka_unit_test(all_connections_learn_of_a_new_role_but_the_one_that_asked),
        cmocka_unit_test(a_role_that_is_not_on_disk_opens_no_door),
        cmocka_unit_test(an_observer_reads_everything),
        cmocka_unit_test(rooms_lists_own_and_public_ones),
        cmocka_unit_test(admins_own_public_rooms_and_set_members_anywhere),
        cmocka_unit_test(an_owner_may_go_when_there_is_another),
        cmocka_unit_test(history_comes_in_pages),
        cmocka_unit_test(a_page_of_long_messages_fits_into_a_frame),
        cmocka_unit_test(a_slow_history_is_not_told_to_one_taken_out_meanwhile),
        cmocka_unit_test(a_topic_is_for_members_to_set_and_for_all_to_see),
        cmocka_unit_test(a_topic_is_one_line_of_300_bytes),
        cmocka_unit_test(a_topic_that_is_not_stored_is_taken_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
