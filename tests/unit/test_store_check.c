#include "store_check.h"
#include "store_folder.h"
#include "store_kit.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A room in which everything has happened, and a second one. */
static void live(struct store *s)
{
    struct store_task one = {1, STR("one"), STR("Todo"), STR("V"), false};
    struct store_task two = {2, STR("two"), STR("Todo"), STR("W"), false};
    kit_ok(s, kit_room("#a", 1));
    kit_ok(s, kit_message("#a", 2, 2, "hello"));
    kit_ok(s, kit_member("#a", 3, 0, "bo", ROLE_MEMBER));
    kit_ok(s, kit_member("#a", 4, 4, "cy", ROLE_OBSERVER));
    kit_ok(s, kit_member("#a", 5, 5, "cy", ROLE_NONE));
    kit_ok(s, kit_task("#a", 6, 6, MSG_TASK_ADDED, one));
    kit_ok(s, kit_task("#a", 7, 7, MSG_TASK_ADDED, two));
    one.title = STR("eins");
    kit_ok(s, kit_task("#a", 8, 8, MSG_TASK_EDITED, one));
    one.column = STR("Done");
    one.key = STR("k");
    kit_ok(s, kit_task("#a", 9, 9, MSG_TASK_MOVED, one));
    two.archived = true;
    kit_ok(s, kit_task("#a", 10, 10, MSG_TASK_ARCHIVED, two));
    two.archived = false;
    two.column = STR("Doing");
    kit_ok(s, kit_task("#a", 11, 11, MSG_TASK_RESTORED, two));
    one.archived = true;
    kit_ok(s, kit_task("#a", 12, 12, MSG_TASK_ARCHIVED, one));
    kit_ok(s, kit_message("#a", 13, 13, "bye"));
    kit_ok(s, kit_room("#b", 14));
}

static void sound_store_passes(void **state)
{
    (void)state;
    struct store *s = store_mem_new();
    struct buf report = {0};
    struct err e = {0};
    assert_true(store_check_logs(s, &report, &e));
    live(s);
    if (!store_check_logs(s, &report, &e))
        fail_msg("%s\n%s", e.text, buf_cstr(&report));
    assert_int_equal(report.n, 0);
    s->close(s);
}

static void sound_file_passes_also_while_it_is_written(void **state)
{
    (void)state;
    struct folder f;
    folder_make(&f);
    struct store *s = folder_open(&f);
    live(s);
    struct buf report = {0};
    struct err e = {0};
    if (!store_check(f.db, &report, &e))
        fail_msg("%s\n%s", e.text, buf_cstr(&report));
    s->close(s);
    assert_true(store_check(f.db, &report, &e));
    folder_drop(&f);
}

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *db;
    char *why = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", sql, why);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void each_disagreement_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *words;
    } rows[] = {
        {"DELETE FROM events WHERE seq = 5", "lacks event 5"},
        {"DELETE FROM events WHERE room = 2", "has no log"},
        {"UPDATE events SET json = 'x' WHERE seq = 2", "event 2: the stored bytes cannot"},
        {"UPDATE events SET json = '{\"type\":\"ping\",\"id\":1}' WHERE seq = 2", "event 2: "},
        {"UPDATE events SET json = replace(json, '\"seq\":2', '\"seq\":3') WHERE seq = 2",
         "says that it is event 3"},
        {"UPDATE events SET request = 99 WHERE seq = 7", "event 7: its request is not found"},
        {"UPDATE events SET kind = 'member' WHERE seq = 2",
         "the chat has 1 messages, the log 2"},
        {"UPDATE events SET json = replace(json, '\"task\":1', '\"task\":5') WHERE seq = 8",
         "event 8: the event does not fit the board"},
        {"UPDATE rooms SET is_public = 0 WHERE id = 1", "whether the room is public"},
        {"UPDATE members SET role = 'owner' WHERE user = 'bo'", "has bo as owner"},
        {"DELETE FROM members WHERE user = 'bo'", "the table has 1 members, the log 2"},
        {"INSERT INTO members VALUES (1, 'eve', 'owner')", "has eve as owner, the log as none"},
        {"UPDATE columns SET name = 'Tada' WHERE room = 1 AND place = 0", "column 1 is Tada"},
        {"DELETE FROM columns WHERE room = 2 AND place = 2", "has 2 columns, the log 3"},
        {"UPDATE tasks SET title = 'x' WHERE number = 2", "card 2 has another title"},
        {"UPDATE tasks SET column = 'Todo' WHERE number = 2", "card 2 stands elsewhere"},
        {"UPDATE tasks SET key = 'z' WHERE number = 2", "card 2 stands elsewhere"},
        {"UPDATE tasks SET archived = 0 WHERE number = 1", "card 1 is not archived"},
        {"DELETE FROM tasks WHERE number = 2", "the table has 1 cards, the log 2"},
        {"INSERT INTO tasks VALUES (1, 9, 'x', 'Todo', 'z', 0)",
         "card 9 is in the table and not"},
        {"PRAGMA foreign_keys = OFF; INSERT INTO members VALUES (77, 'x', 'owner')",
         "row without its room in table: members"},
    };
    struct folder whole, f;
    folder_make(&whole);
    folder_make(&f);
    struct store *s = folder_open(&whole);
    live(s);
    s->close(s);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf report = {0};
        struct err e = {0};
        folder_copy(&whole, &f);
        run_sql(f.db, rows[i].sql);
        bool ok = store_check(f.db, &report, &e);
        if (ok || !strstr(buf_cstr(&report), rows[i].words))
            fail_msg("%s\nis answered by (%s)\n%s", rows[i].sql, e.text, buf_cstr(&report));
        assert_int_equal(e.code, ERR_STORE);
        assert_non_null(strstr(e.text, "fault"));
        buf_finish(&report);
    }
    folder_drop(&f);
    folder_drop(&whole);
}

static void what_cannot_be_checked_is_said(void **state)
{
    (void)state;
    struct buf report = {0};
    struct err e = {0};
    assert_false(store_check("/tmp/no/such/moot.db", &report, &e));
    assert_non_null(strstr(e.text, "cannot be opened"));
    assert_int_equal(report.n, 0);
}

static void check_makes_no_file(void **state)
{
    (void)state;
    struct folder f;
    struct stat st;
    folder_make(&f);
    struct buf report = {0};
    assert_false(store_check(f.db, &report, NULL));
    assert_int_not_equal(stat(f.db, &st), 0);
    folder_drop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_store_passes),
        cmocka_unit_test(sound_file_passes_also_while_it_is_written),
        cmocka_unit_test(each_disagreement_is_named),
        cmocka_unit_test(what_cannot_be_checked_is_said),
        cmocka_unit_test(check_makes_no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
