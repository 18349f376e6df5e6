/* Questions to the store and the shell that have not been answered. */
#ifndef MOOT_ASK_H
#define MOOT_ASK_H

#include "hub_state.h"

/* A new one with a tag of its own. asker may be NULL. */
struct ask *ask_new(struct hub *h, enum ask_kind kind, const struct caller *asker, int64_t id);
/* NULL for a tag that is not known. */
struct ask *ask_find(const struct hub *h, uint64_t tag);
void ask_free(struct hub *h, struct ask *a);
/* The connection that asked, if it is still that one and still there. */
struct caller *ask_caller(const struct hub *h, const struct ask *a);
/* Hands a job to the store under the ask's tag. */
void ask_store(struct hub *h, const struct ask *a, struct store_job *j);

/* A question of a connection that the store or shell has to answer: counted and bounded
 * (ERR_BUSY). question_end() returns who asked, or NULL. */
struct ask *question_new(struct hub *h, enum ask_kind kind, struct caller *c, int64_t id,
                         struct err *e);
struct caller *question_end(struct hub *h, const struct ask *a);
/* The shell made what was asked for in a, a token or the secret of a hook: the question that
 * follows has it, and *who is who asked. NULL when it was not made, which the asker is told, or
 * the asker is gone. */
struct ask *question_minted(struct hub *h, const struct ask *a, const struct hub_input *in,
                            enum ask_kind kind, struct caller **who);

#endif
