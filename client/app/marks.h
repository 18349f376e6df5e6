/* Cards that are marked, so that what is done next is done to all of them; and the range that
 * is being marked, from where it was begun to the selected card. */
#ifndef MOOT_MARKS_H
#define MOOT_MARKS_H

#include "board.h"

struct marks {
    VEC(int64_t) cards; /* by number; a range that is not ended is not among them */
    int64_t anchor;     /* the card that a range was begun at; 0: none is */
    uint64_t settled;   /* version of the board that they were looked over for */
};

/* Places of a column that are in the range. */
struct mark_range {
    int column; /* -1: there is no range */
    size_t from, to;
};

struct card_numbers {
    int64_t *v;
    size_t n, cap;
};

struct model;

void marks_finish(struct marks *k);
/* Of the room on screen. Found once, for all cards of a frame. */
struct mark_range mark_range_of(const struct model *m);
bool mark_has(const struct model *m, const struct mark_range *range, const struct card *c,
              size_t place);
/* All that are marked, in the order of the board; those that a filter hides, too. */
void marked_cards(const struct model *m, struct card_numbers *out);
size_t marks_count(const struct model *m);

/* Is it marked, a range that is not ended left aside? */
bool mark_is_on(const struct model *m, int64_t card);
/* Ends a range: its cards are marked like others. */
void mark_end(struct model *m);

/* Marks the selected card, or not any more, and goes on to the next; with a range, ends it. */
void mark_toggle(struct model *m);
void mark_card(struct model *m, const struct card *c); /* or not any more */
/* Begins a range at the selected card, or ends it. */
void mark_range(struct model *m);
/* All that show; when they are already, none. */
void mark_all(struct model *m);
/* Gives up a range, or else all marks; false when there was neither. */
bool mark_clear(struct model *m);
/* What is not on the board any more is not marked. */
void marks_settle(struct model *m);

#endif
