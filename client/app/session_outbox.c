/* The outbox: what waits for its answer, in the order in which it was asked for. */
#include "codec.h"
#include "direct.h"
#include "session_parts.h"

#include <stdlib.h>
#include <string.h>

enum {
    WHOLE = 1000, /* parts of one request in the pace's bucket */
};

static struct waiting *find(const struct session *s, int64_t id)
{
    vec_each (w, &s->outbox) {
        if (w->id == id)
            return w;
    }
    return NULL;
}

/* The request as it was; its strings are the arena's. */
static bool decode(struct str json, struct arena *a, struct msg *m, struct err *e)
{
    struct msg_list list;
    int64_t re;
    if (!codec_decode(json, FROM_CLIENT, a, &list, &re, e))
        return false;
    if (list.n != 1 || msg_table[list.v[0].type].class != CLASS_REQUEST)
        return fail(e, ERR_MALFORMED, "a record of the outbox is no request");
    *m = list.v[0];
    return true;
}

static void push(struct session *s, const struct msg *m, struct str json)
{
    struct waiting w = {
        .id = m->request.id, .type = m->type, .json = str_dup(json), .n = json.n};
    memcpy(w.room, m->request.room.p, MIN(m->request.room.n, (size_t)ROOM_NAME_MAX));
    vec_push(&s->outbox, w);
}

size_t session_unsaved(const struct session *s)
{
    return s->outbox.n + session_texts_unsaved(s);
}

bool session_is_clean(const struct session *s)
{
    return session_unsaved(s) == 0;
}

void session_disk(struct session *s, const struct err *why)
{
    s->disk = *why;
}

/* ---- asking ---- */

/* The last record brings the others to the disk, so it waits until it is known to be that. */
static void hold(struct session *s, struct str json, struct effects *out)
{
    if (s->held.n)
        effect_add(out, EFFECT_KEEP_LATER, (struct str){0}, buf_str(&s->held));
    buf_clear(&s->held);
    buf_add_str(&s->held, json);
}

static int64_t enter(struct session *s, struct msg *request, int64_t now, struct effects *out,
                     struct err *e)
{
    bug_on(msg_table[request->type].class != CLASS_REQUEST);
    if (s->disk.code != ERR_NONE)
        return fail(e, s->disk.code, "%s", s->disk.text);
    if (s->outbox.n >= OUTBOX_MAX)
        return fail(e, ERR_LIMIT,
                    "%d changes wait for the server: no more are taken before it "
                    "is back",
                    OUTBOX_MAX);
    request->request.id = s->next_id;
    if (!msg_check(request, FROM_CLIENT, e))
        return 0;
    struct replica *r = session_room(s, request->request.room);
    if (r && !replica_request(r, request, now, e))
        return 0;
    s->next_id++;
    struct buf json = {0};
    codec_encode(&json, request);
    if (s->is_held)
        hold(s, buf_str(&json), out);
    else
        effect_add(out, EFFECT_KEEP, request->request.room, buf_str(&json));
    push(s, request, buf_str(&json));
    buf_finish(&json);
    if (!s->is_held)
        session_pump(s, now, out);
    return request->request.id;
}

/* The first thing that is done in a direct conversation begins it. */
int64_t session_request(struct session *s, struct msg *request, int64_t now,
                        struct effects *out, struct err *e)
{
    struct str room = request->request.room;
    struct msg create = {.type = MSG_ROOM_CREATE, .request.room = room};
    if (room_is_direct(room) && request->type != MSG_ROOM_CREATE &&
        !session_is_begun(s, room) && !enter(s, &create, now, out, e))
        return 0;
    return enter(s, request, now, out, e);
}

void session_hold(struct session *s)
{
    bug_on(s->is_held);
    s->is_held = true;
}

void session_release(struct session *s, int64_t now, struct effects *out)
{
    bug_on(!s->is_held);
    if (s->held.n)
        effect_add(out, EFFECT_KEEP, (struct str){0}, buf_str(&s->held));
    buf_clear(&s->held);
    s->is_held = false;
    session_pump(s, now, out);
}

/* ---- sending ---- */

static void refill(struct session *s, int64_t now)
{
    int64_t passed = now - s->tokens_at;
    if (passed > 0) {
        s->tokens = MIN(s->tokens + passed * SEND_PER_SECOND, SEND_BURST * WHOLE);
        s->tokens_at = now;
    }
}

static void pump(struct session *s, int64_t now, struct effects *out)
{
    if (s->state != SESSION_ONLINE || now < s->hold_until)
        return;
    refill(s, now);
    vec_each (w, &s->outbox) {
        if (s->in_flight >= WINDOW || s->tokens < WHOLE)
            return;
        if (w->sent || w->disputed)
            continue;
        effect_add(out, EFFECT_SEND, (struct str){0}, (struct str){w->json, w->n});
        w->sent = true;
        s->in_flight++;
        session_take_token(s);
    }
}

void session_pump(struct session *s, int64_t now, struct effects *out)
{
    pump(s, now, out);
    session_pump_texts(s, now, out);
}

/* All that is to be sent is. */
static bool all_sent(const struct session *s)
{
    return s->in_flight + s->disputed == s->outbox.n;
}

/* When one more may be sent, as far as pace and the server's patience go. */
static int64_t pace_at(const struct session *s, int64_t now)
{
    if (s->hold_until > now)
        return s->hold_until;
    int64_t missing = WHOLE - s->tokens;
    return missing > 0 ? s->tokens_at + (missing + SEND_PER_SECOND - 1) / SEND_PER_SECOND : now;
}

int64_t session_pump_at(const struct session *s, int64_t now)
{
    int64_t texts = session_pump_texts_at(s, now);
    if (all_sent(s) || s->in_flight >= WINDOW)
        return texts;
    return MIN(pace_at(s, now), texts);
}

bool session_may_send(struct session *s, int64_t now)
{
    if (s->state != SESSION_ONLINE || !all_sent(s) || now < s->hold_until)
        return false;
    refill(s, now);
    return s->tokens >= WHOLE;
}

int64_t session_may_send_at(const struct session *s, int64_t now)
{
    /* Behind requests that are not sent yet: whatever sends these looks here again. */
    return all_sent(s) ? pace_at(s, now) : INT64_MAX;
}

void session_take_token(struct session *s)
{
    s->tokens -= WHOLE;
    if (s->asked_at <= s->heard_at)
        s->asked_at = s->tokens_at;
}

void session_unsend_all(struct session *s)
{
    vec_each (w, &s->outbox)
        w->sent = false;
    s->in_flight = 0;
}

/* ---- answers ---- */

static void remove_waiting(struct session *s, struct waiting *w)
{
    s->in_flight -= w->sent;
    s->disputed -= w->disputed;
    free(w->json);
    vec_remove(&s->outbox, w - s->outbox.v);
}

static bool makes_something(enum msg_type type)
{
    return type == MSG_TASK_ADD || type == MSG_NOTE_CREATE;
}

/* What it makes may be named by the id of a request that waits as well. */
static bool names_something(enum msg_type type)
{
    return makes_something(type) || type == MSG_MESSAGE_POST;
}

static void record_done(const struct waiting *w, int64_t number, bool stays_apart,
                        enum effect_kind kind, struct effects *out)
{
    struct buf record = {0};
    buf_fmt(&record, "{\"done\":%lld", (long long)w->id);
    if (number > 0 && names_something(w->type))
        buf_fmt(&record, ",\"number\":%lld", (long long)number);
    buf_fmt(&record, stays_apart ? ",\"apart\":true}" : "}");
    effect_add(out, kind, (struct str){0}, buf_str(&record));
    buf_finish(&record);
}

/* Should the record get lost, the request is sent again and answered again. */
static void finish_stored(struct session *s, struct waiting *w, int64_t number,
                          bool stays_apart, struct effects *out)
{
    if (session_unsaved(s) == 1)
        effect_add(out, EFFECT_KEPT_ALL, (struct str){0}, (struct str){0});
    else
        record_done(w, number, stays_apart, EFFECT_KEEP_LATER, out);
    remove_waiting(s, w);
}

/* This one must not: what a person was told is refused is never sent again. And the words are
 * put aside before they leave the outbox. */
static void finish_refused(struct session *s, struct waiting *w, const struct err *why,
                           struct effects *out)
{
    if (why)
        effect_add(out, EFFECT_REFUSED, str_of(why->text), (struct str){w->json, w->n});
    record_done(w, 0, false, EFFECT_KEEP, out);
    remove_waiting(s, w);
    if (!session_is_clean(s))
        return;
    s->put_off = (struct err){0};
    effect_add(out, EFFECT_KEPT_ALL, (struct str){0}, (struct str){0});
}

void session_stored(struct session *s, int64_t id, int64_t seq, int64_t number,
                    struct effects *out)
{
    struct waiting *w = find(s, id);
    if (!w)
        return;
    s->holds = 0;
    s->put_off = (struct err){0};
    if (w->type == MSG_MESSAGE_POST)
        number = seq;
    struct replica *r = session_room(s, str_of(w->room));
    if (r)
        replica_saved(r, id, seq, number);
    if (r && w->type == MSG_ROOM_LEAVE && !r->synced && seq > r->seq)
        replica_left(r); /* while catching up: its event will not come */
    bool opens = w->type == MSG_ROOM_CREATE || w->type == MSG_ROOM_JOIN;
    bool stays_apart = makes_something(w->type) && number > 0 &&
                       session_text_number(s, str_of(w->room), -id, number, false);
    if (w->type == MSG_ROOM_CREATE && room_is_direct(str_of(w->room)))
        session_begun(s, str_of(w->room), seq);
    finish_stored(s, w, number, stays_apart, out);
    if (r && opens && r->role == ROLE_NONE) /* else it was told how far it is read */
        session_came(s, r, seq);
    if (r && opens)
        session_send_open(s, r, out);
}

static bool is_waiting_card(const struct session *s, int64_t number)
{
    return number < 0 && find(s, -number);
}

static bool is_waiting_blocker(const struct session *s, const struct msg_task_edit *q)
{
    for (size_t i = 0; i < q->changes.n; i++) {
        if (str_is(q->changes.v[i].field, card_fields[CARD_BLOCKER].name) &&
            is_waiting_card(s, card_blocker(q->changes.v[i].value)))
            return true;
    }
    return false;
}

/* It names a card or message whose own request has not been stored yet: refused only because
 * that one was put off. */
static bool leans_on_waiting(const struct session *s, const struct msg *m)
{
    switch ((int)m->type) {
    case MSG_MESSAGE_POST:
        return is_waiting_card(s, m->message_post.task) ||
               is_waiting_card(s, m->message_post.reply);
    case MSG_MESSAGE_EDIT:
        return is_waiting_card(s, m->message_edit.message);
    case MSG_MESSAGE_DELETE:
        return is_waiting_card(s, m->message_delete.message);
    case MSG_MESSAGE_REACT:
        return is_waiting_card(s, m->message_react.message);
    case MSG_MESSAGE_PIN:
        return is_waiting_card(s, m->message_pin.message);
    case MSG_TASK_ADD:
        return is_waiting_card(s, m->task_add.after);
    case MSG_TASK_EDIT:
        return is_waiting_card(s, m->task_edit.task) || is_waiting_blocker(s, &m->task_edit);
    case MSG_TASK_MOVE:
        return is_waiting_card(s, m->task_move.task) || is_waiting_card(s, m->task_move.after);
    case MSG_TASK_ARCHIVE:
        return is_waiting_card(s, m->task_archive.task);
    case MSG_TASK_RESTORE:
        return is_waiting_card(s, m->task_restore.task);
    case MSG_NOTE_RENAME:
        return is_waiting_card(s, m->note_rename.note);
    case MSG_NOTE_ARCHIVE:
        return is_waiting_card(s, m->note_archive.note);
    case MSG_NOTE_RESTORE:
        return is_waiting_card(s, m->note_restore.note);
    }
    return false;
}

/* Says nothing about the request: another link may carry it. */
static bool is_about_link(enum err_code code)
{
    return session_is_final(code) && code != ERR_FORBIDDEN;
}

static void put_off(struct session *s, struct waiting *w, int64_t now)
{
    s->in_flight -= w->sent;
    w->sent = false;
    if (now >= s->hold_until)
        s->hold_until = now + session_backoff(s, ++s->holds);
}

static void dispute(struct session *s, struct waiting *w)
{
    s->in_flight -= w->sent;
    w->sent = false;
    s->disputed += !w->disputed;
    w->disputed = true;
}

/* What was made offline is not, and so is nothing in which its text could be. */
static void refuse_text(const struct turn *t, const struct msg *m, const struct err *why)
{
    struct doc *d =
        makes_something(m->type) ? session_text(t->s, m->request.room, -m->request.id) : NULL;
    if (!d)
        return;
    session_put_aside(t, d, why);
    session_text_close(d);
    d->state = DOC_REFUSED;
    d->why = *why;
}

bool session_refuse(struct session *s, int64_t id, const struct err *why, bool passing,
                    int64_t now, struct session_listener l, struct effects *out)
{
    struct waiting *w = find(s, id);
    if (!w)
        return false;
    struct arena arena = {0};
    struct msg m;
    bool known = decode((struct str){w->json, w->n}, &arena, &m, NULL);
    bug_on(!known);
    if (passing)
        s->put_off = *why;
    if (passing || is_about_link(why->code) || leans_on_waiting(s, &m)) {
        put_off(s, w, now);
    } else if (why->code == ERR_CONFLICT && l.conflict && l.conflict(l.arg, &m, why)) {
        dispute(s, w);
    } else {
        struct replica *r = session_room(s, str_of(w->room));
        if (r)
            replica_refused(r, id);
        finish_refused(s, w, why, out);
        if (l.refused)
            l.refused(l.arg, &m, why);
        refuse_text(&(struct turn){s, now, l, out}, &m, why);
    }
    arena_finish(&arena);
    return true;
}

/* ---- disputed ones ---- */

void session_hide_disputed(struct session *s, int64_t id)
{
    const struct waiting *w = find(s, id);
    struct replica *r = w && w->disputed ? session_room(s, str_of(w->room)) : NULL;
    if (r)
        replica_refused(r, id);
}

void session_drop_disputed(struct session *s, int64_t id, const struct err *why,
                           struct effects *out)
{
    struct waiting *w = find(s, id);
    if (!w || !w->disputed)
        return;
    session_hide_disputed(s, id);
    finish_refused(s, w, why, out);
}

bool session_disputed(const struct session *s, int64_t id, struct arena *a, struct msg *m)
{
    const struct waiting *w = find(s, id);
    return w && w->disputed && decode((struct str){w->json, w->n}, a, m, NULL);
}

/* ---- records of the file ---- */

/* {"NAME":NUMBER at the front of s; what follows stays in s. */
static bool take_number(struct str *s, const char *front, int64_t *n)
{
    if (!str_starts(*s, front))
        return false;
    struct str rest = {s->p + strlen(front), s->n - strlen(front)};
    size_t digits = 0;
    while (digits < rest.n && rest.p[digits] >= '0' && rest.p[digits] <= '9')
        digits++;
    if (!str_int((struct str){rest.p, digits}, 1, SEQ_MAX, n))
        return false;
    *s = (struct str){rest.p + digits, rest.n - digits};
    return true;
}

/* What was sent while the disk took nothing has left no record: its ids lie a little behind
 * those that have, and the server would take something new under one of them for what it knows.
 * After one more crash the records are the same, so each run leaps as far as chance has it.
 */
void session_used_id(struct session *s, int64_t id)
{
    s->next_id = MAX(s->next_id, id + s->leap);
}

static void restore_done(struct session *s, int64_t id, int64_t number, bool stays_apart)
{
    struct waiting *w = find(s, id);
    if (!w)
        return;
    struct restored_number known = {.id = id, .number = number};
    memcpy(known.room, w->room, sizeof known.room);
    if (number)
        vec_push(&s->restored, known);
    session_text_number(s, str_of(w->room), -id, number, stays_apart);
    struct replica *r = session_room(s, str_of(w->room));
    if (r)
        replica_saved(r, id, 0, number);
    free(w->json);
    vec_remove(&s->outbox, w - s->outbox.v);
}

bool session_restore(struct session *s, struct str json, struct err *e)
{
    int64_t id, number = 0;
    struct str rest = json;
    if (take_number(&rest, "{\"done\":", &id)) {
        take_number(&rest, ",\"number\":", &number);
        bool stays_apart = str_is(rest, ",\"apart\":true}");
        restore_done(s, id, number, stays_apart);
        return stays_apart || str_is(rest, "}") ||
               fail(e, ERR_MALFORMED, "a record of the outbox is broken");
    }
    bool is_good;
    if (session_restore_text(s, json, e, &is_good))
        return is_good;
    struct arena arena = {0};
    struct msg m;
    bool ok = decode(json, &arena, &m, e);
    if (ok && s->outbox.n && s->outbox.v[s->outbox.n - 1].id >= m.request.id)
        ok = fail(e, ERR_OUT_OF_ORDER, "request %lld of the outbox is out of order",
                  (long long)m.request.id);
    if (ok) {
        push(s, &m, json);
        session_used_id(s, m.request.id);
        struct replica *r = session_room(s, m.request.room);
        if (r)
            replica_restore(r, &m, 0);
    }
    arena_finish(&arena);
    return ok;
}

void session_show_waiting(struct session *s, struct replica *r, int64_t now)
{
    vec_each (n, &s->restored) {
        if (strcmp(n->room, r->name) == 0)
            replica_saved(r, n->id, 0, n->number);
    }
    vec_each (w, &s->outbox) {
        struct arena arena = {0};
        struct msg m;
        if (str_eq(str_of(w->room), str_of(r->name)) &&
            decode((struct str){w->json, w->n}, &arena, &m, NULL))
            replica_restore(r, &m, now);
        arena_finish(&arena);
    }
}
