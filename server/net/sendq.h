/* What waits to be written to one connection: references to frames, oldest first. Pure: it
 * never writes; it says which bytes are next and is told how many have gone.
 *
 * Bounds: passing frames (cursors, typing) are dropped while more than SENDQ_STATES_MAX bytes
 * wait, those that go first (pointers) while more than SENDQ_POINTERS_MAX do; beyond SENDQ_MAX
 * the reader is too slow and has to go. An empty queue holds no memory beyond itself. */
#ifndef MOOT_SENDQ_H
#define MOOT_SENDQ_H

#include "frame.h"
#include "hist.h"

#include <sys/uio.h>

enum {
    SENDQ_POINTERS_MAX = 16 * 1024,
    SENDQ_STATES_MAX = 64 * 1024,
    SENDQ_MAX = 4 * 1024 * 1024,
};

enum { SENDQ_FEW = 2 };

/* A ring of frames: the first few in place, since most queues never hold more. Zeroed is
 * empty. */
struct sendq {
    union {
        struct frame *few[SENDQ_FEW]; /* when cap is 0 */
        struct frame **many;
    };
    uint32_t head, n, cap; /* cap is 0 or a power of two */
    uint32_t sent;         /* bytes of the first frame that have gone */
    uint64_t bytes;        /* that wait */
};

enum sendq_verdict {
    SENDQ_QUEUED,
    SENDQ_DROPPED,  /* a passing frame that the reader is too slow for */
    SENDQ_OVERFLOW, /* a lasting one: cut the reader off; the queue is unchanged */
};

/* Takes a reference of its own to f when it queues it. */
enum sendq_verdict sendq_push(struct sendq *q, struct frame *f, enum passing passing);
/* Queues whatever the bounds say: for the few bytes of a goodbye. */
void sendq_force(struct sendq *q, struct frame *f);

bool sendq_is_empty(const struct sendq *q);
/* Up to max pieces of what is next; returns how many and adds up their bytes. */
size_t sendq_next(const struct sendq *q, struct iovec *out, size_t max, size_t *bytes);
/* n bytes have gone; n is at most what waits. How long the frames took whose last byte is among
 * them, and that know when they began, goes into took, in us; now is the clock of frame->since.
 */
void sendq_sent(struct sendq *q, size_t n, int64_t now, struct hist *took);
/* What is left of a message that has gone in part; empty between two messages. Whoever wants to
 * put a frame of its own on the wire must get these bytes out first. */
struct str sendq_broken_message(const struct sendq *q);
/* Drops everything. */
void sendq_clear(struct sendq *q);

#endif
