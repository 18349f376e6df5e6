/* What the views of notes share. */
#ifndef MOOT_VIEW_NOTE_PARTS_H
#define MOOT_VIEW_NOTE_PARTS_H

#include "beside.h"
#include "view_parts.h"

enum { AGE_MAX = 16 };

/* How long ago, in at most four characters: "now", "5m", "3h", "12d", "7w", "2y". */
void age_of(int64_t ms, char out[AGE_MAX]);
/* The person's initial in one cell; returns the column behind it. */
int draw_initial(struct canvas *c, int x, int y, struct style s, struct str user);

void view_note_title(struct canvas *c);
void view_note_text(struct canvas *c);
void view_notes(struct canvas *c);
void view_history(struct canvas *c);

#endif
