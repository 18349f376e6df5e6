/* Who is in the room, and who of them is here. */
#include "replica_parts.h"

#include <string.h>

static int order(struct str user, const struct person *p)
{
    return str_cmp(user, str_of(p->user));
}

/* Where the person stands, or would stand. */
static size_t place_of(const struct replica *r, struct str user)
{
    size_t low = 0, high = r->people.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (order(user, &r->people.v[mid]) > 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static struct person *find(const struct replica *r, struct str user)
{
    size_t at = place_of(r, user);
    return at < r->people.n && order(user, &r->people.v[at]) == 0 ? &r->people.v[at] : NULL;
}

const struct person *replica_person(const struct replica *r, struct str user)
{
    return find(r, user);
}

static struct person *find_or_add(struct replica *r, struct str user)
{
    size_t at = place_of(r, user);
    if (at < r->people.n && order(user, &r->people.v[at]) == 0)
        return &r->people.v[at];
    struct person p = {0};
    memcpy(p.user, user.p, MIN(user.n, (size_t)USER_NAME_MAX));
    vec_push(&r->people, p);
    memmove(&r->people.v[at + 1], &r->people.v[at], (r->people.n - 1 - at) * sizeof p);
    r->people.v[at] = p;
    return &r->people.v[at];
}

static void drop_if_nobody(struct replica *r, struct person *p)
{
    if (p->role == ROLE_NONE && !p->online)
        vec_remove(&r->people, p - r->people.v);
}

void replica_set_role(struct replica *r, struct str user, enum role role)
{
    struct person *p = find_or_add(r, user);
    p->role = role;
    if (str_is(user, r->user))
        r->role = role;
    drop_if_nobody(r, p);
}

void replica_take_presence(struct replica *r, const struct msg_presence *m)
{
    struct person *p = find_or_add(r, m->head.user);
    p->online = m->online;
    if (!p->online)
        p->typing_until = p->cursor = p->text = 0;
    drop_if_nobody(r, p);
}

void replica_take_typing(struct replica *r, const struct msg_typing *m, int64_t now)
{
    struct person *p = find(r, m->head.user);
    if (p)
        p->typing_until = m->on ? now + TYPING_SHOWN_MS : 0;
}

void replica_take_cursor(struct replica *r, const struct msg_cursor *m)
{
    struct person *p = find(r, m->head.user);
    if (p)
        p->cursor = m->task;
}

void replica_take_caret(struct replica *r, const struct msg_note_caret *m)
{
    struct person *p = find(r, m->head.user);
    if (p)
        p->text = m->note;
}

void replica_set_members(struct replica *r, const struct member_item *items, size_t n)
{
    r->people.n = 0;
    r->role = ROLE_NONE;
    for (size_t i = 0; i < n; i++) {
        struct person *p = find_or_add(r, items[i].user);
        p->role = items[i].role;
        p->online = items[i].online;
        if (str_is(items[i].user, r->user))
            r->role = p->role;
    }
}

void replica_clear_here(struct replica *r)
{
    r->locks.n = 0;
    for (size_t i = r->people.n; i-- > 0;) {
        struct person *p = &r->people.v[i];
        p->online = false;
        p->typing_until = p->cursor = p->text = 0;
        drop_if_nobody(r, p);
    }
}
