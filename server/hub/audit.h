/* What admins do is noted: in the store, in the same transaction, and then in the log. */
#ifndef MOOT_AUDIT_H
#define MOOT_AUDIT_H

#include "hub_state.h"

/* Notes in a write what it does, to whom or what, and who asked for it. act is a name such as
 * "token.revoke"; the rest is made as by printf. */
void audit_note(struct hub *h, struct store_job *j, const char *act, struct str author,
                struct str subject, const char *fmt, ...) __attribute__((format(printf, 6, 7)));
/* The same for what changes nothing in the store, and does not wait for it: when it cannot be
 * noted there, the log says so. */
void audit_put(struct hub *h, const char *act, struct str author, struct str subject,
               struct str words);
/* A write came back: tells the log what it did, if that was noted and is so. */
void audit_tell(struct hub *h, const struct store_job *j);
void audit_stored(struct hub *h, const struct store_job *j);

#endif
