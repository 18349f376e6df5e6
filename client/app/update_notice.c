/* What others did to what concerns us: said at once, and kept to be looked at again. */
#include "activity.h"
#include "direct.h"
#include "marker.h"
#include "update_parts.h"
#include "wrap.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LATE_MS = 60 * 1000, /* older than that it happened while we were away */
    SAID_WIDTH = 80,     /* columns of what is repeated of a message */
};

void notice_keep(struct model *m, struct notice n, const char *text)
{
    n.time = n.time ? n.time : m->now;
    n.text = str_dup(str_of(text));
    if (m->notices.n == NOTICES_MAX) {
        free(m->notices.v[0].text);
        vec_remove(&m->notices, 0);
    }
    vec_push(&m->notices, n);
}

void notices_finish(struct model *m)
{
    vec_each (n, &m->notices)
        free(n->text);
    vec_finish(&m->notices);
}

static void keep(struct model *m, const struct msg *event, const char *text)
{
    struct notice n = {.time = event->event.time,
                       .about = activity_about(event),
                       .message = event->type == MSG_MESSAGE ? event->event.seq : 0};
    memcpy(n.room, event->event.room.p, MIN(event->event.room.n, ROOM_NAME_MAX));
    notice_keep(m, n, text);
}

/* Says it, or, of what is over for a while, how much of it there is. */
static void tell(struct model *m, const struct msg *event, const char *text)
{
    if (notify_level_of(m, event->event.room) == NOTIFY_MUTE)
        return;
    if (model_server_now(m) - event->event.time < LATE_MS) {
        model_toast(m, TOAST_INFO, "%s", text);
        return;
    }
    for (size_t i = 0; i < m->toasts.n; i++)
        if (m->missed && strncmp(m->toasts.v[i].text, "While you were away", 19) == 0)
            vec_remove(&m->toasts, i);
    model_toast(m, TOAST_INFO,
                "While you were away: %zu of what was done concerns you. T shows it.",
                ++m->missed);
}

static bool is_mine(const struct replica *r, int64_t card, const char *user)
{
    const struct card *c = card ? board_card(&r->board, card) : NULL;
    return c && card_has(c, CARD_ASSIGNEE, str_of(user));
}

/* The change that gives us a card, or takes it away; NULL: none. */
static const struct change_item *about_me(const struct msg *event, const char *user)
{
    if (event->type != MSG_TASK_EDITED)
        return NULL;
    for (size_t i = 0; i < event->task_edited.changes.n; i++) {
        const struct change_item *c = &event->task_edited.changes.v[i];
        if (str_is(c->field, card_fields[CARD_ASSIGNEE].name) && str_is(c->value, user))
            return c;
    }
    return NULL;
}

void notice_from_admin(struct model *m, const struct msg_notice *n)
{
    struct buf text = {0};
    buf_fmt(&text, "%.*s says: %.*s", STR_ARG(n->author), STR_ARG(n->text));
    notice_keep(m, (struct notice){.time = n->time}, buf_cstr(&text));
    model_toast(m, TOAST_INFO, "%s", buf_cstr(&text));
    notify_tell(m, (struct bell){0}, buf_str(&text));
    buf_finish(&text);
}

/* What concerns us rings; so does chat with a keyword, or any where the person wants all. */
static void ring(struct model *m, const struct msg *event, const char *text)
{
    struct str room = event->event.room;
    struct bell bell = {.seq = event->type == MSG_MESSAGE ? event->event.seq : 0,
                        .at = m->now + (text ? NOTIFY_MINE_MS : NOTIFY_ANY_MS)};
    enum notify_level level = notify_level_of(m, room);
    bool is_chat = event->type == MSG_MESSAGE;
    bool wanted =
        is_chat && (level == NOTIFY_ALL || notify_has_keyword(&m->rules, event->message.text));
    struct buf words = {0};
    memcpy(bell.room, room.p, MIN(room.n, (size_t)ROOM_NAME_MAX));
    if (text) {
        notify_tell(m, bell, str_of(text));
    } else if (wanted) {
        struct str rest = event->message.text, said = str_cut(&rest, '\n');
        buf_fmt(&words, "%.*s in %s: %.*s", STR_ARG(event->event.author),
                model_label(m, room, &(struct room_label){0}), STR_ARG(said));
        notify_tell(m, bell, buf_str(&words));
    }
    buf_finish(&words);
}

/* As much of its first line as a notice has room for. */
static void add_said(const struct msg_message *said, struct buf *out)
{
    struct str rest = said->text, line = str_cut(&rest, '\n');
    buf_add(out, line.n ? line.p : "", glyphs_fit(line, SAID_WIDTH));
}

static void say_named(const struct model *m, const struct msg_message *said, bool answered,
                      struct buf *out)
{
    buf_fmt(out, "%s you in %s: ", answered ? "answered" : "mentioned",
            model_label(m, said->head.room, &(struct room_label){0}));
    add_said(said, out);
}

/* "ana writes: are you there?", and in a larger one to whom. */
static void say_direct(const struct model *m, const struct msg_message *said, struct buf *out)
{
    struct room_label label;
    model_label(m, said->head.room, &label);
    out->n = 0;
    if (strchr(label.text, '+'))
        buf_fmt(out, "%.*s in %s: ", STR_ARG(said->head.author), label.text);
    else
        buf_fmt(out, "%.*s: ", STR_ARG(said->head.author));
    add_said(said, out);
}

void notice_heard(struct model *m, const struct msg *event)
{
    const char *me = m->session.user;
    const struct replica *r = session_room(&m->session, event->event.room);
    if (!r || !me[0] || str_is(event->event.author, me))
        return;
    int64_t about = activity_about(event);
    bool is_chat = event->type == MSG_MESSAGE;
    bool answered = is_chat && str_is(event->message.to, me);
    bool named = is_chat && text_concerns(event->message.text, event->message.to, str_of(me));
    bool direct = is_chat && !about && room_is_direct(event->event.room);
    const struct change_item *given = about_me(event, me);
    struct buf text = {0};
    struct named_item thing = activity_thing(r, NULL, 0, about);
    buf_fmt(&text, "%.*s ", STR_ARG(event->event.author));
    if (direct)
        say_direct(m, &event->message, &text);
    else if (named && !about)
        say_named(m, &event->message, answered, &text);
    else if (given)
        buf_fmt(&text, given->gone ? "took you off #%lld '%.*s'" : "gave you #%lld '%.*s'",
                (long long)about, STR_ARG(thing.name));
    else if (!(named || is_mine(r, about, me)) || !activity_say(event, thing, &text))
        text.n = 0;
    buf_add_c(&text, '\0');
    bool is_said_here = (direct || named) && !about && notify_is_in_view(m, event->event.room);
    bool is_told = text.n > 1 && !is_said_here;
    if (is_told || (text.n > 1 && named))
        keep(m, event, text.p);
    if (is_told)
        tell(m, event, text.p);
    if (model_server_now(m) - event->event.time < LATE_MS)
        ring(m, event, is_told ? text.p : NULL);
    buf_finish(&text);
}
