#include "private_file.h"
#include "paths.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_private(const char *path, const struct stat *st, struct err *e)
{
    if (!S_ISREG(st->st_mode))
        return fail(e, ERR_IO, "%s: not a regular file", path);
    if (st->st_uid != geteuid())
        return fail(e, ERR_IO, "%s: belongs to another account", path);
    if (st->st_mode & 077)
        return fail(e, ERR_IO, "%s: others may use it (mode %04o); chmod 600 it", path,
                    (unsigned)(st->st_mode & 07777));
    return true;
}

static bool read_up_to(int fd, const char *path, size_t max, struct buf *out, struct err *e)
{
    char part[4096];
    size_t total = 0;
    for (;;) {
        ssize_t n = read(fd, part, sizeof part);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(e, ERR_IO, "%s: %s", path, strerror(errno));
        if (n == 0)
            return true;
        if ((total += (size_t)n) > max)
            return fail(e, ERR_TOO_LARGE, "%s: longer than %zu bytes", path, max);
        buf_add(out, part, (size_t)n);
    }
}

bool private_file_read(const char *path, size_t max, struct buf *out, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return fail(e, ERR_IO, "%s: %s", path, strerror(errno));
    struct stat st;
    bool ok = fstat(fd, &st) == 0 || fail(e, ERR_IO, "%s: %s", path, strerror(errno));
    ok = ok && is_private(path, &st, e) && read_up_to(fd, path, max, out, e);
    close(fd);
    return ok;
}

static bool write_all(int fd, struct str bytes)
{
    while (bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes.p += n;
        bytes.n -= (size_t)n;
    }
    return true;
}

bool private_file_write(const char *path, struct str bytes, struct err *e)
{
    if (!path_make_parent(path, e))
        return false;
    struct arena a = {0};
    char *temporary = (char *)str_fmt(&a, "%s.XXXXXX", path).p;
    int fd = mkostemp(temporary, O_CLOEXEC); /* 0600 */
    bool ok = fd >= 0 && write_all(fd, bytes) && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0 && close(fd) < 0 && ok) {
        ok = false;
        why = errno;
    }
    if (ok && rename(temporary, path) < 0) {
        ok = false;
        why = errno;
    }
    if (!ok && fd >= 0)
        unlink(temporary);
    arena_finish(&a);
    return ok || fail(e, ERR_IO, "%s: %s", path, strerror(why));
}

int private_file_lock(const char *path, struct err *e)
{
    struct arena a = {0};
    struct str beside = str_fmt(&a, "%s.lock", path);
    int fd = -1;
    if (path_make_parent(path, e)) {
        fd = open(beside.p, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0 || flock(fd, LOCK_EX) < 0) {
            fail(e, ERR_IO, "%s: %s", beside.p, strerror(errno));
            if (fd >= 0)
                close(fd);
            fd = -1;
        }
    }
    arena_finish(&a);
    return fd;
}
