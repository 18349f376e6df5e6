/* Is it JSON? Strictly, and within bounds, before a parser that is more lenient sees it. */
#ifndef MOOT_JSON_CHECK_H
#define MOOT_JSON_CHECK_H

#include "err.h"

/* True when s is one JSON text and nothing else (RFC 8259), its strings UTF-8 without NUL, also
 * not as an escape, and without halves of surrogate pairs, nested at most JSON_DEPTH_MAX deep.
 * Otherwise ERR_MALFORMED with the place. */
bool json_check(struct str s, struct err *e);

#endif
