#include "store_check.h"
#include "store_copy.h"
#include "store_export.h"
#include "store_folder.h"
#include "store_kit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct place {
    struct folder from, to;
    char file[96], again[96]; /* exports */
};

static int make(void **state)
{
    struct place *p = NEW(struct place);
    folder_make(&p->from);
    folder_make(&p->to);
    snprintf(p->file, sizeof p->file, "%s/rooms.jsonl", p->from.path);
    snprintf(p->again, sizeof p->again, "%s/again.jsonl", p->to.path);
    struct store *s = folder_open(&p->from);
    kit_live(s);
    kit_ok(s, kit_user("ana", true, false, 3));
    kit_ok(s, kit_user("bo", false, true, 0));
    s->close(s);
    *state = p;
    return 0;
}

static int drop(void **state)
{
    struct place *p = *state;
    folder_drop(&p->from);
    folder_drop(&p->to);
    free(p);
    return 0;
}

static char *read_file(const char *path)
{
    struct buf b = {0};
    char bytes[4096];
    size_t n;
    FILE *f = fopen(path, "r");
    if (!f)
        fail_msg("%s is not there", path);
    while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
        buf_add(&b, bytes, n);
    fclose(f);
    buf_cstr(&b);
    return b.p;
}

static void write_file(const char *path, const char *bytes)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(bytes, f);
    fclose(f);
}

static void export_ok(const struct folder *f, const char *room, const char *to)
{
    struct buf said = {0};
    struct err e = {0};
    char name[32];
    snprintf(name, sizeof name, "%s", room ? room : "");
    if (!store_export(f->db, (char *[]){name}, room != NULL, to, &said, &e))
        fail_msg("%s", e.text);
    buf_finish(&said);
}

static bool import(const char *from, const struct folder *f, struct err *e)
{
    struct buf said = {0};
    bool ok = store_import(from, f->db, NULL, &said, e);
    buf_finish(&said);
    return ok;
}

static void import_ok(const char *from, const struct folder *f)
{
    struct err e = {0};
    struct buf report = {0};
    if (!import(from, f, &e))
        fail_msg("%s", e.text);
    if (!store_check(f->db, &report, &e))
        fail_msg("%s", buf_cstr(&report));
}

static void assert_same_file(const char *a, const char *b)
{
    char *of_a = read_file(a), *of_b = read_file(b);
    assert_string_equal(of_a, of_b);
    free(of_a);
    free(of_b);
}

/* All but texts that were kept whole only to be read faster, how far people have read, which is
 * theirs, and the log's own name. */
static void dump(const struct folder *f, struct buf *out)
{
    folder_sql(f, "DELETE FROM snapshots; DELETE FROM markers; UPDATE marks SET value = ''");
    folder_dump(f, out);
}

/* ---- the round trip ---- */

static void export_imports_to_an_equal_one(void **state)
{
    struct place *p = *state;
    struct buf was = {0}, is = {0};
    export_ok(&p->from, NULL, p->file);
    import_ok(p->file, &p->to);
    export_ok(&p->to, NULL, p->again);
    assert_same_file(p->file, p->again);
    dump(&p->from, &was);
    dump(&p->to, &is);
    assert_string_equal(buf_cstr(&was), buf_cstr(&is));
    struct store *s = folder_open(&p->to); /* and life goes on there; retries are known */
    struct store_job *j = kit_run(s, kit_message("#a", 99, 13, "bye"));
    assert_true(j->found);
    assert_int_equal(j->seq, 13);
    store_job_free(j);
    kit_ok(s, kit_message("#a", KIT_LIVE_NEWEST + 1, 99, "hello there"));
    s->close(s);
    buf_finish(&was);
    buf_finish(&is);
}

static void one_room_joins_others(void **state)
{
    struct place *p = *state;
    struct store *s = folder_open(&p->to);
    kit_ok(s, kit_room("#c", 77));
    s->close(s);
    export_ok(&p->from, "#a", p->file);
    char *text = read_file(p->file);
    assert_null(strstr(text, "#b"));
    assert_null(strstr(text, "user.list"));
    free(text);
    import_ok(p->file, &p->to);
    export_ok(&p->to, "#a", p->again);
    assert_same_file(p->file, p->again);
    int64_t rooms, events;
    assert_true(store_file_figures(p->to.db, &rooms, &events));
    assert_int_equal(rooms, 2);
    assert_int_equal(events, KIT_LIVE_EVENTS);
}

static void accounts_that_are_there_stay_as_they_are(void **state)
{
    struct place *p = *state;
    struct store *s = folder_open(&p->to);
    kit_ok(s, kit_user("ana", false, false, 9));
    s->close(s);
    export_ok(&p->from, NULL, p->file);
    import_ok(p->file, &p->to);
    export_ok(&p->to, NULL, p->again);
    char *text = read_file(p->again);
    assert_non_null(strstr(text, "{\"user\":\"ana\",\"admin\":false,"));
    assert_non_null(strstr(text, "{\"user\":\"bo\",\"admin\":false,\"disabled\":true,"));
    free(text);
}

/* ---- what is refused ---- */

/* Replaces the first `old` in text by `new`; both may be of any length. */
static char *changed(const char *text, const char *old, const char *new)
{
    struct buf b = {0};
    const char *at = strstr(text, old);
    assert_non_null(at);
    buf_add(&b, text, (size_t)(at - text));
    buf_fmt(&b, "%s%s", new, at + strlen(old));
    buf_cstr(&b);
    return b.p;
}

static void what_is_no_whole_export_changes_nothing(void **state)
{
    struct place *p = *state;
    static const struct {
        const char *old, *new, *words;
    } rows[] = {
        {"{\"moot\":\"export\",\"version\":1}", "{\"moot\":\"export\",\"version\":2}",
         "line 1: this is no export"},
        {"{\"moot\":\"end\"", "{\"moot\":\"end\",", "line 42: the last line counts otherwise"},
        {"{\"moot\":\"end\",\"accounts\":2,\"events\":38}\n", "", "the export is cut off"},
        {"\"seq\":5,", "\"seq\":6,", "line 8: it is not the room's next event"},
        {"\"room\":\"#a\",\"seq\":5,", "\"room\":\"#z\",\"seq\":5,",
         "line 8: the room does not begin"},
        {"\"type\":\"message\"", "\"type\":\"massage\"", "line 5: "},
        {"\"type\":\"message\"", "\"type\":\"message\",\"type\":\"message\"", "line 5: "},
        {"\"text\":\"hello\"", "\"text\":\"\"", "line 5: "},
        {"\"id\":13,", "\"id\":12,", "line 16: another event came from the same request"},
        {"{\"type\":\"message\"", "[{\"type\":\"message\"", "line 5: "},
        {"\"title\":\"one\",\"column\":\"Todo\"", "\"title\":\"one\",\"column\":\"Nada\"",
         "fault"},
        {"\"room\":\"#b\"", "\"room\":\"#a\"", "line 41: "},
        {"\n", "\n\n", "line 2: "},
    };
    export_ok(&p->from, NULL, p->file);
    char *text = read_file(p->file);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct err e = {0};
        char *bad = changed(text, rows[i].old, rows[i].new);
        write_file(p->again, bad);
        if (import(p->again, &p->to, &e) || !strstr(e.text, rows[i].words))
            fail_msg("row %zu: \"%s\" does not say \"%s\"", i, e.text, rows[i].words);
        assert_int_equal(access(p->to.db, F_OK), -1);
        free(bad);
    }
    free(text);
}

static void room_that_is_there_is_refused(void **state)
{
    struct place *p = *state;
    struct err e = {0};
    export_ok(&p->from, "#b", p->file);
    assert_false(import(p->file, &p->from, &e));
    assert_int_equal(e.code, ERR_EXISTS);
    assert_non_null(strstr(e.text, "there is a room #b already"));
    int64_t rooms, events;
    assert_true(store_file_figures(p->from.db, &rooms, &events));
    assert_int_equal(events, KIT_LIVE_EVENTS);
    assert_false(import("/no/such/file", &p->to, &e));
}

static void room_may_be_named_without_its_sign(void **state)
{
    struct place *p = *state;
    export_ok(&p->from, "#b", p->file);
    export_ok(&p->from, "b", p->again);
    assert_same_file(p->file, p->again);
}

/* Nobody should find out with the import. */
static void what_cannot_be_read_is_not_exported(void **state)
{
    struct place *p = *state;
    struct buf said = {0};
    struct err e = {0};
    folder_sql(&p->from,
               "UPDATE events SET json = substr(json, 1, 20) WHERE room = 1 AND seq = 2");
    assert_false(store_export(p->from.db, NULL, 0, p->file, &said, &e));
    assert_non_null(strstr(e.text, "room #a, event 2 cannot be read"));
    assert_int_equal(access(p->file, F_OK), -1);
    export_ok(&p->from, "#b", p->file);
    buf_finish(&said);
}

static void export_of_no_room_is_refused(void **state)
{
    struct place *p = *state;
    struct buf said = {0};
    struct err e = {0};
    char nope[] = "#nope";
    assert_false(store_export(p->from.db, (char *[]){nope}, 1, p->file, &said, &e));
    assert_int_equal(e.code, ERR_NOT_FOUND);
    assert_int_equal(access(p->file, F_OK), -1);
    assert_false(store_export(p->from.db, NULL, 0, "/no/such/folder/x", &said, &e));
    assert_int_equal(access("/no/such", F_OK), -1);
    buf_finish(&said);
}

/* ---- pages ---- */

static void assert_page(const char *folder, const char *name, const char *want)
{
    char path[160];
    snprintf(path, sizeof path, "%.60s/%.60s", folder, name);
    char *text = read_file(path);
    assert_string_equal(text, want);
    free(text);
    assert_int_equal(unlink(path), 0);
}

static void folder_holds_pages_to_read(void **state)
{
    struct place *p = *state;
    char folder[80], name[160];
    snprintf(folder, sizeof folder, "%s/out", p->to.path);
    snprintf(name, sizeof name, "%s/", folder);
    export_ok(&p->from, NULL, name);
    assert_page(folder, "a/chat.md",
                "# #a\n\n## 2023-11-14\n\n**ana** 22:13:20\n\n(deleted by ana)\n\n"
                "**ana** 22:13:20 (edited)\n\nhi\n\n👍 ana, :x: ana\n\n"
                "**ana** 22:13:20 on #2\n\non a card\n\n"
                "**ana** 22:13:20 on #2 to ana\n\nan answer\n");
    assert_page(folder, "a/board.md",
                "# #a\n\n## Todo\n\n\n## Doing\n\n- #2 two\n\n## Done\n\n\n## (archived)\n\n"
                "- #1 eins\n");
    assert_page(folder, "a/notes/plans.md", "lyoxg erlines\nof t\xc3\xa9xt");
    assert_page(folder, "a/notes/other~4.md", "");
    assert_page(folder, "a/cards/2.md", "of late a card");
    assert_page(folder, "b/board.md", "# #b\n\n## Todo\n\n\n## Doing\n\n\n## Done\n\n");
    assert_page(folder, "b/chat.md", "# #b\n");
    export_ok(&p->from, NULL, p->file);
    snprintf(name, sizeof name, "%s/moot.jsonl", folder);
    assert_same_file(p->file, name);
    import_ok(folder, &p->to);
    static const char *const left[] = {"moot.jsonl", "a/notes", "a/cards", "a", "b", ""};
    for (size_t i = 0; i < COUNT_OF(left); i++) {
        snprintf(name, sizeof name, "%s/%s", folder, left[i]);
        assert_int_equal(remove(name), 0);
    }
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, make, drop)
    const struct CMUnitTest tests[] = {
        T(export_imports_to_an_equal_one),
        T(one_room_joins_others),
        T(accounts_that_are_there_stay_as_they_are),
        T(what_is_no_whole_export_changes_nothing),
        T(room_that_is_there_is_refused),
        T(room_may_be_named_without_its_sign),
        T(what_cannot_be_read_is_not_exported),
        T(export_of_no_room_is_refused),
        T(folder_holds_pages_to_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
