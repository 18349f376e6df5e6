/* Where the rows of chat are: from the lowest line on screen upwards, as far as is visible. */
#include "layout.h"
#include "wrap.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TEXT_ROWS_MAX = TEXT_MAX + 1 };

bool chat_has_time(int width)
{
    return width >= 44;
}

int chat_prefix(int width)
{
    if (chat_has_time(width))
        return CHAT_TIME_WIDTH + CHAT_NAME_WIDTH + 1;
    return width >= 24 ? CHAT_NAME_NARROW + 1 : 2;
}

size_t chat_items(const struct model *m)
{
    const struct replica *r = model_replica(m);
    return r ? replica_lines(r) : 0;
}

struct chat_item chat_item(const struct model *m, size_t i)
{
    const struct line *l = replica_line(model_replica(m), i);
    return (struct chat_item){.anchor = l->seq,
                              .time = l->time,
                              .author = l->author,
                              .text = l->deleted[0] ? STR("(deleted)") : l->shown,
                              .waits = l->waits};
}

int64_t chat_day(int64_t time_ms)
{
    time_t t = (time_t)(time_ms / 1000);
    struct tm tm;
    if (!localtime_r(&t, &tm))
        return 0;
    return (int64_t)(tm.tm_year + 1900) * 10000 + (tm.tm_mon + 1) * 100 + tm.tm_mday;
}

static bool has_day(const struct model *m, size_t i)
{
    if (i == 0) {
        const struct replica *r = model_replica(m);
        return !r->has_older;
    }
    return chat_day(chat_item(m, i).time) != chat_day(chat_item(m, i - 1).time);
}

/* The first line of others behind what the person had read when coming here. */
static bool has_unread(const struct model *m, size_t i)
{
    const struct replica *r = model_replica(m);
    int64_t from = m->here->unread_from;
    if (i >= r->lines.n || from <= 0 || r->lines.v[i]->seq <= from)
        return false;
    return i > 0 && r->lines.v[i - 1]->seq <= from;
}

static int text_rows(const struct model *m, size_t i, int width)
{
    return wrap_rows(chat_item(m, i).text, MAX(width - chat_prefix(width), 1), TEXT_ROWS_MAX);
}

static int item_rows(const struct model *m, size_t i, int width)
{
    return text_rows(m, i, width) + has_day(m, i) + has_unread(m, i);
}

/* The item that an anchor names; the newest where it is gone. */
static size_t item_of(const struct model *m, int64_t anchor)
{
    const struct replica *r = model_replica(m);
    size_t n = chat_items(m);
    if (anchor < 0)
        for (size_t i = r->lines.n; i < n; i++)
            if (chat_item(m, i).anchor == anchor)
                return i;
    if (anchor <= 0)
        return n - 1;
    size_t low = 0, high = r->lines.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (r->lines.v[mid]->seq < anchor)
            low = mid + 1;
        else
            high = mid;
    }
    return MIN(low, n - 1);
}

/* Puts the rows of item i in front of what there is, bottom up, no more than fit. */
static void add_item(struct chat_rows *out, const struct model *m, size_t i, int width, int cut,
                     int height)
{
    struct str rest = chat_item(m, i).text, row;
    VEC(struct chat_row) rows = {0};
    if (has_day(m, i))
        vec_push(&rows, (struct chat_row){.kind = ROW_DAY, .item = i});
    if (has_unread(m, i))
        vec_push(&rows, (struct chat_row){.kind = ROW_UNREAD, .item = i});
    size_t before = rows.n;
    while (wrap_next(&rest, MAX(width - chat_prefix(width), 1), &row)) {
        bool first = rows.n == before;
        vec_push(&rows, (struct chat_row){ROW_TEXT, i, row, first});
    }
    if (rows.n == before)
        vec_push(&rows, (struct chat_row){.kind = ROW_TEXT, .item = i, .first = true});
    size_t show = rows.n - MIN((size_t)cut, rows.n);
    while (show > 0 && out->rows.n < (size_t)height)
        vec_push(&out->rows, rows.v[--show]);
    out->first = i;
    vec_finish(&rows);
}

static void reverse(struct chat_rows *out)
{
    for (size_t i = 0; i < out->rows.n / 2; i++) {
        struct chat_row swap = out->rows.v[i];
        out->rows.v[i] = out->rows.v[out->rows.n - 1 - i];
        out->rows.v[out->rows.n - 1 - i] = swap;
    }
}

void chat_rows_of(const struct model *m, const struct layout *l, struct chat_rows *out)
{
    *out = (struct chat_rows){.items = chat_items(m), .at_end = true};
    if (out->items == 0 || rect_is_empty(l->chat))
        return;
    size_t i = item_of(m, m->here->chat_anchor);
    int cut = m->here->chat_anchor ? m->here->chat_cut : 0;
    out->last = i;
    out->at_end = m->here->chat_anchor == 0 || (i + 1 == out->items && cut == 0);
    add_item(out, m, i, l->chat.w, cut, l->chat.h);
    while (i > 0 && out->rows.n < (size_t)l->chat.h)
        add_item(out, m, --i, l->chat.w, 0, l->chat.h);
    reverse(out);
}

void chat_rows_finish(struct chat_rows *r)
{
    vec_finish(&r->rows);
}

/* The place with which the very first row stands at the top of the pane. */
static void clamp_to_top(const struct model *m, struct rect chat, size_t *item, int *cut)
{
    size_t n = chat_items(m), i = 0;
    int rows = 0;
    while (i < n && rows + item_rows(m, i, chat.w) < chat.h)
        rows += item_rows(m, i++, chat.w);
    if (i >= n) {
        /* All of it fits. */
        *item = n - 1;
        *cut = 0;
        return;
    }
    if (*item > i)
        return;
    int most = rows + item_rows(m, i, chat.w) - chat.h;
    if (*item < i || *cut > most) {
        *item = i;
        *cut = most;
    }
}

/* As many rows as one may scroll at once: no input can make this loop for long. */
enum { SCROLL_MAX = 100000 };

void chat_scroll(struct model *m, const struct layout *l, int rows)
{
    size_t n = chat_items(m);
    if (n == 0 || rect_is_empty(l->chat))
        return;
    size_t i = item_of(m, m->here->chat_anchor);
    int cut = m->here->chat_anchor ? m->here->chat_cut : 0;
    rows = rows > SCROLL_MAX ? SCROLL_MAX : rows < -SCROLL_MAX ? -SCROLL_MAX : rows;
    cut += rows;
    while (cut > 0 && i > 0 && cut >= item_rows(m, i, l->chat.w))
        cut -= item_rows(m, i--, l->chat.w);
    while (cut < 0 && ++i < n)
        cut += item_rows(m, i, l->chat.w);
    if (i < n)
        clamp_to_top(m, l->chat, &i, &cut);
    bool end = i >= n || (i + 1 == n && cut <= 0);
    m->here->chat_anchor = end ? 0 : chat_item(m, i).anchor;
    m->here->chat_cut = end ? 0 : cut;
}
