/* Where the person was: the room shown, how far each was read, and what was written and not
 * sent yet. A small text file that the screen reads at its start and writes now and then. */
#ifndef MOOT_SCREEN_PLACE_H
#define MOOT_SCREEN_PLACE_H

#include "model.h"

enum { PLACE_BYTES_MAX = 8 * 1024 * 1024 };

/* Appends the model's place as lines: "here ROOM", "read ROOM SEQ", "draft ROOM
 * TEXT", "answering ROOM SEQ", "editing ROOM SEQ TEXT", "emoji EMOJI...". */
void place_write(const struct model *m, struct buf *out);
/* Takes the lines in; what is not understood is passed over. The room that was shown goes to
 * *here (borrows from text). Drafts go to rooms that place_drafts() finds later. */
void place_read(struct model *m, struct str text, struct str *here);
/* Puts the drafts into the rooms that are there. */
void place_drafts(struct model *m, struct str text);

#endif
