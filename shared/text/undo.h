/* Undo and redo of one person's own edits of one text, while others go on typing.
 *
 * A stack of inverses. Others' operations are collected and each entry is moved past them when
 * it is wanted, so that typing costs nothing while others type. Edits are grouped: what one
 * types in one go, up to the end of a word or a pause, is one step. */
#ifndef MOOT_UNDO_H
#define MOOT_UNDO_H

#include "op.h"

enum {
    UNDO_DEPTH = 500,     /* steps kept; the oldest goes first */
    UNDO_PAUSE_MS = 1500, /* a longer rest begins a new step */
    UNDO_BYTES = 4 << 20, /* the same for their size; but the newest stays in any case */
};

struct undo;
struct undo *undo_new(void);
void undo_free(struct undo *u); /* NULL is fine */

/* The person did o to the text `before`, at `now` (ms). Drops what could be redone. */
void undo_local(struct undo *u, const struct op *o, const struct rope *before, int64_t now);
/* The next edit begins a new step, as after moving the caret or a paste. */
void undo_break(struct undo *u);
/* Somebody else's operation, as it was applied to the text on screen. */
void undo_remote(struct undo *u, const struct op *o);

/* The operation that takes back the last step, for the text as it is now, or does it again. The
 * caller applies it, and must not report it by undo_local(). A step of which others left
 * nothing is passed over; false when there is none. caret: where the person goes, behind the
 * first thing that came back. */
bool undo_back(struct undo *u, const struct rope *now, struct op *out, size_t *caret);
bool undo_again(struct undo *u, const struct rope *now, struct op *out, size_t *caret);
size_t undo_steps(const struct undo *u);

#endif
