/* A histogram of microseconds (or of counts): how often a value fell between two bounds, ten
 * of which make a factor of ten (the R10 series, ISO 3), from 10 to 10^8. */
#ifndef MOOT_HIST_H
#define MOOT_HIST_H

#include <stddef.h>
#include <stdint.h>

enum { HIST_BOUNDS = 71, HIST_CELLS = HIST_BOUNDS + 1 };

struct hist {
    uint64_t n, sum;
    uint64_t cells[HIST_CELLS]; /* cell i: up to and with hist_bound(i); the last: above all */
};

uint64_t hist_bound(size_t i);
void hist_add(struct hist *h, uint64_t value);
/* What has been added to `now` since it was `then`. */
struct hist hist_since(const struct hist *now, const struct hist *then);
/* The value below which so much of all lies, 0 to 1, taken as spread evenly within its cell; 0
 * when there is none. What lies above the last bound counts as that. */
uint64_t hist_quantile(const struct hist *h, double q);

#endif
