#include "snapshot.h"

#include "codec.h"
#include "note.h"
#include "presence.h"

#include <stdlib.h>

/* Collects tasks over all columns, from number `from` on. */
static size_t tasks_from(const struct room *r, size_t from, struct task_item *out)
{
    size_t n = 0;
    vec_each (col, &r->board.columns) {
        if (from >= col->cards.n) {
            from -= col->cards.n;
            continue;
        }
        for (size_t i = from; i < col->cards.n && n < SNAPSHOT_PART_MAX; i++) {
            const struct card *c = col->cards.v[i];
            out[n++] = (struct task_item){c->number, str_of(c->title), str_of(col->name),
                                          str_of(c->key), text_head_version(r, c->number)};
        }
        from = 0;
    }
    return n;
}

static size_t notes_from(const struct room *r, size_t from, struct note_item *out)
{
    size_t n = 0;
    for (size_t i = from; i < r->notes.list.n && n < SNAPSHOT_PART_MAX; i++)
        out[n++] = note_item(r, r->notes.list.v[i]);
    return n;
}

static size_t members_from(const struct room *r, size_t from, struct member_item *out)
{
    size_t n = 0;
    for (size_t i = from; i < r->members.n && n < SNAPSHOT_PART_MAX; i++) {
        const struct member *m = &r->members.v[i];
        if (m->ahead != ROLE_NONE)
            out[n++] = (struct member_item){str_of(m->user->name), m->ahead,
                                            presence_is_here(r, m->user)};
    }
    return n;
}

static void add_part(struct hub *h, struct snapshot *s, const struct room *r, bool more)
{
    struct task_item *tasks = arena_alloc(&h->arena, SNAPSHOT_PART_MAX * sizeof *tasks);
    struct note_item *notes = arena_alloc(&h->arena, SNAPSHOT_PART_MAX * sizeof *notes);
    struct member_item *members = arena_alloc(&h->arena, SNAPSHOT_PART_MAX * sizeof *members);
    struct column_item columns[COLUMNS_MAX];
    size_t part = s->parts.n, from = part * SNAPSHOT_PART_MAX;
    struct msg m = {.type = MSG_SNAPSHOT};
    struct msg_snapshot *p = &m.snapshot;
    p->room = str_of(r->name);
    p->seq = s->seq;
    p->is_public = r->is_public;
    p->more = more;
    p->part = (int64_t)part;
    p->next_number = r->board.next_number;
    for (size_t i = 0; part == 0 && i < r->board.columns.n; i++)
        columns[p->columns.n++].name = str_of(r->board.columns.v[i].name);
    p->columns.v = columns;
    p->tasks.v = tasks;
    p->tasks.n = tasks_from(r, from, tasks);
    p->notes.v = notes;
    p->notes.n = notes_from(r, from, notes);
    p->members.v = members;
    p->members.n = members_from(r, from, members);
    buf_clear(&h->scratch);
    codec_encode(&h->scratch, &m);
    vec_push(&s->parts, frame_new(buf_str(&h->scratch)));
}

static struct snapshot *snapshot_make(struct hub *h, const struct room *r)
{
    struct snapshot *s = NEW(struct snapshot);
    s->refs = 1;
    s->seq = r->head;
    size_t items = MAX(MAX(r->board.live, r->notes.list.n), r->members.n);
    size_t n = MAX((items + SNAPSHOT_PART_MAX - 1) / SNAPSHOT_PART_MAX, 1u);
    for (size_t i = 0; i < n; i++)
        add_part(h, s, r, i + 1 < n);
    return s;
}

struct snapshot *snapshot_of(struct hub *h, struct room *r)
{
    bug_on(!r->has_board);
    if (!r->snapshot)
        r->snapshot = snapshot_make(h, r);
    r->snapshot->refs++;
    return r->snapshot;
}

void snapshot_drop(struct snapshot *s)
{
    if (!s || --s->refs > 0)
        return;
    vec_each (f, &s->parts)
        frame_drop(*f);
    vec_finish(&s->parts);
    free(s);
}
