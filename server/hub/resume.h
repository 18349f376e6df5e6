/* Subscriptions: how a connection is brought to the present of a room, and then kept there.
 *
 * What was missed comes as events in pages, or as a snapshot in parts and the events behind it.
 * A connection is served one room after the other, and waits after each page until it has left.
 * At the switch the subscription has been sent exactly the events up to room->stored: those
 * that wait to be published in this turn are flushed to the others first. */
#ifndef MOOT_RESUME_H
#define MOOT_RESUME_H

#include "hub_state.h"

struct sub *sub_find(const struct caller *c, const struct room *r);
/* Opens r for c from behind event `since` (-1: from the present on), or begins anew if it is
 * open. Fails with ERR_LIMIT, or ERR_CONFLICT when the room has no such event. resume_step()
 * goes on. */
bool sub_open(struct hub *h, struct caller *c, struct room *r, int64_t since, bool snapshot,
              struct err *e);
void sub_close(struct hub *h, struct sub *s);
/* The same by the server's will: an error says why. */
void sub_dismiss(struct hub *h, struct sub *s, enum err_code code, const char *why);
/* Tells c that a room, which may not even exist, is not open for it. */
void sub_refuse(struct hub *h, struct caller *c, struct str room, const struct err *e);
/* u is no member any more: unless an admin may stay, what u's connections hear of r ends. */
void sub_expel(struct hub *h, struct room *r, struct user *u);
/* A live one has seen only up to `sent`, and has to catch up. */
void sub_fall_behind(struct hub *h, struct sub *s, int64_t sent);

/* Sends c what it has missed, as far as that goes now. */
void resume_step(struct hub *h, struct caller *c);
/* The room has moved on or was read: those who wait for it look again. */
void resume_wake(struct hub *h, struct room *r);
/* Snapshots of what never reached the disk are dropped. */
void resume_doubt(struct hub *h, struct room *r);
/* The answer to ASK_EVENTS. */
void resume_events(struct hub *h, struct ask *a, const struct store_job *j);

#endif
