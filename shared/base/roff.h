/* Text for manual pages. */
#ifndef MOOT_ROFF_H
#define MOOT_ROFF_H

#include "str.h"

/* Appends s so that roff prints it as it is: no line of it is taken for a request. */
void roff_text(struct buf *out, struct str s);

/* Appends s and a newline, each sentence on a line of its own, as mdoc(7) wants it. */
void roff_sentences(struct buf *out, struct str s);

#endif
