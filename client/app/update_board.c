/* The board: the selection, and what is done to cards. */
#include "update_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void board_select(struct model *m, const struct card *c)
{
    struct shown s = board_shown(m, c->column);
    size_t place = shown_place(s, c);
    m->here->card = c->number;
    m->here->column = c->column;
    if (place < s.n)
        m->here->place = place;
}

static const struct card *card_here(const struct model *m)
{
    const struct replica *r = model_replica(m);
    return r && m->here->card ? board_card(&r->board, m->here->card) : NULL;
}

void board_step(struct model *m, int rows)
{
    struct shown s = m->here ? board_shown(m, m->here->column) : (struct shown){0};
    if (s.n == 0)
        return;
    size_t by = (size_t)abs(rows), place = m->here->place;
    place = rows < 0 ? place - MIN(by, place) : MIN(place + by, s.n - 1);
    board_select(m, s.v[place]);
}

void board_step_column(struct model *m, int by)
{
    const struct replica *r = model_replica(m);
    int to = m->here ? m->here->column + by : 0;
    if (!r || to < 0 || (size_t)to >= r->board.columns.n)
        return;
    /* board_settle() selects the card at the same place, or the last one above it. */
    m->here->column = to;
    m->here->card = 0;
}

/* ---- actions ---- */

void board_list(struct model *m, struct str column)
{
    const struct replica *r = model_replica(m);
    int at = r && column.n ? board_column(&r->board, column) : 0;
    if (at < 0) {
        model_toast(m, TOAST_ERROR, "There is no column \"%.*s\" here.", STR_ARG(column));
        return;
    }
    m->focus = FOCUS_BOARD;
    if (m->here && column.n)
        board_step_column(m, at - m->here->column);
}

const char *card_words(int64_t number, char *out)
{
    if (number > 0)
        snprintf(out, CARD_WORDS, "card %lld", (long long)number);
    else
        snprintf(out, CARD_WORDS, "the new card");
    return out;
}

void board_move(struct model *m, int64_t card, struct str column, int64_t after,
                struct effects *out)
{
    struct msg r = {.type = MSG_TASK_MOVE,
                    .task_move = {.task = card, .column = column, .after = after}};
    if (!model_replica(m) || !board_act(m, &r, out))
        return;
    const struct card *c = board_card(&model_replica(m)->board, card);
    if (c)
        board_select(m, c);
}

/* The card behind which another comes to stand at `place` of a column, itself not counted. */
static int64_t card_before(const struct column *c, size_t place, int64_t moved)
{
    int64_t before = 0;
    for (size_t i = 0, seen = 0; i < c->cards.n && seen < place; i++) {
        if (c->cards.v[i]->number == moved)
            continue;
        before = c->cards.v[i]->number;
        seen++;
    }
    return before;
}

/* The card behind which another comes to stand at a place among those that show. */
static int64_t behind_shown(const struct model *m, int column, size_t place, int64_t moved)
{
    const struct board *b = &model_replica(m)->board;
    struct shown s = board_shown(m, column);
    if (s.n == 0 || m->here->look.sort != SORT_ORDER)
        return AFTER_END;
    if (place >= s.n)
        return s.v[s.n - 1]->number;
    return card_before(&b->columns.v[column], board_place(b, s.v[place]), moved);
}

static void move_across(struct model *m, const struct card *c, int column, struct effects *out)
{
    const struct board *b = &model_replica(m)->board;
    if (column < 0 || (size_t)column >= b->columns.n)
        return;
    int64_t after = behind_shown(m, column, m->here->place, c->number);
    board_move(m, c->number, str_of(b->columns.v[column].name), after, out);
}

static void move_along(struct model *m, const struct card *c, int rows, struct effects *out)
{
    const struct board *b = &model_replica(m)->board;
    struct shown s = board_shown(m, c->column);
    size_t place = shown_place(s, c);
    if (!board_has_order(m) || place + (size_t)rows >= s.n) /* above the first wraps, too */
        return;
    int64_t after =
        rows > 0 ? s.v[place + 1]->number : behind_shown(m, c->column, place - 1, c->number);
    board_move(m, c->number, str_of(b->columns.v[c->column].name), after, out);
}

void board_move_step(struct model *m, int columns, int rows, struct effects *out)
{
    const struct card *c = card_here(m);
    if (!c || c->archived)
        return;
    if (columns)
        move_across(m, c, c->column + columns, out);
    else
        move_along(m, c, rows, out);
}

void board_no_card(struct model *m, int64_t card)
{
    const struct replica *r = model_replica(m);
    /* Numbers are given once: what was given out and is not on the board was put away. */
    if (r && card > 0 && card < r->board.next_number)
        model_toast(m, TOAST_ERROR, "Card %lld is put away. :task restore %lld brings it back.",
                    (long long)card, (long long)card);
    else
        model_toast(m, TOAST_ERROR, "There is no card %lld.", (long long)card);
}

void board_restore(struct model *m, int64_t card, struct effects *out)
{
    const struct replica *r = model_replica(m);
    const struct card *c = r ? board_card(&r->board, card) : NULL;
    struct msg restore = {.type = MSG_TASK_RESTORE, .task_restore = {.task = card}};
    if (!r || (c && !c->archived)) {
        model_toast(m, TOAST_INFO, "Card %lld is on the board.", (long long)card);
        return;
    }
    if (board_act(m, &restore, out) && (c = board_card(&r->board, card)) && !c->archived)
        board_select(m, c);
}

void board_archive(struct model *m, int64_t card, struct effects *out)
{
    const struct replica *r = model_replica(m);
    const struct card *c = r ? board_card(&r->board, card) : NULL;
    if (!c || c->archived) {
        board_no_card(m, card);
        return;
    }
    struct msg archive = {.type = MSG_TASK_ARCHIVE, .task_archive = {.task = card}};
    char words[CARD_WORDS];
    struct act a;
    act_begin(&a, m, false, out);
    act_ask(&a, &archive);
    act_end(&a, "archived %s", card_words(card, words));
    act_announce(&a);
}

static bool is_title(struct model *m, struct str *title)
{
    *title = str_trim(*title);
    if (title->n > TITLE_MAX)
        model_toast(m, TOAST_ERROR, "A title has at most %d bytes; this one has %zu.",
                    TITLE_MAX, title->n);
    return title->n > 0 && title->n <= TITLE_MAX;
}

void board_add(struct model *m, struct str title, int column, int64_t after,
               struct effects *out)
{
    const struct replica *r = model_replica(m);
    if (!r || !is_title(m, &title))
        return;
    struct str name = {0};
    if (column >= 0 && (size_t)column < r->board.columns.n)
        name = str_of(r->board.columns.v[column].name);
    const struct card *behind = after > 0 || after < 0 ? board_card(&r->board, after) : NULL;
    if (!behind || behind->archived || behind->column != column)
        after = AFTER_END;
    struct msg add = {.type = MSG_TASK_ADD,
                      .task_add = {.title = title, .column = name, .after = after}};
    int64_t id = board_act(m, &add, out);
    const struct card *c = id ? board_card(&r->board, -id) : NULL;
    if (c)
        board_select(m, c);
}

void board_edit(struct model *m, int64_t card, int64_t seen, struct str title,
                struct effects *out)
{
    const struct replica *r = model_replica(m);
    const struct card *c = r ? board_card(&r->board, replica_number_of(r, card)) : NULL;
    if (!c || c->archived) {
        board_no_card(m, card);
        return;
    }
    if (!is_title(m, &title) || str_is(title, c->title))
        return;
    struct msg edit = {.type = MSG_TASK_EDIT,
                       .task_edit = {.task = card, .seen = seen, .title = title}};
    board_act(m, &edit, out);
}
