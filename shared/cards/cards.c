#include "cards.h"

#include <assert.h>
#include <string.h>

static_assert(LIMIT_STAYS == BOARD_LIMIT_STAYS, "a limit that stays is the same for both");

bool cards_changes(const struct change_item *items, size_t n, struct arena *a,
                   struct card_change **out, struct err *e)
{
    *out = n ? arena_alloc(a, n * sizeof **out) : NULL;
    for (size_t i = 0; i < n; i++) {
        struct card_change *c = &(*out)[i];
        c->value = items[i].value;
        c->gone = items[i].gone;
        if (!card_field_named(items[i].field, &c->field, e) || !card_change_check(c, e))
            return false;
    }
    return true;
}

struct change_list cards_items(const struct card_change *changes, size_t n, struct arena *a)
{
    struct change_list list = {.v = n ? arena_alloc(a, n * sizeof *list.v) : NULL, .n = n};
    for (size_t i = 0; i < n; i++)
        list.v[i] = (struct change_item){str_of(card_fields[changes[i].field].name),
                                         changes[i].value, changes[i].gone};
    return list;
}

struct change_list cards_values(const struct card *c, struct arena *a)
{
    size_t n = c->values.n;
    struct change_list list = {.v = n ? arena_alloc(a, n * sizeof *list.v) : NULL, .n = n};
    for (size_t i = 0; i < n; i++)
        list.v[i] =
            (struct change_item){.field = str_of(card_fields[c->values.v[i].field].name),
                                 .value = str_of(c->values.v[i].value)};
    return list;
}

static void copy_name(char *to, size_t size, struct str s)
{
    bug_on(s.n >= size);
    if (s.n)
        memcpy(to, s.p, s.n);
}

static struct card_stamp *stamp_of(const struct event_head *h, struct arena *a)
{
    struct card_stamp *s = arena_alloc(a, sizeof *s);
    s->seq = h->seq;
    copy_name(s->author, sizeof s->author, h->author);
    copy_name(s->client, sizeof s->client, h->client);
    return s;
}

static bool with_changes(struct board_action *out, const struct change_item *items, size_t n,
                         struct arena *a, struct err *e)
{
    struct card_change *changes;
    if (!cards_changes(items, n, a, &changes, e))
        return false;
    out->changes = changes;
    out->changes_n = n;
    return true;
}

static bool is_of_column(const struct msg *m, struct board_action *out)
{
    if (m->type == MSG_COLUMN_ADDED) {
        const struct msg_column_added *c = &m->column_added;
        *out = (struct board_action){.kind = BOARD_COLUMN_ADD,
                                     .column = c->column,
                                     .place = c->place,
                                     .limit = c->limit};
    } else if (m->type == MSG_COLUMN_EDITED) {
        const struct msg_column_edited *c = &m->column_edited;
        *out = (struct board_action){
            .kind = BOARD_COLUMN_EDIT, .column = c->column, .name = c->name, .limit = c->limit};
    } else if (m->type == MSG_COLUMN_MOVED) {
        const struct msg_column_moved *c = &m->column_moved;
        *out = (struct board_action){
            .kind = BOARD_COLUMN_MOVE, .column = c->column, .place = c->place};
    } else if (m->type == MSG_COLUMN_REMOVED) {
        const struct msg_column_removed *c = &m->column_removed;
        *out = (struct board_action){
            .kind = BOARD_COLUMN_REMOVE, .column = c->column, .name = c->to, .key = c->key};
    } else if (m->type == MSG_COLUMN_KEYED) {
        *out =
            (struct board_action){.kind = BOARD_COLUMN_KEYS, .column = m->column_keyed.column};
    } else {
        return false;
    }
    return true;
}

bool cards_action(const struct msg *event, struct arena *a, struct board_action *out,
                  struct err *e)
{
    const struct msg *m = event;
    *e = (struct err){0};
    if (m->type == MSG_TASK_ADDED) {
        const struct msg_task_added *t = &m->task_added;
        *out = (struct board_action){.kind = BOARD_ADD,
                                     .number = t->task,
                                     .title = t->title,
                                     .column = t->column,
                                     .key = t->key};
    } else if (m->type == MSG_TASK_EDITED) {
        const struct msg_task_edited *t = &m->task_edited;
        *out = (struct board_action){.kind = BOARD_EDIT,
                                     .number = t->task,
                                     .title = t->title,
                                     .stamp = stamp_of(&t->head, a)};
        return with_changes(out, t->changes.v, t->changes.n, a, e);
    } else if (m->type == MSG_TASK_MOVED) {
        const struct msg_task_moved *t = &m->task_moved;
        *out = (struct board_action){
            .kind = BOARD_MOVE, .number = t->task, .column = t->column, .key = t->key};
    } else if (m->type == MSG_TASK_ARCHIVED) {
        *out = (struct board_action){.kind = BOARD_ARCHIVE, .number = m->task_archived.task};
    } else if (m->type == MSG_TASK_RESTORED) {
        const struct msg_task_restored *t = &m->task_restored;
        *out = (struct board_action){.kind = BOARD_RESTORE,
                                     .number = t->task,
                                     .title = t->title,
                                     .column = t->column,
                                     .key = t->key};
        return with_changes(out, t->fields.v, t->fields.n, a, e);
    } else {
        return is_of_column(m, out);
    }
    return true;
}
