/* The words an operation is made of: the two high bits say what, the others how many. A skip
 * and a deletion are one word each; an insertion is two, its code points and then its bytes, so
 * that the words can be read from the end as well. Text in UTF-8 lies apart, in one piece. */
#ifndef MOOT_OP_WORD_H
#define MOOT_OP_WORD_H

#include "op.h"

enum {
    WORD_BYTES = 3, /* the second word of an insertion; the others are enum op_kind */
    WORD_SHIFT = 30,
    WORD_MAX = (1 << WORD_SHIFT) - 1,
};
static_assert(NOTE_MAX * 4L <= WORD_MAX, "the bytes of the longest text fit a word");

static inline uint32_t word_kind(uint32_t word)
{
    return word >> WORD_SHIFT;
}

static inline uint32_t word_n(uint32_t word)
{
    return word & WORD_MAX;
}

/* A skip or deletion that is longer fits no text, and stays so. */
static inline uint32_t word(uint32_t kind, uint64_t n)
{
    return kind << WORD_SHIFT | (n < WORD_MAX ? (uint32_t)n : WORD_MAX);
}

/* Makes room for so many more words. */
void op_reserve(struct op *o, size_t words);

/* Offset of code point `chars` in valid UTF-8 that has so many or more. */
size_t op_offset(struct str text, size_t chars);

#endif
