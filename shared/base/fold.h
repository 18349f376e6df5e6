/* Comparing letters without regard to case, and to accents. */
#ifndef MOOT_FOLD_H
#define MOOT_FOLD_H

#include "str.h"

enum { FOLD_MAX = 8 }; /* code points that one may become */

/* The small letter of a code point that is a capital one, any other as it is. One for one, by
 * Unicode's simple mapping: "ß" and "SS" stay different. */
uint32_t fold_char(uint32_t cp);

/* Are they the same but for capitals? */
bool fold_same(struct str a, struct str b);

/* What is left of a code point for who looks for words: small letters without their accents,
 * by Unicode's full case folding and decomposition: "Ä" is "a", "ß" is "ss", an accent that
 * stands alone is nothing. Says how many. */
size_t fold_plain(uint32_t cp, uint32_t out[FOLD_MAX]);
/* Does a word go on over it: is it a letter, a digit, or a mark on one? */
bool fold_is_word(uint32_t cp);
/* Is it a word by itself, as where writing has no spaces between words? */
bool fold_is_single(uint32_t cp);

#endif
