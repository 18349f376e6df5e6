/* The token that signs in to a server: from a variable or a private file, never from argv. */
#ifndef MOOT_TOKEN_FILE_H
#define MOOT_TOKEN_FILE_H

#include "opts.h"

/* Appends the token for o->server: that of MOOT_TOKEN, else of the file that an option names,
 * else the one that `moot join` kept for this host. Nothing is appended when there is none, as
 * on a Unix socket, where the account is enough. */
bool token_find(const struct moot_options *o, struct buf *out, struct err *e);

/* Keeps a token for the server's host, mode 0600. */
bool token_keep(const char *server, struct str token, struct err *e);

#endif
