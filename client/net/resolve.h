/* Names to addresses without making anybody wait: getaddrinfo(3) in a thread of its own. */
#ifndef MOOT_RESOLVE_H
#define MOOT_RESOLVE_H

#include "err.h"

enum { ADDRESSES_MAX = 8, ADDRESS_TEXT_MAX = 64 };

struct addresses {
    char v[ADDRESSES_MAX][ADDRESS_TEXT_MAX]; /* numeric, as inet_ntop writes them */
    size_t n;
};

struct resolve;

/* Begins to look the name up. NULL when no thread or pipe can be had. */
struct resolve *resolve_start(const char *host);
/* Can be read from once the answer is there. */
int resolve_fd(const struct resolve *r);
/* Takes the answer and frees r; call when the descriptor is readable. */
bool resolve_finish(struct resolve *r, struct addresses *out, struct err *e);
/* Not wanted any more; NULL is fine. The thread ends by itself. */
void resolve_cancel(struct resolve *r);

/* True for what is an address already. */
bool resolve_is_numeric(const char *host);

#endif
