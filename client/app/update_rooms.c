/* Rooms and people. */
#include "direct.h"
#include "update_parts.h"

#include <stdio.h>
#include <string.h>

static bool request(struct model *m, struct msg *r, struct effects *out)
{
    struct err e = {0};
    if (session_request(&m->session, r, m->now, out, &e))
        return true;
    model_toast(m, TOAST_ERROR, "%s", e.text);
    return false;
}

static bool is_room_name(struct model *m, struct str room)
{
    if (room.n <= TEAM_NAME_MAX && str_starts(room, "#") && str_follows(room, RULE_ROOM))
        return true;
    model_toast(m, TOAST_ERROR, "\"%.*s\" is no room name: # and then %s", STR_ARG(room),
                "letters a-z, digits, and . _ - up to 63 of them");
    return false;
}

static bool is_mine(const struct model *m, struct str room)
{
    const struct room_item_own *k = session_known(&m->session, room);
    return k ? k->role != ROLE_NONE : model_view(m, room) != NULL;
}

/* What cannot be shown now is said to be that. */
static void say_lacking(struct model *m, struct str room)
{
    const struct replica *r = session_room(&m->session, room);
    enum session_state state = m->session.state;
    struct room_label label;
    if (r && r->seq == 0 && (state == SESSION_WAITING || state == SESSION_REFUSED))
        model_toast(m, TOAST_INFO, "%s is not on this machine: it comes with the connection.",
                    model_label(m, room, &label));
}

/* In a direct conversation one writes. */
void rooms_show(struct model *m, struct str room, struct effects *out)
{
    struct room_view *v = model_open(m, room, out);
    if (!v)
        return;
    model_show(m, v, out);
    say_lacking(m, room);
    if (room_is_direct(room))
        m->focus = FOCUS_CHAT;
    else if (m->focus == FOCUS_ROOMS)
        m->focus = FOCUS_BOARD;
}

/* ---- direct conversations ---- */

/* Their names, with an @ or without, parted by blanks, commas or '+'. */
static void spell(struct str people, struct buf *out)
{
    for (size_t i = 0; i < people.n; i++) {
        bool is_gap = people.p[i] == ' ' || people.p[i] == ',' || people.p[i] == '+';
        if (!is_gap)
            buf_add_c(out, people.p[i]);
        else if (out->n && out->p[out->n - 1] != '+')
            buf_add_c(out, '+');
    }
}

static bool may_begin(struct model *m)
{
    const struct session *s = &m->session;
    if (!s->user[0])
        model_toast(m, TOAST_ERROR, "Who you are is not known before the first sign-in.");
    else if (s->state == SESSION_ONLINE && s->revision < 3)
        model_toast(m, TOAST_ERROR, "This server is too old for direct conversations.");
    else
        return true;
    return false;
}

void rooms_direct(struct model *m, struct str people, struct effects *out)
{
    struct buf typed = {0}, room = {0};
    struct err e = {0};
    spell(str_trim(people), &typed);
    bool ok = may_begin(m);
    if (ok && !direct_room(buf_str(&typed), str_of(m->session.user), &room, &e)) {
        model_toast(m, TOAST_ERROR, "%s", e.text);
        ok = false;
    }
    if (ok)
        rooms_show(m, buf_str(&room), out);
    buf_finish(&typed);
    buf_finish(&room);
}

/* ---- rooms ---- */

/* "core" is #core, as on the command line. */
static struct str with_sign(struct str room, struct arena *a)
{
    bool lacks = room.n && room.p[0] != '#' && room.p[0] != '@';
    return lacks ? str_fmt(a, "#%.*s", STR_ARG(room)) : room;
}

void rooms_join(struct model *m, struct str room, struct effects *out)
{
    room = with_sign(room, &out->arena);
    if (room_is_direct(room)) {
        rooms_direct(m, room, out);
        return;
    }
    if (!is_room_name(m, room))
        return;
    if (!is_mine(m, room)) {
        struct msg join = {.type = MSG_ROOM_JOIN, .request.room = room};
        if (!request(m, &join, out))
            return;
    }
    rooms_show(m, room, out);
}

void rooms_create(struct model *m, struct str room, bool is_public, struct effects *out)
{
    room = with_sign(room, &out->arena);
    if (!is_room_name(m, room))
        return;
    struct msg create = {.type = MSG_ROOM_CREATE,
                         .room_create = {.head.room = room, .is_public = is_public}};
    if (request(m, &create, out))
        rooms_show(m, room, out);
}

bool rooms_is_fixed(struct model *m)
{
    if (!room_is_direct(str_of(m->here->name)))
        return false;
    model_toast(m, TOAST_ERROR,
                "Who is in a direct conversation does not change; :dm begins another.");
    return true;
}

/* One in which nothing was said is nowhere but on this screen. */
static bool drops_unbegun(struct model *m, struct effects *out)
{
    struct str room = str_of(m->here->name);
    if (!room_is_direct(room) || session_is_begun(&m->session, room))
        return false;
    model_drop(m, m->here, out);
    return true;
}

void rooms_leave(struct model *m, struct effects *out)
{
    if (!m->here || drops_unbegun(m, out) || rooms_is_fixed(m))
        return;
    const struct replica *r = model_replica(m);
    char title[ROOM_NAME_MAX + 16];
    snprintf(title, sizeof title, " Leave %s? ", m->here->name);
    dialog_open(&m->dialog, str_of(title));
    form_add(&m->dialog.body, 0, "")->is_wide = true;
    form_say(&m->dialog.body, TONE_TEXT,
             r && r->is_public ? STR(":join brings you back.")
                               : STR("Only an owner can let you in again."));
    dialog_offer(&m->dialog, ACTION_LEAVE_SURE, "Leave");
    dialog_offer(&m->dialog, ACTION_CANCEL, "Stay");
    memcpy(m->leaving, m->here->name, sizeof m->leaving);
}

bool rooms_dialog_leave(struct model *m)
{
    if (!m->leaving[0])
        return false;
    m->leaving[0] = '\0';
    dialog_close(&m->dialog);
    return true;
}

void rooms_leave_sure(struct model *m, struct effects *out)
{
    struct str room = str_keep(&out->arena, str_of(m->leaving));
    struct msg leave = {.type = MSG_ROOM_LEAVE, .request.room = room};
    if (rooms_dialog_leave(m))
        request(m, &leave, out);
}

void rooms_topic(struct model *m, struct str topic, struct effects *out)
{
    const struct replica *r = model_replica(m);
    struct room_label label;
    if (!r)
        return;
    struct msg set = {.type = MSG_TOPIC_SET,
                      .topic_set = {.head.room = str_of(r->name), .topic = topic}};
    if (str_is(topic, "-"))
        set.topic_set.topic = (struct str){0};
    if (!topic.n)
        model_toast(m, TOAST_INFO,
                    r->topic[0] ? "%s: %s" : "%s has no topic%s; :topic TEXT sets one.",
                    model_label(m, str_of(r->name), &label), r->topic);
    else if (m->session.state == SESSION_ONLINE && m->session.revision < 5)
        model_toast(m, TOAST_ERROR, "This server is too old for topics.");
    else
        request(m, &set, out);
}

static void tell_kept(struct model *m, const struct replica *r)
{
    char text[CHAT_KEPT_WORDS];
    struct room_label label;
    const char *room = model_label(m, str_of(r->name), &label);
    chat_kept(r, text);
    if (text[0])
        model_toast(m, TOAST_INFO, "%s: %s; :retain off keeps everything.", room, text);
    else
        model_toast(m, TOAST_INFO,
                    "%s keeps everything; :retain 90d or :retain 10000 does not.", room);
}

void rooms_retain(struct model *m, struct str what, struct effects *out)
{
    const struct replica *r = model_replica(m);
    struct err e;
    if (!r)
        return;
    struct msg set = {.type = MSG_ROOM_RETAIN, .request.room = str_of(r->name)};
    if (!what.n)
        tell_kept(m, r);
    else if (!retention_read(what, &set.room_retain.keep, &e))
        model_toast(m, TOAST_ERROR, "%s", e.text);
    else if (m->session.state == SESSION_ONLINE && m->session.revision < 7)
        model_toast(m, TOAST_ERROR, "This server is too old for that.");
    else
        request(m, &set, out);
}

void rooms_set_member(struct model *m, struct str user, enum role role, struct effects *out)
{
    if (!m->here || rooms_is_fixed(m))
        return;
    struct msg set = {
        .type = MSG_MEMBER_SET,
        .member_set = {.head.room = str_of(m->here->name), .user = user, .role = role}};
    if (user.n > USER_NAME_MAX || !str_follows(user, RULE_USER)) {
        model_toast(m, TOAST_ERROR, "\"%.*s\" is no user name", STR_ARG(user));
        return;
    }
    request(m, &set, out);
}

void rooms_step(struct model *m, int by, struct effects *out)
{
    size_t n = m->views.n;
    for (size_t i = 0; i < n; i++)
        if (m->views.v[i] == m->here) {
            model_show(m, m->views.v[(i + n + (by < 0 ? n - 1 : 1)) % n], out);
            return;
        }
}

void rooms_next_unread(struct model *m, struct effects *out)
{
    size_t n = m->views.n, at = 0;
    while (at < n && m->views.v[at] != m->here)
        at++;
    for (size_t i = 1; i <= n; i++) {
        struct room_view *v = m->views.v[(at + i) % n];
        if (v != m->here && v->unread.all && v->level != NOTIFY_MUTE) {
            model_show(m, v, out);
            return;
        }
    }
    model_toast(m, TOAST_INFO, "No other room has unread messages.");
}

/* ---- their order ---- */

static enum room_rank rank_of(const struct model *m, const struct room_view *v)
{
    if (m->rooms_by_name || v->level == NOTIFY_MUTE || !v->unread.all)
        return RANK_READ;
    return v->unread.mentions || room_is_direct(str_of(v->name)) ? RANK_MINE : RANK_UNREAD;
}

static bool is_before(const struct model *m, const struct room_view *a,
                      const struct room_view *b)
{
    struct room_label x, y;
    if (a->rank != b->rank)
        return a->rank > b->rank;
    return strcmp(model_label(m, str_of(a->name), &x), model_label(m, str_of(b->name), &y)) < 0;
}

/* The one on screen keeps its place until it is left: that it is read does not make the list
 * jump. */
void rooms_settle(struct model *m)
{
    struct room_view *selected = m->room_at < m->views.n ? m->views.v[m->room_at] : NULL;
    if (m->focus == FOCUS_ROOMS)
        return; /* it would move below the hand */
    vec_each (v, &m->views)
        if (*v != m->here || (*v)->rank < rank_of(m, *v))
            (*v)->rank = rank_of(m, *v);
    for (size_t i = 1; i < m->views.n; i++) {
        struct room_view *v = m->views.v[i];
        size_t at = i;
        for (; at > 0 && is_before(m, v, m->views.v[at - 1]); at--)
            m->views.v[at] = m->views.v[at - 1];
        m->views.v[at] = v;
    }
    for (size_t i = 0; i < m->views.n; i++)
        if (m->views.v[i] == selected)
            m->room_at = i;
}

void rooms_order(struct model *m, struct str by)
{
    if (by.n && !str_is(by, "unread") && !str_is(by, "name")) {
        model_toast(m, TOAST_ERROR, "Rooms are listed by unread or by name.");
        return;
    }
    m->rooms_by_name = by.n ? str_is(by, "name") : !m->rooms_by_name;
    vec_each (v, &m->views)
        (*v)->rank = rank_of(m, *v);
    enum focus focus = m->focus;
    m->focus = FOCUS_BOARD;
    rooms_settle(m);
    m->focus = focus;
    model_toast(m, TOAST_INFO,
                m->rooms_by_name ? "Rooms are listed by name."
                                 : "Rooms with unread messages come first.");
}
