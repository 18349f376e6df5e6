/* An editor for one text: what keys mean, without a screen. Pure.
 *
 * It knows a rope, a caret and an anchor (what is selected lies between them), and gives what a
 * key does as an operation for session_edit(), or just moves the two. Words, lines, paragraphs
 * and columns are those of a person: grapheme clusters are never split, long lines are wrapped
 * softly, wide characters take two cells, a tab goes to the next multiple of TAB_CELLS, and
 * what glyph_next() spells out is as wide as that. A row has at most width - 1 cells of text,
 * so that there is one left for the caret behind it.
 *
 * What is asked about rows and columns costs what is on screen, however long the text or a line
 * is: a line of more than SECTION_CHARS begins a new row about every so many code points, at a
 * blank where there is one, so that nobody has to begin at the start of the line.
 *
 * Operations are not checked against NOTE_MAX: whoever takes them does that and says so. Keep
 * the caret and anchor that come with one only when it was taken. */
#ifndef MOOT_EDITOR_H
#define MOOT_EDITOR_H

#include "op.h"

enum { TAB_CELLS = 4, SECTION_CHARS = 4096 };

/* Where a row of the screen comes from: part of a line. The next one begins at `end`, or one
 * behind it, where the newline or the one blank is that the row breaks at. */
struct editor_row {
    size_t start,
        end;       /* code points; end without the newline and the blank the row breaks at */
    size_t line;   /* number of its line, from 0 */
    bool is_first; /* of its line */
};

struct editor {
    int width, height; /* of the text's area, in cells */
    size_t top;     /* a code point of the first row shown; editor_show() makes it the first */
    int column;     /* that up and down aim at; -1: that of the caret, also after a click */
    bool selecting; /* movement extends the selection; edits and copying end it */
    struct buf clipboard;
    bool clipboard_lines;     /* it holds whole lines: pasted above the caret's, not within */
    bool killing;             /* the last verb killed: the next kill adds to the clipboard */
    struct buf find, replace; /* what is searched, and put in its place */
    bool find_case;           /* case counts always, not only when `find` has a capital */
    size_t replaced;          /* places, by the last EDITOR_REPLACE_ALL */
};

/* What one may do; the names are those of the actions in the keymap. */
enum editor_verb {
    EDITOR_LEFT,
    EDITOR_RIGHT,
    EDITOR_UP,
    EDITOR_DOWN,
    EDITOR_WORD_LEFT,
    EDITOR_WORD_RIGHT,
    EDITOR_LINE_START, /* first what is not blank, then all; of the row, then of the line */
    EDITOR_LINE_END,   /* of the row first, then of the line */
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
    EDITOR_KILL_LINE, /* to the end of the line, or its newline, into the clipboard */
    EDITOR_CUT,       /* what is selected, or the line */
    EDITOR_COPY,
    EDITOR_PASTE, /* the own clipboard */
    EDITOR_LINE_UP,
    EDITOR_LINE_DOWN, /* moves the lines selected */
    EDITOR_CHECK,     /* ticks or clears the checkbox of the line, or makes one */
    EDITOR_FIND_NEXT, /* selects a match */
    EDITOR_FIND_BACK,
    EDITOR_REPLACE,     /* the match that is selected, and selects the next; or only that */
    EDITOR_REPLACE_ALL, /* as one operation */
    EDITOR_VERBS
};

/* A text with a person in it. */
struct editor_at {
    const struct rope *text;
    size_t caret, anchor; /* in and out */
};

void editor_init(struct editor *e);
void editor_finish(struct editor *e);

/* What was cut or copied there can be pasted here. */
void editor_take_clipboard(struct editor *e, struct editor *from);
/* Does the verb. at: caret and anchor where they are afterwards, in the text as it is then; out
 * (cleared) what is to be done to it, empty for a movement. False: nothing happens, as at the
 * end of the text or when nothing is found. */
bool editor_do(struct editor *e, enum editor_verb verb, struct editor_at *at, struct op *out);
/* Puts text in place of what is selected: a key, or a paste. Line ends of any kind become "\n",
 * NUL and what is no UTF-8 becomes U+FFFD. */
void editor_insert(struct editor *e, struct str text, struct editor_at *at, struct op *out);

/* The row that begins at or contains pos (behind the end: that of the end), and its neighbours;
 * false at the ends of the text. */
struct editor_row editor_row_of(const struct editor *e, const struct rope *text, size_t pos);
bool editor_row_next(const struct editor *e, const struct rope *text, struct editor_row *row);
bool editor_row_before(const struct editor *e, const struct rope *text, struct editor_row *row);
/* Column of pos within its row, in cells; and the position nearest to a column of a row. */
int editor_column_of(const struct editor *e, const struct rope *text,
                     const struct editor_row *row, size_t pos);
size_t editor_pos_at(const struct editor *e, const struct rope *text,
                     const struct editor_row *row, int column);
/* Scrolls as little as it can so that the caret is shown, with a few rows around it. */
void editor_show(struct editor *e, const struct rope *text, size_t caret);
/* By so many rows, down when positive; stops when the end of the text is shown at the bottom.
 */
void editor_scroll(struct editor *e, const struct rope *text, int rows);
/* Somebody edited: the first row shown stays the same text. */
void editor_moved(struct editor *e, const struct op *o);

/* The next match of `find` that starts at pos or behind it, or the last that ends at pos or in
 * front of it, wrapping around; false: none. A match never splits a cluster. */
bool editor_find(const struct editor *e, const struct rope *text, size_t pos, bool back,
                 size_t *start, size_t *end);
/* The first match that lies within from..to: for showing all that are on screen. */
bool editor_match(const struct editor *e, const struct rope *text, size_t from, size_t to,
                  size_t *start, size_t *end);
/* The word, or the one character that is in none, that a position is in or in front of. */
void editor_word_at(const struct rope *text, size_t pos, size_t *start, size_t *end);
/* The position at or in front of pos that splits no cluster: for clicks and others' carets. */
size_t editor_boundary(const struct rope *text, size_t pos);

#endif
