#include "tail_lines.h"

#include "utf8.h"

enum escape { NO_ESCAPE, BEGUN, IN_CSI, IN_STRING, STRING_ESC };

static void end_line(struct tail_lines *t)
{
    struct buf *place = &t->lines[t->begun++ % t->most];
    buf_clear(place);
    buf_add_str(place, buf_str(&t->line));
    buf_clear(&t->line);
    t->was_return = false;
}

/* One byte of an escape sequence (ECMA-48): CSI ends with a letter or so, the strings (OSC, DCS
 * and the like) with BEL or ESC \. */
static enum escape next_escape(enum escape at, unsigned char c)
{
    switch (at) {
    case NO_ESCAPE:
        return c == 0x1b ? BEGUN : NO_ESCAPE;
    case BEGUN:
        if (c == '[')
            return IN_CSI;
        if (c == ']' || c == 'P' || c == 'X' || c == '^' || c == '_')
            return IN_STRING;
        return c >= 0x20 && c < 0x30 ? BEGUN : NO_ESCAPE;
    case IN_CSI:
        return c >= 0x40 && c <= 0x7e ? NO_ESCAPE : IN_CSI;
    case IN_STRING:
        return c == 0x07 ? NO_ESCAPE : c == 0x1b ? STRING_ESC : IN_STRING;
    case STRING_ESC:
        return c == '\\' ? NO_ESCAPE : IN_STRING;
    }
    return NO_ESCAPE;
}

static void add_byte(struct tail_lines *t, unsigned char c)
{
    if (t->escape != NO_ESCAPE || c == 0x1b) {
        t->escape = (int)next_escape((enum escape)t->escape, c);
        return;
    }
    if (c == '\n') {
        end_line(t);
    } else if (c == '\r') {
        t->was_return = true;
    } else if (c == '\b') {
        t->line.n -= t->line.n > 0;
    } else {
        if (t->was_return)
            buf_clear(&t->line);
        t->was_return = false;
        if (t->line.n < TAIL_LINE_BYTES)
            buf_add_c(&t->line, (char)c);
    }
}

void tail_lines_add(struct tail_lines *t, struct str printed)
{
    for (size_t i = 0; i < printed.n; i++)
        add_byte(t, (unsigned char)printed.p[i]);
}

static void read_line(struct str line, struct buf *out)
{
    while (line.n) {
        uint32_t cp;
        size_t n = utf8_next(line, &cp);
        bool good = n && (cp == '\t' || !utf8_is_unsafe(cp));
        if (good)
            buf_add(out, line.p, n);
        n += !n;
        line = (struct str){line.p + n, line.n - n};
    }
    buf_add_c(out, '\n');
}

void tail_lines_read(const struct tail_lines *t, struct buf *out)
{
    bool open = t->line.n > 0;
    size_t most = t->most - open;
    for (size_t i = t->begun > most ? t->begun - most : 0; i < t->begun; i++)
        read_line(buf_str(&t->lines[i % t->most]), out);
    if (open)
        read_line(buf_str(&t->line), out);
}

void tail_lines_finish(struct tail_lines *t)
{
    for (size_t i = 0; i < TAIL_LINES_MAX; i++)
        buf_finish(&t->lines[i]);
    buf_finish(&t->line);
}
