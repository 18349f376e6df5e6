/* One room as this client knows it: the confirmed state, and on top of it what this client has
 * asked for and not yet seen confirmed.
 *
 * There is one board, with the pending actions applied. Each pending action keeps the inverse
 * that takes it back; when an event arrives the pending ones are taken back, last first, the
 * event is applied, and they are applied again, those that no longer fit being dropped from the
 * screen (the server's answer to them will say why). Own chat messages that wait stand behind
 * the confirmed ones. */
#ifndef MOOT_REPLICA_H
#define MOOT_REPLICA_H

#include "board.h"
#include "board_action.h"
#include "msg.h"

/* A line of chat. Confirmed lines are sorted by seq and never change place. */
struct line {
    int64_t seq, time;
    struct str author, text; /* owned by the line's one allocation */
};

struct person {
    char user[USER_NAME_MAX + 1];
    enum role role;        /* ROLE_NONE: not a member any more, kept while online */
    int online;            /* sessions that are here; 0: gone */
    int64_t typing_until;  /* ms; in the past: not typing */
    int64_t cursor;        /* card that this person has selected, 0 for none */
};

/* A request of ours that no event has confirmed yet. */
struct pending {
    int64_t id;
    struct msg msg;              /* its strings in the arena below */
    struct arena arena;
    bool on_board;               /* applied to the board, inverse is valid */
    struct board_action inverse;
    bool refused;                /* answered with an error: kept until session drops it */
};

struct replica {
    char name[ROOM_NAME_MAX + 1];
    enum role role;
    bool is_public;
    int64_t seq;    /* newest event applied; 0: nothing known */
    bool synced;    /* the server said that this is the present (and the link still stands) */
    bool loading;   /* parts of a snapshot are still to come */
    struct board board;
    VEC(struct line *) lines; /* confirmed chat, oldest first, without holes */
    bool has_older;           /* there may be older chat on the server */
    bool asked_older;         /* a history question is under way */
    VEC(struct person) people; /* sorted by name */
    VEC(struct pending *) pending; /* in the order of their ids */
    int64_t read_seq;         /* newest message seen by the person; the shell keeps it */
    uint64_t version;         /* grows with every change that a view would show */
};

struct replica *replica_new(struct str name);
void replica_free(struct replica *r);

/* Applies an event, state, snapshot part, synced, history.page or member.list of this room. An
 * event that is not the next one is refused with ERR_OUT_OF_ORDER and changes nothing (one that
 * was seen before is quietly passed over); one that does not fit the board is ERR_INTERNAL: the
 * caller then opens the room anew from nothing. own_client tells which events are answers to
 * pending requests. now is for typing. */
bool replica_apply(struct replica *r, const struct msg *m, struct str own_client, int64_t now,
                   struct err *e);

/* Shows a request of ours at once. Copies it. A request that does not fit (unknown card) fails
 * and must not be sent. */
bool replica_request(struct replica *r, const struct msg *request, int64_t now, struct err *e);
/* The server refused request id: it is taken off the board and the list. */
void replica_refused(struct replica *r, int64_t id);
/* The inverse of a pending or just confirmed board request, as a request (head empty); false
 * when there is none. Strings in the arena. For undo. */
bool replica_inverse(const struct replica *r, const struct msg *request, struct msg *inverse,
                     struct arena *a);
/* The link is gone: nobody is known to be here, nothing is synced. */
void replica_unlink(struct replica *r);

/* True when card `number` (or a new card of request -number) has a change that is not stored. */
bool replica_card_is_pending(const struct replica *r, int64_t number);
const struct person *replica_person(const struct replica *r, struct str user);
/* Chat lines of others behind read_seq. */
size_t replica_unread(const struct replica *r);

/* The messages that make an equal replica of the confirmed state when applied to a new one: a
 * snapshot in parts and a history page of the newest `lines` lines. For the cache. */
void replica_write(const struct replica *r, size_t lines, void (*each)(void *arg, const struct msg *m),
                   void *arg);
bool replica_check(const struct replica *r, struct err *e);

#endif
