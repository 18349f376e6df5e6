/* Which addresses are for everybody: what a hook may send to. */
#ifndef MOOT_ADDRESS_H
#define MOOT_ADDRESS_H

#include <stdbool.h>

struct sockaddr;

/* False for what leads back to this machine or into a network of its own: loopback, private,
 * link-local, multicast, and the ranges that are kept for other ends (RFC 6890), also where an
 * IPv4 address of these stands within one of IPv6. */
bool address_is_public(const struct sockaddr *a);

#endif
