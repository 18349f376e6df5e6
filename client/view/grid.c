#include "grid.h"
#include "utf8.h"
#include "wrap.h"

#include <stdlib.h>
#include <string.h>

int color_rgb(short color)
{
    static const int first[] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd,
                                0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00,
                                0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};
    static const int steps[] = {0, 95, 135, 175, 215, 255};
    int c = color - 16;
    if (c < 0)
        return first[color & 15];
    if (c < 216)
        return steps[c / 36] << 16 | steps[c / 6 % 6] << 8 | steps[c % 6];
    return (8 + 10 * (color - 232)) * 0x010101;
}

void grid_resize(struct grid *g, int w, int h)
{
    w = w < 0 ? 0 : MIN(w, GRID_SIDE_MAX);
    h = h < 0 ? 0 : MIN(h, GRID_SIDE_MAX);
    if (w == g->w && h == g->h && g->cells)
        return;
    free(g->cells);
    g->cells = mem_new((size_t)w * (size_t)h * sizeof *g->cells + 1);
    g->w = w;
    g->h = h;
    grid_clear(g, (struct style){COLOR_NONE, COLOR_NONE, 0, 0});
}

void grid_finish(struct grid *g)
{
    free(g->cells);
    buf_finish(&g->addresses);
    vec_finish(&g->links);
    *g = (struct grid){0};
}

static struct cell *cell_at(struct grid *g, int x, int y)
{
    return &g->cells[(size_t)y * (size_t)g->w + (size_t)x];
}

const struct cell *grid_at(const struct grid *g, int x, int y)
{
    if (x < 0 || y < 0 || x >= g->w || y >= g->h)
        return NULL;
    return &g->cells[(size_t)y * (size_t)g->w + (size_t)x];
}

static struct rect within(const struct grid *g, struct rect r)
{
    int x = MAX(r.x, 0), y = MAX(r.y, 0);
    int end_x = MIN(r.x + r.w, g->w), end_y = MIN(r.y + r.h, g->h);
    return (struct rect){x, y, MAX(end_x - x, 0), MAX(end_y - y, 0)};
}

static void blank(struct cell *c)
{
    c->n = 0;
    c->width = 1;
    c->style.link = 0;
}

/* Half of a wide cluster never stands alone. */
static void break_wide(struct grid *g, int x, int y)
{
    struct cell *c = cell_at(g, x, y);
    if (c->width == 0 && x > 0)
        blank(cell_at(g, x - 1, y));
    if (c->width == 2 && x + 1 < g->w)
        blank(cell_at(g, x + 1, y));
    blank(c);
}

void grid_clear(struct grid *g, struct style s)
{
    size_t n = (size_t)g->w * (size_t)g->h;
    for (size_t i = 0; i < n; i++) {
        blank(&g->cells[i]);
        g->cells[i].style = s;
    }
    g->caret_x = g->caret_y = -1;
    buf_clear(&g->addresses);
    g->links.n = 0;
}

void grid_fill(struct grid *g, struct rect r, struct style s)
{
    r = within(g, r);
    for (int y = r.y; y < r.y + r.h; y++)
        for (int x = r.x; x < r.x + r.w; x++) {
            break_wide(g, x, y);
            cell_at(g, x, y)->style = s;
        }
}

void grid_restyle(struct grid *g, struct rect r, struct style s)
{
    r = within(g, r);
    for (int y = r.y; y < r.y + r.h; y++)
        for (int x = r.x; x < r.x + r.w; x++) {
            struct cell *c = cell_at(g, x, y);
            s.link = c->style.link;
            c->style = s;
        }
}

static void put(struct grid *g, int x, int y, struct style s, const char *text, size_t n,
                int width)
{
    break_wide(g, x, y);
    if (width == 2)
        break_wide(g, x + 1, y);
    struct cell *c = cell_at(g, x, y);
    while (n > CELL_TEXT_MAX || (n && !utf8_is_valid((struct str){text, n})))
        n--;
    memcpy(c->text, text, n);
    c->n = (unsigned char)n;
    c->width = (unsigned char)width;
    if (s.bg == COLOR_NONE && !(s.attrs & STYLE_REVERSE))
        s.bg = c->style.bg;
    c->style = s;
    if (width == 2) {
        c[1].n = 0;
        c[1].width = 0;
        c[1].style = s;
    }
}

/* A glyph that is spelled out, a tab too, is several cells of one character. */
static int put_glyph(struct grid *g, int x, int y, struct style s, const struct glyph *glyph)
{
    if (glyph->width <= 2 && !glyph->escaped) {
        put(g, x, y, s, glyph->text, glyph->n, glyph->width);
        return x + glyph->width;
    }
    if (glyph->escaped)
        s.attrs ^= STYLE_REVERSE;
    for (int i = 0; i < glyph->width; i++)
        put(g, x + i, y, s, glyph->text + i, 1, 1);
    return x + glyph->width;
}

int grid_text(struct grid *g, struct rect clip, int x, int y, struct style s, struct str text)
{
    clip = within(g, clip);
    struct glyph glyph;
    if (y < clip.y || y >= clip.y + clip.h)
        return x;
    for (size_t n; (n = glyph_next(text, &glyph)); text.p += n, text.n -= n) {
        if (glyph.width == 0)
            continue;
        if (x + glyph.width > clip.x + clip.w)
            break;
        if (x >= clip.x)
            put_glyph(g, x, y, s, &glyph);
        x += glyph.width;
    }
    return x;
}

int grid_text_cut(struct grid *g, struct rect clip, int x, int y, struct style s,
                  struct str text, struct str tail)
{
    int room = clip.x + clip.w - x;
    if (room <= 0)
        return x;
    if (glyphs_fit(text, room) == text.n)
        return grid_text(g, clip, x, y, s, text);
    text.n = glyphs_fit(text, MAX(room - glyphs_width(tail), 0));
    x = grid_text(g, clip, x, y, s, text);
    return grid_text(g, clip, x, y, s, tail);
}

void grid_repeat(struct grid *g, struct rect r, struct style s, const char *glyph)
{
    r = within(g, r);
    for (int y = r.y; y < r.y + r.h; y++)
        for (int x = r.x; x < r.x + r.w; x++)
            put(g, x, y, s, glyph, strlen(glyph), 1);
}

unsigned char grid_link(struct grid *g, struct str address)
{
    struct grid_span new = {g->addresses.n, address.n};
    for (size_t i = 1; i <= g->links.n; i++)
        if (str_eq(grid_address(g, (int)i), address))
            return (unsigned char)i;
    if (address.n == 0 || g->links.n == GRID_LINKS_MAX)
        return 0;
    buf_add_str(&g->addresses, address);
    vec_push(&g->links, new);
    return (unsigned char)g->links.n;
}

struct str grid_address(const struct grid *g, int link)
{
    if (link < 1 || (size_t)link > g->links.n)
        return (struct str){0};
    const struct grid_span *a = &g->links.v[link - 1];
    return (struct str){g->addresses.p + a->at, a->n};
}

void grid_dump(const struct grid *g, struct buf *out)
{
    for (int y = 0; y < g->h; y++) {
        size_t end = out->n;
        for (int x = 0; x < g->w; x++) {
            const struct cell *c = grid_at(g, x, y);
            if (c->n) {
                buf_add(out, c->text, c->n);
                end = out->n;
            } else if (c->width) {
                buf_add_c(out, ' ');
            }
        }
        out->n = end;
        buf_add_c(out, '\n');
    }
}

bool grid_check(const struct grid *g)
{
    for (int y = 0; y < g->h; y++)
        for (int x = 0; x < g->w; x++) {
            const struct cell *c = grid_at(g, x, y);
            if (c->width == 2 && (x + 1 >= g->w || c[1].width != 0))
                return false;
            if (c->width == 0 && (x == 0 || c[-1].width != 2))
                return false;
            if (!utf8_is_valid((struct str){c->text, c->n}))
                return false;
        }
    return true;
}
