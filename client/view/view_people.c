/* People: the list of them, their colours, initials and marks. */
#include "age.h"
#include "view_parts.h"
#include "wrap.h"

#include <stdio.h>
#include <string.h>

struct style person_style(const struct canvas *c, struct str user)
{
    const struct replica *r = c->m ? model_replica(c->m) : NULL;
    return theme_person(c->t, replica_color(r, user));
}

struct style person_block(const struct canvas *c, struct str user)
{
    struct style s = person_style(c, user);
    s.attrs |= STYLE_REVERSE | STYLE_BOLD;
    return s;
}

bool person_is_me(const struct canvas *c, const char *user)
{
    return str_is(str_of(user), c->m->session.user);
}

/* ---- initials ---- */

static size_t common(const char *a, const char *b)
{
    size_t n = 0;
    while (a[n] && a[n] == b[n])
        n++;
    return n;
}

static char capital(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Names are sorted, so whoever has most in common with one stands beside it. */
struct str person_initials(const struct canvas *c, struct str user, char out[3])
{
    const struct replica *r = model_replica(c->m);
    const struct person *p = replica_person(r, user);
    out[0] = user.n ? capital(user.p[0]) : '?';
    if (!p || user.n < 2)
        return (struct str){out, 1};
    size_t i = (size_t)(p - r->people.v), most = 0;
    if (i > 0)
        most = common(p->user, r->people.v[i - 1].user);
    if (i + 1 < r->people.n)
        most = MAX(most, common(p->user, r->people.v[i + 1].user));
    out[1] = user.p[MIN(most, user.n - 1)];
    return (struct str){out, most ? 2 : 1};
}

/* ---- the list ---- */

struct str person_sign(const struct canvas *c, const struct person *p)
{
    static const enum sign signs[STATUS_COUNT] = {[STATUS_ONLINE] = SIGN_ONLINE,
                                                  [STATUS_AWAY] = SIGN_AWAY,
                                                  [STATUS_DND] = SIGN_DND,
                                                  [STATUS_IDLE] = SIGN_IDLE};
    return sign_of(c, p->online ? signs[p->status] : SIGN_GONE);
}

enum meaning status_meaning(enum status s)
{
    static const enum meaning means[STATUS_COUNT] = {[STATUS_ONLINE] = MEAN_ONLINE,
                                                     [STATUS_AWAY] = MEAN_DIM,
                                                     [STATUS_DND] = MEAN_TROUBLE,
                                                     [STATUS_IDLE] = MEAN_PENDING};
    return means[s];
}

bool person_types(const struct canvas *c, const struct replica *r, const struct person *p)
{
    if (!c->m->people.opts.show_typing || person_is_me(c, p->user))
        return false;
    vec_each (s, &r->showing)
        if (s->typing_until > c->m->now && strcmp(s->user, p->user) == 0)
            return true;
    return false;
}

static bool points(const struct canvas *c, const struct person *p)
{
    const struct replica *r = model_replica(c->m);
    vec_each (s, &r->showing)
        if (s->pointing.at != POINTED_OFF && s->pointing.until > c->m->now &&
            strcmp(s->user, p->user) == 0)
            return true;
    return false;
}

/* What stands behind the name. */
static void label_of(const struct canvas *c, const struct person *p, char *out, size_t n)
{
    char age[AGE_MAX];
    snprintf(out, n, "%s", p->bot ? "bot" : "");
    if (!p->online)
        return;
    if (person_types(c, model_replica(c->m), p)) {
        snprintf(out, n, "types");
    } else if (points(c, p)) {
        snprintf(out, n, "points");
    } else if (p->words[0]) {
        snprintf(out, n, "%s", p->words);
    } else if (p->status == STATUS_IDLE) {
        age_of(people_age(c->m, p), age);
        snprintf(out, n, p->since ? "idle %s" : "idle", age);
    } else if (p->status != STATUS_ONLINE) {
        snprintf(out, n, "%s", status_name(p->status));
    }
}

static void draw_person(struct canvas *c, struct rect r, const struct person *p)
{
    char label[STATUS_WORDS_MAX + 1];
    struct str name = str_of(p->user);
    struct rect text = {r.x + 1, r.y, r.w - 2, 1};
    draw(c, text, p->online ? status_meaning(p->status) : MEAN_DIM, person_sign(c, p));
    text = rect_from(text, text.x + 2);
    struct style s = p->online ? person_style(c, name) : style_of(c, MEAN_DIM);
    label_of(c, p, label, sizeof label);
    int room = MAX(text.w - glyphs_width(name) - 1, MIN(text.w / 2, 7));
    if (label[0] && room >= 3) {
        struct rect right = {text.x + text.w - room, text.y, room, 1};
        bool fits = glyphs_width(str_of(label)) <= room;
        int x = fits ? draw_right(c, right, style_of(c, MEAN_DIM), str_of(label))
                     : (draw(c, right, MEAN_DIM, str_of(label)), right.x);
        text.w = MAX(x - 1 - text.x, 0);
    }
    draw_style(c, text, s, name);
}

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
    const struct person *p;
    for (int y = 0; y < pane.h && (p = layout_person(r, (size_t)y)); y++)
        draw_person(c, (struct rect){pane.x, pane.y + y, pane.w, 1}, p);
}
