/* What takes a pending request back, as requests. */
#include "cards.h"
#include "replica_parts.h"

/* The card that a key would stand behind in the column, or 0. */
static int64_t neighbour(const struct board *b, const struct board_action *back)
{
    int i = board_column(b, back->column);
    int64_t after = 0;
    if (i < 0)
        return after;
    vec_each (c, &b->columns.v[i].cards) {
        if (str_cmp(str_of((*c)->key), back->key) >= 0)
            break;
        if ((*c)->number != back->number)
            after = (*c)->number;
    }
    return after;
}

/* The column behind which another comes to stand at a place, itself not counted; empty: it is
 * the first. */
static struct str column_before(const struct board *b, struct str moved, int64_t place,
                                struct arena *a)
{
    int self = board_column(b, moved);
    int64_t at = 0;
    for (size_t i = 0; i < b->columns.n; i++) {
        if ((int)i == self)
            continue;
        if (++at == place)
            return str_keep(a, str_of(b->columns.v[i].name));
    }
    return (struct str){0};
}

static struct msg edit_of(const struct board_action *back, struct arena *a)
{
    struct msg m = {
        .type = MSG_TASK_EDIT,
        .task_edit = {.task = back->number, .seen = -1, .title = str_keep(a, back->title)}};
    struct change_list items = cards_items(back->changes, back->changes_n, a);
    for (size_t i = 0; i < items.n; i++)
        items.v[i].value = str_keep(a, items.v[i].value);
    m.task_edit.changes.v = items.v;
    m.task_edit.changes.n = items.n;
    return m;
}

static struct msg move_of(struct str column, int64_t card, int64_t after, struct arena *a)
{
    return (struct msg){
        .type = MSG_TASK_MOVE,
        .task_move = {.task = card, .column = str_keep(a, column), .after = after}};
}

static void inverse_of_card(const struct replica *r, const struct board_action *back,
                            struct requests *out, struct arena *a)
{
    const struct board *b = &r->board;
    if (back->kind == BOARD_EDIT && (back->title.n || back->changes_n))
        vec_push(out, edit_of(back, a));
    else if (back->kind == BOARD_MOVE)
        vec_push(out, move_of(back->column, back->number, neighbour(b, back), a));
    else if (back->kind == BOARD_RESTORE)
        vec_push(out,
                 (struct msg){.type = MSG_TASK_RESTORE, .task_restore.task = back->number});
    else if (back->kind == BOARD_ARCHIVE || back->kind == BOARD_REMOVE)
        vec_push(out,
                 (struct msg){.type = MSG_TASK_ARCHIVE, .task_archive.task = back->number});
}

/* Its cards come back in their order; those that were archived stay where they are. */
static void column_back(const struct board *b, const struct board_action *back,
                        struct requests *out, struct arena *a)
{
    struct str before = column_before(b, back->column, back->place, a);
    struct msg add = {.type = MSG_COLUMN_ADD,
                      .column_add = {.name = str_keep(a, back->column),
                                     .limit = back->limit,
                                     .after = before,
                                     .first = before.n == 0}};
    vec_push(out, add);
    for (size_t i = 0; i < back->cards_n; i++) {
        const struct card *c = board_card(b, back->cards[i].number);
        if (c && !c->archived)
            vec_push(out, move_of(back->column, c->number, AFTER_END, a));
    }
}

/* An empty column has nothing that would go anywhere; the server wants a name all the same. */
static struct msg drop_of(const struct board *b, struct str name, struct arena *a)
{
    struct msg m = {.type = MSG_COLUMN_REMOVE, .column_remove.column = str_keep(a, name)};
    int self = board_column(b, name);
    if (b->columns.n > 1)
        m.column_remove.to = str_keep(a, str_of(b->columns.v[self == 0].name));
    return m;
}

static void inverse_of_column(const struct board *b, const struct board_action *back,
                              struct requests *out, struct arena *a)
{
    if (back->kind == BOARD_COLUMN_DROP) {
        vec_push(out, drop_of(b, back->column, a));
    } else if (back->kind == BOARD_COLUMN_EDIT) {
        struct msg m = {.type = MSG_COLUMN_EDIT,
                        .column_edit = {.column = str_keep(a, back->column),
                                        .name = str_keep(a, back->name),
                                        .limit = back->limit}};
        vec_push(out, m);
    } else if (back->kind == BOARD_COLUMN_MOVE) {
        struct str before = column_before(b, back->column, back->place, a);
        struct msg m = {.type = MSG_COLUMN_MOVE,
                        .column_move = {.column = str_keep(a, back->column),
                                        .after = before,
                                        .first = before.n == 0}};
        vec_push(out, m);
    } else if (back->kind == BOARD_COLUMN_RETURN) {
        column_back(b, back, out, a);
    }
}

size_t replica_inverses(const struct replica *r, int64_t id, struct requests *out,
                        struct arena *a)
{
    const struct pending *p = replica_find_pending(r, id);
    size_t before = out->n;
    if (!p)
        return 0;
    if (!p->on_board && p->msg.type == MSG_TASK_RESTORE) /* only the server knows it */
        vec_push(out, (struct msg){.type = MSG_TASK_ARCHIVE,
                                   .task_archive.task = p->msg.task_restore.task});
    else if (p->on_board && p->inverse.kind >= BOARD_COLUMN_ADD)
        inverse_of_column(&r->board, &p->inverse, out, a);
    else if (p->on_board)
        inverse_of_card(r, &p->inverse, out, a);
    return out->n - before;
}
