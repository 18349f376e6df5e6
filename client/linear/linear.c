#include "linear.h"
#include "layout.h"
#include "linear_parts.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

/* ---- what the model tells ---- */

static bool on_action(void *arg, const struct command *c, struct effects *out)
{
    (void)out;
    return lists_action(arg, c);
}

static void on_event(void *arg, const struct msg *event)
{
    words_heard(arg, event);
}

/* What happened meanwhile is told once, when all of it is here. */
static void on_toast(void *arg, enum toast_kind kind, struct str text)
{
    struct linear *l = arg;
    l->failed |= kind == TOAST_ERROR;
    if (l->m->missed > l->missed) {
        l->missed = l->m->missed;
        l->counting = true;
        buf_clear(&l->held);
        return;
    }
    if (kind != TOAST_ERROR)
        buf_clear(&l->held);
    say_held(l);
    words_toast(l, text);
}

static void on_text(void *arg, int64_t number, struct str text)
{
    say_note(arg, number, text);
}

static void on_place(void *arg, int64_t message)
{
    past_place(arg, message);
}

void linear_init(struct linear *l, struct model *m)
{
    *l = (struct linear){.m = m, .prompt = PROMPT_NONE};
    m->listener = (struct model_listener){.action = on_action,
                                          .event = on_event,
                                          .toast = on_toast,
                                          .text = on_text,
                                          .place = on_place,
                                          .arg = l};
    m->focus = FOCUS_CHAT;
}

void linear_finish(struct linear *l)
{
    buf_finish(&l->said);
    buf_finish(&l->held);
    vec_finish(&l->own);
    vec_finish(&l->people);
    vec_finish(&l->rooms);
}

/* ---- the link ---- */

static void say_waiting(struct linear *l)
{
    const struct session *s = &l->m->session;
    bool same = l->state == SESSION_WAITING && strcmp(l->why, s->why.text) == 0;
    if (same && l->m->now < l->waiting_at + LINEAR_WAITING_MS)
        return;
    long long left = MAX(s->retry_at - l->m->now + 999, 1000) / 1000;
    say(l, "Offline: %s. Trying again in %lld s; /retry does it now.%s", s->why.text, left,
        l->was_online ? " What you write is kept and sent then." : "");
    l->waiting_at = l->m->now;
    memcpy(l->why, s->why.text, sizeof l->why);
}

/* The link still counts as up. */
static void settle_silence(struct linear *l)
{
    const struct session *s = &l->m->session;
    int64_t silence = session_silence(s, l->m->now);
    if (!l->silent && silence)
        say(l, "No answer from the server for %lld s.", (long long)silence / 1000);
    else if (l->silent && !silence && s->state == SESSION_ONLINE)
        say(l, "The server answers again.");
    l->silent = silence > 0;
}

static void settle_link(struct linear *l)
{
    const struct session *s = &l->m->session;
    settle_silence(l);
    if (s->state == SESSION_WAITING) {
        say_waiting(l);
        l->state = SESSION_WAITING;
        return;
    }
    if (s->state == l->state || s->state == SESSION_STOPPED)
        return;
    if (s->state == SESSION_CONNECTING) {
        if (l->state == SESSION_STOPPED)
            say(l, "Connecting.");
        if (l->state == SESSION_WAITING)
            return; /* it is still the same absence */
    } else if (s->state == SESSION_REFUSED) {
        say(l, "Refused: %s", s->why.text);
        say(l, "/retry tries again.");
    } else {
        say(l, l->was_online ? "Online again." : "Online as %s.", s->user);
        l->was_online = true;
        l->why[0] = '\0';
    }
    l->state = s->state;
}

/* What takes longer than a moment, or has to wait for the link, is said; and that it is over.
 */
static void settle_unsaved(struct linear *l)
{
    const struct session *s = &l->m->session;
    size_t n = session_unsaved(s);
    if (n == 0) {
        if (l->unsaved)
            say(l, "All is saved.");
        l->unsaved = 0;
        l->unsaved_at = 0;
        l->put_off = ERR_NONE;
        return;
    }
    if (!l->unsaved_at)
        l->unsaved_at = l->m->now;
    bool late = s->state != SESSION_ONLINE || l->m->now >= l->unsaved_at + LINEAR_UNSAVED_MS;
    if (!late)
        return;
    if (n > l->unsaved) {
        say(l, n == 1 ? "%zu change is not saved yet." : "%zu changes are not saved yet.", n);
        l->unsaved = n;
    }
    if (s->put_off.code != ERR_NONE && s->put_off.code != l->put_off) {
        say(l, "The server says: %s", s->put_off.text);
        l->put_off = s->put_off.code;
    }
}

/* ---- the room ---- */

static bool is_ready(const struct linear *l, const struct replica *r)
{
    enum session_state state = l->m->session.state;
    bool no_link = state == SESSION_WAITING || state == SESSION_REFUSED;
    if (state == SESSION_ONLINE && !session_is_begun(&l->m->session, str_of(r->name)))
        return true;
    return r->seq > 0 && ((r->synced && (r->lines.n || !r->has_older)) || no_link);
}

static void settle_room(struct linear *l)
{
    const struct replica *r = model_replica(l->m);
    const char *name = l->m->here ? l->m->here->name : "";
    if (strcmp(l->here, name) != 0) {
        snprintf(l->here, sizeof l->here, "%s", name);
        l->entered = false;
        l->printed = l->people_at = l->card = l->from = l->to = 0;
        l->up = false;
        l->changed = l->own.n = 0;
        l->people.n = 0;
    }
    if (!r)
        return;
    if (!l->entered && is_ready(l, r)) {
        words_enter(l);
        l->entered = true;
    }
    if (!l->entered || !r->synced)
        return;
    words_new(l);
    if (l->changed)
        say(l, "%zu other change%s came meanwhile; /activity lists %s.", l->changed,
            l->changed == 1 ? "" : "s", l->changed == 1 ? "it" : "them");
    l->changed = 0;
    if (l->counting)
        say(l, "%zu of what was done meanwhile concerns you; /notices lists it.", l->missed);
    l->counting = false;
}

/* ---- other rooms ---- */

static struct linear_room *room_of(struct linear *l, const char *name)
{
    vec_each (room, &l->rooms)
        if (strcmp(room->name, name) == 0)
            return room;
    struct linear_room fresh = {0};
    snprintf(fresh.name, sizeof fresh.name, "%s", name);
    vec_push(&l->rooms, fresh);
    return &l->rooms.v[l->rooms.n - 1];
}

static void settle_rooms(struct linear *l)
{
    vec_each (v, &l->m->views) {
        struct linear_room *room = room_of(l, (*v)->name);
        const struct replica *r = session_room(&l->m->session, str_of((*v)->name));
        size_t n = (*v)->level == NOTIFY_MUTE ? 0 : (*v)->unread.all;
        bool unread = *v != l->m->here && n && r && r->synced;
        struct room_label label;
        model_label(l->m, str_of(room->name), &label);
        if (unread && !room->said)
            say(l, "%s: %zu%s unread message%s. /join %s goes there.", label.text, n,
                n >= UNREAD_MAX ? " or more" : "", n == 1 ? "" : "s", label.text);
        room->said = unread || (room->said && n && *v != l->m->here);
    }
}

/* ---- people ---- */

static struct linear_person *person_of(struct linear *l, const char *user)
{
    vec_each (p, &l->people)
        if (strcmp(p->user, user) == 0)
            return p;
    struct linear_person fresh = {.since = l->m->now};
    snprintf(fresh.user, sizeof fresh.user, "%s", user);
    vec_push(&l->people, fresh);
    return &l->people.v[l->people.n - 1];
}

/* Idle is no news: it comes and goes by itself. */
static enum status chosen(const struct person *p)
{
    return p->status == STATUS_IDLE ? STATUS_ONLINE : p->status;
}

static void look_at(struct linear *l, const struct replica *r)
{
    vec_each (known, &l->people) {
        const struct person *p = replica_person(r, str_of(known->user));
        bool online = p && p->online;
        enum status status = online ? chosen(p) : STATUS_ONLINE;
        if (online != known->online || status != known->status)
            known->since = l->m->now;
        known->online = online;
        known->status = status;
    }
}

static void say_person(struct linear *l, const struct replica *r, struct linear_person *known)
{
    const struct person *p = replica_person(r, str_of(known->user));
    const char *words = p && known->status != STATUS_ONLINE ? p->words : "";
    bool came = known->online && !known->said_online;
    if (!known->online)
        say(l, "%s is gone.", known->user);
    else if (known->status != STATUS_ONLINE)
        say(l, "%s is %s%s%s.", known->user,
            known->status == STATUS_DND ? "not to be disturbed" : "away", words[0] ? ": " : "",
            words);
    else
        say(l, came ? "%s is here." : "%s is back.", known->user);
}

/* The people who are here, once it is known who that is. */
static void say_who(struct linear *l)
{
    struct buf names = {0};
    size_t n = 0;
    vec_each (p, &l->people) {
        p->said_online = p->online;
        p->said_status = p->status;
        if (!p->online || str_is(str_of(p->user), l->m->session.user))
            continue;
        buf_fmt(&names, "%s%s", n++ ? ", " : "", p->user);
    }
    if (n)
        say(l, "Here with you: %.*s.", STR_ARG(buf_str(&names)));
    else
        say(l, "Nobody else is here.");
    buf_finish(&names);
}

static void settle_people(struct linear *l)
{
    const struct replica *r = model_replica(l->m);
    if (!r || !l->entered || !r->synced || l->m->session.state != SESSION_ONLINE)
        return;
    vec_each (p, &r->people)
        person_of(l, p->user);
    look_at(l, r);
    if (!l->people_at)
        l->people_at = l->m->now + LINEAR_SETTLE_MS / 3;
    if (l->people_at != INT64_MAX) {
        if (l->m->now < l->people_at)
            return;
        say_who(l);
        l->people_at = INT64_MAX;
    }
    vec_each (p, &l->people) {
        if (p->online == p->said_online && p->status == p->said_status)
            continue;
        if (l->m->now < p->since + LINEAR_SETTLE_MS)
            continue;
        if (!str_is(str_of(p->user), l->m->session.user))
            say_person(l, r, p);
        p->said_online = p->online;
        p->said_status = p->status;
    }
}

static void settle_typing(struct linear *l)
{
    const struct replica *r = model_replica(l->m);
    if (!r || !l->entered || !l->m->people.opts.show_typing)
        return;
    vec_each (s, &r->showing) {
        if (s->typing_until <= l->m->now || s->typing_task || s->typing_note ||
            str_is(str_of(s->user), l->m->session.user))
            continue;
        struct linear_person *p = person_of(l, s->user);
        if (p->typed_at && l->m->now < p->typed_at + LINEAR_TYPING_MS)
            continue;
        say(l, "%s is typing.", s->user);
        p->typed_at = l->m->now;
    }
}

/* ---- what is asked, and what is being written ---- */

static void settle_selection(struct linear *l)
{
    const struct replica *r = model_replica(l->m);
    const struct chat_pane *p = l->m->here ? &l->m->here->chat : NULL;
    if (!r || !p)
        return;
    const struct line *line = p->at && p->at != l->selected ? replica_said(r, p->at) : NULL;
    if (line) {
        words_message(l, line, WORDS_ALL);
        say(l, l->selected ? "Selected."
                           : "Selected: r answers, e edits, d deletes, + reacts, p pins, Esc "
                             "leaves it; or /message reply, /message unread and so on.");
    }
    l->selected = p->at;
    if (p->answering && p->answering != l->answering)
        say(l, "What you write now answers that message.");
    l->answering = p->answering;
    if (p->editing && p->editing != l->editing)
        say(l, "What you write now takes the place of your message.");
    l->editing = p->editing;
}

static void settle_questions(struct linear *l)
{
    struct model *m = l->m;
    if (m->dialog.is_open && !l->in_dialog)
        say_dialog(l);
    l->in_dialog = m->dialog.is_open;
    if (m->picker.is_open && !l->in_picker)
        say_picker(l);
    l->in_picker = m->picker.is_open;
}

static void settle_completions(struct linear *l)
{
    const struct completions *c = &l->m->completions;
    bool several = c->words.n > 1;
    if (several && !l->completing) {
        struct buf words = {0};
        for (size_t i = 0; i < MIN(c->words.n, (size_t)40); i++)
            buf_fmt(&words, "%s%.*s", i ? ", " : "", STR_ARG(c->words.v[i]));
        say(l, "%.*s%s", STR_ARG(buf_str(&words)), c->words.n > 40 ? ", ..." : "");
        buf_finish(&words);
    }
    l->completing = several;
}

static void settle_tour(struct linear *l)
{
    const struct tour *t = &l->m->tour;
    if (t->on && t->caption && t->caption != l->caption)
        say(l, "Tour: %s", t->caption);
    l->caption = t->caption;
}

/* Panes that only a screen has are closed at once; keys go to the chat's line. */
static void keep_to_lines(struct linear *l)
{
    struct model *m = l->m;
    m->focus = FOCUS_CHAT;
    m->help = false;
    l->missed = MIN(l->missed, m->missed); /* it counts anew on a new link */
    if (m->here)
        m->here->chat_anchor = m->here->chat_cut = 0;
}

void linear_settle(struct linear *l)
{
    say_held(l);
    keep_to_lines(l);
    settle_link(l);
    settle_room(l);
    settle_rooms(l);
    lists_settle(l);
    settle_people(l);
    settle_typing(l);
    settle_unsaved(l);
    settle_selection(l);
    settle_questions(l);
    settle_completions(l);
    settle_tour(l);
}

int64_t linear_next_tick(const struct linear *l)
{
    int64_t at = INT64_MAX;
    if (l->unsaved_at && !l->unsaved && l->m->session.state == SESSION_ONLINE)
        at = l->unsaved_at + LINEAR_UNSAVED_MS;
    if (l->opening)
        at = MIN(at, l->opening_at + LINEAR_SETTLE_MS);
    if (l->people_at && l->people_at != INT64_MAX)
        at = MIN(at, l->people_at);
    vec_each (p, &l->people)
        if (l->people_at == INT64_MAX &&
            (p->online != p->said_online || p->status != p->said_status))
            at = MIN(at, p->since + LINEAR_SETTLE_MS);
    return l->m->session.state == SESSION_ONLINE ? MAX(at, l->m->now + 1) : INT64_MAX;
}

/* ---- the prompt ---- */

void linear_prompt(const struct linear *l, struct buf *out)
{
    static const char *const names[] = {
        [PROMPT_COMMAND] = "/",         [PROMPT_FILTER] = "Filter: ",
        [PROMPT_ADD] = "New card: ",    [PROMPT_TITLE] = "Title: ",
        [PROMPT_COMMENT] = "Comment: ", [PROMPT_NOTE_NEW] = "New note: ",
        [PROMPT_NOTE_NAME] = "Name: ",  [PROMPT_FIND] = "Find: ",
        [PROMPT_REPLACE] = "Replace: ", [PROMPT_REPLACE_WITH] = "With: ",
        [PROMPT_LINE] = "Line: ",       [PROMPT_SEARCH] = "Search: ",
        [PROMPT_DAY] = "Day: "};
    const struct model *m = l->m;
    struct room_label label;
    const char *room = m->here ? model_label(m, str_of(m->here->name), &label) : "moot";
    if (m->dialog.is_open) {
        buf_fmt(out, "Which? ");
    } else if (m->picker.is_open) {
        const struct pick_item *item = picker_selected(&m->picker);
        buf_fmt(out, "%.*s (", STR_ARG(str_trim(m->picker.title)));
        say_plain(l, item ? item->text : STR("nothing fits"), out);
        buf_fmt(out, "): ");
    } else if (m->prompt != PROMPT_NONE) {
        buf_fmt(out, "%s%s%s", room, m->prompt == PROMPT_COMMAND ? "> " : " ",
                names[m->prompt]);
    } else if (m->here && m->here->chat.at) {
        buf_fmt(out, "%s selected> ", room);
    } else {
        const struct chat_pane *p = m->here ? &m->here->chat : NULL;
        buf_fmt(out, "%s%s%s> ", room, m->session.disk.code ? " (read only)" : "",
                !p             ? ""
                : p->answering ? " answer"
                : p->editing   ? " edit"
                               : "");
    }
}

static void add_row(const struct linear *l, struct str text, struct buf *out)
{
    struct buf row = {0};
    utf8_escape(&row, text); /* a newline is seen to be one */
    say_plain(l, buf_str(&row), out);
    buf_finish(&row);
}

void linear_line(const struct linear *l, struct buf *front, struct buf *back)
{
    const struct lineedit *line = model_line(l->m);
    linear_prompt(l, front);
    if (!line)
        return;
    struct str text = lineedit_text(line);
    add_row(l, (struct str){text.p, line->at}, front);
    add_row(l, (struct str){text.p + line->at, text.n - line->at}, back);
}

bool linear_is_writing(const struct linear *l)
{
    const struct lineedit *line = model_line(l->m);
    return l->m->dialog.is_open || l->m->picker.is_open || l->m->prompt != PROMPT_NONE ||
           (line && line->text.n);
}

/* ---- whole lines ---- */

static void press(uint32_t code, keys_each *each, void *arg)
{
    each(arg, &(struct input){.kind = INPUT_KEY, .key = {code, 0}});
}

/* The choice in whose words the line stands: "theirs", "delete it". */
static const struct dialog_choice *choice_of(const struct dialog *d, struct str line)
{
    struct arena a = {0};
    const char *words = str_keep(&a, line).p;
    const struct dialog_choice *found = NULL;
    for (size_t i = 0; i < d->n && !found; i++) {
        const char *at = strcasestr(d->choices[i].label, words), *end = at ? at + line.n : NULL;
        if (at && (at == d->choices[i].label || at[-1] == ' ') && (*end == ' ' || !*end))
            found = &d->choices[i];
    }
    arena_finish(&a);
    return found;
}

static void choose(enum action_id action, keys_each *each, void *arg)
{
    if (action == ACTION_CANCEL)
        press(K_ESCAPE, each, arg);
    else
        each(arg,
             &(struct input){.kind = INPUT_COMMAND, .text = str_of(action_table[action].name)});
}

/* "done" must not mean d: a key by itself, or the words of a choice. */
static void answer_question(const struct linear *l, struct str line, keys_each *each, void *arg)
{
    uint32_t first = 0;
    size_t n = utf8_next(line, &first);
    const struct dialog_choice *c = choice_of(&l->m->dialog, line);
    if (n == line.n)
        press(first, each, arg);
    else if (c)
        choose(c->action, each, arg);
    else
        each(arg, &(struct input){.kind = INPUT_NOTICE,
                                  .text = STR("That answers no question; it was not sent.")});
}

/* The answer takes the place of what was offered. */
static void answer(const struct linear *l, struct str line, keys_each *each, void *arg)
{
    if (line.n == 0) {
        press(K_ESCAPE, each, arg);
    } else if (l->m->dialog.is_open) {
        answer_question(l, line, each, arg);
    } else {
        each(arg, &(struct input){.kind = INPUT_KEY, .key = {K_END, 0}});
        each(arg, &(struct input){.kind = INPUT_KEY, .key = {'u', MOD_CTRL}});
        each(arg, &(struct input){.kind = INPUT_PASTE, .text = line});
        press(K_ENTER, each, arg);
    }
}

/* A command is no answer to a question, nor one of the things to pick: the question is left, so
 * that nothing of a script goes where it was not meant to. A line that is asked for may begin
 * with a slash. */
static void leave_question(const struct linear *l, struct str line, keys_each *each, void *arg)
{
    if (str_starts(line, "/") && (l->m->dialog.is_open || l->m->picker.is_open))
        press(K_ESCAPE, each, arg);
}

void linear_typed(const struct linear *l, struct str line, keys_each *each, void *arg)
{
    const struct model *m = l->m;
    leave_question(l, line, each, arg);
    if (m->dialog.is_open || m->picker.is_open || m->prompt != PROMPT_NONE) {
        answer(l, line, each, arg);
        return;
    }
    bool is_command = str_starts(line, "/") && !str_starts(line, "//");
    struct buf command = {0};
    if (!is_command)
        buf_add_str(&command, STR("send "));
    if (str_starts(line, "//"))
        line.p++, line.n--;
    buf_add_str(&command, line);
    if (str_trim(line).n)
        each(arg, &(struct input){.kind = INPUT_COMMAND, .text = buf_str(&command)});
    buf_finish(&command);
}
