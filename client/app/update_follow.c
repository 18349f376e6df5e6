/* Our view goes where somebody else's goes: the room, the selected card, the text and the place
 * in it. What we show of ourselves says so, and two who follow each other both stop: neither
 * would lead. */
#include "activity.h"
#include "beside.h"
#include "update_parts.h"

#include <string.h>

/* ---- who ---- */

struct leader {
    struct replica *room; /* that the leader has on screen; NULL: none that we see */
    const struct showing *shows;
    bool is_here; /* somewhere */
};

static struct leader find_leader(const struct model *m, const char *user)
{
    struct leader l = {0};
    vec_each (v, &m->views) {
        struct replica *r = session_room(&m->session, str_of((*v)->name));
        const struct person *p = r ? replica_person(r, str_of(user)) : NULL;
        if (!p || !p->online)
            continue;
        l.is_here = true;
        vec_each (s, &r->showing)
            if (strcmp(s->user, user) == 0 && s->shown &&
                (!l.shows || s->heard_at > l.shows->heard_at)) {
                l.shows = s;
                l.room = r;
            }
    }
    return l;
}

/* Does whoever leads us go after us, be it over others? */
static bool goes_round(const struct model *m, const char *user)
{
    for (int i = 0; i < 32 && user[0]; i++) {
        if (strcmp(user, m->session.user) == 0)
            return true;
        struct leader l = find_leader(m, user);
        user = l.shows ? l.shows->follows : "";
    }
    return false;
}

static bool is_other(const struct model *m, const struct person *p)
{
    return p->online && !str_is(str_of(p->user), m->session.user);
}

/* The only one who could be followed; NULL when there are more, or none. */
static const struct person *only_other(const struct model *m)
{
    const struct replica *r = model_replica(m);
    const struct person *only = NULL;
    vec_each (p, &r->people) {
        if (!is_other(m, p))
            continue;
        if (only)
            return NULL;
        only = p;
    }
    return only;
}

static bool has_others(const struct model *m)
{
    const struct replica *r = model_replica(m);
    vec_each (p, &r->people)
        if (is_other(m, p))
            return true;
    return false;
}

/* Where somebody is, in words. */
static void say_where(const struct model *m, const char *user, struct buf *out)
{
    struct leader l = find_leader(m, user);
    const struct showing *s = l.shows;
    int64_t at = !s ? 0 : s->note ? s->note : s->task ? s->task : s->cursor;
    struct named_item thing = s ? activity_thing(l.room, NULL, 0, at) : (struct named_item){0};
    if (s && l.room != model_replica(m))
        buf_fmt(out, "in %s", l.room->name);
    else if (s && at > 0 && thing.note)
        buf_fmt(out, "in '%.*s'", STR_ARG(thing.name));
    else if (s && at > 0)
        buf_fmt(out, "on #%lld %.*s", (long long)at, STR_ARG(thing.name));
}

/* Who was heard of last comes first. */
static int64_t heard_at(const struct model *m, const char *user)
{
    struct leader l = find_leader(m, user);
    return l.shows ? l.shows->heard_at : 0;
}

static void offer(struct model *m, const struct person *p)
{
    struct buf where = {0};
    say_where(m, p->user, &where);
    picker_add(&m->picker, str_of(p->user), buf_str(&where), str_of(p->user), TONE_PERSON,
               false);
    buf_finish(&where);
}

static void pick_leader(struct model *m)
{
    const struct replica *r = model_replica(m);
    VEC(const struct person *) left = {0};
    vec_each (p, &r->people)
        if (is_other(m, p) && strcmp(p->user, m->people.following.user) != 0)
            vec_push(&left, p);
    picker_open(&m->picker, STR(" Follow "), false);
    m->pick = PICK_LEADER;
    while (left.n) {
        size_t newest = 0;
        for (size_t i = 1; i < left.n; i++)
            if (heard_at(m, left.v[i]->user) > heard_at(m, left.v[newest]->user))
                newest = i;
        offer(m, left.v[newest]);
        vec_remove(&left, newest);
    }
    vec_finish(&left);
    pick_typed(m);
}

/* ---- begin and end ---- */

void follow_end(struct model *m)
{
    m->people.following = (struct following){0};
}

static void begin(struct model *m, const char *user)
{
    if (goes_round(m, user)) {
        model_toast(m, TOAST_ERROR, "%s follows you: one of the two has to lead.", user);
        return;
    }
    follow_end(m);
    memcpy(m->people.following.user, user, strlen(user) + 1);
    model_toast(m, TOAST_INFO, "You follow %s; a key ends it.", user);
}

void follow(struct model *m, struct str user)
{
    const struct replica *r = model_replica(m);
    if (!r)
        return;
    if (user.n && user.p[0] == '@')
        user.p++, user.n--;
    const struct person *p = user.n ? replica_person(r, user) : only_other(m);
    if (user.n && (!p || !p->online))
        model_toast(m, TOAST_ERROR, "%.*s is not here.", STR_ARG(user));
    else if (p && !is_other(m, p))
        model_toast(m, TOAST_ERROR, "You go where you go anyway.");
    else if (p)
        begin(m, p->user);
    else if (has_others(m))
        pick_leader(m);
    else
        model_toast(m, TOAST_INFO, "Nobody else is here.");
}

bool follow_key(struct model *m, struct key key)
{
    if (!m->people.following.user[0])
        return true;
    enum action_where where = model_where(m);
    enum action_id id = keymap_find(&m->keys, where, key);
    if (id == ACTION_FOLLOW || id == ACTION_HIDE || id == ACTION_REDRAW)
        return true;
    follow_end(m);
    /* Where a key would write, it only ends this: the text may not be one that we chose. */
    return where & IN_PANES && key.code != K_ESCAPE;
}

/* ---- going along ---- */

static const struct doc_caret *caret_of(const struct doc *d, int64_t session)
{
    vec_each (c, &d->others)
        if (c->session == session && c->version < 0)
            return c;
    return NULL;
}

/* What the leader sees, and where that one writes if it is not on a screen as small as ours. */
static void go_to_place(struct model *m, struct doc *d, int64_t session)
{
    struct following *f = &m->people.following;
    const struct doc_caret *c = d->text ? caret_of(d, session) : NULL;
    struct editor *e = &m->here->note.editor;
    if (!c || (c->top == f->top && c->caret == f->caret))
        return;
    bool moved = c->caret != f->caret;
    f->top = c->top;
    f->caret = c->caret;
    e->top = MIN(c->top, rope_chars(d->text));
    if (moved)
        editor_show(e, d->text, MIN(c->caret, rope_chars(d->text)));
    d->top = e->top;
}

static void go_to_note(struct model *m, const struct showing *s, struct effects *out)
{
    const struct replica *r = model_replica(m);
    bool is_text = replica_note(r, s->note) || board_card(&r->board, s->note);
    const struct doc *d = note_doc(m);
    bool shows = d && d->number == s->note && model_beside(m) == BESIDE_NOTE &&
                 note_pane(m)->shows == NOTE_TEXT && m->focus == FOCUS_BESIDE;
    if (!is_text)
        return;
    if (!shows) {
        m->people.following.top = m->people.following.caret = SIZE_MAX;
        note_open(m, s->note, out);
    }
    if (note_doc(m))
        go_to_place(m, note_pane(m)->doc, s->session);
}

static void go_to_card(struct model *m, const struct showing *s)
{
    const struct replica *r = model_replica(m);
    const struct card *c = s->cursor ? board_card(&r->board, s->cursor) : NULL;
    if (s->cursor == m->people.following.cursor || !c || c->archived)
        return;
    m->people.following.cursor = s->cursor;
    board_select(m, c);
}

static void go_to_opened(struct model *m, int64_t card, struct effects *out)
{
    const struct replica *r = model_replica(m);
    const struct card *c = board_card(&r->board, card), *open = card_shown(m);
    bool shows = open == c && beside_has_focus(m, BESIDE_CARD);
    if (c && !c->archived && !shows)
        card_open(m, card, out);
}

static void go_along(struct model *m, const struct leader *l, struct effects *out)
{
    struct room_view *v = model_view(m, str_of(l->room->name));
    if (v != m->here) {
        model_show(m, v, out);
        m->people.following.cursor = 0;
    }
    go_to_card(m, l->shows);
    if (l->shows->note)
        go_to_note(m, l->shows, out);
    else if (l->shows->task)
        go_to_opened(m, l->shows->task, out);
    else if (m->focus == FOCUS_BESIDE || m->focus == FOCUS_ROOMS)
        m->focus = FOCUS_BOARD;
}

/* Without a link nobody is known to be here; that is not to have left. */
static bool is_lost(struct model *m, const struct leader *l)
{
    struct following *f = &m->people.following;
    if (l->is_here || m->session.state != SESSION_ONLINE) {
        f->lost_at = 0;
        return false;
    }
    f->lost_at = f->lost_at ? f->lost_at : m->now;
    return m->now - f->lost_at >= FOLLOW_LOST_MS;
}

void follow_settle(struct model *m, struct effects *out)
{
    struct following *f = &m->people.following;
    if (!f->user[0] || !m->here)
        return;
    struct leader l = find_leader(m, f->user);
    if (is_lost(m, &l)) {
        model_toast(m, TOAST_INFO, "%s is gone: you follow nobody any more.", f->user);
        follow_end(m);
    } else if (l.shows && goes_round(m, l.shows->follows)) {
        model_toast(m, TOAST_ERROR, "%s follows you: one of the two has to lead.", f->user);
        follow_end(m);
    } else if (l.shows) {
        go_along(m, &l, out);
    }
}

int64_t follow_next_tick(const struct model *m)
{
    const struct following *f = &m->people.following;
    return f->user[0] && f->lost_at ? f->lost_at + FOLLOW_LOST_MS : INT64_MAX;
}
