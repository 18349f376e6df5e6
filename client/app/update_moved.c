/* Two people who move the same card: the server's order decides, and the one whose move did not
 * stand is told. */
#include "update_parts.h"

#include <stdio.h>
#include <string.h>

static struct own_move *find(struct model *m, const struct msg_task_moved *moved)
{
    vec_each (o, &m->own_moves)
        if (o->card == moved->task && str_is(moved->head.room, o->room))
            return o;
    return NULL;
}

static void forget(struct model *m, const struct msg_task_moved *moved)
{
    struct own_move *o = find(m, moved);
    if (o)
        vec_remove(&m->own_moves, (size_t)(o - m->own_moves.v));
}

static void remember(struct model *m, const struct msg_task_moved *moved)
{
    struct own_move o = {.card = moved->task, .seq = moved->head.seq};
    snprintf(o.room, sizeof o.room, "%.*s", STR_ARG(moved->head.room));
    snprintf(o.column, sizeof o.column, "%.*s", STR_ARG(moved->column));
    if (m->own_moves.n == OWN_MOVES_MAX)
        vec_remove(&m->own_moves, 0);
    vec_push(&m->own_moves, o);
}

/* Had the mover seen our move, it is how work goes on, and nothing to be told. */
static bool is_lost(const struct own_move *o, const struct msg_task_moved *moved)
{
    return moved->seen > 0 && moved->seen < o->seq && !str_is(moved->column, o->column);
}

static void tell(struct model *m, const struct own_move *o, const struct msg_task_moved *moved)
{
    char text[sizeof((struct err){0}.text)];
    struct notice n = {.time = moved->head.time, .about = moved->task};
    memcpy(n.room, o->room, sizeof n.room);
    snprintf(
        text, sizeof text, "%.*s moved #%lld to %.*s before seeing that you moved it to %s.",
        STR_ARG(moved->head.author), (long long)moved->task, STR_ARG(moved->column), o->column);
    notice_keep(m, n, text);
    model_toast(m, TOAST_ERROR, "%s", text);
}

void move_heard(struct model *m, const struct msg_task_moved *moved)
{
    if (str_is(moved->head.client, m->session.client)) {
        forget(m, moved);
        remember(m, moved);
        return;
    }
    const struct own_move *o = find(m, moved);
    if (!o)
        return;
    if (is_lost(o, moved) && !str_is(moved->head.author, m->session.user))
        tell(m, o, moved);
    forget(m, moved);
}
