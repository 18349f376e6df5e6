#include "width.h"
#include "utf8.h"

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
