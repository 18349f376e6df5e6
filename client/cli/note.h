/* What the verbs of moot note share. */
#ifndef MOOT_NOTE_H
#define MOOT_NOTE_H

#include "cli.h"

/* A note or card, as the first two words name it. */
struct note_at {
    struct str room;
    int64_t number;
    struct str name; /* of the note, or the title of the card */
};

/* Signs in, opens the room and finds the note: by its number (a card's is its description) or
 * by its name. ERR_NOT_FOUND; ERR_CONFLICT when several archived ones have the name. */
bool note_find(struct cli *c, struct note_at *at, struct err *e);

/* The text as it was: version -1 and time 0 for the newest one. Appended to out. */
bool note_fetch(struct cli *c, const struct note_at *at, int64_t version, int64_t time,
                struct buf *out, int64_t *is, struct err *e);

/* "17", "v17": a version; "2026-11-23", "2026-11-23 18:00[:05]", "18:00" (today), "2h" (ago): a
 * time, in ms since 1970. Exactly one of the two is set. */
bool note_when(struct str word, int64_t now, int64_t *version, int64_t *time, struct err *e);

int64_t note_clock(void); /* now, ms since 1970 */

/* Bytes as they are, or, on a terminal, with what could harm it escaped. */
void note_print(struct cli *c, struct str text);

/* Makes the text of d what `to` says, by an edit against `base`, the text that `to` was made
 * from, so that what others did to it since stays; waits until it is stored. */
bool note_put(struct cli *c, struct doc *d, struct str base, struct str to, struct err *e);

#endif
