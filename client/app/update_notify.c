/* Bells: what is worth one waits for a moment, as it may be read on another screen of the
 * person's, and then goes out; or, when much comes together, as a number. */
#include "update_parts.h"

#include <stdlib.h>
#include <string.h>

enum { LOST_AFTER_MS = 10000 }; /* a link that comes back sooner is not worth a word */

enum notify_level notify_level_of(const struct model *m, struct str room)
{
    const struct room_view *v = model_view(m, room);
    return v && v->level ? v->level : m->rules.level;
}

bool notify_is_in_view(const struct model *m, struct str room)
{
    struct layout l;
    if (!m->focused || !m->here || !str_is(room, m->here->name))
        return false;
    layout_of(m, &l);
    return chat_is_in_view(m, &l);
}

/* ---- what waits ---- */

static void bell_drop(struct model *m, struct bell *b)
{
    free(b->text);
    vec_remove(&m->bells, (size_t)(b - m->bells.v));
}

void bells_finish(struct model *m)
{
    while (m->bells.n)
        bell_drop(m, &m->bells.v[m->bells.n - 1]);
    vec_finish(&m->bells);
}

static bool is_burst(const struct model *m)
{
    return m->notified_at && m->now - m->notified_at < NOTIFY_BURST_MS;
}

void notify_tell(struct model *m, struct bell bell, struct str text)
{
    enum notify_level level = notify_level_of(m, str_of(bell.room));
    if (level == NOTIFY_NONE || level == NOTIFY_MUTE ||
        notify_is_in_view(m, str_of(bell.room)) || people_is_dnd(m) ||
        notify_is_quiet(&m->rules, m->now) || m->bells.n == BELLS_MAX)
        return;
    bell.at = bell.seq ? bell.at : m->now;
    bell.more = is_burst(m);
    bell.text = str_dup(text);
    vec_push(&m->bells, bell);
}

/* Here, or on another screen of the person's. */
static bool was_read(const struct model *m, const struct bell *b)
{
    const struct replica *r = b->seq ? session_room(&m->session, str_of(b->room)) : NULL;
    return (r && r->read.mine.seq >= b->seq) ||
           (b->room[0] && notify_is_in_view(m, str_of(b->room)));
}

static void drop_what_was_read(struct model *m)
{
    for (size_t i = m->bells.n; i-- > 0;) {
        struct bell *b = &m->bells.v[i];
        if (was_read(m, b) || (b->more && m->focused)) /* whoever has come back sees it */
            bell_drop(m, b);
    }
}

static void ring(struct model *m, const char *room, struct str text, struct effects *out)
{
    struct room_label label;
    m->notified_at = m->now;
    effect_add(out, EFFECT_NOTIFY, str_of(model_label(m, str_of(room), &label)), text);
}

/* All that came too soon behind another: one as what it is, several as a number. */
static void ring_more(struct model *m, struct effects *out)
{
    struct buf text = {0};
    size_t n = 0;
    vec_each (b, &m->bells)
        n += b->more;
    buf_fmt(&text, "and %zu%s more", n, n >= BELLS_MAX - 1 ? "+" : "");
    if (n > 1)
        ring(m, "", buf_str(&text), out);
    for (size_t i = m->bells.n; i-- > 0;) {
        struct bell *b = &m->bells.v[i];
        if (!b->more)
            continue;
        if (n == 1)
            ring(m, b->room, str_of(b->text), out);
        bell_drop(m, b);
    }
    buf_finish(&text);
}

static struct bell *first_due(const struct model *m)
{
    struct bell *first = NULL;
    vec_each (b, &m->bells)
        if (b->at <= m->now && (!first || b->at < first->at))
            first = b;
    return first;
}

static void bells_settle(struct model *m, struct effects *out)
{
    drop_what_was_read(m);
    if (!is_burst(m))
        ring_more(m, out);
    struct bell *b = is_burst(m) ? NULL : first_due(m);
    if (!b)
        return;
    ring(m, b->room, str_of(b->text), out);
    bell_drop(m, b);
    vec_each (other, &m->bells)
        other->more = true;
}

static void link_settle(struct model *m)
{
    enum session_state state = m->session.state;
    if (state == SESSION_ONLINE) {
        if (m->told_lost)
            notify_tell(m, (struct bell){0}, STR("The connection is back."));
        m->told_lost = false;
        m->lost_at = 0;
        m->was_online = true;
    } else if (m->was_online && !m->lost_at) {
        m->lost_at = m->now;
    } else if (m->lost_at && !m->told_lost && m->now - m->lost_at >= LOST_AFTER_MS) {
        m->told_lost = true;
        if (!m->focused)
            notify_tell(m, (struct bell){0}, STR("The connection to the server is lost."));
    }
}

/* The room on screen, and, if the person wants it, how much is unread. */
static void title_settle(struct model *m, struct effects *out)
{
    size_t unread = 0;
    bool more = false;
    struct buf title = {0};
    vec_each (v, &m->views) {
        if (!m->rules.counts || (*v)->level == NOTIFY_MUTE)
            continue;
        unread += MIN((*v)->unread.all, (size_t)UNREAD_MAX - 1);
        more |= (*v)->unread.all >= UNREAD_MAX;
    }
    if (!m->here || (unread == m->badge && strcmp(m->titled, m->here->name) == 0))
        return;
    m->badge = unread;
    memcpy(m->titled, m->here->name, sizeof m->titled);
    struct room_label here;
    buf_fmt(&title, "moot %s", model_label(m, str_of(m->here->name), &here));
    if (unread)
        buf_fmt(&title, " (%zu%s)", unread, more ? "+" : "");
    effect_add(out, EFFECT_TITLE, str_of(m->here->name), buf_str(&title));
    buf_finish(&title);
}

void notify_settle(struct model *m, struct effects *out)
{
    link_settle(m);
    bells_settle(m, out);
    title_settle(m, out);
}

int64_t notify_next_tick(const struct model *m)
{
    int64_t at = INT64_MAX;
    vec_each (b, &m->bells)
        at = MIN(at, b->more ? m->notified_at + NOTIFY_BURST_MS : b->at);
    return m->lost_at && !m->told_lost ? MIN(at, m->lost_at + LOST_AFTER_MS) : at;
}

void notify_set_level(struct model *m, struct str name)
{
    struct err e = {0};
    enum notify_level level;
    if (!m->here)
        return;
    if (name.n && !notify_level_from_name(name, true, &level, &e)) {
        model_toast(m, TOAST_ERROR, "%s", e.text);
        return;
    }
    if (name.n)
        m->here->level = level;
    struct room_label here;
    model_toast(m, TOAST_INFO, "In %s what rings: %s%s",
                model_label(m, str_of(m->here->name), &here),
                notify_level_name(notify_level_of(m, str_of(m->here->name))),
                m->here->level ? "" : ", as everywhere");
}
