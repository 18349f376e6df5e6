/* Which part of a room's chat is kept: all from some message on (the present), and in front of
 * it perhaps a stretch of the past, with a hole between the two. Whoever looks at the stretch
 * reads on in both directions; where it meets the present they are one. */
#include "replica_parts.h"

#include <stdlib.h>
#include <string.h>

static void put_in(struct replica *r, size_t at, const struct message_item *items, size_t n)
{
    struct line *none = NULL;
    if (n == 0)
        return;
    for (size_t i = 0; i < n; i++)
        vec_push(&r->lines, none);
    memmove(r->lines.v + at + n, r->lines.v + at,
            (r->lines.n - n - at) * sizeof(struct line *));
    for (size_t i = 0; i < n; i++)
        r->lines.v[at + i] = line_new(&items[i]);
}

static void take_out(struct replica *r, size_t from, size_t to)
{
    if (from == to)
        return;
    for (size_t i = from; i < to; i++)
        line_free(r->lines.v[i]);
    memmove(r->lines.v + from, r->lines.v + to, (r->lines.n - to) * sizeof(struct line *));
    r->lines.n -= to - from;
}

static void join(struct replica *r)
{
    r->past = 0;
    if (!r->has_older)
        r->floor = 1;
    else if (r->lines.n)
        r->floor = MIN(r->floor, r->lines.v[0]->seq);
}

/* How many of the messages from `first` on come one behind the other, all of them before `end`:
 * pages may overlap what is known. */
static size_t run_of(const struct replica *r, const struct msg_history_page *page, size_t first,
                     int64_t end)
{
    size_t n = 0;
    int64_t last = 0;
    while (first + n < page->messages.n) {
        int64_t seq = page->messages.v[first + n].seq;
        if (seq >= end || seq > r->seq || seq <= last)
            break;
        last = seq;
        n++;
    }
    return n;
}

static void take_older(struct replica *r, const struct msg_history_page *page)
{
    size_t n = run_of(r, page, 0, replica_oldest(r));
    put_in(r, 0, page->messages.v, n);
    r->has_older = page->more;
    if (r->past)
        r->past += n;
    else
        join(r);
}

static void take_newer(struct replica *r, const struct msg_history_page *page)
{
    size_t first = 0;
    if (!r->past)
        return;
    while (first < page->messages.n &&
           page->messages.v[first].seq <= r->lines.v[r->past - 1]->seq)
        first++;
    size_t n = run_of(r, page, first, r->floor);
    put_in(r, r->past, page->messages.v + first, n);
    r->past += n;
    if (!page->more || first + n < page->messages.n)
        join(r);
}

static void take_around(struct replica *r, const struct msg_history_page *page)
{
    size_t n = run_of(r, page, 0, r->floor);
    if (n == 0)
        return;
    replica_leave_past(r);
    put_in(r, 0, page->messages.v, n);
    r->past = n;
    r->has_older = page->more;
    r->has_jumped = true;
    if (!page->newer || n < page->messages.n)
        join(r);
}

void replica_take_page(struct replica *r, const struct msg_history_page *page)
{
    enum asked what = r->asked;
    if (!what || page->head.re != r->asked_id)
        return;
    r->asked = ASKED_NOTHING;
    if (what == ASKED_OLDER)
        take_older(r, page);
    else if (what == ASKED_NEWER)
        take_newer(r, page);
    else
        take_around(r, page);
    replica_overlay(r);
}

void replica_leave_past(struct replica *r)
{
    if (!r->past)
        return;
    replica_unlay(r);
    take_out(r, 0, r->past);
    r->past = 0;
    r->has_older = true;
    replica_overlay(r);
    r->version++;
}

int64_t replica_oldest(const struct replica *r)
{
    return r->past ? r->lines.v[0]->seq : r->floor;
}

bool replica_covers(const struct replica *r, int64_t message)
{
    if (message >= r->floor || (message < replica_oldest(r) && !r->has_older))
        return true;
    return r->past && message >= r->lines.v[0]->seq && message <= r->lines.v[r->past - 1]->seq;
}

void replica_asked(struct replica *r, enum asked what, int64_t id)
{
    r->asked = what;
    r->asked_id = id;
}

/* ---- how many are kept ---- */

/* All but the newest. */
static void keep_present(struct replica *r, size_t n)
{
    size_t most = MIN(n, r->lines.n - r->past);
    take_out(r, r->past, r->lines.n - most);
    r->floor = most ? r->lines.v[r->past]->seq : r->seq + 1;
}

/* A stretch of the past around line `at`, which is older than the newest n. */
static void keep_past(struct replica *r, size_t at, size_t n, size_t present)
{
    size_t behind = r->past ? r->past : r->lines.n - present, end = MIN(at + n / 2, behind);
    size_t first = at - MIN(at, n / 2);
    take_out(r, end, behind);
    take_out(r, 0, first);
    r->past = end - first;
    r->has_older |= first > 0;
    keep_present(r, present);
}

void replica_trim(struct replica *r, int64_t around)
{
    enum { HALF = CHAT_KEPT / 2 };
    if (r->lines.n <= CHAT_KEPT + CHAT_SLACK)
        return;
    if (around <= 0 || around >= r->floor)
        replica_leave_past(r);
    size_t n = r->lines.n, at = around > 0 ? line_place(r->lines.v, n, around) : n;
    replica_unlay(r);
    if (r->past || at + HALF < n) {
        keep_past(r, at, HALF, HALF);
    } else if (n > CHAT_KEPT) {
        keep_present(r, CHAT_KEPT);
        r->has_older = true;
    }
    r->has_jumped = true;
    replica_overlay(r);
    r->version++;
}
