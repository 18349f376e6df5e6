/* The secret itself, for the files of this folder only. */
#ifndef MOOT_TOKEN_SECRET_H
#define MOOT_TOKEN_SECRET_H

#include "token.h"

/* Borrowed from the keys. */
struct str token_secret(const struct token_keys *k);

#endif
