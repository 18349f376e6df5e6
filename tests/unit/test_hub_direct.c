/* Direct conversations: who may begin one and with whom, who sees anything of it, and that who
 * is in it never changes. */
#include "hub_rig.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* ana, bo and cy have accounts; ana began @ana+bo and everything that came is read. */
static void start(struct hub_rig *r)
{
    rig_start(r);
    rig_join(r, "ana");
    rig_join(r, "bo");
    rig_join(r, "cy");
    rig_send(r, "ana", "{'type':'room.create','id':1,'room':'@ana+bo'}");
    rig_expect(r, "ana", "{'type':'ok','re':1,'room':'@ana+bo','seq':1}");
    rig_skip(r, "bo");
}

static void the_first_message_begins_it_and_the_other_is_told(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    rig_join(&r, "ana");
    rig_join(&r, "bo");
    rig_join(&r, "bo/2");
    rig_join(&r, "cy");
    rig_send(&r, "ana",
             "[{'type':'room.create','id':1,'room':'@ana+bo'},"
             "{'type':'message.post','id':2,'room':'@ana+bo','text':'hi'}]");
    rig_expect(&r, "ana", "{'type':'ok','re':1,'room':'@ana+bo','seq':1}");
    rig_expect(&r, "ana", "{'type':'ok','re':2,'room':'@ana+bo','seq':2}");
    const char *told = "{'type':'room.role','room':'@ana+bo','role':'member','public':false,"
                       "'seq':1,'author':'ana','read':1}";
    rig_expect(&r, "bo", told);
    rig_expect(&r, "bo/2", told);
    rig_expect_nothing(&r, "cy");
    rig_send(&r, "bo", "{'type':'open','id':1,'room':'@ana+bo'}");
    rig_expect(&r, "bo", "{'type':'ok','re':1,'room':'@ana+bo','seq':2}");
    rig_expect(&r, "bo", "{'type':'room.created','room':'@ana+bo',*'public':false,*}");
    rig_expect(&r, "bo", "{'type':'message',*'author':'ana',*'text':'hi'}");
    rig_send(&r, "bo", "{'type':'message.post','id':2,'room':'@ana+bo','text':'hello'}");
    rig_expect_later(&r, "bo", "{'type':'ok','re':2,*}");
    rig_finish(&r);
}

static void it_is_there_for_who_was_away(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_cut(&r, "bo");
    rig_send(&r, "ana", "{'type':'message.post','id':2,'room':'@ana+bo','text':'later'}");
    rig_restart(&r);
    rig_connect(&r, "bo");
    rig_send(&r, "bo",
             "{'type':'hello','version':1,'client':'clientbo',"
             "'rooms':[{'room':'@ana+bo','since':0}]}");
    rig_expect(&r, "bo",
               "{'type':'welcome',*{'room':'@ana+bo','role':'member','public':false,'seq':2,"
               "'members':2,*}");
    rig_expect_later(&r, "bo", "{'type':'message',*'text':'later'}");
    rig_finish(&r);
}

static void beginning_what_is_begun_is_no_error(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "bo", "{'type':'room.create','id':1,'room':'@ana+bo'}");
    rig_expect(&r, "bo", "{'type':'ok','re':1,'room':'@ana+bo','seq':1}");
    rig_send(&r, "bo", "{'type':'room.create','id':1,'room':'@ana+bo'}");
    rig_expect(&r, "bo", "{'type':'ok','re':1,'room':'@ana+bo','seq':1}");
    rig_send(&r, "ana", "{'type':'room.create','id':9,'room':'@ana+bo','public':true}");
    rig_expect(&r, "ana", "{'type':'ok','re':9,'room':'@ana+bo','seq':1}");
    rig_finish(&r);
}

/* Neither is told before it is on disk. */
static void two_who_begin_at_once_end_in_one(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    rig_send(&r, "bo", "{'type':'room.create','id':1,'room':'@bo+cy'}");
    rig_send(&r, "cy",
             "[{'type':'room.create','id':1,'room':'@bo+cy'},"
             "{'type':'message.post','id':2,'room':'@bo+cy','text':'me too'}]");
    rig_run_jobs(&r, 2); /* whether the requests were committed before */
    rig_expect_nothing(&r, "bo");
    rig_expect_nothing(&r, "cy");
    rig_release(&r);
    rig_expect_later(&r, "bo", "{'type':'ok','re':1,'room':'@bo+cy','seq':1}");
    rig_expect_later(&r, "cy", "{'type':'ok','re':1,'room':'@bo+cy','seq':1}");
    rig_expect_later(&r, "cy", "{'type':'ok','re':2,'room':'@bo+cy','seq':2}");
    rig_finish(&r);
}

/* The one whose making failed is told so; the other's request makes it. */
static void who_waited_for_a_making_that_failed_makes_it(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    rig_send(&r, "bo", "{'type':'room.create','id':1,'room':'@bo+cy'}");
    rig_send(&r, "cy", "{'type':'room.create','id':1,'room':'@bo+cy'}");
    rig_run_jobs(&r, 2); /* whether the requests were committed before */
    rig_fail_job(&r, JOB_APPEND);
    rig_release(&r);
    rig_expect_later(&r, "bo", "{'type':'error','re':1,*'retry':true}");
    rig_expect_later(&r, "cy", "{'type':'ok','re':1,'room':'@bo+cy','seq':1}");
    rig_expect_later(&r, "bo", "{'type':'room.role','room':'@bo+cy','role':'member',*}");
    rig_finish(&r);
}

static void it_takes_people_who_are_there_and_oneself(void **state)
{
    (void)state;
    static const struct {
        const char *room, *code;
    } rows[] = {
        {"@ana+nobody", "not_found"}, {"@ana+bo+nobody", "not_found"},
        {"@bo+cy", "forbidden"},      {"@ana+dis", "forbidden"},
        {"@bo+nobody", "forbidden"},  {"@ana", "bad_field"},
        {"@ana+ana", "bad_field"},    {"@bo+ana", "bad_field"},
        {"@ana+", "bad_field"},       {"@a+ana+b+c+d+e+f+g", "bad_field"},
        {"@ana+bo+bo", "bad_field"},  {"@ana+b o", "bad_field"},
    };
    struct hub_rig r;
    start(&r);
    rig_join_admin(&r, "root");
    rig_send(&r, "root", "{'type':'admin.user.set','id':1,'user':'dis','disabled':true}");
    rig_expect(&r, "root", "{'type':'ok','re':1}");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char expected[120];
        int id = (int)i + 10;
        rig_send(&r, "ana", "{'type':'room.create','id':%d,'room':'%s'}", id, rows[i].room);
        snprintf(expected, sizeof expected, "{'type':'error','re':%d,'code':'%s',*}", id,
                 rows[i].code);
        rig_expect(&r, "ana", expected);
    }
    rig_finish(&r);
}

/* Nor may an admin: it is as if there were none. */
static void nobody_else_sees_anything_of_it(void **state)
{
    (void)state;
    static const char *const whats[] = {
        "'type':'open'",
        "'type':'history'",
        "'type':'members'",
        "'type':'activity'",
        "'type':'message.post','text':'x'",
        "'type':'task.add','title':'x'",
        "'type':'note.create','name':'x'",
        "'type':'room.join'",
        "'type':'room.leave'",
        "'type':'member.set','user':'cy','role':'member'",
    };
    struct hub_rig r;
    start(&r);
    rig_join_admin(&r, "root");
    rig_skip(&r, "root");
    for (int who = 0; who < 2; who++)
        for (size_t i = 0; i < COUNT_OF(whats); i++) {
            char expected[120];
            const char *name = who ? "root" : "cy";
            rig_send(&r, name, "{%s,'id':%zu,'room':'@ana+bo'}", whats[i], i + 10);
            snprintf(expected, sizeof expected,
                     "{'type':'error','re':%zu,'code':'not_found',*}", i + 10);
            rig_expect(&r, name, expected);
        }
    rig_send(&r, "cy", "{'type':'rooms','id':50}");
    rig_expect(&r, "cy", "{'type':'room.list','re':50,'rooms':[{'room':'#lobby',*}]}");
    rig_send(&r, "root", "{'type':'rooms','id':50}");
    rig_expect(&r, "root", "{'type':'room.list','re':50,'rooms':[{'room':'#lobby',*}]}");
    rig_send(&r, "root", "{'type':'admin.busy','id':51}");
    rig_expect(&r, "root", "{'type':'busy','re':51,'rooms':[{'name':'#lobby',*}],*}");
    rig_send(&r, "cy", "{'type':'typing','room':'@ana+bo','on':true}");
    rig_expect(&r, "cy", "{'type':'error','code':'not_found',*}");
    rig_expect_nothing(&r, "ana");
    rig_finish(&r);
}

static void nobody_comes_in_or_goes(void **state)
{
    (void)state;
    static const char *const whats[] = {
        "'type':'room.leave'",
        "'type':'member.set','user':'cy','role':'member'",
        "'type':'member.set','user':'bo','role':'none'",
        "'type':'member.set','user':'ana','role':'owner'",
    };
    struct hub_rig r;
    start(&r);
    for (size_t i = 0; i < COUNT_OF(whats); i++) {
        char expected[120];
        rig_send(&r, "ana", "{%s,'id':%zu,'room':'@ana+bo'}", whats[i], i + 10);
        snprintf(expected, sizeof expected,
                 "{'type':'error','re':%zu,'code':'forbidden',*direct conversation*}", i + 10);
        rig_expect(&r, "ana", expected);
    }
    rig_send(&r, "ana", "{'type':'room.join','id':20,'room':'@ana+bo'}");
    rig_expect(&r, "ana", "{'type':'error','re':20,'code':'exists',*}");
    rig_send(&r, "ana", "{'type':'members','id':21,'room':'@ana+bo'}");
    rig_expect(&r, "ana",
               "{'type':'member.list',*'members':[{'user':'ana','role':'member',*},"
               "{'user':'bo','role':'member',*}]}");
    rig_finish(&r);
}

/* What is asked with an outsider's name in it is refused before it is looked up. */
static void an_outsider_does_not_learn_whether_it_is_there(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "cy", "{'type':'room.create','id':1,'room':'@ana+bo'}");
    rig_expect(&r, "cy", "{'type':'error','re':1,'code':'forbidden',*}");
    rig_send(&r, "bo", "{'type':'room.create','id':1,'room':'@ana+cy'}");
    rig_expect(&r, "bo", "{'type':'error','re':1,'code':'forbidden',*}");
    rig_finish(&r);
}

/* As after an import of a room without the accounts. */
static void an_account_that_comes_later_is_in_it(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    struct store_job *j = store_job_new(JOB_APPEND);
    static struct store_column columns[] = {{STR_ROW("Todo"), 0}};
    j->append = (struct store_append){
        .room = STR("@ana+zoe"),
        .seq = 1,
        .type = MSG_ROOM_CREATED,
        .author = STR("ana"),
        .client = STR("clientana"),
        .id = 1,
        .json = STR("{\"type\":\"room.created\",\"room\":\"@ana+zoe\",\"seq\":1,\"time\":1,"
                    "\"author\":\"ana\",\"client\":\"clientana\",\"id\":1,"
                    "\"public\":false,\"columns\":[{\"name\":\"Todo\"}]}"),
        .effect = EFFECT_ROOM,
        .columns = {columns, 1},
    };
    r.store->write(r.store, &j, 1);
    store_job_free(j);
    rig_restart(&r);
    rig_join(&r, "ana");
    rig_send(&r, "ana", "{'type':'members','id':1,'room':'@ana+zoe'}");
    rig_expect(&r, "ana", "{'type':'member.list',*{'user':'zoe','role':'member',*}*}");
    rig_join(&r, "zoe");
    rig_send(&r, "zoe", "{'type':'open','id':1,'room':'@ana+zoe'}");
    rig_expect(&r, "zoe", "{'type':'ok','re':1,'room':'@ana+zoe','seq':1}");
    rig_finish(&r);
}

static void words_in_it_are_found_by_its_people_alone(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'message.post','id':2,'room':'@ana+bo','text':'secret plan'}");
    rig_expect(&r, "ana", "{'type':'ok','re':2,*}");
    rig_send(&r, "bo", "{'type':'search','id':5,'query':'secret in:@ana'}");
    rig_expect_later(&r, "bo", "{'type':'search.page','re':5,*'room':'@ana+bo',*}");
    rig_send(&r, "cy", "{'type':'search','id':5,'query':'secret'}");
    rig_expect_later(&r, "cy", "{'type':'search.page','re':5,'items':[],*}");
    rig_send(&r, "cy", "{'type':'search','id':6,'query':'secret in:@ana+bo'}");
    rig_expect_later(&r, "cy", "{'type':'search.page','re':6,'items':[],*}");
    rig_send(&r, "cy", "{'type':'search','id':7,'query':'secret','in':'@ana+bo'}");
    rig_expect_later(&r, "cy", "{'type':'error','re':7,'code':'not_found',*}");
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_message_begins_it_and_the_other_is_told),
        cmocka_unit_test(it_is_there_for_who_was_away),
        cmocka_unit_test(beginning_what_is_begun_is_no_error),
        cmocka_unit_test(two_who_begin_at_once_end_in_one),
        cmocka_unit_test(who_waited_for_a_making_that_failed_makes_it),
        cmocka_unit_test(it_takes_people_who_are_there_and_oneself),
        cmocka_unit_test(nobody_else_sees_anything_of_it),
        cmocka_unit_test(nobody_comes_in_or_goes),
        cmocka_unit_test(an_outsider_does_not_learn_whether_it_is_there),
        cmocka_unit_test(an_account_that_comes_later_is_in_it),
        cmocka_unit_test(words_in_it_are_found_by_its_people_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
