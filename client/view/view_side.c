/* The list of rooms. */
#include "view_parts.h"

#include <stdio.h>

static void draw_room(struct canvas *c, struct rect r, size_t i)
{
    const struct room_view *v = c->m->views.v[i];
    bool here = v == c->m->here, selected = c->m->focus == FOCUS_ROOMS && i == c->m->room_at;
    struct style s = style_of(c, here ? MEAN_HERE : v->unread ? MEAN_TEXT : MEAN_DIM);
    if (selected) {
        s = style_of(c, MEAN_SELECTED);
        grid_fill(c->g, r, s);
    }
    struct rect text = {r.x + 1, r.y, r.w - 2, 1};
    char count[8];
    if (v->unread && !(here && v->chat_anchor == 0)) {
        snprintf(count, sizeof count, v->unread > 99 ? "99+" : "%zu", v->unread % 100);
        struct style u = style_of(c, MEAN_UNREAD);
        int x = draw_right(c, text, selected ? style_on(u, s) : u, str_of(count));
        text.w = MAX(x - 1 - text.x, 0);
    }
    draw_style(c, text, s, str_of(v->name));
}

void view_rooms(struct canvas *c)
{
    struct rect r = c->l.rooms;
    if (rect_is_empty(c->l.rooms_title))
        return;
    bool on = c->m->focus == FOCUS_ROOMS;
    draw(c, rect_from(c->l.rooms_title, 1), on ? MEAN_TITLE_FOCUS : MEAN_TITLE, STR("Rooms"));
    size_t first = (size_t)layout_rooms_first(c->m, &c->l);
    for (int y = 0; y < r.h && first + (size_t)y < c->m->views.n; y++)
        draw_room(c, (struct rect){r.x, r.y + y, r.w, 1}, first + (size_t)y);
}
