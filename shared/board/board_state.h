/* How board_action.c changes a board: steps that keep the columns sorted. Not for others. */
#ifndef MOOT_BOARD_STATE_H
#define MOOT_BOARD_STATE_H

#include "board.h"
#include "board_action.h"

struct card *board_find(const struct board *b, int64_t number);
/* Where a card with that key and number stands, or would stand. */
size_t board_place_of(const struct column *col, const char *key, int64_t number);
/* Puts a card that is in no column where its column and key say; it is live then. */
void board_put_in(struct board *b, struct card *c);
/* Takes a live card out of its column; it counts as archived then. */
void board_take_out(struct board *b, struct card *c);
void board_free_card(struct card *c);

/* board_field.c: a change that was checked; what c had is undone by nobody. */
void card_change(struct card *c, const struct card_change *to);
void card_set_stamp(struct card *c, enum card_field f, const struct card_stamp *s);
void card_copy_values(struct card *to, const struct card *from);
void card_drop_values(struct card *c);
bool card_has_same_values(const struct card *a, const struct card *b);
/* One line of text: no control characters, valid UTF-8. */
bool board_is_line(struct str s);

/* Parts of board_apply(). */
bool board_lacks_card(int64_t number, struct err *e); /* false, and why */
/* NULL: it is not there or archived, and e says so. */
struct card *board_live_card(const struct board *b, int64_t number, struct err *e);
/* board_edit.c: can c (NULL: a new card) get all of a's changes? */
bool board_check_changes(const struct board *b, const struct card *c,
                         const struct board_action *a, struct err *e);
/* board_column.c: kinds from BOARD_COLUMN_ADD on. */
bool board_apply_column(struct board *b, const struct board_action *a,
                        struct board_action *inverse, struct arena *arena, struct err *e);
bool board_apply_edit(struct board *b, const struct board_action *a,
                      struct board_action *inverse, struct arena *arena, struct err *e);

#endif
