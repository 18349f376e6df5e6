/* How the server and our own link do. Each line is a row of `lines` or of the busiest; what is
 * scrolled out of sight is not drawn. */
#include "beside.h"
#include "spark.h"
#include "view_parts.h"

#include <stdio.h>
#include <string.h>

enum { NAME_WIDTH = 18, HOUR_WIDTH = 7, BUSY_NAME = 20 };

struct pen {
    struct canvas *c;
    struct rect r; /* of the pane */
    int row;       /* of the line to come, from the top of all */
};

/* The line's place; empty when it is out of sight. */
static struct rect next_line(struct pen *p)
{
    int y = p->row++ - p->c->m->stats.top;
    if (y < 0 || y >= p->r.h)
        return (struct rect){0};
    return (struct rect){p->r.x + 1, p->r.y + y, MAX(p->r.w - 2, 0), 1};
}

static void put(struct pen *p, const char *name, struct str text)
{
    struct rect r = next_line(p);
    if (rect_is_empty(r))
        return;
    draw(p->c, r, MEAN_DIM, str_of(name));
    draw(p->c, rect_from(r, r.x + NAME_WIDTH), MEAN_TEXT, text);
}

static void heading(struct pen *p, const char *text)
{
    next_line(p);
    struct rect r = next_line(p);
    if (!rect_is_empty(r))
        draw(p->c, r, MEAN_TITLE, str_of(text));
}

/* "name value  name value": figures of the server, each as people read it. */
static void add_figure(const struct stats_pane *s, struct buf *out, const char *label,
                       const char *name)
{
    int64_t v = stats_value(s, name);
    buf_fmt(out, "%s%s%s", out->n ? "   " : "", label, label[0] ? " " : "");
    if (v < 0)
        buf_add_str(out, STR("?"));
    else
        spark_figure(out, str_of(name), v);
}

struct pair {
    const char *label, *name;
};

static void figures(struct pen *p, const char *title, const struct pair *v, size_t n)
{
    struct buf text = {0};
    for (size_t i = 0; i < n; i++)
        add_figure(&p->c->m->stats, &text, v[i].label, v[i].name);
    put(p, title, buf_str(&text));
    buf_finish(&text);
}
#define FIGURES(p, title, ...)                                                                 \
    figures(p, title, (const struct pair[]){__VA_ARGS__},                                      \
            sizeof((const struct pair[]){__VA_ARGS__}) / sizeof(struct pair))

static void course(struct pen *p, const char *title, const char *name, enum stats_course which)
{
    const struct stats_pane *s = &p->c->m->stats;
    struct buf bars = {0}, value = {0};
    struct rect r = next_line(p);
    if (rect_is_empty(r))
        return;
    spark_figure(&value, str_of(name), MAX(stats_value(s, name), 0));
    int room = MAX(r.w - NAME_WIDTH - 10, 0);
    size_t n = MIN(s->n, (size_t)room);
    spark(&bars, s->course[which] + (s->n - n), n, p->c->t->ascii);
    draw(p->c, r, MEAN_DIM, str_of(title));
    draw(p->c, rect_from(r, r.x + NAME_WIDTH), MEAN_TEXT, buf_str(&value));
    draw(p->c, rect_from(r, r.x + NAME_WIDTH + 10), MEAN_MARK, buf_str(&bars));
    buf_finish(&bars);
    buf_finish(&value);
}

static void own(struct pen *p)
{
    const struct model *m = p->c->m;
    char text[120];
    if (m->session.rtt_ms >= 0)
        snprintf(text, sizeof text, "%lld ms", (long long)m->session.rtt_ms);
    else
        snprintf(text, sizeof text, "not measured");
    put(p, "round trip", str_of(text));
    snprintf(text, sizeof text, "p50 %.1f ms   p99 %.1f ms   of %llu",
             (double)hist_quantile(&m->frames, 0.5) / 1e3,
             (double)hist_quantile(&m->frames, 0.99) / 1e3, (unsigned long long)m->frames.n);
    put(p, "drawing a frame", str_of(text));
}

static void busiest(struct pen *p, const char *title, const struct stats_busy *v, size_t n)
{
    if (n == 0)
        return;
    heading(p, title);
    for (size_t i = 0; i < n; i++) {
        struct rect r = next_line(p);
        if (rect_is_empty(r))
            continue;
        uint64_t minutes[SPARK_MAX];
        struct buf bars = {0};
        size_t count = spark_read(str_of(v[i].minutes), minutes);
        size_t room = (size_t)MAX(r.w - BUSY_NAME - 2 * HOUR_WIDTH - 2, 0);
        size_t shown = MIN(count, room);
        spark(&bars, minutes + (count - shown), shown, p->c->t->ascii);
        draw(p->c, (struct rect){r.x, r.y, BUSY_NAME - 1, 1}, MEAN_TEXT, str_of(v[i].name));
        struct rect at = rect_from(r, r.x + BUSY_NAME);
        draw_fmt(p->c, at, MEAN_DIM, "%*lld %*lld", HOUR_WIDTH, (long long)v[i].hour,
                 HOUR_WIDTH, (long long)v[i].day);
        draw(p->c, rect_from(at, at.x + 2 * HOUR_WIDTH + 2), MEAN_MARK, buf_str(&bars));
        buf_finish(&bars);
    }
}

static void server(struct pen *p)
{
    const struct stats_pane *s = &p->c->m->stats;
    FIGURES(p, "here", {"people", "people"}, {"connections", "connections"});
    FIGURES(p, "in memory", {"rooms", "rooms_open"}, {"texts", "texts_open"},
            {"", "resident_bytes"});
    FIGURES(p, "database", {"", "database_bytes"}, {"up", "uptime_seconds"});
    heading(p, "The last minute");
    course(p, "events a second", "events_per_second", COURSE_EVENTS);
    course(p, "messages in", "messages_per_second", COURSE_MESSAGES);
    course(p, "deliveries", "deliveries_per_second", COURSE_DELIVERIES);
    course(p, "delivery p99", "delivery_p99_us", COURSE_DELAY);
    FIGURES(p, "delivery", {"p50", "delivery_p50_us"}, {"p95", "delivery_p95_us"},
            {"p99", "delivery_p99_us"});
    FIGURES(p, "commit", {"p50", "commit_p50_us"}, {"p99", "commit_p99_us"},
            {"writes", "group_p50"});
    FIGURES(p, "waiting", {"events", "appends_waiting"}, {"jobs", "store_waiting"});
    FIGURES(p, "since the start", {"states dropped", "states_dropped"}, {"cut off", "cut_off"},
            {"failures", "store_failures"});
    busiest(p, "Busiest rooms              hour     day", s->rooms, s->n_rooms);
    busiest(p, "Busiest people             hour     day", s->people, s->n_people);
}

static void all(struct pen *p)
{
    const struct model *m = p->c->m;
    const struct stats_pane *s = &m->stats;
    own(p);
    heading(p, "The server");
    if (s->why.code)
        put(p, "",
            str_of(s->why.code == ERR_FORBIDDEN ? "Its figures are for admins of the server."
                                                : s->why.text));
    else if (!s->came_at)
        put(p, "", m->session.state == SESSION_ONLINE ? STR("Asking") : STR("Offline"));
    else
        server(p);
}

void view_stats(struct canvas *c)
{
    struct rect r = c->l.beside_title;
    const struct stats_pane *s = &c->m->stats;
    bool on = beside_has_focus(c->m, BESIDE_STATS);
    grid_repeat(c->g, r, style_of(c, MEAN_RULE), theme_sign(c->t, SIGN_HORIZONTAL));
    int x =
        draw(c, rect_from(r, r.x + 1), on ? MEAN_TITLE_FOCUS : MEAN_TITLE, STR(" Statistics "));
    int64_t age = s->came_at ? (c->m->now - s->came_at) / 1000 : 0;
    if (age * 1000 > 2 * STATS_EVERY_MS)
        draw_fmt(c, rect_from(r, x), MEAN_PENDING, "%lld s old ", (long long)age);
    struct pen p = {.c = c, .r = c->l.beside};
    all(&p);
}
