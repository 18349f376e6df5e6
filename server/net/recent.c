#include "recent.h"

#include "mem.h"

void recent_take(struct recent *r, const struct sample *s)
{
    r->v[r->next] = *s;
    r->next = (r->next + 1) % RECENT_SAMPLES;
    r->n = MIN(r->n + 1, (size_t)RECENT_SAMPLES);
}

static uint64_t per_second(uint64_t now, uint64_t then, int64_t ms)
{
    return ms > 0 ? (now - then) * 1000 / (uint64_t)ms : 0;
}

void recent_fill(const struct recent *r, const struct sample *now, struct metrics *out)
{
    static const struct sample begin;
    const struct sample *then =
        r->n ? &r->v[(r->next + RECENT_SAMPLES - r->n) % RECENT_SAMPLES] : &begin;
    int64_t ms = r->n ? now->at - then->at : 0;
    const struct metrics *a = &now->counts, *b = &then->counts;
    struct hist delivery = hist_since(&now->delivery, &then->delivery);
    struct hist commit = hist_since(&now->commit, &then->commit);
    struct hist group = hist_since(&now->group, &then->group);
    out->messages_per_second = per_second(a->messages_in, b->messages_in, ms);
    out->events_per_second = per_second(a->events, b->events, ms);
    out->deliveries_per_second = per_second(a->deliveries, b->deliveries, ms);
    out->states_per_second = per_second(a->states, b->states, ms);
    out->delivery_p50_us = hist_quantile(&delivery, 0.5);
    out->delivery_p95_us = hist_quantile(&delivery, 0.95);
    out->delivery_p99_us = hist_quantile(&delivery, 0.99);
    out->commit_p50_us = hist_quantile(&commit, 0.5);
    out->commit_p99_us = hist_quantile(&commit, 0.99);
    out->group_p50 = (hist_quantile(&group, 0.5) + 9) / 10;
    out->group_p99 = (hist_quantile(&group, 0.99) + 9) / 10;
}
