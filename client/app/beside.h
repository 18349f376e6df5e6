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

/* Brings one to the front, with the focus; that goes back to the board when it is closed,
 * unless it came from another one here. */
void beside_show(struct model *m, enum beside b);
bool beside_has_focus(const struct model *m, enum beside b);
/* The focus never is where nothing is. */
void beside_settle(struct model *m);

#endif
