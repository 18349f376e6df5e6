#include "filters_file.h"

#include "filter.h"
#include "paths.h"
#include "private_file.h"
#include "url.h"
#include "utf8.h"

#include <unistd.h>

enum { BYTES_MAX = 2 * FILTERS_MAX * (FILTER_NAME_MAX + FILTER_TEXT_MAX + 2) };

struct str filters_path(struct arena *a, const char *server)
{
    struct buf name = {0};
    buf_fmt(&name, "moot/");
    url_slug(str_of(server), &name);
    buf_fmt(&name, "/filters");
    struct str path = path_in(a, PATH_STATE, buf_cstr(&name));
    buf_finish(&name);
    return path;
}

static bool read_file(const char *path, struct buf *out, struct err *e)
{
    return access(path, F_OK) != 0 || private_file_read(path, BYTES_MAX, out, e);
}

static bool next_line(struct str *rest, struct str *name, struct str *text)
{
    while (rest->n) {
        *text = str_cut(rest, '\n');
        *name = str_cut(text, ' ');
        if (text->n && text->n <= FILTER_TEXT_MAX && filter_name_check(*name, NULL) &&
            utf8_is_valid(*text))
            return true;
    }
    return false;
}

bool filters_read(const char *path, void (*each)(void *arg, struct str name, struct str text),
                  void *arg, struct err *e)
{
    struct buf bytes = {0};
    struct str name, text;
    bool ok = read_file(path, &bytes, e);
    for (struct str rest = buf_str(&bytes); ok && next_line(&rest, &name, &text);)
        each(arg, name, text);
    buf_finish(&bytes);
    return ok;
}

/* ---- changing it ---- */

struct change {
    struct str name, text;
    bool is_put; /* it stands in out */
    bool was_there;
    size_t n;
    struct buf out;
};

static void add_line(struct change *c, struct str name, struct str text)
{
    buf_fmt(&c->out, "%.*s %.*s\n", STR_ARG(name), STR_ARG(text));
    c->n++;
}

static void put(struct change *c)
{
    if (c->text.n && !c->is_put)
        add_line(c, c->name, c->text);
    c->is_put = true;
}

/* By name, so that the list is the same for everybody. */
static void take(void *arg, struct str name, struct str text)
{
    struct change *c = arg;
    int order = str_cmp(name, c->name);
    if (order >= 0)
        put(c);
    if (order == 0)
        c->was_there = true;
    else
        add_line(c, name, text);
}

static bool write_changed(const char *path, struct change *c, struct err *e)
{
    if (!filters_read(path, take, c, e))
        return false;
    put(c);
    if (!c->text.n && !c->was_there)
        return fail(e, ERR_NOT_FOUND, "there is no saved filter %.*s", STR_ARG(c->name));
    if (c->n > FILTERS_MAX)
        return fail(e, ERR_LIMIT, "%d filters are saved: remove one first", FILTERS_MAX);
    return private_file_write(path, buf_str(&c->out), e);
}

bool filters_put(const char *path, struct str name, struct str text, struct err *e)
{
    struct change c = {.name = name, .text = text};
    int fd = -1;
    bool ok = filter_name_check(name, e) && (fd = private_file_lock(path, e)) >= 0 &&
              write_changed(path, &c, e);
    if (fd >= 0)
        close(fd);
    buf_finish(&c.out);
    return ok;
}
