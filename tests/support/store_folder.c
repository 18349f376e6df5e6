#include "store_folder.h"

#include "store_sqlite.h"

#include <dirent.h>
#include <fcntl.h>
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

void folder_make(struct folder *f)
{
    snprintf(f->path, sizeof f->path, "/tmp/moot-store-XXXXXX");
    assert_non_null(mkdtemp(f->path));
    snprintf(f->db, sizeof f->db, "%s/moot.db", f->path);
}

void folder_drop(struct folder *f)
{
    DIR *d = opendir(f->path);
    assert_non_null(d);
    const struct dirent *entry;
    while ((entry = readdir(d)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            assert_int_equal(unlinkat(dirfd(d), entry->d_name, 0), 0);
    closedir(d);
    assert_int_equal(rmdir(f->path), 0);
}

static void copy_file(const char *from, const char *to)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return;
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(out >= 0);
    static const size_t size = 65536;
    char *p = mem_new(size);
    ssize_t n;
    while ((n = read(in, p, size)) > 0)
        assert_int_equal(write(out, p, (size_t)n), n);
    free(p);
    close(in);
    close(out);
}

int folder_set_up(void **state)
{
    struct folder *f = NEW(struct folder);
    folder_make(f);
    *state = f;
    return 0;
}

int folder_tear_down(void **state)
{
    folder_drop(*state);
    free(*state);
    return 0;
}

void folder_copy(const struct folder *from, struct folder *to)
{
    char in[96], out[96];
    copy_file(from->db, to->db);
    snprintf(in, sizeof in, "%s-wal", from->db);
    snprintf(out, sizeof out, "%s-wal", to->db);
    copy_file(in, out);
}

struct store *folder_open(const struct folder *f)
{
    struct err e = {0};
    struct store *s = store_sqlite_open(f->db, &e);
    if (!s)
        fail_msg("%s", e.text);
    return s;
}

void folder_sql(const struct folder *f, const char *sql)
{
    sqlite3 *db;
    char *why = NULL;
    assert_int_equal(sqlite3_open(f->db, &db), SQLITE_OK);
    assert_true(sqlite_search_functions(&(struct conn){.db = db}));
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", sql, why);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Column 0 of each row that sql gives goes to each(). */
static void each_row(sqlite3 *db, const char *sql,
                     void (*each)(sqlite3 *, const char *, void *), void *arg)
{
    sqlite3_stmt *st;
    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    while (sqlite3_step(st) == SQLITE_ROW)
        each(db, (const char *)sqlite3_column_text(st, 0), arg);
    sqlite3_finalize(st);
}

static void dump_row(sqlite3 *db, const char *row, void *arg)
{
    (void)db;
    buf_fmt(arg, "  %s\n", row);
}

static void add_column(sqlite3 *db, const char *name, void *arg)
{
    struct buf *sql = arg;
    (void)db;
    buf_fmt(sql, "%squote(\"%s\")", sql->n ? " || ' ' || " : "", name);
}

static void dump_table(sqlite3 *db, const char *name, void *arg)
{
    struct buf sql = {0}, columns = {0};
    buf_fmt(&sql, "SELECT name FROM pragma_table_info('%s')", name);
    each_row(db, buf_cstr(&sql), add_column, &columns);
    buf_clear(&sql);
    buf_fmt(&sql, "SELECT %s AS line FROM \"%s\" ORDER BY line", buf_cstr(&columns), name);
    buf_fmt(arg, "%s\n", name);
    each_row(db, buf_cstr(&sql), dump_row, arg);
    buf_finish(&sql);
    buf_finish(&columns);
}

void folder_dump(const struct folder *f, struct buf *out)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(f->db, &db), SQLITE_OK);
    /* How the index of words is laid out on its pages, and how far it is, is no matter; what it
     * says is the check's. */
    each_row(db,
             "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN"
             " ('search', 'search_data', 'search_idx', 'search_config', 'search_words',"
             " 'search_behind', 'search_changed') ORDER BY name",
             dump_table, out);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}
