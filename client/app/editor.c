#include "editor_parts.h"
#include "utf8.h"

#include <string.h>

void editor_init(struct editor *e)
{
    *e = (struct editor){.width = 80, .height = 24, .column = -1};
}

void editor_finish(struct editor *e)
{
    buf_finish(&e->clipboard);
    buf_finish(&e->find);
    buf_finish(&e->replace);
}

void editor_take_clipboard(struct editor *e, struct editor *from)
{
    struct buf own = e->clipboard;
    if (from->clipboard.n == 0)
        return;
    e->clipboard = from->clipboard;
    e->clipboard_lines = from->clipboard_lines;
    from->clipboard = own;
    buf_clear(&from->clipboard);
}

/* ---- boundaries after a change ---- */

/* A change may join what stands on both sides of it: the caret goes behind what came to be. How
 * much of the text around it that can depend on. */
enum { SETTLE_CHARS = 64 };

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

static size_t settled(const struct rope *text, const struct op *o, size_t pos)
{
    struct buf b = {0};
    op_read_after(o, text, (struct span){pos - (pos > 0), pos + 1}, &b);
    if (!is_ascii(buf_str(&b))) {
        size_t from = pos - MIN(pos, SETTLE_CHARS);
        buf_clear(&b);
        op_read_after(o, text, (struct span){from, pos + SETTLE_CHARS}, &b);
        struct rope *around = rope_of(buf_str(&b));
        pos = from + text_ceil(around, pos - from);
        rope_free(around);
    }
    buf_finish(&b);
    return pos;
}

static void settle(struct editor_at *at, const struct op *o)
{
    bool is_one = at->caret == at->anchor;
    at->caret = settled(at->text, o, at->caret);
    at->anchor = is_one ? at->caret : settled(at->text, o, at->anchor);
}

/* Others' edits may have joined something around the caret. */
static void begin(struct editor_at *at, struct op *out)
{
    op_clear(out);
    at->caret = text_ceil(at->text, at->caret);
    at->anchor = text_ceil(at->text, at->anchor);
}

/* ---- verbs ---- */

static bool select_all(struct editor *e, struct editor_at *at)
{
    struct span was = at_span(at);
    e->selecting = false;
    at->anchor = 0;
    at->caret = rope_chars(at->text);
    return was.start != 0 || was.end != at->caret;
}

static bool select_none(struct editor *e, struct editor_at *at)
{
    bool was = e->selecting || at->anchor != at->caret;
    e->selecting = false;
    at->anchor = at->caret;
    return was;
}

static bool edit_lines(struct editor *e, enum editor_verb verb, struct editor_at *at,
                       struct op *out)
{
    e->selecting = false;
    if (verb == EDITOR_NEWLINE)
        return editor_newline(at, out);
    if (verb == EDITOR_TAB)
        return editor_indent(e, at, out);
    if (verb == EDITOR_UNTAB)
        return editor_outdent(at, out);
    if (verb == EDITOR_CHECK)
        return editor_check(at, out);
    return editor_shift_lines(verb, at, out);
}

static bool do_verb(struct editor *e, enum editor_verb verb, struct editor_at *at,
                    struct op *out)
{
    switch (verb) {
    case EDITOR_LEFT:
    case EDITOR_RIGHT:
    case EDITOR_UP:
    case EDITOR_DOWN:
    case EDITOR_WORD_LEFT:
    case EDITOR_WORD_RIGHT:
    case EDITOR_LINE_START:
    case EDITOR_LINE_END:
    case EDITOR_PARAGRAPH_UP:
    case EDITOR_PARAGRAPH_DOWN:
    case EDITOR_PAGE_UP:
    case EDITOR_PAGE_DOWN:
    case EDITOR_TEXT_START:
    case EDITOR_TEXT_END:
        return editor_move(e, verb, at);
    case EDITOR_SELECT_ALL:
        return select_all(e, at);
    case EDITOR_SELECT_NONE:
        return select_none(e, at);
    case EDITOR_NEWLINE:
    case EDITOR_TAB:
    case EDITOR_UNTAB:
    case EDITOR_LINE_UP:
    case EDITOR_LINE_DOWN:
    case EDITOR_CHECK:
        return edit_lines(e, verb, at, out);
    case EDITOR_BACKSPACE:
    case EDITOR_DELETE:
    case EDITOR_WORD_BACKSPACE:
    case EDITOR_WORD_DELETE:
        return editor_erase(e, verb, at, out);
    case EDITOR_KILL_LINE:
    case EDITOR_CUT:
    case EDITOR_COPY:
        return editor_clip(e, verb, at, out);
    case EDITOR_PASTE:
        return editor_paste(e, at, out);
    case EDITOR_FIND_NEXT:
    case EDITOR_FIND_BACK:
        return editor_go_to_match(e, verb == EDITOR_FIND_BACK, at);
    case EDITOR_REPLACE:
        return editor_replace(e, at, out);
    case EDITOR_REPLACE_ALL:
        return editor_replace_all(e, at, out);
    case EDITOR_VERBS:
        break;
    }
    return false;
}

static bool keeps_column(enum editor_verb verb)
{
    return verb == EDITOR_UP || verb == EDITOR_DOWN || verb == EDITOR_PAGE_UP ||
           verb == EDITOR_PAGE_DOWN;
}

bool editor_do(struct editor *e, enum editor_verb verb, struct editor_at *at, struct op *out)
{
    begin(at, out);
    if (!keeps_column(verb))
        e->column = -1;
    if (verb != EDITOR_KILL_LINE)
        e->killing = false;
    bool done = do_verb(e, verb, at, out);
    if (!op_is_empty(out))
        settle(at, out);
    return done;
}

/* ---- typing and pasting ---- */

static bool is_clean(struct str s)
{
    return utf8_is_valid(s) && !str_has(s, '\r') && !str_has(s, '\0');
}

static void add_clean(struct buf *out, struct str s)
{
    uint32_t cp;
    buf_reserve(out, s.n);
    while (s.n > 0) {
        size_t n = utf8_next(s, &cp);
        if (s.p[0] == '\r' && !(s.n > 1 && s.p[1] == '\n'))
            buf_add_c(out, '\n');
        else if (n == 0 || cp == 0)
            buf_add_str(out, STR("\xef\xbf\xbd"));
        else if (cp != '\r')
            buf_add(out, s.p, n);
        n = MAX(n, 1);
        s = (struct str){s.p + n, s.n - n};
    }
}

void editor_insert(struct editor *e, struct str text, struct editor_at *at, struct op *out)
{
    struct buf clean = {0};
    begin(at, out);
    e->column = -1;
    e->killing = e->selecting = false;
    if (!is_clean(text)) {
        add_clean(&clean, text);
        text = buf_str(&clean);
    }
    if (at_replace(at, at_span(at), text, out))
        settle(at, out);
    buf_finish(&clean);
}
