/* What people show of themselves in passing: by connection, since each ends with its own. */
#include "replica_parts.h"

#include <string.h>

static int order(const struct showing *a, struct str user, int64_t session)
{
    int by_name = str_cmp(str_of(a->user), user);
    return by_name ? by_name : (a->session > session) - (a->session < session);
}

static size_t place_of(const struct replica *r, struct str user, int64_t session)
{
    size_t low = 0, high = r->showing.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (order(&r->showing.v[mid], user, session) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* NULL when there are too many. */
static struct showing *showing_of(struct replica *r, const struct state_head *h)
{
    size_t at = place_of(r, h->user, h->session);
    if (at < r->showing.n && order(&r->showing.v[at], h->user, h->session) == 0)
        return &r->showing.v[at];
    if (r->showing.n >= SHOWING_MAX)
        return NULL;
    struct showing s = {.session = h->session};
    memcpy(s.user, h->user.p, MIN(h->user.n, (size_t)USER_NAME_MAX));
    vec_push(&r->showing, s);
    memmove(&r->showing.v[at + 1], &r->showing.v[at], (r->showing.n - 1 - at) * sizeof s);
    r->showing.v[at] = s;
    return &r->showing.v[at];
}

static void copy_name(char *to, size_t size, struct str name)
{
    memset(to, 0, size);
    memcpy(to, name.n ? name.p : "", MIN(name.n, size - 1));
}

/* ---- the kinds ---- */

static void take_typing(struct showing *s, const struct msg_typing *m, int64_t now)
{
    s->typing_until = m->on ? now + TYPING_SHOWN_MS : 0;
    s->typing_task = m->on ? m->task : 0;
    s->typing_note = m->on ? m->note : 0;
}

static void take_looking(struct showing *s, const struct msg_looking *m)
{
    s->shown = m->shown;
    s->task = m->task;
    s->note = m->note;
    copy_name(s->follows, sizeof s->follows, m->follows);
}

static void take_pointer(struct showing *s, const struct msg_pointer *m, int64_t now)
{
    struct pointing *p = &s->pointing;
    *p = (struct pointing){.at = m->at};
    if (m->at == POINTED_OFF)
        return;
    p->task = m->task;
    p->message = m->message;
    p->note = m->note;
    p->version = m->version;
    p->place = m->place;
    p->x = (int)m->x;
    p->y = (int)m->y;
    p->until = now + POINTER_SHOWN_MS;
    copy_name(p->column, sizeof p->column, m->column);
}

static bool is_nothing(const struct showing *s)
{
    return !s->cursor && !s->text && !s->typing_until && !s->shown && !s->task && !s->note &&
           !s->follows[0] && s->pointing.at == POINTED_OFF;
}

static void take(struct showing *s, const struct msg *m, int64_t now)
{
    if (m->type == MSG_TYPING)
        take_typing(s, &m->typing, now);
    else if (m->type == MSG_CURSOR)
        s->cursor = m->cursor.task;
    else if (m->type == MSG_NOTE_CARET)
        s->text = m->note_caret.note;
    else if (m->type == MSG_LOOKING)
        take_looking(s, &m->looking);
    else
        take_pointer(s, &m->pointer, now);
}

static bool is_shown_state(enum msg_type t)
{
    return t == MSG_TYPING || t == MSG_CURSOR || t == MSG_NOTE_CARET || t == MSG_LOOKING ||
           t == MSG_POINTER;
}

/* Of whoever is not here nothing is shown: such a state is no use, and would never end. */
bool replica_take_state(struct replica *r, const struct msg *m, int64_t now)
{
    if (!is_shown_state(m->type))
        return false;
    const struct person *p = replica_person(r, m->state.user);
    struct showing *s = p && p->online ? showing_of(r, &m->state) : NULL;
    if (!s)
        return true;
    take(s, m, now);
    s->heard_at = now;
    if (is_nothing(s))
        vec_remove(&r->showing, (size_t)(s - r->showing.v));
    return true;
}

void replica_hide(struct replica *r, struct str user)
{
    size_t n = 0;
    vec_each (s, &r->showing)
        if (user.n && !str_is(user, s->user))
            r->showing.v[n++] = *s;
    r->showing.n = n;
}

void replica_hide_gone(struct replica *r)
{
    size_t n = 0;
    vec_each (s, &r->showing) {
        const struct person *p = replica_person(r, str_of(s->user));
        if (p && p->online)
            r->showing.v[n++] = *s;
    }
    r->showing.n = n;
}

const struct showing *replica_showing(const struct replica *r, struct str user)
{
    const struct showing *newest = NULL;
    for (size_t i = place_of(r, user, 0); i < r->showing.n; i++) {
        const struct showing *s = &r->showing.v[i];
        if (!str_is(user, s->user))
            break;
        if (!newest || s->heard_at >= newest->heard_at)
            newest = s;
    }
    return newest;
}

bool replica_check_showing(const struct replica *r, struct err *e)
{
    for (size_t i = 0; i < r->showing.n; i++) {
        const struct showing *s = &r->showing.v[i];
        const struct person *p = replica_person(r, str_of(s->user));
        if (!p || !p->online)
            return fail(e, ERR_INTERNAL, "%s: %s is gone and shows something", r->name,
                        s->user);
        if (is_nothing(s))
            return fail(e, ERR_INTERNAL, "%s: %s shows nothing", r->name, s->user);
        if (i && order(&r->showing.v[i - 1], str_of(s->user), s->session) >= 0)
            return fail(e, ERR_INTERNAL, "%s: what %s shows is out of order", r->name, s->user);
    }
    return true;
}
