/* The text that is open: what keys do to it. */
#include "beside.h"
#include "update_parts.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

enum { COPY_MAX = 64 * 1024 }; /* bytes that the terminal is given to copy */

/* Which actions are verbs of the editor; one more than the verb, 0: it is none. */
/* clang-format off */
static const unsigned char verbs[ACTION_COUNT] = {
#define X(verb, name, keys, doc) [ACTION_TEXT_##verb] = EDITOR_##verb + 1,
    TEXT_VERB_LIST(X)
#undef X
    [ACTION_PAGE_UP] = EDITOR_PAGE_UP + 1,
    [ACTION_PAGE_DOWN] = EDITOR_PAGE_DOWN + 1,
};
/* clang-format on */

void note_pane_init(struct note_pane *p)
{
    *p = (struct note_pane){0};
    editor_init(&p->editor);
    history_clear(&p->history);
}

void note_pane_finish(struct note_pane *p)
{
    editor_finish(&p->editor);
    blame_clear(&p->blame);
    history_clear(&p->history);
    outline_clear(&p->outline);
    fetch_clear(&p->fetch);
    buf_finish(&p->search.offer);
    buf_finish(&p->search.was);
    *p = (struct note_pane){0};
}

struct note_pane *note_pane(const struct model *m)
{
    return m->here ? &m->here->note : NULL;
}

struct doc *note_doc(const struct model *m)
{
    return m->here ? m->here->note.doc : NULL;
}

/* ---- opening and closing ---- */

/* The text alone; the pane stays as it is. */
static void close_text(struct model *m, struct room_view *v, struct effects *out)
{
    struct note_pane *p = &v->note;
    if (!p->doc)
        return;
    session_close_text(&m->session, p->doc, m->now, out);
    p->doc = NULL;
    p->marking = p->is_dragging = false;
    p->refused = (struct err){0};
    blame_clear(&p->blame);
    history_clear(&p->history);
    outline_clear(&p->outline);
}

void note_close(struct model *m, struct room_view *v, struct effects *out)
{
    close_text(m, v, out);
    v->note.shows = NOTE_NOTHING;
}

void note_show(struct model *m, enum note_shows shows)
{
    struct note_pane *p = note_pane(m);
    bool was_in = beside_has_focus(m, BESIDE_NOTE);
    if (!was_in || p->shows == NOTE_TEXT)
        p->from_text = was_in;
    p->shows = shows;
    beside_show(m, BESIDE_NOTE);
}

void note_open(struct model *m, int64_t number, struct effects *out)
{
    struct room_view *v = m->here;
    if (!v || !model_replica(m))
        return;
    struct doc *d = v->note.doc;
    if (!d || d->number != number) {
        d = session_open_text(&m->session, str_of(v->name), number, m->now, out);
        if (!d) {
            model_toast(m, TOAST_ERROR, "%s is not open.", v->name);
            return;
        }
        close_text(m, v, out);
        v->note.doc = d;
        v->note.editor.top = d->top;
        v->note.editor.column = -1;
    }
    v->note.at = number;
    note_show(m, NOTE_TEXT);
    session_caret(&m->session, d, d->caret, d->anchor, m->now, out);
}

void note_open_card(struct model *m, int64_t card, struct effects *out)
{
    const struct replica *r = model_replica(m);
    const struct card *c = r ? board_card(&r->board, replica_number_of(r, card)) : NULL;
    if (!c || c->archived) {
        board_no_card(m, card);
        return;
    }
    board_select(m, c);
    note_open(m, c->number, out);
}

/* Back to the text; but not into it when one had left that. */
void note_back(struct model *m)
{
    struct note_pane *p = note_pane(m);
    p->shows = NOTE_TEXT;
    if (!p->from_text)
        beside_leave(m, BESIDE_NOTE);
}

/* What the q of the pane means: back to what is below, or away. */
void note_leave(struct model *m, struct effects *out)
{
    struct note_pane *p = note_pane(m);
    if (!p || p->shows == NOTE_NOTHING)
        return;
    if (p->shows != NOTE_TEXT && p->doc)
        note_back(m);
    else
        note_close(m, m->here, out);
}

/* Esc goes one step back, and leaves what is open where it is. */
void note_cancel(struct model *m, struct effects *out)
{
    struct note_pane *p = &m->here->note;
    if (p->shows == NOTE_HISTORY && p->history.is_asking) {
        p->history.is_asking = false;
    } else if (p->shows != NOTE_TEXT) {
        note_leave(m, out);
    } else if (p->refused.code) {
        p->refused = (struct err){0};
    } else if (p->doc->caret != p->doc->anchor || p->marking) {
        note_verb(m, EDITOR_SELECT_NONE, false, out);
    } else {
        m->focus = FOCUS_BOARD;
    }
}

/* ---- verbs ---- */

struct doc *note_text(struct model *m)
{
    struct doc *d = note_doc(m);
    if (!d || m->here->note.shows != NOTE_TEXT)
        return NULL;
    if (d->text)
        return d;
    if (d->state == DOC_REFUSED)
        model_toast(m, TOAST_ERROR, "%s", d->why.text);
    else if (m->session.state != SESSION_ONLINE)
        model_toast(m, TOAST_ERROR,
                    "This text is not on this machine, and there is no connection.");
    else
        model_toast(m, TOAST_INFO, "The text is on its way.");
    return NULL;
}

static void show_caret(struct model *m, struct doc *d)
{
    struct editor *e = &m->here->note.editor;
    editor_show(e, d->text, d->caret);
    d->top = e->top;
}

void note_move(struct model *m, size_t caret, size_t anchor, struct effects *out)
{
    struct doc *d = m->here->note.doc;
    undo_break(d->undo);
    session_caret(&m->session, d, caret, anchor, m->now, out);
    show_caret(m, d);
}

bool note_edit(struct model *m, const struct op *o, size_t caret, size_t anchor,
               struct effects *out)
{
    struct doc *d = m->here->note.doc;
    struct err e = {0};
    if (!session_edit(&m->session, d, o, m->now, out, &e)) {
        model_toast(m, TOAST_ERROR, "%s", e.text);
        return false;
    }
    m->here->note.refused = (struct err){0};
    session_caret(&m->session, d, caret, anchor, m->now, out);
    show_caret(m, d);
    typing_on(m, 0, d->number, out);
    return true;
}

static bool is_search(enum editor_verb verb)
{
    return verb == EDITOR_FIND_NEXT || verb == EDITOR_FIND_BACK || verb == EDITOR_REPLACE ||
           verb == EDITOR_REPLACE_ALL;
}

static void nothing_done(struct model *m, enum editor_verb verb)
{
    bool finds = is_search(verb);
    const struct editor *e = &m->here->note.editor;
    if (finds && e->find.n == 0)
        model_toast(m, TOAST_INFO, "Nothing to search for yet: %s asks.",
                    keymap_key(&m->keys, ACTION_NOTE_FIND, IN_NOTE).s);
    else if (finds)
        model_toast(m, TOAST_INFO, "\"%.*s\" is not in this text.",
                    (int)MIN(e->find.n, (size_t)60), e->find.p);
    else if (verb == EDITOR_PASTE)
        model_toast(m, TOAST_INFO, "Nothing was cut or copied here.");
}

/* Other programs can have what was cut or copied. */
static void offer_copy(struct model *m, enum editor_verb verb, struct effects *out)
{
    struct str copied = buf_str(&m->here->note.editor.clipboard);
    if ((verb == EDITOR_COPY || verb == EDITOR_CUT) && copied.n && copied.n <= COPY_MAX)
        effect_add(out, EFFECT_COPY, (struct str){0}, copied);
}

void note_verb(struct model *m, enum editor_verb verb, bool selecting, struct effects *out)
{
    struct doc *d = note_text(m);
    if (!d)
        return;
    struct note_pane *p = &m->here->note;
    struct editor *e = &p->editor;
    struct editor_at at = {d->text, d->caret, d->anchor};
    struct op o = {0};
    struct found_from from = {MIN(d->caret, d->anchor), MAX(d->caret, d->anchor)};
    p->search.on = false;
    e->selecting = selecting || p->marking;
    bool done = editor_do(e, verb, &at, &o);
    if (!op_is_empty(&o) || verb == EDITOR_COPY || verb == EDITOR_SELECT_NONE)
        p->marking = false;
    if (!done)
        nothing_done(m, verb);
    else if (op_is_empty(&o))
        note_move(m, at.caret, at.anchor, out);
    else
        note_edit(m, &o, at.caret, at.anchor, out);
    if (done)
        offer_copy(m, verb, out);
    if (done && is_search(verb))
        find_done(m, verb, from);
    op_finish(&o);
}

/* A key, or a paste, which is a step of its own to take back. */
void note_insert(struct model *m, struct str text, bool is_paste, struct effects *out)
{
    struct doc *d = note_text(m);
    if (!d)
        return;
    struct editor_at at = {d->text, d->caret, d->anchor};
    struct op o = {0};
    m->here->note.marking = m->here->note.search.on = false;
    if (is_paste)
        undo_break(d->undo);
    editor_insert(&m->here->note.editor, text, &at, &o);
    if (!op_is_empty(&o))
        note_edit(m, &o, at.caret, at.anchor, out);
    if (is_paste)
        undo_break(d->undo);
    op_finish(&o);
}

void note_take_back(struct model *m, bool again, struct effects *out)
{
    struct doc *d = note_text(m);
    struct err e = {0};
    if (!d)
        return;
    bool ok = again ? session_redo(&m->session, d, m->now, out, &e)
                    : session_undo(&m->session, d, m->now, out, &e);
    if (ok)
        show_caret(m, d);
    else
        model_toast(m, e.code == ERR_NOT_FOUND ? TOAST_INFO : TOAST_ERROR, "%s", e.text);
}

void note_mark(struct model *m, struct effects *out)
{
    struct doc *d = note_text(m);
    if (!d)
        return;
    struct note_pane *p = &m->here->note;
    p->marking = !p->marking;
    if (p->marking)
        note_move(m, d->caret, d->caret, out);
}

/* What was typed goes to where it can be pasted from. */
static size_t keep_typed(struct editor *e, struct str json)
{
    struct op o = {0};
    size_t n = op_parse(&o, json, SIZE_MAX, NULL) ? o.text.n : 0;
    if (n) {
        buf_clear(&e->clipboard);
        buf_add_str(&e->clipboard, buf_str(&o.text));
        e->clipboard_lines = e->killing = false;
    }
    op_finish(&o);
    return n;
}

void note_refused(struct model *m, const struct msg_note_edit *edit, const struct err *why)
{
    struct room_view *v = model_view(m, edit->head.room);
    bool is_here = v && v->note.doc && v->note.doc->number == edit->note;
    if (is_here)
        v->note.refused = *why;
    size_t n = v ? keep_typed(&v->note.editor, edit->op) : 0;
    if (n)
        model_toast(m, TOAST_ERROR, "Not saved: %s. What you typed is here: %s pastes it.",
                    why->text, keymap_key(&m->keys, ACTION_TEXT_PASTE, IN_NOTE).s);
    else
        model_toast(m, TOAST_ERROR, "Not saved: %s", why->text);
}

/* ---- keys ---- */

static bool is_movement(enum editor_verb verb)
{
    return verb <= EDITOR_TEXT_END;
}

bool note_action(struct model *m, enum action_id id, struct effects *out)
{
    if (!verbs[id] || !beside_has_focus(m, BESIDE_NOTE) || m->here->note.shows != NOTE_TEXT)
        return false;
    note_verb(m, (enum editor_verb)(verbs[id] - 1), false, out);
    return true;
}

/* Shift with a movement selects; there are no rows for these. */
bool note_shift_key(struct model *m, struct key key, struct effects *out)
{
    if (!(key.mods & MOD_SHIFT))
        return false;
    key.mods &= ~(unsigned)MOD_SHIFT;
    enum action_id id = keymap_find(&m->keys, IN_NOTE, key);
    if (!verbs[id] || !is_movement((enum editor_verb)(verbs[id] - 1)))
        return false;
    note_verb(m, (enum editor_verb)(verbs[id] - 1), true, out);
    return true;
}

/* ---- after every input ---- */

/* Who left a text for something that hides it is not in it. */
static void carets_settle(struct model *m, const struct layout *l, struct effects *out)
{
    bool shows = model_beside(m) == BESIDE_NOTE && !rect_is_empty(l->beside);
    vec_each (v, &m->views) {
        const struct note_pane *p = &(*v)->note;
        if (p->doc)
            session_caret_shown(&m->session, p->doc,
                                shows && *v == m->here && p->shows != NOTE_LIST, m->now, out);
    }
}

/* The editor knows its size, the text's first row is where the doc moved it, and a text that
 * nobody may see any more is closed. */
void note_settle(struct model *m, const struct layout *l, struct effects *out)
{
    struct note_pane *p = note_pane(m);
    carets_settle(m, l, out);
    if (!p || p->shows == NOTE_NOTHING)
        return;
    if (!p->doc && p->shows != NOTE_LIST)
        p->shows = NOTE_LIST;
    notes_settle(m, l);
    blame_settle(m, out);
    history_settle(m, out);
    outline_settle(m, l);
    if (!p->doc || rect_is_empty(l->beside) || model_beside(m) != BESIDE_NOTE)
        return;
    struct note_spots spots;
    note_spots_of(m, l, &spots);
    struct editor *e = &p->editor;
    bool resized = e->width != MAX(spots.text.w, 1) || e->height != MAX(spots.text.h, 1);
    e->width = MAX(spots.text.w, 1);
    e->height = MAX(spots.text.h, 1);
    if (!p->doc->text)
        return;
    e->top = MIN(p->doc->top, rope_chars(p->doc->text));
    if (resized)
        show_caret(m, p->doc);
}

/* Others' names go, and what is typing turns into what was typed. */
int64_t note_next_tick(const struct model *m)
{
    const struct doc *d = note_doc(m);
    int64_t at = INT64_MAX;
    if (!d)
        return at;
    vec_each (c, &d->others)
        if (c->typed_at && c->typed_at + DOC_TYPING_MS > m->now)
            at = MIN(at, c->typed_at + DOC_TYPING_MS);
    return MIN(at, MIN(blame_next_tick(m), history_next_tick(m)));
}
