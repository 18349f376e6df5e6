/* Tokens for the load: JWT, HS256, as `moot admin token` makes them, but thousands at once. */
#ifndef MOOT_BENCH_TOKEN_H
#define MOOT_BENCH_TOKEN_H

#include "str.h"

enum { SECRET_BYTES = 32 };

/* Reads the secret that the server under test keeps. */
bool secret_load(const char *path, unsigned char secret[SECRET_BYTES]);
/* Appends a token for user, good for a day. */
void token_make(struct buf *out, const unsigned char secret[SECRET_BYTES], const char *user);

#endif
