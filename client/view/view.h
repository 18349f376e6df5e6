/* The model as it looks: cells, and nothing else. Draws only what is visible, so the time it
 * takes depends on the size of the screen, not of the data. */
#ifndef MOOT_VIEW_H
#define MOOT_VIEW_H

#include "model.h"
#include "theme.h"

/* Draws all of it; the grid takes the model's size. */
void view(const struct model *m, const struct theme *t, struct grid *g);

#endif
