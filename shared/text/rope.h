/* A long text that is edited in many places: UTF-8 inside, counted in Unicode code points.
 *
 * Leaves of about a kilobyte, each a gap buffer, under a tree that sums up code points, bytes
 * and newlines; the leaf touched last is remembered, so that typing costs next to nothing.
 * Every position is a number of code points from the start, 0 to rope_chars(). Positions and
 * texts must have been checked before (op_check): one out of range, or bytes that are no valid
 * UTF-8, are a fault of ours. A text that is put in must not be borrowed from the same rope.
 * What takes a const rope writes nothing to it. */
#ifndef MOOT_ROPE_H
#define MOOT_ROPE_H

#include "str.h"

struct rope;

struct rope *rope_new(void);
void rope_free(struct rope *r); /* NULL is fine */
struct rope *rope_of(struct str text);
struct rope *rope_copy(const struct rope *r);

size_t rope_chars(const struct rope *r);
size_t rope_bytes(const struct rope *r);
/* Newlines and one: the empty text has one line. */
size_t rope_lines(const struct rope *r);

void rope_insert(struct rope *r, size_t pos, struct str text);
void rope_delete(struct rope *r, size_t pos, size_t chars);
/* Everything else out, this text in. */
void rope_set(struct rope *r, struct str text);

/* Appends `chars` code points from pos on to out. */
void rope_read(const struct rope *r, size_t pos, size_t chars, struct buf *out);
/* The longest run of bytes that lies in one piece from pos on; empty at the end. Borrowed until
 * the rope changes. To read on, add utf8_chars() of it to pos. */
struct str rope_piece(const struct rope *r, size_t pos);
/* The code point at pos; 0 at the end. */
uint32_t rope_at(const struct rope *r, size_t pos);

/* Position of the first code point of a line, counted from 0, line < rope_lines(). */
size_t rope_line_start(const struct rope *r, size_t line);
/* Position behind the last code point of a line, its newline not counted. */
size_t rope_line_end(const struct rope *r, size_t line);
/* The line that pos is in. */
size_t rope_line_of(const struct rope *r, size_t pos);
/* Bytes in front of pos, and the position at a byte offset (in the middle of a code point: of
 * that one). */
size_t rope_byte_of(const struct rope *r, size_t pos);
size_t rope_pos_of_byte(const struct rope *r, size_t byte);

bool rope_eq(const struct rope *a, const struct rope *b);
bool rope_is(const struct rope *r, struct str text);
/* Bytes of memory that the rope takes, itself included. */
size_t rope_memory(const struct rope *r);
/* Sums, sizes and order agree with the leaves, which are valid UTF-8. For tests. */
bool rope_check(const struct rope *r);

#endif
