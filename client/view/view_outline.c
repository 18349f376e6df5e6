/* The outline of a text: a row a heading. */
#include "view_note_parts.h"

#include <stdio.h>

enum { INDENT = 2, LINE_FROM = 30 };

static void draw_heading(struct canvas *c, struct rect r, const struct heading *h,
                         bool is_selected)
{
    bool focus = beside_has_focus(c->m, BESIDE_NOTE);
    struct style s = style_of(c, h->level == 1 ? MEAN_HEADING : MEAN_TEXT);
    struct style dim = style_of(c, MEAN_TIME);
    struct buf title = {0};
    if (is_selected) {
        s = style_of(c, focus ? MEAN_SELECTED : MEAN_SELECTED_AWAY);
        dim = focus ? s : style_on(dim, s);
        grid_fill(c->g, r, s);
    }
    outline_title(c->m->here->note.doc->text, h, &title);
    struct rect text = rect_from(r, r.x + NOTE_MARGIN + INDENT * (h->level - 1));
    if (r.w >= LINE_FROM) {
        char line[24];
        snprintf(line, sizeof line, "%zu", h->line + 1);
        int x = draw_right(c, (struct rect){r.x, r.y, r.w - 1, 1}, dim, str_of(line));
        text.w = MAX(x - 1 - text.x, 0);
    }
    draw_style(c, text, s, title.n ? buf_str(&title) : STR("(nothing)"));
    buf_finish(&title);
}

void view_outline(struct canvas *c)
{
    const struct note_outline *o = &c->m->here->note.outline;
    struct rect pane = c->l.beside;
    if (o->list.v.n == 0) {
        draw(c, (struct rect){pane.x + NOTE_MARGIN, pane.y, pane.w - NOTE_MARGIN, 1}, MEAN_DIM,
             STR("There is no heading here any more."));
        return;
    }
    for (int y = 0; y < pane.h && o->first + (size_t)y < o->list.v.n; y++)
        draw_heading(c, (struct rect){pane.x, pane.y + y, pane.w, 1},
                     &o->list.v.v[o->first + (size_t)y], o->first + (size_t)y == o->at);
}
