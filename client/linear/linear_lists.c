/* Commands that print: what the screen has panes for. */
#include "activity.h"
#include "card_form.h"
#include "layout.h"
#include "linear_parts.h"

#include <stdio.h>
#include <string.h>

static const struct replica *here(struct linear *l)
{
    const struct replica *r = model_replica(l->m);
    if (!r)
        say(l, "No room is open. /room list lists yours, /join #name goes to one.");
    return r;
}

/* ---- the board ---- */

static void add_value(struct buf *out, const struct card *c, enum card_field f,
                      const char *word)
{
    bool any = false;
    vec_each (v, &c->values) {
        if (v->field != f)
            continue;
        buf_fmt(out, "%s%s%s", any ? " " : ", ", any ? "" : word, v->value);
        any = true;
    }
}

static void say_card(struct linear *l, const struct replica *r, const struct card *c)
{
    struct buf out = {0};
    if (c->number > 0)
        buf_fmt(&out, "  %lld  %s", (long long)c->number, c->title);
    else
        buf_fmt(&out, "  new  %s", c->title);
    add_value(&out, c, CARD_PRIORITY, "");
    add_value(&out, c, CARD_DUE, "due ");
    add_value(&out, c, CARD_ASSIGNEE, "@");
    add_value(&out, c, CARD_LABEL, "label ");
    add_value(&out, c, CARD_BLOCKER, "blocked by ");
    if (replica_card_is_pending(r, c->number))
        buf_add_str(&out, STR(" (not saved yet)"));
    say_text(l, buf_str(&out));
    buf_finish(&out);
}

static void say_column(struct linear *l, const struct replica *r, const struct column *column)
{
    size_t n = column->cards.n;
    say(l, "%s, %zu card%s%s:", column->name, n, n == 1 ? "" : "s",
        column->limit && (int64_t)n > column->limit ? ", more than it should have" : "");
    vec_each (c, &column->cards)
        say_card(l, r, *c);
}

static void list_cards(struct linear *l, struct str name)
{
    const struct replica *r = here(l);
    if (!r)
        return;
    int at = name.n ? board_column(&r->board, name) : 0;
    if (at < 0) {
        say(l, "There is no column \"%.*s\" here.", STR_ARG(name));
        return;
    }
    if (r->board.columns.n == 0)
        say(l, "The board has no columns.");
    for (size_t i = 0; i < r->board.columns.n; i++)
        if (name.n == 0 || i == (size_t)at)
            say_column(l, r, &r->board.columns.v[i]);
}

/* The rows of the screen's card view. */
static void say_form(struct linear *l, const struct form *f, int64_t before)
{
    vec_each (row, &f->rows) {
        if (before && row->id == before)
            return;
        struct str value = form_value(f, row);
        struct str label = str_trim(row->label);
        const char *state = row->state == FORM_PENDING    ? " (not saved yet)"
                            : row->state == FORM_CONFLICT ? " (/conflict decides)"
                                                          : "";
        if (str_trim(value).n == 0 && label.n == 0)
            continue;
        say(l, "%s%.*s%s%.*s%s", label.n ? "" : "  ", STR_ARG(label), label.n ? ": " : "",
            STR_ARG(str_trim(value)), state);
    }
}

static void show_card(struct linear *l, int64_t number, bool all)
{
    const struct replica *r = here(l);
    const struct card *c = r ? board_card(&r->board, replica_number_of(r, number)) : NULL;
    if (!r)
        return;
    if (!c) {
        say(l, "There is no card %lld.", (long long)number);
        return;
    }
    struct form f = {0};
    card_form(l->m, c, CARD_VIEW_MAX, &f);
    say(l, "Card %lld%s", (long long)c->number, c->archived ? ", put away" : "");
    say_form(l, &f, all ? 0 : CARD_ROW_DESCRIPTION);
    form_finish(&f);
    l->card = c->number;
}

/* The newest at the end, as all is read here. */
static void say_activity(struct linear *l, const struct feed_pane *p)
{
    char when[CLOCK_WORDS];
    size_t n = MIN(p->items.n, (size_t)LINEAR_LINES);
    if (n == 0)
        say(l, "Nothing was done here yet.");
    for (size_t i = p->items.n - n; i < p->items.n; i++)
        say(l, "  %s %s %s", clock_words(l, p->items.v[i].time, when), p->items.v[i].author,
            p->items.v[i].text);
}

static void say_found(struct linear *l, const struct search_pane *p)
{
    char when[CLOCK_WORDS];
    size_t n = MIN(p->items.n, (size_t)LINEAR_LINES);
    if (p->fault.code) {
        say(l, "%s", p->fault.text);
        return;
    }
    say(l, "%zu%s found%s", p->items.n, p->more ? " or more" : "",
        n < p->items.n ? "; these are the last:"
        : n            ? ":"
                       : ".");
    for (size_t i = n; i-- > 0;) {
        const struct found_item *f = &p->items.v[i];
        struct room_label label;
        bool is_said = f->kind == FOUND_CHAT || f->kind == FOUND_COMMENT;
        say(l, "  %s %s%s%lld %s %.*s%s%.*s: %.*s", model_label(l->m, f->room, &label),
            is_said ? "" : found_name(f->kind), is_said ? "" : " ",
            (long long)(is_said ? f->seq : f->number), clock_words(l, f->time, when),
            STR_ARG(f->author), f->title.n ? " on " : "", STR_ARG(f->title),
            STR_ARG(f->excerpt));
    }
}

/* What was asked for is said as soon as the server has answered. */
static bool is_answered(const struct linear *l)
{
    const struct model *m = l->m;
    if (l->asked == ACTION_ACTIVITY)
        return m->here->feed.is_known;
    if (l->asked == ACTION_CATCHUP)
        return m->catchup.questions.n == 0;
    if (l->asked == ACTION_SEARCH)
        return m->search.is_known || m->search.fault.code;
    return !past_is_on_the_way(l);
}

static void settle_asked(struct linear *l)
{
    const struct model *m = l->m;
    if (!l->asked || !m->here)
        return;
    bool is_here = is_answered(l);
    if (!is_here && m->session.state == SESSION_ONLINE)
        return;
    if (!is_here) {
        say(l, "That is on the server, and there is no link.");
        past_give_up(l);
    } else if (l->asked == ACTION_ACTIVITY) {
        say_activity(l, &m->here->feed);
    } else if (l->asked == ACTION_CATCHUP) {
        past_catchup(l);
    } else if (l->asked == ACTION_SEARCH && m->prompt != PROMPT_SEARCH) {
        say_found(l, &m->search);
    }
    l->asked = ACTION_NONE;
}

/* All of a card is shown once it is here. */
void lists_settle(struct linear *l)
{
    settle_asked(l);
    const struct model *m = l->m;
    const struct card_pane *p = m->here ? &m->here->card_pane : NULL;
    if (!p || !p->card) {
        l->opening = 0;
        return;
    }
    if (p->card != l->opened) {
        l->opening = l->opened = p->card;
        l->opening_at = m->now;
    }
    bool here = p->doc && p->doc->text && p->comments.is_known && p->done.is_known;
    if (!l->opening || (!here && m->session.state == SESSION_ONLINE &&
                        m->now < l->opening_at + LINEAR_SETTLE_MS))
        return;
    show_card(l, l->opening, true);
    l->opening = 0;
}

/* ---- rooms and people ---- */

static void list_rooms(struct linear *l)
{
    struct room_label label;
    vec_each (v, &l->m->views) {
        struct unread_count u = (*v)->unread;
        char mentions[40] = "";
        if (u.mentions)
            snprintf(mentions, sizeof mentions, ", %zu mention%s", u.mentions,
                     u.mentions == 1 ? "" : "s");
        say(l, "  %s, %zu%s unread%s%s%s", model_label(l->m, str_of((*v)->name), &label), u.all,
            u.all >= UNREAD_MAX ? " or more" : "", mentions,
            (*v)->level == NOTIFY_MUTE ? ", mute" : "",
            *v == l->m->here ? ", you are here" : "");
    }
    if (l->m->views.n == 0)
        say(l, "You are in no room.");
}

static void say_member(struct linear *l, const struct person *p)
{
    if (!p->online)
        say(l, "  %s%s, not here", p->user, p->bot ? " (bot)" : "");
    else
        say(l, "  %s%s, %s%s%s%s", p->user, p->bot ? " (bot)" : "",
            p->status == STATUS_DND ? "not to be disturbed" : status_name(p->status),
            p->words[0] ? ": " : "", p->words,
            str_is(str_of(p->user), l->m->session.user) ? " (you)" : "");
}

static void list_people(struct linear *l)
{
    const struct replica *r = here(l);
    size_t online = 0;
    if (!r)
        return;
    if (l->m->session.state != SESSION_ONLINE) {
        say(l, "Nobody knows who is here: there is no link.");
        return;
    }
    vec_each (p, &r->people)
        online += p->online;
    say(l, "%zu of %zu people are here:", online, r->people.n);
    vec_each (p, &r->people)
        if (p->online)
            say_member(l, p);
    vec_each (p, &r->people)
        if (!p->online)
            say_member(l, p);
}

/* ---- messages ---- */

static void list_notices(struct linear *l)
{
    const struct model *m = l->m;
    size_t first = m->notices.n > LINEAR_LINES ? m->notices.n - LINEAR_LINES : 0;
    char when[CLOCK_WORDS];
    if (m->notices.n == 0)
        say(l, "Nothing concerned you since moot was started.");
    for (size_t i = first; i < m->notices.n; i++)
        say(l, "  %s %s%s%s", clock_words(l, m->notices.v[i].time, when),
            model_label(m, str_of(m->notices.v[i].room), &(struct room_label){0}),
            m->notices.v[i].room[0] ? " " : "", m->notices.v[i].text);
}

/* ---- notes ---- */

static void list_notes(struct linear *l, bool all)
{
    const struct replica *r = here(l);
    char when[CLOCK_WORDS];
    size_t listed = 0;
    if (!r)
        return;
    vec_each (n, &r->notes) {
        if (n->archived && !all)
            continue;
        say(l, "  %lld  %.*s, by %.*s %s%s%s", (long long)MAX(n->number, 0), STR_ARG(n->name),
            STR_ARG(n->author), clock_words(l, n->time, when), n->archived ? ", put away" : "",
            n->is_pending ? " (not saved yet)" : "");
        listed++;
    }
    if (listed == 0)
        say(l, "There are no notes here. /note new makes one.");
}

void say_note(struct linear *l, int64_t number, struct str text)
{
    const struct replica *r = here(l);
    const struct note *n = r ? replica_note(r, number) : NULL;
    const char *how = text.n ? ":" : " is empty.";
    struct buf out = {0};
    if (n)
        buf_fmt(&out, "%.*s%s", STR_ARG(n->name), how);
    else
        buf_fmt(&out, "The description of card %lld%s", (long long)number, how);
    if (text.n)
        buf_fmt(&out, "\n%.*s", STR_ARG(text));
    say_text(l, buf_str(&out));
    buf_finish(&out);
}

/* ---- help ---- */

/* What can be done with a line alone; all else is for a screen, and says so. */
static const enum action_id in_lines[] = {
    ACTION_HELP,
    ACTION_COMMAND,
    ACTION_CANCEL,
    ACTION_RETRY,
    ACTION_REDRAW,
    ACTION_SUSPEND,
    ACTION_QUIT,
    ACTION_CHOOSE,
    ACTION_CHOICE_NEXT,
    ACTION_CHOICE_PREV,
    ACTION_PICK,
    ACTION_PICK_MORE,
    ACTION_TASK_LIST,
    ACTION_TASK_ADD,
    ACTION_TASK_SHOW,
    ACTION_TASK_OPEN,
    ACTION_TASK_EDIT,
    ACTION_TASK_MOVE,
    ACTION_TASK_MINE,
    ACTION_TASK_ASSIGN,
    ACTION_TASK_LABEL,
    ACTION_TASK_DUE,
    ACTION_TASK_PRIORITY,
    ACTION_TASK_BLOCK,
    ACTION_TASK_COMMENT,
    ACTION_TASK_TAKE,
    ACTION_TASK_ARCHIVE,
    ACTION_TASK_RESTORE,
    ACTION_CONFLICT,
    ACTION_CONFLICT_MINE,
    ACTION_CONFLICT_THEIRS,
    ACTION_CONFLICT_EDIT,
    ACTION_UNDO,
    ACTION_REDO,
    ACTION_WHO,
    ACTION_ROOM_LIST,
    ACTION_NEXT_ROOM,
    ACTION_PREV_ROOM,
    ACTION_NEXT_UNREAD,
    ACTION_JOIN,
    ACTION_ROOM_CREATE,
    ACTION_DM,
    ACTION_JUMP,
    ACTION_LEAVE,
    ACTION_LEAVE_SURE,
    ACTION_TOPIC,
    ACTION_RETAIN,
    ACTION_NOTIFY,
    ACTION_INVITE,
    ACTION_REMOVE,
    ACTION_STATUS,
    ACTION_TYPING_SEND,
    ACTION_TYPING_SHOW,
    ACTION_NOTICES,
    ACTION_MESSAGE_LIST,
    ACTION_MESSAGE_SELECT,
    ACTION_MESSAGE_REPLY,
    ACTION_MESSAGE_EDIT,
    ACTION_MESSAGE_DELETE,
    ACTION_MESSAGE_DELETE_SURE,
    ACTION_MESSAGE_REACT,
    ACTION_MESSAGE_AGAIN,
    ACTION_MESSAGE_PIN,
    ACTION_PINS,
    ACTION_EDITOR,
    ACTION_SEND,
    ACTION_ACCEPT,
    ACTION_COMPLETE,
    ACTION_OLDER_LINE,
    ACTION_NEWER_LINE,
    ACTION_ACTIVITY,
    ACTION_CATCHUP,
    ACTION_SEARCH,
    ACTION_PAGE_UP,
    ACTION_PAGE_DOWN,
    ACTION_DAY,
    ACTION_READ_ALL,
    ACTION_FIRST_UNREAD,
    ACTION_MESSAGE_UNREAD,
    ACTION_NOTES,
    ACTION_NOTES_ALL,
    ACTION_NOTE_LIST,
    ACTION_NOTE_CAT,
    ACTION_NOTE,
    ACTION_NOTE_APPEND,
    ACTION_NOTE_EDIT,
    ACTION_NOTE_NEW,
    ACTION_NOTE_ARCHIVE,
    ACTION_NOTE_RESTORE,
    ACTION_TASK_DESCRIBE,
    ACTION_TOUR_NEXT,
    ACTION_TOUR_BACK,
    ACTION_TOUR_PAUSE,
    ACTION_TOUR_END,
};

static bool is_in_lines(enum action_id id)
{
    for (size_t i = 0; i < COUNT_OF(in_lines); i++)
        if (in_lines[i] == id)
            return true;
    return false;
}

/* And is no key of a line that is asked for. */
static bool is_typed(enum action_id id)
{
    enum action_group g = action_table[id].group;
    bool moves = id == ACTION_PAGE_UP || id == ACTION_PAGE_DOWN || id == ACTION_DAY;
    return (g != GROUP_MOVING || moves) && g != GROUP_TYPING && id != ACTION_COMMAND &&
           id != ACTION_CANCEL;
}

static void say_help(struct linear *l)
{
    say(l, "A line without a / in front is said in the room. Commands:");
    for (enum action_group g = 0; g < GROUP_COUNT; g++)
        for (size_t i = 0; i < COUNT_OF(in_lines); i++) {
            const struct action *a = &action_table[in_lines[i]];
            bool typed = help_has(l->m, g) && is_typed(in_lines[i]);
            if (a->group == g && typed)
                say(l, "  /%s%s%s  %s", a->name, a->args[0] ? " " : "", a->args, a->doc);
        }
    say(l,
        "Tab completes. ^D in an empty line leaves, ^C drops what is written, ^Z stops moot.");
}

/* ---- which card ---- */

/* Without a number a command means the card that was shown last, and no other. */
static bool knows_card(struct linear *l, const struct command *c)
{
    struct str word = c->args[0];
    int64_t number;
    if (action_arg(&action_table[c->action], 0) != ARG_NUMBER || !l->m->here)
        return true;
    if (str_starts(word, "#"))
        word = (struct str){word.p + 1, word.n - 1};
    if (str_int(word, 1, SEQ_MAX, &number))
        return true;
    if (l->card) {
        l->m->here->card = l->card;
        return true;
    }
    say(l, "Which card? /%s takes its number: /%s %s.", action_table[c->action].name,
        action_table[c->action].name, action_table[c->action].args);
    return false;
}

static bool card_number(struct linear *l, const struct command *c, int64_t *number)
{
    struct str word = c->args[0];
    if (str_starts(word, "#"))
        word = (struct str){word.p + 1, word.n - 1};
    *number = l->card;
    return str_int(word, 1, SEQ_MAX, number) || l->card;
}

/* That it was done; it is done all the same. */
static bool say_read(struct linear *l)
{
    struct room_label label;
    say(l, "All of %s is read.", model_label(l->m, str_of(l->m->here->name), &label));
    return false;
}

static bool is_of_chat(enum action_id id)
{
    return id == ACTION_MESSAGE_LIST || id == ACTION_PAGE_UP || id == ACTION_PAGE_DOWN ||
           id == ACTION_DAY || id == ACTION_FIRST_UNREAD || id == ACTION_CATCHUP ||
           id == ACTION_READ_ALL;
}

/* Is it said when the server has answered? */
static bool is_asked_for(const struct command *c)
{
    bool named = c->args[0].n > 0;
    return c->action == ACTION_ACTIVITY || c->action == ACTION_CATCHUP ||
           c->action == ACTION_FIRST_UNREAD || c->action == ACTION_PAGE_UP ||
           c->action == ACTION_PAGE_DOWN ||
           (named && (c->action == ACTION_SEARCH || c->action == ACTION_DAY));
}

bool lists_action(struct linear *l, const struct command *c)
{
    int64_t number;
    if (!is_in_lines(c->action)) {
        say(l, "%s needs the screen.", action_table[c->action].name);
        return true;
    }
    if (!knows_card(l, c))
        return true;
    if (!l->m->here && is_of_chat(c->action)) {
        here(l);
        return true;
    }
    bool printed = true;
    if (is_asked_for(c)) {
        l->asked = c->action;
        l->up = false;
    }
    if (c->action == ACTION_TASK_OPEN)
        l->opened = 0; /* again */
    if (c->action == ACTION_QUIT && !l->leaving)
        l->leaving = true;
    else if (c->action == ACTION_HELP)
        say_help(l);
    else if (c->action == ACTION_TASK_LIST)
        list_cards(l, c->args[0]);
    else if (c->action == ACTION_TASK_SHOW && card_number(l, c, &number))
        show_card(l, number, false);
    else if (c->action == ACTION_WHO)
        list_people(l);
    else if (c->action == ACTION_ROOM_LIST)
        list_rooms(l);
    else if (c->action == ACTION_MESSAGE_LIST)
        past_list(l, c->args[0]);
    else if (c->action == ACTION_READ_ALL)
        printed = say_read(l);
    else if (c->action == ACTION_PAGE_UP || c->action == ACTION_PAGE_DOWN)
        past_page(l, c->action == ACTION_PAGE_UP);
    else if (c->action == ACTION_NOTICES)
        list_notices(l);
    else if (c->action == ACTION_NOTES || c->action == ACTION_NOTE_LIST ||
             (c->action == ACTION_NOTE && c->args[0].n == 0))
        list_notes(l, false);
    else if (c->action == ACTION_NOTES_ALL)
        list_notes(l, true);
    else
        printed = false;
    return printed;
}

/* ---- questions ---- */

void say_dialog(struct linear *l)
{
    const struct dialog *d = &l->m->dialog;
    struct buf keys = {0};
    say(l, "%.*s", STR_ARG(str_trim(d->title)));
    say_form(l, &d->body, 0);
    for (size_t i = 0; i < d->n; i++) {
        buf_fmt(&keys, "%s%s (", i ? ", " : "", d->choices[i].label);
        keymap_names(&l->m->keys, d->choices[i].action, IN_DIALOG, &keys);
        buf_add_c(&keys, ')');
    }
    say(l, "Keys: %.*s.", STR_ARG(buf_str(&keys)));
    buf_finish(&keys);
}

void say_picker(struct linear *l)
{
    const struct picker *p = &l->m->picker;
    size_t n = picker_count(p);
    say(l, "%.*s: type some letters of one, Enter takes it, Esc leaves.",
        STR_ARG(str_trim(p->title)));
    for (size_t i = 0; i < MIN(n, (size_t)LINEAR_LINES); i++) {
        const struct pick_item *item = picker_shown(p, i);
        say(l, "  %.*s%s%.*s%s", STR_ARG(item->text), item->note.n ? "  " : "",
            STR_ARG(item->note), item->is_on ? " (yes)" : "");
    }
    if (n > LINEAR_LINES)
        say(l, "  and %zu more", n - LINEAR_LINES);
}
