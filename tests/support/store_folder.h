/* A folder of its own for a test's database. */
#ifndef MOOT_TEST_STORE_FOLDER_H
#define MOOT_TEST_STORE_FOLDER_H

#include "store.h"

struct folder {
    char path[64];
    char db[80]; /* the database in it */
};

void folder_make(struct folder *f);
void folder_drop(struct folder *f); /* with all that is in it */
/* Set-up and tear-down of a test: *state is a folder. */
int folder_set_up(void **state);
int folder_tear_down(void **state);
/* Copies the database and its -wal as they are on disk now: what a power cut would leave. */
void folder_copy(const struct folder *from, struct folder *to);

/* Opens the database; fails the test in the store's words when it cannot. */
struct store *folder_open(const struct folder *f);

/* Runs SQL on the database, past the store. */
void folder_sql(const struct folder *f, const char *sql);
/* Every row of every table, as text. */
void folder_dump(const struct folder *f, struct buf *out);

#endif
