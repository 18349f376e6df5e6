/* note.open: the whole text, or what was missed of it. */
#include "reading.h"

#include "ask.h"
#include "caller.h"
#include "codec.h"
#include "frame.h"
#include "presence.h"

#include <stdlib.h>

/* Framed messages of one page. */
struct page {
    struct buf framed;
    uint32_t n;
};

static void add_changes(struct hub *h, struct page *p, const struct reading *q, int64_t from,
                        int64_t to, int64_t flight, const struct op *o, bool more)
{
    buf_clear(&h->op_json);
    op_print(o, &h->op_json);
    struct msg m = {.type = MSG_NOTE_CHANGES};
    m.note_changes = (struct msg_note_changes){
        .head.re = q->id,
        .room = str_of(q->room->name),
        .note = q->number,
        .from = from,
        .to = to,
        .flight = flight,
        .op = buf_str(&h->op_json),
        .more = more,
    };
    buf_clear(&h->scratch);
    codec_encode(&h->scratch, &m);
    frame_add(&p->framed, buf_str(&h->scratch));
    p->n++;
}

static void send_page(struct hub *h, struct caller *c, struct page *p)
{
    if (p->n)
        reading_send(h, c, frame_of(buf_str(&p->framed), p->n));
    buf_finish(&p->framed);
}

/* A run that is too long for one message goes in pieces; only the last of them leads on. */
static void add_run(struct hub *h, struct page *p, const struct reading *q, int64_t from,
                    int64_t to, struct op *run)
{
    struct op front = {0}, rest = {0};
    for (;;) {
        op_split(run, OP_OUT_MAX, &front, &rest);
        bool is_last = op_is_empty(&rest);
        add_changes(h, p, q, from, is_last ? to : from, 0, &front, !is_last || to < q->until);
        if (is_last)
            break;
        op_swap(run, &rest);
    }
    op_finish(&front);
    op_finish(&rest);
}

static bool parse(struct op *o, const struct store_edit *s, int64_t version, struct err *e)
{
    struct err why;
    if (s->version == version && op_parse(o, s->op, OP_OUT_MAX, &why))
        return true;
    return fail(e, ERR_STORE, "version %lld of the text cannot be read", (long long)version);
}

/* Composes n edits behind version q->at. */
static bool add_composed(struct hub *h, struct page *p, struct reading *q,
                         const struct store_edit *v, size_t n, struct err *e)
{
    struct op *ops = mem_new(n * sizeof *ops), run = {0};
    const struct op **refs = mem_new(n * sizeof *refs);
    bool ok = true;
    for (size_t i = 0; i < n && ok; i++) {
        ok = parse(&ops[i], &v[i], q->at + 1 + (int64_t)i, e);
        refs[i] = &ops[i];
    }
    if (ok) {
        op_compose_all(refs, n, &run);
        add_run(h, p, q, q->at, q->at + (int64_t)n, &run);
        q->at += (int64_t)n;
    }
    for (size_t i = 0; i < n; i++)
        op_finish(&ops[i]);
    op_finish(&run);
    free(ops);
    free(refs);
    return ok;
}

static bool is_flight(const struct caller *c, const struct reading *q,
                      const struct store_edit *s)
{
    return s->id == q->flight && str_is(s->author, c->user->name) &&
           str_is(s->client, c->client->key.id);
}

static bool add_single(struct hub *h, struct caller *c, struct page *p, struct reading *q,
                       const struct store_edit *s, struct err *e)
{
    if (!parse(&h->op, s, q->at + 1, e))
        return false;
    bool is_own = is_flight(c, q, s);
    add_changes(h, p, q, q->at, q->at + 1, is_own ? q->flight : 0, &h->op,
                q->at + 1 < q->until);
    q->at++;
    q->singly = !is_own;
    return true;
}

/* ---- steps ---- */

static void ask_edits(struct hub *h, struct caller *c, struct reading *q)
{
    struct store_job *j = store_job_new(JOB_EDITS);
    j->from = q->at;
    j->limit = EDITS_PAGE;
    j->bytes_limit = EDITS_BYTES;
    reading_ask(h, c, q, j);
}

static void ask_flight(struct hub *h, struct caller *c, struct reading *q)
{
    struct store_job *j = store_job_new(JOB_LOOKUP);
    j->author = str_keep(&j->arena, str_of(c->user->name));
    j->client = str_keep(&j->arena, str_of(c->client->key.id));
    j->id = q->flight;
    q->looked_up = true;
    reading_ask(h, c, q, j);
}

/* Also where the others are in the text, as it is now. */
static enum progress finish(struct hub *h, struct caller *c, struct reading *q)
{
    presence_carets(h, c, q->room, q->number);
    return FINISHED;
}

static void begin(struct reading *q, struct text *t)
{
    q->begun = true;
    q->until = t->stored;
    q->at = q->since;
    if (q->since < 0 || q->since > t->stored)
        q->copy = text_copy(t);
}

enum progress reading_open(struct hub *h, struct caller *c, struct reading *q, struct err *e)
{
    if (!q->begun) {
        if (!q->room->has_board)
            return WAITING; /* looked at again with the connection's timers */
        struct text *t = text_hold(h, q->room, q->number, c);
        if (!t->loaded)
            return text_is_refused(t, e) ? FAILED : WAITING;
        begin(q, t);
    }
    if (q->copy) {
        enum progress p = reading_send_text(h, c, q);
        return p == FINISHED ? finish(h, c, q) : p;
    }
    if (q->at == q->until) { /* nothing was missed */
        struct page p = {0};
        op_clear(&h->op);
        add_changes(h, &p, q, q->at, q->at, 0, &h->op, false);
        send_page(h, c, &p);
        return finish(h, c, q);
    }
    if (q->flight && !q->looked_up)
        ask_flight(h, c, q);
    else
        ask_edits(h, c, q);
    return ONWARD;
}

static enum progress page_of(struct hub *h, struct caller *c, struct reading *q,
                             const struct store_job *j, struct err *e)
{
    struct page p = {0};
    size_t n = MIN(j->edits.n, (size_t)(q->until - q->at)), i = 0;
    bool ok = n > 0 ||
              fail(e, ERR_STORE, "version %lld of the text is missing", (long long)q->at + 1);
    for (; ok && i < n && q->singly; i++)
        ok = add_single(h, c, &p, q, &j->edits.v[i], e);
    if (ok && i < n)
        ok = add_composed(h, &p, q, &j->edits.v[i], n - i, e);
    if (!ok) {
        buf_finish(&p.framed);
        return FAILED;
    }
    send_page(h, c, &p);
    return q->at < q->until ? ONWARD : finish(h, c, q);
}

enum progress reading_open_more(struct hub *h, struct caller *c, struct reading *q,
                                const struct store_job *j, struct err *e)
{
    if (j->kind == JOB_EDITS)
        return page_of(h, c, q, j, e);
    q->singly = j->found && j->number == q->number && str_is(j->found_room, q->room->name);
    return ONWARD;
}
