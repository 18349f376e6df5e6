/* For admins of the server: what it has counted, which rooms and people are busy, and how it
 * was minute by minute. */
#include "account.h"
#include "ask.h"
#include "caller.h"
#include "direct.h"
#include "handle.h"
#include "room.h"

#include <stdlib.h>

enum { MINUTE_MS = 60 * 1000 };

/* ---- now ---- */

enum outcome handle_admin_stats(struct hub *h, struct caller *c, const struct msg *m,
                                struct err *e)
{
    struct ask *a = question_new(h, ASK_FIGURES, c, m->admin_stats.head.id, e);
    if (!a)
        return REFUSED;
    out_add(h, OUT_FIGURES)->tag = a->tag;
    return DONE;
}

void answer_figures(struct hub *h, struct ask *a, const struct hub_input *in)
{
    struct caller *c = question_end(h, a);
    struct msg m = {.type = MSG_STATS, .stats.head.re = a->id};
    m.stats.stats.v = in->figures.v;
    m.stats.stats.n = MIN(in->figures.n, (size_t)STATS_MAX);
    if (c)
        caller_send(h, c, &m);
}

/* ---- who and where ---- */

struct rank {
    const char *name;
    const struct pulse *pulse;
    uint64_t hour;
};

static int by_hour(const void *a, const void *b)
{
    const struct rank *x = a, *y = b;
    return x->hour == y->hour ? strcmp(x->name, y->name) : x->hour < y->hour ? 1 : -1;
}

static struct str series(struct hub *h, const uint32_t *v, size_t n, int64_t *sum)
{
    struct buf b = {0};
    *sum = 0;
    for (size_t i = 0; i < n; i++) {
        buf_fmt(&b, "%s%u", i ? " " : "", v[i]);
        *sum += v[i];
    }
    struct str kept = str_keep(&h->arena, buf_str(&b));
    buf_finish(&b);
    return kept;
}

static bool item_of(struct hub *h, const struct rank *r, struct busy_item *out)
{
    struct pulse p;
    pulse_read(r->pulse, h->now, &p);
    *out = (struct busy_item){.name = str_of(r->name)};
    out->minutes = series(h, p.minutes, PULSE_MINUTES, &out->hour);
    out->hours = series(h, p.hours, PULSE_HOURS, &out->day);
    return out->day > 0;
}

/* The busiest `limit` of n, those with nothing in a day left out. */
static size_t rank(struct hub *h, struct rank *v, size_t n, size_t limit,
                   struct busy_item **out)
{
    struct pulse p;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        v[i].hour = pulse_read(v[i].pulse, h->now, &p);
    if (n)
        qsort(v, n, sizeof *v, by_hour);
    *out = arena_alloc(&h->arena, limit * sizeof **out);
    for (size_t i = 0; i < n && kept < limit; i++)
        kept += item_of(h, &v[i], &(*out)[kept]);
    return kept;
}

enum outcome handle_admin_busy(struct hub *h, struct caller *c, const struct msg *m,
                               struct err *e)
{
    (void)e;
    VEC(struct rank) rooms = {0}, people = {0};
    size_t limit = (size_t)m->admin_busy.limit;
    for (const struct room *r = h->rooms; r; r = r->hh.next)
        if (r->pulse && !room_is_direct(str_of(r->name))) /* who talks to whom is theirs */
            vec_push(&rooms, (struct rank){.name = r->name, .pulse = r->pulse});
    for (const struct user *u = h->users; u; u = u->hh.next)
        if (u->pulse)
            vec_push(&people, (struct rank){.name = u->name, .pulse = u->pulse});
    struct msg out = {.type = MSG_BUSY, .busy.head.re = m->admin_busy.head.id};
    out.busy.rooms.n = rank(h, rooms.v, rooms.n, limit, &out.busy.rooms.v);
    out.busy.people.n = rank(h, people.v, people.n, limit, &out.busy.people.v);
    caller_send(h, c, &out);
    vec_finish(&rooms);
    vec_finish(&people);
    return DONE;
}

/* ---- minute by minute ---- */

enum outcome handle_admin_minutes(struct hub *h, struct caller *c, const struct msg *m,
                                  struct err *e)
{
    struct ask *a = question_new(h, ASK_MINUTES, c, m->admin_minutes.head.id, e);
    if (!a)
        return REFUSED;
    struct store_job *j = store_job_new(JOB_MINUTES);
    j->from = m->admin_minutes.since;
    j->limit = m->admin_minutes.limit;
    ask_store(h, a, j);
    return DONE;
}

void answer_minutes(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct caller *c = question_end(h, a);
    h->counts.store_failures += j->err.code != ERR_NONE;
    struct msg m = {.type = MSG_MINUTES, .minutes = {.head.re = a->id, .more = j->more}};
    m.minutes.minutes.v = j->minutes.v;
    m.minutes.minutes.n = j->minutes.n;
    if (c && j->err.code != ERR_NONE)
        caller_error(h, c, a->id, &j->err);
    else if (c)
        caller_send(h, c, &m);
}

void minute_tick(struct hub *h)
{
    if (h->minute_at && h->now < h->minute_at)
        return;
    bool is_over = h->minute_at != 0;
    h->minute_at = (h->now / MINUTE_MS + 1) * MINUTE_MS;
    if (is_over && h->booted && !h->draining)
        *out_add(h, OUT_FIGURES) = (struct output){
            .kind = OUT_FIGURES, .tag = ask_new(h, ASK_MINUTE, NULL, 0)->tag, .minute = true};
}

/* A minute in which nobody was here is not worth a write to the disk. */
void answer_minute(struct hub *h, const struct hub_input *in)
{
    struct buf text = {0};
    int64_t sum = 0;
    for (size_t i = 0; i < in->figures.n; i++) {
        const struct stat_item *s = &in->figures.v[i];
        buf_fmt(&text, "%s%.*s %lld", i ? " " : "", STR_ARG(s->name), (long long)s->value);
        sum += str_is(s->name, "connections") || str_is(s->name, "events") ? s->value : 0;
    }
    if (sum > 0 && text.n <= FIGURES_MAX) {
        struct store_job *j = store_job_new(JOB_MINUTE_PUT);
        j->minute.time = (h->now / MINUTE_MS - 1) * MINUTE_MS;
        j->minute.figures = str_keep(&j->arena, buf_str(&text));
        ask_store(h, ask_new(h, ASK_MINUTE_PUT, NULL, 0), j);
    }
    buf_finish(&text);
}
