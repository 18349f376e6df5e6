/* What a person does in the chat of one room, beside reading and writing it. */
#ifndef MOOT_CHAT_PANE_H
#define MOOT_CHAT_PANE_H

#include "str.h"

enum { UNFOLDED_MAX = 64 };

/* Zeroed is at rest. Messages are named by their sequence number, or by -id. */
struct chat_pane {
    int64_t at;                /* the selected message; 0: none */
    VEC(int64_t) unfolded;     /* long ones that show all of themselves, newest last */
    int64_t answering;         /* what the line that is written answers; 0: nothing */
    int64_t editing;           /* own message that is in the line to be edited; 0: none */
    struct buf draft;          /* what was in the line before that */
    int64_t seek;              /* message to go to once it is loaded; 0: none */
    bool seeks_unread;         /* the same for the first that is unread */
    int64_t seek_time;         /* or the first one of this time (ms) or later; 0: none */
    int64_t seek_from;         /* or the first one of this number or a later one; 0: none */
    bool seek_asked;           /* a page around it was asked for */
    int64_t asked, asked_page; /* id of the question for a message that is not loaded, and which
                                  one it is for; 0: none. Not asked for twice */
    int64_t pins;              /* id of the question for what is pinned; 0: none */
};

bool chat_pane_shows_all(const struct chat_pane *p, int64_t message);
void chat_pane_unfold(struct chat_pane *p, int64_t message); /* or folds it again */
void chat_pane_finish(struct chat_pane *p);

#endif
