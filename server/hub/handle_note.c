/* Notes and texts: each request is tried on the room as it will be, and becomes the event that
 * says what it did. */
#include "append.h"
#include "caller.h"
#include "client.h"
#include "handle.h"
#include "note.h"
#include "rate.h"
#include "room.h"
#include "text.h"

/* ---- the list of notes ---- */

/* The room of a request, once it may be changed. */
static enum outcome prepare(struct hub *h, struct caller *c, const struct request_head *head,
                            struct room **room, struct err *e)
{
    *room = room_find(h, head->room);
    return append_ready(h, c->client, *room, true, e);
}

static enum outcome find_note(struct hub *h, struct caller *c, const struct room *r,
                              int64_t number, struct note **note, struct err *e)
{
    enum outcome o = client_number(h, c->client, r, &number, e);
    if (o != DONE)
        return o;
    *note = note_find(r, number);
    if (*note)
        return DONE;
    fail(e, ERR_NOT_FOUND, "there is no note %lld in %s", (long long)number, r->name);
    return REFUSED;
}

static bool is_free(const struct room *r, struct str name, const struct note *self,
                    struct err *e)
{
    const struct note *other = note_named(r, name);
    if (!other || other == self)
        return true;
    return fail(e, ERR_EXISTS, "note %lld of %s is called so already", (long long)other->number,
                r->name);
}

/* Sends the event; the note as it is then goes into the tables. */
static enum outcome commit(struct hub *h, struct caller *c, const struct request_head *head,
                           struct room *r, const struct note *n, struct draft *d)
{
    d->number = n->number;
    d->effect = EFFECT_NOTE;
    d->note = (struct store_note){
        .number = n->number,
        .name = str_of(n->name),
        .archived = n->archived,
        .time = n->time,
        .author = str_of(n->author),
    };
    append(h, r, c->client, str_of(c->user->name), head->id, d);
    return DONE;
}

enum outcome handle_note_create(struct hub *h, struct caller *c, const struct msg *m,
                                struct err *e)
{
    const struct msg_note_create *q = &m->note_create;
    struct room *r;
    enum outcome o = prepare(h, c, &q->head, &r, e);
    if (o != DONE)
        return o;
    if (!is_free(r, q->name, NULL, e))
        return REFUSED;
    if (r->notes.list.n >= NOTES_MAX) {
        fail(e, ERR_LIMIT, "a room has at most %d notes, archived ones included", NOTES_MAX);
        return REFUSED;
    }
    struct note *n = note_make(r, board_take_number(&r->board), q->name, MAX(r->time, h->now),
                               str_of(c->user->name));
    struct draft d = {.event.type = MSG_NOTE_CREATED, .adds = true};
    d.event.note_created = (struct msg_note_created){.note = n->number, .name = q->name};
    return commit(h, c, &q->head, r, n, &d);
}

enum outcome handle_note_rename(struct hub *h, struct caller *c, const struct msg *m,
                                struct err *e)
{
    const struct msg_note_rename *q = &m->note_rename;
    struct room *r;
    struct note *n = NULL;
    enum outcome o = prepare(h, c, &q->head, &r, e);
    if (o == DONE)
        o = find_note(h, c, r, q->note, &n, e);
    if (o != DONE)
        return o;
    if (!n->archived && !is_free(r, q->name, n, e))
        return REFUSED;
    note_call(n, q->name);
    struct draft d = {.event.type = MSG_NOTE_RENAMED};
    d.event.note_renamed = (struct msg_note_renamed){.note = n->number, .name = q->name};
    return commit(h, c, &q->head, r, n, &d);
}

enum outcome handle_note_archive(struct hub *h, struct caller *c, const struct msg *m,
                                 struct err *e)
{
    const struct msg_note_archive *q = &m->note_archive;
    struct room *r;
    struct note *n = NULL;
    enum outcome o = prepare(h, c, &q->head, &r, e);
    if (o == DONE)
        o = find_note(h, c, r, q->note, &n, e);
    if (o != DONE)
        return o;
    if (n->archived) {
        fail(e, ERR_CONFLICT, "note %lld is archived already", (long long)n->number);
        return REFUSED;
    }
    n->archived = true;
    struct draft d = {.event.type = MSG_NOTE_ARCHIVED};
    d.event.note_archived.note = n->number;
    return commit(h, c, &q->head, r, n, &d);
}

enum outcome handle_note_restore(struct hub *h, struct caller *c, const struct msg *m,
                                 struct err *e)
{
    const struct msg_note_restore *q = &m->note_restore;
    struct room *r;
    struct note *n = NULL;
    enum outcome o = prepare(h, c, &q->head, &r, e);
    if (o == DONE)
        o = find_note(h, c, r, q->note, &n, e);
    if (o != DONE)
        return o;
    if (!n->archived) {
        fail(e, ERR_CONFLICT, "note %lld is not archived", (long long)n->number);
        return REFUSED;
    }
    if (!is_free(r, str_of(n->name), n, e))
        return REFUSED;
    n->archived = false;
    struct draft d = {.event.type = MSG_NOTE_RESTORED};
    d.event.note_restored.note = n->number;
    return commit(h, c, &q->head, r, n, &d);
}

/* ---- edits ---- */

/* The text of a request, once it may be edited; the number it is named by, as a number. */
static enum outcome find_text(struct hub *h, struct caller *c, const struct request_head *head,
                              int64_t *number, struct room **room, struct text **text,
                              struct err *e)
{
    enum outcome o = prepare(h, c, head, room, e);
    if (o == DONE)
        o = client_number(h, c->client, *room, number, e);
    if (o != DONE)
        return o;
    if (note_or_card(*room, *number))
        return text_ready(h, c, *room, *number, text, e);
    fail(e, ERR_NOT_FOUND, "there is no note or card %lld in %s", (long long)*number,
         (*room)->name);
    return REFUSED;
}

/* Into h->op, as it is to be committed now, and h->op_json. */
static bool take_op(struct hub *h, struct caller *c, const struct text *t,
                    const struct msg_note_edit *q, struct err *e)
{
    size_t chars;
    uint64_t work = 0;
    if (!text_chars_at(t, q->base, &chars, e) || !op_parse(&h->op, q->op, OP_MAX, e) ||
        !op_check(&h->op, chars, e))
        return false;
    bool ok = text_move(h, t, q->base, &work, e) && op_check(&h->op, t->chars, e);
    rate_charge(h, c, work);
    if (!ok)
        return false;
    buf_clear(&h->op_json);
    op_print(&h->op, &h->op_json);
    return h->op_json.n <= OP_OUT_MAX ||
           fail(e, ERR_STALE, "the edit became larger than %d bytes; ask what was missed",
                OP_OUT_MAX);
}

enum outcome handle_note_edit(struct hub *h, struct caller *c, const struct msg *m,
                              struct err *e)
{
    struct msg_note_edit q = m->note_edit;
    struct room *r;
    struct text *t = NULL;
    enum outcome o = find_text(h, c, &q.head, &q.note, &r, &t, e);
    if (o != DONE)
        return o;
    if (!take_op(h, c, t, &q, e))
        return REFUSED;
    struct draft d = {.event.type = MSG_NOTE_EDITED, .number = q.note, .effect = EFFECT_TEXT};
    text_snapshot(h, t, &d.snapshot);
    text_add(h, t, c->session);
    d.op = buf_str(&h->op_json);
    d.text = (struct store_text){.number = q.note, .version = t->newest};
    if (board_card(&r->board, q.note))
        text_boxes(t, &d.text.boxes);
    d.event.note_edited = (struct msg_note_edited){.note = q.note,
                                                   .version = t->newest,
                                                   .op = d.op,
                                                   .done = d.text.boxes.done,
                                                   .boxes = d.text.boxes.all};
    append(h, r, c->client, str_of(c->user->name), q.head.id, &d);
    d.text.time = r->time;
    d.text.author = str_of(c->user->name);
    text_head_set(r, &d.text);
    return DONE;
}
