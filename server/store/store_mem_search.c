/* A search in the store without a disk: everything is looked at, newest first. */
#include "store_job.h"
#include "store_mem.h"
#include "store_search.h"

static const struct store_task *card_of(const struct mem_room *r, int64_t number)
{
    vec_each (t, &r->tasks)
        if (t->number == number)
            return t;
    return NULL;
}

static const struct store_note *note_of(const struct mem_room *r, int64_t number)
{
    vec_each (n, &r->notes)
        if (n->number == number)
            return n;
    return NULL;
}

static void name_thing(const struct mem_room *r, struct found_item *thing)
{
    const struct store_task *t = card_of(r, thing->number);
    const struct store_note *n = note_of(r, thing->number);
    if (t || n) {
        thing->title = t ? t->title : n->name;
        thing->archived = t ? t->archived : n->archived;
    }
}

static bool take_text(const struct mem_room *r, struct finder *f,
                      const struct found_item *thing)
{
    struct store_job *j = store_job_new(JOB_TEXT);
    struct buf text = {0};
    j->room = r->name;
    j->text = thing->number;
    j->version = INT64_MAX;
    mem_read_text(r, mem_text_find(r, thing->number), j);
    bool found = j->err.code == ERR_NONE && search_whole(j, &text) && text.n &&
                 finder_take(f, thing, buf_str(&text), false);
    buf_finish(&text);
    store_job_free(j);
    return found;
}

static bool take_name(const struct mem_room *r, struct finder *f,
                      const struct found_item *thing)
{
    struct buf words = {0};
    const struct store_task *t = card_of(r, thing->number);
    if (t)
        search_card(&words, t->title, t->values);
    else
        buf_add_str(&words, thing->title);
    bool found = finder_take(f, thing, buf_str(&words), true);
    buf_finish(&words);
    return found;
}

static bool take_message(const struct mem_room *r, struct finder *f, struct str json,
                         const struct found_item *thing)
{
    struct arena a = {0};
    struct message_item m;
    struct err e = {0};
    bool found = store_message_of(json, &a, &m, &e);
    if (found)
        mem_add_changes(r, &a, &m);
    found = found && m.text.n && finder_take(f, thing, m.text, false);
    arena_finish(&a);
    return found;
}

static void search_room(const struct mem_room *r, struct finder *f)
{
    size_t found = 0;
    for (size_t i = r->log.n; i > 0 && found < f->wanted; i--) {
        const struct store_append *a = &r->log.v[i - 1];
        struct found_item thing = {
            .kind = search_kind(a->type, a->number),
            .room = r->name,
            .seq = a->seq,
            .number = a->number,
            .time = a->time,
            .author = a->author,
        };
        name_thing(r, &thing);
        bool has = false;
        if (thing.kind == FOUND_CHAT || thing.kind == FOUND_COMMENT)
            has = take_message(r, f, a->json, &thing);
        else if (thing.kind != FOUND_ANY)
            has = take_text(r, f, &thing) | take_name(r, f, &thing);
        found += has;
    }
}

static bool is_before(const struct store_search *s, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (str_eq(s->rooms.v[k], s->rooms.v[i]))
            return true;
    return false;
}

void mem_read_search(const struct mem *m, struct store_job *j)
{
    struct finder f;
    if (!finder_begin(&f, j))
        return;
    for (size_t i = 0; i < j->search.rooms.n; i++) {
        const struct mem_room *r = mem_room_find(m, j->search.rooms.v[i]);
        if (r && !is_before(&j->search, i))
            search_room(r, &f);
    }
    finder_end(&f);
}
