/* What the files of the client's net know of each other. */
#ifndef MOOT_CLIENT_NET_PARTS_H
#define MOOT_CLIENT_NET_PARTS_H

#include "client_net.h"
#include "tunnel.h"

#include <libwebsockets.h>

enum {
    FD_LIMIT = 64,          /* descriptors that libwebsockets prepares for */
    HEADER_ROOM = 8 * 1024, /* of a request and of an answer, the token included */
    WRITES_A_TURN = 64,     /* messages written before others get their turn */
    WATCHES_MAX = 16,
    HUNG_MS = 5000, /* a way by ssh on which nothing came for so long is made anew */
};

struct watch {
    int fd;
    void (*ready)(void *arg);
    void *arg;
};

/* The foreign descriptors hang on one epoll descriptor. While there is no lws context it is
 * waited on alone; later lws polls it as one more raw file, and never touches what is behind.
 */
struct net {
    int epoll;
    struct lws_context *context;
    bool has_tls;
    struct lws_sorted_usec_list timer;
    int64_t clock_offset; /* ms from the monotonic clock to 1970 */
    VEC(struct watch) watches;
    VEC(struct link *) links;
    struct tunnel *tunnel; /* of the one server that is reached by ssh, if it is */
};

/* One connection. It belongs to its link until that lets go of it, then to itself, until lws is
 * done with it. */
struct conn {
    struct link *link;
    struct lws *wsi; /* NULL: its address is still being looked up */
    bool is_open, is_closing;
    struct buf token;
    struct buf in;       /* of a message that is not complete */
    VEC(struct buf) out; /* messages, LWS_PRE bytes free in front of each */
    size_t out_at;
    struct err why; /* what the peer said when it closed */
};

struct link {
    struct net *net;
    struct link_listener listener;
    struct conn *conn;
    struct url url;
    struct resolve *resolving;
    bool waits;         /* for the tunnel */
    int64_t connect_at; /* when link_connect() was called */
    size_t attempts;    /* each takes the next of the addresses that the name has */
    /* told at the end of the turn */
    bool has_opened, has_lost;
    struct err why;
    VEC(struct buf) frames;
};

/* lws's protocol of a link; user data of its connections is their struct conn. */
int conn_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                  size_t n);
void conn_free(struct conn *c);
/* lws is done with the connection: its link is told, and it is freed. */
void conn_gone(struct conn *c);
/* Why nobody answers where the link's url leads, if that can be known. */
bool conn_nobody(const struct link *l, struct err *why);

#endif
