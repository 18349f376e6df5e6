#include "layout_point.h"

#include "beside.h"
#include "utf8.h"
#include "wrap.h"

#include <string.h>

static const struct board_spots *board_of(struct point_map *p)
{
    if (!p->has_board)
        board_spots_of(p->m, p->l, &p->board);
    p->has_board = true;
    return &p->board;
}

static const struct chat_rows *chat_of(struct point_map *p)
{
    if (!p->has_chat)
        chat_rows_of(p->m, p->l, &p->chat);
    p->has_chat = true;
    return &p->chat;
}

void point_map_finish(struct point_map *p)
{
    board_spots_finish(&p->board);
    chat_rows_finish(&p->chat);
}

void card_parts_of(const struct model *m, const struct card_spot *spot, int indent,
                   struct card_parts *out)
{
    struct rect r = spot->rect;
    int rows = MIN(card_title_rows(spot->card, r.w, indent), r.h);
    *out = (struct card_parts){.title = {r.x + indent, r.y, r.w - indent - CARD_MARGIN, rows}};
    struct rect *t = &out->title;
    out->lock =
        replica_lock_of(model_replica(m), spot->card->number, str_of(m->session.client));
    if (t->w < 12)
        out->lock = NULL;
    if (!out->lock)
        return;
    int w = MIN((int)strlen(out->lock->user) + 2, t->w - t->w / 2);
    out->pencil = (struct rect){t->x + t->w - w, t->y, w, 1};
    t->w -= w + 1;
}

/* ---- rows of text ---- */

/* The code point of `text` at a column of one of its rows; -1 behind the row's end. */
static int64_t place_at(struct str text, struct str row, int column)
{
    if (column < 0 || column >= glyphs_width(row))
        return -1;
    size_t bytes = (size_t)(row.p - text.p) + glyphs_fit(row, column);
    return (int64_t)utf8_chars((struct str){text.p, bytes});
}

static size_t byte_of(struct str text, int64_t place)
{
    size_t byte = 0;
    uint32_t cp;
    for (size_t n;
         place > 0 && (n = utf8_next((struct str){text.p + byte, text.n - byte}, &cp)); place--)
        byte += n;
    return byte;
}

/* The column of a byte of `text` in a row of it. */
static int column_at(struct str text, struct str row, size_t byte)
{
    size_t from = (size_t)(row.p - text.p);
    return glyphs_width((struct str){row.p, MIN(byte - from, row.n)});
}

static int part_of(int at, int from, int n)
{
    return n > 1 ? MIN(MAX((at - from) * POINTER_WHOLE / (n - 1), 0), POINTER_WHOLE) : 0;
}

static int cell_of(int part, int from, int n)
{
    return n > 1 ? from + (part * (n - 1) + POINTER_WHOLE / 2) / POINTER_WHOLE : from;
}

static void set_parts(struct pointing *out, struct rect r, int x, int y)
{
    out->x = part_of(x, r.x, r.w);
    out->y = part_of(y, r.y, r.h);
}

static bool at_parts(const struct pointing *p, struct rect r, int *x, int *y)
{
    *x = cell_of(p->x, r.x, r.w);
    *y = cell_of(p->y, r.y, r.h);
    return !rect_is_empty(r);
}

/* ---- the board ---- */

static int64_t title_place(const struct card *c, struct rect title, int x, int y)
{
    struct str text = str_of(c->title), rest = text, row;
    for (int at = title.y; at < title.y + title.h && wrap_next(&rest, MAX(title.w, 1), &row);
         at++)
        if (at == y)
            return place_at(text, row, x - title.x);
    return -1;
}

static void point_at_card(struct point_map *p, const struct card_spot *s, int x, int y,
                          struct pointing *out)
{
    struct card_parts parts;
    card_parts_of(p->m, s, p->board.indent, &parts);
    *out = (struct pointing){.at = POINTED_CARD, .task = s->card->number};
    out->place = title_place(s->card, parts.title, x, y);
    set_parts(out, s->rect, x, y);
}

static struct rect column_rect(const struct column_spot *c)
{
    return (struct rect){c->head.x, c->head.y, c->head.w, c->head.h + c->body.h};
}

static void point_at_board(struct point_map *p, int x, int y, struct pointing *out)
{
    const struct board_spots *b = board_of(p);
    const struct board *board = &model_replica(p->m)->board;
    vec_each (s, &b->cards)
        if (rect_has(s->rect, x, y)) {
            point_at_card(p, s, x, y, out);
            return;
        }
    for (int i = 0; i < b->n; i++) {
        struct rect r = column_rect(&b->columns[i]);
        if (!rect_has(r, x, y))
            continue;
        *out = (struct pointing){.at = POINTED_COLUMN, .place = -1};
        strncpy(out->column, board->columns.v[b->columns[i].index].name, COLUMN_NAME_MAX);
        set_parts(out, r, x, y);
        return;
    }
}

static bool title_spot(struct point_map *p, const struct card_spot *s, int64_t place, int *x,
                       int *y)
{
    struct card_parts parts;
    card_parts_of(p->m, s, p->board.indent, &parts);
    struct rect t = parts.title;
    struct str text = str_of(s->card->title), rest = text, row;
    size_t byte = byte_of(text, place);
    for (*y = t.y; wrap_next(&rest, MAX(t.w, 1), &row); ++*y) {
        bool is_last = *y + 1 == t.y + t.h || rest.n == 0;
        if (!is_last && byte >= (size_t)(rest.p - text.p))
            continue;
        *x = MIN(t.x + column_at(text, row, byte), t.x + MAX(t.w - 1, 0));
        return true;
    }
    return false;
}

static bool card_spot(struct point_map *p, const struct pointing *at, int *x, int *y)
{
    vec_each (s, &board_of(p)->cards) {
        if (s->card->number != at->task)
            continue;
        return (at->place >= 0 && title_spot(p, s, at->place, x, y)) ||
               at_parts(at, s->rect, x, y);
    }
    return false;
}

static bool column_spot(struct point_map *p, const struct pointing *at, int *x, int *y)
{
    const struct board_spots *b = board_of(p);
    int i = board_column(&model_replica(p->m)->board, str_of(at->column));
    for (int k = 0; k < b->n; k++)
        if (b->columns[k].index == i)
            return at_parts(at, column_rect(&b->columns[k]), x, y);
    return false;
}

/* ---- the chat ---- */

static int first_row(const struct point_map *p)
{
    return p->l->chat.y + p->l->chat.h - (int)p->chat.rows.n;
}

/* What of a message's text a piece shows begins at this byte; -1: it is none of it. */
static ptrdiff_t piece_start(const struct line *l, const struct rich_piece *p)
{
    bool within = p->text.n && p->text.p >= l->text.p && p->text.p < l->text.p + l->text.n;
    return within ? p->text.p - l->text.p : -1;
}

static void point_at_chat(struct point_map *p, int x, int y, struct pointing *out)
{
    const struct rich_piece *piece;
    ptrdiff_t item = chat_find(p->l, chat_of(p), x, y, &piece);
    if (item < 0)
        return;
    const struct line *l = chat_line(p->m, (size_t)item);
    if (l->seq <= 0)
        return;
    *out = (struct pointing){.at = POINTED_MESSAGE, .message = l->seq, .place = -1};
    out->x = part_of(x, p->l->chat.x, p->l->chat.w);
    if (!piece || piece_start(l, piece) < 0)
        return;
    int column = x - chat_column(p->l, &p->chat, piece, y);
    out->place = place_at(l->text, piece->text, column);
}

/* Where a row of a message shows the byte, if it shows what comes before it: the best so far is
 * at *start. */
static void seek_byte(const struct point_map *p, size_t i, const struct line *l, size_t byte,
                      ptrdiff_t *start, int *x, int *y)
{
    const struct chat_row *row = &p->chat.rows.v[i];
    const struct rich *look = &p->chat.looks.v[row->look].rows;
    const struct rich_line *line = chat_row_line(&p->chat, row);
    int at = first_row(p) + (int)i;
    for (size_t k = line->first; k < line->behind; k++) {
        const struct rich_piece *piece = &look->pieces.v[k];
        ptrdiff_t from = piece_start(l, piece);
        if (from <= *start || (size_t)from > byte)
            continue;
        *start = from;
        *y = at;
        *x = chat_column(p->l, &p->chat, piece, at) + column_at(l->text, piece->text, byte);
    }
}

static bool message_spot(struct point_map *p, const struct pointing *at, int *x, int *y)
{
    const struct chat_rows *rows = chat_of(p);
    ptrdiff_t start = -1;
    bool found = false;
    for (size_t i = 0; i < rows->rows.n; i++) {
        const struct chat_row *row = &rows->rows.v[i];
        const struct line *l = chat_line(p->m, row->item);
        if (row->kind != ROW_TEXT || l->seq != at->message)
            continue;
        if (!found) {
            *y = first_row(p) + (int)i;
            *x = cell_of(at->x, p->l->chat.x, p->l->chat.w);
        }
        found = true;
        if (at->place >= 0)
            seek_byte(p, i, l, byte_of(l->text, at->place), &start, x, y);
    }
    *x = MIN(*x, p->l->chat.x + p->l->chat.w - 1);
    return found && (at->place < 0 || start >= 0);
}

/* ---- notes ---- */

static bool shows_note(const struct point_map *p, enum note_shows what)
{
    const struct note_pane *n = &p->m->here->note;
    return model_beside(p->m) == BESIDE_NOTE && n->shows == what &&
           !rect_is_empty(p->l->beside);
}

static struct rect text_rect(const struct point_map *p)
{
    struct note_spots spots;
    note_spots_of(p->m, p->l, &spots);
    return spots.text;
}

static void point_at_text(const struct point_map *p, int x, int y, struct pointing *out)
{
    const struct note_pane *n = &p->m->here->note;
    const struct doc *d = n->doc;
    struct rect r = text_rect(p);
    if (!d->text || !rect_has(r, x, y))
        return;
    struct editor_row row = editor_row_of(&n->editor, d->text, n->editor.top);
    for (int at = r.y; at < y; at++)
        if (!editor_row_next(&n->editor, d->text, &row))
            return;
    *out = (struct pointing){.at = POINTED_NOTE, .note = d->number, .version = d->sync.version};
    out->place = (int64_t)editor_pos_at(&n->editor, d->text, &row, x - r.x);
}

static void point_at_beside(const struct point_map *p, int x, int y, struct pointing *out)
{
    const struct replica *r = model_replica(p->m);
    size_t i = notes_first(p->m, p->l) + (size_t)(y - p->l->beside.y);
    if (shows_note(p, NOTE_TEXT)) {
        point_at_text(p, x, y, out);
    } else if (shows_note(p, NOTE_LIST) && i < notes_listed(p->m)) {
        *out = (struct pointing){.at = POINTED_NOTE, .note = r->notes.v[i].number, .place = -1};
        out->x = part_of(x, p->l->beside.x, p->l->beside.w);
    } else if (model_beside(p->m) == BESIDE_CARD) {
        *out = (struct pointing){
            .at = POINTED_CARD, .task = p->m->here->card_pane.card, .place = -1};
        set_parts(out, p->l->beside, x, y);
    }
}

static bool text_spot(const struct point_map *p, size_t place, int *x, int *y)
{
    const struct note_pane *n = &p->m->here->note;
    const struct rope *text = n->doc->text;
    struct rect r = text_rect(p);
    struct editor_row row = editor_row_of(&n->editor, text, n->editor.top);
    bool more = place >= row.start;
    for (*y = r.y; more && *y < r.y + r.h; ++*y) {
        struct editor_row here = row;
        more = editor_row_next(&n->editor, text, &row);
        if (more && place >= row.start)
            continue;
        *x = r.x + MIN(editor_column_of(&n->editor, text, &here, place), r.w - 1);
        return true;
    }
    return false;
}

static bool note_spot(const struct point_map *p, const struct showing *s, int *x, int *y)
{
    const struct pointing *at = &s->pointing;
    const struct replica *r = model_replica(p->m);
    const struct doc *d = p->m->here->note.doc;
    size_t place;
    if (shows_note(p, NOTE_TEXT))
        return d->text && d->number == at->note && doc_pointer(d, s->session, &place) &&
               text_spot(p, place, x, y);
    if (!shows_note(p, NOTE_LIST))
        return false;
    size_t first = notes_first(p->m, p->l), n = notes_listed(p->m);
    for (size_t i = first; i < n && i < first + (size_t)p->l->beside.h; i++) {
        if (r->notes.v[i].number != at->note)
            continue;
        *y = p->l->beside.y + (int)(i - first);
        *x = cell_of(at->x, p->l->beside.x, p->l->beside.w);
        return true;
    }
    return false;
}

/* ---- all of it ---- */

void point_at(struct point_map *p, int x, int y, struct pointing *out)
{
    const struct model *m = p->m;
    *out = (struct pointing){.at = POINTED_NOWHERE, .place = -1};
    if (!model_replica(m) || m->help || m->dialog.is_open || m->picker.is_open)
        return;
    if (rect_has(p->l->beside, x, y))
        point_at_beside(p, x, y, out);
    else if (rect_has(p->l->board, x, y))
        point_at_board(p, x, y, out);
    else if (rect_has(p->l->chat, x, y))
        point_at_chat(p, x, y, out);
}

bool point_spot(struct point_map *p, const struct showing *s, int *x, int *y)
{
    switch (s->pointing.at) {
    case POINTED_CARD:
        return card_spot(p, &s->pointing, x, y);
    case POINTED_COLUMN:
        return column_spot(p, &s->pointing, x, y);
    case POINTED_MESSAGE:
        return message_spot(p, &s->pointing, x, y);
    case POINTED_NOTE:
        return note_spot(p, s, x, y);
    case POINTED_OFF:
    case POINTED_NOWHERE:
    case POINTED_COUNT:
        break;
    }
    return false;
}
