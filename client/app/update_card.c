/* The card view: which card is open, and where the person is in it. */
#include "beside.h"
#include "card_form.h"
#include "update_parts.h"

#include <stdlib.h>

int64_t card_meant(const struct model *m)
{
    if (beside_has_focus(m, BESIDE_CARD))
        return m->here->card_pane.card;
    return m->here ? m->here->card : 0;
}

/* ---- opening and closing ---- */

void card_close(struct model *m, struct room_view *v, struct effects *out)
{
    struct card_pane *p = &v->card_pane;
    if (p->doc)
        session_close_text(&m->session, p->doc, m->now, out);
    card_pane_finish(p);
}

void card_open(struct model *m, int64_t number, struct effects *out)
{
    const struct replica *r = model_replica(m);
    const struct card *c = r ? board_card(&r->board, replica_number_of(r, number)) : NULL;
    if (!c || c->archived) {
        board_no_card(m, number);
        return;
    }
    struct card_pane *p = &m->here->card_pane;
    if (p->card != c->number) {
        card_close(m, m->here, out);
        p->card = c->number;
        p->doc = session_open_text(&m->session, str_of(m->here->name), c->number, m->now, out);
    }
    board_select(m, c);
    beside_show(m, BESIDE_CARD);
}

/* ---- moving ---- */

static bool spots(struct model *m, struct layout *l, struct card_spots *s)
{
    layout_of(m, l);
    return card_spots_of(m, l, s);
}

void card_step(struct model *m, int rows)
{
    struct layout l;
    struct card_spots s;
    struct form_at *at = &m->here->card_pane.at;
    if (!spots(m, &l, &s))
        return;
    if (abs(rows) == 1 || abs(rows) == STEP_FAR)
        form_step(&s.content, at, rows);
    else
        form_page(&s.content, &s.lines, at, rows);
    form_settle(&s.content, &s.lines, s.form.h, at);
    card_spots_finish(&s);
}

void card_step_value(struct model *m, int by)
{
    struct layout l;
    struct card_spots s;
    if (!spots(m, &l, &s))
        return;
    form_step_item(&s.content, &m->here->card_pane.at, by);
    card_spots_finish(&s);
}

void card_wheel(struct model *m, int rows)
{
    struct layout l;
    struct card_spots s;
    if (!spots(m, &l, &s))
        return;
    form_scroll(&s.lines, s.form.h, &m->here->card_pane.at, rows);
    card_spots_finish(&s);
}

void card_press(struct model *m, const struct layout *l, const struct mouse *mouse,
                struct effects *out)
{
    struct card_spots s;
    struct form_at found;
    m->focus = FOCUS_BESIDE;
    if (!card_spots_of(m, l, &s))
        return;
    struct form_at *at = &m->here->card_pane.at;
    bool hit =
        rect_has(s.form, mouse->x, mouse->y) &&
        form_find(&s.content, &s.lines, at, mouse->x - s.form.x, mouse->y - s.form.y, &found);
    card_spots_finish(&s);
    if (!hit)
        return;
    bool follows = found.is_on_item;
    found.is_on_item = false;
    *at = found;
    if (!card_pane_said(&m->here->card_pane))
        card_edit(m, out);
    else if (follows)
        message_follow(m, out);
}

/* ---- comments ---- */

bool card_go_said(struct model *m, int64_t message)
{
    struct layout l;
    struct card_spots s;
    struct form_at *at = &m->here->card_pane.at;
    int64_t id = CARD_ROW_SAID + replica_number_of(model_replica(m), message);
    if (!beside_has_focus(m, BESIDE_CARD) || !spots(m, &l, &s))
        return false;
    bool is_there = form_row(&s.content, id);
    if (is_there)
        *at = (struct form_at){.id = id, .top = at->top};
    card_spots_finish(&s);
    return is_there;
}

bool card_follow_piece(struct model *m, const struct line *said, struct effects *out)
{
    struct layout l;
    struct look look = {0};
    const struct rich_piece *piece;
    layout_of(m, &l);
    bool any = card_piece(m, said, MIN(l.beside.w, CARD_VIEW_MAX), m->here->card_pane.at.item,
                          &look, &piece);
    if (any)
        piece_follow(m, piece, said->seq, out);
    look_finish(&look);
    return any;
}

/* ---- changing ---- */

static const struct {
    enum action_id edit;
    enum card_field field; /* CARD_TITLE: nothing that can be taken off */
} rows[CARD_ROWS] = {
    [CARD_ROW_TITLE] = {ACTION_TASK_EDIT, CARD_TITLE},
    [CARD_ROW_COLUMN] = {ACTION_TASK_MOVE, CARD_TITLE},
    [CARD_ROW_PRIORITY] = {ACTION_TASK_PRIORITY, CARD_PRIORITY},
    [CARD_ROW_DUE] = {ACTION_TASK_DUE, CARD_DUE},
    [CARD_ROW_ASSIGNEES] = {ACTION_TASK_ASSIGN, CARD_ASSIGNEE},
    [CARD_ROW_LABELS] = {ACTION_TASK_LABEL, CARD_LABEL},
    [CARD_ROW_BLOCKERS] = {ACTION_TASK_BLOCK, CARD_BLOCKER},
    [CARD_ROW_DESCRIPTION] = {ACTION_TASK_DESCRIBE, CARD_TITLE},
    [CARD_ROW_COMMENTS] = {ACTION_TASK_COMMENT, CARD_TITLE},
};

static int64_t row_selected(const struct model *m)
{
    bool here = beside_has_focus(m, BESIDE_CARD) && m->here->card_pane.at.id < CARD_ROWS;
    return here ? m->here->card_pane.at.id : 0;
}

void card_edit(struct model *m, struct effects *out)
{
    int64_t row = row_selected(m);
    enum action_id id = rows[row].edit;
    if (row == CARD_ROW_OLDER)
        card_log_older(m, out);
    else if (id)
        update_action(m, &(struct command){.action = id}, out);
}

/* The value of a field by its place, from 1; that of a field of one value, whatever the place.
 */
static struct str value_at(const struct card *c, enum card_field f, int place)
{
    if (f < CARD_SCALARS)
        return card_scalar(c, f);
    vec_each (v, &c->values)
        if (v->field == f && --place == 0)
            return str_of(v->value);
    return (struct str){0};
}

void card_remove(struct model *m, struct effects *out)
{
    enum card_field f = rows[row_selected(m)].field;
    const struct card *c = card_shown(m);
    if (!c || f == CARD_TITLE)
        return;
    struct str value = value_at(c, f, m->here->card_pane.at.item);
    if (value.n == 0)
        return;
    struct field_edit e = {.card = c->number,
                           .seen = model_replica(m)->seq,
                           .field = f,
                           .gone = f >= CARD_SCALARS};
    if (e.gone)
        e.value = str_keep(&out->arena, value);
    field_set(m, &e, out);
}

/* ---- after every input ---- */

static void count_boxes(struct card_pane *p)
{
    const struct doc *d = p->doc;
    struct buf text = {0};
    if (!d || !d->text || (p->counted == d->changes + 1))
        return;
    p->counted = d->changes + 1;
    p->boxes = (struct checklist){0};
    rope_read(d->text, 0, rope_chars(d->text), &text);
    checklist_count(buf_str(&text), &p->boxes);
    buf_finish(&text);
}

/* A card that was put away, or that nobody knows any more, is closed. */
void card_settle(struct model *m, const struct layout *l, struct effects *out)
{
    struct card_pane *p = m->here ? &m->here->card_pane : NULL;
    const struct replica *r = model_replica(m);
    if (!p || !p->card || !r)
        return;
    p->card = replica_number_of(r, p->card);
    if (card_pane_said(p))
        p->at.id = CARD_ROW_SAID + replica_number_of(r, card_pane_said(p));
    const struct card *c = card_shown(m);
    if (!c || c->archived) {
        model_toast(m, TOAST_INFO, "Card %lld is not on the board any more.",
                    (long long)MAX(p->card, 0));
        card_close(m, m->here, out);
        beside_settle(m);
        return;
    }
    count_boxes(p);
    struct card_spots s;
    if (!card_spots_of(m, l, &s))
        return;
    form_settle(&s.content, &s.lines, s.form.h, &p->at);
    bool at_end = p->at.top + (size_t)MAX(s.form.h, 0) >= s.lines.lines.n;
    card_spots_finish(&s);
    card_log_settle(m, at_end, out);
}
