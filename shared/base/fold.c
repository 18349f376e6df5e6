#include "fold.h"

#include "utf8.h"

#include <utf8proc.h>

uint32_t fold_char(uint32_t cp)
{
    if (cp < 0x80)
        return cp >= 'A' && cp <= 'Z' ? cp + ('a' - 'A') : cp;
    return (uint32_t)utf8proc_tolower((utf8proc_int32_t)cp);
}

bool fold_same(struct str a, struct str b)
{
    while (a.n && b.n) {
        uint32_t x, y;
        size_t n = utf8_next(a, &x), k = utf8_next(b, &y);
        if (!n || !k || fold_char(x) != fold_char(y))
            return false;
        a = (struct str){a.p + n, a.n - n};
        b = (struct str){b.p + k, b.n - k};
    }
    return a.n == b.n;
}

size_t fold_plain(uint32_t cp, uint32_t out[FOLD_MAX])
{
    if (cp < 0x80) {
        out[0] = fold_char(cp);
        return 1;
    }
    int last = 0;
    utf8proc_int32_t to[FOLD_MAX];
    utf8proc_ssize_t n = utf8proc_decompose_char(
        (utf8proc_int32_t)cp, to, FOLD_MAX,
        UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK, &last);
    if (n < 0 || n > FOLD_MAX)
        n = 0;
    for (utf8proc_ssize_t i = 0; i < n; i++)
        out[i] = (uint32_t)to[i];
    return (size_t)n;
}

bool fold_is_word(uint32_t cp)
{
    if (cp < 0x80)
        return (cp >= '0' && cp <= '9') || (fold_char(cp) >= 'a' && fold_char(cp) <= 'z');
    utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);
    return (c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_NO) ||
           c == UTF8PROC_CATEGORY_CO;
}

bool fold_is_single(uint32_t cp)
{
    static const struct {
        uint32_t from, to;
    } runs[] = {
        {0x0e00, 0x0eff}, /* Thai, Lao */
        {0x1000, 0x109f}, /* Myanmar */
        {0x1780, 0x17ff}, /* Khmer */
        {0x3040, 0x30ff}, /* Hiragana, Katakana */
        {0x3400, 0x4dbf}, /* Han, here and below */
        {0x4e00, 0x9fff}, {0xf900, 0xfaff}, {0x20000, 0x3ffff},
    };
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
        if (cp >= runs[i].from && cp <= runs[i].to)
            return true;
    return false;
}
