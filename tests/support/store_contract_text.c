/* What every store promises about notes and texts. */
#include "contract_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { NOTE = 1, EDITS = 20 };

static struct store_note note(int64_t number, const char *name)
{
    return (struct store_note){number, str_of(name), false, KIT_TIME(2), STR("ana")};
}

/* Room #a with an empty note: events 1 and 2. */
static void make_note(struct store *s)
{
    kit_ok(s, kit_room("#a", 1));
    kit_ok(s, kit_note("#a", 2, 2, MSG_NOTE_CREATED, note(NOTE, "plan")));
}

static struct store_job *edit(int64_t version)
{
    char op[32];
    snprintf(op, sizeof op, "[\"%d,\"]", (int)version);
    return kit_edit("#a", 2 + version, 2 + version, NOTE, version, op);
}

/* Versions 1 to 20, snapshots of 8 and 15. */
static void type(struct store *s)
{
    make_note(s);
    for (int64_t v = 1; v <= EDITS; v++) {
        struct store_job *j = edit(v);
        if (v == 9)
            kit_keep(j, 8, "8,7,6,5,4,3,2,1,", "blame of 8");
        if (v == 16)
            kit_keep(j, 15, "fifteen\n\xc3\xa9\xf0\x9f\x98\x80", "");
        kit_ok(s, j);
    }
}

/* The answer has the edits first to last; first > last: none. */
static void assert_edits(const struct store_job *j, int64_t first, int64_t last)
{
    if (j->err.code != ERR_NONE)
        fail_msg("%s", j->err.text);
    assert_int_equal(j->edits.n, MAX(last - first + 1, 0));
    for (size_t i = 0; i < j->edits.n; i++) {
        const struct store_edit *e = &j->edits.v[i];
        char op[32];
        snprintf(op, sizeof op, "[\"%d,\"]", (int)e->version);
        assert_int_equal(e->version, first + (int64_t)i);
        assert_int_equal(e->time, KIT_TIME(2 + e->version));
        assert_int_equal(e->id, 2 + e->version);
        assert_str(e->author, "ana");
        assert_str(e->client, KIT_CLIENT);
        assert_str(e->op, op);
    }
}

static void notes_are_as_the_last_event_left_them(void **state)
{
    struct store *s = store_in(state);
    make_note(s);
    struct store_note renamed = note(NOTE, "plans"), other = note(2, "\xc3\xa9t\xc3\xa9");
    renamed.time = 5;
    renamed.author = STR("bo");
    kit_ok(s, kit_note("#a", 3, 3, MSG_NOTE_CREATED, other));
    kit_ok(s, kit_note("#a", 4, 4, MSG_NOTE_RENAMED, renamed));
    other.archived = true;
    kit_ok(s, kit_note("#a", 5, 5, MSG_NOTE_ARCHIVED, other));
    struct store_job *j = kit_run(s, kit_read(JOB_ROOM, "#a", 0, 0));
    const struct store_room *r = j->rooms.v;
    assert_int_equal(r->notes.n, 2);
    assert_int_equal(r->notes.v[0].number, NOTE);
    assert_str(r->notes.v[0].name, "plans");
    assert_str(r->notes.v[0].author, "ana");
    assert_int_equal(r->notes.v[0].time, KIT_TIME(2));
    assert_false(r->notes.v[0].archived);
    assert_str(r->notes.v[1].name, "\xc3\xa9t\xc3\xa9");
    assert_true(r->notes.v[1].archived);
    assert_int_equal(r->texts.n, 0);
    store_job_free(j);
    other.archived = false;
    kit_ok(s, kit_note("#a", 6, 6, MSG_NOTE_RESTORED, other));
    j = kit_run(s, kit_read(JOB_ROOM, "#a", 0, 0));
    assert_false(j->rooms.v->notes.v[1].archived);
    store_job_free(j);
}

static void assert_next_number(struct store *s, int64_t want)
{
    struct store_job *j = kit_run(s, kit_read(JOB_ROOM, "#a", 0, 0));
    assert_int_equal(j->rooms.v[0].next_number, want);
    store_job_free(j);
}

static void cards_and_notes_are_numbered_together(void **state)
{
    struct store *s = store_in(state);
    make_note(s);
    assert_next_number(s, 2);
    struct store_task card = {
        .number = 2, .title = STR("card"), .column = STR("Todo"), .key = STR("V")};
    kit_ok(s, kit_task("#a", 3, 3, MSG_TASK_ADDED, card));
    assert_next_number(s, 3);
    kit_ok(s, kit_note("#a", 4, 4, MSG_NOTE_CREATED, note(3, "x")));
    card.title = STR("renamed");
    kit_ok(s, kit_task("#a", 5, 5, MSG_TASK_EDITED, card));
    assert_next_number(s, 4);
}

static void retry_gets_the_number_of_its_note(void **state)
{
    struct store *s = store_in(state);
    make_note(s);
    struct store_job *j =
        kit_run(s, kit_note("#a", 3, 2, MSG_NOTE_CREATED, note(NOTE, "plan")));
    assert_true(j->found);
    assert_int_equal(j->number, NOTE);
    store_job_free(j);
}

static void text_is_as_new_as_its_newest_edit(void **state)
{
    struct store *s = store_in(state);
    type(s);
    kit_ok(s, kit_edit("#a", 23, 23, 7, 1, "[\"of another\"]"));
    struct store_job *j = kit_run(s, kit_read(JOB_ROOM, "#a", 0, 0));
    const struct store_room *r = j->rooms.v;
    assert_int_equal(r->texts.n, 2);
    assert_int_equal(r->texts.v[0].number, NOTE);
    assert_int_equal(r->texts.v[0].version, EDITS);
    assert_int_equal(r->texts.v[0].time, KIT_TIME(22));
    assert_str(r->texts.v[0].author, "ana");
    assert_int_equal(r->texts.v[1].number, 7);
    assert_int_equal(r->texts.v[1].version, 1);
    assert_int_equal(r->next_number, 2);
    store_job_free(j);
}

static void edit_is_an_event_like_any_other(void **state)
{
    struct store *s = store_in(state);
    make_note(s);
    struct store_job *w = kit_run(s, edit(1));
    assert_int_equal(w->seq, 3);
    assert_int_equal(w->number, NOTE);
    struct store_job *r = kit_run(s, kit_read(JOB_EVENTS, "#a", 2, 10));
    assert_int_equal(r->events.n, 1);
    assert_true(str_eq(r->events.v[0].json, w->append.json));
    store_job_free(w);
    store_job_free(r);
    struct store_job *again = kit_run(s, edit(1));
    assert_true(again->found);
    assert_int_equal(again->seq, 3);
    store_job_free(again);
}

static void version_that_does_not_follow_fails_alone(void **state)
{
    struct store *s = store_in(state);
    make_note(s);
    struct store_job *jobs[] = {kit_edit("#a", 3, 3, NOTE, 1, "[\"a\"]"),
                                kit_edit("#a", 4, 4, NOTE, 1, "[\"twice\"]"),
                                kit_edit("#a", 4, 5, NOTE, 3, "[\"gap\"]"),
                                kit_edit("#a", 4, 6, NOTE, 0, "[\"zero\"]"),
                                kit_edit("#a", 4, 7, 2, 2, "[\"no first\"]"),
                                kit_edit("#a", 4, 8, NOTE, 2, "[\"b\"]")};
    s->write(s, jobs, COUNT_OF(jobs));
    static const enum err_code want[] = {ERR_NONE,     ERR_CONFLICT, ERR_CONFLICT,
                                         ERR_CONFLICT, ERR_CONFLICT, ERR_NONE};
    for (size_t i = 0; i < COUNT_OF(jobs); i++) {
        if (jobs[i]->err.code != want[i])
            fail_msg("job %d: %s", (int)i, jobs[i]->err.text);
        store_job_free(jobs[i]);
    }
    assert_int_equal(kit_newest(s, "#a"), 4);
    struct store_job *j = kit_run(s, kit_edits("#a", NOTE, 0, 10));
    assert_int_equal(j->edits.n, 2);
    assert_str(j->edits.v[1].op, "[\"b\"]");
    store_job_free(j);
}

static void edit_that_contradicts_itself_is_our_fault(void **state)
{
    struct store *s = store_in(state);
    make_note(s);
    kit_ok(s, edit(1));
    struct store_job *j = edit(2);
    j->append.text.number = 9;
    kit_refused(s, j, ERR_INTERNAL);
    kit_refused(s, kit_keep(edit(2), 2, "not written yet", ""), ERR_INTERNAL);
    kit_refused(s, kit_keep(edit(2), -1, "", ""), ERR_INTERNAL);
    j = kit_keep(edit(2), 1, "1,", "");
    j->append.snapshot.number = 9;
    kit_refused(s, j, ERR_INTERNAL);
    kit_ok(s, kit_keep(edit(2), 1, "1,", ""));
}

static void never_edited_text_is_empty(void **state)
{
    struct store *s = store_in(state);
    make_note(s);
    struct store_job *j = kit_run(s, kit_text("#a", NOTE, INT64_MAX, 0));
    assert_edits(j, 1, 0);
    assert_int_equal(j->snapshot.version, 0);
    assert_int_equal(j->snapshot.text.n, 0);
    store_job_free(j);
    j = kit_run(s, kit_edits("#a", NOTE, 0, 10));
    assert_edits(j, 1, 0);
    assert_false(j->more);
    store_job_free(j);
}

static void text_comes_as_a_snapshot_and_what_is_behind_it(void **state)
{
    struct store *s = store_in(state);
    type(s);
    static const struct {
        int64_t version, until, snapshot, last;
    } rows[] = {
        {INT64_MAX, 0, 15, 20},
        {20, 0, 15, 20},
        {16, 0, 15, 16},
        {15, 0, 15, 15},
        {14, 0, 8, 14},
        {8, 0, 8, 8},
        {7, 0, 0, 7},
        {0, 0, 0, 0},
        {INT64_MAX, KIT_TIME(1), 0, 0},
        {INT64_MAX, KIT_TIME(2 + 7), 0, 7},
        {INT64_MAX, KIT_TIME(2 + 8), 8, 8},
        {INT64_MAX, KIT_TIME(2 + 12), 8, 12},
        {INT64_MAX, INT64_MAX, 15, 20},
        {10, KIT_TIME(2 + 12), 8, 10},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct store_job *j = kit_run(s, kit_text("#a", NOTE, rows[i].version, rows[i].until));
        if (j->snapshot.version != rows[i].snapshot)
            fail_msg("row %zu: snapshot of %d", i, (int)j->snapshot.version);
        assert_edits(j, rows[i].snapshot + 1, rows[i].last);
        if (rows[i].snapshot == 8) {
            assert_str(j->snapshot.text, "8,7,6,5,4,3,2,1,");
            assert_str(j->snapshot.blame, "blame of 8");
            assert_int_equal(j->snapshot.time, KIT_TIME(2 + 8));
        }
        if (rows[i].snapshot == 15)
            assert_str(j->snapshot.text, "fifteen\n\xc3\xa9\xf0\x9f\x98\x80");
        store_job_free(j);
    }
}

static void edits_come_in_pages_from_either_end(void **state)
{
    struct store *s = store_in(state);
    type(s);
    static const struct {
        int64_t from, limit, first, last;
        bool more;
    } rows[] = {
        {0, 5, 1, 5, true},           {5, 10, 6, 15, true},    {15, 5, 16, 20, false},
        {15, 6, 16, 20, false},       {20, 5, 1, 0, false},    {99, 5, 1, 0, false},
        {INT64_MAX, 5, 1, 0, false},  {0, 100, 1, 20, false},  {0, 0, 1, 0, true},
        {INT64_MIN, 5, 16, 20, true}, {-21, 20, 1, 20, false}, {-21, 19, 2, 20, true},
        {-16, 5, 11, 15, true},       {-6, 5, 1, 5, false},    {-2, 5, 1, 1, false},
        {-1, 5, 1, 0, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct store_job *j = kit_run(s, kit_edits("#a", NOTE, rows[i].from, rows[i].limit));
        assert_edits(j, rows[i].first, rows[i].last);
        if (j->more != rows[i].more)
            fail_msg("row %zu: more is %d", i, j->more);
        store_job_free(j);
    }
}

static void page_of_edits_keeps_to_its_bytes(void **state)
{
    struct store *s = store_in(state);
    type(s);
    static const struct {
        int64_t from;
        size_t bytes;
        int64_t first, last;
    } rows[] = {{0, 1, 1, 1}, {0, 300, 1, 3}, {-21, 1, 20, 20}, {-21, 300, 18, 20}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct store_job *j = kit_edits("#a", NOTE, rows[i].from, 100);
        j->bytes_limit = rows[i].bytes;
        kit_run(s, j);
        assert_edits(j, rows[i].first, rows[i].last);
        assert_true(j->more);
        store_job_free(j);
    }
}

static void snapshots_are_listed(void **state)
{
    struct store *s = store_in(state);
    type(s);
    struct store_job *j = kit_read(JOB_SNAPSHOTS, "#a", 0, 0);
    j->text = NOTE;
    kit_run(s, j);
    assert_int_equal(j->versions.n, 2);
    assert_int_equal(j->versions.v[0], 8);
    assert_int_equal(j->versions.v[1], 15);
    store_job_free(j);
}

static void texts_of_rooms_and_numbers_are_apart(void **state)
{
    struct store *s = store_in(state);
    type(s);
    kit_ok(s, kit_room("#b", 50));
    kit_ok(s, kit_edit("#b", 2, 51, NOTE, 1, "[\"b1\"]"));
    kit_ok(s, kit_keep(kit_edit("#b", 3, 52, NOTE, 2, "[\"b2\"]"), 1, "b1", "B"));
    kit_ok(s, kit_edit("#a", 23, 53, 2, 1, "[\"a2\"]"));
    struct store_job *j = kit_run(s, kit_text("#b", NOTE, INT64_MAX, 0));
    assert_int_equal(j->snapshot.version, 1);
    assert_str(j->snapshot.text, "b1");
    assert_int_equal(j->edits.n, 1);
    assert_str(j->edits.v[0].op, "[\"b2\"]");
    store_job_free(j);
    j = kit_run(s, kit_edits("#a", 2, 0, 100));
    assert_int_equal(j->edits.n, 1);
    assert_str(j->edits.v[0].op, "[\"a2\"]");
    store_job_free(j);
}

/* Quotes, braces and field names inside strings are what the reader of an event trips over. */
static void any_operation_comes_back_as_it_was_written(void **state)
{
    struct store *s = store_in(state);
    static const char *const ops[] = {
        "[]",
        "[1]",
        "[{\"d\":3}]",
        "[5,\"new\",{\"d\":3},2097152]",
        "[\",\\\"op\\\":[\"]",
        "[\"}],\\\"note\\\":1,\\\"version\\\":6,\\\"op\\\":[\"]",
        "[\"\\\\\\\",\\\\\"]",
        "[\"\\n\\t\\u0001 \xc3\xa9\xf0\x9f\x98\x80\"]",
    };
    make_note(s);
    for (size_t i = 0; i < COUNT_OF(ops); i++) {
        int64_t v = (int64_t)i + 1;
        kit_ok(s, kit_edit("#a", 2 + v, 2 + v, NOTE, v, ops[i]));
    }
    struct store_job *j = kit_run(s, kit_edits("#a", NOTE, 0, 100));
    assert_int_equal(j->edits.n, COUNT_OF(ops));
    for (size_t i = 0; i < COUNT_OF(ops); i++)
        assert_str(j->edits.v[i].op, ops[i]);
    store_job_free(j);
}

static void long_operation_and_snapshot_are_kept(void **state)
{
    struct store *s = store_in(state);
    size_t size = 4 << 20, op_n = OP_MAX - 4;
    char *text = mem_new(size + 1), *op = mem_new(op_n + 5);
    for (size_t i = 0; i < size; i++)
        text[i] = (char)('a' + i % 26);
    op[0] = '[';
    op[1] = '"';
    memcpy(op + 2, text, op_n);
    memcpy(op + 2 + op_n, "\"]", 3);
    make_note(s);
    kit_ok(s, kit_edit("#a", 3, 3, NOTE, 1, op));
    kit_ok(s, kit_keep(kit_edit("#a", 4, 4, NOTE, 2, "[]"), 1, text, "b"));
    struct store_job *j = kit_run(s, kit_text("#a", NOTE, 2, 0));
    assert_int_equal(j->err.code, ERR_NONE);
    assert_int_equal(j->snapshot.text.n, size);
    assert_memory_equal(j->snapshot.text.p, text, size);
    store_job_free(j);
    j = kit_run(s, kit_edits("#a", NOTE, 0, 1));
    assert_true(str_is(j->edits.v[0].op, op));
    store_job_free(j);
    free(text);
    free(op);
}

static void text_of_an_unknown_room_is_refused(void **state)
{
    static const enum store_job_kind kinds[] = {JOB_TEXT, JOB_EDITS, JOB_SNAPSHOTS};
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        kit_refused(store_in(state), kit_read(kinds[i], "#nowhere", 0, 10), ERR_NOT_FOUND);
}

int store_contract_text_run(const char *name, struct store *(*open)(void))
{
    struct CMUnitTest tests[] = {
        ROW(notes_are_as_the_last_event_left_them),
        ROW(cards_and_notes_are_numbered_together),
        ROW(retry_gets_the_number_of_its_note),
        ROW(text_is_as_new_as_its_newest_edit),
        ROW(edit_is_an_event_like_any_other),
        ROW(version_that_does_not_follow_fails_alone),
        ROW(edit_that_contradicts_itself_is_our_fault),
        ROW(never_edited_text_is_empty),
        ROW(text_comes_as_a_snapshot_and_what_is_behind_it),
        ROW(edits_come_in_pages_from_either_end),
        ROW(page_of_edits_keeps_to_its_bytes),
        ROW(snapshots_are_listed),
        ROW(texts_of_rooms_and_numbers_are_apart),
        ROW(any_operation_comes_back_as_it_was_written),
        ROW(long_operation_and_snapshot_are_kept),
        ROW(text_of_an_unknown_room_is_refused),
    };
    return contract_run(name, open, tests, COUNT_OF(tests));
}
