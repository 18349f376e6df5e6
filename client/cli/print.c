#include "print.h"
#include "codec.h"
#include "field.h"
#include "utf8.h"
#include "width.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FLUSH_AT = 64 * 1024 };

bool print_flush(struct print *p)
{
    size_t done = 0;
    while (!p->failed.code && done < p->bytes.n) {
        ssize_t n = write(STDOUT_FILENO, p->bytes.p + done, p->bytes.n - done);
        if (n >= 0)
            done += (size_t)n;
        else if (errno == EPIPE)
            p->failed = (struct err){.code = ERR_IO};
        else if (errno != EINTR)
            fail(&p->failed, ERR_IO, "standard output: %s", strerror(errno));
    }
    buf_clear(&p->bytes);
    return !p->failed.code;
}

bool print_end(struct print *p, struct err *e)
{
    bool ok = print_flush(p);
    if (!ok)
        *e = p->failed;
    buf_finish(&p->bytes);
    return ok;
}

static void flush_when_full(struct print *p)
{
    if (p->bytes.n >= FLUSH_AT)
        print_flush(p);
}

void print_fmt(struct print *p, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    bug_on(n < 0);
    buf_reserve(&p->bytes, (size_t)n);
    vsnprintf(p->bytes.p + p->bytes.n, (size_t)n + 1, fmt, again);
    p->bytes.n += (size_t)n;
    va_end(again);
    va_end(ap);
    flush_when_full(p);
}

void print_text(struct print *p, struct str text, int width)
{
    size_t at = p->bytes.n;
    utf8_escape(&p->bytes, text);
    int used = width_of((struct str){p->bytes.p + at, p->bytes.n - at});
    for (; used < width; used++)
        buf_add_c(&p->bytes, ' ');
    flush_when_full(p);
}

void print_lines(struct print *p, struct str text)
{
    while (text.p) {
        struct str line = str_cut(&text, '\n');
        line.n -= line.n > 0 && line.p[line.n - 1] == '\r';
        utf8_escape(&p->bytes, line);
        if (text.p)
            buf_add(&p->bytes, "\n    ", 5);
    }
    flush_when_full(p);
}

void print_time(struct print *p, int64_t ms)
{
    time_t s = (time_t)(ms / 1000);
    struct tm tm;
    char text[32];
    if (!localtime_r(&s, &tm) || !strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm))
        snprintf(text, sizeof text, "%lld", (long long)ms);
    buf_add_str(&p->bytes, str_of(text));
}

void print_field(struct print *p, const struct field *f, const void *item)
{
    if (field_is_left_out(f, item))
        return;
    print_fmt(p, " %s=", f->name);
    if (f->kind == FIELD_STR)
        print_text(p, field_str(f, item), 0);
    else
        codec_value(&p->bytes, f, item);
}

void print_json_item(struct print *p, const struct shape *shape, const void *item,
                     struct str extra)
{
    buf_add_c(&p->bytes, '{');
    buf_add_str(&p->bytes, extra);
    for (size_t i = 0; i < shape->n; i++) {
        buf_fmt(&p->bytes, "%s\"%s\":", i ? "," : "", shape->fields[i].name);
        codec_value(&p->bytes, &shape->fields[i], item);
    }
    buf_fmt(&p->bytes, "}\n");
    flush_when_full(p);
}

const struct shape *print_shape(enum msg_type type, const char *list)
{
    const struct shape *s = &msg_table[type].shape;
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->fields[i].name, list) == 0)
            return s->fields[i].of;
    bug_on(true);
    return NULL;
}
