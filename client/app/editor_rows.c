#include "editor_parts.h"

/* How far in front of its nominal place a section may begin, for the sake of a whole word. */
enum { SECTION_SEARCH = 128 };

/* ---- sections ---- */

/* The number of the last one: there is always more than the search behind its nominal place. */
static size_t last_section(struct line l)
{
    size_t chars = l.end - l.start;
    return chars <= SECTION_SEARCH ? 0 : (chars - SECTION_SEARCH - 1) / SECTION_CHARS;
}

/* Where a section of a line begins. The blank in front of it, where there is one, is what the
 * last row of the section before breaks at. */
static size_t section_start(const struct rope *text, struct line l, size_t nth)
{
    size_t nominal = l.start + nth * SECTION_CHARS;
    if (nth == 0)
        return l.start;
    for (size_t pos = nominal; pos > nominal - SECTION_SEARCH; pos--)
        if (text_is_blank_at(text, pos - 1))
            return pos;
    size_t pos = text_floor(text, nominal);
    return text_is_blank_at(text, pos) ? pos + 1 : pos;
}

/* The section that pos is in. */
static struct span section_at(const struct rope *text, struct line l, size_t pos)
{
    size_t last = last_section(l), nth = MIN((pos - l.start) / SECTION_CHARS, last);
    struct span s = {section_start(text, l, nth), l.end};
    if (s.start > pos)
        return (struct span){section_start(text, l, nth - 1), s.start};
    if (nth < last)
        s.end = section_start(text, l, nth + 1);
    if (s.end <= pos && s.end < l.end)
        s = (struct span){s.end, nth + 2 <= last ? section_start(text, l, nth + 2) : l.end};
    return s;
}

/* ---- rows ---- */

/* Where the row ends that begins at `start`, in a section. */
static size_t row_end(const struct editor *e, const struct rope *text, struct line l,
                      size_t start, size_t section_end)
{
    int room = MAX(e->width - 1, 1), column = 0;
    size_t end_at_break = start;
    bool has_word = false;
    struct walk w;
    walk_begin(&w, text, start);
    while (w.pos < section_end && walk_next(&w)) {
        size_t begin = w.pos - w.chars;
        int cells = walk_cells(&w, column);
        bool is_blank = walk_is_blank(&w), is_wide = cells == 2 && w.first != '\t';
        if (column + cells > room && begin > start)
            return is_blank || is_wide || end_at_break == start ? begin : end_at_break;
        column += cells;
        has_word = has_word || !(is_blank || w.first == '\t');
        if (has_word && is_blank)
            end_at_break = begin;
        else if (has_word && (is_wide || w.first == '\t'))
            end_at_break = w.pos;
    }
    if (section_end < l.end && text_is_blank_at(text, section_end - 1))
        return section_end - 1;
    return section_end;
}

static struct editor_row row_from(const struct editor *e, const struct rope *text,
                                  struct line l, size_t start, size_t section_end)
{
    return (struct editor_row){.start = start,
                               .end = row_end(e, text, l, start, section_end),
                               .line = l.number,
                               .is_first = start == l.start};
}

/* Where the next row of the same line begins; false when there is none. */
static bool row_goes_on(const struct rope *text, struct line l, const struct editor_row *row,
                        size_t *next)
{
    if (row->end >= l.end)
        return false;
    *next = row->end + text_is_blank_at(text, row->end);
    return true;
}

struct editor_row editor_row_of(const struct editor *e, const struct rope *text, size_t pos)
{
    pos = MIN(pos, rope_chars(text));
    struct line l = line_at(text, pos);
    struct span section = section_at(text, l, pos);
    struct editor_row row = row_from(e, text, l, section.start, section.end);
    size_t next;
    while (row_goes_on(text, l, &row, &next) && next <= pos)
        row = row_from(e, text, l, next, section.end);
    return row;
}

bool editor_row_next(const struct editor *e, const struct rope *text, struct editor_row *row)
{
    struct line l = line_nth(text, row->line);
    size_t next;
    if (row_goes_on(text, l, row, &next)) {
        *row = row_from(e, text, l, next, section_at(text, l, next).end);
        return true;
    }
    if (row->line + 1 >= rope_lines(text))
        return false;
    l = line_nth(text, row->line + 1);
    *row = row_from(e, text, l, l.start, section_at(text, l, l.start).end);
    return true;
}

bool editor_row_before(const struct editor *e, const struct rope *text, struct editor_row *row)
{
    if (row->start == 0)
        return false;
    *row = editor_row_of(e, text, row->start - 1);
    return true;
}

/* ---- columns ---- */

int editor_column_of(const struct editor *e, const struct rope *text,
                     const struct editor_row *row, size_t pos)
{
    (void)e;
    struct walk w;
    int column = 0;
    size_t end = MIN(pos, row->end);
    walk_begin(&w, text, row->start);
    while (w.pos < end && walk_next(&w) && w.pos <= end)
        column += walk_cells(&w, column);
    return column;
}

size_t row_last(const struct rope *text, const struct editor_row *row)
{
    struct line l = line_nth(text, row->line);
    if (row->end == row->start || row->end >= l.end || text_is_blank_at(text, row->end))
        return row->end;
    return text_before(text, row->end); /* behind it is the next row's first place */
}

/* The place of a row that a column falls on: of a cluster of several cells the start, and with
 * `nearest` the end where that is nearer. */
static size_t place_at(const struct rope *text, const struct editor_row *row, int column,
                       bool nearest)
{
    struct walk w;
    int at = 0;
    size_t pos = row->start, last = row_last(text, row);
    walk_begin(&w, text, pos);
    while (pos < last && walk_next(&w)) {
        int cells = walk_cells(&w, at);
        if (at + cells > column)
            return nearest && 2 * (column - at) > cells ? w.pos : pos;
        at += cells;
        pos = w.pos;
    }
    return pos;
}

size_t editor_pos_at(const struct editor *e, const struct rope *text,
                     const struct editor_row *row, int column)
{
    (void)e;
    return place_at(text, row, column, true);
}

size_t row_fit(const struct rope *text, const struct editor_row *row, int column)
{
    return place_at(text, row, column, false);
}

/* ---- scrolling ---- */

static struct editor_row row_back(const struct editor *e, const struct rope *text,
                                  struct editor_row row, int n)
{
    while (n-- > 0 && editor_row_before(e, text, &row))
        ;
    return row;
}

/* How many rows there are from one down to another, counted up to `max`; -1 when the other is
 * not among them. */
static int rows_between(const struct editor *e, const struct rope *text, struct editor_row from,
                        size_t to, int max)
{
    for (int n = 0; n <= max; n++) {
        if (from.start == to)
            return n;
        if (from.start > to || !editor_row_next(e, text, &from))
            return -1;
    }
    return -1;
}

/* Rows that follow, counted up to max. */
static int rows_below(const struct editor *e, const struct rope *text, struct editor_row row,
                      int max)
{
    int n = 0;
    while (n < max && editor_row_next(e, text, &row))
        n++;
    return n;
}

void editor_show(struct editor *e, const struct rope *text, size_t caret)
{
    int height = MAX(e->height, 1), around = MIN(2, (height - 1) / 2);
    struct editor_row top = editor_row_of(e, text, e->top);
    struct editor_row at = editor_row_of(e, text, caret);
    int lowest = height - 1 - rows_below(e, text, at, around);
    int down = rows_between(e, text, top, at.start, 2 * height);
    int up = down < 0 ? rows_between(e, text, at, top.start, height) : 0;
    if (down > lowest)
        top = row_back(e, text, at, lowest);
    else if ((down >= 0 && down < around) || up > 0)
        top = row_back(e, text, at, around);
    else if (down < 0)
        top = row_back(e, text, at, height / 2);
    e->top = top.start;
}

void editor_scroll(struct editor *e, const struct rope *text, int rows)
{
    struct editor_row top = editor_row_of(e, text, e->top), bottom = top;
    if (rows <= 0) {
        e->top = row_back(e, text, top, -MAX(rows, -INT16_MAX)).start;
        return;
    }
    for (int below = rows_below(e, text, bottom, MAX(e->height, 1) - 1); below > 0; below--)
        editor_row_next(e, text, &bottom);
    while (rows-- > 0 && editor_row_next(e, text, &bottom))
        editor_row_next(e, text, &top);
    e->top = top.start;
}

/* At the start of the text one stays there, and sees what is put in front. */
void editor_moved(struct editor *e, const struct op *o)
{
    e->top = op_caret(o, e->top, e->top == 0 ? OP_LEFT : OP_RIGHT);
}
