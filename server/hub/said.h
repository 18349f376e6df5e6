/* Messages that somebody wants to change or to answer: who said them and what became of them,
 * with what is under way to the disk. Kept for those that were said, changed or answered last,
 * whatever room they are in; the others are asked of the store. What they say is not kept.
 *
 * A message is forgotten only when all that happened to it is on disk, so that what the store
 * answers about one that is not kept is all there is. When the room is in doubt they all go. */
#ifndef MOOT_SAID_H
#define MOOT_SAID_H

#include "hub_state.h"

struct said_reaction {
    char emoji[EMOJI_MAX + 1], user[USER_NAME_MAX + 1];
};

struct said {
    struct room *room;
    int64_t seq, task, reply; /* task, reply: 0 for none */
    char author[USER_NAME_MAX + 1];
    char deleted[USER_NAME_MAX + 1]; /* by whom */
    bool removed;                    /* by retention */
    int64_t changed;                 /* the newest event that made or changed it */
    uint64_t loading;                /* tag of the JOB_HISTORY under way for it, or 0 */
    struct err failed; /* why it cannot be had: only while those who wait are told */
    VEC(struct said_reaction) reactions;
    struct said *prev, *next; /* in hub->said */
    UT_hash_handle hh;
};

/* What c names, by its sequence number or -ID, as a message of r, which is sure; REFUSED for
 * one that retention removed. BLOCKED when the store has to be asked. Valid until the next
 * call. */
enum outcome said_find(struct hub *h, struct client *c, struct room *r, int64_t message,
                       struct said **out, struct err *e);
/* The answer of the store. */
void said_loaded(struct hub *h, const struct ask *a, const struct store_job *j);
/* The event r->head is a message. */
void said_add(struct hub *h, struct room *r, struct str author, int64_t task, int64_t reply);
/* Whether user may add emoji, or has it already. */
bool said_may_react(const struct said *s, struct str user, struct str emoji, struct err *e);
/* What the event r->head does to it. */
void said_react(struct said *s, struct str user, struct str emoji, bool gone);
void said_delete(struct said *s, struct str user);
/* The event r->head removed all up to `upto` that is in the chat and not pinned. */
void said_trim(struct room *r, int64_t upto);

/* Forgets all of a room. */
void said_forget(struct hub *h, struct room *r);
/* After the rooms have forgotten all. */
void said_finish(struct hub *h);
bool said_check(const struct room *r, struct err *e);

/* ---- pins ---- */

void pins_read(struct room *r, const struct store_room *from);
bool pins_may_add(const struct room *r, int64_t message, struct err *e);
/* By the event r->head. */
void pins_set(struct room *r, int64_t message, int64_t time, struct str author, bool gone);
/* As they go into a snapshot, in the arena. */
struct pin_item *pins_items(const struct room *r, struct arena *a);

#endif
