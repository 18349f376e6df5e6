/* Text files of the person's own, as notes are made from them and written to them. */
#ifndef MOOT_FILE_H
#define MOOT_FILE_H

#include "err.h"

/* Bytes of a text of NOTE_MAX code points. */
enum { NOTE_BYTES_MAX = 4 * 2 * 1024 * 1024 };

/* Appends the file to out; "-" is standard input. Refused: what is no text in UTF-8, or over
 * NOTE_MAX code points. */
bool file_read(const char *path, struct buf *out, struct err *e);
/* The same for one that is open, from where it stands. */
bool file_read_fd(int fd, const char *name, struct buf *out, struct err *e);
/* The same for any text of at most so many bytes. */
bool file_read_text(const char *path, size_t most, struct buf *out, struct err *e);
/* Puts the text there in one step: it is the old file or the new one, never half of it. A file
 * that is there keeps its mode. */
bool file_write(const char *path, struct str text, struct err *e);
/* Removes what processes that were killed while they wrote such a file have left beside it.
 * Nobody may be writing it now. */
void file_clear(const char *path);

#endif
