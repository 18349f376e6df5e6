#include "append.h"

#include "account.h"
#include "ask.h"
#include "caller.h"
#include "client.h"
#include "codec.h"
#include "direct.h"
#include "handle.h"
#include "hook_send.h"
#include "resume.h"
#include "retention_trim.h"
#include "room.h"
#include "snapshot.h"
#include "text.h"

/* As the client id of events that no client asked for. */
static const char own_client[] = STORE_OWN_CLIENT;

bool append_is_full(const struct hub *h, const struct room *r)
{
    return r->n_flights >= ROOM_APPENDS_MAX || h->n_flights >= APPENDS_MAX;
}

enum outcome append_ready(struct hub *h, struct client *c, struct room *r, bool needs_board,
                          struct err *e)
{
    if (append_is_full(h, r)) {
        fail(e, ERR_BUSY, "the server has as much waiting for its disk as it will hold");
        return REFUSED;
    }
    if (r->sure && (r->has_board || !needs_board))
        return DONE;
    client_block(c, r);
    room_load(h, r);
    return BLOCKED;
}

static void keep_columns(struct arena *a, struct store_append *p, const struct board *b,
                         const struct draft *d)
{
    p->columns.v = arena_alloc(a, b->columns.n * sizeof *p->columns.v);
    vec_each (col, &b->columns)
        p->columns.v[p->columns.n++] =
            (struct store_column){str_keep(a, str_of(col->name)), col->limit};
    p->from = str_keep(a, d->from);
    p->to = str_keep(a, d->to);
    if (d->places.n)
        p->places.v = arena_alloc(a, d->places.n * sizeof *p->places.v);
    for (size_t i = 0; i < d->places.n; i++)
        p->places.v[p->places.n++] =
            (struct store_place){d->places.v[i].number, str_keep(a, d->places.v[i].key)};
}

static void keep_note(struct arena *a, struct store_note *n)
{
    n->name = str_keep(a, n->name);
    n->author = str_keep(a, n->author);
}

static void keep_edit(struct arena *a, struct store_append *p, const struct draft *d)
{
    p->text = d->text;
    p->text.time = p->time;
    p->text.author = p->author;
    p->op = str_keep(a, d->op);
    p->snapshot = d->snapshot;
    p->snapshot.text = str_keep(a, d->snapshot.text);
    p->snapshot.blame = str_keep(a, d->snapshot.blame);
}

static struct store_job *job_of(struct hub *h, const struct room *r, const struct draft *d,
                                bool is_own)
{
    struct store_job *j = store_job_new(JOB_APPEND);
    struct arena *a = &j->arena;
    const struct event_head *head = &d->event.event;
    buf_clear(&h->scratch);
    codec_encode(&h->scratch, &d->event);
    j->append = (struct store_append){
        .room = str_keep(a, head->room),
        .seq = head->seq,
        .type = d->event.type,
        .author = str_keep(a, head->author),
        .client = str_keep(a, head->client),
        .id = is_own ? 0 : head->id,
        .time = head->time,
        .json = str_keep(a, buf_str(&h->scratch)),
        .number = d->number,
        .effect = d->effect,
        .task = d->task,
        .note = d->note,
        .member = {.user = str_keep(a, d->member.user), .role = d->member.role},
        .change = d->change,
        .reply = d->reply,
        .topic = str_keep(a, d->topic),
        .keep = d->keep,
        .above = d->above,
        .upto = d->upto,
    };
    j->append.change.text = str_keep(a, d->change.text);
    j->append.change.emoji = str_keep(a, d->change.emoji);
    struct store_task *t = &j->append.task;
    t->title = str_keep(a, t->title);
    t->column = str_keep(a, t->column);
    t->key = str_keep(a, t->key);
    t->values = str_keep(a, t->values);
    keep_note(a, &j->append.note);
    if (d->effect == EFFECT_TEXT)
        keep_edit(a, &j->append, d);
    if (d->effect == EFFECT_ROOM)
        j->append.is_public = d->event.room_created.is_public;
    if (d->effect == EFFECT_ROOM || d->effect == EFFECT_COLUMNS)
        keep_columns(a, &j->append, &r->board, d);
    return j;
}

void append(struct hub *h, struct room *r, struct client *c, struct str author, int64_t id,
            struct draft *d)
{
    r->head++;
    r->time = MAX(r->time, h->now);
    board_touch(&r->board, d->number, r->head);
    snapshot_drop(r->snapshot);
    r->snapshot = NULL;
    d->event.event = (struct event_head){
        .room = str_of(r->name),
        .seq = r->head,
        .time = r->time,
        .author = author,
        .client = str_of(c ? c->key.id : own_client),
        .id = c ? id : r->head,
        .batch = d->batch,
        .undoes = d->undoes,
    };
    struct ask *a = ask_new(h, ASK_APPEND, c ? c->conn : NULL, id);
    a->room = r;
    a->client = c;
    a->number = d->number;
    a->us = h->us;
    a->seq = r->head;
    a->adds = d->adds || d->event.type == MSG_MESSAGE;
    a->edits = d->effect == EFFECT_TEXT;
    DL_APPEND(r->flights, a);
    r->n_flights++;
    h->n_flights++;
    h->n_listed++;
    if (c) {
        DL_APPEND2(c->flights, a, c_prev, c_next);
        c->newest = MAX(c->newest, id);
    }
    ask_store(h, a, job_of(h, r, d, !c));
}

void append_room(struct hub *h, struct room *r, struct client *c, struct str author, int64_t id)
{
    struct column_item columns[COLUMNS_MAX];
    for (size_t i = 0; i < r->board.columns.n; i++)
        columns[i] = (struct column_item){str_of(r->board.columns.v[i].name),
                                          r->board.columns.v[i].limit};
    struct draft d = {.event.type = MSG_ROOM_CREATED, .effect = EFFECT_ROOM};
    d.event.room_created.is_public = r->is_public;
    d.event.room_created.columns.v = columns;
    d.event.room_created.columns.n = r->board.columns.n;
    for (struct founder f = {0}; founder_next(&f, str_of(r->name), author);) {
        struct user *u = user_find(h, f.user);
        if (u) /* the lobby's maker is no person */
            room_set_ahead(r, u, f.role);
    }
    append(h, r, c, author, id, &d);
}

void append_member(struct hub *h, struct room *r, struct client *c, struct str author,
                   int64_t id, struct user *u, enum role role)
{
    struct draft d = {.event.type = MSG_MEMBER,
                      .effect = EFFECT_MEMBER,
                      .member = {.user = str_of(u->name), .role = role}};
    d.event.member.user = str_of(u->name);
    d.event.member.role = role;
    d.event.member.bot = u->bot;
    room_set_ahead(r, u, role);
    append(h, r, c, author, id, &d);
}

/* ---- coming back ---- */

/* Out of the lists of room and client. */
static void land(struct hub *h, struct ask *a)
{
    if (!a->room)
        return;
    DL_DELETE(a->room->flights, a);
    a->room->n_flights--;
    h->n_listed--;
    a->room = NULL;
    if (a->client)
        DL_DELETE2(a->client->flights, a, c_prev, c_next);
}

/* Nobody of the room's flights arrives. */
static void ground(struct hub *h, struct room *r, const struct err *e)
{
    while (r->flights) {
        struct ask *a = r->flights;
        land(h, a);
        if (!a->client)
            continue;
        client_failed(h, a->client, a->id, a->adds, e);
        a->client = NULL;
    }
    room_doubt(h, r);
}

/* What the store could not do may be tried again, whatever its reason was. */
static struct err passing(const struct err *from)
{
    struct err e = {0};
    if (from->code == ERR_CONFLICT)
        fail(&e, ERR_BUSY, "another change came in between; try again");
    else if (err_is_passing(from->code))
        e = *from;
    else
        fail(&e, ERR_STORE, "the server's database failed; nothing was saved");
    return e;
}

static void fell(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct err e = passing(&j->err);
    h->counts.store_failures++;
    if (!a->room)
        return; /* it was given up with an earlier one */
    out_log(h, 0, "hub.append", "event %lld of room %s was not stored: %s",
            (long long)j->append.seq, a->room->name, j->err.text);
    ground(h, a->room, &e);
}

/* The store had this request already: what ran ahead was wrong. */
static void was_there(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct room *r = room_find(h, j->append.room);
    struct err e;
    fail(&e, ERR_BUSY, "another change came in between; try again");
    h->counts.duplicates++;
    if (a->room)
        client_ok(h, a->client, a->id, j->found_room, j->seq, j->number);
    land(h, a);
    if (r)
        ground(h, r, &e);
}

/* Somebody who does not listen to the room learns it too; who asked for it has the answer. */
static void tell_role(struct hub *h, const struct room *r, const struct user *u, enum role role,
                      const struct store_append *p, const struct caller *asked)
{
    struct msg m = {.type = MSG_ROOM_ROLE,
                    .room_role = {.room = str_of(r->name),
                                  .role = role,
                                  .is_public = r->is_public,
                                  .seq = p->seq,
                                  .author = p->author}};
    const struct member *member = room_member(r, u);
    if (member)
        m.room_role.read = member->read;
    struct caller *c;
    DL_FOREACH(u->conns, c)
    if (c != asked && c->state == CALLER_READY)
        caller_send(h, c, &m);
}

/* Who comes into the room has read all up to there; its clients know that by themselves. */
static void tell_member(struct hub *h, struct room *r, struct str name, enum role role,
                        const struct store_job *j, struct caller *asked)
{
    const struct store_append *p = &j->append;
    struct user *u = user_find(h, name);
    if (!u)
        return;
    room_set_told(r, u, role);
    if (role != ROLE_NONE)
        room_member(r, u)->read = marker_later(room_member(r, u)->read, j->marker);
    else
        sub_expel(h, r, u);
    tell_role(h, r, u, role, p, asked);
    if (asked && role != ROLE_NONE && room_member(r, u)->read.turn)
        read_tell_turn(h, r, room_member(r, u), asked);
}

static void tell_members(struct hub *h, struct room *r, const struct store_job *j,
                         struct caller *asked)
{
    const struct store_append *p = &j->append;
    if (p->effect == EFFECT_MEMBER)
        tell_member(h, r, p->member.user, p->member.role, j, asked);
    if (p->effect == EFFECT_ROOM)
        for (struct founder f = {0}; founder_next(&f, p->room, p->author);)
            tell_member(h, r, f.user, f.role, j, asked);
}

static void beat(struct pulse **p, int64_t now)
{
    if (!*p)
        *p = NEW(struct pulse);
    pulse_count(*p, now);
}

static void arrived(struct hub *h, struct ask *a, const struct store_job *j)
{
    const struct store_append *p = &j->append;
    struct room *r = a->room;
    struct client *c = a->client;
    bug_on(p->seq != r->stored + 1);
    if (c && a->adds)
        client_remember(c, a->id, a->number, a->seq, r);
    land(h, a);
    r->stored = p->seq;
    if (p->effect == EFFECT_TEXT)
        text_stored(h, r, p);
    index_behind(h, p->effect == EFFECT_TEXT);
    if (p->effect == EFFECT_MESSAGE || p->effect == EFFECT_TRIM)
        r->changed = p->seq;
    if (p->effect == EFFECT_RETENTION)
        retention_due(h, r, 0);
    client_ok(h, c, a->id, str_of(r->name), p->seq, p->number);
    room_publish(h, r, p->json, a->us);
    hooks_saw(h, r, p);
    beat(&r->pulse, h->now);
    if (c)
        beat(&c->key.user->pulse, h->now);
    tell_members(h, r, j, c ? c->conn : NULL);
    if (r->blocked.n || r->catching.n || h->newcomers.n)
        room_wake(h, r);
}

/* What was given up has all come back: what came of it is certain now. */
static void wake_all(struct hub *h)
{
    for (struct room *r = h->rooms; r; r = r->hh.next) {
        if (r->blocked.n)
            room_wake(h, r);
    }
}

void append_stored(struct hub *h, struct ask *a, const struct store_job *j)
{
    bool was_given_up = !a->room;
    h->n_flights--;
    if (j->err.code != ERR_NONE) {
        fell(h, a, j);
    } else if (j->found) {
        was_there(h, a, j);
    } else if (a->room) {
        arrived(h, a, j);
    } else { /* given up, and yet it is on disk: the room has to be read anew */
        struct room *r = room_find(h, j->append.room);
        struct err e;
        fail(&e, ERR_BUSY, "another change came in between; try again");
        if (r)
            ground(h, r, &e);
    }
    if (was_given_up && h->n_flights == h->n_listed)
        wake_all(h);
}
