#include "presence.h"

#include "caller.h"
#include "codec.h"
#include "lock.h"
#include "resume.h"
#include "room.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* Framed messages in the making. */
struct batch {
    struct buf bytes;
    uint32_t n;
};

static void batch_add(struct hub *h, struct batch *b, const struct msg *m)
{
    buf_clear(&h->scratch);
    codec_encode(&h->scratch, m);
    frame_add(&b->bytes, buf_str(&h->scratch));
    b->n++;
}

static struct state_head head_of(const struct room *r, const struct user *u, int64_t session)
{
    return (struct state_head){str_of(r->name), str_of(u->name), session};
}

static void add_presence(struct hub *h, struct batch *b, const struct room *r,
                         const struct person *p, bool online)
{
    struct msg m = {.type = MSG_PRESENCE};
    m.presence = (struct msg_presence){head_of(r, p->user, p->session), online};
    batch_add(h, b, &m);
}

static void add_typing(struct hub *h, struct batch *b, const struct sub *s, bool on)
{
    struct msg m = {.type = MSG_TYPING};
    m.typing = (struct msg_typing){head_of(s->room, s->conn->user, s->conn->session), on};
    batch_add(h, b, &m);
}

static void add_cursor(struct hub *h, struct batch *b, const struct sub *s, int64_t task)
{
    struct msg m = {.type = MSG_CURSOR};
    m.cursor = (struct msg_cursor){head_of(s->room, s->conn->user, s->conn->session), task};
    batch_add(h, b, &m);
}

static void add_caret(struct hub *h, struct batch *b, const struct sub *s,
                      const struct caret *k)
{
    struct msg m = {.type = MSG_NOTE_CARET};
    m.note_caret = (struct msg_note_caret){head_of(s->room, s->conn->user, s->conn->session),
                                           k->note, k->version, k->head, k->anchor};
    batch_add(h, b, &m);
}

/* The caret that was told, as it is by now: whoever comes later lacks the edits since. */
static void add_caret_now(struct hub *h, struct batch *b, struct sub *s)
{
    const struct text *t = text_find(s->room, s->caret_told.note);
    if (t)
        text_move_caret(t, s->conn->session, &s->caret_told);
    add_caret(h, b, s, &s->caret_told);
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

static void wake_at(struct hub *h, int64_t at)
{
    if (h->states_at == 0 || at < h->states_at)
        h->states_at = at;
}

static void mark_room(struct hub *h, struct room *r)
{
    if (!r->has_states)
        vec_push(&h->states, r);
    r->has_states = true;
    wake_at(h, h->now + STATE_TICK_MS);
}

static void mark_person(struct hub *h, struct room *r, struct person *p)
{
    if (!p->dirty)
        vec_push(&r->dirty_people, p);
    p->dirty = true;
    mark_room(h, r);
}

static void mark_sub(struct hub *h, struct sub *s, enum state_kind kind)
{
    if (!s->pending)
        vec_push(&s->room->dirty_subs, s);
    s->pending |= kind;
    mark_room(h, s->room);
}

static void unmark_sub(struct sub *s)
{
    struct room *r = s->room;
    for (size_t i = 0; s->pending && i < r->dirty_subs.n; i++) {
        if (r->dirty_subs.v[i] == s) {
            r->dirty_subs.v[i] = r->dirty_subs.v[--r->dirty_subs.n];
            break;
        }
    }
    s->pending = 0;
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

/* What this connection showed ends with it. */
static void part(struct hub *h, struct sub *s)
{
    struct room *r = s->room;
    struct batch b = {r->parting, r->n_parting};
    if (s->typing_told)
        add_typing(h, &b, s, false);
    if (s->cursor_told)
        add_cursor(h, &b, s, 0);
    if (s->caret_told.note)
        add_caret(h, &b, s, &(struct caret){0});
    if (b.n != r->n_parting)
        mark_room(h, r);
    r->parting = b.bytes;
    r->n_parting = b.n;
}

void presence_leave(struct hub *h, struct sub *s)
{
    struct person *p = s->person;
    unmark_sub(s);
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

static void send_to(struct hub *h, struct caller *c, struct batch *b)
{
    if (b->n)
        caller_send_frame(h, c, frame_of(buf_str(&b->bytes), b->n), false);
    buf_finish(&b->bytes);
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
    vec_each (other, &r->live) {
        if ((*other)->typing_told)
            add_typing(h, &b, *other, true);
        if ((*other)->cursor_told)
            add_cursor(h, &b, *other, (*other)->cursor_told);
        if ((*other)->caret_told.note)
            add_caret_now(h, &b, *other);
    }
    locks_each(r, add_lock, &(struct lock_out){h, &b});
    send_to(h, s->conn, &b);
}

void presence_carets(struct hub *h, struct caller *c, struct room *r, int64_t text)
{
    struct batch b = {0};
    const struct sub *own = sub_find(c, r);
    if (!own || !own->live)
        return;
    vec_each (other, &r->live) {
        if (*other != own && (*other)->caret_told.note == text)
            add_caret_now(h, &b, *other);
    }
    send_to(h, c, &b);
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

/* ---- typing, cursors, carets ---- */

void presence_typing(struct hub *h, struct sub *s, bool on)
{
    s->typing = on;
    if (on || s->typing_told)
        mark_sub(h, s, STATE_TYPING);
    else if (s->pending == STATE_TYPING)
        unmark_sub(s); /* never told that it began */
    else
        s->pending &= ~(unsigned)STATE_TYPING;
}

void presence_cursor(struct hub *h, struct sub *s, int64_t task)
{
    if (task == s->cursor)
        return;
    s->cursor = task;
    mark_sub(h, s, STATE_CURSOR);
}

void presence_caret(struct hub *h, struct sub *s, struct caret k)
{
    const struct caret *was = &s->caret;
    if (k.note == was->note && k.version == was->version && k.head == was->head &&
        k.anchor == was->anchor)
        return;
    s->caret = k;
    mark_sub(h, s, STATE_CARET);
}

void presence_locks(struct hub *h, struct room *r)
{
    mark_room(h, r);
}

/* ---- telling ---- */

/* What must arrive, and what the newest of will do. */
struct tidings {
    struct batch firm, passing;
};

static void tell_people(struct hub *h, struct room *r, struct tidings *t)
{
    bool left = false;
    vec_each (p, &r->dirty_people) {
        bool here = (*p)->sessions > 0;
        (*p)->dirty = false;
        left |= !here;
        if (here == (*p)->told)
            continue;
        (*p)->told = here;
        who_changed(r);
        add_presence(h, &t->firm, r, *p, here);
    }
    r->dirty_people.n = 0;
    if (left && r->catching.n == 0)
        presence_tidy(r);
}

/* May be a little early, so that one who moves just as often as allowed is not put off by
 * jitter; the next is then due that much later. (The generic cell rate algorithm.) */
static bool is_due(struct hub *h, int64_t due)
{
    if (h->now >= due - STATE_EARLY_MS)
        return true;
    wake_at(h, due - STATE_EARLY_MS);
    return false;
}

static int64_t due_after(const struct hub *h, int64_t due)
{
    return MAX(due, h->now) + STATE_EVERY_MS;
}

static void tell_typing(struct hub *h, struct sub *s, struct tidings *t)
{
    if (s->typing && !is_due(h, s->typing_due))
        return;
    s->pending &= ~(unsigned)STATE_TYPING;
    s->typing_told = s->typing;
    s->typing_due = due_after(h, s->typing_due);
    add_typing(h, s->typing ? &t->passing : &t->firm, s, s->typing);
}

static void tell_cursor(struct hub *h, struct sub *s, struct tidings *t)
{
    if (!is_due(h, s->cursor_due))
        return;
    s->pending &= ~(unsigned)STATE_CURSOR;
    s->cursor_told = s->cursor;
    s->cursor_due = due_after(h, s->cursor_due);
    add_cursor(h, &t->passing, s, s->cursor);
}

static void tell_caret(struct hub *h, struct sub *s, struct tidings *t)
{
    if (!is_due(h, s->caret_due))
        return;
    s->pending &= ~(unsigned)STATE_CARET;
    s->caret_told = s->caret;
    s->caret_due = due_after(h, s->caret_due);
    add_caret(h, &t->passing, s, &s->caret);
}

static void tell_subs(struct hub *h, struct room *r, struct tidings *t)
{
    size_t n = 0;
    vec_each (s, &r->dirty_subs) {
        if ((*s)->pending & STATE_TYPING)
            tell_typing(h, *s, t);
        if ((*s)->pending & STATE_CURSOR)
            tell_cursor(h, *s, t);
        if ((*s)->pending & STATE_CARET)
            tell_caret(h, *s, t);
        if ((*s)->pending)
            r->dirty_subs.v[n++] = *s;
    }
    r->dirty_subs.n = n;
}

static void send_batch(struct hub *h, const struct room *r, struct batch *b, bool passing)
{
    if (b->n)
        room_fan(h, r, frame_of(buf_str(&b->bytes), b->n), passing);
    h->counts.states += b->n;
    buf_finish(&b->bytes);
}

/* Thinned together: a lock that changes hands very often is told as it is then. */
static void tell_locks(struct hub *h, struct room *r, struct tidings *t)
{
    if (!r->locks_dirty || !is_due(h, r->locks_due))
        return;
    r->locks_due = due_after(h, r->locks_due);
    locks_changed(r, add_lock, &(struct lock_out){h, &t->firm});
}

static void tell_room(struct hub *h, struct room *r)
{
    struct tidings t = {.firm = {r->parting, r->n_parting}};
    r->parting = (struct buf){0};
    r->n_parting = 0;
    tell_people(h, r, &t);
    tell_subs(h, r, &t);
    tell_locks(h, r, &t);
    send_batch(h, r, &t.firm, false);
    send_batch(h, r, &t.passing, true);
}

void presence_tick(struct hub *h)
{
    if (h->states_at == 0 || h->now < h->states_at)
        return;
    h->states_at = 0;
    size_t n = 0;
    vec_each (r, &h->states) {
        tell_room(h, *r);
        if ((*r)->dirty_subs.n || (*r)->locks_dirty)
            h->states.v[n++] = *r;
        else
            (*r)->has_states = false;
    }
    h->states.n = n;
}
