/* Connections behind the door, in a table of slots. The hub knows them by slot number. */
#ifndef MOOT_CONN_H
#define MOOT_CONN_H

#include "scope.h"
#include "sendq.h"

struct lws;

/* Who stands at the other end: found out at the door, forgotten once the hub has been told. */
struct visitor {
    char user[33], token_id[33];
    int64_t expires; /* ms since 1970; 0: never */
    bool admin, invite;
    scope_set scopes;
};

enum conn_state {
    CONN_FREE,
    CONN_SHAKES, /* handed to libwebsockets, handshake under way */
    CONN_OPEN,
    CONN_CLOSES, /* a close frame is queued or sent; nothing more goes out or is listened to */
    CONN_DEAD,   /* libwebsockets has closed it */
};

struct delivery; /* delivery.h */
struct upload;

struct conn {
    struct lws *wsi;           /* NULL before the handshake and once it is dead */
    struct visitor *visitor;   /* owned */
    struct delivery *delivery; /* it is no connection: a delivery to a hook acts as one */
    struct upload *upload;     /* a request to a hook, being read through TLS; owned */
    struct buf in;             /* the fragments of a message so far */
    struct sendq out;
    uint32_t slot;
    uint32_t deadline; /* beat: CONN_SHAKES, CONN_CLOSES, a fragmented message end then */
    uint32_t taken;    /* bytes received since it was last looked at, READ_CHUNK at most */
    int fd;
    unsigned char state; /* enum conn_state */
    bool is_unix : 1, is_tls : 1;
    bool has_wsi : 1;     /* libwebsockets will still tell of its end */
    bool hub_knows : 1;   /* IN_OPENED was sent, IN_CLOSED was not */
    bool is_dirty : 1;    /* stands on the list of those with something to write */
    bool wants_word : 1;  /* tell the hub when everything queued has left */
    bool missed : 1;      /* passing frames were left out: tell the hub so then */
    bool is_doomed : 1;   /* to be closed without a word at the end of the turn */
    bool is_reported : 1; /* stands on the list of IN_CLOSED to come */
    bool is_partial : 1;  /* in the middle of a fragmented message; deadline is its end */
    bool is_chatty : 1;   /* stands on the list of those to be read again */
    bool waits : 1;       /* the kernel is full; libwebsockets will say when it is not */
};

struct conns {
    VEC(struct conn *) chunks;
    VEC(uint32_t) free;
    size_t n;     /* in use */
    uint32_t end; /* slots ever used */
};

/* A free slot, state CONN_SHAKES. */
struct conn *conns_take(struct conns *t);
/* Gives the slot back, once neither libwebsockets nor the hub knows it any more. */
void conns_give(struct conns *t, struct conn *c);
/* NULL for a number that never was a slot. */
struct conn *conns_at(const struct conns *t, uint32_t slot);
void conns_finish(struct conns *t);

#endif
