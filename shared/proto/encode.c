#include "codec.h"
#include "field.h"
#include "utf8.h"

#include <string.h>

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\';
}

/* c as a backslash and a letter where JSON has one, as \u00XX where it has none. */
static void add_escape(struct buf *out, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
    const char *at = c ? strchr(from, c) : NULL;
    if (at)
        buf_add(out, (char[]){'\\', to[at - from]}, 2);
    else
        buf_add(out, (char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6);
}

/* The inside of a JSON string; s is valid UTF-8. Copied in runs up to what needs an escape. */
static void add_inside(struct buf *out, struct str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (is_plain(p[i]))
            continue;
        buf_add(out, p + from, i - from);
        add_escape(out, p[i]);
        from = i + 1;
    }
    buf_add(out, p + from, s.n - from);
}

static void add_string(struct buf *out, struct str s)
{
    buf_reserve(out, s.n + 2);
    out->p[out->n++] = '"';
    if (s.n)
        add_inside(out, s);
    buf_add_c(out, '"');
}

static void add_int(struct buf *out, int64_t v)
{
    char digits[20];
    size_t i = sizeof digits;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do
        digits[--i] = (char)('0' + u % 10);
    while (u /= 10);
    if (v < 0)
        digits[--i] = '-';
    buf_add(out, digits + i, sizeof digits - i);
}

/* ,"name": in one go. */
static void add_name(struct buf *out, const char *name)
{
    size_t n = strlen(name);
    buf_reserve(out, n + 4);
    char *p = out->p + out->n;
    p[0] = ',';
    p[1] = '"';
    memcpy(p + 2, name, n);
    p[n + 2] = '"';
    p[n + 3] = ':';
    out->n += n + 4;
}

static void add_events(struct buf *out, struct list l)
{
    const struct str *events = l.v;
    buf_add_c(out, '[');
    for (size_t i = 0; i < l.n; i++) {
        if (i)
            buf_add_c(out, ',');
        buf_add_str(out, events[i]);
    }
    buf_add_c(out, ']');
}

static void add_list(struct buf *out, const struct field *f, struct list l);

void codec_value(struct buf *out, const struct field *f, const void *base)
{
    switch (f->kind) {
    case FIELD_BOOL:
        buf_add_str(out, field_number(f, base) ? STR("true") : STR("false"));
        return;
    case FIELD_INT:
        add_int(out, field_number(f, base));
        return;
    case FIELD_STR:
        add_string(out, field_str(f, base));
        return;
    case FIELD_OP:
        buf_add_str(out, field_str(f, base));
        return;
    case FIELD_ENUM:
        bug_on(field_number(f, base) > f->max);
        add_string(out, str_of(f->names[field_number(f, base)]));
        return;
    case FIELD_LIST:
        add_list(out, f, field_list(f, base));
        return;
    case FIELD_EVENTS:
        add_events(out, field_list(f, base));
        return;
    }
}

/* Each field with a comma in front. */
static void add_fields(struct buf *out, const struct shape *shape, const void *base)
{
    for (size_t i = 0; i < shape->n; i++) {
        const struct field *f = &shape->fields[i];
        if (field_is_left_out(f, base))
            continue;
        add_name(out, f->name);
        codec_value(out, f, base);
    }
}

static void add_list(struct buf *out, const struct field *f, struct list l)
{
    buf_add_c(out, '[');
    for (size_t i = 0; i < l.n; i++) {
        if (i)
            buf_add_c(out, ',');
        size_t start = out->n;
        add_fields(out, f->of, (const char *)l.v + i * f->of->size);
        /* The first comma becomes the brace. */
        if (out->n == start)
            buf_add_c(out, '{');
        else
            out->p[start] = '{';
        buf_add_c(out, '}');
    }
    buf_add_c(out, ']');
}

void codec_encode(struct buf *out, const struct msg *m)
{
    bug_on(m->type <= MSG_NONE || m->type >= MSG_COUNT);
    const struct msg_row *row = &msg_table[m->type];
    struct shape head = msg_head(row);
    buf_add_str(out, STR("{\"type\":\""));
    buf_add_str(out, str_of(row->name));
    buf_add_c(out, '"');
    add_fields(out, &head, msg_body(m));
    add_fields(out, &row->shape, msg_body(m));
    buf_add_c(out, '}');
}

void codec_quote(struct buf *out, struct str s)
{
    buf_add_c(out, '"');
    while (s.n) {
        uint32_t cp;
        size_t good = 0;
        for (size_t n; (n = utf8_next((struct str){s.p + good, s.n - good}, &cp)) > 0;)
            good += n;
        add_inside(out, (struct str){s.p, good});
        if (good < s.n) {
            buf_add_str(out, STR("\xef\xbf\xbd"));
            good++;
        }
        s.p += good;
        s.n -= good;
    }
    buf_add_c(out, '"');
}
