/* Of which of the texts that a file had was it made, what somebody saved there?
 *
 * It is the one that it differs least from, of those that somebody read or saved. One that
 * nobody ever read is none of them, however like it is, for people write similar lines; except
 * where the saved text goes on behind it, as when a program appends and looks at nothing.
 *
 * What a program saved is what it has from then on, so who takes back what he did is not taken
 * for late. But a file may have several programs, and one of them an old text still. So older
 * texts count all the same where the two were saved in different ways, or where others' words
 * came between, and the saved text knows nothing of what came: it has neither most of its words
 * nor whole lines of it.
 *
 * In doubt it is the older one: then what others did since is kept. */
#ifndef MOOT_MADE_FROM_H
#define MOOT_MADE_FROM_H

#include "past.h"

/* Puts the text into base, which is empty; there must be one. */
void made_from(struct past *p, struct str saved, enum habit habit, struct buf *base);
/* Does `saved` go on behind `text`, which is more than by chance? `older` is what it could be
 * made of else. */
bool made_by_appending(struct str text, struct str older, struct str saved);

#endif
