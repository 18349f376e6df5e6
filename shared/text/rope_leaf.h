/* A leaf of the rope: about a kilobyte of UTF-8 with a gap where it was edited last.
 *
 *     bytes  [ h e l l o , _ ]      gap      [ w o r l d ]
 *            0              head           tail         LEAF_BYTES
 *
 * Positions count code points from the start of the leaf and are at most leaf_chars(); byte
 * offsets leave the gap out. The gap never parts the bytes of a code point. Where one side of
 * it is all ASCII, positions there are offsets; elsewhere they are counted, eight bytes a step,
 * from the end that is nearest. */
#ifndef MOOT_ROPE_LEAF_H
#define MOOT_ROPE_LEAF_H

#include "str.h"

enum {
    LEAF_BYTES = 990, /* with the counts and what malloc() adds, 1 KiB */
    LEAF_SLACK = 16,  /* behind them, so that they can be read sixteen at a time */
    LEAF_FILL = 880,  /* what a leaf is filled with when much text comes at once */
};

struct leaf {
    uint16_t head, tail;
    uint16_t head_chars, tail_chars; /* in front of the gap, behind it */
    uint16_t newlines;
    char bytes[LEAF_BYTES + LEAF_SLACK];
};

/* What a piece of text counts in each of the units by which it can be searched. */
enum unit { UNIT_CHARS, UNIT_BYTES, UNIT_NEWLINES, UNITS };
struct sum {
    uint32_t of[UNITS];
};

struct leaf *leaf_new(void);

static inline size_t leaf_chars(const struct leaf *l)
{
    return (size_t)l->head_chars + l->tail_chars;
}

static inline size_t leaf_room(const struct leaf *l)
{
    return (size_t)(l->tail - l->head);
}

static inline size_t leaf_bytes(const struct leaf *l)
{
    return LEAF_BYTES - leaf_room(l);
}

static inline struct sum leaf_sum(const struct leaf *l)
{
    return (struct sum){{(uint32_t)leaf_chars(l), (uint32_t)leaf_bytes(l), l->newlines}};
}

/* Puts the gap at a position. */
void leaf_part(struct leaf *l, size_t pos);
/* Adds text in front of the gap; n <= leaf_room(). */
void leaf_put(struct leaf *l, struct str text);
/* Deletes, and leaves the gap there; pos + chars <= leaf_chars(). */
void leaf_cut(struct leaf *l, size_t pos, size_t chars);
/* Moves what is behind the gap into an empty leaf. */
void leaf_move_tail(struct leaf *from, struct leaf *to);
/* Adds all of `more` at the end; there is room for it. */
void leaf_append(struct leaf *l, const struct leaf *more);

/* Bytes in front of a position. */
size_t leaf_byte_of(const struct leaf *l, size_t pos);
/* The position of the code point that a byte belongs to; leaf_chars() at the end. */
size_t leaf_pos_of(const struct leaf *l, size_t byte);
size_t leaf_newlines_before(const struct leaf *l, size_t pos);
/* The position of newline number `nth`, counted from 0; there are more than nth. */
size_t leaf_newline(const struct leaf *l, size_t nth);
/* The bytes from a position up to the gap, or from behind the gap up to the end. chars: code
 * points of that. */
struct str leaf_piece(const struct leaf *l, size_t pos, size_t *chars);

/* Bytes of the first `chars` of all the code points in a piece of at most a leaf. */
size_t leaf_bytes_of(struct str piece, size_t all, size_t chars);
/* As many whole code points of valid UTF-8 as fit into n bytes. */
size_t leaf_fitting(struct str text, size_t n);
/* Counts agree with the bytes, which are valid UTF-8 on both sides of the gap. */
bool leaf_check(const struct leaf *l);

#endif
