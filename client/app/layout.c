#include "layout.h"
#include "direct.h"
#include "wrap.h"

enum {
    SIDE_FROM = 72,    /* columns from which rooms and people stand at the side */
    STACK_FROM = 48,   /* columns from which board and chat share the screen */
    CHAT_BESIDE = 130, /* columns from which the chat stands beside the board */
    ROWS_FROM = 14,    /* rows from which there is more than one pane */
    BESIDE_FROM = 130, /* columns from which there is a place beside the board */
    BESIDE_MIN = 60,
    TOUR_ROWS = 3,      /* what the tour takes of a screen of 80 columns */
    TOUR_CAPTION = 156, /* columns of the longest caption: two rows there */
    INPUT_ROWS_MAX = 6,
    CHAT_TITLE_WIDTH = 8, /* " Chat " and the rule around it */
};

static int clamp(int v, int low, int high)
{
    return v < low ? low : v > high ? high : v;
}

static int input_rows(const struct model *m, int width, int height)
{
    if (!m->here || height < 4)
        return height > 1;
    struct str text = lineedit_text(&m->here->input);
    int most = clamp(height / 2, 1, INPUT_ROWS_MAX);
    /* A caret behind the last column needs one more. */
    int rows = wrap_rows(text, MAX(width - INPUT_MARK_WIDTH - 1, 1), most);
    if (text.n && text.p[text.n - 1] == '\n')
        rows++;
    return clamp(rows, 1, most);
}

/* Splits a pane into messages, the line that says who types if no title has room for it, and
 * the input. */
static void place_chat(const struct model *m, struct layout *l, struct rect r)
{
    if (r.w >= 30) {
        r.x++;
        r.w -= 2;
    }
    int rows = input_rows(m, r.w, r.h);
    int typing = r.h - rows >= 6 && rect_is_empty(l->chat_title);
    l->input = (struct rect){r.x, r.y + r.h - rows, r.w, rows};
    l->typing = (struct rect){r.x, r.y + r.h - rows - typing, r.w, typing};
    if (!rect_is_empty(l->chat_title))
        l->typing = (struct rect){l->chat_title.x + CHAT_TITLE_WIDTH, l->chat_title.y,
                                  MAX(l->chat_title.w - CHAT_TITLE_WIDTH, 0), 1};
    l->chat = (struct rect){r.x, r.y, r.w, MAX(r.h - rows - typing, 0)};
    if (m->here && (m->here->chat.answering || m->here->chat.editing) && l->chat.h > 1)
        l->about = (struct rect){r.x, r.y + --l->chat.h, r.w, 1};
}

bool people_is_dnd(const struct model *m)
{
    if (m->people.chosen == STATUS_DND)
        return true;
    vec_each (r, &m->session.rooms) {
        const struct person *p = replica_person(*r, str_of(m->session.user));
        if (p && p->online && p->status == STATUS_DND)
            return true;
    }
    return false;
}

const struct person *layout_person(const struct replica *r, size_t row)
{
    for (int online = 1; online >= 0; online--)
        vec_each (p, &r->people)
            if ((p->online > 0) == online && row-- == 0)
                return p;
    return NULL;
}

static void place_side(const struct model *m, struct layout *l, struct rect r)
{
    int rooms = clamp((int)m->views.n, 1, MAX(r.h / 2 - 2, 1));
    if (r.h < 5)
        rooms = MAX(r.h - 1, 0);
    l->rooms_title = (struct rect){r.x, r.y, r.w, MIN(1, r.h)};
    l->rooms = (struct rect){r.x, r.y + 1, r.w, rooms};
    int y = 1 + rooms + 1;
    l->people_title = (struct rect){r.x, r.y + y, r.w, r.h > y};
    l->people = (struct rect){r.x, r.y + y + 1, r.w, MAX(r.h - y - 1, 0)};
}

static void place_one(const struct model *m, struct layout *l, struct rect r)
{
    l->one_pane = true;
    if (r.h >= 6) {
        l->tabs = (struct rect){r.x, r.y, r.w, 1};
        r.y++;
        r.h--;
    }
    if (m->focus == FOCUS_ROOMS)
        place_side(m, l, r);
    else if (m->focus == FOCUS_BESIDE)
        layout_beside_all(l, r);
    else if (m->focus == FOCUS_BOARD)
        l->board = r;
    else
        place_chat(m, l, r);
}

static void place_beside(const struct model *m, struct layout *l, struct rect r)
{
    int w = clamp(r.w * 2 / 5, 44, 90);
    l->board = (struct rect){r.x, r.y, r.w - w - 1, r.h};
    l->chat_rule = (struct rect){r.x + r.w - w - 1, r.y, 1, r.h};
    l->chat_title = (struct rect){r.x + r.w - w, r.y, w, 1};
    place_chat(m, l, (struct rect){r.x + r.w - w, r.y + 1, w, r.h - 1});
}

/* In a direct conversation one talks: its board shows once it has a card, or is gone to. */
static bool hides_board(const struct model *m)
{
    const struct replica *r = model_replica(m);
    return r && room_is_direct(str_of(r->name)) && m->focus != FOCUS_BOARD &&
           r->board.next_number <= 1;
}

static void place_talk(const struct model *m, struct layout *l, struct rect r)
{
    l->chat_title = (struct rect){r.x, r.y, r.w, 1};
    place_chat(m, l, (struct rect){r.x, r.y + 1, r.w, r.h - 1});
}

static void place_stacked(const struct model *m, struct layout *l, struct rect r)
{
    int board = (r.h - 1) / 2;
    l->board = (struct rect){r.x, r.y, r.w, board};
    l->chat_title = (struct rect){r.x, r.y + board, r.w, 1};
    place_chat(m, l, (struct rect){r.x, r.y + board + 1, r.w, r.h - board - 1});
}

void layout_beside_all(struct layout *l, struct rect r)
{
    l->beside_title = (struct rect){r.x, r.y, r.w, MIN(r.h, 1)};
    l->beside = (struct rect){r.x, r.y + 1, r.w, MAX(r.h - 1, 0)};
}

bool layout_beside(const struct model *m, struct layout *l, struct rect *rest)
{
    if (!model_beside(m))
        return true;
    bool fits = m->width >= BESIDE_FROM && !(m->beside_full && m->focus == FOCUS_BESIDE);
    if (!fits) {
        if (m->focus == FOCUS_BESIDE)
            layout_beside_all(l, *rest);
        return m->focus != FOCUS_BESIDE;
    }
    int w = MAX(rest->w * 9 / 20, BESIDE_MIN);
    rest->w -= w + 1;
    l->beside_rule = (struct rect){rest->x + rest->w, rest->y, 1, rest->h};
    layout_beside_all(l, (struct rect){rest->x + rest->w + 1, rest->y, w, rest->h});
    return true;
}

/* What shows of the board is not what there is: a row says so. */
static void place_bar(const struct model *m, struct layout *l)
{
    struct rect *board = &l->board;
    bool wanted = m->here && (m->prompt == PROMPT_FILTER ||
                              !board_look_is_plain(&m->here->look) || marks_count(m) > 0);
    if (!wanted || board->h < 3)
        return;
    l->board_bar = (struct rect){board->x, board->y, board->w, 1};
    board->y++;
    board->h--;
}

/* A title, and as many rows as the longest caption needs at this width, so that nothing below
 * moves while the tour goes on; on a low screen the words alone, as far as there is room. */
static void place_tour(const struct model *m, struct layout *l, struct rect *r)
{
    if (!m->tour.on || r->h < 4)
        return;
    int width = MAX(r->w - 2, 1), words = (TOUR_CAPTION + width - 1) / width;
    int rows = clamp(words, 1, MAX(r->h / 3, 1)) + (r->h >= ROWS_FROM + TOUR_ROWS);
    l->tour = (struct rect){r->x, r->y, r->w, rows};
    r->y += rows;
    r->h -= rows;
}

static void place_panes(const struct model *m, struct layout *l)
{
    struct rect r = {0, 0, m->width, m->height};
    if (r.w <= 0 || r.h <= 0)
        return;
    l->status = (struct rect){0, r.h - 1, r.w, 1};
    r.h--;
    place_tour(m, l, &r);
    if (r.w < STACK_FROM || r.h < ROWS_FROM) {
        place_one(m, l, r);
        return;
    }
    int whole = r.w;
    if (!layout_beside(m, l, &r))
        return;
    if (r.w >= SIDE_FROM || m->focus == FOCUS_ROOMS) {
        int side = clamp(r.w / 6, 16, 26);
        place_side(m, l, (struct rect){r.x, r.y, side, r.h});
        l->side_rule = (struct rect){side, r.y, 1, r.h};
        r.x += side + 1;
        r.w -= side + 1;
    }
    if (hides_board(m))
        place_talk(m, l, r);
    else if (whole >= CHAT_BESIDE && rect_is_empty(l->beside))
        place_beside(m, l, r);
    else
        place_stacked(m, l, r);
}

void layout_of(const struct model *m, struct layout *l)
{
    *l = (struct layout){0};
    place_panes(m, l);
    place_bar(m, l);
}

const char *layout_tour_label(const struct model *m, enum tour_button b)
{
    switch (b) {
    case TOUR_BUTTON_BACK:
        return "F7 back";
    case TOUR_BUTTON_PAUSE:
        return m->tour.paused_at ? "F9 go on" : "F9 pause";
    case TOUR_BUTTON_NEXT:
        return m->tour.chapter + 1 < tour_count ? "F8 next" : "F8 close";
    case TOUR_BUTTONS:
        break;
    }
    return "";
}

bool layout_tour_has_title(const struct model *m, const struct layout *l)
{
    return !rect_is_empty(l->tour) && m->height - 1 >= ROWS_FROM + TOUR_ROWS;
}

void layout_tour_buttons(const struct model *m, const struct layout *l,
                         struct rect out[TOUR_BUTTONS])
{
    int x = l->tour.x + l->tour.w - 1;
    for (int i = TOUR_BUTTONS; i-- > 0;) {
        int w = glyphs_width(str_of(layout_tour_label(m, (enum tour_button)i)));
        x -= w;
        bool fits = layout_tour_has_title(m, l) && x > l->tour.x + l->tour.w / 2 - 10;
        out[i] = (struct rect){x, l->tour.y, fits ? w : 0, 1};
        x -= 2;
    }
}

int layout_tabs(const struct model *m)
{
    return model_beside(m) ? FOCUS_BESIDE + 1 : FOCUS_BESIDE;
}

int layout_rooms_first(const struct model *m, const struct layout *l)
{
    int at = (int)m->room_at;
    return at < l->rooms.h ? 0 : at - l->rooms.h + 1;
}
