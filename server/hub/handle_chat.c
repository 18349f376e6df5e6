/* Chat: saying something, in the room or on a card, and older pages. */
#include "append.h"
#include "ask.h"
#include "caller.h"
#include "client.h"
#include "codec.h"
#include "handle.h"
#include "room.h"

enum outcome handle_message_post(struct hub *h, struct caller *c, const struct msg *m,
                                 struct err *e)
{
    const struct msg_message_post *q = &m->message_post;
    struct room *r = room_find(h, q->head.room);
    int64_t task = q->task;
    enum outcome o = append_ready(h, c->client, r, task != 0, e);
    if (o == DONE && task)
        o = find_card(h, c, r, &task, e);
    if (o != DONE)
        return o;
    struct draft d = {.event.type = MSG_MESSAGE, .number = task};
    d.event.message.text = q->text;
    d.event.message.task = task;
    append(h, r, c->client, str_of(c->user->name), q->head.id, &d);
    return DONE;
}

enum outcome handle_history(struct hub *h, struct caller *c, const struct msg *m, struct err *e)
{
    struct ask *a = question_new(h, ASK_HISTORY, c, m->history.head.id, e);
    if (!a)
        return REFUSED;
    struct store_job *j = store_job_new(JOB_HISTORY);
    j->room = str_keep(&j->arena, m->history.head.room);
    j->from = m->history.before;
    j->text = m->history.task;
    j->limit = m->history.limit;
    j->bytes_limit = RESUME_BYTES;
    ask_store(h, a, j);
    return DONE;
}

/* As many of the newest as fit into a frame; encoded into h->scratch. */
static void encode_page(struct hub *h, struct msg *page)
{
    struct msg_history_page *p = &page->history_page;
    for (;;) {
        buf_clear(&h->scratch);
        codec_encode(&h->scratch, page);
        if (h->scratch.n <= FRAME_OUT_MAX || p->messages.n <= 1)
            return;
        size_t drop = (p->messages.n + 1) / 2;
        p->messages.v += drop;
        p->messages.n -= drop;
        p->more = true;
    }
}

struct caller *answer_reader(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct caller *c = question_end(h, a);
    struct err e = j->err;
    if (e.code != ERR_NONE)
        h->counts.store_failures++;
    if (!c)
        return NULL;
    struct room *r = room_find(h, j->room);
    if (e.code == ERR_NONE && (!r || room_power(r, c, false) == ROLE_NONE))
        fail(&e, ERR_NOT_FOUND, "there is no room %.*s that you are in", STR_ARG(j->room));
    if (e.code == ERR_NONE)
        return c;
    caller_error(h, c, a->id, &e);
    return NULL;
}

void answer_history(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct caller *c = answer_reader(h, a, j);
    if (!c)
        return;
    struct msg page = {.type = MSG_HISTORY_PAGE};
    page.history_page.head.re = a->id;
    page.history_page.room = j->room;
    page.history_page.messages.v = j->messages.v;
    page.history_page.messages.n = j->messages.n;
    page.history_page.more = j->more;
    encode_page(h, &page);
    caller_send_frame(h, c, frame_new(buf_str(&h->scratch)), false);
}
