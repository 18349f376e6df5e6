/* The board of a room: columns of cards, plain state with no input and no output.
 *
 * Cards carry a number that never changes and a key that orders them within their column (by
 * bytes). The board keeps, for each column, its cards sorted by (key, number). Both ends run
 * this code: the server to check and to number, a client to show its own changes before they
 * are answered. */
#ifndef MOOT_BOARD_H
#define MOOT_BOARD_H

#include "board_field.h"
#include "err.h"

/* The default hash falls through its cases without saying so, which clang minds. */
#undef HASH_FUNCTION
#define HASH_FUNCTION HASH_FNV
#include <uthash.h>

/* The same as their namesakes of the wire. */
enum {
    BOARD_KEY_MAX = 48,         /* bytes of a card's order key */
    BOARD_KEY_LONG = 36,        /* from so many on the column should get new ones */
    BOARD_TITLE_MAX = 500,      /* bytes */
    BOARD_COLUMN_NAME_MAX = 64, /* bytes */
    BOARD_COLUMNS_MAX = 32,
    BOARD_CARDS_MAX = 20000, /* archived ones not counted */
};

struct card {
    int64_t number;    /* > 0; a client's card that has no number yet has a negative one */
    char *title, *key; /* owned, NUL-terminated */
    int column;        /* index into columns */
    bool archived;
    int64_t changed;               /* number of the newest event about it; 0: not known */
    VEC(struct card_value) values; /* sorted by (field, value), the title left out */
    struct card_stamp *stamps;     /* owned, CARD_SCALARS of them; NULL: nothing was set */
    UT_hash_handle hh;
};

struct column {
    char *name;
    int64_t limit;            /* cards that it should not have more of, 0 for none: advice */
    VEC(struct card *) cards; /* sorted by (key, number), archived ones left out */
};

struct board {
    VEC(struct column) columns;
    struct card *by_number; /* uthash */
    int64_t next_number;
    size_t live; /* cards that are not archived */
};

void board_init(struct board *b); /* no columns, next_number 1 */
void board_finish(struct board *b);
/* Makes dst (initialised) equal to src. */
void board_copy(struct board *dst, const struct board *src);

/* Adds a column at the end. Fails with ERR_EXISTS, ERR_LIMIT, ERR_BAD_FIELD. */
bool board_add_column(struct board *b, struct str name, struct err *e);
/* The same with a limit. */
bool board_put_column(struct board *b, struct str name, int64_t limit, struct err *e);
/* Index of the column of that name, ASCII case ignored, the empty name being the first column;
 * -1 if there is none. */
int board_column(const struct board *b, struct str name);
/* More live cards than its limit says. */
bool column_is_over(const struct column *col);
/* NULL if there is none; archived cards are found too. */
const struct card *board_card(const struct board *b, int64_t number);
/* An event, by its number, was about a card: an edit, a move, a comment, whatever it was. False
 * when there is no such card. */
bool board_touch(struct board *b, int64_t number, int64_t event);
/* Place of a live card within its column, from 0. */
size_t board_place(const struct board *b, const struct card *c);

/* Numbers are shared with what is no card. Gives the next one away. */
int64_t board_take_number(struct board *b);
/* Another end has given away all numbers up to this one. */
void board_pass_number(struct board *b, int64_t taken);

/* A key that sorts between two others, either of which may be empty for "the end on this side".
 * Written into out (BOARD_KEY_MAX + 1 bytes). Fails with ERR_LIMIT when there is no room left
 * between them within BOARD_KEY_MAX bytes (then the column needs new keys), and with
 * ERR_BAD_FIELD when one of them is no key or low does not sort below high. Digits 0-9A-Za-z as
 * fractions; never ends in '0'. Keys stay short under the usual hands: always at the end,
 * always at the top, always behind the same card, always before it. */
bool board_key_between(struct str low, struct str high, char *out, struct err *e);
/* Digits only, 1 to BOARD_KEY_MAX of them, the last not '0'. */
bool board_key_is_valid(struct str key);

/* Puts the invariants into words: cards sorted, every live card in exactly one column, numbers
 * below next_number, counts right. False and the first breach in e. */
bool board_check(const struct board *b, struct err *e);
/* card_read() for card `number`, which is there and has no values yet. */
bool board_read_values(struct board *b, int64_t number, struct str text, struct err *e);
/* Is a card that blocks c still on the board? */
bool board_is_blocked(const struct board *b, const struct card *c);
/* Would card `number` wait for itself if it had to wait for `blocker`? */
bool board_is_circle(const struct board *b, int64_t number, int64_t blocker);

/* True if both have the same columns and the same live cards in the same order, with the same
 * values and the same newest events. Archived ones do not count: who came by a snapshot does
 * not know them. */
bool board_is_equal(const struct board *a, const struct board *b);

#endif
