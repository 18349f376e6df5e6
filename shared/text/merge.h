/* Brings what somebody made of a text into what others made of it meanwhile. */
#ifndef MOOT_MERGE_H
#define MOOT_MERGE_H

#include "op.h"

/* Others made `now` of base, somebody made `to` of it, all valid UTF-8 without NUL: the
 * operation on `now` that does what he did. What both put in at the same place is there once;
 * of different insertions at one place his goes left, unless it replaces what stands right of
 * it. What one of the two took out is gone. A line that one of them wrote anew, and that the
 * other changed, stands there twice, his first. */
void merge(struct str base, struct str now, struct str to, struct op *out);

#endif
