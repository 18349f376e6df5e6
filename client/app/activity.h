/* An event of a room, in words: what somebody did. */
#ifndef MOOT_ACTIVITY_H
#define MOOT_ACTIVITY_H

#include "replica.h"

/* Appends what the event's author did, as "moved #2 'Ship it' to Doing"; names of cards and
 * notes are those that r knows. False, and nothing, for what is no activity: chat that stands
 * on no card. Texts of others are as they are: the caller escapes them. */
bool activity_say(const struct replica *r, const struct msg *event, struct buf *out);
/* The number of the card or note that it is about; 0: none. */
int64_t activity_about(const struct msg *event);

#endif
