#include "past.h"

#include "diff.h"

#include <stdlib.h>
#include <string.h>

enum {
    TEXTS_KEPT = 1024,
    BYTES_KEPT = 32 * 1024 * 1024,
    GLANCE_MS = 1000, /* editors read a file to back it up, and save at once */
};

void past_finish(struct past *p)
{
    vec_each (t, &p->texts)
        op_finish(&t->back);
    vec_finish(&p->texts);
    buf_finish(&p->newest);
    buf_finish(&p->overruled);
    buf_finish(&p->remembered);
    buf_finish(&p->subject);
    buf_finish(&p->outbox);
}

const struct had_text *past_newest(const struct past *p)
{
    return p->texts.n ? &p->texts.v[p->texts.n - 1] : NULL;
}

/* ---- keeping ---- */

/* The newest text will be the last but one: only its difference stays. */
static void shorten(struct past *p, struct str newer)
{
    struct had_text *t = &p->texts.v[p->texts.n - 1];
    diff_op(newer, buf_str(&p->newest), &t->back);
    p->bytes += t->back.text.n;
}

static void forget(struct past *p, size_t i)
{
    p->bytes -= p->texts.v[i].back.text.n;
    op_finish(&p->texts.v[i].back);
    vec_remove(&p->texts, i);
}

void past_forget_newest(struct past *p)
{
    forget(p, p->texts.n - 1);
    p->read_at = p->read_last = 0;
    struct rope *r = rope_of(buf_str(&p->newest));
    buf_clear(&p->newest);
    if (p->texts.n) {
        struct had_text *t = &p->texts.v[p->texts.n - 1];
        op_apply(&t->back, r);
        rope_read(r, 0, rope_chars(r), &p->newest);
        p->bytes -= t->back.text.n;
        op_clear(&t->back);
    }
    rope_free(r);
}

/* Another text comes: the newest is kept if anybody may have it. */
static void settle_newest(struct past *p)
{
    if (!p->texts.n)
        return;
    struct had_text *t = &p->texts.v[p->texts.n - 1];
    if (t->how == HAD_OURS && !p->read_at)
        past_forget_newest(p);
    else
        t->how = MAX(t->how, HAD_READ);
}

void past_keep(struct past *p, struct str text, enum had how, enum habit habit)
{
    if (p->texts.n && str_eq(buf_str(&p->newest), text)) {
        struct had_text *t = &p->texts.v[p->texts.n - 1];
        t->habit = how == HAD_SAVED ? habit : t->habit;
        t->how = MAX(t->how, how);
        return;
    }
    settle_newest(p);
    if (p->texts.n)
        shorten(p, text);
    while (p->texts.n >= TEXTS_KEPT || (p->texts.n > 1 && p->bytes > BYTES_KEPT))
        forget(p, 0);
    p->read_at = p->read_last = 0;
    p->ours += habit == HABIT_UNKNOWN && how != HAD_SAVED;
    vec_push(&p->texts, (struct had_text){.how = how, .habit = habit, .ours = p->ours});
    struct buf copy = {0}; /* text may be of the one that goes */
    buf_add_str(&copy, text);
    buf_finish(&p->newest);
    p->newest = copy;
}

bool past_has(const struct past *p, struct str text)
{
    struct past_walk w = {.past = p};
    struct tally tally = {0};
    bool found = false;
    tally_add(&tally, text, 1);
    while (!found && past_older(&w))
        found = tally_apart(&w.tally, &tally) == 0 && str_eq(past_text(&w), text);
    past_walk_finish(&w);
    return found;
}

/* ---- readers ---- */

void past_see_reader(struct past *p, int64_t now)
{
    if (!p->texts.n)
        return;
    if (!p->read_at)
        p->read_at = now;
    p->read_last = now;
    if (now - p->read_at > GLANCE_MS)
        p->texts.v[p->texts.n - 1].how = MAX(p->texts.v[p->texts.n - 1].how, HAD_READ);
}

enum habit past_habit(const struct past *p, bool is_new, int64_t now)
{
    bool read = p->read_last && now - p->read_last <= GLANCE_MS;
    if (is_new)
        return read ? HABIT_NEW_READ : HABIT_NEW;
    return read ? HABIT_IN_PLACE_READ : HABIT_IN_PLACE;
}

/* ---- walking ---- */

void tally_add(struct tally *t, struct str text, int64_t times)
{
    for (size_t i = 0; i < text.n; i++)
        t->n[(unsigned char)text.p[i]] += times;
}

static bool is_first_byte(size_t byte)
{
    return (byte & 0xc0) != 0x80;
}

size_t tally_apart(const struct tally *a, const struct tally *b)
{
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(a->n); i++)
        n += is_first_byte(i) ? (size_t)llabs(a->n[i] - b->n[i]) : 0;
    return n;
}

/* What o will take out of the text, and put in. */
static void count_changes(struct past_walk *w, const struct op *o)
{
    struct op_part part;
    struct op_at at = {0};
    size_t pos = 0;
    while (op_next(o, &at, &part)) {
        if (part.kind == OP_INSERT)
            tally_add(&w->tally, part.text, 1);
        if (part.kind == OP_DELETE) {
            struct buf gone = {0};
            rope_read(w->rope, pos, part.chars, &gone);
            tally_add(&w->tally, buf_str(&gone), -1);
            buf_finish(&gone);
        }
        pos += part.kind == OP_INSERT ? 0 : part.chars;
    }
}

bool past_older(struct past_walk *w)
{
    const struct past *p = w->past;
    size_t at = w->at ? (size_t)(w->at - p->texts.v) : p->texts.n;
    if (at == 0)
        return false;
    if (!w->rope) {
        w->rope = rope_of(buf_str(&p->newest));
        tally_add(&w->tally, buf_str(&p->newest), 1);
    }
    w->at = &p->texts.v[at - 1];
    count_changes(w, &w->at->back);
    op_apply(&w->at->back, w->rope);
    w->is_read = false;
    return true;
}

struct str past_text(struct past_walk *w)
{
    if (!w->is_read) {
        buf_clear(&w->text);
        rope_read(w->rope, 0, rope_chars(w->rope), &w->text);
    }
    w->is_read = true;
    return buf_str(&w->text);
}

void past_walk_finish(struct past_walk *w)
{
    rope_free(w->rope);
    buf_finish(&w->text);
    *w = (struct past_walk){.past = w->past};
}
