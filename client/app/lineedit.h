/* A line editor: text, a caret, and what keys do to them. One line or several; whole grapheme
 * clusters are what the caret steps over. Pure, and knows nothing of a screen. */
#ifndef MOOT_LINEEDIT_H
#define MOOT_LINEEDIT_H

#include "str.h"

/* clang-format off */
#define LINE_OP_LIST(X) \
    X(LEFT) X(RIGHT) X(UP) X(DOWN) X(WORD_LEFT) X(WORD_RIGHT) X(HOME) X(END) X(START) X(FINISH) \
    X(DELETE_LEFT) X(DELETE_RIGHT) X(KILL_WORD_LEFT) X(KILL_BLANK_LEFT) X(KILL_WORD_RIGHT) \
    X(KILL_TO_HOME) X(KILL_TO_END) X(YANK) X(SWAP) X(NEWLINE) X(UNDO) X(REDO)
/* clang-format on */

enum line_op {
    LINE_NONE,
#define X(code) LINE_##code,
    LINE_OP_LIST(X)
#undef X
        LINE_OP_COUNT
};

enum { LINE_UNDO_MAX = 200 };

/* One change: at byte `at`, `removed` made way for `inserted`. */
struct line_change {
    size_t at;
    struct buf removed, inserted;
    bool joins; /* typing that follows may be added to it */
};

/* Zeroed, with `max` set, is an empty editor. The text is valid UTF-8 and `at` always stands
 * between two clusters. */
struct lineedit {
    struct buf text;
    size_t at;  /* caret, in bytes */
    size_t max; /* bytes of text; what would go over is refused whole */
    bool multiline;
    struct buf killed;
    bool killing; /* the last operation killed: the next one adds to it */
    VEC(struct line_change) undo, redo;
};

void lineedit_finish(struct lineedit *l);
/* Does one operation; false when there was nothing to do (caret at the end, empty, full), so
 * that the caller can give the key another meaning. */
bool lineedit_do(struct lineedit *l, enum line_op op);
/* Puts text in at the caret. In an editor of one line each run of line ends becomes a space.
 * False, and nothing done, if it does not fit. */
bool lineedit_insert(struct lineedit *l, struct str text);
/* Other text, the caret behind it; undo is forgotten. Cut at max. */
void lineedit_set(struct lineedit *l, struct str text);
/* Bytes from..to become `with`, as one step of undo, the caret behind it. */
bool lineedit_replace(struct lineedit *l, size_t from, size_t to, struct str with);
struct str lineedit_text(const struct lineedit *l);

/* Lines entered earlier, newest last. Zeroed is empty. */
enum { LINE_HISTORY_MAX = 200 };
struct line_history {
    VEC(char *) lines;
    size_t back;     /* how far back we are; 0 is the line being written */
    struct buf kept; /* that line while we look at older ones */
};

void line_history_finish(struct line_history *h);
/* Remembers a line that was entered, unless it is empty or the same as the last one. */
void line_history_add(struct line_history *h, struct str line);
/* Puts the older or newer line into l; false when there is none. */
bool line_history_older(struct line_history *h, struct lineedit *l);
bool line_history_newer(struct line_history *h, struct lineedit *l);

#endif
