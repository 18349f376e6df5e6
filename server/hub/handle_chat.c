/* Chat: pages of it. */
#include "ask.h"
#include "caller.h"
#include "client.h"
#include "codec.h"
#include "handle.h"
#include "room.h"

enum { READ_AGAIN_MAX = 8 }; /* a page is read anew so often when messages change meanwhile */

static void ask_page(struct hub *h, const struct ask *a, const struct store_job *q)
{
    struct store_job *j = store_job_new(JOB_HISTORY);
    j->room = str_keep(&j->arena, q->room);
    j->from = q->from;
    j->up = q->up;
    j->around = q->around;
    j->time = q->time;
    j->text = q->text;
    j->reply = q->reply;
    j->pinned = q->pinned;
    j->limit = q->limit;
    j->bytes_limit = RESUME_BYTES;
    ask_store(h, a, j);
}

enum outcome handle_history(struct hub *h, struct caller *c, const struct msg *m, struct err *e)
{
    const struct msg_history *q = &m->history;
    bool up = q->after != 0;
    if ((q->task != 0) + (q->reply != 0) + q->pinned > 1) {
        fail(e, ERR_BAD_FIELD, "history: at most one of task, reply and pinned is allowed");
        return REFUSED;
    }
    if ((q->before != SEQ_MAX) + up + (q->around != 0) + (q->time != 0) > 1) {
        fail(e, ERR_BAD_FIELD,
             "history: at most one of before, after, around and time is allowed");
        return REFUSED;
    }
    struct ask *a = question_new(h, ASK_HISTORY, c, q->head.id, e);
    if (!a)
        return REFUSED;
    ask_page(h, a,
             &(struct store_job){.room = q->head.room,
                                 .from = up          ? q->after
                                         : q->around ? q->around
                                                     : q->before,
                                 .up = up,
                                 .around = q->around || q->time,
                                 .time = q->time,
                                 .text = q->task,
                                 .reply = q->reply,
                                 .pinned = q->pinned,
                                 .limit = q->limit});
    return DONE;
}

/* Leaves half of them out at the end that is farther from where the question began. */
static void shorten(struct msg_history_page *p, const struct store_job *j)
{
    size_t before = 0;
    while (j->around && before < p->messages.n && p->messages.v[before].seq < j->from)
        before++;
    bool front = j->around ? before > p->messages.n / 2 : !j->up;
    size_t far = !j->around ? p->messages.n : front ? before : p->messages.n - before;
    size_t drop = MAX((far + 1) / 2, (size_t)1);
    p->messages.v += front ? drop : 0;
    p->messages.n -= drop;
    *(j->around && !front ? &p->newer : &p->more) = true;
}

/* As many as fit into a frame; encoded into h->scratch. */
static void encode_page(struct hub *h, struct msg *page, const struct store_job *j)
{
    struct msg_history_page *p = &page->history_page;
    for (;;) {
        buf_clear(&h->scratch);
        codec_encode(&h->scratch, page);
        if (h->scratch.n <= FRAME_OUT_MAX || p->messages.n <= 1)
            return;
        shorten(p, j);
    }
}

/* A change that the page does not have was told before it: it would never be seen. */
static bool is_outdated(struct hub *h, const struct store_job *j)
{
    const struct room *r = room_find(h, j->room);
    return r && j->seq < r->changed;
}

static void read_again(struct hub *h, const struct ask *a, struct caller *c,
                       const struct store_job *j)
{
    struct err e;
    struct ask *again = NULL;
    if (a->number < READ_AGAIN_MAX)
        again = question_new(h, ASK_HISTORY, c, a->id, &e);
    else
        fail(&e, ERR_BUSY, "messages change faster than they can be read; try again");
    if (!again) {
        caller_error(h, c, a->id, &e);
        return;
    }
    again->number = a->number + 1;
    ask_page(h, again, j);
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
    if (is_outdated(h, j)) {
        read_again(h, a, c, j);
        return;
    }
    struct msg page = {.type = MSG_HISTORY_PAGE};
    page.history_page.head.re = a->id;
    page.history_page.room = j->room;
    page.history_page.seq = j->seq;
    page.history_page.messages.v = j->messages.v;
    page.history_page.messages.n = j->messages.n;
    page.history_page.more = j->more;
    page.history_page.newer = j->newer;
    encode_page(h, &page, j);
    caller_send_frame(h, c, frame_new(buf_str(&h->scratch)), false);
}
