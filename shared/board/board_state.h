/* How board_action.c changes a board: steps that keep the columns sorted. Not for others. */
#ifndef MOOT_BOARD_STATE_H
#define MOOT_BOARD_STATE_H

#include "board.h"

struct card *board_find(const struct board *b, int64_t number);
/* Where a card with that key and number stands, or would stand. */
size_t board_place_of(const struct column *col, const char *key, int64_t number);
/* Puts a card that is in no column where its column and key say; it is live then. */
void board_put_in(struct board *b, struct card *c);
/* Takes a live card out of its column; it counts as archived then. */
void board_take_out(struct board *b, struct card *c);
void board_free_card(struct card *c);

#endif
