/* Where the rows of chat are: from the lowest line on screen upwards, as far as is visible. */
#include "layout.h"
#include "wrap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

bool chat_is_in_view(const struct model *m, const struct layout *l)
{
    return model_replica(m) && !m->help && !rect_is_empty(l->chat);
}

size_t chat_end(const struct model *m, size_t i)
{
    const struct replica *r = model_replica(m);
    return i < r->past ? r->past : replica_lines(r);
}

const struct line *chat_line(const struct model *m, size_t i)
{
    return replica_line(model_replica(m), i);
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
    return chat_day(chat_line(m, i)->time) != chat_day(chat_line(m, i - 1)->time);
}

void chat_kept(const struct replica *r, char text[CHAT_KEPT_WORDS])
{
    char words[RETENTION_WORDS_MAX];
    retention_words(r->keep, words);
    text[0] = '\0';
    if (r->trimmed && r->keep.count)
        snprintf(text, CHAT_KEPT_WORDS, "older messages were removed: the newest %lld are kept",
                 (long long)r->keep.count);
    else if (r->trimmed && r->keep.age)
        snprintf(text, CHAT_KEPT_WORDS, "older messages were removed: those of %s are kept",
                 words);
    else if (r->trimmed)
        snprintf(text, CHAT_KEPT_WORDS, "older messages were removed by retention");
    else if (r->keep.count)
        snprintf(text, CHAT_KEPT_WORDS, "the chat keeps %s", words);
    else if (r->keep.age)
        snprintf(text, CHAT_KEPT_WORDS, "the chat keeps messages for %s", words);
}

static bool has_kept(const struct model *m, size_t i)
{
    const struct replica *r = model_replica(m);
    return i == 0 && !r->has_older && (r->trimmed || retention_is_on(r->keep));
}

/* The first line of others behind what the person had read when coming here. */
static bool has_unread(const struct model *m, size_t i)
{
    const struct replica *r = model_replica(m);
    int64_t from = m->here->unread_from;
    if (!m->here->has_news || i >= r->lines.n || from <= 0 || r->lines.v[i]->seq <= from ||
        str_is(r->lines.v[i]->author, r->user))
        return false;
    while (i > 0 && r->lines.v[i - 1]->seq > from && str_is(r->lines.v[i - 1]->author, r->user))
        i--;
    return i > 0 && r->lines.v[i - 1]->seq <= from;
}

static struct look_want want_of(const struct model *m, size_t i, int width)
{
    const struct line *l = chat_line(m, i);
    return (struct look_want){.r = model_replica(m),
                              .line = l,
                              .width = MAX(width - chat_prefix(width), 1),
                              .ascii = m->ascii,
                              .strokes = m->strokes,
                              .is_open = chat_pane_shows_all(&m->here->chat, l->seq),
                              .is_selected = m->here->chat.at && l->seq == m->here->chat.at,
                              .keys = &m->keys};
}

static int item_rows(const struct model *m, size_t i, int width)
{
    struct look_want want = want_of(m, i, width);
    struct look look = {0};
    look_make(&want, &look);
    int rows = (int)look.rows.lines.n;
    look_finish(&look);
    return rows + has_kept(m, i) + has_day(m, i) + has_unread(m, i);
}

/* The item that an anchor names; the newest where it is gone. */
static size_t item_of(const struct model *m, int64_t anchor)
{
    const struct replica *r = model_replica(m);
    size_t n = chat_items(m);
    if (anchor < 0)
        for (size_t i = r->lines.n; i < n; i++)
            if (chat_line(m, i)->seq == anchor)
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
    struct look_want want = want_of(m, i, width);
    struct look look = {0};
    VEC(struct chat_row) rows = {0};
    look_make(&want, &look);
    if (has_kept(m, i))
        vec_push(&rows, (struct chat_row){.kind = ROW_KEPT, .item = i});
    if (has_day(m, i))
        vec_push(&rows, (struct chat_row){.kind = ROW_DAY, .item = i});
    if (has_unread(m, i))
        vec_push(&rows, (struct chat_row){.kind = ROW_UNREAD, .item = i});
    for (size_t k = 0; k < look.rows.lines.n; k++)
        vec_push(&rows, (struct chat_row){ROW_TEXT, i, out->looks.n, k});
    size_t show = rows.n - MIN((size_t)cut, rows.n);
    while (show > 0 && out->rows.n < (size_t)height)
        vec_push(&out->rows, rows.v[--show]);
    out->first = i;
    vec_push(&out->looks, look);
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
    out->at_end = m->here->chat_anchor == 0 ||
                  (i + 1 == out->items && cut == 0 && i >= model_replica(m)->past);
    add_item(out, m, i, l->chat.w, cut, l->chat.h);
    while (i > 0 && out->rows.n < (size_t)l->chat.h)
        add_item(out, m, --i, l->chat.w, 0, l->chat.h);
    reverse(out);
}

void chat_rows_finish(struct chat_rows *r)
{
    vec_each (l, &r->looks)
        look_finish(l);
    vec_finish(&r->looks);
    vec_finish(&r->rows);
}

const struct rich_line *chat_row_line(const struct chat_rows *r, const struct chat_row *row)
{
    return &r->looks.v[row->look].rows.lines.v[row->row];
}

/* The row of text at y; NULL: there is none. */
static const struct chat_row *row_at(const struct layout *l, const struct chat_rows *rows,
                                     int y)
{
    int at = y - (l->chat.y + l->chat.h - (int)rows->rows.n);
    if (at < 0 || (size_t)at >= rows->rows.n || rows->rows.v[at].kind != ROW_TEXT)
        return NULL;
    return &rows->rows.v[at];
}

/* The wanted piece of a row, or with NULL the one at column x, and the column where it begins.
 */
static const struct rich_piece *find_piece(const struct layout *l, const struct chat_rows *rows,
                                           const struct chat_row *row,
                                           const struct rich_piece *wanted, int x, int *column)
{
    const struct rich *all = &rows->looks.v[row->look].rows;
    const struct rich_line *line = chat_row_line(rows, row);
    *column = l->chat.x + chat_prefix(l->chat.w) + 2 * line->quote + line->indent;
    for (size_t i = line->first; i < line->behind; i++) {
        int width = glyphs_width(all->pieces.v[i].text);
        bool is_at = x >= *column && x < *column + width;
        if (wanted ? wanted == &all->pieces.v[i] : is_at)
            return &all->pieces.v[i];
        *column += width;
    }
    return NULL;
}

ptrdiff_t chat_find(const struct layout *l, const struct chat_rows *rows, int x, int y,
                    const struct rich_piece **piece)
{
    int column;
    const struct chat_row *row = rect_has(l->chat, x, y) ? row_at(l, rows, y) : NULL;
    *piece = row ? find_piece(l, rows, row, NULL, x, &column) : NULL;
    return row ? (ptrdiff_t)row->item : -1;
}

int chat_column(const struct layout *l, const struct chat_rows *rows,
                const struct rich_piece *piece, int y)
{
    int column = l->chat.x;
    const struct chat_row *row = row_at(l, rows, y);
    if (row)
        find_piece(l, rows, row, piece, 0, &column);
    return column;
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
    if (chat_items(m) == 0 || rect_is_empty(l->chat))
        return;
    size_t i = item_of(m, m->here->chat_anchor), n = chat_end(m, i);
    bool is_past = n < chat_items(m) || i < model_replica(m)->past;
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
    m->here->chat_anchor = !end ? chat_line(m, i)->seq : is_past ? chat_line(m, n - 1)->seq : 0;
    m->here->chat_cut = end ? 0 : cut;
}

/* It goes to the top of the pane; the lowest row is as far down as that leaves room. */
void chat_show_from(struct model *m, const struct layout *l, size_t i)
{
    if (rect_is_empty(l->chat))
        return;
    size_t last = i, n = chat_end(m, i);
    int used = item_rows(m, i, l->chat.w);
    while (last + 1 < n && used < l->chat.h)
        used += item_rows(m, ++last, l->chat.w);
    m->here->chat_anchor = chat_line(m, last)->seq;
    m->here->chat_cut = MAX(used - l->chat.h, 0);
    chat_scroll(m, l, 0);
}

void chat_top(struct model *m, const struct layout *l, int64_t message)
{
    ptrdiff_t at = replica_line_index(model_replica(m), message);
    if (at >= 0)
        chat_show_from(m, l, (size_t)at);
}

struct rect chat_below(const struct model *m, const struct layout *l, char text[64])
{
    const struct room_view *v = m->here;
    size_t n = v->unread.all;
    if (v->chat_anchor == 0 || rect_is_empty(l->chat))
        return (struct rect){0};
    if (n)
        snprintf(text, 64, " %zu%s new below ", MIN(n, (size_t)UNREAD_MAX - 1),
                 n >= UNREAD_MAX ? "+" : "");
    else
        snprintf(text, 64, " more below ");
    int w = MIN((int)strlen(text) + 2, l->chat.w); /* a blank and a sign in front */
    return (struct rect){l->chat.x + l->chat.w - w, l->chat.y + l->chat.h - 1, w, 1};
}

bool chat_has_line(const struct chat_rows *rows)
{
    vec_each (row, &rows->rows)
        if (row->kind == ROW_UNREAD)
            return true;
    return false;
}

/* Those of others behind the line and above the first row. Comments stand with their cards. */
static size_t count_above(const struct model *m, const struct chat_rows *rows, bool *more)
{
    const struct replica *r = model_replica(m);
    int64_t from = m->here->unread_from;
    size_t i = MIN(rows->first, r->lines.n), least = i > r->past ? r->past : 0, n = 0;
    for (; i > least && r->lines.v[i - 1]->seq > from && n < UNREAD_MAX; i--) {
        const struct line *l = r->lines.v[i - 1];
        n += !l->task && !l->deleted[0] && !str_is(l->author, r->user);
    }
    *more = n == UNREAD_MAX || (i == least && (least || r->has_older) && n);
    return n;
}

struct rect chat_above(const struct model *m, const struct layout *l,
                       const struct chat_rows *rows, char text[64])
{
    const struct room_view *v = m->here;
    bool more;
    if (!v->has_news || v->unread_from <= 0 || v->seen_from == v->unread_from ||
        rect_is_empty(l->chat) || chat_has_line(rows))
        return (struct rect){0};
    size_t n = count_above(m, rows, &more);
    if (n == 0)
        return (struct rect){0};
    snprintf(text, 64, " %zu%s new above, %.20s ", MIN(n, (size_t)UNREAD_MAX - 1),
             more ? "+" : "", keymap_key(&m->keys, ACTION_FIRST_UNREAD, IN_CHAT).s);
    int w = MIN((int)strlen(text) + 2, l->chat.w); /* a blank and a sign in front */
    return (struct rect){l->chat.x + l->chat.w - w, l->chat.y, w, 1};
}

void chat_reveal(struct model *m, const struct layout *l, int64_t message)
{
    ptrdiff_t at = replica_line_index(model_replica(m), message);
    struct chat_rows rows;
    if (at < 0 || rect_is_empty(l->chat))
        return;
    size_t i = (size_t)at;
    chat_rows_of(m, l, &rows);
    bool below = i > rows.last, above = i < rows.first || (i == rows.first && i != rows.last);
    int cut = m->here->chat_anchor ? m->here->chat_cut : 0;
    chat_rows_finish(&rows);
    if (below || (i == rows.last && cut)) {
        m->here->chat_anchor = chat_line(m, i)->seq;
        m->here->chat_cut = 0;
        chat_scroll(m, l, 0);
    } else if (above) {
        chat_show_from(m, l, i);
    }
}
