#include "sim_board.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS_MAX = 20, AT_ONCE_MAX = 8 };

static void step_free(struct sim_step *s)
{
    vec_finish(&s->back);
    vec_finish(&s->made);
    arena_finish(&s->arena);
    free(s);
}

static struct sim_undo *undo_of(struct actor *c, const struct replica *r)
{
    int i = actor_room(str_of(r->name));
    return i < 0 ? NULL : &c->undo[i];
}

void board_forget(struct actor *c)
{
    for (int i = 0; i < SIM_ROOMS; i++) {
        vec_each (s, &c->undo[i].undo)
            step_free(*s);
        vec_each (s, &c->undo[i].redo)
            step_free(*s);
        vec_finish(&c->undo[i].undo);
        vec_finish(&c->undo[i].redo);
    }
}

/* ---- at one stroke ---- */

static void request(struct actor *c, struct replica *r, struct msg *m, struct sim_step *s)
{
    struct requests back = {0};
    m->request.room = str_of(r->name);
    int64_t id = session_request(&c->session, m, sim_now(c->sim), &c->out, NULL);
    size_t n = id ? replica_inverses(r, id, &back, &s->arena) : 0;
    /* The last request is taken back first. */
    for (size_t i = n; i-- > 0;) {
        vec_push(&s->back, (struct msg){0});
        vec_push(&s->made, id);
        memmove(s->back.v + 1, s->back.v, (s->back.n - 1) * sizeof *s->back.v);
        memmove(s->made.v + 1, s->made.v, (s->made.n - 1) * sizeof *s->made.v);
        s->back.v[0] = back.v[i];
        s->made.v[0] = id;
    }
    vec_finish(&back);
}

static struct sim_step *begin(struct actor *c)
{
    session_hold(&c->session);
    return NEW(struct sim_step);
}

static void end(struct actor *c, struct replica *r, struct sim_step *s, bool redo)
{
    struct sim_undo *u = undo_of(c, r);
    session_release(&c->session, sim_now(c->sim), &c->out);
    if (!u || s->back.n == 0) {
        step_free(s);
        return;
    }
    if (redo)
        vec_push(&u->redo, s);
    else
        vec_push(&u->undo, s);
    if (u->undo.n > STEPS_MAX) {
        step_free(u->undo.v[0]);
        vec_remove(&u->undo, 0);
    }
}

void board_ask(struct actor *c, struct replica *r, struct msg *m)
{
    struct sim_step *s = begin(c);
    request(c, r, m, s);
    end(c, r, s, false);
}

static const struct card *some_card(struct actor *c, const struct replica *r)
{
    size_t n = r->board.columns.n;
    for (size_t i = 0; i < n; i++) {
        const struct column *col = &r->board.columns.v[sim_below(c->sim, (int64_t)n)];
        if (col->cards.n)
            return col->cards.v[sim_below(c->sim, (int64_t)col->cards.n)];
    }
    return NULL;
}

static struct msg bulk_request(struct actor *c, const struct replica *r, int64_t dice,
                               struct change_item *label)
{
    struct msg m = {.type = MSG_TASK_ARCHIVE};
    if (dice == 0) {
        m.type = MSG_TASK_MOVE;
        m.task_move.column =
            str_of(r->board.columns.v[sim_below(c->sim, (int64_t)r->board.columns.n)].name);
        m.task_move.after = sim_chance(c->sim, 50) ? AFTER_END : 0;
        m.task_move.seen = r->seq;
    } else if (dice == 1) {
        m.type = MSG_TASK_EDIT;
        m.task_edit.seen = r->seq;
        m.task_edit.changes.v = label;
        m.task_edit.changes.n = 1;
    }
    return m;
}

/* The same for several cards, each named once or more. */
static void bulk(struct actor *c, struct replica *r)
{
    struct change_item label = {.field = STR("label"), .value = STR("many")};
    struct msg m = bulk_request(c, r, sim_below(c->sim, 3), &label);
    struct sim_step *s = begin(c);
    int64_t n = 2 + sim_below(c->sim, AT_ONCE_MAX - 1);
    m.request.batch = c->session.next_id;
    for (int64_t i = 0; i < n; i++) {
        const struct card *card = some_card(c, r);
        struct msg one = m;
        if (!card)
            break;
        one.task_archive.task = card->number;
        request(c, r, &one, s);
    }
    end(c, r, s, false);
}

static void take_back(struct actor *c, struct replica *r, bool redo)
{
    struct sim_undo *u = undo_of(c, r);
    size_t n = !u ? 0 : redo ? u->redo.n : u->undo.n;
    if (n == 0)
        return;
    struct sim_step *from = redo ? u->redo.v[--u->redo.n] : u->undo.v[--u->undo.n];
    struct sim_step *s = begin(c);
    int64_t batch = from->back.n > 1 ? c->session.next_id : 0;
    for (size_t i = 0; i < from->back.n; i++) {
        struct msg m = from->back.v[i];
        m.request.batch = batch;
        m.request.undoes = -from->made.v[i];
        if (m.type == MSG_TASK_EDIT)
            m.task_edit.seen = r->seq;
        request(c, r, &m, s);
    }
    end(c, r, s, !redo);
    step_free(from);
}

/* ---- ever narrower ---- */

/* Three cards of a column, each put between the other two in turns. */
static void narrow(struct actor *c, struct replica *r)
{
    const struct card *first = some_card(c, r);
    const struct column *col = first ? &r->board.columns.v[first->column] : NULL;
    if (!col || col->cards.n < 3)
        return;
    int64_t order[3];
    struct str name = str_of(col->name);
    for (size_t i = 0; i < 3; i++)
        order[i] = col->cards.v[i]->number;
    bool low = sim_chance(c->sim, 50);
    for (int64_t i = 4 + sim_below(c->sim, 90); i > 0; i--, low = !low) {
        int64_t card = low ? order[0] : order[2], after = low ? order[1] : order[0];
        struct msg m = {.type = MSG_TASK_MOVE,
                        .task_move = {.task = card, .column = name, .after = after}};
        board_ask(c, r, &m);
        order[low ? 0 : 2] = order[1];
        order[1] = card;
    }
}

/* ---- locks ---- */

static void some_lock(struct actor *c, const struct replica *r)
{
    static const char *const fields[] = {"title", "priority", "due"};
    const struct card *card = some_card(c, r);
    struct msg m = {.type = sim_chance(c->sim, 70) ? MSG_LOCK : MSG_UNLOCK};
    if (!card || card->number < 0)
        return;
    m.request.room = str_of(r->name);
    m.lock.task = card->number; /* they begin alike */
    m.lock.field = str_of(fields[sim_below(c->sim, COUNT_OF(fields))]);
    if (m.type == MSG_LOCK)
        m.lock.take = sim_chance(c->sim, 30);
    session_ask(&c->session, &m, &c->out, NULL);
}

static bool knows(const struct replica *r, const struct held_lock *l)
{
    vec_each (other, &r->locks)
        if (other->card == l->card && strcmp(other->field, l->field) == 0 &&
            strcmp(other->client, l->client) == 0)
            return true;
    return false;
}

static void compare(struct actor *a, const struct actor *b, const struct replica *ra,
                    const struct replica *rb)
{
    vec_each (l, &ra->locks)
        if (!knows(rb, l))
            sim_fail(a->sim,
                     "client %zu knows that %s holds %s of card %lld of %s, client %zu not",
                     a->index, l->client, l->field, (long long)l->card, ra->name, b->index);
}

void locks_compare(struct actor *a, const struct actor *b, const struct replica *ra,
                   const struct replica *rb)
{
    compare(a, b, ra, rb);
    compare((struct actor *)(uintptr_t)b, a, rb, ra);
}

void board_play(struct actor *c, struct replica *r)
{
    int64_t dice = sim_below(c->sim, 100);
    if (r->board.columns.n == 0)
        return;
    if (dice < 30)
        take_back(c, r, false);
    else if (dice < 45)
        take_back(c, r, true);
    else if (dice < 65)
        bulk(c, r);
    else if (dice < 75)
        narrow(c, r);
    else
        some_lock(c, r);
}
