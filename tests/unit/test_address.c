#include "address.h"
#include "str.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool is_public(const char *text)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return address_is_public((const struct sockaddr *)&v4);
    assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
    return address_is_public((const struct sockaddr *)&v6);
}

static void addresses_for_everybody_are_public(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "1.1.1.1",        "9.255.255.255",    "11.0.0.0",        "100.63.255.255",
        "100.128.0.0",    "126.255.255.255",  "128.0.0.1",       "172.15.255.255",
        "172.32.0.0",     "192.167.255.255",  "192.169.0.0",     "198.17.255.255",
        "198.20.0.0",     "223.255.255.255",  "2606:4700::1111", "2a01:4f8::1",
        "::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::",
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (!is_public(rows[i]))
            fail_msg("%s", rows[i]);
}

static void what_leads_back_or_nowhere_is_not(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::169.254.169.254",
        "2002:7f00:1::",
        "::127.0.0.1",
        "100::1",
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (is_public(rows[i]))
            fail_msg("%s", rows[i]);
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    assert_false(address_is_public((const struct sockaddr *)&local));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_for_everybody_are_public),
        cmocka_unit_test(what_leads_back_or_nowhere_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
