/* What was found: for each a row that says where, and a row that shows it. */
#include "beside.h"
#include "query.h"
#include "utf8.h"
#include "view_parts.h"
#include "wrap.h"

#include <stdio.h>
#include <time.h>

enum { FORM_WIDTH = 12 };

static bool is_typing(const struct canvas *c)
{
    return c->m->prompt == PROMPT_SEARCH;
}

static void draw_title(struct canvas *c)
{
    const struct search_pane *p = &c->m->search;
    struct rect r = c->l.beside_title;
    bool on = beside_has_focus(c->m, BESIDE_SEARCH);
    grid_repeat(c->g, r, style_of(c, MEAN_RULE), theme_sign(c->t, SIGN_HORIZONTAL));
    int x = draw(c, rect_from(r, r.x + 1), on ? MEAN_TITLE_FOCUS : MEAN_TITLE, STR(" Search "));
    if (p->query[0])
        x = draw_fmt(c, rect_from(r, x), MEAN_MARK, "%s ", p->query);
    if (p->query[0] && p->order == ORDER_RELEVANCE)
        x = draw_fmt(c, rect_from(r, x), MEAN_DIM, "best first ");
    if (p->query[0] && c->m->session.state != SESSION_ONLINE)
        draw(c, rect_from(r, x), MEAN_PENDING, STR("offline "));
}

/* ---- one result ---- */

/* The day and time, as "24 Dec 13:05". */
static void when_of(int64_t time_ms, char out[24])
{
    time_t t = (time_t)(time_ms / 1000);
    struct tm tm = {0};
    localtime_r(&t, &tm);
    if (!strftime(out, 24, "%d %b %Y %H:%M", &tm))
        out[0] = '\0';
}

static void draw_place(struct canvas *c, struct rect r, const struct found_item *i,
                       const struct style *all)
{
    char when[24];
    struct buf place = {0};
    struct style dim = all ? *all : style_of(c, MEAN_TIME);
    when_of(i->time, when);
    int x = draw_style(c, r, dim, str_of(when));
    x = draw_style(c, rect_from(r, x + 1), all ? *all : person_style(c, i->author), i->author);
    if (c->m->here && !str_is(i->room, c->m->here->name))
        buf_fmt(&place, "%s ", model_label(c->m, i->room, &(struct room_label){0}));
    if (i->number)
        buf_fmt(&place, "%s#%lld %.*s%s", i->kind == FOUND_COMMENT ? "on " : "",
                (long long)i->number, STR_ARG(i->title), i->archived ? " (archived)" : "");
    draw_style(c, rect_from(r, x + 1), dim, buf_str(&place));
    buf_finish(&place);
}

/* Behind n code points. */
static struct str skip(struct str s, int64_t n)
{
    uint32_t cp;
    for (; n > 0 && s.n; n--) {
        size_t k = utf8_next(s, &cp);
        s = (struct str){s.p + MAX(k, 1), s.n - MAX(k, 1)};
    }
    return s;
}

static struct str between(struct str s, int64_t from, int64_t to)
{
    struct str rest = skip(s, from), tail = skip(rest, to - from);
    return (struct str){rest.p, rest.n - tail.n};
}

/* From where on it is shown, so that the first mark is on screen. */
static int64_t start_of(const struct found_item *i, int width)
{
    int64_t first = i->marks.n ? i->marks.v[0].at : 0;
    return first + (i->marks.n ? i->marks.v[0].chars : 0) < width ? 0 : first - width / 4;
}

static void draw_excerpt(struct canvas *c, struct rect r, const struct found_item *i,
                         const struct style *all)
{
    struct style text = all ? *all : style_of(c, MEAN_TEXT);
    struct style mark = style_of(c, MEAN_FOUND);
    int64_t at = start_of(i, r.w);
    int x = r.x;
    if (at > 0)
        x = draw_style(c, r, text, str_of(sign_of(c, SIGN_CUT).p));
    for (size_t k = 0; k < i->marks.n && x < r.x + r.w; k++) {
        const struct mark_item *m = &i->marks.v[k];
        x = draw_style(c, rect_from(r, x), text, between(i->excerpt, at, m->at));
        at = m->at + m->chars;
        x = draw_style(c, rect_from(r, x), mark, between(i->excerpt, m->at, at));
    }
    draw_style(c, rect_from(r, x), text, skip(i->excerpt, at));
}

static void draw_item(struct canvas *c, struct rect r, size_t at)
{
    const struct search_pane *p = &c->m->search;
    const struct found_item *i = &p->items.v[at];
    struct style chosen =
        style_of(c, beside_has_focus(c->m, BESIDE_SEARCH) ? MEAN_SELECTED : MEAN_SELECTED_AWAY);
    const struct style *all = at == p->at ? &chosen : NULL;
    if (all)
        grid_fill(c->g, r, chosen);
    draw_place(c, (struct rect){r.x + 1, r.y, r.w - 2, 1}, i, all);
    if (r.h > 1)
        draw_excerpt(c, (struct rect){r.x + 3, r.y + 1, r.w - 4, 1}, i, all);
}

/* ---- in place of results ---- */

static int draw_words(struct canvas *c, struct rect r, enum meaning how, struct str text)
{
    struct str row;
    int y = 0;
    for (; y < r.h && wrap_next(&text, MAX(r.w, 1), &row); y++)
        draw(c, (struct rect){r.x, r.y + y, r.w, 1}, how, row);
    return y;
}

static struct rect below(struct rect r, int rows)
{
    return (struct rect){r.x, r.y + rows, r.w, MAX(r.h - rows, 0)};
}

/* What a query may say. */
static void draw_language(struct canvas *c, struct rect r)
{
    static const char words[] = "Words that are all there, \"phrases\", -not, begin*, and:";
    r = below(r, draw_words(c, r, MEAN_DIM, str_of(words)));
    for (size_t i = 0; i < KEY_COUNT && r.h > 0; i++) {
        struct rect doc = {r.x + FORM_WIDTH + 1, r.y, MAX(r.w - FORM_WIDTH - 1, 1), r.h};
        draw(c, (struct rect){r.x, r.y, MIN(FORM_WIDTH, r.w), 1}, MEAN_MARK,
             str_of(query_keys[i].form));
        r = below(r, MAX(draw_words(c, doc, MEAN_DIM, str_of(query_keys[i].doc)), 1));
    }
}

static const char *nothing(const struct canvas *c)
{
    const struct search_pane *p = &c->m->search;
    if (p->is_known)
        return "Nothing was found.";
    return c->m->session.state == SESSION_ONLINE ? "Searching"
                                                 : "Offline: a search asks the server.";
}

static const char *behind(const struct search_pane *p)
{
    if (p->more)
        return "Reading on";
    return p->capped ? "There is more: say more words, a room or days." : "";
}

void view_search(struct canvas *c)
{
    const struct search_pane *p = &c->m->search;
    struct rect r = c->l.beside, inner = {r.x + 1, r.y, MAX(r.w - 2, 0), r.h};
    draw_title(c);
    if (p->fault.code) {
        int rows = draw_words(c, inner, MEAN_TROUBLE, str_of(p->fault.text));
        inner = below(inner, rows + 1);
        if (is_typing(c))
            draw_language(c, inner);
        return;
    }
    if (is_typing(c) || !p->query[0]) {
        draw_language(c, inner);
        return;
    }
    if (p->items.n == 0) {
        draw_words(c, inner, MEAN_DIM, str_of(nothing(c)));
        return;
    }
    size_t at = p->first;
    for (int y = 0; y < r.h && at <= p->items.n; y += SEARCH_ROWS, at++) {
        struct rect row = {r.x, r.y + y, r.w, MIN(SEARCH_ROWS, r.h - y)};
        if (at < p->items.n)
            draw_item(c, row, at);
        else
            draw(c, rect_from(row, row.x + 1), MEAN_DIM, str_of(behind(p)));
    }
}
