#include "store_check.h"
#include "store_folder.h"
#include "store_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void sound_store_passes(void **state)
{
    (void)state;
    struct store *s = store_mem_new();
    struct buf report = {0};
    struct err e = {0};
    assert_true(store_check_logs(s, &report, &e));
    kit_live(s);
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
    kit_live(s);
    struct buf report = {0};
    struct err e = {0};
    if (!store_check(f.db, &report, &e))
        fail_msg("%s\n%s", e.text, buf_cstr(&report));
    s->close(s);
    assert_true(store_check(f.db, &report, &e));
    folder_drop(&f);
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
         "the chat has 3 messages, the log 4"},
        {"UPDATE events SET json = replace(json, '\"task\":1', '\"task\":5') WHERE seq = 8",
         "event 8: the event does not fit the board"},
        {"INSERT INTO search (search) VALUES ('delete-all')",
         "the index of words says something else than the texts of room #a"},
        {"INSERT INTO search (rowid, words, tags) VALUES (7, 'a', 'b')",
         "than the texts of room none that is there"},
        {"DELETE FROM search_behind", "index of words says something else than the texts of"},
        {"UPDATE search_behind SET seq = 6", "index of words says something else than"},
        {"UPDATE search_behind SET seq = 13", "index of words says something else than"},
        {"DELETE FROM search_changed", "index of words says something else than"},
        {"UPDATE search_changed SET text = 'x'", "index of words says something else than"},
        {"DELETE FROM search_stale", "text that a search finds by an old version in room: #a"},
        {"UPDATE rooms SET is_public = 0 WHERE id = 1", "whether the room is public"},
        {"INSERT OR REPLACE INTO markers VALUES (1, 'bo', 0, 99)",
         "read marker behind the log of: bo in room #a, at event 99"},
        {"UPDATE rooms SET topic = 'x' WHERE id = 1", "the topic is 'x' in the table"},
        {"UPDATE members SET role = 'owner' WHERE user = 'bo'", "has bo as owner"},
        {"DELETE FROM members WHERE user = 'bo'", "the table has 1 members, the log 2"},
        {"INSERT INTO members VALUES (1, 'eve', 'owner')", "has eve as owner, the log as none"},
        {"UPDATE columns SET name = 'Tada' WHERE room = 1 AND place = 0", "column 1 is Tada"},
        {"DELETE FROM columns WHERE room = 2 AND place = 2", "has 2 columns, the log 3"},
        {"UPDATE tasks SET title = 'x' WHERE number = 2", "card 2 has another title"},
        {"UPDATE tasks SET column = 'Todo' WHERE number = 2", "card 2 stands elsewhere"},
        {"UPDATE tasks SET key = 'z' WHERE number = 2", "card 2 stands elsewhere"},
        {"UPDATE tasks SET fields = '' WHERE number = 1", "card 1 has other fields"},
        {"UPDATE tasks SET archived = 0 WHERE number = 1", "card 1 is not archived"},
        {"DELETE FROM tasks WHERE number = 2", "the table has 1 cards, the log 2"},
        {"INSERT INTO tasks VALUES (1, 9, 'x', 'Todo', 'z', 0, '')",
         "card 9 is in the table and not"},
        {"UPDATE notes SET name = 'x' WHERE number = 3", "note 3 has another name"},
        {"UPDATE notes SET archived = 0 WHERE number = 4", "note 4 is not archived"},
        {"UPDATE notes SET time = 7 WHERE number = 4", "note 4 was made by another or"},
        {"UPDATE notes SET author = 'bo' WHERE number = 4", "note 4 was made by another or"},
        {"DELETE FROM notes WHERE number = 4", "the table has 1 notes, the log 2"},
        {"INSERT INTO notes VALUES (1, 9, 'x', 0, 1, 'ana')", "note 9 is in the table and"},
        {"UPDATE events SET json = replace(json, '\"note\":3', '\"note\":2') WHERE seq = 14",
         "event 14: number 2 is given away a second"},
        {"UPDATE events SET json = replace(json, '\"note\":3', '\"note\":7') WHERE seq = 16",
         "event 16: there is no note 7"},
        {"UPDATE events SET json = replace(json, '\"note\":2', '\"note\":7') WHERE seq = 28",
         "event 28: 7 is the number of no note and no card"},
        {"UPDATE events SET json = replace(json, '\"version\":2,', '\"version\":4,')"
         " WHERE seq = 29",
         "event 29: version 4 of text 2 comes behind version 1"},
        {"UPDATE events SET json = replace(json, '[4,', '[44,') WHERE seq = 21",
         "event 21: version 2 does not fit text 3"},
        {"UPDATE events SET json = replace(json, '[4,', '[4,4,') WHERE seq = 21",
         "event 21: version 2 does not fit text 3"},
        {"UPDATE events SET json = replace(json, 'long', 'dark') WHERE seq = 21",
         "text 3 at version 3 says something else"},
        {"UPDATE events SET version = NULL WHERE seq = 29", "text 2 is at version 1 by its"},
        {"UPDATE events SET version = NULL WHERE seq = 24",
         "text 3 of room #a lacks version 5"},
        {"UPDATE events SET version = NULL WHERE seq > 27", "index has 1 texts, the log 2"},
        {"UPDATE events SET time = 7 WHERE seq = 29",
         "version 2 of text 2 has another author or"},
        {"UPDATE snapshots SET text = text || 'x' WHERE version = 3",
         "snapshot of text 3 at version 3 says something else"},
        {"UPDATE snapshots SET text = CAST(x'ff' AS TEXT) WHERE version = 3",
         "text 3 of room #a is damaged as it was kept at version 3"},
        {"UPDATE snapshots SET blame = replace(blame, 'ana', 'bob') WHERE version = 6",
         "snapshot of text 3 at version 6 names other authors"},
        {"UPDATE snapshots SET time = 7 WHERE version = 6", "version 6 has another time"},
        {"UPDATE snapshots SET version = 99 WHERE version = 6",
         "snapshot without its edit in room: #a, text 3, version 99"},
        {"UPDATE snapshots SET number = 1 WHERE version = 3",
         "snapshot without its edit in room: #a, text 1, version 3"},
        {"UPDATE messages SET text = 'ho' WHERE seq = 13",
         "message 13 says something else in the table than in the log"},
        {"UPDATE messages SET edited = edited + 1 WHERE seq = 13", "message 13 says something"},
        {"INSERT INTO messages (room, seq, text, edited) VALUES (1, 30, 'x', 5)",
         "message 30 says something else in the table than in the log"},
        {"UPDATE messages SET deleted = 'bo' WHERE seq = 13",
         "message 13 is deleted in the table"},
        {"UPDATE messages SET deleted = NULL, text = 'hello' WHERE seq = 2",
         "message 2 is deleted in the log only"},
        {"UPDATE reactions SET user = 'bo' WHERE seq = 33", "message 13 has other reactions"},
        {"DELETE FROM reactions WHERE seq = 34", "message 13 has other reactions"},
        {"INSERT INTO reactions VALUES (1, 31, ':x:', 'ana', 40)",
         "message 31 has other reactions"},
        {"DELETE FROM pins", "message 13 is pinned in the log only"},
        {"UPDATE pins SET message = 30", "message 30 is pinned in the table only"},
        {"UPDATE pins SET time = 1", "the pin of message 13 is another in the log"},
        {"INSERT INTO messages (room, seq, text, edited) VALUES (1, 6, 'x', 5)",
         "change of what is no message in room: #a, event 6"},
        {"INSERT INTO reactions VALUES (1, 99, ':x:', 'ana', 40)",
         "change of what is no message in room: #a, event 99"},
        {"UPDATE events SET json = replace(json, '\"message\":13', '\"message\":12')"
         " WHERE seq = 32",
         "event 12 was changed as a message and is none"},
        {"PRAGMA foreign_keys = OFF; INSERT INTO members VALUES (77, 'x', 'owner')",
         "row without its room in table: members"},
    };
    struct folder whole, f;
    folder_make(&whole);
    folder_make(&f);
    struct store *s = folder_open(&whole);
    kit_live(s);
    s->close(s);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf report = {0};
        struct err e = {0};
        folder_copy(&whole, &f);
        folder_sql(&f, rows[i].sql);
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

/* Two broken texts and a table: whoever has to mend it wants to know of all three. */
static void check_goes_on_behind_the_first_fault(void **state)
{
    (void)state;
    static const char *const words[] = {"event 21: version 2 does not fit text 3",
                                        "event 29: version 2 does not fit text 2",
                                        "note 4 has another name", "card 2 has another title"};
    struct folder f;
    folder_make(&f);
    struct store *s = folder_open(&f);
    kit_live(s);
    s->close(s);
    folder_sql(&f, "UPDATE events SET json = replace(json, '[4,', '[44,') WHERE seq = 21;"
                   "UPDATE events SET json = replace(json, '[2,', '[\"\",') WHERE seq = 29;"
                   "UPDATE notes SET name = 'x' WHERE number = 4;"
                   "UPDATE tasks SET title = 'x' WHERE number = 2");
    struct buf report = {0};
    struct err e = {0};
    assert_false(store_check(f.db, &report, &e));
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (!strstr(buf_cstr(&report), words[i]))
            fail_msg("\"%s\" is not in\n%s", words[i], buf_cstr(&report));
    buf_finish(&report);
    folder_drop(&f);
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
        cmocka_unit_test(check_goes_on_behind_the_first_fault),
        cmocka_unit_test(what_cannot_be_checked_is_said),
        cmocka_unit_test(check_makes_no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
