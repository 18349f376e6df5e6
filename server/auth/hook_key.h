/* Secrets of hooks, and what is signed with them. */
#ifndef MOOT_HOOK_KEY_H
#define MOOT_HOOK_KEY_H

#include "token.h"

enum {
    HOOK_ID_CHARS = 16,    /* hex digits of a hook's id */
    HOOK_TOKEN_CHARS = 43, /* of the token of an incoming hook: 32 random bytes, base64url */
    HOOK_HASH_CHARS = 64,
    HOOK_CLIENT_CHARS = 32,
    HOOK_KEY_CHARS = 50,       /* "whsec_" and 32 bytes in base64 */
    HOOK_SIGNATURE_CHARS = 47, /* "v1," and 32 bytes in base64 */
};

/* All of it NUL-terminated, and to be wiped after use. */
struct hook_secret {
    char id[HOOK_ID_CHARS + 1];
    char secret[HOOK_KEY_CHARS + 1]; /* the token, or the key */
    char hash[HOOK_HASH_CHARS + 1];  /* of the token; of a key: empty */
};

/* A token that is random, for an address to post to. */
void hook_secret_incoming(struct hook_secret *s);
/* A key for signatures, which follows from the id and the server's secret. */
void hook_secret_outgoing(const struct token_keys *k, struct hook_secret *s);

/* The client id under which a delivery to a hook is known: one with a key has the same each
 * time it comes, one without an own. */
void hook_client(struct str id, struct str key, char out[HOOK_CLIENT_CHARS + 1]);

/* What a token is known by: its SHA-256 in hex. */
void hook_hash(struct str token, char out[HOOK_HASH_CHARS + 1]);

/* The signature of one delivery as Standard Webhooks has it: HMAC-SHA256 over
 * "DELIVERY.SECONDS.BODY" with the key of the hook, in base64 behind "v1,". */
void hook_sign(const struct token_keys *k, struct str id, struct str delivery, int64_t seconds,
               struct str body, char out[HOOK_SIGNATURE_CHARS + 1]);
/* For pauses that are not to be the same for all. */
uint64_t hook_random(void);
/* HMAC-SHA256 (RFC 2104) over several pieces, one behind the other. */
void hook_hmac(struct str key, const struct str *pieces, size_t n, unsigned char out[32]);

#endif
