/* A database whose file is broken, and not only what stands in it: a page that cannot be read,
 * an index that lacks a row, a table that is not there. */
#ifndef MOOT_STORE_SALVAGE_H
#define MOOT_STORE_SALVAGE_H

#include "err.h"

/* True for a file of this schema that is broken so. Nobody else may have it open. */
bool store_is_broken(const char *db);

/* Puts a new database in the place of a broken one, with what follows from nothing else: the
 * log, accounts, tokens and hooks; and what of the rest can be read: what admins did, how far
 * people have read, figures, kept texts. What follows from the log is left empty. When the log,
 * accounts, tokens or hooks cannot be read whole it fails, and the database stays as it is.
 * Adds to `said` what could not be read. */
bool store_salvage(const char *db, struct buf *said, struct err *e);

#endif
