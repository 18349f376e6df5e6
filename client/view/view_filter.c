/* The row above a board that is filtered or sorted, and the line in it that says by what. */
#include "view_parts.h"
#include "wrap.h"

#include <stdio.h>

static void add(struct buf *text, const char *part)
{
    buf_fmt(text, "%s%s", text->n ? ", " : "", part);
}

/* How many show, in which order, and how many are marked; returns the column it begins at. */
static int draw_summary(struct canvas *c, struct rect r)
{
    const struct board_look *l = &c->m->here->look;
    struct buf text = {0};
    char part[60];
    size_t marked = marks_count(c->m);
    if (l->text.n) {
        snprintf(part, sizeof part, "%zu of %zu", l->taken, l->cards);
        add(&text, part);
    }
    if (l->sort != SORT_ORDER) {
        snprintf(part, sizeof part, "by %s", card_sorts[l->sort].name);
        add(&text, part);
    }
    if (marked) {
        snprintf(part, sizeof part, "%zu marked", marked);
        add(&text, part);
    }
    if (text.n == 0)
        add(&text, "all");
    enum meaning how = l->is_broken ? MEAN_TROUBLE : marked ? MEAN_MARK : MEAN_FAINT;
    int x = draw_right(c, r, style_of(c, how), buf_str(&text));
    buf_finish(&text);
    return x;
}

void view_board_bar(struct canvas *c)
{
    struct rect r = c->l.board_bar;
    const struct board_look *l = &c->m->here->look;
    if (rect_is_empty(r))
        return;
    board_shown(c->m, 0); /* counts */
    struct rect inner = {r.x + 1, r.y, r.w - 2, 1};
    int end = draw_summary(c, inner) - 1;
    inner.w = MAX(end - inner.x, 0);
    bool typing = c->m->prompt == PROMPT_FILTER;
    if (!typing && !l->text.n)
        return;
    int x = draw(c, inner, MEAN_MARK, STR("/"));
    if (typing)
        draw_editor(c, rect_from(inner, x), &c->m->line, true);
    else
        draw(c, rect_from(inner, x), MEAN_TEXT, buf_str(&l->text));
}

static void draw_hint(struct canvas *c, struct rect r)
{
    const struct board_look *l = &c->m->here->look;
    struct str text = l->fault.code ? str_of(l->fault.text)
                                    : STR("Tab completes, Enter keeps it, Esc shows all cards");
    enum meaning how = l->is_broken ? MEAN_TOAST_ERROR : MEAN_TOAST;
    grid_fill(c->g, r, style_of(c, how));
    draw(c, (struct rect){r.x + 1, r.y, r.w - 2, 1}, how, text);
}

void view_filter(struct canvas *c)
{
    struct rect r = c->l.status;
    if (rect_is_empty(c->l.board_bar)) { /* no room above the board */
        grid_fill(c->g, r, style_of(c, MEAN_TEXT));
        int x = draw(c, r, MEAN_MARK, STR("/"));
        draw_editor(c, rect_from(r, x), &c->m->line, true);
    } else if (c->m->completions.words.n > 1) {
        draw_completions(c, r);
    } else {
        draw_hint(c, r);
    }
}
