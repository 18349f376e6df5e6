/* The note of moot demo. */
#ifndef MOOT_DEMO_NOTE_H
#define MOOT_DEMO_NOTE_H

#include "conversation.h"

/* Makes the note, in a room that is open. */
bool demo_note_make(struct conversation *t, struct str room, struct err *e);
/* Opens it; NULL when it is gone. */
struct doc *demo_note_open(struct conversation *t, struct str room, struct err *e);

#endif
