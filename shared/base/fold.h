/* Comparing letters without regard to case. */
#ifndef MOOT_FOLD_H
#define MOOT_FOLD_H

#include <stdint.h>

/* The small letter of a code point that is a capital one, any other as it is. One for one, by
 * Unicode's simple mapping: "ß" and "SS" stay different. */
uint32_t fold_char(uint32_t cp);

#endif
