/* What went on, newest first. */
#include "beside.h"
#include "view_parts.h"
#include "wrap.h"

#include <stdio.h>
#include <time.h>

enum { WHEN_WIDTH = 7, NAME_WIDTH = 11, NAME_FROM = 50 };

/* The time of today, the day of what is older. */
static void when_of(const struct canvas *c, int64_t time_ms, char out[16])
{
    time_t t = (time_t)(time_ms / 1000);
    struct tm tm = {0};
    localtime_r(&t, &tm);
    bool today = chat_day(time_ms) == chat_day(c->m->now);
    if (!(today ? strftime(out, 16, "%H:%M", &tm) : strftime(out, 16, "%d %b", &tm)))
        out[0] = '\0';
}

struct feed_line {
    int64_t time;
    struct str author, text; /* author empty: none */
    bool is_error, is_head;
};

static struct feed_line line_at(const struct model *m, size_t at)
{
    const struct feed_pane *p = &m->here->feed;
    if (p->shows == FEED_NOTICES) {
        const struct notice *n = &m->notices.v[m->notices.n - 1 - at];
        return (struct feed_line){
            .time = n->time, .text = str_of(n->text), .is_error = n->is_error};
    }
    if (p->shows == FEED_CATCHUP) {
        const struct catchup_item *i = &m->catchup.items.v[at];
        return (struct feed_line){.time = i->time,
                                  .author = str_of(i->author),
                                  .text = str_of(i->text),
                                  .is_head = i->is_head};
    }
    const struct feed_item *i = &p->items.v[p->items.n - 1 - at];
    return (struct feed_line){
        .time = i->time, .author = str_of(i->author), .text = str_of(i->text)};
}

static void draw_line(struct canvas *c, struct rect r, const struct feed_line *line,
                      bool is_selected)
{
    struct style text = style_of(c, line->is_error  ? MEAN_TROUBLE
                                    : line->is_head ? MEAN_TITLE
                                                    : MEAN_TEXT);
    struct style when = style_of(c, MEAN_TIME), name = person_style(c, line->author);
    char time[16];
    if (is_selected) {
        struct style s = style_of(c, beside_has_focus(c->m, BESIDE_FEED) ? MEAN_SELECTED
                                                                         : MEAN_SELECTED_AWAY);
        grid_fill(c->g, r, s);
        text = when = name = s;
    }
    struct rect at = {r.x + 1, r.y, r.w - 2, 1};
    if (line->is_head) {
        draw_style(c, at, text, line->text);
        return;
    }
    when_of(c, line->time, time);
    draw_style(c, at, when, str_of(time));
    at = rect_from(at, at.x + WHEN_WIDTH);
    if (line->author.n) {
        bool aligned = r.w >= NAME_FROM;
        struct rect who = {at.x, at.y, aligned ? MIN(NAME_WIDTH - 1, at.w) : at.w, 1};
        int x = draw_style(c, who, name, line->author);
        at = rect_from(at, aligned ? at.x + NAME_WIDTH : x + 1);
    }
    draw_style(c, at, text, line->text);
}

static void draw_since(struct canvas *c, struct rect r)
{
    time_t t = (time_t)(c->m->catchup.since / 1000);
    struct tm tm = {0};
    char time[48];
    localtime_r(&t, &tm);
    if (strftime(time, sizeof time, "since %a %d %b, %H:%M ", &tm))
        draw(c, r, MEAN_DIM, str_of(time));
}

static void draw_title(struct canvas *c)
{
    const struct feed_pane *p = &c->m->here->feed;
    struct rect r = c->l.beside_title;
    bool on = beside_has_focus(c->m, BESIDE_FEED);
    struct str title = p->shows == FEED_NOTICES   ? STR(" Notices ")
                       : p->shows == FEED_CATCHUP ? STR(" Catch-up ")
                                                  : STR(" Activity ");
    grid_repeat(c->g, r, style_of(c, MEAN_RULE), theme_sign(c->t, SIGN_HORIZONTAL));
    int x = draw(c, rect_from(r, r.x + 1), on ? MEAN_TITLE_FOCUS : MEAN_TITLE, title);
    if (p->shows == FEED_CATCHUP)
        draw_since(c, rect_from(r, x));
    if (p->shows == FEED_NOTICES)
        draw(c, rect_from(r, x), MEAN_DIM, STR("since moot was started "));
    if (p->shows != FEED_ACTIVITY)
        return;
    if (p->user[0])
        x = draw_fmt(c, rect_from(r, x), MEAN_MARK, "of %s ", p->user);
    if (p->kind != ACTIVITY_ALL)
        x = draw_fmt(c, rect_from(r, x), MEAN_MARK, "only %s ", activity_name(p->kind));
    if (c->m->session.state != SESSION_ONLINE)
        draw(c, rect_from(r, x), MEAN_PENDING, STR("as it was: offline "));
}

static const char *nothing(const struct canvas *c)
{
    const struct feed_pane *p = &c->m->here->feed;
    if (p->shows == FEED_NOTICES)
        return "Nothing since moot was started. What others do to your cards, and where you "
               "are named, comes here.";
    if (p->shows == FEED_CATCHUP && c->m->session.state != SESSION_ONLINE)
        return "Offline: the log is on the server.";
    if (p->shows == FEED_CATCHUP)
        return c->m->catchup.questions.n ? "Reading the log"
                                         : "Nothing: nobody named you, and nobody touched your "
                                           "cards or a note.";
    if (p->asked || (!p->is_known && c->m->session.state == SESSION_ONLINE))
        return "Reading the log";
    if (!p->is_known)
        return "Offline: the log is on the server.";
    return p->user[0] || p->kind ? "Nothing of that kind. f and t change what is shown."
                                 : "Nothing was done here yet.";
}

/* What follows the last line: that there is more, or why not. */
static const char *behind(const struct model *m)
{
    const struct feed_pane *p = &m->here->feed;
    if (p->shows == FEED_CATCHUP)
        return m->catchup.questions.n ? "Reading on"
               : m->catchup.more      ? "moot catchup prints what is older."
                                      : "";
    if (p->shows == FEED_NOTICES || !p->more)
        return "";
    return p->items.n >= FEED_MAX ? "moot activity prints what is older." : "Reading on";
}

void view_feed(struct canvas *c)
{
    const struct feed_pane *p = &c->m->here->feed;
    struct rect r = c->l.beside;
    size_t n = feed_lines(c->m);
    draw_title(c);
    if (n == 0) {
        struct rect at = {r.x + 1, r.y, r.w - 2, 1};
        struct str rest = str_of(nothing(c)), row;
        for (int y = 0; y < r.h && wrap_next(&rest, MAX(at.w, 1), &row); y++, at.y++)
            draw(c, at, MEAN_DIM, row);
        return;
    }
    for (int y = 0; y < r.h; y++) {
        struct rect row = {r.x, r.y + y, r.w, 1};
        size_t at = p->first + (size_t)y;
        if (at > n)
            return;
        if (at == n) {
            draw(c, rect_from(row, row.x + 1), MEAN_DIM, str_of(behind(c->m)));
            return;
        }
        struct feed_line line = line_at(c->m, at);
        draw_line(c, row, &line, at == p->at);
    }
}
