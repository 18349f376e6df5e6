#include "address.h"

#include "str.h"

#include <netinet/in.h>
#include <string.h>

/* Ranges by their first bits. */
static const struct {
    unsigned char first[4];
    int bits;
} v4_closed[] = {
    {{0}, 8},             /* this network */
    {{10}, 8},            /* private */
    {{100, 64}, 10},      /* behind a carrier's NAT */
    {{127}, 8},           /* loopback */
    {{169, 254}, 16},     /* link-local; metadata of cloud machines */
    {{172, 16}, 12},      /* private */
    {{192, 0, 0}, 24},    /* protocol assignments */
    {{192, 0, 2}, 24},    /* documentation */
    {{192, 88, 99}, 24},  /* 6to4 relays */
    {{192, 168}, 16},     /* private */
    {{198, 18}, 15},      /* benchmarks */
    {{198, 51, 100}, 24}, /* documentation */
    {{203, 0, 113}, 24},  /* documentation */
    {{224}, 3},           /* multicast, reserved, broadcast */
};

static const struct {
    unsigned char first[16];
    int bits;
} v6_open[] =
    {
        {{0x20}, 3}, /* global unicast, 2000::/3; nothing else is given out */
},
  v6_closed[] = {
      {{0x20, 0x01, 0x00}, 23},       /* protocol assignments, Teredo */
      {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
      {{0x3f, 0xff}, 20},             /* documentation */
};

/* Where an IPv4 address stands within one of IPv6. */
static const struct {
    unsigned char first[16];
    int bits;
    size_t at;
} v4_within[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, 12}, /* mapped */
    {{0, 0x64, 0xff, 0x9b}, 96, 12},                      /* NAT64 */
    {{0x20, 0x02}, 16, 2},                                /* 6to4 */
};

static bool begins(const unsigned char *a, const unsigned char *first, int bits)
{
    int whole = bits / 8, rest = bits % 8;
    unsigned mask = 0xff00U >> rest & 0xff;
    return memcmp(a, first, (size_t)whole) == 0 &&
           (rest == 0 || (a[whole] & mask) == (first[whole] & mask));
}

static bool is_public_v4(const unsigned char a[4])
{
    for (size_t i = 0; i < COUNT_OF(v4_closed); i++)
        if (begins(a, v4_closed[i].first, v4_closed[i].bits))
            return false;
    return true;
}

static bool is_public_v6(const unsigned char a[16])
{
    for (size_t i = 0; i < COUNT_OF(v4_within); i++)
        if (begins(a, v4_within[i].first, v4_within[i].bits))
            return is_public_v4(a + v4_within[i].at);
    for (size_t i = 0; i < COUNT_OF(v6_closed); i++)
        if (begins(a, v6_closed[i].first, v6_closed[i].bits))
            return false;
    return begins(a, v6_open[0].first, v6_open[0].bits);
}

bool address_is_public(const struct sockaddr *a)
{
    unsigned char bytes[16];
    if (a->sa_family == AF_INET) {
        memcpy(bytes, &((const struct sockaddr_in *)(const void *)a)->sin_addr, 4);
        return is_public_v4(bytes);
    }
    if (a->sa_family != AF_INET6)
        return false;
    memcpy(bytes, &((const struct sockaddr_in6 *)(const void *)a)->sin6_addr, 16);
    return is_public_v6(bytes);
}
