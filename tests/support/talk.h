/* Signing in and talking to a server under test over a bare WebSocket. */
#ifndef MOOT_TEST_TALK_H
#define MOOT_TEST_TALK_H

#include "server_rig.h"
#include "ws_client.h"

/* A token for user, made with the rig's own secret; ttl in seconds from now, which may lie in
 * the past. The caller frees it. NULL when the server has never run. */
char *talk_token(const struct server_rig *r, const char *user, int64_t ttl);
/* Opens a connection and says hello with this client id, the lobby open. d NULL: over the Unix
 * socket. True when welcome came. */
bool talk_hello(const struct server_rig *r, struct ws_client *c, const struct ws_dial *d,
                const char *client);
/* Sends a message and waits for one that holds `part`; true when it came. */
bool talk_ask(struct ws_client *c, const char *message, const char *part);
/* True when the server still answers on this connection. id: larger than any used on it. */
bool talk_is_alive(struct ws_client *c, int id);

#endif
