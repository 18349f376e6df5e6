#include "rate.h"

#include "caller.h"

enum { WS_POLICY = 1008, FULL_WITHIN_MS = RATE_BURST * 1000 / RATE_PER_SECOND };

static void refill(struct hub *h, struct caller *c)
{
    int64_t ms = MIN(h->now - c->tokens_at, FULL_WITHIN_MS);
    c->tokens_at = h->now;
    c->tokens = MIN(c->tokens + (int32_t)ms * RATE_PER_SECOND * RATE_WHOLE / 1000,
                    RATE_BURST * RATE_WHOLE);
    if (c->tokens == RATE_BURST * RATE_WHOLE)
        c->over_rate = 0;
}

int32_t rate_cost(const struct caller *c, const struct msg *m, size_t bytes)
{
    const struct client *client = c->client;
    bool is_paced = client && !client->flights && client->queue.items.n == 0 &&
                    msg_table[m->type].class == CLASS_REQUEST;
    size_t cost = RATE_WHOLE / 100 + bytes * RATE_WHOLE / TEXT_MAX;
    return is_paced ? (int32_t)MIN(cost, (size_t)RATE_WHOLE) : RATE_WHOLE;
}

void rate_charge(struct hub *h, struct caller *c, uint64_t work)
{
    uint64_t cost = work * RATE_WHOLE / RATE_WORK;
    refill(h, c);
    c->tokens -= (int32_t)MIN(cost, (uint64_t)(RATE_BURST * RATE_WHOLE));
    c->tokens = MAX(c->tokens, -RATE_BURST * RATE_WHOLE);
}

bool rate_take(struct hub *h, struct caller *c, int32_t cost, int64_t re)
{
    refill(h, c);
    if (c->tokens >= cost) {
        c->tokens -= cost;
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
