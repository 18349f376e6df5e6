/* What went on while the person was away. */
#include "activity.h"
#include "beside.h"
#include "codec.h"
#include "update_parts.h"

#include <stdlib.h>
#include <string.h>

static void forget(struct catchup *c)
{
    vec_each (i, &c->items)
        free(i->text);
    c->items.n = c->questions.n = 0;
    c->more = false;
}

void catchup_finish(struct catchup *c)
{
    forget(c);
    vec_finish(&c->items);
    vec_finish(&c->questions);
}

static void begin(struct model *m)
{
    struct catchup *c = &m->catchup;
    forget(c);
    vec_each (v, &m->views) {
        struct catchup_question q = {0};
        memcpy(q.room, (*v)->name, sizeof q.room);
        vec_push(&c->questions, q);
    }
}

void catchup_show(struct model *m)
{
    struct catchup *c = &m->catchup;
    if (!m->here)
        return;
    c->since = c->left ? c->left : m->now - CATCHUP_MS;
    c->offered = true;
    begin(m);
    m->here->feed.shows = FEED_CATCHUP;
    m->here->feed.at = m->here->feed.first = 0;
    beside_show(m, BESIDE_FEED);
}

/* ---- items ---- */

static struct catchup_item *add(struct catchup *c, struct str room, struct str text)
{
    struct catchup_item item = {.text = str_dup(text)};
    memcpy(item.room, room.p, MIN(room.n, (size_t)ROOM_NAME_MAX));
    vec_push(&c->items, item);
    return &c->items.v[c->items.n - 1];
}

static void add_head(struct model *m, const struct room_view *v)
{
    struct room_label label;
    struct buf text = {0};
    size_t n = v->unread.all, mentions = v->unread.mentions;
    buf_fmt(&text, "%s", model_label(m, str_of(v->name), &label));
    if (n)
        buf_fmt(&text, ": %zu%s unread", MIN(n, (size_t)UNREAD_MAX - 1),
                n >= UNREAD_MAX ? "+" : "");
    if (mentions)
        buf_fmt(&text, ", %zu mention%s", mentions, mentions == 1 ? "" : "s");
    add(&m->catchup, str_of(v->name), buf_str(&text))->is_head = true;
    buf_finish(&text);
}

static void say(const struct replica *r, const struct msg_activity_page *page,
                const struct msg *event, struct buf *out)
{
    int64_t about = activity_about(event);
    struct str rest = event->message.text;
    if (event->type == MSG_MESSAGE && !about)
        buf_add_str(out, str_cut(&rest, '\n'));
    else
        activity_say(event, activity_thing(r, page->names.v, page->names.n, about), out);
}

static void add_event(struct model *m, const struct msg_activity_page *page,
                      const struct msg *event)
{
    struct buf text = {0};
    say(session_room(&m->session, page->room), page, event, &text);
    if (text.n) {
        struct catchup_item *i = add(&m->catchup, page->room, buf_str(&text));
        i->seq = event->event.seq;
        i->time = event->event.time;
        i->about = activity_about(event);
        memcpy(i->author, event->event.author.p, MIN(event->event.author.n, USER_NAME_MAX));
    }
    buf_finish(&text);
}

/* By room; of each the head, and then the newest first. */
static int in_order(const void *a, const void *b)
{
    const struct catchup_item *x = a, *y = b;
    int by_room = strcmp(x->room, y->room);
    if (by_room || x->is_head != y->is_head)
        return by_room ? by_room : y->is_head - x->is_head;
    return (x->seq < y->seq) - (x->seq > y->seq);
}

static void take(struct model *m, const struct msg_activity_page *page)
{
    struct arena a = {0};
    struct msg_list events;
    const struct room_view *v = model_view(m, page->room);
    activity_events(page, &a, &events);
    if (v && (events.n || v->unread.all))
        add_head(m, v);
    for (size_t i = 0; v && i < events.n; i++)
        add_event(m, page, &events.v[i]);
    m->catchup.more |= page->more;
    if (m->catchup.items.n)
        qsort(m->catchup.items.v, m->catchup.items.n, sizeof *m->catchup.items.v, in_order);
    arena_finish(&a);
}

/* ---- asking ---- */

static bool answered(struct catchup *c, int64_t id)
{
    for (size_t i = 0; id && i < c->questions.n; i++)
        if (c->questions.v[i].id == id) {
            vec_remove(&c->questions, i);
            return true;
        }
    return false;
}

bool catchup_take(struct model *m, const struct msg_activity_page *page)
{
    if (!answered(&m->catchup, page->head.re))
        return false;
    take(m, page);
    return true;
}

bool catchup_failed(struct model *m, int64_t id)
{
    return answered(&m->catchup, id);
}

void catchup_linked(struct model *m)
{
    vec_each (q, &m->catchup.questions)
        q->id = 0;
}

static void ask(struct model *m, struct catchup_question *q, struct effects *out)
{
    struct msg ask = {.type = MSG_ACTIVITY};
    ask.activity = (struct msg_activity){.head.room = str_of(q->room),
                                         .before = SEQ_MAX,
                                         .limit = ACTIVITY_MAX,
                                         .mine = true,
                                         .since = m->catchup.since + m->session.ahead};
    q->id = session_ask(&m->session, &ask, out, NULL);
}

/* Whoever was away for long is told that there is such a list. */
static void offer(struct model *m)
{
    struct catchup *c = &m->catchup;
    if (c->offered || !c->left || m->now - c->left < ABSENCE_MS || !m->here)
        return;
    c->offered = true;
    model_toast(m, TOAST_INFO, "You were away for a while. %s lists what concerns you since.",
                keymap_key(&m->keys, ACTION_CATCHUP, model_where(m)).s);
}

void catchup_settle(struct model *m, struct effects *out)
{
    struct catchup *c = &m->catchup;
    size_t n = MIN(c->questions.n, (size_t)CATCHUP_ASKED_MAX);
    if (m->session.state != SESSION_ONLINE || m->session.revision < 2)
        return;
    offer(m);
    for (size_t i = 0; i < n; i++)
        if (!c->questions.v[i].id)
            ask(m, &c->questions.v[i], out);
}

void catchup_key(struct model *m)
{
    struct catchup *c = &m->catchup;
    int64_t last = m->people.key_at;
    if (last && m->now - last >= ABSENCE_MS) {
        c->left = last;
        c->offered = false;
    }
}

void catchup_go(struct model *m, size_t at, struct effects *out)
{
    struct catchup_item item = m->catchup.items.v[at];
    struct room_view *v = model_view(m, str_of(item.room));
    const struct feed_pane from = m->here->feed;
    if (!v) {
        model_toast(m, TOAST_INFO, "You are no longer in %s.", item.room);
        return;
    }
    bool is_other = v != m->here;
    model_show(m, v, out);
    v->feed.shows = FEED_CATCHUP; /* the list stays where it is */
    v->feed.at = from.at;
    v->feed.first = from.first;
    beside_raise(v, BESIDE_FEED, is_other);
    if (item.about)
        thing_go(m, item.about, out);
    else if (item.is_head)
        read_first(m);
    else
        seek_message(m, item.seq);
    if (!item.about)
        m->focus = FOCUS_CHAT;
}
