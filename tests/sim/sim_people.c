/* What people show of themselves: statuses, looks, pointers, typing. Passing, but nothing of it
 * outlives who shows it, and all agree on who is here and how. */
#include "sim_people.h"

#include <string.h>

static const char *const words[] = {"", "lunch", "on a call, back at two"};

/* ---- doing ---- */

void people_begin(struct actor *c)
{
    if (!c->is_errand)
        session_status(&c->session, STATUS_ONLINE, (struct str){0}, sim_now(c->sim), false,
                       sim_now(c->sim), &c->out);
}

static void some_status(struct actor *c)
{
    enum status status = (enum status)sim_below(c->sim, STATUS_COUNT);
    bool everywhere = status != STATUS_IDLE && sim_chance(c->sim, 50);
    bool speaks = status == STATUS_AWAY || status == STATUS_DND;
    struct str said = str_of(speaks ? words[sim_below(c->sim, COUNT_OF(words))] : "");
    int64_t now = sim_now(c->sim);
    session_status(&c->session, status, said, now - sim_below(c->sim, 100000), everywhere, now,
                   &c->out);
}

static void some_pointer(struct actor *c, const struct replica *r, struct msg *m)
{
    struct msg_pointer *p = &m->pointer;
    m->type = MSG_POINTER;
    p->at = (enum pointed)sim_below(c->sim, POINTED_COUNT);
    p->task = p->note = 1 + sim_below(c->sim, 40);
    p->message = sim_below(c->sim, MAX(r->seq, 1) + 2);
    p->column = sim_chance(c->sim, 80) ? STR("Todo") : STR("Nowhere");
    p->place = sim_below(c->sim, 20) - 1;
    p->x = sim_below(c->sim, POINTER_WHOLE + 1);
}

void people_show_something(struct actor *c, const struct replica *r, int64_t card)
{
    struct msg m = {0};
    int64_t dice = sim_below(c->sim, 6);
    if (dice == 0) {
        some_status(c);
        return;
    }
    if (dice == 1) {
        m.type = MSG_TYPING;
        m.typing.on = sim_chance(c->sim, 50);
        m.typing.task = m.typing.on && sim_chance(c->sim, 50) ? card : 0;
    } else if (dice == 2) {
        m.type = MSG_CURSOR;
        m.cursor.task = card;
    } else if (dice == 3) {
        m.type = MSG_LOOKING;
        m.looking.shown = sim_chance(c->sim, 80);
        m.looking.task = sim_chance(c->sim, 30) ? card : 0;
        m.looking.follows = str_of(sim_chance(c->sim, 20) ? sim_users[0] : "");
    } else {
        some_pointer(c, r, &m);
    }
    m.state.room = str_of(r->name);
    session_state(&c->session, &m, &c->out);
}

/* As the screen does: a choice made elsewhere is one's own, but idle is idle. */
void people_heard(struct actor *c, const struct msg_status_set *set)
{
    const struct own_status *own = &c->session.status;
    bool stays_idle = set->status == STATUS_ONLINE && own->status == STATUS_IDLE;
    bool same = own->status == set->status && str_is(set->words, own->words);
    if (!stays_idle && !same)
        session_status(&c->session, set->status, set->words, sim_now(c->sim), false,
                       sim_now(c->sim), &c->out);
}

/* ---- what must hold ---- */

static int rank(const struct own_status *s)
{
    static const int ranks[STATUS_COUNT] = {
        [STATUS_DND] = 0, [STATUS_ONLINE] = 1, [STATUS_IDLE] = 2, [STATUS_AWAY] = 3};
    return ranks[s->status];
}

/* What all sessions of a person say together. */
static enum status truth_of(struct sim *s, const char *user)
{
    const struct own_status *best = NULL;
    for (size_t i = 0; sim_client(s, i); i++) {
        const struct actor *o = sim_client(s, i);
        if (!o->is_alive || o->is_errand || strcmp(o->user, user) != 0)
            continue;
        if (!best || rank(&o->session.status) < rank(best))
            best = &o->session.status;
    }
    return best ? best->status : STATUS_ONLINE;
}

static bool is_alive(struct sim *s, const struct showing *w)
{
    for (size_t i = 0; sim_client(s, i); i++) {
        const struct actor *o = sim_client(s, i);
        if (o->is_alive && o->session.session == w->session && strcmp(o->user, w->user) == 0)
            return true;
    }
    return false;
}

void people_check(struct actor *c, const struct replica *r)
{
    vec_each (p, &r->people) {
        if (!p->online || strcmp(p->user, sim_users[SIM_USERS - 1]) == 0)
            continue;
        enum status want = truth_of(c->sim, p->user);
        if (p->status != want)
            sim_fail(c->sim, "client %zu shows %s of %s as %s, who is %s", c->index, p->user,
                     r->name, status_name(p->status), status_name(want));
    }
    vec_each (w, &r->showing)
        if (!is_alive(c->sim, w))
            sim_fail(c->sim, "client %zu: what session %lld of %s shows in %s is left over",
                     c->index, (long long)w->session, w->user, r->name);
}

static const struct showing *of_session(const struct replica *r, int64_t session)
{
    vec_each (w, &r->showing)
        if (w->session == session)
            return w;
    return NULL;
}

/* A pointer ends by itself, so long after one heard of it; who comes behind that is not told.
 */
static bool is_same_pointing(const struct pointing *a, const struct pointing *b, int64_t now)
{
    bool both_last = a->until > now && b->until > now;
    return !both_last || (a->at == b->at && a->x == b->x);
}

/* Typing ends by itself as well, and is not compared. b NULL: shows nothing. */
static bool is_same(const struct showing *a, const struct showing *b, int64_t now)
{
    static const struct showing nothing;
    b = b ? b : &nothing;
    return a->cursor == b->cursor && a->text == b->text && a->shown == b->shown &&
           a->task == b->task && a->note == b->note && strcmp(a->follows, b->follows) == 0 &&
           is_same_pointing(&a->pointing, &b->pointing, now);
}

static void compare_shown(struct actor *a, const struct actor *b, const struct replica *ra,
                          const struct replica *rb)
{
    vec_each (w, &ra->showing) {
        bool own = w->session == a->session.session || w->session == b->session.session;
        if (!own && !is_same(w, of_session(rb, w->session), sim_now(a->sim)))
            sim_fail(a->sim,
                     "what %s (%lld) shows in %s is not the same to clients %zu and %zu",
                     w->user, (long long)w->session, ra->name, a->index, b->index);
    }
}

/* Statuses of one person that are told to two are the same, words and all. */
void people_compare(struct actor *a, const struct actor *b, const struct replica *ra,
                    const struct replica *rb)
{
    compare_shown(a, b, ra, rb);
    compare_shown(a, b, rb, ra);
    vec_each (p, &ra->people) {
        const struct person *q = replica_person(rb, str_of(p->user));
        if (!q || !p->online || !q->online)
            continue;
        if (p->status != q->status || p->since != q->since || strcmp(p->words, q->words) != 0)
            sim_fail(a->sim, "%s of %s is %s %s to one and %s %s to another", p->user, ra->name,
                     status_name(p->status), p->words, status_name(q->status), q->words);
    }
}
