#include "store_turns.h"

static struct lane *lane_of(struct turns *t, uint64_t asker)
{
    vec_each (l, &t->lanes)
        if (l->asker == asker)
            return l;
    vec_push(&t->lanes, (struct lane){.asker = asker});
    return &t->lanes.v[t->lanes.n - 1];
}

void turns_push(struct turns *t, struct store_job *j)
{
    vec_push(&lane_of(t, j->asker)->jobs, j);
}

struct store_job *turns_take(struct turns *t)
{
    if (t->lanes.n == 0)
        return NULL;
    t->next %= t->lanes.n;
    struct lane *l = &t->lanes.v[t->next];
    struct store_job *j = l->jobs.v[l->first++];
    if (l->first < l->jobs.n) {
        t->next++;
        return j;
    }
    vec_finish(&l->jobs);
    vec_remove(&t->lanes, t->next); /* the lane behind it is the next */
    return j;
}

void turns_finish(struct turns *t)
{
    struct store_job *j;
    while ((j = turns_take(t)))
        store_job_free(j);
    vec_finish(&t->lanes);
    *t = (struct turns){0};
}
