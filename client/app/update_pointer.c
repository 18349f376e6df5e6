/* Our mouse pointer, shown to the others while that is switched on. */
#include "layout_point.h"
#include "update_parts.h"

#include <string.h>

static void send_off(struct model *m, struct effects *out)
{
    struct own_pointer *p = &m->people.pointer;
    struct msg s = {.type = MSG_POINTER,
                    .pointer = {.head.room = str_of(p->room), .at = POINTED_OFF, .place = -1}};
    if (p->room[0])
        session_state(&m->session, &s, out);
    p->room[0] = '\0';
}

static void report_motion(bool on, struct effects *out)
{
    effect_add(out, EFFECT_MOTION, (struct str){0}, on ? STR("on") : (struct str){0});
}

void pointer_off(struct model *m, struct effects *out)
{
    if (!m->people.pointer.on)
        return;
    send_off(m, out);
    m->people.pointer = (struct own_pointer){0};
    report_motion(false, out);
}

static bool may_point(struct model *m)
{
    const struct replica *r = model_replica(m);
    const char *why = m->session.state != SESSION_ONLINE || !r ? "There is no connection."
                      : m->session.revision < 1 ? "This server is too old to pass a pointer on."
                      : r->role < ROLE_MEMBER   ? "Observers of a room do not point in it."
                                                : NULL;
    if (why)
        model_toast(m, TOAST_ERROR, "%s", why);
    return !why;
}

void pointer_toggle(struct model *m, struct effects *out)
{
    if (m->people.pointer.on) {
        pointer_off(m, out);
        model_toast(m, TOAST_INFO, "Your mouse pointer is your own again.");
    } else if (may_point(m)) {
        m->people.pointer = (struct own_pointer){.on = true};
        report_motion(true, out);
        model_toast(m, TOAST_INFO, "The others see your mouse pointer. %s ends it.",
                    keymap_key(&m->keys, ACTION_POINTER, IN_ALL).s);
    }
}

void pointer_moved(struct model *m, int x, int y)
{
    struct own_pointer *p = &m->people.pointer;
    p->known = true;
    p->x = x;
    p->y = y;
}

static struct pointing now_at(const struct model *m, const struct layout *l)
{
    const struct own_pointer *p = &m->people.pointer;
    const struct doc *d = note_doc(m);
    struct point_map map = {.m = m, .l = l};
    struct pointing at = {.at = POINTED_NOWHERE, .place = -1};
    if (p->known && m->focused)
        point_at(&map, p->x, p->y, &at);
    /* A place in a text is one in what the server has, too, only when all is stored. */
    if (at.at == POINTED_NOTE && at.place >= 0 && !doc_is_saved(d))
        at = p->sent;
    point_map_finish(&map);
    return at;
}

static bool is_same(const struct pointing *a, const struct pointing *b)
{
    return a->at == b->at && a->task == b->task && a->message == b->message &&
           a->note == b->note && a->place == b->place && a->x == b->x && a->y == b->y &&
           strcmp(a->column, b->column) == 0;
}

static void send(struct model *m, const struct pointing *at, struct effects *out)
{
    struct own_pointer *p = &m->people.pointer;
    struct msg s = {.type = MSG_POINTER,
                    .pointer = {.head.room = str_of(m->here->name),
                                .at = at->at,
                                .task = at->task,
                                .column = str_of(at->column),
                                .message = at->message,
                                .note = at->note,
                                .version = at->version,
                                .place = at->place,
                                .x = at->x,
                                .y = at->y}};
    session_state(&m->session, &s, out);
    memcpy(p->room, m->here->name, sizeof p->room);
    p->sent = *at;
    p->sent_at = m->now;
    p->is_news = false;
}

void pointer_settle(struct model *m, const struct layout *l, struct effects *out)
{
    struct own_pointer *p = &m->people.pointer;
    const struct replica *r = model_replica(m);
    if (!p->on)
        return;
    if (m->session.state != SESSION_ONLINE) {
        pointer_off(m, out);
        model_toast(m, TOAST_INFO, "With the connection your pointer is your own again.");
        return;
    }
    if (p->room[0] && (!r || strcmp(p->room, m->here->name) != 0))
        send_off(m, out);
    if (!r || r->role < ROLE_MEMBER)
        return;
    struct pointing now = now_at(m, l);
    int64_t waited = m->now - p->sent_at;
    p->is_news = !p->room[0] || !is_same(&now, &p->sent);
    if (p->is_news ? waited >= POINTER_EVERY_MS : waited >= POINTER_RENEW_MS)
        send(m, &now, out);
}

int64_t pointer_next_tick(const struct model *m)
{
    const struct own_pointer *p = &m->people.pointer;
    if (!p->on)
        return INT64_MAX;
    return p->sent_at + (p->is_news ? POINTER_EVERY_MS : POINTER_RENEW_MS);
}
