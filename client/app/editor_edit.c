#include "editor_parts.h"
#include "utf8.h"

#include <string.h>

bool at_replace(struct editor_at *at, struct span s, struct str with, struct op *out)
{
    if (s.start == s.end && with.n == 0)
        return false;
    op_skip(out, s.start);
    op_insert(out, with);
    op_delete(out, s.end - s.start);
    at->caret = at->anchor = s.start + utf8_chars(with);
    return true;
}

/* ---- the text as it will be ---- */

/* Where a walk over the parts of an operation is, in the text before and after. */
struct read_after {
    size_t old, new;
    struct span want;
    struct buf *out;
};

/* The overlap of the next `chars` characters with what is wanted, counted from their start. */
static struct span wanted(const struct read_after *r, size_t chars)
{
    size_t from = MIN(MAX(r->want.start, r->new), r->new + chars) - r->new;
    size_t to = MIN(MAX(r->want.end, r->new), r->new + chars) - r->new;
    return (struct span){from, to};
}

static void read_old(struct read_after *r, const struct rope *text, size_t chars)
{
    struct span s = wanted(r, chars);
    rope_read(text, r->old + s.start, s.end - s.start, r->out);
    r->old += chars;
    r->new += chars;
}

static size_t byte_of(struct str s, size_t chars)
{
    size_t n = 0;
    for (; n < s.n; n++)
        if (((unsigned char)s.p[n] & 0xc0) != 0x80 && chars-- == 0)
            break;
    return n;
}

static void read_new(struct read_after *r, struct str text, size_t chars)
{
    struct span s = wanted(r, chars);
    size_t from = byte_of(text, s.start);
    struct str rest = {text.p + from, text.n - from};
    if (s.end > s.start)
        buf_add(r->out, rest.p, byte_of(rest, s.end - s.start));
    r->new += chars;
}

void op_read_after(const struct op *o, const struct rope *text, struct span s, struct buf *out)
{
    struct read_after r = {.want = s, .out = out};
    struct op_at at = {0};
    for (struct op_part part; r.new < s.end &&op_next(o, &at, &part);) {
        if (part.kind == OP_SKIP)
            read_old(&r, text, part.chars);
        else if (part.kind == OP_INSERT)
            read_new(&r, part.text, part.chars);
        else
            r.old += part.chars;
    }
    if (r.new < s.end)
        read_old(&r, text, rope_chars(text) - r.old);
}

/* ---- erasing ---- */

static struct span to_erase(enum editor_verb verb, const struct editor_at *at)
{
    const struct rope *text = at->text;
    size_t caret = at->caret;
    if (at->anchor != caret)
        return at_span(at);
    if (verb == EDITOR_BACKSPACE)
        return (struct span){text_before(text, caret), caret};
    if (verb == EDITOR_DELETE)
        return (struct span){caret, text_next(text, caret)};
    if (verb == EDITOR_WORD_BACKSPACE)
        return (struct span){word_left(text, caret), caret};
    return (struct span){caret, word_right(text, caret)};
}

bool editor_erase(struct editor *e, enum editor_verb verb, struct editor_at *at, struct op *out)
{
    e->selecting = false;
    return at_replace(at, to_erase(verb, at), (struct str){0}, out);
}

/* ---- the clipboard ---- */

static void clip(struct editor *e, const struct rope *text, struct span s, bool add)
{
    if (!add)
        buf_clear(&e->clipboard);
    rope_read(text, s.start, s.end - s.start, &e->clipboard);
    e->clipboard_lines = false;
}

/* The line the caret is in, with its newline; the last one with that in front of it. */
static struct span whole_line(const struct rope *text, size_t pos)
{
    struct line l = line_at(text, pos);
    if (l.end < rope_chars(text))
        return (struct span){l.start, l.end + 1};
    return (struct span){l.start - (l.start > 0), l.end};
}

/* What is clipped as lines always ends in a newline, whichever side of it that was. */
static void clip_line(struct editor *e, const struct rope *text, size_t pos)
{
    struct line l = line_at(text, pos);
    clip(e, text, (struct span){l.start, l.end}, false);
    buf_add_c(&e->clipboard, '\n');
    e->clipboard_lines = true;
}

static bool copy(struct editor *e, const struct editor_at *at)
{
    struct span s = at_span(at);
    e->selecting = false;
    if (s.start < s.end)
        clip(e, at->text, s, false);
    else if (rope_chars(at->text) > 0)
        clip_line(e, at->text, at->caret);
    return rope_chars(at->text) > 0;
}

static bool cut(struct editor *e, struct editor_at *at, struct op *out)
{
    struct span s = at_span(at);
    if (s.start == s.end)
        s = whole_line(at->text, at->caret);
    if (!copy(e, at))
        return false;
    return at_replace(at, s, (struct str){0}, out);
}

/* Kills that follow each other are pasted as one. */
static bool kill_line(struct editor *e, struct editor_at *at, struct op *out)
{
    bool again = e->killing;
    struct span s = at_span(at);
    if (s.start == s.end) {
        size_t end = line_at(at->text, s.start).end;
        s.end = end == s.start ? MIN(end + 1, rope_chars(at->text)) : end;
    }
    if (s.start == s.end)
        return false;
    e->killing = true;
    e->selecting = false;
    clip(e, at->text, s, again);
    return at_replace(at, s, (struct str){0}, out);
}

bool editor_clip(struct editor *e, enum editor_verb verb, struct editor_at *at, struct op *out)
{
    if (verb == EDITOR_COPY)
        return copy(e, at);
    if (verb == EDITOR_CUT)
        return cut(e, at, out);
    return kill_line(e, at, out);
}

bool editor_paste(struct editor *e, struct editor_at *at, struct op *out)
{
    struct str text = buf_str(&e->clipboard);
    struct span s = at_span(at);
    e->selecting = false;
    if (!e->clipboard_lines || s.start < s.end)
        return at_replace(at, s, text, out);
    size_t caret = at->caret, start = line_at(at->text, caret).start;
    if (!at_replace(at, (struct span){start, start}, text, out))
        return false;
    at->caret = at->anchor = caret + utf8_chars(text); /* stays on its line */
    return true;
}
