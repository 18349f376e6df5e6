/* How the server and our own link do. */
#include "beside.h"
#include "update_parts.h"

#include <stdlib.h>
#include <string.h>

int64_t stats_value(const struct stats_pane *p, const char *name)
{
    vec_each (f, &p->figures)
        if (strcmp(f->name, name) == 0)
            return f->value;
    return -1;
}

int stats_rows(const struct model *m)
{
    enum { LINES = 20 };
    return LINES + (int)(m->stats.n_rooms + m->stats.n_people);
}

void stats_show(struct model *m)
{
    if (!m->here)
        return;
    m->here->shows_stats = true;
    m->stats.top = 0;
    beside_show(m, BESIDE_STATS);
}

void stats_close(struct model *m)
{
    if (m->here)
        m->here->shows_stats = false;
}

void stats_step(struct model *m, int rows)
{
    m->stats.top = MAX(MIN(m->stats.top + rows, stats_rows(m) - 1), 0);
}

void stats_press(struct model *m, const struct layout *l, const struct mouse *mouse,
                 struct effects *out)
{
    (void)l, (void)mouse, (void)out;
    m->focus = FOCUS_BESIDE;
}

/* ---- answers ---- */

static void remember_course(struct stats_pane *p)
{
    static const char *const names[] = {"events_per_second", "messages_per_second",
                                        "deliveries_per_second", "delivery_p99_us"};
    bool is_full = p->n == STATS_HISTORY;
    p->n -= is_full;
    for (size_t c = 0; c < COURSES; c++) {
        memmove(p->course[c], p->course[c] + is_full, p->n * sizeof p->course[c][0]);
        p->course[c][p->n] = (uint64_t)MAX(stats_value(p, names[c]), 0);
    }
    p->n++;
}

void stats_take(struct model *m, const struct msg_stats *s)
{
    struct stats_pane *p = &m->stats;
    if (!p->asked_stats || p->asked_stats != s->head.re)
        return;
    p->asked_stats = 0;
    p->why = (struct err){0};
    p->came_at = m->now;
    p->figures.n = 0;
    for (size_t i = 0; i < s->stats.n; i++) {
        struct stats_figure f = {.value = s->stats.v[i].value};
        memcpy(f.name, s->stats.v[i].name.p, s->stats.v[i].name.n);
        vec_push(&p->figures, f);
    }
    remember_course(p);
}

static size_t take_busy(struct stats_busy *out, const struct busy_item *v, size_t n)
{
    n = MIN(n, (size_t)STATS_BUSIEST);
    for (size_t i = 0; i < n; i++) {
        out[i] = (struct stats_busy){.hour = v[i].hour, .day = v[i].day};
        memcpy(out[i].name, v[i].name.p, v[i].name.n);
        memcpy(out[i].minutes, v[i].minutes.p, v[i].minutes.n);
    }
    return n;
}

void stats_take_busy(struct model *m, const struct msg_busy *b)
{
    struct stats_pane *p = &m->stats;
    if (!p->asked_busy || p->asked_busy != b->head.re)
        return;
    p->asked_busy = 0;
    p->n_rooms = take_busy(p->rooms, b->rooms.v, b->rooms.n);
    p->n_people = take_busy(p->people, b->people.v, b->people.n);
}

bool stats_failed(struct model *m, const struct msg_error *e)
{
    struct stats_pane *p = &m->stats;
    int64_t id = e->head.re;
    if (!id || (id != p->asked_stats && id != p->asked_busy))
        return false;
    *(id == p->asked_stats ? &p->asked_stats : &p->asked_busy) = 0;
    fail(&p->why, err_from_name(e->code), "%.*s", STR_ARG(e->message));
    return true;
}

void stats_linked(struct model *m)
{
    m->stats.asked_at = m->stats.asked_stats = m->stats.asked_busy = 0;
    m->stats.why = (struct err){0};
}

/* ---- asking ---- */

static bool wants(const struct model *m)
{
    return model_beside(m) == BESIDE_STATS && m->session.state == SESSION_ONLINE &&
           !m->stats.why.code;
}

void stats_settle(struct model *m, struct effects *out)
{
    struct stats_pane *p = &m->stats;
    if (!wants(m) || p->asked_stats || m->now < stats_next_tick(m))
        return;
    struct msg stats = {.type = MSG_ADMIN_STATS};
    struct msg busy = {.type = MSG_ADMIN_BUSY, .admin_busy.limit = STATS_BUSIEST};
    p->asked_at = m->now;
    p->asked_stats = session_ask(&m->session, &stats, out, NULL);
    p->asked_busy = session_ask(&m->session, &busy, out, NULL);
}

int64_t stats_next_tick(const struct model *m)
{
    const struct stats_pane *p = &m->stats;
    return wants(m) && !p->asked_stats ? p->asked_at + STATS_EVERY_MS : INT64_MAX;
}
