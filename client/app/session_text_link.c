/* Texts over the link: asking what was missed, sending edits and carets, and what comes. */
#include "session_parts.h"

#include <stdlib.h>
#include <string.h>

enum {
    HELD_BYTES_MAX = 8 * 1024 * 1024, /* of edits that wait for an answer */
    TEXTS_KEPT = 32,                  /* closed ones that are kept up to date, and */
    TEXTS_KEPT_BYTES = 16 * 1024 * 1024,
};

/* ---- states ---- */

static void forget_answer(struct doc_wire *w)
{
    vec_each (r, &w->runs)
        op_finish(&r->op);
    vec_each (h, &w->held)
        op_finish(&h->op);
    vec_finish(&w->runs);
    vec_finish(&w->held);
    buf_finish(&w->part);
    w->open_id = w->at_id = w->next_part = 0;
    w->bytes = w->held_bytes = 0;
    w->missed = false;
}

void session_text_close(struct doc *d)
{
    forget_answer(d->wire);
    if (d->state != DOC_CLOSED)
        d->changes++;
    d->state = DOC_CLOSED;
    d->why = (struct err){0};
}

void session_texts_unlink(struct session *s)
{
    vec_each (d, &s->texts) {
        if ((*d)->number > 0)
            session_text_close(*d); /* what was never made stays refused */
        doc_carets_gone(*d, (struct str){0});
        (*d)->wire->is_sent = (*d)->wire->is_told = false;
        (*d)->wire->open_at = (*d)->wire->send_at = 0;
        (*d)->wire->holds = 0;
    }
}

static bool is_wanted(const struct doc *d)
{
    return d->number > 0 && (d->wire->opened || d->wire->is_fetched || !doc_is_saved(d));
}

/* We are not in the room any more, and no request that waits will bring us back: the server is
 * to say that what is unsaved will stay so. */
static bool is_shut_out(const struct session *s, const struct replica *r, const struct doc *d)
{
    return r->role == ROLE_NONE && r->open_id == 0 && s->outbox.n == 0 && !doc_is_saved(d);
}

/* The room is open, so that no edit is missed behind the answer; or nobody looks at it, and all
 * there is to do is to send what is unsaved. */
static bool is_reachable(const struct session *s, const struct doc *d)
{
    const struct replica *r = session_room(s, str_of(d->room));
    return s->state == SESSION_ONLINE && (!r || r->synced || is_shut_out(s, r, d));
}

/* ---- asking ---- */

static void ask(struct session *s, struct doc *d, struct effects *out)
{
    struct doc_wire *w = d->wire;
    struct msg m = {.type = MSG_NOTE_OPEN};
    session_text_settle(d);
    forget_answer(w);
    m.request.room = str_of(d->room);
    m.note_open.note = d->number;
    m.note_open.since = w->since = doc_is_known(d) ? d->sync.version : -1;
    m.note_open.flight = d->sync.is_in_flight ? w->flight_id : 0;
    w->open_id = session_ask(s, &m, out, NULL);
    if (!w->open_id)
        return;
    d->state = DOC_OPENING;
    d->changes++;
}

/* ---- sending ---- */

static void write_request(struct doc *d)
{
    struct doc_wire *w = d->wire;
    struct buf op = {0};
    op_print(&d->sync.flight, &op);
    buf_clear(&w->request);
    buf_fmt(&w->request,
            "{\"type\":\"note.edit\",\"id\":%lld,\"room\":\"%s\",\"note\":%lld,\"base\":%lld,"
            "\"op\":%.*s}",
            (long long)w->flight_id, d->room, (long long)d->number, (long long)d->sync.version,
            STR_ARG(buf_str(&op)));
    buf_finish(&op);
}

/* Written down with all that is unsaved; sent in the next turn of the loop, when it is known
 * whether the disk took it. */
static void start_flight(struct session *s, struct doc *d, struct effects *out)
{
    struct doc_wire *w = d->wire;
    if (!sync_send(&d->sync, OP_MAX))
        return;
    w->flight_id = s->next_id++;
    w->is_sent = false;
    w->stored_seq = 0;
    w->kept_turn = s->turns;
    write_request(d);
    session_keep_draft(s, d, true, out);
}

static void send_flight(struct session *s, struct doc *d, int64_t now, struct effects *out)
{
    struct doc_wire *w = d->wire;
    if (w->is_sent || w->kept_turn == s->turns)
        return;
    effect_add(out, EFFECT_SEND, (struct str){0}, buf_str(&w->request));
    session_take_token(s);
    w->is_sent = true;
    w->send_at = now + DOC_SEND_EVERY_MS;
}

/* While the disk takes nothing, nothing is sent either: after a crash an edit that was sent,
 * and of which the disk knows only that it was not, would be there twice. */
static void send(struct session *s, struct doc *d, int64_t now, struct effects *out)
{
    if (now < d->wire->send_at || s->disk.code != ERR_NONE || !session_may_send(s, now))
        return;
    if (!d->sync.is_in_flight)
        start_flight(s, d, out);
    if (d->sync.is_in_flight)
        send_flight(s, d, now, out);
}

static bool caret_is_news(const struct doc *d)
{
    const struct doc_wire *w = d->wire;
    return w->has_caret && sync_is_clean(&d->sync) &&
           (!w->is_told || w->told_caret != d->caret || w->told_anchor != d->anchor ||
            w->told_top != d->top);
}

static void tell_caret(struct session *s, struct doc *d, int64_t now, struct effects *out)
{
    struct doc_wire *w = d->wire;
    if (now < w->caret_at || !caret_is_news(d))
        return;
    struct msg m = {.type = MSG_NOTE_CARET};
    m.state.room = str_of(d->room);
    m.note_caret.note = d->number;
    m.note_caret.version = d->sync.version;
    m.note_caret.caret = (int64_t)d->caret;
    m.note_caret.anchor = (int64_t)d->anchor;
    m.note_caret.top = (int64_t)d->top;
    session_state(s, &m, out);
    w->is_told = true;
    w->told_caret = d->caret;
    w->told_anchor = d->anchor;
    w->told_top = d->top;
    w->caret_at = now + DOC_CARET_EVERY_MS;
}

/* ---- all texts ---- */

static void pump(struct session *s, struct doc *d, int64_t now, struct effects *out)
{
    bool goes = is_wanted(d) && is_reachable(s, d);
    if (!goes && d->state != DOC_CLOSED && d->number > 0)
        session_text_close(d);
    if (!goes)
        return;
    if (d->state == DOC_CLOSED && now >= d->wire->open_at)
        ask(s, d, out);
    if (d->state == DOC_LIVE) {
        send(s, d, now, out);
        tell_caret(s, d, now, out);
    }
}

static bool is_spare(const struct doc *d)
{
    return d->wire->opened == 0 && !d->wire->is_fetched && doc_is_saved(d);
}

/* The closed one that was out of use for longest, and how much there is of them. */
static struct doc *oldest_spare(const struct session *s, size_t *n, size_t *bytes)
{
    struct doc *oldest = NULL;
    *n = *bytes = 0;
    vec_each (d, &s->texts) {
        if (!is_spare(*d))
            continue;
        *n += 1;
        *bytes += (*d)->text ? rope_bytes((*d)->text) : 0;
        if (!oldest || (*d)->wire->used < oldest->wire->used)
            oldest = *d;
    }
    return oldest;
}

static void thin(struct session *s)
{
    size_t n, bytes;
    for (size_t i = s->texts.n; i-- > 0;) {
        struct doc *d = s->texts.v[i];
        if (is_spare(d) && !d->text && !d->wire->cached)
            session_text_remove(s, d);
    }
    for (struct doc *d; (d = oldest_spare(s, &n, &bytes));) {
        if (n <= TEXTS_KEPT && bytes <= TEXTS_KEPT_BYTES)
            return;
        session_text_remove(s, d);
    }
}

void session_pump_texts(struct session *s, int64_t now, struct effects *out)
{
    if (s->state == SESSION_ONLINE) {
        for (size_t i = 0; i < s->texts.n; i++)
            pump(s, s->texts.v[i], now, out);
    }
    if (s->state != SESSION_STOPPED)
        thin(s);
}

static int64_t pump_at(const struct session *s, const struct doc *d, int64_t now)
{
    const struct doc_wire *w = d->wire;
    int64_t at = INT64_MAX;
    if (!is_wanted(d) || !is_reachable(s, d))
        return at;
    if (d->state == DOC_CLOSED)
        return w->open_at;
    if (d->state != DOC_LIVE)
        return at;
    if (caret_is_news(d))
        at = w->caret_at;
    bool unsent = d->sync.is_in_flight ? !w->is_sent : !op_is_empty(&d->sync.pending);
    if (unsent && s->disk.code == ERR_NONE)
        at = MIN(at, MAX(w->send_at, session_may_send_at(s, now)));
    return at;
}

int64_t session_pump_texts_at(const struct session *s, int64_t now)
{
    int64_t at = INT64_MAX;
    vec_each (d, &s->texts)
        at = MIN(at, pump_at(s, *d, now));
    return at == INT64_MAX ? at : MAX(at, now);
}

/* ---- what comes ---- */

static void hold(struct doc *d, struct held *h)
{
    struct doc_wire *w = d->wire;
    w->held_bytes += sizeof *h + h->op.text.n + h->op.n * sizeof *h->op.parts;
    if (w->held_bytes > HELD_BYTES_MAX) {
        w->missed = true;
        op_finish(&h->op);
        return;
    }
    vec_push(&w->held, *h);
}

static void to_doc(const struct turn *t, struct doc *d, const struct msg_note_edited *m)
{
    struct held h = {.version = m->version};
    bool is_own = str_is(m->head.client, t->s->client) && str_is(m->head.author, t->s->user);
    struct err why = {0};
    h.id = is_own ? m->head.id : 0;
    memcpy(h.author, m->head.author.p, MIN(m->head.author.n, (size_t)USER_NAME_MAX));
    memcpy(h.client, m->head.client.p, MIN(m->head.client.n, (size_t)CLIENT_ID_MAX));
    if (!op_parse(&h.op, m->op, OP_OUT_MAX, &why)) {
        session_text_begin_anew(t, d, &why);
    } else if (d->state == DOC_OPENING) {
        hold(d, &h);
        return;
    } else {
        session_text_run(t, d, &h);
    }
    op_finish(&h.op);
}

void session_text_event(const struct turn *t, const struct msg_note_edited *m)
{
    vec_each (d, &t->s->texts) {
        if ((*d)->number != m->note || !str_is(m->head.room, (*d)->room) ||
            (*d)->state == DOC_REFUSED)
            continue;
        if ((*d)->wire->cached)
            session_text_settle(*d); /* also what nobody looks at stays up to date */
        to_doc(t, *d, m);
    }
}

void session_text_caret(struct session *s, const struct msg_note_caret *m)
{
    vec_each (d, &s->texts) {
        if (!str_is(m->head.room, (*d)->room))
            continue;
        if ((*d)->number == m->note && (*d)->wire->opened)
            doc_caret_told(*d, m);
        else
            doc_caret_drop(*d, m->head.session);
    }
}

void session_text_pointer(struct session *s, const struct msg_pointer *m)
{
    vec_each (d, &s->texts) {
        bool is_in = m->at == POINTED_NOTE && (*d)->number == m->note && m->place >= 0;
        if (!str_is(m->head.room, (*d)->room))
            continue;
        if (is_in && (*d)->wire->opened)
            doc_pointer_told(*d, m);
        else
            doc_pointer_drop(*d, m->head.session);
    }
}

static struct doc *asked_by(const struct session *s, int64_t re)
{
    vec_each (d, &s->texts) {
        if (re && ((*d)->wire->open_id == re || (*d)->wire->at_id == re))
            return *d;
    }
    return NULL;
}

bool session_text_answer(const struct turn *t, const struct msg *m)
{
    struct doc *d = asked_by(t->s, m->answer.re);
    if (!d)
        return false;
    session_text_take(t, d, m);
    return true;
}

/* ---- refusals ---- */

static void put_off(struct session *s, struct doc *d, int64_t *at, int64_t now)
{
    *at = now + session_backoff(s, ++d->wire->holds);
}

static bool is_for_good(enum err_code code)
{
    return code == ERR_FORBIDDEN || code == ERR_NOT_FOUND;
}

/* Whether the edit in flight was committed before we were shut out can still be found out: it
 * is sent again, and the server, which knows its id, answers ok or refuses it. */
static void ask_fate(struct session *s, struct doc *d, struct effects *out)
{
    write_request(d);
    effect_add(out, EFFECT_SEND, (struct str){0}, buf_str(&d->wire->request));
    session_take_token(s);
    d->wire->is_sent = true;
}

static void open_refused(const struct turn *t, struct doc *d, const struct err *why,
                         bool passing)
{
    session_text_close(d);
    if (passing || (session_is_final(why->code) && why->code != ERR_FORBIDDEN)) {
        put_off(t->s, d, &d->wire->open_at, t->now);
        return;
    }
    d->state = DOC_REFUSED;
    d->wire->is_fetched = false;
    d->why = *why;
    if (!is_for_good(why->code))
        return; /* another link may have it */
    if (d->sync.is_in_flight && !d->wire->stored_seq)
        ask_fate(t->s, d, t->out);
    else
        session_put_aside(t, d, why);
}

static void edit_refused(const struct turn *t, struct doc *d, const struct err *why,
                         bool passing)
{
    d->wire->is_sent = false;
    if (passing)
        t->s->put_off = *why;
    if (why->code == ERR_STALE)
        session_text_close(d); /* and asks what was missed */
    else if (passing || (session_is_final(why->code) && why->code != ERR_FORBIDDEN))
        put_off(t->s, d, &d->wire->send_at, t->now);
    else
        session_put_aside(t, d, why);
}

bool session_text_error(const struct turn *t, int64_t id, const struct err *why, bool passing)
{
    struct doc *d = asked_by(t->s, id);
    if (d) {
        open_refused(t, d, why, passing);
        return true;
    }
    vec_each (i, &t->s->texts) {
        if (id && (*i)->sync.is_in_flight && (*i)->wire->flight_id == id) {
            edit_refused(t, *i, why, passing);
            return true;
        }
    }
    return false;
}

/* The event of the room says which version it became. Where none comes, or it was passed over,
 * the server is asked. */
void session_text_stored(const struct turn *t, int64_t id, int64_t seq)
{
    struct session *s = t->s;
    vec_each (i, &s->texts) {
        struct doc *d = *i;
        if (!d->sync.is_in_flight || d->wire->flight_id != id)
            continue;
        const struct replica *r = session_room(s, str_of(d->room));
        d->wire->stored_seq = seq;
        d->wire->is_sent = true;
        d->wire->holds = 0;
        s->put_off = (struct err){0};
        if (d->state == DOC_LIVE && (!r || !r->synced || seq <= r->seq))
            session_text_close(d);
        if (d->state == DOC_REFUSED)
            session_put_aside(t, d, &d->why); /* what came behind it */
    }
}
