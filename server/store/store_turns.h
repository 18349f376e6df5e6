/* Jobs that wait, of several who ask: each has one done, then the next asker has. So however
 * much one person asks for, it is that person who waits. Pure. */
#ifndef MOOT_STORE_TURNS_H
#define MOOT_STORE_TURNS_H

#include "store.h"

/* What one asker has waiting, the oldest at jobs.v[first]. */
struct lane {
    uint64_t asker;
    VEC(struct store_job *) jobs;
    size_t first;
};

/* Zeroed is empty. No lane is empty. */
struct turns {
    VEC(struct lane) lanes;
    size_t next; /* lane */
};

/* Takes the job, behind those of the same j->asker. */
void turns_push(struct turns *t, struct store_job *j);
/* The next job, now the caller's; NULL when none waits. */
struct store_job *turns_take(struct turns *t);
/* Frees what waits. */
void turns_finish(struct turns *t);

#endif
