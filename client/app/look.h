/* How a message looks, wherever it stands: the one place that turns a line of chat into rows of
 * pieces, each with its tone and where it leads. Pure. */
#ifndef MOOT_LOOK_H
#define MOOT_LOOK_H

#include "action.h"
#include "replica.h"
#include "rich.h"

enum {
    LOOK_FOLD_FROM = 24, /* rows of text from which a message folds, */
    LOOK_FOLDED = 16, /* and how many then show, of both its ends: so many of its beginning, */
    LOOK_HEAD = 8,
    LOOK_HEAD_CODE = 4, /* or of one that ends in code, as what a command printed does */
    LOOK_NAMES_MAX = 8, /* people named behind one reaction */
    LOOK_TARGETS_MAX = 99,
};

struct look_want {
    const struct replica *r;
    const struct line *line;
    int width;
    bool ascii, strokes;       /* as in the model */
    bool is_open;              /* shows all of itself */
    bool is_selected;          /* says who reacted */
    bool on_card;              /* whose card need not be said */
    const struct keymap *keys; /* to name the one that unfolds; NULL: none is named */
};

/* Rows are the lines of `rows`, which have no bars, indents and so on but their own. */
struct look {
    struct rich text, rows;
    bool folds; /* not all of it shows */
};

/* out is empty. It borrows from the line and the replica. */
void look_make(const struct look_want *want, struct look *out);
void look_finish(struct look *l);
/* The first line of what a message says, for a quotation: in out, which has to be finished. */
void look_quote(const struct look_want *want, struct rich *out);
/* The links and cards that a message names, as pieces in their order; each once. */
void look_targets(const struct look_want *want, struct rich *out);

#endif
