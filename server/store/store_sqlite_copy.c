#include "store_copy.h"
#include "store_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAGES_AT_ONCE = 4096 };

/* ---- names ---- */

void store_file_drop_beside(const char *path)
{
    static const char *const ends[] = {"-wal", "-shm", "-journal"};
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        struct buf b = {0};
        buf_fmt(&b, "%s%s", path, ends[i]);
        unlink(buf_cstr(&b));
        buf_finish(&b);
    }
}

void store_file_drop(const char *path)
{
    unlink(path);
    store_file_drop_beside(path);
}

void store_folder_sync(const char *path)
{
    char *copy = str_dup(str_of(path));
    int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(copy);
    if (folder < 0)
        return;
    fsync(folder);
    close(folder);
}

/* Before SQLite has it open: closing any descriptor of a file drops the process's locks on it.
 */
static bool make_empty(const char *path, struct err *e)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return fail(e, ERR_IO, "%s: %s", path, strerror(errno));
    close(fd);
    store_file_drop_beside(
        path); /* what an interrupted attempt left would be taken for this one's */
    return true;
}

static bool sync_file(const char *path, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (!ok)
        fail(e, ERR_IO, "%s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return ok;
}

/* ---- versions ---- */

bool store_file_version(const char *path, int64_t *version, struct err *e)
{
    struct conn c = {0};
    bool ok = conn_open_any(&c, path, version, e);
    conn_close(&c);
    return ok;
}

bool store_file_migrate(const char *path, struct err *e)
{
    struct conn c = {0};
    bool ok = conn_open(&c, path, CONN_WRITE, e);
    conn_close(&c);
    return ok;
}

bool store_file_rename_log(const char *path, struct err *e)
{
    static const char sql[] =
        "UPDATE marks SET value = lower(hex(randomblob(8))) WHERE name = 'log'";
    struct conn c = {0};
    bool ok =
        conn_open(&c, path, CONN_WRITE, e) &&
        (sqlite3_exec(c.db, sql, NULL, NULL, NULL) == SQLITE_OK || conn_fail(&c, path, e));
    conn_close(&c);
    return ok;
}

bool store_file_figures(const char *path, int64_t *rooms, int64_t *events)
{
    struct conn c = {0};
    int64_t version;
    struct sqlite3_stmt *st =
        conn_open_any(&c, path, &version, NULL) ? conn_sql(&c, SQL_FIGURES) : NULL;
    bool ok = sql_next(st) > 0;
    if (ok) {
        *rooms = sql_int(st, 0);
        *events = sql_int(st, 1);
        sql_end(st);
    }
    conn_close(&c);
    return ok;
}

bool store_file_is_whole(const char *path, struct err *e)
{
    struct conn c = {0};
    struct arena a = {0};
    int64_t version;
    bool ok = conn_open_any(&c, path, &version, e);
    struct sqlite3_stmt *st = ok ? conn_sql(&c, SQL_CHECK_PAGES) : NULL;
    if (ok && sql_next(st) <= 0) {
        ok = conn_fail(&c, path, e);
    } else if (ok) {
        struct str said = sql_str(st, 0, &a);
        if (!str_is(said, "ok"))
            ok = fail(e, ERR_STORE, "%s: damaged page: %.*s", path, STR_ARG(said));
        sql_end(st);
    }
    conn_close(&c);
    arena_finish(&a);
    return ok;
}

bool store_file_settle(const char *path)
{
    struct conn c = {0};
    bool ok = conn_file(&c, path, SQLITE_OPEN_READWRITE) == SQLITE_OK &&
              sqlite3_exec(c.db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) == SQLITE_OK;
    conn_close(&c);
    return ok;
}

/* ---- copying ---- */

static bool copy_pages(struct conn *from, struct conn *to)
{
    sqlite3_backup *b = sqlite3_backup_init(to->db, "main", from->db, "main");
    int rc = b ? SQLITE_OK : SQLITE_ERROR;
    while (rc == SQLITE_OK)
        rc = sqlite3_backup_step(b, PAGES_AT_ONCE);
    return sqlite3_backup_finish(b) == SQLITE_OK && rc == SQLITE_DONE;
}

/* The transaction holds one moment of the database for all the steps; it keeps nobody from
 * writing. */
static bool copy_moment(struct conn *from, struct conn *to, const char *path, struct err *e)
{
    struct sqlite3_stmt *begin = conn_sql(from, SQL_BEGIN_READ);
    if (!sql_run(begin) ||
        sqlite3_exec(from->db, "PRAGMA user_version", NULL, NULL, NULL) != SQLITE_OK)
        return conn_fail(from, path, e);
    if (copy_pages(from, to) &&
        sqlite3_exec(to->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) == SQLITE_OK)
        return true;
    return conn_fail(to, path, e);
}

bool store_file_copy(const char *from, const char *to, struct err *e)
{
    struct conn source = {0}, copy = {0};
    int64_t version;
    if (!conn_open_any(&source, from, &version, e) || !make_empty(to, e)) {
        conn_close(&source);
        return false;
    }
    bool ok = conn_file(&copy, to, SQLITE_OPEN_READWRITE) == SQLITE_OK
                  ? copy_moment(&source, &copy, to, e)
                  : conn_fail(&copy, to, e);
    conn_close(&copy);
    conn_close(&source);
    ok = ok && sync_file(to, e);
    if (!ok)
        store_file_drop(to);
    return ok;
}
