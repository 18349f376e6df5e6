/* One text on the side of one client, as far as the order of operations goes.
 *
 * Three states: all is committed; one operation is in flight; one is in flight and another,
 * composed of all that was done since, waits behind it. What the person sees is
 *     text at `version` ∘ flight ∘ pending
 * and that text itself is not needed here. The server moves what was in flight past what was
 * committed since its version, one operation after the other; the same is done here.
 *
 * After a cut nobody knows whether the flight was committed. The server is asked what came
 * since `version`, and says so: either the single operations up to our own, then sync_own(), or
 * that ours is not among them and will never be; then sync_unsend() makes it part of pending,
 * which nobody has seen, and sync_remote() may take any number of operations as one. */
#ifndef MOOT_SYNC_H
#define MOOT_SYNC_H

#include "op.h"

struct sync {
    int64_t version;   /* of the text that the flight begins at: operations committed */
    bool is_in_flight; /* an operation that became empty on its way is still in flight */
    struct op flight;  /* as it is at `version`, not as it was sent */
    struct op pending;
    struct op scratch[3];
};

/* Zeroed is a new text, version 0. */
void sync_finish(struct sync *s);
/* Knows nothing but the version from now on. */
void sync_reset(struct sync *s, int64_t version);

bool sync_is_clean(const struct sync *s); /* nothing in flight or pending */

/* The person did this to what is on screen. */
void sync_local(struct sync *s, const struct op *o);
/* Puts what is pending in flight, the front part whose text form has at most `wire` bytes; with
 * the version it is to be sent with it must stay as it is now: copy it. NULL when something is
 * in flight already or nothing is pending. Borrowed. */
const struct op *sync_send(struct sync *s, size_t wire);
/* Somebody else's operation(s), which brought the text from `version` to `to`. out: what that
 * does to the text on screen. More than one at once only while nothing is in flight. */
void sync_remote(struct sync *s, const struct op *o, int64_t to, struct op *out);
/* Ours was committed, as the next version. */
void sync_own(struct sync *s);
/* Ours was not committed and never will be. */
void sync_unsend(struct sync *s);

/* A position in the text at `version`, as one on screen. */
size_t sync_to_screen(const struct sync *s, size_t pos, enum op_side side);

#endif
