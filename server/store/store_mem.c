/* The store without a disk: what the simulator and the hub's tests run on. */
#include "store_mem.h"

#include "direct.h"
#include "store_job.h"

#include <stdlib.h>
#include <string.h>

static struct mem_client *client_make(struct mem *m, struct str author, struct str client)
{
    struct mem_client *c = mem_client_find(m, author, client);
    if (c)
        return c;
    c = NEW(struct mem_client);
    c->key = str_fmt(&m->arena, "%.*s%c%.*s", STR_ARG(author), 0, STR_ARG(client));
    HASH_ADD_KEYPTR(hh, m->clients, c->key.p, (unsigned)c->key.n, c);
    return c;
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

/* Of somebody who left; what is there no more once that person is back. */
static struct marker take_marker(struct mem_room *r, struct str user)
{
    struct marker read = {0};
    for (size_t i = 0; i < r->left.n; i++) {
        if (!str_eq(r->left.v[i].user, user))
            continue;
        read = r->left.v[i].read;
        vec_remove(&r->left, i);
        break;
    }
    return read;
}

static void member_put(struct mem *m, struct mem_room *r, struct str user, enum role role,
                       struct store_job *j)
{
    size_t i = 0;
    while (i < r->members.n && !str_eq(r->members.v[i].user, user))
        i++;
    if (i == r->members.n && role == ROLE_NONE)
        return;
    if (i == r->members.n) {
        struct marker read = take_marker(r, user);
        read.seq = MAX(read.seq, j->append.seq);
        vec_push(&r->members,
                 (struct store_member){.user = str_keep(&m->arena, user), .read = read});
    }
    r->members.v[i].role = role;
    j->marker = r->members.v[i].read;
    if (role != ROLE_NONE)
        return;
    vec_push(&r->left, r->members.v[i]);
    vec_remove(&r->members, i);
}

static void write_marker(struct mem *m, struct store_job *j)
{
    struct mem_room *r = mem_room_find(m, j->room);
    for (size_t i = 0; r && i < r->members.n; i++) {
        struct store_member *one = &r->members.v[i];
        if (str_eq(one->user, j->author)) {
            one->read = marker_later(one->read, j->marker);
            return;
        }
    }
    store_refuse_marker(j);
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
        .values = str_keep(&m->arena, t->values),
    };
    r->next_number = MAX(r->next_number, t->number + 1);
}

static void columns_put(struct mem *m, struct mem_room *r, const struct store_append *a)
{
    r->columns.n = 0;
    for (size_t i = 0; i < a->columns.n; i++)
        vec_push(&r->columns, (struct store_column){str_keep(&m->arena, a->columns.v[i].name),
                                                    a->columns.v[i].limit});
}

static void place_put(struct mem *m, struct mem_room *r, const struct store_place *p)
{
    size_t low = 0, high = r->tasks.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (r->tasks.v[mid].number < p->number)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < r->tasks.n && r->tasks.v[low].number == p->number)
        r->tasks.v[low].key = str_keep(&m->arena, p->key);
}

static void tasks_send(struct mem *m, struct mem_room *r, const struct store_append *a)
{
    vec_each (t, &r->tasks) {
        if (a->from.n && str_eq(t->column, a->from))
            t->column = str_keep(&m->arena, a->to);
    }
    for (size_t i = 0; i < a->places.n; i++)
        place_put(m, r, &a->places.v[i]);
}

static void note_put(struct mem *m, struct mem_room *r, const struct store_note *n)
{
    size_t i = 0;
    while (i < r->notes.n && r->notes.v[i].number < n->number)
        i++;
    if (i == r->notes.n || r->notes.v[i].number != n->number) {
        vec_push(&r->notes, (struct store_note){0});
        memmove(&r->notes.v[i + 1], &r->notes.v[i], (r->notes.n - i - 1) * sizeof *r->notes.v);
        r->notes.v[i] = (struct store_note){
            .number = n->number, .time = n->time, .author = str_keep(&m->arena, n->author)};
    }
    r->notes.v[i].name = str_keep(&m->arena, n->name);
    r->notes.v[i].archived = n->archived;
    r->next_number = MAX(r->next_number, n->number + 1);
}

static struct mem_text *text_make(struct mem_room *r, int64_t number)
{
    size_t i = mem_text_place(r, number);
    if (i == r->texts.n || r->texts.v[i].number != number) {
        vec_push(&r->texts, (struct mem_text){0});
        memmove(&r->texts.v[i + 1], &r->texts.v[i], (r->texts.n - i - 1) * sizeof *r->texts.v);
        r->texts.v[i] = (struct mem_text){.number = number};
    }
    return &r->texts.v[i];
}

static void edit_put(struct mem *m, struct mem_room *r, const struct store_append *a)
{
    struct mem_text *t = text_make(r, a->number);
    vec_push(&t->edits, a->seq);
    if (a->snapshot.version == 0)
        return;
    vec_push(&t->snapshots, a->snapshot);
    struct store_snapshot *s = &t->snapshots.v[t->snapshots.n - 1];
    s->text = str_keep(&m->arena, s->text);
    s->blame = str_keep(&m->arena, s->blame);
}

static struct mem_room *room_make(struct mem *m, const struct store_append *a)
{
    struct mem_room *r = NEW(struct mem_room);
    r->name = str_keep(&m->arena, a->room);
    r->next_number = 1;
    HASH_ADD_KEYPTR(hh, m->rooms, r->name.p, (unsigned)r->name.n, r);
    return r;
}

static void founders_put(struct mem *m, struct mem_room *r, struct store_job *j)
{
    for (struct founder f = {0}; founder_next(&f, j->append.room, j->append.author);)
        member_put(m, r, f.user, f.role, j);
}

static void effect_apply(struct mem *m, struct mem_room *r, struct store_job *j)
{
    const struct store_append *a = &j->append;
    switch (a->effect) {
    case EFFECT_NONE:
        break;
    case EFFECT_ROOM:
        r->is_public = a->is_public;
        columns_put(m, r, a);
        founders_put(m, r, j);
        break;
    case EFFECT_MEMBER:
        member_put(m, r, a->member.user, a->member.role, j);
        break;
    case EFFECT_TASK:
        task_put(m, r, &a->task);
        break;
    case EFFECT_NOTE:
        note_put(m, r, &a->note);
        break;
    case EFFECT_TEXT:
        edit_put(m, r, a);
        break;
    case EFFECT_COLUMNS:
        columns_put(m, r, a);
        tasks_send(m, r, a);
        break;
    case EFFECT_MESSAGE:
        mem_change_message(m, r, a);
        break;
    case EFFECT_TOPIC:
        r->topic = str_keep(&m->arena, a->topic);
        break;
    case EFFECT_RETENTION:
        r->keep = a->keep;
        break;
    case EFFECT_TRIM:
        mem_trim(m, r, a->above, a->upto);
        break;
    }
}

/* Whether the append may follow what is stored; j->err when not. */
static bool look_before(const struct mem_room *r, struct store_job *j)
{
    const struct store_append *a = &j->append;
    int64_t newest = r ? (int64_t)r->log.n : 0;
    if (a->seq != newest + 1)
        return store_refuse_seq(j, newest);
    const struct mem_text *t = r ? mem_text_find(r, a->number) : NULL;
    return a->effect != EFFECT_TEXT || store_edit_fits(j, t ? (int64_t)t->edits.n : 0);
}

static void log_add(struct mem *m, struct mem_room *r, const struct store_append *a)
{
    struct mem_client *c = client_make(m, a->author, a->client);
    vec_push(&r->log, (struct store_append){
                          .room = r->name,
                          .seq = a->seq,
                          .type = a->type,
                          .author = {c->key.p, a->author.n},
                          .client = {c->key.p + a->author.n + 1, a->client.n},
                          .id = a->id,
                          .time = a->time,
                          .reply = a->reply,
                          .json = str_keep(&m->arena, a->json),
                          .number = a->number,
                          .effect = a->effect,
                          .text.version = a->text.version,
                          .text.boxes = a->text.boxes,
                      });
    if (a->id <= 0)
        return;
    vec_push(&c->done, (struct mem_done){a->id, a->seq, a->number, r->name});
    c->newest = MAX(c->newest, a->id);
}

static void write_append(struct mem *m, struct store_job *j)
{
    const struct store_append *a = &j->append;
    if (mem_answer(j, mem_done_find(mem_client_find(m, a->author, a->client), a->id)))
        return;
    struct mem_room *r = mem_room_find(m, a->room);
    if (!look_before(r, j))
        return;
    if (!r)
        r = room_make(m, a);
    log_add(m, r, a);
    effect_apply(m, r, j);
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
    kept->scopes = str_keep(&m->arena, t->scopes);
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

static struct store_hook *hook_find(const struct mem *m, struct str id)
{
    vec_each (k, &m->hooks)
        if (str_eq(k->id, id))
            return k;
    return NULL;
}

static void write_hook(struct mem *m, struct store_job *j)
{
    const struct store_hook *q = &j->hook;
    struct store_hook *k = hook_find(m, q->id);
    if (j->kind == JOB_HOOK_ADD) {
        if (k || !mem_room_find(m, q->room))
            store_refuse_hook(j);
        else
            vec_push(&m->hooks, store_keep_hook(&m->arena, q));
    } else if (j->kind == JOB_HOOK_SET && k) {
        k->seq = q->seq;
        k->failing = q->failing;
        k->stopped = q->stopped;
    } else if (j->kind == JOB_HOOK_DROP && k) {
        vec_remove(&m->hooks, (size_t)(k - m->hooks.v));
    } else if (j->kind == JOB_HOOK_DROP) {
        store_refuse_hook(j);
    }
}

/* A day of them is enough for what keeps nothing. */
static void write_minute(struct mem *m, const struct minute_item *item)
{
    if (m->minutes.n == MINUTES_MAX) {
        free((char *)(uintptr_t)m->minutes.v[0].figures.p);
        vec_remove(&m->minutes, 0);
    }
    struct str copy = {str_dup(item->figures), item->figures.n};
    vec_push(&m->minutes, (struct minute_item){item->time, copy});
}

static void write_audit(struct mem *m, const struct store_audit *a)
{
    struct store_audit kept = {.number = (int64_t)m->audits.n + 1,
                               .time = a->time,
                               .author = str_keep(&m->arena, a->author),
                               .act = str_keep(&m->arena, a->act),
                               .subject = str_keep(&m->arena, a->subject),
                               .words = str_keep(&m->arena, a->words)};
    vec_push(&m->audits, kept);
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
    else if (j->kind == JOB_MINUTE_PUT)
        write_minute(m, &j->minute);
    else if (j->kind == JOB_READ_PUT)
        write_marker(m, j);
    else if (j->kind == JOB_INVITE_USE)
        write_invite(m, j);
    else if (j->kind >= JOB_HOOK_ADD && j->kind <= JOB_HOOK_DROP)
        write_hook(m, j);
    if (j->err.code == ERR_NONE && j->audit.act.n)
        write_audit(m, &j->audit);
}

static void mem_write(struct store *s, struct store_job **jobs, size_t n)
{
    struct mem *m = (struct mem *)s;
    pthread_mutex_lock(&m->lock);
    for (size_t i = 0; i < n; i++)
        write_job(m, jobs[i]);
    pthread_mutex_unlock(&m->lock);
}

/* ---- opening and closing ---- */

static void mem_close(struct store *s)
{
    struct mem *m = (struct mem *)s;
    struct mem_room *r, *next_room;
    HASH_ITER (hh, m->rooms, r, next_room) {
        HASH_DEL(m->rooms, r);
        vec_finish(&r->log);
        vec_finish(&r->members);
        vec_finish(&r->left);
        vec_finish(&r->columns);
        vec_finish(&r->tasks);
        vec_finish(&r->notes);
        vec_each (t, &r->texts) {
            vec_finish(&t->edits);
            vec_finish(&t->snapshots);
        }
        vec_finish(&r->texts);
        mem_forget_said(r);
        free(r);
    }
    struct mem_client *c, *next_client;
    HASH_ITER (hh, m->clients, c, next_client) {
        HASH_DEL(m->clients, c);
        vec_finish(&c->done);
        free(c);
    }
    vec_each (item, &m->minutes)
        free((char *)(uintptr_t)item->figures.p);
    vec_finish(&m->minutes);
    vec_finish(&m->users);
    vec_finish(&m->tokens);
    vec_finish(&m->hooks);
    vec_finish(&m->audits);
    arena_finish(&m->arena);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

struct store *store_mem_new(void)
{
    struct mem *m = NEW(struct mem);
    m->base = (struct store){
        .write = mem_write, .read = mem_read, .close = mem_close, .is_instant = true};
    pthread_mutex_init(&m->lock, NULL);
    return &m->base;
}

void store_mem_break(struct store *s, enum err_code code)
{
    struct mem *m = (struct mem *)s;
    m->broken = code;
}
