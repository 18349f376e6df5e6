#include "opt_file.h"
#include "utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct reading {
    struct opt_set *set;
    enum opt_source from;
    struct err first; /* inih goes on after an error; the first one is told */
};

static bool put(struct reading *r, struct str section, struct str name, struct str value)
{
    struct err *e = &r->first;
    if (section.n)
        return fail(e, ERR_USAGE, "there is no section [%.*s]", STR_ARG(section));
    const struct opt *row = opt_find(r->set, name);
    if (!row)
        return fail(e, ERR_USAGE, "there is no option '%.*s'", STR_ARG(name));
    if (!row->in_file)
        return fail(e, ERR_USAGE, "'%s' cannot stand in a file", row->name);
    return opt_put(r->set, name, value, r->from, e);
}

/* inih's callback: 0 is an error. */
static int on_line(void *user, const char *section, const char *name, const char *value)
{
    struct reading *r = user;
    if (r->first.code)
        return 0;
    return put(r, str_of(section), str_of(name), str_of(value));
}

/* inih cuts long lines in two, stops at NUL and lets any byte pass, so those are looked at
 * here. */
static bool check_lines(struct str text, const char *name, struct err *e)
{
    if (text.n > OPT_FILE_MAX)
        return fail(e, ERR_USAGE, "%s: longer than %d bytes", name, OPT_FILE_MAX);
    for (int line = 1; text.n; line++) {
        struct str s = str_cut(&text, '\n');
        if (s.n > OPT_LINE_MAX)
            return fail(e, ERR_USAGE, "%s:%d: longer than %d bytes", name, line, OPT_LINE_MAX);
        if (str_has(s, '\0') || !utf8_is_valid(s))
            return fail(e, ERR_USAGE, "%s:%d: not UTF-8 text", name, line);
    }
    return true;
}

bool opt_read_text(struct opt_set *s, struct str text, const char *name, enum opt_source from,
                   struct err *e)
{
    if (!check_lines(text, name, e))
        return false;
    struct reading r = {.set = s, .from = from};
    char *bytes = str_dup(text);
    int line = ini_parse_string(bytes, on_line, &r);
    free(bytes);
    if (line == 0)
        return true;
    const char *why = r.first.code ? r.first.text : "not 'name = value'";
    return fail(e, ERR_USAGE, "%s:%d: %s", name, line, why);
}

static bool read_all(int fd, struct buf *out)
{
    char part[4096];
    ssize_t n = 0;
    while (out->n <= OPT_FILE_MAX && (n = read(fd, part, sizeof part)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        buf_add(out, part, (size_t)n);
    }
    return true;
}

bool opt_file_bytes(const char *path, bool required, struct buf *out, struct err *e)
{
    /* O_NONBLOCK: a FIFO in its place must not hang the start. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && !required && (errno == ENOENT || errno == ENOTDIR))
        return true;
    bool ok = fd >= 0 && read_all(fd, out);
    if (!ok)
        fail(e, ERR_IO, "%s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return ok;
}

bool opt_read_file(struct opt_set *s, const char *path, enum opt_source from, bool required,
                   struct err *e)
{
    struct buf text = {0};
    bool ok = opt_file_bytes(path, required, &text, e) &&
              opt_read_text(s, buf_str(&text), path, from, e);
    buf_finish(&text);
    return ok;
}
