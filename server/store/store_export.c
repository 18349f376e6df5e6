#include "store_export.h"

#include "codec.h"
#include "store_copy.h"
#include "store_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 500, PAGE_BYTES = 1024 * 1024 };

struct export
{
    struct store *store;
    FILE *out;
    const char *path; /* of out, for errors */
    int64_t accounts, events, rooms;
    struct buf line;
    struct arena arena; /* of one event */
};

/* ---- lines ---- */

static bool put_line(struct export *x, struct str line, struct err *e)
{
    if (fwrite(line.p, 1, line.n, x->out) == line.n && fputc('\n', x->out) != EOF)
        return true;
    return fail(e, ERR_IO, "%s: %s", x->path, strerror(errno));
}

static bool put_account(struct export *x, const struct store_user *u, struct err *e)
{
    struct user_item item = {u->name, u->admin, u->disabled, u->created, u->seen, u->bot};
    struct msg m = {.type = MSG_USER_LIST};
    m.user_list.head.re = 1;
    m.user_list.users.v = &item;
    m.user_list.users.n = 1;
    buf_clear(&x->line);
    codec_encode(&x->line, &m);
    x->accounts++;
    return put_line(x, buf_str(&x->line), e);
}

/* What import would refuse is no export. */
static bool put_event(struct export *x, struct str room, const struct store_event *ev,
                      struct err *e)
{
    struct msg_list list;
    struct err why = {0};
    int64_t re;
    arena_clear(&x->arena);
    if (codec_decode(ev->json, FROM_SERVER, &x->arena, &list, &re, &why))
        return put_line(x, ev->json, e);
    return fail(e, ERR_STORE,
                "room %.*s, event %" PRId64
                " cannot be read: %.200s; 'mootd check' says what else "
                "is damaged",
                STR_ARG(room), ev->seq, why.text);
}

static bool put_page(struct export *x, const struct store_job *j, struct err *e)
{
    if (j->err.code != ERR_NONE)
        return fail(e, j->err.code, "%s", j->err.text);
    for (size_t i = 0; i < j->events.n; i++)
        if (!put_event(x, j->room, &j->events.v[i], e))
            return false;
    x->events += (int64_t)j->events.n;
    return true;
}

static bool put_room(struct export *x, struct str room, struct err *e)
{
    int64_t at = 0;
    bool ok = true, more = true;
    while (ok && more) {
        struct store_job *j = store_job_new(JOB_EVENTS);
        j->room = room;
        j->from = at;
        j->limit = PAGE;
        j->bytes_limit = PAGE_BYTES;
        x->store->read(x->store, j);
        ok = put_page(x, j, e);
        at += (int64_t)j->events.n;
        more = j->more;
        store_job_free(j);
    }
    x->rooms++;
    return ok;
}

/* ---- which rooms ---- */

/* '#' begins a comment in a shell: one may leave it out. */
static bool is_called(struct str room, const char *word)
{
    return str_is(room, word) ||
           (room.n && room.p[0] == '#' && str_is((struct str){room.p + 1, room.n - 1}, word));
}

static bool is_wanted(char *const rooms[], size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (is_called(name, rooms[i]))
            return true;
    return n == 0;
}

static bool know_rooms(const struct store_job *boot, char *const rooms[], size_t n,
                       struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        bool found = false;
        for (size_t r = 0; r < boot->rooms.n; r++)
            found = found || is_called(boot->rooms.v[r].name, rooms[i]);
        if (!found)
            return fail(e, ERR_NOT_FOUND, "there is no room %s", rooms[i]);
    }
    return true;
}

static bool put_all(struct export *x, const struct store_job *boot, char *const rooms[],
                    size_t n, struct err *e)
{
    bool ok = put_line(x, STR(EXPORT_FIRST), e);
    for (size_t i = 0; ok && n == 0 && i < boot->users.n; i++)
        ok = put_account(x, &boot->users.v[i], e);
    for (size_t i = 0; ok && i < boot->rooms.n; i++)
        ok = !is_wanted(rooms, n, boot->rooms.v[i].name) ||
             put_room(x, boot->rooms.v[i].name, e);
    buf_clear(&x->line);
    buf_fmt(&x->line, EXPORT_LAST, x->accounts, x->events);
    return ok && put_line(x, buf_str(&x->line), e);
}

/* ---- files ---- */

/* To a name of its own first: under the right one there is never half an export. */
static bool put_file(struct export *x, const struct store_job *boot, char *const rooms[],
                     size_t n, const char *path, struct err *e)
{
    struct arena a = {0};
    const char *part = str_fmt(&a, "%s.part", path).p;
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    x->path = path;
    x->out = fd < 0 ? NULL : fdopen(fd, "w");
    bool ok = x->out && put_all(x, boot, rooms, n, e) && fflush(x->out) == 0 && fsync(fd) == 0;
    if (x->out)
        ok = fclose(x->out) == 0 && ok;
    ok = ok && rename(part, path) == 0;
    if (!ok && e && e->code == ERR_NONE)
        fail(e, ERR_IO, "%s: %s", path, strerror(errno));
    if (!ok)
        unlink(part);
    else
        store_folder_sync(path);
    arena_finish(&a);
    return ok;
}

static bool make_folder(const char *path, struct err *e)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST ||
           fail(e, ERR_IO, "%s: %s", path, strerror(errno));
}

/* The folder of #core is called core. moot.jsonl comes last: where it is, all of the folder is.
 */
static bool put_folder(struct export *x, const struct store_job *boot, char *const rooms[],
                       size_t n, const char *path, struct buf *said, struct err *e)
{
    struct arena a = {0};
    bool ok = make_folder(path, e);
    for (size_t i = 0; ok && i < boot->rooms.n; i++) {
        struct str name = boot->rooms.v[i].name;
        if (!is_wanted(rooms, n, name))
            continue;
        const char *folder = str_fmt(&a, "%s/%.*s", path, (int)name.n - 1, name.p + 1).p;
        ok = make_folder(folder, e) && export_pages(x->store, name, folder, said, e);
    }
    ok = ok && put_file(x, boot, rooms, n, str_fmt(&a, "%s/moot.jsonl", path).p, e);
    arena_finish(&a);
    return ok;
}

static bool is_folder(const char *path)
{
    struct stat st;
    size_t n = strlen(path);
    return (n && path[n - 1] == '/') || (stat(path, &st) == 0 && S_ISDIR(st.st_mode));
}

static bool put(struct export *x, const struct store_job *boot, char *const rooms[], size_t n,
                const char *to, struct buf *said, struct err *e)
{
    if (is_folder(to))
        return put_folder(x, boot, rooms, n, to, said, e);
    if (strcmp(to, "-") != 0)
        return put_file(x, boot, rooms, n, to, e);
    x->path = "standard output";
    x->out = stdout;
    return put_all(x, boot, rooms, n, e) &&
           (fflush(stdout) == 0 || fail(e, ERR_IO, "%s: %s", x->path, strerror(errno)));
}

bool store_export(const char *db, char *const rooms[], size_t n, const char *to,
                  struct buf *said, struct err *e)
{
    struct export x = {.store = store_sqlite_open_check(db, e)};
    if (!x.store)
        return false;
    struct store_job *boot = store_job_new(JOB_BOOT);
    bool ok = store_sqlite_hold(x.store, e);
    if (ok)
        x.store->read(x.store, boot);
    ok = ok && (boot->err.code == ERR_NONE || fail(e, boot->err.code, "%s", boot->err.text)) &&
         know_rooms(boot, rooms, n, e) && put(&x, boot, rooms, n, to, said, e);
    if (ok && strcmp(to, "-") != 0)
        buf_fmt(said, "%s: %" PRId64 " room%s, %" PRId64 " event%s, %" PRId64 " account%s.\n",
                to, x.rooms, x.rooms == 1 ? "" : "s", x.events, x.events == 1 ? "" : "s",
                x.accounts, x.accounts == 1 ? "" : "s");
    store_job_free(boot);
    x.store->close(x.store);
    buf_finish(&x.line);
    arena_finish(&x.arena);
    return ok;
}
