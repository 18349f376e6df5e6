/* What rooms keep of their chat. */
#ifndef MOOT_SIM_KEEP_H
#define MOOT_SIM_KEEP_H

#include "sim.h"
#include "store.h"

/* Before the server starts: some rooms keep a few messages from now on, or everything again. */
void sim_keep(struct sim *s, struct store *store);

#endif
