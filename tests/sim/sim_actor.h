/* A client's shell, as its parts share it. */
#ifndef MOOT_SIM_ACTOR_H
#define MOOT_SIM_ACTOR_H

#include "session.h"
#include "sim.h"

/* The outbox file: lines that an fsync covered, and those that it did not. */
struct disk {
    struct buf synced, later;
    bool is_full;
    int64_t room_at; /* ms, when it has room again */
    struct buf held; /* records that it did not take */
    bool cut_later;  /* KEPT_ALL that has not reached the disk */
};

/* The cache of a room: wire messages, a line each. */
struct cached {
    struct buf lines;
};

/* What the listener saw of an event. */
struct seen {
    int64_t seq;
    uint64_t hash;
};

/* What one client can take back of one room. */
struct sim_step {
    struct requests back; /* in the order in which they are to be made */
    VEC(int64_t) made;    /* the request that each takes back */
    struct arena arena;
};
struct sim_undo {
    VEC(struct sim_step *) undo, redo;
};

struct actor {
    struct sim *sim;
    size_t index;
    char user[USER_NAME_MAX + 1];
    bool is_errand, is_alive, knows_user;
    char id[CLIENT_ID_MAX + 1];
    struct session session;
    struct effects out;
    struct disk disk;
    struct cached cache[SIM_ROOMS];
    int wire; /* -1: none */
    int64_t counter;
    VEC(struct seen) seen[SIM_ROOMS]; /* in this life */
    VEC(int64_t) refused;             /* ids, told in this batch */
    struct doc *docs[4];              /* open, or NULL */
    VEC(char *) told;                 /* operations of refused edits, told in this batch */
    struct sim_undo undo[SIM_ROOMS];
    struct marker told_read[SIM_ROOMS]; /* in this life */
    bool dies;                          /* in the middle of a batch of effects */
};

/* Place of the room in sim_rooms; -1 if it is none of them. */
int actor_room(struct str room);
uint64_t sim_hash(struct str bytes);
/* Of the message as it goes over the wire. */
uint64_t actor_hash(const struct msg *m);
/* Sends what its own session knows nothing of, and may break that. */
bool actor_is_vandal(const struct actor *c);
/* Its disk takes nothing for a while; has room again; loses what no fsync covered. */
void actor_fill_disk(struct actor *c);
void actor_free_disk(struct actor *c);
void actor_crash_disk(struct actor *c);
/* A record for the outbox file. sync: it is there when this returns. */
void actor_keep(struct actor *c, struct str record, bool sync);
void disk_add_line(struct buf *b, struct str line);
/* As the file of the real client finds it. */
bool disk_has_requests(const struct disk *d);
/* The id that a record or request names; 0 if none. */
int64_t disk_record_id(struct str json);
/* Carries out what the session wants; may end the actor's life in the middle. */
void actor_perform(struct actor *c);

#endif
