/* An editor for one text: what keys mean, without a screen. Pure.
 *
 * It knows a rope, a caret and an anchor (what is selected lies between them), and gives what a
 * key does as an operation for session_edit(), or just moves the two. Words, lines, paragraphs
 * and columns are those of a person: grapheme clusters are never split, long lines are wrapped
 * softly at `width` cells, wide characters take two. */
#ifndef MOOT_EDITOR_H
#define MOOT_EDITOR_H

#include "op.h"

/* Where a row of the screen comes from: part of a line. */
struct editor_row {
    size_t start,
        end;       /* code points; end without the newline and the blank the row breaks at */
    size_t line;   /* number of its line, from 0 */
    bool is_first; /* of its line */
};

struct editor {
    int width, height; /* of the text's area, in cells */
    size_t top;        /* code point at which the first row shown starts */
    int column;        /* that up and down aim at; -1: that of the caret */
    bool selecting;    /* movement extends the selection */
    struct buf clipboard;
    struct buf find, replace; /* what is searched, and put in its place */
    bool find_case;           /* whether case counts: it does when `find` has a capital */
};

/* What one may do; the names are those of the actions in the keymap. */
enum editor_verb {
    EDITOR_LEFT,
    EDITOR_RIGHT,
    EDITOR_UP,
    EDITOR_DOWN,
    EDITOR_WORD_LEFT,
    EDITOR_WORD_RIGHT,
    EDITOR_LINE_START,
    EDITOR_LINE_END, /* of the row first, then of the line */
    EDITOR_PARAGRAPH_UP,
    EDITOR_PARAGRAPH_DOWN,
    EDITOR_PAGE_UP,
    EDITOR_PAGE_DOWN,
    EDITOR_TEXT_START,
    EDITOR_TEXT_END,
    EDITOR_SELECT_ALL,
    EDITOR_SELECT_NONE,
    EDITOR_NEWLINE, /* goes on with the indentation, list mark or box of the line */
    EDITOR_TAB,
    EDITOR_UNTAB, /* indent what is selected, or the line's list item */
    EDITOR_BACKSPACE,
    EDITOR_DELETE,
    EDITOR_WORD_BACKSPACE,
    EDITOR_WORD_DELETE,
    EDITOR_KILL_LINE, /* to the end of the line, into the clipboard */
    EDITOR_CUT,
    EDITOR_COPY,
    EDITOR_PASTE, /* the own clipboard */
    EDITOR_LINE_UP,
    EDITOR_LINE_DOWN, /* moves the lines selected */
    EDITOR_CHECK,     /* ticks or clears the checkbox of the line, or makes one */
    EDITOR_FIND_NEXT,
    EDITOR_FIND_BACK,
    EDITOR_REPLACE,
    EDITOR_REPLACE_ALL,
    EDITOR_VERBS
};

/* A text with a person in it. */
struct editor_at {
    const struct rope *text;
    size_t caret, anchor; /* in and out */
};

void editor_init(struct editor *e);
void editor_finish(struct editor *e);

/* Does the verb. at: caret and anchor where they are afterwards, in the text as it is then; out
 * (cleared) what is to be done to it, empty for a movement. False: nothing happens, as at the
 * end of the text or when nothing is found. */
bool editor_do(struct editor *e, enum editor_verb verb, struct editor_at *at, struct op *out);
/* Puts text in place of what is selected: a key, or a paste (newlines as "\n"). */
void editor_insert(struct editor *e, struct str text, struct editor_at *at, struct op *out);

/* The row that begins at or contains pos, and its neighbours; false at the ends of the text. */
struct editor_row editor_row_of(const struct editor *e, const struct rope *text, size_t pos);
bool editor_row_next(const struct editor *e, const struct rope *text, struct editor_row *row);
bool editor_row_before(const struct editor *e, const struct rope *text, struct editor_row *row);
/* Column of pos within its row, in cells; and the position nearest to a column of a row. Tabs
 * go to the next multiple of 4. */
int editor_column_of(const struct editor *e, const struct rope *text,
                     const struct editor_row *row, size_t pos);
size_t editor_pos_at(const struct editor *e, const struct rope *text,
                     const struct editor_row *row, int column);
/* Scrolls so that the caret is shown. */
void editor_show(struct editor *e, const struct rope *text, size_t caret);
void editor_scroll(struct editor *e, const struct rope *text, int rows);
/* Others edited: the first row shown stays the same text. */
void editor_moved(struct editor *e, const struct op *o);

/* The next or last match of `find` from pos on, wrapping around; false: none. */
bool editor_find(const struct editor *e, const struct rope *text, size_t pos, bool back,
                 size_t *start, size_t *end);

#endif
