/* moot admin stats, busy, minutes: how the server is, and how it was. */
#include "cli.h"
#include "codec.h"
#include "note.h"
#include "spark.h"
#include "verbs.h"

#include <unistd.h>

enum { WATCH_MS = 2000, HOUR_MS = 60 * 60 * 1000, NAME_WIDTH = 26 };

/* ---- now ---- */

static void print_figure(struct cli *c, const struct stat_item *s)
{
    struct buf value = {0};
    spark_figure(&value, s->name, s->value);
    print_text(&c->out, s->name, NAME_WIDTH);
    print_fmt(&c->out, "  %.*s\n", STR_ARG(buf_str(&value)));
    buf_finish(&value);
}

/* Watched, all figures of one moment are one object. */
static void print_moment(struct cli *c, const struct msg_stats *m)
{
    print_fmt(&c->out, "{\"time\":%lld", (long long)note_clock());
    for (size_t i = 0; i < m->stats.n; i++) {
        print_fmt(&c->out, ",");
        codec_quote(&c->out.bytes, m->stats.v[i].name);
        print_fmt(&c->out, ":%lld", (long long)m->stats.v[i].value);
    }
    print_fmt(&c->out, "}\n");
}

static bool print_stats(struct cli *c, struct err *e)
{
    const struct msg *m = conversation_ask(c->talk, &(struct msg){.type = MSG_ADMIN_STATS}, e);
    if (!m)
        return false;
    if (c->out.json && c->options.watch)
        print_moment(c, &m->stats);
    for (size_t i = 0; i < m->stats.stats.n && !(c->out.json && c->options.watch); i++) {
        if (c->out.json)
            print_json_item(&c->out, print_shape(MSG_STATS, "stats"), &m->stats.stats.v[i],
                            STR(""));
        else
            print_figure(c, &m->stats.stats.v[i]);
    }
    return true;
}

bool admin_stats_run(struct cli *c, struct err *e)
{
    bool clears = !c->out.json && isatty(STDOUT_FILENO);
    if (!cli_connect(c, e))
        return false;
    for (;;) {
        if (c->options.watch && clears)
            print_fmt(&c->out, "\033[H\033[J");
        if (!print_stats(c, e))
            return false;
        if (!c->options.watch)
            return true;
        if (!c->out.json && !clears)
            print_fmt(&c->out, "\n");
        if (!print_flush(&c->out))
            return true;
        if (!conversation_linger(c->talk, WATCH_MS, e))
            return false;
    }
}

/* ---- who and where ---- */

static void print_busy(struct cli *c, const struct busy_item *b, const char *what)
{
    uint64_t v[SPARK_MAX];
    struct buf bars = {0};
    if (c->out.json) {
        print_json_item(&c->out, print_shape(MSG_BUSY, "rooms"), b,
                        str_fmt(&c->arena, "\"kind\":\"%s\",", what));
        return;
    }
    spark(&bars, v, spark_read(b->minutes, v), c->options.moot.ascii);
    print_text(&c->out, b->name, NAME_WIDTH);
    print_fmt(&c->out, "  %6lld  %7lld  %.*s\n", (long long)b->hour, (long long)b->day,
              STR_ARG(buf_str(&bars)));
    buf_finish(&bars);
}

bool admin_busy_run(struct cli *c, struct err *e)
{
    struct msg q = {.type = MSG_ADMIN_BUSY};
    q.admin_busy.limit = c->options.limit ? MIN(c->options.limit, BUSY_MAX) : 20;
    const struct msg *m = cli_connect(c, e) ? conversation_ask(c->talk, &q, e) : NULL;
    if (!m)
        return false;
    if (!c->out.json)
        print_fmt(&c->out, "%-*s  %6s  %7s  %s\n", NAME_WIDTH, "events", "hour", "day",
                  "the last hour");
    for (size_t i = 0; i < m->busy.rooms.n; i++)
        print_busy(c, &m->busy.rooms.v[i], "room");
    for (size_t i = 0; i < m->busy.people.n; i++)
        print_busy(c, &m->busy.people.v[i], "person");
    return true;
}

/* ---- as it was ---- */

/* "name value name value" as members of an object, or as words. */
static void print_minute(struct cli *c, const struct minute_item *m)
{
    struct print *out = &c->out;
    struct str rest = m->figures;
    if (out->json)
        print_fmt(out, "{\"time\":%lld", (long long)m->time);
    else
        print_time(out, m->time);
    while (rest.n) {
        struct str name = str_cut(&rest, ' ');
        int64_t value;
        if (!str_int(str_cut(&rest, ' '), 0, INT64_MAX, &value))
            break;
        print_fmt(out, out->json ? "," : " ");
        if (out->json)
            codec_quote(&out->bytes, name);
        else
            print_text(out, name, 0);
        print_fmt(out, "%c%lld", out->json ? ':' : '=', (long long)value);
    }
    print_fmt(out, out->json ? "}\n" : "\n");
}

bool admin_minutes_run(struct cli *c, struct err *e)
{
    struct msg q = {.type = MSG_ADMIN_MINUTES, .admin_minutes.limit = MINUTES_MAX};
    int64_t version = -1, *since = &q.admin_minutes.since, now = note_clock();
    if (c->n_words && !note_when(c->words[0], now, &version, since, e))
        return false;
    if (c->n_words && version >= 0)
        return fail(e, ERR_USAGE, "'%.*s' is no time, as 2h, 18:00 or 2026-11-23",
                    STR_ARG(c->words[0]));
    if (!c->n_words)
        *since = now - HOUR_MS;
    if (!cli_connect(c, e))
        return false;
    for (bool more = true; more;) {
        const struct msg *m = conversation_ask(c->talk, &q, e);
        if (!m)
            return false;
        size_t n = m->minutes.minutes.n;
        for (size_t i = 0; i < n; i++)
            print_minute(c, &m->minutes.minutes.v[i]);
        more = m->minutes.more && n;
        if (n)
            *since = m->minutes.minutes.v[n - 1].time + 1;
    }
    return true;
}
