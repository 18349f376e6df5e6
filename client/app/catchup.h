/* What others did in one's rooms, and that concerns one, since one was there last: by room. */
#ifndef MOOT_CATCHUP_H
#define MOOT_CATCHUP_H

#include "bounds.h"
#include "mem.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    ABSENCE_MS = 4 * 3600 * 1000, /* after so long away it is offered */
    CATCHUP_MS =
        24 * 3600 * 1000,  /* so far it goes back where it is not known when one was there */
    CATCHUP_ASKED_MAX = 8, /* rooms that are asked about at once */
};

/* The head of a room, or something that was done there. */
struct catchup_item {
    char room[ROOM_NAME_MAX + 1];
    bool is_head;
    int64_t seq, time, about;
    char author[USER_NAME_MAX + 1];
    char *text; /* owned */
};

struct catchup_question {
    char room[ROOM_NAME_MAX + 1];
    int64_t id; /* 0: not asked yet */
};

struct catchup {
    int64_t left;  /* ms, when the person was there last; 0: not known */
    int64_t since; /* of what is listed; 0: nothing is */
    bool offered;
    bool more;                              /* of some room there is more than is listed */
    VEC(struct catchup_item) items;         /* as they are listed */
    VEC(struct catchup_question) questions; /* not answered yet */
};
void catchup_finish(struct catchup *c);

#endif
