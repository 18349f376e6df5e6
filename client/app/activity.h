/* An event of a room, in words: what somebody did. */
#ifndef MOOT_ACTIVITY_H
#define MOOT_ACTIVITY_H

#include "replica.h"

/* Appends what the event's author did, as "moved #2 'Ship it' to Doing". thing is what it is
 * about, if anything (activity_about()), as activity_thing() or an answer of the server says.
 * False, and nothing, for what is no activity: chat that stands on no card. Texts of others are
 * as they are: the caller escapes them. */
bool activity_say(const struct msg *event, struct named_item thing, struct buf *out);
/* The number of the card or note that it is about; 0: none. */
int64_t activity_about(const struct msg *event);
/* What a number stands for, by its entry in names, or as r, which may be NULL, knows it.
 * Borrowed; the name is empty when nobody knows. */
struct named_item activity_thing(const struct replica *r, const struct named_item *names,
                                 size_t n, int64_t number);

/* The events of a page, decoded into the arena; those that this version does not know are left
 * out. */
struct msg_list;
void activity_events(const struct msg_activity_page *page, struct arena *a,
                     struct msg_list *out);

#endif
