/* What walks over one or two operations at once.
 *
 * A result is written by a pen. Between two skips it only adds up what is inserted and deleted
 * and puts it down when the next skip comes, insertion first: so whatever order things come in,
 * the result is canonical. The memory is reserved before the walk, which then checks nothing.
 */
#include "op_word.h"

#include <string.h>

struct pen {
    struct op *out;
    uint32_t *at;
    uint64_t skip;                  /* not put down yet, as what follows, which is behind it */
    uint64_t chars, bytes, deleted; /* inserted, and deleted */
};

static void pen_start(struct pen *p, struct op *out, size_t words)
{
    op_clear(out);
    op_reserve(out, words);
    *p = (struct pen){.out = out, .at = out->parts};
}

/* Puts down what is kept; a skip only if something follows it. */
static inline void pen_put(struct pen *p)
{
    if ((p->chars | p->deleted) == 0)
        return;
    if (p->skip)
        *p->at++ = word(OP_SKIP, p->skip);
    if (p->chars) {
        bug_on(p->bytes > WORD_MAX);
        *p->at++ = word(OP_INSERT, p->chars);
        *p->at++ = word(WORD_BYTES, p->bytes);
    }
    if (p->deleted)
        *p->at++ = word(OP_DELETE, p->deleted);
    p->skip = p->chars = p->bytes = p->deleted = 0;
}

static inline void pen_skip(struct pen *p, uint64_t n)
{
    pen_put(p);
    p->skip += n;
}

static void pen_end(struct pen *p)
{
    pen_put(p);
    p->out->n = (size_t)(p->at - p->out->parts);
}

/* The part that a walk is at, and what is left of it. */
struct head {
    const uint32_t *next, *end;
    uint32_t kind, chars;
    uint32_t bytes;   /* of an insertion */
    const char *text; /* of what is left of this insertion, or of the next one */
};
enum { HEAD_END = WORD_BYTES }; /* the kind of what is behind the last part */

static inline void head_next(struct head *h)
{
    if (h->next == h->end) {
        h->kind = HEAD_END;
        return;
    }
    uint32_t w = *h->next++;
    h->kind = word_kind(w);
    h->chars = word_n(w);
    if (h->kind == OP_INSERT)
        h->bytes = word_n(*h->next++);
}

static inline struct head head_of(const struct op *o)
{
    struct head h = {o->parts, o->n ? o->parts + o->n : o->parts, .text = o->text.p};
    head_next(&h);
    return h;
}

/* Takes n code points off a skip or a deletion. */
static inline void head_take(struct head *h, uint32_t n)
{
    h->chars -= n;
    if (h->chars == 0)
        head_next(h);
}

/* Takes n code points off an insertion; returns their bytes. */
static inline struct str head_take_text(struct head *h, uint32_t n)
{
    struct str s = {h->text, h->bytes};
    if (n < h->chars)
        s.n = h->bytes == h->chars ? n : op_offset(s, n);
    h->text += s.n;
    h->bytes -= (uint32_t)s.n;
    head_take(h, n);
    return s;
}

/* All that is left of h; its text is the caller's. Behind a skip nothing can join what was
 * there before, so from there on the words are copied as they are. */
static void pen_rest(struct pen *p, struct head *h)
{
    for (bool is_free = false; !is_free && h->kind != HEAD_END; head_next(h)) {
        if (h->kind == OP_INSERT) {
            p->chars += h->chars;
            p->bytes += h->bytes;
        } else if (h->kind == OP_DELETE) {
            p->deleted += h->chars;
        } else {
            pen_skip(p, h->chars);
            is_free = true;
        }
    }
    if (h->kind == HEAD_END)
        return;
    const uint32_t *from = h->next - (h->kind == OP_INSERT ? 2 : 1);
    size_t n = (size_t)(h->end - from);
    *p->at++ = word(OP_SKIP, p->skip);
    memcpy(p->at, from, n * sizeof *from);
    p->at += n;
    p->skip = 0;
    h->kind = HEAD_END;
}

/* ---- transform ---- */

/* Insertions stay, each as it is, so the text of o is the text of the result. */
void op_transform(const struct op *o, const struct op *past, enum op_side side, struct op *out)
{
    bug_on(out == o || out == past);
    struct pen p;
    /* A step uses up a part of one of the two, and puts down one at most. */
    pen_start(&p, out, 2 * (o->n + past->n) + 4);
    struct head a = head_of(o), b = head_of(past);
    while (a.kind != HEAD_END && b.kind != HEAD_END) {
        if (a.kind == OP_INSERT && (side == OP_LEFT || b.kind != OP_INSERT)) {
            p.chars += a.chars;
            p.bytes += a.bytes;
            head_next(&a);
        } else if (b.kind == OP_INSERT) {
            pen_skip(&p, b.chars);
            head_next(&b);
        } else {
            uint32_t n = MIN(a.chars, b.chars);
            if (b.kind == OP_SKIP) {
                if (a.kind == OP_SKIP)
                    pen_skip(&p, n);
                else
                    p.deleted += n;
            }
            head_take(&a, n);
            head_take(&b, n);
        }
    }
    pen_rest(&p, &a);
    pen_end(&p);
    buf_add_str(&out->text, buf_str(&o->text));
}

size_t op_caret(const struct op *o, size_t pos, enum op_side side)
{
    size_t here = 0; /* in the text as it is afterwards so far, as is pos */
    for (struct head h = head_of(o); h.kind != HEAD_END && here <= pos; head_next(&h)) {
        if (h.kind == OP_DELETE) {
            pos -= MIN(h.chars, pos - here);
        } else if (h.kind == OP_SKIP) {
            here += h.chars;
        } else if (here < pos || side == OP_RIGHT) {
            here += h.chars;
            pos += h.chars;
        } else {
            return pos;
        }
    }
    return pos;
}

size_t op_author_caret(const struct op *o)
{
    size_t pos = 0, insertion = 0, deletion = 0;
    bool inserts = false;
    for (struct head h = head_of(o); h.kind != HEAD_END; head_next(&h)) {
        if (h.kind == OP_DELETE) {
            deletion = pos;
            continue;
        }
        pos += h.chars;
        if (h.kind == OP_INSERT) {
            insertion = pos;
            inserts = true;
        }
    }
    return inserts ? insertion : deletion;
}

/* ---- compose ---- */

static inline void pen_text(struct pen *p, uint32_t chars, struct str s)
{
    struct buf *text = &p->out->text; /* with room for it */
    if (s.n == 1)
        text->p[text->n] = *s.p;
    else
        memcpy(text->p + text->n, s.p, s.n);
    text->n += s.n;
    p->chars += chars;
    p->bytes += s.n;
}

/* One step while both go on: a made the text that b goes over. */
static inline void compose_step(struct pen *p, struct head *a, struct head *b)
{
    if (b->kind == OP_INSERT) {
        uint32_t n = b->chars;
        pen_text(p, n, head_take_text(b, n));
        return;
    }
    if (a->kind == OP_DELETE) {
        p->deleted += a->chars;
        head_next(a);
        return;
    }
    uint32_t n = MIN(a->chars, b->chars);
    if (a->kind == OP_INSERT) {
        struct str s = head_take_text(a, n);
        if (b->kind == OP_SKIP)
            pen_text(p, n, s);
    } else {
        if (b->kind == OP_SKIP)
            pen_skip(p, n);
        else
            p->deleted += n;
        head_take(a, n);
    }
    head_take(b, n);
}

/* What is left of one when the other has come to its end. */
static void compose_rest(struct pen *p, struct head *h, const struct op *o)
{
    if (o->text.n)
        buf_add(&p->out->text, h->text, (size_t)(o->text.p + o->text.n - h->text));
    pen_rest(p, h);
}

void op_compose(const struct op *a, const struct op *b, struct op *out)
{
    bug_on(out == a || out == b);
    struct pen p;
    pen_start(&p, out, 2 * (a->n + b->n) + 4);
    buf_reserve(&out->text, a->text.n + b->text.n);
    struct head ha = head_of(a), hb = head_of(b);
    while (ha.kind != HEAD_END && hb.kind != HEAD_END)
        compose_step(&p, &ha, &hb);
    compose_rest(&p, &ha, a);
    compose_rest(&p, &hb, b);
    pen_end(&p);
}

/* As numbers are counted in binary: step[i] is 2^(i+1) operations in one, and there when bit i
 * of the count of pairs is set. */
void op_compose_all(const struct op *const *ops, size_t n, struct op *out)
{
    enum { STEPS = 8 * sizeof n };
    struct op step[STEPS] = {0}, sum = {0}, next = {0};
    size_t pairs = n / 2, i;
    for (size_t k = 0; k < pairs; k++) {
        op_compose(ops[2 * k], ops[2 * k + 1], &sum);
        for (i = 0; k >> i & 1; i++) {
            op_compose(&step[i], &sum, &next);
            op_swap(&sum, &next);
        }
        op_swap(&step[i], &sum);
    }
    op_clear(&sum);
    if (n % 2)
        op_copy(&sum, ops[n - 1]);
    for (i = 0; pairs >> i; i++) {
        if (pairs >> i & 1) {
            op_compose(&step[i], &sum, &next);
            op_swap(&sum, &next);
        }
        op_finish(&step[i]);
    }
    op_swap(out, &sum);
    op_finish(&sum);
    op_finish(&next);
}

/* ---- over a text ---- */

void op_apply(const struct op *o, struct rope *r)
{
    struct op_at at = {0};
    struct op_part part;
    for (size_t pos = 0; op_next(o, &at, &part);) {
        if (part.kind == OP_DELETE) {
            rope_delete(r, pos, part.chars);
            continue;
        }
        if (part.kind == OP_INSERT)
            rope_insert(r, pos, part.text);
        pos += part.chars;
    }
}

void op_invert(const struct op *o, const struct rope *before, struct op *out)
{
    bug_on(out == o);
    struct pen p;
    size_t pos = 0;
    pen_start(&p, out, 2 * o->n + 4);
    for (struct head h = head_of(o); h.kind != HEAD_END; head_next(&h)) {
        if (h.kind == OP_INSERT) {
            p.deleted += h.chars;
            continue;
        }
        if (h.kind == OP_SKIP) {
            pen_skip(&p, h.chars);
        } else {
            size_t n = out->text.n;
            rope_read(before, pos, h.chars, &out->text);
            p.chars += h.chars;
            p.bytes += out->text.n - n;
        }
        pos += h.chars;
    }
    pen_end(&p);
}
