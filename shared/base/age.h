/* How long ago something was, in few letters. */
#ifndef MOOT_AGE_H
#define MOOT_AGE_H

#include <stdint.h>

enum { AGE_MAX = 16 };

/* In at most four characters: "now", "5m", "3h", "12d", "7w", "2y". */
void age_of(int64_t ms, char out[AGE_MAX]);

#endif
