/* How many columns text takes: the one width table of the whole programme. */
#ifndef MOOT_WIDTH_H
#define MOOT_WIDTH_H

#include "str.h"

/* The grapheme cluster at the front of s (UAX 29): returns its length in bytes, at least 1 for
 * a non-empty s, and its width in columns, 0 to 2. An invalid byte is a cluster of width 1. A
 * cluster longer than CLUSTER_MAX bytes (a combining flood) is cut there. */
enum { CLUSTER_MAX = 32 };
size_t width_cluster(struct str s, int *width);
/* Columns that all of s takes on one line; unsafe code points count as nothing. */
int width_of(struct str s);
/* The longest front of s, in whole clusters, of at most `width` columns, in bytes. */
size_t width_fit(struct str s, int width);
/* True for one grapheme cluster that is a picture or sign: neither a letter, nor of no width,
 * nor ASCII, but for a keycap, which begins with an ASCII digit. */
bool width_is_emoji(struct str s);

#endif
