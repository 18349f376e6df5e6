/* What SQLite can say of a database file, and what a row says of itself. */
#include "store_schema.h"
#include "store_sqlite.h"

#include <sqlite3.h>

static void fault(struct buf *report, size_t *faults, const char *what, struct str where)
{
    buf_fmt(report, "%s: %.*s\n", what, STR_ARG(where));
    (*faults)++;
}

static void cannot_look(struct conn *c, const char *what, struct buf *report, size_t *faults)
{
    struct arena a = {0};
    fault(report, faults, what,
          str_fmt(&a, "cannot be looked for (%s)", sqlite3_errstr(sqlite3_errcode(c->db))));
    arena_finish(&a);
}

static void report_rows(struct conn *c, enum sql question, const char *what, struct buf *report,
                        size_t *faults)
{
    struct sqlite3_stmt *st = conn_sql(c, question);
    struct arena a = {0};
    size_t before = *faults;
    int row;
    while ((row = sql_next(st)) > 0) {
        struct str line = sql_str(st, 0, &a);
        if (!str_is(line, "ok"))
            fault(report, faults, what, line);
    }
    if (row < 0 && *faults == before)
        cannot_look(c, what, report, faults);
    arena_finish(&a);
}

/* ---- the file ---- */

/* An empty database of the newest schema, in memory. */
static bool make_pattern(struct conn *c)
{
    bool ok = sqlite3_open_v2(":memory:", &c->db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
              sqlite_search_functions(c);
    for (size_t i = 0; ok && i < store_steps_n; i++)
        ok = sqlite3_exec(c->db, store_steps[i].sql, NULL, NULL, NULL) == SQLITE_OK;
    return ok;
}

static int has_named(struct conn *c, struct str type, struct str name)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_HAS_NAMED);
    sql_put(st, 1, type);
    sql_put(st, 2, name);
    return sql_has_row(st);
}

static void report_missing(struct conn *c, struct buf *report, size_t *faults)
{
    struct conn pattern = {0};
    struct arena a = {0};
    bool made = make_pattern(&pattern);
    struct sqlite3_stmt *st = made ? conn_sql(&pattern, SQL_ALL_NAMED) : NULL;
    int row;
    while ((row = sql_next(st)) > 0) {
        struct str type = sql_str(st, 0, &a), name = sql_str(st, 1, &a);
        int found = has_named(c, type, name);
        if (found == 0)
            fault(report, faults, str_is(type, "table") ? "missing table" : "missing index",
                  name);
        else if (found < 0)
            cannot_look(c, "missing table", report, faults);
    }
    bug_on(row < 0);
    arena_finish(&a);
    conn_close(&pattern);
}

void sqlite_verify_file(struct conn *c, struct buf *report, size_t *faults)
{
    report_missing(c, report, faults);
    size_t missing = *faults;
    report_rows(c, SQL_CHECK_PAGES, "damaged page", report, faults);
    if (*faults > missing)
        report_rows(c, SQL_CHECK_TABLES, "damaged table, or an index of it", report, faults);
}

/* ---- the rows ---- */

void store_sqlite_verify(struct store *s, struct buf *report, size_t *faults)
{
    static const struct {
        enum sql question;
        const char *what;
    } rows[] = {
        {SQL_CHECK_LINKS, "row without its room in table"},
        {SQL_CHECK_MESSAGES, "change of what is no message in room"},
        {SQL_CHECK_SNAPSHOTS, "snapshot without its edit in room"},
        {SQL_CHECK_MARKERS, "read marker behind the log of"},
        {SQL_CHECK_EVENTS, "row that says something else than its event in room"},
        {SQL_CHECK_SEARCH_TEXTS, "text that a search finds by an old version in room"},
    };
    struct conn *c = &((struct store_sqlite *)s)->reader;
    sqlite_verify_file(c, report, faults);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        report_rows(c, rows[i].question, rows[i].what, report, faults);
    if (!sqlite_search_verify(c, report, faults))
        cannot_look(c, "event that the index of words lacks", report, faults);
}
