/* A message, and in its first byte how wide it is shown and whether in ASCII: it becomes no
 * more than its length bounds, no letter of it gets lost, and no row is too wide, unless one
 * character that is spelled out is wider. */
#include "fuzz.h"
#include "rich.h"
#include "utf8.h"
#include "width.h"
#include "wrap.h"

#include <stdlib.h>

/* Letters and digits; all else may be a mark. */
static void letters(struct str s, struct buf *out)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i], small = (char)(c | 0x20);
        if ((c >= '0' && c <= '9') || (small >= 'a' && small <= 'z'))
            buf_add_c(out, c);
    }
}

static void letters_of(const struct rich *r, struct buf *out)
{
    vec_each (l, &r->lines)
        for (size_t i = l->first; i < l->behind; i++)
            letters(r->pieces.v[i].text, out);
}

/* Whether words may stand elsewhere than in their place: addresses, names of emoji and
 * languages.
 */
static bool hides_words(struct str s)
{
    return str_has(s, ':') || str_has(s, '[') || str_has(s, '`') || str_has(s, '~');
}

static void check_rows(const struct rich *rows, int width)
{
    vec_each (l, &rows->lines) {
        int w = l->quote + l->indent;
        bug_on(l->first > l->behind || l->behind > rows->pieces.n);
        for (size_t i = l->first; i < l->behind; i++) {
            bug_on(!utf8_is_valid(rows->pieces.v[i].text) ||
                   str_has(rows->pieces.v[i].text, '\n'));
            w += glyphs_width(rows->pieces.v[i].text);
        }
        bug_on(width >= 40 && w > width);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    int width = size ? 1 + data[0] % 100 : 1;
    struct rich_want want = {.ascii = size && data[0] >= 128, .me = STR("ana")};
    struct rich r = {0}, rows = {0};
    struct buf said = {0}, shown = {0}, in_rows = {0};
    if (size)
        text.p++, text.n--;
    if (!utf8_is_valid(text) || str_has(text, '\0'))
        return 0;
    rich_read(text, &want, &r);
    bug_on(r.pieces.n > 8 * text.n + 8 || r.lines.n > text.n + 1);
    vec_each (l, &r.lines)
        rich_wrap(&r, l, width, &rows);
    check_rows(&rows, width);

    letters(text, &said);
    letters_of(&r, &shown);
    letters_of(&rows, &in_rows);
    bug_on(!str_eq(buf_str(&shown), buf_str(&in_rows)));
    bug_on(!want.ascii && !hides_words(text) && !str_eq(buf_str(&said), buf_str(&shown)));
    buf_finish(&said);
    buf_finish(&shown);
    buf_finish(&in_rows);
    rich_finish(&r);
    rich_finish(&rows);
    return 0;
}
