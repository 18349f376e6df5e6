#include "model.h"
#include "beside.h"
#include "direct.h"
#include "update_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void model_init(struct model *m, struct str client, int64_t next_id, uint64_t seed)
{
    *m = (struct model){.focus = FOCUS_BOARD, .focused = true};
    people_init(m);
    session_init(&m->session, client, next_id, seed);
    keymap_init(&m->keys);
}

static void view_free(struct room_view *v)
{
    lineedit_finish(&v->input);
    line_history_finish(&v->sent);
    undo_stack_finish(&v->undo);
    undo_stack_finish(&v->redo);
    note_pane_finish(&v->note);
    card_pane_finish(&v->card_pane);
    feed_pane_finish(&v->feed);
    chat_pane_finish(&v->chat);
    board_look_finish(&v->look);
    marks_finish(&v->marks);
    free(v);
}

void model_finish(struct model *m)
{
    vec_each (v, &m->views)
        view_free(*v);
    vec_finish(&m->views);
    vec_finish(&m->marks);
    vec_finish(&m->toasts);
    notices_finish(m);
    bells_finish(m);
    vec_finish(&m->stats.figures);
    catchup_finish(&m->catchup);
    lineedit_finish(&m->line);
    line_history_finish(&m->commands);
    line_history_finish(&m->filtered);
    line_history_finish(&m->searched);
    search_pane_finish(&m->search);
    model_forget_filters(m);
    vec_finish(&m->filters);
    completions_finish(&m->completions);
    picker_close(&m->picker);
    dialog_close(&m->dialog);
    vec_each (c, &m->conflicts) {
        buf_finish(&c->mine);
        buf_finish(&c->theirs);
    }
    vec_finish(&m->conflicts);
    vec_each (d, &m->drafts)
        buf_finish(&d->text);
    vec_finish(&m->drafts);
    vec_each (d, &m->room_drafts)
        buf_finish(&d->text);
    vec_finish(&m->room_drafts);
    vec_finish(&m->own_moves);
    vec_each (e, &m->errands)
        text_errand_finish(e);
    vec_finish(&m->errands);
    keymap_finish(&m->keys);
    session_finish(&m->session);
}

int64_t model_server_now(const struct model *m)
{
    return m->now + m->session.ahead;
}

struct replica *model_replica(const struct model *m)
{
    return m->here ? session_room(&m->session, str_of(m->here->name)) : NULL;
}

struct room_view *model_view(const struct model *m, struct str room)
{
    vec_each (v, &m->views)
        if (str_is(room, (*v)->name))
            return *v;
    return NULL;
}

const char *model_label(const struct model *m, struct str room, struct room_label *out)
{
    struct buf label = {0};
    room_label(room, str_of(m->session.user), &label);
    snprintf(out->text, sizeof out->text, "%s", buf_cstr(&label));
    buf_finish(&label);
    return out->text;
}

void model_read_mark(struct model *m, struct str room, struct marker read)
{
    struct read_mark mark = {.read = read};
    if (room.n > ROOM_NAME_MAX)
        return;
    memcpy(mark.room, room.p, room.n);
    vec_push(&m->marks, mark);
}

void model_left(struct model *m, int64_t time)
{
    m->catchup.left = time;
}

static void apply_read_mark(const struct model *m, struct replica *r)
{
    vec_each (mark, &m->marks)
        if (strcmp(mark->room, r->name) == 0)
            r->read.mine = marker_later(r->read.mine, mark->read);
}

static void insert_view(struct model *m, struct room_view *v)
{
    size_t at = 0;
    while (at < m->views.n && strcmp(m->views.v[at]->name, v->name) < 0)
        at++;
    vec_push(&m->views, v);
    memmove(&m->views.v[at + 1], &m->views.v[at], (m->views.n - 1 - at) * sizeof v);
    m->views.v[at] = v;
    if (m->views.n > 1 && m->room_at >= at)
        m->room_at++;
}

struct room_view *model_open(struct model *m, struct str room, struct effects *out)
{
    struct room_view *v = model_view(m, room);
    if (!v && room.n <= ROOM_NAME_MAX) {
        v = NEW(struct room_view);
        memcpy(v->name, room.p, room.n);
        v->input = (struct lineedit){.max = TEXT_MAX, .multiline = true};
        note_pane_init(&v->note);
        gone_take_draft(m, v);
        insert_view(m, v);
    }
    if (v && !session_room(&m->session, room)) {
        struct replica *r = session_open_room(&m->session, room, m->now, out);
        if (r)
            apply_read_mark(m, r);
    }
    return v;
}

void model_drop(struct model *m, struct room_view *v, struct effects *out)
{
    for (size_t i = 0; i < m->views.n; i++)
        if (m->views.v[i] == v) {
            vec_remove(&m->views, i);
            break;
        }
    gone_keep(m, v);
    note_close(m, v, out);
    card_close(m, v, out);
    if (m->here == v) {
        typing_stop(m, out);
        picker_close(&m->picker);
        m->here = NULL;
        if (m->focus == FOCUS_CHAT)
            m->focus = FOCUS_BOARD; /* what is typed on is for nobody else */
        m->drag = (struct drag){0};
    }
    session_close_room(&m->session, str_of(v->name), out);
    view_free(v);
}

void model_show(struct model *m, struct room_view *v, struct effects *out)
{
    if (v == m->here)
        return;
    typing_stop(m, out);
    completions_clear(&m->completions);
    m->completion_at = 0;
    if (m->here)
        editor_take_clipboard(&v->note.editor, &m->here->note.editor);
    m->here = v;
    if (beside_has_focus(m, BESIDE_NOTE) && v->note.shows == NOTE_TEXT)
        m->focus = FOCUS_BOARD; /* a text that was left there is not come upon */
    const struct replica *r = model_replica(m);
    v->unread_from = r ? r->read.mine.seq : 0;
    v->has_news = false; /* read_settle() sees it */
    v->turn = r ? r->read.mine.turn : 0;
    v->chat.seeks_unread = false;
    v->chat_anchor = v->chat_cut = 0;
    m->drag = (struct drag){0};
    for (size_t i = 0; i < m->views.n; i++)
        if (m->views.v[i] == v)
            m->room_at = i;
}

enum action_where model_where(const struct model *m)
{
    if (m->help)
        return IN_HELP;
    if (m->dialog.is_open)
        return IN_DIALOG;
    if (m->picker.is_open)
        return IN_PICKER;
    if (m->prompt != PROMPT_NONE)
        return m->prompt == PROMPT_COMMAND  ? IN_COMMAND
               : m->prompt == PROMPT_FILTER ? IN_FILTER
                                            : IN_TITLE;
    static const enum action_where panes[] = {IN_ROOMS, IN_BOARD, IN_CHAT};
    enum beside b = model_beside(m);
    if (m->focus == FOCUS_CHAT && m->here && m->here->chat.at)
        return IN_MESSAGE;
    if (m->focus == FOCUS_BESIDE)
        return b ? beside_rows[b].where(m->here) : IN_BOARD;
    return panes[m->focus];
}

static void push_toast(struct model *m, struct toast t)
{
    t.until = m->now + (t.kind == TOAST_ERROR ? TOAST_ERROR_MS : TOAST_MS);
    if (m->listener.toast)
        m->listener.toast(m->listener.arg, t.kind, str_of(t.text));
    /* A toast that says the same again replaces the older one. */
    for (size_t i = 0; i < m->toasts.n; i++)
        if (strcmp(m->toasts.v[i].text, t.text) == 0)
            vec_remove(&m->toasts, i);
    if (m->toasts.n == TOASTS_MAX)
        vec_remove(&m->toasts, 0);
    vec_push(&m->toasts, t);
}

void model_toast(struct model *m, enum toast_kind kind, const char *fmt, ...)
{
    struct toast t = {.kind = kind};
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(t.text, sizeof t.text, fmt, ap);
    va_end(ap);
    push_toast(m, t);
    if (kind == TOAST_ERROR)
        notice_keep(m, (struct notice){.is_error = true}, t.text);
}

void model_fault(struct model *m, const char *fmt, ...)
{
    struct toast t = {.kind = TOAST_ERROR, .is_fault = true};
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(t.text, sizeof t.text, fmt, ap);
    va_end(ap);
    model_fault_over(m);
    push_toast(m, t);
}

void model_fault_over(struct model *m)
{
    for (size_t i = m->toasts.n; i-- > 0;)
        if (m->toasts.v[i].is_fault)
            vec_remove(&m->toasts, i);
}
