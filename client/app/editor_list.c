#include "editor_parts.h"

#include <stdlib.h>

enum { MARK_CHARS = 256, NUMBER_DIGITS = 9 };

/* ---- what a line begins with ---- */

static size_t count_blanks(struct str s, size_t at)
{
    size_t n = 0;
    while (at + n < s.n && s.p[at + n] == ' ')
        n++;
    return n;
}

static void read_indent(struct str s, struct list_mark *m)
{
    while (m->indent < s.n &&
           (s.p[m->indent] == ' ' || s.p[m->indent] == '\t' || s.p[m->indent] == '>')) {
        m->is_quote = m->is_quote || s.p[m->indent] == '>';
        m->indent++;
    }
}

/* A bullet, or a number and what closes it, with at least one blank behind. */
static void read_mark(struct str s, struct list_mark *m)
{
    size_t at = m->indent, digits = 0;
    while (digits < NUMBER_DIGITS && at < s.n && s.p[at] >= '0' && s.p[at] <= '9') {
        m->number = m->number * 10 + (uint32_t)(s.p[at++] - '0');
        digits++;
    }
    char c = at < s.n ? s.p[at] : '\0';
    bool is_mark = digits ? c == '.' || c == ')' : c == '-' || c == '*' || c == '+';
    size_t blanks = is_mark ? count_blanks(s, at + 1) : 0;
    if (blanks == 0)
        return;
    m->bullet = c;
    m->mark = at + 1 + blanks - m->indent;
}

static void read_box(struct str s, struct list_mark *m)
{
    size_t at = m->indent + m->mark;
    if (m->mark == 0 || at + 3 > s.n || s.p[at] != '[' || s.p[at + 2] != ']')
        return;
    char c = s.p[at + 1];
    size_t blanks = count_blanks(s, at + 3);
    if ((c != ' ' && c != 'x' && c != 'X') || (blanks == 0 && at + 3 < s.n))
        return;
    m->is_done = c != ' ';
    m->box = 3 + blanks;
}

/* All of it is ASCII: bytes are characters. */
struct list_mark list_mark(const struct rope *text, struct line l)
{
    struct list_mark m = {0};
    struct buf b = {0};
    rope_read(text, l.start, MIN(l.end - l.start, MARK_CHARS), &b);
    struct str s = buf_str(&b);
    read_indent(s, &m);
    read_mark(s, &m);
    read_box(s, &m);
    buf_finish(&b);
    return m;
}

/* ---- a new line ---- */

/* What the next line of the same list begins with. */
static void add_next_mark(const struct rope *text, struct line l, const struct list_mark *m,
                          struct buf *out)
{
    rope_read(text, l.start, m->indent, out);
    if (m->mark && (m->bullet == '.' || m->bullet == ')'))
        buf_fmt(out, "%u%c ", m->number + 1, m->bullet);
    else
        rope_read(text, l.start + m->indent, m->mark, out);
    buf_add_str(out, m->box ? STR("[ ] ") : STR(""));
}

/* An empty item, or an empty line of a quotation, ends what it is of. */
static bool end_list(struct editor_at *at, struct line l, const struct list_mark *m,
                     struct op *out)
{
    size_t kept = m->mark && m->is_quote ? m->indent : 0;
    return at_replace(at, (struct span){l.start + kept, l.end}, (struct str){0}, out);
}

bool editor_newline(struct editor_at *at, struct op *out)
{
    struct span s = at_span(at);
    struct line l = line_at(at->text, s.start);
    struct list_mark m = list_mark(at->text, l);
    size_t content = l.start + m.indent + m.mark + m.box;
    struct line rest = {.start = content, .end = l.end};
    struct buf b = {0};
    buf_add_c(&b, '\n');
    if (s.start >= content) {
        bool is_empty = s.end <= l.end && line_is_blank(at->text, rest);
        if (is_empty && (m.mark || m.is_quote)) {
            buf_finish(&b);
            return end_list(at, l, &m, out);
        }
        add_next_mark(at->text, l, &m, &b);
        if (is_empty)
            s.start = l.start; /* no blanks are left behind on an empty line */
    }
    at_replace(at, s, buf_str(&b), out);
    buf_finish(&b);
    return true;
}

/* ---- boxes ---- */

static void add_box(size_t *done, size_t pos, struct str text, struct op *out)
{
    op_skip(out, pos - *done);
    op_insert(out, text);
    *done = pos;
}

static void tick(size_t *done, size_t pos, const struct list_mark *m, struct op *out)
{
    op_skip(out, pos - *done);
    op_delete(out, 1);
    op_insert(out, m->is_done ? STR(" ") : STR("x"));
    *done = pos + 1;
}

/* The first line that is not blank says what is done to all. */
static struct list_mark first_mark(const struct rope *text, const struct line_span *lines)
{
    struct line l = lines->first;
    while (l.number < lines->last.number && line_is_blank(text, l))
        l = line_nth(text, l.number + 1);
    return list_mark(text, l);
}

bool editor_check(struct editor_at *at, struct op *out)
{
    const struct rope *text = at->text;
    struct line_span lines = at_lines(at);
    struct list_mark first = first_mark(text, &lines);
    bool is_one = lines.first.number == lines.last.number;
    size_t done = 0;
    for (size_t n = lines.first.number; n <= lines.last.number; n++) {
        struct line l = line_nth(text, n);
        struct list_mark m = list_mark(text, l);
        size_t pos = l.start + m.indent + m.mark;
        if (first.box && m.box && m.is_done == first.is_done)
            tick(&done, pos + 1, &m, out);
        else if (!first.box && !m.box && (is_one || !line_is_blank(text, l)))
            add_box(&done, pos, m.mark ? STR("[ ] ") : STR("- [ ] "), out);
    }
    if (!first.box) {
        at->caret = op_caret(out, at->caret, OP_RIGHT);
        at->anchor = op_caret(out, at->anchor, OP_RIGHT);
    }
    return !op_is_empty(out);
}
