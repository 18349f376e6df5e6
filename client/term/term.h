/* The terminal: raw bytes in, a grid out. Whatever ends the program, the terminal is left as it
 * was found. There is one at a time. */
#ifndef MOOT_TERM_H
#define MOOT_TERM_H

#include "err.h"
#include "grid.h"
#include "notify.h"

struct term;

/* Sets the locale for characters; true when it is one of UTF-8. */
bool term_locale(void);
/* TERM names a terminal that ncurses knows and that can move its cursor. */
bool term_moves_cursor(void);

/* Takes over the controlling terminal: other modes, other screen, mouse, paste and focus
 * reports on. Fails with ERR_USAGE where there is none, or none that moves a cursor. */
struct term *term_new(struct err *e);
/* Gives the terminal back; NULL is fine. */
void term_free(struct term *t);

int term_fd(const struct term *t);     /* to be watched for input */
int term_colors(const struct term *t); /* 0, 8, 16, 256 or more */
bool term_is_utf8(const struct term *t);
/* It can strike letters (STYLE_STRUCK); another one shows them as they are. */
bool term_strikes(const struct term *t);
/* Links are sent as such (OSC 8), if characters are in UTF-8; at first they are not. */
void term_links(struct term *t, bool on);
/* Cells; bounded. Asks the kernel. */
void term_size(struct term *t, int *width, int *height);
/* Reads what there is: false at the end, when the terminal is gone. */
bool term_read(struct term *t, struct buf *out);

/* It has taken all it was sent: a slow one is shown what is so when it has, not what was so
 * meanwhile. term_flush() sends on. */
bool term_is_ready(const struct term *t);
void term_flush(struct term *t);
/* Shows the grid; only what changed since the last call is sent. */
void term_draw(struct term *t, const struct grid *g);
/* The next term_draw() paints everything. */
void term_redraw(struct term *t);
/* The mouse is reported whenever it moves, also with no button down; or not any more. */
void term_motion(struct term *t, bool on);
/* Tells the person by the terminal's means: ways of enum notify_way. */
void term_notify(struct term *t, unsigned ways, struct str title, struct str text);
/* Offers text to the terminal's clipboard (OSC 52); many terminals pass over it. */
void term_copy(struct term *t, struct str text);
/* The window's title; what is unsafe in it is left out. */
void term_title(struct term *t, struct str title);

/* Gives the terminal back for a while, as before stopping, and takes it again. */
void term_leave(struct term *t);
void term_enter(struct term *t);

#endif
