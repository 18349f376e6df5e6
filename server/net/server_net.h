/* The shell around the hub: sockets, libwebsockets, the loop, signals.
 *
 * One turn of the loop: everything that came in becomes hub inputs; then hub_turn_end(); then
 * the outbox is carried out, and each connection with something to say gets one write. */
#ifndef MOOT_SERVER_NET_H
#define MOOT_SERVER_NET_H

#include "hub.h"
#include "log.h"
#include "token.h"

enum {
    HANDSHAKES_MAX = 64,    /* with libwebsockets at a time: its timers are sorted lists */
    CLOSE_WITHIN_MS = 2000, /* for the peer to answer a close frame */
    DRAIN_WITHIN_MS = 5000, /* from SIGTERM to the end, come what may */
    CONNECTIONS_MAX = 1000000,
};

struct net_config {
    const char *socket_path; /* Unix socket; NULL or empty: none */
    int socket_mode;
    const char *listen;     /* HOST:PORT; NULL or empty: none */
    const char *cert, *key; /* both: the TCP listener speaks TLS */
    bool insecure_plain_ws; /* plain ws beyond loopback */
    const char *origins;    /* comma-separated; see http_origin_fits() */
    int64_t max_connections;
    int64_t heartbeat_s;
    bool hooks_private; /* outgoing hooks may send to this machine and its own networks */
};

/* What may change while it runs. Certificate and key are read again too, from the same files.
 */
struct net_changes {
    const char *origins; /* copied at once */
};

/* What the shell works with; all borrowed, all outliving it. */
struct net_parts {
    struct hub *hub;
    struct store *store;
    const struct token_keys *keys;
    struct log *log;
    /* SIGHUP: read the config again and say what of it has changed. NULL: ignored. */
    bool (*reload)(void *arg, struct net_changes *changes, struct err *e);
    /* SIGUSR1: open the file of the log anew. NULL: ignored. */
    bool (*reopen)(void *arg, struct err *e);
    void *arg; /* of both */
};

struct net;
/* Listens; nobody is let in before net_run(). Raises the limit of open files as far as the
 * system lets it, and lowers max_connections to what that allows. */
struct net *net_new(const struct net_config *c, const struct net_parts *parts, struct err *e);
/* "unix:/run/moot/moot.sock and ws://127.0.0.1:7700": where clients find it. */
const char *net_where(const struct net *n);
/* Serves until SIGTERM or SIGINT and what follows from it. They, SIGHUP and SIGUSR1 may be
 * blocked until then. False when it could not start: the database could not be read. */
bool net_run(struct net *n, struct err *e);
void net_free(struct net *n);

#endif
