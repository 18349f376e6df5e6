/* What rooms keep of their chat: looks, an hour (RETENTION_MS) after the last time or when an
 * owner has said something else, which messages are beyond that, and removes them: some in each
 * event, one after the other, so that nobody waits for it. */
#ifndef MOOT_RETENTION_TRIM_H
#define MOOT_RETENTION_TRIM_H

#include "hub_state.h"

enum {
    TRIM_BATCH = 200,      /* messages that one event removes, */
    TRIM_CHANGES = 2000,   /* with all that was done to them: edits, reactions, pins */
    TRIM_SCAN = 20000,     /* messages and comments that are passed for that */
    TRIM_PAUSE_MS = 100,   /* between two of them */
    TRIM_START_MS = 1000,  /* after the start */
    TRIM_RETRY_MS = 60000, /* when it failed: what people write has the disk meanwhile */
};

/* That is kept from now on, or what may go is other than it was: the next look begins anew. */
void retention_set(struct room *r, struct retention keep);
/* The room is looked at in `ms`. */
void retention_due(struct hub *h, struct room *r, int64_t ms);
/* The clock was set, it may be by mistake: nothing is removed for an hour, whatever is due. */
void retention_put_off(struct hub *h);
/* At the end of a turn: the next look that is due, one at a time. */
void retention_tick(struct hub *h);
/* The answer of the store. */
void retention_looked(struct hub *h, const struct ask *a, const struct store_job *j);

#endif
