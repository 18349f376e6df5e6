/* Rooms that are ours no more: they go off the screen, it is said who did that, and what was
 * being written there is kept. */
#include "direct.h"
#include "update_parts.h"

#include <stdio.h>
#include <string.h>

#define KEPT "What you were writing is kept, and stands there when you are back."

/* ---- what was being written ---- */

static struct room_draft *draft_of(struct model *m, struct str room)
{
    vec_each (d, &m->room_drafts)
        if (str_is(room, d->room))
            return d;
    return NULL;
}

void model_keep_draft(struct model *m, struct str room, struct str text)
{
    struct room_draft *d = draft_of(m, room);
    if (str_trim(text).n == 0 || room.n > ROOM_NAME_MAX)
        return;
    if (!d) {
        struct room_draft fresh = {0};
        memcpy(fresh.room, room.p, room.n);
        vec_push(&m->room_drafts, fresh);
        d = &m->room_drafts.v[m->room_drafts.n - 1];
    }
    if (d->text.n)
        buf_add_c(&d->text, '\n');
    buf_add_str(&d->text, text);
}

/* What is more than a message can have follows when that is said. */
void gone_take_draft(struct model *m, struct room_view *v)
{
    struct room_draft *d = draft_of(m, str_of(v->name));
    if (!d || v->input.text.n || v->chat.editing)
        return;
    lineedit_set(&v->input, buf_str(&d->text));
    buf_drop(&d->text, v->input.text.n);
    if (d->text.n)
        return;
    buf_finish(&d->text);
    vec_remove(&m->room_drafts, (size_t)(d - m->room_drafts.v));
}

/* A line that is about the room is over; one about all of moot is not. */
static void keep_prompt(struct model *m)
{
    char command[COMMAND_MAX];
    struct str text = lineedit_text(&m->line);
    if (m->prompt == PROMPT_COMMAND || m->prompt == PROMPT_SEARCH)
        return;
    if (m->prompt == PROMPT_COMMENT)
        comment_keep(m);
    snprintf(command, sizeof command, "task add %.*s", STR_ARG(text));
    if ((m->prompt == PROMPT_ADD || m->prompt == PROMPT_TITLE) && text.n)
        line_history_add(&m->commands, str_of(command));
    prompt_close(m);
}

void gone_keep(struct model *m, const struct room_view *v)
{
    if (v->chat.editing)
        model_keep_draft(m, str_of(v->name), buf_str(&v->chat.draft));
    model_keep_draft(m, str_of(v->name), lineedit_text(&v->input));
    if (m->here == v)
        keep_prompt(m);
}

/* ---- hearing of it ---- */

void gone_heard(struct model *m, struct str room, enum role role, struct str author)
{
    struct room_view *v = model_view(m, room);
    if (!v)
        return;
    v->left = role == ROLE_NONE;
    snprintf(v->left_by, sizeof v->left_by, "%.*s", STR_ARG(author));
}

static bool is_ours(const struct session *s, struct str room)
{
    const struct room_item_own *k = session_known(s, room);
    return k ? k->role != ROLE_NONE : room_is_direct(room) || session_is_coming(s, room);
}

void gone_linked(struct model *m)
{
    vec_each (v, &m->views)
        if (!is_ours(&m->session, str_of((*v)->name)))
            gone_heard(m, str_of((*v)->name), ROLE_NONE, (struct str){0});
}

bool gone_error(const struct model *m, const struct msg_error *e)
{
    if (e->head.re || !e->room.n)
        return false;
    const struct room_view *v = model_view(m, e->room);
    return !v || v->left;
}

/* ---- going ---- */

enum writing { WRITES_NOTHING, WRITES_LINE, WRITES_TEXT };

static enum writing what_is_written(const struct model *m, const struct room_view *v)
{
    if (v != m->here)
        return WRITES_NOTHING;
    if (model_where(m) == IN_NOTE)
        return WRITES_TEXT;
    return m->focus == FOCUS_CHAT || m->prompt != PROMPT_NONE ? WRITES_LINE : WRITES_NOTHING;
}

static void say_gone(struct model *m, const struct room_view *v, char *out, size_t n)
{
    if (!v->left_by[0])
        snprintf(out, n, "You are no longer in %s.", v->name);
    else if (str_is(str_of(v->left_by), m->session.user))
        snprintf(out, n, "You left %s.", v->name);
    else
        snprintf(out, n, "%s took you out of %s.", v->left_by, v->name);
}

/* Of keys that were meant for that room none may do something in another: there they would be
 * commands. In a text Enter is such a key. */
static void ask_to_read(struct model *m, const char *words, enum writing what, bool has_draft)
{
    m->leaving[0] = '\0';
    m->deleting = false;
    dialog_open(&m->dialog, STR(" Not your room any more "));
    form_add(&m->dialog.body, 0, "")->is_wide = true;
    form_say(&m->dialog.body, TONE_TEXT, str_of(words));
    if (has_draft) {
        form_add(&m->dialog.body, 0, "")->is_wide = true;
        form_say(&m->dialog.body, TONE_TEXT, STR(KEPT));
    }
    if (what == WRITES_LINE) {
        dialog_offer(&m->dialog, ACTION_CANCEL, "Go on");
    } else {
        form_add(&m->dialog.body, 0, "")->is_wide = true;
        form_say(&m->dialog.body, TONE_TEXT, STR("Esc goes on."));
    }
    notice_keep(m, (struct notice){.is_error = true}, words);
    m->asked_about = (struct conflict_ref){0};
    m->is_elsewhere = true;
}

static void drop(struct model *m, struct room_view *v, struct effects *out)
{
    char words[ROOM_NAME_MAX + USER_NAME_MAX + 40];
    char room[ROOM_NAME_MAX + 1];
    enum writing what = what_is_written(m, v);
    bool asks = what && strcmp(v->left_by, m->session.user) != 0;
    memcpy(room, v->name, sizeof room);
    say_gone(m, v, words, sizeof words);
    model_drop(m, v, out);
    bool has_draft = draft_of(m, str_of(room)) != NULL;
    effect_add(out, EFFECT_CACHE_GONE, str_of(room), (struct str){0});
    if (asks)
        ask_to_read(m, words, what, has_draft);
    else
        model_toast(m, TOAST_INFO, "%s%s", words, has_draft ? " " KEPT : "");
}

void gone_settle(struct model *m, struct effects *out)
{
    for (size_t i = m->views.n; i-- > 0;)
        if (m->views.v[i]->left)
            drop(m, m->views.v[i], out);
        else if (m->room_drafts.n)
            gone_take_draft(m, m->views.v[i]);
}
