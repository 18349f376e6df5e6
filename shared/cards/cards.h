/* Between the wire and the board, which do not know each other: what an event does to a board,
 * and the fields of cards in both shapes. Pure. */
#ifndef MOOT_CARDS_H
#define MOOT_CARDS_H

#include "board_action.h"
#include "msg.h"

/* Lists of changes and of values have this layout in every message. */
struct change_list {
    struct change_item *v;
    size_t n;
};

/* The action that an event is to the board, its changes and stamp in the arena, its strings the
 * event's. ERR_NONE in e and false: it leaves the board alone. ERR_BAD_FIELD and false: it
 * names a field that there is not. */
bool cards_action(const struct msg *event, struct arena *a, struct board_action *out,
                  struct err *e);

/* The changes that a list names, in the arena, strings borrowed. Fails with ERR_BAD_FIELD for a
 * field or value that there is not. */
bool cards_changes(const struct change_item *items, size_t n, struct arena *a,
                   struct card_change **out, struct err *e);
/* The same the other way. */
struct change_list cards_items(const struct card_change *changes, size_t n, struct arena *a);
/* All values of a card besides its title, borrowed from it. */
struct change_list cards_values(const struct card *c, struct arena *a);

#endif
