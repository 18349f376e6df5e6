/* A screen as cells: what the view draws on and the terminal shows. Text that is drawn is taken
 * apart into clusters, and what is unsafe in it is spelled out (see wrap.h), so nothing raw
 * from others reaches a terminal. Names no terminal. */
#ifndef MOOT_GRID_H
#define MOOT_GRID_H

#include "rect.h"
#include "str.h"

enum {
    STYLE_BOLD = 1,
    STYLE_DIM = 2,
    STYLE_UNDERLINE = 4,
    STYLE_REVERSE = 8,
    STYLE_ITALIC = 16,
    STYLE_STRUCK = 32,
    COLOR_NONE = -1, /* the terminal's own */
    GRID_SIDE_MAX = 1000,
    CELL_TEXT_MAX = 24, /* longer clusters lose their end */
    GRID_LINKS_MAX = 240,
};

struct style {
    short fg, bg; /* index into the palette of 256, or COLOR_NONE */
    unsigned char attrs;
    unsigned char link; /* as grid_link() numbers them; 0: leads nowhere */
};

/* A wide cluster fills its own cell (width 2) and the next one (width 0). */
struct cell {
    char text[CELL_TEXT_MAX];
    unsigned char n;     /* bytes; 0: blank */
    unsigned char width; /* 0, 1, 2 */
    struct style style;
};

struct grid_span {
    size_t at, n; /* in `addresses` */
};

struct grid {
    int w, h;
    struct cell *cells;   /* row by row */
    int caret_x, caret_y; /* -1: hidden */
    struct buf addresses; /* of links, one behind the other */
    VEC(struct grid_span) links;
};

/* What a colour of the palette looks like, 0xrrggbb: the first 16 as xterm has them, which
 * people change, then the cube and the greys, which they do not. */
int color_rgb(short color);

void grid_resize(struct grid *g, int w, int h);
void grid_finish(struct grid *g);
/* All blank in one style, caret hidden, and no link is known any more. */
void grid_clear(struct grid *g, struct style s);
void grid_fill(struct grid *g, struct rect r, struct style s);
/* Other colours for what stands in r; where that leads stays. */
void grid_restyle(struct grid *g, struct rect r, struct style s);
const struct cell *grid_at(const struct grid *g, int x, int y); /* NULL outside */

/* Draws s from (x, y) as far as it stays within clip, and returns the column behind it. A style
 * with bg COLOR_NONE keeps the background that is there. */
int grid_text(struct grid *g, struct rect clip, int x, int y, struct style s, struct str text);
/* The same, ending in `tail` where s does not fit. */
int grid_text_cut(struct grid *g, struct rect clip, int x, int y, struct style s,
                  struct str text, struct str tail);
/* One glyph n times. */
void grid_repeat(struct grid *g, struct rect r, struct style s, const char *glyph);

/* The number, from 1, by which styles lead to an address until the grid is cleared: the same
 * one for the same address. 0 when there are GRID_LINKS_MAX others. */
unsigned char grid_link(struct grid *g, struct str address);
/* Empty for no number of this grid. */
struct str grid_address(const struct grid *g, int link);

/* Appends the characters as lines of text without trailing blanks, for tests. */
void grid_dump(const struct grid *g, struct buf *out);
/* Breaches of the invariant on wide cells; true when there is none. */
bool grid_check(const struct grid *g);

#endif
