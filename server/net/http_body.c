#include "http.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHUNK_LINE_MAX = 256, /* bytes of a chunk's size and what may stand behind it */
    WRAPPING = 4,         /* bytes of a chunked body may be so many times what they carry */
};

static enum http_body too_large(size_t most, struct err *e)
{
    fail(e, ERR_TOO_LARGE, "A body may have at most %zu bytes.", most);
    return BODY_BAD;
}

static enum http_body no_chunk(struct err *e)
{
    fail(e, ERR_MALFORMED, "The body is not in clean chunks.");
    return BODY_BAD;
}

static enum http_body read_whole(const struct http_request *r, struct str bytes, size_t most,
                                 struct buf *out, struct err *e)
{
    int64_t n = 0;
    str_int(r->content_length, 0, INT64_MAX, &n);
    if (n > (int64_t)most)
        return too_large(most, e);
    if (bytes.n < (size_t)n)
        return BODY_MORE;
    buf_add(out, bytes.p, (size_t)n);
    return BODY_WHOLE;
}

/* The line at the front without its CRLF: 1; 0 while it is not there; -1 when it is too long.
 */
static int take_line(struct str *bytes, struct str *line)
{
    const char *end = bytes->n ? memmem(bytes->p, bytes->n, "\r\n", 2) : NULL;
    if (!end)
        return bytes->n > CHUNK_LINE_MAX ? -1 : 0;
    size_t n = (size_t)(end - bytes->p);
    *line = (struct str){bytes->p, n};
    *bytes = (struct str){end + 2, bytes->n - n - 2};
    return n > CHUNK_LINE_MAX ? -1 : 1;
}

static int hex(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) % 16 : -1;
}

/* What stands behind a ';' is an extension, which nobody needs to understand. */
static bool read_size(struct str line, size_t most, size_t *n)
{
    struct str digits = str_trim(str_cut(&line, ';'));
    *n = 0;
    for (size_t i = 0; i < digits.n; i++) {
        int d = hex(digits.p[i]);
        if (d < 0)
            return false;
        *n = MIN(*n * 16 + (size_t)d, most + 1);
    }
    return digits.n > 0;
}

/* Trailers say nothing that is wanted here. */
static enum http_body skip_trailers(struct str bytes, struct err *e)
{
    struct str line;
    int found;
    while ((found = take_line(&bytes, &line)) > 0)
        if (!line.n)
            return BODY_WHOLE;
    return found < 0 ? no_chunk(e) : BODY_MORE;
}

static enum http_body read_chunks(struct str bytes, size_t most, struct buf *out, struct err *e)
{
    struct str line;
    size_t n;
    if (bytes.n > most * WRAPPING)
        return too_large(most, e);
    for (;;) {
        int found = take_line(&bytes, &line);
        if (found == 0)
            return BODY_MORE;
        if (found < 0 || !read_size(line, most, &n))
            return no_chunk(e);
        if (n == 0)
            return skip_trailers(bytes, e);
        if (out->n + n > most)
            return too_large(most, e);
        if (bytes.n < n + 2)
            return BODY_MORE;
        if (memcmp(bytes.p + n, "\r\n", 2) != 0)
            return no_chunk(e);
        buf_add(out, bytes.p, n);
        bytes = (struct str){bytes.p + n + 2, bytes.n - n - 2};
    }
}

enum http_body http_body_read(const struct http_request *r, struct str bytes, size_t most,
                              struct buf *out, struct err *e)
{
    buf_clear(out);
    return r->transfer_encoding.p ? read_chunks(bytes, most, out, e)
                                  : read_whole(r, bytes, most, out, e);
}
