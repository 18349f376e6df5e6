#include "snapshot.h"

#include "cards.h"
#include "codec.h"
#include "note.h"
#include "presence.h"
#include "said.h"

#include <stdlib.h>
#include <string.h>

/* How far a snapshot has come. */
struct snapshot_writer {
    struct hub *h;
    const struct room *r;
    size_t column, card; /* the next one */
    size_t note, member;
};

enum {
    /* Bytes of cards in one part, beside which notes and members have room in a frame. Escapes
     * can double a string. */
    TASK_BYTES_MAX = FRAME_OUT_MAX / 4,
    TASK_OVERHEAD = 160,
    VALUE_OVERHEAD = 40,
};

static size_t size_of(const struct card *c)
{
    size_t n = TASK_OVERHEAD + strlen(c->title);
    vec_each (v, &c->values)
        n += VALUE_OVERHEAD + strlen(v->value);
    return n;
}

static struct task_item task_item(const struct snapshot_writer *w, const struct column *col,
                                  const struct card *c)
{
    struct change_list values = cards_values(c, &w->h->arena);
    struct task_item t = {
        .number = c->number,
        .title = str_of(c->title),
        .column = str_of(col->name),
        .key = str_of(c->key),
        .version = text_head_version(w->r, c->number),
        .changed = c->changed,
    };
    const struct text_head *head = text_head(w->r, c->number);
    if (head) {
        t.done = head->boxes.done;
        t.boxes = head->boxes.all;
        t.comments = head->comments;
    }
    t.fields.v = values.v;
    t.fields.n = values.n;
    return t;
}

static size_t write_tasks(struct snapshot_writer *w, struct task_item *out)
{
    size_t n = 0, bytes = 0;
    for (; w->column < w->r->board.columns.n; w->column++, w->card = 0) {
        const struct column *col = &w->r->board.columns.v[w->column];
        for (; w->card < col->cards.n; w->card++) {
            bytes += size_of(col->cards.v[w->card]);
            if (n == SNAPSHOT_PART_MAX || (n && bytes > TASK_BYTES_MAX))
                return n;
            out[n++] = task_item(w, col, col->cards.v[w->card]);
        }
    }
    return n;
}

static size_t write_notes(struct snapshot_writer *w, struct note_item *out)
{
    size_t n = 0;
    for (; w->note < w->r->notes.list.n && n < SNAPSHOT_PART_MAX; w->note++)
        out[n++] = note_item(w->r, w->r->notes.list.v[w->note]);
    return n;
}

static size_t write_members(struct snapshot_writer *w, struct member_item *out)
{
    size_t n = 0;
    for (; w->member < w->r->members.n && n < SNAPSHOT_PART_MAX; w->member++) {
        const struct member *m = &w->r->members.v[w->member];
        if (m->ahead != ROLE_NONE)
            out[n++] = (struct member_item){.user = str_of(m->user->name),
                                            .role = m->ahead,
                                            .online = presence_is_here(w->r, m->user),
                                            .bot = m->user->bot};
    }
    return n;
}

static bool is_written(const struct snapshot_writer *w)
{
    return w->column == w->r->board.columns.n && w->note == w->r->notes.list.n &&
           w->member == w->r->members.n;
}

static void add_part(struct snapshot_writer *w, struct snapshot *s)
{
    struct hub *h = w->h;
    const struct room *r = w->r;
    struct task_item *tasks = arena_alloc(&h->arena, SNAPSHOT_PART_MAX * sizeof *tasks);
    struct note_item *notes = arena_alloc(&h->arena, SNAPSHOT_PART_MAX * sizeof *notes);
    struct member_item *members = arena_alloc(&h->arena, SNAPSHOT_PART_MAX * sizeof *members);
    struct column_item columns[COLUMNS_MAX];
    struct msg m = {.type = MSG_SNAPSHOT};
    struct msg_snapshot *p = &m.snapshot;
    p->room = str_of(r->name);
    p->seq = s->seq;
    p->is_public = r->is_public;
    p->part = (int64_t)s->parts.n;
    p->next_number = r->board.next_number;
    p->log = p->part == 0 ? str_of(h->log) : (struct str){0};
    p->topic = p->part == 0 ? str_of(r->topic) : (struct str){0};
    p->keep = p->part == 0 ? r->keep : (struct retention){0};
    p->trimmed = p->part == 0 ? r->trimmed : 0;
    for (size_t i = 0; p->part == 0 && i < r->board.columns.n; i++)
        columns[p->columns.n++] = (struct column_item){str_of(r->board.columns.v[i].name),
                                                       r->board.columns.v[i].limit};
    p->columns.v = columns;
    p->pins.v = pins_items(r, &h->arena);
    p->pins.n = p->part == 0 ? r->pins.n : 0;
    p->tasks.v = tasks;
    p->tasks.n = write_tasks(w, tasks);
    p->notes.v = notes;
    p->notes.n = write_notes(w, notes);
    p->members.v = members;
    p->members.n = write_members(w, members);
    p->more = !is_written(w);
    buf_clear(&h->scratch);
    codec_encode(&h->scratch, &m);
    vec_push(&s->parts, frame_new(buf_str(&h->scratch)));
}

static struct snapshot *snapshot_make(struct hub *h, const struct room *r)
{
    struct snapshot_writer w = {.h = h, .r = r};
    struct snapshot *s = NEW(struct snapshot);
    s->refs = 1;
    s->seq = r->head;
    do
        add_part(&w, s);
    while (!is_written(&w));
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
