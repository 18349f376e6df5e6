/* A picture of what a terminal shows, as SVG. Runs of one style become one text element whose
 * length is pinned, so that columns line up whatever font the reader has. */
#ifndef MOOT_TEST_PICTURE_H
#define MOOT_TEST_PICTURE_H

#include "screen.h"

/* False when it cannot be written; says why on stderr. */
bool picture_write(const struct screen *s, const char *path);

#endif
