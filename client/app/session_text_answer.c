/* Answers to what was asked of a text, and edits: how they meet what is unsaved. */
#include "session_parts.h"

#include "utf8.h"

#include <stdlib.h>

enum { ANSWER_BYTES_MAX = 256 * 1024 * 1024 };

/* The link is no good: what comes over it makes no sense. What is unsaved stays. */
static void give_up(const struct turn *t, const struct doc *d, const char *what)
{
    struct err why = {0};
    fail(&why, ERR_OUT_OF_ORDER, "text %lld of %s: %s", (long long)d->number, d->room, what);
    session_drop_link(t->s, &why, t->now, t->out);
}

void session_text_begin_anew(const struct turn *t, struct doc *d, const struct err *why)
{
    session_put_aside(t, d, why);
    doc_drop_text(d);
    sync_reset(&d->sync, 0);
    d->wire->is_cached = false;
    session_text_close(d);
}

static void differs(const struct turn *t, struct doc *d)
{
    struct err why = {0};
    fail(&why, ERR_INTERNAL, "text %lld of %s here is another than the server's",
         (long long)d->number, d->room);
    session_text_begin_anew(t, d, &why);
}

/* ---- one operation ---- */

/* False when the text had to begin anew. */
static bool take_own(const struct turn *t, struct doc *d, const struct op *o)
{
    if (!op_eq(o, &d->sync.flight)) {
        differs(t, d);
        return false;
    }
    doc_own(d);
    d->wire->holds = 0;
    t->s->put_off = (struct err){0};
    if (sync_is_clean(&d->sync))
        session_keep_saved(t->s, d, t->out);
    return true;
}

static bool take_other(const struct turn *t, struct doc *d, const struct op *o, int64_t to,
                       struct author by)
{
    struct err why = {0};
    if (!doc_fits(d, o, &why)) {
        differs(t, d);
        return false;
    }
    doc_remote(d, o, to, by, t->now);
    return true;
}

void session_text_run(const struct turn *t, struct doc *d, const struct held *h)
{
    if (h->version <= d->sync.version || !doc_is_known(d))
        return;
    if (h->version > d->sync.version + 1) {
        if (d->state == DOC_LIVE)
            session_text_close(d); /* something was missed */
        return;
    }
    session_text_settle(d);
    if (d->sync.is_in_flight && h->id && h->id == d->wire->flight_id)
        take_own(t, d, &h->op);
    else
        take_other(t, d, &h->op, h->version,
                   (struct author){str_of(h->author), str_of(h->client)});
}

/* ---- what was missed ---- */

static bool push_run(const struct turn *t, struct doc *d, const struct msg_note_changes *m)
{
    struct doc_wire *w = d->wire;
    int64_t at = w->runs.n ? w->runs.v[w->runs.n - 1].to : w->since;
    struct run run = {.from = m->from, .to = m->to, .id = m->flight};
    w->bytes += m->op.n;
    if (m->from != at || m->to < m->from || w->bytes > ANSWER_BYTES_MAX ||
        !op_parse(&run.op, m->op, OP_OUT_MAX, NULL)) {
        op_finish(&run.op);
        give_up(t, d, "the changes do not follow each other");
        return false;
    }
    vec_push(&w->runs, run);
    return true;
}

/* The last piece of our own edit; behind all when it was not committed. */
static size_t own_run(const struct doc *d)
{
    const struct doc_wire *w = d->wire;
    size_t i = 0;
    while (i < w->runs.n && (!d->sync.is_in_flight || w->runs.v[i].id != w->flight_id))
        i++;
    while (i + 1 < w->runs.n && w->runs.v[i].from == w->runs.v[i].to)
        i++;
    return i;
}

/* The pieces from *i on that make one run, as one; *i moves behind them. The last is not
 * complete: 0, and what is left of an answer that says that nothing was missed. */
static int64_t next_run(const struct doc *d, size_t *i, size_t end, struct op *out)
{
    const struct doc_wire *w = d->wire;
    size_t first = *i;
    while (*i < end && w->runs.v[*i].from == w->runs.v[*i].to)
        ++*i;
    if (*i == end)
        return 0;
    size_t n = ++*i - first;
    const struct op **ops = mem_new(n * sizeof *ops);
    for (size_t k = 0; k < n; k++)
        ops[k] = &w->runs.v[first + k].op;
    op_compose_all(ops, n, out);
    free(ops);
    return w->runs.v[*i - 1].to;
}

/* Runs up to `end`; single ones while something is in flight. */
static bool take_runs(const struct turn *t, struct doc *d, size_t from, size_t end)
{
    struct op run = {0};
    bool ok = true;
    for (size_t i = from; ok && i < end;) {
        int64_t to = next_run(d, &i, end, &run);
        if (!to)
            break;
        if (d->sync.is_in_flight && to != d->sync.version + 1) {
            give_up(t, d, "edits in front of our own came as one");
            ok = false;
        } else {
            ok = take_other(t, d, &run, to, (struct author){0});
        }
    }
    op_finish(&run);
    return ok;
}

static bool take_own_run(const struct turn *t, struct doc *d, size_t from, size_t *end)
{
    struct op own = {0};
    size_t i = *end;
    while (i > from && d->wire->runs.v[i - 1].from == d->wire->runs.v[i - 1].to)
        i--; /* pieces in front of the last one, which bears the id */
    bool ok = take_runs(t, d, from, i);
    if (ok) {
        next_run(d, &i, *end + 1, &own);
        *end = i;
        ok = take_own(t, d, &own);
    }
    op_finish(&own);
    return ok;
}

static bool merge(const struct turn *t, struct doc *d)
{
    size_t own = own_run(d), end = d->wire->runs.n;
    if (own < end)
        return take_own_run(t, d, 0, &own) && take_runs(t, d, own, end);
    if (d->sync.is_in_flight) {
        doc_unsend(d);
        d->wire->has_draft = false;
    }
    return take_runs(t, d, 0, end);
}

/* ---- the end of an answer ---- */

static void go_live(const struct turn *t, struct doc *d)
{
    struct doc_wire *w = d->wire;
    VEC(struct held) held = {0};
    bool missed = w->missed;
    held.v = w->held.v;
    held.n = w->held.n;
    w->held.v = NULL;
    w->held.n = w->held.cap = 0;
    session_text_close(d); /* forgets the answer */
    d->state = DOC_LIVE;
    w->is_fetched = false;
    w->holds = 0;
    if (!w->is_cached)
        session_cache_text(t->s, d, t->out);
    vec_each (h, &held) {
        session_text_run(t, d, h);
        op_finish(&h->op);
    }
    vec_finish(&held);
    if (missed && d->state == DOC_LIVE)
        session_text_close(d);
    d->changes++;
}

/* What is unsaved was merged, but what it stands on is not here: as after a crash. */
static void ask_text(const struct turn *t, struct doc *d)
{
    struct msg m = {.type = MSG_NOTE_AT};
    m.request.room = str_of(d->room);
    m.note_at.note = d->number;
    m.note_at.version = d->sync.version;
    d->wire->open_id = 0;
    d->wire->at_id = session_ask(t->s, &m, t->out, NULL);
}

static void take_changes(const struct turn *t, struct doc *d, const struct msg_note_changes *m)
{
    bool dirty = !sync_is_clean(&d->sync);
    if (!push_run(t, d, m) || m->more || !merge(t, d))
        return;
    session_cache_runs(t->s, d, t->out);
    if (dirty && sync_is_clean(&d->sync))
        session_keep_saved(t->s, d, t->out);
    if (d->text || !(d->wire->opened || d->wire->is_fetched))
        go_live(t, d);
    else
        ask_text(t, d);
}

/* The server was put back to a state that lies in front of what we have seen: what came since
 * may have been another text, and nothing can be merged into it. */
static void put_back(const struct turn *t, struct doc *d)
{
    struct err why = {0};
    fail(&why, ERR_CONFLICT,
         "the server was put back to an older state, in which the text that this was typed "
         "into is another");
    session_put_aside(t, d, &why);
}

void session_texts_put_back(const struct turn *t, struct str room)
{
    vec_each (d, &t->s->texts) {
        if (!str_is(room, (*d)->room) || (*d)->number < 0 || !doc_is_known(*d))
            continue;
        put_back(t, *d);
        doc_drop_text(*d);
        sync_reset(&(*d)->sync, 0);
        (*d)->wire->is_cached = false;
        session_text_close(*d);
    }
}

static void take_whole(const struct turn *t, struct doc *d, const struct msg_note_text *m,
                       struct str text)
{
    struct rope *r = rope_of(text);
    bool is_at = d->wire->at_id != 0;
    if (is_at && m->version != d->sync.version) {
        rope_free(r);
        differs(t, d);
        return;
    }
    if (!is_at && d->wire->since >= 0)
        put_back(t, d);
    if (!is_at)
        sync_reset(&d->sync, m->version);
    if (!doc_set_text(d, r)) {
        differs(t, d);
        return;
    }
    d->wire->is_cached = false;
    go_live(t, d);
}

static void take_text(const struct turn *t, struct doc *d, const struct msg_note_text *m)
{
    struct doc_wire *w = d->wire;
    if (m->part != w->next_part || w->part.n + m->text.n > (size_t)NOTE_MAX * 4) {
        give_up(t, d, "its parts do not follow each other");
        return;
    }
    w->next_part++;
    buf_add_str(&w->part, m->text);
    if (m->more)
        return;
    struct buf whole = w->part;
    w->part = (struct buf){0};
    if (utf8_chars(buf_str(&whole)) > NOTE_MAX)
        give_up(t, d, "it is too long");
    else
        take_whole(t, d, m, buf_str(&whole));
    buf_finish(&whole);
}

void session_text_take(const struct turn *t, struct doc *d, const struct msg *m)
{
    if (m->type == MSG_NOTE_TEXT)
        take_text(t, d, &m->note_text);
    else if (m->type == MSG_NOTE_CHANGES && d->wire->open_id && d->wire->since >= 0)
        take_changes(t, d, &m->note_changes);
    else
        give_up(t, d, "that is no answer to what was asked");
}
