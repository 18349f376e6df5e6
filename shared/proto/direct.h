/* Direct conversations: rooms of which the name says who is in them, for ever. "@ana+bo" is
 * '@', then the names of its people in order of their bytes, joined by '+'; oneself is among
 * them. What people type and read leaves themselves out: to ana it is "@bo". */
#ifndef MOOT_DIRECT_H
#define MOOT_DIRECT_H

#include "msg_head.h"

static_assert(ROOM_NAME_MAX == 1 + DIRECT_MAX * (USER_NAME_MAX + 1) - 1,
              "the longest names of all have room in that of their room");

/* Whether it begins as one does; a room's name that was checked is one then. */
bool room_is_direct(struct str room);
/* Whether the name is one. */
bool direct_is_name(struct str room);
/* The people of a name, one after another: takes the first off `people`, which begins as the
 * whole name. Empty at the end. */
struct str direct_next(struct str *people);
bool direct_has(struct str room, struct str user);

/* Who is in a room that was just made, and in what role: its author as the owner, or all the
 * people of a direct conversation as members. Zeroed at first; false behind the last. */
struct founder {
    struct str user;
    enum role role;
    struct str rest;
};
bool founder_next(struct founder *f, struct str room, struct str author);

/* The room that `me` means by "@bo" or "@cy+bo": in any order, oneself named or not. Appended.
 * Fails with ERR_USAGE and what is wrong with it. */
bool direct_room(struct str typed, struct str me, struct buf *out, struct err *e);
/* Any room as `me` reads it, appended: "@bo", "#core". */
void room_label(struct str room, struct str me, struct buf *out);

#endif
