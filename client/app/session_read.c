/* How far our person has read each room: remembered here at once, sent when there is a link,
 * and whatever the server says of it taken in. The later marker holds, so nothing has to be
 * kept in order. */
#include "direct.h"
#include "session_parts.h"

#include <string.h>

enum {
    READ_EVERY_MS = 2000,   /* at most so often a marker that goes forward is sent */
    ROOMS_EVERY_MS = 60000, /* so often the rooms that are not open are counted again */
    READ_REVISION = 2,
};

static bool is_there(const struct session *s)
{
    return s->state == SESSION_ONLINE && s->revision >= READ_REVISION;
}

/* ---- sending ---- */

static bool is_wanted(const struct replica *r)
{
    const struct read_state *s = &r->read;
    return r->role != ROLE_NONE && !s->asked &&
           (s->is_stale || marker_is_behind(s->stored, s->mine));
}

/* What sets the marker back does not wait, nor what would ring elsewhere. */
static int64_t due_at(const struct replica *r)
{
    bool is_urgent = r->read.is_awaited || r->read.mine.turn > r->read.stored.turn;
    return is_urgent ? 0 : r->read.sent_at + READ_EVERY_MS;
}

static void send(struct session *s, struct replica *r, int64_t now, struct effects *out)
{
    struct msg m = {.type = MSG_READ};
    m.request.room = str_of(r->name);
    m.read.read = r->read.sent = r->read.mine;
    r->read.asked = session_ask(s, &m, out, NULL);
    r->read.sent_at = now;
    r->read.is_stale = r->read.is_awaited = false;
}

static bool has_unopened(const struct session *s)
{
    vec_each (k, &s->known)
        if (k->role != ROLE_NONE && !session_room(s, str_of(k->name)))
            return true;
    return false;
}

static int64_t rooms_due_at(const struct session *s)
{
    if (s->rooms.n == 0 || s->rooms_asked)
        return INT64_MAX;
    return !s->rooms_at ? 0 : has_unopened(s) ? s->rooms_at + ROOMS_EVERY_MS : INT64_MAX;
}

static void ask_rooms(struct session *s, int64_t now, struct effects *out)
{
    struct msg m = {.type = MSG_ROOMS, .rooms.mine = true};
    s->rooms_asked = session_ask(s, &m, out, NULL);
    s->rooms_at = now;
}

void session_pump_reads(struct session *s, int64_t now, struct effects *out)
{
    if (!is_there(s))
        return;
    if (now >= rooms_due_at(s))
        ask_rooms(s, now, out);
    vec_each (r, &s->rooms)
        if (is_wanted(*r) && now >= due_at(*r))
            send(s, *r, now, out);
}

int64_t session_pump_reads_at(const struct session *s)
{
    if (!is_there(s))
        return INT64_MAX;
    int64_t at = rooms_due_at(s);
    vec_each (r, &s->rooms)
        if (is_wanted(*r))
            at = MIN(at, due_at(*r));
    return at;
}

void session_read(struct session *s, struct replica *r, int64_t seq, int64_t now,
                  struct effects *out)
{
    struct marker to = {r->read.mine.turn, MIN(seq, r->seq)};
    if (!marker_is_behind(r->read.mine, to))
        return;
    struct unread_count unread = replica_unread(r);
    r->read.is_awaited |= unread.mentions || (unread.all && room_is_direct(str_of(r->name)));
    r->read.mine = to;
    r->version++;
    session_pump_reads(s, now, out);
}

void session_read_back(struct session *s, struct replica *r, int64_t seq, int64_t now,
                       struct effects *out)
{
    int64_t turn = r->read.stored.turn;
    if (r->read.asked)
        turn = MAX(turn, r->read.sent.turn);
    r->read.mine = (struct marker){turn + 1, MIN(MAX(seq, 0), r->seq)};
    r->version++;
    session_pump_reads(s, now, out);
}

/* ---- what the server says ---- */

void session_took_unread(struct session *s, const struct msg_unread *m)
{
    struct replica *r = session_room(s, m->room);
    struct room_item_own *k = session_known(s, m->room);
    if (r)
        replica_took_unread(r, m);
    if (!k)
        return;
    k->read = marker_later(k->read, m->read);
    k->counted_seq = m->seq;
    k->unread = (struct unread_count){(size_t)m->unread, (size_t)m->mentions};
}

/* A direct conversation may have been there before, and read or set back before it was opened
 * here: that it is there says nothing of how far it was read since. */
void session_came(struct session *s, struct replica *r, int64_t seq)
{
    struct room_item_own *k = session_known(s, str_of(r->name));
    struct marker came = {room_is_direct(str_of(r->name)) ? 0 : r->read.stored.turn, seq};
    replica_heard_marker(r, came);
    if (k)
        k->read = marker_later(k->read, came);
}

void session_show_marker(const struct session *s, struct replica *r)
{
    const struct room_item_own *k = session_known(s, str_of(r->name));
    if (!k)
        return;
    r->read.stored = r->read.mine = k->read;
    r->read.counted = k->counted_seq ? k->read : (struct marker){.turn = -1};
    r->read.counted_seq = k->counted_seq;
    r->read.count = k->unread;
}

bool session_took_rooms(struct session *s, const struct msg_room_list *m)
{
    if (!s->rooms_asked || m->head.re != s->rooms_asked)
        return false;
    s->rooms_asked = 0;
    for (size_t i = 0; i < m->rooms.n; i++) {
        const struct room_item *item = &m->rooms.v[i];
        session_took_unread(s, &(struct msg_unread){.room = item->room,
                                                    .read = item->read,
                                                    .seq = item->seq,
                                                    .unread = item->unread,
                                                    .mentions = item->mentions});
    }
    return true;
}

static struct replica *asked_by(const struct session *s, int64_t id)
{
    vec_each (r, &s->rooms)
        if (id && (*r)->read.asked == id)
            return *r;
    return NULL;
}

bool session_read_stored(struct session *s, int64_t id)
{
    struct replica *r = asked_by(s, id);
    if (!r)
        return false;
    r->read.asked = 0;
    r->read.stored = marker_later(r->read.stored, r->read.sent);
    return true;
}

/* One that the server will not have is given up: it is of another log, or of a room that is
 * not ours. */
bool session_read_refused(struct session *s, int64_t id, bool passing)
{
    struct replica *r = asked_by(s, id);
    if (id && id == s->rooms_asked) {
        s->rooms_asked = 0;
        return true;
    }
    if (!r)
        return false;
    r->read.asked = 0;
    r->read.is_stale |= passing; /* what was counted anew has not come */
    if (!passing && marker_is(r->read.mine, r->read.sent))
        r->read.mine = r->read.stored;
    r->version++;
    return true;
}

void session_reads_unlink(struct session *s)
{
    s->rooms_asked = s->rooms_at = 0;
    vec_each (r, &s->rooms) {
        (*r)->read.asked = (*r)->read.sent_at = 0;
        (*r)->read.counted = (struct marker){.turn = -1};
    }
}
