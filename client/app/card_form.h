/* The card view as a form: made anew from the model whenever it is asked for. */
#ifndef MOOT_CARD_FORM_H
#define MOOT_CARD_FORM_H

#include "age.h"
#include "layout.h"

enum { CARD_VIEW_MAX = 110 }; /* columns */

/* The card that is looked at; NULL: none is, or it is not known any more. */
const struct card *card_shown(const struct model *m);
/* Fills f, which is empty. */
void card_form(const struct model *m, const struct card *c, struct form *f);

struct card_spots {
    struct rect form;
    struct form content;
    struct form_lines lines;
};
/* False when there is no card or no room for it; nothing is to be freed then. */
bool card_spots_of(const struct model *m, const struct layout *l, struct card_spots *out);
void card_spots_finish(struct card_spots *s);

/* The day it is where the person is; see day.h. */
int64_t model_today(const struct model *m);

#endif
