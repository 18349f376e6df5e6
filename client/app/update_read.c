/* What counts as read: what is on screen while somebody looks at it. */
#include "update_parts.h"

enum {
    SET_BACK = -1,    /* room_view.turn: the person set the marker back here */
    SEEK_MAX = 10000, /* lines that are loaded to find the first unread one */
};

static bool is_looked_at(const struct model *m)
{
    int64_t idle = m->people.opts.idle_ms;
    switch (m->mark_read) {
    case MARK_SEEN:
        return m->focused && (!idle || m->now - m->people.key_at < idle);
    case MARK_OPEN:
        return true;
    case MARK_MANUAL:
    case MARK_READ_COUNT:
        break;
    }
    return false;
}

/* Up to which line the chat is on screen; 0: none. */
static int64_t shown_to(const struct room_view *v, const struct replica *r)
{
    size_t i = r->lines.n;
    if (v->chat_anchor > 0)
        while (i > 0 && r->lines.v[i - 1]->seq > v->chat_anchor)
            i--;
    if (v->chat_anchor > 0 && v->chat_cut && i > 0)
        i--; /* its end is below the edge */
    return i ? r->lines.v[i - 1]->seq : 0;
}

/* Somebody set it back elsewhere: here as there it stays so until one comes anew. */
static void heed_set_back(struct room_view *v, const struct replica *r)
{
    if (v->turn == SET_BACK || v->turn == r->read.mine.turn)
        return;
    v->turn = r->synced ? SET_BACK : r->read.mine.turn;
    v->unread_from = r->read.mine.seq;
    v->has_news = true;
}

static void stop_reading(struct model *m, const struct room_view *but)
{
    vec_each (v, &m->views)
        (*v)->reads = (*v)->reads && *v == but;
}

/* shown: see chat_is_in_view(). */
void read_settle(struct model *m, bool shown, struct effects *out)
{
    struct room_view *v = m->here;
    struct replica *r = model_replica(m);
    stop_reading(m, v);
    if (!v || !r)
        return;
    heed_set_back(v, r);
    /* While events are still coming in, the newest is not known, nor how far the person has
     * read elsewhere. */
    bool is_late = !r->synced && (m->session.state == SESSION_CONNECTING ||
                                  m->session.state == SESSION_ONLINE);
    bool reads = shown && !is_late && v->turn != SET_BACK && is_looked_at(m);
    bool begins = reads && !v->reads && replica_unread(r).all;
    if (begins || m->mark_read == MARK_MANUAL) {
        v->unread_from = r->read.mine.seq;
        v->has_news = true;
    }
    v->reads = reads;
    if (reads)
        session_read(&m->session, r, shown_to(v, r), m->now, out);
}

int64_t read_next_tick(const struct model *m)
{
    const struct people *p = &m->people;
    bool goes_idle = m->here && m->here->reads && m->mark_read == MARK_SEEN && p->opts.idle_ms;
    return goes_idle ? p->key_at + p->opts.idle_ms : INT64_MAX;
}

/* ---- by hand ---- */

void read_all(struct model *m, struct effects *out)
{
    struct replica *r = model_replica(m);
    if (!r)
        return;
    session_read(&m->session, r, r->seq, m->now, out);
    m->here->turn = r->read.mine.turn;
    m->here->unread_from = r->read.mine.seq;
    m->here->has_news = false;
}

void read_back(struct model *m, struct effects *out)
{
    struct replica *r = model_replica(m);
    int64_t message = m->here ? message_at(m) : 0;
    if (!r || message <= 0) {
        model_toast(m, TOAST_INFO, "Select the message from which on it shall be unread.");
        return;
    }
    session_read_back(&m->session, r, message - 1, m->now, out);
    m->here->turn = SET_BACK;
    m->here->reads = false;
    m->here->unread_from = message - 1;
    m->here->has_news = true;
    model_toast(m, TOAST_INFO, "Unread from here on, until you come back to %s.",
                model_label(m, str_of(m->here->name), &(struct room_label){0}));
}

/* ---- to the first unread ---- */

void read_first(struct model *m)
{
    struct chat_pane *p = m->here ? &m->here->chat : NULL;
    if (!p)
        return;
    p->seek = p->seek_time = p->seek_from = 0;
    p->seek_asked = false;
    p->seeks_unread = true;
}

static int64_t first_unread(const struct room_view *v, const struct replica *r)
{
    vec_each (l, &r->lines)
        if ((*l)->seq > v->unread_from && !str_is((*l)->author, r->user))
            return (*l)->seq;
    return 0;
}

/* One question brings the page around it; an older server is asked for page after page. */
static bool ask_unread(struct model *m, struct replica *r, struct effects *out)
{
    struct room_view *v = m->here;
    struct str room = str_of(v->name);
    if (m->session.revision < AROUND_REVISION) {
        replica_leave_past(r);
        return r->lines.n < SEEK_MAX && session_older(&m->session, room, out);
    }
    if (v->chat.seek_asked)
        return false;
    v->chat.seek_asked = session_around(&m->session, room, v->unread_from + 1, 0, out);
    return v->chat.seek_asked;
}

void read_seek(struct model *m, const struct layout *l, struct effects *out)
{
    struct room_view *v = m->here;
    struct replica *r = model_replica(m);
    if (!v || !r || !v->chat.seeks_unread || r->asked)
        return;
    bool is_here = replica_covers(r, v->unread_from + 1);
    if (!is_here && ask_unread(m, r, out))
        return;
    v->chat.seeks_unread = v->chat.seek_asked = false;
    if (!is_here)
        model_toast(m, TOAST_INFO, "What comes before is unread too, and not on this machine.");
    int64_t message = first_unread(v, r);
    if (message) {
        chat_top(m, l, message);
        seek_tell(m, message);
    } else {
        model_toast(m, TOAST_INFO, "All of %s is read.",
                    model_label(m, str_of(v->name), &(struct room_label){0}));
    }
}
