/* How much one connection may send. */
#ifndef MOOT_RATE_H
#define MOOT_RATE_H

#include "hub_state.h"

enum {
    RATE_WHOLE = 1000,
    RATE_WORK =
        50000, /* steps of work, of some nanoseconds each, that cost as much as a message */
};

/* What a message of so many bytes costs, in thousandths of one. Who sends a request when all
 * its others are answered keeps to the pace of the server, and pays a hundredth and the size in
 * units of TEXT_MAX; anything else costs a whole one. */
int32_t rate_cost(const struct caller *c, const struct msg *m, size_t bytes);

/* Takes a message out of the connection's bucket (RATE_PER_SECOND, RATE_BURST). When it is
 * empty the message is refused, and one refusal too many ends the connection. */
bool rate_take(struct hub *h, struct caller *c, int32_t cost, int64_t re);
/* What it took to carry a message out comes off the bucket when it is known, and may leave it
 * in debt: nobody can keep the server busy by asking for what is cheap to ask. */
void rate_charge(struct hub *h, struct caller *c, uint64_t work);

#endif
