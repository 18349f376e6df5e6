/* The board: columns side by side, cards with their number, title and marks. */
#include "layout_point.h"
#include "view_parts.h"
#include "wrap.h"

#include <stdio.h>

static bool shows_selection(const struct canvas *c, const struct card *card)
{
    return card->number == c->m->here->card;
}

/* Initials of those who have the card selected, at the right edge of its first row. Several
 * connections of one person stand beside each other in the list. */
static void draw_cursors(struct canvas *c, const struct card_spot *spot)
{
    const struct replica *r = model_replica(c->m);
    int x = spot->rect.x + spot->rect.w;
    const char *before = "";
    vec_each (s, &r->showing) {
        char bytes[3];
        bool is_on = s->cursor == spot->card->number || s->task == spot->card->number;
        if (!is_on || strcmp(s->user, before) == 0 || person_is_me(c, s->user))
            continue;
        struct str who = person_initials(c, str_of(s->user), bytes);
        before = s->user;
        x -= (int)who.n;
        if (x < spot->rect.x + 6)
            return;
        grid_text(c->g, spot->rect, x, spot->rect.y, person_block(c, str_of(s->user)), who);
    }
}

/* A pencil and the name at the right end of the first row, before the initials. */
static void draw_pencil(struct canvas *c, const struct card_parts *parts, struct style back)
{
    char text[USER_NAME_MAX + 8];
    if (!parts->lock)
        return;
    struct str user = str_of(parts->lock->user);
    snprintf(text, sizeof text, "%s %s", theme_sign(c->t, SIGN_PENCIL), parts->lock->user);
    struct str name = str_of(text);
    name.n = glyphs_fit(name, parts->pencil.w);
    /* Whose colour might not be readable on the bar of a selection. */
    struct style bar = style_of(c, MEAN_SELECTED);
    bool on_bar = back.bg == bar.bg && back.attrs == bar.attrs && back.fg == bar.fg;
    draw_right(c, parts->pencil, on_bar ? back : style_on(person_style(c, user), back), name);
}

static void draw_title(struct canvas *c, struct rect r, struct style s, struct str title)
{
    struct str rest = title, row;
    for (int y = 0; y < r.h && wrap_next(&rest, MAX(r.w, 1), &row); y++) {
        struct rect line = {r.x, r.y + y, r.w, 1};
        bool cut = y + 1 == r.h && rest.n;
        if (cut)
            row.n = glyphs_fit(row, MAX(r.w - 1, 0));
        int x = grid_text(c->g, line, line.x, line.y, s, row);
        if (cut)
            grid_text(c->g, line, x, line.y, s, sign_of(c, SIGN_CUT));
    }
}

static void draw_card(struct canvas *c, const struct card_spot *spot, int indent,
                      bool is_marked)
{
    const struct card *card = spot->card;
    struct rect r = spot->rect;
    struct style text = style_of(c, MEAN_TEXT), number = style_of(c, MEAN_NUMBER);
    struct style pending = style_of(c, MEAN_PENDING);
    if (shows_selection(c, card)) {
        bool on = c->m->focus == FOCUS_BOARD;
        text = style_of(c, on ? MEAN_SELECTED : MEAN_SELECTED_AWAY);
        number = on ? text : style_on(number, text);
        pending = style_on(pending, text);
        grid_fill(c->g, r, text);
    }
    if (model_conflict(c->m, c->m->here->name, card->number, CARD_FIELD_COUNT))
        grid_text(c->g, r, r.x, r.y, style_of(c, MEAN_TROUBLE), sign_of(c, SIGN_CONFLICT));
    else if (replica_card_is_pending(model_replica(c->m), card->number))
        grid_text(c->g, r, r.x, r.y, pending, sign_of(c, SIGN_PENDING));
    char digits[24] = "+"; /* no number yet */
    if (card->number > 0)
        snprintf(digits, sizeof digits, "%lld", (long long)card->number);
    draw_right(c, (struct rect){r.x + 1, r.y, indent - 2, 1}, number, str_of(digits));
    if (is_marked)
        grid_text(c->g, r, r.x + indent - 1, r.y, style_on(style_of(c, MEAN_MARK), text),
                  sign_of(c, SIGN_MARKED));
    struct card_parts parts;
    card_parts_of(c->m, spot, indent, &parts);
    int low = parts.title.y + parts.title.h;
    if (low < r.y + r.h)
        view_badges(c, (struct rect){parts.title.x, low, r.w - indent - CARD_MARGIN, 1}, card,
                    shows_selection(c, card) && c->m->focus == FOCUS_BOARD ? &text : NULL);
    draw_pencil(c, &parts, text);
    draw_title(c, parts.title, text, str_of(card->title));
    if (card->number > 0 && replica_description(model_replica(c->m), card->number) > 0)
        draw_right(c, (struct rect){r.x, r.y + r.h - 1, r.w, 1}, style_on(number, text),
                   sign_of(c, SIGN_TEXT));
}

/* Name, how many cards, and how many of them are above and below what shows. */
static void draw_head(struct canvas *c, const struct column_spot *spot,
                      const struct column *column)
{
    bool here = c->m->focus == FOCUS_BOARD && spot->index == c->m->here->column;
    struct rect r = {spot->head.x + 1, spot->head.y, spot->head.w - 2, 1};
    char taken[40] = "";
    draw_more(c, &r, spot->first, spot->shown - spot->end);
    if (spot->shown < column->cards.n)
        snprintf(taken, sizeof taken, "%zu of ", spot->shown);
    int x = draw(c, r, here ? MEAN_TITLE_FOCUS : MEAN_TITLE, str_of(column->name));
    if (column->limit)
        draw_fmt(c, rect_from(r, x + 1), column_is_over(column) ? MEAN_TROUBLE : MEAN_FAINT,
                 "%s%zu/%lld%s", taken, column->cards.n, (long long)column->limit,
                 column_is_over(column) ? "!" : "");
    else
        draw_fmt(c, rect_from(r, x + 1), MEAN_FAINT, "%s%zu", taken, column->cards.n);
}

/* Columns that are out of sight at either side. */
static void draw_sides(struct canvas *c, const struct board_spots *spots, size_t columns)
{
    struct rect r = c->l.board;
    struct style s = style_of(c, MEAN_MARK);
    if (spots->columns[0].index > 0)
        grid_text(c->g, r, r.x, r.y, s, sign_of(c, SIGN_LEFT));
    if ((size_t)spots->columns[spots->n - 1].index + 1 < columns)
        grid_text(c->g, r, r.x + r.w - 1, r.y, s, sign_of(c, SIGN_RIGHT));
}

static void draw_column(struct canvas *c, const struct board_spots *spots, int i,
                        const struct column *column, const struct mark_range *range)
{
    const struct column_spot *spot = &spots->columns[i];
    if (i + 1 < spots->n)
        grid_repeat(c->g,
                    (struct rect){spot->head.x + spot->head.w, spot->head.y, 1,
                                  spot->head.h + spot->body.h},
                    style_of(c, MEAN_RULE), theme_sign(c->t, SIGN_VERTICAL));
    draw_head(c, spot, column);
    for (size_t k = spot->first; k < spot->end; k++) {
        const struct card_spot *card = &spots->cards.v[spot->spot + k - spot->first];
        draw_card(c, card, spots->indent, mark_has(c->m, range, card->card, k));
    }
    if (column->cards.n == 0 && spot->index == c->m->here->column && spot->body.h > 0)
        draw(c, (struct rect){spot->body.x + 1, spot->body.y, spot->body.w - 2, 1}, MEAN_DIM,
             STR("a adds a card"));
}

static void draw_empty(struct canvas *c)
{
    const struct replica *r = model_replica(c->m);
    draw(c, (struct rect){c->l.board.x + 1, c->l.board.y, c->l.board.w - 1, 1}, MEAN_DIM,
         r->synced || r->seq > 0 ? STR("This board has no columns.")
                                 : lacking(c, "Waiting for the board"));
}

void view_board(struct canvas *c)
{
    const struct replica *r = model_replica(c->m);
    struct board_spots spots;
    view_board_bar(c);
    if (rect_is_empty(c->l.board))
        return;
    if (r->board.columns.n == 0) {
        draw_empty(c);
        return;
    }
    board_spots_of(c->m, &c->l, &spots);
    struct mark_range range = mark_range_of(c->m);
    for (int i = 0; i < spots.n; i++)
        draw_column(c, &spots, i, &r->board.columns.v[spots.columns[i].index], &range);
    if (!c->m->people.hidden)
        vec_each (spot, &spots.cards)
            draw_cursors(c, spot);
    if (spots.n)
        draw_sides(c, &spots, r->board.columns.n);
    board_spots_finish(&spots);
}

/* A line where it would go: between two cards, or below the one it would come to stand behind.
 */
static void draw_drop(struct canvas *c)
{
    struct drop_spot to;
    if (!drop_spot_of(c->m, &c->l, &to))
        return;
    struct style s = style_of(c, MEAN_MARK);
    if (to.is_gap && !to.is_sorted) {
        grid_repeat(c->g, to.row, s, theme_sign(c->t, SIGN_HORIZONTAL));
        return;
    }
    s.attrs |= STYLE_UNDERLINE;
    grid_restyle(c->g, to.row, s);
}

/* The cards that the mouse carries. */
void view_drag(struct canvas *c)
{
    const struct replica *r = model_replica(c->m);
    const struct card *card = r && c->m->drag.moved
                                  ? board_card(&r->board, replica_number_of(r, c->m->drag.card))
                                  : NULL;
    char several[40];
    if (!card)
        return;
    draw_drop(c);
    size_t marked = mark_is_on(c->m, card->number) ? marks_count(c->m) : 1;
    snprintf(several, sizeof several, "%zu cards", marked);
    struct rect at = {c->m->drag.x + 1, c->m->drag.y, 26, 1};
    at.x = MAX(MIN(at.x, c->g->w - at.w), 0);
    grid_fill(c->g, at, style_of(c, MEAN_TOAST));
    draw_style(c, (struct rect){at.x + 1, at.y, at.w - 2, 1}, style_of(c, MEAN_TOAST),
               marked > 1 ? str_of(several) : str_of(card->title));
}
