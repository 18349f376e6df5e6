/* Passing states: what each listener shows of itself in a room. The newest wins; each kind of
 * each listener is told at most every STATE_EVERY_MS, so 20 times a second, whatever comes in.
 * One that ends is told like what must arrive. Nothing outlives the listener. */
#ifndef MOOT_STATE_H
#define MOOT_STATE_H

#include "hub_state.h"

/* Framed messages in the making. */
struct batch {
    struct buf bytes;
    uint32_t n;
};
void batch_add(struct hub *h, struct batch *b, const struct msg *m);
/* To one listener; empties the batch. */
void batch_send(struct hub *h, struct caller *c, struct batch *b);

/* What is told in a tick, by what may be missed of it: an index of enum passing. */
struct tidings {
    struct batch batches[PASSING_FIRST + 1];
};

/* value: of the kind's type, with all of its bytes set. It is told at the next tick it is due
 * at, if it is news, or says again what has to be said again. */
void state_put(struct hub *h, struct sub *s, enum state_kind kind, const void *value);
/* Adds what is due of s; afterwards s->pending says what is not. */
void state_tell(struct hub *h, struct sub *s, struct tidings *t);
/* Adds what s shows now, for one who has just come; not what ended by itself. The other adds
 * only the caret. */
void state_add_all(struct hub *h, struct batch *b, struct sub *s);
void state_add_caret(struct hub *h, struct batch *b, struct sub *s);
/* Adds the end of all that s shows; returns false when there was nothing. */
bool state_end(struct hub *h, struct batch *b, struct sub *s);
/* Takes s out of what waits to be told. */
void state_forget(struct sub *s);

/* False, and when to look again, if it is too early for what is due then. */
bool state_is_due(struct hub *h, int64_t due);
/* When the next one is due after one that was due then. */
int64_t state_due_after(const struct hub *h, int64_t due);

#endif
