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
    r->recolor = true;
    memcpy(p.user, user.p, MIN(user.n, (size_t)USER_NAME_MAX));
    vec_push(&r->people, p);
    memmove(&r->people.v[at + 1], &r->people.v[at], (r->people.n - 1 - at) * sizeof p);
    r->people.v[at] = p;
    return &r->people.v[at];
}

static void drop_if_nobody(struct replica *r, struct person *p)
{
    if (p->role == ROLE_NONE && !p->online)
        vec_remove(&r->people, (size_t)(p - r->people.v));
}

void replica_set_role(struct replica *r, struct str user, enum role role, bool bot)
{
    struct person *p = find_or_add(r, user);
    p->bot = bot;
    p->role = role;
    r->recolor = true;
    if (str_is(user, r->user))
        r->role = role;
    drop_if_nobody(r, p);
}

static void copy_words(struct person *p, struct str words)
{
    size_t n = MIN(words.n, sizeof p->words - 1);
    memset(p->words, 0, sizeof p->words);
    memcpy(p->words, n ? words.p : "", n);
}

static void gone(struct person *p)
{
    p->online = false;
    p->status = STATUS_ONLINE;
    p->since = 0;
    copy_words(p, (struct str){0});
}

void replica_take_presence(struct replica *r, const struct msg_presence *m)
{
    struct person *p = find_or_add(r, m->head.user);
    p->online = m->online;
    p->status = m->status;
    p->since = m->since;
    copy_words(p, m->words);
    if (p->online)
        return;
    gone(p);
    replica_hide(r, m->head.user);
    drop_if_nobody(r, p);
}

void replica_set_members(struct replica *r, const struct member_item *items, size_t n)
{
    r->people.n = 0;
    r->recolor = true;
    r->role = ROLE_NONE;
    for (size_t i = 0; i < n; i++) {
        struct person *p = find_or_add(r, items[i].user);
        p->role = items[i].role;
        p->online = items[i].online;
        p->bot = items[i].bot;
        if (str_is(items[i].user, r->user))
            r->role = p->role;
    }
    replica_hide_gone(r);
}

void replica_clear_here(struct replica *r)
{
    r->locks.n = 0;
    replica_hide(r, (struct str){0});
    for (size_t i = r->people.n; i-- > 0;) {
        gone(&r->people.v[i]);
        drop_if_nobody(r, &r->people.v[i]);
    }
}

/* ---- colours ---- */

/* FNV-1a. */
static unsigned color_of_name(struct str user)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < user.n; i++)
        h = (h ^ (unsigned char)user.p[i]) * 16777619u;
    return (h ^ (h >> 15)) % PEOPLE_COLORS;
}

static unsigned take_color(size_t taken[PEOPLE_COLORS], unsigned from)
{
    size_t fewest = taken[from];
    for (size_t i = 0; i < PEOPLE_COLORS; i++)
        fewest = MIN(fewest, taken[i]);
    while (taken[from] != fewest)
        from = (from + 1) % PEOPLE_COLORS;
    taken[from]++;
    return from;
}

void replica_color_people(struct replica *r)
{
    size_t taken[PEOPLE_COLORS] = {0};
    if (!r->recolor)
        return;
    r->recolor = false;
    vec_each (p, &r->people) {
        unsigned own = color_of_name(str_of(p->user));
        p->color = (unsigned char)(p->role == ROLE_NONE ? own : take_color(taken, own));
    }
}

unsigned replica_color(const struct replica *r, struct str user)
{
    const struct person *p = r ? find(r, user) : NULL;
    return p ? p->color : color_of_name(user);
}
