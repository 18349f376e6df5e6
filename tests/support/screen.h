/* A terminal to read back: what a program wrote, as a person would see it.
 *
 * screen_pump() and everything that waits feeds the program's output through libvterm, answers
 * its questions (cursor position and the like), and notes which private modes are on. */
#ifndef MOOT_TEST_SCREEN_H
#define MOOT_TEST_SCREEN_H

#include "pty.h"
#include "wait.h"

#include <stdint.h>

enum { SCREEN_ROWS_MAX = 300, SCREEN_COLS_MAX = 500, SCREEN_MODES_MAX = 16 };

struct screen_style {
    bool bold, underline, reverse, italic, blink, struck;
    bool fg_default, bg_default;
    uint8_t fg[3], bg[3]; /* red, green, blue */
};

struct screen {
    struct pty pty;
    int rows, cols;
    void *vt, *cells; /* VTerm, VTermScreen */
    bool cursor_shown;
    int bells;
    char *raw; /* every byte the program wrote, NUL-terminated */
    size_t raw_n, raw_cap;
    size_t scanned;              /* raw bytes looked at for modes */
    int modes[SCREEN_MODES_MAX]; /* DEC private modes that are on */
    size_t n_modes;
    char text[SCREEN_ROWS_MAX * (SCREEN_COLS_MAX * 4 + 1) + 1];
};

/* The modes that a terminal must not be left in. */
enum {
    MODE_MOUSE_CLICK = 1000,
    MODE_MOUSE_DRAG = 1002,
    MODE_MOUSE_MOVE = 1003,
    MODE_FOCUS = 1004,
    MODE_MOUSE_SGR = 1006,
    MODE_ALTERNATE = 1049,
    MODE_PASTE = 2004,
};

/* Starts the program on a new terminal. NULL when that cannot be done (stderr says why). */
struct screen *screen_start(const char *const argv[], char *const env[], int rows, int cols);
void screen_free(struct screen *s); /* kills what still runs */

/* Takes in what is there, waiting at most ms for the first of it. False at the end of output.
 */
bool screen_pump(struct screen *s, int64_t ms);
/* Sends keys as typed; "\x1b[A" is an arrow. */
void screen_type(struct screen *s, const char *keys);
/* A button of the mouse at a cell (from 0), in SGR form: 0 left, 64 wheel up, 65 wheel down, 32
 * added while dragging. */
void screen_mouse(struct screen *s, int button, bool down, int row, int col);
void screen_resize(struct screen *s, int rows, int cols);

/* The whole screen, a line per row, without spaces at the ends of lines. Valid until the next
 * call. */
const char *screen_text(struct screen *s);
bool screen_shows(struct screen *s, const char *text);
/* First place (row, col from 0) where text stands on one row. */
bool screen_find(struct screen *s, const char *text, int *row, int *col);
struct screen_style screen_style_at(struct screen *s, int row, int col);
bool screen_cursor(struct screen *s, int *row, int *col); /* false: hidden */
bool screen_mode_is_on(const struct screen *s, int mode);
/* None of the modes above is on, the cursor shows, and the line settings are a shell's. */
bool screen_is_restored(struct screen *s);

/* Each waits until it holds, at most ms; on failure prints the screen to stderr. */
bool screen_wait(struct screen *s, const char *text, int64_t ms);
bool screen_wait_gone(struct screen *s, const char *text, int64_t ms);
bool screen_wait_end(struct screen *s, int64_t ms);
bool screen_wait_stop(struct screen *s, int64_t ms);
bool screen_wait_until(struct screen *s, bool (*holds)(struct screen *s, void *arg), void *arg,
                       const char *what, int64_t ms);

#endif
