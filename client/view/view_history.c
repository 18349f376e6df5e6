/* The versions of a text: a slider over all of them, who made the one looked at and when, and
 * what it changed. */
#include "view_note_parts.h"
#include "wrap.h"

#include <stdio.h>
#include <time.h>

enum { AUTHORS_SHOWN = 4 };

static const char *author_of(const struct note_history *h, int64_t version)
{
    const struct note_version *v = &h->versions.v[version];
    return version > 0 && v->time && v->author < h->authors.n ? h->authors.v[v->author] : "";
}

/* In the colour of who made the version at each place. */
static void draw_slider(struct canvas *c, struct rect r, const struct note_history *h)
{
    for (int x = 0; x < r.w; x++) {
        const char *who = author_of(h, history_version(h, r.w, x));
        struct style s = who[0] ? person_style(c, str_of(who)) : style_of(c, MEAN_RULE);
        grid_text(c->g, r, r.x + x, r.y, s, sign_of(c, SIGN_HORIZONTAL));
    }
    if (!h->to_now && h->from > 0)
        grid_text(c->g, r, r.x + history_column(h, r.w, h->from), r.y, style_of(c, MEAN_MARK),
                  sign_of(c, SIGN_GONE));
    grid_text(c->g, r, r.x + history_column(h, r.w, h->at), r.y, style_of(c, MEAN_MARK),
              sign_of(c, SIGN_ONLINE));
}

static int draw_authors(struct canvas *c, struct rect r, const struct note_history *h)
{
    const char *shown[AUTHORS_SHOWN];
    size_t n = 0;
    int x = r.x;
    int64_t first = h->by_version ? h->at : h->from + 1;
    for (int64_t v = h->at; v >= MAX(first, 1) && n < AUTHORS_SHOWN; v--) {
        const char *who = author_of(h, v);
        bool is_new = who[0];
        for (size_t i = 0; i < n; i++)
            is_new = is_new && shown[i] != who;
        if (!is_new)
            continue;
        shown[n++] = who;
        x = draw_style(c, rect_from(r, x), person_style(c, str_of(who)), str_of(who)) + 1;
    }
    return x;
}

static void time_of(const struct canvas *c, int64_t ms, char *out, size_t n)
{
    time_t t = (time_t)(ms / 1000);
    struct tm tm = {0};
    char age[AGE_MAX];
    localtime_r(&t, &tm);
    size_t k = strftime(out, n, "%Y-%m-%d %H:%M", &tm);
    age_of(c->m->now - ms, age);
    snprintf(out + k, n - k, " (%s)", age);
}

/* The text and its difference, which are asked for. */
static bool is_there(const struct note_history *h)
{
    return h->is_shown && h->shown_at == h->at && h->shown_to_now == h->to_now;
}

static void draw_about(struct canvas *c, struct rect r, const struct note_history *h)
{
    char when[64] = "";
    if (h->is_asking) {
        draw_fmt(c, r, MEAN_PENDING,
                 "Make the text what it was in version %lld?  y or Enter: yes   n or Esc: no",
                 (long long)h->at);
        return;
    }
    int x = draw_fmt(c, r, MEAN_TITLE, "%lld of %lld", (long long)h->at,
                     (long long)h->versions.n - 1);
    x = draw_authors(c, rect_from(r, x + 1), h);
    if (h->at > 0 && h->versions.v[h->at].time > 1)
        time_of(c, h->versions.v[h->at].time, when, sizeof when);
    x = draw(c, rect_from(r, x), MEAN_TIME, str_of(when));
    if (is_there(h)) {
        x = draw_fmt(c, rect_from(r, x + 1), MEAN_ADDED, "+%zu", h->added);
        x = draw_fmt(c, rect_from(r, x + 1), MEAN_REMOVED, "-%zu", h->removed);
    }
    if (h->to_now)
        draw(c, rect_from(r, x + 1), MEAN_DIM, STR("since then, up to now"));
    else if (h->at > h->from + 1)
        draw_fmt(c, rect_from(r, x + 1), MEAN_DIM, "since %lld", (long long)h->from);
}

/* Rows of one line of the difference; returns the row behind it. */
static int draw_line(struct canvas *c, struct rect r, int y, const struct diff_line *l)
{
    static const enum meaning means[] = {MEAN_TEXT, MEAN_ADDED, MEAN_REMOVED};
    static const char *const marks[] = {" ", "+", "-"};
    struct style s = style_of(c, means[l->kind]);
    struct str rest = l->text, row;
    struct rect text = {r.x + 2, r.y, MAX(r.w - 2, 1), r.h};
    grid_text(c->g, r, r.x, y, s, str_of(marks[l->kind]));
    if (rest.n == 0)
        return y + 1;
    for (; y < r.y + r.h && wrap_next(&rest, text.w, &row); y++)
        grid_text(c->g, text, text.x, y, s, row);
    return y;
}

void view_history(struct canvas *c)
{
    const struct note_history *h = &c->m->here->note.history;
    struct history_spots spots;
    history_spots_of(&c->l, &spots);
    if (h->versions.n == 0)
        return;
    draw_slider(c, spots.slider, h);
    draw_about(c, spots.about, h);
    if (!is_there(h)) {
        draw(c, (struct rect){spots.text.x, spots.text.y, spots.text.w, spots.text.h > 0},
             MEAN_DIM,
             c->m->session.state == SESSION_ONLINE ? STR("Asking for the text")
                                                   : STR("There is no connection."));
        return;
    }
    int y = spots.text.y;
    for (size_t i = h->top; i < h->lines.lines.n && y < spots.text.y + spots.text.h; i++)
        y = draw_line(c, spots.text, y, &h->lines.lines.v[i]);
}
