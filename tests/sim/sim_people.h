/* What people show of themselves in the simulator. */
#ifndef MOOT_SIM_PEOPLE_H
#define MOOT_SIM_PEOPLE_H

#include "sim_actor.h"

/* A life begins; a status or state at random (card: some card of the room); a choice that was
 * made by another session. */
void people_begin(struct actor *c);
void people_show_something(struct actor *c, const struct replica *r, int64_t card);
void people_heard(struct actor *c, const struct msg_status_set *set);

/* Once all is quiet: what c shows of the others is so, and two clients show the same. */
void people_check(struct actor *c, const struct replica *r);
void people_compare(struct actor *a, const struct actor *b, const struct replica *ra,
                    const struct replica *rb);

#endif
