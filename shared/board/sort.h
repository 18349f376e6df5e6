/* Orders in which cards can be looked at, besides the one that the board keeps. */
#ifndef MOOT_SORT_H
#define MOOT_SORT_H

#include "board.h"

enum card_sort {
    SORT_ORDER, /* the board's own */
    SORT_DUE,
    SORT_PRIORITY,
    SORT_ASSIGNEE,
    SORT_NUMBER,
    SORT_UPDATED,
    SORT_COUNT,
};

struct card_sort_row {
    const char *name;
    const char *doc;
};
extern const struct card_sort_row card_sorts[SORT_COUNT];

/* Fails with ERR_USAGE, naming all there are. */
bool card_sort_named(struct str name, enum card_sort *out, struct err *e);
/* Sorts n cards. Those that lack what it goes by come last; equal ones stay as they stood. */
void card_sort(struct card **v, size_t n, enum card_sort by);

#endif
