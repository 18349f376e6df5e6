/* Thousands of WebSocket connections in one thread: dial, read, write, frames (RFC 6455, the
 * client's side). What the texts mean is the dialect's. */
#ifndef MOOT_BENCH_LINKS_H
#define MOOT_BENCH_LINKS_H

#include "str.h"

struct load;
struct link;

/* How a server wants to be spoken to. */
struct dialect {
    const char *name;
    /* Path and header lines of the handshake. */
    void (*path)(struct buf *out, const struct load *l, const struct link *c);
    void (*headers)(struct buf *out, const struct load *l, const struct link *c);
    /* The handshake is done. */
    void (*opened)(struct load *l, struct link *c);
    /* A text that is not a delivery. */
    void (*text)(struct load *l, struct link *c, struct str text);
    /* Appends what a client sends to say something, or to move its cursor to a card. */
    void (*say)(struct buf *out, struct load *l, struct link *c, const char *text);
    void (*point)(struct buf *out, struct load *l, struct link *c, int64_t card);
    /* How such a thing begins when it comes from the server. */
    const char *said, *pointed;
    int said_extra; /* bytes around the text in what is delivered, about */
    /* Texts; NULL where a server has none. insert appends what inserts a letter at pos, for the
     * version that c knows; inserted reads how it comes back, from `edited` on: the version it
     * makes, -1 for something else. */
    void (*insert)(struct buf *out, struct load *l, struct link *c, int64_t pos);
    int64_t (*inserted)(const struct link *c, struct str one, bool *is_own);
    const char *edited;
    int64_t first_version; /* of the empty text */
};

enum link_state {
    LINK_OFF,
    LINK_DIALING,  /* until the handshake is answered */
    LINK_SIGNING,  /* until the server says who we are */
    LINK_ENTERING, /* until the room is open */
    LINK_READY,
};

struct link {
    int fd;
    enum link_state state;
    uint32_t index, room;
    bool wants_out;
    int64_t next_id;
    int64_t version;  /* of the text, as far as it is known here */
    char name[40];    /* that the server gave us, where it matters */
    int64_t asked_ns; /* when the outstanding request left */
    struct buf in, out;
};

enum link_job { COUNT_SAID, COUNT_POINTED };

struct links {
    int epoll;
    struct link *v;
    size_t n, dialing, ready, lost;
    int port;
    uint64_t bytes_in; /* that were read */
    char *bytes;       /* the shared read buffer */
};

void links_open(struct links *k, size_t n, int port);
/* Dials links from..upto (those of them for which pick says yes, or all), at most window of
 * them on their way at once, until all are ready. False when `ms` pass without progress. */
bool links_dial(struct load *l, bool (*pick)(const struct load *l, const struct link *c),
                size_t window, int64_t ms);
void links_close(struct links *k);
/* Of one; it may be dialled again. */
void links_hang_up(struct links *k, struct link *c);
/* Takes in what has come, waiting at most ns for it. */
void links_turn(struct load *l, int64_t ns);
void link_send(struct links *k, struct link *c, struct str text);
void link_ready(struct links *k, struct link *c);

#endif
