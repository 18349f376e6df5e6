/* The hub: everything the server decides, and nothing it touches.
 *
 * No sockets, files, threads, clock or randomness in here. Time comes in with every input,
 * store jobs go out and come back as data, connections are slot numbers that the shell gives
 * out.
 *
 * One turn: any number of hub_handle(), then hub_turn_end() once, then the shell carries out
 * what stands in the outbox and calls outbox_clear(). Events of one room that become public in
 * one turn leave as one frame for all its listeners.
 *
 * A room's state in here runs ahead of the disk: a request is checked against what will be once
 * everything before it is stored, given the next sequence number and sent to the store; nobody
 * is told before it comes back. When the store fails, the room forgets what ran ahead, answers
 * all of it with the error, and reads itself back from the store. */
#ifndef MOOT_HUB_H
#define MOOT_HUB_H

#include "frame.h"
#include "msg.h"
#include "store.h"

/* Bounds of one server; the rest are in bounds.h. */
enum {
    STATE_TICK_MS = 5,     /* passing states leave together this often */
    STATE_EVERY_MS = 50,   /* each person's state of one kind at most this often: 20 a second */
    STATE_EARLY_MS = 25,   /* and so much earlier now and then */
    RATE_PER_SECOND = 400, /* messages that one connection may send, sustained */
    RATE_BURST = 2000,     /* and at once */
    RATE_REFUSED_MAX = 200,   /* messages over the rate that end a connection */
    ROOM_APPENDS_MAX = 1024,  /* of one room waiting for the disk */
    APPENDS_MAX = 8192,       /* of all rooms */
    QUEUE_MAX = 1024,         /* messages of one client that wait for the store */
    QUESTIONS_MAX = 64,       /* of one connection under way in the store or shell */
    RESUME_EVENTS_MAX = 1000, /* a longer gap gets a snapshot, if the client said it will do */
    RESUME_PAGE = 500,        /* events read at once for a resume */
    RESUME_BYTES = 256 * 1024,
    LOCKS_MAX = 16,              /* of one client */
    LOCK_IDLE_MS = 120 * 1000,   /* without being renewed */
    LOCK_GRACE_MS = 15 * 1000,   /* after its client's connection was lost */
    LOCK_LOOK_MS = 250,          /* so often it is looked which have ended */
    STATUS_GRACE_MS = 15 * 1000, /* a status is kept for a client whose connection was lost */
    OPEN_ROOMS_MAX = 256,        /* rooms one connection has open */
    VIOLATIONS_MAX = 50,         /* refused messages in a row that end a connection */
    HELLO_WITHIN_MS = 10000,
    HOOK_GIVE_UP_DAYS = 3, /* for which an outgoing hook is tried again, */
    HOOK_GIVE_UP_TRIES =
        12,           /* and so often in a row by a server that was there all the while */
    HEARTBEAT_S = 25, /* told in welcome; silent for 2.5 times this is gone */
    RETENTION_MS = 3600 * 1000, /* between two looks at what a room keeps */
    TOKEN_TTL_MAX_S = 366 * 86400,
};

/* Who a connection is, as the shell found out before the upgrade. */
struct identity {
    struct str user;
    struct str token_id; /* empty: by Unix account */
    int64_t expires;     /* ms since 1970 when the session ends; 0: does not */
    bool admin;          /* root or the server's own account on the Unix socket */
    bool invite;         /* may only accept the invite */
    scope_set scopes;    /* what the token is good for; 0: all */
};

enum hub_input_kind {
    IN_OPENED,   /* conn, identity */
    IN_CLOSED,   /* conn; the slot may be used again after this */
    IN_FRAME,    /* conn, bytes: one whole message of the peer */
    IN_ALIVE,    /* conn: a sign of life below the messages, as a pong of WebSocket */
    IN_STORED,   /* job that came back; the hub frees it */
    IN_MINTED,   /* answer to OUT_MINT */
    IN_CHECKED,  /* answer to OUT_CHECK */
    IN_POSTED,   /* answer to OUT_POST: status, retry_after, random; err when there was none */
    IN_FIGURES,  /* answer to OUT_FIGURES: figures, by name */
    IN_READABLE, /* conn: what was queued for it has left; more of a resume may be sent */
    IN_MISSED,   /* conn: passing states were left out for it, and what was queued has left */
    IN_TICK,  /* only time has passed; at least every 100 ms, and when hub_next_tick() says */
    IN_DRAIN, /* going down: tell everybody, accept no more requests */
};

struct hub_input {
    enum hub_input_kind kind;
    int64_t now;   /* ms since 1970; never goes back (the shell sees to it) */
    int64_t us;    /* of a clock that nobody sets, only to measure with; 0: none */
    uint32_t conn; /* slot */
    struct identity identity;
    struct str bytes;
    struct store_job *job;
    LIST_OF(struct stat_item) figures;
    /* IN_MINTED, IN_CHECKED; identity: whom the token signs in */
    uint64_t tag;
    struct str token, token_id;
    int status;          /* IN_POSTED: of HTTP; 0: there was no answer */
    int64_t retry_after; /* and in how many seconds the receiver wants to be tried again */
    uint64_t random;
    struct str hash; /* IN_MINTED of an incoming hook: what its token is known by */
    int64_t expires;
    struct err err;
};

enum output_kind {
    OUT_SEND,    /* frame to one connection */
    OUT_FAN,     /* the same frame to many */
    OUT_CLOSE,   /* after everything sent before: close with a WebSocket status and words */
    OUT_STORE,   /* job for the store; the shell's now */
    OUT_MINT,    /* make a token (or invite) for user, ttl; or id and secret of a hook;
                    answered by IN_MINTED with tag */
    OUT_CHECK,   /* check a token given in band; answered by IN_CHECKED with tag */
    OUT_FIGURES, /* what the shell has counted; answered by IN_FIGURES with tag. minute: what
                    was counted in the minute that is over, of the figures that are kept */
    OUT_POST,    /* send an event (text) to the address of hook id, named by seq; answered by
                    IN_POSTED with tag */
    OUT_LOG,
};

struct output {
    enum output_kind kind;
    uint32_t conn;
    uint16_t status;       /* OUT_CLOSE: RFC 6455, section 7.4 */
    enum passing passing;  /* OUT_FAN */
    bool invite;           /* OUT_MINT */
    bool hook, outgoing;   /* OUT_MINT: of a hook, and which kind */
    scope_set scopes;      /* OUT_MINT */
    bool minute;           /* OUT_FIGURES */
    bool pause;            /* OUT_SEND of a resume page: send IN_READABLE when it has left */
    struct frame *frame;   /* held until outbox_clear() */
    const uint32_t *conns; /* OUT_FAN: borrowed until the next hub_handle() */
    size_t n_conns;
    struct store_job *job;
    uint64_t tag;
    struct str user, token; /* in the outbox's arena */
    int64_t ttl;            /* seconds */
    struct str id, text;    /* OUT_LOG, OUT_CLOSE, OUT_POST */
    struct str url;         /* OUT_POST */
    int64_t seq;
    int level;
};

struct outbox {
    VEC(struct output) items;
    struct arena arena;
};
void outbox_clear(struct outbox *o); /* drops frames; keeps memory */
void outbox_finish(struct outbox *o);

#define TEXT_BYTES_MAX ((size_t)2 << 30)

struct hub_config {
    struct str server;     /* software name and version, for welcome */
    struct str lobby;      /* public room that everybody joins at the first sign-in; may be
                              empty */
    struct str log;        /* the log's name where the store has none for it; may be empty */
    int64_t heartbeat_s;   /* 0: HEARTBEAT_S */
    int64_t retention_ms;  /* how often it is looked what a room keeps; 0: RETENTION_MS */
    size_t text_bytes_max; /* that texts in memory may take; 0: TEXT_BYTES_MAX */
    uint64_t session_base; /* session numbers start behind this, so that none repeats after a
                              restart (the shell gives the time) */
};

struct hub;
/* The first thing in its outbox after hub_start() is JOB_BOOT; until that has come back hello
 * is not answered (it waits). */
struct hub *hub_new(const struct hub_config *c);
void hub_start(struct hub *h, int64_t now, struct outbox *out);
void hub_free(struct hub *h);

void hub_handle(struct hub *h, const struct hub_input *in, struct outbox *out);
void hub_turn_end(struct hub *h, int64_t now, struct outbox *out);
/* When hub_handle(IN_TICK) is next wanted, ms since 1970. */
int64_t hub_next_tick(const struct hub *h, int64_t now);

/* May this person come in at all? Revoked tokens and disabled accounts may not. Called before
 * the upgrade. */
bool hub_admits(const struct hub *h, const struct identity *who, struct err *e);
/* Is there a hook of that id? */
bool hub_has_hook(const struct hub *h, struct str id);
/* Where an incoming hook posts; the strings are borrowed until the next hub_handle(). */
struct hook_place {
    struct str id, user, room;
    int64_t task; /* 0: the chat, or as the delivery says */
};
/* The incoming hook whose token is known by hash; not found too when its account is disabled.
 */
bool hub_hook(const struct hub *h, struct str hash, struct hook_place *out, struct err *e);
/* True when nothing waits for the store any more. */
bool hub_is_drained(const struct hub *h);

struct hub_counts {
    uint64_t connections, people, rooms_open, messages_in, events, deliveries, states, refused,
        resumes, snapshots, duplicates, store_failures, edits, transforms, hook_sends,
        hook_failures;
    size_t appends_waiting, texts_open;
};
struct hub_counts hub_counts(const struct hub *h);

/* Internal consistency, for tests: subscriptions, presence and sequence numbers agree. */
bool hub_check(const struct hub *h, struct err *e);

#endif
