/* The headings of a text: where they are, and how deep. Pure. */
#ifndef MOOT_OUTLINE_H
#define MOOT_OUTLINE_H

#include "rope.h"

enum { HEADINGS_MAX = 20000 }; /* those behind are not listed */

struct heading {
    size_t pos, line; /* where its line begins; its number, from 0 */
    int level;        /* 1 to 6 */
};
struct outline {
    VEC(struct heading) v;
};

/* Makes the outline what the text has; out is cleared. */
void outline_of(const struct rope *text, struct outline *out);
void outline_finish(struct outline *o);
/* Index of the heading that a position is under: the last one at or in front of it; SIZE_MAX
 * when there is none. */
size_t outline_at(const struct outline *o, size_t pos);
/* What a heading says, appended; as much of it as could ever be shown. */
void outline_title(const struct rope *text, const struct heading *h, struct buf *out);

#endif
