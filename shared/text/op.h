/* Operations on a text, and the algebra by which the edits of several people meet.
 *
 * An operation walks over a text from its start and is a list of parts: skip, insert, delete,
 * counted in Unicode code points. It is kept canonical: no part is empty, neighbours of one
 * kind are one part, an insertion stands in front of a deletion at the same place, and there
 * is no skip at the end. So two operations that do the same to every text are equal, and the
 * empty one does nothing.
 *
 * With a∘b for "a, then b" and a/b for "a moved past b":
 *     apply(apply(t, a), b) = apply(t, a∘b)
 *     a ∘ (b/a) = b ∘ (a/b)                  when one of the two moves left and one right
 *     apply(apply(t, a), invert(a, t)) = t
 * Moving past a∘b and moving past a, then b, are not always the same: who must end with the
 * same text moves past the same operations. (Ellis and Gibbs 1989; Ressel et al. 1996, TP1.)
 *
 * Nothing here fails but op_check(), op_parse(): everything from outside passes these first.
 * Results go into operations that the caller has, whose memory is used again; a result must not
 * be one of the arguments. op_transform() takes no memory where the result has had a result of
 * that size before. */
#ifndef MOOT_OP_H
#define MOOT_OP_H

#include "bounds.h"
#include "err.h"
#include "rope.h"

enum op_kind { OP_SKIP, OP_INSERT, OP_DELETE };

/* Zeroed is the empty operation. */
struct op {
    uint32_t *parts; /* see op.c */
    size_t n, cap;   /* of parts, in words */
    struct buf text; /* all that is inserted, one after the other */
};

struct op_part {
    enum op_kind kind;
    uint32_t chars;  /* > 0 */
    struct str text; /* OP_INSERT; borrowed from the operation */
};
/* Where a walk over the parts is; zeroed is in front of the first. */
struct op_at {
    size_t word, byte;
};
bool op_next(const struct op *o, struct op_at *at, struct op_part *part);

/* Building, from the start of the text on. Any order of calls gives a canonical operation; a
 * skip at the end is kept in mind and dropped by whoever reads. Lengths of 0 do nothing; one
 * of 2^30 or more counts as 2^30 - 1, which fits no text either. */
void op_skip(struct op *o, size_t chars);
void op_insert(struct op *o, struct str text); /* valid UTF-8 */
void op_delete(struct op *o, size_t chars);
void op_clear(struct op *o); /* keeps the memory */
void op_finish(struct op *o);
void op_copy(struct op *to, const struct op *from);
void op_swap(struct op *a, struct op *b);

bool op_is_empty(const struct op *o);
bool op_eq(const struct op *a, const struct op *b);
size_t op_parts(const struct op *o);
size_t op_consumed(const struct op *o); /* code points skipped and deleted */
size_t op_inserted(const struct op *o); /* code points */
size_t op_deleted(const struct op *o);
/* Length of the text afterwards. */
size_t op_result(const struct op *o, size_t chars);

/* True if the operation fits a text of so many code points and leaves one of at most NOTE_MAX.
 * ERR_BAD_FIELD with words that name part and bound, or ERR_LIMIT. */
bool op_check(const struct op *o, size_t chars, struct err *e);

/* Does it to a text; op_check() has passed it. */
void op_apply(const struct op *o, struct rope *r);
/* The operation that takes o back, for the text as it was before. */
void op_invert(const struct op *o, const struct rope *before, struct op *out);
/* One operation that does what a and then b does. */
void op_compose(const struct op *a, const struct op *b, struct op *out);
/* n operations, one after the other, as one: in halves, so that the work is n log n. */
void op_compose_all(const struct op *const *ops, size_t n, struct op *out);

/* Which way an insertion goes when the other one inserts at the same place. The rule of moot:
 * the operation that is committed later goes left. Whoever moves their own uncommitted
 * operation past a committed one takes OP_LEFT, and moves the committed one with OP_RIGHT. */
enum op_side { OP_LEFT, OP_RIGHT };
/* o, moved past `past`; both begin at the same text. */
void op_transform(const struct op *o, const struct op *past, enum op_side side, struct op *out);

/* Where a caret is afterwards. An insertion right at the caret leaves it in front of what was
 * inserted with OP_LEFT, behind it with OP_RIGHT. A caret in what was deleted goes to its
 * start. Any pos is fine, also behind the end. */
size_t op_caret(const struct op *o, size_t pos, enum op_side side);

/* Where it leaves the caret of who did it: behind what it inserts last, or where it deletes
 * last if it inserts nothing. 0 for the empty one. */
size_t op_author_caret(const struct op *o);

/* Cuts off a front part whose text form has at most `wire` bytes (>= 64; at least one code
 * point of one part): front∘rest = o. rest is empty when all of it fits. */
void op_split(const struct op *o, size_t wire, struct op *front, struct op *rest);

/* ---- the text form, a JSON array: [5,"new",{"d":3}] ---- */

/* Appends it, without spaces, control characters, '"' and '\' escaped. */
void op_print(const struct op *o, struct buf *out);
/* Reads one. JSON white space and every JSON escape are taken; refused in words, o being empty
 * then: what is no such array, is not canonical, holds a number that is no whole one above 0
 * and at most NOTE_MAX, an empty string, half a surrogate pair, NUL, invalid UTF-8, or is
 * longer than `max` bytes. ERR_BAD_FIELD, ERR_TOO_LARGE. */
bool op_parse(struct op *o, struct str json, size_t max, struct err *e);

/* Canonical inside and within bounds; for tests. */
bool op_is_sound(const struct op *o);

#endif
