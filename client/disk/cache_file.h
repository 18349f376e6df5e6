/* What was last known of the rooms of a server, so that they can be read and changed offline: a
 * file of wire messages for each room. Losing it costs nothing but time. */
#ifndef MOOT_CACHE_FILE_H
#define MOOT_CACHE_FILE_H

#include "err.h"

struct cache;

enum { CACHE_GROWTH_MAX = 1024 * 1024 }; /* bytes appended before a file is written anew */

/* The cache in folder dir, which must exist. Only one process at a time writes to it; for the
 * others it is to be read. */
struct cache *cache_open(const char *dir);
void cache_close(struct cache *c); /* NULL is fine */

/* Hands over the messages of a room, oldest first. When `take` returns false the file is no
 * good: it ends there, is forgotten, and false comes back. */
bool cache_read(struct cache *c, struct str room, bool (*take)(void *arg, struct str json),
                void *arg);

/* The rooms that have a file. */
void cache_rooms(const struct cache *c, void (*each)(void *arg, struct str room), void *arg);

/* Appends a message to the room's file. */
void cache_add(struct cache *c, struct str room, struct str json);
/* The room's file goes, and is not written before it begins anew. */
void cache_drop(struct cache *c, struct str room);
/* What is added from now on up to cache_flush() stands in place of what is there. */
void cache_begin(struct cache *c, struct str room);
/* Ends a batch: what was added is with the system, new files are in their places. */
void cache_flush(struct cache *c);
/* True when the room's file should be written anew. */
bool cache_has_grown(const struct cache *c, struct str room);

/* One small fact kept beside the rooms: who we are to this server. */
void cache_set_user(struct cache *c, struct str user);
void cache_user(struct cache *c, struct buf *out);

#endif
