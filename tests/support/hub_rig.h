/* A hub, a store in memory and named connections: a whole conversation reads like a script.
 *
 * A connection is named after its person, "ana", further ones of the same person "ana/2". JSON
 * is written with single quotes. What is expected may hold * for any text. Every function fails
 * the test when what it expects is not so. */
#ifndef MOOT_HUB_RIG_H
#define MOOT_HUB_RIG_H

#include "hub.h"

enum { RIG_CONNS = 64, RIG_NOW = 1000000 };

struct rig_conn {
    char name[48];
    bool open, closed_by_hub, paused;
    uint16_t status;
    VEC(char *) inbox;
    size_t read;
};

struct hub_rig {
    struct hub *hub;
    struct store *store;
    struct outbox out;
    int64_t now;
    struct rig_conn conns[RIG_CONNS];
    VEC(struct store_job *) jobs; /* not yet run */
    VEC(struct output) shell;     /* OUT_MINT, OUT_CHECK not yet answered */
    struct arena arena;
    VEC(struct output) posts; /* OUT_POST not yet answered */
    struct buf log;           /* "id: text" lines */
    bool hold_store;          /* jobs wait for rig_run_jobs() */
    bool hold_shell;          /* minting and checking wait for rig_answer_shell() */
    bool hold_pauses;         /* IN_READABLE waits for rig_readable() */
    int minted;
    size_t text_bytes_max; /* of the next hub: rig_restart() */
    size_t fans, sends;    /* outputs since the start */
};

/* A hub with the public lobby "#lobby", already started. */
void rig_start(struct hub_rig *r);
/* The same without running JOB_BOOT: jobs wait. */
void rig_start_held(struct hub_rig *r);
/* hub_check() holds; everything is freed. */
void rig_finish(struct hub_rig *r);
/* The hub dies and a new one starts on the same store; connections are gone. */
void rig_restart(struct hub_rig *r);

/* A connection of the person in the name. */
void rig_connect(struct hub_rig *r, const char *name);
void rig_connect_as(struct hub_rig *r, const char *name, struct identity who);
void rig_cut(struct hub_rig *r, const char *name);
/* Connects, says hello with a client id made from the name, and reads the welcome. */
void rig_join(struct hub_rig *r, const char *name);
/* The same as an admin of the machine. */
void rig_join_admin(struct hub_rig *r, const char *name);
/* rig_join() and the room open and caught up from the present; all that came is read. */
void rig_enter(struct hub_rig *r, const char *name, const char *room);

void rig_send(struct hub_rig *r, const char *name, const char *json, ...)
    __attribute__((format(printf, 3, 4)));
void rig_send_bytes(struct hub_rig *r, const char *name, struct str bytes);
/* The next message is this one. */
void rig_expect(struct hub_rig *r, const char *name, const char *pattern);
/* A message like this comes; those before it are passed over. */
void rig_expect_later(struct hub_rig *r, const char *name, const char *pattern);
/* The same, when it may as well not come. */
bool rig_hears(struct hub_rig *r, const char *name, const char *pattern);
void rig_expect_nothing(struct hub_rig *r, const char *name);
void rig_expect_closed(struct hub_rig *r, const char *name, int status);
/* Forgets what came. */
void rig_skip(struct hub_rig *r, const char *name);
size_t rig_unread(struct hub_rig *r, const char *name);

/* Time passes, with ticks when the hub wants them. */
void rig_wait(struct hub_rig *r, int64_t ms);
/* Runs the first n jobs that wait, and what follows from them only if the store is not held. */
void rig_run_jobs(struct hub_rig *r, size_t n);
/* The first job of a kind that waits, out of the list. */
struct store_job *rig_take_job(struct hub_rig *r, enum store_job_kind kind);
/* Gives a job back to the hub as it is. */
void rig_give_job(struct hub_rig *r, struct store_job *j);
/* The first of that kind comes back with ERR_STORE. */
void rig_fail_job(struct hub_rig *r, enum store_job_kind kind);
/* Lets the store and the shell go on. */
void rig_release(struct hub_rig *r);
void rig_answer_shell(struct hub_rig *r);
/* The receiver of the first that waits in `posts` answers with this status; 0: not at all. */
void rig_posted(struct hub_rig *r, int status);
void rig_readable(struct hub_rig *r, const char *name);
void rig_missed(struct hub_rig *r, const char *name);
void rig_handle(struct hub_rig *r, struct hub_input in);
void rig_check(struct hub_rig *r);

#endif
