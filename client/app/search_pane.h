/* What was searched for, and what was found: one list for all rooms. */
#ifndef MOOT_SEARCH_PANE_H
#define MOOT_SEARCH_PANE_H

#include "msg.h"

enum { SEARCH_ROWS = 2 }; /* of the screen, that one result takes */

struct search_pane {
    char query[QUERY_MAX + 1]; /* empty: none yet */
    enum search_order order;
    struct err fault;             /* of what is being written, or of the last question */
    VEC(struct found_item) items; /* in order; their strings are in the arena */
    struct arena arena;
    size_t at, first; /* the selected one, the topmost */
    bool is_known;    /* the first page came, or was refused */
    bool more, capped;
    int64_t until; /* as the first page said */
    int64_t asked; /* the question under way; 0: none */
    /* What to go to, as soon as its room is there; room empty: nothing. */
    struct {
        char room[ROOM_NAME_MAX + 1];
        enum found_kind kind;
        int64_t seq, number;
    } seek;
};

void search_pane_finish(struct search_pane *p);

#endif
