/* Tokens: JWT (RFC 7519), HS256 with the server's own secret. */
#ifndef MOOT_TOKEN_H
#define MOOT_TOKEN_H

#include "scope.h"

struct token_keys; /* the secret */

/* Reads the secret (32 bytes) from path, or makes one there with mode 0600. Refuses a file that
 * others may read, or of another length. */
struct token_keys *token_keys_load(const char *path, struct err *e);
/* From bytes, for tests. */
struct token_keys *token_keys_of(const unsigned char secret[32]);
void token_keys_free(struct token_keys *k);

struct token_claims {
    char user[33];
    char id[33];             /* jti: 32 hex digits, random */
    int64_t issued, expires; /* ms since 1970 */
    bool invite;             /* may only be exchanged for a token */
    scope_set scopes;        /* what it is good for; 0: all */
};

/* Makes a token for user that ends ttl_s seconds from now (ms); claims are filled in. out is
 * NUL-terminated. The scopes are its claim "scope", names parted by spaces (RFC 8693, section
 * 4.2). */
bool token_mint(const struct token_keys *k, struct str user, int64_t now, int64_t ttl_s,
                bool invite, scope_set scopes, struct token_claims *claims, struct buf *out,
                struct err *e);

/* Checks length, algorithm (HS256 only, whatever the header says), signature, nbf, exp and
 * shape. ERR_NOT_SIGNED_IN or ERR_TOKEN_EXPIRED in plain words that never repeat the token. */
bool token_check(const struct token_keys *k, struct str token, int64_t now,
                 struct token_claims *claims, struct err *e);

#endif
