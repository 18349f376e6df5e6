/* Carries out what a session wants done: link, outbox file, cache. For the screen; it asks
 * net_turn() for events, hands them to its session and gives the effects to uplink_do(). */
#ifndef MOOT_UPLINK_H
#define MOOT_UPLINK_H

#include "client_net.h"
#include "errand.h"
#include "session.h"

struct uplink;

struct uplink_config {
    struct net *net;
    const char *server;  /* as the person wrote it: names the folder */
    struct url url;      /* the same, parsed */
    struct str token;    /* empty: none */
    const char *ca_file; /* NULL: the system's authorities */
    const char *dir; /* folder of what is kept for all servers; NULL: there is none, and nothing
                        is taken */
    struct link_listener listener;
    struct errand_listener orphans; /* of what crashed processes left */
};

/* Never fails: where the disk cannot be used uplink_prepare() tells the session so. The link is
 * made by the first EFFECT_CONNECT. */
struct uplink *uplink_new(const struct uplink_config *c);
/* The token for connections from now on; false when it is the same as before. */
bool uplink_token(struct uplink *u, struct str token);
void uplink_free(struct uplink *u); /* NULL is fine */

/* The client id to begin the session with: a new one, or that of a crashed process whose outbox
 * this one goes on with. */
struct str uplink_client(const struct uplink *u);
/* Puts the outbox back into the session, which must be initialised with that id and not be
 * started. Returns how many records could not be read; they were put aside in the folder. */
size_t uplink_prepare(struct uplink *u, struct session *s);
/* The rooms that the cache knows. */
void uplink_cached_rooms(struct uplink *u, void (*each)(void *arg, struct str room), void *arg);
/* Opens a room in a session that is not started and fills it from the cache. False when there
 * was nothing to fill it with. */
bool uplink_load(struct uplink *u, struct session *s, struct str room);

/* Carries out one effect; false for those that are none of its business. */
bool uplink_do(struct uplink *u, struct session *s, const struct effect *e);
/* After each batch of effects. */
void uplink_flush(struct uplink *u, struct session *s);

/* A disk that failed is tried again; outboxes that other crashed processes left are sent, one
 * after the other, over a link of their own. Call when uplink_next_tick() says. */
void uplink_tick(struct uplink *u, struct session *s, int64_t now);
int64_t uplink_next_tick(const struct uplink *u, int64_t now);

#endif
