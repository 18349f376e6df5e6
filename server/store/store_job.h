/* What every store does the same way with a job. */
#ifndef MOOT_STORE_JOB_H
#define MOOT_STORE_JOB_H

#include "store.h"

/* Reads a chat message back out of its event; false when the stored bytes are no message. The
 * strings are owned by the arena. */
bool store_message_of(struct str json, struct arena *a, struct message_item *out,
                      struct err *e);

/* An invite that is used up counts as revoked from then on. This is the row for one that this
 * store never heard of, as after a restored backup. */
struct store_token store_used_invite(const struct store_job *j);

/* The words in which a job is refused: the same from every store. Each returns false. */
bool store_refuse_seq(struct store_job *j, int64_t newest);
bool store_refuse_room(struct store_job *j);
bool store_refuse_unknown(struct store_job *j); /* token to be revoked */
bool store_refuse_twice(struct store_job *j);   /* token id that is taken */
bool store_refuse_used(struct store_job *j);    /* invite that is used or revoked */

#endif
