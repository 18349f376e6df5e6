/* Keys and pastes: to an action by the key map, or into the line that is being written. */
#include "update_parts.h"
#include "utf8.h"

struct lineedit *update_editor(struct model *m)
{
    if (m->help || m->dialog.is_open)
        return NULL;
    if (m->picker.is_open)
        return &m->picker.line;
    if (m->prompt != PROMPT_NONE)
        return &m->line;
    return m->focus == FOCUS_CHAT && m->here && !m->here->chat.at ? &m->here->input : NULL;
}

const struct lineedit *model_line(struct model *m)
{
    return update_editor(m);
}

static bool is_character(struct key key)
{
    return key.code >= ' ' && key.code < K_ENTER && key.mods == 0;
}

void update_edited(struct model *m, struct effects *out)
{
    if (m->picker.is_open)
        pick_typed(m);
    else if (m->prompt == PROMPT_NONE)
        chat_typed(m, out);
    else
        lock_typed(m);
    if (m->prompt == PROMPT_COMMENT)
        comment_typed(m, out);
    filter_typed(m);
    find_typed(m);
    search_typed(m);
    completions_clear(&m->completions);
    m->completion_at = 0;
}

/* A message that is edited is not written over with another one. Comments and messages of a
 * room stand in one history. */
struct line_history *update_history(struct model *m)
{
    if (m->prompt == PROMPT_NONE && m->here->chat.editing)
        return NULL;
    return m->prompt == PROMPT_COMMAND                        ? &m->commands
           : m->prompt == PROMPT_FILTER                       ? &m->filtered
           : m->prompt == PROMPT_SEARCH                       ? &m->searched
           : m->prompt == PROMPT_COMMENT && !m->about.is_edit ? &m->here->sent
           : m->prompt == PROMPT_NONE                         ? &m->here->sent
                                                              : NULL;
}

/* Up in the first line and Down in the last go through what was entered before; End with
 * nothing to do goes to the newest message. */
static void line_op_failed(struct model *m, enum line_op op)
{
    struct lineedit *l = update_editor(m);
    struct line_history *h = update_history(m);
    if (m->picker.is_open) {
        picker_step(&m->picker, op == LINE_UP ? -1 : op == LINE_DOWN ? 1 : 0);
        return;
    }
    if (op == LINE_UP && m->prompt == PROMPT_NONE && l->text.n == 0 && message_edit_last(m))
        return;
    if (op == LINE_UP && h)
        line_history_older(h, l);
    else if (op == LINE_DOWN && h)
        line_history_newer(h, l);
    else if (op == LINE_END && m->prompt == PROMPT_NONE)
        m->here->chat_anchor = m->here->chat_cut = 0;
}

static void do_line_op(struct model *m, enum line_op op, struct effects *out)
{
    struct lineedit *l = update_editor(m);
    if (!l)
        return;
    if (!lineedit_do(l, op)) {
        line_op_failed(m, op);
        if (m->picker.is_open)
            return; /* nothing was typed */
    }
    update_edited(m, out);
}

static void insert(struct model *m, struct str text, struct effects *out)
{
    struct lineedit *l = update_editor(m);
    if (!lineedit_insert(l, text))
        model_toast(m, TOAST_ERROR, "That is too long: at most %zu bytes fit here.", l->max);
    update_edited(m, out);
}

/* While a question is put nothing else is done, and no other question answered. */
static bool is_answer(const struct model *m, enum action_id id)
{
    enum action_group g = action_table[id].group;
    return dialog_offers(&m->dialog, id) || id == ACTION_CHOOSE || id == ACTION_CHOICE_NEXT ||
           id == ACTION_CHOICE_PREV || g == GROUP_GENERAL || g == GROUP_TOUR;
}

void update_key(struct model *m, struct key key, struct effects *out)
{
    struct lineedit *l = update_editor(m);
    enum action_id id = keymap_find(&m->keys, model_where(m), key);
    if (model_where(m) == IN_DIALOG && !is_answer(m, id))
        return;
    bool types = l && is_character(key) && (id == ACTION_NONE || l->text.n);
    bool is_note = model_where(m) == IN_NOTE;
    char bytes[4];
    if (model_where(m) == IN_HISTORY && history_key(m, key, out))
        return;
    if (is_note && is_character(key))
        note_insert(m, (struct str){bytes, utf8_put(bytes, key.code)}, false, out);
    else if (is_note && id == ACTION_NONE)
        note_shift_key(m, key, out);
    else if (types)
        insert(m, (struct str){bytes, utf8_put(bytes, key.code)}, out);
    else if (id && action_table[id].op)
        do_line_op(m, action_table[id].op, out);
    else if (id)
        update_action(m, &(struct command){.action = id}, out);
}

void update_paste(struct model *m, struct str text, struct effects *out)
{
    /* Outside a line a paste is no row of commands: it goes to the chat, to be looked at. */
    if (model_where(m) == IN_NOTE) {
        note_insert(m, text, true, out);
        return;
    }
    if (!update_editor(m)) {
        if (m->help || m->dialog.is_open || !m->here)
            return;
        m->focus = FOCUS_CHAT;
        m->here->chat.at = 0;
    }
    insert(m, text, out);
}
