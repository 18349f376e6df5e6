#include "said.h"

#include "ask.h"
#include "client.h"
#include "retention_trim.h"
#include "room.h"

#include <stdlib.h>
#include <string.h>

enum { REACTIONS_SPARE = 8 }; /* for which the memory of a dropped message is kept */

static void copy_name(char *to, size_t size, struct str name)
{
    memset(to, 0, size);
    if (name.n)
        memcpy(to, name.p, MIN(name.n, size - 1));
}

/* ---- which are pinned ---- */

static size_t pin_place(const struct room *r, int64_t message)
{
    size_t i = 0;
    while (i < r->pins.n && r->pins.v[i].message < message)
        i++;
    return i;
}

static bool is_pinned(const struct room *r, int64_t message)
{
    size_t at = pin_place(r, message);
    return at < r->pins.n && r->pins.v[at].message == message;
}

/* ---- what is kept ---- */

static void drop(struct hub *h, struct said *s)
{
    HASH_DEL(s->room->said, s);
    DL_DELETE(h->said, s);
    h->n_said--;
    if (s->reactions.cap > REACTIONS_SPARE)
        vec_finish(&s->reactions);
    LL_PREPEND(h->said_spare, s);
}

/* There are never many, but always others: they stay where the first ones were, so that no page
 * of memory is held for one of them in the middle of what busy hours took. */
static struct said *room_for_one(struct hub *h)
{
    struct said *s = h->said_spare;
    if (!s)
        return NEW(struct said);
    LL_DELETE(h->said_spare, s);
    *s = (struct said){.reactions = {.v = s->reactions.v, .cap = s->reactions.cap}};
    return s;
}

void said_finish(struct hub *h)
{
    for (struct said *s; (s = h->said_spare);) {
        LL_DELETE(h->said_spare, s);
        vec_finish(&s->reactions);
        free(s);
    }
}

static bool is_needed(const struct said *s)
{
    return s->loading || s->failed.code != ERR_NONE || s->changed > s->room->stored;
}

static void thin(struct hub *h)
{
    for (struct said *s = h->said, *next; s && h->n_said > SAID_MAX; s = next) {
        next = s->next;
        if (!is_needed(s))
            drop(h, s);
    }
}

static struct said *make(struct hub *h, struct room *r, int64_t seq)
{
    struct said *s = room_for_one(h);
    s->room = r;
    s->seq = seq;
    HASH_ADD(hh, r->said, seq, sizeof s->seq, s);
    DL_APPEND(h->said, s);
    h->n_said++;
    return s;
}

static void touch(struct hub *h, struct said *s)
{
    DL_DELETE(h->said, s);
    DL_APPEND(h->said, s);
}

void said_forget(struct hub *h, struct room *r)
{
    struct said *s, *next;
    HASH_ITER (hh, r->said, s, next)
        drop(h, s);
}

/* ---- asking the store ---- */

static void load(struct hub *h, struct said *s)
{
    struct ask *a = ask_new(h, ASK_SAID, NULL, 0);
    struct store_job *j = store_job_new(JOB_HISTORY);
    j->room = str_keep(&j->arena, str_of(s->room->name));
    j->from = s->seq + 1;
    j->limit = 1;
    j->bytes_limit = 1;
    a->seq = s->seq;
    s->loading = a->tag;
    ask_store(h, a, j);
}

static bool no_message(const struct room *r, int64_t seq, struct err *e)
{
    if (seq > 1 && seq <= r->trimmed)
        return fail(e, ERR_NOT_FOUND,
                    "message %lld is not there: older messages of %s were removed by retention",
                    (long long)seq, r->name);
    return fail(e, ERR_NOT_FOUND, "there is no message %lld in %s", (long long)seq, r->name);
}

enum outcome said_find(struct hub *h, struct client *c, struct room *r, int64_t message,
                       struct said **out, struct err *e)
{
    enum outcome o = client_message(h, c, r, &message, e);
    if (o != DONE)
        return o;
    struct said *s;
    HASH_FIND(hh, r->said, &message, sizeof message, s);
    if (!s && (message < 1 || message > r->stored)) {
        no_message(r, message, e);
        return REFUSED;
    }
    if (!s) {
        s = make(h, r, message);
        load(h, s);
        thin(h);
    }
    if (s->failed.code != ERR_NONE) {
        *e = s->failed;
        return REFUSED;
    }
    touch(h, s);
    if (s->loading) {
        client_block(c, r);
        return BLOCKED;
    }
    if (s->removed) {
        no_message(r, s->seq, e);
        return REFUSED;
    }
    *out = s;
    return DONE;
}

static void take(struct said *s, const struct message_item *m)
{
    s->task = m->task;
    s->reply = m->reply;
    copy_name(s->author, sizeof s->author, m->author);
    copy_name(s->deleted, sizeof s->deleted, m->deleted);
    for (size_t i = 0; i < m->reactions.n; i++)
        said_react(s, m->reactions.v[i].user, m->reactions.v[i].emoji, false);
}

void said_loaded(struct hub *h, const struct ask *a, const struct store_job *j)
{
    struct room *r = room_find(h, j->room);
    struct said *s = NULL;
    if (r)
        HASH_FIND(hh, r->said, &a->seq, sizeof a->seq, s);
    if (!s || s->loading != a->tag)
        return;
    s->loading = 0;
    bool is_sure = a->seq > r->trimmed || j->seq >= r->trim_seq; /* retention took it or not */
    if (j->err.code == ERR_NONE && !is_sure) {
        load(h, s);
        return;
    }
    if (j->err.code != ERR_NONE) {
        h->counts.store_failures++;
        fail(&s->failed, err_is_passing(j->err.code) ? j->err.code : ERR_STORE,
             "message %lld of %s cannot be read: %.160s", (long long)a->seq, r->name,
             j->err.text);
    } else if (j->messages.n != 1 || j->messages.v[0].seq != a->seq) {
        no_message(r, a->seq, &s->failed);
    } else {
        take(s, &j->messages.v[0]);
    }
    bool is_bad = s->failed.code != ERR_NONE;
    room_wake(h, r);
    if (!is_bad)
        return;
    HASH_FIND(hh, r->said, &a->seq, sizeof a->seq, s);
    if (s && s->failed.code != ERR_NONE)
        drop(h, s);
}

/* ---- what happens to them ---- */

void said_add(struct hub *h, struct room *r, struct str author, int64_t task, int64_t reply)
{
    struct said *s = make(h, r, r->head);
    s->changed = r->head;
    s->task = task;
    s->reply = reply;
    copy_name(s->author, sizeof s->author, author);
    thin(h);
}

static struct said_reaction *find_reaction(const struct said *s, struct str user,
                                           struct str emoji)
{
    vec_each (x, &s->reactions)
        if (str_is(emoji, x->emoji) && str_is(user, x->user))
            return x;
    return NULL;
}

static size_t different(const struct said *s, struct str emoji)
{
    size_t n = 0;
    for (size_t i = 0; i < s->reactions.n; i++) {
        const char *one = s->reactions.v[i].emoji;
        size_t k = 0;
        if (str_is(emoji, one))
            return 0; /* it is none more */
        while (k < i && strcmp(s->reactions.v[k].emoji, one) != 0)
            k++;
        n += k == i;
    }
    return n + 1;
}

bool said_may_react(const struct said *s, struct str user, struct str emoji, struct err *e)
{
    if (find_reaction(s, user, emoji))
        return true;
    if (s->reactions.n >= REACTIONS_MAX)
        return fail(e, ERR_LIMIT, "a message has at most %d reactions", REACTIONS_MAX);
    if (different(s, emoji) > EMOJIS_MAX)
        return fail(e, ERR_LIMIT, "a message has at most %d different reactions", EMOJIS_MAX);
    return true;
}

void said_react(struct said *s, struct str user, struct str emoji, bool gone)
{
    struct said_reaction *x = find_reaction(s, user, emoji), new;
    if (gone && x)
        vec_remove(&s->reactions, (size_t)(x - s->reactions.v));
    if (gone || x)
        return;
    copy_name(new.emoji, sizeof new.emoji, emoji);
    copy_name(new.user, sizeof new.user, user);
    vec_push(&s->reactions, new);
}

void said_delete(struct said *s, struct str user)
{
    copy_name(s->deleted, sizeof s->deleted, user);
    vec_finish(&s->reactions);
}

void said_trim(struct room *r, int64_t upto)
{
    for (struct said *s = r->said; s; s = s->hh.next) {
        if (s->loading || s->seq > upto || s->task || is_pinned(r, s->seq))
            continue;
        s->removed = true;
        s->changed = r->head;
        vec_finish(&s->reactions);
    }
}

bool said_check(const struct room *r, struct err *e)
{
    for (const struct said *s = r->said; s; s = s->hh.next) {
        if (s->room != r || s->seq > r->head || s->changed > r->head)
            return fail(e, ERR_INTERNAL, "%s: message %lld is ahead of everything", r->name,
                        (long long)s->seq);
        if (s->failed.code != ERR_NONE)
            return fail(e, ERR_INTERNAL, "%s: message %lld is kept though it failed", r->name,
                        (long long)s->seq);
    }
    for (size_t i = 1; i < r->pins.n; i++) {
        if (r->pins.v[i - 1].message >= r->pins.v[i].message)
            return fail(e, ERR_INTERNAL, "%s: pins are out of order", r->name);
    }
    return true;
}

/* ---- pins ---- */

void pins_read(struct room *r, const struct store_room *from)
{
    r->pins.n = 0;
    for (size_t i = 0; i < from->pins.n; i++)
        pins_set(r, from->pins.v[i].message, from->pins.v[i].time, from->pins.v[i].author,
                 false);
}

bool pins_may_add(const struct room *r, int64_t message, struct err *e)
{
    if (r->pins.n < PINS_MAX || is_pinned(r, message))
        return true;
    return fail(e, ERR_LIMIT, "%s has %d pinned messages, more are not allowed: unpin one",
                r->name, PINS_MAX);
}

void pins_set(struct room *r, int64_t message, int64_t time, struct str author, bool gone)
{
    size_t at = pin_place(r, message);
    bool is_there = is_pinned(r, message);
    if (gone && is_there)
        vec_remove(&r->pins, at);
    if (gone == is_there) {
        r->pin_seq = r->head;
        retention_set(r, r->keep);
    }
    if (gone || is_there)
        return;
    vec_push(&r->pins, (struct pin){0});
    memmove(&r->pins.v[at + 1], &r->pins.v[at], (r->pins.n - at - 1) * sizeof *r->pins.v);
    r->pins.v[at] = (struct pin){.message = message, .time = time};
    copy_name(r->pins.v[at].author, sizeof r->pins.v[at].author, author);
}

struct pin_item *pins_items(const struct room *r, struct arena *a)
{
    struct pin_item *items = arena_alloc(a, r->pins.n * sizeof *items);
    for (size_t i = 0; i < r->pins.n; i++)
        items[i] = (struct pin_item){r->pins.v[i].message, r->pins.v[i].time,
                                     str_of(r->pins.v[i].author)};
    return items;
}
