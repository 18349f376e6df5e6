/* Text of others as it may stand on a screen: broken into cells, what is unsafe spelled out,
 * and broken into rows at blanks. */
#ifndef MOOT_WRAP_H
#define MOOT_WRAP_H

#include "width.h"

/* One cluster as it is shown. */
struct glyph {
    char text[CLUSTER_MAX + 1];
    unsigned char n; /* bytes */
    int width;       /* columns; 0: nothing to show */
    bool escaped;    /* a control or invalid byte, spelled out */
};

/* The glyph at the front of s; returns the bytes of s it stands for, 0 when s is empty. A tab
 * is four blanks; a newline is spelled out. */
size_t glyph_next(struct str s, struct glyph *g);
/* Columns that s takes as glyphs on one line. */
int glyphs_width(struct str s);
/* The longest front of s that fits into width columns, in bytes. */
size_t glyphs_fit(struct str s, int width);

/* Takes the next row of at most `width` columns (at least 1) off rest, breaking at blanks where
 * there are any. Blanks at a break and newlines belong to no row. False when nothing is left; a
 * text that ends in a newline has no row behind it. */
bool wrap_next(struct str *rest, int width, struct str *row);
/* How many rows s takes, at least 1, counted no further than max. */
int wrap_rows(struct str s, int width, int max);

#endif
