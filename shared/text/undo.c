/* Two stacks, of what can be undone and of what can be redone. The operation of a step takes it
 * back in the text as it was when the step above it came; `gap` is what others did since, up to
 * that step. Only the gaps of the two newest steps grow while others type.
 *
 * To take a step, its operation is moved past its gap; the gap, moved past the operation, then
 * stands where the step was never made, and goes to the gap of the step below. */
#include "undo.h"

#include "utf8.h"

#include <stdlib.h>
#include <string.h>

enum {
    LATELY_WORDS = 64,       /* collected before they are put to the gap */
    GAPS_WORDS = 1024,       /* in all gaps, then all steps are moved past them */
    GAPS_BYTES = 512 * 1024, /* the same for the text in them */
};

/* What others did; two operations, so that a small one need not be composed with a large one
 * each time. */
struct gap {
    struct op early, lately;
};

struct step {
    struct op op;
    struct gap gap;
};

struct stack {
    VEC(struct step) steps; /* the newest is the last */
};

/* What the last edit was, as far as the next one may belong to it. */
enum going { NOWHERE, TYPING, ERASING };

struct undo {
    struct stack back, again;
    size_t words, bytes; /* of others' operations since all steps were moved past them */
    enum going going;
    size_t at;            /* where the last edit ended, in the text on screen */
    int64_t time;         /* of the last edit */
    uint32_t first, last; /* code points of what it and those it went on from added, or took */
    struct op scratch[3];
};

/* ---- gaps ---- */

static void gap_finish(struct gap *g)
{
    op_finish(&g->early);
    op_finish(&g->lately);
}

static size_t op_bytes(const struct op *o)
{
    return o->n * sizeof *o->parts + o->text.n;
}

/* Appends o to *to; scratch is used. */
static void then(struct op *to, const struct op *o, struct op *scratch)
{
    if (op_is_empty(o))
        return;
    op_compose(to, o, scratch);
    op_swap(to, scratch);
}

static void gap_settle(struct gap *g, struct op *scratch)
{
    then(&g->early, &g->lately, scratch);
    op_clear(&g->lately);
}

static void gap_add(struct gap *g, const struct op *o, struct op *scratch)
{
    then(&g->lately, o, scratch);
    if (g->lately.n > LATELY_WORDS)
        gap_settle(g, scratch);
}

/* ---- steps ---- */

static void step_finish(struct step *s)
{
    op_finish(&s->op);
    gap_finish(&s->gap);
}

static void stack_clear(struct stack *s)
{
    vec_each (step, &s->steps)
        step_finish(step);
    s->steps.n = 0;
}

static struct step *top_of(const struct stack *s)
{
    return s->steps.n > 0 ? &s->steps.v[s->steps.n - 1] : NULL;
}

static size_t stack_bytes(const struct stack *s)
{
    size_t n = 0;
    vec_each (step, &s->steps)
        n += op_bytes(&step->op);
    return n;
}

/* Drops the oldest steps while there are more than `most` or more than `bytes` in them; gives
 * what is left of the bytes. The newest one stays. */
static size_t stack_bound(struct stack *s, size_t most, size_t bytes)
{
    size_t has = stack_bytes(s), drop = 0;
    while (s->steps.n - drop > 1 && (has > bytes || s->steps.n - drop > most)) {
        has -= op_bytes(&s->steps.v[drop].op);
        step_finish(&s->steps.v[drop++]);
    }
    if (drop > 0) {
        s->steps.n -= drop;
        memmove(s->steps.v, s->steps.v + drop, s->steps.n * sizeof *s->steps.v);
    }
    return has < bytes ? bytes - has : 0;
}

static void keep_bounds(struct undo *u)
{
    size_t left = stack_bound(&u->back, UNDO_DEPTH, UNDO_BYTES);
    stack_bound(&u->again, UNDO_DEPTH, left);
}

/* Moves step i of a stack past its gap: its operation fits the text as it is, the step above
 * being taken back, and the gap is empty. */
static void move_step(struct undo *u, struct stack *s, size_t i)
{
    struct step *step = &s->steps.v[i];
    gap_settle(&step->gap, &u->scratch[0]);
    struct op *gap = &step->gap.early;
    if (op_is_empty(gap))
        return;
    op_transform(&step->op, gap, OP_LEFT, &u->scratch[0]);
    if (i > 0) {
        op_transform(gap, &step->op, OP_RIGHT, &u->scratch[1]);
        gap_add(&s->steps.v[i - 1].gap, &u->scratch[1], &u->scratch[2]);
    }
    op_swap(&step->op, &u->scratch[0]);
    op_clear(gap);
}

/* All steps are moved past what was collected, which is forgotten then. */
static void move_all(struct undo *u)
{
    for (size_t i = u->back.steps.n; i-- > 0;)
        move_step(u, &u->back, i);
    for (size_t i = u->again.steps.n; i-- > 0;)
        move_step(u, &u->again, i);
    u->words = u->bytes = 0;
    keep_bounds(u);
}

struct undo *undo_new(void)
{
    return NEW(struct undo);
}

void undo_free(struct undo *u)
{
    if (!u)
        return;
    stack_clear(&u->back);
    stack_clear(&u->again);
    vec_finish(&u->back.steps);
    vec_finish(&u->again.steps);
    for (size_t i = 0; i < COUNT_OF(u->scratch); i++)
        op_finish(&u->scratch[i]);
    free(u);
}

size_t undo_steps(const struct undo *u)
{
    return u->back.steps.n;
}

/* ---- edits that belong together ---- */

/* An edit in one place. */
struct edit {
    size_t at, inserted, deleted;
    uint32_t first, last; /* code points of what was inserted, or else deleted */
};

static uint32_t first_of(struct str s)
{
    uint32_t cp = 0;
    utf8_next(s, &cp);
    return cp;
}

static uint32_t last_of(struct str s)
{
    size_t i = s.n - 1;
    while (i > 0 && ((unsigned char)s.p[i] & 0xc0) == 0x80)
        i--;
    return first_of((struct str){s.p + i, s.n - i});
}

/* False for an operation that does something in several places. */
static bool edit_of(const struct op *o, const struct rope *before, struct edit *e)
{
    struct op_at at = {0};
    struct op_part part;
    *e = (struct edit){0};
    while (op_next(o, &at, &part)) {
        bool is_done = e->inserted > 0 || e->deleted > 0;
        if (part.kind == OP_SKIP) {
            if (is_done)
                return false;
            e->at = part.chars;
        } else if (part.kind == OP_INSERT) {
            if (is_done)
                return false;
            e->inserted = part.chars;
            e->first = first_of(part.text);
            e->last = last_of(part.text);
        } else {
            e->deleted = part.chars;
        }
    }
    if (e->inserted == 0) {
        e->first = rope_at(before, e->at);
        e->last = rope_at(before, e->at + e->deleted - 1);
    }
    return true;
}

static bool is_white(uint32_t cp)
{
    return cp <= ' ' || cp == 0xa0 || (cp >= 0x2000 && cp <= 0x200a) || cp == 0x3000;
}

/* A step is white space and the word behind it. */
static bool is_word_end(uint32_t left, uint32_t right)
{
    return !is_white(left) && is_white(right);
}

static bool goes_on(const struct undo *u, const struct edit *e, int64_t now)
{
    if (u->going == NOWHERE || u->back.steps.n == 0 || now - u->time > UNDO_PAUSE_MS)
        return false;
    if (u->going == TYPING)
        return e->deleted == 0 && e->at == u->at && !is_word_end(u->last, e->first);
    if (e->inserted > 0)
        return false;
    if (e->at + e->deleted == u->at) /* backwards */
        return !is_word_end(e->last, u->first);
    return e->at == u->at && !is_word_end(u->last, e->first);
}

/* What the next edit may go on from. */
static void remember(struct undo *u, const struct edit *e, bool is_more, int64_t now)
{
    bool is_backward = e->at + e->deleted == u->at, is_typing = e->inserted > 0;
    if (is_typing || !is_more || is_backward)
        u->first = e->first;
    if (is_typing || !is_more || !is_backward)
        u->last = e->last;
    u->going = is_typing ? TYPING : ERASING;
    u->at = e->at + e->inserted;
    u->time = now;
}

void undo_local(struct undo *u, const struct op *o, const struct rope *before, int64_t now)
{
    if (op_is_empty(o))
        return;
    stack_clear(&u->again);
    struct edit e;
    bool is_one = edit_of(o, before, &e), is_more = is_one && goes_on(u, &e, now);
    if (!is_more) {
        vec_push(&u->back.steps, (struct step){0});
        op_invert(o, before, &top_of(&u->back)->op);
        keep_bounds(u);
    } else {
        move_step(u, &u->back, u->back.steps.n - 1);
        op_invert(o, before, &u->scratch[0]);
        op_compose(&u->scratch[0], &top_of(&u->back)->op, &u->scratch[1]);
        op_swap(&top_of(&u->back)->op, &u->scratch[1]);
    }
    if (is_one)
        remember(u, &e, is_more, now);
    else
        undo_break(u);
}

void undo_break(struct undo *u)
{
    u->going = NOWHERE;
}

/* ---- others ---- */

void undo_remote(struct undo *u, const struct op *o)
{
    if (op_is_empty(o))
        return;
    u->at = op_caret(o, u->at, OP_LEFT);
    struct stack *stacks[] = {&u->back, &u->again};
    for (size_t i = 0; i < COUNT_OF(stacks); i++) {
        if (top_of(stacks[i]))
            gap_add(&top_of(stacks[i])->gap, o, &u->scratch[0]);
    }
    u->words += o->n;
    u->bytes += o->text.n;
    if (u->words > GAPS_WORDS || u->bytes > GAPS_BYTES)
        move_all(u);
}

/* ---- taking steps ---- */

/* Behind the first thing that it does. */
static size_t caret_of(const struct op *o)
{
    struct op_at at = {0};
    struct op_part part;
    size_t pos = 0;
    while (op_next(o, &at, &part) && part.kind != OP_DELETE) {
        pos += part.chars;
        if (part.kind == OP_INSERT)
            break;
    }
    return pos;
}

/* Takes the newest step of one stack of which something is left, and puts its inverse on the
 * other. */
static bool take(struct undo *u, struct stack *from, struct stack *to, const struct rope *now,
                 struct op *out, size_t *caret)
{
    undo_break(u);
    op_clear(out);
    while (from->steps.n > 0 && op_is_empty(out)) {
        move_step(u, from, from->steps.n - 1);
        op_swap(&top_of(from)->op, out);
        step_finish(top_of(from));
        from->steps.n--;
    }
    if (op_is_empty(out))
        return false;
    vec_push(&to->steps, (struct step){0});
    op_invert(out, now, &top_of(to)->op);
    *caret = caret_of(out);
    keep_bounds(u);
    return true;
}

bool undo_back(struct undo *u, const struct rope *now, struct op *out, size_t *caret)
{
    return take(u, &u->back, &u->again, now, out, caret);
}

bool undo_again(struct undo *u, const struct rope *now, struct op *out, size_t *caret)
{
    return take(u, &u->again, &u->back, now, out, caret);
}
