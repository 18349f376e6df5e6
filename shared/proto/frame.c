#include "frame.h"

#include <stdlib.h>
#include <string.h>

enum { FIN_TEXT = 0x81, LENGTH_16 = 126, LENGTH_64 = 127 };

static void put_big_endian(char *out, uint64_t v, size_t bytes)
{
    for (size_t i = bytes; i-- > 0; v >>= 8)
        out[i] = (char)(v & 0xff);
}

size_t frame_header(char out[FRAME_HEADER_MAX], size_t n)
{
    out[0] = (char)FIN_TEXT;
    if (n < LENGTH_16) {
        out[1] = (char)n;
        return 2;
    }
    if (n <= UINT16_MAX) {
        out[1] = LENGTH_16;
        put_big_endian(out + 2, n, 2);
        return 4;
    }
    out[1] = LENGTH_64;
    put_big_endian(out + 2, n, 8);
    return FRAME_HEADER_MAX;
}

static struct frame *frame_alloc(size_t n, uint32_t messages)
{
    struct frame *f = mem_grow(NULL, sizeof *f + n);
    f->refs = 1;
    f->messages = messages;
    f->since = 0;
    f->n = n;
    return f;
}

struct frame *frame_new(struct str payload)
{
    char header[FRAME_HEADER_MAX];
    size_t n = frame_header(header, payload.n);
    struct frame *f = frame_alloc(n + payload.n, 1);
    memcpy(f->bytes, header, n);
    if (payload.n)
        memcpy(f->bytes + n, payload.p, payload.n);
    return f;
}

struct frame *frame_of(struct str framed, uint32_t messages)
{
    struct frame *f = frame_alloc(framed.n, messages);
    if (framed.n)
        memcpy(f->bytes, framed.p, framed.n);
    return f;
}

void frame_add(struct buf *b, struct str payload)
{
    char header[FRAME_HEADER_MAX];
    buf_add(b, header, frame_header(header, payload.n));
    buf_add_str(b, payload);
}

struct frame *frame_hold(struct frame *f)
{
    f->refs++;
    return f;
}

void frame_drop(struct frame *f)
{
    if (!f)
        return;
    bug_on(f->refs == 0);
    if (--f->refs == 0)
        free(f);
}

struct str frame_next(struct str *framed)
{
    if (framed->n == 0)
        return (struct str){0};
    bug_on(framed->n < 2);
    const unsigned char *p = (const unsigned char *)framed->p;
    size_t n = p[1], bytes = n == LENGTH_64 ? 8 : n == LENGTH_16 ? 2 : 0;
    bug_on(framed->n < 2 + bytes);
    if (bytes)
        n = 0;
    for (size_t i = 0; i < bytes; i++)
        n = n << 8 | p[2 + i];
    bug_on(framed->n - 2 - bytes < n);
    struct str payload = {framed->p + 2 + bytes, n};
    framed->p += 2 + bytes + n;
    framed->n -= 2 + bytes + n;
    return payload;
}
