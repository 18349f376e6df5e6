/* The text that is open, row by row: Markdown in its colours, what is selected, and where the
 * others are. Only what is on screen is looked at. */
#include "markdown.h"
#include "utf8.h"
#include "view_note_parts.h"
#include "view_part.h"
#include "wrap.h"

#include <string.h>

enum {
    LOOK_BACK = 128 * 1024, /* code points above the screen in which a fence may be opened */
    LINE_MOST = 16 * 1024,  /* code points of a line that is shown as Markdown */
    NAMES_GAP = 2,
};

/* A line as it is being drawn, from the left to the right and row by row: `pos`, `byte` and
 * `span` only go on, so that a long line costs what is shown of it and not its square. */
struct text_line {
    size_t number;
    bool is_long;
    struct buf bytes; /* of all of it, or just the row where it is too long */
    struct md_spans spans;
    size_t pos, byte; /* a code point of the text, and where it stands in bytes */
    size_t span;      /* the first one that does not end in front of it */
    size_t linked;    /* the span behind the one that `link` is of; 0: none */
    unsigned char link;
};

struct place {
    size_t start, end;
};

struct walk {
    struct canvas *c;
    const struct doc *d;
    const struct editor *e;
    struct note_spots spots;
    struct md_state state;
    struct text_line line;
    bool has_line;
    VEC(struct place) found; /* what is searched, as far as it is on screen, in order */
    size_t next_found;
    char said[USER_NAME_MAX + 1]; /* the author and age that blame showed last */
    char said_age[AGE_MAX];
};

/* ---- lines ---- */

/* What the lines above the first one on screen hand down. */
static void find_state(struct walk *w, size_t first)
{
    const struct rope *text = w->d->text;
    size_t start = rope_line_start(text, first), from = 0;
    struct buf above = {0};
    if (start > LOOK_BACK)
        from = rope_line_start(text, rope_line_of(text, start - LOOK_BACK) + 1);
    rope_read(text, from, start - from, &above);
    struct str rest = buf_str(&above);
    while (rest.n)
        markdown_skip(str_cut(&rest, '\n'), &w->state);
    buf_finish(&above);
}

/* A line that is too long for Markdown is read row by row. */
static void take_line(struct walk *w, const struct editor_row *row)
{
    struct text_line *l = &w->line;
    const struct rope *text = w->d->text;
    bool is_new = !w->has_line || l->number != row->line;
    if (!is_new && !l->is_long)
        return;
    size_t start = is_new ? rope_line_start(text, row->line) : 0;
    size_t end = is_new ? rope_line_end(text, row->line) : 0;
    l->number = row->line;
    l->is_long = is_new ? end - start > LINE_MOST : l->is_long;
    l->pos = l->is_long ? row->start : start;
    l->byte = l->span = l->linked = 0;
    l->spans.spans.n = 0;
    buf_clear(&l->bytes);
    rope_read(text, l->pos, (l->is_long ? row->end : end) - l->pos, &l->bytes);
    if (!l->is_long)
        markdown_line(buf_str(&l->bytes), &w->state, &l->spans);
    w->has_line = true;
}

/* Goes on to a code point of the line. */
static void go_to(struct text_line *l, size_t pos)
{
    struct str s = buf_str(&l->bytes);
    uint32_t cp;
    for (; l->pos < pos && l->byte < s.n; l->pos++)
        l->byte += utf8_next((struct str){s.p + l->byte, s.n - l->byte}, &cp);
}

/* What the text at l->byte is; NULL: plain. */
static const struct md_span *span_here(struct text_line *l)
{
    while (l->span < l->spans.spans.n && l->spans.spans.v[l->span].end <= l->byte)
        l->span++;
    const struct md_span *s = l->span < l->spans.spans.n ? &l->spans.spans.v[l->span] : NULL;
    return s && s->start <= l->byte ? s : NULL;
}

/* ---- colours ---- */

static struct style style_here(struct walk *w)
{
    struct text_line *l = &w->line;
    const struct md_span *s = span_here(l);
    if (!s || s->kind != MD_USER)
        return style_of(w->c, s ? markdown_meaning((int)s->kind) : MEAN_TEXT);
    struct str name = {l->bytes.p + s->start + 1, s->end - s->start - 1};
    struct style p = person_style(w->c, name);
    p.attrs |= STYLE_BOLD;
    return p;
}

/* Where the text at l->byte leads. */
static unsigned char link_here(struct walk *w)
{
    struct text_line *l = &w->line;
    const struct md_span *s = span_here(l);
    if (!s || s->kind != MD_LINK)
        return 0;
    if (l->linked != l->span + 1)
        l->link = grid_link(w->c->g, markdown_address(buf_str(&l->bytes), &l->spans, l->span));
    l->linked = l->span + 1;
    return l->link;
}

static bool is_between(size_t pos, size_t a, size_t b)
{
    return pos >= MIN(a, b) && pos < MAX(a, b);
}

/* Is pos, which only goes on, in something that is searched? */
static bool is_found(struct walk *w, size_t pos)
{
    while (w->next_found < w->found.n && w->found.v[w->next_found].end <= pos)
        w->next_found++;
    return w->next_found < w->found.n && w->found.v[w->next_found].start <= pos;
}

/* Others' selections first, what is searched over them, one's own over all. */
static struct style with_selections(struct walk *w, struct style s, size_t pos)
{
    const struct doc *d = w->d;
    if (is_between(pos, d->caret, d->anchor))
        return style_of(w->c, beside_has_focus(w->c->m, BESIDE_NOTE) ? MEAN_SELECTED
                                                                     : MEAN_SELECTED_AWAY);
    if (is_found(w, pos))
        return style_of(w->c, MEAN_FOUND);
    vec_each (o, &d->others)
        if (!w->c->m->people.hidden && is_between(pos, o->caret, o->anchor)) {
            s.fg = person_style(w->c, str_of(o->user)).fg;
            s.attrs |= STYLE_UNDERLINE;
        }
    return s;
}

/* ---- a row ---- */

struct row_view {
    struct editor_row row;
    size_t limit; /* carets in front of this are in this row */
    int y, end;   /* end: column behind its text */
};

static int tab_width(int column)
{
    return TAB_CELLS - column % TAB_CELLS;
}

static void draw_text(struct walk *w, struct row_view *v)
{
    struct rect r = w->spots.text;
    struct text_line *l = &w->line;
    int column = 0;
    go_to(l, v->row.start);
    while (l->pos < v->row.end && l->byte < l->bytes.n) {
        struct str rest = {l->bytes.p + l->byte, l->bytes.n - l->byte};
        struct glyph g;
        size_t n = glyph_next(rest, &g);
        bool is_tab = rest.p[0] == '\t';
        int width = is_tab ? tab_width(column) : g.width;
        struct style s = with_selections(w, style_here(w), l->pos);
        s.link = link_here(w);
        struct rect cell = {r.x + column, v->y, MIN(width, r.w - column), 1};
        if (is_tab)
            grid_fill(w->c->g, cell, s);
        else
            grid_text(w->c->g, r, cell.x, v->y, s, (struct str){rest.p, n});
        column += width;
        l->byte += n;
        l->pos += utf8_chars((struct str){rest.p, n});
    }
    v->end = column;
    /* A newline that is selected shows as one cell. */
    if (column < r.w && v->row.end + 1 == v->limit &&
        is_between(v->row.end, w->d->caret, w->d->anchor))
        grid_fill(w->c->g, (struct rect){r.x + column, v->y, 1, 1},
                  with_selections(w, style_of(w->c, MEAN_TEXT), v->row.end));
}

static bool is_in(const struct row_view *v, size_t pos)
{
    return pos >= v->row.start && pos < v->limit;
}

static bool is_typing(const struct walk *w, const struct doc_caret *o)
{
    return w->c->m->people.opts.show_typing && o->typed_at &&
           w->c->m->now < o->typed_at + DOC_TYPING_MS;
}

/* The cell that another one's caret is on, in that person's colour. */
static void draw_caret(const struct walk *w, const struct row_view *v,
                       const struct doc_caret *o)
{
    struct rect r = w->spots.text;
    int x = editor_column_of(w->e, w->d->text, &v->row, o->caret);
    if (x >= r.w)
        return;
    const struct cell *cell = grid_at(w->c->g, r.x + x, v->y);
    struct rect at = {r.x + x, v->y, cell && cell->width == 2 ? 2 : 1, 1};
    grid_restyle(w->c->g, at, person_block(w->c, str_of(o->user)));
}

/* Behind the end of the row, where there is room; never over text. Returns the column behind
 * it, the same when there is none. */
static int draw_name(const struct walk *w, const struct row_view *v, const struct doc_caret *o,
                     int column)
{
    struct rect r = w->spots.text;
    struct str name = str_of(o->user);
    int width = glyphs_width(name);
    if (column + width > r.w)
        return column;
    return grid_text(w->c->g, r, r.x + column, v->y, person_block(w->c, str_of(o->user)),
                     name) -
           r.x + 1;
}

/* Names of those who type behind the row's text, initials of all who are in it in the margin.
 */
static void draw_others(struct walk *w, struct row_view *v)
{
    int x = w->spots.margin.x, names = v->end + NAMES_GAP;
    vec_each (o, &w->d->others) {
        if (o->version >= 0 || w->c->m->people.hidden || !is_in(v, o->caret))
            continue;
        draw_caret(w, v, o);
        int behind = is_typing(w, o) ? draw_name(w, v, o, names) : names;
        struct style s = person_style(w->c, str_of(o->user));
        s.attrs |= is_typing(w, o) ? STYLE_REVERSE | STYLE_BOLD : STYLE_BOLD;
        if (x + 1 < w->spots.margin.x + w->spots.margin.w)
            x = draw_initial(w->c, x, v->y, s, str_of(o->user));
        names = behind;
    }
}

static void draw_blame(struct walk *w, const struct row_view *v)
{
    struct rect r = w->spots.blame;
    const struct note_blame *b = &w->c->m->here->note.blame;
    if (rect_is_empty(r) || !v->row.is_first || !b->is_known)
        return;
    struct note_run run = blame_of(b, v->row.start, rope_line_end(w->d->text, v->row.line));
    char age[AGE_MAX] = "";
    if (run.chars == 0)
        return;
    if (!run.author[0])
        memcpy(run.author, "?", 2); /* typed since; the server is being asked */
    else
        age_of(model_server_now(w->c->m) - run.time, age);
    if (strcmp(run.author, w->said) == 0 && strcmp(age, w->said_age) == 0)
        return;
    memcpy(w->said, run.author, sizeof w->said);
    memcpy(w->said_age, age, sizeof age);
    struct rect name = {r.x, v->y, r.w - 6, 1}, time = {r.x + r.w - 5, v->y, 4, 1};
    draw_style(w->c, name, person_style(w->c, str_of(run.author)), str_of(run.author));
    draw_right(w->c, time, style_of(w->c, MEAN_TIME), str_of(age));
}

static void draw_own_caret(struct walk *w, const struct row_view *v)
{
    const struct model *m = w->c->m;
    struct rect r = w->spots.text;
    if (!beside_has_focus(m, BESIDE_NOTE) || m->prompt != PROMPT_NONE || !is_in(v, w->d->caret))
        return;
    int x = editor_column_of(w->e, w->d->text, &v->row, w->d->caret);
    w->c->g->caret_x = r.x + MIN(x, r.w - 1);
    w->c->g->caret_y = v->y;
}

/* What is searched among the rows that fit from the top one on. */
static void find_found(struct walk *w, struct editor_row row)
{
    const struct rope *text = w->d->text;
    if (!w->c->m->here->note.search.on)
        return;
    size_t most = w->e->find.n, from = row.start - MIN(row.start, most);
    for (int y = 1; y < w->spots.text.h && editor_row_next(w->e, text, &row); y++)
        ;
    struct place p;
    for (; editor_match(w->e, text, from, row.end + most, &p.start, &p.end); from = p.end)
        vec_push(&w->found, p);
}

static void draw_rows(struct walk *w)
{
    const struct rope *text = w->d->text;
    struct rect r = w->spots.text;
    struct editor_row row = editor_row_of(w->e, text, MIN(w->e->top, rope_chars(text)));
    bool more = true;
    find_state(w, row.line);
    find_found(w, row);
    for (int y = 0; y < r.h && more; y++) {
        struct row_view v = {.row = row, .y = r.y + y};
        more = editor_row_next(w->e, text, &row);
        v.limit = more ? row.start : rope_chars(text) + 1;
        take_line(w, &v.row);
        draw_text(w, &v);
        draw_others(w, &v);
        draw_blame(w, &v);
        draw_own_caret(w, &v);
    }
}

static void draw_nothing(struct canvas *c, const struct doc *d)
{
    struct rect r = c->l.beside;
    const char *why = d->state == DOC_REFUSED ? d->why.text
                      : c->m->session.state == SESSION_ONLINE
                          ? "The text is on its way."
                          : "This text is not on this machine, and there is no connection.";
    struct str rest = str_of(why), row;
    for (int y = r.y + 1; y < r.y + r.h && wrap_next(&rest, MAX(r.w - 4, 1), &row); y++)
        grid_text(c->g, r, r.x + NOTE_MARGIN, y, style_of(c, MEAN_DIM), row);
}

void view_note_text(struct canvas *c)
{
    const struct note_pane *p = &c->m->here->note;
    if (!p->doc->text) {
        draw_nothing(c, p->doc);
        return;
    }
    struct walk w = {.c = c, .d = p->doc, .e = &p->editor};
    note_spots_of(c->m, &c->l, &w.spots);
    draw_rows(&w);
    if (rope_chars(p->doc->text) == 0 && w.spots.text.h > 2)
        draw(c, (struct rect){w.spots.text.x, w.spots.text.y + 2, w.spots.text.w, 1},
             MEAN_FAINT, STR("Nothing is written here yet."));
    buf_finish(&w.line.bytes);
    vec_finish(&w.line.spans.spans);
    vec_finish(&w.found);
}
