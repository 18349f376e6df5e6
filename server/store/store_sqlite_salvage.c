/* SQLite cannot mend a page, nor clear a tree that has a broken one. So what is whole moves to
 * a new file, a table at a time, each read along itself and by no index. */
#include "store_salvage.h"

#include "store_backup.h"
#include "store_copy.h"
#include "store_sqlite.h"

#include <sqlite3.h>

bool store_is_broken(const char *db)
{
    struct conn c = {0};
    struct buf report = {0};
    size_t faults = 0;
    if (conn_open(&c, db, CONN_CHECK, NULL))
        sqlite_verify_file(&c, &report, &faults);
    conn_close(&c);
    buf_finish(&report);
    return faults > 0;
}

/* ---- tables ---- */

/* The events' request and version are unique, which they need not be where an index was broken:
 * the repair takes them from what the events say, as it does everywhere. */
static const struct table {
    const char *name, *columns; /* columns NULL: all */
    const char *lost;           /* in words; NULL: without it there is no repair */
} tables[] = {
    {"rooms", NULL, "the table of rooms, which is made anew from their logs"},
    {"events", "room, seq, time, kind, author, client, number, json, reply", NULL},
    {"users", NULL, NULL},
    {"tokens", NULL, NULL},
    {"hooks", NULL, NULL},
    {"marks", NULL, "the name of the log: clients forget what they had seen"},
    {"audit", NULL, "what admins did"},
    {"markers", NULL, "how far people have read"},
    {"minutes", NULL, "the figures of the last 30 days"},
    {"snapshots", NULL, "texts that were kept whole, which is made up for by their edits"},
};

static bool run(struct conn *c, const char *sql)
{
    return sqlite3_exec(c->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* WHERE: without one SQLite may take over whole trees, those of indexes too. */
static bool move_table(struct conn *c, const struct table *t)
{
    struct buf sql = {0};
    const char *columns = t->columns ? t->columns : "*";
    buf_fmt(&sql,
            "INSERT OR REPLACE INTO main.%s%s%s%s SELECT %s FROM old.%s NOT INDEXED WHERE true",
            t->name, t->columns ? " (" : "", t->columns ? t->columns : "",
            t->columns ? ")" : "", columns, t->name);
    bool ok = run(c, "BEGIN IMMEDIATE") && run(c, buf_cstr(&sql)) && run(c, "COMMIT");
    buf_finish(&sql);
    return ok;
}

static bool move_tables(struct conn *c, struct buf *said, struct err *e)
{
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        const struct table *t = &tables[i];
        if (move_table(c, t))
            continue;
        if (!t->lost)
            return fail(e, ERR_STORE,
                        "the table %s cannot be read whole (%s); restore a backup", t->name,
                        sqlite3_errmsg(c->db));
        buf_fmt(said, "Cannot be read any more: %s.\n", t->lost);
        conn_rollback(c);
    }
    return true;
}

static bool attach(struct conn *c, const char *db)
{
    sqlite3_limit(c->db, SQLITE_LIMIT_ATTACHED, 1);
    char *sql = sqlite3_mprintf("ATTACH %Q AS old", db);
    bool ok = sql && run(c, "PRAGMA foreign_keys = OFF") && run(c, sql);
    sqlite3_free(sql);
    return ok;
}

static bool fill(const char *fresh, const char *db, struct buf *said, struct err *e)
{
    struct conn c = {0};
    bool ok = conn_open(&c, fresh, CONN_WRITE, e);
    ok = ok && (attach(&c, db) || conn_fail(&c, "the database could not be repaired", e)) &&
         move_tables(&c, said, e);
    conn_close(&c);
    return ok;
}

bool store_salvage(const char *db, struct buf *said, struct err *e)
{
    struct arena a = {0};
    const char *fresh = str_fmt(&a, "%s.new", db).p;
    store_file_drop(fresh);
    bool ok = fill(fresh, db, said, e) && store_take_place(fresh, db, e);
    if (!ok)
        store_file_drop(fresh);
    arena_finish(&a);
    return ok;
}
