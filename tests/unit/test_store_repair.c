#include "store_check.h"
#include "store_folder.h"
#include "store_kit.h"
#include "store_repair.h"

#include <glob.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A sound database, and one to damage. */
struct pair {
    struct folder whole, f;
    struct buf dump; /* of the sound one */
};

static int make(void **state)
{
    struct pair *p = NEW(struct pair);
    folder_make(&p->whole);
    folder_make(&p->f);
    struct store *s = folder_open(&p->whole);
    kit_live(s);
    kit_ok(s, kit_user("ana", true, false, 3));
    s->close(s);
    folder_dump(&p->whole, &p->dump);
    *state = p;
    return 0;
}

static int drop(void **state)
{
    struct pair *p = *state;
    folder_drop(&p->whole);
    folder_drop(&p->f);
    buf_finish(&p->dump);
    free(p);
    return 0;
}

static void repair(const struct folder *f, struct buf *said)
{
    struct err e = {0};
    if (!store_repair(f->db, NULL, said, &e))
        fail_msg("%s\n%s", e.text, buf_cstr(said));
}

static bool is_sound(const struct folder *f, struct buf *report)
{
    return store_check(f->db, report, NULL);
}

/* Copies that were kept; removes them. */
static size_t kept(const struct folder *f)
{
    char pattern[128];
    glob_t found = {0};
    snprintf(pattern, sizeof pattern, "%s.before-repair-*", f->db);
    glob(pattern, 0, NULL, &found);
    size_t n = found.gl_pathc;
    for (size_t i = 0; i < n; i++)
        unlink(found.gl_pathv[i]);
    globfree(&found);
    return n;
}

static void assert_dump(const struct pair *p, const char *what)
{
    struct buf now = {0};
    folder_dump(&p->f, &now);
    if (!str_eq(buf_str(&now), buf_str(&p->dump)))
        fail_msg("%s\nwas\n%s\nis\n%s", what, p->dump.p, buf_cstr(&now));
    buf_finish(&now);
}

/* What the check says of the damage, and that the repair leaves no trace of it. */
static void what_follows_from_the_log_is_made_anew(void **state)
{
    struct pair *p = *state;
    static const struct {
        const char *sql, *words;
    } rows[] = {
        {"SELECT 1", ""},
        {"PRAGMA foreign_keys = OFF; DELETE FROM rooms WHERE id = 1", "without its room"},
        {"UPDATE rooms SET is_public = 0", "whether the room is public"},
        {"UPDATE rooms SET topic = 'x'", "the topic is 'x' in the table"},
        {"DELETE FROM members", "the table has 0 members"},
        {"UPDATE members SET role = 'observer'", "as observer, the log as owner"},
        {"PRAGMA foreign_keys = OFF; INSERT INTO members VALUES (77, 'x', 'owner')",
         "row without its room in table: members"},
        {"UPDATE columns SET name = 'Tada', most = 7 WHERE place = 0", "column 1 is Tada"},
        {"DELETE FROM columns", "the table has 0 columns"},
        {"UPDATE tasks SET title = 'x', column = 'Todo', key = 'z'", "another title"},
        {"UPDATE tasks SET archived = 1 - archived, fields = 'x'", "archived in the table"},
        {"DELETE FROM tasks; INSERT INTO tasks VALUES (1, 9, 'x', 'Todo', 'z', 0, '')",
         "card 9 is in the table and not in the log"},
        {"UPDATE notes SET name = name || 'x', time = 7", "another name"},
        {"DELETE FROM notes", "has 0 notes"},
        {"UPDATE messages SET text = 'x', deleted = NULL", "is deleted in the log only"},
        {"DELETE FROM messages; DELETE FROM reactions; DELETE FROM pins",
         "the table has 0 pins"},
        {"INSERT INTO reactions VALUES (1, 6, ':x:', 'bo', 8)", "change of what is no message"},
        {"UPDATE events SET reply = 7", "says something else than its event"},
        {"UPDATE events SET request = NULL", "says something else than its event"},
        {"UPDATE events SET request = -request; UPDATE events SET request = 31 + request",
         "says something else than its event"},
        {"UPDATE events SET time = 7, author = author || 'x', client = 'z' || seq, number = "
         "seq + 9",
         "says something else than its event"},
        {"UPDATE events SET kind = 'member'", "says something else than its event"},
        {"UPDATE events SET version = NULL WHERE seq > 20",
         "says something else than its event"},
        {"UPDATE snapshots SET text = 'lies', time = 3", "says something else than its edits"},
        {"UPDATE snapshots SET blame = 'x'", "names other authors"},
        {"INSERT INTO search (search) VALUES ('delete-all')", "the index of words says"},
        {"DELETE FROM search_behind", "the index of words says"},
        {"DELETE FROM search_changed", "the index of words says"},
        {"DELETE FROM search_stale", "finds by an old version"},
        {"INSERT INTO snapshots VALUES (1, 3, 99, 1, 'x', 'x')", "snapshot without its edit"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf report = {0}, said = {0};
        folder_copy(&p->whole, &p->f);
        folder_sql(&p->f, rows[i].sql);
        bool ok = is_sound(&p->f, &report);
        if (ok != (i == 0) || !strstr(buf_cstr(&report), rows[i].words))
            fail_msg("%s\nis answered by\n%s", rows[i].sql, buf_cstr(&report));
        repair(&p->f, &said);
        assert_int_equal(kept(&p->f), 1);
        buf_clear(&report);
        if (!is_sound(&p->f, &report))
            fail_msg("%s\nleaves\n%s", rows[i].sql, buf_cstr(&report));
        assert_dump(p, rows[i].sql);
        buf_finish(&report);
        buf_finish(&said);
    }
}

/* An index that lacks an entry: it is hidden while its table changes. */
static void index_that_lacks_a_row_is_made_anew(void **state)
{
    struct pair *p = *state;
    struct buf report = {0}, said = {0};
    folder_copy(&p->whole, &p->f);
    folder_sql(&p->f, "UPDATE events SET kind = 'x' WHERE room = 1 AND seq = 13;"
                      "CREATE TABLE hidden AS SELECT * FROM sqlite_schema"
                      " WHERE name = 'events_message'");
    folder_sql(&p->f, "PRAGMA writable_schema = ON;"
                      "DELETE FROM sqlite_schema WHERE name = 'events_message'");
    folder_sql(&p->f, "UPDATE events SET kind = 'message' WHERE room = 1 AND seq = 13;"
                      "PRAGMA writable_schema = ON;"
                      "INSERT INTO sqlite_schema SELECT * FROM hidden");
    folder_sql(&p->f, "DROP TABLE hidden");
    assert_false(is_sound(&p->f, &report));
    assert_non_null(strstr(buf_cstr(&report), "missing from index events_message"));
    repair(&p->f, &said);
    buf_clear(&report);
    if (!is_sound(&p->f, &report))
        fail_msg("%s", buf_cstr(&report));
    assert_dump(p, "an index");
    buf_finish(&report);
    buf_finish(&said);
}

/* ---- a file that is broken ---- */

struct tree {
    char name[64];
    long page;
};

static size_t trees_of(const struct folder *f, struct tree *v, size_t most)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    size_t n = 0;
    assert_int_equal(sqlite3_open(f->db, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT name, max(pageno) FROM dbstat"
                                        " WHERE name <> 'sqlite_schema' GROUP BY name",
                                        -1, &st, NULL),
                     SQLITE_OK);
    for (; sqlite3_step(st) == SQLITE_ROW; n++) {
        assert_true(n < most);
        snprintf(v[n].name, sizeof v[n].name, "%s", sqlite3_column_text(st, 0));
        v[n].page = (long)sqlite3_column_int64(st, 1);
    }
    sqlite3_finalize(st);
    sqlite3_close(db);
    return n;
}

static void break_page(const struct folder *f, long page)
{
    enum { PAGE = 4096 };
    char noise[PAGE];
    FILE *file = fopen(f->db, "r+");
    assert_non_null(file);
    memset(noise, 0xa5, sizeof noise);
    assert_int_equal(fseek(file, (page - 1) * PAGE, SEEK_SET), 0);
    assert_int_equal(fwrite(noise, 1, sizeof noise, file), sizeof noise);
    fclose(file);
}

static bool is_one_of(const char *name, const char *names)
{
    char word[80];
    snprintf(word, sizeof word, " %s ", name);
    return strstr(names, word) != NULL;
}

static void page_that_cannot_be_read_costs_nothing_that_the_log_has(void **state)
{
    struct pair *p = *state;
    struct tree trees[80];
    size_t n = trees_of(&p->whole, trees, COUNT_OF(trees));
    for (size_t i = 0; i < n; i++) {
        const struct tree *t = &trees[i];
        struct buf report = {0}, said = {0};
        struct err e = {0};
        bool is_source = is_one_of(t->name, " events users tokens hooks ");
        folder_copy(&p->whole, &p->f);
        break_page(&p->f, t->page);
        if (is_sound(&p->f, &report) || !strstr(buf_cstr(&report), "damaged table"))
            fail_msg("%s is broken, and that is answered by\n%s", t->name, buf_cstr(&report));
        if (store_repair(p->f.db, NULL, &said, &e) == is_source)
            fail_msg("%s: %s\n%s", t->name, e.text, buf_cstr(&said));
        if (is_source)
            assert_non_null(strstr(e.text, "restore a backup"));
        assert_int_equal(kept(&p->f), 1);
        buf_clear(&report);
        if (!is_source && !is_sound(&p->f, &report))
            fail_msg("%s leaves\n%s", t->name, buf_cstr(&report));
        if (!is_source && !is_one_of(t->name, " audit marks markers minutes snapshots "))
            assert_dump(p, t->name);
        buf_finish(&report);
        buf_finish(&said);
    }
}

static void table_or_index_that_is_not_there_is_made_anew(void **state)
{
    struct pair *p = *state;
    static const struct {
        const char *sql, *words;
    } rows[] = {
        {"DROP TABLE pins", "missing table: pins"},
        {"DROP TABLE tasks", "missing table: tasks"},
        {"DROP INDEX events_about", "missing index: events_about"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf report = {0}, said = {0};
        folder_copy(&p->whole, &p->f);
        folder_sql(&p->f, rows[i].sql);
        assert_false(is_sound(&p->f, &report));
        if (!strstr(buf_cstr(&report), rows[i].words))
            fail_msg("%s\nis answered by\n%s", rows[i].sql, buf_cstr(&report));
        repair(&p->f, &said);
        kept(&p->f);
        buf_clear(&report);
        if (!is_sound(&p->f, &report))
            fail_msg("%s\nleaves\n%s", rows[i].sql, buf_cstr(&report));
        assert_dump(p, rows[i].sql);
        buf_finish(&report);
        buf_finish(&said);
    }
}

/* The tables of a room may be all that is left of it. */
static void room_whose_log_is_damaged_is_left_alone(void **state)
{
    struct pair *p = *state;
    static const char *const rows[] = {
        "DELETE FROM events WHERE room = 1 AND seq = 5",
        "DELETE FROM events WHERE room = 1 AND seq > 2 AND seq < 9",
        "UPDATE events SET json = 'x' WHERE room = 1 AND seq = 2",
        "UPDATE events SET json = '{\"type\":\"ping\",\"id\":1}' WHERE room = 1 AND seq = 2",
        "UPDATE events SET json = replace(json, '[4,', '[44,') WHERE room = 1 AND seq = 21",
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf before = {0}, after = {0}, said = {0}, report = {0};
        folder_copy(&p->whole, &p->f);
        folder_sql(&p->f, rows[i]);
        folder_dump(&p->f, &before);
        repair(&p->f, &said);
        assert_non_null(strstr(buf_cstr(&said), "room #a: left alone"));
        assert_null(strstr(buf_cstr(&said), "room #b: left alone"));
        folder_dump(&p->f, &after);
        assert_string_equal(buf_cstr(&before), buf_cstr(&after));
        assert_false(is_sound(&p->f, &report));
        kept(&p->f);
        buf_finish(&before);
        buf_finish(&after);
        buf_finish(&said);
        buf_finish(&report);
    }
}

/* The other room is mended all the same. */
static void damage_of_one_log_keeps_no_other_room_from_repair(void **state)
{
    struct pair *p = *state;
    struct buf said = {0}, report = {0};
    folder_copy(&p->whole, &p->f);
    folder_sql(&p->f, "UPDATE events SET json = 'x' WHERE room = 1 AND seq = 2;"
                      "DELETE FROM columns WHERE room = 2; DELETE FROM members WHERE room = 2");
    repair(&p->f, &said);
    assert_false(is_sound(&p->f, &report));
    assert_non_null(strstr(buf_cstr(&report), "room #a"));
    assert_null(strstr(buf_cstr(&report), "room #b"));
    buf_finish(&said);
    buf_finish(&report);
}

static void what_cannot_be_read_at_all_is_said(void **state)
{
    struct pair *p = *state;
    struct buf said = {0};
    struct err e = {0};
    FILE *f = fopen(p->f.db, "w");
    assert_non_null(f);
    fputs("no database at all, though long enough to have a header of a hundred bytes, which "
          "is what SQLite looks at first",
          f);
    fclose(f);
    assert_false(store_repair(p->f.db, NULL, &said, &e));
    assert_non_null(strstr(e.text, "no database"));
    assert_int_equal(kept(&p->f), 1);
    buf_finish(&said);
}

/* Not made a database without rooms, which would agree with itself. */
static void empty_file_is_nothing_to_repair(void **state)
{
    struct pair *p = *state;
    struct buf said = {0}, report = {0};
    struct err e = {0};
    fclose(fopen(p->f.db, "w"));
    assert_false(store_check(p->f.db, &report, &e));
    assert_non_null(strstr(e.text, "holds nothing"));
    assert_false(store_repair(p->f.db, NULL, &said, &e));
    assert_non_null(strstr(e.text, "holds nothing"));
    assert_int_equal(kept(&p->f), 0);
    buf_finish(&said);
    buf_finish(&report);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, make, drop)
    const struct CMUnitTest tests[] = {
        T(what_follows_from_the_log_is_made_anew),
        T(index_that_lacks_a_row_is_made_anew),
        T(page_that_cannot_be_read_costs_nothing_that_the_log_has),
        T(table_or_index_that_is_not_there_is_made_anew),
        T(room_whose_log_is_damaged_is_left_alone),
        T(damage_of_one_log_keeps_no_other_room_from_repair),
        T(what_cannot_be_read_at_all_is_said),
        T(empty_file_is_nothing_to_repair),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
