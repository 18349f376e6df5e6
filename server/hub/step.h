/* The operations that made the last versions of a text: a ring in struct text, see text.h. What
 * they take is counted in t->bytes and bounded by STEP_BYTES_MAX. */
#ifndef MOOT_HUB_STEP_H
#define MOOT_HUB_STEP_H

#include "text.h"

/* What made a version, first to newest. */
static inline struct step *step_at(const struct text *t, int64_t version)
{
    return &t->steps[(size_t)version & (t->cap - 1)];
}
/* That one takes, and not only fills. */
size_t step_bytes(const struct op *o);
/* Takes the operation as the next version and leaves memory for another one in its place. */
void step_add(struct text *t, struct op *op, int64_t session);
/* Few large operations take as much memory as many small ones: the oldest go. */
void steps_thin(struct text *t);
/* All of them go when the newest was stored STEPS_REST_MS ago. */
void steps_rest(const struct hub *h, struct text *t);
void steps_finish(struct text *t);
/* For tests: what lies in memory is counted, and no slot that is out of use holds any. */
bool steps_check(const struct text *t, struct err *e);

#endif
