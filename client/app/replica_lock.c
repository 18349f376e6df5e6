/* Who edits which field of which card, as far as the server told. */
#include "replica_parts.h"

#include <string.h>

static struct held_lock *find(const struct replica *r, int64_t card, struct str field)
{
    vec_each (l, &r->locks)
        if (l->card == card && str_is(field, l->field))
            return l;
    return NULL;
}

void replica_take_locked(struct replica *r, const struct msg_locked *m)
{
    struct held_lock *l = find(r, m->task, m->field);
    if (l)
        vec_remove(&r->locks, (size_t)(l - r->locks.v));
    if (m->until == 0 || r->locks.n >= LOCKS_KEPT)
        return;
    struct held_lock held = {.card = m->task};
    memcpy(held.field, m->field.p, MIN(m->field.n, sizeof held.field - 1));
    memcpy(held.user, m->head.user.p, MIN(m->head.user.n, sizeof held.user - 1));
    memcpy(held.client, m->client.p, MIN(m->client.n, sizeof held.client - 1));
    vec_push(&r->locks, held);
}

const struct held_lock *replica_lock_of(const struct replica *r, int64_t card,
                                        struct str own_client)
{
    vec_each (l, &r->locks)
        if (l->card == card && !str_is(own_client, l->client))
            return l;
    return NULL;
}

const struct held_lock *replica_field_lock(const struct replica *r, int64_t card,
                                           struct str field, struct str own_client)
{
    const struct held_lock *l = find(r, card, field);
    return l && !str_is(own_client, l->client) ? l : NULL;
}
