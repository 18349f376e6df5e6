/* What is done to messages: one is selected, answered, edited, deleted, reacted to, pinned,
 * copied, followed to where it leads. */
#include "beside.h"
#include "card_form.h"
#include "emoji.h"
#include "update_parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- which one ---- */

/* The comment that is selected in the card with the focus; 0: none. */
static int64_t comment_at(const struct model *m)
{
    return beside_has_focus(m, BESIDE_CARD) ? card_pane_said(&m->here->card_pane) : 0;
}

int64_t message_at(const struct model *m)
{
    int64_t comment = comment_at(m);
    return comment ? comment : m->here->chat.at;
}

/* The selected one; NULL, after saying so, when there is none. */
static const struct line *selected(struct model *m)
{
    const struct replica *r = model_replica(m);
    const struct line *l = r && message_at(m) ? replica_said(r, message_at(m)) : NULL;
    if (!l)
        model_toast(m, TOAST_INFO,
                    "No message is selected: C-Up in the chat selects one, or j in a card.");
    return l;
}

/* The same, of one that is still there. */
static const struct line *living(struct model *m)
{
    const struct line *l = selected(m);
    if (!l || !l->deleted[0])
        return l;
    model_toast(m, TOAST_INFO, "That message was deleted by %s.", l->deleted);
    return NULL;
}

static bool is_own(const struct model *m, const struct line *l)
{
    return str_is(l->author, m->session.user);
}

static bool ask(struct model *m, struct msg *request, struct effects *out)
{
    struct err e = {0};
    request->request.room = str_of(m->here->name);
    if (session_request(&m->session, request, m->now, out, &e))
        return true;
    model_toast(m, TOAST_ERROR, "%s", e.text);
    return false;
}

/* ---- selecting ---- */

void message_reveal(struct model *m)
{
    struct layout l;
    layout_of(m, &l);
    chat_reveal(m, &l, m->here->chat.at);
}

void message_step(struct model *m, int by)
{
    const struct replica *r = model_replica(m);
    ptrdiff_t n = r ? (ptrdiff_t)replica_lines(r) : 0, at;
    if (n == 0)
        return;
    at = m->here->chat.at ? replica_line_index(r, m->here->chat.at) : n;
    if (at < 0)
        at = n;
    at = MIN(MAX(at + by, 0), (ptrdiff_t)chat_end(m, (size_t)at) - 1);
    m->here->chat.at = replica_line(r, (size_t)at)->seq;
    m->focus = FOCUS_CHAT;
    message_reveal(m);
}

static void select_number(struct model *m, struct str number)
{
    int64_t seq;
    if (str_int(number, 1, SEQ_MAX, &seq))
        seek_message(m, seq);
    else
        model_toast(m, TOAST_ERROR, "\"%.*s\" is no number of a message.",
                    (int)MIN(number.n, (size_t)40), number.p);
}

/* From the lowest one on the screen. */
void message_select(struct model *m, struct str number)
{
    struct layout l;
    struct chat_rows rows;
    const struct replica *r = model_replica(m);
    if (!r)
        return;
    if (number.n) {
        select_number(m, number);
        return;
    }
    m->focus = FOCUS_CHAT;
    layout_of(m, &l);
    if (m->here->chat.at || rect_is_empty(l.chat) || chat_items(m) == 0) {
        message_step(m, -1);
        return;
    }
    chat_rows_of(m, &l, &rows);
    m->here->chat.at = chat_line(m, rows.last)->seq;
    chat_rows_finish(&rows);
    message_reveal(m);
}

bool message_leave(struct model *m)
{
    struct chat_pane *p = &m->here->chat;
    if (p->at) {
        p->at = 0;
        return true;
    }
    if (!p->answering && !p->editing)
        return false;
    if (p->editing)
        lineedit_set(&m->here->input, buf_str(&p->draft));
    buf_clear(&p->draft);
    p->answering = p->editing = 0;
    return true;
}

/* ---- answering and editing ---- */

/* What was being written stays for afterwards. */
static void begin_edit(struct model *m, const struct line *l)
{
    struct chat_pane *p = &m->here->chat;
    if (!p->editing) {
        buf_clear(&p->draft);
        buf_add_str(&p->draft, lineedit_text(&m->here->input));
    }
    p->editing = l->seq;
    p->answering = p->at = 0;
    lineedit_set(&m->here->input, l->text);
}

void message_reply(struct model *m)
{
    const struct line *l = selected(m);
    if (!l)
        return;
    if (comment_at(m)) {
        comment_write(m, m->here->card_pane.card, (struct about){.message = l->seq});
        return;
    }
    if (m->here->chat.editing)
        message_leave(m);
    m->here->chat.answering = l->seq;
    m->here->chat.at = 0;
}

void message_edit(struct model *m, struct str text, struct effects *out)
{
    const struct line *l = living(m);
    if (!l)
        return;
    if (!is_own(m, l)) {
        model_toast(m, TOAST_INFO, "Only %.*s may edit that message.", STR_ARG(l->author));
        return;
    }
    if (text.n == 0 && comment_at(m)) {
        comment_write(m, m->here->card_pane.card,
                      (struct about){.message = l->seq, .is_edit = true});
        return;
    }
    if (text.n == 0) {
        begin_edit(m, l);
        return;
    }
    struct msg edit = {.type = MSG_MESSAGE_EDIT};
    edit.message_edit.message = l->seq;
    edit.message_edit.text = text;
    ask(m, &edit, out);
}

bool message_edit_last(struct model *m)
{
    const struct replica *r = model_replica(m);
    for (size_t i = r ? replica_lines(r) : 0; i-- > 0;) {
        const struct line *l = replica_line(r, i);
        if (!is_own(m, l) || l->deleted[0])
            continue;
        begin_edit(m, l);
        return true;
    }
    return false;
}

bool message_say(struct model *m, int64_t card, struct about about, struct str text,
                 struct effects *out)
{
    struct msg r = {.type = MSG_MESSAGE_POST, .message_post.text = text};
    r.message_post.task = card;
    r.message_post.reply = about.message;
    if (about.is_edit) {
        r = (struct msg){.type = MSG_MESSAGE_EDIT};
        r.message_edit.message = about.message;
        r.message_edit.text = text;
    }
    return ask(m, &r, out);
}

bool message_send(struct model *m, struct str text, struct effects *out)
{
    const struct chat_pane *p = &m->here->chat;
    return message_say(m, 0,
                       (struct about){p->editing ? p->editing : p->answering, p->editing != 0},
                       text, out);
}

/* ---- deleting ---- */

static bool may_delete(const struct model *m, const struct line *l)
{
    return is_own(m, l) || model_replica(m)->role == ROLE_OWNER || m->session.admin;
}

void message_delete(struct model *m)
{
    const struct line *l = living(m);
    if (!l)
        return;
    if (!may_delete(m, l)) {
        model_toast(m, TOAST_INFO, "Only %.*s and owners of %s may delete that message.",
                    STR_ARG(l->author),
                    model_label(m, str_of(m->here->name), &(struct room_label){0}));
        return;
    }
    struct rich quote = {0};
    struct look_want want = {.r = model_replica(m),
                             .line = l,
                             .ascii = m->ascii,
                             .strokes = m->strokes,
                             .width = 60};
    dialog_open(&m->dialog, STR(" Delete this message? "));
    form_add(&m->dialog.body, 0, "")->is_wide = true;
    form_say(&m->dialog.body, TONE_PERSON, l->author);
    form_say(&m->dialog.body, TONE_TEXT, STR("  "));
    look_quote(&want, &quote);
    for (size_t i = 0; quote.lines.n && i < quote.lines.v[0].behind; i++)
        form_say(&m->dialog.body, TONE_TEXT, quote.pieces.v[i].text);
    rich_finish(&quote);
    form_add(&m->dialog.body, 0, "")->is_wide = true;
    form_say(&m->dialog.body, TONE_DIM, STR("It does not come back."));
    dialog_offer(&m->dialog, ACTION_MESSAGE_DELETE_SURE, "Delete it");
    dialog_offer(&m->dialog, ACTION_CANCEL, "Leave it");
    m->deleting = true;
}

bool message_dialog_leave(struct model *m)
{
    if (!m->deleting)
        return false;
    m->deleting = false;
    dialog_close(&m->dialog);
    return true;
}

void message_delete_sure(struct model *m, struct effects *out)
{
    if (!message_dialog_leave(m))
        return;
    const struct line *l = living(m);
    if (!l)
        return;
    struct msg gone = {.type = MSG_MESSAGE_DELETE};
    gone.message_delete.message = l->seq;
    if (ask(m, &gone, out))
        m->here->has_deleted = true;
}

/* ---- pins, folds, copies ---- */

void message_pin(struct model *m, struct effects *out)
{
    const struct line *l = living(m);
    if (!l)
        return;
    struct msg pin = {.type = MSG_MESSAGE_PIN};
    pin.message_pin.message = l->seq;
    pin.message_pin.gone = replica_is_pinned(model_replica(m), l->seq);
    ask(m, &pin, out);
}

void message_fold(struct model *m, int64_t message)
{
    struct layout l;
    if (!message && !selected(m))
        return;
    message = message ? message : message_at(m);
    chat_pane_unfold(&m->here->chat, message);
    layout_of(m, &l);
    if (!comment_at(m) && chat_pane_shows_all(&m->here->chat, message))
        chat_top(m, &l, message); /* to be read from its beginning */
    else
        message_reveal(m);
}

void message_copy(struct model *m, struct effects *out)
{
    const struct line *l = living(m);
    if (!l)
        return;
    effect_add(out, EFFECT_COPY, (struct str){0}, l->text);
    model_toast(m, TOAST_INFO, "Copied.");
}

/* ---- reactions ---- */

static void remember(struct model *m, struct str emoji)
{
    struct recent_emoji *e = &m->emoji;
    size_t i = 0;
    char kept[EMOJI_MAX + 1] = {0};
    memcpy(kept, emoji.p, MIN(emoji.n, (size_t)EMOJI_MAX));
    while (i < e->n && strcmp(e->v[i], kept) != 0)
        i++;
    if (i == e->n)
        e->n = MIN(e->n + 1, (size_t)RECENT_EMOJI);
    memmove(e->v + 1, e->v, MIN(i, e->n - 1) * sizeof *e->v);
    memcpy(e->v[0], kept, sizeof kept);
}

void message_react_with(struct model *m, int64_t message, struct str emoji, struct effects *out)
{
    const struct replica *r = model_replica(m);
    const struct line *l = r ? replica_said(r, message) : NULL;
    if (!l)
        return;
    struct msg react = {.type = MSG_MESSAGE_REACT};
    react.message_react.message = l->seq;
    react.message_react.emoji = emoji_of(emoji);
    react.message_react.gone = line_has_reaction(l, emoji_of(emoji), str_of(r->user));
    if (ask(m, &react, out) && !react.message_react.gone)
        remember(m, react.message_react.emoji);
}

void message_react(struct model *m, struct str emoji, struct effects *out)
{
    const struct line *l = living(m);
    if (!l)
        return;
    if (emoji.n)
        message_react_with(m, l->seq, emoji, out);
    else
        pick_emoji(m, l);
}

void message_react_again(struct model *m, struct effects *out)
{
    const struct line *l = living(m);
    if (l)
        message_react_with(m, l->seq, m->emoji.n ? str_of(m->emoji.v[0]) : STR("\U0001F44D"),
                           out);
}

/* ---- going somewhere ---- */

void piece_follow(struct model *m, const struct rich_piece *piece, int64_t message,
                  struct effects *out)
{
    switch (piece->goes) {
    case GOES_LINK:
        effect_add(out, EFFECT_OPEN, (struct str){0}, piece->to);
        return;
    case GOES_CARD:
        thing_go(m, piece->number, out);
        return;
    case GOES_ORIGINAL:
        seek_message(m, piece->number);
        return;
    case GOES_REACTION:
        message_react_with(m, message, piece->to, out);
        return;
    case GOES_UNFOLD:
        message_fold(m, message);
        return;
    case GOES_USER:
    case GOES_NOWHERE:
        return;
    }
}

static bool is_folded_in_chat(const struct model *m, const struct line *said)
{
    struct layout l;
    struct chat_rows rows;
    bool folds = false;
    layout_of(m, &l);
    chat_rows_of(m, &l, &rows);
    vec_each (row, &rows.rows)
        if (row->kind == ROW_TEXT && chat_line(m, row->item)->seq == said->seq)
            folds = rows.looks.v[row->look].folds;
    chat_rows_finish(&rows);
    return folds;
}

/* Where it leads shows only once all of it does. */
void message_follow(struct model *m, struct effects *out)
{
    const struct line *l = living(m);
    if (!l || (comment_at(m) && card_follow_piece(m, l, out)))
        return;
    if (!comment_at(m) && is_folded_in_chat(m, l)) { /* a comment has a piece that unfolds it */
        message_fold(m, l->seq);
        return;
    }
    struct rich targets = {0};
    struct look_want want = {.r = model_replica(m), .line = l, .ascii = m->ascii};
    look_targets(&want, &targets);
    if (l->reply && targets.pieces.n == 0)
        seek_message(m, l->reply);
    else if (targets.pieces.n == 0)
        model_toast(m, TOAST_INFO, "That message leads nowhere: it names no link and no card.");
    else if (targets.pieces.n == 1 && !l->reply)
        piece_follow(m, &targets.pieces.v[0], l->seq, out);
    else
        pick_target(m, l, &targets);
    rich_finish(&targets);
}

/* ---- the mouse ---- */

bool message_press(struct model *m, const struct layout *l, const struct mouse *mouse,
                   struct effects *out)
{
    struct chat_rows rows;
    const struct rich_piece *piece;
    if (!model_replica(m) || !rect_has(l->chat, mouse->x, mouse->y))
        return false;
    chat_rows_of(m, l, &rows);
    ptrdiff_t item = chat_find(l, &rows, mouse->x, mouse->y, &piece);
    int64_t seq = item >= 0 ? chat_line(m, (size_t)item)->seq : 0;
    if (piece && piece_leads(piece))
        piece_follow(m, piece, seq, out);
    else
        m->here->chat.at = seq == m->here->chat.at ? 0 : seq;
    chat_rows_finish(&rows);
    return true;
}

/* ---- after every input ---- */

/* The first message on the screen that answers one which is not known here; 0: none. */
static int64_t lacking(const struct model *m, const struct layout *l, const struct replica *r)
{
    struct chat_rows rows;
    int64_t lacks = 0;
    chat_rows_of(m, l, &rows);
    for (size_t i = rows.first; rows.items && i <= rows.last && !lacks; i++) {
        int64_t reply = chat_line(m, i)->reply;
        if (reply > 0 && !replica_said(r, reply))
            lacks = reply;
    }
    chat_rows_finish(&rows);
    return lacks;
}

static void ask_lacking(struct model *m, const struct layout *l, const struct replica *r,
                        struct effects *out)
{
    struct chat_pane *p = &m->here->chat;
    if (p->asked || m->session.state != SESSION_ONLINE || !r->synced || rect_is_empty(l->chat))
        return;
    int64_t lacks = lacking(m, l, r);
    if (!lacks || lacks == p->asked_page)
        return;
    struct msg question = {.type = MSG_HISTORY};
    question.request.room = str_of(m->here->name);
    question.history.before = lacks + 1;
    question.history.limit = 1;
    p->asked = session_ask(&m->session, &question, out, NULL);
    p->asked_page = lacks;
}

void message_settle(struct model *m, const struct layout *l, struct effects *out)
{
    struct replica *r = model_replica(m);
    if (!r)
        return;
    struct chat_pane *p = &m->here->chat;
    m->about.message = replica_number_of(r, m->about.message);
    p->at = replica_number_of(r, p->at);
    p->answering = replica_number_of(r, p->answering);
    p->editing = replica_number_of(r, p->editing);
    if (p->at && replica_line_index(r, p->at) < 0)
        p->at = 0;
    if (m->session.state != SESSION_ONLINE)
        p->asked = p->asked_page = p->pins = 0;
    ask_lacking(m, l, r, out);
}

bool message_page(struct model *m, const struct msg_history_page *page)
{
    vec_each (v, &m->views) {
        struct chat_pane *p = &(*v)->chat;
        bool is_pins = p->pins && page->head.re == p->pins;
        if (!is_pins && !(p->asked && page->head.re == p->asked))
            continue;
        struct replica *r = session_room(&m->session, str_of((*v)->name));
        if (r)
            replica_take_far(r, page);
        if (is_pins)
            p->pins = 0;
        else
            p->asked = 0;
        if (is_pins && *v == m->here)
            pick_pins_came(m);
        return true;
    }
    return false;
}

bool message_failed(struct model *m, int64_t question)
{
    vec_each (v, &m->views) {
        struct chat_pane *p = &(*v)->chat;
        if (question && (p->asked == question || p->pins == question)) {
            p->asked = p->asked == question ? 0 : p->asked;
            p->pins = p->pins == question ? 0 : p->pins;
            return true;
        }
    }
    return false;
}
