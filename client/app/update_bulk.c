/* One thing done to all cards that are marked: one request for each, one step of undo for all.
 */
#include "update_parts.h"

#include <stdio.h>
#include <string.h>

bool bulk_is_meant(struct model *m)
{
    if (!m->here || m->focus != FOCUS_BOARD)
        return false;
    mark_end(m);
    return marks_count(m) > 0;
}

/* "3 cards", or "card 12" where it is only one. */
static const char *words_of(const struct card_numbers *cards, char *out)
{
    if (cards->n == 1)
        return card_words(cards->v[0], out);
    snprintf(out, CARD_WORDS, "%zu cards", cards->n);
    return out;
}

static void end(struct act *a, struct str what)
{
    act_end(a, "%.*s", STR_ARG(what));
    act_announce(a);
}

void bulk_archive(struct model *m, struct effects *out)
{
    struct card_numbers cards = {0};
    struct act a;
    char words[CARD_WORDS];
    marked_cards(m, &cards);
    act_begin(&a, m, cards.n > 1, out);
    for (size_t i = 0; i < cards.n; i++) {
        struct msg archive = {.type = MSG_TASK_ARCHIVE, .task_archive.task = cards.v[i]};
        act_ask(&a, &archive);
    }
    end(&a, str_fmt(&out->arena, "archived %s", words_of(&cards, words)));
    vec_finish(&cards);
}

/* ---- moving ---- */

/* Each behind the one before, so that they stand together in their order. */
static void move(struct act *a, const struct card_numbers *cards, struct str column,
                 int64_t after)
{
    for (size_t i = 0; i < cards->n; i++) {
        struct msg move = {
            .type = MSG_TASK_MOVE,
            .task_move = {.task = cards->v[i], .column = column, .after = after}};
        if (act_ask(a, &move) && after != AFTER_END)
            after = cards->v[i];
    }
}

void bulk_move(struct model *m, struct str column, int64_t after, struct effects *out)
{
    struct card_numbers cards = {0};
    struct act a;
    char words[CARD_WORDS];
    column = str_keep(&out->arena, column);
    marked_cards(m, &cards);
    act_begin(&a, m, cards.n > 1, out);
    move(&a, &cards, column, after);
    end(&a, str_fmt(&out->arena, "moved %s to %.*s", words_of(&cards, words), STR_ARG(column)));
    const struct card *c = cards.n ? board_card(&model_replica(m)->board, m->here->card) : NULL;
    if (c && !c->archived)
        board_select(m, c);
    vec_finish(&cards);
}

static bool is_among(const struct card_numbers *cards, int64_t number)
{
    for (size_t i = 0; i < cards->n; i++)
        if (cards->v[i] == number)
            return true;
    return false;
}

/* The nearest card at or before a place of a column that is not moved itself; 0: none. */
static int64_t behind(struct shown s, size_t place, const struct card_numbers *cards)
{
    for (size_t i = MIN(place + 1, s.n); i-- > 0;)
        if (!is_among(cards, s.v[i]->number))
            return s.v[i]->number;
    return 0;
}

/* Where the marked cards stand among those of their column; false when they are in several. */
static bool span_of(const struct model *m, const struct card_numbers *cards, int *column,
                    size_t *first, size_t *last)
{
    const struct board *b = &model_replica(m)->board;
    *first = SIZE_MAX;
    *last = 0;
    for (size_t i = 0; i < cards->n; i++) {
        const struct card *c = board_card(b, cards->v[i]);
        struct shown s = board_shown(m, c->column);
        size_t place = shown_place(s, c);
        if ((i && c->column != *column) || place == s.n)
            return false;
        *column = c->column;
        *first = MIN(*first, place);
        *last = MAX(*last, place);
    }
    return cards->n > 0;
}

static void move_along(struct model *m, int rows, struct effects *out)
{
    struct card_numbers cards = {0};
    int column = -1;
    size_t first, last;
    marked_cards(m, &cards);
    bool ok = board_has_order(m);
    if (ok && !span_of(m, &cards, &column, &first, &last)) {
        model_toast(m, TOAST_ERROR, "Not all marked cards are in one column, and in sight.");
        ok = false;
    }
    struct shown s = board_shown(m, column);
    if (ok && (rows > 0 ? last + 1 < s.n : first > 0)) {
        int64_t after = rows > 0    ? s.v[last + 1]->number
                        : first < 2 ? 0
                                    : behind(s, first - 2, &cards);
        bulk_move(m, str_of(model_replica(m)->board.columns.v[column].name), after, out);
    }
    vec_finish(&cards);
}

static void move_across(struct model *m, int columns, struct effects *out)
{
    const struct board *b = &model_replica(m)->board;
    int to = m->here->column + columns;
    if (to < 0 || (size_t)to >= b->columns.n)
        return;
    struct card_numbers cards = {0};
    struct shown s = board_shown(m, to);
    marked_cards(m, &cards);
    int64_t after = AFTER_END; /* a sorted view has no such places */
    if (m->here->look.sort == SORT_ORDER && s.n)
        after = m->here->place ? behind(s, m->here->place - 1, &cards) : 0;
    bulk_move(m, str_of(b->columns.v[to].name), after, out);
    vec_finish(&cards);
}

void bulk_move_step(struct model *m, int columns, int rows, struct effects *out)
{
    if (!model_replica(m))
        return;
    if (columns)
        move_across(m, columns, out);
    else
        move_along(m, rows, out);
}

/* ---- fields ---- */

static bool is_so(const struct card *c, const struct card_change *to)
{
    if (to->field >= CARD_SCALARS)
        return card_has(c, to->field, to->value) != to->gone;
    return str_eq(card_scalar(c, to->field), to->value);
}

static void edit(struct act *a, int64_t number, const struct card_change *changes, size_t n,
                 int64_t seen)
{
    const struct replica *r = model_replica(a->m);
    const struct card *c = board_card(&r->board, number);
    struct change_item items[CARD_CHANGES_MAX];
    struct msg m = {.type = MSG_TASK_EDIT, .task_edit = {.task = number, .seen = seen}};
    m.task_edit.changes.v = items;
    for (size_t i = 0; i < n; i++)
        if (!is_so(c, &changes[i]))
            items[m.task_edit.changes.n++] =
                (struct change_item){.field = str_of(card_fields[changes[i].field].name),
                                     .value = changes[i].value,
                                     .gone = changes[i].gone};
    if (m.task_edit.changes.n)
        act_ask(a, &m);
}

static struct str edit_words(const struct act *a, const struct card_change *changes, size_t n,
                             const char *cards)
{
    const char *name = card_fields[changes->field].name;
    if (n > 1)
        return str_fmt(&a->out->arena, "changed the %s of %s", name, cards);
    if (changes->field < CARD_SCALARS)
        return str_fmt(&a->out->arena, "set the %s of %s", name, cards);
    return str_fmt(&a->out->arena, "%s %s %.*s %s %s", changes->gone ? "took" : "put", name,
                   STR_ARG(changes->value), changes->gone ? "off" : "on", cards);
}

static bool check(struct model *m, const struct card_change *changes, size_t n)
{
    struct err why = {0};
    for (size_t i = 0; i < n; i++) {
        if (card_change_check(&changes[i], &why))
            continue;
        model_toast(m, TOAST_ERROR, "%s", why.text);
        return false;
    }
    return n > 0;
}

bool bulk_edit(struct model *m, const struct card_change *changes, size_t n, int64_t seen,
               struct effects *out)
{
    struct card_numbers cards = {0};
    struct act a;
    char words[CARD_WORDS];
    if (!check(m, changes, n))
        return false;
    marked_cards(m, &cards);
    act_begin(&a, m, cards.n > 1, out);
    for (size_t i = 0; i < cards.n; i++)
        edit(&a, cards.v[i], changes, n, seen);
    if (a.done == 0 && a.left == 0)
        model_toast(m, TOAST_INFO, "That is how they are.");
    end(&a, edit_words(&a, changes, n, words_of(&cards, words)));
    vec_finish(&cards);
    return true;
}
