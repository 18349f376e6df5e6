/* Mends a database as far as its log tells how. */
#ifndef MOOT_STORE_REPAIR_H
#define MOOT_STORE_REPAIR_H

#include "store.h"
#include "store_note.h"

/* Makes everything that can be made from the log anew: indexes, the columns of events, the
 * rooms' tables, snapshots of texts; after keeping a copy beside the database. A room whose own
 * log is damaged is left alone. The caller has the claim to the folder. Adds to `said` what it
 * did; whether all is well then, the check says. */
bool store_repair(const char *db, const struct store_by *by, struct buf *said, struct err *e);

/* The part of it that makes the tables of all rooms anew, of an open store. */
bool store_remake_rooms(struct store *s, struct buf *said, struct err *e);

#endif
