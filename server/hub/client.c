#include "client.h"

#include "ask.h"
#include "caller.h"
#include "codec.h"
#include "dispatch.h"
#include "room.h"
#include "standing.h"

#include <stdlib.h>
#include <string.h>

enum { WS_POLICY = 1008 };

static struct client_key key_of(struct user *u, struct str id)
{
    struct client_key k;
    memset(&k, 0, sizeof k);
    k.user = u;
    bug_on(id.n > CLIENT_ID_MAX);
    memcpy(k.id, id.p, id.n);
    return k;
}

static struct client *client_of(struct hub *h, struct user *u, struct str id)
{
    struct client_key key = key_of(u, id);
    struct client *c;
    HASH_FIND(hh, h->clients, &key, sizeof key, c);
    if (c)
        return c;
    c = NEW(struct client);
    c->key = key;
    u->clients++;
    HASH_ADD(hh, h->clients, key, sizeof c->key, c);
    DL_APPEND(h->idle, c);
    h->n_idle++;
    return c;
}

void client_enter(struct hub *h, struct caller *c, struct str id)
{
    struct client *cl = client_of(h, c->user, id);
    if (cl->conn)
        caller_end(h, cl->conn, ERR_REPLACED, WS_POLICY, -1,
                   "a newer connection uses the same client id");
    DL_DELETE(h->idle, cl);
    h->n_idle--;
    cl->conn = c;
    c->client = cl;
    standing_enter(h, c);
}

static void unblock(struct client *c)
{
    struct room *r = c->blocked;
    c->blocked = NULL;
    for (size_t i = 0; r && i < r->blocked.n; i++) {
        if (r->blocked.v[i] == c) {
            vec_remove(&r->blocked, i);
            return;
        }
    }
}

void client_leave(struct hub *h, struct client *c)
{
    c->conn = NULL;
    c->left_at = h->now;
    c->lookup = 0;
    unblock(c);
    queue_finish(&c->queue);
    DL_APPEND(h->idle, c);
    h->n_idle++;
}

void client_free(struct hub *h, struct client *c)
{
    if (!c->conn) {
        DL_DELETE(h->idle, c);
        h->n_idle--;
    }
    HASH_DEL(h->clients, c);
    c->key.user->clients--;
    queue_finish(&c->queue);
    standing_finish(&c->standing);
    free(c->recent);
    free(c);
}

void client_thin(struct hub *h)
{
    for (struct client *c = h->idle, *next; c && h->n_idle > IDLE_CLIENTS_MAX; c = next) {
        next = c->next;
        if (!c->flights && !c->asks && !c->locks)
            client_free(h, c);
    }
}

void client_block(struct client *c, struct room *r)
{
    bug_on(c->blocked || c->lookup);
    c->blocked = r;
    vec_push(&r->blocked, c);
}

void client_ok(struct hub *h, struct client *c, int64_t id, struct str room, int64_t seq,
               int64_t number)
{
    if (!c || !c->conn)
        return;
    struct msg m = {.type = MSG_OK};
    m.ok = (struct msg_ok){.head.re = id, .room = room, .seq = seq, .number = number};
    caller_send(h, c->conn, &m);
}

/* What names the card or note of a request has to know whether that may still come. */
static void settle(struct caller *c, int64_t id, const struct err *e)
{
    if (err_is_passing(e->code))
        put_off_add(&c->put_off, id);
    else
        put_off_settle(&c->put_off, id);
}

void client_failed(struct hub *h, struct client *c, int64_t id, bool adds, const struct err *e)
{
    if (!c->conn)
        return;
    if (adds)
        settle(c->conn, id, e);
    caller_error(h, c->conn, id, e);
}

static void refuse(struct hub *h, struct client *c, int64_t id, bool adds, const struct err *e)
{
    if (adds)
        settle(c->conn, id, e);
    caller_refuse(h, c->conn, id, e);
}

static void taken(struct client *c, int64_t id)
{
    c->conn->violations = 0;
    put_off_settle(&c->conn->put_off, id);
}

/* ---- cards, notes and messages by the request that made them ---- */

/* What is remembered of what request id made. (The store cannot tell adding from changing, so
 * any request that concerned a card or note will do.) */
static bool recent_find(const struct client *c, int64_t id, struct recent *out)
{
    const struct ask *a;
    DL_FOREACH2(c->flights, a, c_next)
    {
        if (a->id == id) {
            *out = (struct recent){id, a->number, a->seq, a->room};
            return true;
        }
    }
    for (unsigned i = 0; c->recent && i < RECENT_NUMBERS; i++) {
        if (c->recent[i].id == id) {
            *out = c->recent[i];
            return true;
        }
    }
    return false;
}

int64_t client_recent_number(const struct client *c, const struct room *r, int64_t number)
{
    struct recent card;
    if (number >= 0)
        return number;
    return recent_find(c, -number, &card) && card.room == r ? card.number : 0;
}

void client_remember(struct client *c, int64_t id, int64_t number, int64_t seq, struct room *r)
{
    if (!c->recent)
        c->recent = mem_new(RECENT_NUMBERS * sizeof *c->recent);
    c->recent[c->n_recent++ % RECENT_NUMBERS] = (struct recent){id, number, seq, r};
}

static bool no_such_number(const struct client *c, int64_t number, struct err *e)
{
    if (put_off_has(&c->conn->put_off, -number))
        return fail(e, ERR_BUSY, "request %lld, which makes it, has to come again first",
                    (long long)-number);
    return fail(e, ERR_NOT_FOUND, "request %lld of this client made nothing in this room",
                (long long)-number);
}

static void look_up(struct hub *h, struct client *c, enum ask_kind kind, int64_t id)
{
    struct ask *a = ask_new(h, kind, c->conn, id);
    struct store_job *j = store_job_new(JOB_LOOKUP);
    j->author = str_keep(&j->arena, str_of(c->key.user->name));
    j->client = str_keep(&j->arena, str_of(c->key.id));
    j->id = id;
    a->client = c;
    c->asks++;
    c->lookup = a->tag;
    ask_store(h, a, j);
}

/* Finds what request `id` made in r: DONE and *out, REFUSED, or BLOCKED until the store has
 * been asked. */
static enum outcome find_made(struct hub *h, struct client *c, const struct room *r, int64_t id,
                              enum ask_kind kind, struct recent *out, struct err *e)
{
    bool known = recent_find(c, id, out);
    if (known && out->room == r)
        return DONE;
    if (known || (c->known && id > c->newest)) {
        no_such_number(c, -id, e);
        return REFUSED;
    }
    look_up(h, c, kind, id);
    return BLOCKED;
}

enum outcome client_number(struct hub *h, struct client *c, const struct room *r,
                           int64_t *number, struct err *e)
{
    struct recent card;
    if (*number >= 0)
        return DONE;
    enum outcome o = find_made(h, c, r, -*number, ASK_CARD, &card, e);
    if (o == DONE && card.number == 0) {
        no_such_number(c, *number, e);
        return REFUSED;
    }
    if (o == DONE)
        *number = card.number;
    return o;
}

enum outcome client_message(struct hub *h, struct client *c, const struct room *r,
                            int64_t *message, struct err *e)
{
    struct recent said;
    if (*message >= 0)
        return DONE;
    enum outcome o = find_made(h, c, r, -*message, ASK_MESSAGE, &said, e);
    if (o == DONE)
        *message = said.seq;
    return o;
}

/* ---- the order of requests ---- */

static bool is_in_flight(const struct client *c, int64_t id)
{
    const struct ask *a;
    DL_FOREACH2(c->flights, a, c_next)
    {
        if (a->id == id)
            return true;
    }
    return false;
}

static enum outcome try(struct hub *h, struct client *c, const struct msg *m, bool looked,
                        struct err *e)
{
    bool is_request = msg_table[m->type].class == CLASS_REQUEST;
    int64_t id = m->request.id;
    if (is_request && is_in_flight(c, id))
        return DONE; /* its answer is on the way */
    if (is_request && h->draining) {
        fail(e, ERR_CLOSING, "the server is going down");
        return REFUSED;
    }
    if (is_request && !looked && (!c->known || id <= c->newest)) {
        look_up(h, c, ASK_LOOKUP, id);
        return BLOCKED;
    }
    return dispatch_try(h, c->conn, m, e);
}

static bool is_waiting(const struct client *c, const struct msg *m)
{
    if (msg_table[m->type].class != CLASS_REQUEST)
        return false;
    vec_each (w, &c->queue.items) {
        if (w->id == m->request.id)
            return true;
    }
    return false;
}

static void enqueue(struct hub *h, struct client *c, const struct msg *m)
{
    if (is_waiting(c, m) || queue_add(h, &c->queue, m))
        return;
    struct err e;
    fail(&e, ERR_BUSY, "%d messages of this client wait already", QUEUE_MAX);
    refuse(h, c, m->request.id, msg_adds(m->type), &e);
}

void client_take(struct hub *h, struct client *c, const struct msg *m)
{
    struct err e = {0};
    if (c->queue.items.n) {
        enqueue(h, c, m);
        return;
    }
    enum outcome o = try(h, c, m, false, &e);
    if (!c->conn)
        return;
    if (o == BLOCKED)
        enqueue(h, c, m);
    else if (o == REFUSED)
        refuse(h, c, m->request.id, msg_adds(m->type), &e);
    else
        taken(c, m->request.id);
}

void client_refuse_first(struct hub *h, struct client *c, const struct err *e)
{
    int64_t id = c->queue.items.v[0].id;
    bool adds = c->queue.items.v[0].adds;
    queue_pop(&c->queue);
    refuse(h, c, id, adds, e);
}

/* Handles the first that waits; false when it has to go on waiting. */
static bool pump_one(struct hub *h, struct client *c)
{
    struct waiting w = c->queue.items.v[0];
    struct msg_list list;
    struct err e = {0};
    int64_t re;
    bool ok = codec_decode((struct str){w.json, w.n}, FROM_CLIENT, &h->arena, &list, &re, &e);
    bug_on(!ok || list.n != 1);
    enum outcome o = try(h, c, &list.v[0], w.looked, &e);
    if (!c->conn || o == BLOCKED)
        return false;
    if (o == REFUSED) {
        client_refuse_first(h, c, &e);
    } else {
        queue_pop(&c->queue);
        taken(c, w.id);
    }
    return c->conn;
}

void client_pump(struct hub *h, struct client *c)
{
    if (c->pumping || c->lookup || c->blocked)
        return;
    c->pumping = true;
    while (c->conn && c->queue.items.n && pump_one(h, c))
        ;
    c->pumping = false;
}

static void looked_up_made(struct hub *h, struct client *c, const struct ask *a,
                           const struct store_job *j)
{
    bool counts = j->found && (j->number || a->kind == ASK_MESSAGE);
    struct room *r = counts ? room_find(h, j->found_room) : NULL;
    if (r) {
        client_remember(c, a->id, j->number, j->seq, r);
        return;
    }
    struct err e;
    no_such_number(c, -a->id, &e);
    client_refuse_first(h, c, &e);
}

void client_looked_up(struct hub *h, struct ask *a, const struct store_job *j)
{
    struct client *c = a->client;
    c->asks--;
    if (!c->conn || c->lookup != a->tag || c->queue.items.n == 0)
        return;
    c->lookup = 0;
    if (j->err.code != ERR_NONE) {
        h->counts.store_failures++;
        client_refuse_first(h, c, &j->err);
    } else {
        c->known = true;
        c->newest = MAX(c->newest, j->newest_id);
        if (a->kind == ASK_CARD || a->kind == ASK_MESSAGE) {
            looked_up_made(h, c, a, j);
        } else if (j->found) {
            h->counts.duplicates++;
            queue_pop(&c->queue);
            taken(c, a->id);
            client_ok(h, c, a->id, j->found_room, j->seq, j->number);
        } else {
            c->queue.items.v[0].looked = true;
        }
    }
    client_pump(h, c);
}
