/* What people are to the others: what each session said of its person, and what all of them
 * say together. Do-not-disturb that any session says counts; else the most present of online,
 * idle and away. Sessions that never said anything count only while there is no other. */
#ifndef MOOT_STANDING_H
#define MOOT_STANDING_H

#include "hub_state.h"

/* c says so of its person. Fails when nobody would be told. */
bool standing_say(struct hub *h, struct caller *c, const struct msg_status *m, struct err *e);
/* c has its client, and so what that said before, if it was not long ago; or is gone. */
void standing_enter(struct hub *h, struct caller *c);
void standing_leave(struct hub *h, struct user *u);
void standing_finish(struct standing *s);

/* For tests. */
bool standing_check(const struct user *u, struct err *e);

#endif
