/* What this client asked to be done to columns, shown like what it did to cards. */
#include "replica_parts.h"

bool replica_is_column_request(enum msg_type type)
{
    return type == MSG_COLUMN_ADD || type == MSG_COLUMN_EDIT || type == MSG_COLUMN_MOVE ||
           type == MSG_COLUMN_REMOVE;
}

bool replica_column_action(const struct replica *r, const struct msg *m, struct board_action *a,
                           char *key, struct err *e)
{
    if (m->type == MSG_COLUMN_ADD) {
        const struct msg_column_add *q = &m->column_add;
        *a = (struct board_action){
            .kind = BOARD_COLUMN_ADD, .column = q->name, .limit = q->limit};
        return board_column_place(&r->board, q->after, q->first, (struct str){0}, &a->place, e);
    }
    if (m->type == MSG_COLUMN_EDIT) {
        const struct msg_column_edit *q = &m->column_edit;
        *a = (struct board_action){
            .kind = BOARD_COLUMN_EDIT, .column = q->column, .name = q->name, .limit = q->limit};
        return true;
    }
    if (m->type == MSG_COLUMN_MOVE) {
        const struct msg_column_move *q = &m->column_move;
        *a = (struct board_action){.kind = BOARD_COLUMN_MOVE, .column = q->column};
        return board_column_place(&r->board, q->after, q->first, q->column, &a->place, e);
    }
    const struct msg_column_remove *q = &m->column_remove;
    *a = (struct board_action){.kind = BOARD_COLUMN_REMOVE, .column = q->column, .name = q->to};
    if (!board_removed_base(&r->board, q->to, key, e))
        return false;
    a->key = str_of(key);
    return true;
}
