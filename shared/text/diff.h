/* What makes one text out of another. */
#ifndef MOOT_DIFF_H
#define MOOT_DIFF_H

#include "op.h"

/* An operation that turns `from` into `to`, both valid UTF-8 without NUL: line by line (Myers
 * 1986), and by code points within lines that were changed. Bounded: where the two have too
 * little in common it deletes and inserts more than it had to, and it is always right. */
void diff_op(struct str from, struct str to, struct op *out);

/* The same, for two who changed one text. Lines of `from` that `others` takes out, wholly or
 * for other ones, are no ground for what becomes of them in `to`: that is inserted to the last
 * letter, and does not lose what the two have in common. */
void diff_op_beside(struct str from, struct str to, const struct op *others, struct op *out);

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
