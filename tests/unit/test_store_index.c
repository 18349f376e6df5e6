/* The index of words comes behind what is written: what that must never do to either. */
#include "store_check.h"
#include "store_folder.h"
#include "store_kit.h"
#include "store_schema.h"

#include <sqlite3.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int64_t sql_number(const struct folder *f, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_open(f->db, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(db);
    return n;
}

static void assert_found(struct store *s, const char *query, size_t n)
{
    static struct str room = STR_ROW("#a");
    struct store_job *j = store_job_new(JOB_SEARCH);
    j->search =
        (struct store_search){.query = str_of(query), .now = KIT_TIME(1000000), .limit = 50};
    j->search.rooms.v = &room;
    j->search.rooms.n = 1;
    kit_run(s, j);
    if (j->err.code != ERR_NONE)
        fail_msg("%s: %s", query, j->err.text);
    assert_int_equal(j->found_items.n, n);
    store_job_free(j);
}

static void assert_sound(const struct folder *f)
{
    struct buf report = {0};
    struct err e = {0};
    if (!store_check(f->db, &report, &e))
        fail_msg("%s\n%s", e.text, buf_cstr(&report));
    buf_finish(&report);
}

/* The server ends between a commit and the index, and again in the middle of what it took. */
static void what_the_index_did_not_reach_is_found_after_a_restart(void **state)
{
    const struct folder *f = *state;
    struct store *s = folder_open(f);
    kit_ok(s, kit_room("#a", 1));
    for (int64_t seq = 2; seq <= 1001; seq++)
        kit_ok(s, kit_message("#a", seq, seq, seq % 100 ? "hay" : "a needle"));
    s->close(s);
    assert_sound(f);
    s = folder_open(f);
    assert_found(s, "needle", 10);
    kit_ok(s, store_job_new(JOB_INDEX));
    assert_int_equal(sql_number(f, "SELECT seq > 1 AND seq < 1001 FROM search_behind"), 1);
    s->close(s);
    assert_sound(f);
    s = folder_open(f);
    assert_found(s, "needle", 10);
    kit_ok(s, kit_change("#a", 1002, 1002,
                         (struct store_change){CHANGE_TEXT, 100, .text = STR("a pin")}));
    assert_found(s, "needle", 9);
    kit_index(s);
    assert_found(s, "needle", 9);
    assert_found(s, "pin", 1);
    assert_int_equal(sql_number(f, "SELECT count(*) FROM search_behind"), 0);
    assert_int_equal(sql_number(f, "SELECT count(*) FROM search_changed"), 0);
    s->close(s);
    assert_sound(f);
}

static void database_from_before_is_searched_as_ever(void **state)
{
    const struct folder *f = *state;
    struct store *s = folder_open(f);
    kit_ok(s, kit_room("#a", 1));
    kit_ok(s, kit_message("#a", 2, 2, "a needle"));
    kit_index(s);
    s->close(s);
    /* as step 12 of the schema finds it */
    folder_sql(f, "DROP TABLE search_behind; DROP TABLE search_changed");
    folder_sql(f, store_steps[11].sql);
    s = folder_open(f);
    kit_ok(s, kit_message("#a", 3, 3, "another needle"));
    assert_found(s, "needle", 2);
    kit_index(s);
    assert_found(s, "needle", 2);
    s->close(s);
    assert_sound(f);
}

static void damaged_index_keeps_nobody_from_writing(void **state)
{
    const struct folder *f = *state;
    struct store *s = folder_open(f);
    kit_ok(s, kit_room("#a", 1));
    kit_ok(s, kit_message("#a", 2, 2, "a needle"));
    kit_index(s);
    folder_sql(f, "DELETE FROM search_data");
    kit_ok(s, kit_message("#a", 3, 3, "another"));
    kit_ok(s,
           kit_change("#a", 4, 4, (struct store_change){CHANGE_TEXT, 2, .text = STR("a pin")}));
    kit_refused(s, store_job_new(JOB_INDEX), ERR_STORE);
    kit_ok(s, kit_message("#a", 5, 5, "and another"));
    assert_int_equal(kit_newest(s, "#a"), 5);
    s->close(s);
}

/* Whoever writes on and on, while nobody asks the index to follow. */
static void index_lacks_no_more_than_a_search_can_look_at(void **state)
{
    enum { GROUP = 512, GROUPS = INDEX_BEHIND_MAX / GROUP + 20 };
    const struct folder *f = *state;
    struct store *s = folder_open(f);
    int64_t seq = 1;
    kit_ok(s, kit_room("#a", 1));
    for (int i = 0; i < GROUPS; i++) {
        struct store_job *jobs[GROUP];
        for (int k = 0; k < GROUP; k++, seq++)
            jobs[k] = kit_message("#a", seq + 1, seq + 1, "hay");
        s->write(s, jobs, GROUP);
        for (int k = 0; k < GROUP; k++) {
            assert_int_equal(jobs[k]->err.code, ERR_NONE);
            store_job_free(jobs[k]);
        }
    }
    int64_t behind = seq - sql_number(f, "SELECT seq FROM search_behind");
    assert_true(behind > GROUP && behind <= INDEX_BEHIND_MAX + GROUP);
    s->close(s);
}

#define ROW(name) cmocka_unit_test_setup_teardown(name, folder_set_up, folder_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(what_the_index_did_not_reach_is_found_after_a_restart),
        ROW(database_from_before_is_searched_as_ever),
        ROW(damaged_index_keeps_nobody_from_writing),
        ROW(index_lacks_no_more_than_a_search_can_look_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
