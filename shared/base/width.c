#include "width.h"
#include "utf8.h"

#include <string.h>
#include <utf8proc.h>

static int char_width(uint32_t cp)
{
    if (utf8_is_unsafe(cp))
        return 0;
    return utf8proc_charwidth((utf8proc_int32_t)cp);
}

static bool is_flag_letter(uint32_t cp)
{
    return cp >= 0x1f1e6 && cp <= 0x1f1ff;
}

size_t width_cluster(struct str s, int *width)
{
    uint32_t cp, next;
    *width = 1;
    if (s.n == 0)
        return 0;
    size_t n = utf8_next(s, &cp);
    if (n == 0)
        return 1;
    *width = MIN(char_width(cp), 2);
    if (cp < 0x20 || (n == 1 && s.n > 1 && (unsigned char)s.p[1] < 0x80))
        return n;
    utf8proc_int32_t state = 0;
    while (n < s.n) {
        size_t m = utf8_next((struct str){s.p + n, s.n - n}, &next);
        if (m == 0 || n + m > CLUSTER_MAX ||
            utf8proc_grapheme_break_stateful((int32_t)cp, (int32_t)next, &state))
            break;
        /* U+FE0F asks for the emoji form, which terminals draw two columns wide, as they do a
         * flag, which is two letters of one column each to those that know no flags. */
        if (next == 0xfe0f || is_flag_letter(next))
            *width = 2;
        else
            *width = MIN(MAX(*width, char_width(next)), 2);
        cp = next;
        n += m;
    }
    return n;
}

int width_of(struct str s)
{
    int sum = 0, w;
    for (size_t n; s.n; s.p += n, s.n -= n) {
        n = width_cluster(s, &w);
        sum += w;
    }
    return sum;
}

size_t width_fit(struct str s, int width)
{
    size_t fit = 0;
    int w;
    for (size_t n; fit < s.n; fit += n) {
        n = width_cluster((struct str){s.p + fit, s.n - fit}, &w);
        if (w > width)
            break;
        width -= w;
    }
    return fit;
}

/* The blocks of pictures are taken whole: newer ones than this library knows lie there too. */
static bool is_picture(uint32_t cp)
{
    utf8proc_category_t kind = utf8proc_category((utf8proc_int32_t)cp);
    bool is_sign = kind == UTF8PROC_CATEGORY_SO || kind == UTF8PROC_CATEGORY_SM ||
                   kind == UTF8PROC_CATEGORY_SK || kind == UTF8PROC_CATEGORY_PO;
    return (is_sign && cp >= 0xa0) || (cp >= 0x1f000 && cp <= 0x1faff);
}

/* What an emoji may consist of behind its first code point: joiners, the form, a keycap, tags
 * of flags, and pictures. No combining marks, which may be piled up without end. */
static bool goes_on(uint32_t cp)
{
    return is_picture(cp) || cp == 0x200d || cp == 0xfe0f || cp == 0x20e3 ||
           (cp >= 0xe0020 && cp <= 0xe007f);
}

bool width_is_emoji(struct str s)
{
    static const char keycap[] = "\u20e3";
    uint32_t cp;
    int width;
    size_t n = utf8_next(s, &cp);
    if (n == 0 || width_cluster(s, &width) != s.n || width == 0)
        return false;
    bool is_key = strchr("0123456789#*", (int)cp) && cp < 0x80 && s.n > 3 &&
                  memcmp(s.p + s.n - 3, keycap, 3) == 0;
    if (!is_key && !is_picture(cp))
        return false;
    for (size_t m; n < s.n; n += m) {
        m = utf8_next((struct str){s.p + n, s.n - n}, &cp);
        if (!m || !goes_on(cp))
            return false;
    }
    return true;
}
