#include "editor_parts.h"
#include "utf8.h"
#include "wrap.h"

#include <string.h>

/* Where clusters begin can only be told forwards, from a place that is surely a boundary: one
 * at which every walk that comes by ends a cluster, whatever it came over. Nearly every
 * boundary is such a place. Where there is none for long, as among a thousand flags, every
 * position that is a multiple of SYNC_CHARS is one because we say so. */
enum {
    SYNC_CHARS = 1024,
    WORD_CHARS = 4096, /* a longer word is several */
};

static size_t put_pair(char *out, uint32_t a, uint32_t b)
{
    size_t n = utf8_put(out, a);
    return n + utf8_put(out + n, b);
}

static bool parts(uint32_t a, uint32_t b)
{
    char pair[8];
    int width;
    size_t n = put_pair(pair, a, b);
    return width_cluster((struct str){pair, n}, &width) < n;
}

/* Two code points part whatever stands in front of them, unless the left one only continues a
 * cluster, as the joiner of an emoji does, and the right one may be continued to. */
static bool is_sure(const struct rope *text, size_t pos)
{
    if (pos == 0 || pos >= rope_chars(text))
        return true;
    uint32_t a = rope_at(text, pos - 1), b = rope_at(text, pos);
    if (a < 0x80 && b < 0x80)
        return true;
    return parts(a, b) && (b < 0x80 || parts('x', a));
}

/* The nearest place at or in front of pos that is a boundary for every walk. */
static size_t sync_before(const struct rope *text, size_t pos)
{
    size_t said = SIZE_MAX;
    for (size_t at = pos;; at--) {
        bool may_be_said = at % SYNC_CHARS == 0;
        if (may_be_said && said != SIZE_MAX)
            return said;
        if (is_sure(text, at))
            return at;
        if (may_be_said)
            said = at;
    }
}

/* ---- walking ---- */

void walk_begin(struct walk *w, const struct rope *text, size_t pos)
{
    w->text = text;
    w->pos = pos;
    w->ahead = (struct str){0};
}

/* At least a whole cluster, in one piece. */
static struct str look_ahead(struct walk *w)
{
    if (w->ahead.n == 0)
        w->ahead = rope_piece(w->text, w->pos);
    if (w->ahead.n >= sizeof w->joined || w->ahead.n == 0)
        return w->ahead;
    struct str piece = w->ahead;
    size_t n = 0, pos = w->pos;
    while (piece.n && n < sizeof w->joined) {
        size_t more = MIN(piece.n, sizeof w->joined - n);
        memcpy(w->joined + n, piece.p, more);
        n += more;
        pos += utf8_chars(piece);
        piece = rope_piece(w->text, pos);
    }
    return (struct str){w->joined, n};
}

static struct str first_chars(struct str s, size_t chars)
{
    size_t n = 0;
    for (uint32_t cp; chars > 0; chars--)
        n += utf8_next((struct str){s.p + n, s.n - n}, &cp);
    return (struct str){s.p, n};
}

/* A cluster does not go over a place that every walk stops at. */
static void cut_at_sync(struct walk *w)
{
    size_t to_sync = SYNC_CHARS - w->pos % SYNC_CHARS;
    if (to_sync >= w->chars || sync_before(w->text, w->pos + to_sync) != w->pos + to_sync)
        return;
    w->chars = to_sync;
    w->bytes = first_chars(w->bytes, to_sync);
    width_cluster(w->bytes, &w->width);
}

static bool walk_slowly(struct walk *w)
{
    struct str s = look_ahead(w);
    if (s.n == 0)
        return false;
    w->bytes = (struct str){s.p, width_cluster(s, &w->width)};
    w->chars = utf8_chars(w->bytes);
    utf8_next(s, &w->first);
    cut_at_sync(w);
    if (w->first == '\t' || w->first == '\n') {
        w->width = 0;
    } else if (utf8_is_unsafe(w->first)) {
        struct glyph g;
        glyph_next(w->bytes, &g);
        w->width = g.width;
    }
    w->pos += w->chars;
    size_t n = w->bytes.n;
    w->ahead = n < w->ahead.n ? (struct str){w->ahead.p + n, w->ahead.n - n} : (struct str){0};
    return true;
}

bool walk_next(struct walk *w)
{
    struct str s = w->ahead;
    if (s.n < 2 || s.p[0] < ' ' || s.p[0] > '~' || (unsigned char)s.p[1] >= 0x80)
        return walk_slowly(w);
    w->bytes = (struct str){s.p, 1};
    w->first = (unsigned char)s.p[0];
    w->chars = 1;
    w->width = 1;
    w->pos++;
    w->ahead = (struct str){s.p + 1, s.n - 1};
    return true;
}

/* ---- boundaries ---- */

/* The cluster that pos is in or in front of. */
static struct span cluster_at(const struct rope *text, size_t pos)
{
    struct walk w;
    walk_begin(&w, text, sync_before(text, pos));
    struct span s = {w.pos, w.pos};
    while (s.end <= pos && walk_next(&w))
        s = (struct span){s.end, w.pos};
    return s;
}

size_t text_floor(const struct rope *text, size_t pos)
{
    if (pos >= rope_chars(text))
        return rope_chars(text);
    return is_sure(text, pos) ? pos : cluster_at(text, pos).start;
}

size_t text_ceil(const struct rope *text, size_t pos)
{
    if (pos >= rope_chars(text))
        return rope_chars(text);
    if (is_sure(text, pos))
        return pos;
    struct span s = cluster_at(text, pos);
    return s.start == pos ? pos : s.end;
}

size_t text_next(const struct rope *text, size_t pos)
{
    struct walk w;
    walk_begin(&w, text, pos);
    walk_next(&w);
    return w.pos;
}

size_t text_before(const struct rope *text, size_t pos)
{
    return pos == 0 ? 0 : text_floor(text, pos - 1);
}

bool text_is_blank_at(const struct rope *text, size_t pos)
{
    return pos < rope_chars(text) && rope_at(text, pos) == ' ' && is_sure(text, pos) &&
           is_sure(text, pos + 1);
}

size_t editor_boundary(const struct rope *text, size_t pos)
{
    return text_floor(text, pos);
}

/* ---- words ---- */

/* Letters, digits and what is written with them; what stands between words in most scripts. */
static bool is_word(uint32_t cp)
{
    if (cp < 0x80)
        return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') ||
               (cp >= 'A' && cp <= 'Z') || cp == '_';
    return !(cp <= 0xa9 || cp == 0xab || cp == 0xbb || (cp >= 0x2000 && cp <= 0x206f) ||
             (cp >= 0x3000 && cp <= 0x303f) || (cp >= 0xff00 && cp <= 0xff0f));
}

size_t word_right(const struct rope *text, size_t pos)
{
    struct walk w;
    size_t begin = pos;
    bool in_word = false;
    walk_begin(&w, text, pos);
    while (walk_next(&w) && pos - begin < WORD_CHARS) {
        if (in_word && !is_word(w.first))
            break;
        in_word = in_word || is_word(w.first);
        pos = w.pos;
    }
    return pos;
}

size_t word_left(const struct rope *text, size_t pos)
{
    size_t begin = pos;
    bool in_word = false;
    while (pos > 0 && begin - pos < WORD_CHARS) {
        size_t before = text_before(text, pos);
        bool is = is_word(rope_at(text, before));
        if (in_word && !is)
            break;
        in_word = in_word || is;
        pos = before;
    }
    return pos;
}

void editor_word_at(const struct rope *text, size_t pos, size_t *start, size_t *end)
{
    struct walk w;
    *start = *end = pos = text_floor(text, pos);
    walk_begin(&w, text, pos);
    while (walk_next(&w) && is_word(w.first) && w.pos - pos < WORD_CHARS)
        *end = w.pos;
    if (*end == pos) { /* in no word, or behind one at the end of the text */
        *end = pos < rope_chars(text) ? text_next(text, pos) : pos;
        return;
    }
    while (*start > 0 && pos - *start < WORD_CHARS) {
        size_t before = text_before(text, *start);
        if (!is_word(rope_at(text, before)))
            break;
        *start = before;
    }
}

/* ---- lines ---- */

struct line line_nth(const struct rope *text, size_t number)
{
    return (struct line){number, rope_line_start(text, number), rope_line_end(text, number)};
}

struct line line_at(const struct rope *text, size_t pos)
{
    return line_nth(text, rope_line_of(text, pos));
}

size_t line_content(const struct rope *text, struct line l)
{
    struct walk w;
    size_t pos = l.start;
    walk_begin(&w, text, pos);
    while (pos < l.end && pos - l.start < WORD_CHARS && walk_next(&w) &&
           (walk_is_blank(&w) || w.first == '\t'))
        pos = w.pos;
    return pos;
}

bool line_is_blank(const struct rope *text, struct line l)
{
    return line_content(text, l) == l.end;
}
