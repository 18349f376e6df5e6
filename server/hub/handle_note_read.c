/* Questions about texts, and carets. */
#include "caller.h"
#include "client.h"
#include "handle.h"
#include "note.h"
#include "presence.h"
#include "reading.h"
#include "resume.h"
#include "room.h"
#include "state.h"

/* The text of a question: its room, once it was read, and its number. */
static enum outcome find_text(struct hub *h, struct caller *c, const struct request_head *head,
                              int64_t *number, struct room **room, struct err *e)
{
    struct room *r = *room = room_find(h, head->room);
    if (!r->sure || !r->has_board) {
        client_block(c->client, r);
        room_load(h, r);
        return BLOCKED;
    }
    enum outcome o = client_number(h, c->client, r, number, e);
    if (o != DONE || note_or_card(r, *number))
        return o;
    fail(e, ERR_NOT_FOUND, "there is no note or card %lld in %s", (long long)*number, r->name);
    return REFUSED;
}

/* Something that the answer depends on is on its way to the disk: what made the number, an edit
 * of the text by the same client, or what was given up and may get there all the same. */
static bool is_under_way(const struct hub *h, const struct client *c, const struct room *r,
                         int64_t number)
{
    const struct ask *a;
    DL_FOREACH(r->flights, a)
    {
        if (a->number == number && (a->adds || a->client == c))
            return true;
    }
    return h->n_flights != h->n_listed;
}

static enum outcome ask(struct hub *h, struct caller *c, const struct msg *m, int64_t number,
                        struct reading **out, struct err *e)
{
    struct room *r;
    enum outcome o = find_text(h, c, &m->request, &number, &r, e);
    if (o != DONE)
        return o;
    if (is_under_way(h, c->client, r, number)) {
        client_block(c->client, r);
        return BLOCKED;
    }
    *out = reading_new(c, m->type, m->request.id, r, number, e);
    return *out ? DONE : REFUSED;
}

enum outcome handle_note_open(struct hub *h, struct caller *c, const struct msg *m,
                              struct err *e)
{
    struct reading *q;
    enum outcome o = ask(h, c, m, m->note_open.note, &q, e);
    if (o != DONE)
        return o;
    q->since = m->note_open.since;
    q->flight = m->note_open.flight;
    reading_step(h, c);
    return DONE;
}

enum outcome handle_note_at(struct hub *h, struct caller *c, const struct msg *m, struct err *e)
{
    struct reading *q;
    if (m->note_at.version >= 0 && m->note_at.time) {
        fail(e, ERR_BAD_FIELD, "time: only one of version and time can be asked for");
        return REFUSED;
    }
    enum outcome o = ask(h, c, m, m->note_at.note, &q, e);
    if (o != DONE)
        return o;
    q->version = m->note_at.version;
    q->time = m->note_at.time;
    reading_step(h, c);
    return DONE;
}

enum outcome handle_note_log(struct hub *h, struct caller *c, const struct msg *m,
                             struct err *e)
{
    struct reading *q;
    enum outcome o = ask(h, c, m, m->note_log.note, &q, e);
    if (o != DONE)
        return o;
    q->version = m->note_log.before;
    q->limit = m->note_log.limit;
    reading_step(h, c);
    return DONE;
}

enum outcome handle_note_blame(struct hub *h, struct caller *c, const struct msg *m,
                               struct err *e)
{
    struct reading *q;
    enum outcome o = ask(h, c, m, m->note_blame.note, &q, e);
    if (o != DONE)
        return o;
    reading_step(h, c);
    return DONE;
}

static bool is_within(const char *field, int64_t pos, size_t chars, int64_t version,
                      struct err *e)
{
    return pos <= (int64_t)chars ||
           fail(e, ERR_BAD_FIELD,
                "%s: %lld is behind the end, the text has %zu code points at version %lld",
                field, (long long)pos, chars, (long long)version);
}

/* Not where there is no text, in a version to come, or behind the end. What is not in memory is
 * not read for it. */
static bool is_somewhere(const struct room *r, const struct caret *k, struct err *e)
{
    size_t chars;
    if (!r->has_board)
        return true;
    if (!note_or_card(r, k->note))
        return fail(e, ERR_NOT_FOUND, "there is no note or card %lld in %s", (long long)k->note,
                    r->name);
    int64_t newest = text_head_version(r, k->note);
    if (k->version > newest)
        return fail(e, ERR_BAD_FIELD,
                    "version: %lld is in the future, the text is at version %lld",
                    (long long)k->version, (long long)newest);
    const struct text *t = text_find(r, k->note);
    if (!t || !t->loaded || !text_chars_at(t, k->version, &chars, NULL))
        return true;
    return is_within("caret", k->head, chars, k->version, e) &&
           is_within("anchor", k->anchor, chars, k->version, e) &&
           is_within("top", k->top, chars, k->version, e);
}

enum outcome handle_note_caret(struct hub *h, struct caller *c, const struct msg *m,
                               struct err *e)
{
    const struct msg_note_caret *q = &m->note_caret;
    struct room *r = room_find(h, q->head.room);
    struct sub *s = sub_find(c, r);
    if (!s) {
        fail(e, ERR_NOT_FOUND, "%s is not open", r->name);
        return REFUSED;
    }
    struct caret k = {client_recent_number(c->client, r, q->note), q->version, q->caret,
                      q->anchor, q->top};
    if (k.note && !is_somewhere(r, &k, e))
        return REFUSED;
    state_put(h, s, STATE_CARET, k.note ? &k : &(struct caret){0});
    return DONE;
}
