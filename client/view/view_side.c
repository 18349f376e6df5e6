/* The list of rooms. */
#include "direct.h"
#include "view_parts.h"

#include <stdio.h>

/* The other one in a direct conversation of two; NULL: it is none. */
static const struct person *peer_of(const struct canvas *c, const struct replica *r)
{
    struct str people = str_of(r->name);
    struct str a = direct_next(&people), b = direct_next(&people);
    if (!room_is_direct(str_of(r->name)) || people.n)
        return NULL;
    return replica_person(r, str_is(a, c->m->session.user) ? b : a);
}

/* How that one is, behind the name. */
static void draw_peer(struct canvas *c, struct rect r, const struct room_view *v,
                      struct style s, bool selected)
{
    const struct replica *room = session_room(&c->m->session, str_of(v->name));
    const struct person *p = room ? peer_of(c, room) : NULL;
    if (!p)
        return;
    if (person_types(c, room, p)) {
        draw_style(c, rect_from(r, r.x + 1), s, STR("..."));
        return;
    }
    struct style sign = style_of(c, p->online ? status_meaning(p->status) : MEAN_DIM);
    draw_style(c, rect_from(r, r.x + 1), selected ? style_on(sign, s) : sign,
               person_sign(c, p));
}

void count_say(struct unread_count n, char out[COUNT_TEXT])
{
    const char *sign = n.mentions ? "@" : "";
    if (n.all >= UNREAD_MAX)
        snprintf(out, COUNT_TEXT, "%s%d+", sign, UNREAD_MAX - 1);
    else
        snprintf(out, COUNT_TEXT, "%s%d", sign, (int)n.all);
}

static void draw_room(struct canvas *c, struct rect r, size_t i)
{
    const struct room_view *v = c->m->views.v[i];
    bool here = v == c->m->here, selected = c->m->focus == FOCUS_ROOMS && i == c->m->room_at;
    bool muted = v->level == NOTIFY_MUTE, counts = v->unread.all && !muted;
    struct style s = style_of(c, here ? MEAN_HERE : counts ? MEAN_TEXT : MEAN_DIM);
    if (selected) {
        s = style_of(c, MEAN_SELECTED);
        grid_fill(c->g, r, s);
    }
    struct rect text = {r.x + 1, r.y, r.w - 2, 1};
    char count[COUNT_TEXT];
    if (counts && !(here && v->chat_anchor == 0)) {
        count_say(v->unread, count);
        struct style u = style_of(c, MEAN_UNREAD);
        int x = draw_right(c, text, selected ? style_on(u, s) : u, str_of(count));
        text.w = MAX(x - 1 - text.x, 0);
    }
    struct room_label label;
    int x = draw_style(c, text, s, str_of(model_label(c->m, str_of(v->name), &label)));
    draw_peer(c, rect_from(text, x), v, s, selected);
}

void view_rooms(struct canvas *c)
{
    struct rect r = c->l.rooms;
    if (rect_is_empty(c->l.rooms_title))
        return;
    bool on = c->m->focus == FOCUS_ROOMS;
    size_t first = (size_t)layout_rooms_first(c->m, &c->l), n = c->m->views.n;
    struct rect title = {c->l.rooms_title.x + 1, c->l.rooms_title.y, c->l.rooms_title.w - 2, 1};
    draw_more(c, &title, first, n - MIN(n, first + (size_t)r.h));
    draw(c, title, on ? MEAN_TITLE_FOCUS : MEAN_TITLE, STR("Rooms"));
    for (int y = 0; y < r.h && first + (size_t)y < c->m->views.n; y++)
        draw_room(c, (struct rect){r.x, r.y + y, r.w, 1}, first + (size_t)y);
}
