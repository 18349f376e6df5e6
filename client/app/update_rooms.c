/* Rooms and people. */
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
    if (room.n <= ROOM_NAME_MAX && str_follows(room, RULE_ROOM))
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

void rooms_join(struct model *m, struct str room, struct effects *out)
{
    if (!is_room_name(m, room))
        return;
    if (!is_mine(m, room)) {
        struct msg join = {.type = MSG_ROOM_JOIN, .request.room = room};
        if (!request(m, &join, out))
            return;
    }
    struct room_view *v = model_open(m, room, out);
    if (v)
        model_show(m, v, out);
}

void rooms_create(struct model *m, struct str room, bool is_public, struct effects *out)
{
    if (!is_room_name(m, room))
        return;
    struct msg create = {.type = MSG_ROOM_CREATE,
                         .room_create = {.head.room = room, .is_public = is_public}};
    if (!request(m, &create, out))
        return;
    struct room_view *v = model_open(m, room, out);
    if (v)
        model_show(m, v, out);
}

void rooms_leave(struct model *m, struct effects *out)
{
    if (!m->here)
        return;
    struct msg leave = {.type = MSG_ROOM_LEAVE, .request.room = str_of(m->here->name)};
    if (request(m, &leave, out))
        model_toast(m, TOAST_INFO, "You leave %s. :join %s brings you back.", m->here->name,
                    m->here->name);
}

void rooms_set_member(struct model *m, struct str user, enum role role, struct effects *out)
{
    if (!m->here)
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
        if (v != m->here && v->unread) {
            model_show(m, v, out);
            return;
        }
    }
    model_toast(m, TOAST_INFO, "No other room has unread messages.");
}
