/* The notes of a room: made, named, put away, and numbered together with the cards. */
#include "hub_rig.h"

#include <stdio.h>

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

static void notes_are_made_named_and_put_away(void **state)
{
    (void)state;
    static const char *const script[][3] = {
        {"{'type':'note.create','id':1,'room':'#lobby','name':'Plan'}",
         "{'type':'ok','re':1,'room':'#lobby','seq':4,'number':1}",
         "{'type':'note.created','room':'#lobby','seq':4,'time':*,'author':'ana',"
         "'client':'clientana','id':1,'note':1,'name':'Plan'}"},
        {"{'type':'task.add','id':2,'room':'#lobby','title':'one'}",
         "{'type':'ok','re':2,*,'number':2}", "{'type':'task.added',*,'task':2,*}"},
        {"{'type':'note.create','id':3,'room':'#lobby','name':'plan'}",
         "{'type':'ok','re':3,*,'number':3}",
         "{'type':'note.created',*,'note':3,'name':'plan'}"},
        {"{'type':'note.rename','id':4,'room':'#lobby','note':1,'name':'Pläne'}",
         "{'type':'ok','re':4,*,'number':1}",
         "{'type':'note.renamed',*,'note':1,'name':'Pläne'}"},
        {"{'type':'note.rename','id':5,'room':'#lobby','note':1,'name':'Pläne'}",
         "{'type':'ok','re':5,*,'number':1}",
         "{'type':'note.renamed',*,'note':1,'name':'Pläne'}"},
        {"{'type':'note.archive','id':6,'room':'#lobby','note':1}",
         "{'type':'ok','re':6,*,'number':1}", "{'type':'note.archived',*,'note':1}"},
        {"{'type':'note.rename','id':7,'room':'#lobby','note':1,'name':'plan'}",
         "{'type':'ok','re':7,*,'number':1}",
         "{'type':'note.renamed',*,'note':1,'name':'plan'}"},
        {"{'type':'note.rename','id':8,'room':'#lobby','note':1,'name':'Old'}",
         "{'type':'ok','re':8,*,'number':1}",
         "{'type':'note.renamed',*,'note':1,'name':'Old'}"},
        {"{'type':'note.restore','id':9,'room':'#lobby','note':1}",
         "{'type':'ok','re':9,*,'number':1}", "{'type':'note.restored',*,'note':1}"},
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

static void what_does_not_fit_the_list_is_refused(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"'type':'note.create','name':'Live'", "exists"},
        {"'type':'note.create','name':''", "bad_field"},
        {"'type':'note.create','name':'a\\nb'", "bad_field"},
        {"'type':'note.create'", "bad_field"},
        {"'type':'note.rename','note':2,'name':'Live'", "exists"},
        {"'type':'note.rename','note':77,'name':'x'", "not_found"},
        {"'type':'note.rename','note':-77,'name':'x'", "not_found"},
        {"'type':'note.rename','note':0,'name':'x'", "bad_field"},
        {"'type':'note.rename','note':4,'name':'x'", "not_found"},
        {"'type':'note.archive','note':4", "not_found"},
        {"'type':'note.archive','note':3", "conflict"},
        {"'type':'note.archive','note':77", "not_found"},
        {"'type':'note.restore','note':1", "conflict"},
        {"'type':'note.restore','note':3", "exists"},
        {"'type':'note.restore','note':77", "not_found"},
        {"'type':'task.edit','task':1,'title':'x'", "not_found"},
    };
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana",
             "[{'type':'note.create','id':1,'room':'#lobby','name':'Gone'},"
             "{'type':'note.create','id':2,'room':'#lobby','name':'Other'},"
             "{'type':'note.create','id':3,'room':'#lobby','name':'Live'},"
             "{'type':'note.archive','id':4,'room':'#lobby','note':3},"
             "{'type':'note.rename','id':5,'room':'#lobby','note':1,'name':'Live'},"
             "{'type':'task.add','id':6,'room':'#lobby','title':'a card'}]");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char expected[100];
        rig_skip(&r, "ana");
        rig_skip(&r, "bo");
        rig_send(&r, "ana", "{%s,'id':%zu,'room':'#lobby'}", rows[i][0], i + 10);
        snprintf(expected, sizeof expected, "{'type':'error','re':%zu,'code':'%s',*}", i + 10,
                 rows[i][1]);
        rig_expect(&r, "ana", expected);
        rig_expect_nothing(&r, "ana");
        rig_expect_nothing(&r, "bo");
    }
    rig_finish(&r);
}

static void a_room_has_its_fill_of_notes(void **state)
{
    (void)state;
    struct hub_rig r;
    struct buf some = {0};
    start(&r);
    for (int i = 1; i <= NOTES_MAX; i++) {
        buf_fmt(&some,
                "%c{\"type\":\"note.create\",\"id\":%d,\"room\":\"#lobby\","
                "\"name\":\"n%d\"}",
                some.n ? ',' : '[', i, i);
        if (i % 50)
            continue;
        buf_add_c(&some, ']');
        rig_send_bytes(&r, "ana", buf_str(&some));
        rig_wait(&r, 1000);
        buf_clear(&some);
    }
    buf_finish(&some);
    rig_expect_later(&r, "bo", "{'type':'note.created',*'note':2000,'name':'n2000'}");
    rig_skip(&r, "ana");
    rig_send(&r, "ana", "{'type':'note.create','id':3000,'room':'#lobby','name':'more'}");
    rig_expect(&r, "ana", "{'type':'error','re':3000,'code':'limit','message':'*2000*'}");
    rig_finish(&r);
}

static void who_may_only_look_changes_nothing(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "'type':'note.create','name':'x'",
        "'type':'note.rename','note':1,'name':'x'",
        "'type':'note.archive','note':1",
        "'type':'note.restore','note':1",
        "'type':'note.edit','note':1,'base':0,'op':['x']",
    };
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'room.create','id':1,'room':'#team','public':false}");
    rig_send(&r, "ana", "{'type':'note.create','id':2,'room':'#team','name':'Plan'}");
    rig_send(&r, "ana",
             "{'type':'member.set','id':3,'room':'#team','user':'bo','role':'observer'}");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        rig_skip(&r, "bo");
        rig_send(&r, "bo", "{%s,'id':%zu,'room':'#team'}", rows[i], i + 10);
        rig_expect(&r, "bo", "{'type':'error',*'code':'forbidden','message':'*observer*'}");
    }
    rig_send(&r, "bo", "{'type':'note.open','id':50,'room':'#team','note':1}");
    rig_expect(&r, "bo", "{'type':'note.text','re':50,*'version':0,*}");
    rig_join(&r, "cleo");
    rig_send(&r, "cleo", "{'type':'note.open','id':51,'room':'#team','note':1}");
    rig_expect(&r, "cleo", "{'type':'error','re':51,'code':'not_found',*}");
    rig_send(&r, "cleo",
             "{'type':'note.edit','id':52,'room':'#team','note':1,'base':0,'op':['x']}");
    rig_expect(&r, "cleo", "{'type':'error','re':52,'code':'not_found',*}");
    rig_finish(&r);
}

static void a_note_is_named_by_the_request_that_makes_it(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    rig_send(&r, "ana",
             "[{'type':'note.create','id':5,'room':'#lobby','name':'Plan'},"
             "{'type':'note.edit','id':6,'room':'#lobby','note':-5,'base':0,'op':['hello']},"
             "{'type':'note.rename','id':7,'room':'#lobby','note':-5,'name':'Plans'},"
             "{'type':'note.open','id':8,'room':'#lobby','note':-5},"
             "{'type':'note.rename','id':9,'room':'#lobby','note':-4,'name':'x'}]");
    rig_release(&r);
    rig_expect(&r, "bo", "{'type':'note.created',*'note':1,'name':'Plan'}");
    rig_expect(&r, "bo", "{'type':'note.edited',*'note':1,'version':1,'op':['hello']}");
    rig_expect(&r, "bo", "{'type':'note.renamed',*'note':1,'name':'Plans'}");
    rig_expect_nothing(&r, "bo");
    rig_expect_later(&r, "ana", "{'type':'note.text','re':8,*'version':1,*'text':'hello'}");
    rig_expect_later(&r, "ana", "{'type':'error','re':9,'code':'not_found',*}");
    rig_finish(&r);
}

static void the_store_knows_the_note_of_an_old_request(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'note.create','id':5,'room':'#lobby','name':'Plan'}");
    rig_restart(&r);
    rig_enter(&r, "ana", "#lobby");
    rig_send(&r, "ana",
             "{'type':'note.edit','id':6,'room':'#lobby','note':-5,'base':0,'op':['x']}");
    rig_expect(&r, "ana", "{'type':'ok','re':6,*'number':1}");
    rig_finish(&r);
}

static void a_note_whose_request_failed_in_passing_is_waited_for(void **state)
{
    (void)state;
    static const char *const edit =
        "{'type':'note.edit','id':6,'room':'#lobby','note':-5,'base':0,'op':['x']}";
    struct hub_rig r;
    start(&r);
    store_mem_break(r.store, ERR_STORE_FULL);
    rig_send(&r, "ana", "{'type':'note.create','id':5,'room':'#lobby','name':'Plan'}");
    rig_expect(&r, "ana", "{'type':'error','re':5,'code':'store_full',*'retry':true}");
    store_mem_break(r.store, ERR_NONE);
    rig_send(&r, "ana", "%s", edit);
    rig_expect(&r, "ana", "{'type':'error','re':6,'code':'busy',*'retry':true}");
    rig_send(&r, "ana", "{'type':'note.create','id':5,'room':'#lobby','name':'Plan'}");
    rig_expect_later(&r, "ana", "{'type':'note.created',*}");
    rig_send(&r, "ana", "%s", edit);
    rig_expect(&r, "ana", "{'type':'ok','re':6,*}");
    rig_finish(&r);
}

static void what_was_not_stored_is_not_in_the_list(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'note.create','id':1,'room':'#lobby','name':'Plan'}");
    store_mem_break(r.store, ERR_STORE);
    rig_send(&r, "ana", "{'type':'note.create','id':2,'room':'#lobby','name':'More'}");
    rig_send(&r, "ana", "{'type':'note.rename','id':3,'room':'#lobby','note':1,'name':'Zzz'}");
    rig_send(&r, "ana", "{'type':'note.archive','id':4,'room':'#lobby','note':1}");
    store_mem_break(r.store, ERR_NONE);
    rig_skip(&r, "ana");
    rig_send(&r, "bo", "{'type':'note.rename','id':1,'room':'#lobby','note':2,'name':'x'}");
    rig_expect_later(&r, "bo", "{'type':'error','re':1,'code':'not_found',*}");
    rig_send(&r, "bo", "{'type':'note.create','id':2,'room':'#lobby','name':'Plan'}");
    rig_expect(&r, "bo", "{'type':'error','re':2,'code':'exists',*}");
    rig_send(&r, "bo", "{'type':'note.create','id':3,'room':'#lobby','name':'More'}");
    rig_expect(&r, "bo", "{'type':'ok','re':3,*'number':2}");
    rig_finish(&r);
}

static void a_snapshot_has_notes_and_how_far_texts_are(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'note.create','id':1,'room':'#lobby','name':'Plan'}");
    rig_send(&r, "ana", "{'type':'note.create','id':2,'room':'#lobby','name':'Old'}");
    rig_send(&r, "ana", "{'type':'note.archive','id':3,'room':'#lobby','note':2}");
    rig_send(&r, "ana", "{'type':'task.add','id':4,'room':'#lobby','title':'one'}");
    rig_send(&r, "ana", "{'type':'task.add','id':5,'room':'#lobby','title':'two'}");
    rig_wait(&r, 1000);
    rig_send(&r, "bo",
             "{'type':'note.edit','id':1,'room':'#lobby','note':1,'base':0,'op':['x']}");
    rig_send(&r, "bo",
             "{'type':'note.edit','id':2,'room':'#lobby','note':3,'base':0,'op':['y']}");
    for (int again = 0; again < 2; again++) {
        rig_join(&r, "cleo");
        rig_send(&r, "cleo",
                 "{'type':'open','id':1,'room':'#lobby','since':0,'snapshot':true}");
        rig_expect_later(
            &r, "cleo",
            "{'type':'snapshot',*'next_number':5,*"
            "'tasks':[{'number':3,*'version':1,*},{'number':4,*'key':'V1',*}],"
            "'notes':[{'number':1,'name':'Plan','version':1,'time':*,'author':'bo'},"
            "{'number':2,'name':'Old','archived':true,'version':0,'time':*,"
            "'author':'ana'}],*}");
        rig_restart(&r);
    }
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notes_are_made_named_and_put_away),
        cmocka_unit_test(what_does_not_fit_the_list_is_refused),
        cmocka_unit_test(a_room_has_its_fill_of_notes),
        cmocka_unit_test(who_may_only_look_changes_nothing),
        cmocka_unit_test(a_note_is_named_by_the_request_that_makes_it),
        cmocka_unit_test(the_store_knows_the_note_of_an_old_request),
        cmocka_unit_test(a_note_whose_request_failed_in_passing_is_waited_for),
        cmocka_unit_test(what_was_not_stored_is_not_in_the_list),
        cmocka_unit_test(a_snapshot_has_notes_and_how_far_texts_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
