#include "editor_parts.h"

struct line_span at_lines(const struct editor_at *at)
{
    struct span s = at_span(at);
    struct line_span l = {line_at(at->text, s.start), line_at(at->text, s.end)};
    if (s.end > s.start && l.last.start == s.end)
        l.last = line_nth(at->text, l.last.number - 1);
    return l;
}

/* ---- indentation ---- */

/* An item goes under the one above it when it begins where that one's text does. */
static size_t indent_of(const struct list_mark *m)
{
    return m->mark ? m->mark : TAB_CELLS;
}

static void add_blanks(struct op *out, size_t n)
{
    while (n-- > 0)
        op_insert(out, STR(" "));
}

static bool insert_tab(struct editor *e, struct editor_at *at, struct op *out)
{
    struct editor_row row = editor_row_of(e, at->text, at->caret);
    int column = editor_column_of(e, at->text, &row, at->caret);
    size_t n = (size_t)(TAB_CELLS - column % TAB_CELLS);
    op_skip(out, at->caret);
    add_blanks(out, n);
    at->caret = at->anchor = at->caret + n;
    return true;
}

/* What was selected stays so, from where it began. */
static bool move_along(struct editor_at *at, const struct op *o)
{
    bool is_caret_first = at->caret < at->anchor, is_anchor_first = at->anchor < at->caret;
    at->caret = op_caret(o, at->caret, is_caret_first ? OP_LEFT : OP_RIGHT);
    at->anchor = op_caret(o, at->anchor, is_anchor_first ? OP_LEFT : OP_RIGHT);
    return !op_is_empty(o);
}

bool editor_indent(struct editor *e, struct editor_at *at, struct op *out)
{
    struct line_span lines = at_lines(at);
    if (at->caret == at->anchor && list_mark(at->text, lines.first).mark == 0)
        return insert_tab(e, at, out);
    size_t done = 0;
    for (size_t n = lines.first.number; n <= lines.last.number; n++) {
        struct line l = line_nth(at->text, n);
        struct list_mark m = list_mark(at->text, l);
        if (line_is_blank(at->text, l))
            continue;
        op_skip(out, l.start - done);
        add_blanks(out, indent_of(&m));
        done = l.start;
    }
    return move_along(at, out);
}

/* How much of a line's start goes: blanks, or one tab. */
static size_t outdent_chars(const struct rope *text, struct line l)
{
    struct list_mark m = list_mark(text, l);
    size_t most = indent_of(&m), n = 0;
    if (l.end > l.start && rope_at(text, l.start) == '\t')
        return 1;
    while (n < most && l.start + n < l.end && rope_at(text, l.start + n) == ' ')
        n++;
    return n;
}

bool editor_outdent(struct editor_at *at, struct op *out)
{
    struct line_span lines = at_lines(at);
    size_t done = 0;
    for (size_t n = lines.first.number; n <= lines.last.number; n++) {
        struct line l = line_nth(at->text, n);
        size_t chars = outdent_chars(at->text, l);
        op_skip(out, l.start - done);
        op_delete(out, chars);
        done = l.start + chars;
    }
    return move_along(at, out);
}

/* ---- moving lines ---- */

/* The neighbour goes to the other side, so that carets within what is moved move along. */
static void shift_up(const struct line_span *l, struct line other, struct buf *text,
                     const struct rope *rope, struct op *out)
{
    buf_add_c(text, '\n');
    rope_read(rope, other.start, other.end - other.start, text);
    op_skip(out, other.start);
    op_delete(out, l->first.start - other.start);
    op_skip(out, l->last.end - l->first.start);
    op_insert(out, buf_str(text));
}

static void shift_down(const struct line_span *l, struct line other, struct buf *text,
                       const struct rope *rope, struct op *out)
{
    rope_read(rope, other.start, other.end - other.start, text);
    buf_add_c(text, '\n');
    op_skip(out, l->first.start);
    op_insert(out, buf_str(text));
    op_skip(out, l->last.end - l->first.start);
    op_delete(out, other.end - l->last.end);
}

static size_t moved_by(const struct rope *text, size_t pos, size_t by, bool up)
{
    return up ? pos - by : MIN(pos + by, rope_chars(text));
}

bool editor_shift_lines(enum editor_verb verb, struct editor_at *at, struct op *out)
{
    bool up = verb == EDITOR_LINE_UP;
    struct line_span l = at_lines(at);
    if (up ? l.first.number == 0 : l.last.number + 1 >= rope_lines(at->text))
        return false;
    struct line other = line_nth(at->text, up ? l.first.number - 1 : l.last.number + 1);
    struct buf text = {0};
    (up ? shift_up : shift_down)(&l, other, &text, at->text, out);
    buf_finish(&text);
    size_t by = other.end - other.start + 1;
    at->caret = moved_by(at->text, at->caret, by, up);
    at->anchor = moved_by(at->text, at->anchor, by, up);
    return true;
}
