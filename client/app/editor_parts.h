/* What the files of the editor share. */
#ifndef MOOT_EDITOR_PARTS_H
#define MOOT_EDITOR_PARTS_H

#include "editor.h"
#include "width.h"

/* ---- clusters: editor_text.c ---- */

/* A walk over a text, cluster by cluster, from a boundary between two on. */
struct walk {
    const struct rope *text;
    size_t pos;     /* behind the cluster */
    size_t chars;   /* of the cluster */
    uint32_t first; /* code point of it */
    int width;      /* in cells; 0 of a tab */
    /* The cluster, until the next step. */
    struct str bytes;
    /* What is looked up of the text behind it. */
    struct str ahead;
    char joined[2 * CLUSTER_MAX]; /* a cluster that lies in several pieces of the rope */
};
void walk_begin(struct walk *w, const struct rope *text, size_t pos);
bool walk_next(struct walk *w); /* false at the end of the text */
/* The cells that the cluster takes in a column of a row. */
static inline int walk_cells(const struct walk *w, int column)
{
    return w->first == '\t' ? TAB_CELLS - column % TAB_CELLS : w->width;
}
/* The cluster is one blank and nothing more. */
static inline bool walk_is_blank(const struct walk *w)
{
    return w->first == ' ' && w->chars == 1;
}

/* The boundary at or in front of a position, at or behind it; the next ones from a boundary. */
size_t text_floor(const struct rope *text, size_t pos);
size_t text_ceil(const struct rope *text, size_t pos);
size_t text_next(const struct rope *text, size_t pos);
size_t text_before(const struct rope *text, size_t pos);
/* A blank that is a cluster of its own stands there. */
bool text_is_blank_at(const struct rope *text, size_t pos);

size_t word_left(const struct rope *text, size_t pos);
size_t word_right(const struct rope *text, size_t pos);

struct line {
    size_t number, start, end; /* end without the newline */
};
struct line line_at(const struct rope *text, size_t pos);
struct line line_nth(const struct rope *text, size_t number);
/* Nothing but blanks; a line with very many of them does not count as such. */
bool line_is_blank(const struct rope *text, struct line l);
/* Behind the blanks at its start. */
size_t line_content(const struct rope *text, struct line l);

/* ---- rows: editor_rows.c ---- */

/* The last place for the caret in a row. */
size_t row_last(const struct rope *text, const struct editor_row *row);
size_t row_fit(const struct rope *text, const struct editor_row *row, int column);

/* ---- what is selected, and changes of it: editor_edit.c ---- */

struct span {
    size_t start, end;
};
static inline struct span at_span(const struct editor_at *at)
{
    return (struct span){MIN(at->caret, at->anchor), MAX(at->caret, at->anchor)};
}
/* Puts text in place of a span, the caret behind it; false when both are empty. */
bool at_replace(struct editor_at *at, struct span s, struct str with, struct op *out);
/* Appends characters from..to of the text as it is after o. */
void op_read_after(const struct op *o, const struct rope *text, struct span s, struct buf *out);

/* One function for each verb, or a few. They find the caret and the anchor on boundaries. */
bool editor_move(struct editor *e, enum editor_verb verb, struct editor_at *at);
bool editor_erase(struct editor *e, enum editor_verb verb, struct editor_at *at,
                  struct op *out);
bool editor_clip(struct editor *e, enum editor_verb verb, struct editor_at *at, struct op *out);
bool editor_paste(struct editor *e, struct editor_at *at, struct op *out);

/* ---- lines and lists: editor_lines.c, editor_list.c ---- */

/* What a line begins with, as far as a list goes:   "  > 12. [x] " */
struct list_mark {
    size_t indent; /* code points of blanks and quotes */
    size_t mark;   /* of "- " or "12. ", with the blanks behind; 0: no list */
    size_t box;    /* of "[x] ", without a blank where the line ends; 0: none */
    bool is_quote, is_done;
    char bullet;     /* '-', '*', '+'; of a number what stands behind it: '.' or ')' */
    uint32_t number; /* with `bullet` '.' or ')' */
};
struct list_mark list_mark(const struct rope *text, struct line l);

bool editor_newline(struct editor_at *at, struct op *out);
bool editor_indent(struct editor *e, struct editor_at *at, struct op *out);
bool editor_outdent(struct editor_at *at, struct op *out);
bool editor_shift_lines(enum editor_verb verb, struct editor_at *at, struct op *out);
bool editor_check(struct editor_at *at, struct op *out);
/* The lines that are selected in part or all; one that the selection ends in front of is not.
 */
struct line_span {
    struct line first, last;
};
struct line_span at_lines(const struct editor_at *at);

/* ---- find and replace: editor_find.c ---- */

bool editor_go_to_match(struct editor *e, bool back, struct editor_at *at);
bool editor_replace(struct editor *e, struct editor_at *at, struct op *out);
bool editor_replace_all(struct editor *e, struct editor_at *at, struct op *out);

#endif
