#include "clock.h"

#include <time.h>

int64_t clock_at(struct clock *c, int64_t wall, int64_t mono)
{
    int64_t passed = mono > c->last_mono ? mono - c->last_mono : 0;
    if (wall >= c->last) {
        c->last = wall;
        c->last_mono = mono;
    } else {
        c->last += passed / 2;
        c->last_mono += passed & ~INT64_C(1); /* an odd millisecond counts next time */
    }
    return c->last;
}

static int64_t read_ms(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_now(struct clock *c)
{
    return clock_at(c, read_ms(CLOCK_REALTIME), read_ms(CLOCK_MONOTONIC));
}

int64_t clock_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}
