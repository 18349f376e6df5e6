/* What makes one text out of another. */
#ifndef MOOT_DIFF_H
#define MOOT_DIFF_H

#include "op.h"

/* An operation that turns `from` into `to`, both valid UTF-8 without NUL: line by line (Myers
 * 1986), and by code points within lines that were changed. Bounded: where the two have too
 * little in common it deletes and inserts more than it had to, and it is always right. */
void diff_op(struct str from, struct str to, struct op *out);

/* The same by whole words, each that both have and that stands in the same order being kept,
 * however little else is; spaces between two words that were replaced are replaced with them.
 * Where an insertion could stand here or there, it stands in front: so two who put the same in
 * have put it at the same place. */
void diff_op_words(struct str from, struct str to, struct op *out);

enum diff_kind { DIFF_SAME, DIFF_ADDED, DIFF_REMOVED };
struct diff_line {
    enum diff_kind kind;
    struct str text; /* without its newline; borrowed from one of the two */
    size_t from, to; /* its number in each, from 0; where it is not, that of the next line */
};
struct diff_lines {
    VEC(struct diff_line) lines;
};
/* Line by line, for people: all lines of both; behind the last newline there is one more, as
 * in a rope, and the empty text has none. Free with vec_finish(&out->lines). */
void diff_lines(struct str from, struct str to, struct diff_lines *out);

#endif
