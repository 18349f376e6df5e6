/* What is at a cell of the screen, and where on the screen a place in a thing is: so that one
 * who points is understood on a screen of any size. */
#ifndef MOOT_LAYOUT_POINT_H
#define MOOT_LAYOUT_POINT_H

#include "layout.h"

/* What was reckoned already of the screen as it is, for several questions about it. Zeroed but
 * for the model and the layout it is ready. */
struct point_map {
    const struct model *m;
    const struct layout *l;
    bool has_board, has_chat;
    struct board_spots board;
    struct chat_rows chat;
};
void point_map_finish(struct point_map *p);

/* What is at (x, y), and where in it: a code point of a title, message or text where there is
 * one, and in any case the part of the way through the thing. POINTED_NOWHERE: nothing that
 * others could have on their screens. */
void point_at(struct point_map *p, int x, int y, struct pointing *out);
/* The cell at which that shows. False when it is not on this screen. */
bool point_spot(struct point_map *p, const struct showing *s, int *x, int *y);

/* Where a card's title stands, and to the right of it who edits the card, with a pencil in
 * front; empty when nobody does. */
struct card_parts {
    struct rect title, pencil;
    const struct held_lock *lock;
};
void card_parts_of(const struct model *m, const struct card_spot *spot, int indent,
                   struct card_parts *out);

#endif
