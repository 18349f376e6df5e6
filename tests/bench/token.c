#include "token.h"

#include <sodium.h>
#include <stdio.h>
#include <time.h>

bool secret_load(const char *path, unsigned char secret[SECRET_BYTES])
{
    FILE *f = fopen(path, "rbe");
    bool ok = f && fread(secret, 1, SECRET_BYTES, f) == SECRET_BYTES;
    if (f)
        fclose(f);
    return ok;
}

static void add_base64(struct buf *out, const void *bytes, size_t n)
{
    size_t room = sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    buf_reserve(out, room);
    sodium_bin2base64(out->p + out->n, room, bytes, n,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    out->n += room - 1;
}

void token_make(struct buf *out, const unsigned char secret[SECRET_BYTES], const char *user)
{
    static const char header[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    unsigned char id[16], mac[crypto_auth_hmacsha256_BYTES];
    char hex[2 * sizeof(id) + 1], claims[256];
    crypto_auth_hmacsha256_state state;
    long long now = (long long)time(NULL);
    size_t from = out->n;

    randombytes_buf(id, sizeof(id));
    sodium_bin2hex(hex, sizeof(hex), id, sizeof(id));
    int n = snprintf(claims, sizeof(claims),
                     "{\"exp\":%lld,\"iat\":%lld,\"jti\":\"%s\",\"nbf\":%lld,\"sub\":\"%s\"}",
                     now + 86400, now, hex, now, user);
    add_base64(out, header, sizeof(header) - 1);
    buf_add_c(out, '.');
    add_base64(out, claims, (size_t)n);
    crypto_auth_hmacsha256_init(&state, secret, SECRET_BYTES);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)out->p + from, out->n - from);
    crypto_auth_hmacsha256_final(&state, mac);
    buf_add_c(out, '.');
    add_base64(out, mac, sizeof(mac));
}
