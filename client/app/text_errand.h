/* What is to be done with a whole text, a note or a card's description, as soon as it is here:
 * without its pane. */
#ifndef MOOT_TEXT_ERRAND_H
#define MOOT_TEXT_ERRAND_H

#include "bounds.h"
#include "str.h"

enum text_deed {
    TEXT_READ,   /* handed to the model's listener */
    TEXT_APPEND, /* a text comes behind it, on a line of its own */
    TEXT_EDIT,   /* the person's editor gets it; what comes back is merged */
};

struct text_errand {
    enum text_deed deed;
    char room[ROOM_NAME_MAX + 1];
    int64_t number;
    struct buf text; /* to append; of an edit: what the editor was given */
    bool in_editor;
};

void text_errand_finish(struct text_errand *e);

#endif
