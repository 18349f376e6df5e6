/* Stands between ncurses, which knows no links, and the terminal. A cell of a link is handed to
 * ncurses with a mark behind its characters, which is of no width and stands for the link's
 * number (link_slots.h): so ncurses takes cells of different links for different ones, and
 * writes, moves and clears them as it should. Here the marks go out of its bytes again, and OSC
 * 8 with the address comes in front of what they stood behind. Another mark stands for letters
 * that are struck, of which ncurses knows nothing either. What holds no mark passes as it is.
 * Pure. */
#ifndef MOOT_LINK_FILTER_H
#define MOOT_LINK_FILTER_H

#include "link_slots.h"

/* The marks: variation selectors 17 to 256. That of what is struck, a tag which no text should
 * have any more, stands in front of one of a link. */
enum {
    LINK_MARK_FIRST = 0xe0100,
    LINK_MARK_LAST = LINK_MARK_FIRST + LINK_SLOTS - 1,
    STRUCK_MARK = 0xe0001,
};

static inline bool link_is_mark(uint32_t cp)
{
    return (cp >= LINK_MARK_FIRST && cp <= LINK_MARK_LAST) || cp == STRUCK_MARK;
}

struct link_filter {
    const struct link_slots *slots;
    /* Is it of no width, and in the cell of what stands before it? As ncurses takes it. */
    bool (*combines)(uint32_t cp);
    int in;          /* what the bytes are in the middle of; see link_filter.c */
    int open;        /* the number of the link that the terminal is in; 0: none */
    bool strikes;    /* it strikes what comes */
    bool is_struck;  /* what is held is to be */
    struct buf held; /* a character with what combines with it: a mark may follow */
    struct buf part; /* of a character, or of a sequence, whose end is still to come */
};

void link_filter_finish(struct link_filter *f);
/* Appends to out what the terminal gets of the bytes. Where they are cut does not matter. */
void link_filter_feed(struct link_filter *f, struct str bytes, struct buf *out);
/* Nothing more is to come for now: no character is held back any more, no link is open,
 * and nothing that comes is struck. */
void link_filter_settle(struct link_filter *f, struct buf *out);
/* Both, for all bytes of a frame: at once where they hold no mark. */
void link_filter_frame(struct link_filter *f, struct str bytes, struct buf *out);

#endif
