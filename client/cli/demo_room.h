/* A room as a client has it, in lines of text: to be compared with another client's. */
#ifndef MOOT_DEMO_ROOM_H
#define MOOT_DEMO_ROOM_H

#include "doc.h"
#include "replica.h"

/* The line in front of the chat, of which a client may have less. */
#define DEMO_ROOM_CHAT "--- chat ---"

/* Board, people, note, and then the chat as far as it is known. */
bool demo_room_write(const struct replica *r, const struct doc *note, const char *path,
                     struct err *e);

/* Whether two are the same room: all but the chat, and of that what both have. If not, says
 * where they differ first. */
bool demo_room_same(struct str a, struct str b, struct err *e);

#endif
