/* Where each cell of a terminal leads, by the bytes that a program wrote to it: OSC 8 as a
 * terminal reads it, and what writes, moves and clears cells as libvterm does. */
#ifndef MOOT_TEST_LINK_READER_H
#define MOOT_TEST_LINK_READER_H

#include <stdbool.h>
#include <stddef.h>

struct link_reader;

struct link_reader *link_reader_new(int rows, int cols);
void link_reader_free(struct link_reader *r);
/* Where bytes are cut does not matter. */
void link_reader_feed(struct link_reader *r, const char *bytes, size_t n);
/* To another size: cells then lead nowhere until they are written again. */
void link_reader_resize(struct link_reader *r, int rows, int cols);
/* "ID ADDRESS"; "" for a cell that leads nowhere. Valid until the reader is freed. */
const char *link_reader_at(const struct link_reader *r, int row, int col);
/* A link is open: what is written now would be in it. */
bool link_reader_is_open(const struct link_reader *r);

#endif
