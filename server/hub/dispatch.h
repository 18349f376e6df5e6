/* From a message to its handler, by the message table. */
#ifndef MOOT_DISPATCH_H
#define MOOT_DISPATCH_H

#include "hub_state.h"

/* A whole frame of the peer. */
void dispatch_frame(struct hub *h, struct caller *c, struct str bytes);
/* What waited for the account to be known is handled now. */
void dispatch_parked(struct hub *h, struct caller *c);
/* Checks rights, then handles a request or question. */
enum outcome dispatch_try(struct hub *h, struct caller *c, const struct msg *m, struct err *e);

#endif
