/* Chance of one seed, and what is said of a run. */
#include "sim_parts.h"

#include "sample.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

uint64_t sim_next(struct sim *s)
{
    return sample_next(&s->state);
}

int64_t sim_below(struct sim *s, int64_t n)
{
    return (int64_t)(sim_next(s) % (uint64_t)n);
}

bool sim_chance(struct sim *s, int percent)
{
    return sim_below(s, 100) < percent;
}

int64_t sim_now(const struct sim *s)
{
    return s->now;
}

bool sim_is_healed(const struct sim *s)
{
    return s->healed;
}

void sim_trace(struct sim *s, const char *fmt, ...)
{
    char *line = s->trace[s->traced++ % TRACE_LINES];
    int n = snprintf(line, TRACE_WIDTH, "%9lld ", (long long)s->now);
    va_list args;
    va_start(args, fmt);
    vsnprintf(line + n, TRACE_WIDTH - (size_t)n, fmt, args);
    va_end(args);
    if (s->show)
        printf("%s\n", line);
}

_Noreturn void sim_fail(struct sim *s, const char *fmt, ...)
{
    size_t from = s->traced > TRACE_LINES ? s->traced - TRACE_LINES : 0;
    for (size_t i = from; i < s->traced && !s->show; i++)
        printf("%s\n", s->trace[i % TRACE_LINES]);
    printf("seed %llu at %lld ms: ", (unsigned long long)s->seed, (long long)s->now);
    va_list args;
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    printf("\nagain: moot_sim --seed %llu --trace\n", (unsigned long long)s->seed);
    fflush(stdout);
    _Exit(1);
}

struct actor *sim_client(const struct sim *s, size_t i)
{
    return s->actors[i];
}

struct server *sim_server(const struct sim *s)
{
    return s->server;
}

struct tokens *sim_tokens(const struct sim *s)
{
    return s->tokens;
}

struct intents *sim_intents(const struct sim *s)
{
    return s->intents;
}
