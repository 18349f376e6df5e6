/* Deliveries to incoming hooks: POST /hooks/TOKEN.
 *
 * The request is read and bounded at the door, or through TLS. Then the delivery acts as a
 * client: a connection of its own to the hub, under the hook's bot and the scope chat, that
 * says hello and posts one message. So rights, order, idempotency and what a full disk does are
 * those of any client, and the answer is given when the hub's is: on disk, or refused. */
#ifndef MOOT_DELIVERY_H
#define MOOT_DELIVERY_H

#include "net_state.h"

enum {
    DELIVERIES_MAX = 256,       /* under way at a time */
    DELIVERY_WITHIN_MS = 15000, /* for the hub to answer */
};

/* What is to be done with a request to a hook, of which `bytes` stand behind the head. */
struct delivery_verdict {
    enum http_body state; /* BODY_BAD: answer is the whole answer. BODY_MORE: it may be words to
                             send meanwhile. BODY_WHOLE: it was taken, and is answered later */
    struct buf answer;
};
/* ticket: of one at the door, 0 for one that came through TLS, over `tls`. */
void delivery_request(struct net *n, const struct http_request *r, struct str bytes,
                      uint64_t ticket, struct conn *tls, struct delivery_verdict *v);

/* What the hub sends to a connection that is a delivery; and that it closes it. */
void delivery_heard(struct net *n, struct conn *c, const struct frame *f);
void delivery_closed(struct net *n, struct conn *c, struct str code);
/* Who waits for its answer has hung up. */
void delivery_abandoned(struct net *n, const struct conn *tls);
/* Gives up on those that have taken too long. */
void deliveries_expire(struct net *n);
void deliveries_finish(struct net *n);

#endif
