/* Rooms as text that outlives the database: JSON Lines from which the same rooms can be made
 * again, and Markdown to read.
 *
 * The lines are a first one that says what it is, accounts as messages user.list (when all
 * rooms are exported), each room's events from the first on as they went over the wire, and a
 * last one that counts them. What else a room has follows from its events. Two exports of the
 * same rooms are the same bytes. */
#ifndef MOOT_STORE_EXPORT_H
#define MOOT_STORE_EXPORT_H

#include "store.h"
#include "store_note.h"

#define EXPORT_FIRST "{\"moot\":\"export\",\"version\":1}"
#define EXPORT_LAST "{\"moot\":\"end\",\"accounts\":%" PRId64 ",\"events\":%" PRId64 "}"

/* Exports the named rooms, all with n 0, as they are at one moment; a server may be running.
 * `to` is a file (replaced whole or not at all), "-" for standard output, or a folder, which a
 * name that ends in '/' makes: it gets moot.jsonl and for each room a folder of Markdown. */
bool store_export(const char *db, char *const rooms[], size_t n, const char *to,
                  struct buf *said, struct err *e);

/* Adds the rooms of an export (a file, "-", or a folder with moot.jsonl) to the database, which
 * is made if there is none; all of it or nothing. A room that is there already is refused; an
 * account that is there stays as it is. What was there is kept beside it. The caller has the
 * claim to the folder. */
bool store_import(const char *from, const char *db, const struct store_by *by, struct buf *said,
                  struct err *e);

/* store_export_pages.c: a room as Markdown in files below the folder. */
bool export_pages(struct store *s, struct str room, const char *folder, struct buf *said,
                  struct err *e);

#endif
