#include "store_backup.h"

#include "store_check.h"
#include "store_copy.h"
#include "store_schema.h"
#include "store_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ---- proving a copy ---- */

void store_steps_print(int64_t version, struct buf *out)
{
    for (size_t i = (size_t)MAX(version, 0); i < store_steps_n; i++)
        buf_fmt(out, "schema %d: %s\n", store_steps[i].version, store_steps[i].sentence);
}

static bool check(const char *path, struct buf *said, struct err *e)
{
    struct err why = {0};
    if (store_check(path, said, &why))
        return true;
    return fail(e, why.code, "%s: %s; nothing was changed", path, why.text);
}

/* One of an older schema is proven on a copy that has been brought to ours. */
static bool prove(const char *path, struct buf *said, struct err *e)
{
    struct arena a = {0};
    int64_t version;
    const char *trial = str_fmt(&a, "%s.try", path).p;
    bool ok = store_file_version(path, &version, e);
    if (ok && version == (int64_t)store_steps_n) {
        ok = check(path, said, e);
    } else if (ok) {
        ok = store_file_is_whole(path, e) && store_file_copy(path, trial, e) &&
             store_file_migrate(trial, e) && check(trial, said, e);
        store_file_drop(trial);
    }
    arena_finish(&a);
    return ok;
}

/* What a proven file holds. Those of an older schema have rooms and events all the same. */
static void describe(const char *path, struct buf *said)
{
    struct stat st = {0};
    int64_t version = 0, rooms = 0, events = 0;
    store_file_version(path, &version, NULL);
    store_file_figures(path, &rooms, &events);
    stat(path, &st);
    buf_fmt(said,
            "%" PRId64 " room%s, %" PRId64 " event%s, schema %" PRId64 ", %jd bytes; it agrees "
            "with itself.\n",
            rooms, rooms == 1 ? "" : "s", events, events == 1 ? "" : "s", version,
            (intmax_t)st.st_size);
}

/* ---- keeping what was ---- */

static struct str aside_name(struct arena *a, const char *db, const char *before)
{
    char stamp[32];
    time_t now = time(NULL);
    struct tm tm;
    gmtime_r(&now, &tm);
    strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &tm);
    return str_fmt(a, "%s.before-%s-%s", db, before, stamp);
}

/* Copies bytes: for a file that SQLite cannot read any more. */
static bool copy_bytes(const char *from, const char *to, struct err *e)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0 && errno == ENOENT)
        return true;
    int out = in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    ssize_t n = out < 0 ? -1 : 1;
    while (n > 0)
        n = copy_file_range(in, NULL, out, NULL, 1 << 30, 0);
    if (n < 0 || fsync(out) != 0)
        fail(e, ERR_IO, "%s could not be copied to %s: %s", from, to, strerror(errno));
    close(in);
    if (out >= 0)
        close(out);
    return n == 0;
}

static bool copy_damaged(struct arena *a, const char *db, const char *to, struct err *e)
{
    const char *wal = str_fmt(a, "%s-wal", db).p;
    if (copy_bytes(db, to, e) && copy_bytes(wal, str_fmt(a, "%s-wal", to).p, e))
        return true;
    store_file_drop(to);
    return false;
}

/* What root makes is for the account that the server runs as, which owns the folder. */
static bool give_to_owner(const char *path, struct err *e)
{
    struct stat st;
    char *copy = str_dup(str_of(path));
    bool ok = geteuid() != 0 ||
              (stat(dirname(copy), &st) == 0 && chown(path, st.st_uid, st.st_gid) == 0);
    free(copy);
    return ok || fail(e, ERR_IO, "%s: %s", path, strerror(errno));
}

bool store_keep_aside(const char *db, const char *before, struct buf *kept, struct err *e)
{
    struct arena a = {0};
    struct str to = aside_name(&a, db, before);
    bool ok = access(to.p, F_OK) != 0 || fail(e, ERR_EXISTS, "%s is there already", to.p);
    ok = ok && (store_file_copy(db, to.p, NULL) || copy_damaged(&a, db, to.p, e)) &&
         give_to_owner(to.p, e);
    if (ok) {
        store_folder_sync(db);
        buf_add_str(kept, to);
    }
    arena_finish(&a);
    return ok;
}

/* ---- backup ---- */

static bool is_same_file(const char *a, const char *b)
{
    struct stat of_a, of_b;
    return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 && of_a.st_dev == of_b.st_dev &&
           of_a.st_ino == of_b.st_ino;
}

static bool may_replace(const char *file, const char *db, struct err *e)
{
    int64_t version;
    struct err why = {0};
    if (is_same_file(file, db))
        return fail(e, ERR_USAGE, "%s is the database itself", file);
    if (access(file, F_OK) != 0 || store_file_version(file, &version, &why))
        return true;
    return fail(e, ERR_EXISTS, "%s is there and is no backup of moot; name another file", file);
}

/* Opens the file that will become the backup, once nobody else is writing one to that name; -1
 * when somebody is. Held until it has its name. */
static int hold_part(const char *part, struct err *e)
{
    struct stat held, named;
    for (;;) {
        int fd = open(part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0) {
            fail(e, ERR_IO, "%s: %s", part, strerror(errno));
            return -1;
        }
        if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
            fail(e, ERR_EXISTS, "another backup is being written to %s", part);
            close(fd);
            return -1;
        }
        if (fstat(fd, &held) == 0 && stat(part, &named) == 0 && held.st_ino == named.st_ino)
            return fd;
        close(fd); /* the other one gave it its name just now */
    }
}

static bool name_it(const char *part, const char *file, struct err *e)
{
    if (rename(part, file) != 0)
        return fail(e, ERR_IO, "%s: %s", file, strerror(errno));
    store_folder_sync(file);
    return true;
}

bool store_backup(const char *db, const char *file, struct buf *said, struct err *e)
{
    struct arena a = {0};
    const char *part = str_fmt(&a, "%s.part", file).p;
    int held = may_replace(file, db, e) ? hold_part(part, e) : -1;
    bool ok = held >= 0;
    if (ok &&
        !(ok = store_file_copy(db, part, e) && prove(part, said, e) && name_it(part, file, e)))
        store_file_drop(part);
    if (held >= 0)
        close(held);
    if (ok) {
        buf_fmt(said, "%s: ", file);
        describe(file, said);
    }
    arena_finish(&a);
    return ok;
}

/* ---- restore ---- */

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

/* The log of a damaged database that could not be settled has to leave before another file
 * takes the name: SQLite would apply it to that one. */
static bool move_log(struct arena *a, const char *db, const char *to, struct err *e)
{
    const char *wal = str_fmt(a, "%s-wal", db).p;
    const char *shm = str_fmt(a, "%s-shm", db).p;
    unlink(shm);
    if (!is_there(wal) || rename(wal, str_fmt(a, "%s-wal", to).p) == 0)
        return true;
    return fail(e, ERR_IO, "%s: %s", wal, strerror(errno));
}

/* At every moment the name `db` is that of a whole database. */
static bool change_places(struct arena *a, const char *fresh, const char *db, const char *why,
                          struct buf *kept, struct err *e)
{
    if (is_there(db)) {
        struct str to = aside_name(a, db, why);
        store_file_settle(db);
        if (link(db, to.p) != 0)
            return fail(e, ERR_IO, "%s: %s", to.p, strerror(errno));
        buf_add_str(kept, to);
        if (!move_log(a, db, to.p, e))
            return false;
    }
    return name_it(fresh, db, e);
}

bool store_take_place(const char *fresh, const char *db, struct err *e)
{
    if (!store_file_settle(fresh))
        return fail(e, ERR_STORE, "%s cannot be written", fresh);
    if (!give_to_owner(fresh, e))
        return false;
    store_file_drop_beside(db);
    return name_it(fresh, db, e);
}

bool store_replace(const char *fresh, const char *db, struct replacing how, struct buf *said,
                   struct err *e)
{
    struct arena a = {0};
    struct buf kept = {0};
    bool ok = store_file_migrate(fresh, e) &&
              store_file_note(fresh, how.by, how.why, how.from, how.words, e) &&
              check(fresh, said, e) && store_file_settle(fresh) && give_to_owner(fresh, e) &&
              change_places(&a, fresh, db, how.why, &kept, e);
    if (!ok)
        store_file_drop(fresh);
    if (ok) {
        buf_fmt(said, "%s: ", db);
        describe(db, said);
        if (kept.n)
            buf_fmt(said, "What was there before is kept as %s.\n", buf_cstr(&kept));
    }
    buf_finish(&kept);
    arena_finish(&a);
    return ok;
}

bool store_restore(const char *file, const char *db, const struct store_by *by,
                   struct buf *said, struct err *e)
{
    struct arena a = {0};
    const char *fresh = str_fmt(&a, "%s.new", db).p;
    bool ok =
        (!is_same_file(file, db) || fail(e, ERR_USAGE, "%s is the database itself", file)) &&
        store_file_copy(file, fresh, e);
    if (ok && !(ok = store_file_migrate(fresh, e) && store_file_rename_log(fresh, e)))
        store_file_drop(fresh);
    ok = ok && store_replace(fresh, db, (struct replacing){"restore", file, "", by}, said, e);
    arena_finish(&a);
    return ok;
}

/* ---- migrate ---- */

static bool try_steps(const char *db, struct buf *said, struct err *e)
{
    struct arena a = {0};
    const char *trial = str_fmt(&a, "%s.try", db).p;
    bool ok =
        store_file_copy(db, trial, e) && store_file_migrate(trial, e) && check(trial, said, e);
    store_file_drop(trial);
    if (ok)
        buf_fmt(said, "Tried on a copy, which agrees with itself. Nothing was changed.\n");
    arena_finish(&a);
    return ok;
}

static bool take_steps(const char *db, int64_t version, const struct store_by *by,
                       struct buf *said, struct err *e)
{
    struct buf kept = {0};
    char words[64];
    snprintf(words, sizeof words, "schema %" PRId64 " to %zu", version, store_steps_n);
    bool ok = store_keep_aside(db, "migrate", &kept, e) && store_file_migrate(db, e) &&
              store_file_note(db, by, "migrate", "", words, e);
    if (ok)
        buf_fmt(said, "Done. What was there before is kept as %s.\n", buf_cstr(&kept));
    buf_finish(&kept);
    return ok;
}

bool store_migrate(const char *db, bool dry, const struct store_by *by, struct buf *said,
                   struct err *e)
{
    int64_t version, newest = (int64_t)store_steps_n;
    if (!store_file_version(db, &version, e))
        return false;
    if (version > newest)
        return fail(e, ERR_STORE,
                    "%s: the database has schema %" PRId64 ", this mootd knows up to %" PRId64
                    "; it was written by a newer one, install that",
                    db, version, newest);
    buf_fmt(said, "%s has schema %" PRId64 " of %" PRId64 ".\n", db, version, newest);
    store_steps_print(version, said);
    if (version == newest)
        return true;
    return dry ? try_steps(db, said, e) : take_steps(db, version, by, said, e);
}
