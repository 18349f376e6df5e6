/* What an admin does with a database as a whole. Each adds to `said` what it did, in sentences
 * for people, and on failure leaves everything as it was. What changes the database is noted in
 * it as done by somebody, if that is given. */
#ifndef MOOT_STORE_BACKUP_H
#define MOOT_STORE_BACKUP_H

#include "err.h"
#include "store_note.h"

/* Copies the database at `db` to `file`, while a server may be running, and proves that the
 * copy agrees with itself; only then it gets its name, in place of an older backup if there is
 * one. A file that is no database of moot is not replaced. What an interruption leaves is
 * called FILE.part, and the next backup to that name takes it over. */
bool store_backup(const char *db, const char *file, struct buf *said, struct err *e);

/* Puts a copy of `file`, of this or an older schema, in the place of `db`, after proving that
 * it agrees with itself. What was there is kept beside it, with the time in its name. The
 * caller has the claim to the folder. */
bool store_restore(const char *file, const char *db, const struct store_by *by,
                   struct buf *said, struct err *e);

/* Brings the database to the newest schema, keeping a copy of the old one beside it; the caller
 * has the claim to the folder. Dry: does all that with a copy, which is dropped; a server may
 * be running. */
bool store_migrate(const char *db, bool dry, const struct store_by *by, struct buf *said,
                   struct err *e);

/* Puts the database in `fresh`, beside `db`, in its place once it has been brought to the
 * newest schema, says who did it (`why`, from a file or "-", with words) and agrees with
 * itself; `why` stands in the name of what is kept. On failure `fresh` is removed. The caller
 * has the claim to the folder. */
struct replacing {
    const char *why, *from, *words;
    const struct store_by *by;
};
bool store_replace(const char *fresh, const char *db, struct replacing how, struct buf *said,
                   struct err *e);

/* A copy of `db` beside it, named after what is about to be done to it and the time: of a
 * damaged one the files as they are. Adds its path to `kept`. */
bool store_keep_aside(const char *db, const char *before, struct buf *kept, struct err *e);

/* Gives the name of a database that is kept elsewhere to `fresh`, a closed one beside it, and
 * to whom the folder belongs. What SQLite keeps beside the old one goes first: it would be
 * taken for the new one's. */
bool store_take_place(const char *fresh, const char *db, struct err *e);

/* "schema 4: what it does" for each step that a database of that version lacks. */
void store_steps_print(int64_t version, struct buf *out);

#endif
