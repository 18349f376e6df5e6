#include "sendq.h"

#include <stdlib.h>
#include <string.h>

static struct frame **ring(const struct sendq *q)
{
    return q->cap ? q->many : (struct frame **)q->few;
}

static uint32_t room(const struct sendq *q)
{
    return q->cap ? q->cap : SENDQ_FEW;
}

static struct frame **at(const struct sendq *q, uint32_t i)
{
    return &ring(q)[(q->head + i) & (room(q) - 1)];
}

static void grow(struct sendq *q)
{
    uint32_t cap = room(q) * 4;
    struct frame **v = mem_new(cap * sizeof(struct frame *));
    for (uint32_t i = 0; i < q->n; i++)
        v[i] = *at(q, i);
    if (q->cap)
        free(q->many);
    q->many = v;
    q->cap = cap;
    q->head = 0;
}

void sendq_force(struct sendq *q, struct frame *f)
{
    if (f->n == 0)
        return;
    if (q->n == room(q))
        grow(q);
    *at(q, q->n) = frame_hold(f);
    q->n++;
    q->bytes += f->n;
}

enum sendq_verdict sendq_push(struct sendq *q, struct frame *f, enum passing passing)
{
    static const uint64_t most[] = {
        [KEPT] = SENDQ_MAX, [PASSING] = SENDQ_STATES_MAX, [PASSING_FIRST] = SENDQ_POINTERS_MAX};
    if (q->bytes + f->n > most[passing])
        return passing ? SENDQ_DROPPED : SENDQ_OVERFLOW;
    sendq_force(q, f);
    return SENDQ_QUEUED;
}

bool sendq_is_empty(const struct sendq *q)
{
    return q->n == 0;
}

size_t sendq_next(const struct sendq *q, struct iovec *out, size_t max, size_t *bytes)
{
    size_t n = MIN(max, q->n), skip = q->sent;
    *bytes = 0;
    for (size_t i = 0; i < n; i++, skip = 0) {
        struct frame *f = *at(q, (uint32_t)i);
        out[i] = (struct iovec){f->bytes + skip, f->n - skip};
        *bytes += f->n - skip;
    }
    return n;
}

static void drop_first(struct sendq *q)
{
    frame_drop(*at(q, 0));
    q->head = (q->head + 1) & (room(q) - 1);
    q->n--;
    q->sent = 0;
}

static void note_delay(const struct frame *f, int64_t now, struct hist *took)
{
    if (f->since)
        hist_add(took, (uint64_t)MAX(now - f->since, 0));
}

void sendq_sent(struct sendq *q, size_t n, int64_t now, struct hist *took)
{
    bug_on(n > q->bytes);
    q->bytes -= n;
    while (n) {
        size_t left = (*at(q, 0))->n - q->sent;
        if (n < left) {
            q->sent += (uint32_t)n;
            return;
        }
        n -= left;
        note_delay(*at(q, 0), now, took);
        drop_first(q);
    }
    if (q->n == 0)
        sendq_clear(q);
}

struct str sendq_broken_message(const struct sendq *q)
{
    if (q->sent == 0)
        return (struct str){0};
    const struct frame *f = *at(q, 0);
    struct str rest = {f->bytes, f->n};
    const char *gone = f->bytes + q->sent;
    while (rest.n && rest.p < gone)
        frame_next(&rest);
    size_t end = rest.n ? (size_t)(rest.p - f->bytes) : f->n;
    return (struct str){gone, end - q->sent};
}

void sendq_clear(struct sendq *q)
{
    while (q->n)
        drop_first(q);
    if (q->cap)
        free(q->many);
    *q = (struct sendq){0};
}
