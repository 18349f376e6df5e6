#include "retention_trim.h"

#include "append.h"
#include "ask.h"
#include "caller.h"
#include "room.h"
#include "said.h"

static void wake_at(struct hub *h, int64_t at)
{
    at = MAX(at, h->trim_from);
    h->trim_at = h->trim_at ? MIN(h->trim_at, at) : at;
}

void retention_due(struct hub *h, struct room *r, int64_t ms)
{
    if (!retention_is_on(r->keep))
        return;
    r->trim_due = h->now + ms;
    wake_at(h, r->trim_due);
}

void retention_set(struct room *r, struct retention keep)
{
    r->keep = keep;
    r->trim_at = r->trim_bound = 0;
}

void retention_put_off(struct hub *h)
{
    if (!h->booted)
        return;
    h->trim_from = h->now + h->retention_ms;
    if (h->trim_at)
        h->trim_at = MAX(h->trim_at, h->trim_from);
}

/* ---- looking ---- */

static void look(struct hub *h, struct room *r)
{
    struct ask *a = ask_new(h, ASK_TRIMMABLE, NULL, 0);
    struct store_job *j = store_job_new(JOB_TRIMMABLE);
    j->room = str_keep(&j->arena, str_of(r->name));
    j->trim.keep = r->keep;
    j->trim.before = h->now - r->keep.age * 1000;
    j->trim.scan = TRIM_SCAN;
    j->trim.most = TRIM_CHANGES;
    j->trim.bound = r->trim_bound;
    j->from = r->trim_at;
    j->limit = TRIM_BATCH;
    h->trim_tag = a->tag;
    ask_store(h, a, j);
}

/* The one that has waited longest, and when there is something to do next. */
static struct room *find_due(const struct hub *h, int64_t *next)
{
    struct room *first = NULL;
    *next = 0;
    for (struct room *r = h->rooms; r; r = r->hh.next) {
        if (!retention_is_on(r->keep))
            continue;
        *next = *next ? MIN(*next, r->trim_due) : r->trim_due;
        if (!first || r->trim_due < first->trim_due)
            first = r;
    }
    return first && first->trim_due <= h->now ? first : NULL;
}

void retention_tick(struct hub *h)
{
    int64_t next;
    if (!h->booted || h->draining || h->trim_tag || !h->trim_at || h->now < h->trim_at)
        return;
    struct room *r = find_due(h, &next);
    h->trim_at = next;
    if (r)
        look(h, r);
}

/* ---- removing ---- */

static void trim(struct hub *h, struct room *r, const struct store_job *j)
{
    const struct store_trim *t = &j->trim;
    struct draft d = {.event.type = MSG_CHAT_TRIMMED,
                      .effect = EFFECT_TRIM,
                      .above = t->first - 1,
                      .upto = t->upto};
    d.event.chat_trimmed.upto = t->upto;
    d.event.chat_trimmed.until = t->until;
    d.event.chat_trimmed.messages = t->n;
    append(h, r, NULL, STR("mootd"), 0, &d);
    r->trimmed = MAX(r->trimmed, t->upto);
    r->trim_seq = r->head;
    said_trim(r, t->upto);
}

/* Only a room of which something goes is read for it. What was looked at holds as long as no
 * pin came or went meanwhile, and nothing that was removed before is still on its way to the
 * disk. */
static bool may_trim(const struct hub *h, const struct room *r, const struct store_job *j)
{
    return r->sure && r->has_board && MAX(r->pin_seq, r->trim_seq) <= j->seq &&
           !append_is_full(h, r);
}

void retention_looked(struct hub *h, const struct ask *a, const struct store_job *j)
{
    struct room *r = room_find(h, j->room);
    if (h->trim_tag == a->tag)
        h->trim_tag = 0;
    if (!r || h->draining)
        return;
    bool is_as_asked = retention_is(r->keep, j->trim.keep) && r->trim_at == j->from;
    if (j->err.code != ERR_NONE) {
        h->counts.store_failures++;
        out_log(h, 1, "hub.trim", "the chat of %s cannot be looked at: %s", r->name,
                j->err.text);
        retention_due(h, r, TRIM_RETRY_MS);
    } else if (!is_as_asked || (j->trim.n && !may_trim(h, r, j))) {
        retention_due(h, r, RETRY_MS);
        if (!r->has_board)
            room_load(h, r);
    } else {
        if (j->trim.n)
            trim(h, r, j);
        r->trim_at = j->more ? j->trim.at : 0;
        r->trim_bound = j->more ? j->trim.bound : 0;
        retention_due(h, r, j->more ? TRIM_PAUSE_MS : h->retention_ms);
    }
}
