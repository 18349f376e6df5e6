#include "standing.h"

#include "caller.h"
#include "client.h"
#include "presence.h"

#include <stdlib.h>
#include <string.h>

void standing_finish(struct standing *s)
{
    free(s->words);
    *s = (struct standing){0};
}

static bool has_words(const struct standing *s, struct str words)
{
    return s->words ? str_is(words, s->words) : words.n == 0;
}

/* What is said again as it was began when it began. */
static void put(struct standing *s, enum status status, struct str words, int64_t since)
{
    bool same = s->told && s->status == status && has_words(s, words);
    since = status == STATUS_ONLINE ? 0 : since;
    s->since = same ? MIN(s->since, since) : since;
    s->told = true;
    s->status = status;
    if (same)
        return;
    free(s->words);
    s->words = words.n ? str_dup(words) : NULL;
}

/* ---- together ---- */

/* Smaller comes first. */
static int rank(const struct standing *s)
{
    static const int ranks[STATUS_COUNT] = {
        [STATUS_DND] = 0, [STATUS_ONLINE] = 1, [STATUS_IDLE] = 2, [STATUS_AWAY] = 3};
    return ranks[s->status];
}

static bool is_before(const struct standing *a, const struct standing *b)
{
    return rank(a) != rank(b) ? rank(a) < rank(b) : a->since > b->since;
}

static const struct standing *together(const struct user *u)
{
    static const struct standing present;
    const struct standing *best = NULL;
    const struct caller *c;
    DL_FOREACH(u->conns, c)
    {
        const struct standing *s = c->client && c->subs.n ? &c->client->standing : NULL;
        if (s && s->told && (!best || is_before(s, best)))
            best = s;
    }
    return best ? best : &present;
}

static bool is_same(const struct standing *a, const struct standing *b)
{
    return a->status == b->status && a->since == b->since && has_words(a, str_of(b->words));
}

void standing_settle(struct hub *h, struct user *u)
{
    const struct standing *now = together(u);
    if (is_same(&u->standing, now))
        return;
    put(&u->standing, now->status, str_of(now->words), now->since);
    u->standing.since = now->since;
    u->standings++;
    struct caller *c;
    DL_FOREACH(u->conns, c)
    vec_each (s, &c->subs)
        presence_changed(h, *s);
}

/* ---- said ---- */

static void tell(struct hub *h, struct caller *c, const struct msg_status *m)
{
    struct msg set = {.type = MSG_STATUS_SET,
                      .status_set = {.status = m->status, .words = m->words}};
    caller_send(h, c, &set);
}

/* Who comes back is idle as long as there is no key. */
static bool applies(const struct caller *c, const struct msg_status *m)
{
    bool stays_idle = m->status == STATUS_ONLINE && c->client->standing.status == STATUS_IDLE;
    return !stays_idle;
}

static int64_t say_to_others(struct hub *h, struct caller *from, const struct msg_status *m,
                             int64_t since)
{
    int64_t n = 0;
    struct caller *c;
    DL_FOREACH(from->user->conns, c)
    {
        if (c == from || !c->client || c->subs.n == 0)
            continue;
        n++;
        if (applies(c, m))
            put(&c->client->standing, m->status, m->words, since);
        tell(h, c, m);
    }
    return n;
}

bool standing_say(struct hub *h, struct caller *c, const struct msg_status *m,
                  int64_t *sessions, struct err *e)
{
    int64_t since = MAX(h->now - m->age * 1000, 0);
    bool speaks = m->status == STATUS_AWAY || m->status == STATUS_DND;
    if (m->words.n && !speaks)
        return fail(e, ERR_BAD_FIELD, "status: words go with away or dnd only");
    if (m->everywhere && m->status == STATUS_IDLE)
        return fail(e, ERR_BAD_FIELD,
                    "status: everywhere is for what a person chose, not idle");
    put(&c->client->standing, m->status, m->words, since);
    *sessions = c->subs.n > 0;
    if (m->everywhere)
        *sessions += say_to_others(h, c, m, since);
    standing_settle(h, c->user);
    return true;
}

void standing_enter(struct hub *h, struct caller *c)
{
    if (c->client->left_at && h->now - c->client->left_at > STATUS_GRACE_MS)
        standing_finish(&c->client->standing);
    c->client->left_at = 0;
}

bool standing_check(const struct user *u, struct err *e)
{
    return is_same(&u->standing, together(u)) ||
           fail(e, ERR_INTERNAL, "%s is shown as %s", u->name, status_name(u->standing.status));
}
