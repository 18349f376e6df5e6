/* The simulator: real sessions and replicas, the real hub on the store in memory, and between
 * them a network that is as bad as one seed makes it. Time is virtual; nothing waits.
 *
 * sim.c has the network and the clock, sim_server.c the hub's shell, sim_actor.c a client's
 * shell, sim_check.c says what must be true at the end; sim_text.c and sim_text_check.c the
 * same of texts. */
#ifndef MOOT_SIM_H
#define MOOT_SIM_H

#include "err.h"
#include "marker.h"

enum {
    SIM_CLIENTS_MAX = 32,
    SIM_WIRES_MAX = 128,
    SIM_ROOMS = 5,
    SIM_USERS = 4,
    SLOW_QUEUE = 400, /* messages that wait for one reader before it is cut off */
};
extern const char *const sim_rooms[SIM_ROOMS]; /* the first is the lobby */
extern const char *const sim_users[SIM_USERS]; /* the last one breaks the protocol */

struct sim;
struct server;
struct actor;

/* Runs the team of one seed to its end and checks it; returns how many requests were made. */
size_t sim_run(uint64_t seed, bool show);

/* ---- chance and words (sim_words.c) ---- */

uint64_t sim_next(struct sim *s);
int64_t sim_below(struct sim *s, int64_t n); /* 0 to n - 1 */
bool sim_chance(struct sim *s, int percent);
int64_t sim_now(const struct sim *s);
bool sim_is_healed(const struct sim *s);
void sim_trace(struct sim *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Says what is wrong, the seed and what came before it, and ends the program. */
_Noreturn void sim_fail(struct sim *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- the network (sim.c) ---- */

/* A client's side: begins to connect; gives the wire. */
int sim_connect(struct sim *s, struct actor *c);
void sim_up(struct sim *s, int wire, struct str bytes);
void sim_hang_up(struct sim *s, int wire); /* the client closes, or is gone */
/* The server's side; a slot is a wire's number. */
void sim_down(struct sim *s, uint32_t slot, struct str bytes, bool passing, bool pause);
void sim_server_closes(struct sim *s, uint32_t slot);
/* An errand: a client under that id that only empties its outbox. */
void sim_spawn_errand(struct sim *s, const char *user, struct str client, struct buf *disk);
struct actor *sim_client(const struct sim *s, size_t i); /* NULL behind the last */
struct server *sim_server(const struct sim *s);
struct tokens *sim_tokens(const struct sim *s); /* sim_text.h */

/* ---- the server's shell (sim_server.c) ---- */

struct server *server_new(struct sim *s);
void server_free(struct server *v);
void server_start(struct server *v);
/* As kill -9: what the store was doing is done or not, and nobody hears of it. */
void server_crash(struct server *v);
bool server_is_up(const struct server *v);
void server_break_disk(struct server *v, bool broken);
/* False: refused before the upgrade. */
bool server_open(struct server *v, uint32_t slot, const char *user);
void server_closed(struct server *v, uint32_t slot);
void server_frame(struct server *v, uint32_t slot, struct str bytes);
void server_readable(struct server *v, uint32_t slot);
void server_missed(struct server *v, uint32_t slot);
int64_t server_next(const struct server *v); /* when it has something to do */
void server_run(struct server *v);           /* does what is due, ends the turn */
bool server_is_quiet(const struct server *v);
/* The room's log, oldest first. */
/* The marker that it keeps of a member (turn -1: of none), and what it counts behind read. */
struct marker server_marker(struct server *v, const char *user, const char *room);
void server_unread(struct server *v, const char *user, const char *room, struct marker read,
                   int64_t *unread, int64_t *mentions);
void server_log(struct server *v, const char *room, void (*each)(void *arg, struct str json),
                void *arg);

/* ---- a client's shell (sim_actor.c) ---- */

struct actor *actor_new(struct sim *s, size_t index, const char *user, bool is_errand);
void actor_free(struct actor *c);
void actor_start(struct actor *c);
/* As kill -9: memory is gone, the disk has what it had. */
void actor_crash(struct actor *c);
bool actor_is_alive(const struct actor *c);
bool actor_is_finished(const struct actor *c); /* an errand that has run its course */
void actor_opened(struct actor *c, int wire);
void actor_lost(struct actor *c, int wire, const struct err *why);
void actor_frame(struct actor *c, int wire, struct str bytes);
int64_t actor_next(const struct actor *c);
void actor_run(struct actor *c);
void actor_act(struct actor *c); /* does something at random */
/* Opens what it may and does not have open. */
void actor_open_all(struct actor *c);
bool actor_is_quiet(const struct actor *c);
void actor_describe(struct actor *c); /* to the trace */
const char *actor_user(const struct actor *c);
/* Takes over what a crashed process left. */
void actor_inherit(struct actor *c, struct str id, struct buf *disk);

/* ---- the end (sim_check.c, sim_intents.c) ---- */

/* A request that was on a client's disk. */
struct intent {
    char client[40];
    char user[33];
    int64_t id;
    uint64_t hash;  /* of the record; 0: of an edit, which is written anew as others edit */
    int64_t ok_seq; /* answered; 0: not */
    char room[80];
    bool twice;    /* sent twice without need, as no session of ours does */
    bool refused;  /* and the person was told */
    bool aside;    /* a copy of what was refused is on disk */
    bool is_held;  /* the disk was full, and it is not on it yet */
    bool is_edit;  /* of a text: may never be committed under this id */
    bool no_event; /* answered ok, as there was nothing to change */
    int logged;    /* how often it stands in a log */
};
struct intents;
struct intents *intents_new(void);
void intents_free(struct intents *t);
struct intents *sim_intents(const struct sim *s);
struct intent *intent_add(struct intents *t, const char *user, const char *client, int64_t id);
struct intent *intent_find(struct intents *t, const char *user, struct str client, int64_t id);
size_t intents_count(const struct intents *t);
/* Everything that must be true once all is quiet. */
void sim_check(struct sim *s);
/* Compares one client with the logs: called by sim_check(). log: JSON of each event of a room.
 */
struct log_line {
    struct str json;
};
struct room_log {
    const char *room;
    VEC(char *) events;
};
void actor_check(struct actor *c, const struct room_log *logs);
/* Everything that must be true at any time. */
void actor_check_now(struct actor *c);
void server_check_now(struct server *v);
/* Once all is quiet. */
void server_check_tables(struct server *v);

#endif
