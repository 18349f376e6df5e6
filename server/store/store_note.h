/* What is done to a database while no server runs stands in the list of what admins did, too:
 * it is written into the database with the act itself, and is there when that is. */
#ifndef MOOT_STORE_NOTE_H
#define MOOT_STORE_NOTE_H

#include "err.h"
#include "str.h"

/* Who does it, and when (ms). */
struct store_by {
    struct str author;
    int64_t time;
};

/* Notes an act in the database of that file, of this version. Nobody else may have it open.
 * subject is what it was done with, as a file, or empty; what of it is no text is escaped. by
 * NULL: nothing is noted. */
bool store_file_note(const char *path, const struct store_by *by, const char *act,
                     const char *subject, const char *words, struct err *e);

#endif
