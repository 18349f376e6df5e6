#include "team.h"

#include "sync.h"
#include "undo.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

enum { PEOPLE_MAX = 8, TYPED_MAX = 4096, ROUNDS_MAX = 1000, WIRE = 64 };

enum letter_kind { EDIT, OPEN, CHANGES };

/* One message; down: the operation that brings the text to `version`. */
struct letter {
    enum letter_kind kind;
    int64_t version; /* up: that the edit is based on, or that is known */
    int64_t id;      /* of the edit; up in OPEN: of the flight or 0; down: 0 for others' */
    bool is_lost;    /* CHANGES, the first one: the flight was not committed */
    bool is_last;    /* CHANGES: nothing more belongs to it */
    struct op op;
};

struct post {
    VEC(struct letter) letters; /* the oldest is the first */
};

struct person {
    struct sync sync;
    struct rope *screen;
    struct undo *undo;
    size_t caret;
    int64_t clock;
    int64_t flight, last_id;
    bool is_open; /* the answer to OPEN is here */
    bool is_told; /* the server sends what is committed */
    struct post up, down;
};

struct commit {
    struct op op;
    size_t author;
    int64_t id;
};

struct team {
    struct chance chance;
    const struct team_plan *plan;
    struct err *e;
    struct person people[PEOPLE_MAX];
    struct rope *text;
    VEC(struct commit) log;
    int64_t committed[PEOPLE_MAX]; /* newest id of each */
    size_t typed;
    uint8_t author[TYPED_MAX];
    bool is_deleted[TYPED_MAX];
    struct op op, out, scratch;
};

static size_t below(struct team *t, size_t n)
{
    return chance_below(&t->chance, n);
}

/* ---- code points ---- */

/* Each has 2, 3 or 4 bytes. */
static const uint32_t planes[] = {0x100, 0x4e00, 0x20000};

static size_t put_typed(size_t number, char *out)
{
    return utf8_put(out, planes[number % 3] + (uint32_t)(number / 3));
}

static size_t typed_of(uint32_t cp)
{
    size_t plane = cp >= planes[2] ? 2 : cp >= planes[1] ? 1 : 0;
    return (cp - planes[plane]) * 3 + plane;
}

static void insert_new(struct team *t, size_t author, size_t chars)
{
    char bytes[4];
    for (size_t i = 0; i < chars && t->typed < TYPED_MAX; i++) {
        t->author[t->typed] = (uint8_t)author;
        op_insert(&t->op, (struct str){bytes, put_typed(t->typed++, bytes)});
    }
}

/* ---- letters ---- */

static struct letter *post(struct post *p, enum letter_kind kind, int64_t version, int64_t id)
{
    vec_push(&p->letters, (struct letter){.kind = kind, .version = version, .id = id});
    return &p->letters.v[p->letters.n - 1];
}

static struct letter take(struct post *p)
{
    struct letter l = p->letters.v[0];
    vec_remove(&p->letters, 0);
    return l;
}

static void lose(struct post *p)
{
    vec_each (l, &p->letters)
        op_finish(&l->op);
    p->letters.n = 0;
}

/* The newest letter comes twice. */
static void repeat(struct post *p)
{
    if (p->letters.n == 0 || p->letters.v[p->letters.n - 1].kind != EDIT)
        return;
    struct letter last = p->letters.v[p->letters.n - 1];
    op_copy(&post(p, last.kind, last.version, last.id)->op, &last.op);
}

/* ---- the server ---- */

static bool commit(struct team *t, size_t who, struct letter *l)
{
    if (l->id <= t->committed[who])
        return true;
    for (size_t v = (size_t)l->version; v < t->log.n; v++) {
        op_transform(&l->op, &t->log.v[v].op, OP_LEFT, &t->scratch);
        op_swap(&l->op, &t->scratch);
    }
    if (!op_is_sound(&l->op) || !op_check(&l->op, rope_chars(t->text), t->e))
        return false;
    op_apply(&l->op, t->text);
    t->committed[who] = l->id;
    vec_push(&t->log, (struct commit){.author = who, .id = l->id});
    op_copy(&t->log.v[t->log.n - 1].op, &l->op);
    for (size_t i = 0; i < t->plan->people; i++) {
        struct person *p = &t->people[i];
        if (p->is_told)
            op_copy(&post(&p->down, EDIT, (int64_t)t->log.n, i == who ? l->id : 0)->op, &l->op);
    }
    return true;
}

/* Some of the operations from `from` on as one; gives the version it leads to. */
static size_t send_run(struct team *t, struct person *p, size_t from, bool is_lost)
{
    size_t n = 1 + below(t, t->log.n - from);
    const struct op **ops = mem_new(n * sizeof *ops);
    for (size_t i = 0; i < n; i++)
        ops[i] = &t->log.v[from + i].op;
    struct letter *l = post(&p->down, CHANGES, (int64_t)(from + n), 0);
    l->is_lost = is_lost;
    op_compose_all(ops, n, &l->op);
    free(ops);
    return from + n;
}

/* What came since: single operations up to the person's own one, then runs. */
static void answer_open(struct team *t, size_t who, const struct letter *l)
{
    struct person *p = &t->people[who];
    bool is_lost = l->id > t->committed[who];
    size_t at = (size_t)l->version;
    p->is_told = true;
    for (bool is_own = l->id == 0 || is_lost; !is_own && at < t->log.n; at++) {
        struct commit *c = &t->log.v[at];
        is_own = c->author == who && c->id == l->id;
        op_copy(&post(&p->down, CHANGES, (int64_t)at + 1, is_own ? c->id : 0)->op, &c->op);
    }
    if (at == t->log.n)
        post(&p->down, CHANGES, (int64_t)at, 0)->is_lost = is_lost;
    for (bool is_first = true; at < t->log.n; is_first = false)
        at = send_run(t, p, at, is_first && is_lost);
    p->down.letters.v[p->down.letters.n - 1].is_last = true;
}

static bool server_reads(struct team *t, size_t who)
{
    struct person *p = &t->people[who];
    if (p->up.letters.n == 0)
        return true;
    struct letter l = take(&p->up);
    bool ok = true;
    if (l.kind == OPEN)
        answer_open(t, who, &l);
    else
        ok = commit(t, who, &l);
    op_finish(&l.op);
    return ok;
}

/* ---- a person ---- */

static void send(struct person *p)
{
    const struct op *o = p->is_open ? sync_send(&p->sync, WIRE) : NULL;
    if (!o)
        return;
    p->flight = ++p->last_id;
    op_copy(&post(&p->up, EDIT, p->sync.version, p->flight)->op, o);
}

static void cut_link(struct person *p)
{
    lose(&p->up);
    lose(&p->down);
    p->is_open = p->is_told = false;
    post(&p->up, OPEN, p->sync.version, p->sync.is_in_flight ? p->flight : 0);
}

static bool apply_remote(struct team *t, struct person *p, const struct letter *l)
{
    sync_remote(&p->sync, &l->op, l->version, &t->out);
    if (!op_is_sound(&t->out) || !op_check(&t->out, rope_chars(p->screen), t->e))
        return false;
    op_apply(&t->out, p->screen);
    undo_remote(p->undo, &t->out);
    p->caret = op_caret(&t->out, p->caret, OP_LEFT);
    return true;
}

static bool person_reads(struct team *t, size_t who)
{
    struct person *p = &t->people[who];
    if (p->down.letters.n == 0)
        return true;
    struct letter l = take(&p->down);
    bool ok = true;
    if (l.is_lost && p->sync.is_in_flight)
        sync_unsend(&p->sync);
    if (l.version <= p->sync.version)
        ; /* known */
    else if (l.id > 0)
        sync_own(&p->sync);
    else
        ok = apply_remote(t, p, &l);
    /* Not before the last: what is sent in between would be moved past another partition. */
    p->is_open |= l.is_last;
    op_finish(&l.op);
    return ok;
}

static void person_does(struct team *t, struct person *p)
{
    op_apply(&t->op, p->screen);
    sync_local(&p->sync, &t->op);
}

static void types(struct team *t, size_t who)
{
    struct person *p = &t->people[who];
    if (chance_is(&t->chance, 40))
        p->caret = below(t, rope_chars(p->screen) + 1);
    op_clear(&t->op);
    op_skip(&t->op, p->caret);
    insert_new(t, who, 1 + below(t, 3));
    p->caret += op_inserted(&t->op);
    p->clock += (int64_t)below(t, 2000);
    undo_local(p->undo, &t->op, p->screen, p->clock);
    person_does(t, p);
}

static void deletes(struct team *t, size_t who)
{
    struct person *p = &t->people[who];
    size_t chars = rope_chars(p->screen), at = below(t, chars), n = 1 + below(t, 4);
    if (n > chars - at)
        return;
    for (size_t i = at; i < at + n; i++)
        t->is_deleted[typed_of(rope_at(p->screen, i))] = true;
    op_clear(&t->op);
    op_skip(&t->op, at);
    op_delete(&t->op, n);
    p->caret = op_caret(&t->op, p->caret, OP_LEFT);
    undo_local(p->undo, &t->op, p->screen, p->clock);
    person_does(t, p);
}

static bool takes_back(struct team *t, size_t who, bool is_redo)
{
    struct person *p = &t->people[who];
    if (is_redo ? !undo_again(p->undo, p->screen, &t->op, &p->caret)
                : !undo_back(p->undo, p->screen, &t->op, &p->caret))
        return true;
    if (!op_is_sound(&t->op) || !op_check(&t->op, rope_chars(p->screen), t->e))
        return false;
    person_does(t, p);
    return p->caret <= rope_chars(p->screen) || fail(t->e, ERR_INTERNAL, "caret is outside");
}

static bool works(struct team *t, size_t who)
{
    enum team_work work = t->plan->work;
    size_t what = below(t, 10);
    if (what < 3 && work != TEAM_EDITS)
        return takes_back(t, who, what == 2);
    if (what < 6 && work != TEAM_UNDOES)
        deletes(t, who);
    else
        types(t, who);
    return true;
}

static bool step(struct team *t)
{
    size_t who = below(t, t->plan->people), what = below(t, 100);
    struct person *p = &t->people[who];
    if (what < 35)
        return works(t, who);
    if (what < 62)
        return server_reads(t, who);
    if (what < 85)
        return person_reads(t, who);
    if (what < 94)
        send(p);
    else if (what < 96)
        cut_link(p);
    else if (what < 98)
        repeat(&p->up);
    else
        repeat(&p->down);
    return true;
}

/* ---- the end ---- */

static bool is_done(struct team *t)
{
    for (size_t i = 0; i < t->plan->people; i++) {
        struct person *p = &t->people[i];
        if (!p->is_open || !sync_is_clean(&p->sync) || p->up.letters.n || p->down.letters.n)
            return false;
    }
    return true;
}

static bool settle(struct team *t)
{
    for (size_t round = 0; round < ROUNDS_MAX; round++) {
        if (is_done(t))
            return true;
        for (size_t i = 0; i < t->plan->people; i++) {
            send(&t->people[i]);
            if (!server_reads(t, i) || !person_reads(t, i) || !person_reads(t, i))
                return false;
        }
    }
    return fail(t->e, ERR_INTERNAL, "they never come to rest");
}

static bool all_see_the_same(struct team *t)
{
    for (size_t i = 0; i < t->plan->people; i++) {
        struct person *p = &t->people[i];
        if (p->sync.version != (int64_t)t->log.n)
            return fail(t->e, ERR_INTERNAL, "%zu is at a version of its own", i);
        if (!rope_eq(p->screen, t->text))
            return fail(t->e, ERR_INTERNAL, "%zu sees another text", i);
    }
    return true;
}

static bool nothing_is_lost_or_doubled(struct team *t)
{
    uint8_t seen[TYPED_MAX] = {0};
    for (size_t i = 0; i < rope_chars(t->text); i++)
        seen[typed_of(rope_at(t->text, i))]++;
    for (size_t i = 0; i < t->typed; i++) {
        if (seen[i] != !t->is_deleted[i])
            return fail(t->e, ERR_INTERNAL, "number %zu is there %d times", i, seen[i]);
    }
    return true;
}

/* What one person typed, in the order in which it stands. */
static void own_of(const struct team *t, const struct rope *r, size_t who, struct buf *out)
{
    char bytes[4];
    for (size_t i = 0; i < rope_chars(r); i++) {
        uint32_t cp = rope_at(r, i);
        if (t->author[typed_of(cp)] == who)
            buf_add(out, bytes, utf8_put(bytes, cp));
    }
}

static bool own_is_as_seen(struct team *t, const struct buf *seen)
{
    for (size_t i = 0; i < t->plan->people; i++) {
        struct buf is = {0};
        own_of(t, t->text, i, &is);
        bool same = str_eq(buf_str(&is), buf_str(&seen[i]));
        buf_finish(&is);
        if (!same)
            return fail(t->e, ERR_INTERNAL, "the text of %zu was changed", i);
    }
    return true;
}

static bool finish_work(struct team *t)
{
    struct buf seen[PEOPLE_MAX] = {0};
    for (size_t i = 0; i < t->plan->people; i++)
        own_of(t, t->people[i].screen, i, &seen[i]);
    bool ok = settle(t) && all_see_the_same(t);
    if (ok && t->plan->work == TEAM_EDITS)
        ok = nothing_is_lost_or_doubled(t);
    if (ok && t->plan->work == TEAM_UNDOES)
        ok = own_is_as_seen(t, seen);
    for (size_t i = 0; i < PEOPLE_MAX; i++)
        buf_finish(&seen[i]);
    return ok;
}

static void begin(struct team *t)
{
    op_clear(&t->op);
    insert_new(t, PEOPLE_MAX, below(t, 20));
    t->text = rope_new();
    op_apply(&t->op, t->text);
    for (size_t i = 0; i < t->plan->people; i++) {
        struct person *p = &t->people[i];
        p->screen = rope_copy(t->text);
        p->undo = undo_new();
        p->is_open = p->is_told = true;
    }
}

static void end(struct team *t)
{
    for (size_t i = 0; i < t->plan->people; i++) {
        struct person *p = &t->people[i];
        lose(&p->up);
        lose(&p->down);
        vec_finish(&p->up.letters);
        vec_finish(&p->down.letters);
        sync_finish(&p->sync);
        rope_free(p->screen);
        undo_free(p->undo);
    }
    vec_each (c, &t->log)
        op_finish(&c->op);
    vec_finish(&t->log);
    rope_free(t->text);
    op_finish(&t->op);
    op_finish(&t->out);
    op_finish(&t->scratch);
    free(t);
}

bool team_run(struct chance chance, const struct team_plan *plan, struct err *e)
{
    bug_on(plan->people == 0 || plan->people > PEOPLE_MAX);
    struct team *t = NEW(struct team);
    t->chance = chance;
    t->plan = plan;
    t->e = e;
    begin(t);
    bool ok = true;
    for (size_t i = 0; ok && i < plan->steps; i++)
        ok = step(t);
    ok = ok && finish_work(t);
    end(t);
    return ok;
}
