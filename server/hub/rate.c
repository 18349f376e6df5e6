#include "rate.h"

#include "caller.h"

enum { UNIT = 1000, WS_POLICY = 1008, FULL_WITHIN_MS = RATE_BURST * 1000 / RATE_PER_SECOND };

static void refill(struct hub *h, struct caller *c)
{
    int64_t ms = MIN(h->now - c->tokens_at, FULL_WITHIN_MS);
    c->tokens_at = h->now;
    c->tokens = MIN(c->tokens + (int32_t)ms * RATE_PER_SECOND * UNIT / 1000, RATE_BURST * UNIT);
    if (c->tokens == RATE_BURST * UNIT)
        c->over_rate = 0;
}

bool rate_take(struct hub *h, struct caller *c, int64_t re)
{
    refill(h, c);
    if (c->tokens >= UNIT) {
        c->tokens -= UNIT;
        return true;
    }
    struct err e;
    fail(&e, ERR_RATE, "more than %d messages a second (%d at once)", RATE_PER_SECOND,
         RATE_BURST);
    caller_refuse(h, c, re, &e);
    if (++c->over_rate < RATE_REFUSED_MAX)
        return false;
    out_log(h, 1, "hub.abuse", "%s sends too much", c->user->name);
    caller_end(h, c, ERR_RATE, WS_POLICY, 5000, "far more than %d messages a second",
               RATE_PER_SECOND);
    return false;
}
