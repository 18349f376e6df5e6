/* How much one connection may send. */
#ifndef MOOT_RATE_H
#define MOOT_RATE_H

#include "hub_state.h"

/* Takes one message out of the connection's bucket (RATE_PER_SECOND, RATE_BURST). When it is
 * empty the message is refused, and one refusal too many ends the connection. */
bool rate_take(struct hub *h, struct caller *c, int64_t re);

#endif
