/* The simulator as its own files know it. */
#ifndef MOOT_SIM_PARTS_H
#define MOOT_SIM_PARTS_H

#include "sim.h"

enum { TRACE_LINES = 100, TRACE_WIDTH = 200 };
#define NEVER INT64_MAX

struct parcel {
    int64_t at;
    char *bytes;
    size_t n;
    bool pause, passing;
};

/* One connection. What was sent into it arrives in order, after a while, or not at all. */
struct wire {
    bool in_use;
    struct actor *client; /* NULL: hung up */
    bool server_knows;
    bool is_dead;      /* takes nothing more */
    int64_t open_at;   /* the server sees it */
    int64_t opened_at; /* the client sees that it is open */
    int64_t client_lost_at, server_lost_at;
    char user[33];
    int64_t delay;        /* most, each way */
    bool is_slow, missed; /* passing messages */
    int64_t missed_at;    /* when the server heard of that last */
    VEC(struct parcel) up, down;
};

struct sim {
    uint64_t seed, state;
    int64_t now;
    bool show, healed;
    char trace[TRACE_LINES][TRACE_WIDTH];
    size_t traced;
    struct wire wires[SIM_WIRES_MAX];
    struct server *server;
    struct actor *actors[SIM_CLIENTS_MAX + 1];
    size_t n_actors;
    struct intents *intents;
    struct tokens *tokens;
    int64_t server_at; /* when it comes up again */
    int64_t actor_at[SIM_CLIENTS_MAX];
    int64_t act_at, fault_at, disk_at;
    int64_t lull_at, end;
    uint64_t steps;
};

#endif
