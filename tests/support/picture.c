#include "picture.h"

#include "str.h"

#include <stdio.h>
#include <vterm.h>

enum { CELL_W = 9, CELL_H = 19, MARGIN = 12, BASELINE = 14 };

static const char ground[] = "#14161b", ink[] = "#d7dae0";

struct style {
    VTermColor fg, bg;
    bool bold, italic, underline;
};

static VTermScreenCell cell_at(VTermScreen *screen, int row, int col)
{
    VTermScreenCell cell = {0};
    vterm_screen_get_cell(screen, (VTermPos){row, col}, &cell);
    return cell;
}

static struct style style_of(const VTermScreenCell *c)
{
    struct style s = {.fg = c->fg,
                      .bg = c->bg,
                      .bold = c->attrs.bold,
                      .italic = c->attrs.italic,
                      .underline = c->attrs.underline};
    if (c->attrs.reverse) {
        s.fg = c->bg;
        s.bg = c->fg;
    }
    return s;
}

static bool same_style(const struct style *a, const struct style *b)
{
    return vterm_color_is_equal(&a->fg, &b->fg) && vterm_color_is_equal(&a->bg, &b->bg) &&
           a->bold == b->bold && a->italic == b->italic && a->underline == b->underline;
}

/* A reversed cell of default colours has the default ink as its ground. */
static void put_colour(FILE *f, const VTermScreen *screen, VTermColor c)
{
    if (VTERM_COLOR_IS_DEFAULT_FG(&c)) {
        fputs(ink, f);
    } else if (VTERM_COLOR_IS_DEFAULT_BG(&c)) {
        fputs(ground, f);
    } else {
        vterm_screen_convert_color_to_rgb(screen, &c);
        fprintf(f, "#%02x%02x%02x", c.rgb.red, c.rgb.green, c.rgb.blue);
    }
}

static void put_text(FILE *f, const VTermScreenCell *c)
{
    if (c->chars[0] == 0) {
        fputc(' ', f);
        return;
    }
    for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && c->chars[i]; i++) {
        uint32_t cp = c->chars[i];
        if (cp == '&' || cp == '<')
            fputs(cp == '&' ? "&amp;" : "&lt;", f);
        else if (cp < 0x80)
            fputc((int)cp, f);
        else
            fprintf(f, "&#x%x;", (unsigned)cp);
    }
}

static bool is_blank(VTermScreen *screen, int row, int from, int to)
{
    for (int col = from; col < to; col++) {
        uint32_t c = cell_at(screen, row, col).chars[0];
        if (c != 0 && c != ' ')
            return false;
    }
    return true;
}

static void put_run(FILE *f, VTermScreen *screen, int row, int from, int to)
{
    VTermScreenCell first = cell_at(screen, row, from);
    struct style s = style_of(&first);
    int x = MARGIN + from * CELL_W, y = MARGIN + row * CELL_H, w = (to - from) * CELL_W;
    if (!VTERM_COLOR_IS_DEFAULT_BG(&s.bg)) {
        fprintf(f, "<rect x='%d' y='%d' width='%d' height='%d' fill='", x, y, w, CELL_H);
        put_colour(f, screen, s.bg);
        fputs("'/>\n", f);
    }
    if (is_blank(screen, row, from, to))
        return;
    fprintf(f, "<text x='%d' y='%d' textLength='%d' fill='", x, y + BASELINE, w);
    put_colour(f, screen, s.fg);
    fprintf(f, "'%s%s%s>", s.bold ? " font-weight='bold'" : "",
            s.italic ? " font-style='italic'" : "",
            s.underline ? " text-decoration='underline'" : "");
    for (int col = from; col < to;) {
        VTermScreenCell c = cell_at(screen, row, col);
        put_text(f, &c);
        col += c.width > 1 ? c.width : 1;
    }
    fputs("</text>\n", f);
}

static void put_row(FILE *f, VTermScreen *screen, int row, int cols)
{
    for (int from = 0, to; from < cols; from = to) {
        VTermScreenCell first = cell_at(screen, row, from);
        struct style s = style_of(&first);
        for (to = from + MAX(first.width, 1); to < cols;) {
            VTermScreenCell next = cell_at(screen, row, to);
            struct style t = style_of(&next);
            if (!same_style(&s, &t))
                break;
            to += MAX(next.width, 1);
        }
        put_run(f, screen, row, from, MIN(to, cols));
    }
}

static void put_screen(FILE *f, VTermScreen *screen, int rows, int cols)
{
    int w = 2 * MARGIN + cols * CELL_W, h = 2 * MARGIN + rows * CELL_H;
    fprintf(
        f,
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d'>\n"
        "<rect width='%d' height='%d' rx='8' fill='%s'/>\n"
        "<g font-family='DejaVu Sans Mono, Menlo, Consolas, monospace' font-size='15' "
        "xml:space='preserve'>\n",
        w, h, w, h, w, h, ground);
    for (int row = 0; row < rows; row++)
        put_row(f, screen, row, cols);
    fputs("</g>\n</svg>\n", f);
}

bool picture_write(const struct screen *s, const char *path)
{
    FILE *f = fopen(path, "we");
    if (f)
        put_screen(f, s->cells, s->rows, s->cols);
    bool ok = f && fflush(f) == 0 && !ferror(f);
    if (!ok)
        perror(path);
    if (f)
        fclose(f);
    return ok;
}
