/* How far people read, in the simulator. */
#ifndef MOOT_SIM_READ_H
#define MOOT_SIM_READ_H

#include "sim_actor.h"

void read_something(struct actor *c, struct replica *r);
bool read_is_quiet(const struct actor *c);
/* Always: what was told is stored does not go back. */
void read_check_now(struct actor *c);
/* Once all is quiet: marker and counts are those of the server. */
void read_check(struct actor *c, const struct replica *r);

#endif
