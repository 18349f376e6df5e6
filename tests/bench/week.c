#include "week.h"

#include "week_act.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SECOND = 1000000000, STUCK_MS = 30000, KEEPING = 10, RECONNECTS = 20, NIGHT_S = 11 };

/* There is one week. The dialect's functions get the load. */
static struct week *week_of(struct load *l)
{
    return l->job_state;
}

static void on_opened(struct load *l, struct link *c)
{
    week_of(l)->came++;
    week_frame(week_of(l), c, (struct str){0});
}

static void on_frame(struct load *l, struct link *c, struct str text)
{
    week_frame(week_of(l), c, text);
}

/* ---- figures of the server ---- */

/* The text of /metrics. */
static bool fetch(const struct load *l, struct buf *out)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)l->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    static const char request[] =
        "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    char part[65536];
    ssize_t n = -1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0 &&
        write(fd, request, sizeof request - 1) > 0)
        while ((n = read(fd, part, sizeof part)) > 0)
            buf_add(out, part, (size_t)n);
    close(fd);
    return n == 0 && out->n > 0;
}

static int64_t figure(struct str text, const char *name)
{
    char line[80];
    int n = snprintf(line, sizeof line, "\nmoot_%s ", name);
    const char *at = memmem(text.p, text.n, line, (size_t)n);
    return at ? strtoll(at + n, NULL, 10) : -1;
}

static int64_t ask_figure(const struct load *l, const char *name)
{
    struct buf text = {0};
    int64_t v = fetch(l, &text) ? figure(buf_str(&text), name) : -1;
    buf_finish(&text);
    return v;
}

/* ---- a day ---- */

static bool is_quiet(struct week *w)
{
    for (size_t i = 0; i < w->l->links.n; i++)
        if (!week_is_answered(w, &w->l->links.v[i]))
            return false;
    return true;
}

/* Until everything is answered and nothing has come for a while. */
static bool settle(struct week *w)
{
    struct load *l = w->l;
    int64_t end = clock_ns() + INT64_C(60) * SECOND;
    for (uint64_t before = UINT64_MAX; before != w->heard || !is_quiet(w);) {
        if (clock_ns() > end) {
            fprintf(stderr, "week: not all requests were answered\n");
            return false;
        }
        before = w->heard;
        load_pump(l, SECOND / 2);
    }
    return true;
}

static bool owns(const struct load *l, const struct link *c)
{
    return c->index < l->rooms;
}

static bool morning(struct week *w)
{
    struct load *l = w->l;
    if (!links_dial(l, owns, l->window, STUCK_MS) || !settle(w))
        return false;
    for (size_t i = 0; i < l->rooms; i++)
        week_enter(w, &l->links.v[i]); /* of the others' rooms, now that they are made */
    if (!settle(w) || !links_dial(l, NULL, l->window, STUCK_MS) || !settle(w))
        return false;
    for (size_t i = 0; i < KEEPING; i++)
        week_keep(w, &l->links.v[i]);
    return settle(w);
}

/* Somebody's laptop is closed and opened again: out of the rooms first, so that nothing is on
 * its way to nobody, which could not be counted. */
static bool reconnect(struct week *w, size_t first)
{
    struct load *l = w->l;
    for (size_t i = 0; i < RECONNECTS; i++)
        week_leave(w, &l->links.v[(first + i * 37) % l->conns]);
    if (!settle(w))
        return false;
    for (size_t i = 0; i < RECONNECTS; i++)
        links_hang_up(&l->links, &l->links.v[(first + i * 37) % l->conns]);
    return links_dial(l, NULL, l->window, STUCK_MS) && settle(w);
}

static bool work(struct week *w, int64_t day)
{
    struct load *l = w->l;
    int64_t step = SECOND / l->rate, from = clock_ns(), end = from + l->seconds * SECOND;
    bool was_away = false;
    for (int64_t next = from; next < end; next += step) {
        for (int64_t left; (left = next - clock_ns()) > 0;)
            links_turn(l, left);
        links_turn(l, 0);
        l->random = l->random * 6364136223846793005u + 1442695040888963407u;
        week_act(w, &l->links.v[(l->random >> 33) % l->conns]);
        if (!was_away && next > from + (end - from) / 2) {
            was_away = true;
            if (!reconnect(w, (size_t)day * 101))
                return false;
        }
    }
    return settle(w);
}

static bool evening(struct week *w, int64_t day)
{
    struct load *l = w->l;
    for (size_t i = 0; day == 1 && i < l->rooms; i++)
        week_fill(w, &l->links.v[i]);
    if (!settle(w))
        return false;
    if (ask_figure(l, "connections") != (int64_t)l->conns ||
        ask_figure(l, "people") != (int64_t)l->users)
        w->wrong++;
    for (size_t i = 0; i < l->conns; i++)
        week_leave(w, &l->links.v[i]);
    if (!settle(w))
        return false;
    for (size_t i = 0; i < l->conns; i++)
        links_hang_up(&l->links, &l->links.v[i]);
    int64_t end = clock_ns() + INT64_C(20) * SECOND;
    while (ask_figure(l, "connections") != 0 && clock_ns() < end)
        load_pump(l, SECOND / 10);
    return ask_figure(l, "connections") == 0;
}

static bool night(struct week *w, int64_t day)
{
    struct load *l = w->l;
    bool ok = !l->night || system(l->night) == 0;
    load_pump(l, (int64_t)NIGHT_S * SECOND); /* memory is given back every ten seconds */
    printf("day=%" PRId64 " rss_kib=%" PRId64 " database_kib=%" PRId64 "\n", day,
           process_rss_kib(l->pid), ask_figure(l, "database_bytes") / 1024);
    fflush(stdout);
    return ok || (fprintf(stderr, "week: the night's work failed\n"), false);
}

/* ---- the end ---- */

/* What the server counts and what was counted here, and whether they are the same. */
static void compare(struct week *w, struct str text, const char *name, uint64_t want)
{
    int64_t got = figure(text, name);
    bool is_same = got == (int64_t)want;
    w->wrong += !is_same;
    printf("%s=%" PRId64 " counted_%s=%" PRIu64 "%s\n", name, got, name, want,
           is_same ? "" : " DIFFERS");
}

static bool compare_all(struct week *w)
{
    struct buf text = {0};
    uint64_t events = 0;
    if (!fetch(w->l, &text))
        return false;
    for (size_t i = 0; i < w->n_rooms; i++)
        events += (uint64_t)w->rooms[i].seq;
    struct str s = buf_str(&text);
    compare(w, s, "messages_in_total", w->sent);
    compare(w, s, "deliveries_total", w->heard);
    compare(w, s, "events_total", events);
    compare(w, s, "edits_total", w->edits);
    compare(w, s, "refused_total", w->refused);
    compare(w, s, "signed_in_total", w->came);
    compare(w, s, "store_failures_total", 0);
    compare(w, s, "cut_off_total", 0);
    compare(w, s, "states_dropped_total", 0);
    printf("wrong=%d\n", w->wrong);
    buf_finish(&text);
    return true;
}

bool job_week(struct load *l)
{
    struct dialect d = *l->dialect;
    struct week w = {.l = l, .n_rooms = l->rooms};
    w.people = mem_new(l->conns * sizeof *w.people);
    w.rooms = mem_new(l->rooms * sizeof *w.rooms);
    d.opened = on_opened;
    l->dialect = &d;
    l->job_state = &w;
    l->on_frame = on_frame;
    l->counted = "{";
    l->counted_n = 1;
    l->random = 88172645463325252u;
    for (size_t i = 0; i < l->conns; i++)
        week_place(&w, &l->links.v[i]);
    bool ok = true;
    for (int64_t day = 1; ok && day <= l->repeat; day++)
        ok = morning(&w) && work(&w, day) && evening(&w, day) && night(&w, day);
    ok = ok && compare_all(&w);
    free(w.people);
    free(w.rooms);
    return ok && l->links.lost == 0;
}
