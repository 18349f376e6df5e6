/* Messages in the store without a disk. */
#include "codec.h"
#include "store_job.h"
#include "store_mem.h"

#include <string.h>

/* ---- writing ---- */

static size_t place_of(const struct mem_room *r, int64_t seq)
{
    size_t low = 0, high = r->said.n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (r->said.v[middle].seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct mem_said *said_find(const struct mem_room *r, int64_t seq)
{
    size_t at = place_of(r, seq);
    return at < r->said.n && r->said.v[at].seq == seq ? &r->said.v[at] : NULL;
}

static struct mem_said *said_make(struct mem_room *r, int64_t seq)
{
    size_t at = place_of(r, seq);
    if (at < r->said.n && r->said.v[at].seq == seq)
        return &r->said.v[at];
    vec_push(&r->said, (struct mem_said){0});
    memmove(&r->said.v[at + 1], &r->said.v[at], (r->said.n - at - 1) * sizeof *r->said.v);
    r->said.v[at] = (struct mem_said){.seq = seq};
    return &r->said.v[at];
}

static size_t pin_place(const struct mem_room *r, int64_t message)
{
    size_t i = 0;
    while (i < r->pins.n && r->pins.v[i].message < message)
        i++;
    return i;
}

static bool is_pinned(const struct mem_room *r, int64_t message)
{
    size_t at = pin_place(r, message);
    return at < r->pins.n && r->pins.v[at].message == message;
}

static void pin(struct mem *m, struct mem_room *r, const struct store_append *a, bool gone)
{
    int64_t message = a->change.message;
    size_t at = pin_place(r, message);
    bool is_there = is_pinned(r, message);
    if (gone && is_there)
        vec_remove(&r->pins, at);
    if (gone || is_there)
        return;
    vec_push(&r->pins, (struct store_pin){0});
    memmove(&r->pins.v[at + 1], &r->pins.v[at], (r->pins.n - at - 1) * sizeof *r->pins.v);
    r->pins.v[at] = (struct store_pin){message, a->time, str_keep(&m->arena, a->author)};
}

static void react(struct mem *m, struct mem_said *s, const struct store_append *a)
{
    size_t i = 0;
    while (i < s->reactions.n && !(str_eq(s->reactions.v[i].emoji, a->change.emoji) &&
                                   str_eq(s->reactions.v[i].user, a->author)))
        i++;
    bool is_there = i < s->reactions.n;
    if (a->change.gone && is_there)
        vec_remove(&s->reactions, i);
    if (a->change.gone || is_there)
        return;
    vec_push(&s->reactions, (struct reaction_item){str_keep(&m->arena, a->change.emoji),
                                                   str_keep(&m->arena, a->author), a->seq});
}

void mem_change_message(struct mem *m, struct mem_room *r, const struct store_append *a)
{
    struct mem_said *s = said_make(r, a->change.message);
    switch (a->change.kind) {
    case CHANGE_TEXT:
        s->text = str_keep(&m->arena, a->change.text);
        s->edited = a->time;
        break;
    case CHANGE_DELETE:
        s->deleted = str_keep(&m->arena, a->author);
        s->reactions.n = 0;
        pin(m, r, a, true);
        break;
    case CHANGE_REACTION:
        react(m, s, a);
        break;
    case CHANGE_PIN:
        pin(m, r, a, a->change.gone);
        break;
    }
}

/* ---- retention ---- */

static bool may_go(const struct mem_room *r, const struct store_append *a)
{
    return a->type == MSG_MESSAGE && !a->number && !is_pinned(r, a->seq);
}

static void empty(struct mem *m, struct store_append *a, int64_t message)
{
    struct err e;
    if (!store_removed_of(a->json, message, &m->arena, &a->json, &e))
        return;
    a->type = MSG_MESSAGE_REMOVED;
    a->number = a->reply = 0;
}

/* The message that an event of the log does something to; 0: none. */
static int64_t changed_by(const struct store_append *a)
{
    struct arena arena = {0};
    struct msg_list list;
    struct err e;
    int64_t re, message = 0;
    if (a->effect == EFFECT_MESSAGE && a->type != MSG_MESSAGE_REMOVED &&
        codec_decode(a->json, FROM_SERVER, &arena, &list, &re, &e))
        message = list.v->message_deleted.message; /* it stands in front in all of them */
    arena_finish(&arena);
    return message;
}

void mem_trim(struct mem *m, struct mem_room *r, int64_t above, int64_t upto)
{
    r->trimmed = MAX(r->trimmed, upto);
    for (int64_t at = above + 1; at <= upto; at++) {
        if (!may_go(r, &r->log.v[at - 1]))
            continue;
        empty(m, &r->log.v[at - 1], 0);
        size_t place = place_of(r, at);
        if (said_find(r, at)) {
            vec_finish(&r->said.v[place].reactions);
            vec_remove(&r->said, place);
        }
    }
    vec_each (a, &r->log) {
        int64_t message = changed_by(a);
        if (message && r->log.v[message - 1].type == MSG_MESSAGE_REMOVED)
            empty(m, a, message);
    }
}

static int64_t trim_bound(const struct mem_room *r, int64_t count)
{
    for (size_t i = r->log.n; i > 0; i--) {
        const struct store_append *a = &r->log.v[i - 1];
        if (a->type == MSG_MESSAGE && !a->number && count-- == 0)
            return a->seq;
    }
    return 0;
}

/* Changes cost nothing here, so they are not counted. */
void mem_read_trimmable(const struct mem *m, struct store_job *j)
{
    const struct mem_room *r = mem_room_find(m, j->room);
    if (!r) {
        store_refuse_room(j);
        return;
    }
    j->seq = (int64_t)r->log.n;
    if (j->trim.keep.count && !j->trim.bound)
        j->trim.bound = trim_bound(r, j->trim.keep.count);
    for (size_t i = (size_t)MAX(j->from, 0); i < r->log.n; i++) {
        const struct store_append *a = &r->log.v[i];
        if (a->type == MSG_MESSAGE && !store_trim_take(j, a->seq, a->time, may_go(r, a), 0))
            break;
    }
}

void mem_forget_said(struct mem_room *r)
{
    vec_each (s, &r->said)
        vec_finish(&s->reactions);
    vec_finish(&r->said);
    vec_finish(&r->pins);
}

/* ---- reading ---- */

bool mem_is_deleted(const struct mem_room *r, int64_t message)
{
    const struct mem_said *s = said_find(r, message);
    return s && s->deleted.n;
}

static bool is_wanted(const struct mem_room *r, const struct store_append *a,
                      const struct store_job *j)
{
    return a->type == MSG_MESSAGE && (!j->text || a->number == j->text) &&
           (!j->reply || a->reply == j->reply) && (!j->pinned || is_pinned(r, a->seq));
}

size_t mem_add_changes(const struct mem_room *r, struct arena *a, struct message_item *m)
{
    const struct mem_said *s = said_find(r, m->seq);
    m->pinned = is_pinned(r, m->seq);
    if (!s)
        return 0;
    size_t bytes = s->deleted.n ? 0 : s->text.n;
    m->edited = s->edited;
    m->deleted = str_keep(a, s->deleted);
    if (s->deleted.n || s->edited)
        m->text = s->deleted.n ? (struct str){0} : str_keep(a, s->text);
    m->reactions.v = arena_alloc(a, s->reactions.n * sizeof *m->reactions.v);
    vec_each (one, &s->reactions) {
        bytes += STORE_REACTION_BYTES + one->emoji.n + one->user.n;
        m->reactions.v[m->reactions.n++] =
            (struct reaction_item){str_keep(a, one->emoji), str_keep(a, one->user), one->seq};
    }
    return bytes;
}

static void read_page(const struct mem_room *r, struct store_job *j)
{
    int64_t last = (int64_t)r->log.n, step = j->up ? 1 : -1;
    int64_t at = j->up ? MAX(j->from, 0) + 1 : MIN(j->from - 1, last);
    size_t most = (size_t)MIN(MAX(j->limit, 0), last), bytes = 0;
    j->seq = last;
    j->messages.v = arena_alloc(&j->arena, most * sizeof *j->messages.v);
    for (; at >= 1 && at <= last && !j->more; at += step) {
        const struct store_append *a = &r->log.v[at - 1];
        if (!is_wanted(r, a, j))
            continue;
        j->more = j->messages.n == most || (j->messages.n && bytes >= j->bytes_limit);
        struct message_item *m = &j->messages.v[j->messages.n];
        if (j->more || !store_message_of(a->json, &j->arena, m, &j->err))
            break;
        bytes += a->json.n + mem_add_changes(r, &j->arena, m);
        j->messages.n++;
    }
    if (!j->up)
        store_reverse(j);
}

static bool read_half(void *arg, struct store_job *j)
{
    read_page(*(const struct mem_room **)arg, j);
    return true;
}

void mem_read_history(const struct mem_room *r, struct store_job *j)
{
    if (!j->around) {
        read_page(r, j);
        return;
    }
    if (j->time)
        for (j->from = 1; j->from <= (int64_t)r->log.n; j->from++)
            if (r->log.v[j->from - 1].time >= j->time)
                break;
    store_around(j, read_half, &r);
}

void mem_read_pins(const struct mem_room *r, struct arena *a, struct store_room *out)
{
    out->pins.v = arena_alloc(a, r->pins.n * sizeof *out->pins.v);
    vec_each (p, &r->pins)
        out->pins.v[out->pins.n++] =
            (struct store_pin){p->message, p->time, str_keep(a, p->author)};
}

/* How many messages on cards are not deleted, card by card. */
void mem_read_comments(const struct mem_room *r, struct arena *a, struct store_room *out)
{
    out->comments.v = arena_alloc(a, MAX(r->log.n, (size_t)1) * sizeof *out->comments.v);
    vec_each (e, &r->log) {
        const struct mem_said *said = said_find(r, e->seq);
        if (e->type != MSG_MESSAGE || e->number <= 0 || (said && said->deleted.n))
            continue;
        size_t i = 0;
        while (i < out->comments.n && out->comments.v[i].card < e->number)
            i++;
        if (i == out->comments.n || out->comments.v[i].card != e->number) {
            memmove(&out->comments.v[i + 1], &out->comments.v[i],
                    (out->comments.n - i) * sizeof *out->comments.v);
            out->comments.v[i] = (struct store_comments){.card = e->number};
            out->comments.n++;
        }
        out->comments.v[i].n++;
    }
}

static void count_unread(const struct mem_room *r, struct str user, struct store_unread *u)
{
    struct arena a = {0};
    int64_t looked = 0;
    struct err e;
    for (int64_t at = u->seq; at > u->read.seq && looked < UNREAD_SCAN; at--) {
        struct message_item m;
        const struct store_append *p = &r->log.v[at - 1];
        if (p->type != MSG_MESSAGE || !store_message_of(p->json, &a, &m, &e))
            continue;
        looked++;
        mem_add_changes(r, &a, &m);
        if (!m.deleted.n)
            store_count_unread(u, user, m.author, m.task, m.text, m.to);
    }
    arena_finish(&a);
}

void mem_read_unread(const struct mem *m, struct store_job *j)
{
    for (size_t i = 0; i < j->unread.n; i++) {
        struct store_unread *u = &j->unread.v[i];
        const struct mem_room *r = mem_room_find(m, u->room);
        u->seq = r ? (int64_t)r->log.n : 0;
        u->unread = u->mentions = 0;
        if (r)
            count_unread(r, j->author, u);
    }
}
