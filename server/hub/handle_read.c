/* How far people have read, and what they have not. A marker is a person's own: it is no event
 * of the room, and nobody else is told. */
#include "account.h"
#include "ask.h"
#include "caller.h"
#include "handle.h"
#include "room.h"

#include <stdlib.h>

static struct msg unread_of(const struct store_unread *s)
{
    return (struct msg){.type = MSG_UNREAD,
                        .unread = {.room = s->room,
                                   .read = s->read,
                                   .seq = s->seq,
                                   .unread = s->unread,
                                   .mentions = s->mentions}};
}

void read_tell_turn(struct hub *h, const struct room *r, const struct member *m,
                    struct caller *c)
{
    struct msg told = unread_of(
        &(struct store_unread){.room = str_of(r->name), .read = m->read, .seq = m->read.seq});
    if (c->user == m->user)
        caller_send(h, c, &told);
}

static void tell(struct hub *h, const struct user *u, const struct store_unread *s)
{
    struct msg m = unread_of(s);
    struct caller *c;
    DL_FOREACH(u->conns, c)
    if (c->state == CALLER_READY)
        caller_send(h, c, &m);
}

static struct member *told_member(const struct room *r, const struct user *u)
{
    struct member *m = r && u ? room_member(r, u) : NULL;
    return m && m->told != ROLE_NONE ? m : NULL;
}

static bool fits(const struct room *r, const struct member *m, struct marker to, struct err *e)
{
    if (to.seq > r->stored)
        return fail(e, ERR_BAD_FIELD, "read: seq: the newest event of %s is %lld", r->name,
                    (long long)r->stored);
    if (to.turn > m->read.turn + 1)
        return fail(e, ERR_BAD_FIELD, "read: turn: the next turn of %s is %lld", r->name,
                    (long long)m->read.turn + 1);
    return true;
}

enum outcome handle_read(struct hub *h, struct caller *c, const struct msg *m, struct err *e)
{
    const struct room *r = room_find(h, m->read.head.room);
    const struct member *member = told_member(r, c->user);
    if (!member) {
        fail(e, ERR_FORBIDDEN, "you are not in %s: join it first", r->name);
        return REFUSED;
    }
    if (!fits(r, member, m->read.read, e))
        return REFUSED;
    struct ask *a = question_new(h, ASK_READ, c, m->read.head.id, e);
    if (!a)
        return REFUSED;
    struct store_job *j = store_job_new(JOB_READ_PUT);
    j->room = str_keep(&j->arena, m->read.head.room);
    j->author = str_keep(&j->arena, str_of(c->user->name));
    j->marker = m->read.read;
    ask_store(h, a, j);
    return DONE;
}

static void settle(struct hub *h, struct ask *a, struct str room)
{
    struct caller *c = question_end(h, a);
    struct msg m = {.type = MSG_OK, .ok = {.head.re = a->id, .room = room}};
    if (c)
        caller_send(h, c, &m);
}

/* Where everything is read there is nothing to count. */
static void count(struct hub *h, const struct ask *a, const struct room *r,
                  const struct member *m)
{
    struct store_unread s = {
        .room = str_of(r->name), .read = m->read, .seq = MAX(m->read.seq, r->stored)};
    if (m->read.seq >= r->stored) {
        tell(h, m->user, &s);
        settle(h, (struct ask *)a, s.room);
        return;
    }
    struct ask *next = ask_new(h, ASK_UNREAD, NULL, a->id);
    next->conn = a->conn;
    next->session = a->session;
    struct store_job *j = store_job_new(JOB_UNREAD);
    s.room = str_keep(&j->arena, s.room);
    j->author = str_keep(&j->arena, str_of(m->user->name));
    j->unread.v = arena_alloc(&j->arena, sizeof s);
    j->unread.v[j->unread.n++] = s;
    ask_store(h, next, j);
}

/* An answer that failed is one that the asker is told of. */
static bool is_good(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct err e = j->err;
    if (e.code == ERR_NONE)
        return true;
    h->counts.store_failures += err_is_passing(e.code);
    struct caller *c = question_end(h, a);
    if (c)
        caller_error(h, c, a->id, &e);
    return false;
}

void answer_read(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct room *r = room_find(h, j->room);
    struct member *m = told_member(r, user_find(h, j->author));
    if (!is_good(h, a, j))
        return;
    if (!m) {
        settle(h, a, j->room);
        return;
    }
    m->read = marker_later(m->read, j->marker);
    count(h, a, r, m);
}

void answer_unread(struct hub *h, struct ask *a, const struct store_job *j)
{
    const struct user *u = user_find(h, j->author);
    const struct store_unread *s = &j->unread.v[0];
    const struct room *r = room_find(h, s->room);
    if (!is_good(h, a, j))
        return;
    /* What was counted behind another marker is of no use; that of now is told by itself. */
    const struct member *m = told_member(r, u);
    if (m && marker_is(m->read, s->read))
        tell(h, u, s);
    settle(h, a, s->room);
}

/* ---- the list of rooms ---- */

static int by_name(const void *a, const void *b)
{
    return str_cmp(((const struct room_item *)a)->room, ((const struct room_item *)b)->room);
}

static bool is_listed(const struct room *r, const struct caller *c, bool mine)
{
    bool is_in = room_role(r, c->user, false) != ROLE_NONE;
    return r->stored > 0 && (is_in || (r->is_public && !mine));
}

/* What is not all read of the rooms that the person is in is counted first. */
enum outcome handle_rooms(struct hub *h, struct caller *c, const struct msg *m, struct err *e)
{
    struct ask *a = question_new(h, ASK_ROOMS, c, m->rooms.head.id, e);
    if (!a)
        return REFUSED;
    a->mine = m->rooms.mine;
    struct store_job *j = store_job_new(JOB_UNREAD);
    j->author = str_keep(&j->arena, str_of(c->user->name));
    j->unread.v = arena_alloc(&j->arena, c->user->rooms.n * sizeof *j->unread.v);
    vec_each (r, &c->user->rooms) {
        const struct member *member = told_member(*r, c->user);
        if (member && member->read.seq < (*r)->stored)
            j->unread.v[j->unread.n++] = (struct store_unread){
                .room = str_keep(&j->arena, str_of((*r)->name)), .read = member->read};
    }
    ask_store(h, a, j);
    return DONE;
}

/* Both are by name: one walk finds all. */
static void add_counts(const struct store_job *j, struct room_item *rooms, size_t n)
{
    for (size_t i = 0; i < j->unread.n; i++) {
        const struct store_unread *s = &j->unread.v[i];
        struct room_item key = {.room = s->room};
        struct room_item *item = bsearch(&key, rooms, n, sizeof *rooms, by_name);
        if (!item || !marker_is(item->read, s->read))
            continue;
        item->seq = s->seq;
        item->unread = s->unread;
        item->mentions = s->mentions;
    }
}

void answer_rooms(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct caller *c = ask_caller(h, a);
    if (!is_good(h, a, j) || !c)
        return;
    question_end(h, a);
    size_t n = 0, left = FRAME_OUT_MAX;
    struct room_item *rooms = arena_alloc(&h->arena, HASH_COUNT(h->rooms) * sizeof *rooms);
    for (struct room *r = h->rooms; r && room_item_fits(r, &left); r = r->hh.next)
        if (is_listed(r, c, a->mine))
            rooms[n++] = room_item(r, c->user);
    qsort(rooms, n, sizeof *rooms, by_name);
    add_counts(j, rooms, n);
    struct msg list = {.type = MSG_ROOM_LIST};
    list.room_list.head.re = a->id;
    list.room_list.rooms.v = rooms;
    list.room_list.rooms.n = n;
    caller_send(h, c, &list);
}
