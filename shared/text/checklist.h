/* Boxes to tick in a text: "- [ ] to do", "- [x] done", one a line, as Markdown has them. Each
 * line is judged by itself, also one that a fence makes code. */
#ifndef MOOT_CHECKLIST_H
#define MOOT_CHECKLIST_H

#include "str.h"

struct checklist {
    int64_t done, all;
};

/* Adds the boxes of some lines to c. */
void checklist_count(struct str text, struct checklist *c);

#endif
