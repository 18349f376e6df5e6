/* Where others point: the cell in their colour, and their initials beside it. */
#include "layout_point.h"
#include "view_parts.h"

static bool is_shown(const struct canvas *c, const struct showing *s)
{
    return s->pointing.at > POINTED_NOWHERE && s->pointing.until > c->m->now &&
           !person_is_me(c, s->user);
}

static void draw_pointer(struct canvas *c, const struct showing *s, int x, int y)
{
    char bytes[3];
    struct str who = person_initials(c, str_of(s->user), bytes);
    struct style block = person_block(c, str_of(s->user));
    const struct cell *at = grid_at(c->g, x, y);
    struct rect screen = {0, 0, c->g->w, c->g->h};
    int w = (int)who.n + 1;
    if (!at)
        return;
    x -= at->width == 0; /* the right half of a wide one */
    int behind = x + (at->width == 1 ? 1 : 2);
    grid_restyle(c->g, (struct rect){x, y, behind - x, 1}, block);
    if (behind + w <= c->g->w) {
        behind = grid_text(c->g, screen, behind, y, block, sign_of(c, SIGN_POINTER));
        grid_text(c->g, screen, behind, y, block, who);
    } else if (x >= w) {
        int from = grid_text(c->g, screen, x - w, y, block, who);
        grid_text(c->g, screen, from, y, block, sign_of(c, SIGN_POINTER_LEFT));
    }
}

void view_pointers(struct canvas *c)
{
    const struct replica *r = model_replica(c->m);
    struct point_map map = {.m = c->m, .l = &c->l};
    int x, y;
    if (!r || c->m->people.hidden)
        return;
    vec_each (s, &r->showing)
        if (is_shown(c, s) && point_spot(&map, s, &x, &y))
            draw_pointer(c, s, x, y);
    point_map_finish(&map);
}
