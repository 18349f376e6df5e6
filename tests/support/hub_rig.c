#include "hub_rig.h"

#include "frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool matches(const char *p, const char *s)
{
    for (; *p && *p != '*'; p++, s++) {
        if (*p != *s && !(*p == '\'' && *s == '"'))
            return false;
    }
    if (!*p)
        return !*s;
    for (;; s++) {
        if (matches(p + 1, s))
            return true;
        if (!*s)
            return false;
    }
}

static struct rig_conn *find(struct hub_rig *r, const char *name, uint32_t *slot)
{
    for (uint32_t i = 0; i < RIG_CONNS; i++) {
        struct rig_conn *c = &r->conns[i];
        if (c->open && strcmp(c->name, name) == 0) {
            *slot = i;
            return c;
        }
    }
    fail_msg("nobody is called %s", name);
    return NULL;
}

/* ---- carrying out what the hub wants ---- */

static void deliver(struct hub_rig *r, uint32_t slot, const struct frame *f)
{
    struct rig_conn *c = &r->conns[slot];
    struct str framed = {f->bytes, f->n};
    assert_true(slot < RIG_CONNS && c->open);
    uint32_t n = 0;
    for (struct str m; (m = frame_next(&framed)).p; n++)
        vec_push(&c->inbox, str_dup(m));
    assert_int_equal(n, f->messages);
}

static void carry_out(struct hub_rig *r, const struct output *o)
{
    switch (o->kind) {
    case OUT_SEND:
        deliver(r, o->conn, o->frame);
        r->conns[o->conn].paused |= o->pause;
        r->sends++;
        break;
    case OUT_FAN:
        for (size_t i = 0; i < o->n_conns; i++)
            deliver(r, o->conns[i], o->frame);
        r->fans++;
        break;
    case OUT_CLOSE:
        r->conns[o->conn].closed_by_hub = true;
        r->conns[o->conn].status = o->status;
        break;
    case OUT_STORE:
        vec_push(&r->jobs, o->job);
        break;
    case OUT_MINT:
    case OUT_CHECK:
        vec_push(&r->shell, *o);
        r->shell.v[r->shell.n - 1].user = str_keep(&r->arena, o->user);
        r->shell.v[r->shell.n - 1].token = str_keep(&r->arena, o->token);
        break;
    case OUT_FIGURES:
        vec_push(&r->shell, *o);
        break;
    case OUT_POST:
        vec_push(&r->posts, *o);
        o = &r->posts.v[r->posts.n - 1];
        r->posts.v[r->posts.n - 1].id = str_keep(&r->arena, o->id);
        r->posts.v[r->posts.n - 1].url = str_keep(&r->arena, o->url);
        r->posts.v[r->posts.n - 1].text = str_keep(&r->arena, o->text);
        break;
    case OUT_LOG:
        buf_fmt(&r->log, "%.*s: %.*s\n", STR_ARG(o->id), STR_ARG(o->text));
        break;
    }
}

static void turn(struct hub_rig *r)
{
    hub_turn_end(r->hub, r->now, &r->out);
    for (size_t i = 0; i < r->out.items.n; i++)
        carry_out(r, &r->out.items.v[i]);
    outbox_clear(&r->out);
}

static void handle(struct hub_rig *r, struct hub_input in)
{
    in.now = r->now;
    hub_handle(r->hub, &in, &r->out);
    turn(r);
}

static void run_job(struct hub_rig *r)
{
    struct store_job *j = r->jobs.v[0];
    vec_remove(&r->jobs, 0);
    if (store_is_write(j->kind))
        r->store->write(r->store, &j, 1);
    else
        store_read(r->store, j);
    handle(r, (struct hub_input){.kind = IN_STORED, .job = j});
}

/* Tokens are "USER:ID:EXPIRES" or "USER:ID:EXPIRES:SCOPES"; anything else is none. */
static void check_token(struct hub_input *in, struct str token)
{
    struct str user = str_cut(&token, ':'), id = str_cut(&token, ':');
    struct str expires = str_cut(&token, ':');
    in->token_id = id;
    in->identity = (struct identity){.user = user, .token_id = id};
    if (!str_int(expires, 0, INT64_MAX, &in->expires) ||
        !scope_parse(token, &in->identity.scopes, NULL))
        in->err = (struct err){ERR_NOT_SIGNED_IN, "this is no token"};
    in->identity.expires = in->expires;
}

static void answer_one(struct hub_rig *r)
{
    struct output o = r->shell.v[0];
    vec_remove(&r->shell, 0);
    struct hub_input in = {.tag = o.tag};
    if (o.kind == OUT_MINT) {
        in.kind = IN_MINTED;
        in.identity.user = o.user;
        in.identity.invite = o.invite;
        in.identity.scopes = o.scopes;
        in.token_id = str_fmt(&r->arena, "id%d", ++r->minted);
        in.expires = r->now + o.ttl * 1000;
        in.token = str_fmt(&r->arena, "%.*s:id%d:%lld", STR_ARG(o.user), r->minted,
                           (long long)in.expires);
        if (o.hook && !o.outgoing)
            in.hash = str_fmt(&r->arena, "hash-%.*s", STR_ARG(in.token_id));
    } else if (o.kind == OUT_FIGURES) {
        static struct stat_item two[] = {{{"connections", 11}, 1}, {{"people", 6}, 1}};
        in.kind = IN_FIGURES;
        in.figures.v = two;
        in.figures.n = COUNT_OF(two);
    } else {
        in.kind = IN_CHECKED;
        check_token(&in, o.token);
    }
    handle(r, in);
}

static uint32_t a_paused_one(struct hub_rig *r)
{
    uint32_t i = 0;
    while (i < RIG_CONNS && (!r->conns[i].open || !r->conns[i].paused))
        i++;
    return i;
}

static void settle(struct hub_rig *r)
{
    for (;;) {
        uint32_t paused = a_paused_one(r);
        if (r->jobs.n && !r->hold_store) {
            run_job(r);
        } else if (r->shell.n && !r->hold_shell) {
            answer_one(r);
        } else if (paused < RIG_CONNS && !r->hold_pauses) {
            r->conns[paused].paused = false;
            handle(r, (struct hub_input){.kind = IN_READABLE, .conn = paused});
        } else {
            return;
        }
    }
}

void rig_check(struct hub_rig *r)
{
    struct err e = {0};
    if (!hub_check(r->hub, &e))
        fail_msg("%s", e.text);
}

void rig_handle(struct hub_rig *r, struct hub_input in)
{
    handle(r, in);
    settle(r);
    rig_check(r);
}

/* ---- beginning and end ---- */

static void start_hub(struct hub_rig *r)
{
    struct hub_config c = {.server = STR("mootd test"),
                           .lobby = STR("#lobby"),
                           .session_base = (uint64_t)r->now,
                           .text_bytes_max = r->text_bytes_max};
    r->hub = hub_new(&c);
    hub_start(r->hub, r->now, &r->out);
    turn(r);
    settle(r);
}

void rig_start_held(struct hub_rig *r)
{
    *r = (struct hub_rig){.now = RIG_NOW, .store = store_mem_new(), .hold_store = true};
    start_hub(r);
}

void rig_start(struct hub_rig *r)
{
    rig_start_held(r);
    rig_release(r);
}

static void forget(struct rig_conn *c)
{
    for (size_t i = 0; i < c->inbox.n; i++)
        free(c->inbox.v[i]);
    vec_finish(&c->inbox);
    *c = (struct rig_conn){0};
}

static void end_hub(struct hub_rig *r)
{
    rig_check(r);
    hub_free(r->hub);
    for (size_t i = 0; i < RIG_CONNS; i++)
        forget(&r->conns[i]);
    for (size_t i = 0; i < r->jobs.n; i++)
        store_job_free(r->jobs.v[i]);
    r->jobs.n = r->shell.n = r->posts.n = 0;
}

void rig_finish(struct hub_rig *r)
{
    end_hub(r);
    r->store->close(r->store);
    vec_finish(&r->jobs);
    vec_finish(&r->shell);
    vec_finish(&r->posts);
    buf_finish(&r->log);
    arena_finish(&r->arena);
    outbox_finish(&r->out);
}

void rig_restart(struct hub_rig *r)
{
    end_hub(r);
    r->now += 1000;
    start_hub(r);
}

/* ---- connections ---- */

void rig_connect_as(struct hub_rig *r, const char *name, struct identity who)
{
    uint32_t slot = 0;
    while (slot < RIG_CONNS && r->conns[slot].open)
        slot++;
    assert_true(slot < RIG_CONNS);
    struct rig_conn *c = &r->conns[slot];
    c->open = true;
    snprintf(c->name, sizeof c->name, "%s", name);
    rig_handle(r, (struct hub_input){.kind = IN_OPENED, .conn = slot, .identity = who});
}

static struct str user_of(const char *name)
{
    struct str s = str_of(name);
    return str_cut(&s, '/');
}

void rig_connect(struct hub_rig *r, const char *name)
{
    rig_connect_as(r, name, (struct identity){.user = user_of(name)});
}

void rig_cut(struct hub_rig *r, const char *name)
{
    uint32_t slot;
    forget(find(r, name, &slot));
    rig_handle(r, (struct hub_input){.kind = IN_CLOSED, .conn = slot});
}

/* "ana/2" has the client id "clientana2". */
static void say_hello(struct hub_rig *r, const char *name)
{
    struct str second = str_of(name), first = str_cut(&second, '/');
    rig_send(r, name, "{'type':'hello','version':1,'client':'client%.*s%.*s'}", STR_ARG(first),
             STR_ARG(second));
    rig_expect(r, name, "{'type':'welcome',*}");
}

void rig_join(struct hub_rig *r, const char *name)
{
    rig_connect(r, name);
    say_hello(r, name);
}

void rig_join_admin(struct hub_rig *r, const char *name)
{
    rig_connect_as(r, name, (struct identity){.user = user_of(name), .admin = true});
    say_hello(r, name);
}

void rig_enter(struct hub_rig *r, const char *name, const char *room)
{
    rig_join(r, name);
    rig_send(r, name, "{'type':'open','id':9000,'room':'%s','since':-1}", room);
    rig_expect(r, name, "{'type':'ok','re':9000,*}");
    rig_wait(r, 10);
    rig_skip(r, name);
}

void rig_send_bytes(struct hub_rig *r, const char *name, struct str bytes)
{
    uint32_t slot;
    find(r, name, &slot);
    rig_handle(r, (struct hub_input){.kind = IN_FRAME, .conn = slot, .bytes = bytes});
}

void rig_send(struct hub_rig *r, const char *name, const char *json, ...)
{
    char *text;
    va_list ap;
    va_start(ap, json);
    int n = vasprintf(&text, json, ap);
    va_end(ap);
    assert_true(n >= 0);
    for (char *p = text; *p; p++)
        *p = *p == '\'' ? '"' : *p;
    rig_send_bytes(r, name, (struct str){text, (size_t)n});
    free(text);
}

/* ---- what came ---- */

void rig_expect(struct hub_rig *r, const char *name, const char *pattern)
{
    uint32_t slot;
    struct rig_conn *c = find(r, name, &slot);
    if (c->read == c->inbox.n)
        fail_msg("%s got nothing, expected %s", name, pattern);
    const char *got = c->inbox.v[c->read++];
    if (!matches(pattern, got))
        fail_msg("%s got\n  %s\nexpected\n  %s", name, got, pattern);
}

bool rig_hears(struct hub_rig *r, const char *name, const char *pattern)
{
    uint32_t slot;
    struct rig_conn *c = find(r, name, &slot);
    while (c->read < c->inbox.n) {
        if (matches(pattern, c->inbox.v[c->read++]))
            return true;
    }
    return false;
}

void rig_expect_later(struct hub_rig *r, const char *name, const char *pattern)
{
    if (!rig_hears(r, name, pattern))
        fail_msg("%s never got %s", name, pattern);
}

void rig_expect_nothing(struct hub_rig *r, const char *name)
{
    uint32_t slot;
    struct rig_conn *c = find(r, name, &slot);
    if (c->read < c->inbox.n)
        fail_msg("%s got %s", name, c->inbox.v[c->read]);
}

void rig_expect_closed(struct hub_rig *r, const char *name, int status)
{
    uint32_t slot;
    struct rig_conn *c = find(r, name, &slot);
    if (!c->closed_by_hub)
        fail_msg("%s was not closed", name);
    assert_int_equal(c->status, status);
}

void rig_skip(struct hub_rig *r, const char *name)
{
    uint32_t slot;
    struct rig_conn *c = find(r, name, &slot);
    c->read = c->inbox.n;
}

size_t rig_unread(struct hub_rig *r, const char *name)
{
    uint32_t slot;
    struct rig_conn *c = find(r, name, &slot);
    return c->inbox.n - c->read;
}

/* ---- time and answers ---- */

void rig_wait(struct hub_rig *r, int64_t ms)
{
    int64_t until = r->now + ms;
    while (r->now < until) {
        int64_t next = hub_next_tick(r->hub, r->now);
        assert_true(next >= r->now && next <= r->now + 100);
        r->now = MIN(MAX(next, r->now + 1), until);
        handle(r, (struct hub_input){.kind = IN_TICK});
        settle(r);
    }
    rig_check(r);
}

void rig_run_jobs(struct hub_rig *r, size_t n)
{
    for (; n > 0 && r->jobs.n; n--)
        run_job(r);
    settle(r);
    rig_check(r);
}

struct store_job *rig_take_job(struct hub_rig *r, enum store_job_kind kind)
{
    for (size_t i = 0; i < r->jobs.n; i++) {
        if (r->jobs.v[i]->kind == kind) {
            struct store_job *j = r->jobs.v[i];
            vec_remove(&r->jobs, i);
            return j;
        }
    }
    fail_msg("no such job");
    return NULL;
}

void rig_give_job(struct hub_rig *r, struct store_job *j)
{
    rig_handle(r, (struct hub_input){.kind = IN_STORED, .job = j});
}

void rig_fail_job(struct hub_rig *r, enum store_job_kind kind)
{
    struct store_job *j = rig_take_job(r, kind);
    j->err = (struct err){ERR_STORE, "disk I/O error"};
    rig_give_job(r, j);
}

void rig_release(struct hub_rig *r)
{
    r->hold_store = r->hold_shell = r->hold_pauses = false;
    settle(r);
    rig_check(r);
}

void rig_posted(struct hub_rig *r, int status)
{
    struct hub_input in = {.kind = IN_POSTED, .tag = r->posts.v[0].tag, .status = status};
    if (!status)
        in.err = (struct err){ERR_UNREACHABLE, "nobody is there"};
    vec_remove(&r->posts, 0);
    rig_handle(r, in);
}

void rig_answer_shell(struct hub_rig *r)
{
    if (r->shell.n)
        answer_one(r);
    settle(r);
    rig_check(r);
}

void rig_readable(struct hub_rig *r, const char *name)
{
    uint32_t slot;
    find(r, name, &slot)->paused = false;
    rig_handle(r, (struct hub_input){.kind = IN_READABLE, .conn = slot});
}

void rig_missed(struct hub_rig *r, const char *name)
{
    uint32_t slot;
    find(r, name, &slot);
    rig_handle(r, (struct hub_input){.kind = IN_MISSED, .conn = slot});
}
