/* Rooms: who is in them, their boards, and what they publish. */
#ifndef MOOT_ROOM_H
#define MOOT_ROOM_H

#include "hub_state.h"

struct room *room_find(const struct hub *h, struct str name);
/* A room that is not stored yet, with the first columns on its board. */
struct room *room_new(struct hub *h, struct str name, bool is_public);
/* From the store's list at the start. */
void room_load_head(struct hub *h, const struct store_room *from);
void room_free(struct hub *h, struct room *r);

struct member *room_member(const struct room *r, const struct user *u);
/* ahead: with what is under way to the disk. */
enum role room_role(const struct room *r, const struct user *u, bool ahead);
void room_set_topic(struct room *r, struct str topic);
void room_set_ahead(struct room *r, struct user *u, enum role role);
void room_set_told(struct room *r, struct user *u, enum role role);
/* Roles that were ahead are taken back. */
void room_forget_ahead(struct room *r);
/* What c's person may do in r: the role, or more for admins. */
enum role room_power(const struct room *r, const struct caller *c, bool ahead);
struct room_item room_item(const struct room *r, const struct user *u);
/* Whether it goes into a frame with `left` bytes, which are fewer then. */
bool room_item_fits(const struct room *r, size_t *left);

/* Asks the store for the room's board and newest sequence number, if that is not under way. */
void room_load(struct hub *h, struct room *r);
void room_loaded(struct hub *h, const struct ask *a, const struct store_job *j);
/* What is ahead cannot be trusted: forgotten, and read again. Listeners stay. */
void room_doubt(struct hub *h, struct room *r);
/* Clients and listeners that waited for the room look again. */
void room_wake(struct hub *h, struct room *r);

/* A stored event goes to all listeners at the end of the turn. */
void room_publish(struct hub *h, struct room *r, struct str json, int64_t us);
/* Sends what there is to publish now, because the listeners are about to change. */
void room_flush(struct hub *h, struct room *r);
/* One frame for all listeners; takes the reference. */
void room_fan(struct hub *h, const struct room *r, struct frame *f, enum passing passing);

#endif
