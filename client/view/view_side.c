/* Rooms and people. */
#include "view_parts.h"

#include <stdio.h>
#include <string.h>

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

static void draw_person(struct canvas *c, struct rect r, const struct person *p)
{
    struct str name = str_of(p->user);
    bool typing = p->typing_until > c->m->now && p->online && !str_is(name, c->m->session.user);
    struct rect text = {r.x + 1, r.y, r.w - 2, 1};
    draw(c, text, p->online ? MEAN_ONLINE : MEAN_DIM,
         sign_of(c, p->online ? SIGN_ONLINE : SIGN_AWAY));
    text = rect_from(text, text.x + 2);
    if (typing) {
        int x = draw_right(c, text, style_of(c, MEAN_DIM), STR("types"));
        text.w = MAX(x - 1 - text.x, 0);
    }
    draw_style(c, text, p->online ? theme_person(c->t, name) : style_of(c, MEAN_DIM), name);
}

/* Those who are here stand first. */
void view_people(struct canvas *c)
{
    const struct replica *r = model_replica(c->m);
    struct rect pane = c->l.people;
    size_t here = 0;
    vec_each (p, &r->people)
        here += p->online > 0;
    if (rect_is_empty(c->l.people_title))
        return;
    int x = draw(c, rect_from(c->l.people_title, 1), MEAN_TITLE, STR("People"));
    if (r->people.n)
        draw_fmt(c, rect_from(c->l.people_title, x + 1), MEAN_FAINT, "%zu of %zu", here,
                 r->people.n);
    int y = 0;
    for (int online = 1; online >= 0; online--)
        for (size_t i = 0; i < r->people.n && y < pane.h; i++)
            if ((r->people.v[i].online > 0) == online)
                draw_person(c, (struct rect){pane.x, pane.y + y++, pane.w, 1}, &r->people.v[i]);
}
