/* What can be done to a board: (board, action) gives the new board and the inverse action. */
#ifndef MOOT_BOARD_ACTION_H
#define MOOT_BOARD_ACTION_H

#include "board.h"

enum board_action_kind {
    BOARD_ADD,     /* number, title, column, key */
    BOARD_EDIT,    /* number, title (empty: stays), changes, stamp */
    BOARD_MOVE,    /* number, column, key */
    BOARD_ARCHIVE, /* number */
    BOARD_RESTORE, /* number, title, column, key: makes the card if it is not known, then with
                      the changes */
    BOARD_REMOVE,  /* number: forgets the card; only as the inverse of BOARD_ADD, in clients */

    /* columns: board_column.c */
    BOARD_COLUMN_ADD,    /* column, place, limit */
    BOARD_COLUMN_EDIT,   /* column, name (empty: stays), limit (BOARD_LIMIT_STAYS) */
    BOARD_COLUMN_MOVE,   /* column, place */
    BOARD_COLUMN_REMOVE, /* column, name: where its cards go, key: what theirs begin with */
    BOARD_COLUMN_KEYS,   /* column: its cards get new keys in their order; it has no inverse, as
                            nobody means it */
    /* only as the inverses of adding and of removing one, in clients */
    BOARD_COLUMN_DROP,   /* column, which is empty */
    BOARD_COLUMN_RETURN, /* column, place, limit, name: where its cards are, cards */
};

/* Where a card of a removed column stood. */
struct card_place {
    int64_t number;
    struct str key;
};

struct board_action {
    enum board_action_kind kind;
    int64_t number;
    struct str title, column, key;
    const struct card_change *changes; /* all of them, or none */
    size_t changes_n;
    const struct card_stamp *stamp; /* the event that does it; NULL: it is not known yet */

    struct str name;
    int64_t place, limit;
    const struct card_place *cards;
    size_t cards_n;
};

#define BOARD_LIMIT_STAYS (-1)

/* As `after`: the end of the column. */
#define BOARD_END ((INT64_C(1) << 53) - 1)

/* The key for a card (its number, or 0 for a new one) put behind card `after`,
 * or at the top of the column (0) or its end (BOARD_END). The moved card itself does not
 * count as a neighbour. Behind one that is archived is where it would still stand; one that is
 * unknown or in another column: ERR_NOT_FOUND. */
bool board_key_for(const struct board *b, struct str column, int64_t after, int64_t moved,
                   char *key, struct err *e);

/* The action that puts an archived card back where it was, or behind whoever has its place now.
 * Its strings are the card's own and `key` (BOARD_KEY_MAX + 1 bytes). */
bool board_restoring(const struct board *b, int64_t number, struct board_action *out, char *key,
                     struct err *e);

/* Where a column comes to stand that goes behind column `after`, or with that empty to the end,
 * or with is_first to the front; `moved` is itself, or empty for a new one. ERR_NOT_FOUND, and
 * ERR_BAD_FIELD for one behind itself, or at two places. */
bool board_column_place(const struct board *b, struct str after, bool is_first,
                        struct str moved, int64_t *place, struct err *e);
/* What the keys of the cards of a removed column begin with when they go to the end of column
 * `to`; board_removed_key() makes them whole. Written into key (BOARD_KEY_MAX + 1 bytes). */
bool board_removed_base(const struct board *b, struct str to, char *key, struct err *e);
/* The key of the n-th card, from 1. Archived ones, whose order is nobody's concern, share that
 * of BOARD_REMOVED_LAST. */
#define BOARD_REMOVED_LAST (62 * 62 * 62 - 1)
void board_removed_key(struct str base, size_t n, char *key);

/* The key of the n-th of `cards` cards, from 1, after BOARD_COLUMN_KEYS. Archived ones have
 * that of the live card that stands before them; 0: none does. Out has BOARD_KEY_MAX + 1 bytes.
 */
void board_new_key(size_t n, size_t cards, char *out);

/* Checks a against b, then applies it. Where it fails nothing has changed: ERR_NOT_FOUND for a
 * card or column that is not there, ERR_CONFLICT for a card that is archived (or, to restore
 * it, is not) or blockers in a circle, ERR_EXISTS, ERR_LIMIT, ERR_BAD_FIELD. If inverse is not
 * NULL it is filled with the action that takes it back, its strings owned by the arena.
 * BOARD_ADD takes any number that is not on the board, and moves next_number behind it. */
bool board_apply(struct board *b, const struct board_action *a, struct board_action *inverse,
                 struct arena *arena, struct err *e);

/* Is the board, as far as the action concerns it, as if it had been applied already? Of
 * BOARD_EDIT, MOVE, ARCHIVE and RESTORE; false for all others. */
bool board_shows(const struct board *b, const struct board_action *a);

#endif
