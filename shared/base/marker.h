/* How far a person has read a room, and what counts as unread behind that: the same at the
 * server and at every client of the person. */
#ifndef MOOT_MARKER_H
#define MOOT_MARKER_H

#include "str.h"

/* All up to event seq is read. Reading goes forward; who sets the marker back begins a new turn
 * by it, so that what another session of the person says of an older turn, late, changes
 * nothing: of two markers the greater one holds, whatever the order in which they come. */
struct marker {
    int64_t turn, seq;
};

static inline bool marker_is_behind(struct marker a, struct marker b)
{
    return a.turn != b.turn ? a.turn < b.turn : a.seq < b.seq;
}

static inline bool marker_is(struct marker a, struct marker b)
{
    return a.turn == b.turn && a.seq == b.seq;
}

static inline struct marker marker_later(struct marker a, struct marker b)
{
    return marker_is_behind(a, b) ? b : a;
}

/* Whether a text has @name in it, with nothing behind it that could go on the name. */
bool text_names(struct str text, struct str name);
/* Whether a message concerns user by name: it has @user or @here in it, or answers a message of
 * that person (to). */
bool text_concerns(struct str text, struct str to, struct str user);

#endif
