#include "attached.h"

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

/* Ends of writing, never its middle: a file that an editor has just emptied to write it anew
 * looks like somebody deleted everything. */
static const uint32_t changes = IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE | IN_MOVED_FROM;

/* The file behind symbolic links; one that is not there is where its folder is. */
static char *resolve(const char *path, struct err *e)
{
    char *real = realpath(path, NULL);
    if (real)
        return real;
    char *copy = str_dup(str_of(path)), *copy2 = str_dup(str_of(path));
    char *dir = errno == ENOENT ? realpath(dirname(copy), NULL) : NULL;
    int error = errno;
    struct buf joined = {0};
    if (dir)
        buf_fmt(&joined, "%s/%s", strcmp(dir, "/") == 0 ? "" : dir, basename(copy2));
    else
        fail(e, ERR_IO, "%s: %s", path, strerror(error));
    real = dir ? str_dup(buf_str(&joined)) : NULL;
    buf_finish(&joined);
    free(dir);
    free(copy);
    free(copy2);
    return real;
}

static char *part_of(const char *path, char *(*cut)(char *))
{
    char *copy = str_dup(str_of(path));
    char *part = str_dup(str_of(cut(copy)));
    free(copy);
    return part;
}

/* A lease on the file while it is looked at. The system grants it only where nobody has the
 * file open, for writing (type F_RDLCK) or at all (F_WRLCK), and who opens it meanwhile waits
 * until it is closed again. Where it grants none to us, as on a file of somebody else's, the
 * file is taken for closed. -1: it cannot be opened, or it is in use. */
static int open_leased(const char *path, int type, bool *in_use)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    *in_use = fd >= 0 && fcntl(fd, F_SETLEASE, type) != 0 && errno == EAGAIN;
    if (*in_use) {
        close(fd);
        return -1;
    }
    return fd;
}

static void close_leased(int fd)
{
    fcntl(fd, F_SETLEASE, F_UNLCK);
    close(fd);
}

static bool is_open(const char *path)
{
    bool in_use;
    int fd = open_leased(path, F_WRLCK, &in_use);
    if (fd >= 0)
        close_leased(fd);
    return in_use;
}

/* All of a file that nobody is writing: else it might be half of a save. */
static bool read_whole(const char *path, struct buf *out, bool *in_use, struct err *e)
{
    int fd = open_leased(path, F_RDLCK, in_use);
    if (fd < 0)
        return fail(e,
                    *in_use           ? ERR_BUSY
                    : errno == ENOENT ? ERR_NOT_FOUND
                                      : ERR_IO,
                    "%s: %s", path, *in_use ? "somebody is writing it" : strerror(errno));
    bool ok = file_read_fd(fd, path, out, e);
    close_leased(fd);
    return ok;
}

bool attached_open(struct attached *a, const char *path, struct err *e)
{
    struct stat st;
    struct buf aside = {0};
    *a = (struct attached){.watch = -1, .path = resolve(path, e)};
    signal(SIGIO, SIG_IGN); /* an editor that waits for our lease, see below */
    if (!a->path)
        return false;
    if (stat(a->path, &st) == 0 && !S_ISREG(st.st_mode))
        return fail(e, ERR_USAGE, "%s: not a file", path);
    a->dir = part_of(a->path, dirname);
    a->base = part_of(a->path, basename);
    buf_fmt(&aside, "%s/.%s.moot", strcmp(a->dir, "/") == 0 ? "" : a->dir, a->base);
    a->aside = str_dup(buf_str(&aside));
    buf_finish(&aside);
    bool in_use;
    read_whole(a->aside, &a->replaced, &in_use, NULL); /* of one that was killed */
    a->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (a->watch < 0 ||
        inotify_add_watch(a->watch, a->dir, changes | IN_OPEN | IN_CLOSE_NOWRITE) < 0)
        return fail(e, ERR_IO, "%s cannot be watched: %s", a->dir, strerror(errno));
    return true;
}

void attached_close(struct attached *a)
{
    if (a->watch >= 0)
        close(a->watch);
    if (a->aside && a->is_held)
        unlink(a->aside);
    free(a->path);
    free(a->dir);
    free(a->base);
    free(a->aside);
    buf_finish(&a->text);
    buf_finish(&a->replaced);
    *a = (struct attached){.watch = -1};
}

static const char *aside_base(const struct attached *a)
{
    return strrchr(a->aside, '/') + 1;
}

static void take_event(struct attached *a, uint32_t mask, const char *name, int *own)
{
    bool lost = mask & IN_Q_OVERFLOW, is_base = strcmp(name, a->base) == 0;
    /* Also one that was written to behind our replacing it. */
    bool is_late = strcmp(name, aside_base(a)) == 0 && mask & IN_CLOSE_WRITE;
    if (is_base && mask & (IN_MOVED_FROM | IN_MOVED_TO) && a->swaps) {
        if (a->swaps-- == 2) { /* who read so far, read what we replaced */
            a->before_was_read = a->was_read;
            a->was_read = false;
        }
        return;
    }
    a->heard |= lost || is_late || (is_base && mask & changes);
    bool read = is_base && mask & IN_CLOSE_NOWRITE;
    a->was_read |= lost || (read && *own == 0);
    *own -= read && *own > 0;
}

/* Of so many readings that end, we were the first ourselves. Two that follow each other at once
 * are told apart by the opening between them, which is watched for nothing else. */
static void take_events(struct attached *a, int own)
{
    _Alignas(struct inotify_event) char bytes[4096];
    ssize_t n;
    while ((n = read(a->watch, bytes, sizeof bytes)) > 0) {
        for (ssize_t at = 0; at < n;) {
            struct inotify_event ev;
            memcpy(&ev, bytes + at, sizeof ev);
            take_event(a, ev.mask, ev.len ? bytes + at + sizeof ev : "", &own);
            at += (ssize_t)(sizeof ev + ev.len);
        }
    }
}

bool attached_heard(struct attached *a)
{
    take_events(a, 0);
    bool heard = a->heard;
    a->heard = false;
    return heard;
}

static bool read_file(struct attached *a, bool *changed, struct err *e)
{
    struct buf now = {0};
    struct err why = {0};
    bool in_use;
    /* Whoever has it open just now, reads it; nobody else can open it until we are through. */
    bool others = is_open(a->path);
    if (!read_whole(a->path, &now, &in_use, &why)) {
        buf_finish(&now);
        a->busy |= in_use;
        if (in_use)
            return true;
        a->is_there = why.code != ERR_NOT_FOUND;
        return why.code == ERR_NOT_FOUND || fail(e, why.code, "%s", why.text);
    }
    *changed = !a->is_there || !str_eq(buf_str(&now), buf_str(&a->text));
    a->is_there = true;
    a->was_read = (a->was_read || others) && !*changed;
    buf_finish(&a->text);
    a->text = now;
    return true;
}

bool attached_read(struct attached *a, bool *changed, struct err *e)
{
    *changed = false;
    take_events(a, 0);
    bool ok = read_file(a, changed, e);
    take_events(a, 2); /* read_file() opens it twice */
    return ok;
}

bool attached_late(struct attached *a, struct buf *late)
{
    bool in_use;
    buf_clear(late);
    bool is_whole = read_whole(a->aside, late, &in_use, NULL);
    a->busy = in_use;
    return is_whole && !str_eq(buf_str(late), buf_str(&a->replaced));
}

void attached_late_taken(struct attached *a)
{
    unlink(a->aside); /* whoever holds it still, holds it alone */
}

/* An editor that had the old file open writes there, not into the one that took its place. */
static bool was_written(const struct attached *a)
{
    struct buf old = {0};
    bool in_use;
    bool same =
        read_whole(a->aside, &old, &in_use, NULL) && str_eq(buf_str(&old), buf_str(&a->text));
    buf_finish(&old);
    return !same;
}

/* The file stays as it is; what stands aside is ours, and nothing is late that equals it. Only
 * who opened it in the moment that it was in place may still write there. */
static bool give_way(struct attached *a, struct str ours)
{
    buf_clear(&a->replaced);
    buf_add_str(&a->replaced, ours);
    if (!is_open(a->aside))
        unlink(a->aside);
    return true;
}

static bool exchange(struct attached *a)
{
    if (renameat2(AT_FDCWD, a->aside, AT_FDCWD, a->path, RENAME_EXCHANGE) != 0)
        return false;
    a->swaps = 2;
    take_events(a, 0);
    a->swaps = 0;
    return true;
}

/* Where no file is yet. */
static bool put_first(struct attached *a)
{
    if (rename(a->aside, a->path) != 0)
        return false;
    a->swaps = 1;
    take_events(a, 0);
    a->swaps = 0;
    return true;
}

bool attached_write(struct attached *a, struct str text, bool *raced, struct err *e)
{
    *raced = a->before_was_read = false;
    if (!file_write(a->aside, text, e))
        return false;
    struct stat st;
    if (stat(a->path, &st) == 0)
        chmod(a->aside, st.st_mode & 07777);
    take_events(a, 0);
    bool swapped = exchange(a);
    if (swapped && was_written(a)) { /* back again: theirs is newer than what we saw */
        bool was_read = a->before_was_read;
        *raced = true;
        exchange(a);
        a->was_read |= a->before_was_read || was_read;
        a->heard = true;
        return give_way(a, text);
    }
    if (!swapped && errno == ENOENT && a->is_there) {
        *raced = true; /* gone, as while an editor renames */
        return give_way(a, text);
    }
    if (!swapped && !put_first(a))
        return fail(e, ERR_IO, "%s: %s", a->path, strerror(errno));
    a->before_was_read |= is_open(a->aside);
    struct buf spare = a->replaced;
    a->replaced = a->text;
    a->text = spare;
    buf_clear(&a->text);
    buf_add_str(&a->text, text);
    a->is_there = true;
    return true;
}
