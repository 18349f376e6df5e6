/* The texts of the notes that were edited last are fetched before anyone opens them, so that
 * they can be read and edited when the link is gone. */
#include "update_parts.h"

#include <stdlib.h>

enum {
    FETCH_NEWEST = 16,     /* notes of a room, */
    FETCH_BYTES = 4 << 20, /* and no more when they hold so much */
    FETCH_AFTER_MS = 1000, /* what the person came for is first */
    FETCH_EVERY_MS = 5000, /* looking for others */
};

void fetch_clear(struct note_fetch *f)
{
    vec_finish(&f->done);
    *f = (struct note_fetch){0};
}

static bool is_done(const struct note_fetch *f, int64_t number)
{
    for (size_t i = 0; i < f->done.n; i++)
        if (f->done.v[i] == number)
            return true;
    return false;
}

static bool has_text(const struct note *n)
{
    return n->number > 0 && n->version > 0 && !n->archived;
}

/* The newest one that was not looked at on this link, if it is among the newest. */
static const struct note *next(const struct replica *r, const struct note_fetch *f)
{
    const struct note *best = NULL;
    size_t newer = 0;
    vec_each (n, &r->notes)
        if (has_text(n) && (!best || n->time > best->time) && !is_done(f, n->number))
            best = n;
    vec_each (n, &r->notes)
        newer += best && has_text(n) && n->time > best->time;
    return newer < FETCH_NEWEST ? best : NULL;
}

/* Of those that were looked at. */
static size_t bytes_here(const struct model *m, const struct note_fetch *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->done.n; i++) {
        const struct doc *d = session_text(&m->session, str_of(m->here->name), f->done.v[i]);
        n += d && d->text ? rope_bytes(d->text) : 0;
    }
    return n;
}

void fetch_settle(struct model *m, struct effects *out)
{
    const struct replica *r = model_replica(m);
    if (!r || !r->synced || m->session.state != SESSION_ONLINE)
        return;
    struct note_fetch *f = &m->here->note.fetch;
    if (f->session != m->session.session) {
        fetch_clear(f);
        f->session = m->session.session;
        f->at = m->now + FETCH_AFTER_MS;
    }
    if (m->now < f->at)
        return;
    const struct note *n = bytes_here(m, f) < FETCH_BYTES ? next(r, f) : NULL;
    if (!n)
        f->at = m->now + FETCH_EVERY_MS;
    else if (session_fetch_text(&m->session, str_of(m->here->name), n->number, m->now, out))
        vec_push(&f->done, n->number);
}
