#include "editor_parts.h"

/* ---- over rows ---- */

static bool row_step(const struct editor *e, const struct rope *text, struct editor_row *row,
                     bool down)
{
    return down ? editor_row_next(e, text, row) : editor_row_before(e, text, row);
}

/* Up or down by rows; from the first or last row to the start or end of the text. */
static size_t over_rows(struct editor *e, const struct editor_at *at, int rows, bool down)
{
    struct editor_row row = editor_row_of(e, at->text, at->caret);
    int column = editor_column_of(e, at->text, &row, at->caret), moved = 0;
    if (e->column < 0)
        e->column = column;
    while (moved < rows && row_step(e, at->text, &row, down))
        moved++;
    if (moved == 0)
        return down ? rope_chars(at->text) : 0;
    return row_fit(at->text, &row, e->column);
}

/* What is shown moves as far as the caret does; two rows stay in sight. */
static size_t page(struct editor *e, const struct editor_at *at, bool down)
{
    int rows = MAX(e->height - 2, 1);
    editor_scroll(e, at->text, down ? rows : -rows);
    return over_rows(e, at, rows, down);
}

/* ---- within a line ---- */

static size_t line_start(struct editor *e, const struct editor_at *at)
{
    struct editor_row row = editor_row_of(e, at->text, at->caret);
    if (!row.is_first && at->caret > row.start)
        return row.start;
    struct line l = line_nth(at->text, row.line);
    size_t content = line_content(at->text, l);
    return at->caret == content ? l.start : content;
}

static size_t line_end(struct editor *e, const struct editor_at *at)
{
    struct editor_row row = editor_row_of(e, at->text, at->caret);
    size_t last = row_last(at->text, &row);
    return at->caret == last ? line_nth(at->text, row.line).end : last;
}

/* ---- over lines ---- */

/* To the first blank line in front of a paragraph, or behind it. */
static size_t paragraph_up(const struct rope *text, size_t pos)
{
    size_t n = rope_line_of(text, pos);
    while (n > 0 && line_is_blank(text, line_nth(text, n - 1)))
        n--;
    while (n > 0 && !line_is_blank(text, line_nth(text, n - 1)))
        n--;
    return rope_line_start(text, n > 0 ? n - 1 : 0);
}

static size_t paragraph_down(const struct rope *text, size_t pos)
{
    size_t n = rope_line_of(text, pos), lines = rope_lines(text);
    while (n < lines && line_is_blank(text, line_nth(text, n)))
        n++;
    while (n < lines && !line_is_blank(text, line_nth(text, n)))
        n++;
    return n < lines ? rope_line_start(text, n) : rope_chars(text);
}

/* ---- verbs ---- */

static size_t target(struct editor *e, enum editor_verb verb, const struct editor_at *at)
{
    const struct rope *text = at->text;
    struct span s = at_span(at);
    bool collapses = !e->selecting && s.start < s.end;
    if (verb == EDITOR_LEFT)
        return collapses ? s.start : text_before(text, at->caret);
    if (verb == EDITOR_RIGHT)
        return collapses ? s.end : text_next(text, at->caret);
    if (verb == EDITOR_UP || verb == EDITOR_DOWN)
        return over_rows(e, at, 1, verb == EDITOR_DOWN);
    if (verb == EDITOR_PAGE_UP || verb == EDITOR_PAGE_DOWN)
        return page(e, at, verb == EDITOR_PAGE_DOWN);
    if (verb == EDITOR_WORD_LEFT)
        return word_left(text, at->caret);
    if (verb == EDITOR_WORD_RIGHT)
        return word_right(text, at->caret);
    if (verb == EDITOR_LINE_START)
        return line_start(e, at);
    if (verb == EDITOR_LINE_END)
        return line_end(e, at);
    if (verb == EDITOR_PARAGRAPH_UP)
        return paragraph_up(text, at->caret);
    if (verb == EDITOR_PARAGRAPH_DOWN)
        return paragraph_down(text, at->caret);
    return verb == EDITOR_TEXT_START ? 0 : rope_chars(text);
}

bool editor_move(struct editor *e, enum editor_verb verb, struct editor_at *at)
{
    struct editor_at was = *at;
    size_t top = e->top;
    at->caret = target(e, verb, at);
    if (!e->selecting)
        at->anchor = at->caret;
    return at->caret != was.caret || at->anchor != was.anchor || e->top != top;
}
