/* The columns of the board: what is done to the selected one. */
#include "update_parts.h"

static const struct column *column_here(const struct model *m)
{
    const struct replica *r = model_replica(m);
    if (!r || !m->here || (size_t)m->here->column >= r->board.columns.n)
        return NULL;
    return &r->board.columns.v[m->here->column];
}

/* The command line with the action's name in it: it says what is asked for, and completes. */
static void ask(struct model *m, const char *command, struct str text)
{
    struct buf line = {0};
    buf_fmt(&line, "%s ", command);
    buf_add_str(&line, text);
    prompt_open(m, PROMPT_COMMAND, buf_str(&line));
    buf_finish(&line);
}

/* Does it and offers to take it back. */
static bool request(struct model *m, struct msg *r, struct effects *out, const char *verb,
                    struct str name)
{
    struct act a;
    act_begin(&a, m, false, out);
    act_ask(&a, r);
    act_end(&a, "%s %.*s", verb, STR_ARG(name));
    act_announce(&a);
    return a.done;
}

/* Selects the column of that name; a request may have moved it. */
static void select_column(struct model *m, struct str name)
{
    int at = board_column(&model_replica(m)->board, name);
    if (at < 0)
        return;
    m->here->column = at;
    m->here->card = 0;
}

/* A copy that outlives the board's own, which a request changes. */
static struct str name_of(const struct column *col, struct effects *out)
{
    return str_keep(&out->arena, str_of(col->name));
}

void column_add(struct model *m, struct str name, struct effects *out)
{
    const struct column *here = column_here(m);
    name = str_trim(name);
    if (!model_replica(m))
        return;
    if (name.n == 0) {
        ask(m, "column add", name);
        return;
    }
    struct msg r = {.type = MSG_COLUMN_ADD, .column_add.name = name};
    if (here)
        r.column_add.after = name_of(here, out);
    if (request(m, &r, out, "added the column", name))
        select_column(m, name);
}

void column_rename(struct model *m, struct str name, struct effects *out)
{
    const struct column *here = column_here(m);
    name = str_trim(name);
    if (!here)
        return;
    if (name.n == 0) {
        ask(m, "column rename", str_of(here->name));
        return;
    }
    struct msg r = {.type = MSG_COLUMN_EDIT};
    r.column_edit.column = name_of(here, out);
    r.column_edit.name = name;
    r.column_edit.limit = LIMIT_STAYS;
    if (!str_is(name, here->name))
        request(m, &r, out, "renamed the column", r.column_edit.column);
}

void column_limit(struct model *m, struct str text, struct effects *out)
{
    const struct column *here = column_here(m);
    int64_t limit = 0;
    text = str_trim(text);
    if (!here)
        return;
    if (text.n == 0) {
        ask(m, "column limit", text);
        return;
    }
    if (!str_is(text, "none") && !str_int(text, 0, TASKS_MAX, &limit)) {
        model_toast(m, TOAST_ERROR, "A limit is 1 to %d cards, or none.", TASKS_MAX);
        return;
    }
    struct msg r = {.type = MSG_COLUMN_EDIT};
    r.column_edit.column = name_of(here, out);
    r.column_edit.limit = limit;
    request(m, &r, out, "changed the limit of the column", r.column_edit.column);
}

void column_move(struct model *m, int by, struct effects *out)
{
    const struct column *here = column_here(m);
    if (!here)
        return;
    const struct board *b = &model_replica(m)->board;
    int to = m->here->column + by;
    if (to < 0 || (size_t)to >= b->columns.n)
        return;
    struct str name = name_of(here, out);
    struct msg r = {.type = MSG_COLUMN_MOVE, .column_move = {.column = name}};
    r.column_move.first = to == 0;
    if (to > 0) /* to the right: behind that one; to the left: behind the one before it */
        r.column_move.after = name_of(&b->columns.v[by > 0 ? to : to - 1], out);
    if (request(m, &r, out, "moved the column", name))
        select_column(m, name);
}

void column_remove(struct model *m, struct str to, struct effects *out)
{
    const struct column *here = column_here(m);
    to = str_trim(to);
    if (!here)
        return;
    if (to.n == 0) {
        if (model_replica(m)->board.columns.n > 1)
            model_toast(m, TOAST_INFO, "Where shall the cards of %s go? Tab names columns.",
                        here->name);
        ask(m, "column remove", to);
        return;
    }
    struct msg r = {.type = MSG_COLUMN_REMOVE};
    r.column_remove.column = name_of(here, out);
    r.column_remove.to = to;
    if (request(m, &r, out, "removed the column", r.column_remove.column))
        select_column(m, to);
}
