/* moot-man DATE TEMPLATE PAGE: fills in one manual page. Part of the build, not installed. */
#include "man.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool read_file(struct buf *out, const char *path, struct err *e)
{
    char part[4096];
    FILE *f = fopen(path, "rb");
    if (!f)
        return fail(e, ERR_IO, "%s: %s", path, strerror(errno));
    for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;)
        buf_add(out, part, n);
    bool bad = ferror(f);
    fclose(f);
    return !bad || fail(e, ERR_IO, "%s: cannot be read", path);
}

static bool write_file(struct str text, const char *path, struct err *e)
{
    FILE *f = fopen(path, "wb");
    if (!f)
        return fail(e, ERR_IO, "%s: %s", path, strerror(errno));
    bool good = fwrite(text.p, 1, text.n, f) == text.n;
    good = fclose(f) == 0 && good;
    return good || fail(e, ERR_IO, "%s: cannot be written", path);
}

static bool make_page(const char *date, const char *from, const char *to, struct err *e)
{
    const struct man_value values[] = {{"DATE", 0, date}, {"VERSION", 0, MOOT_VERSION}};
    const struct man_source build = {.values = values, .n_values = COUNT_OF(values)};
    const struct man_source *const sources[] = {&build, &man_proto, &man_server, &man_client};
    const char *slash = strrchr(to, '/');
    struct buf text = {0}, page = {0};
    bool good = read_file(&text, from, e) &&
                man_fill(&page, buf_str(&text), slash ? slash + 1 : to, sources,
                         COUNT_OF(sources), e) &&
                write_file(buf_str(&page), to, e);
    buf_finish(&text);
    buf_finish(&page);
    return good;
}

int main(int argc, char **argv)
{
    struct err e = {0};
    if (argc != 4) {
        fprintf(stderr, "usage: moot-man DATE TEMPLATE PAGE\n");
        return err_exit(ERR_USAGE);
    }
    if (make_page(argv[1], argv[2], argv[3], &e))
        return 0;
    fprintf(stderr, "moot-man: %s\n", e.text);
    return 1;
}
