/* What people say of themselves in passing: their status, that they type, where they look and
 * point. */
#include "caller.h"
#include "client.h"
#include "handle.h"
#include "note.h"
#include "resume.h"
#include "room.h"
#include "standing.h"
#include "state.h"

#include <string.h>

enum outcome handle_status(struct hub *h, struct caller *c, const struct msg *m, struct err *e)
{
    int64_t sessions;
    if (!standing_say(h, c, &m->status, &sessions, e))
        return REFUSED;
    client_ok(h, c->client, m->status.head.id, (struct str){0}, 0, sessions);
    return DONE;
}

static struct sub *open_room(struct hub *h, struct caller *c, struct str name, struct err *e)
{
    struct sub *s = sub_find(c, room_find(h, name));
    if (!s)
        fail(e, ERR_NOT_FOUND, "%.*s is not open", STR_ARG(name));
    return s;
}

/* A card or note as the client names it; 0 when that is not known (yet). */
static int64_t number_of(const struct sub *s, int64_t number)
{
    return number ? client_recent_number(s->conn->client, s->room, number) : 0;
}

enum outcome handle_typing(struct hub *h, struct caller *c, const struct msg *m, struct err *e)
{
    const struct msg_typing *q = &m->typing;
    struct sub *s = open_room(h, c, q->head.room, e);
    if (!s)
        return REFUSED;
    struct typing v = {0};
    if (q->on)
        v = (struct typing){1, number_of(s, q->task), number_of(s, q->note)};
    state_put(h, s, STATE_TYPING, &v);
    return DONE;
}

enum outcome handle_cursor(struct hub *h, struct caller *c, const struct msg *m, struct err *e)
{
    struct sub *s = open_room(h, c, m->cursor.head.room, e);
    if (!s)
        return REFUSED;
    int64_t card = number_of(s, m->cursor.task);
    state_put(h, s, STATE_CURSOR, &card);
    return DONE;
}

enum outcome handle_looking(struct hub *h, struct caller *c, const struct msg *m, struct err *e)
{
    const struct msg_looking *q = &m->looking;
    struct sub *s = open_room(h, c, q->head.room, e);
    if (!s)
        return REFUSED;
    struct looking v = {q->shown, number_of(s, q->task), number_of(s, q->note), {0}};
    memcpy(v.follows, q->follows.p ? q->follows.p : "",
           MIN(q->follows.n, (size_t)USER_NAME_MAX));
    state_put(h, s, STATE_LOOKING, &v);
    return DONE;
}

/* ---- pointers ---- */

/* Is there such a thing in the room? As long as the board is not read, nobody can tell. */
static bool is_there(const struct room *r, const struct pointer *p, struct str column)
{
    switch ((enum pointed)p->at) {
    case POINTED_CARD:
        return p->task && (!r->has_board || board_card(&r->board, p->task));
    case POINTED_COLUMN:
        return column.n && (!r->has_board || board_column(&r->board, column) >= 0);
    case POINTED_MESSAGE:
        return p->message >= 1 && p->message <= r->stored;
    case POINTED_NOTE:
        return p->note && (!r->has_board || note_or_card(r, p->note));
    case POINTED_NOWHERE:
    case POINTED_OFF:
    case POINTED_COUNT:
        break;
    }
    return false;
}

/* Only what belongs to the thing: what else the sender set is nobody's business. */
static struct pointer pointer_of(const struct sub *s, const struct msg_pointer *q)
{
    struct pointer p = {.at = q->at, .place = q->place, .x = q->x, .y = q->y};
    if (q->at == POINTED_CARD) {
        p.task = number_of(s, q->task);
    } else if (q->at == POINTED_COLUMN && q->column.n) {
        memcpy(p.column, q->column.p, q->column.n);
    } else if (q->at == POINTED_MESSAGE) {
        p.message = q->message;
    } else if (q->at == POINTED_NOTE) {
        p.note = number_of(s, q->note);
        p.version = q->version;
    }
    if (q->at != POINTED_OFF && !is_there(s->room, &p, str_of(p.column)))
        p = (struct pointer){.at = POINTED_NOWHERE, .place = -1};
    return q->at == POINTED_OFF ? (struct pointer){0} : p;
}

enum outcome handle_pointer(struct hub *h, struct caller *c, const struct msg *m, struct err *e)
{
    struct sub *s = open_room(h, c, m->pointer.head.room, e);
    if (!s)
        return REFUSED;
    struct pointer p = pointer_of(s, &m->pointer);
    state_put(h, s, STATE_POINTER, &p);
    return DONE;
}
