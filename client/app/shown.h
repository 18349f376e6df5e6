/* Which cards of a board the person looks at, and in which order: a filter and a sort, which
 * change nothing of the board.
 *
 * The lists are made when they are asked for, and again only when the board, the filter or the
 * day has changed. Without filter and sort they are the board's own columns. */
#ifndef MOOT_SHOWN_H
#define MOOT_SHOWN_H

#include "filter.h"
#include "sort.h"

struct board_look {
    struct buf text; /* the filter, as it is written; empty: none */
    bool typing;     /* it is being written: its last word may be a beginning */
    struct filter filter;
    struct err fault; /* what the text lacks; ERR_NONE: nothing */
    bool is_broken;   /* the fault is not in what is being written: an older filter counts */
    enum card_sort sort;
    uint64_t version; /* grows with every change of what is above */

    /* What was made of it, and of which board and day. */
    uint64_t made_of, made_for;
    char made_on[11];
    VEC(struct card *) lists[COLUMNS_MAX];
    size_t taken, cards; /* that show, and that there are */
};

struct shown {
    struct card *const *v;
    size_t n;
    const struct board *plain; /* they are all of the column, as it has them; or NULL */
};

struct model;

void board_look_finish(struct board_look *l);
/* Puts a filter there; the empty one takes every card. */
void board_look_at(struct board_look *l, struct str text, bool typing);
/* Sorts, or shows everything: is anything not as the board has it? */
bool board_look_is_plain(const struct board_look *l);

/* The cards of a column that show, in the order they show in, of the room on screen. Borrowed
 * until the board or the filter changes. */
struct shown board_shown(const struct model *m, int column);
/* The place of a card of the column among them; s.n when it is not there. */
size_t shown_place(struct shown s, const struct card *c);
/* Is text a whole filter? ERR_USAGE: no, and why. */
bool filter_check(const struct model *m, struct str text, struct err *e);
/* Today as YYYY-MM-DD, in the local time zone; out has 11 bytes. */
void board_today(const struct model *m, char *out);

#endif
