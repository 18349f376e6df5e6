/* Chance for tests: from a seed, or from the bytes of a fuzzer. */
#ifndef MOOT_CHANCE_H
#define MOOT_CHANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chance {
    uint64_t seed;
    const uint8_t *bytes; /* when not NULL, these instead; zeros behind the last */
    size_t n;
};

static inline uint64_t chance_next(struct chance *c) /* splitmix64 */
{
    uint64_t z = c->seed += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* 0 to n - 1; 0 for n 0. */
static inline size_t chance_below(struct chance *c, size_t n)
{
    if (n < 2)
        return 0;
    if (!c->bytes)
        return (size_t)(chance_next(c) % n);
    size_t v = 0;
    for (size_t most = n - 1; most > 0 && c->n > 0; most >>= 8, c->n--)
        v = v << 8 | *c->bytes++;
    return v % n;
}

static inline bool chance_is(struct chance *c, size_t percent)
{
    return chance_below(c, 100) < percent;
}

#endif
