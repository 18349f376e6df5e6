/* Where the person was: the room shown, how far each was read, and what was written and not
 * sent yet. A small text file that the screen reads at its start and writes now and then. */
#ifndef MOOT_SCREEN_PLACE_H
#define MOOT_SCREEN_PLACE_H

#include "model.h"

enum { PLACE_BYTES_MAX = 8 * 1024 * 1024 };

/* Appends the model's place as lines: "here ROOM", "left TIME", "rooms by-name", "emoji
 * EMOJI...", "read ROOM SEQ TURN", "notify ROOM LEVEL"; of what is written in a room "answering
 * ROOM SEQ" (0: nothing), "draft ROOM TEXT", "editing ROOM SEQ TEXT", of which the first begins
 * it; and "comment ROOM CARD SEQ new TEXT" (SEQ: what it answers, or 0), or with "edit" in
 * place of "new". place_lines.c knows how each begins. */
void place_write(const struct model *m, struct buf *out);
/* Takes the lines in; what is not understood is passed over. The room that was shown goes to
 * *here (borrows from text). Drafts go to rooms that place_drafts() finds later. */
void place_read(struct model *m, struct str text, struct str *here);
/* Puts the drafts into the rooms that are there: of several in one place the newest. */
void place_drafts(struct model *m, struct str text);
/* Takes over what another screen of the person's has written to the disk: drafts, comments and
 * what rings, where nothing was changed here since *base (place_lines.h), which then has it
 * too.
 */
void place_adopt(struct model *m, struct buf *base, struct str disk);

#endif
