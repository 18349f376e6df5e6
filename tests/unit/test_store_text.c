/* Texts in a file: how old files get them, and that what is damaged is never taken for a text.
 */
#include "store_folder.h"
#include "store_kit.h"
#include "store_schema.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { NOTE = 1, EDITS = 10, KEPT = 4 };

/* Room #a, the note, ten edits of it with a snapshot of version 4: events 1 to 12. */
static void fill(struct store *s)
{
    struct store_note note = {NOTE, STR("plan"), false, KIT_TIME(2), STR("ana")};
    kit_ok(s, kit_room("#a", 1));
    kit_ok(s, kit_note("#a", 2, 2, MSG_NOTE_CREATED, note));
    for (int64_t v = 1; v <= EDITS; v++) {
        struct store_job *j = kit_edit("#a", 2 + v, 2 + v, NOTE, v, "[\"word \"]");
        if (v == KEPT + 1)
            kit_keep(j, KEPT, "word word word word ", "blame");
        kit_ok(s, j);
    }
}

/* ---- old files ---- */

static void make_first_schema(const struct folder *f)
{
    folder_sql(f, store_steps[0].sql);
    folder_sql(f, "PRAGMA application_id = 1836019572; PRAGMA user_version = 1;"
                  "INSERT INTO rooms VALUES (1, '#a', 1);"
                  "INSERT INTO members VALUES (1, 'ana', 'owner');"
                  "INSERT INTO tasks VALUES (1, 6, 'a card', 'Todo', 'V', 0);"
                  "INSERT INTO events VALUES"
                  " (1, 1, 5, 'room.created', 'ana', 'client01', 1, 0, '{}'),"
                  " (1, 2, 6, 'task.added', 'ana', 'client01', 2, 6, '{}')");
}

static void old_file_gets_texts(void **state)
{
    const struct folder *f = *state;
    make_first_schema(f);
    struct store *s = folder_open(f);
    struct store_job *j = kit_run(s, kit_read(JOB_ROOM, "#a", 0, 0));
    assert_int_equal(j->err.code, ERR_NONE);
    assert_int_equal(j->rooms.v[0].seq, 2);
    assert_int_equal(j->rooms.v[0].next_number, 7);
    assert_int_equal(j->rooms.v[0].tasks.n, 1);
    assert_int_equal(j->rooms.v[0].notes.n, 0);
    assert_int_equal(j->rooms.v[0].texts.n, 0);
    store_job_free(j);
    kit_ok(s, kit_edit("#a", 3, 3, 6, 1, "[\"of an old card\"]"));
    s->close(s);
    s = folder_open(f);
    j = kit_run(s, kit_text("#a", 6, INT64_MAX, 0));
    assert_int_equal(j->edits.n, 1);
    store_job_free(j);
    s->close(s);
}

/* A file that has the table by some accident is left as it was. */
static void migration_that_fails_changes_nothing(void **state)
{
    const struct folder *f = *state;
    make_first_schema(f);
    folder_sql(f, "CREATE TABLE snapshots (x)");
    struct err e = {0};
    assert_null(store_sqlite_open(f->db, &e));
    assert_int_equal(e.code, ERR_STORE);
    folder_sql(f, "DROP TABLE snapshots");
    struct store *s = folder_open(f);
    kit_ok(s, kit_edit("#a", 3, 3, 6, 1, "[\"x\"]"));
    s->close(s);
}

static void texts_are_there_after_a_restart(void **state)
{
    struct store *s = folder_open(*state);
    fill(s);
    s->close(s);
    s = folder_open(*state);
    struct store_job *j = kit_run(s, kit_text("#a", NOTE, INT64_MAX, 0));
    assert_int_equal(j->snapshot.version, KEPT);
    assert_true(str_is(j->snapshot.text, "word word word word "));
    assert_int_equal(j->edits.n, EDITS - KEPT);
    store_job_free(j);
    kit_refused(s, kit_edit("#a", 13, 13, NOTE, EDITS, "[]"), ERR_CONFLICT);
    kit_ok(s, kit_edit("#a", 13, 13, NOTE, EDITS + 1, "[]"));
    s->close(s);
}

/* ---- damage ---- */

/* Every row below makes one of these unreadable, in words that name the text. */
static void damage_is_an_error_and_never_a_shorter_text(void **state)
{
    static const struct {
        const char *sql;
        bool text, up, down; /* which reads have to fail */
        const char *words;
    } rows[] = {
        {"UPDATE events SET version = NULL WHERE version = 7", true, true, true,
         "text 1 of room #a lacks version 7"},
        {"UPDATE events SET version = 77 WHERE version = 7", true, true, true, "version 7"},
        {"DELETE FROM events WHERE version = 7", true, true, true, "lacks version 7"},
        {"DELETE FROM events WHERE version = 1", false, true, true, "lacks version 1"},
        {"DELETE FROM events WHERE version = 5", true, true, true, "lacks version 5"},
        {"DELETE FROM events WHERE version >= 4", true, false, false, "lacks version 4"},
        {"DELETE FROM events WHERE version >= 1", true, false, false, "lacks version 4"},
        {"UPDATE events SET json = '' WHERE version = 7", true, true, true,
         "version 7 of text 1 of room #a cannot be read"},
        {"UPDATE events SET json = substr(json, 1, length(json) - 2) WHERE version = 7", true,
         true, true, "version 7 of text 1 of room #a cannot be read"},
        {"UPDATE events SET json = replace(json, '\"note\":1', '\"note\":2') WHERE version = 7",
         true, true, true, "it is another event"},
        {"UPDATE events SET json = replace(json, 'word', CAST(x'c328' AS TEXT))"
         " WHERE version = 7",
         true, true, true, "it is no text in UTF-8"},
        {"UPDATE events SET author = CAST(x'ff' AS TEXT) WHERE version = 7", true, true, true,
         "it is no text in UTF-8"},
        {"UPDATE snapshots SET text = CAST(x'f09f98' AS TEXT)", true, false, false,
         "text 1 of room #a is damaged as it was kept at version 4"},
        {"UPDATE snapshots SET blame = CAST(x'ff' AS TEXT)", true, false, false, "damaged"},
    };
    const struct folder *f = *state;
    struct folder whole;
    folder_make(&whole);
    struct store *s = folder_open(&whole);
    fill(s);
    s->close(s);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        folder_copy(&whole, (struct folder *)f);
        folder_sql(f, rows[i].sql);
        s = folder_open(f);
        struct store_job *jobs[] = {kit_text("#a", NOTE, INT64_MAX, 0),
                                    kit_edits("#a", NOTE, 0, 100),
                                    kit_edits("#a", NOTE, -100, 100)};
        bool fails[] = {rows[i].text, rows[i].up, rows[i].down};
        for (size_t k = 0; k < COUNT_OF(jobs); k++) {
            const struct store_job *j = kit_run(s, jobs[k]);
            if (j->err.code != (fails[k] ? ERR_STORE : ERR_NONE) ||
                (fails[k] &&
                 (!strstr(j->err.text, rows[i].words) || j->edits.n || j->snapshot.version)))
                fail_msg("%s: read %zu says \"%s\"", rows[i].sql, k, j->err.text);
            store_job_free(jobs[k]);
        }
        s->close(s);
    }
    folder_drop(&whole);
}

/* As another version, or a person with an editor, may have put it down. */
static void operation_is_found_wherever_it_stands_in_its_event(void **state)
{
    const struct folder *f = *state;
    struct store *s = folder_open(f);
    fill(s);
    folder_sql(f,
               "UPDATE events SET json = '{\"op\": [ \"w\\u00f6rd\" , 7 ],' || substr(json, 2,"
               " instr(json, ',\"op\"') - 2) || '}' WHERE version = 7");
    struct store_job *j = kit_run(s, kit_edits("#a", NOTE, 6, 1));
    if (j->err.code != ERR_NONE)
        fail_msg("%s", j->err.text);
    assert_true(str_is(j->edits.v[0].op, "[\"w\xc3\xb6rd\",7]"));
    store_job_free(j);
    s->close(s);
}

/* ---- how it is found ---- */

static void assert_plan(const struct folder *f, const char *sql, const char *part)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    char text[400];
    snprintf(text, sizeof text, "EXPLAIN QUERY PLAN %s", sql);
    assert_int_equal(sqlite3_open(f->db, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, text, -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    const char *plan = (const char *)sqlite3_column_text(st, 3);
    if (!strstr(plan, part))
        fail_msg("\"%s\" is no \"%s\"", plan, part);
    assert_int_equal(sqlite3_step(st), SQLITE_DONE);
    sqlite3_finalize(st);
    sqlite3_close(db);
}

static void reads_of_texts_are_searches(void **state)
{
    static const struct {
        const char *sql, *part;
    } rows[] = {
        {"SELECT version, json FROM events INDEXED BY events_text WHERE room = 1 AND number = 2"
         " AND version >= 3 AND version <= 4 ORDER BY version",
         "events_text (room=? AND number=? AND version>? AND version<?)"},
        {"SELECT version, json FROM events INDEXED BY events_text WHERE room = 1 AND number = 2"
         " AND version <= 4 ORDER BY version DESC",
         "events_text (room=? AND number=? AND version<?)"},
        {"SELECT max(version) FROM events INDEXED BY events_text WHERE room = 1 AND number = 2"
         " AND version IS NOT NULL",
         "COVERING INDEX events_text (room=? AND number=?"},
        {"SELECT min(number) FROM events INDEXED BY events_text WHERE room = 1 AND number > 2"
         " AND version IS NOT NULL",
         "COVERING INDEX events_text (room=? AND number>?)"},
        {"SELECT text FROM snapshots WHERE room = 1 AND number = 2 AND version <= 3"
         " AND time <= 4 ORDER BY version DESC LIMIT 1",
         "(room=? AND number=? AND version<?)"},
    };
    struct store *s = folder_open(*state);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_plan(*state, rows[i].sql, rows[i].part);
    s->close(s);
}

#define ROW(name) cmocka_unit_test_setup_teardown(name, folder_set_up, folder_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(old_file_gets_texts),
        ROW(migration_that_fails_changes_nothing),
        ROW(texts_are_there_after_a_restart),
        ROW(damage_is_an_error_and_never_a_shorter_text),
        ROW(operation_is_found_wherever_it_stands_in_its_event),
        ROW(reads_of_texts_are_searches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
