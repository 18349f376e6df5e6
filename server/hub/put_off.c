#include "put_off.h"

#include <stdlib.h>
#include <string.h>

/* The first place of an id that is not smaller. */
static size_t place_of(const struct put_off *p, int64_t id)
{
    size_t at = 0;
    while (at < p->ids.n && p->ids.v[at] < id)
        at++;
    return at;
}

static bool is_at(const struct put_off *p, size_t at, int64_t id)
{
    return at < p->ids.n && p->ids.v[at] == id;
}

void put_off_add(struct put_off *p, int64_t id)
{
    size_t at = place_of(p, id);
    if (is_at(p, at, id))
        return;
    if (p->ids.n == PUT_OFF_MAX) {
        p->more = true;
        if (at == PUT_OFF_MAX)
            return;
        p->ids.n--;
    }
    vec_push(&p->ids, 0);
    memmove(&p->ids.v[at + 1], &p->ids.v[at], (p->ids.n - 1 - at) * sizeof *p->ids.v);
    p->ids.v[at] = id;
}

void put_off_settle(struct put_off *p, int64_t id)
{
    size_t at = place_of(p, id);
    if (is_at(p, at, id))
        vec_remove(&p->ids, at);
    p->more = p->more && p->ids.n > 0;
}

bool put_off_has(const struct put_off *p, int64_t id)
{
    size_t at = place_of(p, id);
    return is_at(p, at, id) || (p->more && at == p->ids.n);
}

void put_off_finish(struct put_off *p)
{
    vec_finish(&p->ids);
    p->more = false;
}
