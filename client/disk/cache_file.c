#include "cache_file.h"

#include "msg.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FRONT "room-"
#define ENDING ".jsonl"

enum { FILE_BYTES_MAX = 128 * 1024 * 1024, USER_BYTES_MAX = 64 };

struct cache_room {
    char *name;
    int fd;           /* -1: not open */
    bool is_new;      /* fd is the file that will replace the old one */
    bool has_failed;  /* the disk took no more: nothing is written before it begins anew */
    size_t appended;  /* bytes since it was written anew */
    struct buf batch; /* not written yet */
};

struct cache {
    char *dir;
    int lock; /* -1: another process writes */
    VEC(struct cache_room) rooms;
};

/* ---- paths ---- */

/* DIR/NAMEending; '#' is no letter of file names, the rest of a room's name is harmless, and
 * the longest one fits. */
static void path_of(const struct cache *c, struct str room, const char *ending, struct buf *out)
{
    buf_fmt(out, "%s/" FRONT, c->dir);
    for (size_t i = 0; i < room.n; i++) {
        if (room.p[i] != '#' && room.p[i] != '/')
            buf_add_c(out, room.p[i]);
    }
    buf_fmt(out, "%s", ending);
    buf_cstr(out);
}

struct cache *cache_open(const char *dir)
{
    struct cache *c = NEW(struct cache);
    struct buf path = {0};
    c->dir = str_dup(str_of(dir));
    buf_fmt(&path, "%s/lock", dir);
    c->lock = open(buf_cstr(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (c->lock >= 0 && flock(c->lock, LOCK_EX | LOCK_NB) < 0) {
        close(c->lock);
        c->lock = -1;
    }
    buf_finish(&path);
    return c;
}

static void room_close(struct cache_room *r)
{
    if (r->fd >= 0)
        close(r->fd);
    r->fd = -1;
}

void cache_close(struct cache *c)
{
    if (!c)
        return;
    cache_flush(c);
    vec_each (r, &c->rooms) {
        room_close(r);
        buf_finish(&r->batch);
        free(r->name);
    }
    vec_finish(&c->rooms);
    if (c->lock >= 0)
        close(c->lock);
    free(c->dir);
    free(c);
}

static struct cache_room *room_of(struct cache *c, struct str room)
{
    vec_each (r, &c->rooms) {
        if (str_is(room, r->name))
            return r;
    }
    vec_push(&c->rooms, (struct cache_room){.name = str_dup(room), .fd = -1});
    return &c->rooms.v[c->rooms.n - 1];
}

/* ---- reading ---- */

static bool read_file(const char *path, size_t max, struct buf *out)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (size_t)st.st_size <= max;
    if (ok) {
        buf_reserve(out, (size_t)st.st_size);
        ssize_t n = read(fd, out->p, (size_t)st.st_size);
        ok = n >= 0;
        out->n = ok ? (size_t)n : 0;
    }
    close(fd);
    return ok;
}

static void forget(struct cache *c, struct str room, const char *path)
{
    struct cache_room *r = room_of(c, room);
    if (c->lock >= 0)
        unlink(path);
    r->has_failed = true; /* until it begins anew */
}

void cache_drop(struct cache *c, struct str room)
{
    struct buf path = {0};
    struct cache_room *r = room_of(c, room);
    room_close(r);
    buf_clear(&r->batch);
    path_of(c, room, ENDING, &path);
    forget(c, room, path.p);
    buf_finish(&path);
}

bool cache_read(struct cache *c, struct str room, bool (*take)(void *arg, struct str json),
                void *arg)
{
    struct buf path = {0}, bytes = {0};
    path_of(c, room, ENDING, &path);
    bool exists = access(path.p, F_OK) == 0;
    bool ok = !exists || read_file(path.p, FILE_BYTES_MAX, &bytes);
    struct str rest = buf_str(&bytes);
    while (ok && rest.n) {
        struct str line = str_cut(&rest, '\n');
        ok = rest.p && take(arg, line); /* a torn line is as bad as a wrong one */
    }
    if (!ok)
        forget(c, room, path.p);
    room_of(c, room)->appended = bytes.n / 2; /* the longer, the sooner written anew */
    buf_finish(&path);
    buf_finish(&bytes);
    return ok;
}

void cache_rooms(const struct cache *c, void (*each)(void *arg, struct str room), void *arg)
{
    DIR *d = opendir(c->dir);
    struct buf room = {0};
    if (!d)
        return;
    for (struct dirent *entry; (entry = readdir(d));) {
        struct str name = str_of(entry->d_name);
        if (!str_starts(name, FRONT) || name.n <= strlen(FRONT ENDING) ||
            strcmp(name.p + name.n - strlen(ENDING), ENDING) != 0)
            continue;
        buf_clear(&room);
        name = (struct str){name.p + strlen(FRONT), name.n - strlen(FRONT ENDING)};
        buf_fmt(&room, "%s%.*s", str_starts(name, "@") ? "" : "#", STR_ARG(name));
        if (str_follows(buf_str(&room), RULE_ROOM))
            each(arg, buf_str(&room));
    }
    buf_finish(&room);
    closedir(d);
}

/* ---- writing ---- */

void cache_add(struct cache *c, struct str room, struct str json)
{
    struct cache_room *r = room_of(c, room);
    if (c->lock < 0 || r->has_failed)
        return;
    buf_add_str(&r->batch, json);
    buf_add_c(&r->batch, '\n');
}

void cache_begin(struct cache *c, struct str room)
{
    struct cache_room *r = room_of(c, room);
    room_close(r);
    buf_clear(&r->batch);
    r->is_new = true;
    r->has_failed = false;
    r->appended = 0;
}

static bool write_batch(struct cache_room *r)
{
    size_t done = 0;
    while (done < r->batch.n) {
        ssize_t n = write(r->fd, r->batch.p + done, r->batch.n - done);
        if (n < 0 && errno != EINTR)
            return false;
        done += n > 0 ? (size_t)n : 0;
    }
    r->appended += r->is_new ? 0 : r->batch.n;
    return true;
}

static bool flush_room(struct cache *c, struct cache_room *r)
{
    struct buf path = {0}, fresh = {0};
    path_of(c, str_of(r->name), ENDING, &path);
    path_of(c, str_of(r->name), ".new", &fresh);
    if (r->is_new)
        r->fd = open(fresh.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    else if (r->fd < 0)
        r->fd = open(path.p, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    bool ok = r->fd >= 0 && write_batch(r) && (!r->is_new || rename(fresh.p, path.p) == 0);
    if (!ok)
        unlink(path.p); /* half a file would be taken for the whole */
    buf_finish(&path);
    buf_finish(&fresh);
    return ok;
}

void cache_flush(struct cache *c)
{
    vec_each (r, &c->rooms) {
        if (c->lock < 0 || r->batch.n == 0)
            continue;
        if (!flush_room(c, r)) {
            room_close(r);
            r->has_failed = true;
        }
        r->is_new = false;
        buf_clear(&r->batch);
        if (r->batch.cap > CACHE_GROWTH_MAX)
            buf_finish(&r->batch);
    }
}

bool cache_has_grown(const struct cache *c, struct str room)
{
    vec_each (r, &c->rooms) {
        if (str_is(room, r->name))
            return c->lock >= 0 && r->appended > CACHE_GROWTH_MAX;
    }
    return false;
}

/* ---- who we are ---- */

void cache_set_user(struct cache *c, struct str user)
{
    struct buf path = {0}, known = {0};
    cache_user(c, &known);
    if (c->lock >= 0 && !str_eq(buf_str(&known), user)) {
        buf_fmt(&path, "%s/user", c->dir);
        int fd = open(buf_cstr(&path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (fd >= 0) {
            if (write(fd, user.p, user.n) != (ssize_t)user.n)
                unlink(path.p);
            close(fd);
        }
    }
    buf_finish(&path);
    buf_finish(&known);
}

void cache_user(struct cache *c, struct buf *out)
{
    struct buf path = {0};
    buf_fmt(&path, "%s/user", c->dir);
    read_file(buf_cstr(&path), USER_BYTES_MAX, out);
    buf_finish(&path);
}
