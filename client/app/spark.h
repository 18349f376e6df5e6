/* A row of small bars, one a number. */
#ifndef MOOT_SPARK_H
#define MOOT_SPARK_H

#include "str.h"

enum { SPARK_MAX = 240 };

/* Reads numbers parted by spaces, at most SPARK_MAX of them, the last ones when there are more;
 * returns how many. What is no number ends the row. */
size_t spark_read(struct str series, uint64_t out[SPARK_MAX]);
/* Appends n bars, one column wide each, the largest number as the highest; 0 is a blank. ascii:
 * of " .:-=+*#@". */
void spark(struct buf *out, const uint64_t *v, size_t n, bool ascii);

/* A figure as people read it, by what its name ends in: "_bytes", "_us", "_seconds". */
void spark_figure(struct buf *out, struct str name, int64_t value);

#endif
