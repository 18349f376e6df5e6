#include "hook_key.h"

#include "token_secret.h"

#include <assert.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { ID_BYTES = HOOK_ID_CHARS / 2, KEY_BYTES = 32, SIGNATURE_VERSION = 3 };

static_assert(KEY_BYTES == crypto_auth_hmacsha256_BYTES, "a key is as long as a signature");

static const char key_prefix[] = "whsec_";

static void make_id(struct hook_secret *s)
{
    unsigned char id[ID_BYTES];
    *s = (struct hook_secret){0};
    randombytes_buf(id, sizeof id);
    sodium_bin2hex(s->id, sizeof s->id, id, sizeof id);
}

void hook_hash(struct str token, char out[HOOK_HASH_CHARS + 1])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)token.p, token.n);
    sodium_bin2hex(out, HOOK_HASH_CHARS + 1, hash, sizeof hash);
}

void hook_secret_incoming(struct hook_secret *s)
{
    unsigned char token[KEY_BYTES];
    make_id(s);
    randombytes_buf(token, sizeof token);
    sodium_bin2base64(s->secret, sizeof s->secret, token, sizeof token,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    hook_hash(str_of(s->secret), s->hash);
    sodium_memzero(token, sizeof token);
}

uint64_t hook_random(void)
{
    uint64_t r;
    randombytes_buf(&r, sizeof r);
    return r;
}

void hook_client(struct str id, struct str key, char out[HOOK_CLIENT_CHARS + 1])
{
    unsigned char bytes[KEY_BYTES];
    const struct str pieces[] = {id, key};
    if (key.n)
        hook_hmac(STR("moot delivery"), pieces, COUNT_OF(pieces), bytes);
    else
        randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(out, HOOK_CLIENT_CHARS + 1, bytes, HOOK_CLIENT_CHARS / 2);
}

void hook_hmac(struct str key, const struct str *pieces, size_t n, unsigned char out[32])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.p, key.n);
    for (size_t i = 0; i < n; i++)
        crypto_auth_hmacsha256_update(&state, (const unsigned char *)pieces[i].p, pieces[i].n);
    crypto_auth_hmacsha256_final(&state, out);
    sodium_memzero(&state, sizeof state);
}

/* What it is for stands in front, so that no token can ever be taken for one. */
static void key_of(const struct token_keys *k, struct str id, unsigned char key[KEY_BYTES])
{
    const struct str pieces[] = {STR("moot hook "), id};
    hook_hmac(token_secret(k), pieces, COUNT_OF(pieces), key);
}

void hook_secret_outgoing(const struct token_keys *k, struct hook_secret *s)
{
    unsigned char key[KEY_BYTES];
    make_id(s);
    key_of(k, str_of(s->id), key);
    memcpy(s->secret, key_prefix, sizeof key_prefix);
    sodium_bin2base64(s->secret + sizeof key_prefix - 1,
                      sizeof s->secret - (sizeof key_prefix - 1), key, sizeof key,
                      sodium_base64_VARIANT_ORIGINAL);
    sodium_memzero(key, sizeof key);
}

void hook_sign(const struct token_keys *k, struct str id, struct str delivery, int64_t seconds,
               struct str body, char out[HOOK_SIGNATURE_CHARS + 1])
{
    unsigned char key[KEY_BYTES], mac[KEY_BYTES];
    char time[32];
    int n = snprintf(time, sizeof time, ".%" PRId64 ".", seconds);
    key_of(k, id, key);
    const struct str pieces[] = {delivery, {time, (size_t)n}, body};
    hook_hmac((struct str){(const char *)key, sizeof key}, pieces, COUNT_OF(pieces), mac);
    memcpy(out, "v1,", SIGNATURE_VERSION);
    sodium_bin2base64(out + SIGNATURE_VERSION, HOOK_SIGNATURE_CHARS + 1 - SIGNATURE_VERSION,
                      mac, sizeof mac, sodium_base64_VARIANT_ORIGINAL);
    sodium_memzero(key, sizeof key);
}
