/* What people are to the others: what each session said of its person, and what all of them
 * that have a room open say together. Do-not-disturb that any session says counts; else the
 * most present of online, idle and away. Sessions that never said anything count only while
 * there is no other. */
#ifndef MOOT_STANDING_H
#define MOOT_STANDING_H

#include "hub_state.h"

/* c says so of its person; sessions: for how many that have a room open it holds from now on.
 */
bool standing_say(struct hub *h, struct caller *c, const struct msg_status *m,
                  int64_t *sessions, struct err *e);
/* c has its client, and so what that said before, if it was not long ago. */
void standing_enter(struct hub *h, struct caller *c);
/* A connection of that person has its first room open, or none any more. */
void standing_settle(struct hub *h, struct user *u);
void standing_finish(struct standing *s);

/* For tests. */
bool standing_check(const struct user *u, struct err *e);

#endif
