/* What becomes of messages: who may do what, what is refused, what others see of it. */
#include "hub_rig.h"

#include "codec.h"
#include "store_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Ana owns #team, bo is a member. Ana said message 3, bo 4. */
static void start(struct hub_rig *r)
{
    rig_start(r);
    rig_join(r, "ana");
    rig_join(r, "bo");
    rig_send(r, "ana", "{'type':'room.create','id':1,'room':'#team'}");
    rig_send(r, "ana",
             "{'type':'member.set','id':2,'room':'#team','user':'bo','role':'member'}");
    rig_send(r, "ana", "{'type':'open','id':3,'room':'#team','since':-1}");
    rig_send(r, "bo", "{'type':'open','id':1,'room':'#team','since':-1}");
    rig_send(r, "ana", "{'type':'message.post','id':4,'room':'#team','text':'one'}");
    rig_send(r, "bo", "{'type':'message.post','id':2,'room':'#team','text':'two'}");
    rig_wait(r, 100);
    rig_skip(r, "ana");
    rig_skip(r, "bo");
}

/* Nothing that the hub remembers from before: all has to be asked of the store. */
static void start_anew(struct hub_rig *r)
{
    start(r);
    rig_restart(r);
    rig_join(r, "ana");
    rig_join(r, "bo");
    rig_send(r, "ana", "{'type':'open','id':10,'room':'#team','since':-1}");
    rig_send(r, "bo", "{'type':'open','id':10,'room':'#team','since':-1}");
    rig_wait(r, 100);
    rig_skip(r, "ana");
    rig_skip(r, "bo");
}

static void finish(struct hub_rig *r)
{
    struct buf report = {0};
    struct err e = {0};
    if (!store_check_logs(r->store, &report, &e))
        fail_msg("%s\n%s", e.text, buf_cstr(&report));
    buf_finish(&report);
    rig_finish(r);
}

static void author_edits_and_everybody_sees_it(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'message.edit','id':5,'room':'#team','message':3,'text':'1'}");
    rig_expect(&r, "ana", "{'type':'ok','re':5,'room':'#team','seq':5}");
    rig_expect(&r, "bo",
               "{'type':'message.edited','room':'#team','seq':5,*,'author':'ana',*,'id':5,"
               "'message':3,'writer':'ana','text':'1'}");
    rig_send(&r, "bo", "{'type':'history','id':3,'room':'#team'}");
    rig_expect(&r, "bo",
               "{'type':'history.page','re':3,'room':'#team','seq':5,'messages':["
               "{'seq':3,*,'author':'ana','text':'1','edited':*},"
               "{'seq':4,*,'author':'bo','text':'two'}],'more':false}");
    finish(&r);
}

static void nobody_edits_what_another_wrote(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'message.edit','id':5,'room':'#team','message':4,'text':'2'}");
    rig_expect(&r, "ana",
               "{'type':'error','re':5,'code':'forbidden','message':'message 4 is *only who "
               "wrote a message may edit it'}");
    rig_expect_nothing(&r, "bo");
    finish(&r);
}

static void owner_deletes_others_and_a_member_does_not(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "bo", "{'type':'message.delete','id':3,'room':'#team','message':3}");
    rig_expect(&r, "bo", "{'type':'error','re':3,'code':'forbidden',*}");
    rig_send(&r, "ana", "{'type':'message.delete','id':5,'room':'#team','message':4}");
    rig_expect(&r, "ana", "{'type':'ok','re':5,*}");
    rig_expect(&r, "bo",
               "{'type':'message.deleted',*,'author':'ana',*,'message':4,'writer':'bo'}");
    rig_send(&r, "bo", "{'type':'history','id':4,'room':'#team','after':3}");
    rig_expect(&r, "bo",
               "{'type':'history.page',*,'messages':["
               "{'seq':4,*,'author':'bo','deleted':'ana'}],'more':false}");
    finish(&r);
}

/* Also of what the hub has to ask the store for, and of what is not on disk yet. */
static void deleted_message_is_left_alone(void **state)
{
    (void)state;
    static const struct {
        const char *type, *more;
    } changes[] = {
        {"edit", ",'text':'x'"}, {"delete", ""}, {"react", ",'emoji':':x:'"}, {"pin", ""}};
    for (int anew = 0; anew < 2; anew++) {
        struct hub_rig r;
        start(&r);
        rig_send(&r, "ana", "{'type':'message.delete','id':5,'room':'#team','message':3}");
        rig_expect(&r, "ana", "{'type':'ok','re':5,*}");
        if (anew) {
            rig_restart(&r);
            rig_join(&r, "ana");
        }
        for (int i = 0; i < (int)COUNT_OF(changes); i++) {
            rig_send(&r, "ana", "{'type':'message.%s','id':%d,'room':'#team','message':3%s}",
                     changes[i].type, 20 + i, changes[i].more);
            rig_expect_later(&r, "ana",
                             "{'type':'error',*,'code':'not_found','message':'message 3 "
                             "was deleted by ana'}");
        }
        rig_send(&r, "ana",
                 "{'type':'message.post','id':30,'room':'#team','text':'why?',"
                 "'reply':3}"); /* but it may be answered */
        rig_expect(&r, "ana", "{'type':'ok','re':30,*}");
        finish(&r);
    }
}

static void answer_to_an_answer_answers_its_root(void **state)
{
    (void)state;
    struct hub_rig r;
    start_anew(&r);
    rig_send(&r, "bo",
             "{'type':'message.post','id':11,'room':'#team','text':'to one','reply':3}");
    rig_expect_later(&r, "ana",
                     "{'type':'message',*,'seq':5,*,'text':'to one','reply':3,'to':'ana'}");
    rig_send(&r, "ana",
             "{'type':'message.post','id':11,'room':'#team','text':'to bo','reply':5}");
    rig_expect_later(&r, "bo", "{'type':'message',*,'text':'to bo','reply':3,'to':'bo'}");
    rig_send(&r, "ana", "{'type':'history','id':12,'room':'#team','reply':3}");
    rig_expect_later(&r, "ana",
                     "{'type':'history.page',*,'messages':[{'seq':5,*,'reply':3,'to':'ana'},"
                     "{'seq':6,*,'reply':3,'to':'bo'}],'more':false}");
    finish(&r);
}

static void answer_to_a_comment_is_on_its_card(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'task.add','id':5,'room':'#team','title':'c'}");
    rig_send(&r, "ana",
             "{'type':'message.post','id':6,'room':'#team','text':'on it','task':-5}");
    rig_send(&r, "bo", "{'type':'message.post','id':3,'room':'#team','text':'yes','reply':6}");
    rig_expect_later(&r, "ana",
                     "{'type':'message',*,'text':'yes','task':1,'reply':6,'to':'ana'}");
    rig_send(&r, "bo",
             "{'type':'message.post','id':4,'room':'#team','text':'no','reply':3,'task':1}");
    rig_expect_later(&r, "bo",
                     "{'type':'error','re':4,'code':'bad_field','message':'message 3 is no "
                     "comment on card 1'}");
    rig_send(&r, "bo", "{'type':'history','id':5,'room':'#team','task':1}");
    rig_expect(&r, "bo", "{'type':'history.page',*'seq':6,*'seq':7,*}");
    finish(&r);
}

static void reactions_are_added_and_taken_back(void **state)
{
    (void)state;
    struct hub_rig r;
    start_anew(&r);
    rig_send(&r, "bo",
             "{'type':'message.react','id':11,'room':'#team','message':3,'emoji':'👍'}");
    rig_expect_later(&r, "ana",
                     "{'type':'message.reacted',*,'author':'bo',*,'message':3,'writer':'ana',"
                     "'emoji':'👍'}");
    rig_send(&r, "ana",
             "{'type':'message.react','id':11,'room':'#team','message':3,'emoji':':tada:'}");
    rig_send(&r, "ana",
             "{'type':'message.react','id':12,'room':'#team','message':3,'emoji':'👍'}");
    rig_send(&r, "bo",
             "{'type':'message.react','id':12,'room':'#team','message':3,'emoji':'👍',"
             "'gone':true}");
    rig_skip(&r, "ana");
    rig_send(&r, "ana", "{'type':'history','id':13,'room':'#team','limit':1,'before':4}");
    rig_expect(&r, "ana",
               "{'type':'history.page',*,'reactions':[{'emoji':':tada:','user':'ana','seq':6},"
               "{'emoji':'👍','user':'ana','seq':7}]}],'more':false}");
    finish(&r);
}

static void reactions_have_limits(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    for (int i = 0; i < EMOJIS_MAX; i++) {
        rig_send(&r, "bo",
                 "{'type':'message.react','id':%d,'room':'#team','message':3,'emoji':':e%d:'}",
                 10 + i, i);
        rig_expect_later(&r, "bo", "{'type':'ok',*}");
    }
    rig_send(&r, "ana",
             "{'type':'message.react','id':9,'room':'#team','message':3,'emoji':':more:'}");
    rig_expect_later(
        &r, "ana",
        "{'type':'error','re':9,'code':'limit','message':'a message has at most 20 "
        "different reactions'}");
    rig_send(&r, "ana",
             "{'type':'message.react','id':10,'room':'#team','message':3,'emoji':':e7:'}");
    rig_expect(&r, "ana", "{'type':'ok','re':10,*}");
    rig_send(&r, "bo",
             "{'type':'message.react','id':90,'room':'#team','message':3,'emoji':'no'}");
    rig_expect_later(&r, "bo", "{'type':'error','re':90,'code':'bad_field',*}");
    finish(&r);
}

/* By a store that holds as many already, as of a thousand people. */
static void reactions_of_all_people_have_a_limit(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    char name[32];
    for (int i = 0; i < REACTIONS_MAX; i++) {
        snprintf(name, sizeof name, "u%d", i);
        struct store_job *j = store_job_new(JOB_APPEND);
        struct msg m = {.type = MSG_MESSAGE_REACTED};
        m.event = (struct event_head){.room = STR("#team"),
                                      .seq = 5 + i,
                                      .time = RIG_NOW + 1000,
                                      .author = str_of(name),
                                      .client = STR("other123"),
                                      .id = 1};
        m.message_reacted.message = 3;
        m.message_reacted.writer = STR("ana");
        m.message_reacted.emoji = STR("👍");
        struct buf json = {0};
        codec_encode(&json, &m);
        j->append = (struct store_append){
            .room = STR("#team"),
            .seq = 5 + i,
            .type = m.type,
            .author = str_keep(&j->arena, str_of(name)),
            .client = STR("other123"),
            .id = 1,
            .time = RIG_NOW + 1000,
            .json = str_keep(&j->arena, buf_str(&json)),
            .effect = EFFECT_MESSAGE,
            .change = {.kind = CHANGE_REACTION, .message = 3, .emoji = STR("👍")},
        };
        r.store->write(r.store, &j, 1);
        assert_int_equal(j->err.code, ERR_NONE);
        store_job_free(j);
        buf_finish(&json);
    }
    rig_restart(&r);
    rig_join(&r, "ana");
    rig_send(&r, "ana",
             "{'type':'message.react','id':9,'room':'#team','message':3,'emoji':'👍'}");
    rig_expect(&r, "ana",
               "{'type':'error','re':9,'code':'limit','message':'a message has at most 1000 "
               "reactions'}");
    rig_send(&r, "ana", "{'type':'history','id':10,'room':'#team'}");
    rig_expect(&r, "ana", "{'type':'history.page',*'user':'u999',*'seq':4,*}");
    finish(&r);
}

static void pins_have_a_limit_and_stand_in_snapshots(void **state)
{
    (void)state;
    struct hub_rig r;
    start_anew(&r);
    rig_send(&r, "bo", "{'type':'message.pin','id':11,'room':'#team','message':3}");
    rig_expect_later(&r, "ana", "{'type':'message.pinned',*,'message':3,'writer':'ana'}");
    for (int i = 0; i < PINS_MAX; i++) {
        rig_send(&r, "ana", "{'type':'message.post','id':%d,'room':'#team','text':'x'}",
                 20 + 2 * i);
        rig_send(&r, "ana", "{'type':'message.pin','id':%d,'room':'#team','message':-%d}",
                 21 + 2 * i, 20 + 2 * i);
        rig_wait(&r, 100);
    }
    rig_expect_later(&r, "ana",
                     "{'type':'error',*,'code':'limit','message':'#team has 100 pinned "
                     "messages, more are not allowed: unpin one'}");
    rig_send(&r, "bo", "{'type':'message.pin','id':12,'room':'#team','message':3}");
    rig_expect_later(&r, "bo", "{'type':'ok','re':12,*}"); /* it is pinned already */
    rig_send(&r, "bo", "{'type':'message.pin','id':13,'room':'#team','message':6,'gone':true}");
    rig_send(&r, "bo", "{'type':'message.pin','id':14,'room':'#team','message':4}");
    rig_expect_later(&r, "bo", "{'type':'ok','re':14,*}");
    rig_join(&r, "bo/2");
    rig_send(&r, "bo/2", "{'type':'open','id':1,'room':'#team','since':0,'snapshot':true}");
    rig_expect_later(&r, "bo/2",
                     "{'type':'snapshot',*,'pins':[{'message':3,*,'author':'bo'},"
                     "{'message':4,*,'author':'bo'},{'message':8,*}");
    finish(&r);
}

static void what_is_no_message_is_not_found(void **state)
{
    (void)state;
    struct hub_rig r;
    start_anew(&r);
    static const char *const names[] = {"1", "2", "99", "9007199254740991", "-999"};
    for (int i = 0; i < (int)COUNT_OF(names); i++) {
        rig_send(&r, "ana",
                 "{'type':'message.react','id':%d,'room':'#team','message':%s,"
                 "'emoji':'👍'}",
                 20 + i, names[i]);
        rig_expect(&r, "ana", "{'type':'error',*,'code':'not_found',*}");
    }
    rig_send(&r, "ana", "{'type':'message.post','id':40,'room':'#team','text':'x','reply':2}");
    rig_expect(&r, "ana",
               "{'type':'error',*,'code':'not_found','message':'there is no message "
               "2 in #team'}");
    finish(&r);
}

/* All that a client did offline comes at once, in one go. */
static void message_is_named_by_the_request_that_said_it(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'message.post','id':5,'room':'#team','text':'helo'}");
    rig_send(&r, "ana",
             "{'type':'message.edit','id':6,'room':'#team','message':-5,"
             "'text':'hello'}");
    rig_send(&r, "ana",
             "{'type':'message.post','id':7,'room':'#team','text':'me too',"
             "'reply':-5}");
    rig_send(&r, "ana",
             "{'type':'message.react','id':8,'room':'#team','message':-7,"
             "'emoji':'👍'}");
    rig_send(&r, "ana", "{'type':'message.delete','id':9,'room':'#team','message':-7}");
    rig_release(&r);
    rig_wait(&r, 100);
    rig_send(&r, "bo", "{'type':'history','id':9,'room':'#team','after':4}");
    rig_expect_later(&r, "bo",
                     "{'type':'history.page',*,'messages':[{'seq':5,*,'text':'hello',*},"
                     "{'seq':7,*,'reply':5,'to':'ana','deleted':'ana'}],'more':false}");
    rig_restart(&r); /* and long afterwards, as the store remembers */
    rig_join(&r, "ana");
    rig_send(&r, "ana", "{'type':'message.pin','id':20,'room':'#team','message':-5}");
    rig_expect(&r, "ana", "{'type':'ok','re':20,*}");
    finish(&r);
}

static void failed_change_is_forgotten(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'message.delete','id':5,'room':'#team','message':3}");
    rig_fail_job(&r, JOB_APPEND);
    rig_expect_later(&r, "ana", "{'type':'error','re':5,'code':'store',*}");
    rig_release(&r);
    rig_send(&r, "ana",
             "{'type':'message.edit','id':6,'room':'#team','message':3,'text':'still here'}");
    rig_expect_later(&r, "ana", "{'type':'ok','re':6,*}");
    finish(&r);
}

static void message_that_cannot_be_read_is_refused_for_now(void **state)
{
    (void)state;
    struct hub_rig r;
    start_anew(&r);
    rig_send(&r, "ana", "{'type':'message.post','id':11,'room':'#team','text':'x'}");
    rig_expect_later(&r, "ana", "{'type':'ok','re':11,*}");
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'message.pin','id':12,'room':'#team','message':3}");
    if (r.jobs.n && r.jobs.v[0]->kind == JOB_ROOM)
        rig_run_jobs(&r, 1);
    rig_fail_job(&r, JOB_HISTORY);
    rig_expect_later(&r, "ana", "{'type':'error','re':12,'code':'store',*,'retry':true}");
    rig_release(&r);
    rig_send(&r, "ana", "{'type':'message.pin','id':13,'room':'#team','message':3}");
    rig_expect_later(&r, "ana", "{'type':'ok','re':13,*}");
    finish(&r);
}

/* The page was read, then the edit was stored and told, then the page comes back: who gets it
 * would never learn of the edit. */
static void page_is_not_older_than_what_was_told(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    rig_send(&r, "bo", "{'type':'history','id':5,'room':'#team'}");
    struct store_job *page = rig_take_job(&r, JOB_HISTORY);
    r.store->read(r.store, page);
    rig_send(&r, "ana",
             "{'type':'message.edit','id':5,'room':'#team','message':3,'text':'new'}");
    rig_run_jobs(&r, 1);
    rig_expect(&r, "bo", "{'type':'message.edited',*}");
    rig_give_job(&r, page);
    rig_expect_nothing(&r, "bo");
    rig_release(&r);
    rig_expect(&r, "bo", "{'type':'history.page','re':5,*'text':'new'*}");
    finish(&r);
}

static void observer_changes_nothing(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana",
             "{'type':'member.set','id':5,'room':'#team','user':'bo','role':'observer'}");
    rig_wait(&r, 100);
    rig_skip(&r, "bo");
    rig_send(&r, "bo", "{'type':'message.edit','id':6,'room':'#team','message':4,'text':'x'}");
    rig_expect(&r, "bo", "{'type':'error','re':6,'code':'forbidden',*}");
    rig_send(&r, "bo",
             "{'type':'message.react','id':7,'room':'#team','message':4,'emoji':'👍'}");
    rig_expect(&r, "bo", "{'type':'error','re':7,'code':'forbidden',*}");
    finish(&r);
}

static void page_is_of_one_kind(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'history','id':5,'room':'#team','reply':3,'pinned':true}");
    rig_expect(&r, "ana", "{'type':'error','re':5,'code':'bad_field',*}");
    rig_send(&r, "ana", "{'type':'history','id':6,'room':'#team','before':3,'after':1}");
    rig_expect(&r, "ana", "{'type':'error','re':6,'code':'bad_field',*}");
    rig_send(&r, "ana", "{'type':'history','id':7,'room':'#team','around':3,'time':1}");
    rig_expect(&r, "ana", "{'type':'error','re':7,'code':'bad_field',*}");
    finish(&r);
}

/* More than are remembered: each has to be read again, and none is taken for another. */
static void any_number_of_messages_may_be_changed(void **state)
{
    (void)state;
    enum { MANY = 1500 };
    struct hub_rig r;
    start(&r);
    for (int i = 0; i < MANY; i++) {
        rig_send(&r, i % 2 ? "ana" : "bo",
                 "{'type':'message.post','id':%d,'room':'#team','text':'t'}", 100 + i);
        rig_wait(&r, 20);
    }
    for (int i = 0; i < MANY; i += 100) {
        rig_skip(&r, "ana");
        rig_send(&r, "ana",
                 "{'type':'message.edit','id':%d,'room':'#team','message':%d,'text':'x'}",
                 10000 + i, 6 + i);
        rig_wait(&r, 100);
        rig_expect_later(&r, "ana", "{'type':'ok',*}");
    }
    finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(author_edits_and_everybody_sees_it),
        cmocka_unit_test(nobody_edits_what_another_wrote),
        cmocka_unit_test(owner_deletes_others_and_a_member_does_not),
        cmocka_unit_test(deleted_message_is_left_alone),
        cmocka_unit_test(answer_to_an_answer_answers_its_root),
        cmocka_unit_test(answer_to_a_comment_is_on_its_card),
        cmocka_unit_test(reactions_are_added_and_taken_back),
        cmocka_unit_test(reactions_have_limits),
        cmocka_unit_test(reactions_of_all_people_have_a_limit),
        cmocka_unit_test(pins_have_a_limit_and_stand_in_snapshots),
        cmocka_unit_test(what_is_no_message_is_not_found),
        cmocka_unit_test(message_is_named_by_the_request_that_said_it),
        cmocka_unit_test(failed_change_is_forgotten),
        cmocka_unit_test(message_that_cannot_be_read_is_refused_for_now),
        cmocka_unit_test(page_is_not_older_than_what_was_told),
        cmocka_unit_test(observer_changes_nothing),
        cmocka_unit_test(page_is_of_one_kind),
        cmocka_unit_test(any_number_of_messages_may_be_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
