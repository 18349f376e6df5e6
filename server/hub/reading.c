#include "reading.h"

#include "ask.h"
#include "caller.h"
#include "codec.h"
#include "rate.h"
#include "room.h"

#include <stdlib.h>
#include <string.h>

struct reading *reading_new(struct caller *c, enum msg_type type, int64_t id, struct room *r,
                            int64_t number, struct err *e)
{
    if (c->questions >= QUESTIONS_MAX) {
        fail(e, ERR_BUSY, "at most %d questions may wait for their answers", QUESTIONS_MAX);
        return NULL;
    }
    c->questions++;
    struct reading *q = NEW(struct reading);
    q->type = type;
    q->id = id;
    q->room = r;
    q->number = number;
    DL_APPEND(c->readings, q);
    return q;
}

static void reading_free(struct caller *c, struct reading *q)
{
    DL_DELETE(c->readings, q);
    c->questions--;
    copy_drop(q->copy);
    whose_drop(q->whose);
    free(q);
}

void reading_drop_all(struct caller *c)
{
    while (c->readings)
        reading_free(c, c->readings);
}

/* ---- sending ---- */

void reading_send(struct hub *h, struct caller *c, struct frame *f)
{
    rate_charge(h, c, f->n / STEP_BYTES);
    c->burst += f->n;
    if (c->burst >= RESUME_BYTES) {
        c->burst = 0;
        c->paused = true;
    }
    caller_send_frame(h, c, f, c->paused);
}

/* As much of the rest as fits into a part and ends behind a code point. */
static struct str next_part(const struct reading *q)
{
    struct str rest = {q->copy->text.p + q->byte, q->copy->text.n - q->byte};
    if (rest.n <= NOTE_PART_MAX)
        return rest;
    size_t n = NOTE_PART_MAX;
    while (((unsigned char)rest.p[n] & 0xc0) == 0x80)
        n--;
    return (struct str){rest.p, n};
}

enum progress reading_send_text(struct hub *h, struct caller *c, struct reading *q)
{
    struct str text = q->copy->text.n ? next_part(q) : (struct str){0};
    q->byte += text.n;
    struct msg m = {.type = MSG_NOTE_TEXT};
    m.note_text = (struct msg_note_text){
        .head.re = q->id,
        .room = str_of(q->room->name),
        .note = q->number,
        .version = q->copy->version,
        .time = q->copy->time,
        .part = q->part++,
        .more = q->byte < q->copy->text.n,
        .text = text,
    };
    buf_clear(&h->scratch);
    codec_encode(&h->scratch, &m);
    reading_send(h, c, frame_new(buf_str(&h->scratch)));
    return m.note_text.more ? ONWARD : FINISHED;
}

/* ---- asking and being answered ---- */

void reading_ask(struct hub *h, struct caller *c, struct reading *q, struct store_job *j)
{
    struct ask *a = ask_new(h, ASK_READING, c, q->id);
    j->room = str_keep(&j->arena, str_of(q->room->name));
    j->text = q->number;
    q->asked = a->tag;
    ask_store(h, a, j);
}

/* Errors of the store that trying again does not cure by itself are its failures all the same.
 */
static void answer_failed(struct hub *h, struct caller *c, struct reading *q,
                          const struct err *e)
{
    caller_error(h, c, q->id, e);
    reading_free(c, q);
}

static enum progress step(struct hub *h, struct caller *c, struct reading *q, struct err *e)
{
    if (room_power(q->room, c, false) == ROLE_NONE) { /* taken out of the room meanwhile */
        fail(e, ERR_NOT_FOUND, "there is no room %s that you are in", q->room->name);
        return FAILED;
    }
    if (q->type == MSG_NOTE_OPEN)
        return reading_open(h, c, q, e);
    if (q->type == MSG_NOTE_AT)
        return reading_at(h, c, q, e);
    if (q->type == MSG_NOTE_LOG)
        return reading_log(h, c, q, e);
    return reading_blame(h, c, q, e);
}

/* False when the first question has to wait. */
static bool settle(struct hub *h, struct caller *c, struct reading *q, enum progress p,
                   const struct err *e)
{
    if (p == FAILED)
        answer_failed(h, c, q, e);
    else if (p == FINISHED)
        reading_free(c, q);
    return p != WAITING;
}

void reading_step(struct hub *h, struct caller *c)
{
    struct reading *q;
    while ((q = c->readings) && !c->paused && !q->asked) {
        struct err e = {0};
        enum progress p = step(h, c, q, &e);
        if (!settle(h, c, q, p, &e))
            return;
    }
}

static enum progress more(struct hub *h, struct caller *c, struct reading *q,
                          const struct store_job *j, struct err *e)
{
    if (j->err.code != ERR_NONE) {
        h->counts.store_failures++;
        *e = j->err;
        return FAILED;
    }
    if (q->type == MSG_NOTE_OPEN)
        return reading_open_more(h, c, q, j, e);
    if (q->type == MSG_NOTE_AT)
        return reading_at_more(h, c, q, j, e);
    bug_on(q->type != MSG_NOTE_LOG);
    return reading_log_more(h, c, q, j, e);
}

void reading_answered(struct hub *h, const struct ask *a, const struct store_job *j)
{
    struct caller *c = ask_caller(h, a);
    struct reading *q = c ? c->readings : NULL;
    if (!q || q->asked != a->tag)
        return;
    struct err e = {0};
    q->asked = 0;
    enum progress p = more(h, c, q, j, &e);
    settle(h, c, q, p, &e);
    reading_step(h, c);
}
