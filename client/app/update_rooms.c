/* Rooms and people. */
#include "direct.h"
#include "update_parts.h"

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
    vec_each (known, &m->session.known)
        if (str_is(room, known->name))
            return known->role != ROLE_NONE;
    return model_view(m, room) != NULL;
}

/* In a direct conversation one writes. */
void rooms_show(struct model *m, struct str room, struct effects *out)
{
    struct room_view *v = model_open(m, room, out);
    if (!v)
        return;
    model_show(m, v, out);
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
    struct msg create = {.type = MSG_ROOM_CREATE};
    bool ok = may_begin(m);
    if (ok && !direct_room(buf_str(&typed), str_of(m->session.user), &room, &e)) {
        model_toast(m, TOAST_ERROR, "%s", e.text);
        ok = false;
    }
    create.request.room = buf_str(&room);
    if (ok && (is_mine(m, buf_str(&room)) || request(m, &create, out)))
        rooms_show(m, buf_str(&room), out);
    buf_finish(&typed);
    buf_finish(&room);
}

void rooms_not_made(struct model *m, struct str room)
{
    struct room_view *v = model_view(m, room);
    const struct replica *r = session_room(&m->session, room);
    if (v && r && r->seq == 0)
        v->left = v->unmade = true;
}

/* ---- rooms ---- */

void rooms_join(struct model *m, struct str room, struct effects *out)
{
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
    if (!is_room_name(m, room))
        return;
    struct msg create = {.type = MSG_ROOM_CREATE,
                         .room_create = {.head.room = room, .is_public = is_public}};
    if (request(m, &create, out))
        rooms_show(m, room, out);
}

/* Who is in it nobody changes. */
static bool is_fixed(struct model *m)
{
    if (!room_is_direct(str_of(m->here->name)))
        return false;
    model_toast(m, TOAST_ERROR,
                "Who is in a direct conversation does not change; :dm begins another.");
    return true;
}

void rooms_leave(struct model *m, struct effects *out)
{
    if (!m->here || is_fixed(m))
        return;
    struct msg leave = {.type = MSG_ROOM_LEAVE, .request.room = str_of(m->here->name)};
    if (request(m, &leave, out))
        model_toast(m, TOAST_INFO, "You leave %s. :join %s brings you back.", m->here->name,
                    m->here->name);
}

void rooms_set_member(struct model *m, struct str user, enum role role, struct effects *out)
{
    if (!m->here || is_fixed(m))
        return;
    struct msg set = {
        .type = MSG_MEMBER_SET,
        .member_set = {.head.room = str_of(m->here->name), .user = user, .role = role}};
    if (user.n > USER_NAME_MAX || !str_follows(user, RULE_USER)) {
        model_toast(m, TOAST_ERROR, "\"%.*s\" is no user name", STR_ARG(user));
        return;
    }
    if (request(m, &set, out))
        model_toast(m, TOAST_INFO,
                    role == ROLE_NONE ? "%.*s is taken out of %s" : "%.*s is invited to %s",
                    STR_ARG(user), m->here->name);
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
        if (v != m->here && v->unread.all) {
            model_show(m, v, out);
            return;
        }
    }
    model_toast(m, TOAST_INFO, "No other room has unread messages.");
}
