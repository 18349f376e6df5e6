/* The hub's shell: slots are wires, the store is in memory, its threads are delays. */
#include "sim_keep.h"

#include "hub.h"
#include "store_check.h"

#include <stdlib.h>
#include <string.h>

/* A job on its way to the store, or back. */
struct job {
    struct store_job *job;
    int64_t due;
    bool done;
};

struct minted {
    uint64_t tag;
    char token[64];
    bool check, figures;
};

struct server {
    struct sim *sim;
    struct store *store;
    struct hub *hub; /* NULL: down */
    struct outbox out;
    bool stirred;
    VEC(struct job) writes, reads; /* oldest first */
    VEC(struct minted) minted;
    bool known[SIM_WIRES_MAX]; /* slots that the hub knows */
    int64_t starts;
};

struct server *server_new(struct sim *s)
{
    struct server *v = NEW(struct server);
    v->sim = s;
    v->store = store_mem_new();
    return v;
}

static void drop_jobs(struct server *v)
{
    vec_each (j, &v->writes)
        store_job_free(j->job);
    vec_each (j, &v->reads)
        store_job_free(j->job);
    v->writes.n = v->reads.n = v->minted.n = 0;
}

void server_free(struct server *v)
{
    drop_jobs(v);
    outbox_finish(&v->out);
    hub_free(v->hub);
    v->store->close(v->store);
    vec_finish(&v->writes);
    vec_finish(&v->reads);
    vec_finish(&v->minted);
    free(v);
}

bool server_is_up(const struct server *v)
{
    return v->hub != NULL;
}

void server_break_disk(struct server *v, bool broken)
{
    store_mem_break(v->store, broken ? ERR_STORE_FULL : ERR_NONE);
}

/* ---- what the hub wants ---- */

static void submit(struct server *v, struct store_job *job)
{
    struct job j = {.job = job, .due = sim_now(v->sim) + sim_below(v->sim, 20)};
    if (!store_is_write(job->kind)) {
        vec_push(&v->reads, j);
        return;
    }
    if (v->writes.n)
        j.due = MAX(j.due, v->writes.v[v->writes.n - 1].due);
    vec_push(&v->writes, j);
}

/* A frame may hold several messages. */
static void send(struct server *v, uint32_t slot, const struct frame *f, bool passing,
                 bool pause)
{
    struct str framed = {f->bytes, f->n};
    for (uint32_t i = 0; i < f->messages; i++) {
        struct str payload = frame_next(&framed);
        sim_down(v->sim, slot, payload, passing, pause && i + 1 == f->messages);
    }
}

static void remember_mint(struct server *v, const struct output *o, bool check)
{
    struct minted m = {.tag = o->tag, .check = check};
    struct str text = check ? o->token : o->user;
    memcpy(m.token, text.p, MIN(text.n, sizeof m.token - 1));
    vec_push(&v->minted, m);
}

static void carry_out(struct server *v)
{
    vec_each (o, &v->out.items) {
        if (o->kind == OUT_SEND)
            send(v, o->conn, o->frame, o->passing, o->pause);
        else if (o->kind == OUT_FAN)
            for (size_t i = 0; i < o->n_conns; i++)
                send(v, o->conns[i], o->frame, o->passing, false);
        else if (o->kind == OUT_CLOSE)
            sim_server_closes(v->sim, o->conn);
        else if (o->kind == OUT_STORE)
            submit(v, o->job);
        else if (o->kind == OUT_MINT || o->kind == OUT_CHECK)
            remember_mint(v, o, o->kind == OUT_CHECK);
        else if (o->kind == OUT_FIGURES)
            vec_push(&v->minted, (struct minted){.tag = o->tag, .figures = true});
        else if (o->kind == OUT_LOG)
            sim_trace(v->sim, "server: %.*s %.*s", STR_ARG(o->id), STR_ARG(o->text));
    }
    outbox_clear(&v->out);
}

static void end_turn(struct server *v)
{
    if (!v->hub || !v->stirred)
        return;
    v->stirred = false;
    hub_turn_end(v->hub, sim_now(v->sim), &v->out);
    carry_out(v);
}

static void handle(struct server *v, struct hub_input in)
{
    if (!v->hub)
        return;
    in.now = sim_now(v->sim);
    hub_handle(v->hub, &in, &v->out);
    v->stirred = true;
    if (sim_chance(v->sim, 50))
        end_turn(v);
}

/* ---- up and down ---- */

void server_start(struct server *v)
{
    bug_on(v->hub);
    memset(v->known, 0, sizeof v->known);
    if (sim_chance(v->sim, 90))
        sim_keep(v->sim, v->store);
    v->hub = hub_new(&(struct hub_config){.server = STR("mootd sim"),
                                          .lobby = str_of(sim_rooms[0]),
                                          .retention_ms = 200 + sim_below(v->sim, 2000),
                                          .session_base = (uint64_t)++v->starts * 100000});
    hub_start(v->hub, sim_now(v->sim), &v->out);
    v->stirred = true;
    end_turn(v);
    sim_trace(v->sim, "server: up");
}

static void run_writes(struct server *v, size_t n)
{
    struct store_job *jobs[256];
    size_t run = 0;
    for (size_t i = 0; i < v->writes.n && run < MIN(n, COUNT_OF(jobs)); i++) {
        if (v->writes.v[i].done)
            continue;
        v->writes.v[i].done = true;
        v->writes.v[i].due = sim_now(v->sim) + sim_below(v->sim, 10);
        jobs[run++] = v->writes.v[i].job;
    }
    if (run)
        v->store->write(v->store, jobs, run);
}

void server_crash(struct server *v)
{
    if (!v->hub)
        return;
    size_t done = (size_t)sim_below(v->sim, (int64_t)v->writes.n + 1);
    sim_trace(v->sim, "server: crash, %zu of %zu writes done", done, v->writes.n);
    run_writes(v, done);
    drop_jobs(v);
    outbox_clear(&v->out);
    hub_free(v->hub);
    v->hub = NULL;
}

/* ---- connections ---- */

bool server_open(struct server *v, uint32_t slot, const char *user)
{
    struct identity who = {.user = str_of(user)};
    if (!v->hub || !hub_admits(v->hub, &who, NULL))
        return false;
    v->known[slot] = true;
    handle(v, (struct hub_input){.kind = IN_OPENED, .conn = slot, .identity = who});
    return true;
}

void server_closed(struct server *v, uint32_t slot)
{
    if (v->known[slot])
        handle(v, (struct hub_input){.kind = IN_CLOSED, .conn = slot});
    v->known[slot] = false;
}

void server_frame(struct server *v, uint32_t slot, struct str bytes)
{
    if (v->known[slot])
        handle(v, (struct hub_input){.kind = IN_FRAME, .conn = slot, .bytes = bytes});
}

void server_readable(struct server *v, uint32_t slot)
{
    if (v->known[slot])
        handle(v, (struct hub_input){.kind = IN_READABLE, .conn = slot});
}

void server_missed(struct server *v, uint32_t slot)
{
    if (v->known[slot])
        handle(v, (struct hub_input){.kind = IN_MISSED, .conn = slot});
}

/* ---- time ---- */

int64_t server_next(const struct server *v)
{
    if (!v->hub)
        return INT64_MAX;
    if (v->stirred || v->minted.n)
        return sim_now(v->sim);
    int64_t at = MIN(hub_next_tick(v->hub, sim_now(v->sim)), sim_now(v->sim) + 100);
    vec_each (j, &v->reads)
        at = MIN(at, j->due);
    if (v->writes.n)
        at = MIN(at, v->writes.v[0].due);
    return at;
}

static void run_reads(struct server *v)
{
    for (size_t i = 0; i < v->reads.n;) {
        struct job j = v->reads.v[i];
        if (j.due > sim_now(v->sim)) {
            i++;
            continue;
        }
        if (!j.done) { /* read now, told later: what is committed meanwhile is not in it */
            v->store->read(v->store, j.job);
            v->reads.v[i].done = true;
            v->reads.v[i].due += sim_below(v->sim, 10);
            i++;
            continue;
        }
        vec_remove(&v->reads, i);
        handle(v, (struct hub_input){.kind = IN_STORED, .job = j.job});
    }
}

static void tell_writes(struct server *v)
{
    while (v->writes.n && v->writes.v[0].due <= sim_now(v->sim)) {
        struct job j = v->writes.v[0];
        if (!j.done) {
            run_writes(v, 1 + (size_t)sim_below(v->sim, (int64_t)v->writes.n));
            continue;
        }
        vec_remove(&v->writes, 0);
        handle(v, (struct hub_input){.kind = IN_STORED, .job = j.job});
    }
}

static void tell_minted(struct server *v)
{
    while (v->minted.n) {
        struct minted m = v->minted.v[0];
        vec_remove(&v->minted, 0);
        struct hub_input in = {.kind = m.check     ? IN_CHECKED
                                       : m.figures ? IN_FIGURES
                                                   : IN_MINTED,
                               .tag = m.tag};
        in.token = in.token_id = STR("token");
        in.expires = sim_now(v->sim) + 1000000;
        in.identity.user = str_of(m.token);
        in.identity.token_id = in.token_id;
        in.identity.expires = in.expires;
        if (m.check)
            fail(&in.err, ERR_NOT_SIGNED_IN, "no token here");
        handle(v, in);
    }
}

void server_run(struct server *v)
{
    if (!v->hub)
        return;
    tell_minted(v);
    run_reads(v);
    tell_writes(v);
    handle(v, (struct hub_input){.kind = IN_TICK});
    end_turn(v);
}

bool server_is_quiet(const struct server *v)
{
    return v->hub && v->writes.n == 0 && v->reads.n == 0 && v->minted.n == 0;
}

void server_check_now(struct server *v)
{
    struct err e = {0};
    if (v->hub && !hub_check(v->hub, &e))
        sim_fail(v->sim, "hub_check: %s", e.text);
}

void server_check_tables(struct server *v)
{
    struct buf report = {0};
    struct err e = {0};
    if (!store_check_logs(v->store, &report, &e))
        sim_fail(v->sim, "the tables are not what the log makes of them: %s",
                 buf_cstr(&report));
    buf_finish(&report);
}

void server_log(struct server *v, const char *room, void (*each)(void *arg, struct str json),
                void *arg)
{
    int64_t from = 0;
    for (bool more = true; more;) {
        struct store_job *j = store_job_new(JOB_EVENTS);
        j->room = str_keep(&j->arena, str_of(room));
        j->from = from;
        j->limit = 500;
        j->bytes_limit = 1024 * 1024;
        v->store->read(v->store, j);
        for (size_t i = 0; i < j->events.n; i++) {
            if (j->events.v[i].seq != from + 1)
                sim_fail(v->sim, "the log of %s has no event %lld", room, (long long)from + 1);
            from = j->events.v[i].seq;
            each(arg, j->events.v[i].json);
        }
        more = j->more && j->events.n;
        store_job_free(j);
    }
}

struct marker server_marker(struct server *v, const char *user, const char *room)
{
    struct marker read = {.turn = -1};
    struct store_job *j = store_job_new(JOB_ROOM);
    j->room = str_of(room);
    v->store->read(v->store, j);
    for (size_t i = 0; j->err.code == ERR_NONE && i < j->rooms.v[0].members.n; i++)
        if (str_is(j->rooms.v[0].members.v[i].user, user))
            read = j->rooms.v[0].members.v[i].read;
    store_job_free(j);
    return read;
}

void server_unread(struct server *v, const char *user, const char *room, struct marker read,
                   int64_t *unread, int64_t *mentions)
{
    struct store_unread u = {.room = str_of(room), .read = read};
    struct store_job *j = store_job_new(JOB_UNREAD);
    j->author = str_of(user);
    j->unread.v = &u;
    j->unread.n = 1;
    v->store->read(v->store, j);
    *unread = u.unread;
    *mentions = u.mentions;
    store_job_free(j);
}
