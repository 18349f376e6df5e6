/* Messages to JSON and back, off the table in msg.h. */
#ifndef MOOT_CODEC_H
#define MOOT_CODEC_H

#include "msg.h"

/* Several messages out of one frame. */
struct msg_list {
    struct msg *v;
    size_t n;
};

/* Decodes a frame: one object, or an array of at most FRAME_OBJECTS_MAX (from a client). The
 * whole frame is checked before anything is returned: size, UTF-8, depth, no NUL, no key twice,
 * then each object against its row and `from`. Everything in `out` is owned by the arena.
 * When it fails, *re is the id of the request at fault, or 0. A hello or welcome of another
 * version fails with ERR_VERSION whatever its other fields are. RFC 8259. */
bool codec_decode(struct str frame, enum msg_side from, struct arena *a, struct msg_list *out,
                  int64_t *re, struct err *e);

/* Appends m as one JSON object, fields in table order, optional ones at their fallback left
 * out. The values must have passed msg_check: lengths over the bound are our own fault. */
void codec_encode(struct buf *out, const struct msg *m);

/* Decodes one JSON object, checked in the same way, into the struct that the shape is of;
 * fields that it has not are passed over. The strings are owned by the arena. */
bool codec_item(struct str json, const struct shape *shape, struct arena *a, void *out,
                struct err *e);

/* Appends the value of one field of the item at base, as it stands on the wire. For --json. */
void codec_value(struct buf *out, const struct field *f, const void *base);

/* Appends s as a JSON string with quotes; what is not UTF-8 becomes U+FFFD. For --json. */
void codec_quote(struct buf *out, struct str s);

#endif
