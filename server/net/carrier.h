/* libwebsockets, and all that is said to it. server_net_lws.c is its only home. */
#ifndef MOOT_CARRIER_H
#define MOOT_CARRIER_H

#include "net_state.h"

/* Makes n->carrier; uv_loop is the loop to run in. When it fails, what was made has to be
 * stopped and freed all the same, since its handles are in the loop. */
bool carrier_start(struct net *n, void *uv_loop, struct err *e);
/* Begins to close everything; the loop has to run until its handles are gone, before
 * carrier_free(). */
void carrier_stop(struct carrier *k);
void carrier_free(struct carrier *k);
/* Reads certificate and key again from their files, for connections to come. */
bool carrier_reload(struct carrier *k, struct err *e);

/* Takes over a descriptor and what was read from it. The descriptor is no longer the caller's,
 * whatever happens. */
void carrier_adopt(struct carrier *k, struct conn *c, int fd, struct str bytes);
/* Reads on where the loop's own reading stopped short. */
void carrier_read_on(struct carrier *k);
/* Writes what is queued, as far as it goes without waiting, and asks for the rest. False when
 * the connection is broken. */
bool carrier_write(struct net *n, struct conn *c);
/* The answer to a request that delivery_request() took, after which the connection ends. */
void carrier_answer(struct conn *c, struct str answer);
/* Closes at once. Not from within a callback of the connection's own. */
void carrier_kill(struct conn *c);

#endif
