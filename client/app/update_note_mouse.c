/* The mouse over the note pane. */
#include "beside.h"
#include "update_parts.h"

#include <stdlib.h>

/* The place in the text that a cell shows; the nearest one outside. False above the text's
 * first row and below its last. */
static bool place_at(const struct model *m, struct rect text, int x, int y, size_t *out)
{
    const struct doc *d = note_doc(m);
    const struct editor *e = &m->here->note.editor;
    struct editor_row row = editor_row_of(e, d->text, e->top);
    bool is_there = true;
    for (int at = text.y; at < MIN(y, text.y + text.h) && is_there; at++)
        is_there = editor_row_next(e, d->text, &row);
    *out = editor_pos_at(e, d->text, &row, MAX(x - text.x, 0));
    return is_there && y >= text.y;
}

static bool is_box(const struct doc *d, size_t pos)
{
    struct buf line = {0};
    struct md_span s;
    bool yes =
        note_span_at(d, pos, &line, &s) && (s.kind == MD_BOX_OPEN || s.kind == MD_BOX_DONE);
    buf_finish(&line);
    return yes;
}

static struct rect text_rect(const struct model *m, const struct layout *l)
{
    struct note_spots spots;
    note_spots_of(m, l, &spots);
    return spots.text;
}

/* How many clicks at one place this one is the last of. */
static int count_click(struct model *m, struct clicks *c, const struct mouse *mouse)
{
    bool is_same = c->x == mouse->x && c->y == mouse->y && m->now - c->at <= CLICKS_MS;
    *c = (struct clicks){is_same ? c->n % 3 + 1 : 1, mouse->x, mouse->y, m->now};
    return c->n;
}

/* The second click takes the word, the third the line. */
static void select_around(struct model *m, size_t pos, int clicks, struct effects *out)
{
    const struct rope *text = note_doc(m)->text;
    size_t start, end, line = rope_line_of(text, pos);
    if (clicks == 2) {
        editor_word_at(text, pos, &start, &end);
    } else {
        start = rope_line_start(text, line);
        end = MIN(rope_line_end(text, line) + 1, rope_chars(text));
    }
    note_pane(m)->is_dragging = false;
    note_move(m, end, start, out);
}

static void press_text(struct model *m, const struct layout *l, const struct mouse *mouse,
                       struct effects *out)
{
    struct doc *d = note_text(m);
    struct note_pane *p = note_pane(m);
    struct rect text = text_rect(m, l);
    size_t pos;
    if (!d || rect_is_empty(text))
        return;
    bool on_row = place_at(m, text, mouse->x, mouse->y, &pos);
    bool on_text = on_row && mouse->x >= text.x;
    p->editor.column = -1;
    p->marking = p->search.on = false;
    int clicks = count_click(m, &p->clicks, mouse);
    if (mouse->button == 3) {
        if (on_text)
            note_follow(m, pos, out);
        return;
    }
    p->is_dragging = true;
    note_move(m, pos, mouse->mods & MOD_SHIFT ? d->anchor : pos, out);
    if (on_text && is_box(d, pos)) {
        p->is_dragging = false;
        note_verb(m, EDITOR_CHECK, false, out);
    } else if (on_text && clicks > 1) {
        select_around(m, pos, clicks, out);
    }
}

static void press_history(struct model *m, const struct layout *l, const struct mouse *mouse)
{
    struct history_spots spots;
    history_spots_of(l, &spots);
    if (rect_has(spots.slider, mouse->x, mouse->y))
        history_go(m, history_version(&note_pane(m)->history, spots.slider.w,
                                      mouse->x - spots.slider.x));
}

void note_press(struct model *m, const struct layout *l, const struct mouse *mouse,
                struct effects *out)
{
    struct note_pane *p = note_pane(m);
    if (!p)
        return;
    beside_show(m, BESIDE_NOTE);
    if (!rect_has(l->beside, mouse->x, mouse->y))
        return;
    size_t row = (size_t)(mouse->y - l->beside.y);
    switch (p->shows) {
    case NOTE_LIST:
        if (notes_first(m, l) + row < notes_listed(m)) {
            notes_select(m, notes_first(m, l) + row);
            notes_open(m, (struct str){0}, out);
        }
        return;
    case NOTE_TEXT:
        press_text(m, l, mouse, out);
        return;
    case NOTE_HISTORY:
        press_history(m, l, mouse);
        return;
    case NOTE_OUTLINE:
        if (p->outline.first + row < p->outline.list.v.n) {
            outline_select(m, p->outline.first + row);
            outline_go(m, out);
        }
        return;
    case NOTE_NOTHING:
        return;
    }
}

/* Above and below the text a drag scrolls. */
void note_drag(struct model *m, const struct mouse *mouse, struct effects *out)
{
    struct layout l;
    size_t pos;
    struct doc *d = note_text(m);
    if (!d)
        return;
    layout_of(m, &l);
    struct rect text = text_rect(m, &l);
    if (rect_is_empty(text))
        return;
    if (mouse->y < text.y || mouse->y >= text.y + text.h)
        note_wheel(m, mouse->y < text.y ? -1 : 1);
    place_at(m, text, mouse->x, MIN(MAX(mouse->y, text.y), text.y + text.h - 1), &pos);
    note_move(m, pos, d->anchor, out);
}

void note_wheel(struct model *m, int rows)
{
    struct note_pane *p = note_pane(m);
    if (p->shows == NOTE_LIST) {
        notes_step(m, rows > 0 ? 1 : -1);
    } else if (p->shows == NOTE_OUTLINE) {
        outline_step(m, rows > 0 ? 1 : -1);
    } else if (p->shows == NOTE_HISTORY) {
        history_scroll(m, rows);
    } else if (p->doc && p->doc->text) {
        editor_scroll(&p->editor, p->doc->text, rows);
        p->doc->top = p->editor.top;
    }
}
