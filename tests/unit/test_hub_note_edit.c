/* Edits of texts: each is moved past what came before it, committed once, and told to all. */
#include "hub_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Ana and Bo in the lobby, with the empty note 1 and the card 2. */
static void start(struct hub_rig *r)
{
    rig_start(r);
    rig_enter(r, "ana", "#lobby");
    rig_enter(r, "bo", "#lobby");
    rig_send(r, "ana", "{'type':'note.create','id':1,'room':'#lobby','name':'Plan'}");
    rig_send(r, "ana", "{'type':'task.add','id':2,'room':'#lobby','title':'one'}");
    rig_wait(r, 100);
    rig_skip(r, "ana");
    rig_skip(r, "bo");
}

static void edit(struct hub_rig *r, const char *who, int id, int base, const char *op)
{
    rig_send(r, who, "{'type':'note.edit','id':%d,'room':'#lobby','note':1,'base':%d,'op':%s}",
             id, base, op);
}

static void expect_text(struct hub_rig *r, int version, const char *text)
{
    char expected[200];
    snprintf(expected, sizeof expected,
             "{'type':'note.text','re':7777,'room':'#lobby','note':1,'version':%d,*'part':0,"
             "'more':false,'text':'%s'}",
             version, text);
    rig_skip(r, "bo");
    rig_send(r, "bo", "{'type':'note.open','id':7777,'room':'#lobby','note':1}");
    rig_expect_later(r, "bo", expected);
    rig_skip(r, "bo");
}

static void an_edit_is_answered_and_told_to_all(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    edit(&r, "ana", 10, 0, "['hello']");
    rig_expect(&r, "ana", "{'type':'ok','re':10,'room':'#lobby','seq':6,'number':1}");
    rig_expect(&r, "ana",
               "{'type':'note.edited','room':'#lobby','seq':6,'time':*,'author':'ana',"
               "'client':'clientana','id':10,'note':1,'version':1,'op':['hello']}");
    rig_expect(&r, "bo", "{'type':'note.edited',*'version':1,'op':['hello']}");
    edit(&r, "bo", 10, 1, "[ 5, \" w\\u00f6rld\" ]");
    rig_expect(&r, "ana", "{'type':'note.edited',*'version':2,'op':[5,' wörld']}");
    expect_text(&r, 2, "hello wörld");
    rig_finish(&r);
}

static void a_card_has_a_text_that_needs_no_making(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "bo", "{'type':'note.open','id':1,'room':'#lobby','note':2}");
    rig_expect(&r, "bo",
               "{'type':'note.text','re':1,'room':'#lobby','note':2,'version':0,'part':0,"
               "'more':false,'text':''}");
    rig_send(&r, "ana", "{'type':'task.archive','id':3,'room':'#lobby','task':2}");
    rig_send(&r, "ana",
             "{'type':'note.edit','id':4,'room':'#lobby','note':2,'base':0,'op':['why']}");
    rig_expect_later(&r, "bo", "{'type':'note.edited',*'note':2,'version':1,'op':['why']}");
    rig_finish(&r);
}

static void an_archived_note_takes_edits(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "bo", "{'type':'note.archive','id':1,'room':'#lobby','note':1}");
    rig_skip(&r, "ana");
    edit(&r, "ana", 10, 0, "['late']");
    rig_expect(&r, "ana", "{'type':'ok','re':10,*}");
    rig_finish(&r);
}

/* What is committed later goes to the left. */
static void edits_that_race_are_moved_past_each_other(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    edit(&r, "ana", 10, 0, "['a']");
    edit(&r, "bo", 9, 1, "[1,'c']");
    rig_skip(&r, "bo");
    r.hold_store = true;
    edit(&r, "ana", 11, 2, "[1,'b']");
    edit(&r, "bo", 10, 2, "[1,'x',{'d':1}]");
    edit(&r, "bo", 11, 2, "[{'d':2}]");
    edit(&r, "ana", 12, 2, "[1,{'d':1}]");
    rig_release(&r);
    rig_expect_later(&r, "bo", "{'type':'note.edited',*'id':11,*'version':3,'op':[1,'b']}");
    rig_expect_later(&r, "bo", "{'type':'note.edited',*'version':4,'op':[1,'x',1,{'d':1}]}");
    rig_expect_later(&r, "bo", "{'type':'note.edited',*'version':5,'op':[{'d':1}]}");
    rig_expect_later(&r, "bo", "{'type':'note.edited',*'version':6,'op':[]}");
    expect_text(&r, 6, "xb");
    rig_finish(&r);
}

static void what_is_no_edit_of_this_text_is_refused(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        {"1", "'base':3,'op':['x']", "bad_field"},
        {"1", "'base':9007199254740991,'op':['x']", "bad_field"},
        {"1", "'base':-1,'op':['x']", "bad_field"},
        {"1", "'base':2,'op':[6,'x']", "bad_field"},
        {"1", "'base':2,'op':[{'d':6}]", "bad_field"},
        {"1", "'base':1,'op':[3,'x']", "bad_field"},
        {"1", "'base':2,'op':[2097152,'x']", "bad_field"},
        {"1", "'base':2,'op':[9007199254740991,'x']", "bad_field"},
        {"1", "'base':2,'op':[1e300,'x']", "bad_field"},
        {"1", "'base':2,'op':[5]", "bad_field"},
        {"1", "'base':2,'op':[1,1,'x']", "bad_field"},
        {"1", "'base':2,'op':['x','y']", "bad_field"},
        {"1", "'base':2,'op':[{'d':1},{'d':1}]", "bad_field"},
        {"1", "'base':2,'op':[{'d':1},'x']", "bad_field"},
        {"1", "'base':2,'op':['']", "bad_field"},
        {"1", "'base':2,'op':[0,'x']", "bad_field"},
        {"1", "'base':2,'op':[-1,'x']", "bad_field"},
        {"1", "'base':2,'op':[1.5,'x']", "bad_field"},
        {"1", "'base':2,'op':[{'d':0}]", "bad_field"},
        {"1", "'base':2,'op':[{'i':'x'}]", "bad_field"},
        {"1", "'base':2,'op':[{'d':1,'e':1}]", "bad_field"},
        {"1", "'base':2,'op':[['x']]", "bad_field"},
        {"1", "'base':2,'op':[null]", "bad_field"},
        {"1", "'base':2,'op':'x'", "bad_field"},
        {"1", "'base':2,'op':{}", "bad_field"},
        {"1", "'base':2", "bad_field"},
        {"1", "'op':['x']", "bad_field"},
        {"1", "'base':2,'op':['\\ud800']", "malformed"},
        {"1", "'base':2,'op':['a\\u0000']", "malformed"},
        {"3", "'base':0,'op':['x']", "not_found"},
        {"77", "'base':0,'op':['x']", "not_found"},
        {"-77", "'base':0,'op':['x']", "not_found"},
        {"0", "'base':0,'op':['x']", "bad_field"},
        {"4", "'base':0,'op':['x']", "not_found"},
    };
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'room.create','id':3,'room':'#other'}");
    for (int i = 4; i < 8; i++)
        rig_send(&r, "ana", "{'type':'note.create','id':%d,'room':'#other','name':'%d'}", i, i);
    edit(&r, "ana", 10, 0, "['ab']");
    edit(&r, "ana", 11, 1, "['cde']");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char expected[100];
        rig_skip(&r, "ana");
        rig_skip(&r, "bo");
        rig_send(&r, "ana", "{'type':'note.edit','id':%zu,'room':'#lobby','note':%s,%s}",
                 i + 20, rows[i][0], rows[i][1]);
        snprintf(expected, sizeof expected, "{'type':'error',*'code':'%s',*", rows[i][2]);
        rig_expect(&r, "ana", expected);
        rig_expect_nothing(&r, "ana");
        rig_expect_nothing(&r, "bo");
        rig_send(&r, "ana", "{'type':'ping','id':1}");
    }
    expect_text(&r, 2, "cdeab");
    rig_finish(&r);
}

/* n times `piece`, without a copy in the test's own words. */
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

static void an_operation_of_more_than_its_bound_is_refused(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    char *text = many("x", OP_MAX - 4), *longer = many("x", OP_MAX - 3);
    rig_send(&r, "ana",
             "{'type':'note.edit','id':10,'room':'#lobby','note':1,'base':0,'op':['%s']}",
             longer);
    rig_expect(&r, "ana", "{'type':'error',*'re':10,'code':'*'}");
    rig_expect_nothing(&r, "bo");
    rig_send(&r, "ana",
             "{'type':'note.edit','id':11,'room':'#lobby','note':1,'base':0,'op':['%s']}",
             text);
    rig_expect(&r, "ana", "{'type':'ok','re':11,*}");
    free(text);
    free(longer);
    rig_finish(&r);
}

static void a_full_text_takes_no_more(void **state)
{
    (void)state;
    enum { PIECE = 65536 };
    static_assert(NOTE_MAX % PIECE == 0, "pieces fill it");
    struct hub_rig r;
    start(&r);
    char *piece = many("x", PIECE);
    int version = 0;
    for (; version < NOTE_MAX / PIECE; version++)
        rig_send(&r, "ana",
                 "{'type':'note.edit','id':%d,'room':'#lobby','note':1,'base':%d,'op':['%s']}",
                 10 + version, version, piece);
    free(piece);
    rig_skip(&r, "ana");
    edit(&r, "ana", 100, version, "['y']");
    rig_expect(&r, "ana", "{'type':'error','re':100,'code':'limit','message':'*2097152*'}");
    edit(&r, "ana", 101, version, "['y',{'d':1}]");
    rig_expect(&r, "ana", "{'type':'ok','re':101,*}");
    rig_skip(&r, "ana");
    /* Two who make room for one character: whoever comes later has none. */
    edit(&r, "ana", 102, version + 1, "[{'d':1}]");
    edit(&r, "ana", 103, version + 2, "['1']");
    rig_skip(&r, "bo");
    edit(&r, "bo", 104, version + 2, "['2']");
    rig_expect(&r, "bo", "{'type':'error','re':104,'code':'limit',*}");
    rig_finish(&r);
}

/* ---- too long ago ---- */

static void an_edit_of_a_version_too_long_ago_is_stale(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    for (int v = 0; v <= NOTE_BEHIND_MAX; v++) {
        edit(&r, "ana", 10 + v, v, v % 2 ? "[{'d':1}]" : "['x']");
        if (v % 100 == 0)
            rig_wait(&r, 1000);
    }
    rig_skip(&r, "bo");
    edit(&r, "bo", 10, 0, "['old']");
    rig_expect(&r, "bo",
               "{'type':'error','re':10,'code':'stale',*"
               "'message':'*version 0 *at 4097 *of 1 and later*'}");
    edit(&r, "bo", 11, 1, "[1,'just']");
    rig_expect(&r, "bo", "{'type':'ok','re':11,*}");
    rig_finish(&r);
}

static void a_large_edit_of_a_version_long_ago_is_stale(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    enum { PARTS = 1000, BEHIND = NOTE_WORK_MAX / PARTS };
    char *text = many("x", 2 * PARTS), *op = many("1,{'d':1},", PARTS / 2);
    rig_send(&r, "bo",
             "{'type':'note.edit','id':9,'room':'#lobby','note':1,'base':0,'op':['%s']}", text);
    op[strlen(op) - 1] = '\0';
    for (int v = 1; v <= BEHIND + 1; v++) {
        edit(&r, "ana", 10 + v, v, "[2000,'y']");
        if (v % 100 == 0)
            rig_wait(&r, 1000);
    }
    rig_skip(&r, "bo");
    rig_send(&r, "bo",
             "{'type':'note.edit','id':10,'room':'#lobby','note':1,'base':1,'op':[%s]}", op);
    rig_expect(&r, "bo",
               "{'type':'error','re':10,'code':'stale','message':'*1000 parts*1001 "
               "versions*1000000*'}");
    rig_send(&r, "bo",
             "{'type':'note.edit','id':11,'room':'#lobby','note':1,'base':2,'op':[%s]}", op);
    rig_expect(&r, "bo", "{'type':'ok','re':11,*}");
    free(text);
    free(op);
    rig_finish(&r);
}

/* Each is taken, and costs the server as much as a few hundred small ones. */
static void edits_that_are_dear_to_move_are_paid_for(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    enum { PARTS = 400, BEHIND = NOTE_WORK_MAX / PARTS - 200 };
    char *text = many("x", 2 * PARTS), *op = many("1,{'d':1},", PARTS / 2);
    int taken = 0;
    rig_send(&r, "bo",
             "{'type':'note.edit','id':9,'room':'#lobby','note':1,'base':0,'op':['%s']}", text);
    op[strlen(op) - 1] = '\0';
    for (int v = 1; v <= BEHIND; v++) {
        edit(&r, "ana", 10 + v, v, "[800,'y']");
        if (v % 100 == 0)
            rig_wait(&r, 1000);
    }
    rig_wait(&r, 5000);
    for (int i = 0; i < 200; i++) {
        rig_skip(&r, "bo");
        rig_send(&r, "bo",
                 "{'type':'note.edit','id':%d,'room':'#lobby','note':1,'base':%d,'op':[%s]}",
                 10 + i, 1 + i, op);
        taken += rig_hears(&r, "bo", "{'type':'ok',*");
    }
    print_message("%d of 200 were taken at once\n", taken);
    assert_in_range(taken, 50, 150);
    rig_wait(&r, 10000);
    rig_skip(&r, "bo");
    rig_send(&r, "bo",
             "{'type':'note.edit','id':999,'room':'#lobby','note':1,'base':%d,"
             "'op':['z']}",
             1 + BEHIND);
    rig_expect_later(&r, "bo", "{'type':'ok','re':999,*");
    free(text);
    free(op);
    rig_finish(&r);
}

/* Now and then a large one among many small ones: none of these lies in what it left. */
static void small_edits_do_not_keep_the_memory_of_large_ones(void **state)
{
    (void)state;
    enum { PIECE = 90000, EDITS = 3 * NOTE_BEHIND_MAX };
    struct hub_rig r;
    start(&r);
    char *piece = many("x", PIECE);
    for (int v = 0; v < EDITS; v++) {
        if (v % 100 == 0)
            rig_wait(&r, 1000);
        if (v % 60 == 1)
            rig_send(&r, "ana",
                     "{'type':'note.edit','id':%d,'room':'#lobby','note':1,'base':%d,"
                     "'op':['%s'%s]}",
                     100 + v, v, piece, v > 60 ? ",{'d':90000}" : "");
        else
            edit(&r, "ana", 100 + v, v, "['y']");
        rig_skip(&r, "ana");
        rig_skip(&r, "bo");
    }
    rig_check(&r); /* counts */
    free(piece);
    rig_finish(&r);
}

/* Large ones are forgotten sooner: what is kept of a text is bounded by bytes too. */
static void large_edits_are_too_long_ago_sooner(void **state)
{
    (void)state;
    enum { PIECE = 90000, EDITS = 200 };
    struct hub_rig r;
    start(&r);
    char *piece = many("x", PIECE);
    for (int v = 0; v < EDITS; v++)
        rig_send(
            &r, "ana",
            "{'type':'note.edit','id':%d,'room':'#lobby','note':1,'base':%d,'op':['%s'%s]}",
            10 + v, v, piece, v ? ",{\"d\":90000}" : "");
    free(piece);
    rig_skip(&r, "bo");
    edit(&r, "bo", 10, 1, "['x']");
    rig_expect(&r, "bo", "{'type':'error','re':10,'code':'stale','message':'*version 1 *'}");
    edit(&r, "bo", 11, EDITS - 20, "['x']");
    rig_expect(&r, "bo", "{'type':'ok','re':11,*}");
    rig_finish(&r);
}

/* A deletion of everything is cut at each insertion that it is moved past. */
static void an_edit_that_grows_too_much_on_its_way_is_stale(void **state)
{
    (void)state;
    enum { EDITS = 26, EACH = 7000, HALF = EDITS * EACH / 2, NEAR = 9 };
    struct hub_rig r;
    start(&r);
    char *half = many("a", HALF), between[16];
    for (int v = 0; v < 2; v++)
        rig_send(&r, "ana",
                 "{'type':'note.edit','id':%d,'room':'#lobby','note':1,'base':%d,'op':['%s']}",
                 9 + v, v, half);
    snprintf(between, sizeof between, "'x',%d,", EDITS);
    char *inserts = many(between, EACH);
    inserts[strlen(inserts) - 4] = '\0'; /* the skip at the end */
    for (int v = 2; v < 2 + EDITS; v++) {
        rig_send(&r, "ana",
                 "{'type':'note.edit','id':%d,'room':'#lobby','note':1,'base':2,'op':[%d,%s]}",
                 20 + v, v - 1, inserts);
        rig_skip(&r, "ana");
    }
    rig_skip(&r, "bo");
    edit(&r, "bo", 10, 2, "[{'d':182000}]");
    rig_expect(&r, "bo", "{'type':'error','re':10,'code':'stale','message':'*4000000 parts*'}");
    edit(&r, "bo", 11, 2 + EDITS - NEAR, "[{'d':301000}]");
    rig_expect(&r, "bo", "{'type':'error','re':11,'code':'stale','message':'*524288 bytes*'}");
    edit(&r, "bo", 12, 2 + EDITS, "[{'d':364000}]");
    rig_expect(&r, "bo", "{'type':'ok','re':12,*}");
    free(half);
    free(inserts);
    rig_finish(&r);
}

static void one_who_opens_many_texts_can_edit_all_of_them(void **state)
{
    (void)state;
    enum { NOTES = 100 };
    struct hub_rig r;
    start(&r);
    for (int i = 1; i <= NOTES; i++)
        rig_send(&r, "ana",
                 "[{'type':'note.create','id':%d,'room':'#lobby','name':'n%d'},"
                 "{'type':'note.edit','id':%d,'room':'#lobby','note':-%d,'base':0,'op':['a']}]",
                 10 * i, i, 10 * i + 1, 10 * i);
    for (int i = 1; i <= NOTES; i++) {
        char expected[80];
        rig_skip(&r, "bo");
        rig_send(&r, "ana",
                 "{'type':'note.edit','id':%d,'room':'#lobby','note':%d,'base':1,"
                 "'op':[1,'b']}",
                 2000 + i, i + 2);
        snprintf(expected, sizeof expected, "{'type':'note.edited',*'note':%d,'version':2,*}",
                 i + 2);
        rig_expect(&r, "bo", expected);
    }
    rig_finish(&r);
}

/* ---- once and only once ---- */

static void a_request_that_comes_again_is_answered_again_and_not_applied(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    edit(&r, "ana", 10, 0, "['one']");
    rig_expect(&r, "ana", "{'type':'ok','re':10,'room':'#lobby','seq':6,'number':1}");
    for (int again = 0; again < 2; again++) {
        rig_skip(&r, "ana");
        edit(&r, "ana", 10, 0, "['one']");
        rig_expect(&r, "ana", "{'type':'ok','re':10,'room':'#lobby','seq':6,'number':1}");
        rig_expect_nothing(&r, "ana");
        rig_restart(&r);
        rig_enter(&r, "bo", "#lobby");
        rig_enter(&r, "ana", "#lobby");
    }
    expect_text(&r, 1, "one");
    r.hold_store = true;
    edit(&r, "ana", 11, 1, "['two']");
    edit(&r, "ana", 11, 1, "['two']");
    rig_release(&r);
    edit(&r, "ana", 11, 1, "['two']");
    expect_text(&r, 2, "twoone");
    rig_finish(&r);
}

/* The client id is the session's own, whatever a message says. */
static void nobody_edits_in_the_name_of_another(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    edit(&r, "ana", 10, 0, "['one']");
    rig_skip(&r, "ana");
    rig_skip(&r, "bo");
    edit(&r, "bo", 10, 1, "['two']");
    rig_expect(&r, "bo", "{'type':'ok','re':10,'room':'#lobby','seq':7,*}");
    rig_expect(&r, "ana",
               "{'type':'note.edited',*'author':'bo','client':'clientbo','id':10,*}");
    rig_send(&r, "bo",
             "{'type':'note.edit','id':11,'room':'#lobby','note':1,'base':2,'op':['x'],"
             "'client':'clientana'}");
    rig_expect_later(&r, "bo", "{'type':'error','re':11,'code':'bad_field',*}");
    expect_text(&r, 2, "twoone");
    rig_finish(&r);
}

static void a_text_nobody_has_open_is_read_again(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    edit(&r, "ana", 10, 0, "['one']");
    edit(&r, "bo", 10, 1, "[3,' two']");
    rig_cut(&r, "ana");
    rig_cut(&r, "bo");
    r.hold_store = true;
    rig_enter(&r, "ana", "#lobby");
    edit(&r, "ana", 11, 1, "[3,' three']");
    assert_int_equal(r.jobs.n, 1);
    assert_int_equal(r.jobs.v[0]->kind, JOB_TEXT);
    rig_release(&r);
    rig_enter(&r, "bo", "#lobby");
    expect_text(&r, 3, "one three two");
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_edit_is_answered_and_told_to_all),
        cmocka_unit_test(a_card_has_a_text_that_needs_no_making),
        cmocka_unit_test(an_archived_note_takes_edits),
        cmocka_unit_test(edits_that_race_are_moved_past_each_other),
        cmocka_unit_test(what_is_no_edit_of_this_text_is_refused),
        cmocka_unit_test(an_operation_of_more_than_its_bound_is_refused),
        cmocka_unit_test(a_full_text_takes_no_more),
        cmocka_unit_test(an_edit_of_a_version_too_long_ago_is_stale),
        cmocka_unit_test(a_large_edit_of_a_version_long_ago_is_stale),
        cmocka_unit_test(small_edits_do_not_keep_the_memory_of_large_ones),
        cmocka_unit_test(edits_that_are_dear_to_move_are_paid_for),
        cmocka_unit_test(large_edits_are_too_long_ago_sooner),
        cmocka_unit_test(an_edit_that_grows_too_much_on_its_way_is_stale),
        cmocka_unit_test(one_who_opens_many_texts_can_edit_all_of_them),
        cmocka_unit_test(a_request_that_comes_again_is_answered_again_and_not_applied),
        cmocka_unit_test(nobody_edits_in_the_name_of_another),
        cmocka_unit_test(a_text_nobody_has_open_is_read_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
