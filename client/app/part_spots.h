/* Where the parts that open over everything stand on a screen: for the view and the mouse. */
#ifndef MOOT_PART_SPOTS_H
#define MOOT_PART_SPOTS_H

#include "dialog.h"
#include "picker.h"
#include "rect.h"

struct dialog_spots {
    struct rect box, body;
    struct rect choices[DIALOG_CHOICES_MAX];
    struct form_lines lines; /* of the body */
};

/* What a choice says: its label, behind the first key that means it in a dialog. */
void dialog_label(const struct dialog *d, size_t i, const struct keymap *keys, struct buf *out);
/* In the middle of r. */
void dialog_spots_of(const struct dialog *d, const struct keymap *keys, struct rect r,
                     struct dialog_spots *out);
void dialog_spots_finish(struct dialog_spots *s);

struct picker_spots {
    struct rect box, line, list;
    size_t first;
};

void picker_spots_of(const struct picker *p, struct rect r, struct picker_spots *out);

#endif
