/* The place beside the board, and the views that can fill it: a row each says what keys, mouse
 * and the frame need to know of one. Several may be open; the one that was brought there last
 * shows, and when it is closed the one below. On a narrow screen the place is the whole of it
 * while it has the focus. */
#ifndef MOOT_BESIDE_H
#define MOOT_BESIDE_H

#include "layout.h"

enum { STEP_FAR = 1000000 }; /* rows: to the end */

struct beside_row {
    const char *tab; /* in the row of tabs */
    bool (*is_open)(const struct room_view *v);
    enum action_where (*where)(const struct room_view *v); /* keys go, with the focus here */
    void (*step)(struct model *m, int rows);               /* down; STEP_FAR: to the end */
    void (*sideways)(struct model *m, int by);
    void (*cancel)(struct model *m, struct effects *out); /* Esc */
    void (*press)(struct model *m, const struct layout *l, const struct mouse *mouse,
                  struct effects *out);
    void (*wheel)(struct model *m, int rows);
};

/* By enum beside; that of BESIDE_NONE is empty. */
extern const struct beside_row beside_rows[BESIDE_COUNT];

/* Brings one to the front, with the focus; that goes back to where it came from when it is
 * closed: to what lies below if it was there, else to the board. */
void beside_show(struct model *m, enum beside b);
/* To the front alone, in a room that may not be on screen. */
void beside_raise(struct room_view *v, enum beside b, bool from_afar);
/* Back to where it was opened from as if it were closed, but it stays open, below. */
void beside_leave(struct model *m, enum beside b);
bool beside_has_focus(const struct model *m, enum beside b);
/* The focus never is where nothing is. */
void beside_settle(struct model *m);

#endif
