/* Tests with real screens: a server, people, and moot under a terminal for each of them. */
#ifndef MOOT_SCREENS_H
#define MOOT_SCREENS_H

#include "screen.h"
#include "server_rig.h"

enum { WIDE_ROWS = 40, WIDE_COLS = 130 };

struct world {
    struct server_rig rig;
    struct person me, ana; /* me: the account that runs the tests, on the Unix socket */
    struct screen *mine, *hers;
};

/* For cmocka: a server with me and ana known to it, no screen yet; and the end of all that. */
int world_set_up(void **state);
int world_tear_down(void **state);

/* Opens the lobby on a terminal of that size; NULL and words on stderr when it does not. */
struct screen *screen_of(const struct person *p, int rows, int cols);
/* The same, and waits until it is online and shows the board; fails the test otherwise. */
struct screen *screen_online(const struct person *p, int rows, int cols);
/* Both mine and hers, online, wide. */
void world_screens(struct world *w);
void screens_close(struct world *w);

/* Moves the focus, and waits until it is there. */
void focus_board(struct screen *s);
void focus_chat(struct screen *s);
/* A card at the end of the selected column; on the board and selected when this returns. */
void add_card(struct screen *s, const char *title);
/* From anywhere: says a line in the chat, and returns once it is entered, saved or not; the
 * focus stays there. */
void say(struct screen *s, const char *text);
/* Leaves by the command, from any focus; the terminal must be as before, the status 0. */
void quit(struct screen *s);
/* Waits until the status line says online, pressing the key for retry (from any focus). */
void back_online(struct screen *s);
/* Waits until nothing is unsaved. */
void all_saved(struct screen *s);

/* The heading that the card with this title stands under; "" when it is not on screen. */
const char *column_of_card(struct screen *s, const char *title);
bool wait_column(struct screen *s, const char *title, const char *column, int64_t ms);

/* Runs the command line and fails the test unless it ends well. The output is for run_finish().
 */
struct run moot_says(const struct person *p, const char *input, const char *const args[]);
/* How often text stands in the lobby's whole chat, or in its list of cards. */
int times_said(struct world *w, const char *text);
int times_on_board(struct world *w, const char *text);

#endif
