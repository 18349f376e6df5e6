/* Opening a text: whole, or what was missed of it; and what it was before. */
#include "hub_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Ana and Bo in the lobby, with the empty note 1. */
static void start(struct hub_rig *r)
{
    rig_start(r);
    rig_enter(r, "ana", "#lobby");
    rig_enter(r, "bo", "#lobby");
    rig_send(r, "ana", "{'type':'note.create','id':1,'room':'#lobby','name':'Plan'}");
    rig_wait(r, 100);
    rig_skip(r, "ana");
    rig_skip(r, "bo");
}

static void edit(struct hub_rig *r, const char *who, int id, int base, const char *op)
{
    rig_send(r, who, "{'type':'note.edit','id':%d,'room':'#lobby','note':1,'base':%d,'op':%s}",
             id, base, op);
}

static void ask(struct hub_rig *r, const char *who, const char *rest)
{
    rig_skip(r, who);
    rig_send(r, who, "{'id':7000,'room':'#lobby','note':1,%s}", rest);
}

/* One, two, three, four by Ana, Bo, Ana, Bo; the text is "four three two one ". */
static void four_edits(struct hub_rig *r)
{
    edit(r, "ana", 10, 0, "['one ']");
    rig_wait(r, 1000);
    edit(r, "bo", 10, 1, "['two ']");
    rig_wait(r, 1000);
    edit(r, "ana", 11, 2, "['three ']");
    rig_wait(r, 1000);
    edit(r, "bo", 11, 3, "['four ']");
}

/* ---- what was missed ---- */

static void what_was_missed_comes_as_one_operation(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    four_edits(&r);
    ask(&r, "ana", "'type':'note.open','since':1");
    rig_expect(&r, "ana",
               "{'type':'note.changes','re':7000,'room':'#lobby','note':1,'from':1,'to':4,"
               "'op':['four three two '],'more':false}");
    rig_expect_nothing(&r, "ana");
    ask(&r, "ana", "'type':'note.open','since':4");
    rig_expect(&r, "ana", "{'type':'note.changes',*'from':4,'to':4,'op':[],'more':false}");
    rig_expect_nothing(&r, "ana");
    rig_finish(&r);
}

static void what_lies_before_the_own_edit_comes_singly(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    four_edits(&r);
    ask(&r, "ana", "'type':'note.open','since':0,'flight':11");
    rig_expect(&r, "ana", "{'type':'note.changes',*'from':0,'to':1,'op':['one '],'more':true}");
    rig_expect(&r, "ana", "{'type':'note.changes',*'from':1,'to':2,'op':['two '],'more':true}");
    rig_expect(&r, "ana",
               "{'type':'note.changes',*'from':2,'to':3,'flight':11,'op':['three '],"
               "'more':true}");
    rig_expect(&r, "ana",
               "{'type':'note.changes',*'from':3,'to':4,'op':['four '],'more':false}");
    rig_expect_nothing(&r, "ana");
    rig_finish(&r);
}

static void an_edit_that_was_never_committed_is_not_among_them(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    four_edits(&r);
    ask(&r, "bo", "'type':'note.open','since':2,'flight':12");
    rig_expect(&r, "bo",
               "{'type':'note.changes',*'from':2,'to':4,'op':['four three '],'more':false}");
    rig_expect_nothing(&r, "bo");
    ask(&r, "ana", "'type':'note.open','since':4,'flight':12");
    rig_expect(&r, "ana", "{'type':'note.changes',*'from':4,'to':4,'op':[],'more':false}");
    rig_finish(&r);
}

static void an_id_of_another_text_is_not_meant(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    four_edits(&r);
    rig_send(&r, "ana", "{'type':'note.create','id':20,'room':'#lobby','name':'Other'}");
    rig_send(&r, "ana",
             "{'type':'note.edit','id':21,'room':'#lobby','note':2,'base':0,'op':['x']}");
    ask(&r, "ana", "'type':'note.open','since':2,'flight':21");
    rig_expect(&r, "ana", "{'type':'note.changes',*'from':2,'to':4,*,'more':false}");
    rig_finish(&r);
}

static void own_edits_under_way_are_waited_for(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    four_edits(&r);
    r.hold_store = true;
    edit(&r, "ana", 12, 4, "['five ']");
    rig_cut(&r, "ana");
    rig_join(&r, "ana");
    ask(&r, "ana", "'type':'note.open','since':4,'flight':12");
    rig_expect_nothing(&r, "ana");
    rig_release(&r);
    rig_expect(&r, "ana", "{'type':'ok','re':12,*}");
    rig_expect(&r, "ana",
               "{'type':'note.changes',*'from':4,'to':5,'flight':12,'op':['five '],"
               "'more':false}");
    rig_finish(&r);
}

static void own_edits_that_fail_are_waited_for(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    four_edits(&r);
    r.hold_store = true;
    edit(&r, "bo", 12, 4, "['five ']");
    edit(&r, "ana", 12, 4, "['six ']");
    rig_cut(&r, "ana");
    rig_join(&r, "ana");
    ask(&r, "ana", "'type':'note.open','since':4,'flight':12");
    store_mem_break(r.store, ERR_STORE_FULL);
    rig_run_jobs(&r, 1);
    store_mem_break(r.store, ERR_NONE);
    /* The room is read again, while the edit that was given up is still with the store. */
    struct store_job *room = rig_take_job(&r, JOB_ROOM);
    r.store->read(r.store, room);
    rig_give_job(&r, room);
    rig_expect(&r, "ana", "{'type':'error','re':12,'code':'store_full',*}");
    rig_expect_nothing(&r, "ana");
    rig_release(&r);
    rig_expect(&r, "ana", "{'type':'note.changes',*'from':4,'to':4,'op':[],'more':false}");
    rig_finish(&r);
}

/* More than a page; whoever reads slowly is not flooded. */
static void a_long_absence_comes_in_runs_as_they_are_read(void **state)
{
    (void)state;
    enum { EDITS = 5000 };
    struct hub_rig r;
    start(&r);
    for (int v = 0; v < EDITS; v++) {
        edit(&r, "ana", 10 + v, v, "['x']");
        if (v % 100 == 0)
            rig_wait(&r, 1000);
    }
    ask(&r, "bo", "'type':'note.open','since':0");
    rig_expect(&r, "bo",
               "{'type':'note.changes',*'from':0,'to':2048,'op':['x*x'],'more':true}");
    rig_expect(&r, "bo", "{'type':'note.changes',*'from':2048,'to':4096,*,'more':true}");
    rig_expect(&r, "bo", "{'type':'note.changes',*'from':4096,'to':5000,*,'more':false}");
    rig_expect_nothing(&r, "bo");
    rig_finish(&r);
}

/* ---- the whole ---- */

static char *many(const char *piece, size_t n)
{
    size_t len = strlen(piece);
    char *s = malloc(n * len + 1);
    assert_non_null(s);
    for (size_t i = 0; i < n; i++)
        memcpy(s + i * len, piece, len);
    s[n * len] = '\0';
    return s;
}

static void a_store_that_was_put_back_gives_the_whole_text(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    four_edits(&r);
    ask(&r, "ana", "'type':'note.open','since':5,'flight':99");
    rig_expect(&r, "ana",
               "{'type':'note.text','re':7000,'room':'#lobby','note':1,'version':4,'time':*,"
               "'part':0,'more':false,'text':'four three two one '}");
    rig_expect_nothing(&r, "ana");
    rig_finish(&r);
}

static void a_long_text_comes_in_parts_as_they_are_read(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    char *euros = many("€", 30000); /* 90000 bytes; parts end between characters */
    for (int v = 0; v < 6; v++)
        rig_send(&r, "ana",
                 "{'type':'note.edit','id':%d,'room':'#lobby','note':1,'base':%d,'op':['%s']}",
                 10 + v, v, euros);
    free(euros);
    r.hold_pauses = true;
    ask(&r, "bo", "'type':'note.open'");
    rig_expect(&r, "bo",
               "{'type':'note.text',*'version':6,*'part':0,'more':true,'text':'€*€'}");
    rig_expect(&r, "bo",
               "{'type':'note.text',*'version':6,*'part':1,'more':true,'text':'€*€'}");
    rig_expect_nothing(&r, "bo");
    edit(&r, "ana", 20, 6, "['x']"); /* what is sent already must go on with the same text */
    rig_expect(&r, "bo", "{'type':'note.edited',*'version':7,*}");
    rig_readable(&r, "bo");
    rig_expect(&r, "bo",
               "{'type':'note.text',*'version':6,*'part':2,'more':true,'text':'€*€'}");
    rig_expect(&r, "bo",
               "{'type':'note.text',*'version':6,*'part':3,'more':true,'text':'€*€'}");
    rig_expect_nothing(&r, "bo");
    rig_readable(&r, "bo");
    rig_expect(&r, "bo",
               "{'type':'note.text',*'version':6,*'part':4,'more':false,'text':'€*€'}");
    rig_expect_nothing(&r, "bo");
    rig_finish(&r);
}

static void questions_are_answered_one_after_the_other(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    char *text = many("x", 90000);
    for (int v = 0; v < 6; v++)
        rig_send(&r, "ana",
                 "{'type':'note.edit','id':%d,'room':'#lobby','note':1,'base':%d,'op':['%s']}",
                 10 + v, v, text);
    free(text);
    r.hold_pauses = true;
    rig_skip(&r, "bo");
    for (int id = 1; id <= QUESTIONS_MAX + 1; id++)
        rig_send(&r, "bo", "{'type':'note.open','id':%d,'room':'#lobby','note':1}", id);
    rig_expect_later(&r, "bo", "{'type':'error','re':65,'code':'busy',*}");
    rig_expect_nothing(&r, "bo");
    rig_skip(&r, "bo");
    r.hold_pauses = false;
    rig_readable(&r, "bo");
    for (int id = 2; id <= QUESTIONS_MAX; id++) {
        char expected[80];
        snprintf(expected, sizeof expected, "{'type':'note.text','re':%d,*'more':false,*}", id);
        rig_expect_later(&r, "bo", expected);
    }
    rig_finish(&r);
}

static void who_is_put_out_of_the_room_hears_no_more_of_its_texts(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    char *text = many("x", 90000);
    rig_send(&r, "ana", "{'type':'room.create','id':2,'room':'#team','public':false}");
    rig_send(&r, "ana",
             "{'type':'member.set','id':3,'room':'#team','user':'bo','role':'member'}");
    rig_send(&r, "ana", "{'type':'note.create','id':4,'room':'#team','name':'Plan'}");
    for (int v = 0; v < 6; v++)
        rig_send(&r, "ana",
                 "{'type':'note.edit','id':%d,'room':'#team','note':1,'base':%d,'op':['%s']}",
                 10 + v, v, text);
    free(text);
    r.hold_pauses = true;
    rig_skip(&r, "bo");
    rig_send(&r, "bo", "{'type':'note.open','id':1,'room':'#team','note':1}");
    rig_expect_later(&r, "bo", "{'type':'note.text',*'part':1,'more':true,*}");
    rig_send(&r, "ana",
             "{'type':'member.set','id':20,'room':'#team','user':'bo','role':'none'}");
    rig_skip(&r, "bo");
    rig_readable(&r, "bo");
    rig_expect(&r, "bo", "{'type':'error','re':1,'code':'not_found',*}");
    rig_expect_nothing(&r, "bo");
    rig_finish(&r);
}

/* ---- the past ---- */

static void a_text_can_be_had_as_it_was(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"'version':0", "'version':0,'part':0,'more':false,'text':''"},
        {"'version':2", "'version':2,'time':1001105,'part':0,'more':false,'text':'two one '"},
        {"'version':4", "'version':4,*'text':'four three two one '"},
        {"'version':-1", "'version':4,*'text':'four three two one '"},
        {"'time':1000000", "'version':0,'part':0,'more':false,'text':''"},
        {"'time':1002104", "'version':2,*'text':'two one '"},
        {"'time':1002105", "'version':3,*'text':'three two one '"},
        {"'time':9007199254740991", "'version':4,*'text':'four three two one '"},
    };
    struct hub_rig r;
    start(&r);
    r.now = RIG_NOW + 105;
    four_edits(&r);
    for (int open = 0; open < 2; open++) {
        for (size_t i = 0; i < COUNT_OF(rows); i++) {
            char question[100], expected[200];
            snprintf(question, sizeof question, "'type':'note.at',%s", rows[i][0]);
            snprintf(expected, sizeof expected,
                     "{'type':'note.text','re':7000,'room':'#lobby','note':1,%s}", rows[i][1]);
            ask(&r, "bo", question);
            rig_expect(&r, "bo", expected);
            rig_expect_nothing(&r, "bo");
        }
        ask(&r, "bo", "'type':'note.at','version':2,'time':5");
        rig_expect(&r, "bo",
                   "{'type':'error','re':7000,'code':'bad_field','message':'time:*'}");
        ask(&r, "bo", "'type':'note.at','version':5");
        rig_expect(&r, "bo", "{'type':'error','re':7000,'code':'not_found','message':'*5*4'}");
        rig_restart(&r); /* and once more, with nothing in memory */
        rig_enter(&r, "bo", "#lobby");
    }
    rig_finish(&r);
}

static void the_log_of_a_text_comes_in_pages(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    ask(&r, "bo", "'type':'note.log'");
    rig_expect(&r, "bo",
               "{'type':'note.versions','re':7000,'room':'#lobby','note':1,'versions':[],"
               "'more':false}");
    four_edits(&r);
    ask(&r, "bo", "'type':'note.log','limit':2");
    rig_expect(&r, "bo",
               "{'type':'note.versions',*'versions':[{'version':3,'time':*,'author':'ana',"
               "'op':['three ']},{'version':4,'time':*,'author':'bo','op':['four ']}],"
               "'more':true}");
    ask(&r, "bo", "'type':'note.log','limit':2,'before':3");
    rig_expect(&r, "bo",
               "{'type':'note.versions',*'versions':[{'version':1,*},{'version':2,*}],"
               "'more':false}");
    ask(&r, "bo", "'type':'note.log','before':1");
    rig_expect(&r, "bo", "{'type':'note.versions',*'versions':[],'more':false}");
    rig_finish(&r);
}

static void everybody_is_named_for_what_they_wrote(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    ask(&r, "bo", "'type':'note.blame'");
    rig_expect(&r, "bo",
               "{'type':'note.runs','re':7000,'room':'#lobby','note':1,'version':0,'part':0,"
               "'more':false,'runs':[]}");
    four_edits(&r);
    for (int again = 0; again < 2; again++) {
        ask(&r, "bo", "'type':'note.blame'");
        rig_expect(&r, "bo",
                   "{'type':'note.runs',*'version':4,'part':0,'more':false,'runs':["
                   "{'author':'bo','version':4,'time':*,'chars':5},"
                   "{'author':'ana','version':3,'time':*,'chars':6},"
                   "{'author':'bo','version':2,'time':*,'chars':4},"
                   "{'author':'ana','version':1,'time':*,'chars':4}]}");
        rig_restart(&r);
        rig_enter(&r, "bo", "#lobby");
    }
    rig_finish(&r);
}

/* An operation that puts a letter behind each of so many. */
static void stitches(struct buf *out, int n)
{
    while (n-- > 0)
        buf_fmt(out, "%s1,'y'%s", out->n ? "," : "[", n ? "" : "]");
}

static void many_runs_come_in_parts_of_one_version(void **state)
{
    (void)state;
    struct hub_rig r;
    struct buf x = {0}, op = {0};
    start(&r);
    for (int i = 0; i < 10000; i++)
        buf_add_c(&x, 'x');
    stitches(&op, 5000);
    rig_send(&r, "bo",
             "{'type':'note.edit','id':9,'room':'#lobby','note':1,'base':0,'op':['%s']}",
             buf_cstr(&x));
    edit(&r, "ana", 9, 1, buf_cstr(&op));
    r.hold_pauses = true;
    rig_skip(&r, "bo");
    ask(&r, "bo", "'type':'note.blame'");
    rig_expect(&r, "bo", "{'type':'note.runs',*'version':2,'part':0,'more':true,*");
    rig_expect(&r, "bo", "{'type':'note.runs',*'version':2,'part':1,'more':true,*");
    rig_expect_nothing(&r, "bo");
    edit(&r, "ana", 10, 2, "[{'d':15000}]");
    rig_expect(&r, "bo", "{'type':'note.edited',*");
    rig_readable(&r, "bo");
    rig_expect(&r, "bo", "{'type':'note.runs',*'version':2,'part':2,'more':false,*");
    ask(&r, "bo", "'type':'note.blame'");
    rig_expect(&r, "bo", "{'type':'note.runs',*'version':3,'part':0,'more':false,'runs':[]}");
    buf_finish(&x);
    buf_finish(&op);
    rig_finish(&r);
}

static void what_is_no_text_cannot_be_asked_for(void **state)
{
    (void)state;
    static const char *const types[] = {"note.open", "note.at", "note.log", "note.blame"};
    static const char *const rows[][2] = {
        {"7", "not_found"}, {"-7", "not_found"}, {"0", "bad_field"}, {"'1'", "bad_field"}};
    struct hub_rig r;
    start(&r);
    for (size_t i = 0; i < COUNT_OF(types) * COUNT_OF(rows); i++) {
        const char *const *row = rows[i / COUNT_OF(types)];
        char expected[80];
        snprintf(expected, sizeof expected, "{'type':'error',*'code':'%s',*}", row[1]);
        rig_send(&r, "bo", "{'type':'%s','id':5,'room':'#lobby','note':%s}",
                 types[i % COUNT_OF(types)], row[0]);
        rig_expect(&r, "bo", expected);
        rig_expect_nothing(&r, "bo");
    }
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_missed_comes_as_one_operation),
        cmocka_unit_test(what_lies_before_the_own_edit_comes_singly),
        cmocka_unit_test(an_edit_that_was_never_committed_is_not_among_them),
        cmocka_unit_test(an_id_of_another_text_is_not_meant),
        cmocka_unit_test(own_edits_under_way_are_waited_for),
        cmocka_unit_test(own_edits_that_fail_are_waited_for),
        cmocka_unit_test(a_long_absence_comes_in_runs_as_they_are_read),
        cmocka_unit_test(a_store_that_was_put_back_gives_the_whole_text),
        cmocka_unit_test(a_long_text_comes_in_parts_as_they_are_read),
        cmocka_unit_test(questions_are_answered_one_after_the_other),
        cmocka_unit_test(who_is_put_out_of_the_room_hears_no_more_of_its_texts),
        cmocka_unit_test(a_text_can_be_had_as_it_was),
        cmocka_unit_test(the_log_of_a_text_comes_in_pages),
        cmocka_unit_test(everybody_is_named_for_what_they_wrote),
        cmocka_unit_test(many_runs_come_in_parts_of_one_version),
        cmocka_unit_test(what_is_no_text_cannot_be_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
