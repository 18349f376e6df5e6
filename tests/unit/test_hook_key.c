#include "hook_key.h"

#include <sodium.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* RFC 4231, section 4, without the truncated one; the data is hashed in two pieces. */
static const struct {
    const char *key, *data, *mac;
} vectors[] = {
    {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265",
     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {"4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
     "dddddddddddd",
     "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
    {"0102030405060708090a0b0c0d0e0f10111213141516171819",
     "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
     "cdcdcdcdcdcd",
     "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368"
     "204b6579204669727374",
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
};

static struct str unhex(const char *hex, unsigned char *out, size_t cap)
{
    size_t n;
    assert_int_equal(sodium_hex2bin(out, cap, hex, strlen(hex), NULL, &n, NULL), 0);
    return (struct str){(const char *)out, n};
}

static void hmac_is_that_of_the_standard(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        unsigned char key[200], data[200], mac[32], want[32];
        struct str k = unhex(vectors[i].key, key, sizeof key);
        struct str d = unhex(vectors[i].data, data, sizeof data);
        const struct str pieces[] = {{d.p, 3}, {d.p + 3, d.n - 3}};
        unhex(vectors[i].mac, want, sizeof want);
        hook_hmac(k, pieces, 2, mac);
        assert_memory_equal(mac, want, sizeof want);
    }
}

/* Whoever has the key that was shown makes the same signature, as Standard Webhooks says. */
static void a_receiver_with_the_key_makes_the_same_signature(void **state)
{
    (void)state;
    unsigned char secret[32] = {1, 2, 3}, key[64], mac[32];
    struct token_keys *k = token_keys_of(secret);
    struct hook_secret s;
    char signature[HOOK_SIGNATURE_CHARS + 1], mine[HOOK_SIGNATURE_CHARS + 1] = "v1,";
    size_t n;
    hook_secret_outgoing(k, &s);
    hook_sign(k, str_of(s.id), STR("x.812"), 1767225600, STR("{\"a\":1}"), signature);
    assert_memory_equal(s.secret, "whsec_", 6);
    assert_int_equal(sodium_base642bin(key, sizeof key, s.secret + 6, strlen(s.secret + 6),
                                       NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL),
                     0);
    assert_int_equal(n, 32);
    const struct str text = STR("x.812.1767225600.{\"a\":1}");
    hook_hmac((struct str){(const char *)key, n}, &text, 1, mac);
    sodium_bin2base64(mine + 3, sizeof mine - 3, mac, sizeof mac,
                      sodium_base64_VARIANT_ORIGINAL);
    assert_string_equal(signature, mine);
    hook_sign(k, str_of(s.id), STR("x.812"), 1767225601, STR("{\"a\":1}"), signature);
    assert_string_not_equal(signature, mine);
    token_keys_free(k);
}

static void a_token_is_known_by_its_hash_alone(void **state)
{
    (void)state;
    struct hook_secret a, b;
    char hash[HOOK_HASH_CHARS + 1];
    hook_secret_incoming(&a);
    hook_secret_incoming(&b);
    assert_int_equal(strlen(a.id), HOOK_ID_CHARS);
    assert_int_equal(strlen(a.secret), HOOK_TOKEN_CHARS);
    assert_string_not_equal(a.id, b.id);
    assert_string_not_equal(a.secret, b.secret);
    hook_hash(str_of(a.secret), hash);
    assert_string_equal(hash, a.hash);
    hook_hash(STR("abc"), hash); /* FIPS 180-4 */
    assert_string_equal(hash,
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void a_delivery_with_a_key_is_known_again(void **state)
{
    (void)state;
    char a[HOOK_CLIENT_CHARS + 1], b[HOOK_CLIENT_CHARS + 1];
    hook_client(STR("h1"), STR("k"), a);
    hook_client(STR("h1"), STR("k"), b);
    assert_string_equal(a, b);
    assert_int_equal(strlen(a), HOOK_CLIENT_CHARS);
    hook_client(STR("h2"), STR("k"), b); /* another hook's key is another */
    assert_string_not_equal(a, b);
    hook_client(STR("h1"), STR(""), a);
    hook_client(STR("h1"), STR(""), b);
    assert_string_not_equal(a, b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hmac_is_that_of_the_standard),
        cmocka_unit_test(a_receiver_with_the_key_makes_the_same_signature),
        cmocka_unit_test(a_token_is_known_by_its_hash_alone),
        cmocka_unit_test(a_delivery_with_a_key_is_known_again),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
