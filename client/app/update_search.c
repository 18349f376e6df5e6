/* Searching: the line that asks, the list of what was found, and going there. */
#include "beside.h"
#include "query.h"
#include "update_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 50 };

static void forget(struct search_pane *p)
{
    p->items.n = 0;
    arena_clear(&p->arena);
    p->at = p->first = 0;
    p->is_known = p->more = p->capped = false;
    p->until = p->asked = 0;
    p->fault = (struct err){0};
}

void search_pane_finish(struct search_pane *p)
{
    vec_finish(&p->items);
    arena_finish(&p->arena);
}

static bool check(const struct model *m, struct str text, struct err *e)
{
    struct query q = {0};
    bool ok = query_parse(&q, text, (struct query_time){m->now, local_zone(m->now)}, e);
    query_finish(&q);
    return ok;
}

/* ---- the line that asks ---- */

static void show(struct model *m)
{
    m->here->shows_search = true;
    beside_show(m, BESIDE_SEARCH);
}

static void begin(struct model *m, struct str text)
{
    struct search_pane *p = &m->search;
    struct err e = {0};
    if (!check(m, text, &e)) {
        p->fault = e;
        return;
    }
    forget(p);
    snprintf(p->query, sizeof p->query, "%.*s", STR_ARG(text));
    line_history_add(&m->searched, text);
}

void search_open(struct model *m, struct str text)
{
    if (!m->here)
        return;
    text = str_trim(text);
    show(m);
    if (text.n)
        begin(m, text);
    else
        prompt_open(m, PROMPT_SEARCH, STR("")); /* Up brings back what was asked before */
    search_typed(m);
}

void search_again(struct model *m)
{
    if (!m->here)
        return;
    show(m);
    prompt_open(m, PROMPT_SEARCH, str_of(m->search.query));
    search_typed(m);
}

void search_typed(struct model *m)
{
    if (m->prompt != PROMPT_SEARCH)
        return;
    struct str text = str_trim(lineedit_text(&m->line));
    m->search.fault = (struct err){0};
    if (text.n)
        check(m, text, &m->search.fault);
}

void search_accept(struct model *m)
{
    struct str text = str_trim(lineedit_text(&m->line));
    struct err e = {0};
    if (!check(m, text, &e)) {
        m->search.fault = e;
        return; /* the line stays, to be mended */
    }
    begin(m, text);
    prompt_close(m);
}

/* Without Enter all is as it was. */
void search_left(struct model *m)
{
    if (m->prompt != PROMPT_SEARCH)
        return;
    m->search.fault = (struct err){0};
    if (m->search.query[0] == '\0')
        search_close(m);
}

void search_turn(struct model *m)
{
    m->search.order = (m->search.order + 1) % ORDER_COUNT;
    forget(&m->search);
}

void search_close(struct model *m)
{
    if (m->here)
        m->here->shows_search = false;
}

/* ---- pages ---- */

static void keep(struct search_pane *p, const struct found_item *from)
{
    struct found_item item = *from;
    item.room = str_keep(&p->arena, item.room);
    item.author = str_keep(&p->arena, item.author);
    item.title = str_keep(&p->arena, item.title);
    item.excerpt = str_keep(&p->arena, item.excerpt);
    item.marks.v = arena_alloc(&p->arena, item.marks.n * sizeof *item.marks.v);
    for (size_t i = 0; i < item.marks.n; i++)
        item.marks.v[i] = from->marks.v[i];
    vec_push(&p->items, item);
}

void search_take(struct model *m, const struct msg_search_page *page)
{
    struct search_pane *p = &m->search;
    if (!p->asked || p->asked != page->head.re)
        return;
    p->asked = 0;
    p->is_known = true;
    p->more = page->more && page->items.n;
    p->capped = page->capped;
    p->until = page->until;
    for (size_t i = 0; i < page->items.n; i++)
        keep(p, &page->items.v[i]);
}

bool search_failed(struct model *m, const struct msg_error *e)
{
    struct search_pane *p = &m->search;
    if (!p->asked || p->asked != e->head.re)
        return false;
    p->asked = 0;
    p->is_known = true; /* not asked again and again */
    p->more = false;
    fail(&p->fault, err_from_name(e->code), "%.*s", STR_ARG(e->message));
    return true;
}

void search_linked(struct model *m)
{
    m->search.asked = 0;
}

static void ask(struct model *m, struct effects *out)
{
    struct search_pane *p = &m->search;
    struct msg q = {.type = MSG_SEARCH};
    q.search = (struct msg_search){.query = str_of(p->query),
                                   .order = p->order,
                                   .offset = (int64_t)p->items.n,
                                   .limit = PAGE,
                                   .until = p->until,
                                   .zone = local_zone(m->now)};
    p->asked = session_ask(&m->session, &q, out, NULL);
}

/* ---- going there ---- */

static void seek(struct model *m, struct effects *out)
{
    struct search_pane *p = &m->search;
    const struct replica *r = model_replica(m);
    if (!p->seek.room[0])
        return;
    bool is_over = !m->here || strcmp(m->here->name, p->seek.room) != 0;
    if (!is_over && (!r || !r->synced))
        return;
    p->seek.room[0] = '\0';
    if (!is_over && (p->seek.kind == FOUND_CARD || p->seek.kind == FOUND_NOTE))
        thing_go(m, p->seek.number, out);
    else if (!is_over)
        seek_message(m, p->seek.seq);
    if (m->here && r)
        seek_settle(m, r, out);
}

void search_go(struct model *m, struct effects *out)
{
    struct search_pane *p = &m->search;
    if (!m->here || p->at >= p->items.n)
        return;
    const struct found_item *item = &p->items.v[p->at];
    struct room_view *v = model_view(m, item->room);
    if (!v) {
        model_toast(m, TOAST_INFO, "You are not in %s any more.",
                    model_label(m, item->room, &(struct room_label){0}));
        return;
    }
    const enum focus focus = m->focus;
    bool is_other = v != m->here;
    if (is_other)
        model_show(m, v, out);
    m->focus = focus;
    v->shows_search = true; /* the list goes along */
    beside_raise(v, BESIDE_SEARCH, is_other);
    snprintf(p->seek.room, sizeof p->seek.room, "%s", v->name);
    p->seek.kind = item->kind;
    p->seek.seq = item->seq;
    p->seek.number = item->number;
}

/* ---- the list ---- */

void search_settle(struct model *m, const struct layout *l, struct effects *out)
{
    struct search_pane *p = &m->search;
    seek(m, out);
    if (!m->here || model_beside(m) != BESIDE_SEARCH)
        return;
    size_t n = p->items.n, shown = (size_t)MAX(l->beside.h / SEARCH_ROWS, 1);
    p->at = MIN(p->at, n ? n - 1 : 0);
    if (p->at < p->first)
        p->first = p->at;
    else if (p->at >= p->first + shown)
        p->first = p->at - shown + 1;
    bool wants = p->query[0] && (!p->is_known || (p->more && p->first + 2 * shown > n));
    if (wants && !p->asked && m->session.state == SESSION_ONLINE)
        ask(m, out);
}

void search_step(struct model *m, int rows)
{
    struct search_pane *p = &m->search;
    size_t n = p->items.n, far = (size_t)abs(rows);
    if (n)
        p->at = rows < 0 ? p->at - MIN(far, p->at) : MIN(p->at + far, n - 1);
}

void search_press(struct model *m, const struct layout *l, const struct mouse *mouse,
                  struct effects *out)
{
    struct search_pane *p = &m->search;
    bool again = m->focus == FOCUS_BESIDE;
    m->focus = FOCUS_BESIDE;
    if (mouse->y < l->beside.y)
        return;
    size_t at = p->first + (size_t)(mouse->y - l->beside.y) / SEARCH_ROWS;
    if (at >= p->items.n)
        return;
    again = again && p->at == at;
    p->at = at;
    if (again)
        search_go(m, out);
}
