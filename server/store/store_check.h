/* Proves that a database agrees with itself: pages and indexes, the log and the tables beside
 * it. */
#ifndef MOOT_STORE_CHECK_H
#define MOOT_STORE_CHECK_H

#include "store.h"

/* Checks the database at path without changing it; a running server may go on writing. True
 * when all is well. Otherwise the report has a line for each fault (room, event, what is
 * wrong), and e says how many there are; or the report is empty and e says why nothing could be
 * checked. */
bool store_check(const char *path, struct buf *report, struct err *e);

/* The part of it that holds for any store: every room's log has no hole, each event decodes and
 * is found again by its request, and replaying the log gives the room's members, columns,
 * cards, chat, notes, texts and every snapshot of these as the tables have them. */
bool store_check_logs(struct store *s, struct buf *report, struct err *e);

#endif
