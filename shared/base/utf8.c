#include "utf8.h"

size_t utf8_next(struct str s, uint32_t *cp)
{
    if (s.n == 0)
        return 0;
    const unsigned char *p = (const unsigned char *)s.p;
    if (p[0] < 0x80) {
        *cp = p[0];
        return 1;
    }
    size_t n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4 || s.n < n)
        return 0;
    uint32_t c = p[0] & (0x7fU >> n);
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (p[i] & 0x3f);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return 0;
    *cp = c;
    return n;
}

size_t utf8_put(char *out, uint32_t cp)
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
        return 0;
    size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; cp >>= 6)
        out[i] = (char)(0x80 | (cp & 0x3f));
    out[0] = (char)((0xf00U >> n & 0xff) | cp);
    return n;
}

bool utf8_is_valid(struct str s)
{
    uint32_t cp;
    for (size_t n; s.n; s.p += n, s.n -= n)
        if ((n = utf8_next(s, &cp)) == 0)
            return false;
    return true;
}

size_t utf8_chars(struct str s)
{
    size_t chars = 0;
    for (size_t i = 0; i < s.n; i++)
        chars += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return chars;
}

bool utf8_is_unsafe(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x061c || cp == 0x200e ||
           cp == 0x200f || (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069) ||
           cp == 0xfeff;
}

static void escape_one(struct buf *out, uint32_t cp)
{
    switch (cp) {
    case '\n':
        buf_fmt(out, "\\n");
        return;
    case '\t':
        buf_fmt(out, "\\t");
        return;
    case '\r':
        buf_fmt(out, "\\r");
        return;
    default:
        buf_fmt(out, cp < 0x100 ? "\\x%02x" : "\\u{%04x}", (unsigned)cp);
    }
}

static void escape(struct buf *out, struct str s, bool keep_lines)
{
    while (s.n) {
        uint32_t cp;
        size_t n = utf8_next(s, &cp);
        if (n == 0) {
            cp = (unsigned char)s.p[0];
            n = 1;
            escape_one(out, cp);
        } else if (utf8_is_unsafe(cp) && !(keep_lines && (cp == '\n' || cp == '\t'))) {
            escape_one(out, cp);
        } else {
            buf_add(out, s.p, n);
        }
        s.p += n;
        s.n -= n;
    }
}

void utf8_escape(struct buf *out, struct str s)
{
    escape(out, s, false);
}

void utf8_escape_lines(struct buf *out, struct str s)
{
    escape(out, s, true);
}
