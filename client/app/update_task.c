/* What is done to a card by its number, or to the selected and the marked ones: the words of
 * the command are read here. */
#include "update_parts.h"

static bool number_of(struct model *m, struct str arg, int64_t *out)
{
    if (arg.n == 0 && m->here && card_meant(m)) {
        *out = card_meant(m);
        return true;
    }
    if (arg.n && arg.p[0] == '#')
        arg.p++, arg.n--;
    if (str_int(arg, 1, SEQ_MAX, out))
        return true;
    model_toast(m, TOAST_ERROR,
                arg.n ? "\"%.*s\" is no card number" : "No card is selected.%.*s",
                STR_ARG(arg));
    return false;
}

/* The card that is meant; 0: all that are marked. */
static bool target_of(struct model *m, struct str arg, int64_t *out)
{
    *out = 0;
    return (arg.n == 0 && bulk_is_meant(m)) || number_of(m, arg, out);
}

/* The same of a command that may go on with words: what is no number belongs to them. */
static bool split(struct model *m, const struct command *c, int64_t *number, struct str *words)
{
    struct str first = c->args[0];
    if (str_starts(first, "#"))
        first = (struct str){first.p + 1, first.n - 1};
    bool is_number = first.n == 0 || str_int(first, 1, SEQ_MAX, number);
    *words = c->args[1];
    if (!is_number) {
        const char *end = words->n ? words->p + words->n : c->args[0].p + c->args[0].n;
        *words = (struct str){c->args[0].p, (size_t)(end - c->args[0].p)};
    }
    return target_of(m, is_number ? c->args[0] : (struct str){0}, number);
}

void task_show(struct model *m, struct str arg)
{
    const struct replica *r = model_replica(m);
    int64_t number;
    if (!r || !number_of(m, arg, &number))
        return;
    const struct card *c = board_card(&r->board, number);
    if (!c || c->archived) {
        board_no_card(m, number);
        return;
    }
    board_select(m, c);
    m->focus = FOCUS_BOARD;
}

void task_add(struct model *m, struct str title, struct effects *out)
{
    if (!model_replica(m))
        return;
    if (title.n)
        board_add(m, title, m->here->column, m->here->card, out);
    else
        prompt_open(m, PROMPT_ADD, (struct str){0});
}

void task_edit(struct model *m, const struct command *c, struct effects *out)
{
    const struct replica *r = model_replica(m);
    int64_t number;
    if (!r || !number_of(m, c->args[0], &number))
        return;
    const struct card *card = board_card(&r->board, number);
    if (c->args[1].n || !card) {
        board_edit(m, number, r->seq, c->args[1], out);
        return;
    }
    prompt_open(m, PROMPT_TITLE, str_of(card->title));
    m->prompt_card = number;
}

void task_move(struct model *m, const struct command *c, struct effects *out)
{
    const struct replica *r = model_replica(m);
    int64_t number;
    struct str to;
    if (!r || !split(m, c, &number, &to))
        return;
    if (to.n == 0) {
        pick_open(m, PICK_COLUMN, number);
        return;
    }
    int column = board_column(&r->board, to);
    if (column < 0) {
        model_toast(m, TOAST_ERROR, "There is no column \"%.*s\" here.", STR_ARG(to));
        return;
    }
    struct str name = str_of(r->board.columns.v[column].name);
    if (number)
        board_move(m, number, name, AFTER_END, out);
    else
        bulk_move(m, name, AFTER_END, out);
}

void task_step(struct model *m, int columns, int rows, struct effects *out)
{
    if (bulk_is_meant(m))
        bulk_move_step(m, columns, rows, out);
    else
        board_move_step(m, columns, rows, out);
}

/* What stands behind the number, or a list to pick it from. */
void task_field(struct model *m, const struct command *c, enum pick what, struct effects *out)
{
    int64_t number;
    struct str words;
    if (!model_replica(m) || !split(m, c, &number, &words))
        return;
    if (words.n)
        field_words(m, number, pick_field(what), words, out);
    else
        pick_open(m, what, number);
}

void task_mine(struct model *m, struct str arg, struct effects *out)
{
    int64_t number;
    if (model_replica(m) && target_of(m, arg, &number))
        field_mine(m, number, out);
}

void task_comment(struct model *m, const struct command *c, struct effects *out)
{
    int64_t number;
    if (!model_replica(m) || !number_of(m, c->args[0], &number))
        return;
    if (c->args[1].n)
        comment_post(m, number, (struct about){0}, c->args[1], out);
    else
        comment_write(m, number, (struct about){0});
}

void task_archive(struct model *m, struct str arg, struct effects *out)
{
    int64_t number;
    if (!model_replica(m) || !target_of(m, arg, &number))
        return;
    if (number)
        board_archive(m, number, out);
    else
        bulk_archive(m, out);
}

void task_restore(struct model *m, struct str arg, struct effects *out)
{
    int64_t number;
    if (model_replica(m) && number_of(m, arg, &number))
        board_restore(m, number, out);
}

void task_open(struct model *m, struct str arg, struct effects *out)
{
    int64_t number;
    if (model_replica(m) && number_of(m, arg, &number))
        card_open(m, number, out);
}

void task_describe(struct model *m, struct str arg, struct effects *out)
{
    int64_t number;
    if (!model_replica(m) || !number_of(m, arg, &number))
        return;
    if (m->listener.text)
        errand_begin(m, TEXT_READ, number, (struct str){0}, out);
    else
        note_open_card(m, number, out);
}
