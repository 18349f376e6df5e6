/* What the server says. */
#include "codec.h"
#include "session_parts.h"

#include <string.h>

static void tell(const struct turn *t, const struct msg *m)
{
    if (t->l.message)
        t->l.message(t->l.arg, m);
}

static void copy_name(char *to, size_t size, struct str name)
{
    memset(to, 0, size);
    if (name.n)
        memcpy(to, name.p, MIN(name.n, size - 1));
}

/* ---- the connection ---- */

/* The server was put back to an older state than we have seen. */
static void put_back(const struct turn *t, struct replica *r)
{
    replica_reset(r);
    session_texts_put_back(t, str_of(r->name));
    t->s->put_back = true;
}

static bool is_of_another(const struct replica *r, const struct msg_welcome *w)
{
    return r->seq > 0 && r->log[0] && w->log.n && !str_is(w->log, r->log);
}

/* The texts that are open beside any room, too, when the server changed under us. */
static void note_log(const struct turn *t, const struct msg_welcome *w)
{
    struct session *s = t->s;
    if (s->log[0] && w->log.n && !str_is(w->log, s->log))
        vec_each (d, &s->texts)
            session_texts_put_back(t, str_of((*d)->room));
    copy_name(s->log, sizeof s->log, w->log);
}

static void note_rooms(const struct turn *t, const struct msg_welcome *w)
{
    struct session *s = t->s;
    s->known.n = 0;
    vec_each (r, &s->rooms) { /* those that are not listed cannot be opened */
        memcpy((*r)->user, s->user, sizeof s->user);
        (*r)->role = ROLE_NONE;
    }
    for (size_t i = 0; i < w->rooms.n; i++) {
        const struct room_item *item = &w->rooms.v[i];
        struct room_item_own own = {.role = item->role,
                                    .is_public = item->is_public,
                                    .seq = item->seq,
                                    .read = item->read};
        copy_name(own.name, sizeof own.name, item->room);
        vec_push(&s->known, own);
        struct replica *r = session_room(s, item->room);
        if (r)
            r->role = item->role;
        if (r && (r->seq > item->seq || is_of_another(r, w))) {
            /* hello asked for what is behind a number that means another event there */
            r->begins_anew = is_of_another(r, w);
            put_back(t, r);
            r->open_id = 0;
            r->read.mine = (struct marker){0};
        }
        if (r) {
            copy_name(r->log, sizeof r->log, w->log);
            replica_believe_marker(r, item->read, item->seq);
        }
    }
    vec_each (r, &s->rooms) {
        if ((*r)->role == ROLE_NONE)
            replica_left(*r);
    }
}

/* Our role in a room has changed while the link stands. */
static void note_role(struct session *s, const struct msg_room_role *m, struct effects *out)
{
    struct room_item_own own = {
        .role = m->role, .is_public = m->is_public, .seq = m->seq, .read = m->read};
    copy_name(own.name, sizeof own.name, m->room);
    struct replica *r = session_room(s, m->room);
    if (r && m->role == ROLE_NONE)
        replica_left(r);
    else if (r)
        session_send_open(s, r, out); /* in again, if it is not open */
    if (r)
        replica_heard_marker(r, m->read);
    vec_each (known, &s->known) {
        if (strcmp(known->name, own.name) == 0) {
            own.read = marker_later(own.read, known->read);
            *known = own;
            return;
        }
    }
    vec_push(&s->known, own);
}

static bool is_who_we_are(struct session *s, struct str user, struct err *e)
{
    if (!s->user[0] || str_is(user, s->user))
        return true;
    if (s->online_at) /* by another token: what is on the screen is not for them */
        return fail(e, ERR_NOT_SIGNED_IN,
                    "the token is %.*s's now, and this moot is %s's: start another one",
                    STR_ARG(user), s->user);
    if (session_is_clean(s))
        return true;
    return fail(
        e, ERR_NOT_SIGNED_IN,
        "%zu changes made as %s wait to be sent, but the server calls you %.*s: sign in "
        "as %s",
        session_unsaved(s), s->user, STR_ARG(user), s->user);
}

static void welcome(const struct turn *t, const struct msg_welcome *w)
{
    struct session *s = t->s;
    struct err why = {0};
    if (s->state != SESSION_CONNECTING)
        return;
    if (!is_who_we_are(s, w->user, &why)) {
        session_drop_link(s, &why, t->now, t->out);
        return;
    }
    copy_name(s->user, sizeof s->user, w->user);
    s->state = SESSION_ONLINE;
    s->why = (struct err){0};
    s->admin = w->admin;
    s->session = w->session;
    s->revision = w->revision;
    s->ahead = w->time - t->now;
    s->expires = w->expires;
    s->online_at = t->now;
    s->pinged_at = t->now - PING_EVERY_MS; /* the first one at once, for the time it takes */
    s->tokens = (int64_t)SEND_BURST * 1000;
    s->tokens_at = t->now;
    s->hold_until = 0;
    note_log(t, w);
    note_rooms(t, w);
    session_texts_check(t);
    session_open_rest(s, t->out);
    session_tell_status(s, t->now, t->out);
    session_pump(s, t->now, t->out);
}

static void pong(const struct turn *t, const struct msg_pong *m)
{
    struct session *s = t->s;
    if (m->head.re == s->ping_id) {
        s->rtt_ms = t->now - s->ping_at;
        s->ping_id = 0;
    }
}

static void bye(const struct turn *t, const struct msg_bye *m)
{
    struct session *s = t->s;
    fail(&s->why, err_from_name(m->code), "%.*s", STR_ARG(m->message));
    s->bye_ms = m->retry_ms;
}

static void renewed(const struct turn *t, const struct msg_renewed *m)
{
    t->s->expires = m->expires;
}

/* ---- answers ---- */

void session_words(const struct session *s, const struct msg_error *m, struct err *why)
{
    enum err_code code = err_from_name(m->code);
    bool is_unknown = code == ERR_UNKNOWN_TYPE || code == ERR_BAD_FIELD;
    if (is_unknown && s->revision < PROTOCOL_REVISION && s->state == SESSION_ONLINE)
        fail(why, code, "this server is too old for that (%.*s)", STR_ARG(m->message));
    else
        fail(why, code, "%.*s", STR_ARG(m->message));
}

/* The room is not open (any more), though we asked for it. */
static void room_refused(const struct turn *t, struct replica *r, enum err_code code)
{
    r->open_id = 0;
    if (code == ERR_CONFLICT) {
        put_back(t, r);
        session_send_open(t->s, r, t->out);
    } else if (code == ERR_FORBIDDEN || code == ERR_NOT_FOUND) {
        replica_left(r);
    } else {
        replica_unlink(r);
    }
}

/* True when one begins anew because of it. */
static bool settle_rooms(const struct turn *t, const struct msg_error *m, enum err_code code)
{
    bool is_put_back = false;
    vec_each (r, &t->s->rooms) {
        bool is_open = m->head.re && (*r)->open_id == m->head.re;
        bool is_named = m->head.re == 0 && str_is(m->room, (*r)->name);
        is_put_back = is_put_back || ((is_open || is_named) && code == ERR_CONFLICT);
        if (is_open || is_named)
            room_refused(t, *r, code);
        if (m->head.re && (*r)->asked && (*r)->asked_id == m->head.re)
            (*r)->asked = ASKED_NOTHING;
    }
    return is_put_back;
}

/* False when the listener is not to be told: it was told by `refused`, it is put off, or what
 * is to be told is s->put_back. */
static bool error(const struct turn *t, const struct msg_error *m)
{
    struct session *s = t->s;
    struct err why = {0};
    session_words(s, m, &why);
    if (settle_rooms(t, m, why.code))
        return false;
    if (m->head.re == 0 && s->state == SESSION_CONNECTING) { /* as to another version */
        s->why = why;
        s->bye_ms = session_is_final(why.code) ? -1 : 0;
    }
    return m->head.re == 0 ||
           (!session_read_refused(s, m->head.re, m->retry) &&
            !session_text_error(t, m->head.re, &why, m->retry) &&
            !session_refuse(s, m->head.re, &why, m->retry, t->now, t->l, t->out));
}

/* ---- rooms ---- */

static struct str room_of(const struct msg *m)
{
    switch (msg_table[m->type].class) {
    case CLASS_EVENT:
        return m->event.room;
    case CLASS_STATE:
        return m->state.room;
    case CLASS_ANSWER:
        return m->type == MSG_HISTORY_PAGE ? m->history_page.room : (struct str){0};
    case CLASS_CONTROL:
        if (m->type == MSG_SNAPSHOT)
            return m->snapshot.room;
        return m->type == MSG_SYNCED ? m->synced.room : (struct str){0};
    case CLASS_REQUEST:
    case CLASS_QUESTION:
        break;
    }
    return (struct str){0};
}

static void cache(const struct turn *t, const struct msg *m)
{
    struct buf json = {0};
    codec_encode(&json, m);
    effect_add(t->out, EFFECT_CACHE, room_of(m), buf_str(&json));
    buf_finish(&json);
}

/* What is kept of a message that was applied. The first page of chat belongs to the snapshot.
 */
static void cache_applied(const struct turn *t, const struct replica *r, const struct msg *m,
                          bool took_page)
{
    bool is_first = took_page && !r->has_jumped && r->lines.n <= HISTORY_MAX;
    if (m->type == MSG_CHAT_TRIMMED) /* the file must not have them either */
        session_cache(t->s, str_of(r->name), t->out);
    else if (msg_table[m->type].class == CLASS_EVENT || is_first)
        cache(t, m);
    else if (m->type == MSG_SNAPSHOT && !m->snapshot.more)
        session_cache(t->s, str_of(r->name), t->out);
}

static bool is_own_state(const struct session *s, const struct msg *m)
{
    bool is_of_all = m->type == MSG_PRESENCE || m->type == MSG_LOCKED;
    return msg_table[m->type].class == CLASS_STATE && !is_of_all &&
           m->state.session == s->session;
}

/* An event of ours is as good an answer as ok. */
static void settle_own(const struct turn *t, const struct msg *m)
{
    const struct event_head *h = &m->event;
    if (str_is(h->client, t->s->client) && str_is(h->author, t->s->user))
        session_stored(t->s, h->id, h->seq,
                       m->type == MSG_TASK_ADDED     ? m->task_added.task
                       : m->type == MSG_NOTE_CREATED ? m->note_created.note
                                                     : 0,
                       t->out);
}

/* What it means to the texts of the room. */
static void to_texts(const struct turn *t, const struct msg *m)
{
    if (m->type == MSG_NOTE_EDITED)
        session_text_event(t, &m->note_edited);
    else if (m->type == MSG_NOTE_CARET)
        session_text_caret(t->s, &m->note_caret);
    else if (m->type == MSG_POINTER)
        session_text_pointer(t->s, &m->pointer);
    else if (m->type == MSG_PRESENCE && !m->presence.online)
        vec_each (d, &t->s->texts)
            if (str_is(m->state.room, (*d)->room))
                doc_carets_gone(*d, m->state.user);
}

/* False when it is nothing new, or cost the link. */
static bool to_replica(const struct turn *t, struct replica *r, const struct msg *m)
{
    if (m->type == MSG_SNAPSHOT && m->snapshot.part == 0)
        r->begins_anew = false;
    if (r->begins_anew)
        return false;
    struct session *s = t->s;
    struct err why = {0};
    bool is_event = msg_table[m->type].class == CLASS_EVENT;
    if (is_own_state(s, m) || (is_event && m->event.seq <= r->seq))
        return false;
    bool took_page =
        m->type == MSG_HISTORY_PAGE && r->asked == ASKED_OLDER && r->asked_id == m->answer.re;
    if (!replica_apply(r, m, str_of(s->client), t->now, &why)) {
        replica_reset(r); /* and from nothing again over a new link */
        session_drop_link(s, &why, t->now, t->out);
        return false;
    }
    cache_applied(t, r, m, took_page);
    replica_recount(r, m);
    if (is_event)
        settle_own(t, m);
    to_texts(t, m);
    if (m->type == MSG_MEMBER && r->role == ROLE_NONE)
        replica_left(r); /* it was us */
    if (m->type == MSG_SYNCED && r->lines.n == 0)
        session_older(s, str_of(r->name), t->out);
    return true;
}

static bool to_follower(struct followed *f, const struct msg *m)
{
    if (m->type == MSG_SYNCED && f->seq < 0)
        f->seq = m->synced.seq;
    if (msg_table[m->type].class != CLASS_EVENT)
        return true;
    if (m->event.seq <= f->seq)
        return false;
    f->seq = m->event.seq;
    return true;
}

static bool to_room(const struct turn *t, const struct msg *m)
{
    struct str room = room_of(m);
    struct replica *r = room.n ? session_room(t->s, room) : NULL;
    if (r)
        return to_replica(t, r, m);
    struct followed *f = room.n ? session_followed(t->s, room) : NULL;
    return !f || to_follower(f, m);
}

/* False when it answers what nobody else asked. */
static bool ok(const struct turn *t, const struct msg_ok *m)
{
    if (session_read_stored(t->s, m->head.re))
        return false;
    session_stored(t->s, m->head.re, m->seq, m->number, t->out);
    session_text_stored(t, m->head.re, m->seq);
    return true;
}

/* ---- all of it ---- */

static void handle(const struct turn *t, const struct msg *m)
{
    bool wanted = true;
    if (m->type == MSG_WELCOME)
        welcome(t, &m->welcome);
    else if (m->type == MSG_BYE)
        bye(t, &m->bye);
    else if (m->type == MSG_ERROR)
        wanted = error(t, &m->error);
    else if (t->s->state != SESSION_ONLINE)
        return;
    else if (m->type == MSG_PONG)
        pong(t, &m->pong);
    else if (m->type == MSG_RENEWED)
        renewed(t, &m->renewed);
    else if (m->type == MSG_ROOM_ROLE)
        note_role(t->s, &m->room_role, t->out);
    else if (m->type == MSG_OK)
        wanted = ok(t, &m->ok);
    else if (m->type == MSG_UNREAD)
        session_took_unread(t->s, &m->unread);
    else if (m->type == MSG_ROOM_LIST)
        wanted = !session_took_rooms(t->s, &m->room_list);
    else if (m->type == MSG_NOTE_TEXT || m->type == MSG_NOTE_CHANGES)
        wanted = !session_text_answer(t, m);
    else
        wanted = to_room(t, m);
    if (wanted)
        tell(t, m);
}

static bool has_link(const struct session *s)
{
    return s->state == SESSION_CONNECTING || s->state == SESSION_ONLINE;
}

void session_frame(struct session *s, struct str bytes, int64_t now, struct session_listener l,
                   struct effects *out)
{
    if (!has_link(s))
        return;
    struct turn t = {s, now, l, out};
    struct arena arena = {0};
    struct msg_list list;
    struct err why = {0};
    int64_t re;
    s->heard_at = now;
    s->turns++;
    if (!codec_decode(bytes, FROM_SERVER, &arena, &list, &re, &why))
        session_drop_link(s, &why, now, out);
    else
        for (size_t i = 0; i < list.n && has_link(s); i++)
            handle(&t, &list.v[i]);
    session_pump(s, now, out);
    session_pump_reads(s, now, out);
    arena_finish(&arena);
}
