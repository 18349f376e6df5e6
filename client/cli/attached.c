#include "attached.h"

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
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

static bool is_open(const char *path)
{
    bool in_use;
    int fd = open_leased(path, F_WRLCK, &in_use);
    if (fd >= 0)
        close(fd);
    return in_use;
}

static uint64_t inode_of(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 ? st.st_ino : 0;
}

/* All of a file that nobody is writing: else it might be half of a save. The lease ends when it
 * is closed, not before: so who waited for that is told of after our own closing. */
static bool read_whole(const char *path, struct buf *out, uint64_t *inode, bool *in_use,
                       struct err *e)
{
    int fd = open_leased(path, F_RDLCK, in_use);
    if (fd < 0)
        return fail(e,
                    *in_use           ? ERR_BUSY
                    : errno == ENOENT ? ERR_NOT_FOUND
                                      : ERR_IO,
                    "%s: %s", path, *in_use ? "somebody is writing it" : strerror(errno));
    bool ok = file_read_fd(fd, path, out, e);
    *inode = inode_of(fd);
    close(fd);
    return ok;
}

bool attached_open(struct attached *a, const char *path, struct err *e)
{
    struct stat st;
    struct buf aside = {0};
    *a = (struct attached){.watch = -1, .claim = -1, .path = resolve(path, e)};
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
    uint64_t inode;
    read_whole(a->aside, &a->replaced, &inode, &in_use, NULL); /* of one that was killed */
    a->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (a->watch < 0 ||
        inotify_add_watch(a->watch, a->dir, changes | IN_OPEN | IN_CLOSE_NOWRITE) < 0)
        return fail(e, ERR_IO, "%s cannot be watched: %s", a->dir, strerror(errno));
    return true;
}

uint64_t attached_hash(const char *name)
{
    uint64_t hash = 1469598103934665603u; /* FNV-1a, from a start of our own */
    for (const char *p = name; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 1099511628211u;
    return hash;
}

/* A name of the system's own, which goes with the process and leaves no file. */
static socklen_t claim_name(const struct attached *a, struct sockaddr_un *at)
{
    struct stat dir = {0};
    stat(a->dir, &dir);
    *at = (struct sockaddr_un){.sun_family = AF_UNIX};
    int n = snprintf(at->sun_path + 1, sizeof at->sun_path - 1, "moot-attach/%llx/%llx/%016llx",
                     (unsigned long long)dir.st_dev, (unsigned long long)dir.st_ino,
                     (unsigned long long)attached_hash(a->base));
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
}

bool attached_claim(struct attached *a, struct err *e)
{
    struct sockaddr_un at;
    socklen_t n = claim_name(a, &at);
    a->claim = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (a->claim < 0)
        return fail(e, ERR_IO, "%s: %s", a->path, strerror(errno));
    return bind(a->claim, (struct sockaddr *)&at, n) == 0 ||
           fail(e, ERR_EXISTS, "%s is attached to a note already", a->path);
}

/* What stands aside is as we left it, and nobody is writing there. */
static bool is_settled(const struct attached *a)
{
    struct buf old = {0};
    struct err why = {0};
    bool in_use;
    uint64_t inode;
    bool same = read_whole(a->aside, &old, &inode, &in_use, &why)
                    ? str_eq(buf_str(&old), buf_str(&a->replaced))
                    : why.code == ERR_NOT_FOUND;
    buf_finish(&old);
    return same;
}

void attached_close(struct attached *a)
{
    if (a->watch >= 0)
        close(a->watch);
    if (a->aside && a->is_held && is_settled(a))
        unlink(a->aside);
    if (a->claim >= 0)
        close(a->claim);
    free(a->path);
    free(a->dir);
    free(a->base);
    free(a->aside);
    buf_finish(&a->text);
    buf_finish(&a->replaced);
    *a = (struct attached){.watch = -1, .claim = -1};
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
    a->is_stale |= is_base && mask & changes;
    a->heard |= lost || is_late || (is_base && mask & changes);
    bool read = is_base && mask & IN_CLOSE_NOWRITE;
    bool by_others = lost || (read && *own == 0);
    a->was_read |= by_others && !a->is_stale;
    a->later_was_read |= by_others && (lost || a->is_stale);
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

bool attached_was_read(struct attached *a)
{
    bool was_read = a->was_read;
    a->was_read = false;
    return was_read;
}

static bool read_file(struct attached *a, bool *changed, struct err *e)
{
    struct buf now = {0};
    struct err why = {0};
    bool in_use;
    uint64_t inode;
    bool others = is_open(a->path); /* whoever has it open just now, reads it */
    if (!read_whole(a->path, &now, &inode, &in_use, &why)) {
        buf_finish(&now);
        a->busy |= in_use;
        if (in_use)
            return true;
        a->is_there = why.code != ERR_NOT_FOUND;
        return why.code == ERR_NOT_FOUND || fail(e, why.code, "%s", why.text);
    }
    *changed = !a->is_there || !str_eq(buf_str(&now), buf_str(&a->text));
    a->is_there = true;
    a->before_was_read = a->was_read && *changed;
    a->was_read = others || a->later_was_read || (a->was_read && !*changed);
    a->is_stale = a->later_was_read = false;
    a->is_new = inode != a->inode;
    a->inode = inode;
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

bool attached_late(struct attached *a, struct buf *late, struct err *e)
{
    struct err why = {0};
    uint64_t inode;
    buf_clear(late);
    bool is_whole = read_whole(a->aside, late, &inode, &a->busy, &why);
    bool is_late = is_whole && !str_eq(buf_str(late), buf_str(&a->replaced));
    if (is_whole && !is_late)
        unlink(a->aside);
    if (!is_whole && !a->busy && why.code != ERR_NOT_FOUND)
        fail(e, why.code, "%s", why.text);
    return is_late;
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
    uint64_t inode;
    bool same = read_whole(a->aside, &old, &inode, &in_use, NULL) &&
                str_eq(buf_str(&old), buf_str(&a->text));
    buf_finish(&old);
    return !same;
}

static bool swap(struct attached *a, int swaps, unsigned flags)
{
    if (renameat2(AT_FDCWD, a->aside, AT_FDCWD, a->path, flags) != 0)
        return false;
    a->swaps = swaps;
    take_events(a, 0);
    a->swaps = 0;
    return true;
}

static bool exchange(struct attached *a)
{
    return swap(a, 2, RENAME_EXCHANGE);
}

/* Nobody opens the file to write there between the look and the exchange. */
static bool exchange_unless_written(struct attached *a, bool *in_use)
{
    int fd = open_leased(a->path, F_RDLCK, in_use);
    bool ok = !*in_use && exchange(a);
    int error = errno;
    if (fd >= 0)
        close(fd);
    if (!ok)
        take_events(a, 1); /* our own opening */
    errno = error;
    return ok;
}

/* Where no file is, or the file system knows no exchange. */
static bool put_first(struct attached *a)
{
    return swap(a, 1, a->is_there ? 0 : RENAME_NOREPLACE) || (errno == EINVAL && swap(a, 1, 0));
}

/* The file stays as it is, and is to be read again. What stands aside is ours, unless somebody
 * opened it in the moment that it was in place: that is late then. */
static bool give_way(struct attached *a, struct str ours)
{
    a->heard = true;
    buf_clear(&a->replaced);
    buf_add_str(&a->replaced, ours);
    if (is_settled(a))
        unlink(a->aside);
    return true;
}

/* What was put aside is newer than what we saw: it goes back in its place. Where that is gone
 * again, it is late. */
static bool put_back(struct attached *a, struct str ours)
{
    bool was_read = a->before_was_read;
    bool back = exchange(a);
    a->was_read |= a->before_was_read || was_read;
    if (back)
        return give_way(a, ours);
    a->heard = true;
    buf_clear(&a->replaced);
    return true;
}

static void take_place(struct attached *a, struct str text, uint64_t inode)
{
    a->before_was_read |= is_open(a->aside);
    struct buf spare = a->replaced;
    a->replaced = a->text;
    a->text = spare;
    buf_clear(&a->text);
    buf_add_str(&a->text, text);
    a->inode = inode;
    a->is_there = true;
}

/* With the mode and the group of the file that it will replace, and nobody's to read before. */
static bool write_aside(struct attached *a, struct str text, uint64_t *inode, struct err *e)
{
    struct stat st;
    mode_t mask = umask(077);
    bool ok = file_write(a->aside, text, e);
    umask(mask);
    if (!ok)
        return false;
    bool is_there = stat(a->path, &st) == 0;
    if (is_there && chown(a->aside, (uid_t)-1, st.st_gid) != 0)
        st.st_mode &= ~(mode_t)S_ISGID; /* not ours to give */
    chmod(a->aside, is_there ? st.st_mode & 07777 : 0666 & ~mask);
    *inode = stat(a->aside, &st) == 0 ? st.st_ino : 0;
    return true;
}

bool attached_write(struct attached *a, struct str text, bool *raced, struct err *e)
{
    uint64_t inode;
    a->before_was_read = false;
    *raced = !is_settled(a);
    a->heard |= *raced;
    if (*raced)
        return true;
    if (!write_aside(a, text, &inode, e))
        return false;
    take_events(a, 0);
    bool in_use, swapped = exchange_unless_written(a, &in_use);
    *raced = swapped ? was_written(a) : in_use || (errno == ENOENT && a->is_there);
    if (*raced)
        return swapped ? put_back(a, text) : give_way(a, text);
    if (!swapped && !put_first(a)) {
        *raced = errno == EEXIST;
        return *raced ? give_way(a, text) : fail(e, ERR_IO, "%s: %s", a->path, strerror(errno));
    }
    take_place(a, text, inode);
    return true;
}
