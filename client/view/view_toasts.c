/* What is told in passing, where it hides least: neither what came last in the chat, nor what
 * is being typed, nor a question. */
#include "view_parts.h"
#include "wrap.h"

enum { TOAST_WIDTH = 60, TOAST_ROWS = 4, TITLE = 8 /* columns of " Chat " */ };

/* Where they stand, at the right edge: from the top down, or from the foot up. The newest is
 * first. */
struct stand {
    struct rect r;
    bool from_top;
};

/* The top rows of a pane that is read from its foot; or of a text whose caret is far down. */
static struct stand at_top(struct rect r)
{
    return (struct stand){r, true};
}

static struct stand at_foot(const struct canvas *c, int foot)
{
    return (struct stand){{0, 0, c->g->w, foot}, false};
}

static struct stand stand_of(const struct canvas *c)
{
    const struct layout *l = &c->l;
    int bottom = l->status.y;
    if (model_where(c->m) & (IN_TITLE | IN_PICKER | IN_DIALOG | IN_HELP))
        return at_foot(c, bottom);
    bool has_chat = !rect_is_empty(l->chat), has_board = !rect_is_empty(l->board);
    struct rect title = l->chat_title;
    if (has_chat && has_board && rect_is_empty(l->chat_rule)) {
        int foot = title.y + !c->names_typists; /* on the line between the two, or above it */
        return (struct stand){{title.x + TITLE, 0, title.w - TITLE, foot}, false};
    }
    if (has_chat && has_board)
        return (struct stand){{l->board.x, 0, l->board.w, bottom}, false};
    if (has_chat)
        return at_top(l->chat);
    if (!rect_is_empty(l->beside) && c->g->caret_y >= bottom / 2)
        return at_top(l->beside);
    return at_foot(c, bottom);
}

static int rows_of(const struct toast *t, int width)
{
    return wrap_rows(str_of(t->text), width, TOAST_ROWS);
}

static void draw_toast(struct canvas *c, struct rect r, const struct toast *t)
{
    struct style s = style_of(c, t->kind == TOAST_ERROR ? MEAN_TOAST_ERROR : MEAN_TOAST);
    struct str rest = str_of(t->text), row;
    grid_fill(c->g, r, s);
    for (int y = 0; y < r.h && wrap_next(&rest, r.w - 2, &row); y++)
        grid_text(c->g, r, r.x + 1, r.y + y, s, row);
}

void view_toasts(struct canvas *c)
{
    struct stand at = stand_of(c);
    int most = MIN(at.r.w - 2, TOAST_WIDTH), top = at.r.y, foot = at.r.y + at.r.h;
    if (most < 4)
        return;
    for (size_t i = c->m->toasts.n; i-- > 0;) {
        const struct toast *t = &c->m->toasts.v[i];
        int rows = rows_of(t, most - 2);
        int w = rows > 1 ? most : MIN(glyphs_width(str_of(t->text)) + 2, most);
        if (rows > foot - top)
            return;
        int y = at.from_top ? top : foot - rows;
        draw_toast(c, (struct rect){at.r.x + at.r.w - w, y, w, rows}, t);
        *(at.from_top ? &top : &foot) += at.from_top ? rows : -rows;
    }
}
