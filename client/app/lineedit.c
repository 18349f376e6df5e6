#include "lineedit.h"
#include "utf8.h"
#include "width.h"

#include <stdlib.h>
#include <string.h>

/* ---- changes and how they are taken back ---- */

static void change_finish(struct line_change *c)
{
    buf_finish(&c->removed);
    buf_finish(&c->inserted);
}

#define changes_clear(list)                                                                    \
    do {                                                                                       \
        vec_each (c_, list)                                                                    \
            change_finish(c_);                                                                 \
        vec_finish(list);                                                                      \
    } while (0)

void lineedit_finish(struct lineedit *l)
{
    buf_finish(&l->text);
    buf_finish(&l->killed);
    changes_clear(&l->undo);
    changes_clear(&l->redo);
}

static void splice(struct lineedit *l, size_t at, size_t n, struct str with)
{
    struct buf *t = &l->text;
    buf_reserve(t, with.n);
    memmove(t->p + at + with.n, t->p + at + n, t->n - at - n);
    if (with.n)
        memcpy(t->p + at, with.p, with.n);
    t->n = t->n - n + with.n;
    l->at = at + with.n;
}

static bool is_word(uint32_t cp)
{
    return cp >= 0x80 || (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') ||
           (cp >= 'A' && cp <= 'Z') || cp == '_';
}

static bool is_blank(uint32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == '\n';
}

/* Typing joins the change before it up to the end of a word, so undo goes word by word. */
static bool join_change(struct lineedit *l, size_t at, size_t n, struct str with)
{
    struct line_change *last = l->undo.n ? &l->undo.v[l->undo.n - 1] : NULL;
    if (!last || !last->joins || n || with.n > CLUSTER_MAX || at != last->at + last->inserted.n)
        return false;
    bool was_blank =
        last->inserted.n && is_blank((unsigned char)last->inserted.p[last->inserted.n - 1]);
    if (was_blank && !is_blank((unsigned char)with.p[0]))
        return false;
    buf_add_str(&last->inserted, with);
    return true;
}

static void record(struct lineedit *l, size_t at, size_t n, struct str with)
{
    changes_clear(&l->redo);
    if (join_change(l, at, n, with))
        return;
    struct line_change c = {.at = at, .joins = n == 0 && with.n <= CLUSTER_MAX};
    buf_add(&c.removed, l->text.p + at, n);
    buf_add_str(&c.inserted, with);
    if (l->undo.n == LINE_UNDO_MAX) {
        change_finish(&l->undo.v[0]);
        vec_remove(&l->undo, 0);
    }
    vec_push(&l->undo, c);
}

bool lineedit_replace(struct lineedit *l, size_t from, size_t to, struct str with)
{
    bug_on(from > to || to > l->text.n);
    if (l->text.n - (to - from) + with.n > l->max || (from == to && with.n == 0))
        return false;
    record(l, from, to - from, with);
    splice(l, from, to - from, with);
    return true;
}

static void stop_joining(struct lineedit *l)
{
    if (l->undo.n)
        l->undo.v[l->undo.n - 1].joins = false;
}

static bool undo(struct lineedit *l)
{
    if (l->undo.n == 0)
        return false;
    struct line_change c = l->undo.v[--l->undo.n];
    splice(l, c.at, c.inserted.n, buf_str(&c.removed));
    c.joins = false;
    vec_push(&l->redo, c);
    return true;
}

static bool redo(struct lineedit *l)
{
    if (l->redo.n == 0)
        return false;
    struct line_change c = l->redo.v[--l->redo.n];
    splice(l, c.at, c.removed.n, buf_str(&c.inserted));
    vec_push(&l->undo, c);
    return true;
}

/* ---- places in the text ---- */

static size_t next_place(const struct lineedit *l, size_t at)
{
    int w;
    return at + width_cluster((struct str){l->text.p + at, l->text.n - at}, &w);
}

static size_t line_start(const struct lineedit *l, size_t at)
{
    while (at > 0 && l->text.p[at - 1] != '\n')
        at--;
    return at;
}

static size_t line_end(const struct lineedit *l, size_t at)
{
    while (at < l->text.n && l->text.p[at] != '\n')
        at++;
    return at;
}

/* Clusters can only be found forwards, so this walks from a place that is surely a boundary: a
 * line's start, or behind the last of two ASCII characters in a row. */
static size_t previous_place(const struct lineedit *l, size_t at)
{
    if (at == 0)
        return 0;
    size_t p = at - 1;
    while (p > 0 &&
           !((unsigned char)l->text.p[p] < 0x80 && (unsigned char)l->text.p[p - 1] < 0x80))
        p--;
    for (size_t next = p; next < at; next = next_place(l, next))
        p = next;
    return p;
}

static uint32_t char_at(const struct lineedit *l, size_t at)
{
    uint32_t cp = 0;
    utf8_next((struct str){l->text.p + at, l->text.n - at}, &cp);
    return cp;
}

static size_t word_left(const struct lineedit *l, size_t at, bool (*part)(uint32_t))
{
    while (at > 0 && !part(char_at(l, previous_place(l, at))))
        at = previous_place(l, at);
    while (at > 0 && part(char_at(l, previous_place(l, at))))
        at = previous_place(l, at);
    return at;
}

static size_t word_right(const struct lineedit *l, size_t at)
{
    while (at < l->text.n && !is_word(char_at(l, at)))
        at = next_place(l, at);
    while (at < l->text.n && is_word(char_at(l, at)))
        at = next_place(l, at);
    return at;
}

static bool is_not_blank(uint32_t cp)
{
    return !is_blank(cp);
}

/* The place in the line above or below that stands as many columns in. */
static size_t vertical(const struct lineedit *l, bool down)
{
    size_t start = line_start(l, l->at);
    int column = width_of((struct str){l->text.p + start, l->at - start});
    size_t to;
    if (down) {
        to = line_end(l, l->at);
        if (to == l->text.n)
            return l->at;
        to++;
    } else {
        if (start == 0)
            return l->at;
        to = line_start(l, start - 1);
    }
    return to + width_fit((struct str){l->text.p + to, line_end(l, to) - to}, column);
}

/* ---- operations ---- */

static bool go(struct lineedit *l, size_t to)
{
    bool moved = to != l->at;
    l->at = to;
    stop_joining(l);
    return moved;
}

static bool kill_range(struct lineedit *l, size_t from, size_t to, bool again)
{
    if (from == to)
        return false;
    struct str gone = {l->text.p + from, to - from};
    if (!again)
        buf_clear(&l->killed);
    if (again && from < l->at) {
        struct buf joined = {0};
        buf_add_str(&joined, gone);
        buf_add_str(&joined, buf_str(&l->killed));
        buf_finish(&l->killed);
        l->killed = joined;
    } else {
        buf_add_str(&l->killed, gone);
    }
    l->killing = true;
    return lineedit_replace(l, from, to, (struct str){0});
}

static size_t kill_end(const struct lineedit *l)
{
    size_t end = line_end(l, l->at);
    return end == l->at && end < l->text.n ? end + 1 : end;
}

static bool swap(struct lineedit *l)
{
    size_t right = l->at == l->text.n ? previous_place(l, l->at) : l->at;
    size_t left = previous_place(l, right), end = next_place(l, right);
    if (right == 0 || right == l->text.n)
        return false;
    struct buf swapped = {0};
    buf_add(&swapped, l->text.p + right, end - right);
    buf_add(&swapped, l->text.p + left, right - left);
    bool done = lineedit_replace(l, left, end, buf_str(&swapped));
    buf_finish(&swapped);
    return done;
}

static bool erase(struct lineedit *l, size_t from, size_t to)
{
    return from != to && lineedit_replace(l, from, to, (struct str){0});
}

bool lineedit_do(struct lineedit *l, enum line_op op)
{
    bool again = l->killing;
    l->killing = false;
    switch (op) {
    case LINE_LEFT:
        return go(l, previous_place(l, l->at));
    case LINE_RIGHT:
        return go(l, next_place(l, l->at));
    case LINE_UP:
        return go(l, vertical(l, false));
    case LINE_DOWN:
        return go(l, vertical(l, true));
    case LINE_WORD_LEFT:
        return go(l, word_left(l, l->at, is_word));
    case LINE_WORD_RIGHT:
        return go(l, word_right(l, l->at));
    case LINE_HOME:
        return go(l, line_start(l, l->at));
    case LINE_END:
        return go(l, line_end(l, l->at));
    case LINE_START:
        return go(l, 0);
    case LINE_FINISH:
        return go(l, l->text.n);
    case LINE_DELETE_LEFT:
        return erase(l, previous_place(l, l->at), l->at);
    case LINE_DELETE_RIGHT:
        return erase(l, l->at, next_place(l, l->at));
    case LINE_KILL_WORD_LEFT:
        return kill_range(l, word_left(l, l->at, is_word), l->at, again);
    case LINE_KILL_BLANK_LEFT:
        return kill_range(l, word_left(l, l->at, is_not_blank), l->at, again);
    case LINE_KILL_WORD_RIGHT:
        return kill_range(l, l->at, word_right(l, l->at), again);
    case LINE_KILL_TO_HOME:
        return kill_range(l, line_start(l, l->at), l->at, again);
    case LINE_KILL_TO_END:
        return kill_range(l, l->at, kill_end(l), again);
    case LINE_YANK:
        return lineedit_replace(l, l->at, l->at, buf_str(&l->killed));
    case LINE_SWAP:
        return swap(l);
    case LINE_NEWLINE:
        return l->multiline && lineedit_replace(l, l->at, l->at, STR("\n"));
    case LINE_UNDO:
        return undo(l);
    case LINE_REDO:
        return redo(l);
    case LINE_NONE:
    case LINE_OP_COUNT:
        break;
    }
    return false;
}

/* Line ends become one space each run; blanks at both ends of them go. */
static void flatten(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        bool end = s.p[i] == '\n' || s.p[i] == '\t';
        if (!end)
            buf_add_c(out, s.p[i]);
        else if (out->n && out->p[out->n - 1] != ' ' && i + 1 < s.n)
            buf_add_c(out, ' ');
    }
}

bool lineedit_insert(struct lineedit *l, struct str text)
{
    l->killing = false;
    if (l->multiline)
        return lineedit_replace(l, l->at, l->at, text);
    struct buf flat = {0};
    flatten(&flat, text);
    bool done = lineedit_replace(l, l->at, l->at, buf_str(&flat));
    buf_finish(&flat);
    return done;
}

void lineedit_set(struct lineedit *l, struct str text)
{
    changes_clear(&l->undo);
    changes_clear(&l->redo);
    while (text.n > l->max || (text.n && !utf8_is_valid(text)))
        text.n--;
    buf_clear(&l->text);
    buf_add_str(&l->text, text);
    l->at = l->text.n;
    l->killing = false;
}

struct str lineedit_text(const struct lineedit *l)
{
    return buf_str(&l->text);
}

/* ---- history ---- */

void line_history_finish(struct line_history *h)
{
    vec_each (line, &h->lines)
        free(*line);
    vec_finish(&h->lines);
    buf_finish(&h->kept);
}

void line_history_add(struct line_history *h, struct str line)
{
    h->back = 0;
    buf_clear(&h->kept);
    if (line.n == 0 || (h->lines.n && str_is(line, h->lines.v[h->lines.n - 1])))
        return;
    if (h->lines.n == LINE_HISTORY_MAX) {
        free(h->lines.v[0]);
        vec_remove(&h->lines, 0);
    }
    vec_push(&h->lines, str_dup(line));
}

static void show_history(struct line_history *h, struct lineedit *l)
{
    if (h->back == 0)
        lineedit_set(l, buf_str(&h->kept));
    else
        lineedit_set(l, str_of(h->lines.v[h->lines.n - h->back]));
}

bool line_history_older(struct line_history *h, struct lineedit *l)
{
    if (h->back >= h->lines.n)
        return false;
    if (h->back == 0) {
        buf_clear(&h->kept);
        buf_add_str(&h->kept, lineedit_text(l));
    }
    h->back++;
    show_history(h, l);
    return true;
}

bool line_history_newer(struct line_history *h, struct lineedit *l)
{
    if (h->back == 0)
        return false;
    h->back--;
    show_history(h, l);
    return true;
}
