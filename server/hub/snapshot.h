/* The state of a room, encoded once for all who open it at that moment. */
#ifndef MOOT_SNAPSHOT_H
#define MOOT_SNAPSHOT_H

#include "hub_state.h"

/* Of the room's head, which may not be on disk yet: it must not be sent before room->stored has
 * reached its seq. The room must have its board. The caller's reference. */
struct snapshot *snapshot_of(struct hub *h, struct room *r);
void snapshot_drop(struct snapshot *s); /* one reference; NULL is fine */

#endif
