/* Addresses of servers: unix:PATH, ws://HOST[:PORT][/PATH], wss://HOST[:PORT][/PATH],
 * ssh://[USER@]HOST[:PORT][/PATH/OF/SOCKET]. */
#ifndef MOOT_URL_H
#define MOOT_URL_H

#include "err.h"

enum {
    URL_PORT = 7700,       /* where no port is named */
    URL_HOST_MAX = 253,    /* bytes */
    URL_PATH_MAX = 255,    /* bytes, of the request */
    URL_USER_MAX = 64,     /* bytes */
    SOCKET_PATH_MAX = 107, /* bytes: sun_path, unix(7) */
};
#define URL_SOCKET "/run/moot/moot.sock" /* of a machine's server, where none is named */

enum url_kind { URL_UNIX, URL_WS, URL_WSS, URL_SSH };

struct url {
    enum url_kind kind;
    char socket[SOCKET_PATH_MAX + 1]; /* URL_UNIX; URL_SSH: over there */
    char user[URL_USER_MAX + 1];      /* URL_SSH; empty: as ssh has it */
    char host[URL_HOST_MAX + 1];      /* a name or address, IPv6 without brackets */
    int port;                         /* URL_SSH, 0: as ssh has it */
    char path[URL_PATH_MAX + 1];      /* "/ws" where none is named */
};

/* Takes s apart; a fragment is passed over. The error says what an address looks like. */
bool url_parse(struct str s, struct url *out, struct err *e);

/* "HOST:PORT" or the socket's path, for people. */
void url_show(const struct url *u, struct buf *out);

/* True when the Unix account is the way to sign in there, and no token. */
bool url_by_account(const struct url *u);

/* True for an address of this machine: a Unix socket, localhost, 127.0.0.0/8, ::1. */
bool url_is_local(const struct url *u);

/* A name for a folder of what belongs to one server: short, readable, another one for every
 * server. */
void url_slug(struct str url, struct buf *out);

#endif
