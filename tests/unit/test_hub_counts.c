/* Boxes of descriptions and comments, counted card by card. */
#include "hub_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Ana in the lobby, with card 1 and note 2. */
static void start(struct hub_rig *r)
{
    rig_start(r);
    rig_enter(r, "ana", "#lobby");
    rig_send(r, "ana", "{'type':'task.add','id':1,'room':'#lobby','title':'one'}");
    rig_send(r, "ana", "{'type':'note.create','id':2,'room':'#lobby','name':'Plan'}");
    rig_wait(r, 100);
    rig_skip(r, "ana");
}

static void edit(struct hub_rig *r, int id, int note, int base, const char *op)
{
    rig_send(r, "ana",
             "{'type':'note.edit','id':%d,'room':'#lobby','note':%d,'base':%d,'op':%s}", id,
             note, base, op);
}

/* Who comes by a snapshot sees it of card 1. */
static void expect_in_snapshot(struct hub_rig *r, const char *pattern)
{
    rig_join(r, "bo");
    rig_send(r, "bo", "{'type':'open','id':1,'room':'#lobby','since':0,'snapshot':true}");
    rig_expect_later(r, "bo", pattern);
    rig_cut(r, "bo");
}

static void an_edit_of_a_description_says_how_many_boxes_there_are(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    edit(&r, 10, 1, 0, "['- [ ] a\\n- [x] b\\n']");
    rig_expect_later(&r, "ana", "{'type':'note.edited',*'version':1,*'done':1,'boxes':2}");
    edit(&r, 11, 1, 1, "[3,'x',{'d':1}]");
    rig_expect_later(&r, "ana", "{'type':'note.edited',*'version':2,*'done':2,'boxes':2}");
    edit(&r, 12, 1, 2, "['no list\\n',{'d':16}]");
    rig_expect_later(&r, "ana",
                     "{'type':'note.edited',*'version':3,'op':['no list\\n',{'d':16}]}");
    rig_finish(&r);
}

static void a_note_counts_nothing(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    edit(&r, 10, 2, 0, "['- [ ] a']");
    rig_expect_later(&r, "ana", "{'type':'note.edited',*'version':1,'op':['- [ ] a']}");
    rig_finish(&r);
}

/* The text in memory is behind those that are under way. */
static void edits_that_are_not_stored_yet_are_counted_too(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    edit(&r, 10, 1, 0, "['- [ ] a\\n']");
    rig_wait(&r, 10);
    rig_skip(&r, "ana");
    r.hold_store = true;
    edit(&r, 11, 1, 1, "['- [ ] b\\n']");
    edit(&r, 12, 1, 2, "['- [x] c\\n']");
    rig_release(&r);
    rig_expect_later(&r, "ana", "{'type':'note.edited',*'version':2,*'boxes':2}");
    rig_expect_later(&r, "ana", "{'type':'note.edited',*'version':3,*'done':1,'boxes':3}");
    rig_finish(&r);
}

static void a_snapshot_has_them_also_after_a_restart(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    edit(&r, 10, 1, 0, "['- [ ] a\\n- [x] b\\n']");
    rig_send(&r, "ana", "{'type':'message.post','id':11,'room':'#lobby','text':'x','task':1}");
    rig_send(&r, "ana", "{'type':'message.post','id':12,'room':'#lobby','text':'y','task':1}");
    rig_send(&r, "ana", "{'type':'message.post','id':13,'room':'#lobby','text':'no comment'}");
    rig_wait(&r, 100);
    const char *counts =
        "{'type':'snapshot',*'version':1,'done':1,'boxes':2,'comments':2,'changed':7}*";
    expect_in_snapshot(&r, counts);
    rig_restart(&r);
    expect_in_snapshot(&r, counts);
    rig_finish(&r);
}

static void a_deleted_comment_counts_no_more(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'message.post','id':11,'room':'#lobby','text':'x','task':1}");
    rig_send(&r, "ana", "{'type':'message.post','id':12,'room':'#lobby','text':'y','task':1}");
    rig_wait(&r, 100);
    rig_send(&r, "ana", "{'type':'message.delete','id':13,'room':'#lobby','message':6}");
    rig_wait(&r, 100);
    expect_in_snapshot(&r, "{'type':'snapshot',*'key':*'comments':1,*}*");
    rig_restart(&r);
    expect_in_snapshot(&r, "{'type':'snapshot',*'key':*'comments':1,*}*");
    rig_finish(&r);
}

static void a_card_that_comes_back_brings_them(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    edit(&r, 10, 1, 0, "['- [ ] a']");
    rig_send(&r, "ana", "{'type':'message.post','id':11,'room':'#lobby','text':'x','task':1}");
    rig_send(&r, "ana", "{'type':'task.archive','id':12,'room':'#lobby','task':1}");
    rig_send(&r, "ana", "{'type':'task.restore','id':13,'room':'#lobby','task':1}");
    rig_expect_later(&r, "ana", "{'type':'task.restored',*'version':1,'boxes':1,'comments':1}");
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_edit_of_a_description_says_how_many_boxes_there_are),
        cmocka_unit_test(a_note_counts_nothing),
        cmocka_unit_test(edits_that_are_not_stored_yet_are_counted_too),
        cmocka_unit_test(a_snapshot_has_them_also_after_a_restart),
        cmocka_unit_test(a_deleted_comment_counts_no_more),
        cmocka_unit_test(a_card_that_comes_back_brings_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
