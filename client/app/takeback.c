#include "takeback.h"

#include "cards.h"

#include <strings.h>

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

static void inverse_of_card(const struct board *b, const struct board_action *back,
                            struct requests *out, struct arena *a)
{
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

/* Its cards come back in their order; those that were archived or have gone elsewhere stay
 * where they are. */
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
        if (c && !c->archived && c->column == board_column(b, back->name))
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

void takeback_requests(const struct board *b, const struct board_action *back,
                       struct requests *out, struct arena *a)
{
    if (back->kind >= BOARD_COLUMN_ADD)
        inverse_of_column(b, back, out, a);
    else
        inverse_of_card(b, back, out, a);
}

/* ---- what stands in the way ---- */

static bool has_field(const struct msg_task_edited *m, const struct change_item *to)
{
    for (size_t i = 0; i < m->changes.n; i++) {
        const struct change_item *c = &m->changes.v[i];
        enum card_field f;
        if (!str_eq(c->field, to->field) || !card_field_named(c->field, &f, NULL))
            continue;
        if (f < CARD_SCALARS || str_eq(c->value, to->value))
            return true;
    }
    return false;
}

static bool sets_the_same(const struct msg_task_edited *event, const struct msg_task_edit *q)
{
    if (event->title.n && q->title.n)
        return true;
    for (size_t i = 0; i < q->changes.n; i++)
        if (has_field(event, &q->changes.v[i]))
            return true;
    return false;
}

/* Whether what the event did to a card would be undone by the request, too, or has made it
 * impossible. */
static bool meets_card(const struct msg *event, const struct msg *request)
{
    enum msg_type t = request->type;
    if (t == MSG_TASK_ARCHIVE)
        return true;
    if (event->type == MSG_TASK_EDITED)
        return t == MSG_TASK_EDIT && sets_the_same(&event->task_edited, &request->task_edit);
    if (event->type == MSG_TASK_MOVED)
        return t == MSG_TASK_MOVE;
    if (event->type == MSG_TASK_ARCHIVED)
        return t != MSG_TASK_RESTORE;
    return t == MSG_TASK_RESTORE;
}

static struct str column_of(const struct msg *request)
{
    return request->type == MSG_COLUMN_EDIT     ? request->column_edit.column
           : request->type == MSG_COLUMN_MOVE   ? request->column_move.column
           : request->type == MSG_COLUMN_REMOVE ? request->column_remove.column
                                                : (struct str){0};
}

bool takeback_is_column(struct str a, struct str b)
{
    return a.n == b.n && a.n && strncasecmp(a.p, b.p, a.n) == 0;
}

static bool meets_column(const struct msg *event, const struct msg *request)
{
    struct str column = column_of(request);
    if (event->type == MSG_COLUMN_REMOVED)
        return takeback_is_column(event->column_removed.column, column);
    if (event->type == MSG_COLUMN_MOVED)
        return request->type == MSG_COLUMN_MOVE &&
               takeback_is_column(event->column_moved.column, column);
    if (event->type != MSG_COLUMN_EDITED ||
        !takeback_is_column(event->column_edited.column, column))
        return false;
    if (request->type != MSG_COLUMN_EDIT)
        return false;
    return (event->column_edited.name.n && request->column_edit.name.n) ||
           (event->column_edited.limit != LIMIT_STAYS &&
            request->column_edit.limit != LIMIT_STAYS);
}

static bool is_of_card(enum msg_type t)
{
    return t == MSG_TASK_EDIT || t == MSG_TASK_MOVE || t == MSG_TASK_ARCHIVE ||
           t == MSG_TASK_RESTORE;
}

static bool is_card_event(enum msg_type t)
{
    return t == MSG_TASK_EDITED || t == MSG_TASK_MOVED || t == MSG_TASK_ARCHIVED ||
           t == MSG_TASK_RESTORED;
}

bool takeback_meets(const struct msg *event, const struct msg *request, int64_t card)
{
    if (!is_card_event(event->type))
        return meets_column(event, request);
    return is_of_card(request->type) && card == event->task_archived.task &&
           meets_card(event, request);
}
