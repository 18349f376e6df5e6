/* Drawing the parts that screens are put together from. Each is handed the place it fills; none
 * looks at the model: canvas->m is NULL in their tests. */
#ifndef MOOT_VIEW_PART_H
#define MOOT_VIEW_PART_H

#include "part_spots.h"
#include "view_parts.h"

/* kind: of enum md_kind. */
enum meaning markdown_meaning(int kind);
struct style tone_style(const struct canvas *c, int tone, struct str text);
/* at NULL: nothing is selected. focus: keys go here. */
void view_form(struct canvas *c, struct rect r, const struct form *f,
               const struct form_lines *l, const struct form_at *at, bool focus);
/* In boxes in the middle of r. */
void view_dialog(struct canvas *c, struct rect r, const struct dialog *d,
                 const struct keymap *keys);
void view_picker(struct canvas *c, struct rect r, const struct picker *p);

#endif
