#include "store_sqlite.h"

#include "store_schema.h"
#include "utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BUSY_MS = 500,                   /* wait for another process's lock */
    WAL_KEPT_MAX = 64 * 1024 * 1024, /* bytes the -wal file keeps after a checkpoint */
};

static const char *const sql_text[SQL_COUNT] = {
#define X(name, text) [SQL_##name] = (text),
    SQL_LIST(X)
#undef X
};

/* ---- statements ---- */

struct sqlite3_stmt *conn_sql(struct conn *c, enum sql id)
{
    if (!c->stmt[id] && sqlite3_prepare_v3(c->db, sql_text[id], -1, SQLITE_PREPARE_PERSISTENT,
                                           &c->stmt[id], NULL) != SQLITE_OK)
        return NULL;
    return c->stmt[id];
}

void sql_put(struct sqlite3_stmt *st, int at, struct str s)
{
    if (st)
        sqlite3_bind_text64(st, at, s.n ? s.p : "", s.n, SQLITE_STATIC, SQLITE_UTF8);
}

void sql_put_int(struct sqlite3_stmt *st, int at, int64_t v)
{
    if (st)
        sqlite3_bind_int64(st, at, v);
}

int sql_next(struct sqlite3_stmt *st)
{
    if (!st)
        return -1;
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        return 1;
    sqlite3_reset(st);
    return rc == SQLITE_DONE ? 0 : -1;
}

int sql_has_row(struct sqlite3_stmt *st)
{
    int row = sql_next(st);
    if (row > 0)
        sql_end(st);
    return row;
}

bool sql_run(struct sqlite3_stmt *st)
{
    int row = sql_next(st);
    if (row > 0)
        sqlite3_reset(st);
    return row >= 0;
}

void sql_end(struct sqlite3_stmt *st)
{
    sqlite3_reset(st);
}

struct str sql_str(struct sqlite3_stmt *st, int at, struct arena *a)
{
    const char *p = (const char *)sqlite3_column_text(st, at);
    int n = sqlite3_column_bytes(st, at);
    return str_keep(a, (struct str){p, p ? (size_t)n : 0});
}

bool sql_utf8(struct sqlite3_stmt *st, int at, struct str *out)
{
    if (sqlite3_column_type(st, at) != SQLITE_TEXT)
        return false;
    out->p = (const char *)sqlite3_column_text(st, at);
    out->n = (size_t)sqlite3_column_bytes(st, at);
    return out->p && utf8_is_valid(*out);
}

int64_t sql_int(struct sqlite3_stmt *st, int at)
{
    return sqlite3_column_int64(st, at);
}

/* ---- failures ---- */

static const struct sql_words {
    int code;
    const char *why, *help;
} sql_words[] = {
    {SQLITE_FULL, "the disk is full", "make room on it"},
    {SQLITE_BUSY, "another process has the database locked", "end that process"},
    {SQLITE_LOCKED, "another process has the database locked", "end that process"},
    {SQLITE_READONLY, "the database may not be written",
     "give the server's account the right to write the file and its folder"},
    {SQLITE_PERM, "the database may not be opened",
     "give the server's account the right to read and write it"},
    {SQLITE_CANTOPEN, "the database or a file beside it cannot be opened",
     "see that its folder is there and may be written"},
    {SQLITE_IOERR, "the disk failed", "look at the disk and the system log"},
    {SQLITE_CORRUPT, "the database is damaged",
     "stop the server, then 'mootd check --repair', or restore a backup"},
    {SQLITE_NOTADB, "the file is no database", "name another file"},
    {SQLITE_NOMEM, "there is no memory left", "free some"},
};

static bool is_full(int code, int system)
{
    if (code == SQLITE_FULL)
        return true;
    return code == SQLITE_IOERR && (system == ENOSPC || system == EDQUOT || system == EFBIG);
}

static bool fail_as(int code, int system, const char *detail, const char *doing, struct err *e)
{
    code &= 0xff;
    bool full = is_full(code, system);
    if (full)
        code = SQLITE_FULL;
    const char *why = "the database refused", *help = "this is a fault in moot; report it";
    for (size_t i = 0; i < COUNT_OF(sql_words); i++)
        if (sql_words[i].code == code) {
            why = sql_words[i].why;
            help = sql_words[i].help;
        }
    return fail(e, full ? ERR_STORE_FULL : ERR_STORE, "%s: %s (%s%s%s); %s", doing, why, detail,
                system ? ": " : "", system ? strerror(system) : "", help);
}

/* SQLite remembers errno for a failing statement but not for a failing commit; then the file of
 * the write-ahead log still knows it. */
static int system_errno(struct conn *c, int code)
{
    if (code != SQLITE_IOERR && code != SQLITE_CANTOPEN)
        return 0;
    int n = sqlite3_system_errno(c->db);
    sqlite3_file *wal = NULL;
    if (n == 0 && code == SQLITE_IOERR &&
        sqlite3_file_control(c->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal) == SQLITE_OK &&
        wal && wal->pMethods)
        wal->pMethods->xFileControl(wal, SQLITE_FCNTL_LAST_ERRNO, &n);
    return n;
}

bool conn_fail(struct conn *c, const char *doing, struct err *e)
{
    int code = sqlite3_extended_errcode(c->db);
    return fail_as(code, system_errno(c, code & 0xff), sqlite3_errstr(code), doing, e);
}

bool conn_is_refusal(struct conn *c)
{
    int code = sqlite3_errcode(c->db) & 0xff;
    return code == SQLITE_CONSTRAINT || code == SQLITE_TOOBIG || code == SQLITE_MISMATCH;
}

void conn_rollback(struct conn *c)
{
    if (!sqlite3_get_autocommit(c->db))
        sql_run(conn_sql(c, SQL_ROLLBACK));
}

/* ---- where the files are ---- */

static void watch_places(struct conn *c, const char *path)
{
    static const char *const ends[COUNT_OF(c->places)] = {"", "-wal"};
    for (size_t i = 0; i < COUNT_OF(c->places); i++) {
        struct buf b = {0};
        buf_fmt(&b, "%s%s", path, ends[i]);
        c->places[i].path = str_dup(buf_str(&b));
        buf_finish(&b);
    }
    conn_is_in_place(c, NULL);
}

static bool is_in_place(struct place *p, struct err *e)
{
    struct stat st;
    bool is_there = stat(p->path, &st) == 0;
    if (is_there && p->inode == 0) {
        p->device = st.st_dev;
        p->inode = st.st_ino;
    }
    if (p->inode == 0 || (is_there && st.st_dev == p->device && st.st_ino == p->inode))
        return true;
    return fail(
        e, ERR_STORE,
        "nothing was saved: %s was deleted, moved or replaced while the server runs; put "
        "it back, or restart the server",
        p->path);
}

bool conn_is_in_place(struct conn *c, struct err *e)
{
    for (size_t i = 0; i < COUNT_OF(c->places); i++) {
        if (c->places[i].path && !is_in_place(&c->places[i], e))
            return false;
    }
    return true;
}

/* ---- opening ---- */

/* Makes the file with mode 0600 before SQLite would make it with the umask's; -wal and -shm
 * take their mode from it. The folder is synced so that the name outlives a crash as well. */
static bool make_file(const char *path, struct err *e)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 && errno == EEXIST)
        return true;
    if (fd < 0)
        return fail(e, ERR_STORE, "cannot make the database %s: %s", path, strerror(errno));
    close(fd);
    char *copy = str_dup(str_of(path));
    int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        fsync(folder);
        close(folder);
    }
    free(copy);
    return true;
}

static bool run_text(struct conn *c, const char *sql)
{
    return sqlite3_exec(c->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* The first value that sql gives; false when it fails. */
static bool ask(struct conn *c, const char *sql, int64_t *out)
{
    struct sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(c->db, sql, -1, &st, NULL) != SQLITE_OK)
        return false;
    bool ok = sqlite3_step(st) == SQLITE_ROW;
    if (ok)
        *out = sqlite3_column_int64(st, 0);
    return sqlite3_finalize(st) == SQLITE_OK && ok;
}

/* cell_size_check: a damaged page is found when it is read, at hardly any cost; checking all
 * pages at the start would take minutes with a large log, and is what `mootd check` is for. */
static bool set_up(struct conn *c, enum conn_use use)
{
    sqlite3_extended_result_codes(c->db, 1);
    sqlite3_busy_timeout(c->db, BUSY_MS);
    sqlite3_limit(c->db, SQLITE_LIMIT_ATTACHED, 0);
    if (!sqlite_search_functions(c))
        return false;
    if (!run_text(c, "PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF;"
                     "PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON;"))
        return false;
    if (use != CONN_WRITE)
        return run_text(c, "PRAGMA query_only = ON");
    char *limit = sqlite3_mprintf("PRAGMA journal_size_limit = %d", WAL_KEPT_MAX);
    bool ok = limit && run_text(c, limit) &&
              run_text(c, "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON");
    sqlite3_free(limit);
    return ok;
}

/* Is this our file? */
static bool know_owner(struct conn *c, const char *path, int64_t *version, struct err *e)
{
    int64_t id, tables;
    if (!ask(c, "PRAGMA application_id", &id) || !ask(c, "PRAGMA user_version", version) ||
        !ask(c, "SELECT count(*) FROM sqlite_schema", &tables))
        return conn_fail(c, path, e);
    if (id != STORE_APPLICATION_ID && (tables > 0 || id != 0))
        return fail(e, ERR_STORE, "%s: the database belongs to another program", path);
    return true;
}

/* And of a version that this program knows? */
static bool know_file(struct conn *c, const char *path, int64_t *version, struct err *e)
{
    if (!know_owner(c, path, version, e))
        return false;
    if (*version < 0 || *version > (int64_t)store_steps_n)
        return fail(e, ERR_STORE,
                    "%s: the database has schema %d, this mootd knows up to %d; it was written "
                    "by a newer one, install that",
                    path, (int)*version, (int)store_steps_n);
    return true;
}

static bool run_step(struct conn *c, const struct store_step *step)
{
    char *mark = sqlite3_mprintf("PRAGMA application_id = %d; PRAGMA user_version = %d",
                                 STORE_APPLICATION_ID, step->version);
    bool ok = mark && run_text(c, "BEGIN IMMEDIATE") && run_text(c, step->sql) &&
              run_text(c, mark) && run_text(c, "COMMIT");
    sqlite3_free(mark);
    return ok;
}

static bool migrate(struct conn *c, const char *path, int64_t version, struct err *e)
{
    for (size_t i = (size_t)version; i < store_steps_n; i++) {
        bug_on(store_steps[i].version != (int)i + 1);
        if (run_step(c, &store_steps[i]))
            continue;
        conn_fail(c, path, e);
        conn_rollback(c);
        return false;
    }
    return true;
}

static bool use_wal(struct conn *c, const char *path, struct err *e)
{
    struct sqlite3_stmt *st = NULL;
    bool ok =
        sqlite3_prepare_v2(c->db, "PRAGMA journal_mode = WAL", -1, &st, NULL) == SQLITE_OK &&
        sqlite3_step(st) == SQLITE_ROW;
    bool is_wal = ok && strcmp((const char *)sqlite3_column_text(st, 0), "wal") == 0;
    ok = sqlite3_finalize(st) == SQLITE_OK && ok;
    if (!ok)
        return conn_fail(c, path, e);
    if (!is_wal)
        return fail(e, ERR_STORE,
                    "%s: this file system has no shared memory for a write-ahead log; use a "
                    "local disk",
                    path);
    return true;
}

int conn_file(struct conn *c, const char *path, int flags)
{
    char *copy = str_dup(str_of(path)), *folder = realpath(dirname(copy), NULL);
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    struct buf whole = {0};
    if (folder)
        buf_fmt(&whole, "%s/%s", folder, name);
    int rc = sqlite3_open_v2(folder ? buf_cstr(&whole) : path, &c->db,
                             flags | SQLITE_OPEN_NOFOLLOW, NULL);
    buf_finish(&whole);
    free(folder);
    free(copy);
    return rc;
}

static bool open_file(struct conn *c, const char *path, enum conn_use use, struct err *e)
{
    int flags = use == CONN_CHECK ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    int rc = conn_file(c, path, flags | SQLITE_OPEN_NOMUTEX);
    if (!c->db)
        return fail_as(rc, 0, sqlite3_errstr(rc), path, e);
    if (rc != SQLITE_OK || !set_up(c, use))
        return conn_fail(c, path, e);
    if (use == CONN_WRITE && sqlite3_db_readonly(c->db, "main") == 1)
        return fail_as(SQLITE_READONLY, 0, sqlite3_errstr(SQLITE_READONLY), path, e);
    return true;
}

bool conn_open(struct conn *c, const char *path, enum conn_use use, struct err *e)
{
    int64_t version = 0;
    if (use == CONN_WRITE && !make_file(path, e))
        return false;
    if (!open_file(c, path, use, e) || !know_file(c, path, &version, e))
        return false;
    if (use == CONN_WRITE) {
        if (!use_wal(c, path, e) || !migrate(c, path, version, e))
            return false;
        watch_places(c, path);
        return true;
    }
    if (version == 0)
        return fail(e, ERR_STORE, "%s: the file holds nothing; restore a backup", path);
    if (version != (int64_t)store_steps_n)
        return fail(e, ERR_STORE,
                    "%s: the database has schema %d, not %d; 'mootd migrate' brings it there",
                    path, (int)version, (int)store_steps_n);
    return true;
}

bool conn_open_any(struct conn *c, const char *path, int64_t *version, struct err *e)
{
    return open_file(c, path, CONN_CHECK, e) && know_owner(c, path, version, e);
}

void conn_close(struct conn *c)
{
    for (size_t i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(c->stmt[i]);
    for (size_t i = 0; i < COUNT_OF(c->places); i++)
        free(c->places[i].path);
    sqlite3_close(c->db);
    *c = (struct conn){0};
}
