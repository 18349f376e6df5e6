/* note.at, note.log, note.blame: what a text was, and who made it so. */
#include "reading.h"

#include "ask.h"
#include "caller.h"
#include "codec.h"
#include "frame.h"
#include "note.h"
#include "rate.h"

#include <stdlib.h>

/* The newest version that is on disk; false when that is not known now. */
static bool newest(const struct reading *q, int64_t *version)
{
    const struct text *t = text_find(q->room, q->number);
    bool is_loaded = t && t->loaded;
    if (is_loaded || q->room->has_board)
        *version = is_loaded ? t->stored : text_head_version(q->room, q->number);
    return is_loaded || q->room->has_board;
}

/* ---- note.at ---- */

static struct copy *copy_of(struct text *t)
{
    struct copy *c = NEW(struct copy);
    c->refs = 1;
    if (!t)
        return c;
    c->version = t->stored;
    c->time = t->time;
    rope_read(t->rope, 0, rope_chars(t->rope), &c->text);
    return c;
}

static enum progress ask_text(struct hub *h, struct caller *c, struct reading *q)
{
    struct store_job *j = store_job_new(JOB_TEXT);
    j->version = q->version;
    j->until = q->time;
    reading_ask(h, c, q, j);
    return ONWARD;
}

enum progress reading_at(struct hub *h, struct caller *c, struct reading *q, struct err *e)
{
    int64_t now;
    if (q->copy)
        return reading_send_text(h, c, q);
    if (!newest(q, &now))
        return WAITING;
    if (q->version > now) {
        fail(e, ERR_NOT_FOUND, "version: %lld is in the future, the text is at version %lld",
             (long long)q->version, (long long)now);
        return FAILED;
    }
    struct text *t = text_find(q->room, q->number);
    bool is_now = q->version == now || (q->version < 0 && !q->time);
    q->version = q->version < 0 ? now : q->version;
    if (q->version == 0)
        q->copy = copy_of(NULL);
    else if (is_now && t && t->loaded)
        q->copy = text_copy(t);
    else
        return ask_text(h, c, q);
    return ONWARD;
}

/* In steps: what was read, and the text that came of it. */
static uint64_t replay_work(const struct store_job *j)
{
    uint64_t bytes = j->snapshot.text.n + j->snapshot.blame.n;
    for (size_t i = 0; i < j->edits.n; i++)
        bytes += j->edits.v[i].op.n;
    return bytes / STEP_BYTES;
}

enum progress reading_at_more(struct hub *h, struct caller *c, struct reading *q,
                              const struct store_job *j, struct err *e)
{
    struct text t = {0};
    struct err why = {0};
    bool ok = text_replay(h, &t, j, &why);
    rate_charge(h, c, replay_work(j));
    if (ok && !q->time && t.stored != q->version)
        ok = fail(&why, ERR_STORE, "version %lld is missing", (long long)q->version);
    if (ok)
        q->copy = copy_of(&t);
    text_finish(&t);
    if (ok)
        return ONWARD;
    fail(e, ERR_STORE, "text %lld of %s cannot be read: %.160s", (long long)q->number,
         q->room->name, why.text);
    return FAILED;
}

/* ---- note.log ---- */

static enum progress send_log(struct hub *h, struct caller *c, struct reading *q,
                              struct version_item *v, size_t n, bool is_more)
{
    struct msg m = {.type = MSG_NOTE_VERSIONS};
    m.note_versions = (struct msg_note_versions){
        .head.re = q->id,
        .room = str_of(q->room->name),
        .note = q->number,
        .versions.v = v,
        .versions.n = n,
        .more = is_more,
    };
    buf_clear(&h->scratch);
    codec_encode(&h->scratch, &m);
    reading_send(h, c, frame_new(buf_str(&h->scratch)));
    return FINISHED;
}

enum progress reading_log(struct hub *h, struct caller *c, struct reading *q, struct err *e)
{
    int64_t now;
    (void)e;
    if (!newest(q, &now))
        return WAITING;
    int64_t before = MIN(q->version, now + 1);
    if (before <= 1)
        return send_log(h, c, q, NULL, 0, false);
    struct store_job *j = store_job_new(JOB_EDITS);
    j->from = -before;
    j->limit = q->limit;
    j->bytes_limit = RESUME_BYTES;
    reading_ask(h, c, q, j);
    return ONWARD;
}

/* Bytes that an item takes on the wire, at most, besides its operation. */
enum { ITEM_BYTES = 128 };

enum progress reading_log_more(struct hub *h, struct caller *c, struct reading *q,
                               const struct store_job *j, struct err *e)
{
    size_t n = j->edits.n, from = n, bytes = 1024;
    struct version_item *v = arena_alloc(&h->arena, (n + 1) * sizeof *v);
    while (from > 0) {
        const struct store_edit *s = &j->edits.v[from - 1];
        if (!op_parse(&h->op, s->op, OP_OUT_MAX, NULL)) {
            fail(e, ERR_STORE, "version %lld of the text cannot be read",
                 (long long)s->version);
            return FAILED;
        }
        bytes += s->op.n + ITEM_BYTES;
        if (bytes > FRAME_OUT_MAX)
            break;
        v[--from] = (struct version_item){s->version, s->time, s->author, s->op};
    }
    return send_log(h, c, q, v + from, n - from, j->more || from > 0);
}

/* ---- note.blame ---- */

/* Runs on their way into one part. */
struct runs {
    struct run_item *v;
    size_t n;
};

static void add_run(void *arg, const struct blame_run *run)
{
    struct runs *r = arg;
    r->v[r->n++] = (struct run_item){run->author, run->version, run->time, (int64_t)run->chars};
}

/* One part at a time: all of them may be many times as large as the text. */
static void send_part(struct hub *h, struct caller *c, struct reading *q)
{
    const struct blame *b = q->whose->blame;
    struct runs r = {.v = arena_alloc(&h->arena, RUNS_MAX * sizeof *r.v)};
    struct msg m = {.type = MSG_NOTE_RUNS};
    int64_t part = (int64_t)(q->run / RUNS_MAX);
    blame_some(b, q->run, RUNS_MAX, add_run, &r);
    q->run += r.n;
    m.note_runs = (struct msg_note_runs){
        .head.re = q->id,
        .room = str_of(q->room->name),
        .note = q->number,
        .version = q->whose->version,
        .part = part,
        .more = q->run < blame_runs(b),
        .runs.v = r.v,
        .runs.n = r.n,
    };
    buf_clear(&h->scratch);
    codec_encode(&h->scratch, &m);
    reading_send(h, c, frame_new(buf_str(&h->scratch)));
}

enum progress reading_blame(struct hub *h, struct caller *c, struct reading *q, struct err *e)
{
    if (!q->whose) {
        if (!q->room->has_board)
            return WAITING;
        struct text *t = text_hold(h, q->room, q->number, c);
        if (!t->loaded)
            return text_is_refused(t, e) ? FAILED : WAITING;
        q->whose = text_whose(t);
        rate_charge(h, c, blame_runs(t->blame));
    }
    send_part(h, c, q);
    return q->run < blame_runs(q->whose->blame) ? ONWARD : FINISHED;
}
