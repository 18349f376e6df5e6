/* The server's clock: milliseconds since 1970 that never go back. */
#ifndef MOOT_CLOCK_H
#define MOOT_CLOCK_H

#include <stdint.h>

/* Zeroed is a clock that has not been read. */
struct clock {
    int64_t last;      /* what was told last */
    int64_t last_mono; /* and when, by the clock that nobody sets */
};

/* The time to tell, given what the wall clock and the monotonic clock say (both in ms). Follows
 * the wall clock when that is ahead. When somebody has set it back, time goes on at half speed
 * until the wall clock has caught up: timeouts still pass, and nothing is ever dated earlier
 * than what came before it. */
int64_t clock_at(struct clock *c, int64_t wall, int64_t mono);
/* Microseconds of the clock that nobody sets: for measuring how long something took. */
int64_t clock_us(void);
/* clock_at() with what the system's clocks say now. */
int64_t clock_now(struct clock *c);

#endif
