#include "past.h"

#include "utf8.h"

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
        free((char *)(uintptr_t)t->middle.p);
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

/* ---- differences ---- */

void past_compare(struct str text, struct str newer, size_t *start, size_t *end)
{
    size_t most = MIN(text.n, newer.n), n = 0;
    while (n < most && text.p[n] == newer.p[n])
        n++;
    *start = n;
    for (n = 0; n < most - *start && text.p[text.n - 1 - n] == newer.p[newer.n - 1 - n];)
        n++;
    *end = n;
}

/* The newest text will be the last but one: only its difference stays. */
static void shorten(struct past *p, struct str newer)
{
    struct had_text *t = &p->texts.v[p->texts.n - 1];
    struct str text = buf_str(&p->newest);
    past_compare(text, newer, &t->start, &t->end);
    size_t n = text.n - t->start - t->end;
    t->middle = (struct str){str_dup((struct str){text.p ? text.p + t->start : "", n}), n};
    p->bytes += n;
}

/* Makes of a newer text the one that t is. */
static void go_back(const struct had_text *t, struct buf *text)
{
    struct buf older = {0};
    buf_add(&older, text->p, t->start);
    buf_add_str(&older, t->middle);
    buf_add(&older, text->p + (text->n - t->end), t->end);
    buf_finish(text);
    *text = older;
}

/* ---- keeping ---- */

static void drop_middle(struct past *p, struct had_text *t)
{
    p->bytes -= t->middle.n;
    free((char *)(uintptr_t)t->middle.p);
    t->middle = (struct str){0};
}

static void forget_oldest(struct past *p)
{
    drop_middle(p, &p->texts.v[0]);
    vec_remove(&p->texts, 0);
}

void past_forget_newest(struct past *p)
{
    p->texts.n--;
    p->read_at = p->read_last = 0;
    if (!p->texts.n) {
        buf_clear(&p->newest);
        return;
    }
    struct had_text *t = &p->texts.v[p->texts.n - 1];
    go_back(t, &p->newest);
    drop_middle(p, t);
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
        forget_oldest(p);
    p->read_at = p->read_last = 0;
    p->ours += how != HAD_SAVED;
    vec_push(&p->texts, (struct had_text){.how = how, .habit = habit, .ours = p->ours});
    struct buf copy = {0}; /* text may be of the one that goes */
    buf_add_str(&copy, text);
    buf_finish(&p->newest);
    p->newest = copy;
}

bool past_has(const struct past *p, struct str text)
{
    struct past_walk w = {.past = p};
    bool found = false;
    while (!found && past_older(&w))
        found = str_eq(buf_str(&w.text), text);
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

bool past_older(struct past_walk *w)
{
    const struct past *p = w->past;
    size_t at = w->at ? (size_t)(w->at - p->texts.v) : p->texts.n;
    if (at == 0)
        return false;
    if (!w->at)
        buf_add_str(&w->text, buf_str(&p->newest));
    w->at = &p->texts.v[at - 1];
    if (at < p->texts.n)
        go_back(w->at, &w->text);
    return true;
}

void past_walk_finish(struct past_walk *w)
{
    buf_finish(&w->text);
    w->at = NULL;
}
