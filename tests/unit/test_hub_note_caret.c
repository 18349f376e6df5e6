/* Carets: passing states that edits move. */
#include "hub_rig.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Ana and Bo in the lobby, with note 1 that says "one two". */
static void start(struct hub_rig *r)
{
    rig_start(r);
    rig_enter(r, "ana", "#lobby");
    rig_enter(r, "bo", "#lobby");
    rig_send(r, "ana", "{'type':'note.create','id':1,'room':'#lobby','name':'Plan'}");
    rig_send(r, "ana",
             "{'type':'note.edit','id':2,'room':'#lobby','note':1,'base':0,'op':['one two']}");
    rig_wait(r, 100);
    rig_skip(r, "ana");
    rig_skip(r, "bo");
}

static void caret(struct hub_rig *r, const char *who, int version, int pos, int anchor)
{
    rig_send(r, who,
             "{'type':'note.caret','room':'#lobby','note':1,'version':%d,'caret':%d,"
             "'anchor':%d}",
             version, pos, anchor);
}

static void edit(struct hub_rig *r, const char *who, int id, int base, const char *op)
{
    rig_send(r, who, "{'type':'note.edit','id':%d,'room':'#lobby','note':1,'base':%d,'op':%s}",
             id, base, op);
}

static void a_caret_is_told_to_the_others_and_ends_with_its_connection(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    caret(&r, "ana", 1, 3, 0);
    rig_wait(&r, 10);
    rig_expect(&r, "bo",
               "{'type':'note.caret','room':'#lobby','user':'ana','session':*,"
               "'client':'clientana','note':1,'version':1,'caret':3}");
    caret(&r, "ana", 1, 3, 0); /* nothing new */
    rig_wait(&r, 100);
    rig_expect_nothing(&r, "bo");
    rig_cut(&r, "ana");
    rig_wait(&r, 10);
    rig_expect(&r, "bo", "{'type':'note.caret',*'user':'ana','session':*,'note':0}");
    rig_finish(&r);
}

static void leaving_a_text_is_told(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    caret(&r, "ana", 1, 3, 3);
    rig_wait(&r, 100);
    rig_skip(&r, "bo");
    rig_send(&r, "ana", "{'type':'note.caret','room':'#lobby','note':0}");
    rig_wait(&r, 10);
    rig_expect(&r, "bo", "{'type':'note.caret',*'note':0*}");
    rig_cut(&r, "ana");
    rig_wait(&r, 10);
    rig_expect(&r, "bo", "{'type':'presence',*'user':'ana',*}");
    rig_finish(&r);
}

static void carets_are_thinned_and_the_newest_wins(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    for (int ms = 0; ms < 1000; ms += 5) {
        caret(&r, "ana", 1, ms / 200, ms % 8);
        rig_wait(&r, 5);
    }
    assert_in_range(rig_unread(&r, "bo"), 15, 25);
    rig_skip(&r, "bo");
    caret(&r, "ana", 1, 1, 1);
    caret(&r, "ana", 1, 7, 7);
    rig_wait(&r, 100);
    rig_expect(&r, "bo", "{'type':'note.caret',*'caret':7,'anchor':7}");
    rig_expect_nothing(&r, "bo");
    rig_finish(&r);
}

static void who_comes_later_is_told_where_carets_are_by_now(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    caret(&r, "ana", 1, 3, 7);
    caret(&r, "bo", 1, 0, 0);
    rig_wait(&r, 100);
    edit(&r, "bo", 10, 1, "['zero ']"); /* Bo's caret goes behind it, Ana's five further */
    edit(&r, "bo", 11, 2, "[4,'s',4,{'d':1}]"); /* behind what is inserted last */
    rig_join(&r, "cleo");
    rig_send(&r, "cleo", "{'type':'open','id':1,'room':'#lobby','since':-1}");
    rig_expect_later(&r, "cleo",
                     "{'type':'note.caret',*'user':'ana',*'version':3,'caret':9,'anchor':12}");
    rig_expect(&r, "cleo",
               "{'type':'note.caret',*'user':'bo',*'version':3,'caret':5,'anchor':5}");
    rig_finish(&r);
}

/* Who has it shown need not know what was done before that version. */
static void a_caret_of_an_older_version_is_told_as_it_is_by_now(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    edit(&r, "bo", 10, 1, "['zero ']");
    edit(&r, "bo", 11, 2, "[4,'s',4,{'d':1}]");
    rig_wait(&r, 100);
    rig_skip(&r, "bo");
    caret(&r, "ana", 1, 3, 7);
    rig_wait(&r, 100);
    rig_expect(&r, "bo", "{'type':'note.caret',*'version':3,'caret':9,'anchor':12}");
    caret(&r, "ana", 3, 1, 1);
    rig_expect_nothing(&r, "bo"); /* it is not due */
    edit(&r, "bo", 12, 3, "['now: ']");
    rig_expect_later(&r, "bo", "{'type':'note.edited',*'version':4,*}");
    rig_wait(&r, 100);
    rig_expect(&r, "bo", "{'type':'note.caret',*'version':4,'caret':6,'anchor':6}");
    rig_finish(&r);
}

static void who_opens_the_text_is_told_again(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    caret(&r, "ana", 1, 7, 7);
    rig_wait(&r, 100);
    edit(&r, "ana", 10, 1, "[{'d':4}]");
    edit(&r, "ana", 11, 2, "[]"); /* does nothing, and moves nothing */
    rig_skip(&r, "bo");
    rig_send(&r, "bo", "{'type':'note.open','id':5,'room':'#lobby','note':1}");
    rig_expect(&r, "bo", "{'type':'note.text','re':5,*}");
    rig_expect(&r, "bo", "{'type':'note.caret',*'user':'ana',*'note':1,'version':3}");
    rig_expect_nothing(&r, "bo");
    rig_send(&r, "bo", "{'type':'note.open','id':6,'room':'#lobby','note':1,'since':3}");
    rig_expect(&r, "bo", "{'type':'note.changes','re':6,*}");
    rig_expect(&r, "bo", "{'type':'note.caret',*'user':'ana',*'version':3}");
    rig_finish(&r);
}

static void a_caret_where_nothing_can_be_is_refused(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    caret(&r, "ana", 77, 0, 0);
    rig_expect(&r, "ana",
               "{'type':'error','code':'bad_field','message':'version: 77 is in the future, "
               "the text is at version 1'}");
    caret(&r, "ana", 1, 8, 0);
    rig_expect(&r, "ana",
               "{'type':'error','code':'bad_field','message':'caret: 8 is behind the end, the "
               "text has 7 code points at version 1'}");
    caret(&r, "ana", 1, 0, 8);
    rig_expect(&r, "ana", "{'type':'error','code':'bad_field','message':'anchor: 8 *'}");
    caret(&r, "ana", 0, 1, 0);
    rig_expect(&r, "ana", "{'type':'error','code':'bad_field','message':'caret: 1 *'}");
    rig_send(&r, "ana",
             "{'type':'note.caret','room':'#lobby','note':99,'version':0,'caret':0}");
    rig_expect(&r, "ana", "{'type':'error','code':'not_found','message':'*99*#lobby*'}");
    rig_wait(&r, 100);
    rig_expect_nothing(&r, "bo");
    caret(&r, "ana", 1, 7, 7);
    rig_wait(&r, 100);
    rig_expect(&r, "bo", "{'type':'note.caret',*'caret':7,'anchor':7}");
    rig_finish(&r);
}

static void what_is_no_caret_is_refused(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"'room':'#lobby','note':1,'version':1,'caret':-1,'anchor':0", "bad_field"},
        {"'room':'#lobby','note':1,'version':1,'caret':2097153,'anchor':0", "bad_field"},
        {"'room':'#lobby','note':1,'version':-1,'caret':0,'anchor':0", "bad_field"},
        {"'room':'#lobby','note':1,'user':'bo'", "bad_field"},
        {"'room':'#lobby'", "bad_field"},
        {"'room':'#none','note':1", "not_found"},
    };
    struct hub_rig r;
    start(&r);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char expected[80];
        rig_send(&r, "ana", "{'type':'note.caret',%s}", rows[i][0]);
        snprintf(expected, sizeof expected, "{'type':'error','code':'%s',*}", rows[i][1]);
        rig_expect(&r, "ana", expected);
    }
    rig_send(&r, "ana", "{'type':'close','id':8,'room':'#lobby'}");
    rig_skip(&r, "ana");
    caret(&r, "ana", 1, 1, 1);
    rig_expect(&r, "ana", "{'type':'error','code':'not_found','message':'#lobby is not open'}");
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_caret_is_told_to_the_others_and_ends_with_its_connection),
        cmocka_unit_test(leaving_a_text_is_told),
        cmocka_unit_test(carets_are_thinned_and_the_newest_wins),
        cmocka_unit_test(who_comes_later_is_told_where_carets_are_by_now),
        cmocka_unit_test(a_caret_of_an_older_version_is_told_as_it_is_by_now),
        cmocka_unit_test(who_opens_the_text_is_told_again),
        cmocka_unit_test(a_caret_where_nothing_can_be_is_refused),
        cmocka_unit_test(what_is_no_caret_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
