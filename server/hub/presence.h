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
void presence_tidy(struct room *r);
void presence_finish(struct hub *h, struct room *r);

void presence_typing(struct hub *h, struct sub *s, bool on);
void presence_cursor(struct hub *h, struct sub *s, int64_t task);
void presence_caret(struct hub *h, struct sub *s, struct caret k);
/* To c, who has just opened that text of r: where the others are in it, as it is now. */
void presence_carets(struct hub *h, struct caller *c, struct room *r, int64_t text);

/* Locks of the room have changed: to be told. */
void presence_locks(struct hub *h, struct room *r);

/* Tells what is due, if it is time. */
void presence_tick(struct hub *h);

#endif
