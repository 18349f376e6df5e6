/* Retention on disk: the database stays sound, and what was said leaves it. */
#include "store_check.h"
#include "store_copy.h"
#include "store_export.h"
#include "store_folder.h"
#include "store_kit.h"
#include "store_repair.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int make(void **state)
{
    struct folder *f = NEW(struct folder);
    folder_make(f);
    struct store *s = folder_open(f);
    kit_trimmed(s);
    kit_ok(s, kit_user("ana", true, false, 3));
    s->close(s);
    *state = f;
    return 0;
}

static int drop(void **state)
{
    folder_drop(*state);
    free(*state);
    return 0;
}

static void assert_sound(const struct folder *f)
{
    struct buf report = {0};
    struct err e = {0};
    if (!store_check(f->db, &report, &e))
        fail_msg("%s\n%s", e.text, buf_cstr(&report));
    buf_finish(&report);
}

static void the_check_agrees_before_and_behind_the_index(void **state)
{
    const struct folder *f = *state;
    assert_sound(f);
    struct store *s = folder_open(f);
    kit_index(s);
    s->close(s);
    assert_sound(f);
}

static bool file_has(const char *path, const char *word)
{
    char *bytes = mem_grow(NULL, 4 << 20);
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    ssize_t n = read(fd, bytes, 4 << 20);
    close(fd);
    assert_true(n > 0 && n < 4 << 20);
    bool has = memmem(bytes, (size_t)n, word, strlen(word));
    free(bytes);
    return has;
}

/* Not only out of sight: the bytes are no more in the file, once the log was written back. */
static void what_was_said_leaves_the_file(void **state)
{
    const struct folder *f = *state;
    struct store *s = folder_open(f);
    kit_index(s);
    s->close(s);
    folder_sql(f, "PRAGMA wal_checkpoint(TRUNCATE)");
    assert_true(file_has(f->db, "answers secret-one"));
    assert_true(file_has(f->db, "kept by its pin"));
    assert_false(file_has(f->db, "secret-one was said"));
    assert_false(file_has(f->db, "secret-two"));
    assert_false(file_has(f->db, "secret-edit"));
    assert_false(file_has(f->db, ":skull:"));
}

static void each_disagreement_is_named(void **state)
{
    const struct folder *f = *state;
    static const struct {
        const char *sql, *words;
    } rows[] = {
        {"UPDATE rooms SET keep_count = 200", "differ in what is kept of the chat"},
        {"UPDATE rooms SET keep_age = 7200", "differ in what is kept of the chat"},
        {"UPDATE rooms SET trimmed = 4", "removed up to 4 by the table, 3 by the log"},
        {"UPDATE events SET json = replace(json, '\"upto\":3', '\"upto\":6') WHERE seq = 17",
         "event 17: message 6 is there though retention removed it"},
        {"UPDATE events SET json = replace(json, '\"upto\":3', '\"upto\":2') WHERE seq = 17",
         "message 3 is removed, and retention says those up to 2"},
        {"UPDATE events SET json = replace(json, '\"messages\":2', '\"messages\":3')"
         " WHERE seq = 17",
         "2 messages are removed, and retention says 3"},
        {"UPDATE events SET kind = 'message' WHERE seq = 2", "row that says something else"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct folder copy;
        struct buf report = {0};
        folder_make(&copy);
        folder_copy(f, &copy);
        folder_sql(&copy, rows[i].sql);
        assert_false(store_check(copy.db, &report, NULL));
        if (!strstr(buf_cstr(&report), rows[i].words))
            fail_msg("%s\ngave\n%s", rows[i].sql, buf_cstr(&report));
        buf_finish(&report);
        folder_drop(&copy);
    }
}

static void a_repair_makes_the_tables_from_the_log_again(void **state)
{
    const struct folder *f = *state;
    struct buf said = {0}, before = {0}, after = {0};
    struct err e = {0};
    struct store *s = folder_open(f);
    kit_index(s);
    s->close(s);
    folder_dump(f, &before);
    folder_sql(f, "UPDATE rooms SET keep_count = 7, trimmed = 99");
    folder_sql(f, "DELETE FROM pins");
    if (!store_repair(f->db, NULL, &said, &e))
        fail_msg("%s\n%s", e.text, buf_cstr(&said));
    assert_sound(f);
    s = folder_open(f);
    struct store_job *j = kit_run(s, kit_read(JOB_ROOM, "#a", 0, 0));
    assert_int_equal(j->rooms.v->keep.count, 100);
    assert_int_equal(j->rooms.v->trimmed, 3);
    assert_int_equal(j->rooms.v->pins.n, 1);
    store_job_free(j);
    s->close(s);
    folder_dump(f, &after);
    buf_finish(&said);
    buf_finish(&before);
    buf_finish(&after);
}

static char *export_of(const struct folder *f, const char *name)
{
    struct buf said = {0}, bytes = {0};
    struct err e = {0};
    char path[128], part[4096];
    size_t n;
    snprintf(path, sizeof path, "%s/%s", f->path, name);
    if (!store_export(f->db, NULL, 0, path, &said, &e))
        fail_msg("%s", e.text);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    while ((n = fread(part, 1, sizeof part, in)) > 0)
        buf_add(&bytes, part, n);
    fclose(in);
    buf_finish(&said);
    buf_cstr(&bytes);
    return bytes.p;
}

static void an_export_and_its_import_are_the_same(void **state)
{
    const struct folder *f = *state;
    struct folder to;
    struct buf said = {0};
    struct err e = {0};
    char path[128];
    folder_make(&to);
    char *first = export_of(f, "rooms.jsonl");
    assert_null(strstr(first, "secret-two"));
    snprintf(path, sizeof path, "%s/rooms.jsonl", f->path);
    if (!store_import(path, to.db, NULL, &said, &e))
        fail_msg("%s", e.text);
    assert_sound(&to);
    char *second = export_of(&to, "again.jsonl");
    assert_string_equal(first, second);
    struct store *s = folder_open(&to);
    struct store_job *j = kit_run(s, kit_read(JOB_ROOM, "#a", 0, 0));
    assert_int_equal(j->rooms.v->keep.count, 100);
    assert_int_equal(j->rooms.v->trimmed, 3);
    store_job_free(j);
    s->close(s);
    free(first);
    free(second);
    buf_finish(&said);
    folder_drop(&to);
}

#define ROW(name) cmocka_unit_test_setup_teardown(name, make, drop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(the_check_agrees_before_and_behind_the_index),
        ROW(what_was_said_leaves_the_file),
        ROW(each_disagreement_is_named),
        ROW(a_repair_makes_the_tables_from_the_log_again),
        ROW(an_export_and_its_import_are_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
