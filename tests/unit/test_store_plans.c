/* How SQLite goes about each statement of the store. What is asked of a running server is a
 * search to where the answer stands: it neither walks through the log nor sorts a part of it.
 */
#include "store_folder.h"
#include "store_sqlite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

static const struct statement {
    const char *name, *sql;
} statements[] = {
#define X(name, text) {#name, text},
    SQL_LIST(X)
#undef X
};

static bool is_one_of(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strncmp(name, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

/* Checks, and what is done while no server runs. */
static bool may_walk(const char *name)
{
    static const char *const names[] = {"CHECK_", "SEARCH_ALL", "FIGURES", "MAKE_MARKERS"};
    return is_one_of(name, names, COUNT_OF(names));
}

/* What is never much: pins and reactions have a cap, tokens and hooks are made by hand. */
static bool may_sort(const char *name)
{
    static const char *const names[] = {"PINNED_", "REACTIONS", "ALL_TOKENS", "ALL_HOOKS"};
    return may_walk(name) || is_one_of(name, names, COUNT_OF(names));
}

/* The name alone may be that of a subquery. */
static bool walks(const char *step)
{
    return strstr(step, "SCAN events") || strstr(step, "SCAN e USING") ||
           strstr(step, "SCAN messages") || strstr(step, "AUTOMATIC");
}

/* One that says which card or text it is about. */
static bool passes_by_others(const char *sql, const char *step)
{
    return strstr(sql, "number = ") && (strstr(step, "events_about (room=? AND number>?)") ||
                                        strstr(step, "events_comment (room=? AND number>?)"));
}

static void check(sqlite3 *db, const struct statement *s)
{
    char text[4000];
    sqlite3_stmt *st;
    snprintf(text, sizeof text, "EXPLAIN QUERY PLAN %s", s->sql);
    assert_int_equal(sqlite3_prepare_v2(db, text, -1, &st, NULL), SQLITE_OK);
    while (sqlite3_step(st) == SQLITE_ROW) {
        const char *step = (const char *)sqlite3_column_text(st, 3);
        bool is_bad = (!may_walk(s->name) && walks(step)) ||
                      (!may_sort(s->name) && strstr(step, "TEMP B-TREE")) ||
                      passes_by_others(s->sql, step);
        if (is_bad)
            fail_msg("%s: %s", s->name, step);
    }
    sqlite3_finalize(st);
}

static void statements_are_searches(void **state)
{
    const struct folder *f = *state;
    struct store *s = folder_open(f);
    struct conn c = {0};
    struct err e;
    assert_true(conn_open(&c, f->db, CONN_READ, &e)); /* for our functions */
    for (size_t i = 0; i < COUNT_OF(statements); i++)
        check(c.db, &statements[i]);
    conn_close(&c);
    s->close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(statements_are_searches, folder_set_up,
                                        folder_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
