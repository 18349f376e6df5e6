/* Rooms and who is in them. */
#include "account.h"
#include "append.h"
#include "caller.h"
#include "client.h"
#include "direct.h"
#include "handle.h"
#include "presence.h"
#include "retention_trim.h"
#include "room.h"

#define FIXED "its name says who is in it; begin another with those you want"

enum { STANDING_BYTES = 80, STANDINGS_BYTES = 128 * 1024 };

/* ---- making one ---- */

static bool check_people(struct hub *h, const struct caller *c, struct str room, struct err *e)
{
    if (!direct_has(room, str_of(c->user->name)))
        return fail(e, ERR_FORBIDDEN, "a direct conversation is begun by one of its people: %s",
                    "you are not among them");
    for (struct founder f = {0}; founder_next(&f, room, (struct str){0});) {
        const struct user *u = user_find(h, f.user);
        if (!u || !u->exists)
            return fail(e, ERR_NOT_FOUND, "there is no account %.*s", STR_ARG(f.user));
        if (u->disabled)
            return fail(e, ERR_FORBIDDEN, "the account %s is disabled", u->name);
    }
    return true;
}

/* A direct conversation is begun by whoever comes first, and what is there already is what the
 * others asked for: they get its first event. */
static enum outcome begun_already(struct hub *h, struct caller *c, struct room *r, int64_t id)
{
    if (r->stored == 0) {
        client_block(c->client, r);
        return BLOCKED;
    }
    client_ok(h, c->client, id, str_of(r->name), 1, 0);
    return DONE;
}

static enum outcome make_room(struct hub *h, struct caller *c, const struct msg_room_create *q,
                              struct err *e)
{
    if (HASH_COUNT(h->rooms) >= ROOMS_MAX) {
        fail(e, ERR_LIMIT, "this server has at most %d rooms", ROOMS_MAX);
        return REFUSED;
    }
    if (h->n_flights >= APPENDS_MAX) {
        fail(e, ERR_BUSY, "the server has as much waiting for its disk as it will hold");
        return REFUSED;
    }
    struct room *r = room_new(h, q->head.room, q->is_public && !room_is_direct(q->head.room));
    append_room(h, r, c->client, str_of(c->user->name), q->head.id);
    return DONE;
}

enum outcome handle_room_create(struct hub *h, struct caller *c, const struct msg *m,
                                struct err *e)
{
    const struct msg_room_create *q = &m->room_create;
    struct str name = q->head.room;
    struct room *r = room_find(h, name);
    bool is_direct = room_is_direct(name), is_own = direct_has(name, str_of(c->user->name));
    if (is_direct && (!r || !is_own) && !check_people(h, c, name, e))
        return REFUSED;
    if (r && !r->sure) /* it may be one whose making failed */
        return append_ready(h, c->client, r, false, e);
    if (r && is_direct)
        return begun_already(h, c, r, q->head.id);
    if (r) {
        fail(e, ERR_EXISTS, "there is a room %.*s already", STR_ARG(name));
        return REFUSED;
    }
    return make_room(h, c, q, e);
}

/* ---- members ---- */

enum outcome handle_room_join(struct hub *h, struct caller *c, const struct msg *m,
                              struct err *e)
{
    struct str name = m->room_join.head.room;
    struct room *r = room_find(h, name);
    enum role role = r ? room_role(r, c->user, true) : ROLE_NONE;
    if (!r || (!r->is_public && role == ROLE_NONE))
        fail(e, ERR_NOT_FOUND, "there is no public room %.*s", STR_ARG(name));
    else if (role != ROLE_NONE)
        fail(e, ERR_EXISTS, "you are in %s already, as %s", r->name, role_name(role));
    else if (r->members.n >= MEMBERS_MAX)
        fail(e, ERR_LIMIT, "a room has at most %d members", MEMBERS_MAX);
    if (e->code != ERR_NONE)
        return REFUSED;
    enum outcome o = append_ready(h, c->client, r, false, e);
    if (o == DONE)
        append_member(h, r, c->client, str_of(c->user->name), m->room_join.head.id, c->user,
                      ROLE_MEMBER);
    return o;
}

static bool keeps_an_owner(const struct room *r, enum role before, enum role after,
                           struct err *e)
{
    if (before != ROLE_OWNER || after == ROLE_OWNER || r->owners > 1)
        return true;
    return fail(e, ERR_FORBIDDEN, "%s would have no owner: make somebody else owner first",
                r->name);
}

static enum outcome set_member(struct hub *h, struct caller *c, struct room *r, int64_t id,
                               struct user *u, enum role role, struct err *e)
{
    if (!keeps_an_owner(r, room_role(r, u, true), role, e))
        return REFUSED;
    enum outcome o = append_ready(h, c->client, r, false, e);
    if (o == DONE)
        append_member(h, r, c->client, str_of(c->user->name), id, u, role);
    return o;
}

enum outcome handle_room_leave(struct hub *h, struct caller *c, const struct msg *m,
                               struct err *e)
{
    struct room *r = room_find(h, m->room_leave.head.room);
    if (room_is_direct(str_of(r->name))) {
        fail(e, ERR_FORBIDDEN, "a direct conversation cannot be left: %s", FIXED);
        return REFUSED;
    }
    if (room_role(r, c->user, true) == ROLE_NONE) {
        fail(e, ERR_NOT_FOUND, "you are not in %s", r->name);
        return REFUSED;
    }
    return set_member(h, c, r, m->room_leave.head.id, c->user, ROLE_NONE, e);
}

enum outcome handle_member_set(struct hub *h, struct caller *c, const struct msg *m,
                               struct err *e)
{
    const struct msg_member_set *q = &m->member_set;
    struct room *r = room_find(h, q->head.room);
    if (room_is_direct(str_of(r->name))) {
        fail(e, ERR_FORBIDDEN, "nobody comes into a direct conversation or leaves it: %s",
             FIXED);
        return REFUSED;
    }
    struct user *u = user_find(h, q->user);
    enum role role = u ? room_role(r, u, true) : ROLE_NONE;
    if (!u || !u->exists)
        fail(e, ERR_NOT_FOUND, "there is no account %.*s", STR_ARG(q->user));
    else if (role == ROLE_NONE && q->role == ROLE_NONE)
        fail(e, ERR_NOT_FOUND, "%s is not in %s", u->name, r->name);
    else if (role == ROLE_NONE && r->members.n >= MEMBERS_MAX)
        fail(e, ERR_LIMIT, "a room has at most %d members", MEMBERS_MAX);
    if (e->code != ERR_NONE)
        return REFUSED;
    return set_member(h, c, r, q->head.id, u, q->role, e);
}

/* What it is about already may be said again. */
enum outcome handle_topic_set(struct hub *h, struct caller *c, const struct msg *m,
                              struct err *e)
{
    const struct msg_topic_set *q = &m->topic_set;
    struct room *r = room_find(h, q->head.room);
    enum outcome o = append_ready(h, c->client, r, true, e);
    if (o != DONE)
        return o;
    struct draft d = {.event.type = MSG_ROOM_TOPIC, .effect = EFFECT_TOPIC, .topic = q->topic};
    d.event.room_topic.topic = q->topic;
    room_set_topic(r, q->topic);
    append(h, r, c->client, str_of(c->user->name), q->head.id, &d);
    return DONE;
}

enum outcome handle_room_retain(struct hub *h, struct caller *c, const struct msg *m,
                                struct err *e)
{
    const struct msg_room_retain *q = &m->room_retain;
    struct room *r = room_find(h, q->head.room);
    if (room_is_direct(str_of(r->name))) {
        fail(e, ERR_FORBIDDEN, "a direct conversation keeps everything: nobody owns it");
        return REFUSED;
    }
    if (!retention_check(q->keep, e))
        return REFUSED;
    enum outcome o = append_ready(h, c->client, r, true, e);
    if (o != DONE)
        return o;
    struct draft d = {
        .event.type = MSG_ROOM_RETENTION, .effect = EFFECT_RETENTION, .keep = q->keep};
    d.event.room_retention.keep = q->keep;
    retention_set(r, q->keep);
    append(h, r, c->client, str_of(c->user->name), q->head.id, &d);
    return DONE;
}

/* As long as the list leaves room for it. */
static void add_standing(struct member_item *item, const struct standing *s, size_t *left)
{
    struct str words = str_of(s->words);
    size_t n = STANDING_BYTES + 2 * words.n; /* as JSON, in which some take two */
    if (!item->online || s->status == STATUS_ONLINE || n > *left)
        return;
    *left -= n;
    item->status = s->status;
    item->words = words;
    item->since = s->since;
}

enum outcome handle_members(struct hub *h, struct caller *c, const struct msg *m, struct err *e)
{
    (void)e;
    struct room *r = room_find(h, m->members.head.room);
    struct member_item *items = arena_alloc(&h->arena, r->members.n * sizeof *items);
    struct msg list = {.type = MSG_MEMBER_LIST};
    list.member_list.head.re = m->members.head.id;
    list.member_list.room = str_of(r->name);
    list.member_list.members.v = items;
    size_t left = STANDINGS_BYTES;
    vec_each (mem, &r->members) {
        struct member_item *item = &items[list.member_list.members.n];
        if (mem->told == ROLE_NONE)
            continue;
        *item = (struct member_item){.user = str_of(mem->user->name),
                                     .role = mem->told,
                                     .online = presence_is_here(r, mem->user),
                                     .bot = mem->user->bot};
        add_standing(item, &mem->user->standing, &left);
        list.member_list.members.n++;
    }
    caller_send(h, c, &list);
    return DONE;
}
