/* The signature is checked here, in constant time, before the library sees a byte of the token:
 * what nobody with the secret has signed costs one hash, and never reaches a JSON parser. */
#include "token.h"

#include "bounds.h"
#include "msg.h"
#include "token_secret.h"

#include <errno.h>
#include <fcntl.h>
#include <jwt.h>
#include <libgen.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    SECRET_SIZE = 32,
    SIGNATURE_CHARS = 43, /* 32 bytes in base64url without padding */
    ID_CHARS = 32,
    LEEWAY_S = 0, /* the server checks what its own clock has dated */
};
static const int64_t SECONDS_MAX = SEQ_MAX / 1000;

struct token_keys {
    unsigned char secret[SECRET_SIZE];
};

/* ---- the secret ---- */

static struct token_keys *keys_new(void)
{
    bug_on(sodium_init() < 0);
    return NEW(struct token_keys);
}

struct token_keys *token_keys_of(const unsigned char secret[32])
{
    struct token_keys *k = keys_new();
    memcpy(k->secret, secret, SECRET_SIZE);
    return k;
}

void token_keys_free(struct token_keys *k)
{
    if (!k)
        return;
    sodium_memzero(k, sizeof *k);
    free(k);
}

struct str token_secret(const struct token_keys *k)
{
    return (struct str){(const char *)k->secret, sizeof k->secret};
}

static bool write_secret(int fd)
{
    unsigned char secret[SECRET_SIZE];
    randombytes_buf(secret, sizeof secret);
    bool ok = write(fd, secret, sizeof secret) == sizeof secret && fsync(fd) == 0;
    sodium_memzero(secret, sizeof secret);
    return ok;
}

static void sync_folder(const char *path)
{
    char *copy = str_dup(str_of(path));
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    free(copy);
}

/* Writes the secret under another name and then links it, so that the file is never seen half
 * written, and of two servers that start at once both get the same one. */
static bool make_secret(const char *path, struct err *e)
{
    struct buf name = {0};
    buf_fmt(&name, "%s.XXXXXX", path);
    buf_cstr(&name);
    int fd = mkostemp(name.p, O_CLOEXEC);
    bool ok = fd >= 0 && write_secret(fd) && (link(name.p, path) == 0 || errno == EEXIST);
    if (!ok)
        fail(e, ERR_IO, "cannot make the secret for tokens, %s: %s", path, strerror(errno));
    if (fd >= 0) {
        close(fd);
        unlink(name.p);
    }
    buf_finish(&name);
    if (ok)
        sync_folder(path);
    return ok;
}

/* May this file hold a secret? */
static bool is_private(int fd, const char *path, struct err *e)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return fail(e, ERR_IO, "%s: %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return fail(e, ERR_IO, "%s: the secret for tokens is no ordinary file", path);
    if (st.st_uid != geteuid())
        return fail(e, ERR_IO, "%s: the secret for tokens belongs to another account", path);
    if (st.st_mode & 077)
        return fail(e, ERR_IO,
                    "%s: others may read the secret for tokens (mode %03o); chmod 600", path,
                    (unsigned)st.st_mode & 0777);
    if (st.st_size != SECRET_SIZE)
        return fail(e, ERR_IO, "%s: the secret for tokens has %lld bytes, not %d", path,
                    (long long)st.st_size, SECRET_SIZE);
    return true;
}

static int open_secret(const char *path)
{
    return open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
}

struct token_keys *token_keys_load(const char *path, struct err *e)
{
    struct token_keys *k = keys_new();
    int fd = open_secret(path);
    if (fd < 0 && errno == ENOENT) {
        if (!make_secret(path, e))
            goto bad;
        fd = open_secret(path);
    }
    if (fd < 0) {
        fail(e, ERR_IO, "cannot read the secret for tokens, %s: %s", path, strerror(errno));
        goto bad;
    }
    if (!is_private(fd, path, e))
        goto bad;
    if (read(fd, k->secret, SECRET_SIZE) != SECRET_SIZE) {
        fail(e, ERR_IO, "%s: the secret for tokens cannot be read whole", path);
        goto bad;
    }
    close(fd);
    return k;
bad:
    if (fd >= 0)
        close(fd);
    token_keys_free(k);
    return NULL;
}

/* ---- making ---- */

static bool fill_claims(struct token_claims *c, struct str user, int64_t now, int64_t ttl_s,
                        bool invite, struct err *e)
{
    int64_t issued = now / 1000;
    if (user.n > USER_NAME_MAX || !str_follows(user, RULE_USER))
        return fail(e, ERR_BAD_FIELD, "a token is for a user name of at most %d bytes: %s",
                    USER_NAME_MAX, str_rule_sentence(RULE_USER));
    if (now < 0 || ttl_s < 1 || ttl_s > SECONDS_MAX - issued)
        return fail(e, ERR_BAD_FIELD, "a token lasts at least one second, and not for ever");
    *c = (struct token_claims){
        .issued = issued * 1000,
        .expires = (issued + ttl_s) * 1000,
        .invite = invite,
    };
    memcpy(c->user, user.p, user.n);
    unsigned char id[ID_CHARS / 2];
    randombytes_buf(id, sizeof id);
    sodium_bin2hex(c->id, sizeof c->id, id, sizeof id);
    return true;
}

bool token_mint(const struct token_keys *k, struct str user, int64_t now, int64_t ttl_s,
                bool invite, scope_set scopes, struct token_claims *claims, struct buf *out,
                struct err *e)
{
    if (!fill_claims(claims, user, now, ttl_s, invite, e))
        return false;
    claims->scopes = scopes;
    jwt_t *jwt = NULL;
    char *text = NULL;
    struct buf scope = {0};
    scope_print(&scope, scopes, ' ');
    if (jwt_new(&jwt) == 0 && jwt_set_alg(jwt, JWT_ALG_HS256, k->secret, SECRET_SIZE) == 0 &&
        jwt_add_grant(jwt, "sub", claims->user) == 0 &&
        jwt_add_grant(jwt, "jti", claims->id) == 0 &&
        jwt_add_grant_int(jwt, "iat", (long)(claims->issued / 1000)) == 0 &&
        jwt_add_grant_int(jwt, "exp", (long)(claims->expires / 1000)) == 0 &&
        (!invite || jwt_add_grant(jwt, "use", "invite") == 0) &&
        (!scopes || jwt_add_grant(jwt, "scope", buf_cstr(&scope)) == 0))
        text = jwt_encode_str(jwt);
    jwt_free(jwt);
    buf_finish(&scope);
    if (!text)
        return fail(e, ERR_INTERNAL, "the token could not be made");
    buf_add_str(out, str_of(text));
    buf_cstr(out);
    free(text);
    return true;
}

/* ---- checking ---- */

static bool is_base64url(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
        if (!ok)
            return false;
    }
    return s.n > 0;
}

/* Three parts: what is signed is the first two with the dot between them. */
static bool split(struct str token, struct str *is_signed, struct str *signature, struct err *e)
{
    if (token.n == 0)
        return fail(e, ERR_NOT_SIGNED_IN, "there is no token");
    if (token.n > TOKEN_MAX)
        return fail(e, ERR_NOT_SIGNED_IN, "the token has %zu bytes, at most %d are allowed",
                    token.n, TOKEN_MAX);
    struct str rest = token, header = str_cut(&rest, '.'), body = str_cut(&rest, '.');
    *signature = rest;
    *is_signed = (struct str){token.p, header.n + 1 + body.n};
    if (!is_base64url(header) || !is_base64url(body) || (rest.n && !is_base64url(rest)))
        return fail(e, ERR_NOT_SIGNED_IN, "the token is damaged: copy it again, as a whole");
    if (rest.n == 0)
        return fail(e, ERR_NOT_SIGNED_IN, "the token is not signed");
    return true;
}

/* RFC 7515, appendix A.1; the comparison takes the same time wherever the bytes differ. */
static bool is_signed_by(const struct token_keys *k, struct str text, struct str signature)
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    size_t n;
    if (signature.n != SIGNATURE_CHARS ||
        sodium_base642bin(mac, sizeof mac, signature.p, signature.n, NULL, &n, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        n != sizeof mac)
        return false;
    return crypto_auth_hmacsha256_verify(mac, (const unsigned char *)text.p, text.n,
                                         k->secret) == 0;
}

/* The library takes algorithm and type in any case, and a header without a type. */
static bool has_our_header(jwt_t *jwt)
{
    const char *alg = jwt_get_header(jwt, "alg"), *typ = jwt_get_header(jwt, "typ");
    return alg && typ && strcmp(alg, "HS256") == 0 && strcmp(typ, "JWT") == 0;
}

/* A time in seconds: 1 is there, 0 is not, -1 is no time. Read from the claim's own JSON: asked
 * for an integer, the library says 0 to everything that is none. */
static int take_time(jwt_t *jwt, const char *claim, int64_t *seconds)
{
    char *json = jwt_get_grants_json(jwt, claim);
    if (!json)
        return 0;
    bool ok = str_int(str_of(json), 0, SECONDS_MAX, seconds);
    free(json);
    return ok ? 1 : -1;
}

static bool is_hex(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= '0' && s.p[i] <= '9') && !(s.p[i] >= 'a' && s.p[i] <= 'f'))
            return false;
    return true;
}

static bool take_names(jwt_t *jwt, struct token_claims *c)
{
    struct str user = str_of(jwt_get_grant(jwt, "sub"));
    struct str id = str_of(jwt_get_grant(jwt, "jti"));
    if (user.n > USER_NAME_MAX || !str_follows(user, RULE_USER))
        return false;
    if (id.n != ID_CHARS || !is_hex(id))
        return false;
    memcpy(c->user, user.p, user.n + 1);
    memcpy(c->id, id.p, id.n + 1);
    return true;
}

/* "use" says what a token is for; one for something else than we know is not for signing in. */
static bool take_use(jwt_t *jwt, struct token_claims *c)
{
    errno = 0;
    const char *use = jwt_get_grant(jwt, "use");
    if (!use)
        return errno == ENOENT;
    c->invite = strcmp(use, "invite") == 0;
    return c->invite;
}

/* A token that says of itself that it is good for some things only is never good for all: not
 * when it names none, nor one that we do not know. */
static bool take_scopes(jwt_t *jwt, struct token_claims *c)
{
    errno = 0;
    const char *scope = jwt_get_grant(jwt, "scope");
    if (!scope)
        return errno == ENOENT;
    return scope_parse(str_of(scope), &c->scopes, NULL) && c->scopes;
}

static bool take_claims(jwt_t *jwt, int64_t now, struct token_claims *c, struct err *e)
{
    int64_t issued, expires, not_before, now_s = now / 1000;
    int nbf = take_time(jwt, "nbf", &not_before);
    *c = (struct token_claims){0};
    if (!has_our_header(jwt))
        return fail(e, ERR_NOT_SIGNED_IN, "the token is no JWT with HS256");
    if (take_time(jwt, "iat", &issued) != 1 || take_time(jwt, "exp", &expires) != 1 ||
        nbf < 0 || !take_names(jwt, c) || !take_use(jwt, c) || !take_scopes(jwt, c))
        return fail(e, ERR_NOT_SIGNED_IN, "the token does not say what a token of moot says");
    if (nbf && now_s + LEEWAY_S < not_before)
        return fail(e, ERR_NOT_SIGNED_IN, "the token is not valid yet, for another %lld s",
                    (long long)(not_before - now_s));
    if (now_s - LEEWAY_S >= expires)
        return fail(e, ERR_TOKEN_EXPIRED, "the token has expired; ask an admin for a new one");
    c->issued = issued * 1000;
    c->expires = expires * 1000;
    return true;
}

bool token_check(const struct token_keys *k, struct str token, int64_t now,
                 struct token_claims *claims, struct err *e)
{
    struct str text = {0}, signature = {0};
    if (!split(token, &text, &signature, e))
        return false;
    if (!is_signed_by(k, text, signature))
        return fail(e, ERR_NOT_SIGNED_IN, "the token was not signed by this server with HS256");
    char copy[TOKEN_MAX + 1];
    memcpy(copy, token.p, token.n);
    copy[token.n] = '\0';
    jwt_t *jwt = NULL;
    /* No key: the signature was just checked, over the same bytes. */
    if (jwt_decode(&jwt, copy, NULL, 0) != 0)
        return fail(e, ERR_NOT_SIGNED_IN, "the token is no JWT with HS256");
    bool ok = take_claims(jwt, now, claims, e);
    jwt_free(jwt);
    return ok;
}
