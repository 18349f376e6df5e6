/* The store without a disk: what the simulator and the hub's tests run on. */
#include "store_job.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* The default hash falls through its cases without saying so, which clang minds. */
#undef HASH_FUNCTION
#define HASH_FUNCTION HASH_FNV
#include <uthash.h>

/* A room's log is the appends themselves, event seq at log.v[seq - 1]. */
struct mem_room {
    struct str name;
    bool is_public;
    VEC(struct store_append) log;
    VEC(struct store_member) members;
    VEC(struct str) columns;
    VEC(struct store_task) tasks; /* by number */
    int64_t next_number;
    UT_hash_handle hh;
};

/* What one client of one person has had committed. */
struct mem_done {
    int64_t id, seq, number;
    struct str room;
};
struct mem_client {
    struct str key; /* author, NUL, client */
    int64_t newest;
    VEC(struct mem_done) done;
    UT_hash_handle hh;
};

struct mem {
    struct store base;
    pthread_mutex_t lock; /* write() and read() may come from two threads */
    struct arena arena;   /* every string in here */
    struct mem_room *rooms;
    struct mem_client *clients;
    VEC(struct store_user) users;
    VEC(struct store_token) tokens;
    enum err_code broken;
};

static struct mem_room *room_find(const struct mem *m, struct str name)
{
    struct mem_room *r;
    HASH_FIND(hh, m->rooms, name.p, (unsigned)name.n, r);
    return r;
}

static struct mem_client *client_find(const struct mem *m, struct str author, struct str client)
{
    char key[USER_NAME_MAX + 1 + CLIENT_ID_MAX];
    bug_on(author.n > USER_NAME_MAX || client.n > CLIENT_ID_MAX);
    memset(key, 0, sizeof key);
    memcpy(key, author.n ? author.p : "", author.n);
    memcpy(key + author.n + 1, client.n ? client.p : "", client.n);
    struct mem_client *c;
    HASH_FIND(hh, m->clients, key, (unsigned)(author.n + 1 + client.n), c);
    return c;
}

static struct mem_client *client_make(struct mem *m, struct str author, struct str client)
{
    struct mem_client *c = client_find(m, author, client);
    if (c)
        return c;
    c = NEW(struct mem_client);
    c->key = str_fmt(&m->arena, "%.*s%c%.*s", STR_ARG(author), 0, STR_ARG(client));
    HASH_ADD_KEYPTR(hh, m->clients, c->key.p, (unsigned)c->key.n, c);
    return c;
}

/* The retry that matters is of something recent, so the newest are looked at first. */
static const struct mem_done *done_find(const struct mem_client *c, int64_t id)
{
    if (!c || id <= 0 || id > c->newest)
        return NULL;
    for (size_t i = c->done.n; i > 0; i--)
        if (c->done.v[i - 1].id == id)
            return &c->done.v[i - 1];
    return NULL;
}

static bool answer_done(struct store_job *j, const struct mem_done *d)
{
    if (!d)
        return false;
    j->found = true;
    j->seq = d->seq;
    j->number = d->number;
    j->found_room = str_keep(&j->arena, d->room);
    return true;
}

static struct store_user *user_find(const struct mem *m, struct str name)
{
    vec_each (u, &m->users)
        if (str_eq(u->name, name))
            return u;
    return NULL;
}

static struct store_token *token_find(const struct mem *m, struct str id)
{
    vec_each (t, &m->tokens)
        if (str_eq(t->id, id))
            return t;
    return NULL;
}

/* ---- writes ---- */

static void member_put(struct mem *m, struct mem_room *r, struct str user, enum role role)
{
    size_t i = 0;
    while (i < r->members.n && !str_eq(r->members.v[i].user, user))
        i++;
    if (i < r->members.n && role == ROLE_NONE)
        vec_remove(&r->members, i);
    else if (i < r->members.n)
        r->members.v[i].role = role;
    else if (role != ROLE_NONE)
        vec_push(&r->members, (struct store_member){str_keep(&m->arena, user), role});
}

static void task_put(struct mem *m, struct mem_room *r, const struct store_task *t)
{
    size_t i = 0;
    while (i < r->tasks.n && r->tasks.v[i].number < t->number)
        i++;
    if (i == r->tasks.n || r->tasks.v[i].number != t->number) {
        vec_push(&r->tasks, (struct store_task){0});
        memmove(&r->tasks.v[i + 1], &r->tasks.v[i], (r->tasks.n - i - 1) * sizeof *r->tasks.v);
    }
    r->tasks.v[i] = (struct store_task){
        .number = t->number,
        .title = str_keep(&m->arena, t->title),
        .column = str_keep(&m->arena, t->column),
        .key = str_keep(&m->arena, t->key),
        .archived = t->archived,
    };
    r->next_number = MAX(r->next_number, t->number + 1);
}

static struct mem_room *room_make(struct mem *m, const struct store_append *a)
{
    struct mem_room *r = NEW(struct mem_room);
    r->name = str_keep(&m->arena, a->room);
    r->next_number = 1;
    HASH_ADD_KEYPTR(hh, m->rooms, r->name.p, (unsigned)r->name.n, r);
    return r;
}

static void effect_apply(struct mem *m, struct mem_room *r, const struct store_append *a)
{
    switch (a->effect) {
    case EFFECT_NONE:
    case EFFECT_NOTE:
    case EFFECT_TEXT:
        break;
    case EFFECT_ROOM:
        r->is_public = a->is_public;
        for (size_t i = 0; i < a->columns.n; i++)
            vec_push(&r->columns, str_keep(&m->arena, a->columns.v[i]));
        member_put(m, r, a->author, ROLE_OWNER);
        break;
    case EFFECT_MEMBER:
        member_put(m, r, a->member.user, a->member.role);
        break;
    case EFFECT_TASK:
        task_put(m, r, &a->task);
        break;
    }
}

static void write_append(struct mem *m, struct store_job *j)
{
    const struct store_append *a = &j->append;
    if (answer_done(j, done_find(client_find(m, a->author, a->client), a->id)))
        return;
    struct mem_room *r = room_find(m, a->room);
    int64_t newest = r ? (int64_t)r->log.n : 0;
    if (a->seq != newest + 1) {
        store_refuse_seq(j, newest);
        return;
    }
    if (!r)
        r = room_make(m, a);
    vec_push(&r->log, (struct store_append){
                          .room = r->name,
                          .seq = a->seq,
                          .type = a->type,
                          .json = str_keep(&m->arena, a->json),
                      });
    if (a->id > 0) {
        struct mem_client *c = client_make(m, a->author, a->client);
        vec_push(&c->done, (struct mem_done){a->id, a->seq, a->number, r->name});
        c->newest = MAX(c->newest, a->id);
    }
    effect_apply(m, r, a);
    j->seq = a->seq;
    j->number = a->number;
}

static struct store_user *user_make(struct mem *m, const struct store_user *from)
{
    struct store_user *u = user_find(m, from->name);
    if (u)
        return u;
    vec_push(&m->users, *from);
    u = &m->users.v[m->users.n - 1];
    u->name = str_keep(&m->arena, from->name);
    return u;
}

static void write_user(struct mem *m, struct store_job *j)
{
    struct store_user *u = user_make(m, &j->user);
    u->admin = j->user.admin;
    u->disabled = j->user.disabled;
    u->seen = MAX(u->seen, j->user.seen);
}

static void token_put(struct mem *m, const struct store_token *t)
{
    vec_push(&m->tokens, *t);
    struct store_token *kept = &m->tokens.v[m->tokens.n - 1];
    kept->id = str_keep(&m->arena, t->id);
    kept->user = str_keep(&m->arena, t->user);
}

static void write_token(struct mem *m, struct store_job *j)
{
    if (token_find(m, j->token.id))
        store_refuse_twice(j);
    else
        token_put(m, &j->token);
}

static void write_revoke(struct mem *m, struct store_job *j)
{
    struct store_token *t = token_find(m, j->token.id);
    if (t)
        t->revoked = true;
    else
        store_refuse_unknown(j);
}

static void write_invite(struct mem *m, struct store_job *j)
{
    struct store_token *invite = token_find(m, j->invite);
    if (invite && invite->revoked) {
        store_refuse_used(j);
        return;
    }
    if (token_find(m, j->token.id)) {
        store_refuse_twice(j);
        return;
    }
    struct store_token used = store_used_invite(j);
    if (invite)
        invite->revoked = true;
    else
        token_put(m, &used);
    user_make(m, &j->user);
    token_put(m, &j->token);
}

static void write_job(struct mem *m, struct store_job *j)
{
    bug_on(!store_is_write(j->kind));
    if (m->broken != ERR_NONE)
        fail(&j->err, m->broken, "%s", err_sentence(m->broken));
    else if (j->kind == JOB_APPEND)
        write_append(m, j);
    else if (j->kind == JOB_USER_PUT)
        write_user(m, j);
    else if (j->kind == JOB_TOKEN_PUT)
        write_token(m, j);
    else if (j->kind == JOB_TOKEN_REVOKE)
        write_revoke(m, j);
    else
        write_invite(m, j);
}

static void mem_write(struct store *s, struct store_job **jobs, size_t n)
{
    struct mem *m = (struct mem *)s;
    pthread_mutex_lock(&m->lock);
    for (size_t i = 0; i < n; i++)
        write_job(m, jobs[i]);
    pthread_mutex_unlock(&m->lock);
}

/* ---- reads ---- */

static struct store_member *members_copy(struct arena *a, const struct mem_room *r)
{
    struct store_member *v = arena_alloc(a, r->members.n * sizeof *v);
    for (size_t i = 0; i < r->members.n; i++)
        v[i] = (struct store_member){str_keep(a, r->members.v[i].user), r->members.v[i].role};
    return v;
}

static void room_head(struct arena *a, const struct mem_room *r, struct store_room *out)
{
    *out = (struct store_room){
        .name = str_keep(a, r->name),
        .is_public = r->is_public,
        .seq = (int64_t)r->log.n,
        .members = {members_copy(a, r), r->members.n},
    };
}

static struct store_token token_copy(struct arena *a, const struct store_token *t)
{
    struct store_token copy = *t;
    copy.id = str_keep(a, t->id);
    copy.user = str_keep(a, t->user);
    return copy;
}

/* The tokens in the order in which they were made, or only those that still have to be refused
 * at `now`. */
static void read_tokens(const struct mem *m, struct store_job *j, bool refused, int64_t now)
{
    j->tokens.v = arena_alloc(&j->arena, m->tokens.n * sizeof *j->tokens.v);
    vec_each (t, &m->tokens) {
        bool is_over = t->expires && t->expires <= now;
        if (!refused || (t->revoked && !is_over))
            j->tokens.v[j->tokens.n++] = token_copy(&j->arena, t);
    }
}

static void read_boot(const struct mem *m, struct store_job *j)
{
    j->users.v = arena_alloc(&j->arena, m->users.n * sizeof *j->users.v);
    vec_each (u, &m->users) {
        struct store_user *copy = &j->users.v[j->users.n++];
        *copy = *u;
        copy->name = str_keep(&j->arena, u->name);
    }
    j->rooms.v = arena_alloc(&j->arena, HASH_COUNT(m->rooms) * sizeof *j->rooms.v);
    for (struct mem_room *r = m->rooms; r; r = r->hh.next)
        room_head(&j->arena, r, &j->rooms.v[j->rooms.n++]);
    read_tokens(m, j, true, j->from);
}

static void read_room(const struct mem *m, struct store_job *j)
{
    const struct mem_room *r = room_find(m, j->room);
    if (!r) {
        store_refuse_room(j);
        return;
    }
    struct arena *a = &j->arena;
    struct store_room *out = arena_alloc(a, sizeof *out);
    room_head(a, r, out);
    out->next_number = r->next_number;
    out->columns.v = arena_alloc(a, r->columns.n * sizeof *out->columns.v);
    vec_each (c, &r->columns)
        out->columns.v[out->columns.n++] = str_keep(a, *c);
    out->tasks.v = arena_alloc(a, r->tasks.n * sizeof *out->tasks.v);
    vec_each (t, &r->tasks)
        out->tasks.v[out->tasks.n++] = (struct store_task){
            .number = t->number,
            .title = str_keep(a, t->title),
            .column = str_keep(a, t->column),
            .key = str_keep(a, t->key),
            .archived = t->archived,
        };
    j->rooms.v = out;
    j->rooms.n = 1;
}

static void read_lookup(const struct mem *m, struct store_job *j)
{
    const struct mem_client *c = client_find(m, j->author, j->client);
    j->newest_id = c ? c->newest : 0;
    answer_done(j, done_find(c, j->id));
}

static void read_events(const struct mem *m, struct store_job *j)
{
    const struct mem_room *r = room_find(m, j->room);
    if (!r) {
        store_refuse_room(j);
        return;
    }
    size_t at = j->from > 0 ? (size_t)MIN(j->from, (int64_t)r->log.n) : 0;
    size_t most = MIN(r->log.n - at, (size_t)MAX(j->limit, 0));
    size_t bytes = 0;
    j->events.v = arena_alloc(&j->arena, most * sizeof *j->events.v);
    while (j->events.n < most && (j->events.n == 0 || bytes < j->bytes_limit)) {
        const struct store_append *a = &r->log.v[at++];
        bytes += a->json.n;
        j->events.v[j->events.n++] = (struct store_event){a->seq, str_keep(&j->arena, a->json)};
    }
    j->more = at < r->log.n;
}

static void read_history(const struct mem *m, struct store_job *j)
{
    const struct mem_room *r = room_find(m, j->room);
    if (!r) {
        store_refuse_room(j);
        return;
    }
    size_t end = MIN((size_t)MAX(j->from - 1, 0), r->log.n);
    size_t most = MIN(end, (size_t)MAX(j->limit, 0));
    struct message_item *v = arena_alloc(&j->arena, most * sizeof *v);
    size_t at = most, bytes = 0;
    for (; end > 0 && !j->more; end--) {
        const struct store_append *a = &r->log.v[end - 1];
        if (a->type != MSG_MESSAGE)
            continue;
        if (at == 0 || (at < most && bytes >= j->bytes_limit))
            j->more = true;
        else if (!store_message_of(a->json, &j->arena, &v[--at], &j->err))
            return;
        bytes += a->json.n;
    }
    j->messages.v = v + at;
    j->messages.n = most - at;
}

static void read_job(const struct mem *m, struct store_job *j)
{
    bug_on(store_is_write(j->kind));
    if (j->kind == JOB_BOOT)
        read_boot(m, j);
    else if (j->kind == JOB_ROOM)
        read_room(m, j);
    else if (j->kind == JOB_LOOKUP)
        read_lookup(m, j);
    else if (j->kind == JOB_EVENTS)
        read_events(m, j);
    else if (j->kind == JOB_HISTORY)
        read_history(m, j);
    else
        read_tokens(m, j, false, 0);
}

static void mem_read(struct store *s, struct store_job *j)
{
    struct mem *m = (struct mem *)s;
    pthread_mutex_lock(&m->lock);
    read_job(m, j);
    pthread_mutex_unlock(&m->lock);
}

static void mem_close(struct store *s)
{
    struct mem *m = (struct mem *)s;
    struct mem_room *r, *next_room;
    HASH_ITER (hh, m->rooms, r, next_room) {
        HASH_DEL(m->rooms, r);
        vec_finish(&r->log);
        vec_finish(&r->members);
        vec_finish(&r->columns);
        vec_finish(&r->tasks);
        free(r);
    }
    struct mem_client *c, *next_client;
    HASH_ITER (hh, m->clients, c, next_client) {
        HASH_DEL(m->clients, c);
        vec_finish(&c->done);
        free(c);
    }
    vec_finish(&m->users);
    vec_finish(&m->tokens);
    arena_finish(&m->arena);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

struct store *store_mem_new(void)
{
    struct mem *m = NEW(struct mem);
    m->base = (struct store){.write = mem_write, .read = mem_read, .close = mem_close};
    pthread_mutex_init(&m->lock, NULL);
    return &m->base;
}

void store_mem_break(struct store *s, enum err_code code)
{
    struct mem *m = (struct mem *)s;
    m->broken = code;
}
