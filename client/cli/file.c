#include "file.h"

#include "bounds.h"
#include "utf8.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static_assert(NOTE_BYTES_MAX == 4 * NOTE_MAX, "four bytes a code point");

static bool read_all(int fd, const char *name, size_t most, struct buf *out, struct err *e)
{
    size_t start = out->n;
    for (;;) {
        buf_reserve(out, 64 * 1024);
        ssize_t n = read(fd, out->p + out->n, 64 * 1024);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(e, ERR_IO, "%s: %s", name, strerror(errno));
        if (n == 0)
            return true;
        out->n += (size_t)n;
        if (out->n - start > most)
            return fail(e, ERR_TOO_LARGE, "%s: more than %zu bytes", name, most);
    }
}

static bool check_text(const char *name, struct str s, struct err *e)
{
    if (!utf8_is_valid(s) || str_has(s, '\0'))
        return fail(e, ERR_BAD_FIELD, "%s: not UTF-8 text", name);
    return true;
}

bool file_read_text(const char *path, size_t most, struct buf *out, struct err *e)
{
    size_t start = out->n;
    bool is_input = strcmp(path, "-") == 0;
    const char *name = is_input ? "standard input" : path;
    int fd = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s: %s", path,
                    strerror(errno));
    bool ok = read_all(fd, name, most, out, e) &&
              check_text(name, (struct str){out->p + start, out->n - start}, e);
    if (!is_input)
        close(fd);
    return ok;
}

static bool check_note(const char *name, struct str s, struct err *e)
{
    return utf8_chars(s) <= NOTE_MAX ||
           fail(e, ERR_TOO_LARGE, "%s: a note has at most %d characters", name, NOTE_MAX);
}

bool file_read(const char *path, struct buf *out, struct err *e)
{
    size_t start = out->n;
    return file_read_text(path, NOTE_BYTES_MAX, out, e) &&
           check_note(path, (struct str){out->p + start, out->n - start}, e);
}

bool file_read_fd(int fd, const char *name, struct buf *out, struct err *e)
{
    size_t start = out->n;
    if (!read_all(fd, name, NOTE_BYTES_MAX, out, e))
        return false;
    struct str text = {out->p + start, out->n - start};
    return check_text(name, text, e) && check_note(name, text, e);
}

static bool write_all(int fd, struct str s)
{
    while (s.n) {
        ssize_t n = write(fd, s.p, s.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        s.p += n;
        s.n -= (size_t)n;
    }
    return true;
}

static mode_t mode_for(const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0)
        return st.st_mode & 07777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

#define ENDING ".XXXXXX" /* of a file that is not whole yet */

void file_clear(const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    struct buf dir = {0};
    buf_add(&dir, slash ? path : ".", slash ? (size_t)(slash - path) + 1 : 1);
    DIR *d = opendir(buf_cstr(&dir));
    size_t n = strlen(base);
    for (struct dirent *entry; d && (entry = readdir(d));) {
        const char *name = entry->d_name;
        if (strncmp(name, base, n) == 0 && name[n] == '.' && strlen(name) == n + strlen(ENDING))
            unlinkat(dirfd(d), name, 0);
    }
    if (d)
        closedir(d);
    buf_finish(&dir);
}

bool file_write(const char *path, struct str text, struct err *e)
{
    struct buf temp = {0};
    buf_fmt(&temp, "%s" ENDING, path);
    char *name = str_dup(buf_str(&temp));
    buf_finish(&temp);
    int fd = mkostemp(name, O_CLOEXEC);
    bool ok =
        fd >= 0 && fchmod(fd, mode_for(path)) == 0 && write_all(fd, text) && fsync(fd) == 0;
    int error = errno;
    if (fd >= 0)
        close(fd);
    if (ok && rename(name, path) != 0) {
        ok = false;
        error = errno;
    }
    if (!ok && fd >= 0)
        unlink(name);
    free(name);
    return ok || fail(e, ERR_IO, "%s: %s", path, strerror(error));
}
