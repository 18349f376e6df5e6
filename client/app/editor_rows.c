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

/* Behind the last blank of those SECTION_SEARCH code points in front of pos; pos when there is
 * none. */
static size_t behind_blank(const struct rope *text, size_t pos)
{
    struct buf b = {0};
    size_t at = pos;
    rope_read(text, pos - SECTION_SEARCH, SECTION_SEARCH, &b);
    for (size_t i = b.n; i-- > 0;) {
        at -= ((unsigned char)b.p[i] & 0xc0) != 0x80;
        if (b.p[i] == ' ' && text_is_blank_at(text, at)) {
            buf_finish(&b);
            return at + 1;
        }
    }
    buf_finish(&b);
    return pos;
}

/* Where a section of a line begins. The blank in front of it, where there is one, is what the
 * last row of the section before breaks at. */
static size_t section_start(const struct rope *text, struct line l, size_t nth)
{
    if (nth == 0)
        return l.start;
    size_t nominal = l.start + nth * SECTION_CHARS, pos = behind_blank(text, nominal);
    if (pos < nominal)
        return pos;
    pos = text_floor(text, nominal);
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

/* A row, and where the next one of the same line begins, which is its end or behind a blank. */
struct fill {
    size_t end, next;
};

/* The row that begins at `start`, in a section. */
static struct fill fill_row(const struct editor *e, const struct rope *text, size_t start,
                            struct span section, struct line l)
{
    int room = MAX(e->width - 1, 1), column = 0;
    struct fill at_break = {start, start};
    size_t begin = start;
    bool has_word = false, is_blank = false;
    struct walk w;
    walk_begin(&w, text, start);
    while (w.pos < section.end && walk_next(&w)) {
        begin = w.pos - w.chars;
        is_blank = walk_is_blank(&w);
        int cells = walk_cells(&w, column);
        bool is_tab = w.first == '\t';
        bool breaks = is_tab || cells == 2; /* wide characters need no blank between them */
        if (column + cells > room && begin > start) {
            if (is_blank || breaks || at_break.end == start)
                return (struct fill){begin, is_blank ? w.pos : begin};
            return at_break;
        }
        column += cells;
        has_word = has_word || !(is_blank || is_tab);
        if (has_word && (is_blank || breaks))
            at_break = (struct fill){is_blank ? begin : w.pos, w.pos};
    }
    bool goes_on = section.end < l.end;
    return (struct fill){goes_on && is_blank ? begin : section.end, section.end};
}

static struct editor_row row_in(struct line l, size_t start, size_t end)
{
    return (struct editor_row){start, end, l.number, start == l.start};
}

struct editor_row editor_row_of(const struct editor *e, const struct rope *text, size_t pos)
{
    pos = MIN(pos, rope_chars(text));
    struct line l = line_at(text, pos);
    struct span section = section_at(text, l, pos);
    size_t start = section.start;
    struct fill row = fill_row(e, text, start, section, l);
    while (row.end < l.end && row.next <= pos) {
        start = row.next;
        row = fill_row(e, text, start, section, l);
    }
    return row_in(l, start, row.end);
}

bool editor_row_next(const struct editor *e, const struct rope *text, struct editor_row *row)
{
    struct line l = line_nth(text, row->line);
    size_t start = row->end + text_is_blank_at(text, row->end);
    if (row->end >= l.end) {
        if (row->line + 1 >= rope_lines(text))
            return false;
        l = line_nth(text, row->line + 1);
        start = l.start;
    }
    *row = row_in(l, start, fill_row(e, text, start, section_at(text, l, start), l).end);
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
    else if (down < 0) /* far away: to the middle, or to the end */
        top = row_back(e, text, at, height - 1 - rows_below(e, text, at, (height - 1) / 2));
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
