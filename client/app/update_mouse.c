/* The mouse: what it points at is found in the layout. */
#include "beside.h"
#include "direct.h"
#include "update_parts.h"

#include <string.h>

struct target {
    struct layout layout;
    struct board_spots spots;
    const struct column_spot *column; /* NULL: not on the board */
    const struct card_spot *card;     /* NULL: on no card */
};

static void find_target(const struct model *m, int x, int y, struct target *t)
{
    *t = (struct target){0};
    layout_of(m, &t->layout);
    board_spots_of(m, &t->layout, &t->spots);
    for (int i = 0; i < t->spots.n; i++)
        if (rect_has(t->spots.columns[i].body, x, y) ||
            rect_has(t->spots.columns[i].head, x, y))
            t->column = &t->spots.columns[i];
    vec_each (c, &t->spots.cards)
        if (rect_has(c->rect, x, y))
            t->card = c;
}

static void press_board(struct model *m, const struct target *t, const struct mouse *mouse)
{
    m->focus = FOCUS_BOARD;
    if (t->card && mouse->mods & (MOD_CTRL | MOD_ALT)) {
        board_select(m, t->card->card);
        mark_card(m, t->card->card);
    } else if (t->card) {
        board_select(m, t->card->card);
        drag_begin(m, mouse);
    } else if (t->column) {
        m->here->column = t->column->index;
        m->here->card = 0;
    }
}

static void press_room(struct model *m, int row, struct effects *out)
{
    m->focus = FOCUS_ROOMS;
    if (row < 0 || (size_t)row >= m->views.n)
        return;
    struct room_view *v = m->views.v[row];
    model_show(m, v, out);
    if (room_is_direct(str_of(v->name)))
        m->focus = FOCUS_CHAT;
}

/* To somebody else one writes. */
static void press_person(struct model *m, int row, struct effects *out)
{
    const struct replica *r = model_replica(m);
    const struct person *p = r ? layout_person(r, (size_t)row) : NULL;
    if (p && !str_is(str_of(p->user), m->session.user))
        rooms_direct(m, str_of(p->user), out);
    else
        m->focus = FOCUS_ROOMS;
}

static void press_tab(struct model *m, const struct layout *l, int x)
{
    int n = layout_tabs(m);
    m->focus = (enum focus)MIN(x * n / MAX(l->tabs.w, 1), n - 1);
}

static bool is_on_above(const struct model *m, const struct layout *l,
                        const struct mouse *mouse)
{
    char text[64];
    struct chat_rows rows;
    chat_rows_of(m, l, &rows);
    struct rect r = chat_above(m, l, &rows, text);
    chat_rows_finish(&rows);
    return rect_has(r, mouse->x, mouse->y);
}

static void press_chat(struct model *m, const struct layout *l, const struct mouse *mouse,
                       struct effects *out)
{
    char text[64];
    m->focus = FOCUS_CHAT;
    if (m->here && rect_has(chat_below(m, l, text), mouse->x, mouse->y))
        m->here->chat_anchor = m->here->chat_cut = 0;
    else if (m->here && is_on_above(m, l, mouse))
        read_first(m);
    else if (m->here && !message_press(m, l, mouse, out))
        m->here->chat.at = 0;
}

static void press_rest(struct model *m, const struct target *t, const struct mouse *mouse,
                       struct effects *out)
{
    const struct layout *l = &t->layout;
    int x = mouse->x, y = mouse->y;
    if (rect_has(l->tour, x, y))
        tour_press(m, l, x, y, out);
    else if (rect_has(l->tabs, x, y))
        press_tab(m, l, x);
    else if (rect_has(l->board, x, y) && m->here)
        press_board(m, t, mouse);
    else if (rect_has(l->rooms, x, y))
        press_room(m, y - l->rooms.y + layout_rooms_first(m, l), out);
    else if (rect_has(l->people, x, y))
        press_person(m, y - l->people.y, out);
    else if (rect_has(l->chat, x, y) || rect_has(l->input, x, y) ||
             rect_has(l->chat_title, x, y))
        press_chat(m, l, mouse, out);
}

static void press(struct model *m, const struct mouse *mouse, struct effects *out)
{
    struct target t;
    find_target(m, mouse->x, mouse->y, &t);
    if (rect_has(t.layout.beside, mouse->x, mouse->y) ||
        rect_has(t.layout.beside_title, mouse->x, mouse->y))
        beside_rows[model_beside(m)].press(m, &t.layout, mouse, out);
    else if (mouse->button == 1)
        press_rest(m, &t, mouse, out);
    board_spots_finish(&t.spots);
}

static void drag(struct model *m, const struct mouse *mouse, struct effects *out)
{
    if (note_pane(m) && note_pane(m)->is_dragging)
        note_drag(m, mouse, out);
    drag_move(m, mouse);
}

static void drop(struct model *m, const struct mouse *mouse, struct effects *out)
{
    if (note_pane(m))
        note_pane(m)->is_dragging = false;
    drag_drop(m, mouse, out);
}

static void wheel(struct model *m, const struct mouse *mouse, int by)
{
    struct target t;
    find_target(m, mouse->x, mouse->y, &t);
    if (m->help)
        help_scroll(m, by * 3);
    else if (m->picker.is_open)
        picker_step(&m->picker, by);
    else if (rect_has(t.layout.beside, mouse->x, mouse->y))
        beside_rows[model_beside(m)].wheel(m, by * 3);
    else if (rect_has(t.layout.chat, mouse->x, mouse->y) ||
             rect_has(t.layout.input, mouse->x, mouse->y))
        chat_scroll(m, &t.layout, -by * 3);
    else if (t.column && m->here && t.column->index == m->here->column)
        board_step(m, by);
    else if (t.column)
        board_scroll(m, t.column->index, by);
    board_spots_finish(&t.spots);
}

void update_mouse(struct model *m, const struct mouse *mouse, struct effects *out)
{
    pointer_moved(m, mouse->x, mouse->y);
    if (mouse->kind != MOUSE_MOVE && mouse->kind != MOUSE_RELEASE)
        follow_end(m);
    switch (mouse->kind) {
    case MOUSE_MOVE:
        return;
    case MOUSE_PRESS:
        if (m->help)
            m->help = false;
        else if (m->dialog.is_open)
            dialog_press(m, mouse, out);
        else if (m->picker.is_open)
            pick_press(m, mouse, out);
        else if (m->prompt == PROMPT_NONE && (mouse->button == 1 || mouse->button == 3))
            press(m, mouse, out);
        return;
    case MOUSE_DRAG:
        drag(m, mouse, out);
        return;
    case MOUSE_RELEASE:
        drop(m, mouse, out);
        return;
    case MOUSE_WHEEL_UP:
        wheel(m, mouse, -1);
        return;
    case MOUSE_WHEEL_DOWN:
        wheel(m, mouse, 1);
        return;
    }
}
