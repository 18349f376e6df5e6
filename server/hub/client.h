/* Clients: requests are taken in order, and each of them once. */
#ifndef MOOT_CLIENT_H
#define MOOT_CLIENT_H

#include "hub_state.h"

/* The client with that id of c's user becomes c's; a connection that had it is replaced. */
void client_enter(struct hub *h, struct caller *c, struct str id);
/* Its connection is gone. What waited is dropped: the client sends it again. */
void client_leave(struct hub *h, struct client *c);
/* A request or question off the wire. */
void client_take(struct hub *h, struct client *c, const struct msg *m);
/* Goes on with what waits, as far as it gets. */
void client_pump(struct hub *h, struct client *c);
/* The first message that waits is answered with e instead. */
void client_refuse_first(struct hub *h, struct client *c, const struct err *e);
/* The answer to ASK_LOOKUP, ASK_CARD or ASK_MESSAGE. */
void client_looked_up(struct hub *h, struct ask *a, const struct store_job *j);

void client_ok(struct hub *h, struct client *c, int64_t id, struct str room, int64_t seq,
               int64_t number);
/* A request that was under way failed. */
void client_failed(struct hub *h, struct client *c, int64_t id, bool adds, const struct err *e);

/* The number of a card or note as c names it: as it is, or for -ID what its request ID added.
 * BLOCKED when the store has to be asked first. */
enum outcome client_number(struct hub *h, struct client *c, const struct room *r,
                           int64_t *number, struct err *e);
/* The same without asking the store; 0 when it is not known. */
int64_t client_recent_number(const struct client *c, const struct room *r, int64_t number);
void client_remember(struct client *c, int64_t id, int64_t number, int64_t seq, struct room *r);
/* The sequence number of a message as c names it: as it is, or for -ID what its request ID
 * became. BLOCKED as above. */
enum outcome client_message(struct hub *h, struct client *c, const struct room *r,
                            int64_t *message, struct err *e);
/* Waits until r has moved on. */
void client_block(struct client *c, struct room *r);

/* Forgets the longest idle clients beyond IDLE_CLIENTS_MAX. */
void client_thin(struct hub *h);
void client_free(struct hub *h, struct client *c);

#endif
