#include "rope_tree.h"
#include "utf8.h"

#include <string.h>

size_t rope_chars(const struct rope *r)
{
    return tree_total(r, UNIT_CHARS);
}

size_t rope_bytes(const struct rope *r)
{
    return tree_total(r, UNIT_BYTES);
}

size_t rope_lines(const struct rope *r)
{
    return tree_total(r, UNIT_NEWLINES) + 1;
}

size_t rope_memory(const struct rope *r)
{
    return sizeof *r + r->leaves * sizeof(struct leaf) + r->nodes * sizeof(struct node);
}

/* ---- text ---- */

static struct str piece_at(const struct rope *r, size_t pos, size_t *chars)
{
    bug_on(pos > rope_chars(r));
    struct place p = tree_find(r, UNIT_CHARS, pos);
    return leaf_piece(p.leaf, pos - p.before.of[UNIT_CHARS], chars);
}

bool tree_next(struct reader *at)
{
    at->piece = piece_at(at->rope, at->pos, &at->chars);
    at->pos += at->chars;
    return at->chars > 0;
}

struct str rope_piece(const struct rope *r, size_t pos)
{
    size_t chars;
    return piece_at(r, pos, &chars);
}

void rope_read(const struct rope *r, size_t pos, size_t chars, struct buf *out)
{
    bug_on(pos > rope_chars(r) || chars > rope_chars(r) - pos);
    buf_reserve(out, chars);
    struct reader at = {.rope = r, .pos = pos};
    while (chars && tree_next(&at)) {
        size_t n = MIN(chars, at.chars);
        buf_add(out, at.piece.p, leaf_bytes_of(at.piece, at.chars, n));
        chars -= n;
    }
}

uint32_t rope_at(const struct rope *r, size_t pos)
{
    uint32_t cp = 0;
    utf8_next(rope_piece(r, pos), &cp);
    return cp;
}

static void drop(struct reader *at, size_t n)
{
    at->piece = (struct str){at->piece.p + n, at->piece.n - n};
}

bool rope_eq(const struct rope *a, const struct rope *b)
{
    if (rope_bytes(a) != rope_bytes(b))
        return false;
    struct reader x = {.rope = a}, y = {.rope = b};
    while ((x.piece.n || tree_next(&x)) && (y.piece.n || tree_next(&y))) {
        size_t n = MIN(x.piece.n, y.piece.n);
        if (memcmp(x.piece.p, y.piece.p, n) != 0)
            return false;
        drop(&x, n);
        drop(&y, n);
    }
    return true;
}

bool rope_is(const struct rope *r, struct str text)
{
    if (rope_bytes(r) != text.n)
        return false;
    for (struct reader at = {.rope = r}; tree_next(&at); text.p += at.piece.n) {
        if (memcmp(at.piece.p, text.p, at.piece.n) != 0)
            return false;
    }
    return true;
}

/* ---- lines and bytes ---- */

/* Position of newline number `nth`, of which there are more. */
static size_t newline(const struct rope *r, size_t nth)
{
    struct place p = tree_find(r, UNIT_NEWLINES, nth);
    return p.before.of[UNIT_CHARS] + leaf_newline(p.leaf, nth - p.before.of[UNIT_NEWLINES]);
}

size_t rope_line_start(const struct rope *r, size_t line)
{
    bug_on(line >= rope_lines(r));
    return line == 0 ? 0 : newline(r, line - 1) + 1;
}

size_t rope_line_end(const struct rope *r, size_t line)
{
    bug_on(line >= rope_lines(r));
    return line + 1 == rope_lines(r) ? rope_chars(r) : newline(r, line);
}

size_t rope_line_of(const struct rope *r, size_t pos)
{
    bug_on(pos > rope_chars(r));
    struct place p = tree_find(r, UNIT_CHARS, pos);
    return p.before.of[UNIT_NEWLINES] +
           leaf_newlines_before(p.leaf, pos - p.before.of[UNIT_CHARS]);
}

size_t rope_byte_of(const struct rope *r, size_t pos)
{
    bug_on(pos > rope_chars(r));
    struct place p = tree_find(r, UNIT_CHARS, pos);
    return p.before.of[UNIT_BYTES] + leaf_byte_of(p.leaf, pos - p.before.of[UNIT_CHARS]);
}

size_t rope_pos_of_byte(const struct rope *r, size_t byte)
{
    bug_on(byte > rope_bytes(r));
    struct place p = tree_find(r, UNIT_BYTES, byte);
    return p.before.of[UNIT_CHARS] + leaf_pos_of(p.leaf, byte - p.before.of[UNIT_BYTES]);
}

bool rope_check(const struct rope *r)
{
    return tree_check(r);
}
