#include "conn.h"

#include <stdlib.h>

enum { CHUNK = 256 };

struct conn *conns_at(const struct conns *t, uint32_t slot)
{
    return slot < t->end ? &t->chunks.v[slot / CHUNK][slot % CHUNK] : NULL;
}

static uint32_t free_slot(struct conns *t)
{
    if (t->free.n)
        return t->free.v[--t->free.n];
    if (t->end % CHUNK == 0)
        vec_push(&t->chunks, (struct conn *)mem_new(CHUNK * sizeof(struct conn)));
    return t->end++;
}

struct conn *conns_take(struct conns *t)
{
    uint32_t slot = free_slot(t);
    struct conn *c = conns_at(t, slot);
    /* no deadline yet: the list of those who have one may still name the slot's last user */
    *c = (struct conn){.state = CONN_SHAKES, .slot = slot, .fd = -1, .deadline = UINT32_MAX};
    t->n++;
    return c;
}

static void empty(struct conn *c)
{
    free(c->visitor);
    buf_finish(&c->in);
    sendq_clear(&c->out);
    *c = (struct conn){.slot = c->slot};
}

void conns_give(struct conns *t, struct conn *c)
{
    bug_on(c->state == CONN_FREE || c->has_wsi || c->hub_knows);
    empty(c);
    vec_push(&t->free, c->slot);
    t->n--;
}

void conns_finish(struct conns *t)
{
    for (uint32_t slot = 0; slot < t->end; slot++)
        empty(conns_at(t, slot));
    vec_each (chunk, &t->chunks)
        free(*chunk);
    vec_finish(&t->chunks);
    vec_finish(&t->free);
    t->n = t->end = 0;
}
