/* moot task: the cards of a board. */
#include "task.h"
#include "cards.h"
#include "cli.h"
#include "day.h"
#include "filter.h"
#include "saved.h"
#include "sort.h"
#include "verbs.h"

#include <stdlib.h>
#include <time.h>

/* ---- reading ---- */

struct card_list {
    struct card **v;
    size_t n, cap;
};

void task_print(struct cli *c, const struct replica *r, const struct card *card,
                struct str room)
{
    struct str column = str_of(r->board.columns.v[card->column].name);
    struct change_list values = cards_values(card, &c->arena);
    struct card_counts counts = replica_counts(r, card->number);
    struct task_item item = {.number = card->number,
                             .title = str_of(card->title),
                             .column = column,
                             .key = str_of(card->key),
                             .version = replica_description(r, card->number),
                             .done = counts.done,
                             .boxes = counts.boxes,
                             .comments = counts.comments,
                             .changed = card->changed};
    item.fields.v = values.v;
    item.fields.n = values.n;
    if (c->out.json) {
        struct str extra = str_fmt(&c->arena, "\"room\":\"%.*s\",", STR_ARG(room));
        print_json_item(&c->out, print_shape(MSG_SNAPSHOT, "tasks"), &item, extra);
        return;
    }
    print_fmt(&c->out, "%5lld  ", (long long)card->number);
    print_text(&c->out, column, 10);
    print_fmt(&c->out, "  ");
    print_text(&c->out, item.title, 0);
    for (size_t i = 0; i < values.n; i++)
        print_fmt(&c->out, " %.*s:%.*s", STR_ARG(values.v[i].field),
                  STR_ARG(values.v[i].value));
    print_fmt(&c->out, "\n");
}

struct str task_today(struct cli *c)
{
    time_t now = time(NULL);
    struct tm tm;
    localtime_r(&now, &tm);
    return str_fmt(&c->arena, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

/* The cards of one column, or of all, that the filter takes; by column and order. */
static void find_cards(const struct board *b, int only, const struct filter *f,
                       struct card_list *out)
{
    for (size_t i = 0; i < b->columns.n; i++) {
        const struct column *column = &b->columns.v[i];
        for (size_t k = 0; k < column->cards.n && (only < 0 || (size_t)only == i); k++)
            if (filter_takes(f, b, column->cards.v[k]))
                vec_push(out, column->cards.v[k]);
    }
}

static bool list_cards(struct cli *c, const struct replica *r, struct str room,
                       const struct filter *f, struct err *e)
{
    const struct board *b = &r->board;
    struct card_list cards = {0};
    enum card_sort sort;
    int only = -1;
    if (!card_sort_named(str_of(c->options.sort), &sort, e))
        return false;
    if (c->options.column && (only = board_column(b, str_of(c->options.column))) < 0)
        return fail(e, ERR_NOT_FOUND, "%.*s has no column '%s'", STR_ARG(room),
                    c->options.column);
    find_cards(b, only, f, &cards);
    card_sort(cards.v, cards.n, sort);
    vec_each (card, &cards)
        task_print(c, r, *card, room);
    vec_finish(&cards);
    return true;
}

bool task_list_run(struct cli *c, struct err *e)
{
    struct str room;
    struct filter f = {0};
    const struct replica *r = cli_open(c, &room, e);
    struct filter_asker who = {.today = task_today(c), .saved = saved_filter, .saved_arg = c};
    if (r)
        who.user = str_of(r->user);
    bool ok = r && filter_parse(&f, str_of(c->options.filter), who, e) &&
              list_cards(c, r, room, &f, e);
    filter_finish(&f);
    return ok;
}

bool task_show_run(struct cli *c, struct err *e)
{
    int64_t number;
    struct str room;
    if (!cli_task(c->words[1], &number, e))
        return false;
    const struct replica *r = cli_open(c, &room, e);
    if (!r)
        return false;
    const struct card *card = board_card(&r->board, number);
    if (replica_note(r, number))
        return fail(e, ERR_NOT_FOUND,
                    "%lld of %.*s is a note, no card: moot note cat %.*s %lld",
                    (long long)number, STR_ARG(room), STR_ARG(room), (long long)number);
    /* Numbers are given once: what is not on the board and was given out is archived. */
    if (number < r->board.next_number && (!card || card->archived))
        return fail(e, ERR_NOT_FOUND, "card %lld of %.*s is archived; %s brings it back",
                    (long long)number, STR_ARG(room), "moot task restore");
    if (!card)
        return fail(e, ERR_NOT_FOUND, "%.*s has no card %lld on its board", STR_ARG(room),
                    (long long)number);
    task_print(c, r, card, room);
    return true;
}
