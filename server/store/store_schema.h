/* The tables of the embedded database, as the steps that lead to them. */
#ifndef MOOT_STORE_SCHEMA_H
#define MOOT_STORE_SCHEMA_H

#include <stddef.h>

/* Marks a file as ours: PRAGMA application_id, "moot" in ASCII. */
enum { STORE_APPLICATION_ID = 0x6d6f6f74 };

/* One step. It runs once, in one transaction with the new PRAGMA user_version, and is never
 * changed after it was released: a mistake in it is mended by a later step. */
struct store_step {
    int version;          /* of the schema after it; 1, 2, 3... */
    const char *sentence; /* what it does, for the log and the manual */
    const char *sql;
};

extern const struct store_step store_steps[];
extern const size_t store_steps_n; /* also the newest version */

#endif
