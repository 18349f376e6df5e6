/* Texts and a store that is slow, fails, or holds what cannot be. */
#include "hub_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Ana and Bo in the lobby, with note 1 that says "one". */
static void start(struct hub_rig *r)
{
    rig_start(r);
    rig_enter(r, "ana", "#lobby");
    rig_enter(r, "bo", "#lobby");
    rig_send(r, "ana", "{'type':'note.create','id':1,'room':'#lobby','name':'Plan'}");
    rig_send(r, "ana",
             "{'type':'note.edit','id':2,'room':'#lobby','note':1,'base':0,'op':['one']}");
    rig_send(r, "bo", "{'type':'message.post','id':1,'room':'#lobby','text':'hi'}");
    rig_wait(r, 100);
    rig_skip(r, "ana");
    rig_skip(r, "bo");
}

/* The same with nothing in memory. */
static void start_again(struct hub_rig *r)
{
    start(r);
    rig_restart(r);
    rig_enter(r, "ana", "#lobby");
    rig_enter(r, "bo", "#lobby");
    rig_send(r, "ana", "{'type':'message.post','id':3,'room':'#lobby','text':'hi'}");
    rig_send(r, "bo", "{'type':'message.post','id':2,'room':'#lobby','text':'hi'}");
    rig_send(r, "ana", "{'type':'note.rename','id':4,'room':'#lobby','note':1,'name':'x'}");
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
             "{'type':'note.text','re':7777,*'version':%d,*'text':'%s'}", version, text);
    rig_skip(r, "bo");
    rig_send(r, "bo", "{'type':'note.open','id':7777,'room':'#lobby','note':1}");
    rig_expect_later(r, "bo", expected);
    rig_skip(r, "bo");
}

/* ---- writes that fail ---- */

static void a_burst_that_fails_in_the_middle_is_told_and_comes_again(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    edit(&r, "ana", 10, 1, "['A']");
    edit(&r, "bo", 10, 1, "[3,'B']");
    edit(&r, "ana", 11, 2, "['C']");
    edit(&r, "bo", 11, 1, "[{'d':1}]");
    rig_run_jobs(&r, 1);
    store_mem_break(r.store, ERR_STORE);
    rig_run_jobs(&r, 1);
    store_mem_break(r.store, ERR_NONE); /* what is behind it must not be stored either */
    rig_release(&r);
    rig_expect(&r, "ana", "{'type':'ok','re':10,*}");
    rig_expect(&r, "ana", "{'type':'note.edited',*'version':2,'op':['A']}");
    rig_expect(&r, "ana", "{'type':'error','re':11,'code':'store',*'retry':true}");
    rig_expect(&r, "bo", "{'type':'note.edited',*'version':2,'op':['A']}");
    rig_expect(&r, "bo", "{'type':'error','re':10,'code':'store',*'retry':true}");
    rig_expect(&r, "bo", "{'type':'error','re':11,'code':'store',*'retry':true}");
    expect_text(&r, 2, "Aone");
    edit(&r, "bo", 10, 1, "[3,'B']");
    edit(&r, "ana", 11, 2, "['C']");
    edit(&r, "bo", 11, 1, "[{'d':1}]");
    edit(&r, "ana", 10, 1, "['A']");
    edit(&r, "ana", 11, 2, "['C']");
    expect_text(&r, 5, "CAneB");
    rig_finish(&r);
}

static void a_full_disk_refuses_edits_until_it_has_room(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    for (int i = 0; i < 3; i++) {
        store_mem_break(r.store, ERR_STORE_FULL);
        edit(&r, "ana", 10 + i, 1 + i, "['x']");
        rig_expect(&r, "ana", "{'type':'error',*'code':'store_full',*'retry':true}");
        rig_expect_nothing(&r, "bo");
        store_mem_break(r.store, ERR_NONE);
        edit(&r, "ana", 10 + i, 1 + i, "['x']");
        rig_expect(&r, "ana", "{'type':'ok',*}");
        rig_expect(&r, "ana", "{'type':'note.edited',*}");
        rig_expect(&r, "bo", "{'type':'note.edited',*}");
    }
    expect_text(&r, 4, "xxxone");
    rig_finish(&r);
}

static void an_edit_of_what_failed_is_in_the_future(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    store_mem_break(r.store, ERR_STORE);
    edit(&r, "ana", 10, 1, "['x']");
    store_mem_break(r.store, ERR_NONE);
    rig_skip(&r, "ana");
    edit(&r, "ana", 11, 2, "['y']");
    rig_expect(&r, "ana", "{'type':'error','re':11,'code':'bad_field',*}");
    rig_finish(&r);
}

static void a_room_and_all_its_texts_whose_making_failed_are_not_there(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    store_mem_break(r.store, ERR_STORE);
    r.hold_store = true;
    rig_send(&r, "ana",
             "[{'type':'room.create','id':20,'room':'#new'},"
             "{'type':'note.create','id':21,'room':'#new','name':'Plan'},"
             "{'type':'note.edit','id':22,'room':'#new','note':-21,'base':0,'op':['x']},"
             "{'type':'note.edit','id':23,'room':'#new','note':-21,'base':1,'op':['y']}]");
    rig_release(&r);
    for (int id = 20; id < 24; id++) {
        char expected[80];
        snprintf(expected, sizeof expected, "{'type':'error','re':%d,'code':'store',*}", id);
        rig_expect(&r, "ana", expected);
    }
    store_mem_break(r.store, ERR_NONE);
    rig_send(&r, "ana", "{'type':'note.open','id':24,'room':'#new','note':1}");
    rig_expect(&r, "ana", "{'type':'error','re':24,'code':'not_found',*}");
    rig_finish(&r);
}

/* ---- texts that have to be read ---- */

static void edits_wait_for_their_text(void **state)
{
    (void)state;
    struct hub_rig r;
    start_again(&r);
    r.hold_store = true;
    edit(&r, "ana", 10, 1, "[3,' two']");
    edit(&r, "bo", 10, 1, "['zero ']");
    rig_send(&r, "bo", "{'type':'note.open','id':11,'room':'#lobby','note':1}");
    rig_wait(&r, 2000);
    rig_expect_nothing(&r, "ana");
    assert_int_equal(r.jobs.n, 1); /* one JOB_TEXT for all */
    rig_release(&r);
    rig_expect_later(&r, "ana", "{'type':'note.edited',*'version':2,'op':[3,' two']}");
    rig_expect_later(&r, "ana", "{'type':'note.edited',*'version':3,'op':['zero ']}");
    rig_expect_later(&r, "bo", "{'type':'note.text','re':11,*'text':'zero one two'}");
    rig_finish(&r);
}

static void whoever_is_gone_is_not_waited_for(void **state)
{
    (void)state;
    struct hub_rig r;
    start_again(&r);
    r.hold_store = true;
    edit(&r, "ana", 10, 1, "[3,' two']");
    rig_send(&r, "bo", "{'type':'note.open','id':11,'room':'#lobby','note':1}");
    rig_cut(&r, "ana");
    rig_cut(&r, "bo");
    rig_release(&r);
    rig_enter(&r, "bo", "#lobby");
    expect_text(&r, 1, "one");
    rig_finish(&r);
}

static void a_text_that_cannot_be_read_is_refused_and_read_next_time(void **state)
{
    (void)state;
    static const char *const questions[] = {"note.open", "note.blame"};
    struct hub_rig r;
    start_again(&r);
    r.hold_store = true;
    edit(&r, "ana", 10, 0, "['two']");
    for (size_t i = 0; i < COUNT_OF(questions); i++)
        rig_send(&r, "bo", "{'type':'%s','id':%zu,'room':'#lobby','note':1}", questions[i],
                 20 + i);
    rig_fail_job(&r, JOB_TEXT);
    rig_expect(&r, "ana",
               "{'type':'error','re':10,'code':'store','message':'text 1 of #lobby cannot be "
               "read*',*}");
    rig_expect(&r, "bo", "{'type':'error','re':20,'code':'store',*}");
    rig_expect(&r, "bo", "{'type':'error','re':21,'code':'store',*}");
    assert_int_equal(r.jobs.n, 0);
    rig_release(&r);
    edit(&r, "ana", 10, 0, "['two']");
    expect_text(&r, 2, "twoone");
    rig_finish(&r);
}

static void questions_whose_reads_fail_are_answered(void **state)
{
    (void)state;
    static const struct {
        const char *question;
        enum store_job_kind kind;
    } rows[] = {
        {"'type':'note.open','since':0", JOB_EDITS},
        {"'type':'note.open','since':0,'flight':99", JOB_LOOKUP},
        {"'type':'note.log'", JOB_EDITS},
        {"'type':'note.at','time':1", JOB_TEXT},
    };
    struct hub_rig r;
    start(&r);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        r.hold_store = true;
        rig_send(&r, "bo", "{'id':10,'room':'#lobby','note':1,%s}", rows[i].question);
        rig_fail_job(&r, rows[i].kind);
        rig_expect(&r, "bo", "{'type':'error','re':10,'code':'store',*}");
        rig_expect_nothing(&r, "bo");
        rig_release(&r);
    }
    expect_text(&r, 1, "one");
    rig_finish(&r);
}

/* What is in the tables may be anybody's work: nothing of it is taken for an empty text. */
static void texts_that_cannot_be_are_refused(void **state)
{
#define EDIT(v, json) {.version = v, .author = STR_ROW("ana"), .time = 5, .op = STR_ROW(json)}
#define EDITS(...)                                                                             \
    (struct store_edit[]){__VA_ARGS__},                                                        \
        sizeof((struct store_edit[]){__VA_ARGS__}) / sizeof(struct store_edit)
    (void)state;
    const struct {
        struct store_snapshot snapshot;
        struct store_edit *edits;
        size_t n;
    } rows[] = {
        {{0}, NULL, 0}, /* version 1 is missing */
        {{0}, EDITS(EDIT(1, "[\"x\"]"), EDIT(2, "[\"x\"]"))},
        {{0}, EDITS(EDIT(2, "[\"x\"]"))},
        {{0}, EDITS(EDIT(1, "[1,\"x\"]"))},
        {{0}, EDITS(EDIT(1, "[\"x\""))},
        {{0}, EDITS(EDIT(1, ""))},
        {{.version = 1, .text = STR_ROW("one")}, NULL, 0}, /* nobody wrote it */
        {{.version = 1, .text = STR_ROW("\xff")}, NULL, 0},
        {{.version = -1}, NULL, 0},
        {{.text = STR_ROW("one")}, EDITS(EDIT(1, "[\"x\"]"))},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hub_rig r;
        start_again(&r);
        r.hold_store = true;
        edit(&r, "ana", 10, 0, "['two']");
        struct store_job *j = rig_take_job(&r, JOB_TEXT);
        j->snapshot = rows[i].snapshot;
        j->edits.v = rows[i].edits;
        j->edits.n = rows[i].n;
        rig_give_job(&r, j);
        rig_expect(&r, "ana", "{'type':'error','re':10,'code':'store',*}");
        rig_expect_nothing(&r, "bo");
        rig_release(&r);
        expect_text(&r, 1, "one");
        rig_finish(&r);
    }
}

static void an_edit_that_somebody_else_stored_makes_the_text_be_read_again(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    edit(&r, "ana", 10, 1, "['A']");
    edit(&r, "bo", 10, 1, "['B']");
    /* The first one gets to the disk by another way. */
    struct store_job *other = store_job_new(JOB_APPEND);
    other->append = r.jobs.v[0]->append;
    r.store->write(r.store, &other, 1);
    assert_int_equal(other->err.code, ERR_NONE);
    store_job_free(other);
    rig_release(&r);
    rig_expect(&r, "ana", "{'type':'ok','re':10,*}");
    rig_expect_later(&r, "bo", "{'type':'error','re':10,'code':'busy',*}");
    rig_wait(&r, 1500);
    edit(&r, "bo", 10, 1, "['B']");
    expect_text(&r, 3, "BAone");
    rig_finish(&r);
}

/* ---- snapshots ---- */

/* Makes n edits and counts the snapshots that are stored with them. */
static int snapshots_of(struct hub_rig *r, int id, int base, int n, const char *op)
{
    int found = 0;
    for (int i = 0; i < n; i++) {
        r->hold_store = true;
        edit(r, "ana", id + i, base + i, op);
        assert_int_equal(r->jobs.n, 1);
        found += r->jobs.v[0]->append.snapshot.version > 0;
        rig_release(r);
        if (i % 100 == 0)
            rig_wait(r, 1000);
    }
    return found;
}

static void caret_at(struct hub_rig *r, const char *who, int version)
{
    rig_send(r, who,
             "{'type':'note.caret','room':'#lobby','note':1,'version':%d,'caret':0,'anchor':0}",
             version);
}

/* Minutes pass in which both are heard of. */
static void sit(struct hub_rig *r, int minutes)
{
    for (int i = 0; i < 3 * minutes; i++) {
        rig_wait(r, 20 * 1000);
        rig_send(r, "ana", "{'type':'ping','id':%d}", 900000 + i);
        rig_send(r, "bo", "{'type':'ping','id':%d}", 900000 + i);
    }
    rig_wait(r, 2000);
    rig_skip(r, "ana");
    rig_skip(r, "bo");
}

static void a_text_that_nobody_looks_at_any_more_leaves_memory(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "bo", "{'type':'note.open','id':2,'room':'#lobby','note':1}");
    caret_at(&r, "bo", 1);
    sit(&r, 3);
    assert_int_equal(hub_counts(r.hub).texts_open, 1);
    rig_send(&r, "bo", "{'type':'note.caret','room':'#lobby','note':0}");
    rig_wait(&r, 100);
    assert_int_equal(hub_counts(r.hub).texts_open, 1); /* he may come back at once */
    sit(&r, 2);
    assert_int_equal(hub_counts(r.hub).texts_open, 0);
    rig_check(&r);

    edit(&r, "ana", 3, 1, "[3,' two']"); /* who knows it goes on as if nothing had been */
    rig_expect_later(&r, "ana", "{'type':'ok','re':3,*");
    expect_text(&r, 2, "one two");
    rig_finish(&r);
}

static void no_text_is_read_while_others_take_too_much(void **state)
{
    (void)state;
    struct hub_rig r;
    struct buf x = {0};
    start(&r);
    for (int i = 0; i < 50000; i++)
        buf_add_c(&x, 'x');
    edit(&r, "ana", 3, 1, "['one']");
    rig_send(&r, "ana", "{'type':'note.create','id':4,'room':'#lobby','name':'Large'}");
    rig_send(&r, "ana",
             "{'type':'note.edit','id':5,'room':'#lobby','note':2,'base':0,'op':['%s']}",
             buf_cstr(&x));
    r.text_bytes_max = 40000;
    rig_restart(&r);
    rig_enter(&r, "ana", "#lobby");
    rig_enter(&r, "bo", "#lobby");
    rig_send(&r, "ana", "{'type':'note.open','id':6,'room':'#lobby','note':2}");
    rig_expect_later(&r, "ana", "{'type':'note.text','re':6,*");
    rig_send(&r, "bo", "{'type':'note.open','id':6,'room':'#lobby','note':1}");
    rig_expect_later(&r, "bo", "{'type':'error','re':6,'code':'busy',*'retry':true}");
    edit(&r, "bo", 7, 2, "['>']");
    rig_expect_later(&r, "bo", "{'type':'error','re':7,'code':'busy',*'retry':true}");
    sit(&r, 2); /* nobody looks at the large one any more */
    edit(&r, "bo", 8, 2, "['>']");
    rig_expect_later(&r, "bo", "{'type':'ok','re':8,*");
    expect_text(&r, 3, ">oneone");
    buf_finish(&x);
    rig_finish(&r);
}

static void what_an_old_edit_needs_goes_when_all_rest(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "bo", "{'type':'note.open','id':2,'room':'#lobby','note':1}");
    caret_at(&r, "bo", 1);
    edit(&r, "ana", 3, 1, "[3,' two']");
    edit(&r, "ana", 4, 1, "['>']"); /* past the other */
    rig_expect_later(&r, "ana", "{'type':'ok','re':4,*");
    sit(&r, 3);
    edit(&r, "ana", 5, 1, "['>']");
    rig_expect_later(&r, "ana", "{'type':'error','re':5,'code':'stale',*");
    edit(&r, "ana", 6, 3, "['>']");
    rig_expect_later(&r, "ana", "{'type':'ok','re':6,*");
    expect_text(&r, 4, ">>one two");
    rig_finish(&r);
}

static void a_text_is_kept_whole_now_and_then(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    assert_int_equal(snapshots_of(&r, 10, 1, 255, "['x']"), 0);
    assert_int_equal(snapshots_of(&r, 300, 256, 1, "['x']"), 1);
    assert_int_equal(snapshots_of(&r, 400, 257, 255, "['x']"), 0);
    assert_int_equal(snapshots_of(&r, 800, 512, 1, "['x']"), 1);
    rig_restart(&r);
    rig_enter(&r, "ana", "#lobby");
    rig_enter(&r, "bo", "#lobby");
    r.hold_store = true;
    rig_send(&r, "bo", "{'type':'note.open','id':5,'room':'#lobby','note':1,'since':-1}");
    rig_run_jobs(&r, 1); /* the room */
    struct store_job *j = rig_take_job(&r, JOB_TEXT);
    r.store->read(r.store, j);
    assert_int_equal(j->snapshot.version, 512);
    assert_int_equal(j->edits.n, 1);
    rig_give_job(&r, j);
    rig_expect(&r, "bo", "{'type':'note.text',*'version':513,*'text':'xxx*xone'}");
    rig_finish(&r);
}

static void a_long_text_is_kept_more_rarely(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    char *text = malloc(90001);
    memset(text, 'x', 90000);
    text[90000] = '\0';
    rig_send(&r, "ana",
             "{'type':'note.edit','id':9,'room':'#lobby','note':1,'base':1,'op':['%s']}", text);
    free(text);
    assert_int_equal(snapshots_of(&r, 10, 2, 255, "['x']"), 1); /* the first is small beer */
    assert_int_equal(snapshots_of(&r, 300, 257, 1000, "['x']"), 0);
    rig_finish(&r);
}

static void a_snapshot_that_was_not_stored_is_made_again(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    snapshots_of(&r, 10, 1, 255, "['x']");
    store_mem_break(r.store, ERR_STORE_FULL);
    assert_int_equal(snapshots_of(&r, 300, 256, 1, "['x']"), 1);
    store_mem_break(r.store, ERR_NONE);
    assert_int_equal(snapshots_of(&r, 301, 256, 1, "['x']"), 1);
    assert_int_equal(snapshots_of(&r, 302, 257, 1, "['x']"), 0);
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_that_fails_in_the_middle_is_told_and_comes_again),
        cmocka_unit_test(a_full_disk_refuses_edits_until_it_has_room),
        cmocka_unit_test(an_edit_of_what_failed_is_in_the_future),
        cmocka_unit_test(a_room_and_all_its_texts_whose_making_failed_are_not_there),
        cmocka_unit_test(edits_wait_for_their_text),
        cmocka_unit_test(whoever_is_gone_is_not_waited_for),
        cmocka_unit_test(a_text_that_cannot_be_read_is_refused_and_read_next_time),
        cmocka_unit_test(questions_whose_reads_fail_are_answered),
        cmocka_unit_test(texts_that_cannot_be_are_refused),
        cmocka_unit_test(an_edit_that_somebody_else_stored_makes_the_text_be_read_again),
        cmocka_unit_test(a_text_that_nobody_looks_at_any_more_leaves_memory),
        cmocka_unit_test(no_text_is_read_while_others_take_too_much),
        cmocka_unit_test(what_an_old_edit_needs_goes_when_all_rest),
        cmocka_unit_test(a_text_is_kept_whole_now_and_then),
        cmocka_unit_test(a_long_text_is_kept_more_rarely),
        cmocka_unit_test(a_snapshot_that_was_not_stored_is_made_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
