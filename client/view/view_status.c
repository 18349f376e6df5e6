/* The status line: where we are, how the link stands, what is not saved, what keys do. */
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
    int64_t silent = session_silence(s, c->m->now);
    switch (s->state) {
    case SESSION_ONLINE:
        if (silent) {
            snprintf(out, n, "no answer for %lld s", (long long)silent / 1000);
            return MEAN_WARN;
        }
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
                 keymap_key(&c->m->keys, ACTION_RETRY, model_where(c->m)).s, s->why.text);
        return MEAN_WARN;
    case SESSION_REFUSED:
        snprintf(out, n, "refused (%s tries again): %s",
                 keymap_key(&c->m->keys, ACTION_RETRY, model_where(c->m)).s, s->why.text);
        return MEAN_BAD;
    case SESSION_STOPPED:
        break;
    }
    snprintf(out, n, "offline");
    return MEAN_WARN;
}

enum { HINT_ACTIONS = 4, NEWS_ROOM_MAX = 20 /* columns of a room's name */ };

/* Keys are looked up: they may be the person's own. */
struct hint {
    enum action_id actions[HINT_ACTIONS];
    const char *what;
};

static const struct hint hints_rooms[] = {
    {{ACTION_OPEN}, "open"},
    {{ACTION_CANCEL}, "board"},
    {{ACTION_COMMAND}, "command"},
    {{ACTION_HELP}, "help"},
};
static const struct hint hints_nowhere[] = {
    {{ACTION_COMMAND}, "command"},
    {{ACTION_HELP}, "help"},
};
static const struct hint hints_board[] = {
    {{ACTION_MOVE_LEFT, ACTION_MOVE_DOWN, ACTION_MOVE_UP, ACTION_MOVE_RIGHT}, "move"},
    {{ACTION_TASK_DESCRIBE}, "describe"},
    {{ACTION_NOTES}, "notes"},
    {{ACTION_FILTER}, "filter"},
    {{ACTION_TASK_ADD}, "add"},
    {{ACTION_TASK_EDIT}, "edit"},
    {{ACTION_TYPE}, "chat"},
    {{ACTION_COMMAND}, "command"},
    {{ACTION_HELP}, "help"},
};
static const struct hint hints_chat[] = {
    {{ACTION_SEND}, "send"},
    {{ACTION_L_NEWLINE}, "new line"},
    {{ACTION_CANCEL}, "board"},
    {{ACTION_HELP}, "help"},
};
static const struct hint hints_edit[] = {
    {{ACTION_L_NEWLINE}, "new line"},
    {{ACTION_SEND}, "save"},
    {{ACTION_CANCEL}, "leave as it was"},
    {{ACTION_HELP}, "help"},
};
static const struct hint hints_answer[] = {
    {{ACTION_L_NEWLINE}, "new line"},
    {{ACTION_SEND}, "answer"},
    {{ACTION_CANCEL}, "answer nothing"},
    {{ACTION_HELP}, "help"},
};
static const struct hint hints_message[] = {
    {{ACTION_MESSAGE_PIN}, "pin"},
    {{ACTION_MESSAGE_COPY}, "copy"},
    {{ACTION_MESSAGE_DELETE}, "delete"},
    {{ACTION_MESSAGE_EDIT}, "edit"},
    {{ACTION_MESSAGE_REACT}, "react"},
    {{ACTION_MESSAGE_REPLY}, "answer"},
    {{ACTION_MESSAGE_FOLLOW}, "follow"},
    {{ACTION_CANCEL}, "back"},
    {{ACTION_HELP}, "help"},
};
static const struct hint hints_notes[] = {
    {{ACTION_NOTE_FULL}, "whole screen"},
    {{ACTION_NOTE_ARCHIVE}, "put away"},
    {{ACTION_NOTE_RENAME}, "rename"},
    {{ACTION_NOTE_NEW}, "add"},
    {{ACTION_NOTE}, "open"},
    {{ACTION_HELP}, "help"},
};
static const struct hint hints_note[] = {
    {{ACTION_NOTE_OUTLINE}, "outline"},
    {{ACTION_NOTE_BLAME}, "who"},
    {{ACTION_NOTE_HISTORY}, "history"},
    {{ACTION_NOTE_FIND}, "find"},
    {{ACTION_NOTES}, "notes"},
    {{ACTION_CANCEL}, "board"},
    {{ACTION_HELP}, "help"},
};
static const struct hint hints_history[] = {
    {{ACTION_VERSION_COMPARE}, "compare"},
    {{ACTION_VERSION_RESTORE}, "restore"},
    {{ACTION_VERSION_BACK, ACTION_VERSION_ON}, "versions"},
    {{ACTION_LEFT, ACTION_RIGHT}, "sittings"},
    {{ACTION_NOTE_CLOSE}, "close"},
    {{ACTION_HELP}, "help"},
};
static const struct hint hints_stats[] = {
    {{ACTION_DOWN, ACTION_UP}, "scroll"},
    {{ACTION_STATS_CLOSE}, "close"},
    {{ACTION_HELP}, "help"},
};
static const struct hint hints_feed[] = {
    {{ACTION_FEED_PERSON}, "by person"},
    {{ACTION_FEED_KIND}, "by kind"},
    {{ACTION_FEED_CLOSE}, "close"},
    {{ACTION_FEED_GO}, "go there"},
    {{ACTION_HELP}, "help"},
};
static const struct hint hints_search[] = {
    {{ACTION_SEARCH_GO}, "go there"}, {{ACTION_SEARCH_AGAIN}, "change"},
    {{ACTION_SEARCH_ORDER}, "order"}, {{ACTION_SEARCH_CLOSE}, "close"},
    {{ACTION_HELP}, "help"},
};
static const struct hint hints_card[] = {
    {{ACTION_TASK_ASSIGN}, "who"},      {{ACTION_TASK_LABEL}, "labels"},
    {{ACTION_TASK_DUE}, "due"},         {{ACTION_TASK_COMMENT}, "comment"},
    {{ACTION_CARD_REMOVE}, "take off"}, {{ACTION_CARD_EDIT}, "edit"},
    {{ACTION_CANCEL}, "close"},         {{ACTION_HELP}, "help"},
};
static const struct hint hints_outline[] = {
    {{ACTION_DOWN, ACTION_UP}, "choose"},
    {{ACTION_OUTLINE_GO}, "go there"},
    {{ACTION_NOTE_CLOSE}, "close"},
    {{ACTION_HELP}, "help"},
};

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
    if (!m->here)
        return HINTS(hints_nowhere);
    switch (m->focus) {
    case FOCUS_ROOMS:
        return HINTS(hints_rooms);
    case FOCUS_BOARD:
        return HINTS(hints_board);
    case FOCUS_CHAT:
        return model_where(m) == IN_MESSAGE ? HINTS(hints_message)
               : m->here->chat.editing      ? HINTS(hints_edit)
               : m->here->chat.answering    ? HINTS(hints_answer)
                                            : HINTS(hints_chat);
    case FOCUS_BESIDE:
        break;
    }
    if (model_beside(m) == BESIDE_CARD)
        return model_where(m) == IN_COMMENT ? HINTS(hints_message) : HINTS(hints_card);
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

/* Their keys: "HJKL", or "PgUp PgDn". */
static void hint_keys(const struct model *m, const struct hint *h, struct buf *out)
{
    for (size_t i = 0; i < HINT_ACTIONS && h->actions[i]; i++) {
        struct key_words key = keymap_key(&m->keys, h->actions[i], model_where(m));
        buf_fmt(out, "%s%s", i && strlen(key.s) > 1 ? " " : "", key.s);
    }
}

static int hint_width(const struct model *m, const struct hint *h)
{
    struct buf keys = {0};
    hint_keys(m, h, &keys);
    int w = glyphs_width(buf_str(&keys)) + glyphs_width(str_of(h->what)) + 3;
    buf_finish(&keys);
    return w;
}

static int draw_hint(struct canvas *c, struct rect r, const struct hint *h)
{
    struct buf keys = {0};
    hint_keys(c->m, h, &keys);
    int x = draw(c, r, MEAN_STATUS_KEY, buf_str(&keys));
    buf_finish(&keys);
    return draw(c, rect_from(r, x + 1), MEAN_STATUS_DIM, str_of(h->what)) + 2;
}

/* As many as fit, the last ones (help) first. A box that is open has its own. */
static void draw_hints(struct canvas *c, struct rect r)
{
    if (model_where(c->m) & (IN_TITLE | IN_PICKER | IN_DIALOG))
        return;
    struct hints hints = hints_of(c->m);
    size_t first = hints.n;
    int w = 1;
    while (first && w + hint_width(c->m, &hints.v[first - 1]) <= r.w)
        w += hint_width(c->m, &hints.v[--first]);
    int x = r.x + r.w - w + 1;
    for (size_t i = first; i < hints.n; i++)
        x = draw_hint(c, rect_from(r, x), &hints.v[i]);
}

/* What the person chose to be for the others, lest it be forgotten. */
static int draw_chosen(struct canvas *c, struct rect r)
{
    bool dnd = people_is_dnd(c->m);
    int x = draw(c, r, MEAN_WARN, sign_of(c, dnd ? SIGN_DND : SIGN_AWAY));
    return draw(c, rect_from(r, x + 1), MEAN_WARN,
                str_of(status_name(dnd ? STATUS_DND : STATUS_AWAY)));
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

/* What is unread out of sight, and where: in the one room that has it, in several, or, without
 * a word, in this one. */
static int draw_unread(struct canvas *c, struct rect r)
{
    struct unread_count n = {0};
    struct room_label label = {""};
    char count[COUNT_TEXT];
    const struct room_view *only = NULL;
    size_t rooms = 0;
    vec_each (v, &c->m->views) {
        bool is_in_view = *v == c->m->here && chat_is_in_view(c->m, &c->l);
        if (is_in_view || (*v)->level == NOTIFY_MUTE || !(*v)->unread.all)
            continue;
        n.all = MIN(n.all + (*v)->unread.all, (size_t)UNREAD_MAX);
        n.mentions += (*v)->unread.mentions;
        only = *v;
        rooms++;
    }
    if (rooms == 0)
        return r.x;
    count_say(n, count);
    model_label(c->m, str_of(only->name), &label);
    enum meaning how = n.mentions ? MEAN_WARN : MEAN_STATUS_DIM;
    if (rooms == 1 && only == c->m->here)
        return draw_fmt(c, r, how, "%s new", count) + 2;
    if (rooms > 1 || glyphs_width(str_of(label.text)) > NEWS_ROOM_MAX)
        return draw_fmt(c, r, how, "%s new elsewhere", count) + 2;
    return draw_fmt(c, r, how, "%s new in %s", count, label.text) + 2;
}

void view_status(struct canvas *c)
{
    struct rect r = c->l.status;
    char text[sizeof((struct err){0}.text) + 64 + KEY_WORDS_MAX];
    grid_fill(c->g, r, style_of(c, MEAN_STATUS));
    struct rect rest = {r.x + 1, r.y, r.w - 2, 1};
    int x = rest.x;
    if (c->m->here)
        x = draw(c, rest, MEAN_STATUS_ROOM,
                 str_of(model_label(c->m, str_of(c->m->here->name), &(struct room_label){0}))) +
            2;
    if (c->m->people.chosen != STATUS_ONLINE || people_is_dnd(c->m))
        x = draw_chosen(c, rect_from(rest, x)) + 2;
    if (c->m->people.pointer.on)
        x = draw(c, rect_from(rest, x), MEAN_BAD, STR("pointer shown")) + 2;
    x = draw_following(c, rect_from(rest, x));
    /* What is not saved comes before everything else that might not fit. */
    if (c->m->session.disk.code)
        x = draw(c, rect_from(rest, x), MEAN_BAD, STR("read only, see T")) + 2;
    size_t unsaved = session_unsaved(&c->m->session);
    if (unsaved) {
        char count[40];
        snprintf(count, sizeof count, "%zu unsaved", unsaved);
        x = draw(c, rect_from(rest, x), MEAN_WARN, str_of(count)) + 2;
    }
    size_t conflicts = model_conflicts(c->m);
    if (conflicts)
        x = draw_fmt(c, rect_from(rest, x), MEAN_BAD, "%zu to decide (!)", conflicts) + 2;
    x = draw_unread(c, rect_from(rest, x));
    enum meaning how = state_of(c, text, sizeof text);
    x = draw(c, rect_from(rest, x), how,
             sign_of(c, how == MEAN_GOOD ? SIGN_ONLINE : SIGN_GONE));
    x = draw(c, rect_from(rest, x + 1), how, str_of(text)) + 2;
    if (unsaved && c->m->session.put_off.code)
        x = draw(c, rect_from(rest, x), MEAN_BAD, str_of(c->m->session.put_off.text)) + 2;
    draw_hints(c, rect_from(rest, x));
}
