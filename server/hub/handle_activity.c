/* What was done in a room, read back from its log. */
#include "ask.h"
#include "caller.h"
#include "client.h"
#include "codec.h"
#include "handle.h"
#include "note.h"
#include "resume.h"
#include "room.h"

#include <stdlib.h>

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The cards that a person does, and all notes. */
static void add_own(const struct room *r, struct str user, struct store_job *j)
{
    size_t most = HASH_COUNT(r->board.by_number) + r->notes.list.n;
    j->concerns = str_keep(&j->arena, user);
    j->numbers.v = arena_alloc(&j->arena, most * sizeof *j->numbers.v);
    for (const struct card *c = r->board.by_number; c; c = c->hh.next)
        if (card_has(c, CARD_ASSIGNEE, user))
            j->numbers.v[j->numbers.n++] = c->number;
    vec_each (n, &r->notes.list)
        j->numbers.v[j->numbers.n++] = (*n)->number;
    qsort(j->numbers.v, j->numbers.n, sizeof *j->numbers.v, by_number);
}

enum outcome handle_activity(struct hub *h, struct caller *c, const struct msg *m,
                             struct err *e)
{
    const struct msg_activity *q = &m->activity;
    struct room *r = room_find(h, q->head.room);
    if (!r->has_board) { /* which knows what things are called */
        client_block(c->client, r);
        room_load(h, r);
        return BLOCKED;
    }
    struct ask *a = question_new(h, ASK_ACTIVITY, c, q->head.id, e);
    if (!a)
        return REFUSED;
    struct store_job *j = store_job_new(JOB_ACTIVITY);
    j->room = str_keep(&j->arena, q->head.room);
    j->author = str_keep(&j->arena, q->user);
    j->from = q->before;
    j->text = q->about;
    j->activity = q->kind;
    j->limit = q->limit;
    j->bytes_limit = RESUME_BYTES;
    j->since = q->since;
    if (q->mine)
        add_own(r, str_of(c->user->name), j);
    ask_store(h, a, j);
    return DONE;
}

static bool name_of(const struct room *r, int64_t number, struct named_item *out)
{
    const struct note *n = note_find(r, number);
    const struct card *card = board_card(&r->board, number);
    if (n)
        *out = (struct named_item){number, str_of(n->name), true};
    else if (card)
        *out = (struct named_item){number, str_of(card->title), false};
    return n || card;
}

static void add_names(struct hub *h, const struct store_job *j, struct msg_activity_page *page)
{
    const struct room *r = room_find(h, j->room);
    page->names.v = arena_alloc(&h->arena, j->events.n * sizeof *page->names.v);
    for (size_t i = 0; i < j->events.n && r->has_board; i++) {
        int64_t number = j->events.v[i].number;
        size_t at = 0;
        while (at < page->names.n && page->names.v[at].number != number)
            at++;
        if (at == page->names.n && name_of(r, number, &page->names.v[at]))
            page->names.n++;
    }
}

void answer_activity(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct caller *c = answer_reader(h, a, j);
    if (!c)
        return;
    struct str *events = arena_alloc(&h->arena, j->events.n * sizeof *events);
    for (size_t i = 0; i < j->events.n; i++)
        events[i] = j->events.v[i].json;
    struct msg page = {.type = MSG_ACTIVITY_PAGE};
    page.activity_page = (struct msg_activity_page){
        .head.re = a->id, .room = j->room, .from = j->seq, .more = j->more};
    page.activity_page.events.v = events;
    page.activity_page.events.n = j->events.n;
    add_names(h, j, &page.activity_page);
    buf_clear(&h->scratch);
    codec_encode(&h->scratch, &page);
    caller_send_frame(h, c, frame_new(buf_str(&h->scratch)), false);
}
