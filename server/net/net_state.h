/* What the parts of the shell share. Nobody outside this folder includes it. */
#ifndef MOOT_NET_STATE_H
#define MOOT_NET_STATE_H

#include "arrivals.h"
#include "clock.h"
#include "conn.h"
#include "http.h"
#include "metrics.h"
#include "post.h"
#include "recent.h"
#include "server_net.h"

enum {
    BEAT_MS = 100,
    TURNS_MAX = 8,
    READ_CHUNK = 1024,           /* bytes of one read: each connection has a buffer of it */
    HANDSHAKE_WITHIN_MS = 10000, /* TLS and request; plain ones are over at once */
    HANDSHAKE_SLACK = 90,        /* beats less when others wait */
};

/* An answer to OUT_MINT, OUT_CHECK or OUT_FIGURES, on its way to the hub. */
struct reply {
    enum hub_input_kind kind;
    uint64_t tag;
    struct identity identity;
    struct str token, token_id, hash;
    int64_t expires;
    struct stat_item *figures;
    size_t n_figures;
    struct err err;
};

/* How often a hook may still be posted to now: thousandths of a delivery. */
struct bucket {
    char id[20];
    int64_t left, at;
};

struct carrier; /* libwebsockets: carrier.h */
struct loop;    /* libuv: server_net.c */

struct net {
    struct net_config config;
    struct net_parts parts;
    struct buf where, origins;
    struct clock clock;
    struct store_threads *store;
    struct arrivals *arrivals;
    struct carrier *carrier;
    struct loop *loop;
    struct conns conns;

    struct outbox outbox;
    bool is_stirred; /* the hub has been given something since its last turn ended */
    VEC(struct reply) replies;
    struct arena reply_arena;
    VEC(uint32_t) closed;   /* slots: to be told IN_CLOSED */
    VEC(uint32_t) readable; /* slots: to be told IN_READABLE */
    VEC(uint32_t) missed;   /* IN_MISSED */
    VEC(uint32_t) dirty;    /* slots with something to write */
    VEC(uint32_t) doomed;   /* slots to be closed without a word */
    VEC(uint32_t) timed;    /* slots in CONN_SHAKES or CONN_CLOSES: they have deadlines */
    struct frame *ping;

    uint32_t beat;       /* tenths of a second since the start */
    uint64_t texts_open; /* when memory was given back last, */
    size_t conns_open;   /* and how many connections there were */
    size_t files;        /* descriptors for connections and those at the door together */
    size_t shaking;      /* connections in CONN_SHAKES */
    bool is_crowded;     /* somebody at the door was told NOT_NOW */
    bool is_booted;      /* the hub has read what it needs; the door is open */
    bool is_draining, is_closing_all;
    uint32_t drain_deadline;
    struct err boot_fault;
    struct err store_fault; /* of the last write, ERR_NONE when it went well */

    struct posts *posts;               /* of outgoing hooks; NULL: there was none yet */
    VEC(struct delivery *) deliveries; /* to hooks, under way */
    VEC(struct bucket) buckets;        /* of hooks that were posted to */
    struct buf body;                   /* of the request at hand */

    struct hist delivery; /* us from receiving a request to the last byte of its event */
    struct recent recent;
    struct metrics last_minute; /* as it was when the minute under way began */
    struct metrics tally;       /* the counters of this folder */
    int64_t started;            /* as clock_us() counts */
};

/* ---- turn.c and beat.c: the hub's side ---- */
int64_t net_now(struct net *n);
void net_handle(struct net *n, struct hub_input in); /* now is filled in */
/* Everything that came up goes to the hub, what it wants is carried out and written. */
void net_turn(struct net *n);
void net_tick(struct net *n);
/* Wakes the loop, from any thread. net is a struct net. */
void net_wake(void *net);
/* Attends to those at the door. */
void net_at_door(struct net *n);
/* Once a BEAT_MS: deadlines, pings, drain. */
void net_beat(struct net *n);
void net_begin_drain(struct net *n);
/* True when there is nothing left to wait for after a drain. */
bool net_is_drained(const struct net *n);
/* Appends the page of /metrics. */
void net_metrics_page(struct net *n, struct buf *out);
/* All figures by name; or those that are kept, of the minute that is over. In the arena. */
struct stat_item *net_figures(struct net *n, bool minute, struct arena *a, size_t *count);
/* Healthy, or why not. */
bool net_is_healthy(const struct net *n, struct err *e);

/* ---- gate.c: who may come in ---- */
/* Decides on a request: 101 with the visitor filled in, or another status with the body of its
 * answer. fd is asked for the account at its other end when is_unix. */
int gate_decide(struct net *n, const struct http_request *r, int fd, bool is_unix,
                struct visitor *who, struct buf *body);
/* The receiver of everybody who is ready at the door. */
arrivals_receive gate_receive;

/* ---- link.c: one connection's life ---- */
void link_opened(struct net *n, struct conn *c);
/* Bytes of a message, as they came; is_first and is_last tell where it begins and ends,
 * coming how much of its frame is still to come. */
void link_received(struct net *n, struct conn *c, struct str bytes, bool is_first, bool is_last,
                   size_t coming);
/* After this nothing more may be asked of libwebsockets about it. */
void link_closed(struct net *n, struct conn *c);
/* libwebsockets has forgotten it. */
void link_gone(struct net *n, struct conn *c);
/* Lets the slot go once nobody needs it. */
void link_release(struct net *n, struct conn *c);

void link_send(struct net *n, struct conn *c, struct frame *f, enum passing passing);
/* A close frame behind everything that is queued. */
void link_close(struct net *n, struct conn *c, int status, struct str reason);
/* The same with an error, or a bye, in front of it. */
void link_close_error(struct net *n, struct conn *c, int status, const struct err *why);
void link_close_bye(struct net *n, struct conn *c, int status, enum err_code code);
/* Without a word, at the end of the turn. */
void link_doom(struct net *n, struct conn *c);
void link_mark_dirty(struct net *n, struct conn *c);
void link_expect_by(struct net *n, struct conn *c, int64_t ms);

#endif
