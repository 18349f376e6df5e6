/* Snapshots: collected beside the old state, which is replaced when the last part is here, so
 * that a link that breaks half-way costs nothing. */
#include "cards.h"
#include "replica_parts.h"

#include <stdlib.h>
#include <string.h>

struct replica_load {
    int64_t seq, next_part;
    bool is_public;
    struct str topic;
    struct retention keep;
    int64_t trimmed;
    char log[LOG_NAME_MAX + 1];
    struct board board;
    struct notes_kept notes;
    struct arena arena; /* of the names below */
    VEC(struct member_item) members;
    VEC(struct pin_item) pins;
};

void replica_drop_load(struct replica *r)
{
    struct replica_load *l = r->load;
    if (l) {
        board_finish(&l->board);
        notes_kept_finish(&l->notes);
        vec_finish(&l->members);
        vec_finish(&l->pins);
        arena_finish(&l->arena);
        free(l);
    }
    r->load = NULL;
    r->loading = false;
}

static bool begin(struct replica *r, const struct msg_snapshot *m, struct err *e)
{
    if (m->part == 0) {
        replica_drop_load(r);
        r->load = NEW(struct replica_load);
        r->load->seq = m->seq;
        r->load->is_public = m->is_public;
        r->load->topic = str_keep(&r->load->arena, m->topic);
        r->load->keep = m->keep;
        r->load->trimmed = m->trimmed;
        memcpy(r->load->log, m->log.p ? m->log.p : "", MIN(m->log.n, (size_t)LOG_NAME_MAX));
        board_init(&r->load->board);
        r->loading = true;
    }
    struct replica_load *l = r->load;
    if (!l || l->seq != m->seq || l->next_part != m->part)
        return fail(e, ERR_OUT_OF_ORDER, "%s: part %lld of a snapshot came out of order",
                    r->name, (long long)m->part);
    l->next_part++;
    return true;
}

static bool add_card(struct replica_load *l, const struct task_item *t, struct err *e)
{
    struct arena arena = {0};
    struct card_change *changes;
    struct board_action add = {.kind = BOARD_ADD,
                               .number = t->number,
                               .title = t->title,
                               .column = t->column,
                               .key = t->key};
    bool ok = cards_changes(t->fields.v, t->fields.n, &arena, &changes, e) &&
              board_apply(&l->board, &add, NULL, NULL, e);
    struct board_action edit = {
        .kind = BOARD_EDIT, .number = t->number, .changes = changes, .changes_n = t->fields.n};
    ok = ok && (t->fields.n == 0 || board_apply(&l->board, &edit, NULL, NULL, e));
    arena_finish(&arena);
    return ok;
}

static bool add_part(struct replica_load *l, const struct msg_snapshot *m, struct err *e)
{
    for (size_t i = 0; i < m->columns.n; i++) {
        if (!board_put_column(&l->board, m->columns.v[i].name, m->columns.v[i].limit, e))
            return false;
    }
    for (size_t i = 0; i < m->tasks.n; i++) {
        const struct task_item *t = &m->tasks.v[i];
        if (!add_card(l, t, e))
            return false;
        board_touch(&l->board, t->number, t->changed);
        struct card_counts counts = {t->done, t->boxes, t->comments};
        notes_kept_describe(&l->notes, t->number, t->version, &counts);
    }
    for (size_t i = 0; i < m->notes.n; i++) {
        board_pass_number(&l->board, m->notes.v[i].number);
        if (!notes_kept_add(&l->notes, &m->notes.v[i], e))
            return false;
    }
    for (size_t i = 0; i < m->members.n; i++) {
        struct member_item member = m->members.v[i];
        member.user = str_keep(&l->arena, member.user);
        vec_push(&l->members, member);
    }
    for (size_t i = 0; i < m->pins.n; i++) {
        struct pin_item pin = m->pins.v[i];
        pin.author = str_keep(&l->arena, pin.author);
        vec_push(&l->pins, pin);
    }
    l->board.next_number = MAX(l->board.next_number, m->next_number);
    return true;
}

/* Requests of ours that the server stored and the snapshot contains. */
static void forget_contained(struct replica *r)
{
    for (size_t i = r->pending.n; i-- > 0;) {
        struct pending *p = r->pending.v[i];
        if (p->saved_seq && p->saved_seq <= r->seq)
            replica_forget(r, p, p->number);
    }
}

static void finish(struct replica *r)
{
    struct replica_load *l = r->load;
    replica_take_back(r);
    struct board old = r->board;
    r->board = l->board;
    l->board = old;
    struct notes_kept notes = r->kept;
    r->kept = l->notes;
    l->notes = notes;
    if (l->seq != r->seq) { /* chat between what we have and the snapshot is missing */
        replica_clear_lines(r);
        r->floor = l->seq + 1;
        r->has_older = l->seq > 0;
    }
    r->seq = l->seq;
    r->is_public = l->is_public;
    replica_set_topic(r, l->topic);
    r->keep = l->keep;
    r->trimmed = l->trimmed;
    memcpy(r->log, l->log, sizeof r->log);
    replica_set_members(r, l->members.v, l->members.n);
    replica_set_pins(r, l->pins.v, l->pins.n);
    forget_contained(r);
    replica_put_back(r);
    replica_overlay(r);
    replica_drop_load(r);
    r->version++;
}

bool replica_take_part(struct replica *r, const struct msg_snapshot *m, struct err *e)
{
    if (!begin(r, m, e))
        return false;
    struct err why = {0};
    if (!add_part(r->load, m, &why)) {
        replica_drop_load(r);
        return fail(e, ERR_INTERNAL, "%s: the snapshot does not fit: %s", r->name, why.text);
    }
    if (!m->more)
        finish(r);
    return true;
}

/* ---- the way back ---- */

struct writer {
    struct arena arena;
    struct msg part;
    void (*each)(void *arg, const struct msg *m);
    void *arg;
};

static void send_part(struct writer *w, bool more)
{
    struct msg_snapshot *s = &w->part.snapshot;
    s->more = more;
    w->each(w->arg, &w->part);
    s->part++;
    s->log.n = s->topic.n = 0;
    s->keep = (struct retention){0};
    s->trimmed = 0;
    s->columns.n = s->tasks.n = s->notes.n = s->members.n = s->pins.n = 0;
}

static void write_columns(struct writer *w, const struct board *b)
{
    struct msg_snapshot *s = &w->part.snapshot;
    s->columns.v = arena_alloc(&w->arena, b->columns.n * sizeof *s->columns.v);
    vec_each (col, &b->columns)
        s->columns.v[s->columns.n++] = (struct column_item){str_of(col->name), col->limit};
}

static void write_pins(struct writer *w, const struct replica *r)
{
    struct msg_snapshot *s = &w->part.snapshot;
    s->pins.v = arena_alloc(&w->arena, r->pins.n * sizeof *s->pins.v);
    vec_each (p, &r->pins)
        s->pins.v[s->pins.n++] = (struct pin_item){p->message, p->time, str_of(p->author)};
}

static void write_tasks(struct writer *w, const struct replica *r, const struct board *b)
{
    struct msg_snapshot *s = &w->part.snapshot;
    s->tasks.v = arena_alloc(&w->arena, SNAPSHOT_PART_MAX * sizeof *s->tasks.v);
    vec_each (col, &b->columns) {
        vec_each (card, &col->cards) {
            if (s->tasks.n == SNAPSHOT_PART_MAX)
                send_part(w, true);
            struct task_item *t = &s->tasks.v[s->tasks.n++];
            struct change_list values = cards_values(*card, &w->arena);
            struct card_counts counts = replica_counts(r, (*card)->number);
            *t = (struct task_item){.number = (*card)->number,
                                    .title = str_of((*card)->title),
                                    .column = str_of(col->name),
                                    .key = str_of((*card)->key),
                                    .version = replica_description(r, (*card)->number),
                                    .done = counts.done,
                                    .boxes = counts.boxes,
                                    .comments = counts.comments,
                                    .changed = (*card)->changed};
            t->fields.v = values.v;
            t->fields.n = values.n;
        }
    }
}

static void write_notes(struct writer *w, const struct replica *r)
{
    struct msg_snapshot *s = &w->part.snapshot;
    s->notes.v = arena_alloc(&w->arena, SNAPSHOT_PART_MAX * sizeof *s->notes.v);
    vec_each (n, &r->kept.notes) {
        if (s->notes.n == SNAPSHOT_PART_MAX)
            send_part(w, true);
        s->notes.v[s->notes.n++] = (struct note_item){.number = n->number,
                                                      .name = str_of(n->name),
                                                      .archived = n->archived,
                                                      .version = n->version,
                                                      .time = n->time,
                                                      .author = str_of(n->author)};
    }
}

static void write_members(struct writer *w, const struct replica *r)
{
    struct msg_snapshot *s = &w->part.snapshot;
    s->members.v = arena_alloc(&w->arena, SNAPSHOT_PART_MAX * sizeof *s->members.v);
    vec_each (p, &r->people) {
        if (p->role == ROLE_NONE)
            continue;
        if (s->members.n == SNAPSHOT_PART_MAX)
            send_part(w, true);
        s->members.v[s->members.n++] =
            (struct member_item){.user = str_of(p->user), .role = p->role, .bot = p->bot};
    }
}

/* Pages from the newest to the oldest, as they would be asked for. */
static void write_pages(struct writer *w, const struct replica *r, size_t most)
{
    struct message_item *items = arena_alloc(&w->arena, HISTORY_MAX * sizeof *items);
    size_t end = r->lines.n, stop = MAX(end > most ? end - most : 0, r->past);
    do {
        size_t start = MAX(stop, end > HISTORY_MAX ? end - HISTORY_MAX : 0);
        for (size_t i = start; i < end; i++)
            items[i - start] = line_item(r, r->lines.v[i], &w->arena);
        struct msg page = {.type = MSG_HISTORY_PAGE};
        page.history_page.head.re = 1;
        page.history_page.room = str_of(r->name);
        page.history_page.seq = r->seq;
        page.history_page.messages.v = items;
        page.history_page.messages.n = end - start;
        page.history_page.more = start > 0 || r->has_older;
        w->each(w->arg, &page);
        end = start;
    } while (end > stop);
}

void replica_write(const struct replica *r, size_t lines,
                   void (*each)(void *arg, const struct msg *m), void *arg)
{
    struct board board;
    board_init(&board);
    replica_confirmed_board(r, &board);
    struct writer w = {.each = each, .arg = arg, .part = {.type = MSG_SNAPSHOT}};
    struct msg_snapshot *s = &w.part.snapshot;
    s->room = str_of(r->name);
    s->seq = r->seq;
    s->is_public = r->is_public;
    s->log = str_of(r->log);
    s->topic = str_of(r->topic);
    s->keep = r->keep;
    s->trimmed = r->trimmed;
    s->next_number = board.next_number;
    write_columns(&w, &board);
    write_pins(&w, r);
    write_tasks(&w, r, &board);
    write_notes(&w, r);
    write_members(&w, r);
    send_part(&w, false);
    write_pages(&w, r, lines);
    arena_finish(&w.arena);
    board_finish(&board);
}
