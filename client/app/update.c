#include "beside.h"
#include "model.h"
#include "update_parts.h"

#include <string.h>

static void forget_toasts(struct model *m)
{
    for (size_t i = m->toasts.n; i-- > 0;)
        if (m->toasts.v[i].until <= m->now)
            vec_remove(&m->toasts, i);
}

static void count_unread(struct model *m)
{
    vec_each (v, &m->views) {
        const struct replica *r = session_room(&m->session, str_of((*v)->name));
        if (!r || (*v)->counted_version == r->version)
            continue;
        (*v)->unread = replica_unread(r);
        (*v)->counted_version = r->version;
    }
}

/* After every input: selections point at what is there, what shows is marked as read, others
 * learn where we are. */
static void settle(struct model *m, struct effects *out)
{
    struct layout l;
    disk_settle(m);
    update_rooms_known(m, out);
    follow_settle(m, out);
    beside_settle(m);
    marks_settle(m);
    drag_settle(m);
    layout_of(m, &l);
    board_settle(m, &l);
    vec_each (r, &m->session.rooms)
        replica_trim(*r, m->here && *r == model_replica(m) ? m->here->chat_anchor : 0);
    chat_settle(m, &l, out);
    message_settle(m, &l, out);
    note_settle(m, &l, out);
    feed_settle(m, &l, out);
    catchup_settle(m, out);
    search_settle(m, &l, out);
    stats_settle(m, out);
    card_settle(m, &l, out);
    conflict_settle(m, out);
    people_settle(m, &l, out);
    lock_settle(m, out);
    fetch_settle(m, out);
    count_unread(m);
    rooms_settle(m);
    notify_settle(m, out);
    errand_settle(m, out);
    tour_settle(m, out);
    if (m->views.n)
        m->room_at = MIN(m->room_at, m->views.n - 1);
}

static void resize(struct model *m, int width, int height)
{
    m->width = MAX(width, 0);
    m->height = MAX(height, 0);
    m->drag = (struct drag){0};
}

static void take_key(struct model *m, struct key key, struct effects *out)
{
    m->key_at = m->now;
    if (follow_key(m, key))
        update_key(m, key, out);
}

/* The tour's keys are as a person's, but nobody is here because of them. */
static void tick(struct model *m, struct effects *out)
{
    struct key key;
    session_tick(&m->session, m->now, out);
    if (tour_types(m, &key))
        take_key(m, key, out);
}

/* While we are in, the session goes on with it; where we were not let in, it may help. */
static void take_token(struct model *m, struct str token, struct effects *out)
{
    if (m->session.state == SESSION_ONLINE)
        session_renew(&m->session, token, out, NULL);
    else if (m->session.state == SESSION_REFUSED)
        session_retry_now(&m->session, m->now, out);
}

static bool is_persons(enum input_kind kind)
{
    return kind == INPUT_KEY || kind == INPUT_PASTE || kind == INPUT_MOUSE ||
           kind == INPUT_COMMAND;
}

static void take(struct model *m, const struct input *in, struct effects *out)
{
    switch (in->kind) {
    case INPUT_KEY:
        catchup_key(m);
        people_key(m);
        take_key(m, in->key, out);
        break;
    case INPUT_PASTE:
        m->key_at = m->now;
        people_key(m);
        follow_end(m);
        update_paste(m, in->text, out);
        break;
    case INPUT_MOUSE:
        people_key(m);
        update_mouse(m, &in->mouse, out);
        break;
    case INPUT_FOCUS:
        m->focused = in->on;
        break;
    case INPUT_RESIZE:
        resize(m, in->width, in->height);
        break;
    case INPUT_START:
        people_key(m);
        session_start(&m->session, m->now, out);
        break;
    case INPUT_OPENED:
        session_opened(&m->session, m->now, out);
        break;
    case INPUT_LOST:
        session_lost(&m->session, in->why, m->now, out);
        break;
    case INPUT_FRAME:
        update_frame(m, in->text, out);
        break;
    case INPUT_TICK:
        tick(m, out);
        break;
    case INPUT_EDITED:
        if (!errand_edited(m, in->text, out))
            chat_edited(m, in->text, out);
        break;
    case INPUT_COMMAND:
        m->key_at = m->now;
        people_key(m);
        command_accept(m, in->text, out);
        break;
    case INPUT_TOKEN:
        take_token(m, in->text, out);
        break;
    case INPUT_NOTICE:
        errand_no_editor(m, out);
        model_toast(m, TOAST_ERROR, "%.*s", STR_ARG(in->text));
        break;
    }
}

void update(struct model *m, const struct input *in, struct effects *out)
{
    const struct tour before = m->tour;
    m->now = in->now;
    forget_toasts(m);
    take(m, in, out);
    if (is_persons(in->kind))
        tour_touched(m, in, &before);
    settle(m, out);
}

int64_t model_next_tick(const struct model *m)
{
    const struct session *s = &m->session;
    int64_t at = MIN(session_next_tick(s, m->now), people_next_tick(m));
    at = MIN(at, MIN(note_next_tick(m), stats_next_tick(m)));
    at = MIN(at, MIN(notify_next_tick(m), tour_next_tick(m)));
    at = MIN(at, read_next_tick(m));
    at = MIN(at, MIN(conflict_next_tick(m), drag_next_tick(m)));
    vec_each (t, &m->toasts)
        at = MIN(at, t->until);
    /* The countdown changes when a whole second of it is over. */
    if (s->state == SESSION_WAITING && s->retry_at > m->now)
        at = MIN(at, s->retry_at - (s->retry_at - m->now - 1) / 1000 * 1000);
    return MIN(at, session_silence_at(s, m->now));
}
