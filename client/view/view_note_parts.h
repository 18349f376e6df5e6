/* What the views of notes share. */
#ifndef MOOT_VIEW_NOTE_PARTS_H
#define MOOT_VIEW_NOTE_PARTS_H

#include "age.h"
#include "beside.h"
#include "card_form.h"
#include "view_parts.h"

/* The person's initial in one cell; returns the column behind it. */
int draw_initial(struct canvas *c, int x, int y, struct style s, struct str user);

void view_note_title(struct canvas *c);
void view_note_text(struct canvas *c);
void view_notes(struct canvas *c);
void view_history(struct canvas *c);
void view_outline(struct canvas *c);

#endif
