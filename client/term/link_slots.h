/* The addresses of links on the screen, each with a small number that stands for it there:
 * ncurses is told the number, and link_filter.h makes the address of it again. A number goes to
 * another address only once no cell that bears it can be on the screen: to ncurses such a cell
 * would be as it should, and go on leading to the old one. Pure. */
#ifndef MOOT_LINK_SLOTS_H
#define MOOT_LINK_SLOTS_H

#include "str.h"

enum { LINK_SLOTS = 240 };

struct link_slot {
    struct buf address; /* empty: it was never given out */
    bool was, is;       /* in the frame before, in this one */
};
struct link_slots {
    struct link_slot v[LINK_SLOTS]; /* [0] is number 1 */
    struct buf scratch;
};

void link_slots_finish(struct link_slots *s);
/* What was in the frame is on the screen from now on; the next one begins. */
void link_slots_next(struct link_slots *s);
/* The number, from 1, of an address in this frame. 0: it can be sent to no terminal, or all
 * numbers are taken; then it is no link there. */
int link_slots_take(struct link_slots *s, struct str address);
/* As hyperlink_address() made it; empty for a number that was never given out. */
struct str link_slots_address(const struct link_slots *s, int slot);

#endif
