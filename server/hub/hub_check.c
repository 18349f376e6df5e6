/* Internal consistency, for tests. */
#include "hub_state.h"

#include "lock.h"
#include "note.h"
#include "presence.h"
#include "room.h"
#include "said.h"
#include "standing.h"
#include "text.h"

static bool check_sub(const struct sub *s, const struct caller *c, struct err *e)
{
    const struct room *r = s->room;
    bool listed = s->live ? s->at < r->live.n && r->live.v[s->at] == s
                          : s->at < r->catching.n && r->catching.v[s->at] == s;
    if (s->conn != c || !listed)
        return fail(e, ERR_INTERNAL, "%s: a subscription of %s is not listed", r->name,
                    c->user->name);
    if (s->live && r->slots.v[s->at] != c->slot)
        return fail(e, ERR_INTERNAL, "%s: wrong slot for %s", r->name, c->user->name);
    if (s->person->user != c->user)
        return fail(e, ERR_INTERNAL, "%s: %s counts as another", r->name, c->user->name);
    if (room_power(r, c, false) == ROLE_NONE)
        return fail(e, ERR_INTERNAL, "%s: %s listens without a right to", r->name,
                    c->user->name);
    return true;
}

static bool check_caller(const struct caller *c, struct err *e)
{
    size_t catching = 0;
    const struct sub *s;
    if (c->state == CALLER_CLOSING)
        return (c->subs.n == 0 && !c->client && !c->user) ||
               fail(e, ERR_INTERNAL, "a connection that was closed still listens");
    if ((c->state == CALLER_READY) != (c->client != NULL) ||
        (c->client && c->client->conn != c))
        return fail(e, ERR_INTERNAL, "connection %u and its client disagree", c->slot);
    for (size_t i = 0; i < c->subs.n; i++) {
        if (!check_sub(c->subs.v[i], c, e))
            return false;
        catching += !c->subs.v[i]->live;
    }
    DL_FOREACH(c->catching, s)
    catching--;
    return catching == 0 ||
           fail(e, ERR_INTERNAL, "connection %u loses count of what it opens", c->slot);
}

static bool check_people(const struct room *r, struct err *e)
{
    size_t sessions = 0;
    vec_each (p, &r->people) {
        sessions += (size_t)(*p)->sessions;
        if ((*p)->sessions < 0 || (!(*p)->dirty && (*p)->told != ((*p)->sessions > 0)))
            return fail(e, ERR_INTERNAL, "%s: %s is shown wrongly", r->name, (*p)->user->name);
        if ((*p)->told && !(*p)->dirty && (*p)->standing != (*p)->user->standings)
            return fail(e, ERR_INTERNAL, "%s: %s was something else when it was told", r->name,
                        (*p)->user->name);
    }
    return sessions == r->live.n + r->catching.n ||
           fail(e, ERR_INTERNAL, "%s: %zu sessions, %zu listeners", r->name, sessions,
                r->live.n + r->catching.n);
}

static bool check_members(const struct room *r, struct err *e)
{
    size_t owners = 0;
    vec_each (m, &r->members) {
        bool is_listed = false;
        owners += m->ahead == ROLE_OWNER;
        for (size_t i = 0; i < m->user->rooms.n; i++)
            is_listed |= m->user->rooms.v[i] == r;
        if (is_listed != (m->told != ROLE_NONE))
            return fail(e, ERR_INTERNAL, "%s and %s disagree on membership", r->name,
                        m->user->name);
        if (!r->flights && m->told != m->ahead)
            return fail(e, ERR_INTERNAL, "%s: the role of %s is ahead of nothing", r->name,
                        m->user->name);
    }
    return owners == r->owners ||
           fail(e, ERR_INTERNAL, "%s: %zu owners, %zu counted", r->name, owners, r->owners);
}

static bool check_room(const struct room *r, struct err *e)
{
    size_t flights = 0;
    const struct ask *a;
    DL_FOREACH(r->flights, a)
    flights++;
    if (flights != r->n_flights || r->head != r->stored + (int64_t)flights)
        return fail(e, ERR_INTERNAL, "%s: head %lld, stored %lld, %zu under way", r->name,
                    (long long)r->head, (long long)r->stored, flights);
    if (r->live.n != r->slots.n)
        return fail(e, ERR_INTERNAL, "%s: %zu live, %zu slots", r->name, r->live.n, r->slots.n);
    vec_each (s, &r->catching) {
        if ((*s)->sent > r->stored)
            return fail(e, ERR_INTERNAL, "%s: somebody is ahead of the disk", r->name);
    }
    return board_check(&r->board, e) && check_people(r, e) && check_members(r, e) &&
           locks_check(r, e) && notes_check(r, e) && texts_check(r, e) && said_check(r, e);
}

bool hub_check(const struct hub *h, struct err *e)
{
    for (size_t i = 0; i < h->conns.n; i++) {
        if (h->conns.v[i] && !check_caller(h->conns.v[i], e))
            return false;
    }
    for (const struct room *r = h->rooms; r; r = r->hh.next) {
        if (!check_room(r, e))
            return false;
    }
    for (const struct user *u = h->users; u; u = u->hh.next) {
        if (!standing_check(u, e))
            return false;
    }
    for (const struct client *c = h->clients; c; c = c->hh.next) {
        bool waits = c->lookup || c->blocked;
        if (waits != (c->queue.items.n > 0))
            return fail(e, ERR_INTERNAL, "client %s %s", c->key.id,
                        waits ? "waits for nothing" : "does not go on");
    }
    return true;
}
