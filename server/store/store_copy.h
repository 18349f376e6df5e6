/* Whole files of databases: copied, migrated, put in another's place. A copy is there whole and
 * on disk, or not at all. */
#ifndef MOOT_STORE_COPY_H
#define MOOT_STORE_COPY_H

#include "err.h"

/* The schema of the database in a file of any version, of ours or a newer mootd's; 0 for one
 * that holds nothing yet. Fails for what is no database of moot. */
bool store_file_version(const char *path, int64_t *version, struct err *e);

/* Copies the database at `from`, as it is at one moment, into the file `to`, which is made with
 * mode 0600 or emptied; a server may go on writing. `to` is one file, without a write-ahead log
 * beside it. On failure it is removed. */
bool store_file_copy(const char *from, const char *to, struct err *e);

/* Takes the database through the steps that it lacks. Nobody else may have it open. */
bool store_file_migrate(const char *path, struct err *e);

/* Gives the log of the newest schema another name: what its clients remember may not be what it
 * holds. Nobody else may have it open. */
bool store_file_rename_log(const char *path, struct err *e);

/* Moves what waits in the write-ahead log into the file, and the log away. False for what
 * cannot be opened or is damaged. Nobody else may have it open. */
bool store_file_settle(const char *path);

/* How many rooms and events it holds. */
bool store_file_figures(const char *path, int64_t *rooms, int64_t *events);

/* SQLite's own checks of the pages alone, of a file of any version. */
bool store_file_is_whole(const char *path, struct err *e);

/* Removes the file and what SQLite may have left beside it; or only that. */
void store_file_drop(const char *path);
void store_file_drop_beside(const char *path);
/* Makes the names in the folder of this path outlive a crash. */
void store_folder_sync(const char *path);

#endif
