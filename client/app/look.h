/* How a message looks, wherever it stands: the one place that turns a line of chat into rows of
 * pieces, each with its tone and where it leads. Pure. */
#ifndef MOOT_LOOK_H
#define MOOT_LOOK_H

#include "replica.h"
#include "rich.h"

enum {
    LOOK_FOLD_FROM = 24, /* rows of text from which a message folds, */
    LOOK_FOLDED = 16,    /* and how many then show */
    LOOK_NAMES_MAX = 8,  /* people named behind one reaction */
    LOOK_TARGETS_MAX = 99,
};

struct look_want {
    const struct replica *r;
    const struct line *line;
    int width;
    bool ascii;
    bool is_open;     /* shows all of itself */
    bool is_selected; /* says who reacted */
    bool on_card;     /* whose card need not be said */
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
