/* The client's loop and its links: one thread, libwebsockets beneath, nothing of it above.
 *
 * Everything is told from within net_turn(), never from within another call. */
#ifndef MOOT_CLIENT_NET_H
#define MOOT_CLIENT_NET_H

#include "err.h"
#include "url.h"

struct net;
struct link;

enum {
    LINK_FRAME_MAX = 1024 * 1024
}; /* bytes of one message of the server, as FRAME_OUT_MAX */

/* Cheap: libwebsockets starts with the first link, its TLS with the first wss one. */
struct net *net_new(void);
void net_free(struct net *n); /* NULL is fine; the links must be gone */

/* ms since 1970, from a clock that never goes back, is set by nobody, and goes on while the
 * machine sleeps. */
int64_t net_now(struct net *n);

/* Calls ready(arg) in every turn in which fd can be read (or is at its end). The descriptor
 * stays the caller's: it is neither changed nor closed. At most one watch a descriptor. */
bool net_watch(struct net *n, int fd, void (*ready)(void *arg), void *arg, struct err *e);
void net_unwatch(struct net *n, int fd);

/* Waits until something has happened or the clock says `until` (0: does not wait; INT64_MAX: no
 * bound), and tells it. Interrupted by signals: a signal watched through signalfd or a pipe
 * ends the wait. */
void net_turn(struct net *n, int64_t until);

/* For an address that is reached by ssh: starts ssh and waits until it stands, so that it can
 * ask its questions on the terminal; where there is no terminal, and for every other address,
 * nothing is done. Call before the terminal is used for anything else: when ssh has to be
 * started again later, it may not ask. ERR_UNREACHABLE with ssh's words. */
bool net_ready(struct net *n, const struct url *u, struct err *e);

/* What a link tells. */
struct link_listener {
    void (*opened)(void *arg);                      /* handshake done */
    void (*frame)(void *arg, struct str bytes);     /* one whole message; borrowed */
    void (*lost)(void *arg, const struct err *why); /* it is down, or could not be made */
    void *arg;
};

struct link *link_new(struct net *n, struct link_listener l);
void link_free(struct link *l); /* closes it; nothing more is told */

/* Begins to connect; a link that stands is closed first. token: bearer of the request, empty on
 * a Unix socket. ca_file: PEM of the authorities to trust in place of the system's, or NULL.
 * What goes wrong is told by `lost`: ERR_UNREACHABLE; ERR_NOT_SIGNED_IN, ERR_FORBIDDEN,
 * ERR_RATE or ERR_CLOSING with the server's own words when it refused. A token is never sent
 * unencrypted to another machine. */
void link_connect(struct link *l, const struct url *u, struct str token, const char *ca_file);
/* Queues one message. Nothing happens when the link is not up. */
void link_send(struct link *l, struct str bytes);
/* Writes what is queued as far as the kernel takes it, then closes; nothing more is told. */
void link_close(struct link *l);

#endif
