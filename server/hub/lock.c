#include "lock.h"

#include "presence.h"
#include "room.h"

#include <stdlib.h>
#include <string.h>

static struct lock *lock_find(const struct room *r, int64_t task, struct str field)
{
    vec_each (l, &r->locks)
        if ((*l)->task == task && str_is(field, (*l)->field))
            return *l;
    return NULL;
}

static struct lock *lock_make(struct room *r, int64_t task, struct str field)
{
    struct lock *l = lock_find(r, task, field);
    if (l)
        return l;
    l = NEW(struct lock);
    l->task = task;
    memcpy(l->field, field.p, MIN(field.n, (size_t)FIELD_NAME_MAX));
    vec_push(&r->locks, l);
    return l;
}

static void lock_free(struct lock *l)
{
    if (l->client)
        l->client->locks--;
    if (l->user)
        l->user->memberships--;
    free(l);
}

static void give_to(struct lock *l, struct client *c)
{
    if (l->client)
        l->client->locks--;
    l->client = c;
    if (!c)
        return;
    c->locks++;
    if (l->user)
        l->user->memberships--;
    l->user = c->key.user;
    l->user->memberships++;
}

static void changed(struct hub *h, struct room *r, struct lock *l)
{
    l->dirty = r->locks_dirty = true;
    presence_locks(h, r);
}

static void end(struct hub *h, struct room *r, struct lock *l)
{
    give_to(l, NULL);
    l->until = 0;
    l->lost = false;
    changed(h, r, l);
}

static void look_again(struct hub *h)
{
    if (h->locks_at == 0)
        h->locks_at = h->now + LOCK_LOOK_MS;
}

static void hold(struct hub *h, struct sub *s, struct lock *l)
{
    l->session = s->conn->session;
    l->until = h->now + LOCK_IDLE_MS;
    l->lost = false;
    look_again(h);
    changed(h, s->room, l);
}

bool lock_take(struct hub *h, struct sub *s, int64_t task, struct str field, bool take,
               struct err *e)
{
    struct client *c = s->conn->client;
    struct lock *l = lock_find(s->room, task, field);
    bool is_own = l && l->client == c;
    if (l && l->client && !is_own && !take)
        return fail(e, ERR_CONFLICT, "%s edits the %.*s of card %lld; take it over with take",
                    l->user->name, STR_ARG(field), (long long)task);
    if (!is_own && c->locks >= LOCKS_MAX)
        return fail(e, ERR_LIMIT, "a connection holds at most %d locks", LOCKS_MAX);
    l = lock_make(s->room, task, field);
    if (!is_own)
        give_to(l, c);
    hold(h, s, l);
    return true;
}

bool lock_release(struct hub *h, struct sub *s, int64_t task, struct str field, struct err *e)
{
    struct lock *l = lock_find(s->room, task, field);
    if (!l || !l->client)
        return fail(e, ERR_NOT_FOUND, "nobody has a lock on the %.*s of card %lld",
                    STR_ARG(field), (long long)task);
    if (l->client != s->conn->client)
        return fail(e, ERR_FORBIDDEN, "%s has the lock on the %.*s of card %lld", l->user->name,
                    STR_ARG(field), (long long)task);
    end(h, s->room, l);
    return true;
}

void locks_lost(struct hub *h, struct caller *c)
{
    if (!c->client || c->client->locks == 0)
        return;
    vec_each (s, &c->subs)
        vec_each (l, &(*s)->room->locks) {
            if ((*l)->client != c->client)
                continue;
            (*l)->lost = true;
            (*l)->until = MIN((*l)->until, h->now + LOCK_GRACE_MS);
        }
}

void locks_back(struct hub *h, struct sub *s)
{
    vec_each (l, &s->room->locks)
        if ((*l)->client == s->conn->client && (*l)->lost)
            hold(h, s, *l);
}

void locks_leave(struct hub *h, struct sub *s)
{
    vec_each (l, &s->room->locks)
        if ((*l)->client && (*l)->client == s->conn->client && !(*l)->lost)
            end(h, s->room, *l);
}

void locks_finish(struct room *r)
{
    vec_each (l, &r->locks)
        lock_free(*l);
    vec_finish(&r->locks);
}

void locks_each(struct room *r,
                void (*each)(void *arg, const struct room *r, const struct lock *l), void *arg)
{
    vec_each (l, &r->locks) {
        if (!(*l)->client)
            continue;
        (*l)->told = true;
        each(arg, r, *l);
    }
}

/* One that ended before anybody heard of it leaves nothing behind. */
void locks_changed(struct room *r,
                   void (*each)(void *arg, const struct room *r, const struct lock *l),
                   void *arg)
{
    size_t n = 0;
    r->locks_dirty = false;
    vec_each (l, &r->locks) {
        bool held = (*l)->client != NULL;
        if ((*l)->dirty && (held || (*l)->told))
            each(arg, r, *l);
        (*l)->dirty = false;
        (*l)->told = true;
        if (held)
            r->locks.v[n++] = *l;
        else
            lock_free(*l);
    }
    r->locks.n = n;
}

static bool end_due(struct hub *h, struct room *r)
{
    bool any = false;
    vec_each (l, &r->locks) {
        if ((*l)->client && h->now >= (*l)->until)
            end(h, r, *l);
        any |= (*l)->client != NULL;
    }
    return any;
}

void locks_tick(struct hub *h)
{
    bool any = false;
    if (h->locks_at == 0 || h->now < h->locks_at)
        return;
    h->locks_at = 0;
    for (struct room *r = h->rooms; r; r = r->hh.next)
        any |= end_due(h, r);
    if (any)
        look_again(h);
}

bool locks_check(const struct room *r, struct err *e)
{
    vec_each (l, &r->locks) {
        if (!(*l)->client && !(*l)->dirty)
            return fail(e, ERR_INTERNAL, "%s: a lock that ended is kept", r->name);
        if ((*l)->client && !(*l)->lost && !(*l)->client->conn)
            return fail(e, ERR_INTERNAL, "%s: a lock of nobody", r->name);
    }
    return true;
}
