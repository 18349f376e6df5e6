#include "hook_send.h"

#include "account.h"
#include "ask.h"
#include "audit.h"
#include "caller.h"
#include "codec.h"
#include "hook.h"
#include "room.h"

#include <stdio.h>
#include <string.h>

enum { LEVEL_WARN = 1, GIVE_UP_MS = HOOK_GIVE_UP_DAYS * 86400 * 1000, HTTP_GONE = 410 };

static void wake_at(struct hub *h, int64_t at)
{
    h->hooks_at = h->hooks_at ? MIN(h->hooks_at, at) : at;
}

static struct hook *find_by_tag(const struct hub *h, uint64_t tag)
{
    vec_each (k, &h->hooks)
        if (tag && (*k)->tag == tag)
            return *k;
    return NULL;
}

static bool is_sending(const struct hub *h, const struct hook *k)
{
    return hook_is_outgoing(k) && !k->leaving && !k->row.stopped && !h->draining;
}

/* Who was put out of the room is told nothing until let in again. */
static bool may_hear(const struct hub *h, const struct room *r, const struct hook *k)
{
    const struct user *u = user_find(h, k->row.user);
    return u && u->exists && !u->disabled && room_role(r, u, false) >= ROLE_OBSERVER;
}

static bool wants(const struct hook *k, struct str kind)
{
    struct str kinds = k->row.kinds;
    while (kinds.n)
        if (str_eq(str_cut(&kinds, ','), kind))
            return true;
    return false;
}

/* The type stands in front, as codec_encode() writes it; what was written otherwise is read
 * whole. */
static struct str kind_of(struct hub *h, struct str json)
{
    static const char front[] = "{\"type\":\"";
    struct str rest = json;
    struct msg_list list;
    struct err e;
    int64_t re;
    if (str_starts(json, front)) {
        rest.p += sizeof front - 1;
        rest.n -= sizeof front - 1;
        return str_cut(&rest, '"');
    }
    bool ok = codec_decode(json, FROM_SERVER, &h->arena, &list, &re, &e) && list.n == 1;
    return ok ? str_of(msg_table[list.v->type].name) : (struct str){0};
}

/* ---- what is kept ---- */

static void keep_within(struct hub *h, struct hook *k, int64_t ms)
{
    int64_t at = h->now + ms;
    k->keep_at = k->keep_at ? MIN(k->keep_at, at) : at;
    wake_at(h, k->keep_at);
}

static struct store_job *keep(struct hub *h, struct hook *k)
{
    struct ask *a = ask_new(h, ASK_HOOK_KEEP, NULL, 0);
    struct store_job *j = store_job_new(JOB_HOOK_SET);
    j->hook = (struct store_hook){.id = str_keep(&j->arena, k->row.id),
                                  .seq = k->row.seq,
                                  .failing = k->row.failing,
                                  .stopped = k->row.stopped};
    k->keep_at = 0;
    k->keeping = true;
    ask_store(h, a, j);
    return j;
}

void hook_kept(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct hook *k = hook_find(h, j->hook.id);
    (void)a;
    h->counts.store_failures += j->err.code != ERR_NONE;
    if (!k)
        return;
    k->keeping = false;
    if (j->err.code != ERR_NONE || k->row.seq != j->hook.seq)
        keep_within(h, k, HOOK_KEEP_MS);
}

void hooks_drain(struct hub *h)
{
    vec_each (k, &h->hooks)
        if ((*k)->keep_at && !(*k)->keeping)
            keep(h, *k);
}

/* ---- failures ---- */

/* Full jitter over the upper half, so that hooks to one receiver do not come all at once. */
static int64_t pause_of(const struct hook *k, const struct hub_input *in)
{
    int doublings = MIN(k->failures - 1, 20);
    int64_t most = MIN((int64_t)HOOK_RETRY_MS << doublings, (int64_t)HOOK_RETRY_MOST_MS);
    int64_t asked = MIN(in->retry_after, HOOK_RETRY_MOST_MS / 1000) * 1000;
    return MAX(most / 2 + (int64_t)(in->random % (uint64_t)(most / 2 + 1)), asked);
}

static void give_up(struct hub *h, struct hook *k)
{
    k->row.stopped = true;
    struct store_job *j = keep(h, k);
    audit_note(h, j, "hook.stop", STR("mootd"), k->row.user, "%.*s in %.*s, at event %lld: %s",
               STR_ARG(k->row.id), STR_ARG(k->row.room), (long long)k->row.seq, k->trouble);
}

/* Days that the server was not there to try are none in which the receiver failed. */
static bool has_failed_for_long(const struct hub *h, const struct hook *k)
{
    return h->now - k->row.failing >= GIVE_UP_MS && k->failures >= HOOK_GIVE_UP_TRIES;
}

static void failed(struct hub *h, struct hook *k, const struct hub_input *in)
{
    k->failures++;
    h->counts.hook_failures++;
    if (in->status)
        snprintf(k->trouble, sizeof k->trouble, "event %lld was answered with status %d",
                 (long long)k->sending, in->status);
    else
        snprintf(k->trouble, sizeof k->trouble, "%s", in->err.text);
    if (!k->row.failing) {
        k->row.failing = h->now;
        keep_within(h, k, 0);
        out_log(h, LEVEL_WARN, "hub.hook", "hook %.*s in %.*s fails: %s", STR_ARG(k->row.id),
                STR_ARG(k->row.room), k->trouble);
    }
    if (in->status == HTTP_GONE || has_failed_for_long(h, k)) {
        give_up(h, k);
        return;
    }
    k->state = HOOK_WAITS;
    k->due = h->now + pause_of(k, in);
    wake_at(h, k->due);
}

static void delivered(struct hub *h, struct hook *k)
{
    k->row.seq = k->sending;
    k->row.failing = 0;
    k->failures = 0;
    k->trouble[0] = '\0';
    h->counts.hook_sends++;
    keep_within(h, k, h->draining ? 0 : HOOK_KEEP_MS);
    wake_at(h, h->now);
}

void hook_posted(struct hub *h, const struct hub_input *in)
{
    struct hook *k = find_by_tag(h, in->tag);
    if (!k)
        return;
    k->tag = 0;
    k->state = HOOK_RESTS;
    if (in->status >= 200 && in->status < 300)
        delivered(h, k);
    else
        failed(h, k, in);
}

/* ---- sending ---- */

static void send(struct hub *h, struct hook *k, const struct store_event *ev)
{
    struct output *o = out_add(h, OUT_POST);
    k->state = HOOK_SENDS;
    k->sending = ev->seq;
    o->tag = k->tag = ++h->next_tag;
    o->id = str_keep(&h->out->arena, k->row.id);
    o->url = str_keep(&h->out->arena, k->row.url);
    o->text = str_keep(&h->out->arena, ev->json);
    o->seq = ev->seq;
}

static void read_on(struct hub *h, struct hook *k)
{
    struct ask *a = ask_new(h, ASK_HOOK_READ, NULL, 0);
    struct store_job *j = store_job_new(JOB_EVENTS);
    j->room = str_keep(&j->arena, k->row.room);
    j->from = k->row.seq;
    j->limit = HOOK_PAGE;
    j->bytes_limit = HOOK_PAGE_BYTES;
    k->state = HOOK_READS;
    k->tag = a->tag;
    ask_store(h, a, j);
}

static void wait(struct hub *h, struct hook *k, int64_t ms)
{
    k->state = HOOK_WAITS;
    k->due = h->now + ms;
    wake_at(h, k->due);
}

void hook_read(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct hook *k = find_by_tag(h, a->tag);
    if (!k)
        return;
    k->tag = 0;
    k->state = HOOK_RESTS;
    if (j->err.code != ERR_NONE || j->events.n == 0) {
        h->counts.store_failures += j->err.code != ERR_NONE;
        wait(h, k, RETRY_MS);
        return;
    }
    if (!is_sending(h, k))
        return;
    for (size_t i = 0; i < j->events.n; i++) {
        const struct store_event *ev = &j->events.v[i];
        if (wants(k, kind_of(h, ev->json))) {
            send(h, k, ev);
            return;
        }
        k->row.seq = ev->seq;
    }
    keep_within(h, k, HOOK_KEEP_PASSED_MS);
    wake_at(h, h->now);
}

static void step(struct hub *h, struct hook *k)
{
    const struct room *r = room_find(h, k->row.room);
    if (k->keep_at && k->keep_at <= h->now && !k->keeping)
        keep(h, k);
    if (k->keep_at && !k->keeping)
        wake_at(h, k->keep_at);
    if (!is_sending(h, k) || !r)
        return;
    if (k->state == HOOK_WAITS && k->due > h->now)
        wake_at(h, k->due);
    else if (k->state == HOOK_WAITS)
        k->state = HOOK_RESTS;
    if (k->state == HOOK_RESTS && k->row.seq < r->stored && may_hear(h, r, k))
        read_on(h, k);
}

void hooks_tick(struct hub *h)
{
    if (!h->hooks_at || h->now < h->hooks_at)
        return;
    h->hooks_at = 0;
    vec_each (k, &h->hooks)
        if (hook_is_outgoing(*k))
            step(h, *k);
}

/* What nobody wants is passed over without being read. */
void hooks_saw(struct hub *h, struct room *r, const struct store_append *p)
{
    if (!r->hooks)
        return;
    vec_each (at, &h->hooks) {
        struct hook *k = *at;
        if (!hook_is_outgoing(k) || !str_is(k->row.room, r->name))
            continue;
        bool is_next = k->state == HOOK_RESTS && k->row.seq == p->seq - 1;
        if (is_next && is_sending(h, k) && !wants(k, str_of(msg_table[p->type].name))) {
            k->row.seq = p->seq;
            keep_within(h, k, HOOK_KEEP_PASSED_MS);
        } else {
            wake_at(h, h->now);
        }
    }
}

void hooks_leap(struct hub *h)
{
    vec_each (k, &h->hooks) {
        (*k)->failures = 0;
        if ((*k)->state == HOOK_WAITS)
            (*k)->due = h->now;
    }
    wake_at(h, h->now);
}

void hook_resume(struct hub *h, struct hook *k)
{
    k->row.stopped = false;
    k->row.failing = 0;
    k->failures = 0;
    k->trouble[0] = '\0';
    if (k->state == HOOK_WAITS)
        k->state = HOOK_RESTS;
    wake_at(h, h->now);
}
