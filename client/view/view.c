#include "beside.h"
#include "view_part.h"
#include "wrap.h"

#include <stdarg.h>
#include <stdio.h>

struct style style_on(struct style s, struct style ground)
{
    s.bg = ground.bg;
    s.attrs |= ground.attrs & STYLE_REVERSE;
    return s;
}

struct str sign_of(const struct canvas *c, enum sign s)
{
    return str_of(theme_sign(c->t, s));
}

int draw_style(struct canvas *c, struct rect r, struct style s, struct str text)
{
    return grid_text_cut(c->g, r, r.x, r.y, s, text, sign_of(c, SIGN_CUT));
}

int draw(struct canvas *c, struct rect r, enum meaning what, struct str text)
{
    return draw_style(c, r, style_of(c, what), text);
}

int draw_right(struct canvas *c, struct rect r, struct style s, struct str text)
{
    int x = MAX(r.x + r.w - glyphs_width(text), r.x);
    grid_text(c->g, r, x, r.y, s, text);
    return x;
}

int draw_fmt(struct canvas *c, struct rect r, enum meaning what, const char *fmt, ...)
{
    char text[600];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return draw(c, r, what, str_of(text));
}

void draw_more(struct canvas *c, struct rect *r, size_t above, size_t below)
{
    char more[60] = "";
    size_t n = 0;
    if (above)
        n = (size_t)snprintf(more, sizeof more, "%s%zu ", theme_sign(c->t, SIGN_UP), above);
    if (below)
        snprintf(more + n, sizeof more - n, "%s%zu", theme_sign(c->t, SIGN_DOWN), below);
    if (!more[0])
        return;
    int x = draw_right(c, *r, style_of(c, MEAN_FAINT), str_trim(str_of(more)));
    r->w = MAX(x - 1 - r->x, 0);
}

struct str lacking(const struct canvas *c, const char *on_its_way)
{
    enum session_state state = c->m->session.state;
    bool comes = state == SESSION_ONLINE || state == SESSION_CONNECTING;
    return comes ? str_of(on_its_way) : STR("Not on this machine, and there is no connection.");
}

struct rect rect_from(struct rect r, int x)
{
    int by = MIN(MAX(x - r.x, 0), MAX(r.w, 0));
    return (struct rect){r.x + by, r.y, r.w - by, r.h};
}

void draw_box(struct canvas *c, struct rect r, struct str title)
{
    struct style s = style_of(c, MEAN_BOX);
    if (r.w < 2 || r.h < 2)
        return;
    grid_fill(c->g, r, style_of(c, MEAN_TEXT));
    int right = r.x + r.w - 1, low = r.y + r.h - 1;
    grid_repeat(c->g, (struct rect){r.x, r.y, r.w, 1}, s, theme_sign(c->t, SIGN_HORIZONTAL));
    grid_repeat(c->g, (struct rect){r.x, low, r.w, 1}, s, theme_sign(c->t, SIGN_HORIZONTAL));
    grid_repeat(c->g, (struct rect){r.x, r.y, 1, r.h}, s, theme_sign(c->t, SIGN_VERTICAL));
    grid_repeat(c->g, (struct rect){right, r.y, 1, r.h}, s, theme_sign(c->t, SIGN_VERTICAL));
    grid_repeat(c->g, (struct rect){r.x, r.y, 1, 1}, s, theme_sign(c->t, SIGN_TOP_LEFT));
    grid_repeat(c->g, (struct rect){right, r.y, 1, 1}, s, theme_sign(c->t, SIGN_TOP_RIGHT));
    grid_repeat(c->g, (struct rect){r.x, low, 1, 1}, s, theme_sign(c->t, SIGN_LOW_LEFT));
    grid_repeat(c->g, (struct rect){right, low, 1, 1}, s, theme_sign(c->t, SIGN_LOW_RIGHT));
    draw(c, (struct rect){r.x + 2, r.y, r.w - 4, 1}, MEAN_TITLE_FOCUS, title);
}

/* ---- text that is being written ---- */

struct caret_walk {
    struct str rest;
    const char *start; /* of the whole text */
    size_t at;
    int row, column, rows;
};

/* Finds the caret's row and column, and how many rows there are. */
static struct caret_walk find_caret(const struct lineedit *l, int width)
{
    struct str text = lineedit_text(l), row;
    struct caret_walk w = {.rest = text, .start = text.p, .at = l->at};
    while (wrap_next(&w.rest, width, &row)) {
        size_t from = (size_t)(row.p - text.p);
        if (l->at >= from) {
            size_t in_row = MIN(l->at - from, row.n);
            w.row = w.rows;
            w.column = glyphs_width((struct str){row.p, in_row});
        }
        w.rows++;
    }
    if (text.n == 0 || text.p[text.n - 1] == '\n') {
        if (l->at == text.n) {
            w.row = w.rows;
            w.column = 0;
        }
        w.rows++;
    }
    return w;
}

void draw_editor(struct canvas *c, struct rect r, const struct lineedit *l, bool caret)
{
    if (rect_is_empty(r))
        return;
    int width = MAX(r.w - 1, 1);
    struct caret_walk w = find_caret(l, width);
    int first = w.row >= r.h ? w.row - r.h + 1 : 0;
    struct str rest = lineedit_text(l), row;
    for (int i = 0; i < first + r.h && wrap_next(&rest, width, &row); i++)
        if (i >= first)
            grid_text(c->g, r, r.x, r.y + i - first, style_of(c, MEAN_TEXT), row);
    if (!caret)
        return;
    c->g->caret_x = MIN(r.x + w.column, r.x + r.w - 1);
    c->g->caret_y = r.y + w.row - first;
}

/* ---- the frame ---- */

static void view_tabs(struct canvas *c)
{
    const char *names[] = {"Rooms", "Board", "Chat", beside_rows[model_beside(c->m)].tab};
    struct rect tabs = c->l.tabs;
    int n = layout_tabs(c->m);
    for (int i = 0; i < n && !rect_is_empty(tabs); i++) {
        int from = tabs.w * i / n;
        struct rect r = {tabs.x + from, tabs.y, tabs.w * (i + 1) / n - from, 1};
        bool on = (int)c->m->focus == i;
        if (on)
            grid_fill(c->g, r, style_of(c, MEAN_SELECTED_AWAY));
        struct style s = style_of(c, on ? MEAN_TITLE_FOCUS : MEAN_DIM);
        draw_style(c, rect_from(r, r.x + 1),
                   on ? style_on(s, style_of(c, MEAN_SELECTED_AWAY)) : s, str_of(names[i]));
    }
}

static void view_rules(struct canvas *c)
{
    struct style s = style_of(c, MEAN_RULE);
    grid_repeat(c->g, c->l.side_rule, s, theme_sign(c->t, SIGN_VERTICAL));
    grid_repeat(c->g, c->l.chat_rule, s, theme_sign(c->t, SIGN_VERTICAL));
    struct rect title = c->l.chat_title;
    if (rect_is_empty(title))
        return;
    if (rect_is_empty(c->l.chat_rule))
        grid_repeat(c->g, title, s, theme_sign(c->t, SIGN_HORIZONTAL));
    bool on = c->m->focus == FOCUS_CHAT;
    draw(c, rect_from(title, title.x + 1), on ? MEAN_TITLE_FOCUS : MEAN_TITLE, STR(" Chat "));
}

/* What fills the place beside the board. */
static void view_beside(struct canvas *c)
{
    static void (*const fill[BESIDE_COUNT])(struct canvas *) = {
        [BESIDE_NOTE] = view_note,     [BESIDE_FEED] = view_feed, [BESIDE_STATS] = view_stats,
        [BESIDE_SEARCH] = view_search, [BESIDE_CARD] = view_card,
    };
    enum beside b = model_beside(c->m);
    if (!b || rect_is_empty(c->l.beside_title))
        return;
    grid_repeat(c->g, c->l.beside_rule, style_of(c, MEAN_RULE),
                theme_sign(c->t, SIGN_VERTICAL));
    fill[b](c);
}

static void view_nothing(struct canvas *c)
{
    const struct session *s = &c->m->session;
    const char *text =
        s->state == SESSION_ONLINE ? "You are in no room yet.  :room create #name  makes one."
        : s->state == SESSION_REFUSED || s->state == SESSION_WAITING ? s->why.text
                                                                     : "Connecting";
    struct rect r = {1, c->m->height / 2 - 1, c->m->width - 2, 4};
    struct str rest = str_of(text), row;
    for (; r.h > 0 && wrap_next(&rest, MAX(r.w, 1), &row); r.y++, r.h--)
        grid_text(c->g, r, r.x + (r.w - glyphs_width(row)) / 2, r.y, style_of(c, MEAN_DIM),
                  row);
}

void view(const struct model *m, const struct theme *t, struct grid *g)
{
    struct canvas c = {.m = m, .t = t, .g = g};
    grid_resize(g, m->width, m->height);
    grid_clear(g, theme_style(t, MEAN_TEXT));
    if (g->w == 0 || g->h == 0)
        return;
    layout_of(m, &c.l);
    if (model_replica(m)) {
        view_tabs(&c);
        view_rules(&c);
        view_rooms(&c);
        view_people(&c);
        view_board(&c);
        view_chat(&c);
        view_input(&c);
        view_beside(&c);
    } else {
        view_nothing(&c);
    }
    view_tour(&c);
    view_pointers(&c);
    view_status(&c);
    view_drag(&c);
    view_toasts(&c);
    if (m->prompt == PROMPT_COMMAND)
        view_command(&c);
    else if (m->prompt == PROMPT_FILTER)
        view_filter(&c);
    else if (m->prompt >= PROMPT_FIND)
        view_find(&c);
    else if (m->prompt != PROMPT_NONE)
        view_title_box(&c);
    struct rect all = {0, 0, m->width, m->height};
    if (m->picker.is_open)
        view_picker(&c, all, &m->picker);
    if (m->dialog.is_open)
        view_dialog(&c, all, &m->dialog, &m->keys);
    if (m->help) {
        view_help(&c);
        view_toasts(&c); /* who reads there is told all the same */
    }
}
