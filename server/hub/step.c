#include "step.h"

#include <assert.h>
#include <stdlib.h>

enum { STEPS_FIRST = 16, STEP_SPARE = 256 };

static_assert((NOTE_BEHIND_MAX & (NOTE_BEHIND_MAX - 1)) == 0 &&
                  (int)NOTE_BEHIND_MAX >= 2 * (int)ROOM_APPENDS_MAX,
              "the ring holds what is under way, and more");

size_t step_bytes(const struct op *o)
{
    return sizeof(struct step) + o->cap * sizeof *o->parts + o->text.cap;
}

static void steps_grow(struct text *t)
{
    struct text old = *t;
    t->cap = old.cap ? 2 * old.cap : STEPS_FIRST;
    t->steps = mem_new(t->cap * sizeof *t->steps);
    for (int64_t v = old.first; v <= old.newest; v++)
        *step_at(t, v) = *step_at(&old, v);
    free(old.steps);
}

/* Of what is on disk the oldest. */
static void step_forget(struct text *t)
{
    bug_on(t->first > t->stored);
    t->bytes -= step_bytes(&step_at(t, t->first)->op);
    t->first++;
}

/* One that lies in far more memory than it needs, as one behind a large one does, is copied. */
static void take(struct op *to, struct op *op)
{
    size_t filled = op->n * sizeof *op->parts + op->text.n;
    if (op->cap * sizeof *op->parts + op->text.cap <= 4 * filled + STEP_SPARE) {
        op_swap(to, op);
        return;
    }
    op_finish(to);
    op_copy(to, op);
}

void step_add(struct text *t, struct op *op, int64_t session)
{
    size_t n = (size_t)(t->newest + 1 - t->first);
    if (n == t->cap && n < NOTE_BEHIND_MAX)
        steps_grow(t);
    else if (n == t->cap)
        step_forget(t);
    struct step *s = step_at(t, ++t->newest);
    s->before = t->chars;
    s->session = session;
    take(&s->op, op);
    t->chars = op_result(&s->op, t->chars);
    t->bytes += step_bytes(&s->op);
}

void steps_thin(struct text *t)
{
    while (t->bytes > STEP_BYTES_MAX && t->first <= t->stored) {
        struct step *s = step_at(t, t->first);
        step_forget(t);
        op_finish(&s->op);
    }
}

void steps_finish(struct text *t)
{
    for (size_t i = 0; i < t->cap; i++)
        op_finish(&t->steps[i].op);
    free(t->steps);
    t->steps = NULL;
    t->cap = t->bytes = 0;
    t->first = t->newest + 1;
}

void steps_rest(const struct hub *h, struct text *t)
{
    if (t->cap && t->newest == t->stored && h->now - t->time >= STEPS_REST_MS)
        steps_finish(t);
}

bool steps_check(const struct text *t, struct err *e)
{
    size_t bytes = 0;
    for (int64_t v = t->newest; v > t->newest - (int64_t)t->cap; v--) {
        const struct op *o = &step_at(t, v)->op;
        if (v >= t->first)
            bytes += step_bytes(o);
        else if (o->cap || o->text.cap)
            return fail(e, ERR_INTERNAL, "text %lld keeps memory that nobody counts",
                        (long long)t->number);
    }
    bool is_too_much = bytes > STEP_BYTES_MAX && t->first <= t->stored;
    return (bytes == t->bytes && !is_too_much) ||
           fail(e, ERR_INTERNAL, "text %lld keeps %zu bytes of operations, it counts %zu",
                (long long)t->number, bytes, t->bytes);
}
