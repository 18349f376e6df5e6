/* Random texts and operations, and a naive twin of the algebra to hold them against. */
#ifndef MOOT_TEXT_KIT_H
#define MOOT_TEXT_KIT_H

#include "chance.h"
#include "op.h"

/* ---- random ---- */

/* 0 to most, small ones more often. */
size_t kit_size(struct chance *c, size_t most);

/* How many random cases a test runs: `usual`, or `usual` times the variable MOOT_CASES. */
size_t kit_cases(size_t usual);

/* Appends so many code points: letters, lines, what JSON escapes, combining marks, flags, emoji
 * that are joined from several, the first and last code point of each length in UTF-8. */
void kit_text(struct chance *c, size_t chars, struct buf *out);
/* An operation of at most so many edits for a text of `chars` code points; canonical, as all
 * are, and often with two edits at one place, at the start or at the end. */
void kit_op(struct chance *c, size_t chars, size_t edits, struct op *out);

/* ---- the twin ---- */

/* A text as a list of code points, each with a number of its own that it keeps through all
 * edits. Operations are read off two such lists: nothing is merged, moved or counted twice. */
struct twin_char {
    uint32_t id, cp;
};
struct twin {
    struct twin_char *v;
    size_t n, cap;
};
void twin_finish(struct twin *t);
void twin_clear(struct twin *t);

/* The code points get the numbers from `id` on. */
void twin_add(struct twin *t, struct str text, uint32_t id);
/* What o makes of it; what it inserts is numbered from `id` on. */
void twin_apply(const struct twin *before, const struct op *o, uint32_t id, struct twin *after);
/* What a and b make of it together. Where both insert, left stands in front of right. */
void twin_merge(const struct twin *before, const struct op *left, uint32_t left_id,
                const struct op *right, uint32_t right_id, struct twin *after);
/* The operation that makes `to` of `from`. */
void twin_diff(const struct twin *from, const struct twin *to, struct op *out);
void twin_print(const struct twin *t, struct buf *out);

#endif
