/* moot task: the cards of a board. */
#include "task.h"
#include "cards.h"
#include "cli.h"
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

static const struct replica *open_board(struct cli *c, struct str *room, struct err *e)
{
    if (!cli_room(c, c->words[0], room, e) || !cli_connect(c, e))
        return NULL;
    return conversation_open(c->talk, *room, e);
}

void task_print(struct cli *c, const struct replica *r, const struct card *card,
                struct str room)
{
    struct str column = str_of(r->board.columns.v[card->column].name);
    struct change_list values = cards_values(card, &c->arena);
    struct task_item item = {.number = card->number,
                             .title = str_of(card->title),
                             .column = column,
                             .key = str_of(card->key),
                             .version = replica_description(r, card->number)};
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

static struct str today(struct cli *c)
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
    const struct replica *r = open_board(c, &room, e);
    struct filter_asker who = {.today = today(c), .saved = saved_filter, .saved_arg = c};
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
    const struct replica *r = open_board(c, &room, e);
    if (!r)
        return false;
    const struct card *card = board_card(&r->board, number);
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

/* ---- changing ---- */

/* The room and, as the second word, the card. */
static bool begin(struct cli *c, struct msg *m, int64_t *task, struct err *e)
{
    return cli_room(c, c->words[0], &m->request.room, e) &&
           (!task || cli_task(c->words[1], task, e));
}

static bool finish(struct cli *c, struct msg *m, struct err *e)
{
    struct msg_ok ok;
    return cli_connect(c, e) && cli_request(c, m, &ok, e);
}

bool task_add_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_TASK_ADD};
    struct msg_task_add *add = &m.task_add;
    struct msg_ok ok;
    add->column = str_of(c->options.column);
    add->after = c->options.top ? 0 : AFTER_END;
    if (!begin(c, &m, NULL, e) || !cli_text(c, 1, TITLE_MAX, "title", &add->title, e) ||
        !cli_connect(c, e) || !cli_request(c, &m, &ok, e))
        return false;
    if (!c->out.json)
        print_fmt(&c->out, "%lld\n", (long long)ok.number);
    return true;
}

bool task_move_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_TASK_MOVE};
    struct msg_task_move *move = &m.task_move;
    bool placed = cli_is_given(c, "after");
    if (placed && c->options.top)
        return fail(e, ERR_USAGE, "--after and --top name two places");
    move->after = placed ? c->options.after : c->options.top ? 0 : AFTER_END;
    move->column = c->words[2];
    return begin(c, &m, &move->task, e) && finish(c, &m, e);
}

/* Sends an edit; where somebody else was there first, what was not stored is said too. */
static bool finish_edit(struct cli *c, struct msg *m, struct err *e)
{
    struct msg_task_edit *q = &m->task_edit;
    q->seen = cli_is_given(c, "seen") ? c->options.seen : -1;
    struct err why = {0};
    if (finish(c, m, &why))
        return true;
    struct str mine = q->title.n ? q->title : q->changes.v[0].value;
    if (why.code == ERR_CONFLICT && cli_is_given(c, "seen"))
        return fail(e, why.code, "%s; not stored: %.*s", why.text, STR_ARG(mine));
    *e = why;
    return false;
}

bool task_edit_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_TASK_EDIT};
    return begin(c, &m, &m.task_edit.task, e) &&
           cli_text(c, 2, TITLE_MAX, "title", &m.task_edit.title, e) && finish_edit(c, &m, e);
}

/* All words behind the card are values of one field. */
static bool set_field(struct cli *c, enum card_field f, struct err *e)
{
    struct msg m = {.type = MSG_TASK_EDIT};
    size_t n = c->n_words - 2;
    if (n > CARD_CHANGES_MAX)
        return fail(e, ERR_USAGE, "at most %d values at once", CARD_CHANGES_MAX);
    struct card_change *changes = arena_alloc(&c->arena, n * sizeof *changes);
    for (size_t i = 0; i < n; i++) {
        struct str word = c->words[2 + i];
        bool is_none = f < CARD_SCALARS && str_is(word, "none");
        changes[i] = (struct card_change){f, is_none ? (struct str){0} : word,
                                          f >= CARD_SCALARS && c->options.remove};
        struct err why = {0};
        if (!card_change_check(&changes[i], &why))
            return fail(e, ERR_USAGE, "'%.*s': %s", STR_ARG(word), why.text);
    }
    struct change_list items = cards_items(changes, n, &c->arena);
    m.task_edit.changes.v = items.v;
    m.task_edit.changes.n = items.n;
    return begin(c, &m, &m.task_edit.task, e) && finish_edit(c, &m, e);
}

bool task_assign_run(struct cli *c, struct err *e)
{
    return set_field(c, CARD_ASSIGNEE, e);
}

bool task_label_run(struct cli *c, struct err *e)
{
    return set_field(c, CARD_LABEL, e);
}

bool task_block_run(struct cli *c, struct err *e)
{
    return set_field(c, CARD_BLOCKER, e);
}

bool task_due_run(struct cli *c, struct err *e)
{
    return set_field(c, CARD_DUE, e);
}

bool task_priority_run(struct cli *c, struct err *e)
{
    return set_field(c, CARD_PRIORITY, e);
}

bool task_comment_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_MESSAGE_POST};
    m.message_post.reply = c->options.reply;
    return begin(c, &m, &m.message_post.task, e) &&
           cli_text(c, 2, TEXT_MAX, "message", &m.message_post.text, e) && finish(c, &m, e);
}

bool task_archive_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_TASK_ARCHIVE};
    return begin(c, &m, &m.task_archive.task, e) && finish(c, &m, e);
}

bool task_restore_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_TASK_RESTORE};
    return begin(c, &m, &m.task_restore.task, e) && finish(c, &m, e);
}
