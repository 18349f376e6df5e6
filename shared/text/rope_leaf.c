#include "rope_leaf.h"
#include "utf8.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

/* Eight bytes at a time in a word, sixteen in a vector; comparing gives -1 where it holds. */
#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))
enum { LANES = 16 };
typedef signed char lanes __attribute__((vector_size(LANES)));

static_assert((int)LEAF_SLACK >= (int)LANES && LEAF_BYTES / LANES < 256,
              "the counts of a leaf fit the lanes");

static uint64_t eight(const char *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof w);
    return le64toh(w);
}

/* 1 in each byte of the word that goes on with a code point (10xxxxxx). */
static uint64_t inner_bytes(uint64_t w)
{
    return w >> 7 & ~(w >> 6) & EACH_BYTE(1);
}

static uint64_t newline_bytes(uint64_t w)
{
    uint64_t differs = w ^ EACH_BYTE('\n');
    differs |= (differs & EACH_BYTE(0x7f)) + EACH_BYTE(0x7f);
    return ~differs >> 7 & EACH_BYTE(1);
}

static size_t sum_of_eight(uint64_t counts)
{
    uint64_t pairs =
        (counts & UINT64_C(0x00ff00ff00ff00ff)) + (counts >> 8 & UINT64_C(0x00ff00ff00ff00ff));
    return pairs * UINT64_C(0x0001000100010001) >> 48;
}

static bool is_start(char c)
{
    return (c & 0xc0) != 0x80;
}

/* The place of the 1 that has n others in front of it, in a word of bytes 0 and 1. */
static size_t nth_start(uint64_t starts, size_t n)
{
    uint64_t so_far = starts * EACH_BYTE(1); /* in each byte, the ones up to there */
    return sum_of_eight((EACH_BYTE(0x80) + EACH_BYTE(n) - so_far) >> 7 & EACH_BYTE(1));
}

static size_t sum_of_lanes(lanes counts)
{
    uint64_t half[2];
    memcpy(half, &counts, sizeof half);
    return sum_of_eight(half[0]) + sum_of_eight(half[1]);
}

static lanes sixteen(const char *p)
{
    lanes v;
    memcpy(&v, p, sizeof v);
    return v;
}

struct counts {
    size_t chars, newlines;
};

/* Of n bytes of a leaf; reads on into its slack. */
static struct counts count(const char *p, size_t n)
{
    static const lanes nth = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    lanes starts = {0}, newlines = {0};
    for (size_t i = 0; i < n; i += LANES) {
        lanes v = sixteen(p + i);
        lanes counted = nth < (signed char)MIN(n - i, (size_t)LANES);
        starts -= (v >= (signed char)0xc0) & counted;
        newlines -= (v == '\n') & counted;
    }
    return (struct counts){sum_of_lanes(starts), sum_of_lanes(newlines)};
}

/* Bytes of the first `chars` code points, when more than those begin in n bytes. */
static size_t bytes_forward(const char *p, size_t chars)
{
    size_t i = 0;
    for (size_t starts;; i += 8, chars -= starts) {
        uint64_t inner = inner_bytes(eight(p + i));
        starts = 8 - sum_of_eight(inner);
        if (starts > chars)
            return i + nth_start(inner ^ EACH_BYTE(1), chars);
    }
}

/* Bytes of the last `chars` code points. */
static size_t bytes_backward(const char *p, size_t n, size_t chars)
{
    size_t i = n;
    if (chars == 0)
        return 0;
    for (size_t starts; i >= 8; i -= 8, chars -= starts) {
        uint64_t inner = inner_bytes(eight(p + i - 8));
        starts = 8 - sum_of_eight(inner);
        if (starts >= chars)
            return n - i + 8 - nth_start(inner ^ EACH_BYTE(1), starts - chars);
    }
    while (chars)
        chars -= is_start(p[--i]);
    return n - i;
}

/* Bytes of the first `chars` of the `all` code points in n bytes. */
static size_t bytes_of(const char *p, size_t n, size_t all, size_t chars)
{
    if (n == all)
        return chars;
    if (chars <= all / 2)
        return bytes_forward(p, chars);
    return n - bytes_backward(p, n, all - chars);
}

static const char *tail_of(const struct leaf *l)
{
    return l->bytes + l->tail;
}

static size_t tail_bytes(const struct leaf *l)
{
    return (size_t)(LEAF_BYTES - l->tail);
}

static void clear(struct leaf *l)
{
    l->head = l->head_chars = l->tail_chars = l->newlines = 0;
    l->tail = LEAF_BYTES;
}

struct leaf *leaf_new(void)
{
    struct leaf *l = mem_grow(NULL, sizeof *l);
    clear(l);
    return l;
}

void leaf_part(struct leaf *l, size_t pos)
{
    if (pos < l->head_chars) {
        size_t byte = bytes_of(l->bytes, l->head, l->head_chars, pos);
        size_t n = l->head - byte;
        memmove(l->bytes + l->tail - n, l->bytes + byte, n);
        l->head = (uint16_t)byte;
        l->tail = (uint16_t)(l->tail - n);
    } else if (pos > l->head_chars) {
        size_t n = bytes_of(tail_of(l), tail_bytes(l), l->tail_chars, pos - l->head_chars);
        memmove(l->bytes + l->head, tail_of(l), n);
        l->head = (uint16_t)(l->head + n);
        l->tail = (uint16_t)(l->tail + n);
    }
    l->tail_chars = (uint16_t)(leaf_chars(l) - pos);
    l->head_chars = (uint16_t)pos;
}

void leaf_put(struct leaf *l, struct str text)
{
    memcpy(l->bytes + l->head, text.p, text.n);
    struct counts more = count(l->bytes + l->head, text.n);
    l->head = (uint16_t)(l->head + text.n);
    l->head_chars = (uint16_t)(l->head_chars + more.chars);
    l->newlines = (uint16_t)(l->newlines + more.newlines);
}

static void cut_head(struct leaf *l, size_t chars)
{
    size_t byte = bytes_of(l->bytes, l->head, l->head_chars, l->head_chars - chars);
    l->newlines = (uint16_t)(l->newlines - count(l->bytes + byte, l->head - byte).newlines);
    l->head = (uint16_t)byte;
    l->head_chars = (uint16_t)(l->head_chars - chars);
}

static void cut_tail(struct leaf *l, size_t chars)
{
    size_t n = bytes_of(tail_of(l), tail_bytes(l), l->tail_chars, chars);
    l->newlines = (uint16_t)(l->newlines - count(tail_of(l), n).newlines);
    l->tail = (uint16_t)(l->tail + n);
    l->tail_chars = (uint16_t)(l->tail_chars - chars);
}

void leaf_cut(struct leaf *l, size_t pos, size_t chars)
{
    if (chars == leaf_chars(l)) {
        clear(l);
        return;
    }
    if (pos > l->head_chars)
        leaf_part(l, pos);
    else if (pos + chars < l->head_chars)
        leaf_part(l, pos + chars);
    size_t of_head = l->head_chars - pos;
    if (of_head)
        cut_head(l, of_head);
    if (chars > of_head)
        cut_tail(l, chars - of_head);
}

void leaf_move_tail(struct leaf *from, struct leaf *to)
{
    size_t n = tail_bytes(from);
    to->tail = from->tail;
    memcpy(to->bytes + to->tail, tail_of(from), n);
    to->tail_chars = from->tail_chars;
    to->newlines = (uint16_t)count(tail_of(to), n).newlines;
    from->tail = LEAF_BYTES;
    from->tail_chars = 0;
    from->newlines = (uint16_t)(from->newlines - to->newlines);
}

void leaf_append(struct leaf *l, const struct leaf *more)
{
    leaf_part(l, leaf_chars(l));
    memcpy(l->bytes + l->head, more->bytes, more->head);
    memcpy(l->bytes + l->head + more->head, tail_of(more), tail_bytes(more));
    l->head = (uint16_t)(l->head + leaf_bytes(more));
    l->head_chars = (uint16_t)(l->head_chars + leaf_chars(more));
    l->newlines = (uint16_t)(l->newlines + more->newlines);
}

size_t leaf_byte_of(const struct leaf *l, size_t pos)
{
    if (pos <= l->head_chars)
        return bytes_of(l->bytes, l->head, l->head_chars, pos);
    return l->head + bytes_of(tail_of(l), tail_bytes(l), l->tail_chars, pos - l->head_chars);
}

size_t leaf_pos_of(const struct leaf *l, size_t byte)
{
    if (leaf_bytes(l) == leaf_chars(l))
        return byte;
    if (byte < l->head)
        return count(l->bytes, byte + 1).chars - 1;
    size_t n = byte - l->head;
    if (n < tail_bytes(l))
        return l->head_chars + count(tail_of(l), n + 1).chars - 1;
    return leaf_chars(l);
}

size_t leaf_newlines_before(const struct leaf *l, size_t pos)
{
    size_t byte = leaf_byte_of(l, pos);
    if (byte <= l->head)
        return count(l->bytes, byte).newlines;
    return count(l->bytes, l->head).newlines + count(tail_of(l), byte - l->head).newlines;
}

/* Bytes in front of newline number *nth, or all n; *nth goes down by the newlines passed. */
static size_t bytes_to_newline(const char *p, size_t n, size_t *nth)
{
    size_t i = 0;
    for (size_t found; i + 8 <= n; i += 8, *nth -= found) {
        found = sum_of_eight(newline_bytes(eight(p + i)));
        if (found > *nth)
            break;
    }
    for (; i < n; i++) {
        if (p[i] == '\n' && (*nth)-- == 0)
            break;
    }
    return i;
}

size_t leaf_newline(const struct leaf *l, size_t nth)
{
    size_t byte = bytes_to_newline(l->bytes, l->head, &nth);
    if (byte == l->head)
        byte += bytes_to_newline(tail_of(l), tail_bytes(l), &nth);
    return leaf_pos_of(l, byte);
}

struct str leaf_piece(const struct leaf *l, size_t pos, size_t *chars)
{
    size_t byte = leaf_byte_of(l, pos);
    if (pos < l->head_chars) {
        *chars = l->head_chars - pos;
        return (struct str){l->bytes + byte, l->head - byte};
    }
    *chars = leaf_chars(l) - pos;
    return (struct str){l->bytes + byte + leaf_room(l), leaf_bytes(l) - byte};
}

size_t leaf_bytes_of(struct str piece, size_t all, size_t chars)
{
    return bytes_of(piece.p, piece.n, all, chars);
}

size_t leaf_fitting(struct str text, size_t n)
{
    if (text.n <= n)
        return text.n;
    while (n && !is_start(text.p[n]))
        n--;
    return n;
}

static bool counts_are(const char *p, size_t n, size_t chars)
{
    struct str s = {p, n};
    return utf8_is_valid(s) && utf8_chars(s) == chars;
}

bool leaf_check(const struct leaf *l)
{
    if (l->head > l->tail || l->tail > LEAF_BYTES)
        return false;
    size_t newlines = 0;
    for (size_t i = 0; i < l->head; i++)
        newlines += l->bytes[i] == '\n';
    for (size_t i = l->tail; i < LEAF_BYTES; i++)
        newlines += l->bytes[i] == '\n';
    return newlines == l->newlines && counts_are(l->bytes, l->head, l->head_chars) &&
           counts_are(tail_of(l), tail_bytes(l), l->tail_chars);
}
