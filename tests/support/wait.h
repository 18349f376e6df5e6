/* Deadlines: how tests wait. Never for a time, always for a condition. */
#ifndef MOOT_TEST_WAIT_H
#define MOOT_TEST_WAIT_H

#include <stdbool.h>
#include <stdint.h>

enum {
    SOON = 10000, /* ms: for what should be there at once; long only when something is broken */
};

/* ms of a clock that never goes back. */
int64_t clock_ms(void);

/* Asks holds(arg) again and again until it says yes or ms have passed; returns what it said
 * last. */
bool wait_for(bool (*holds)(void *arg), void *arg, int64_t ms);

#endif
