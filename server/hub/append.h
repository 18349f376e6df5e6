/* Events on their way to the disk. */
#ifndef MOOT_APPEND_H
#define MOOT_APPEND_H

#include "hub_state.h"

/* An event to be, and what it changes beside the log. Strings are borrowed for the call. */
struct draft {
    struct msg event;      /* its head is filled in by append() */
    int64_t number;        /* of the card or note concerned, or 0 */
    bool adds;             /* the number is new */
    int64_t batch, undoes; /* of the request */

    enum effect_kind effect;
    struct store_task task;
    struct store_note note;
    struct store_text text; /* time and author are the event's */
    struct str op;
    struct store_snapshot snapshot;
    struct store_member member;
    struct store_change change;
    int64_t reply;
    struct str topic;      /* EFFECT_TOPIC */
    struct retention keep; /* EFFECT_RETENTION */
    int64_t above, upto;   /* EFFECT_TRIM */
    struct str from, to;   /* EFFECT_COLUMNS */
    LIST_OF(struct store_place) places;
};

/* True when no more appends of this room are taken for now. */
bool append_is_full(const struct hub *h, const struct room *r);
/* Whether a request may change r now: DONE, REFUSED (ERR_BUSY), or BLOCKED until the room is
 * read. To be asked before anything is changed. */
enum outcome append_ready(struct hub *h, struct client *c, struct room *r, bool needs_board,
                          struct err *e);

/* Gives the event its place in the room's log and sends it to the store. client NULL: the
 * server's own doing, in the name of author. */
void append(struct hub *h, struct room *r, struct client *c, struct str author, int64_t id,
            struct draft *d);
void append_room(struct hub *h, struct room *r, struct client *c, struct str author,
                 int64_t id);
void append_member(struct hub *h, struct room *r, struct client *c, struct str author,
                   int64_t id, struct user *u, enum role role);

void append_stored(struct hub *h, struct ask *a, const struct store_job *j);

#endif
