#include "store_search.h"

#include "op.h"
#include "store_job.h"

#include <stdlib.h>

enum found_kind search_kind(enum msg_type type, int64_t number)
{
    if (type == MSG_MESSAGE)
        return number ? FOUND_COMMENT : FOUND_CHAT;
    if (type == MSG_TASK_ADDED)
        return FOUND_CARD;
    return type == MSG_NOTE_CREATED ? FOUND_NOTE : FOUND_ANY;
}

void search_card(struct buf *out, struct str title, struct str values)
{
    buf_add_str(out, title);
    while (values.n) {
        struct str value = str_cut(&values, '\n');
        struct str name = str_cut(&value, '\t');
        for (int i = 0; i < 3; i++) /* who set it, and when */
            str_cut(&value, '\t');
        if (value.n && (str_is(name, "label") || str_is(name, "assignee")))
            buf_fmt(out, " · %.*s", STR_ARG(value));
    }
}

bool search_whole(struct store_job *j, struct buf *out)
{
    struct rope *r = rope_of(j->snapshot.text);
    struct op o = {0};
    struct err why;
    bool ok = true;
    for (size_t i = 0; ok && i < j->edits.n; i++) {
        const struct store_edit *edit = &j->edits.v[i];
        ok = op_parse(&o, edit->op, OP_OUT_MAX, &why) && op_check(&o, rope_chars(r), &why);
        if (ok)
            op_apply(&o, r);
        else
            store_refuse_edit(j, edit->version, why.text);
    }
    if (ok)
        rope_read(r, 0, rope_chars(r), out);
    op_finish(&o);
    rope_free(r);
    return ok;
}

/* ---- finding ---- */

bool finder_begin(struct finder *f, struct store_job *j)
{
    const struct store_search *s = &j->search;
    *f = (struct finder){.j = j, .wanted = SEARCH_FOUND_MAX};
    if (s->order == ORDER_TIME)
        f->wanted = (size_t)MIN(s->offset + s->limit + 1, SEARCH_FOUND_MAX);
    return query_parse(&f->q, s->query, (struct query_time){s->now, s->zone}, &j->err);
}

static void keep_strings(struct found_item *item, struct arena *a)
{
    item->author = str_keep(a, item->author);
    item->title = str_keep(a, item->title);
}

static void put_excerpt(struct finder *f, struct found_item *item, struct str text)
{
    struct arena *a = &f->j->arena;
    hit_excerpt(&f->hit, &f->q, text);
    item->excerpt = str_keep(a, buf_str(&f->hit.excerpt));
    item->marks.n = f->hit.marks_n;
    item->marks.v = arena_alloc(a, f->hit.marks_n * sizeof *item->marks.v);
    for (size_t i = 0; i < f->hit.marks_n; i++)
        item->marks.v[i] =
            (struct mark_item){(int64_t)f->hit.marks[i].at, (int64_t)f->hit.marks[i].n};
}

bool finder_take(struct finder *f, const struct found_item *thing, struct str text,
                 bool is_title)
{
    struct hit_text t = {thing->kind,   thing->author, text,
                         thing->number, thing->time,   is_title};
    f->j->work++;
    if (f->j->search.until && thing->time > f->j->search.until)
        return false;
    struct finding found = {*thing, hit_score(&f->q, &t)};
    if (found.score == 0)
        return false;
    struct finding *last = f->all.n ? &f->all.v[f->all.n - 1] : NULL;
    bool is_same = last && last->item.seq == thing->seq && str_eq(last->item.room, thing->room);
    if (is_same) {
        found.score += last->score;
        f->all.n--;
    }
    keep_strings(&found.item, &f->j->arena);
    put_excerpt(f, &found.item, text);
    vec_push(&f->all, found);
    return true;
}

static int by_time(const void *a, const void *b)
{
    const struct found_item *x = &((const struct finding *)a)->item;
    const struct found_item *y = &((const struct finding *)b)->item;
    if (x->time != y->time)
        return x->time < y->time ? 1 : -1;
    int room = str_cmp(x->room, y->room);
    return room ? room : x->seq < y->seq ? 1 : x->seq > y->seq ? -1 : 0;
}

static int by_score(const void *a, const void *b)
{
    int64_t x = ((const struct finding *)a)->score, y = ((const struct finding *)b)->score;
    return x != y ? (x < y ? 1 : -1) : by_time(a, b);
}

void finder_end(struct finder *f)
{
    struct store_job *j = f->j;
    size_t n = f->all.n, from = (size_t)MIN(MAX(j->search.offset, 0), (int64_t)n);
    size_t most = MIN((size_t)MAX(j->search.limit, 0), n - from);
    if (n)
        qsort(f->all.v, n, sizeof *f->all.v,
              j->search.order == ORDER_RELEVANCE ? by_score : by_time);
    j->found_items.v = arena_alloc(&j->arena, most * sizeof *j->found_items.v);
    j->found_items.n = j->err.code == ERR_NONE ? most : 0;
    for (size_t i = 0; i < most; i++)
        j->found_items.v[i] = f->all.v[from + i].item;
    j->more = from + most < MIN(n, (size_t)SEARCH_FOUND_MAX);
    j->capped |= n >= SEARCH_FOUND_MAX;
    finder_finish(f);
}

void finder_finish(struct finder *f)
{
    vec_finish(&f->all);
    hit_finish(&f->hit);
    query_finish(&f->q);
}

void finder_free(struct finder *f)
{
    finder_finish(f);
    free(f);
}
