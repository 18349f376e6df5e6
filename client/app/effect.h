/* What the client's pure core wants done: data, carried out by the shell in order. */
#ifndef MOOT_EFFECT_H
#define MOOT_EFFECT_H

#include "str.h"

enum effect_kind {
    EFFECT_CONNECT,    /* open the link; answered by session_opened() or session_lost() */
    EFFECT_DISCONNECT, /* close the link; nothing is answered */
    EFFECT_SEND,       /* bytes: one message for the link */
    EFFECT_KEEP,       /* bytes: a record for the outbox file; on disk before the next effect */
    EFFECT_KEEP_LATER, /* bytes: a record for the outbox file that need not be on disk at once
                        */
    EFFECT_KEPT_ALL,   /* the outbox is empty: its file may be cut to its first record */
    EFFECT_CACHE,      /* room, bytes: a message for the room's cache file */
    EFFECT_CACHE_NEW,  /* room: the cache file starts anew; what follows replaces it at once */
    EFFECT_CACHE_GONE, /* room: it is ours no more, and its cache file goes */
    EFFECT_NOTIFY,     /* room, which may be empty; bytes: what happened, in a few words */
    EFFECT_TITLE,      /* bytes: of the terminal's window */
    EFFECT_MOTION,     /* bytes, any: the mouse is reported whenever it moves; none: as usual */
    EFFECT_SUSPEND,
    EFFECT_REDRAW,  /* paint everything anew */
    EFFECT_EDITOR,  /* bytes: text to hand to $EDITOR; answered as an input of the model */
    EFFECT_OPEN,    /* bytes: an address to open in a way of the person's, or to copy */
    EFFECT_COPY,    /* bytes: to the terminal's clipboard (OSC 52) */
    EFFECT_REFUSED, /* room: why, in words; bytes: a request that the server will not take: to
                       be on disk, for a person to find, before the next effect */
    EFFECT_FILTER,  /* room: the name of a filter, bytes: its text, empty: it is gone; for the
                       file of saved ones */
    EFFECT_CUE,     /* bytes: a line for the demo that we are part of, see tour.h */
    EFFECT_QUIT,
};

struct effect {
    enum effect_kind kind;
    struct str room, bytes; /* in the arena of the list */
};

struct effects {
    VEC(struct effect) items;
    struct arena arena;
};

void effect_add(struct effects *out, enum effect_kind kind, struct str room, struct str bytes);
void effects_clear(struct effects *e); /* after they were carried out; keeps memory */
void effects_finish(struct effects *e);

#endif
