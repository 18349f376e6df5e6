#include "resume.h"

#include "ask.h"
#include "caller.h"
#include "lock.h"
#include "presence.h"
#include "room.h"
#include "snapshot.h"
#include "standing.h"

#include <stdlib.h>

struct sub *sub_find(const struct caller *c, const struct room *r)
{
    for (size_t i = 0; i < c->subs.n; i++) {
        if (c->subs.v[i]->room == r)
            return c->subs.v[i];
    }
    return NULL;
}

/* ---- the lists that a subscription is in ---- */

static void list_catching(struct sub *s)
{
    s->live = false;
    s->at = (uint32_t)s->room->catching.n;
    vec_push(&s->room->catching, s);
    DL_APPEND(s->conn->catching, s);
}

static void unlist_catching(struct sub *s)
{
    struct room *r = s->room;
    if (s->conn->catching == s)
        s->conn->reading = 0; /* what is being read for it is not wanted any more */
    DL_DELETE(s->conn->catching, s);
    struct sub *last = r->catching.v[--r->catching.n];
    r->catching.v[s->at] = last;
    last->at = s->at;
}

static void list_live(struct sub *s)
{
    struct room *r = s->room;
    s->live = true;
    s->at = (uint32_t)r->live.n;
    vec_push(&r->live, s);
    vec_push(&r->slots, s->conn->slot);
}

static void unlist_live(struct hub *h, struct sub *s)
{
    struct room *r = s->room;
    room_flush(h, r);
    struct sub *last = r->live.v[--r->live.n];
    r->live.v[s->at] = last;
    r->slots.v[s->at] = r->slots.v[--r->slots.n];
    last->at = s->at;
}

/* With the last one who catches up, the snapshot and the memory of who left are not needed. */
static void tidy(struct room *r)
{
    if (r->catching.n)
        return;
    snapshot_drop(r->snapshot);
    r->snapshot = NULL;
    presence_tidy(r);
}

/* ---- open and close ---- */

static struct sub *sub_new(struct hub *h, struct caller *c, struct room *r)
{
    struct sub *s = NEW(struct sub);
    s->conn = c;
    s->room = r;
    vec_push(&c->subs, s);
    list_catching(s);
    presence_enter(h, s);
    locks_back(h, s);
    standing_settle(h, c->user);
    return s;
}

bool sub_open(struct hub *h, struct caller *c, struct room *r, int64_t since, bool snapshot,
              struct err *e)
{
    if (since > r->stored)
        return fail(e, ERR_CONFLICT,
                    "%s has no event %lld, its newest is %lld: open it anew from 0", r->name,
                    (long long)since, (long long)r->stored);
    struct sub *s = sub_find(c, r);
    if (!s && c->subs.n >= OPEN_ROOMS_MAX)
        return fail(e, ERR_LIMIT, "a connection may have %d rooms open", OPEN_ROOMS_MAX);
    if (!s)
        s = sub_new(h, c, r);
    else
        sub_fall_behind(h, s, 0);
    s->sent = since < 0 ? r->stored : since;
    s->by_snapshot =
        snapshot && since >= 0 && (since == 0 || r->stored - since > RESUME_EVENTS_MAX);
    h->counts.resumes++;
    return true;
}

void sub_close(struct hub *h, struct sub *s)
{
    struct caller *c = s->conn;
    struct room *r = s->room;
    if (s->live)
        unlist_live(h, s);
    else
        unlist_catching(s);
    locks_leave(h, s);
    presence_leave(h, s);
    snapshot_drop(s->snapshot);
    for (size_t i = 0; i < c->subs.n; i++) {
        if (c->subs.v[i] == s) {
            c->subs.v[i] = c->subs.v[--c->subs.n];
            break;
        }
    }
    free(s);
    standing_settle(h, c->user);
    tidy(r);
}

void sub_refuse(struct hub *h, struct caller *c, struct str room, const struct err *e)
{
    struct msg m = {.type = MSG_ERROR};
    m.error = (struct msg_error){
        .code = str_of(err_name(e->code)),
        .message = str_of(e->text),
        .retry = err_is_passing(e->code),
        .room = room,
    };
    caller_send(h, c, &m);
}

void sub_dismiss(struct hub *h, struct sub *s, enum err_code code, const char *why)
{
    struct caller *c = s->conn;
    struct err e;
    fail(&e, code, "%s: %s", s->room->name, why);
    struct str room = str_keep(&h->arena, str_of(s->room->name));
    sub_close(h, s);
    sub_refuse(h, c, room, &e);
}

void sub_expel(struct hub *h, struct room *r, struct user *u)
{
    struct caller *c;
    DL_FOREACH(u->conns, c)
    {
        struct sub *s = sub_find(c, r);
        if (!s || room_power(r, c, false) != ROLE_NONE)
            continue;
        sub_dismiss(h, s, ERR_FORBIDDEN, "you are not in this room any more");
        resume_step(h, c);
    }
}

void sub_fall_behind(struct hub *h, struct sub *s, int64_t sent)
{
    if (s->live)
        unlist_live(h, s);
    else
        unlist_catching(s);
    snapshot_drop(s->snapshot);
    s->snapshot = NULL;
    s->part = 0;
    s->by_snapshot = false;
    s->sent = sent;
    list_catching(s);
}

/* ---- catching up ---- */

static void go_live(struct hub *h, struct sub *s)
{
    room_flush(h, s->room);
    unlist_catching(s);
    list_live(s);
    struct msg m = {.type = MSG_SYNCED};
    m.synced = (struct msg_synced){str_of(s->room->name), s->sent};
    caller_send(h, s->conn, &m);
    presence_tell(h, s);
    tidy(s->room);
}

static void send_part(struct hub *h, struct sub *s)
{
    struct caller *c = s->conn;
    struct snapshot *snap = s->snapshot;
    struct frame *f = frame_hold(snap->parts.v[s->part++]);
    bool is_last = s->part == snap->parts.n;
    c->burst += f->n;
    if (c->burst >= RESUME_BYTES) {
        c->burst = 0;
        c->paused = true;
    }
    caller_send_frame(h, c, f, c->paused);
    if (!is_last)
        return;
    s->sent = snap->seq;
    s->by_snapshot = false;
    snapshot_drop(snap);
    s->snapshot = NULL;
    h->counts.snapshots++;
}

/* False when it has to wait for the room to be read or the snapshot's last event to be stored.
 */
static bool step_snapshot(struct hub *h, struct sub *s)
{
    struct room *r = s->room;
    if (!s->snapshot && (!r->sure || !r->has_board)) {
        room_load(h, r);
        return false;
    }
    if (!s->snapshot)
        s->snapshot = snapshot_of(h, r);
    if (s->part == 0 && s->snapshot->seq > r->stored)
        return false;
    send_part(h, s);
    return true;
}

static void ask_events(struct hub *h, struct sub *s)
{
    struct ask *a = ask_new(h, ASK_EVENTS, s->conn, 0);
    struct store_job *j = store_job_new(JOB_EVENTS);
    j->room = str_keep(&j->arena, str_of(s->room->name));
    j->from = s->sent;
    j->limit = RESUME_PAGE;
    j->bytes_limit = RESUME_BYTES;
    s->conn->reading = a->tag;
    ask_store(h, a, j);
}

void resume_step(struct hub *h, struct caller *c)
{
    struct sub *s;
    while ((s = c->catching) && !c->paused && !c->reading) {
        if (s->by_snapshot) {
            if (!step_snapshot(h, s))
                return;
        } else if (s->sent < s->room->stored) {
            ask_events(h, s);
        } else {
            go_live(h, s);
        }
    }
}

void resume_wake(struct hub *h, struct room *r)
{
    for (size_t i = r->catching.n; i-- > 0;) {
        if (i < r->catching.n && r->catching.v[i]->conn->catching == r->catching.v[i])
            resume_step(h, r->catching.v[i]->conn);
    }
}

void resume_doubt(struct hub *h, struct room *r)
{
    (void)h;
    vec_each (s, &r->catching) {
        if ((*s)->snapshot && (*s)->part == 0) {
            snapshot_drop((*s)->snapshot);
            (*s)->snapshot = NULL;
        }
    }
    snapshot_drop(r->snapshot);
    r->snapshot = NULL;
}

/* Sends the events of a page that are next; true if there were any. */
static bool send_events(struct hub *h, struct sub *s, const struct store_job *j)
{
    struct buf framed = {0};
    uint32_t n = 0;
    for (size_t i = 0; i < j->events.n; i++) {
        const struct store_event *ev = &j->events.v[i];
        if (ev->seq != s->sent + 1 || ev->seq > s->room->stored)
            continue;
        frame_add(&framed, ev->json);
        s->sent = ev->seq;
        n++;
    }
    if (n) {
        struct caller *c = s->conn;
        c->burst += framed.n;
        c->paused = s->sent < s->room->stored || c->burst >= RESUME_BYTES;
        c->burst = c->paused ? 0 : c->burst;
        caller_send_frame(h, c, frame_of(buf_str(&framed), n), c->paused);
    }
    buf_finish(&framed);
    return n > 0;
}

void resume_events(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct caller *c = ask_caller(h, a);
    if (!c || c->reading != a->tag)
        return;
    c->reading = 0;
    struct sub *s = c->catching;
    if (j->err.code != ERR_NONE) { /* tried again when the connection's timers are looked at */
        h->counts.store_failures++;
        out_log(h, 0, "hub.resume", "events of %.*s cannot be read: %s", STR_ARG(j->room),
                j->err.text);
        return;
    }
    if (!send_events(h, s, j)) {
        out_log(h, 0, "hub.resume", "%s has no event %lld", s->room->name,
                (long long)s->sent + 1);
        s->by_snapshot = true;
    }
    resume_step(h, c);
}
