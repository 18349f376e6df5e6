/* Bells: what is worth one goes out at once, or, when much comes together, as a number. */
#include "update_parts.h"

#include <string.h>

enum { LOST_AFTER_MS = 10000 }; /* a link that comes back sooner is not worth a word */

enum notify_level notify_level_of(const struct model *m, struct str room)
{
    const struct room_view *v = model_view(m, room);
    return v && v->level ? v->level : m->rules.level;
}

static bool is_in_view(const struct model *m, struct str room)
{
    return m->focused && m->here && str_is(room, m->here->name);
}

static void ring(struct model *m, struct str room, struct str text, struct effects *out)
{
    m->notified_at = m->now;
    m->held = 0;
    struct room_label label;
    effect_add(out, EFFECT_NOTIFY, str_of(model_label(m, room, &label)), text);
}

void notify_tell(struct model *m, struct str room, struct str text, struct effects *out)
{
    enum notify_level level = notify_level_of(m, room);
    if (level == NOTIFY_NONE || level == NOTIFY_MUTE || is_in_view(m, room) ||
        m->people.chosen == STATUS_DND || notify_is_quiet(&m->rules, m->now))
        return;
    if (m->notified_at && m->now - m->notified_at < NOTIFY_BURST_MS)
        m->held++;
    else
        ring(m, room, text, out);
}

static void tell_held(struct model *m, struct effects *out)
{
    struct buf text = {0};
    if (m->focused) /* whoever has come back sees it */
        m->held = 0;
    if (!m->held || m->now - m->notified_at < NOTIFY_BURST_MS)
        return;
    buf_fmt(&text, "and %zu more", m->held);
    ring(m, (struct str){0}, buf_str(&text), out);
    buf_finish(&text);
}

static void link_settle(struct model *m, struct effects *out)
{
    enum session_state state = m->session.state;
    if (state == SESSION_ONLINE) {
        if (m->told_lost)
            notify_tell(m, (struct str){0}, STR("The connection is back."), out);
        m->told_lost = false;
        m->lost_at = 0;
        m->was_online = true;
    } else if (m->was_online && !m->lost_at) {
        m->lost_at = m->now;
    } else if (m->lost_at && !m->told_lost && m->now - m->lost_at >= LOST_AFTER_MS) {
        m->told_lost = true;
        if (!m->focused)
            notify_tell(m, (struct str){0}, STR("The connection to the server is lost."), out);
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
    tell_held(m, out);
    link_settle(m, out);
    title_settle(m, out);
}

int64_t notify_next_tick(const struct model *m)
{
    int64_t at = m->held ? m->notified_at + NOTIFY_BURST_MS : INT64_MAX;
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
