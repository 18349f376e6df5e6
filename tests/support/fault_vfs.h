/* A disk that fails on demand: an SQLite VFS around the system's own. */
#ifndef MOOT_TEST_FAULT_VFS_H
#define MOOT_TEST_FAULT_VFS_H

#include <stdbool.h>
#include <stdint.h>

enum fault {
    FAULT_IO,   /* SQLITE_IOERR_* */
    FAULT_FULL, /* SQLITE_FULL, for what writes; the rest fails as FAULT_IO */
};

struct fault_vfs {
    int64_t left;  /* operations that still work; the one after them fails. -1: all work */
    bool for_good; /* and so do all later ones, until left is set again */
    enum fault kind;
    bool fired; /* set when something has failed */
};

/* Makes f's disk the one that databases opened from now on use. Operations counted are opening,
 * reading, writing, cutting off, syncing, and growing shared memory; a failing write still
 * writes half of its bytes; nothing is really synced. Databases must be closed before the
 * removal. */
void fault_vfs_install(struct fault_vfs *f);
void fault_vfs_remove(void);

#endif
