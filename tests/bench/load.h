/* The load: many people on one server, and what it costs the server. */
#ifndef MOOT_BENCH_LOAD_H
#define MOOT_BENCH_LOAD_H

#include "dialect.h"
#include "links.h"
#include "measure.h"
#include "token.h"

#include <sys/types.h>

struct load {
    /* what is wanted */
    const struct dialect *dialect;
    const char *job, *room; /* "#bench": rooms are named with a number behind it */
    int port;
    pid_t pid; /* of the server */
    size_t conns, rooms, writers, window, messages, cards, users;
    int64_t rate; /* messages a second, of all together */
    int64_t seconds, repeat;
    bool cursors; /* pointing, not saying */
    unsigned char secret[SECRET_BYTES];
    char run[16]; /* letters that differ from run to run, for client ids */

    /* what happens */
    struct links links;
    char **tokens;
    const char *counted; /* how a delivery begins */
    size_t counted_n;
    uint64_t deliveries, answers, errors;
    bool sample; /* latencies of deliveries */
    struct latency latency;
    size_t turn;                                       /* of the writers */
    void (*on_seen)(struct load *l, struct link *c);   /* the first link got one: c's turn */
    void (*on_answer)(struct load *l, struct link *c); /* c's request was answered */
    /* In place of counting: every frame with deliveries. */
    void (*on_frame)(struct load *l, struct link *c, struct str text);
    uint64_t random;
    const char *night; /* of the week: a command; NULL: none */
    void *job_state;
};

/* From the links, in any state: a whole text. */
void load_text(struct load *l, struct link *c, struct str text);
/* A request of c was answered. */
void load_answered(struct load *l, struct link *c, bool ok);
const char *load_token(const struct load *l, const struct link *c);
bool load_is_first_in_room(const struct load *l, const struct link *c);

/* What the server has cost and done so far. */
struct figures {
    int64_t from_ns, cpu_ns;
    uint64_t deliveries, answers;
};
struct figures figures_now(const struct load *l);
/* Everybody in: those who make the rooms first. */
bool load_gather(struct load *l);
void load_pump(struct load *l, int64_t ns);

/* The jobs, in jobs.c. Each prints lines of NAME=VALUE and returns false when it went wrong. */
bool job_run(struct load *l);

#endif
