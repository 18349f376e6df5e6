/* Searching all that somebody may see.
 *
 * The index of words comes behind what is written. What was said a search finds all the same,
 * since it looks at what the index does not have; that costs it time, so the index takes it in
 * a few hundred events at a time, and what is left when the server starts and each minute.
 *
 * A text changes with every key, so the index takes it only now and then: when the
 * server starts, each minute, and before a search, but then not sooner than ten times as long
 * after the last time as that took. So its texts never take more than a tenth of the writer,
 * and a small note that was just written is found at once. */
#include "account.h"
#include "ask.h"
#include "caller.h"
#include "codec.h"
#include "direct.h"
#include "handle.h"
#include "query.h"
#include "rate.h"
#include "room.h"

#include <stdlib.h>

enum {
    INDEX_EVENTS = 256, /* that are not in the index before it is asked to take them */
    INDEX_PAUSE = 10,
    FOUND_WORK = 500, /* steps of rate_charge() for a text looked at */
};

/* ---- the index ---- */

static void events_ask(struct hub *h)
{
    h->index.events = 0;
    h->index.takes_events = true;
    ask_store(h, ask_new(h, ASK_INDEX, NULL, 0), store_job_new(JOB_INDEX));
}

static void index_ask(struct hub *h)
{
    h->index.stale = false;
    h->index.busy = true;
    h->index.since = h->now;
    ask_store(h, ask_new(h, ASK_INDEX, NULL, 0), store_job_new(JOB_INDEX_TEXTS));
}

void index_behind(struct hub *h, bool is_edit)
{
    h->index.stale |= is_edit;
    h->index.events += !is_edit;
}

void index_tick(struct hub *h)
{
    if (!h->booted || h->draining)
        return;
    bool is_time = h->now >= h->index.next_tick;
    if (!h->index.takes_events && h->index.events >= (is_time ? 1 : INDEX_EVENTS))
        events_ask(h);
    if (!h->index.busy && h->index.stale && is_time)
        index_ask(h);
    if (is_time)
        h->index.next_tick = h->now + 60 * 1000;
}

/* Whether a search has to wait for it. */
static bool index_wanted(struct hub *h)
{
    if (!h->index.busy && h->index.stale && h->now >= h->index.next)
        index_ask(h);
    return h->index.busy && !h->index.goes_on;
}

static void events_done(struct hub *h, const struct store_job *j)
{
    bool has_failed = j->err.code != ERR_NONE;
    h->index.takes_events = false;
    h->index.events += has_failed;
    h->counts.store_failures += has_failed;
    if (j->more && !has_failed && !h->draining)
        events_ask(h);
}

/* Who waited for it asks now; what is left is done without being waited for. */
void index_done(struct hub *h, const struct store_job *j)
{
    if (j->kind == JOB_INDEX) {
        events_done(h, j);
        return;
    }
    h->index.busy = h->index.goes_on = false;
    h->index.next = h->now + INDEX_PAUSE * (h->now - h->index.since);
    h->counts.store_failures += j->err.code != ERR_NONE;
    h->index.stale |= j->err.code != ERR_NONE;
    vec_each (w, &h->index.waiting)
        out_add(h, OUT_STORE)->job = *w;
    h->index.waiting.n = 0;
    if (j->more && j->err.code == ERR_NONE && !h->draining) {
        index_ask(h);
        h->index.goes_on = true;
    }
}

void index_free(struct hub *h)
{
    vec_each (w, &h->index.waiting)
        store_job_free(*w);
    vec_finish(&h->index.waiting);
}

/* ---- the question ---- */

static bool is_in(const struct room *r, const struct caller *c)
{
    return r && r->stored > 0 && room_role(r, c->user, false) != ROLE_NONE;
}

static bool no_room(struct str name, struct err *e)
{
    return fail(e, ERR_NOT_FOUND, "there is no room %.*s that you are in", STR_ARG(name));
}

/* Every room that is named is one that the person is in. */
static bool check_rooms(struct hub *h, const struct caller *c, const struct query *q,
                        struct str in, struct err *e)
{
    if (in.n && !is_in(room_find(h, in), c))
        return no_room(in, e);
    for (size_t i = 0; i < q->filters_n; i++) {
        const struct query_filter *f = &q->filters[i];
        if (f->key == KEY_IN && !f->negated && !room_is_direct(f->value) &&
            !is_in(room_find(h, f->value), c))
            return no_room(f->value, e);
    }
    return true;
}

static void add_rooms(struct hub *h, const struct caller *c, const struct query *q,
                      struct str in, struct store_job *j)
{
    size_t n = 0;
    struct str *v = arena_alloc(&j->arena, HASH_COUNT(h->rooms) * sizeof *v);
    for (const struct room *r = h->rooms; r; r = r->hh.next) {
        struct str name = str_of(r->name);
        if (is_in(r, c) && (!in.n || str_eq(in, name)) && query_allows(q, KEY_IN, name, 0))
            v[n++] = str_keep(&j->arena, name);
    }
    j->search.rooms.v = v;
    j->search.rooms.n = n;
}

static struct store_job *job_of(struct hub *h, const struct caller *c,
                                const struct msg_search *m, const struct query *q)
{
    struct store_job *j = store_job_new(JOB_SEARCH);
    j->search = (struct store_search){
        .query = str_keep(&j->arena, m->query),
        .now = h->now,
        .zone = m->zone,
        .order = m->order,
        .offset = m->offset,
        .limit = MIN(m->limit, SEARCH_FOUND_MAX - m->offset),
        .until = m->until ? m->until : h->now,
    };
    add_rooms(h, c, q, m->in, j);
    return j;
}

enum outcome handle_search(struct hub *h, struct caller *c, const struct msg *m, struct err *e)
{
    const struct msg_search *s = &m->search;
    struct query q;
    if (!query_parse(&q, s->query, (struct query_time){h->now, s->zone}, e)) {
        e->code = ERR_BAD_FIELD;
        return REFUSED;
    }
    struct ask *a = NULL;
    if (check_rooms(h, c, &q, s->in, e))
        a = question_new(h, ASK_SEARCH, c, s->head.id, e);
    if (a) {
        struct store_job *j = job_of(h, c, s, &q);
        j->tag = a->tag;
        j->asker = (uintptr_t)c->user;
        if (index_wanted(h))
            vec_push(&h->index.waiting, j);
        else
            out_add(h, OUT_STORE)->job = j;
    }
    query_finish(&q);
    return a ? DONE : REFUSED;
}

/* Whoever was put out of a room meanwhile sees nothing of it. */
static void keep_own(struct hub *h, const struct caller *c, const struct store_job *j,
                     struct msg_search_page *page)
{
    page->items.v = arena_alloc(&h->arena, j->found_items.n * sizeof *page->items.v);
    for (size_t i = 0; i < j->found_items.n; i++)
        if (is_in(room_find(h, j->found_items.v[i].room), c))
            page->items.v[page->items.n++] = j->found_items.v[i];
}

void answer_search(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct caller *c = question_end(h, a);
    h->counts.store_failures += j->err.code == ERR_STORE || j->err.code == ERR_STORE_FULL;
    if (!c)
        return;
    rate_charge(h, c, j->work * FOUND_WORK);
    if (j->err.code != ERR_NONE) {
        struct err e = j->err;
        caller_error(h, c, a->id, &e);
        return;
    }
    struct msg page = {.type = MSG_SEARCH_PAGE};
    page.search_page = (struct msg_search_page){
        .head.re = a->id, .until = j->search.until, .more = j->more, .capped = j->capped};
    keep_own(h, c, j, &page.search_page);
    buf_clear(&h->scratch);
    codec_encode(&h->scratch, &page);
    caller_send_frame(h, c, frame_new(buf_str(&h->scratch)), false);
}
