/* What a token is good for. Most are good for all that their person may do; one with scopes
 * only for what these name, and never for what only admins may. */
#ifndef MOOT_SCOPE_H
#define MOOT_SCOPE_H

#include "err.h"

enum scope {
    SCOPE_NONE, /* no scope is enough: it takes a token without any */
    SCOPE_ANY,  /* each is */
    SCOPE_READ,
    SCOPE_CHAT,
    SCOPE_BOARD,
    SCOPE_NOTES,
    SCOPE_ROOMS,
    SCOPE_COUNT
};

/* Several: a bit (1 << enum scope) for each. 0: all there are, and more. */
typedef unsigned scope_set;
#define SCOPE_BIT(name) (1U << SCOPE_##name)

enum { SCOPES_MAX = 64 }; /* bytes of names of scopes, parted by commas */

/* NULL for the first two, which nobody names. */
const char *scope_name(enum scope s);
/* Is a token with these scopes good for it? */
bool scope_allows(scope_set has, enum scope needed);
/* Reads names parted by commas or spaces; nothing gives 0. Fails with the names there are. */
bool scope_parse(struct str names, scope_set *out, struct err *e);
/* Appends the names, parted by `between`. */
void scope_print(struct buf *out, scope_set s, char between);

#endif
