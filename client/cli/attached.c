#include "attached.h"

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

/* Ends of writing, never its middle: a file that an editor has just emptied to write it anew
 * looks like somebody deleted everything. */
static const uint32_t wanted = IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE | IN_MOVED_FROM;

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

bool attached_open(struct attached *a, const char *path, struct err *e)
{
    struct stat st;
    struct buf aside = {0};
    *a = (struct attached){.watch = -1, .path = resolve(path, e)};
    if (!a->path)
        return false;
    if (stat(a->path, &st) == 0 && !S_ISREG(st.st_mode))
        return fail(e, ERR_USAGE, "%s: not a file", path);
    a->dir = part_of(a->path, dirname);
    a->base = part_of(a->path, basename);
    buf_fmt(&aside, "%s/.%s.moot", strcmp(a->dir, "/") == 0 ? "" : a->dir, a->base);
    a->aside = str_dup(buf_str(&aside));
    buf_finish(&aside);
    a->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (a->watch < 0 || inotify_add_watch(a->watch, a->dir, wanted) < 0)
        return fail(e, ERR_IO, "%s cannot be watched: %s", a->dir, strerror(errno));
    return true;
}

void attached_close(struct attached *a)
{
    if (a->watch >= 0)
        close(a->watch);
    if (a->aside)
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

bool attached_heard(struct attached *a)
{
    _Alignas(struct inotify_event) char bytes[4096];
    bool heard = false;
    ssize_t n;
    while ((n = read(a->watch, bytes, sizeof bytes)) > 0) {
        for (ssize_t at = 0; at < n;) {
            struct inotify_event ev;
            memcpy(&ev, bytes + at, sizeof ev);
            const char *name = ev.len ? bytes + at + sizeof ev : "";
            /* Also one that was written to behind our replacing it. */
            heard |= ev.mask & IN_Q_OVERFLOW || strcmp(name, a->base) == 0 ||
                     (strcmp(name, aside_base(a)) == 0 && ev.mask & IN_CLOSE_WRITE);
            at += (ssize_t)(sizeof ev + ev.len);
        }
    }
    return heard;
}

bool attached_read(struct attached *a, bool *changed, struct err *e)
{
    struct buf now = {0};
    struct err why = {0};
    *changed = false;
    if (!file_read(a->path, &now, &why)) {
        buf_finish(&now);
        a->is_there = why.code != ERR_NOT_FOUND;
        return why.code == ERR_NOT_FOUND || fail(e, why.code, "%s", why.text);
    }
    *changed = !a->is_there || !str_eq(buf_str(&now), buf_str(&a->text));
    a->is_there = true;
    buf_finish(&a->text);
    a->text = now;
    return true;
}

bool attached_late(struct attached *a, struct buf *late)
{
    buf_clear(late);
    if (!file_read(a->aside, late, NULL) || str_eq(buf_str(late), buf_str(&a->replaced)))
        return false;
    unlink(a->aside); /* whoever holds it still, holds it alone */
    return true;
}

/* An editor that had the old file open writes there, not into the one that took its place. */
static bool was_written(const struct attached *a)
{
    struct buf old = {0};
    bool same = file_read(a->aside, &old, NULL) && str_eq(buf_str(&old), buf_str(&a->text));
    buf_finish(&old);
    return !same;
}

/* The file stays as it is; what stands aside is ours, and nothing is late that equals it. */
static bool give_way(struct attached *a, struct str ours)
{
    buf_clear(&a->replaced);
    buf_add_str(&a->replaced, ours);
    return true;
}

bool attached_write(struct attached *a, struct str text, bool *raced, struct err *e)
{
    *raced = false;
    if (!file_write(a->aside, text, e))
        return false;
    struct stat st;
    if (stat(a->path, &st) == 0)
        chmod(a->aside, st.st_mode & 07777);
    bool swapped = renameat2(AT_FDCWD, a->aside, AT_FDCWD, a->path, RENAME_EXCHANGE) == 0;
    if (swapped && was_written(a)) { /* back again: theirs is newer than what we saw */
        *raced = true;
        renameat2(AT_FDCWD, a->aside, AT_FDCWD, a->path, RENAME_EXCHANGE);
        return give_way(a, text);
    }
    if (!swapped && errno == ENOENT && a->is_there) {
        *raced = true; /* gone, as while an editor renames */
        return give_way(a, text);
    }
    if (!swapped && rename(a->aside, a->path) != 0)
        return fail(e, ERR_IO, "%s: %s", a->path, strerror(errno));
    struct buf spare = a->replaced;
    a->replaced = a->text;
    a->text = spare;
    buf_clear(&a->text);
    buf_add_str(&a->text, text);
    a->is_there = true;
    return true;
}
