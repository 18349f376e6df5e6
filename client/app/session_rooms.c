/* Rooms of a session: opening them, keeping them open over reconnects, their caches. */
#include "codec.h"
#include "direct.h"
#include "session_parts.h"

#include <stdlib.h>
#include <string.h>

enum { CACHED_LINES = 2 * HISTORY_MAX };

struct replica *session_room(const struct session *s, struct str room)
{
    vec_each (r, &s->rooms) {
        if (str_is(room, (*r)->name))
            return *r;
    }
    return NULL;
}

struct followed *session_followed(const struct session *s, struct str room)
{
    vec_each (f, &s->followed) {
        if (str_is(room, f->name))
            return f;
    }
    return NULL;
}

/* ---- which there are ---- */

struct room_item_own *session_known(const struct session *s, struct str room)
{
    vec_each (k, &s->known)
        if (str_is(room, k->name))
            return k;
    return NULL;
}

bool session_is_stored(const struct session *s, struct str room)
{
    const struct replica *r = session_room(s, room);
    const struct room_item_own *k = session_known(s, room);
    return (k && k->role != ROLE_NONE) || (r && r->seq > 0);
}

bool session_is_begun(const struct session *s, struct str room)
{
    vec_each (w, &s->outbox)
        if (w->type == MSG_ROOM_CREATE && str_is(room, w->room))
            return true;
    return session_is_stored(s, room);
}

bool session_is_coming(const struct session *s, struct str room)
{
    vec_each (w, &s->outbox)
        if ((w->type == MSG_ROOM_CREATE || w->type == MSG_ROOM_JOIN) && str_is(room, w->room))
            return true;
    return false;
}

void session_begun(struct session *s, struct str room, int64_t seq)
{
    struct room_item_own own = {.role = ROLE_MEMBER, .seq = seq};
    if (session_known(s, room))
        return;
    memcpy(own.name, room.p, MIN(room.n, (size_t)ROOM_NAME_MAX));
    vec_push(&s->known, own);
}

/* A room that was just made is read from its first event on, and not as it is by then, so that
 * whoever is spoken to in it hears of that. */
static bool is_fresh(const struct session *s, const struct replica *r)
{
    const struct room_item_own *k = session_known(s, str_of(r->name));
    return k && k->seq == 1 && r->seq == 0;
}

/* A direct conversation in which nobody said anything may be nowhere but here. */
static bool is_to_open(const struct session *s, const struct replica *r)
{
    struct str room = str_of(r->name);
    return !room_is_direct(room) || r->seq > 0 || session_known(s, room);
}

/* ---- opening ---- */

void session_hello(struct session *s, struct effects *out)
{
    struct room_since items[ROOMS_PER_HELLO_MAX];
    struct msg m = {.type = MSG_HELLO};
    m.hello.version = PROTOCOL_VERSION;
    m.hello.client = str_of(s->client);
    m.hello.agent = STR("moot " MOOT_VERSION);
    m.hello.rooms.v = items;
    for (size_t i = 0; i < s->rooms.n && m.hello.rooms.n < ROOMS_PER_HELLO_MAX; i++) {
        struct replica *r = s->rooms.v[i];
        if (!is_to_open(s, r))
            continue;
        r->open_id = -1;
        items[m.hello.rooms.n++] =
            (struct room_since){.room = str_of(r->name), .since = r->seq, .snapshot = true};
    }
    for (size_t i = 0; i < s->followed.n && m.hello.rooms.n < ROOMS_PER_HELLO_MAX; i++) {
        struct followed *f = &s->followed.v[i];
        if (!session_room(s, str_of(f->name)))
            items[m.hello.rooms.n++] =
                (struct room_since){.room = str_of(f->name), .since = f->seq};
    }
    session_send(&m, out);
}

static int64_t send_open(struct session *s, struct str room, int64_t since, bool snapshot,
                         struct effects *out)
{
    struct msg m = {.type = MSG_OPEN};
    m.request.room = room;
    m.open.since = since;
    m.open.snapshot = snapshot;
    return session_ask(s, &m, out, NULL);
}

void session_send_open(struct session *s, struct replica *r, struct effects *out)
{
    if (s->state == SESSION_ONLINE && !r->synced && r->open_id == 0 && is_to_open(s, r))
        r->open_id = send_open(s, str_of(r->name), r->seq, !is_fresh(s, r), out);
}

void session_open_rest(struct session *s, struct effects *out)
{
    vec_each (r, &s->rooms)
        if ((*r)->role != ROLE_NONE)
            session_send_open(s, *r, out);
}

struct replica *session_open_room(struct session *s, struct str room, int64_t now,
                                  struct effects *out)
{
    struct replica *r = session_room(s, room);
    if (!r) {
        r = replica_new(room);
        memcpy(r->user, s->user, sizeof r->user);
        session_show_marker(s, r);
        vec_push(&s->rooms, r);
        session_show_waiting(s, r, now);
    }
    session_send_open(s, r, out);
    return r;
}

void session_close_room(struct session *s, struct str room, struct effects *out)
{
    for (size_t i = 0; i < s->rooms.n; i++) {
        if (!str_is(room, s->rooms.v[i]->name))
            continue;
        struct msg m = {.type = MSG_CLOSE};
        m.request.room = room;
        bool is_ours = s->rooms.v[i]->role != ROLE_NONE;
        if (is_ours && (s->rooms.v[i]->synced || s->rooms.v[i]->open_id))
            session_ask(s, &m, out, NULL);
        replica_free(s->rooms.v[i]);
        vec_remove(&s->rooms, i);
        return;
    }
}

void session_follow(struct session *s, struct str room, int64_t since, int64_t now,
                    struct effects *out)
{
    (void)now;
    if (session_followed(s, room))
        return;
    struct followed f = {.seq = since};
    memcpy(f.name, room.p, MIN(room.n, (size_t)ROOM_NAME_MAX));
    vec_push(&s->followed, f);
    if (s->state == SESSION_ONLINE)
        send_open(s, room, since, false, out);
}

static bool ask_lines(struct session *s, struct replica *r, struct msg *m, enum asked what,
                      struct effects *out)
{
    if (r->asked)
        return false;
    m->request.room = str_of(r->name);
    int64_t id = session_ask(s, m, out, NULL);
    if (id)
        replica_asked(r, what, id);
    return id != 0;
}

bool session_older(struct session *s, struct str room, struct effects *out)
{
    struct replica *r = session_room(s, room);
    if (!r || !r->has_older)
        return false;
    struct msg m = {.type = MSG_HISTORY};
    m.history.before = replica_oldest(r);
    m.history.limit = r->lines.n ? HISTORY_MAX : HISTORY_FIRST;
    return ask_lines(s, r, &m, ASKED_OLDER, out);
}

bool session_newer(struct session *s, struct str room, struct effects *out)
{
    struct replica *r = session_room(s, room);
    if (!r || !r->past)
        return false;
    struct msg m = {.type = MSG_HISTORY};
    m.history.before = SEQ_MAX;
    m.history.after = r->lines.v[r->past - 1]->seq;
    m.history.limit = HISTORY_MAX;
    return ask_lines(s, r, &m, ASKED_NEWER, out);
}

bool session_around(struct session *s, struct str room, int64_t message, int64_t time,
                    struct effects *out)
{
    struct replica *r = session_room(s, room);
    struct msg m = {.type = MSG_HISTORY};
    m.history.before = SEQ_MAX;
    m.history.around = message;
    m.history.time = time;
    m.history.limit = HISTORY_MAX;
    return r && ask_lines(s, r, &m, ASKED_AROUND, out);
}

/* ---- the cache ---- */

bool session_cached(struct session *s, struct str room, struct str json, struct err *e)
{
    struct replica *r = session_room(s, room);
    bug_on(!r || s->state != SESSION_STOPPED);
    struct arena arena = {0};
    struct msg_list list;
    int64_t re;
    bool ok = codec_decode(json, FROM_SERVER, &arena, &list, &re, e);
    for (size_t i = 0; ok && i < list.n; i++) {
        const struct msg *m = &list.v[i];
        if (m->type == MSG_UNKNOWN && msg_from_name(m->unknown.what) != MSG_NONE) {
            ok = fail(e, ERR_VERSION, "%s: the cache is of a version that knew less", r->name);
            break;
        }
        if (m->type == MSG_HISTORY_PAGE)
            replica_asked(r, ASKED_OLDER, m->answer.re);
        session_text_cached(s, m);
        if (m->type != MSG_NOTE_TEXT && m->type != MSG_NOTE_CHANGES)
            ok = replica_apply(r, m, str_of(s->client), 0, e);
    }
    if (!ok)
        replica_reset(r);
    arena_finish(&arena);
    return ok;
}

struct cache_writer {
    struct str room;
    struct effects *out;
};

static void cache_one(void *arg, const struct msg *m)
{
    struct cache_writer *w = arg;
    struct buf json = {0};
    codec_encode(&json, m);
    effect_add(w->out, EFFECT_CACHE, w->room, buf_str(&json));
    buf_finish(&json);
}

void session_cache(const struct session *s, struct str room, struct effects *out)
{
    const struct replica *r = session_room(s, room);
    if (!r || r->seq == 0)
        return;
    struct cache_writer w = {room, out};
    effect_add(out, EFFECT_CACHE_NEW, room, (struct str){0});
    replica_write(r, CACHED_LINES, cache_one, &w);
    session_cache_texts(s, room, out);
}
