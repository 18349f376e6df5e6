/* The note of moot demo: what it says at first, and what its people type into it. */
#ifndef MOOT_DEMO_NOTE_H
#define MOOT_DEMO_NOTE_H

#include "conversation.h"

enum demo_writing { DEMO_WRITE_NEW, DEMO_WRITE_GONE, DEMO_WRITE_DONE, DEMO_WRITE_START };

/* Makes the note, in a room that is open. */
bool demo_note_make(struct conversation *t, struct str room, struct err *e);
/* Opens it; NULL when it is gone. */
struct doc *demo_note_open(struct conversation *t, struct str room, struct err *e);
/* Types one thing at the pace of a person. d NULL: lets the time pass. */
bool demo_note_write(struct conversation *t, struct doc *d, enum demo_writing what,
                     struct err *e);
/* Lets the time pass that another one takes to type that. */
bool demo_note_wait(struct conversation *t, enum demo_writing what, struct err *e);

#endif
