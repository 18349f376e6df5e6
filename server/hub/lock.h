/* Locks: who edits a field of a card, for the others to see. They are advice: no change is ever
 * refused because of one.
 *
 * A lock belongs to a client, so that one who comes back after a lost connection still has it.
 * It ends when it is let go, when nobody renewed it for LOCK_IDLE_MS, when its client has been
 * without a connection for LOCK_GRACE_MS, and when its holder leaves the room. Everybody who
 * has the room open is told, newest first wins, like any state. */
#ifndef MOOT_LOCK_H
#define MOOT_LOCK_H

#include "hub_state.h"

/* A field's lock. One that has ended is kept until the others have heard so. */
struct lock {
    int64_t task;
    char field[FIELD_NAME_MAX + 1];
    struct client *client; /* NULL: it has ended */
    struct user *user;     /* who holds it, or held it last */
    int64_t session, until;
    bool lost; /* its client has no connection; until is the end of the grace */
    bool told; /* somebody may have heard of it */
    bool dirty;
};

/* Takes the field's lock for the client of s, or renews it. Fails with ERR_CONFLICT when
 * another client has it and `take` is false, ERR_LIMIT beyond LOCKS_MAX. */
bool lock_take(struct hub *h, struct sub *s, int64_t task, struct str field, bool take,
               struct err *e);
/* Fails with ERR_NOT_FOUND when there is no such lock, ERR_FORBIDDEN when it is another's. */
bool lock_release(struct hub *h, struct sub *s, int64_t task, struct str field, struct err *e);

/* c's connection is lost: what its client holds waits for it. Before its rooms are closed. */
void locks_lost(struct hub *h, struct caller *c);
/* The room was opened: what its client still holds there goes on. */
void locks_back(struct hub *h, struct sub *s);
/* The room was closed: what its client holds there, and did not lose, ends. */
void locks_leave(struct hub *h, struct sub *s);
/* The room goes. */
void locks_finish(struct room *r);

/* Adds each lock of the room that is held to what a newcomer is told. */
void locks_each(struct room *r,
                void (*each)(void *arg, const struct room *r, const struct lock *l), void *arg);
/* The same for those that changed since, which are told by that. */
void locks_changed(struct room *r,
                   void (*each)(void *arg, const struct room *r, const struct lock *l),
                   void *arg);
/* Ends what is due. */
void locks_tick(struct hub *h);
bool locks_check(const struct room *r, struct err *e);

#endif
