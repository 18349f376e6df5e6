/* Going to a place in the chat, however far back: to a message, or to a day. One question
 * brings the page around it, unless it is here already. */
#include "query.h"
#include "update_parts.h"

#include <stdlib.h>
#include <time.h>

enum { DAY_WORDS_MAX = 32 };

static void seek_end(struct chat_pane *p)
{
    p->seek = p->seek_time = p->seek_from = 0;
    p->seek_asked = false;
}

void seek_message(struct model *m, int64_t message)
{
    if (card_go_said(m, message))
        return;
    seek_end(&m->here->chat);
    m->here->chat.seek = message;
    m->focus = FOCUS_CHAT;
}

void seek_tell(struct model *m, int64_t message)
{
    if (m->listener.place)
        m->listener.place(m->listener.arg, message);
}

void seek_latest(struct model *m)
{
    if (m->here)
        m->here->chat_anchor = m->here->chat_cut = 0;
}

/* ---- days ---- */

int64_t local_zone(int64_t now_ms)
{
    time_t now = (time_t)(now_ms / 1000);
    struct tm tm = {0};
    localtime_r(&now, &tm);
    return tm.tm_gmtoff / 60;
}

/* In the words of a search; false when that is no day. */
static bool read_day(const struct model *m, struct str text, int64_t *time)
{
    struct query q = {0};
    struct buf b = {0};
    struct query_time now = {m->now, local_zone(m->now)};
    buf_fmt(&b, "kind:chat after:%.*s", STR_ARG(text));
    bool ok = text.n <= DAY_WORDS_MAX && query_parse(&q, buf_str(&b), now, NULL) &&
              q.filters_n == 2 && q.filters[1].key == KEY_AFTER && q.terms_n == 0;
    if (ok)
        *time = q.filters[1].number;
    query_finish(&q);
    buf_finish(&b);
    return ok;
}

void seek_day(struct model *m, struct str text)
{
    int64_t time;
    text = str_trim(text);
    if (!m->here)
        return;
    if (text.n == 0) {
        prompt_open(m, PROMPT_DAY, (struct str){0});
        return;
    }
    if (!read_day(m, text, &time)) {
        model_toast(m, TOAST_ERROR,
                    "\"%.*s\" is no day: 2026-12-31, today, yesterday, or 2h, 7d, 3w ago.",
                    (int)MIN(text.n, (size_t)DAY_WORDS_MAX), text.p);
        return;
    }
    seek_end(&m->here->chat);
    m->here->chat.seek_time = MAX(time, 1);
    m->here->chat.at = 0;
    m->focus = FOCUS_CHAT;
}

/* ---- getting there ---- */

/* The first line of that time or later. */
static size_t place_of(const struct replica *r, int64_t time)
{
    size_t low = 0, high = r->lines.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (r->lines.v[mid]->time < time)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Whether no message of that time or later lacks in front of the first that is here. */
static bool is_here(const struct replica *r, int64_t time)
{
    size_t at = place_of(r, time);
    return at > r->past || (at > 0 && at < r->past) || (at == 0 && !r->has_older);
}

static void show_time(struct model *m, const struct replica *r, int64_t time)
{
    struct layout l;
    size_t at = place_of(r, time);
    if (at >= r->lines.n) {
        model_toast(m, TOAST_INFO, "Nothing was said since then.");
        m->here->chat_anchor = m->here->chat_cut = 0;
        return;
    }
    layout_of(m, &l);
    chat_show_from(m, &l, at);
    seek_tell(m, r->lines.v[at]->seq);
}

static bool is_there(const struct replica *r, const struct chat_pane *p)
{
    if (p->seek_from)
        return replica_covers(r, p->seek_from);
    return p->seek ? replica_line_index(r, p->seek) >= 0 : is_here(r, p->seek_time);
}

static void arrive(struct model *m, const struct replica *r)
{
    struct chat_pane *p = &m->here->chat;
    if (p->seek_from) {
        seek_tell(m, p->seek_from);
    } else if (!p->seek) {
        show_time(m, r, p->seek_time);
    } else if (replica_line_index(r, p->seek) >= 0) {
        p->at = replica_number_of(r, p->seek);
        message_reveal(m);
    } else {
        model_toast(m, TOAST_INFO, "That message is not there any more.");
    }
    seek_end(p);
}

/* The server is older than the question. */
static void give_up(struct model *m)
{
    model_toast(m, TOAST_INFO,
                "That is not loaded, and the server is too old to be asked for it.");
    seek_end(&m->here->chat);
}

void seek_settle(struct model *m, const struct replica *r, struct effects *out)
{
    struct chat_pane *p = &m->here->chat;
    if (!p->seek && !p->seek_time && !p->seek_from)
        return;
    if (is_there(r, p) || (p->seek && replica_covers(r, p->seek)))
        arrive(m, r);
    else if (r->synced && m->session.revision < AROUND_REVISION)
        give_up(m);
    else if (!r->synced)
        p->seek_asked = false; /* the link is gone, and with it the question */
    else if (!r->asked && p->seek_asked)
        arrive(m, r);
    else if (!r->asked)
        p->seek_asked = session_around(&m->session, str_of(m->here->name),
                                       MAX(p->seek, p->seek_from), p->seek_time, out);
}
