/* What people do to the board in the simulator beyond single requests: many cards at one
 * stroke, undo and redo, ever narrower gaps, locks. */
#ifndef MOOT_SIM_BOARD_H
#define MOOT_SIM_BOARD_H

#include "sim_actor.h"

/* Asks for a request, and remembers how it is taken back. */
void board_ask(struct actor *c, struct replica *r, struct msg *m);
/* Something of what is above, at random. */
void board_play(struct actor *c, struct replica *r);
/* Memory is gone. */
void board_forget(struct actor *c);

/* Once all is quiet: two clients know of the same locks. */
void locks_compare(struct actor *a, const struct actor *b, const struct replica *ra,
                   const struct replica *rb);

#endif
