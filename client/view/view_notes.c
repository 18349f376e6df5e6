/* The list of a room's notes, and the note pane as a whole. */
#include "view_note_parts.h"
#include "wrap.h"

#include <stdio.h>
#include <string.h>

enum { AUTHOR_FROM = 44, EDITED_WIDTH = 18 };

/* Who is in the text, at the right edge of r; returns what is left of r. */
static struct rect draw_people(struct canvas *c, struct rect r, int64_t number)
{
    const struct replica *replica = model_replica(c->m);
    int x = r.x + r.w;
    const char *before = "";
    vec_each (s, &replica->showing) {
        char bytes[3];
        if ((s->text != number && s->note != number) || strcmp(s->user, before) == 0 ||
            person_is_me(c, s->user))
            continue;
        struct str who = person_initials(c, str_of(s->user), bytes);
        if (x - (int)who.n < r.x + 8)
            break;
        before = s->user;
        x -= (int)who.n;
        grid_text(c->g, r, x, r.y, person_block(c, str_of(s->user)), who);
    }
    r.w = MAX(x - 1 - r.x, 0);
    return r;
}

static struct rect draw_edited(struct canvas *c, struct rect r, struct style s,
                               const struct note *n)
{
    char age[AGE_MAX], text[80];
    age_of(model_server_now(c->m) - n->time, age);
    if (r.w >= AUTHOR_FROM)
        snprintf(text, sizeof text, "%.*s %4s", STR_ARG(n->author), age);
    else
        snprintf(text, sizeof text, "%4s", age);
    struct str said = str_of(text);
    int width = r.w >= AUTHOR_FROM ? EDITED_WIDTH : 4;
    struct rect at = {r.x + r.w - width, r.y, width, 1};
    int x = draw_right(c, at, s, said);
    r.w = MAX(x - 1 - r.x, 0);
    return r;
}

static void draw_note(struct canvas *c, struct rect r, const struct note *n, bool is_selected)
{
    bool focus = beside_has_focus(c->m, BESIDE_NOTE);
    struct style s = style_of(c, n->archived ? MEAN_DIM : MEAN_TEXT);
    struct style dim = style_of(c, MEAN_TIME), pending = style_of(c, MEAN_PENDING);
    if (is_selected) {
        s = style_of(c, focus ? MEAN_SELECTED : MEAN_SELECTED_AWAY);
        dim = focus ? s : style_on(dim, s);
        pending = style_on(pending, s);
        grid_fill(c->g, r, s);
    }
    if (n->is_pending)
        grid_text(c->g, r, r.x, r.y, pending, sign_of(c, SIGN_PENDING));
    struct rect text = {r.x + 2, r.y, r.w - 3, 1};
    text = draw_edited(c, text, dim, n);
    text = draw_people(c, text, n->number);
    int x = draw_style(c, text, s, n->name);
    if (n->archived)
        draw_style(c, rect_from(text, x + 2), dim, STR("put away"));
}

void view_notes(struct canvas *c)
{
    const struct replica *r = model_replica(c->m);
    struct rect pane = c->l.beside;
    size_t n = notes_listed(c->m), first = notes_first(c->m, &c->l);
    if (n == 0) {
        draw(c, (struct rect){pane.x + 2, pane.y, pane.w - 2, 1}, MEAN_DIM,
             r->synced || r->seq ? STR("There are no notes here yet. a makes one.")
                                 : lacking(c, "Waiting for the notes"));
        return;
    }
    for (int y = 0; y < pane.h && first + (size_t)y < n; y++)
        draw_note(c, (struct rect){pane.x, pane.y + y, pane.w, 1},
                  &r->notes.v[first + (size_t)y], first + (size_t)y == c->m->here->note.place);
}

void view_note(struct canvas *c)
{
    const struct note_pane *p = &c->m->here->note;
    view_note_title(c);
    if (rect_is_empty(c->l.beside))
        return;
    if (p->shows == NOTE_LIST || !p->doc)
        view_notes(c);
    else if (p->shows == NOTE_HISTORY)
        view_history(c);
    else if (p->shows == NOTE_OUTLINE)
        view_outline(c);
    else
        view_note_text(c);
}
