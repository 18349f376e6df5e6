/* Who is here, and passing states: merged, thinned, told together once a tick. */
#ifndef MOOT_PRESENCE_H
#define MOOT_PRESENCE_H

#include "hub_state.h"

/* A connection opened the room, or is gone from it. */
void presence_enter(struct hub *h, struct sub *s);
void presence_leave(struct hub *h, struct sub *s);
bool presence_is_here(const struct room *r, const struct user *u);
/* To one who has just caught up: who is here, and what the others' states are. */
void presence_tell(struct hub *h, struct sub *s);
/* Forgets those who have left, once nobody needs to hear it any more. */
/* To one who was too slow for some of them: what the others' states are, in all rooms. */
void presence_again(struct hub *h, struct caller *c);
void presence_tidy(struct room *r);
void presence_finish(struct hub *h, struct room *r);

/* The person of that connection has another standing: to be told. */
void presence_changed(struct hub *h, struct sub *s);
/* To c, who has just opened that text of r: where the others are in it, as it is now. */
void presence_carets(struct hub *h, struct caller *c, struct room *r, int64_t text);

/* Locks of the room have changed: to be told. */
void presence_locks(struct hub *h, struct room *r);
/* There is something to tell in r, at the next tick; something is to be told at that time. */
void presence_mark(struct hub *h, struct room *r);
void presence_wake_at(struct hub *h, int64_t at);

/* Tells what is due, if it is time. */
void presence_tick(struct hub *h);

#endif
