/* The pane that shows what went on in a room, or what concerned us. */
#include "activity.h"
#include "beside.h"
#include "codec.h"
#include "update_parts.h"

#include <stdlib.h>
#include <string.h>

static struct feed_pane *feed_of(const struct model *m)
{
    return m->here ? &m->here->feed : NULL;
}

static void forget(struct feed_pane *p)
{
    vec_each (i, &p->items)
        free(i->text);
    p->items.n = 0;
}

void feed_pane_finish(struct feed_pane *p)
{
    forget(p);
    vec_finish(&p->items);
}

/* Everything is asked for anew. */
static void begin(struct feed_pane *p)
{
    p->at = p->first = 0;
    p->is_known = false;
    p->asked = 0;
}

size_t feed_lines(const struct model *m)
{
    const struct feed_pane *p = feed_of(m);
    if (!p)
        return 0;
    return p->shows == FEED_NOTICES   ? m->notices.n
           : p->shows == FEED_CATCHUP ? m->catchup.items.n
                                      : p->items.n;
}

/* ---- items ---- */

static bool make_item(const struct replica *r, const struct msg *m,
                      const struct named_item *names, size_t n, struct feed_item *out)
{
    struct buf text = {0};
    int64_t about = activity_about(m);
    if (!activity_say(m, activity_thing(r, names, n, about), &text)) {
        buf_finish(&text);
        return false;
    }
    *out = (struct feed_item){m->event.seq, m->event.time, about, m->type, {0}, NULL};
    memcpy(out->author, m->event.author.p, MIN(m->event.author.n, USER_NAME_MAX));
    out->text = str_dup(buf_str(&text));
    buf_finish(&text);
    return true;
}

static bool same_sitting(const struct feed_item *old, const struct feed_item *item)
{
    return old->type == MSG_NOTE_EDITED && item->type == MSG_NOTE_EDITED &&
           old->about == item->about && strcmp(old->author, item->author) == 0 &&
           item->time - old->time <= SITTING_MS;
}

/* The line of the same sitting in the same text, if there is one near the newest. */
static size_t sitting_of(const struct feed_pane *p, const struct feed_item *item)
{
    enum { LOOK_BACK = 64 };
    for (size_t i = p->items.n, left = LOOK_BACK; i-- > 0 && left-- > 0;) {
        if (item->time - p->items.v[i].time > SITTING_MS)
            break;
        if (same_sitting(&p->items.v[i], item))
            return i;
    }
    return p->items.n;
}

/* A line at the newest end; the selection stays where it was unless it was the newest. */
static void add_newest(struct feed_pane *p, struct feed_item item)
{
    size_t same = sitting_of(p, &item);
    bool keeps = p->at > 0 && p->shows == FEED_ACTIVITY && same == p->items.n;
    if (same < p->items.n) {
        free(p->items.v[same].text);
        vec_remove(&p->items, same);
    }
    vec_push(&p->items, item);
    p->at += keeps;
    p->first += keeps;
    if (p->items.n > FEED_MAX) {
        free(p->items.v[0].text);
        vec_remove(&p->items, 0);
        p->more = true;
        p->before = p->items.v[0].seq;
    }
}

static bool passes(const struct feed_pane *p, const struct msg *m)
{
    enum activity kind = msg_table[m->type].activity;
    return (!p->user[0] || str_is(m->event.author, p->user)) &&
           (p->kind == ACTIVITY_ALL || p->kind == kind);
}

void feed_heard(struct model *m, const struct msg *event)
{
    struct room_view *v = model_view(m, event->event.room);
    const struct replica *r = session_room(&m->session, event->event.room);
    struct feed_item item;
    if (v && v->feed.shows == FEED_ACTIVITY && passes(&v->feed, event) &&
        make_item(r, event, NULL, 0, &item))
        add_newest(&v->feed, item);
}

/* ---- pages ---- */

static bool goes_on(const struct feed_item *item, const struct feed_item *later, size_t n)
{
    for (size_t i = 0; i < n && later[i].time - item->time <= SITTING_MS; i++)
        if (same_sitting(item, &later[i]))
            return true;
    return false;
}

/* Of several who write at the same time the log has each one's edits between the others'.
 * Returns how many lines are left of a page. */
static size_t fold(const struct feed_pane *p, struct feed_item *page, size_t n)
{
    size_t left = 0;
    for (size_t i = 0; i < n; i++) {
        if (goes_on(&page[i], page + i + 1, n - i - 1) ||
            (p->is_known && goes_on(&page[i], p->items.v, p->items.n)))
            free(page[i].text);
        else
            page[left++] = page[i];
    }
    return left;
}

/* What is newer than the page stays, and comes behind it again. */
static void take_first(struct feed_pane *p, const struct feed_item *page, size_t n)
{
    VEC(struct feed_item) newer = {0};
    int64_t newest = n ? page[n - 1].seq : 0;
    vec_each (i, &p->items) {
        if (i->seq > newest && n)
            vec_push(&newer, *i);
        else
            free(i->text);
    }
    p->items.n = 0;
    for (size_t i = 0; i < n; i++)
        vec_push(&p->items, page[i]);
    vec_each (i, &newer)
        add_newest(p, *i);
    vec_finish(&newer);
}

static void take_older(struct feed_pane *p, const struct feed_item *page, size_t n)
{
    for (size_t i = 0; i < n; i++)
        vec_push(&p->items, page[i]);
    if (!n)
        return;
    memmove(p->items.v + n, p->items.v, (p->items.n - n) * sizeof *page);
    memcpy(p->items.v, page, n * sizeof *page);
}

static void take_page(struct model *m, struct feed_pane *p,
                      const struct msg_activity_page *page)
{
    struct arena a = {0};
    struct msg_list events;
    VEC(struct feed_item) items = {0};
    struct feed_item item;
    activity_events(page, &a, &events);
    for (size_t i = 0; i < events.n; i++)
        if (make_item(session_room(&m->session, page->room), &events.v[i], page->names.v,
                      page->names.n, &item))
            vec_push(&items, item);
    items.n = fold(p, items.v, items.n);
    if (p->is_known)
        take_older(p, items.v, items.n);
    else
        take_first(p, items.v, items.n);
    p->is_known = true;
    p->more = page->more;
    p->before = page->from;
    vec_finish(&items);
    arena_finish(&a);
}

void feed_take(struct model *m, const struct msg_activity_page *page)
{
    vec_each (v, &m->views) {
        struct feed_pane *p = &(*v)->feed;
        if (p->asked && p->asked == page->head.re) {
            p->asked = 0;
            take_page(m, p, page);
        }
    }
}

bool feed_failed(struct model *m, int64_t id)
{
    vec_each (v, &m->views) {
        struct feed_pane *p = &(*v)->feed;
        if (!p->asked || p->asked != id)
            continue;
        p->asked = 0;
        p->is_known = true; /* not asked again and again */
        p->more = false;
        return true;
    }
    return false;
}

void feed_linked(struct model *m)
{
    vec_each (v, &m->views) {
        (*v)->feed.asked = 0;
        (*v)->feed.is_known = false;
    }
}

static void ask(struct model *m, struct feed_pane *p, struct effects *out)
{
    struct msg q = {.type = MSG_ACTIVITY};
    q.activity = (struct msg_activity){.head.room = str_of(m->here->name),
                                       .before = p->is_known ? p->before : SEQ_MAX,
                                       .limit = FEED_PAGE,
                                       .user = str_of(p->user),
                                       .kind = p->kind};
    p->asked = session_ask(&m->session, &q, out, NULL);
}

void feed_settle(struct model *m, const struct layout *l, struct effects *out)
{
    struct feed_pane *p = feed_of(m);
    const struct replica *r = model_replica(m);
    if (!p || p->shows == FEED_NOTHING || model_beside(m) != BESIDE_FEED)
        return;
    size_t n = feed_lines(m), rows = (size_t)MAX(l->beside.h, 1);
    p->at = MIN(p->at, n ? n - 1 : 0);
    if (p->at < p->first)
        p->first = p->at;
    else if (p->at >= p->first + rows)
        p->first = p->at - rows + 1;
    bool wants = !p->is_known || (p->more && n < FEED_MAX && p->first + 2 * rows > n);
    if (p->shows == FEED_ACTIVITY && wants && !p->asked && r && r->synced &&
        m->session.state == SESSION_ONLINE)
        ask(m, p, out);
}

/* ---- what the person does ---- */

void feed_show_activity(struct model *m, struct str user)
{
    struct feed_pane *p = feed_of(m);
    if (!p)
        return;
    if (user.n > USER_NAME_MAX || (user.n && !str_follows(user, RULE_USER))) {
        model_toast(m, TOAST_ERROR, "\"%.*s\" is no user name", (int)MIN(user.n, (size_t)100),
                    user.p);
        return;
    }
    memset(p->user, 0, sizeof p->user);
    memcpy(p->user, user.p ? user.p : "", user.n);
    p->shows = FEED_ACTIVITY;
    p->kind = ACTIVITY_ALL;
    begin(p);
    beside_show(m, BESIDE_FEED);
}

void feed_show_notices(struct model *m)
{
    struct feed_pane *p = feed_of(m);
    if (!p)
        return;
    p->shows = FEED_NOTICES;
    p->at = p->first = 0;
    beside_show(m, BESIDE_FEED);
}

void feed_step(struct model *m, int rows)
{
    struct feed_pane *p = feed_of(m);
    size_t n = feed_lines(m), far = (size_t)abs(rows);
    if (n)
        p->at = rows < 0 ? p->at - MIN(far, p->at) : MIN(p->at + far, n - 1);
}

void feed_close(struct model *m)
{
    struct feed_pane *p = feed_of(m);
    if (!p)
        return;
    p->shows = FEED_NOTHING;
    forget(p);
    begin(p);
}

void feed_by_person(struct model *m)
{
    struct feed_pane *p = feed_of(m);
    if (!p || p->shows != FEED_ACTIVITY)
        return;
    if (p->user[0])
        p->user[0] = '\0';
    else if (p->at < p->items.n)
        memcpy(p->user, p->items.v[p->items.n - 1 - p->at].author, sizeof p->user);
    forget(p);
    begin(p);
}

void feed_by_kind(struct model *m)
{
    struct feed_pane *p = feed_of(m);
    if (!p || p->shows != FEED_ACTIVITY)
        return;
    p->kind = (p->kind + 1) % ACTIVITY_COUNT;
    forget(p);
    begin(p);
}

void thing_go(struct model *m, int64_t number, struct effects *out)
{
    const struct replica *r = model_replica(m);
    const struct card *c = r ? board_card(&r->board, number) : NULL;
    if (r && replica_note(r, number)) {
        note_open(m, number, out);
    } else if (c && !c->archived && beside_has_focus(m, BESIDE_CARD)) {
        card_open(m, number, out);
    } else if (c && !c->archived) {
        board_select(m, c);
        m->focus = FOCUS_BOARD;
    } else if (r) {
        board_no_card(m, number);
    }
}

static void go_to_notice(struct model *m, const struct notice *n, struct effects *out)
{
    struct room_view *v = n->room[0] ? model_view(m, str_of(n->room)) : NULL;
    int64_t about = n->about;
    if (!v) {
        model_toast(m, TOAST_INFO, "That is about no room.");
        return;
    }
    model_show(m, v, out);
    if (about)
        thing_go(m, about, out);
    else if (n->message)
        seek_message(m, n->message);
    else
        m->focus = FOCUS_CHAT;
}

void feed_go(struct model *m, struct effects *out)
{
    const struct feed_pane *p = feed_of(m);
    if (!p || p->at >= feed_lines(m))
        return;
    if (p->shows == FEED_CATCHUP) {
        catchup_go(m, p->at, out);
        return;
    }
    if (p->shows == FEED_NOTICES) {
        go_to_notice(m, &m->notices.v[m->notices.n - 1 - p->at], out);
        return;
    }
    const struct feed_item *item = &p->items.v[p->items.n - 1 - p->at];
    if (item->about)
        thing_go(m, item->about, out);
    else
        model_toast(m, TOAST_INFO, "That is about no card and no note.");
}

void feed_press(struct model *m, const struct layout *l, const struct mouse *mouse,
                struct effects *out)
{
    struct feed_pane *p = feed_of(m);
    bool again = m->focus == FOCUS_BESIDE;
    m->focus = FOCUS_BESIDE;
    if (mouse->y < l->beside.y)
        return;
    size_t at = p->first + (size_t)(mouse->y - l->beside.y);
    if (at >= feed_lines(m))
        return;
    again = again && p->at == at;
    p->at = at;
    if (again)
        feed_go(m, out);
}
