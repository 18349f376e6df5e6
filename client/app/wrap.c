#include "wrap.h"
#include "utf8.h"

#include <string.h>

static void spell_out(struct glyph *g, struct str s)
{
    struct buf b = {0};
    utf8_escape(&b, s);
    g->n = (unsigned char)MIN(b.n, CLUSTER_MAX);
    memcpy(g->text, b.p, g->n);
    g->width = g->n;
    g->escaped = true;
    buf_finish(&b);
}

size_t glyph_next(struct str s, struct glyph *g)
{
    if (s.n == 0)
        return 0;
    *g = (struct glyph){0};
    if (s.p[0] == '\t') {
        memcpy(g->text, "    ", 4);
        g->n = 4;
        g->width = 4;
        return 1;
    }
    uint32_t cp;
    size_t n = width_cluster(s, &g->width);
    if (utf8_next(s, &cp) == 0 || utf8_is_unsafe(cp)) {
        spell_out(g, (struct str){s.p, n});
    } else {
        g->n = (unsigned char)n;
        memcpy(g->text, s.p, n);
    }
    g->text[g->n] = '\0';
    return n;
}

int glyphs_width(struct str s)
{
    struct glyph g;
    int sum = 0;
    for (size_t n; (n = glyph_next(s, &g)); s.p += n, s.n -= n)
        sum += g.width;
    return sum;
}

size_t glyphs_fit(struct str s, int width)
{
    struct glyph g;
    size_t fit = 0;
    for (size_t n; (n = glyph_next((struct str){s.p + fit, s.n - fit}, &g)); fit += n) {
        if (g.width > width)
            break;
        width -= g.width;
    }
    return fit;
}

static struct str skip_blanks(struct str s)
{
    while (s.n && s.p[0] == ' ')
        s.p++, s.n--;
    return s;
}

/* Where a row that was cut at `fit` should rather end: behind the last word that is whole. */
static size_t last_break(struct str s, size_t fit)
{
    if (s.p[fit] == ' ')
        return fit;
    for (size_t i = fit; i > 0; i--)
        if (s.p[i - 1] == ' ')
            return i;
    return fit;
}

bool wrap_next(struct str *rest, int width, struct str *row)
{
    if (rest->n == 0)
        return false;
    const char *newline = memchr(rest->p, '\n', rest->n);
    struct str line = {rest->p, newline ? (size_t)(newline - rest->p) : rest->n};
    size_t fit = glyphs_fit(line, width);
    if (fit == line.n) {
        *row = line;
        size_t used = line.n + (newline != NULL);
        *rest = (struct str){rest->p + used, rest->n - used};
        return true;
    }
    size_t end = last_break(line, fit);
    struct glyph g;
    if (end == 0)
        end = glyph_next(line, &g); /* wider than the row: shown cut rather than not at all */
    *row = (struct str){line.p, end};
    while (row->n > 1 && row->p[row->n - 1] == ' ')
        row->n--;
    struct str after = skip_blanks((struct str){line.p + end, line.n - end});
    *rest = (struct str){after.p, rest->n - (size_t)(after.p - rest->p)};
    if (after.n == 0 && newline)
        rest->p++, rest->n--;
    return true;
}

int wrap_rows(struct str s, int width, int max)
{
    struct str row;
    int rows = 0;
    while (rows < max && wrap_next(&s, width, &row))
        rows++;
    return MAX(rows, 1);
}
