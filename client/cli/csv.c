#include "csv.h"

#include <string.h>

static char first(struct str s)
{
    return s.n ? s.p[0] : '\0';
}

static void drop(struct str *s, size_t n)
{
    s->p += n;
    s->n -= n;
}

/* Behind the opening quote; up to the closing one, two of which are one. */
static bool read_quoted(struct str *rest, size_t *line, struct arena *a, struct str *out,
                        struct err *e)
{
    struct buf value = {0};
    size_t began = *line;
    for (;;) {
        if (!rest->n) {
            buf_finish(&value);
            return fail(e, ERR_MALFORMED, "line %zu: a quote is not closed", began);
        }
        char c = first(*rest);
        drop(rest, 1);
        *line += c == '\n';
        if (c == '"' && first(*rest) != '"')
            break;
        if (c == '"')
            drop(rest, 1);
        buf_add_c(&value, c);
    }
    *out = str_keep(a, buf_str(&value));
    buf_finish(&value);
    if (rest->n && !strchr(",\r\n", first(*rest)))
        return fail(e, ERR_MALFORMED, "line %zu: text follows a closing quote", *line);
    return true;
}

static struct str read_plain(struct str *rest)
{
    size_t n = 0;
    while (n < rest->n && !strchr(",\r\n", rest->p[n]))
        n++;
    struct str value = {rest->p, n};
    drop(rest, n);
    return value;
}

static void end_line(struct str *rest, size_t *line)
{
    if (first(*rest) == '\r')
        drop(rest, 1);
    if (first(*rest) == '\n') {
        drop(rest, 1);
        ++*line;
    }
}

static void skip_empty_lines(struct str *rest, size_t *line)
{
    while (rest->n && strchr("\r\n", first(*rest)))
        end_line(rest, line);
}

bool csv_next(struct str *rest, size_t *line, struct arena *a, struct csv_row *row,
              struct err *e)
{
    row->n = 0;
    skip_empty_lines(rest, line);
    row->line = *line;
    if (!rest->n)
        return false;
    for (;;) {
        struct str value = {0};
        if (first(*rest) == '"') {
            drop(rest, 1);
            if (!read_quoted(rest, line, a, &value, e))
                return false;
        } else {
            value = read_plain(rest);
        }
        vec_push(row, value);
        if (first(*rest) != ',')
            break;
        drop(rest, 1);
    }
    end_line(rest, line);
    return true;
}
