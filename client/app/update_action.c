/* The action table's other half: what each action does. */
#include "beside.h"
#include "update_parts.h"

#include <stdlib.h>
#include <string.h>

static void focus_step(struct model *m, int by)
{
    int n = layout_tabs(m);
    m->focus = (enum focus)(((int)m->focus + by + n) % n);
}

static void focus_named(struct model *m, struct str name, struct effects *out)
{
    static const char *const names[] = {"rooms", "board", "chat"};
    if (str_is(name, "note")) {
        notes_open(m, (struct str){0}, out);
        return;
    }
    int i = str_which(name, names, COUNT_OF(names));
    if (i >= 0)
        m->focus = (enum focus)i;
    else
        model_toast(m, TOAST_ERROR, "focus takes rooms, board, chat or note");
}

static void leave_dialog(struct model *m)
{
    if (!message_dialog_leave(m) && !rooms_dialog_leave(m))
        conflict_later(m);
}

static void leave_chat(struct model *m)
{
    if (!m->here || !message_leave(m))
        m->focus = FOCUS_BOARD;
}

static void cancel(struct model *m, struct effects *out)
{
    if (drag_cancel(m))
        return;
    if (m->help)
        m->help = false;
    else if (m->dialog.is_open)
        leave_dialog(m);
    else if (m->picker.is_open)
        pick_leave(m);
    else if (m->prompt != PROMPT_NONE)
        prompt_leave(m);
    else if (m->focus == FOCUS_CHAT)
        leave_chat(m);
    else if (m->focus == FOCUS_BESIDE)
        beside_rows[model_beside(m)].cancel(m, out);
    else if (m->focus == FOCUS_ROOMS && m->here)
        m->focus = FOCUS_BOARD;
    else if (m->toasts.n)
        m->toasts.n = 0;
    else if (!mark_clear(m) && !filter_clear(m))
        model_toast(m, TOAST_INFO, "q leaves moot, ? shows all keys.");
}

/* ---- moving ---- */

static int page_of(const struct model *m)
{
    struct layout l;
    layout_of(m, &l);
    if (m->help)
        return MAX(help_rect(m).h - 3, 1);
    if (m->focus == FOCUS_BESIDE)
        return MAX(l.beside.h - 3, 1);
    return m->focus == FOCUS_CHAT ? MAX(l.chat.h - 1, 1) : MAX(l.board.h / 2, 1);
}

static void type(struct model *m)
{
    m->focus = FOCUS_CHAT;
    if (m->here)
        m->here->chat.at = 0;
}

static void move_room(struct model *m, int by)
{
    int64_t at = (int64_t)m->room_at + by;
    m->room_at = at < 0 ? 0 : MIN((size_t)at, m->views.n ? m->views.n - 1 : 0);
}

/* Rows of whatever has the focus; STEP_FAR is to its end. */
static void move_rows(struct model *m, int by)
{
    struct layout l;
    layout_of(m, &l);
    if (m->help)
        help_scroll(m, by);
    else if (m->picker.is_open)
        picker_step(&m->picker, by);
    else if (m->focus == FOCUS_ROOMS)
        move_room(m, by);
    else if (m->focus == FOCUS_BOARD)
        board_step(m, by);
    else if (m->focus == FOCUS_BESIDE)
        beside_rows[model_beside(m)].step(m, by);
    else if (m->here && m->here->chat.at && abs(by) == 1)
        message_step(m, by);
    else if (m->here && m->here->chat.at && abs(by) == STEP_FAR)
        message_step(m, by);
    else
        chat_scroll(m, &l, -by);
}

static void oldest(struct model *m)
{
    struct layout l;
    layout_of(m, &l);
    if (chat_items(m) == 0)
        return;
    m->here->chat_anchor = chat_line(m, 0)->seq;
    m->here->chat_cut = 0;
    chat_scroll(m, &l, 0);
}

static void move_columns(struct model *m, int by)
{
    if (m->focus == FOCUS_BOARD)
        board_step_column(m, by);
    else if (m->focus == FOCUS_BESIDE)
        beside_rows[model_beside(m)].sideways(m, by);
}

static void choose(struct model *m, struct effects *out)
{
    enum action_id id = dialog_chosen(&m->dialog);
    if (id)
        update_action(m, &(struct command){.action = id}, out);
}

/* ---- rooms ---- */

static void open_selected(struct model *m, struct effects *out)
{
    if (m->room_at < m->views.n)
        rooms_show(m, str_of(m->views.v[m->room_at]->name), out);
}

static void create(struct model *m, const struct command *c, struct effects *out)
{
    if (c->args[1].n && !str_is(c->args[1], "public") && !str_is(c->args[1], "private")) {
        model_toast(m, TOAST_ERROR, "A room is private or public.");
        return;
    }
    rooms_create(m, c->args[0], !str_is(c->args[1], "private"), out);
}

static void invite(struct model *m, const struct command *c, struct effects *out)
{
    enum role role = ROLE_MEMBER;
    if (c->args[1].n && (!role_from_name(c->args[1], &role) || role == ROLE_NONE))
        model_toast(m, TOAST_ERROR, "A role is owner, member or observer.");
    else if (!c->args[0].n)
        invite_open(m);
    else
        rooms_set_member(m, c->args[0], role, out);
}

/* ---- the rest ---- */

static void send(struct model *m, struct str text, struct effects *out)
{
    if (m->here)
        chat_send(m, text.n ? text : lineedit_text(&m->here->input), out);
}

static void complete(struct model *m, struct effects *out)
{
    if (chat_complete(m, out))
        return;
    if (m->prompt != PROMPT_NONE)
        prompt_complete(m);
    else
        focus_step(m, 1);
}

static void history(struct model *m, bool older)
{
    struct lineedit *l = update_editor(m);
    struct line_history *h = l ? update_history(m) : NULL;
    if (!h)
        return;
    if (older)
        line_history_older(h, l);
    else
        line_history_newer(h, l);
    filter_typed(m);
}

static void quit(struct model *m, struct effects *out)
{
    typing_stop(m, out);
    pointer_off(m, out);
    session_stop(&m->session, out);
    effect_add(out, EFFECT_QUIT, (struct str){0}, (struct str){0});
}

/* ---- the table ---- */

typedef void handler(struct model *m, const struct command *c, struct effects *out);

#define HANDLER(name, ...)                                                                     \
    static void do_##name(struct model *m, const struct command *c, struct effects *out)       \
    {                                                                                          \
        (void)m, (void)c, (void)out;                                                           \
        __VA_ARGS__;                                                                           \
    }

HANDLER(HELP, help_turn(m))
HANDLER(COMMAND, prompt_open(m, PROMPT_COMMAND, (struct str){0}))
HANDLER(NEXT_PANE, focus_step(m, 1))
HANDLER(PREV_PANE, focus_step(m, -1))
HANDLER(FOCUS, focus_named(m, c->args[0], out))
HANDLER(TYPE, type(m))
HANDLER(CANCEL, cancel(m, out))
HANDLER(RETRY, session_retry_now(&m->session, m->now, out))
HANDLER(REDRAW, effect_add(out, EFFECT_REDRAW, (struct str){0}, (struct str){0}))
HANDLER(SUSPEND, effect_add(out, EFFECT_SUSPEND, (struct str){0}, (struct str){0}))
HANDLER(QUIT, quit(m, out))
HANDLER(UP, move_rows(m, -1))
HANDLER(DOWN, move_rows(m, 1))
HANDLER(LEFT, move_columns(m, -1))
HANDLER(RIGHT, move_columns(m, 1))
HANDLER(TOP, move_rows(m, -STEP_FAR))
HANDLER(BOTTOM, move_rows(m, STEP_FAR))
HANDLER(PAGE_UP, move_rows(m, -page_of(m)))
HANDLER(PAGE_DOWN, move_rows(m, page_of(m)))
HANDLER(CHOOSE, choose(m, out))
HANDLER(CHOICE_NEXT, dialog_step(&m->dialog, 1))
HANDLER(CHOICE_PREV, dialog_step(&m->dialog, -1))
HANDLER(PICK, pick_accept(m, false, out))
HANDLER(PICK_MORE, pick_accept(m, true, out))
HANDLER(OLDEST, oldest(m))
HANDLER(LATEST, seek_latest(m))
HANDLER(DAY, seek_day(m, c->args[0]))
HANDLER(TASK_LIST, board_list(m, c->args[0]))
HANDLER(WHO, m->focus = FOCUS_ROOMS)
HANDLER(ROOM_LIST, m->focus = FOCUS_ROOMS)
HANDLER(MESSAGE_LIST, type(m))
HANDLER(TASK_ADD, task_add(m, c->args[0], out))
HANDLER(TASK_OPEN, task_open(m, c->args[0], out))
HANDLER(CARD_CLOSE, if (m->here) card_close(m, m->here, out))
HANDLER(TASK_EDIT, task_edit(m, c, out))
HANDLER(CARD_EDIT, card_edit(m, out))
HANDLER(CARD_REMOVE, card_remove(m, out))
HANDLER(CONFLICT, conflict_ask(m))
HANDLER(CONFLICT_MINE, conflict_mine(m, out))
HANDLER(CONFLICT_THEIRS, conflict_theirs(m, out))
HANDLER(CONFLICT_EDIT, conflict_edit(m, out))
HANDLER(TASK_MINE, task_mine(m, c->args[0], out))
HANDLER(TASK_ASSIGN, task_field(m, c, PICK_ASSIGNEES, out))
HANDLER(TASK_LABEL, task_field(m, c, PICK_LABELS, out))
HANDLER(TASK_DUE, task_field(m, c, PICK_DUE, out))
HANDLER(TASK_PRIORITY, task_field(m, c, PICK_PRIORITY, out))
HANDLER(TASK_BLOCK, task_field(m, c, PICK_BLOCKERS, out))
HANDLER(TASK_COMMENT, task_comment(m, c, out))
HANDLER(TASK_MOVE, task_move(m, c, out))
HANDLER(TASK_TAKE, lock_take(m, out))
HANDLER(MOVE_UP, task_step(m, 0, -1, out))
HANDLER(MOVE_DOWN, task_step(m, 0, 1, out))
HANDLER(MOVE_LEFT, task_step(m, -1, 0, out))
HANDLER(MOVE_RIGHT, task_step(m, 1, 0, out))
HANDLER(TASK_ARCHIVE, task_archive(m, c->args[0], out))
HANDLER(TASK_RESTORE, task_restore(m, c->args[0], out))
HANDLER(TASK_SHOW, task_show(m, c->args[0]))
HANDLER(TASK_DESCRIBE, task_describe(m, c->args[0], out))
HANDLER(COLUMN_ADD, column_add(m, c->args[0], out))
HANDLER(COLUMN_RENAME, column_rename(m, c->args[0], out))
HANDLER(COLUMN_LIMIT, column_limit(m, c->args[0], out))
HANDLER(COLUMN_LEFT, column_move(m, -1, out))
HANDLER(COLUMN_RIGHT, column_move(m, 1, out))
HANDLER(COLUMN_REMOVE, column_remove(m, c->args[0], out))
HANDLER(MARK, mark_toggle(m))
HANDLER(MARK_RANGE, mark_range(m))
HANDLER(MARK_ALL, mark_all(m))
HANDLER(FILTER, filter_open(m, c->args[0]))
HANDLER(FILTER_CLEAR, filter_clear(m))
HANDLER(FILTER_PICK, filter_pick(m, c->args[0]))
HANDLER(FILTER_SAVE, filter_save(m, c->args[0], out))
HANDLER(FILTER_REMOVE, filter_remove(m, c->args[0], out))
HANDLER(SORT, board_sort(m, c->args[0]))
HANDLER(UNDO, board_undo(m, out))
HANDLER(REDO, board_redo(m, out))
HANDLER(OPEN, open_selected(m, out))
HANDLER(NEXT_ROOM, rooms_step(m, 1, out))
HANDLER(PREV_ROOM, rooms_step(m, -1, out))
HANDLER(NEXT_UNREAD, rooms_next_unread(m, out))
HANDLER(READ_ALL, read_all(m, out))
HANDLER(FIRST_UNREAD, read_first(m))
HANDLER(MESSAGE_UNREAD, read_back(m, out))
HANDLER(JOIN, rooms_join(m, c->args[0], out))
HANDLER(DM, rooms_direct(m, c->args[0], out))
HANDLER(ROOM_CREATE, create(m, c, out))
HANDLER(JUMP, jump_open(m, (struct str){0}))
HANDLER(ROOM_ORDER, rooms_order(m, c->args[0]))
HANDLER(LEAVE, rooms_leave(m, out))
HANDLER(LEAVE_SURE, rooms_leave_sure(m, out))
HANDLER(INVITE, invite(m, c, out))
HANDLER(REMOVE, rooms_set_member(m, c->args[0], ROLE_NONE, out))
HANDLER(STATUS, people_choose(m, c->args[0], c->args[1], out))
HANDLER(POINTER, pointer_toggle(m, out))
HANDLER(FOLLOW, follow(m, c->args[0]))
HANDLER(HIDE, people_hide(m))
HANDLER(TYPING_SEND, typing_switch(m, true, out))
HANDLER(TYPING_SHOW, typing_switch(m, false, out))
HANDLER(NOTES, notes_show(m))
HANDLER(NOTE_LIST, notes_show(m))
HANDLER(NOTE_CAT, notes_read(m, c->args[0], out))
HANDLER(NOTE_APPEND, notes_append(m, c->args[0], c->args[1], out))
HANDLER(NOTE_EDIT, notes_edit(m, c->args[0], out))
HANDLER(NOTE, notes_open(m, c->args[0], out))
HANDLER(NOTE_NEW, notes_new(m, c->args[0], out))
HANDLER(NOTE_RENAME, notes_rename(m, c->args[0], out))
HANDLER(NOTE_ARCHIVE, notes_archive(m, c->args[0], out))
HANDLER(NOTE_RESTORE, notes_restore(m, c->args[0], out))
HANDLER(NOTES_ALL, notes_toggle_archived(m))
HANDLER(NOTE_CLOSE, note_leave(m, out))
HANDLER(NOTE_FULL, m->beside_full = !m->beside_full)
HANDLER(NOTE_FIND, find_ask(m, c->args[0], out))
HANDLER(NOTE_REPLACE, replace_ask(m))
HANDLER(NOTE_LINE, line_ask(m, c->args[0], out))
HANDLER(NOTE_FOLLOW, note_follow_here(m, out))
HANDLER(NOTE_UNDO, note_take_back(m, false, out))
HANDLER(NOTE_REDO, note_take_back(m, true, out))
HANDLER(NOTE_MARK, note_mark(m, out))
HANDLER(NOTE_BLAME, blame_toggle(m))
HANDLER(NOTE_HISTORY, history_show(m))
HANDLER(NOTE_OUTLINE, outline_show(m))
HANDLER(OUTLINE_GO, outline_go(m, out))
HANDLER(VERSION_BACK, history_step(m, -1))
HANDLER(VERSION_ON, history_step(m, 1))
HANDLER(VERSION_COMPARE, history_compare(m))
HANDLER(VERSION_RESTORE, history_restore(m, out))
HANDLER(ACTIVITY, feed_show_activity(m, c->args[0]))
HANDLER(CATCHUP, catchup_show(m))
HANDLER(NOTICES, feed_show_notices(m))
HANDLER(SEARCH, search_open(m, c->args[0]))
HANDLER(SEARCH_GO, search_go(m, out))
HANDLER(SEARCH_AGAIN, search_again(m))
HANDLER(SEARCH_ORDER, search_turn(m))
HANDLER(SEARCH_CLOSE, search_close(m))
HANDLER(FEED_GO, feed_go(m, out))
HANDLER(FEED_PERSON, feed_by_person(m))
HANDLER(FEED_KIND, feed_by_kind(m))
HANDLER(FEED_CLOSE, feed_close(m))
HANDLER(TOPIC, rooms_topic(m, c->args[0], out))
HANDLER(RETAIN, rooms_retain(m, c->args[0], out))
HANDLER(NOTIFY, notify_set_level(m, c->args[0]))
HANDLER(TOUR_NEXT, tour_next(m, out))
HANDLER(TOUR_BACK, tour_back(m, out))
HANDLER(TOUR_PAUSE, tour_pause(m))
HANDLER(TOUR_END, tour_end(m, out))
HANDLER(STATS, stats_show(m))
HANDLER(STATS_CLOSE, stats_close(m))
HANDLER(MESSAGE_SELECT, if (m->here) message_select(m, c->args[0]))
HANDLER(MESSAGE_REPLY, if (m->here) message_reply(m))
HANDLER(MESSAGE_EDIT, if (m->here) message_edit(m, c->args[0], out))
HANDLER(MESSAGE_DELETE, if (m->here) message_delete(m))
HANDLER(MESSAGE_DELETE_SURE, if (m->here) message_delete_sure(m, out))
HANDLER(MESSAGE_REACT, if (m->here) message_react(m, c->args[0], out))
HANDLER(MESSAGE_AGAIN, if (m->here) message_react_again(m, out))
HANDLER(MESSAGE_PIN, if (m->here) message_pin(m, out))
HANDLER(PINS, pins_show(m, out))
HANDLER(MESSAGE_COPY, if (m->here) message_copy(m, out))
HANDLER(MESSAGE_FOLLOW, if (m->here) message_follow(m, out))
HANDLER(MESSAGE_FOLD, if (m->here) message_fold(m, 0))
HANDLER(EDITOR, chat_editor(m, out))
HANDLER(SEND, send(m, c->args[0], out))
HANDLER(ACCEPT, prompt_accept(m, out))
HANDLER(COMPLETE, complete(m, out))
HANDLER(OLDER_LINE, history(m, true))
HANDLER(NEWER_LINE, history(m, false))

/* clang-format off */
#define ROW(name) [ACTION_##name] = do_##name
/* Those that are missing are operations of the line editor (see update_key) or verbs of the
 * text editor (see update_note). */
static handler *const handlers[ACTION_COUNT] = {
    ROW(HELP), ROW(COMMAND), ROW(NEXT_PANE), ROW(PREV_PANE), ROW(FOCUS), ROW(TYPE), ROW(CANCEL),
    ROW(RETRY), ROW(REDRAW), ROW(SUSPEND), ROW(QUIT),
    ROW(UP), ROW(DOWN), ROW(LEFT), ROW(RIGHT), ROW(TOP), ROW(BOTTOM), ROW(PAGE_UP),
    ROW(PAGE_DOWN), ROW(CHOOSE), ROW(CHOICE_NEXT), ROW(CHOICE_PREV), ROW(PICK), ROW(PICK_MORE), ROW(OLDEST), ROW(LATEST), ROW(DAY),
    ROW(TASK_LIST), ROW(WHO), ROW(ROOM_LIST), ROW(MESSAGE_LIST), ROW(TASK_ADD), ROW(TASK_OPEN), ROW(CARD_CLOSE), ROW(TASK_EDIT), ROW(TASK_MOVE), ROW(CARD_EDIT), ROW(CARD_REMOVE), ROW(TASK_MINE),
    ROW(CONFLICT), ROW(CONFLICT_MINE), ROW(CONFLICT_THEIRS), ROW(CONFLICT_EDIT),
    ROW(TASK_ASSIGN), ROW(TASK_LABEL), ROW(TASK_DUE), ROW(TASK_PRIORITY), ROW(TASK_BLOCK), ROW(TASK_COMMENT), ROW(TASK_TAKE), ROW(MOVE_UP), ROW(MOVE_DOWN), ROW(MOVE_LEFT),
    ROW(MOVE_RIGHT), ROW(TASK_ARCHIVE), ROW(TASK_RESTORE), ROW(TASK_SHOW), ROW(TASK_DESCRIBE), ROW(UNDO), ROW(REDO),
    ROW(COLUMN_ADD), ROW(COLUMN_RENAME), ROW(COLUMN_LIMIT), ROW(COLUMN_LEFT), ROW(COLUMN_RIGHT),
    ROW(COLUMN_REMOVE),
    ROW(MARK), ROW(MARK_RANGE), ROW(MARK_ALL), ROW(FILTER), ROW(FILTER_CLEAR), ROW(FILTER_PICK), ROW(FILTER_SAVE), ROW(FILTER_REMOVE), ROW(SORT),
    ROW(OPEN), ROW(NEXT_ROOM), ROW(PREV_ROOM), ROW(NEXT_UNREAD), ROW(READ_ALL), ROW(FIRST_UNREAD), ROW(MESSAGE_UNREAD), ROW(JOIN), ROW(DM), ROW(ROOM_CREATE),
    ROW(JUMP), ROW(ROOM_ORDER), ROW(LEAVE), ROW(LEAVE_SURE), ROW(INVITE), ROW(REMOVE), ROW(STATUS), ROW(POINTER), ROW(FOLLOW), ROW(HIDE), ROW(TYPING_SEND), ROW(TYPING_SHOW),
    ROW(NOTES), ROW(NOTE_LIST), ROW(NOTE_CAT), ROW(NOTE_APPEND), ROW(NOTE_EDIT), ROW(NOTE), ROW(NOTE_NEW), ROW(NOTE_RENAME), ROW(NOTE_ARCHIVE), ROW(NOTE_RESTORE),
    ROW(NOTES_ALL), ROW(NOTE_CLOSE), ROW(NOTE_FULL), ROW(NOTE_FIND), ROW(NOTE_REPLACE),
    ROW(NOTE_LINE), ROW(NOTE_FOLLOW), ROW(NOTE_UNDO), ROW(NOTE_REDO), ROW(NOTE_MARK), ROW(NOTE_BLAME),
    ROW(NOTE_HISTORY), ROW(NOTE_OUTLINE), ROW(OUTLINE_GO), ROW(VERSION_BACK), ROW(VERSION_ON), ROW(VERSION_COMPARE),
    ROW(VERSION_RESTORE),
    ROW(ACTIVITY), ROW(NOTICES), ROW(CATCHUP), ROW(FEED_GO), ROW(FEED_PERSON), ROW(FEED_KIND), ROW(FEED_CLOSE),
    ROW(SEARCH), ROW(SEARCH_GO), ROW(SEARCH_AGAIN), ROW(SEARCH_ORDER), ROW(SEARCH_CLOSE), ROW(STATS), ROW(STATS_CLOSE), ROW(TOPIC), ROW(RETAIN), ROW(NOTIFY),
    ROW(TOUR_NEXT), ROW(TOUR_BACK), ROW(TOUR_PAUSE), ROW(TOUR_END),
    ROW(MESSAGE_SELECT), ROW(MESSAGE_REPLY), ROW(MESSAGE_EDIT), ROW(MESSAGE_DELETE), ROW(MESSAGE_DELETE_SURE),
    ROW(MESSAGE_REACT), ROW(MESSAGE_AGAIN), ROW(MESSAGE_PIN), ROW(PINS), ROW(MESSAGE_COPY), ROW(MESSAGE_FOLLOW),
    ROW(MESSAGE_FOLD),
    ROW(EDITOR), ROW(SEND), ROW(ACCEPT), ROW(COMPLETE), ROW(OLDER_LINE), ROW(NEWER_LINE),
};
/* clang-format on */

/* What is about a room; a conflict is decided wherever one is. */
static bool needs_room(enum action_id id)
{
    static const enum action_id others[] = {
        ACTION_TYPE,      ACTION_OLDEST,    ACTION_LATEST,   ACTION_DAY,    ACTION_WHO,
        ACTION_NEXT_ROOM, ACTION_PREV_ROOM, ACTION_READ_ALL, ACTION_TOPIC,  ACTION_FIRST_UNREAD,
        ACTION_LEAVE,     ACTION_INVITE,    ACTION_REMOVE,   ACTION_NOTIFY, ACTION_FOLLOW,
        ACTION_ACTIVITY,  ACTION_STATS,     ACTION_EDITOR,   ACTION_SEND,   ACTION_SEARCH,
        ACTION_CATCHUP,   ACTION_NOTICES,
    };
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (others[i] == id)
            return true;
    enum action_group g = action_table[id].group;
    bool is_conflict = id >= ACTION_CONFLICT && id <= ACTION_CONFLICT_EDIT;
    return !is_conflict && (g == GROUP_BOARD || g == GROUP_NOTES || g == GROUP_CHAT);
}

static void say_no_room(struct model *m)
{
    if (m->session.state == SESSION_ONLINE)
        model_toast(m, TOAST_INFO, "You are in no room yet; :room create #name makes one.");
    else
        model_toast(m, TOAST_INFO, "There is no room on this machine yet, and no connection.");
}

void update_action(struct model *m, const struct command *c, struct effects *out)
{
    if (m->listener.action && m->listener.action(m->listener.arg, c, out))
        return;
    if (!m->here && needs_room(c->action)) {
        say_no_room(m);
        return;
    }
    if (note_action(m, c->action, out))
        return;
    if (handlers[c->action])
        handlers[c->action](m, c, out);
}
