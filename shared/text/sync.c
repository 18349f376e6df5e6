#include "sync.h"

void sync_finish(struct sync *s)
{
    op_finish(&s->flight);
    op_finish(&s->pending);
    for (size_t i = 0; i < COUNT_OF(s->scratch); i++)
        op_finish(&s->scratch[i]);
    *s = (struct sync){0};
}

void sync_reset(struct sync *s, int64_t version)
{
    op_clear(&s->flight);
    op_clear(&s->pending);
    s->is_in_flight = false;
    s->version = version;
}

bool sync_is_clean(const struct sync *s)
{
    return !s->is_in_flight && op_is_empty(&s->pending);
}

void sync_local(struct sync *s, const struct op *o)
{
    op_compose(&s->pending, o, &s->scratch[0]);
    op_swap(&s->pending, &s->scratch[0]);
}

const struct op *sync_send(struct sync *s, size_t wire)
{
    if (s->is_in_flight || op_is_empty(&s->pending))
        return NULL;
    op_split(&s->pending, wire, &s->flight, &s->scratch[0]);
    op_swap(&s->pending, &s->scratch[0]);
    s->is_in_flight = true;
    return &s->flight;
}

/* Moves mine, which is not committed, and o, which is, past each other: out is o on top of
 * mine, and mine stands on top of o afterwards. */
static void cross(struct sync *s, struct op *mine, const struct op *o, struct op *out)
{
    if (op_is_empty(mine)) {
        op_copy(out, o);
        return;
    }
    op_transform(o, mine, OP_RIGHT, out);
    op_transform(mine, o, OP_LEFT, &s->scratch[0]);
    op_swap(mine, &s->scratch[0]);
}

void sync_remote(struct sync *s, const struct op *o, int64_t to, struct op *out)
{
    bug_on(to <= s->version || (s->is_in_flight && to != s->version + 1));
    cross(s, &s->flight, o, &s->scratch[1]);
    cross(s, &s->pending, &s->scratch[1], out);
    s->version = to;
}

void sync_own(struct sync *s)
{
    bug_on(!s->is_in_flight);
    op_clear(&s->flight);
    s->is_in_flight = false;
    s->version++;
}

void sync_unsend(struct sync *s)
{
    op_compose(&s->flight, &s->pending, &s->scratch[0]);
    op_swap(&s->pending, &s->scratch[0]);
    op_clear(&s->flight);
    s->is_in_flight = false;
}

size_t sync_to_screen(const struct sync *s, size_t pos, enum op_side side)
{
    return op_caret(&s->pending, op_caret(&s->flight, pos, side), side);
}
