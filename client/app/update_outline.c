/* The outline of the open text: a list of its headings to go to. */
#include "beside.h"
#include "update_parts.h"

#include <stdlib.h>

void outline_clear(struct note_outline *o)
{
    outline_finish(&o->list);
    buf_finish(&o->title);
    *o = (struct note_outline){0};
}

static struct note_outline *shown(const struct model *m)
{
    struct note_pane *p = note_pane(m);
    return p && p->shows == NOTE_OUTLINE ? &p->outline : NULL;
}

/* Which one is selected is known by what it says, too: others may add some above it. */
static void choose(struct note_outline *o, const struct doc *d, size_t at)
{
    o->at = o->list.v.n ? MIN(at, o->list.v.n - 1) : 0;
    buf_clear(&o->title);
    if (o->list.v.n)
        outline_title(d->text, &o->list.v.v[o->at], &o->title);
}

void outline_show(struct model *m)
{
    struct doc *d = note_text(m);
    if (!d)
        return;
    struct note_outline *o = &note_pane(m)->outline;
    outline_of(d->text, &o->list);
    if (o->list.v.n == 0) {
        model_toast(m, TOAST_INFO, "There is no heading here: # and a blank begin one.");
        return;
    }
    size_t at = outline_at(&o->list, d->caret);
    choose(o, d, at == SIZE_MAX ? 0 : at);
    o->changes = d->changes;
    o->first = 0;
    note_show(m, NOTE_OUTLINE);
}

void outline_step(struct model *m, int by)
{
    struct note_outline *o = shown(m);
    size_t far = (size_t)abs(by);
    if (!o || o->list.v.n == 0)
        return;
    choose(o, note_doc(m), by < 0 ? o->at - MIN(far, o->at) : o->at + far);
}

void outline_select(struct model *m, size_t at)
{
    struct note_outline *o = shown(m);
    if (o && at < o->list.v.n)
        choose(o, note_doc(m), at);
}

void outline_go(struct model *m, struct effects *out)
{
    struct note_outline *o = shown(m);
    struct doc *d = note_doc(m);
    if (!o)
        return;
    note_pane(m)->shows = NOTE_TEXT;
    if (o->list.v.n == 0 || !d || !d->text)
        return;
    size_t pos = o->list.v.v[o->at].pos;
    note_pane(m)->editor.top = d->top = pos; /* what is under it shows, too */
    note_move(m, pos, pos, out);
}

/* The nearest one that says the same. */
static size_t find_again(const struct note_outline *o, const struct doc *d)
{
    size_t n = o->list.v.n, best = o->at;
    bool found = false;
    struct buf title = {0};
    for (size_t by = 0; by < n && !found; by++)
        for (int side = 0; side < 2 && !found; side++) {
            size_t i = side ? o->at - by : o->at + by; /* wraps, and is too large then */
            buf_clear(&title);
            if (i < n)
                outline_title(d->text, &o->list.v.v[i], &title);
            found = i < n && str_eq(buf_str(&title), buf_str(&o->title));
            best = found ? i : best;
        }
    buf_finish(&title);
    return best;
}

void outline_settle(struct model *m, const struct layout *l)
{
    struct note_outline *o = shown(m);
    const struct doc *d = note_doc(m);
    if (!o || !d)
        return;
    if (!d->text) {
        note_back(m);
        return;
    }
    if (o->changes != d->changes) {
        outline_of(d->text, &o->list);
        choose(o, d, find_again(o, d));
        o->changes = d->changes;
    }
    size_t h = (size_t)MAX(l->beside.h, 1);
    if (o->at < o->first)
        o->first = o->at;
    if (o->at >= o->first + h)
        o->first = o->at - h + 1;
}
