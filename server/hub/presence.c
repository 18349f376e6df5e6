#include "presence.h"

#include "caller.h"
#include "lock.h"
#include "resume.h"
#include "room.h"
#include "state.h"

#include <stdlib.h>
#include <string.h>

static struct state_head head_of(const struct room *r, const struct user *u, int64_t session)
{
    return (struct state_head){str_of(r->name), str_of(u->name), session};
}

static void add_presence(struct hub *h, struct batch *b, const struct room *r,
                         const struct person *p, bool online)
{
    const struct standing *s = &p->user->standing;
    struct msg m = {.type = MSG_PRESENCE};
    m.presence =
        (struct msg_presence){.head = head_of(r, p->user, p->session), .online = online};
    if (online) {
        m.presence.status = s->status;
        m.presence.words = str_of(s->words);
        m.presence.since = s->since;
    }
    batch_add(h, b, &m);
}

/* Where a lock goes that is told. */
struct lock_out {
    struct hub *h;
    struct batch *b;
};

static void add_lock(void *arg, const struct room *r, const struct lock *l)
{
    struct lock_out *out = arg;
    struct msg m = {.type = MSG_LOCKED};
    m.locked = (struct msg_locked){
        head_of(r, l->user, l->session), l->task, str_of(l->field), {0}, l->until};
    if (l->client)
        m.locked.client = str_of(l->client->key.id);
    batch_add(out->h, out->b, &m);
}

/* ---- when ---- */

void presence_wake_at(struct hub *h, int64_t at)
{
    if (h->states_at == 0 || at < h->states_at)
        h->states_at = at;
}

void presence_mark(struct hub *h, struct room *r)
{
    if (!r->has_states)
        vec_push(&h->states, r);
    r->has_states = true;
    presence_wake_at(h, h->now + STATE_TICK_MS);
}

static void mark_person(struct hub *h, struct room *r, struct person *p)
{
    if (!p->dirty)
        vec_push(&r->dirty_people, p);
    p->dirty = true;
    presence_mark(h, r);
}

/* ---- people ---- */

static size_t place_of(const struct room *r, const char *name)
{
    size_t low = 0, high = r->people.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (strcmp(r->people.v[mid]->user->name, name) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static struct person *person_find(const struct room *r, const struct user *u)
{
    size_t at = place_of(r, u->name);
    return at < r->people.n && r->people.v[at]->user == u ? r->people.v[at] : NULL;
}

static struct person *person_make(struct room *r, struct user *u)
{
    struct person *p = person_find(r, u);
    if (p)
        return p;
    p = NEW(struct person);
    p->user = u;
    u->memberships++;
    size_t at = place_of(r, u->name);
    vec_push(&r->people, p);
    memmove(&r->people.v[at + 1], &r->people.v[at],
            (r->people.n - 1 - at) * sizeof(struct person *));
    r->people.v[at] = p;
    return p;
}

static void person_free(struct person *p)
{
    p->user->memberships--;
    free(p);
}

void presence_enter(struct hub *h, struct sub *s)
{
    struct person *p = person_make(s->room, s->conn->user);
    s->person = p;
    if (p->sessions++ > 0)
        return;
    p->session = s->conn->session;
    mark_person(h, s->room, p);
}

void presence_changed(struct hub *h, struct sub *s)
{
    mark_person(h, s->room, s->person);
}

/* What this connection showed ends with it. */
static void part(struct hub *h, struct sub *s)
{
    struct room *r = s->room;
    struct batch b = {r->parting, r->n_parting};
    if (state_end(h, &b, s))
        presence_mark(h, r);
    r->parting = b.bytes;
    r->n_parting = b.n;
}

void presence_leave(struct hub *h, struct sub *s)
{
    struct person *p = s->person;
    state_forget(s);
    part(h, s);
    if (--p->sessions > 0)
        return;
    p->session = s->conn->session;
    mark_person(h, s->room, p);
}

bool presence_is_here(const struct room *r, const struct user *u)
{
    const struct person *p = person_find(r, u);
    return p && p->sessions > 0;
}

/* Encoded once for all who come between two changes. Who has come or gone since the last tick
 * is told to all at the next. */
static struct frame *who_is_here(struct hub *h, struct room *r)
{
    struct batch b = {0};
    if (r->who)
        return frame_hold(r->who);
    vec_each (p, &r->people) {
        if ((*p)->told || (*p)->sessions == 0)
            add_presence(h, &b, r, *p, (*p)->told);
    }
    r->who = frame_of(buf_str(&b.bytes), b.n);
    buf_finish(&b.bytes);
    return frame_hold(r->who);
}

static void who_changed(struct room *r)
{
    frame_drop(r->who);
    r->who = NULL;
}

/* What all others show: also those who are catching up, for they were told of while they did,
 * or before. */
static void add_states(struct hub *h, struct batch *b, const struct room *r,
                       const struct sub *except)
{
    vec_each (other, &r->live)
        if (*other != except)
            state_add_all(h, b, *other);
    vec_each (other, &r->catching)
        if (*other != except)
            state_add_all(h, b, *other);
}

void presence_tell(struct hub *h, struct sub *s)
{
    struct room *r = s->room;
    struct batch b = {0};
    struct frame *who = who_is_here(h, r);
    if (who->messages)
        caller_send_frame(h, s->conn, who, false);
    else
        frame_drop(who);
    add_states(h, &b, r, NULL);
    locks_each(r, add_lock, &(struct lock_out){h, &b});
    batch_send(h, s->conn, &b);
}

void presence_again(struct hub *h, struct caller *c)
{
    vec_each (s, &c->subs) {
        struct batch b = {0};
        if (!(*s)->live)
            continue;
        add_states(h, &b, (*s)->room, *s);
        batch_send(h, c, &b);
    }
}

void presence_carets(struct hub *h, struct caller *c, struct room *r, int64_t text)
{
    struct batch b = {0};
    const struct sub *own = sub_find(c, r);
    if (!own || !own->live)
        return;
    vec_each (other, &r->live)
        if (*other != own && (*other)->told.caret.note == text)
            state_add_caret(h, &b, *other);
    vec_each (other, &r->catching)
        if ((*other)->told.caret.note == text)
            state_add_caret(h, &b, *other);
    batch_send(h, c, &b);
}

void presence_tidy(struct room *r)
{
    size_t n = 0;
    vec_each (p, &r->people) {
        if ((*p)->sessions == 0 && !(*p)->told && !(*p)->dirty)
            person_free(*p);
        else
            r->people.v[n++] = *p;
    }
    if (n != r->people.n)
        who_changed(r);
    r->people.n = n;
}

void presence_finish(struct hub *h, struct room *r)
{
    vec_each (p, &r->people)
        person_free(*p);
    locks_finish(r);
    who_changed(r);
    vec_finish(&r->people);
    vec_finish(&r->dirty_people);
    vec_finish(&r->dirty_subs);
    buf_finish(&r->parting);
    for (size_t i = 0; i < h->states.n; i++) {
        if (h->states.v[i] == r) {
            vec_remove(&h->states, i);
            break;
        }
    }
}

void presence_locks(struct hub *h, struct room *r)
{
    presence_mark(h, r);
}

/* ---- telling ---- */

/* False when it is too early to tell another status. */
static bool tell_person(struct hub *h, struct room *r, struct person *p, struct tidings *t)
{
    bool here = p->sessions > 0, came_or_went = here != p->told;
    bool is_news = came_or_went || (here && p->standing != p->user->standings);
    if (is_news && !came_or_went && !state_is_due(h, p->due))
        return false;
    p->dirty = false;
    if (!is_news)
        return true;
    p->told = here;
    p->standing = p->user->standings;
    p->due = state_due_after(h, p->due);
    who_changed(r);
    add_presence(h, &t->batches[KEPT], r, p, here);
    return true;
}

static void tell_people(struct hub *h, struct room *r, struct tidings *t)
{
    bool left = false;
    size_t n = 0;
    vec_each (p, &r->dirty_people) {
        left |= (*p)->sessions == 0;
        if (!tell_person(h, r, *p, t))
            r->dirty_people.v[n++] = *p;
    }
    r->dirty_people.n = n;
    if (left && r->catching.n == 0)
        presence_tidy(r);
}

static void tell_subs(struct hub *h, struct room *r, struct tidings *t)
{
    size_t n = 0;
    vec_each (s, &r->dirty_subs) {
        state_tell(h, *s, t);
        if ((*s)->pending)
            r->dirty_subs.v[n++] = *s;
    }
    r->dirty_subs.n = n;
}

static void send_batch(struct hub *h, const struct room *r, struct batch *b,
                       enum passing passing)
{
    if (b->n)
        room_fan(h, r, frame_of(buf_str(&b->bytes), b->n), passing);
    h->counts.states += b->n;
    buf_finish(&b->bytes);
}

/* Thinned together: a lock that changes hands very often is told as it is then. */
static void tell_locks(struct hub *h, struct room *r, struct tidings *t)
{
    if (!r->locks_dirty || !state_is_due(h, r->locks_due))
        return;
    r->locks_due = state_due_after(h, r->locks_due);
    locks_changed(r, add_lock, &(struct lock_out){h, &t->batches[KEPT]});
}

static void tell_room(struct hub *h, struct room *r)
{
    struct tidings t = {.batches[KEPT] = {r->parting, r->n_parting}};
    r->parting = (struct buf){0};
    r->n_parting = 0;
    tell_people(h, r, &t);
    tell_subs(h, r, &t);
    tell_locks(h, r, &t);
    for (enum passing p = KEPT; p <= PASSING_FIRST; p++)
        send_batch(h, r, &t.batches[p], p);
}

void presence_tick(struct hub *h)
{
    if (h->states_at == 0 || h->now < h->states_at)
        return;
    h->states_at = 0;
    size_t n = 0;
    vec_each (r, &h->states) {
        tell_room(h, *r);
        if ((*r)->dirty_subs.n || (*r)->dirty_people.n || (*r)->locks_dirty)
            h->states.v[n++] = *r;
        else
            (*r)->has_states = false;
    }
    h->states.n = n;
}
