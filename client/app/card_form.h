/* The card view as a form: made anew from the model whenever it is asked for. */
#ifndef MOOT_CARD_FORM_H
#define MOOT_CARD_FORM_H

#include "age.h"
#include "layout.h"
#include "look.h"

enum { CARD_VIEW_MAX = 110 }; /* columns */

/* The card that is looked at; NULL: none is, or it is not known any more. */
const struct card *card_shown(const struct model *m);
/* Fills f, which is empty, for so many columns. */
void card_form(const struct model *m, const struct card *c, int width, struct form *f);

struct card_spots {
    struct rect form;
    struct form content;
    struct form_lines lines;
};
/* False when there is no card or no room for it; nothing is to be freed then. */
bool card_spots_of(const struct model *m, const struct layout *l, struct card_spots *out);
void card_spots_finish(struct card_spots *s);

/* Does it lead anywhere when it is followed? */
bool piece_leads(const struct rich_piece *p);
/* The piece of a comment that is the item of its row at that place; it lies in `look`, which
 * has to be finished either way. False: there is none. */
bool card_piece(const struct model *m, const struct line *l, int width, int place,
                struct look *look, const struct rich_piece **out);

/* The day it is where the person is; see day.h. */
int64_t model_today(const struct model *m);

#endif
