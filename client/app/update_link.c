/* What the server says, beyond what the replicas take in by themselves. */
#include "activity.h"
#include "direct.h"
#include "update_parts.h"

#include <stdio.h>
#include <string.h>

struct context {
    struct model *m;
    struct effects *out;
};

static void give_back_edit(struct model *m, const struct msg_task_edit *q)
{
    struct field_edit e = {.card = q->task, .field = CARD_TITLE, .value = q->title};
    if (q->title.n)
        field_give_back(m, &e);
    for (size_t i = 0; i < q->changes.n; i++) {
        e.value = q->changes.v[i].value;
        e.gone = q->changes.v[i].gone;
        if (card_field_named(q->changes.v[i].field, &e.field, NULL))
            field_give_back(m, &e);
    }
}

/* What was written goes back to where it can be sent again from. */
static void give_back_text(struct model *m, const struct msg *request)
{
    struct room_view *v = model_view(m, request->request.room);
    char command[COMMAND_MAX];
    bool is_edit = request->type == MSG_MESSAGE_EDIT;
    if (request->type == MSG_MESSAGE_POST && !v) {
        model_keep_draft(m, request->request.room, request->message_post.text);
    } else if ((request->type == MSG_MESSAGE_POST || is_edit) && v) {
        size_t at = v->input.at;
        v->input.at = 0;
        if (v->input.text.n)
            lineedit_insert(&v->input, STR("\n"));
        v->input.at = 0;
        lineedit_insert(&v->input,
                        is_edit ? request->message_edit.text : request->message_post.text);
        v->input.at += at;
        v->input.at = MIN(v->input.at, v->input.text.n);
        lineedit_do(&v->input, LINE_FINISH);
    } else if (request->type == MSG_TASK_ADD) {
        snprintf(command, sizeof command, "task add %.*s", STR_ARG(request->task_add.title));
        line_history_add(&m->commands, str_of(command));
    } else if (request->type == MSG_TASK_EDIT) {
        give_back_edit(m, &request->task_edit);
    } else if (request->type == MSG_NOTE_CREATE) {
        snprintf(command, sizeof command, "note new %.*s", STR_ARG(request->note_create.name));
        line_history_add(&m->commands, str_of(command));
    }
}

static void refused(void *arg, const struct msg *request, const struct err *why)
{
    struct context *c = arg;
    if (request->type == MSG_NOTE_EDIT) {
        note_refused(c->m, &request->note_edit, why);
        return;
    }
    give_back_text(c->m, request);
    if (undo_refused(c->m, request, why))
        return;
    bool has_text = request->type == MSG_TASK_ADD || request->type == MSG_TASK_EDIT ||
                    request->type == MSG_NOTE_CREATE;
    model_toast(c->m, TOAST_ERROR, "Not saved: %s%s", why->text,
                has_text ? " Your text: press : and Up." : "");
    if (request->type == MSG_ROOM_CREATE || request->type == MSG_ROOM_JOIN)
        c->m->wanted[0] = '\0';
}

static bool conflict(void *arg, const struct msg *request, const struct err *why)
{
    struct context *c = arg;
    (void)why;
    bool held = conflict_held(c->m, request);
    if (held)
        undo_forget(c->m, request);
    return held;
}

/* Of others only when the server has done it: it may know no such account. */
static void say_member(struct model *m, const struct msg_member *member)
{
    struct str room = member->head.room;
    if (!str_is(member->head.client, m->session.client) || room_is_direct(room))
        return;
    if (member->role == ROLE_NONE)
        model_toast(m, TOAST_INFO, "%.*s is taken out of %.*s.", STR_ARG(member->user),
                    STR_ARG(room));
    else
        model_toast(m, TOAST_INFO, "%.*s is now %s of %.*s.", STR_ARG(member->user),
                    role_name(member->role), STR_ARG(room));
}

/* The session knows its rooms from the last welcome; what came since is told here. */
static void take_member(struct model *m, const struct msg_member *member)
{
    if (!str_is(member->user, m->session.user)) {
        say_member(m, member);
        return;
    }
    struct room_item_own *known = session_known(&m->session, member->head.room);
    if (known)
        known->role = member->role;
    gone_heard(m, member->head.room, member->role, member->head.author);
}

/* Of the room on screen it is said who does it. */
static void take_topic(struct model *m, const struct msg *event)
{
    struct buf text = {0};
    bool is_here = m->here && str_is(event->event.room, m->here->name);
    buf_fmt(&text, "%.*s ", STR_ARG(event->event.author));
    if (is_here && activity_say(event, (struct named_item){0}, &text))
        model_toast(m, TOAST_INFO, "%s", buf_cstr(&text));
    buf_finish(&text);
}

/* Somebody else changed our role, or we did so elsewhere. */
static void take_role(struct context *c, const struct msg_room_role *role)
{
    struct model *m = c->m;
    if (model_view(m, role->room))
        gone_heard(m, role->room, role->role, role->author);
    else if (role->role != ROLE_NONE && !room_is_direct(role->room) &&
             !str_is(role->author, m->session.user))
        model_toast(m, TOAST_INFO, "%.*s invited you to %.*s. :join %.*s goes there.",
                    STR_ARG(role->author), STR_ARG(role->room), STR_ARG(role->room));
}

static void take_error(struct model *m, const struct msg_error *e)
{
    if (lock_refused(m, e) || conflict_failed(m, e->head.re) || stats_failed(m, e) ||
        search_failed(m, e) || message_failed(m, e->head.re) || gone_error(m, e))
        return;
    catchup_failed(m, e->head.re);
    feed_failed(m, e->head.re);
    card_log_failed(m, e->head.re);
    bool will_ask_again = false;
    vec_each (v, &m->views) {
        struct note_pane *p = &(*v)->note;
        will_ask_again = history_failed(p, e->head.re, e->retry, m->now) || will_ask_again;
        will_ask_again = blame_failed(p, e->head.re, e->retry) || will_ask_again;
    }
    if (!will_ask_again)
        model_toast(m, TOAST_ERROR, "%.*s", STR_ARG(e->message));
}

/* Answers to the questions of note panes, and what is new in histories. */
static void take_note(struct model *m, const struct msg *msg)
{
    vec_each (v, &m->views) {
        if (msg->type == MSG_NOTE_RUNS)
            blame_take(&(*v)->note, &msg->note_runs);
        else if (msg->type != MSG_NOTE_EDITED || str_is(msg->event.room, (*v)->name))
            history_take(&(*v)->note, msg);
    }
}

static bool is_of_note(enum msg_type t)
{
    return t == MSG_NOTE_RUNS || t == MSG_NOTE_TEXT || t == MSG_NOTE_VERSIONS ||
           t == MSG_NOTE_EDITED;
}

static bool is_of_board(enum msg_type t)
{
    return t == MSG_TASK_EDITED || t == MSG_TASK_MOVED || t == MSG_TASK_ARCHIVED ||
           t == MSG_TASK_RESTORED || t == MSG_COLUMN_EDITED || t == MSG_COLUMN_MOVED ||
           t == MSG_COLUMN_REMOVED;
}

static void linked(struct model *m)
{
    people_forgotten(m);
    gone_linked(m);
    m->missed = 0;
    feed_linked(m);
    catchup_linked(m);
    search_linked(m);
    card_log_linked(m);
    stats_linked(m);
}

static void message(void *arg, const struct msg *msg)
{
    struct context *c = arg;
    if (msg_table[msg->type].class == CLASS_EVENT) {
        feed_heard(c->m, msg);
        card_log_heard(c->m, msg);
        if (c->m->listener.event)
            c->m->listener.event(c->m->listener.arg, msg);
        notice_heard(c->m, msg);
    }
    if (msg->type == MSG_TASK_MOVED)
        move_heard(c->m, &msg->task_moved);
    if (msg->type == MSG_OK)
        lock_answered(c->m, msg->ok.head.re);
    else if (msg->type == MSG_LOCKED)
        lock_heard(c->m, &msg->locked);
    else if (is_of_note(msg->type))
        take_note(c->m, msg);
    else if (msg->type == MSG_ERROR)
        take_error(c->m, &msg->error);
    else if (msg->type == MSG_MEMBER)
        take_member(c->m, &msg->member);
    else if (msg->type == MSG_ROOM_TOPIC || msg->type == MSG_ROOM_RETENTION)
        take_topic(c->m, msg);
    else if (is_of_board(msg->type))
        undo_heard(c->m, msg);
    else if (msg->type == MSG_STATUS_SET)
        people_chosen(c->m, &msg->status_set);
    else if (msg->type == MSG_NOTICE)
        notice_from_admin(c->m, &msg->notice);
    else if (msg->type == MSG_RENEWED)
        model_toast(c->m, TOAST_INFO, "Signed in anew, with the token that is there now.");
    else if (msg->type == MSG_ROOM_ROLE)
        take_role(c, &msg->room_role);
    else if (msg->type == MSG_CONFLICT)
        conflict_heard(c->m, &msg->conflict);
    else if (msg->type == MSG_HISTORY_PAGE && !message_page(c->m, &msg->history_page))
        card_log_take(c->m, msg);
    else if (msg->type == MSG_ACTIVITY_PAGE && !conflict_page(c->m, &msg->activity_page) &&
             !card_log_take(c->m, msg) && !catchup_take(c->m, &msg->activity_page))
        feed_take(c->m, &msg->activity_page);
    else if (msg->type == MSG_SEARCH_PAGE)
        search_take(c->m, &msg->search_page);
    else if (msg->type == MSG_STATS)
        stats_take(c->m, &msg->stats);
    else if (msg->type == MSG_BUSY)
        stats_take_busy(c->m, &msg->busy);
    else if (msg->type == MSG_WELCOME)
        linked(c->m);
}

/* What was on screen and is gone did not vanish by itself. */
static void say_put_back(struct model *m)
{
    if (m->session.put_back)
        model_toast(
            m, TOAST_INFO,
            "The server was put back to an earlier state. What came after that is gone; "
            "what waits here is sent.");
    m->session.put_back = false;
}

void update_frame(struct model *m, struct str bytes, struct effects *out)
{
    struct context c = {m, out};
    session_frame(&m->session, bytes, m->now,
                  (struct session_listener){
                      .message = message, .refused = refused, .conflict = conflict, .arg = &c},
                  out);
    say_put_back(m);
}

/* Said before anything is written that could not be kept, and when it can be. */
void disk_settle(struct model *m)
{
    const struct err *disk = &m->session.disk;
    bool bad = disk->code != ERR_NONE;
    if (bad && !m->told_disk)
        model_toast(m, TOAST_ERROR,
                    "%.300s. Nothing new is taken until it can be kept; reading goes on.",
                    disk->text);
    else if (!bad && m->told_disk)
        model_toast(m, TOAST_INFO, "What you write can be kept again.");
    m->told_disk = bad;
}

/* An option may name a direct conversation without oneself; and one that nobody has said
 * anything in yet is ours all the same. */
static struct room_view *wanted(struct model *m, struct effects *out)
{
    struct buf room = {0};
    struct str name = str_of(m->wanted), user = str_of(m->session.user);
    if (room_is_direct(name) && direct_room(name, user, &room, NULL))
        name = buf_str(&room);
    struct room_view *v = name.n ? model_view(m, name) : NULL;
    if (!v && m->session.state == SESSION_ONLINE && room_is_direct(name) &&
        direct_has(name, user))
        v = model_open(m, name, out);
    buf_finish(&room);
    return v;
}

static void say_not_ours(struct model *m)
{
    model_toast(m, TOAST_INFO, "You are not in %s; :join goes to a public room.", m->wanted);
    m->is_elsewhere = true;
}

/* Rooms that the server says are ours are opened, so that their unread messages are known. */
void update_rooms_known(struct model *m, struct effects *out)
{
    enum { OPEN_MAX = 250 }; /* fewer than one connection may have */
    gone_settle(m, out);
    for (size_t i = 0; i < m->session.known.n && m->views.n < OPEN_MAX; i++)
        if (m->session.known.v[i].role != ROLE_NONE)
            model_open(m, str_of(m->session.known.v[i].name), out);
    struct room_view *v = wanted(m, out);
    if (v)
        model_show(m, v, out);
    else if (m->wanted[0] && m->session.state == SESSION_ONLINE)
        say_not_ours(m);
    if (v || m->session.state == SESSION_ONLINE)
        m->wanted[0] = '\0';
    if (!m->here && m->views.n && !m->wanted[0])
        model_show(m, m->views.v[0], out);
}
