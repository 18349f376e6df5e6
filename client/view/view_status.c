/* The status line: where we are, how the link stands, what is not saved, what keys do. And the
 * toasts above it. */
#include "view_parts.h"
#include "wrap.h"

#include <stdio.h>

static long long seconds_left(const struct model *m)
{
    int64_t left = m->session.retry_at - m->now;
    return left > 0 ? (left + 999) / 1000 : 0;
}

/* The state in words, and how good it is. */
static enum meaning state_of(const struct canvas *c, char *out, size_t n)
{
    const struct session *s = &c->m->session;
    switch (s->state) {
    case SESSION_ONLINE:
        if (s->rtt_ms >= 0)
            snprintf(out, n, "online %lld ms", (long long)s->rtt_ms);
        else
            snprintf(out, n, "online");
        return MEAN_GOOD;
    case SESSION_CONNECTING:
        snprintf(out, n, "connecting");
        return MEAN_WARN;
    case SESSION_WAITING:
        snprintf(out, n, "reconnecting in %lld s (%s now): %s", seconds_left(c->m),
                 model_where(c->m) & IN_PANES ? "R" : "M-r", s->why.text);
        return MEAN_WARN;
    case SESSION_REFUSED:
        snprintf(out, n, "refused: %s", s->why.text);
        return MEAN_BAD;
    case SESSION_STOPPED:
        break;
    }
    snprintf(out, n, "offline");
    return MEAN_WARN;
}

struct hint {
    const char *keys, *what;
};

static const struct hint hints_rooms[] = {{"Enter", "open"}, {":", "command"}, {"?", "help"}};
static const struct hint hints_board[] = {{"HJKL", "move"}, {"o", "describe"}, {"N", "notes"},
                                          {"/", "filter"},  {"a", "add"},      {"e", "edit"},
                                          {"i", "chat"},    {":", "command"},  {"?", "help"}};
static const struct hint hints_chat[] = {
    {"Enter", "send"}, {"M-Enter", "new line"}, {"Esc", "board"}, {"F1", "help"}};
static const struct hint hints_message[] = {
    {"p", "pin"},    {"y", "copy"},       {"d", "delete"}, {"e", "edit"}, {"+", "react"},
    {"r", "answer"}, {"Enter", "follow"}, {"Esc", "back"}, {"?", "help"}};
static const struct hint hints_notes[] = {{"z", "whole screen"}, {"d", "put away"},
                                          {"e", "rename"},       {"a", "add"},
                                          {"Enter", "open"},     {"?", "help"}};
static const struct hint hints_note[] = {
    {"M-o", "outline"}, {"M-w", "who"},   {"M-h", "history"}, {"C-f", "find"},
    {"C-o", "notes"},   {"Esc", "board"}, {"F1", "help"}};
static const struct hint hints_history[] = {{"c", "compare"},    {"r", "restore"},
                                            {", .", "versions"}, {"h l", "sittings"},
                                            {"q", "close"},      {"?", "help"}};

static const struct hint hints_stats[] = {{"j k", "scroll"}, {"q", "close"}, {"?", "help"}};
static const struct hint hints_feed[] = {
    {"f", "by person"}, {"t", "by kind"}, {"q", "close"}, {"Enter", "go there"}, {"?", "help"}};
static const struct hint hints_search[] = {
    {"Enter", "go there"}, {"/", "change"}, {"o", "order"}, {"q", "close"}, {"?", "help"}};
static const struct hint hints_card[] = {{"M", "who"},     {"t", "labels"},   {"b", "due"},
                                         {"c", "comment"}, {"x", "take off"}, {"Enter", "edit"},
                                         {"Esc", "close"}, {"?", "help"}};
static const struct hint hints_outline[] = {
    {"j k", "choose"}, {"Enter", "go there"}, {"q", "close"}, {"?", "help"}};

struct hints {
    const struct hint *v;
    size_t n;
};

static struct hints hints_of(const struct model *m)
{
#define HINTS(list)                                                                            \
    (struct hints)                                                                             \
    {                                                                                          \
        list, COUNT_OF(list)                                                                   \
    }
    switch (m->focus) {
    case FOCUS_ROOMS:
        return HINTS(hints_rooms);
    case FOCUS_BOARD:
        return HINTS(hints_board);
    case FOCUS_CHAT:
        return model_where(m) == IN_MESSAGE ? HINTS(hints_message) : HINTS(hints_chat);
    case FOCUS_BESIDE:
        break;
    }
    if (model_beside(m) == BESIDE_CARD)
        return HINTS(hints_card);
    enum action_where where = model_where(m);
    return where == IN_NOTE      ? HINTS(hints_note)
           : where == IN_FEED    ? HINTS(hints_feed)
           : where == IN_SEARCH  ? HINTS(hints_search)
           : where == IN_STATS   ? HINTS(hints_stats)
           : where == IN_HISTORY ? HINTS(hints_history)
           : where == IN_OUTLINE ? HINTS(hints_outline)
                                 : HINTS(hints_notes);
#undef HINTS
}

static int hints_width(const struct hint *h, size_t n)
{
    int w = 1;
    for (size_t i = 0; i < n; i++)
        w += glyphs_width(str_of(h[i].keys)) + glyphs_width(str_of(h[i].what)) + 3;
    return w;
}

/* As many as fit, the last ones (help) first. */
static void draw_hints(struct canvas *c, struct rect r)
{
    struct hints hints = hints_of(c->m);
    const struct hint *h = hints.v;
    size_t n = hints.n;
    while (n && hints_width(h, n) > r.w) {
        h++;
        n--;
    }
    int x = r.x + r.w - hints_width(h, n) + 1;
    for (size_t i = 0; i < n; i++) {
        x = draw(c, rect_from(r, x), MEAN_STATUS_KEY, str_of(h[i].keys));
        x = draw(c, rect_from(r, x + 1), MEAN_STATUS_DIM, str_of(h[i].what)) + 2;
    }
}

/* What the person chose to be for the others, lest it be forgotten. */
static int draw_chosen(struct canvas *c, struct rect r)
{
    bool dnd = c->m->people.chosen == STATUS_DND;
    int x = draw(c, r, MEAN_WARN, sign_of(c, dnd ? SIGN_DND : SIGN_AWAY));
    return draw(c, rect_from(r, x + 1), MEAN_WARN, str_of(status_name(c->m->people.chosen)));
}

/* Whom we follow, and who follows us. Returns the column behind it and a gap. */
static int draw_following(struct canvas *c, struct rect r)
{
    const struct replica *replica = model_replica(c->m);
    const char *user = c->m->people.following.user, *after = NULL;
    size_t n = 0;
    if (user[0])
        r = rect_from(r, draw_fmt(c, r, MEAN_WARN, "following %s", user) + 2);
    for (size_t i = 0; replica && i < replica->showing.n; i++)
        if (str_is(str_of(replica->showing.v[i].follows), c->m->session.user)) {
            after = replica->showing.v[i].user;
            n++;
        }
    if (n == 1)
        r = rect_from(r, draw_fmt(c, r, MEAN_STATUS_DIM, "%s follows", after) + 2);
    else if (n)
        r = rect_from(r, draw_fmt(c, r, MEAN_STATUS_DIM, "%zu follow", n) + 2);
    return r.x;
}

void view_status(struct canvas *c)
{
    struct rect r = c->l.status;
    char text[sizeof((struct err){0}.text) + 64];
    grid_fill(c->g, r, style_of(c, MEAN_STATUS));
    struct rect rest = {r.x + 1, r.y, r.w - 2, 1};
    int x = rest.x;
    if (c->m->here)
        x = draw(c, rest, MEAN_STATUS_ROOM, str_of(c->m->here->name)) + 2;
    if (c->m->people.chosen != STATUS_ONLINE)
        x = draw_chosen(c, rect_from(rest, x)) + 2;
    if (c->m->people.pointer.on)
        x = draw(c, rect_from(rest, x), MEAN_BAD, STR("pointer shown")) + 2;
    x = draw_following(c, rect_from(rest, x));
    /* What is not saved comes before everything else that might not fit. */
    size_t unsaved = session_unsaved(&c->m->session);
    if (unsaved) {
        char count[40];
        snprintf(count, sizeof count, "%zu unsaved", unsaved);
        x = draw(c, rect_from(rest, x), MEAN_WARN, str_of(count)) + 2;
    }
    size_t conflicts = model_conflicts(c->m);
    if (conflicts)
        x = draw_fmt(c, rect_from(rest, x), MEAN_BAD, "%zu to decide (!)", conflicts) + 2;
    enum meaning how = state_of(c, text, sizeof text);
    x = draw(c, rect_from(rest, x), how,
             sign_of(c, how == MEAN_GOOD ? SIGN_ONLINE : SIGN_GONE));
    x = draw(c, rect_from(rest, x + 1), how, str_of(text)) + 2;
    draw_hints(c, rect_from(rest, x));
}

/* ---- toasts ---- */

static int toast_rows(const struct toast *t, int width)
{
    return wrap_rows(str_of(t->text), width, 4);
}

/* The row that they stand above: what is being typed stays to be seen. */
static int toast_floor(const struct canvas *c)
{
    bool types = c->m->focus == FOCUS_CHAT && c->l.input.h > 0;
    return types ? MIN(c->l.status.y, c->l.input.y) : c->l.status.y;
}

void view_toasts(struct canvas *c)
{
    int most = MIN(c->g->w - 2, 60), low = toast_floor(c);
    if (most < 4)
        return;
    for (size_t i = c->m->toasts.n; i-- > 0;) {
        const struct toast *t = &c->m->toasts.v[i];
        struct style s = style_of(c, t->kind == TOAST_ERROR ? MEAN_TOAST_ERROR : MEAN_TOAST);
        int rows = toast_rows(t, most - 2);
        int w = rows > 1 ? most : MIN(glyphs_width(str_of(t->text)) + 2, most);
        struct rect r = {c->g->w - w, low - rows, w, rows};
        if (r.y < 0)
            return;
        grid_fill(c->g, r, s);
        struct str rest = str_of(t->text), row;
        for (int y = 0; y < rows && wrap_next(&rest, most - 2, &row); y++)
            grid_text(c->g, r, r.x + 1, r.y + y, s, row);
        low = r.y;
    }
}
