#include "token.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { NOW_S = 1700000000 };
static const int64_t now = INT64_C(1000) * NOW_S;
static const unsigned char secret[32] = "thirty-two bytes of test secret";

#define HEADER "{\"typ\":\"JWT\",\"alg\":\"HS256\"}"
#define ID "0123456789abcdef0123456789abcdef"
#define CLAIMS(more) "{\"sub\":\"ana\",\"jti\":\"" ID "\",\"iat\":1700000000" more "}"
#define GOOD CLAIMS(",\"exp\":1700000060")

/* Base64url without padding, RFC 7515. */
static void add_coded(struct buf *out, const void *p, size_t n)
{
    char coded[4096];
    sodium_bin2base64(coded, sizeof coded, p, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    buf_add_str(out, str_of(coded));
}

/* A token of any header and body with a true HMAC: made apart from the library. */
static void make(struct buf *out, const char *header, const char *body,
                 const unsigned char key[32])
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    add_coded(out, header, strlen(header));
    buf_add_c(out, '.');
    add_coded(out, body, strlen(body));
    crypto_auth_hmacsha256(mac, (const unsigned char *)out->p, out->n, key);
    buf_add_c(out, '.');
    add_coded(out, mac, sizeof mac);
}

static struct token_keys *keys_of_test(void)
{
    return token_keys_of(secret);
}

static void assert_answer(struct str token, enum err_code code, const char *words)
{
    struct token_keys *k = keys_of_test();
    struct token_claims c;
    struct err e = {0};
    token_check(k, token, now, &c, &e);
    token_keys_free(k);
    if (e.code != code || !strstr(e.text, words))
        fail_msg("\"%.*s\": wanted %s (%s), got %s (%s)", (int)MIN(token.n, 300), token.p,
                 err_name(code), words, err_name(e.code), e.text);
    if (token.n > 10 && code != ERR_NONE && strstr(e.text, "eyJ"))
        fail_msg("the words repeat the token: %s", e.text);
}

static void minted_token_is_accepted_until_it_ends(void **state)
{
    (void)state;
    struct token_keys *k = keys_of_test();
    struct token_claims made, read;
    struct buf token = {0};
    struct err e = {0};
    assert_true(token_mint(k, STR("ana"), now + 250, 60, false, 0, &made, &token, &e));
    assert_int_equal(made.issued, now);
    assert_int_equal(made.expires, now + 60000);
    assert_true(token_check(k, buf_str(&token), now + 59999, &read, &e));
    assert_string_equal(read.user, "ana");
    assert_string_equal(read.id, made.id);
    assert_int_equal(strlen(read.id), 32);
    assert_int_equal(read.issued, made.issued);
    assert_int_equal(read.expires, made.expires);
    assert_false(read.invite);
    assert_false(token_check(k, buf_str(&token), now + 60000, &read, &e));
    assert_int_equal(e.code, ERR_TOKEN_EXPIRED);
    buf_finish(&token);
    token_keys_free(k);
}

static void invite_is_known_as_one(void **state)
{
    (void)state;
    struct token_keys *k = keys_of_test();
    struct token_claims made, read;
    struct buf token = {0};
    assert_true(token_mint(k, STR("bo"), now, 60, true, 0, &made, &token, NULL));
    assert_true(token_check(k, buf_str(&token), now, &read, NULL));
    assert_true(read.invite);
    buf_finish(&token);
    token_keys_free(k);
}

static void no_two_tokens_have_one_id(void **state)
{
    (void)state;
    struct token_keys *k = keys_of_test();
    struct token_claims a, b;
    struct buf token = {0};
    assert_true(token_mint(k, STR("ana"), now, 60, false, 0, &a, &token, NULL));
    assert_true(token_mint(k, STR("ana"), now, 60, false, 0, &b, &token, NULL));
    assert_string_not_equal(a.id, b.id);
    buf_finish(&token);
    token_keys_free(k);
}

static void token_that_makes_no_sense_is_not_made(void **state)
{
    (void)state;
    static const struct {
        const char *user;
        int64_t at, ttl;
    } rows[] = {
        {"", now, 60},   {"-ana", now, 60},      {"a b", now, 60},
        {"ana", now, 0}, {"ana", now, -1},       {"ana", now, INT64_MAX},
        {"ana", -1, 60}, {"ana", INT64_MAX, 60}, {"a23456789012345678901234567890123", now, 60},
    };
    struct token_keys *k = keys_of_test();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct token_claims c;
        struct buf token = {0};
        struct err e = {0};
        assert_false(token_mint(k, str_of(rows[i].user), rows[i].at, rows[i].ttl, false, 0, &c,
                                &token, &e));
        assert_int_equal(e.code, ERR_BAD_FIELD);
        assert_int_equal(token.n, 0);
    }
    token_keys_free(k);
}

/* All of these carry a true signature: only what they say is wrong. */
static void signed_token_must_say_the_right_things(void **state)
{
    (void)state;
    static const struct {
        const char *header, *body;
        enum err_code code;
        const char *words;
    } rows[] = {
        {HEADER, GOOD, ERR_NONE, ""},
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"x\"}", GOOD, ERR_NONE, ""},
        {HEADER, CLAIMS(",\"exp\":1700000060,\"nbf\":1700000000"), ERR_NONE, ""},
        {HEADER, CLAIMS(",\"exp\":1700000060,\"use\":\"invite\""), ERR_NONE, ""},
        {HEADER, CLAIMS(",\"exp\":1700000060,\"aud\":\"more\""), ERR_NONE, ""},
        /* algorithm and type */
        {"{\"typ\":\"JWT\",\"alg\":\"none\"}", GOOD, ERR_NOT_SIGNED_IN, "HS256"},
        {"{\"typ\":\"JWT\",\"alg\":\"None\"}", GOOD, ERR_NOT_SIGNED_IN, "HS256"},
        {"{\"typ\":\"JWT\",\"alg\":\"hs256\"}", GOOD, ERR_NOT_SIGNED_IN, "HS256"},
        {"{\"typ\":\"JWT\",\"alg\":\"HS384\"}", GOOD, ERR_NOT_SIGNED_IN, "HS256"},
        {"{\"typ\":\"JWT\",\"alg\":\"HS512\"}", GOOD, ERR_NOT_SIGNED_IN, "HS256"},
        {"{\"typ\":\"JWT\",\"alg\":\"RS256\"}", GOOD, ERR_NOT_SIGNED_IN, "HS256"},
        {"{\"typ\":\"JWT\",\"alg\":\"ES256\"}", GOOD, ERR_NOT_SIGNED_IN, "HS256"},
        {"{\"typ\":\"JWT\",\"alg\":\"HS256 \"}", GOOD, ERR_NOT_SIGNED_IN, "HS256"},
        {"{\"typ\":\"JWT\",\"alg\":\"\"}", GOOD, ERR_NOT_SIGNED_IN, "HS256"},
        {"{\"typ\":\"JWT\",\"alg\":256}", GOOD, ERR_NOT_SIGNED_IN, "HS256"},
        {"{\"typ\":\"JWT\",\"alg\":[\"HS256\"]}", GOOD, ERR_NOT_SIGNED_IN, "HS256"},
        {"{\"typ\":\"JWT\"}", GOOD, ERR_NOT_SIGNED_IN, "HS256"},
        {"{\"alg\":\"HS256\"}", GOOD, ERR_NOT_SIGNED_IN, "HS256"},
        {"{\"typ\":\"jwt\",\"alg\":\"HS256\"}", GOOD, ERR_NOT_SIGNED_IN, "HS256"},
        {"{\"typ\":\"JWE\",\"alg\":\"HS256\"}", GOOD, ERR_NOT_SIGNED_IN, "HS256"},
        /* no JSON */
        {"", GOOD, ERR_NOT_SIGNED_IN, "damaged"},
        {"{", GOOD, ERR_NOT_SIGNED_IN, "HS256"},
        {"[]", GOOD, ERR_NOT_SIGNED_IN, "HS256"},
        {"null", GOOD, ERR_NOT_SIGNED_IN, "HS256"},
        {"\xff\xfe", GOOD, ERR_NOT_SIGNED_IN, "HS256"},
        {HEADER, "", ERR_NOT_SIGNED_IN, "damaged"},
        {HEADER, "[]", ERR_NOT_SIGNED_IN, ""},
        {HEADER, "\"ana\"", ERR_NOT_SIGNED_IN, ""},
        {HEADER, "{\"sub\":\"ana\"", ERR_NOT_SIGNED_IN, ""},
        {HEADER, "{}", ERR_NOT_SIGNED_IN, "does not say"},
        /* times */
        {HEADER, CLAIMS(""), ERR_NOT_SIGNED_IN, "does not say"},
        {HEADER, CLAIMS(",\"exp\":1700000000"), ERR_TOKEN_EXPIRED, "expired"},
        {HEADER, CLAIMS(",\"exp\":1"), ERR_TOKEN_EXPIRED, "expired"},
        {HEADER, CLAIMS(",\"exp\":-1"), ERR_NOT_SIGNED_IN, "does not say"},
        {HEADER, CLAIMS(",\"exp\":\"1700000060\""), ERR_NOT_SIGNED_IN, "does not say"},
        {HEADER, CLAIMS(",\"exp\":1700000060.5"), ERR_NOT_SIGNED_IN, "does not say"},
        {HEADER, CLAIMS(",\"exp\":1.7e9"), ERR_NOT_SIGNED_IN, "does not say"},
        {HEADER, CLAIMS(",\"exp\":true"), ERR_NOT_SIGNED_IN, "does not say"},
        {HEADER, CLAIMS(",\"exp\":null"), ERR_NOT_SIGNED_IN, "does not say"},
        {HEADER, CLAIMS(",\"exp\":9223372036854775807"), ERR_NOT_SIGNED_IN, "does not say"},
        {HEADER, CLAIMS(",\"exp\":99999999999999999999"), ERR_NOT_SIGNED_IN, ""},
        {HEADER, CLAIMS(",\"exp\":1700000060,\"nbf\":1700000005"), ERR_NOT_SIGNED_IN,
         "not valid yet, for another 5 s"},
        {HEADER, CLAIMS(",\"exp\":1700000060,\"nbf\":\"soon\""), ERR_NOT_SIGNED_IN,
         "does not say"},
        {HEADER, "{\"sub\":\"ana\",\"jti\":\"" ID "\",\"exp\":1700000060}", ERR_NOT_SIGNED_IN,
         "does not say"},
        /* names */
        {HEADER, "{\"jti\":\"" ID "\",\"iat\":1,\"exp\":1700000060}", ERR_NOT_SIGNED_IN,
         "does not say"},
        {HEADER, "{\"sub\":7,\"jti\":\"" ID "\",\"iat\":1,\"exp\":1700000060}",
         ERR_NOT_SIGNED_IN, "does not say"},
        {HEADER, "{\"sub\":\"\",\"jti\":\"" ID "\",\"iat\":1,\"exp\":1700000060}",
         ERR_NOT_SIGNED_IN, "does not say"},
        {HEADER, "{\"sub\":\"a/b\",\"jti\":\"" ID "\",\"iat\":1,\"exp\":1700000060}",
         ERR_NOT_SIGNED_IN, "does not say"},
        {HEADER, "{\"sub\":\"ana\\u0000\",\"jti\":\"" ID "\",\"iat\":1,\"exp\":1700000060}",
         ERR_NOT_SIGNED_IN, ""},
        {HEADER,
         "{\"sub\":\"a23456789012345678901234567890123\",\"jti\":\"" ID
         "\",\"iat\":1,\"exp\":1700000060}",
         ERR_NOT_SIGNED_IN, "does not say"},
        {HEADER, "{\"sub\":\"ana\",\"iat\":1,\"exp\":1700000060}", ERR_NOT_SIGNED_IN,
         "does not say"},
        {HEADER, "{\"sub\":\"ana\",\"jti\":\"short\",\"iat\":1,\"exp\":1700000060}",
         ERR_NOT_SIGNED_IN, "does not say"},
        {HEADER,
         "{\"sub\":\"ana\",\"jti\":\"0123456789ABCDEF0123456789ABCDEF\",\"iat\":1,"
         "\"exp\":1700000060}",
         ERR_NOT_SIGNED_IN, "does not say"},
        {HEADER, CLAIMS(",\"exp\":1700000060,\"use\":\"admin\""), ERR_NOT_SIGNED_IN,
         "does not say"},
        {HEADER, CLAIMS(",\"exp\":1700000060,\"scope\":\"read all\""), ERR_NOT_SIGNED_IN,
         "does not say"},
        {HEADER, CLAIMS(",\"exp\":1700000060,\"scope\":\"\""), ERR_NOT_SIGNED_IN,
         "does not say"},
        {HEADER, CLAIMS(",\"exp\":1700000060,\"scope\":[\"read\"]"), ERR_NOT_SIGNED_IN,
         "does not say"},
        {HEADER, CLAIMS(",\"exp\":1700000060,\"scope\":null"), ERR_NOT_SIGNED_IN,
         "does not say"},
        {HEADER, CLAIMS(",\"exp\":1700000060,\"use\":1"), ERR_NOT_SIGNED_IN, "does not say"},
        {HEADER, CLAIMS(",\"exp\":1700000060,\"use\":null"), ERR_NOT_SIGNED_IN, "does not say"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf token = {0};
        make(&token, rows[i].header, rows[i].body, secret);
        assert_answer(buf_str(&token), rows[i].code, rows[i].words);
        buf_finish(&token);
    }
}

static void only_our_signature_counts(void **state)
{
    (void)state;
    static const unsigned char other[32] = "another server's secret of bytes";
    struct buf token = {0};
    make(&token, HEADER, GOOD, other);
    assert_answer(buf_str(&token), ERR_NOT_SIGNED_IN, "not signed by this server");
    buf_clear(&token);
    make(&token, "{\"typ\":\"JWT\",\"alg\":\"none\"}", GOOD, secret);
    while (token.n && token.p[token.n - 1] != '.')
        token.n--;
    assert_answer(buf_str(&token), ERR_NOT_SIGNED_IN, "is not signed");
    token.n--;
    assert_answer(buf_str(&token), ERR_NOT_SIGNED_IN, "is not signed");
    buf_finish(&token);
}

/* Any one changed, missing or added character makes it somebody else's. */
static void no_changed_token_passes(void **state)
{
    (void)state;
    struct token_keys *k = keys_of_test();
    struct token_claims c;
    struct buf good = {0};
    make(&good, HEADER, GOOD, secret);
    assert_true(token_check(k, buf_str(&good), now, &c, NULL));
    static const char others[] = "A.-_=+/ \n\t\"\0z";
    for (size_t i = 0; i < good.n; i++) {
        char was = good.p[i];
        for (size_t o = 0; o < sizeof others; o++) {
            good.p[i] = others[o];
            if (others[o] != was && token_check(k, buf_str(&good), now, &c, NULL))
                fail_msg("character %zu may be %#x", i, (unsigned)others[o]);
        }
        good.p[i] = was;
        assert_false(token_check(k, (struct str){good.p, i}, now, &c, NULL));
        assert_false(
            token_check(k, (struct str){good.p + i + 1, good.n - i - 1}, now, &c, NULL));
    }
    buf_add_c(&good, '=');
    assert_false(token_check(k, buf_str(&good), now, &c, NULL));
    buf_finish(&good);
    token_keys_free(k);
}

static void shapes_that_are_no_token_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *token, *words;
    } rows[] = {
        {"", "no token"},
        {".", "damaged"},
        {"..", "damaged"},
        {"...", "damaged"},
        {"a.b", "not signed"},
        {"a.b.", "not signed"},
        {"a..c", "damaged"},
        {".b.c", "damaged"},
        {"a.b.c", "not signed by this"},
        {"a.b.c.d", "damaged"},
        {"a b.c.d", "damaged"},
        {"a.b.c\n", "damaged"},
        {"Bearer x", "damaged"},
        {"a.b.\xc3\xa9", "damaged"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_answer(str_of(rows[i].token), ERR_NOT_SIGNED_IN, rows[i].words);
}

static void size_is_checked_before_all_else(void **state)
{
    (void)state;
    size_t n = 10 * 1024 * 1024;
    char *huge = mem_new(n);
    memset(huge, 'A', n);
    assert_answer((struct str){huge, n}, ERR_NOT_SIGNED_IN, "at most 2048");
    assert_answer((struct str){huge, 2049}, ERR_NOT_SIGNED_IN, "at most 2048");
    assert_answer((struct str){huge, 2048}, ERR_NOT_SIGNED_IN, "damaged");
    free(huge);
}

static void deeply_nested_claims_are_refused(void **state)
{
    (void)state;
    char body[1400] = "{\"sub\":";
    memset(body + 7, '[', sizeof body - 8);
    struct buf token = {0};
    make(&token, HEADER, body, secret);
    assert_answer(buf_str(&token), ERR_NOT_SIGNED_IN, "");
    buf_finish(&token);
}

/* ---- the file of the secret ---- */

struct place {
    char folder[64], path[80];
};

static int make_place(void **state)
{
    struct place *p = NEW(struct place);
    snprintf(p->folder, sizeof p->folder, "/tmp/moot-token-XXXXXX");
    if (!mkdtemp(p->folder))
        return -1;
    snprintf(p->path, sizeof p->path, "%s/secret", p->folder);
    *state = p;
    return 0;
}

static int drop_place(void **state)
{
    struct place *p = *state;
    unlink(p->path);
    int rc = rmdir(p->folder);
    free(p);
    return rc;
}

static void secret_is_made_once_and_kept(void **state)
{
    const struct place *p = *state;
    struct err e = {0};
    struct token_keys *first = token_keys_load(p->path, &e);
    assert_non_null(first);
    struct stat st;
    assert_int_equal(stat(p->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(st.st_size, 32);
    struct buf token = {0};
    struct token_claims c;
    assert_true(token_mint(first, STR("ana"), now, 60, false, 0, &c, &token, &e));
    token_keys_free(first);
    struct token_keys *second = token_keys_load(p->path, &e);
    assert_non_null(second);
    assert_true(token_check(second, buf_str(&token), now, &c, &e));
    token_keys_free(second);
    assert_int_equal(unlink(p->path), 0);
    struct token_keys *third = token_keys_load(p->path, &e);
    assert_false(token_check(third, buf_str(&token), now, &c, &e));
    token_keys_free(third);
    buf_finish(&token);
}

static void assert_no_keys(const char *path, const char *words)
{
    struct err e = {0};
    assert_null(token_keys_load(path, &e));
    assert_int_equal(e.code, ERR_IO);
    if (!strstr(e.text, words))
        fail_msg("\"%s\" does not say \"%s\"", e.text, words);
}

static void put_file(const char *path, size_t n, mode_t mode)
{
    static const char bytes[64];
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, n), n);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static void secret_that_is_none_is_refused(void **state)
{
    const struct place *p = *state;
    put_file(p->path, 32, 0640);
    assert_no_keys(p->path, "others may read");
    put_file(p->path, 32, 0602);
    assert_no_keys(p->path, "others may read");
    put_file(p->path, 31, 0600);
    assert_no_keys(p->path, "31 bytes");
    put_file(p->path, 33, 0600);
    assert_no_keys(p->path, "33 bytes");
    put_file(p->path, 0, 0600);
    assert_no_keys(p->path, "0 bytes");
    if (getuid() == 0) {
        put_file(p->path, 32, 0600);
        assert_int_equal(chown(p->path, 65534, 65534), 0);
        assert_no_keys(p->path, "another account");
    }
    assert_int_equal(unlink(p->path), 0);
    assert_int_equal(symlink("/dev/zero", p->path), 0);
    assert_no_keys(p->path, "cannot read");
    assert_int_equal(unlink(p->path), 0);
    assert_int_equal(mkfifo(p->path, 0600), 0);
    assert_no_keys(p->path, "no ordinary file");
    assert_no_keys(p->folder, "no ordinary file");
    assert_no_keys("/tmp/no/such/folder/secret", "No such file");
}

#define WITH_PLACE(name) cmocka_unit_test_setup_teardown(name, make_place, drop_place)

static void scopes_are_claims_that_are_checked(void **state)
{
    (void)state;
    struct token_keys *k = keys_of_test();
    struct token_claims made, read;
    struct buf token = {0};
    scope_set some = SCOPE_BIT(READ) | SCOPE_BIT(BOARD);
    assert_true(token_mint(k, STR("ci"), now, 60, false, some, &made, &token, NULL));
    assert_true(token_check(k, buf_str(&token), now, &read, NULL));
    assert_int_equal(read.scopes, some);
    buf_finish(&token);
    token_keys_free(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minted_token_is_accepted_until_it_ends),
        cmocka_unit_test(invite_is_known_as_one),
        cmocka_unit_test(no_two_tokens_have_one_id),
        cmocka_unit_test(token_that_makes_no_sense_is_not_made),
        cmocka_unit_test(signed_token_must_say_the_right_things),
        cmocka_unit_test(only_our_signature_counts),
        cmocka_unit_test(no_changed_token_passes),
        cmocka_unit_test(shapes_that_are_no_token_are_refused),
        cmocka_unit_test(size_is_checked_before_all_else),
        cmocka_unit_test(scopes_are_claims_that_are_checked),
        cmocka_unit_test(deeply_nested_claims_are_refused),
        WITH_PLACE(secret_is_made_once_and_kept),
        WITH_PLACE(secret_that_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
