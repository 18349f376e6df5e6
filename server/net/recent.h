/* What happened in the last minute: samples of the counters ten seconds apart. */
#ifndef MOOT_RECENT_H
#define MOOT_RECENT_H

#include "metrics.h"

enum { RECENT_EVERY_MS = 10000, RECENT_SAMPLES = 7 };

struct sample {
    int64_t at; /* ms */
    struct metrics counts;
    struct hist delivery, commit, group;
};
struct recent {
    struct sample v[RECENT_SAMPLES];
    size_t n, next; /* samples there are; where the next one goes */
};

/* Keeps a copy; call every RECENT_EVERY_MS. */
void recent_take(struct recent *r, const struct sample *s);
/* Fills in the figures of the last minute, from the oldest sample to `now`. */
void recent_fill(const struct recent *r, const struct sample *now, struct metrics *out);

#endif
