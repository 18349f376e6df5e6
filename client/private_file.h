/* Small files that are nobody else's business: tokens, and what moot remembers. */
#ifndef MOOT_PRIVATE_FILE_H
#define MOOT_PRIVATE_FILE_H

#include "err.h"

/* Appends the file, of at most max bytes, to out. Refused, in words that say the way out: what
 * is no regular file, belongs to somebody else, or may be read or written by others. */
bool private_file_read(const char *path, size_t max, struct buf *out, struct err *e);

/* Puts the bytes there in one step, with mode 0600; folders on the way are made with 0700. */
bool private_file_write(const char *path, struct str bytes, struct err *e);

/* Waits until nobody else holds the file beside it, PATH.lock, and holds it until the
 * descriptor is closed: for who reads, changes and writes. -1: it cannot be made. */
int private_file_lock(const char *path, struct err *e);

#endif
