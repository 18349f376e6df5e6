#include "link_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vterm.h>

#define BEGIN "\x1b]8;"

struct link_reader {
    VTerm *vt;
    int rows, cols;
    int *cells; /* row by row: of `links`, 0 for none */
    char **links;
    size_t n_links;
    int open;
    char *wait; /* a sequence that is not whole yet */
    size_t n_wait;
};

static void *grow(void *p, size_t n)
{
    p = realloc(p, n);
    if (!p)
        abort();
    return p;
}

static int *cell(const struct link_reader *r, int row, int col)
{
    static int nowhere;
    bool is_inside = row >= 0 && row < r->rows && col >= 0 && col < r->cols;
    return is_inside ? &r->cells[row * r->cols + col] : &nowhere;
}

/* ---- as libvterm tells ---- */

static int on_glyph(VTermGlyphInfo *info, VTermPos at, void *arg)
{
    struct link_reader *r = arg;
    for (int i = 0; i < info->width; i++)
        *cell(r, at.row, at.col + i) = r->open;
    return 1;
}

static int on_erase(VTermRect area, int selective, void *arg)
{
    struct link_reader *r = arg;
    (void)selective;
    for (int row = area.start_row; row < area.end_row; row++)
        for (int col = area.start_col; col < area.end_col; col++)
            *cell(r, row, col) = 0;
    return 1;
}

static int on_move(VTermRect to, VTermRect from, void *arg)
{
    struct link_reader *r = arg;
    int w = from.end_col - from.start_col, h = from.end_row - from.start_row;
    int *copy = grow(NULL, ((size_t)w * (size_t)h + 1) * sizeof *copy);
    for (int i = 0; i < w * h; i++)
        copy[i] = *cell(r, from.start_row + i / w, from.start_col + i % w);
    for (int i = 0; i < w * h; i++)
        *cell(r, to.start_row + i / w, to.start_col + i % w) = copy[i];
    free(copy);
    return 1;
}

static const VTermStateCallbacks callbacks = {
    .putglyph = on_glyph,
    .moverect = on_move,
    .erase = on_erase,
};

/* ---- links ---- */

/* "id=ID;ADDRESS" as "ID ADDRESS". */
static char *name_of(const char *bytes, size_t n)
{
    char *name = grow(NULL, n + 1);
    memcpy(name, bytes, n);
    name[n] = '\0';
    char *part = strchr(name, ';');
    if (strncmp(name, "id=", 3) == 0 && part) {
        *part = ' ';
        memmove(name, name + 3, n - 2);
    }
    return name;
}

/* bytes: what stands between the beginning and the end of the sequence. */
static void take_link(struct link_reader *r, const char *bytes, size_t n)
{
    char *name = name_of(bytes, n);
    size_t i = 1;
    r->open = 0;
    if (strcmp(name, ";") != 0) {
        while (i < r->n_links && strcmp(r->links[i], name) != 0)
            i++;
        r->open = (int)i;
    }
    if (r->open == 0 || i < r->n_links) {
        free(name);
        return;
    }
    r->links = grow(r->links, (i + 1) * sizeof *r->links);
    r->links[r->n_links++] = name;
}

/* ---- bytes ---- */

/* How much of the end may be the beginning of a sequence. */
static size_t maybe_begun(const char *p, size_t n)
{
    for (size_t k = n < strlen(BEGIN) ? n : strlen(BEGIN) - 1; k > 0; k--)
        if (memcmp(p + n - k, BEGIN, k) == 0)
            return k;
    return 0;
}

void link_reader_feed(struct link_reader *r, const char *bytes, size_t n)
{
    r->wait = grow(r->wait, r->n_wait + n + 1);
    memcpy(r->wait + r->n_wait, bytes, n);
    r->n_wait += n;
    const char *at = r->wait, *end = r->wait + r->n_wait, *begin, *close = NULL;
    while ((begin = memmem(at, (size_t)(end - at), BEGIN, strlen(BEGIN)))) {
        vterm_input_write(r->vt, at, (size_t)(begin - at));
        at = begin;
        begin += strlen(BEGIN);
        close = memmem(begin, (size_t)(end - begin), "\x1b\\", 2);
        if (!close)
            break;
        take_link(r, begin, (size_t)(close - begin));
        at = close + 2;
    }
    if (!begin) {
        size_t whole = (size_t)(end - at) - maybe_begun(at, (size_t)(end - at));
        vterm_input_write(r->vt, at, whole);
        at += whole;
    }
    r->n_wait = (size_t)(end - at);
    memmove(r->wait, at, r->n_wait);
}

struct link_reader *link_reader_new(int rows, int cols)
{
    struct link_reader *r = calloc(1, sizeof *r);
    if (!r)
        abort();
    r->vt = vterm_new(rows, cols);
    vterm_set_utf8(r->vt, 1);
    r->links = grow(NULL, sizeof *r->links);
    r->links[r->n_links++] = strdup("");
    link_reader_resize(r, rows, cols);
    vterm_state_set_callbacks(vterm_obtain_state(r->vt), &callbacks, r);
    vterm_state_reset(vterm_obtain_state(r->vt), 1);
    return r;
}

void link_reader_free(struct link_reader *r)
{
    if (!r)
        return;
    vterm_free(r->vt);
    for (size_t i = 0; i < r->n_links; i++)
        free(r->links[i]);
    free(r->links);
    free(r->cells);
    free(r->wait);
    free(r);
}

void link_reader_resize(struct link_reader *r, int rows, int cols)
{
    if (rows == r->rows && cols == r->cols)
        return;
    r->rows = rows;
    r->cols = cols;
    r->cells = grow(r->cells, (size_t)rows * (size_t)cols * sizeof *r->cells);
    memset(r->cells, 0, (size_t)rows * (size_t)cols * sizeof *r->cells);
    vterm_set_size(r->vt, rows, cols);
}

const char *link_reader_at(const struct link_reader *r, int row, int col)
{
    return r->links[*cell(r, row, col)];
}

bool link_reader_is_open(const struct link_reader *r)
{
    return r->open != 0;
}
