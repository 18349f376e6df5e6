/* Carets in a text: everybody's move with every edit. */
#include "doc_parts.h"

#include <string.h>

enum { REACHED = -1, CARETS_MAX = 1000 };

static size_t within(const struct doc *d, size_t pos)
{
    return d->text ? MIN(pos, rope_chars(d->text)) : pos;
}

static void clamp(const struct doc *d, struct doc_caret *c)
{
    if (c->version != REACHED)
        return;
    c->caret = within(d, c->caret);
    c->anchor = within(d, c->anchor);
    c->top = within(d, c->top);
}

void doc_carets_clamp(struct doc *d)
{
    d->caret = within(d, d->caret);
    d->anchor = within(d, d->anchor);
    d->top = within(d, d->top);
    vec_each (c, &d->others)
        clamp(d, c);
    vec_each (c, &d->pointers)
        clamp(d, c);
}

static void move(struct doc_caret *c, const struct op *on_screen, enum op_side side)
{
    if (c->version != REACHED)
        return;
    c->caret = op_caret(on_screen, c->caret, side);
    c->anchor = op_caret(on_screen, c->anchor, side);
    c->top = op_caret(on_screen, c->top, OP_LEFT);
}

void doc_carets_move(struct doc *d, const struct op *on_screen, enum op_side own)
{
    d->caret = op_caret(on_screen, d->caret, own);
    d->anchor = op_caret(on_screen, d->anchor, own);
    d->top = op_caret(on_screen, d->top, OP_LEFT);
    vec_each (c, &d->others)
        move(c, on_screen, OP_LEFT);
    /* A caret stands in front of a letter, a pointer is on it. */
    vec_each (c, &d->pointers)
        move(c, on_screen, OP_RIGHT);
}

static void show(struct doc *d, struct doc_caret *c)
{
    c->version = REACHED;
    c->caret = within(d, sync_to_screen(&d->sync, c->caret, OP_LEFT));
    c->anchor = within(d, sync_to_screen(&d->sync, c->anchor, OP_LEFT));
}

static void show_top(struct doc *d, struct doc_caret *c)
{
    c->top = within(d, sync_to_screen(&d->sync, c->top, OP_LEFT));
}

static void reach(struct doc *d, struct doc_caret *c)
{
    if (!d->text || c->version == REACHED || c->version > d->sync.version)
        return;
    show(d, c);
    show_top(d, c);
}

void doc_carets_reach(struct doc *d)
{
    vec_each (c, &d->others)
        reach(d, c);
    vec_each (c, &d->pointers)
        reach(d, c);
}

/* By the client, as one person may have several; the newest, should one that is gone be left.
 */
static struct doc_caret *caret_by(struct doc *d, struct author by)
{
    struct doc_caret *found = NULL;
    vec_each (c, &d->others) {
        if (by.client.n && str_is(by.user, c->user) && str_is(by.client, c->client) &&
            (!found || c->session > found->session))
            found = c;
    }
    return found;
}

void doc_caret_follow(struct doc *d, struct author by, const struct op *o, int64_t now)
{
    struct doc_caret *c = caret_by(d, by);
    if (!c)
        return;
    c->typed_at = now;
    if (op_is_empty(o) || c->version != REACHED)
        return; /* where it will be was told already */
    c->caret = c->anchor = op_author_caret(o);
    show(d, c);
}

static struct doc_caret *caret_of(struct doc *d, const struct msg_note_caret *m)
{
    const struct state_head *h = &m->head;
    vec_each (c, &d->others) {
        if (c->session == h->session)
            return c;
    }
    if (d->others.n >= CARETS_MAX)
        vec_remove(&d->others, 0);
    struct doc_caret fresh = {.session = h->session};
    memcpy(fresh.user, h->user.p, MIN(h->user.n, (size_t)USER_NAME_MAX));
    memcpy(fresh.client, m->client.p, MIN(m->client.n, (size_t)CLIENT_ID_MAX));
    vec_push(&d->others, fresh);
    return &d->others.v[d->others.n - 1];
}

void doc_caret_told(struct doc *d, const struct msg_note_caret *m)
{
    struct doc_caret *c = caret_of(d, m);
    c->caret = (size_t)m->caret;
    c->anchor = (size_t)m->anchor;
    c->top = (size_t)m->top;
    c->version = m->version;
    reach(d, c);
    d->changes++;
}

void doc_caret_drop(struct doc *d, int64_t session)
{
    for (size_t i = d->others.n; i-- > 0;) {
        if (d->others.v[i].session == session) {
            vec_remove(&d->others, i);
            d->changes++;
        }
    }
}

void doc_carets_gone(struct doc *d, struct str user)
{
    for (size_t i = d->pointers.n; i-- > 0;)
        if (user.n == 0 || str_is(user, d->pointers.v[i].user))
            vec_remove(&d->pointers, i);
    for (size_t i = d->others.n; i-- > 0;) {
        if (user.n == 0 || str_is(user, d->others.v[i].user)) {
            vec_remove(&d->others, i);
            d->changes++;
        }
    }
}

/* ---- pointers ---- */

static size_t pointer_place(const struct doc *d, int64_t session)
{
    size_t i = 0;
    while (i < d->pointers.n && d->pointers.v[i].session != session)
        i++;
    return i;
}

void doc_pointer_told(struct doc *d, const struct msg_pointer *m)
{
    size_t i = pointer_place(d, m->head.session);
    struct doc_caret fresh = {.session = m->head.session, .version = m->version};
    fresh.caret = fresh.anchor = (size_t)m->place;
    memcpy(fresh.user, m->head.user.p, MIN(m->head.user.n, (size_t)USER_NAME_MAX));
    if (i == d->pointers.n && i < CARETS_MAX)
        vec_push(&d->pointers, fresh);
    if (i < d->pointers.n) {
        d->pointers.v[i] = fresh;
        reach(d, &d->pointers.v[i]);
    }
}

void doc_pointer_drop(struct doc *d, int64_t session)
{
    size_t i = pointer_place(d, session);
    if (i < d->pointers.n)
        vec_remove(&d->pointers, i);
}

bool doc_pointer(const struct doc *d, int64_t session, size_t *place)
{
    size_t i = pointer_place(d, session);
    if (i == d->pointers.n || d->pointers.v[i].version != REACHED)
        return false;
    *place = d->pointers.v[i].caret;
    return true;
}
