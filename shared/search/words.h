/* Words of a text, as a search sees them: without case and accents, and nothing between them.
 * Where writing has no spaces each sign is a word. Every index and every query is made of words
 * that came from here, so both always agree on what a word is. */
#ifndef MOOT_WORDS_H
#define MOOT_WORDS_H

#include "str.h"

enum { WORD_MAX = 64 }; /* bytes of a folded word; what is longer goes on as the next */

struct words {
    struct str text; /* the whole */
    size_t at;       /* where to go on; set to 0 to begin */
};
struct word {
    size_t from, to; /* bytes of the text that it stands on */
    size_t n;        /* bytes of the folded word */
    char folded[WORD_MAX];
};

/* The next word; false at the end. Bytes that are no UTF-8 lie between words. */
bool words_next(struct words *w, struct word *out);
/* Appends all words of text, with a space between. */
void words_print(struct buf *out, struct str text);

#endif
