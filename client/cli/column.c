/* moot column: the columns of a board. */
#include "board.h"
#include "cli.h"
#include "verbs.h"

static void print_column(struct cli *c, const struct column *column, struct str room)
{
    struct column_item item = {.name = str_of(column->name), .limit = column->limit};
    if (c->out.json) {
        struct str extra = str_fmt(&c->arena, "\"room\":\"%.*s\",\"cards\":%zu,", STR_ARG(room),
                                   column->cards.n);
        print_json_item(&c->out, print_shape(MSG_SNAPSHOT, "columns"), &item, extra);
        return;
    }
    print_text(&c->out, item.name, 20);
    if (column->limit)
        print_fmt(&c->out, "  %zu/%lld%s\n", column->cards.n, (long long)column->limit,
                  column_is_over(column) ? "  over its limit" : "");
    else
        print_fmt(&c->out, "  %zu\n", column->cards.n);
}

bool column_list_run(struct cli *c, struct err *e)
{
    struct str room;
    const struct replica *r = cli_open(c, &room, e);
    if (!r)
        return false;
    vec_each (column, &r->board.columns)
        print_column(c, column, room);
    return true;
}

/* ---- changing ---- */

static bool send(struct cli *c, struct msg *m, struct err *e)
{
    struct msg_ok ok;
    return cli_room(c, c->words[0], &m->request.room, e) && cli_connect(c, e) &&
           cli_request(c, m, &ok, e);
}

/* Where the options --behind and --first put a column. */
static bool read_place(const struct cli *c, struct str *after, bool *first, struct err *e)
{
    *first = c->options.first;
    *after = str_of(c->options.behind);
    return !*first || after->n == 0 ||
           fail(e, ERR_USAGE, "--behind and --first name two places");
}

bool column_add_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_COLUMN_ADD};
    struct msg_column_add *q = &m.column_add;
    q->limit = cli_is_given(c, "limit") ? c->options.limit : 0;
    return read_place(c, &q->after, &q->first, e) &&
           cli_text(c, 1, COLUMN_NAME_MAX, "name", &q->name, e) && send(c, &m, e);
}

bool column_rename_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_COLUMN_EDIT};
    m.column_edit.column = c->words[1];
    m.column_edit.name = c->words[2];
    m.column_edit.limit = LIMIT_STAYS;
    if (c->words[2].n == 0)
        return fail(e, ERR_USAGE, "a column's name is not empty");
    return send(c, &m, e);
}

bool column_limit_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_COLUMN_EDIT};
    struct str word = c->words[2];
    m.column_edit.column = c->words[1];
    if (!str_is(word, "none") && !str_int(word, 0, TASKS_MAX, &m.column_edit.limit))
        return fail(e, ERR_USAGE, "'%.*s': a limit is 1 to %d cards, or none",
                    (int)MIN(word.n, 40), word.p, TASKS_MAX);
    return send(c, &m, e);
}

bool column_move_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_COLUMN_MOVE};
    m.column_move.column = c->words[1];
    return read_place(c, &m.column_move.after, &m.column_move.first, e) && send(c, &m, e);
}

bool column_remove_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_COLUMN_REMOVE};
    m.column_remove.column = c->words[1];
    m.column_remove.to = str_of(c->options.to);
    if (!c->options.to)
        return fail(e, ERR_USAGE, "where shall the cards of '%.*s' go? --to names a column",
                    (int)MIN(c->words[1].n, 64), c->words[1].p);
    return send(c, &m, e);
}
