/* The door: listening sockets and everybody who has come in but not yet said what they want.
 *
 * A connection waits here, cheaply and in bounded number, until the head of its request is
 * complete (or, where TLS is spoken, its first byte), and its body where it may have one, so
 * what comes behind the door only ever deals with those who are ready. Half-open connections
 * cost a small struct each, end after HEAD_WITHIN_MS, and when there are too many of them the
 * oldest makes room.
 *
 * All of it is one epoll descriptor for the caller's loop to watch. */
#ifndef MOOT_ARRIVALS_H
#define MOOT_ARRIVALS_H

#include "err.h"

enum {
    ARRIVALS_MAX = 16384,   /* connections waiting at the door, if there are descriptors */
    ARRIVALS_MIN = 1024,    /* descriptors that are kept for them */
    HEAD_WITHIN_MS = 10000, /* from the connection to the end of the request */
    LINGER_MS = 1000,       /* for a refused client to read why */
    ACCEPTS_PER_TURN = 512,
};

struct arrival {
    int fd;
    bool is_unix;
    bool is_tls;      /* nothing has been read; bytes is empty */
    struct str bytes; /* the head and whatever came behind it; borrowed */
    uint64_t ticket;  /* by which a HELD one is answered; never the same again */
};

enum reception {
    RECEIVED, /* the descriptor is the receiver's now */
    ANSWERED, /* an HTTP answer stands in the buffer: send it and hang up */
    NOT_NOW,  /* no room; ask again at the next arrivals_turn() */
    UNDONE,   /* the request has not come whole: ask again when there is more of it. What stands
                 in the buffer is sent at once */
    HELD,     /* arrivals_answer() will be called for it, later */
};
typedef enum reception arrivals_receive(void *arg, const struct arrival *a, struct buf *answer);

struct arrivals_counts {
    uint64_t accepted, timed_out, evicted, refused;
    size_t waiting;
};

struct arrivals;
/* receive(arg, ...) is called out of arrivals_turn() for each connection that is ready. */
struct arrivals *arrivals_new(arrivals_receive *receive, void *arg);
/* Closes everything that waits and all listening sockets; removes the Unix sockets' files. */
void arrivals_free(struct arrivals *a);

/* Listens on a Unix socket with these permissions. A socket file that nobody listens on any
 * more is replaced; one that somebody does is an error. */
bool arrivals_listen_unix(struct arrivals *a, const char *path, int mode, struct err *e);
/* Listens on TCP at a numeric address or a name. With port 0 the system picks one. *port is
 * what it came to be. */
bool arrivals_listen_tcp(struct arrivals *a, const char *host, int *port, bool is_tls,
                         struct err *e);
/* Takes HOST:PORT apart, [::1]:7700 too. *is_loopback is true when only this machine can
 * reach it. */
bool arrivals_parse_address(struct str text, struct buf *host, int *port, bool *is_loopback,
                            struct err *e);
/* At most n may wait at the door from now on; ARRIVALS_MAX at first. */
void arrivals_allow(struct arrivals *a, size_t n);
/* No more new connections; those at the door stay. */
void arrivals_stop_listening(struct arrivals *a);

/* Readable when arrivals_turn() has something to do. */
int arrivals_fd(const struct arrivals *a);
/* Accepts, reads and hands over what is ready. now: ms of any steady clock. */
void arrivals_turn(struct arrivals *a, int64_t now);
/* Answers a request that was HELD, and hangs up. Nothing happens when it is gone. Not from
 * within receive(). */
void arrivals_answer(struct arrivals *a, uint64_t ticket, struct str answer, int64_t now);
/* Sends away who has waited too long; call it a few times a second. */
void arrivals_expire(struct arrivals *a, int64_t now);

struct arrivals_counts arrivals_counts(const struct arrivals *a);

#endif
