/* What is where in the note pane. */
#include "layout.h"

enum {
    BLAME_FROM = 50, /* columns of a pane from which it says who wrote what */
    MARGIN_FROM = 20,
};

void note_spots_of(const struct model *m, const struct layout *l, struct note_spots *out)
{
    struct rect r = l->beside;
    *out = (struct note_spots){.text = r};
    if (r.w < MARGIN_FROM)
        return;
    out->margin = (struct rect){r.x, r.y, NOTE_MARGIN, r.h};
    int left = NOTE_MARGIN;
    if (m->here->note.blame.on && r.w >= BLAME_FROM) {
        out->blame = (struct rect){r.x + left, r.y, BLAME_WIDTH, r.h};
        left += BLAME_WIDTH;
    }
    out->text = (struct rect){r.x + left, r.y, MIN(r.w - left, NOTE_TEXT_MAX), r.h};
}

/* ---- the list ---- */

size_t notes_listed(const struct model *m)
{
    const struct replica *r = model_replica(m);
    size_t n = 0;
    if (!r)
        return 0;
    if (m->here->note.with_archived)
        return r->notes.n;
    while (n < r->notes.n && !r->notes.v[n].archived)
        n++;
    return n;
}

size_t notes_first(const struct model *m, const struct layout *l)
{
    const struct note_pane *p = &m->here->note;
    size_t h = (size_t)MAX(l->beside.h, 1), n = notes_listed(m);
    size_t lowest = p->place >= h ? p->place - h + 1 : 0;
    size_t first = MAX(MIN(p->first, p->place), lowest);
    return n > h ? MIN(first, n - h) : 0;
}

/* ---- history ---- */

void history_spots_of(const struct layout *l, struct history_spots *out)
{
    struct rect r = l->beside;
    *out = (struct history_spots){0};
    out->slider = (struct rect){r.x + 1, r.y, MAX(r.w - 2, 0), MIN(r.h, 1)};
    out->about = (struct rect){r.x + 1, r.y + 1, MAX(r.w - 2, 0), r.h > 1};
    out->text = (struct rect){r.x + 1, r.y + 2, MAX(r.w - 2, 0), MAX(r.h - 2, 0)};
}

static int64_t newest(const struct note_history *h)
{
    return (int64_t)h->versions.n - 1;
}

int history_column(const struct note_history *h, int width, int64_t version)
{
    return newest(h) > 0 && width > 1 ? (int)(version * (width - 1) / newest(h)) : 0;
}

int64_t history_version(const struct note_history *h, int width, int column)
{
    if (newest(h) <= 0 || width <= 1)
        return MAX(newest(h), 0);
    int64_t at = MIN(MAX(column, 0), width - 1);
    return (at * newest(h) + (width - 1) / 2) / (width - 1);
}
