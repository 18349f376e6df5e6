/* Whether all that a crowd did came to be, once, and is the same everywhere. */
#ifndef MOOT_DEMO_CHECK_H
#define MOOT_DEMO_CHECK_H

#include "demo_crowd.h"

struct check {
    const char *url; /* the server's, where we are an admin */
    int64_t timeout;
    const struct crowd_sums *sums;
    int64_t people;
    const char *folder; /* with NAME.lines and NAME.room of each, and the server's own room */
    /* How much there was. */
    int64_t messages, cards, standing, taken_out, same;
    int64_t seq, version;
    /* What is not as it has to be, a sentence a line; empty: nothing. */
    struct buf faults;
};

/* Writes down the room as the server gives it to somebody new, and up to which event and
 * version of the text it goes. */
bool check_begin(struct check *c, struct err *e);
/* Every message and card is in the log once, with its writer's name. */
bool check_log(struct check *c, struct err *e);
/* Every line stands in the note once, and those that were taken out do not. */
bool check_note(struct check *c, struct err *e);
/* Everybody's room is the server's. */
bool check_rooms(struct check *c, struct err *e);

#endif
