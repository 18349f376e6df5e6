/* What tests of the screen do over and over: each has a whole screen of its own, looks at what
 * is on it, and at what left for the server. Those that expect something fail the test
 * otherwise, and show what there was. */
#ifndef MOOT_SCREEN_TEST_H
#define MOOT_SCREEN_TEST_H

#include "screen_kit.h"

/* Set-up and tear-down: *state is a kit with the team's room, of 80x24 or 100x40. */
int open_screen(void **state);
int open_wide_screen(void **state);
int close_screen(void **state);
/* For a set-up of another size, or that does more. */
struct screen_kit *open_screen_of(void **state, int width, int height);

/* Types the line into the command line, and Enter. */
void command_line(struct screen_kit *k, const char *line);

bool is_shown(const struct screen_kit *k, const char *part);
void shows(const struct screen_kit *k, const char *part);
void shows_not(const struct screen_kit *k, const char *part);
/* Words that stand on one row lead to an address; "": nowhere. */
void leads(const struct screen_kit *k, const char *words, const char *address);
/* Since kit_forget(). */
bool is_sent(const struct screen_kit *k, const char *part);
void sent(const struct screen_kit *k, const char *part);
void sent_not(const struct screen_kit *k, const char *part);
/* sent(), and kit_forget(): what is sent next is looked at by itself. */
void sends(struct screen_kit *k, const char *part);

#endif
