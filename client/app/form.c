#include "form.h"

#include "wrap.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void form_finish(struct form *f)
{
    buf_finish(&f->text);
    vec_finish(&f->rows);
    vec_finish(&f->spans);
    arena_finish(&f->arena);
}

/* ---- filling ---- */

struct form_row *form_add(struct form *f, int64_t id, const char *label)
{
    struct form_row r = {.id = id, .label = str_keep(&f->arena, str_of(label))};
    r.start = r.end = f->text.n;
    r.first = r.behind = f->spans.n;
    vec_push(&f->rows, r);
    return &f->rows.v[f->rows.n - 1];
}

static void say(struct form *f, int tone, int item, struct str text)
{
    struct form_row *r = &f->rows.v[f->rows.n - 1];
    struct form_span s = {f->text.n, f->text.n + text.n, tone, item, {0}};
    if (text.n == 0)
        return;
    buf_add_str(&f->text, text);
    vec_push(&f->spans, s);
    r->end = f->text.n;
    r->behind = f->spans.n;
}

void form_say(struct form *f, int tone, struct str text)
{
    say(f, tone, 0, text);
}

void form_fmt(struct form *f, int tone, const char *fmt, ...)
{
    char text[600];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    say(f, tone, 0, str_of(text));
}

void form_item(struct form *f, int tone, struct str text)
{
    struct form_row *r = &f->rows.v[f->rows.n - 1];
    say(f, tone, ++r->items, text);
}

void form_item_more(struct form *f, int tone, struct str text)
{
    say(f, tone, f->rows.v[f->rows.n - 1].items, text);
}

void form_link(struct form *f, struct str to)
{
    f->spans.v[f->spans.n - 1].to = str_keep(&f->arena, to);
}

const struct form_row *form_row(const struct form *f, int64_t id)
{
    vec_each (r, &f->rows)
        if (id && r->id == id)
            return r;
    return NULL;
}

struct str form_value(const struct form *f, const struct form_row *r)
{
    return (struct str){f->text.p + r->start, r->end - r->start};
}

/* ---- lines ---- */

enum { LABEL_WIDTH = 12, LABEL_NARROW = 9, LABEL_FROM = 34, LABEL_NARROW_FROM = 24 };

int form_value_column(const struct form_lines *l, const struct form_row *r)
{
    return r->is_wide ? FORM_LEFT + FORM_INDENT : FORM_LEFT + l->label;
}

static void add_row(const struct form *f, size_t i, int width, struct form_lines *out)
{
    const struct form_row *r = &f->rows.v[i];
    struct str rest = form_value(f, r), text;
    int columns = MAX(width - form_value_column(out, r) - 1, 1);
    bool first = true;
    if ((r->is_wide && r->label.n) || rest.n == 0) {
        vec_push(&out->lines, (struct form_line){i, {0}, true, false});
        first = false;
    }
    for (; wrap_next(&rest, columns, &text); first = false)
        vec_push(&out->lines, (struct form_line){i, text, first, true});
}

void form_lines_of(const struct form *f, int width, struct form_lines *out)
{
    *out = (struct form_lines){0};
    out->label = width >= LABEL_FROM          ? LABEL_WIDTH
                 : width >= LABEL_NARROW_FROM ? LABEL_NARROW
                                              : 0;
    for (size_t i = 0; i < f->rows.n; i++)
        add_row(f, i, width, out);
}

void form_lines_finish(struct form_lines *l)
{
    vec_finish(&l->lines);
}

/* ---- where one is ---- */

static size_t index_of(const struct form *f, int64_t id)
{
    for (size_t i = 0; i < f->rows.n; i++)
        if (id && f->rows.v[i].id == id)
            return i;
    return f->rows.n;
}

static size_t first_line(const struct form_lines *l, size_t row)
{
    size_t i = 0;
    while (i < l->lines.n && l->lines.v[i].row != row)
        i++;
    return i;
}

static size_t lines_of(const struct form_lines *l, size_t row)
{
    size_t n = 0;
    vec_each (line, &l->lines)
        n += line->row == row;
    return n;
}

static size_t most_top(const struct form_lines *l, int height)
{
    size_t h = (size_t)MAX(height, 1);
    return l->lines.n > h ? l->lines.n - h : 0;
}

static void show(const struct form *f, const struct form_lines *l, int height,
                 struct form_at *at)
{
    size_t row = index_of(f, at->id), h = (size_t)MAX(height, 1);
    size_t from = first_line(l, row), n = lines_of(l, row);
    if (row == f->rows.n)
        return;
    /* What stands above the first row that can be selected is seen when one is there. */
    size_t above = row;
    while (above > 0 && f->rows.v[above - 1].id == 0)
        above--;
    size_t start = above == 0 ? 0 : from;
    if (from + n > at->top + h)
        at->top = MIN(from + n - h, from);
    if (start < at->top)
        at->top = start;
    if (from >= at->top + h)
        at->top = from - h + 1;
}

static void settle_item(const struct form_row *r, struct form_at *at)
{
    at->item = r->items == 0 ? 0 : MAX(MIN(at->item, r->items), 1);
}

void form_settle(const struct form *f, const struct form_lines *l, int height,
                 struct form_at *at)
{
    if (!form_row(f, at->id)) {
        at->id = 0;
        form_step(f, at, 1);
    }
    const struct form_row *r = form_row(f, at->id);
    if (r)
        settle_item(r, at);
    at->top = MIN(at->top, most_top(l, height));
    if (!at->is_scrolled)
        show(f, l, height, at);
}

void form_step(const struct form *f, struct form_at *at, int by)
{
    size_t i = index_of(f, at->id);
    int64_t id = at->id;
    int way = by < 0 ? -1 : 1;
    bool is_lost = i == f->rows.n;
    if (is_lost)
        i = 0;
    if (is_lost && f->rows.n && f->rows.v[0].id) {
        id = f->rows.v[0].id;
        by -= way;
    }
    for (int left = abs(by); left > 0;) {
        if ((way < 0 && i == 0) || (way > 0 && i + 1 >= f->rows.n))
            break;
        i += (size_t)way;
        if (f->rows.v[i].id == 0)
            continue;
        id = f->rows.v[i].id;
        left--;
    }
    if (id != at->id)
        at->item = 0;
    at->id = id;
    at->is_scrolled = false;
    const struct form_row *r = form_row(f, id);
    if (r)
        settle_item(r, at);
}

void form_page(const struct form *f, const struct form_lines *l, struct form_at *at, int by)
{
    size_t from = first_line(l, index_of(f, at->id)), far = (size_t)abs(by);
    size_t to = by < 0 ? from - MIN(from, far) : from + far;
    for (;;) {
        struct form_at next = *at;
        form_step(f, &next, by < 0 ? -1 : 1);
        size_t line = first_line(l, index_of(f, next.id));
        if (next.id == at->id)
            return;
        *at = next;
        if (by < 0 ? line <= to : line >= to)
            return;
    }
}

void form_step_item(const struct form *f, struct form_at *at, int by)
{
    const struct form_row *r = form_row(f, at->id);
    if (!r)
        return;
    at->item += by;
    at->is_scrolled = false;
    settle_item(r, at);
}

void form_scroll(const struct form_lines *l, int height, struct form_at *at, int by)
{
    size_t far = (size_t)abs(by);
    at->top = by < 0 ? at->top - MIN(at->top, far) : MIN(at->top + far, most_top(l, height));
    at->is_scrolled = true;
}

/* The item that a byte of the text belongs to; that of the nearest one before a gap. */
static int item_at(const struct form *f, const struct form_row *r, size_t byte, bool *is_on)
{
    int item = 0;
    *is_on = false;
    for (size_t i = r->first; i < r->behind && f->spans.v[i].start <= byte; i++) {
        const struct form_span *s = &f->spans.v[i];
        item = s->item ? s->item : item;
        *is_on = s->item && byte < s->end;
    }
    return item;
}

bool form_find(const struct form *f, const struct form_lines *l, const struct form_at *at,
               int x, int y, struct form_at *found)
{
    size_t i = at->top + (size_t)MAX(y, 0);
    if (y < 0 || i >= l->lines.n)
        return false;
    const struct form_line *line = &l->lines.v[i];
    const struct form_row *r = &f->rows.v[line->row];
    *found = (struct form_at){.id = r->id, .top = at->top};
    if (line->has_text && r->items) {
        int column = MAX(x - form_value_column(l, r), 0);
        size_t fits = glyphs_fit(line->text, column + 1);
        size_t byte = (size_t)(line->text.p - f->text.p) + (fits ? fits - 1 : 0);
        found->item = item_at(f, r, byte, &found->is_on_item);
        found->is_on_item = found->is_on_item && glyphs_width(line->text) > column &&
                            x >= form_value_column(l, r);
    }
    settle_item(r, found);
    return r->id != 0;
}
