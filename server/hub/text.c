#include "text.h"

#include "client.h"
#include "note.h"
#include "step.h"

#include <stdlib.h>

struct text *text_find(const struct room *r, int64_t number)
{
    struct text *t = NULL;
    HASH_FIND(hh, r->texts, &number, sizeof number, t);
    return t;
}

/* ---- beginning and end ---- */

/* Whoever is being sent it keeps it. */
static void let_copies_go(struct text *t)
{
    if (t->copy)
        t->copy->of = NULL;
    if (t->whose)
        t->whose->of = NULL;
    t->copy = NULL;
    t->whose = NULL;
}

void text_unload(struct text *t)
{
    steps_finish(t);
    rope_free(t->rope);
    blame_free(t->blame);
    let_copies_go(t);
    *t = (struct text){.number = t->number,
                       .room = t->room,
                       .loading = t->loading,
                       .hh = t->hh,
                       .holders.v = t->holders.v,
                       .holders.n = t->holders.n,
                       .holders.cap = t->holders.cap};
}

void text_finish(struct text *t)
{
    text_unload(t);
    vec_finish(&t->holders);
}

static void text_free(struct text *t)
{
    HASH_DEL(t->room->texts, t);
    text_finish(t);
    free(t);
}

/* Nobody has it open, nothing is under way. */
void text_tidy(struct text *t)
{
    if (t->holders.n == 0 && !t->loading && (!t->loaded || t->stored == t->newest))
        text_free(t);
}

static void let_go(struct text *t, const struct caller *c)
{
    for (size_t i = 0; i < t->holders.n; i++) {
        if (t->holders.v[i] == c) {
            t->holders.v[i] = t->holders.v[--t->holders.n];
            return;
        }
    }
}

static void forget(struct caller *c, const struct text *t)
{
    for (size_t i = 0; i < c->held.n; i++) {
        if (c->held.v[i].text == t) {
            vec_remove(&c->held, i);
            return;
        }
    }
}

void texts_free(struct hub *h, struct room *r)
{
    (void)h;
    struct text *t, *next;
    HASH_ITER (hh, r->texts, t, next) {
        vec_each (c, &t->holders)
            forget(*c, t);
        text_free(t);
    }
}

/* ---- who has it open ---- */

static bool holds(const struct caller *c, const struct text *t)
{
    for (size_t i = c->held.n; i-- > 0;) {
        if (c->held.v[i].text == t)
            return true;
    }
    return false;
}

static void release(struct caller *c, size_t i)
{
    struct text *t = c->held.v[i].text;
    vec_remove(&c->held, i);
    let_go(t, c);
    text_tidy(t);
}

static void hold(struct hub *h, struct caller *c, struct text *t)
{
    bool is_new = !holds(c, t);
    if (!is_new)
        forget(c, t);
    else if (c->held.n >= HELD_TEXTS_MAX)
        release(c, 0);
    vec_push(&c->held, (struct held){t, h->now});
    if (is_new)
        vec_push(&t->holders, c);
}

static bool has_caret_in(const struct caller *c, const struct text *t)
{
    for (size_t i = 0; i < c->subs.n; i++) {
        const struct sub *s = c->subs.v[i];
        if (s->room == t->room && s->now.caret.note == t->number)
            return true;
    }
    return false;
}

/* Whoever waits for a text that is being read holds it until then. */
void text_release_rested(struct hub *h, struct caller *c)
{
    for (size_t i = c->held.n; i-- > 0;) {
        struct held *held = &c->held.v[i];
        if (has_caret_in(c, held->text) || held->text->loading)
            held->used = h->now;
        else if (h->now - held->used >= TEXT_REST_MS) {
            release(c, i);
            continue;
        }
        steps_rest(h, held->text);
    }
}

void text_release_all(struct hub *h, struct caller *c)
{
    (void)h;
    vec_each (held, &c->held) {
        let_go(held->text, c);
        text_tidy(held->text);
    }
    vec_finish(&c->held);
}

static struct text *text_make(struct room *r, int64_t number)
{
    struct text *t = text_find(r, number);
    if (t)
        return t;
    t = NEW(struct text);
    t->number = number;
    t->room = r;
    HASH_ADD(hh, r->texts, number, sizeof t->number, t);
    return t;
}

struct text *text_hold(struct hub *h, struct room *r, int64_t number, struct caller *c)
{
    struct text *t = text_make(r, number);
    hold(h, c, t);
    text_load(h, t);
    return t;
}

enum outcome text_ready(struct hub *h, struct caller *c, struct room *r, int64_t number,
                        struct text **out, struct err *e)
{
    struct text *t = *out = text_hold(h, r, number, c);
    if (t->loaded)
        return DONE;
    if (text_is_refused(t, e))
        return REFUSED;
    client_block(c->client, r);
    return BLOCKED;
}

/* ---- edits ---- */

bool text_chars_at(const struct text *t, int64_t base, size_t *chars, struct err *e)
{
    if (base > t->newest)
        return fail(e, ERR_BAD_FIELD,
                    "base: %lld is in the future, the text is at version %lld", (long long)base,
                    (long long)t->newest);
    int64_t oldest = MAX(t->first - 1, t->newest - NOTE_BEHIND_MAX);
    if (base < oldest)
        return fail(
            e, ERR_STALE,
            "base: version %lld is too long ago, the text is at %lld and takes edits of "
            "%lld and later; ask what was missed",
            (long long)base, (long long)t->newest, (long long)oldest);
    *chars = base == t->newest ? t->chars : step_at(t, base + 1)->before;
    return true;
}

bool text_move(struct hub *h, const struct text *t, int64_t base, uint64_t *work, struct err *e)
{
    uint64_t parts = op_parts(&h->op);
    *work = 0;
    if (parts * (uint64_t)(t->newest - base) > NOTE_WORK_MAX)
        return fail(e, ERR_STALE,
                    "an edit of %llu parts cannot be moved past %lld versions: parts times "
                    "versions may be at most %d; ask what was missed",
                    (unsigned long long)parts, (long long)(t->newest - base), NOTE_WORK_MAX);
    for (int64_t v = base + 1; v <= t->newest; v++) {
        const struct op *past = &step_at(t, v)->op;
        *work += h->op.n + past->n; /* it may grow on its way */
        if (*work > NOTE_WALK_MAX)
            return fail(e, ERR_STALE,
                        "moving the edit past %lld versions goes through more than %d parts; "
                        "ask what was missed",
                        (long long)(t->newest - base), NOTE_WALK_MAX);
        op_transform(&h->op, past, OP_LEFT, &h->op_next);
        op_swap(&h->op, &h->op_next);
    }
    h->counts.transforms += (uint64_t)(t->newest - base);
    return true;
}

void text_add(struct hub *h, struct text *t, int64_t session)
{
    step_add(t, &h->op, session);
    steps_thin(t);
    h->counts.edits++;
}

/* Rope and blame go on to the next version. */
static void advance(struct text *t, struct str author, int64_t time, size_t json)
{
    const struct op *o = &step_at(t, ++t->stored)->op;
    op_apply(o, t->rope);
    blame_apply(t->blame, o, author, t->stored, time);
    t->time = time;
    t->since += json;
}

void text_add_stored(struct text *t, struct op *op, const struct store_edit *from)
{
    step_add(t, op, 0);
    advance(t, from->author, from->time, from->op.n);
    steps_thin(t);
}

void text_stored(struct hub *h, struct room *r, const struct store_append *p)
{
    (void)h;
    struct text *t = text_find(r, p->text.number);
    bug_on(!t || !t->loaded || p->text.version != t->stored + 1 || p->text.version > t->newest);
    advance(t, p->author, p->time, p->op.n);
    let_copies_go(t);
    if (p->snapshot.version) {
        t->snapshot = p->snapshot.version;
        t->since = p->op.n;
        t->snapshot_is_due = false;
    }
    steps_thin(t);
    text_tidy(t);
}

void texts_doubt(struct hub *h, struct room *r)
{
    (void)h;
    struct text *t, *next;
    HASH_ITER (hh, r->texts, t, next) {
        for (; t->newest > t->stored; t->newest--) {
            struct op *o = &step_at(t, t->newest)->op;
            t->bytes -= step_bytes(o);
            op_finish(o);
        }
        t->chars = t->loaded ? rope_chars(t->rope) : 0;
        t->snapshot_is_due = false;
        text_tidy(t);
    }
}

/* ---- the text as it is on disk ---- */

void text_boxes(const struct text *t, struct checklist *out)
{
    *out = (struct checklist){0};
    if (t->chars > CHECKLIST_MAX || t->first > t->stored + 1)
        return;
    struct rope *now = rope_copy(t->rope);
    struct buf text = {0};
    for (int64_t v = t->stored + 1; v <= t->newest; v++)
        op_apply(&step_at(t, v)->op, now);
    rope_read(now, 0, rope_chars(now), &text);
    checklist_count(buf_str(&text), out);
    buf_finish(&text);
    rope_free(now);
}

void text_snapshot(struct hub *h, struct text *t, struct store_snapshot *out)
{
    int64_t n = t->stored - t->snapshot;
    size_t bytes = rope_bytes(t->rope) + blame_runs(t->blame) * SNAPSHOT_RUN_BYTES;
    bool is_worth = n >= SNAPSHOT_EVERY && t->since >= bytes / SNAPSHOT_SHARE;
    if (t->snapshot_is_due || (!is_worth && n < SNAPSHOT_ALWAYS))
        return;
    struct buf text = {0}, blame = {0};
    rope_read(t->rope, 0, rope_chars(t->rope), &text);
    blame_print(t->blame, &blame);
    *out = (struct store_snapshot){
        .number = t->number,
        .version = t->stored,
        .time = t->time,
        .text = str_keep(&h->arena, buf_str(&text)),
        .blame = str_keep(&h->arena, buf_str(&blame)),
    };
    buf_finish(&text);
    buf_finish(&blame);
    t->snapshot_is_due = true;
}

struct copy *text_copy(struct text *t)
{
    if (!t->copy) {
        t->copy = NEW(struct copy);
        t->copy->of = t;
        t->copy->version = t->stored;
        t->copy->time = t->time;
        rope_read(t->rope, 0, rope_chars(t->rope), &t->copy->text);
    }
    t->copy->refs++;
    return t->copy;
}

void copy_drop(struct copy *c)
{
    if (!c || --c->refs > 0)
        return;
    if (c->of)
        c->of->copy = NULL;
    buf_finish(&c->text);
    free(c);
}

struct whose *text_whose(struct text *t)
{
    if (!t->whose) {
        t->whose = NEW(struct whose);
        t->whose->of = t;
        t->whose->version = t->stored;
        t->whose->blame = blame_copy(t->blame);
    }
    t->whose->refs++;
    return t->whose;
}

void whose_drop(struct whose *w)
{
    if (!w || --w->refs > 0)
        return;
    if (w->of)
        w->of->whose = NULL;
    blame_free(w->blame);
    free(w);
}

/* ---- carets ---- */

/* It may have been behind the end from the first. */
static int64_t moved(const struct op *o, int64_t pos)
{
    size_t to = op_caret(o, (size_t)pos, OP_LEFT);
    return (int64_t)MIN(to, (size_t)NOTE_MAX);
}

void text_move_caret(const struct text *t, int64_t session, struct caret *k)
{
    if (!t->loaded || k->version < t->first - 1 || k->version > t->stored)
        return;
    for (int64_t v = k->version + 1; v <= t->stored; v++) {
        const struct step *s = step_at(t, v);
        if (op_is_empty(&s->op))
            continue;
        if (s->session == session) {
            k->head = k->anchor = (int64_t)op_author_caret(&s->op);
        } else {
            k->head = moved(&s->op, k->head);
            k->anchor = moved(&s->op, k->anchor);
        }
        k->top = moved(&s->op, k->top);
    }
    k->version = t->stored;
}

/* ---- for tests ---- */

static bool check(const struct room *r, const struct text *t, struct err *e)
{
    vec_each (c, &t->holders) {
        if (!holds(*c, t))
            return fail(e, ERR_INTERNAL, "%s: text %lld has a holder who does not know",
                        r->name, (long long)t->number);
    }
    if (!t->loaded)
        return (t->newest == 0 && !t->rope && t->failed.code == ERR_NONE) ||
               fail(e, ERR_INTERNAL, "%s: text %lld is neither there nor not", r->name,
                    (long long)t->number);
    size_t chars = rope_chars(t->rope);
    if (!steps_check(t, e))
        return false;
    if (blame_chars(t->blame) != chars)
        return fail(e, ERR_INTERNAL, "%s: text %lld has %zu characters, %zu by somebody",
                    r->name, (long long)t->number, chars, blame_chars(t->blame));
    for (int64_t v = t->stored + 1; v <= t->newest; v++) {
        const struct step *s = step_at(t, v);
        if (s->before != chars || !op_check(&s->op, chars, e))
            return fail(e, ERR_INTERNAL, "%s: version %lld of text %lld cannot be", r->name,
                        (long long)v, (long long)t->number);
        chars = op_result(&s->op, chars);
    }
    if (chars != t->chars || t->first > t->stored + 1 || t->newest < t->stored ||
        (r->has_board && text_head_version(r, t->number) != t->newest))
        return fail(e, ERR_INTERNAL, "%s: text %lld loses count", r->name,
                    (long long)t->number);
    return true;
}

bool texts_check(const struct room *r, struct err *e)
{
    int64_t ahead = 0;
    const struct ask *a;
    for (const struct text *t = r->texts; t; t = t->hh.next) {
        if (t->room != r || !check(r, t, e))
            return false;
        ahead += t->newest - t->stored;
    }
    DL_FOREACH(r->flights, a)
    ahead -= a->edits;
    return ahead == 0 || fail(e, ERR_INTERNAL, "%s: %lld edits are under way to nowhere",
                              r->name, (long long)ahead);
}
