/* Emoji and their names, as people write them between colons: ":tada:". A few hundred common
 * ones; any other is taken as it stands. */
#ifndef MOOT_EMOJI_H
#define MOOT_EMOJI_H

#include "str.h"

struct emoji {
    struct str name; /* without colons */
    struct str text;
    int rank; /* its place as people look for them, from 1; several names share one */
};

/* Sorted by name, byte by byte. */
extern const struct emoji emoji_table[];
extern const size_t emoji_count;

/* The emoji of that name; empty when there is none. */
struct str emoji_named(struct str name);
/* What an emoji is called; empty when it has no name here. */
struct str emoji_name(struct str text);
/* A reaction as all write it: the emoji where ":name:" has one, anything else as it is. */
struct str emoji_of(struct str word);
/* The name in front of s, when s begins with ":name:" and an emoji is called that; else empty.
 */
struct str emoji_at(struct str s);

#endif
