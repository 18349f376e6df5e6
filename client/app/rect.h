/* A rectangle of cells. */
#ifndef MOOT_RECT_H
#define MOOT_RECT_H

#include <stdbool.h>

struct rect {
    int x, y, w, h; /* w or h 0: nothing of it is on the screen */
};

static inline bool rect_is_empty(struct rect r)
{
    return r.w <= 0 || r.h <= 0;
}

static inline bool rect_has(struct rect r, int x, int y)
{
    return x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h;
}

#endif
