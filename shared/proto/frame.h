/* Bytes made once and sent to many: a WebSocket text frame with a count of its holders. */
#ifndef MOOT_FRAME_H
#define MOOT_FRAME_H

#include "str.h"

/* What a slow reader may miss, more of it further down. */
enum passing {
    KEPT,          /* nothing: it is cut off instead */
    PASSING,       /* the newest will do */
    PASSING_FIRST, /* and this goes before other things */
};

/* RFC 6455, section 5.2, as a server sends: FIN, no mask. A frame may hold several messages,
 * each with its own header, one behind the other. Never shared between threads. */
struct frame {
    uint32_t refs;
    uint32_t messages;
    int64_t
        since; /* us of the clock of inputs: when what it tells was received; 0: not known */
    size_t n;
    char bytes[];
};

enum { FRAME_HEADER_MAX = 10 };

/* Writes the header of a text message of n bytes to out and returns its length, 2, 4 or 10. */
size_t frame_header(char out[FRAME_HEADER_MAX], size_t n);
/* One message; the caller holds the only reference. */
struct frame *frame_new(struct str payload);
/* A frame of bytes that are framed already (frame_add made them). */
struct frame *frame_of(struct str framed, uint32_t messages);
/* Appends header and payload to b. */
void frame_add(struct buf *b, struct str payload);
struct frame *frame_hold(struct frame *f);
void frame_drop(struct frame *f); /* NULL is fine */
/* Takes the first message off framed bytes: its payload, and *framed moves behind it. For
 * whoever cannot send the bytes as they are. Empty p when nothing is left. */
struct str frame_next(struct str *framed);

#endif
