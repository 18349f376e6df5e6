#include "view_part.h"

#include "markdown.h"
#include "wrap.h"

enum meaning markdown_meaning(int kind)
{
    static const enum meaning means[MD_KINDS] = {
        [MD_PLAIN] = MEAN_TEXT,          [MD_HEADING] = MEAN_HEADING,
        [MD_QUOTE] = MEAN_QUOTE,         [MD_LIST_MARK] = MEAN_LIST_MARK,
        [MD_BOX_OPEN] = MEAN_BOX_OPEN,   [MD_BOX_DONE] = MEAN_BOX_DONE,
        [MD_DONE_TEXT] = MEAN_DONE_TEXT, [MD_STRONG] = MEAN_STRONG,
        [MD_EMPHASIS] = MEAN_EMPHASIS,   [MD_STRUCK] = MEAN_STRUCK,
        [MD_CODE] = MEAN_CODE,           [MD_FENCE] = MEAN_MARKUP,
        [MD_LINK] = MEAN_LINK,           [MD_MARKUP] = MEAN_MARKUP,
        [MD_RULE] = MEAN_RULE,           [MD_CARD] = MEAN_CARD,
        [MD_USER] = MEAN_STRONG,         [MD_KEYWORD] = MEAN_KEYWORD,
        [MD_STRING] = MEAN_STRING,       [MD_COMMENT] = MEAN_COMMENT,
        [MD_NUMBER] = MEAN_NUMBER_CODE,  [MD_ADDED] = MEAN_ADDED,
        [MD_REMOVED] = MEAN_REMOVED,
    };
    return means[kind];
}

struct style tone_style(const struct canvas *c, int tone, struct str text)
{
    static const enum meaning means[] = {
        [TONE_TEXT] = MEAN_TEXT,       [TONE_DIM] = MEAN_DIM,
        [TONE_STRONG] = MEAN_STRONG,   [TONE_GOOD] = MEAN_ONLINE,
        [TONE_BAD] = MEAN_TROUBLE,     [TONE_WARN] = MEAN_UNREAD,
        [TONE_MARK] = MEAN_MARK,       [TONE_CARD] = MEAN_CARD,
        [TONE_TIME] = MEAN_TIME,       [TONE_PERSON] = MEAN_STRONG,
        [TONE_LABEL] = MEAN_LIST_MARK, [TONE_PENDING] = MEAN_PENDING,
    };
    if (tone == TONE_PERSON && str_starts(text, "@"))
        text = (struct str){text.p + 1, text.n - 1};
    if (tone == TONE_PERSON)
        return person_style(c, text);
    if (tone == TONE_LABEL)
        return theme_person(c->t, replica_color(NULL, text));
    if (tone >= TONE_MARKDOWN)
        return style_of(c, markdown_meaning(tone - TONE_MARKDOWN));
    return style_of(c, means[tone]);
}

/* ---- form ---- */

struct form_view {
    struct canvas *c;
    const struct form *f;
    const struct form_lines *l;
    const struct form_at *at;
    bool focus;
};

static bool is_selected(const struct form_view *v, const struct form_row *r)
{
    return v->at && r->id && r->id == v->at->id;
}

/* The part of a span that stands on a line. */
static struct str on_line(const struct form *f, const struct form_span *s, struct str line)
{
    size_t from = (size_t)(line.p - f->text.p), to = from + line.n;
    size_t start = MAX(s->start, from), end = MIN(s->end, to);
    return start < end ? (struct str){f->text.p + start, end - start} : (struct str){0};
}

static void draw_value(const struct form_view *v, struct rect r, const struct form_row *row,
                       struct str line)
{
    int x = r.x;
    for (size_t i = row->first; i < row->behind; i++) {
        const struct form_span *s = &v->f->spans.v[i];
        struct str part = on_line(v->f, s, line);
        struct str whole = {v->f->text.p + s->start, s->end - s->start};
        struct style style = tone_style(v->c, s->tone, whole);
        if (is_selected(v, row) && v->focus && s->item && s->item == v->at->item)
            style = style_of(v->c, MEAN_SELECTED);
        style.link = grid_link(v->c->g, s->to);
        x = grid_text(v->c->g, r, x, r.y, style, part);
    }
}

/* A pencil and who holds it, at the right end. Returns what is left of r. */
static struct rect draw_holder(const struct form_view *v, struct rect r,
                               const struct form_row *row)
{
    if (row->holder.n == 0 || r.w < 12)
        return r;
    struct rect at = {r.x + r.w / 2, r.y, r.w - r.w / 2 - 2, 1};
    struct str name = row->holder;
    name.n = glyphs_fit(name, at.w);
    struct style s = person_style(v->c, row->holder);
    int x = draw_right(v->c, (struct rect){at.x, at.y, at.w + 2, 1}, s, name) - 2;
    grid_text(v->c->g, r, x, r.y, s, sign_of(v->c, SIGN_PENCIL));
    r.w = MAX(x - 1 - r.x, 0);
    return r;
}

static void draw_label(const struct form_view *v, struct rect r, const struct form_row *row)
{
    static const enum sign signs[] = {
        [FORM_PENDING] = SIGN_PENDING, [FORM_CONFLICT] = SIGN_CONFLICT};
    struct canvas *c = v->c;
    bool selected = is_selected(v, row);
    struct style s = style_of(c, row->id ? MEAN_DIM : MEAN_TITLE);
    if (selected)
        s = style_of(c, v->focus ? MEAN_SELECTED : MEAN_SELECTED_AWAY);
    if (selected && row->label.n)
        grid_fill(c->g, (struct rect){r.x + 1, r.y, r.w - 1, 1}, s);
    struct rect label = {r.x + FORM_LEFT, r.y, MAX(r.w - FORM_LEFT - 1, 0), 1};
    draw_style(c, label, s, row->label);
    if (row->state)
        grid_text(c->g, r, r.x + 1, r.y,
                  style_of(c, row->state == FORM_PENDING ? MEAN_PENDING : MEAN_TROUBLE),
                  sign_of(c, signs[row->state]));
}

static void draw_line(const struct form_view *v, struct rect r, const struct form_line *line)
{
    const struct form_row *row = &v->f->rows.v[line->row];
    int column = form_value_column(v->l, row);
    if (is_selected(v, row))
        grid_text(v->c->g, r, r.x, r.y, style_of(v->c, v->focus ? MEAN_MARK : MEAN_DIM),
                  sign_of(v->c, SIGN_BAR));
    struct rect value = {r.x + column, r.y, MAX(r.w - column, 0), 1};
    if (line->first) {
        int label = row->is_wide ? MIN(FORM_LEFT + glyphs_width(row->label) + 1, r.w) : column;
        draw_label(v, (struct rect){r.x, r.y, label, 1}, row);
        value = draw_holder(v, value, row);
    }
    if (line->has_text)
        draw_value(v, value, row, line->text);
}

void view_form(struct canvas *c, struct rect r, const struct form *f,
               const struct form_lines *l, const struct form_at *at, bool focus)
{
    struct form_view v = {c, f, l, at, focus};
    size_t top = at ? at->top : 0;
    for (int y = 0; y < r.h && top + (size_t)y < l->lines.n; y++)
        draw_line(&v, (struct rect){r.x, r.y + y, r.w, 1}, &l->lines.v[top + (size_t)y]);
}

/* ---- dialog ---- */

void view_dialog(struct canvas *c, struct rect r, const struct dialog *d,
                 const struct keymap *keys)
{
    struct dialog_spots spots;
    struct buf label = {0};
    dialog_spots_of(d, keys, r, &spots);
    c->g->caret_x = c->g->caret_y = -1;
    draw_box(c, spots.box, d->title);
    view_form(c, spots.body, &d->body, &spots.lines, NULL, false);
    for (size_t i = 0; i < d->n; i++) {
        struct rect at = spots.choices[i];
        struct style s = style_of(c, i == d->at ? MEAN_SELECTED : MEAN_KEY);
        buf_clear(&label);
        dialog_label(d, i, keys, &label);
        if (i == d->at) /* as wide as it is, with a margin */
            grid_fill(c->g, (struct rect){at.x - 1, at.y, at.w + 2, 1}, s);
        draw_style(c, at, s, buf_str(&label));
    }
    buf_finish(&label);
    dialog_spots_finish(&spots);
}

/* ---- picker ---- */

static void draw_item(struct canvas *c, struct rect r, const struct picker *p,
                      const struct pick_item *item, bool selected)
{
    struct style s = tone_style(c, item->tone, item->text), dim = style_of(c, MEAN_DIM);
    if (selected) {
        s = dim = style_of(c, MEAN_SELECTED);
        grid_fill(c->g, r, s);
    }
    struct rect text = {r.x + 1, r.y, r.w - 2, 1};
    if (p->several) {
        struct style mark = selected ? s : style_of(c, MEAN_MARK);
        if (item->is_on)
            grid_text(c->g, text, text.x, text.y, mark, sign_of(c, SIGN_TICK));
        text = rect_from(text, text.x + 2);
    }
    int x = draw_style(c, text, s, item->text) + 2;
    if (item->note.n)
        draw_style(c, rect_from(text, MIN(x, text.x + text.w)), dim, item->note);
}

void view_picker(struct canvas *c, struct rect r, const struct picker *p)
{
    struct picker_spots spots;
    picker_spots_of(p, r, &spots);
    draw_box(c, spots.box, p->title);
    struct rect line = spots.line;
    int x =
        grid_text(c->g, line, line.x, line.y, style_of(c, MEAN_MARK), sign_of(c, SIGN_PROMPT));
    draw_editor(c, rect_from(line, x + 1), &p->line, true);
    size_t n = picker_count(p);
    for (int y = 0; y < spots.list.h && spots.first + (size_t)y < n; y++)
        draw_item(c, (struct rect){spots.list.x, spots.list.y + y, spots.list.w, 1}, p,
                  picker_shown(p, spots.first + (size_t)y), spots.first + (size_t)y == p->at);
    if (n == 0 && spots.list.h > 0)
        draw(c, (struct rect){spots.list.x + 1, spots.list.y, spots.list.w - 2, 1}, MEAN_DIM,
             STR("Nothing fits."));
    struct str hint = p->several ? STR(" Enter picks, Tab picks more, Esc closes ")
                                 : STR(" Enter picks, Esc closes ");
    struct rect low = {spots.box.x + 2, spots.box.y + spots.box.h - 1, spots.box.w - 4, 1};
    if (spots.box.h > 2 && glyphs_width(hint) <= low.w)
        draw_right(c, low, style_of(c, MEAN_DIM), hint);
}
