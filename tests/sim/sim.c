/* Clock, chance and network of the simulator, and its loop. */
#include "sim_parts.h"
#include "sim_text.h"

#include <stdio.h>

#include <stdlib.h>
#include <string.h>

const char *const sim_rooms[SIM_ROOMS] = {"#lobby", "#team", "#pub", "@ana+ben",
                                          "@ben+cy+mallory"};
const char *const sim_users[SIM_USERS] = {"ana", "ben", "cy", "mallory"};

enum {
    QUIET_WITHIN_MS = 30 * 60 * 1000,
};

/* ---- wires ---- */

static int64_t soon(struct sim *s, const struct wire *w)
{
    return s->now + 1 + sim_below(s, w->delay);
}

static void forget_from(void *queue, size_t keep)
{
    VEC(struct parcel) *q = queue;
    while (q->n > keep)
        free(q->v[--q->n].bytes);
}

static void release_if_done(struct wire *w)
{
    if (w->client || w->server_knows || w->open_at != NEVER)
        return;
    forget_from(&w->up, 0);
    forget_from(&w->down, 0);
    vec_finish(&w->up);
    vec_finish(&w->down);
    *w = (struct wire){0};
}

int sim_connect(struct sim *s, struct actor *c)
{
    int i = 0;
    while (i < SIM_WIRES_MAX && s->wires[i].in_use)
        i++;
    if (i == SIM_WIRES_MAX)
        sim_fail(s, "all wires are in use");
    struct wire *w = &s->wires[i];
    *w = (struct wire){.in_use = true,
                       .client = c,
                       .delay = sim_chance(s, 20) ? 400 : 20,
                       .is_slow = !s->healed && sim_chance(s, 3),
                       .opened_at = NEVER,
                       .client_lost_at = NEVER,
                       .server_lost_at = NEVER};
    snprintf(w->user, sizeof w->user, "%s", actor_user(c));
    w->open_at = soon(s, w);
    return i;
}

static void push(struct sim *s, struct wire *w, void *queue, struct str bytes, bool is_down,
                 bool passing, bool pause)
{
    VEC(struct parcel) *q = queue;
    int64_t at = soon(s, w);
    if (is_down && w->is_slow)
        at += 300;
    if (q->n)
        at = MAX(at, q->v[q->n - 1].at + (is_down && w->is_slow ? 300 : 0));
    struct parcel p = {
        .at = at, .bytes = str_dup(bytes), .n = bytes.n, .pause = pause, .passing = passing};
    vec_push(q, p);
}

void sim_up(struct sim *s, int wire, struct str bytes)
{
    struct wire *w = &s->wires[wire];
    if (!w->is_dead)
        push(s, w, &w->up, bytes, false, false, false);
}

/* Whatever has not arrived may still do so, from the front on; the rest is lost. */
static void break_wire(struct sim *s, struct wire *w)
{
    if (w->is_dead)
        return;
    w->is_dead = true;
    forget_from(&w->up, (size_t)sim_below(s, (int64_t)w->up.n + 1));
    forget_from(&w->down, (size_t)sim_below(s, (int64_t)w->down.n + 1));
}

static int64_t behind(struct sim *s, const struct wire *w, const void *queue)
{
    const VEC(struct parcel) *q = queue;
    return MAX(soon(s, w), q->n ? q->v[q->n - 1].at : 0);
}

void sim_hang_up(struct sim *s, int wire)
{
    struct wire *w = &s->wires[wire];
    break_wire(s, w);
    w->client = NULL;
    w->client_lost_at = w->opened_at = NEVER;
    if (w->server_knows)
        w->server_lost_at = MIN(w->server_lost_at, behind(s, w, &w->up));
    else if (w->open_at != NEVER)
        w->open_at = sim_chance(s, 50) ? w->open_at : NEVER; /* may still come, and be dead */
    release_if_done(w);
}

/* The network drops it: each side hears of it soon, or has to find out. */
static void cut(struct sim *s, struct wire *w)
{
    if (w->is_dead || w->open_at != NEVER)
        return;
    sim_trace(s, "network: cuts wire %d of %s", (int)(w - s->wires), w->user);
    break_wire(s, w);
    bool silent = sim_chance(s, 20);
    if (w->client && !(silent && sim_chance(s, 50)))
        w->client_lost_at = behind(s, w, &w->down);
    if (!silent)
        w->server_lost_at = MIN(w->server_lost_at, behind(s, w, &w->up));
}

void sim_server_closes(struct sim *s, uint32_t slot)
{
    struct wire *w = &s->wires[slot];
    if (!w->in_use || !w->server_knows)
        return;
    if (!w->is_dead && w->client)
        w->client_lost_at = behind(s, w, &w->down); /* all that was sent arrives first */
    w->is_dead = true;
    forget_from(&w->up, (size_t)sim_below(s, (int64_t)w->up.n + 1));
    w->server_lost_at = MIN(w->server_lost_at, behind(s, w, &w->up));
}

void sim_down(struct sim *s, uint32_t slot, struct str bytes, bool passing, bool pause)
{
    struct wire *w = &s->wires[slot];
    if (!w->in_use || !w->server_knows || w->is_dead)
        return;
    w->missed |= passing && w->down.n > 20;
    if (passing && w->down.n > 20)
        return;
    push(s, w, &w->down, bytes, true, passing, pause);
    if (w->down.n > SLOW_QUEUE) {
        sim_trace(s, "network: wire %u of %s is too slow", slot, w->user);
        cut(s, w);
    }
}

/* ---- arrivals ---- */

static int64_t wire_next(const struct wire *w)
{
    int64_t at = MIN(w->open_at, w->opened_at);
    at = MIN(at, MIN(w->client_lost_at, w->server_lost_at));
    if (w->up.n)
        at = MIN(at, w->up.v[0].at);
    if (w->down.n)
        at = MIN(at, w->down.v[0].at);
    return at;
}

static void lose_client(struct wire *w, int i, enum err_code code)
{
    struct actor *c = w->client;
    struct err why = {0};
    fail(&why, code, "the network did it");
    w->client = NULL;
    w->client_lost_at = w->opened_at = NEVER;
    forget_from(&w->down, 0);
    if (c)
        actor_lost(c, i, &why);
}

static void open_wire(struct sim *s, struct wire *w, int i)
{
    w->open_at = NEVER;
    if (server_is_up(s->server) && server_open(s->server, (uint32_t)i, w->user)) {
        w->server_knows = true;
        w->opened_at = w->client && !w->is_dead ? soon(s, w) : NEVER;
        if (w->is_dead)
            w->server_lost_at = soon(s, w);
    } else {
        w->is_dead = true;
        lose_client(w, i, ERR_UNREACHABLE);
    }
}

static void arrive_up(struct sim *s, struct wire *w, int i)
{
    struct parcel p = w->up.v[0];
    vec_remove(&w->up, 0);
    if (w->server_knows)
        server_frame(s->server, (uint32_t)i, (struct str){p.bytes, p.n});
    free(p.bytes);
}

static void arrive_down(struct sim *s, struct wire *w, int i)
{
    struct parcel p = w->down.v[0];
    vec_remove(&w->down, 0);
    if (p.pause && w->server_knows)
        server_readable(s->server, (uint32_t)i);
    if (w->missed && w->down.n == 0 && w->server_knows) {
        w->missed = false;
        w->missed_at = s->now;
        server_missed(s->server, (uint32_t)i);
    }
    if (w->client)
        actor_frame(w->client, i, (struct str){p.bytes, p.n});
    free(p.bytes);
}

static void lose_server(struct sim *s, struct wire *w, int i)
{
    w->server_lost_at = NEVER;
    w->server_knows = false;
    forget_from(&w->up, 0);
    server_closed(s->server, (uint32_t)i);
}

/* One thing that is due. */
static void run_wire(struct sim *s, struct wire *w, int i)
{
    if (w->open_at <= s->now)
        open_wire(s, w, i);
    else if (w->opened_at <= s->now) {
        w->opened_at = NEVER;
        if (w->client)
            actor_opened(w->client, i);
    } else if (w->up.n && w->up.v[0].at <= s->now)
        arrive_up(s, w, i);
    else if (w->down.n && w->down.v[0].at <= s->now && w->opened_at == NEVER)
        arrive_down(s, w, i);
    else if (w->server_lost_at <= s->now)
        lose_server(s, w, i);
    else if (w->client_lost_at <= s->now)
        lose_client(w, i, ERR_UNREACHABLE);
    if (w->in_use)
        release_if_done(w);
}

/* ---- clients ---- */

static void add_actor(struct sim *s, const char *user)
{
    bug_on(s->n_actors == SIM_CLIENTS_MAX);
    s->actors[s->n_actors] = actor_new(s, s->n_actors, user, false);
    s->actor_at[s->n_actors] = s->now + sim_below(s, 3000);
    s->n_actors++;
}

void sim_spawn_errand(struct sim *s, const char *user, struct str client, struct buf *disk)
{
    if (s->n_actors == SIM_CLIENTS_MAX)
        sim_fail(s, "too many errands");
    struct actor *c = actor_new(s, s->n_actors, user, true);
    actor_inherit(c, client, disk);
    s->actor_at[s->n_actors] = s->now + sim_below(s, 3000);
    s->actors[s->n_actors++] = c;
}

static void run_actors(struct sim *s)
{
    for (size_t i = 0; i < s->n_actors; i++) {
        struct actor *c = s->actors[i];
        if (!actor_is_alive(c) && s->actor_at[i] == NEVER) /* it died by itself */
            s->actor_at[i] = s->now + sim_below(s, s->healed ? 100 : 5000);
        if (s->actor_at[i] <= s->now) {
            s->actor_at[i] = NEVER;
            actor_start(c);
        }
        if (actor_next(c) <= s->now)
            actor_run(c);
    }
}

/* ---- faults ---- */

static void crash_server(struct sim *s)
{
    server_crash(s->server);
    s->server_at = s->now + sim_below(s, 4000);
    for (int i = 0; i < SIM_WIRES_MAX; i++) {
        struct wire *w = &s->wires[i];
        if (!w->in_use || !w->server_knows)
            continue;
        break_wire(s, w);
        w->server_knows = false;
        w->server_lost_at = NEVER;
        forget_from(&w->up, 0);
        if (w->client)
            w->client_lost_at = sim_chance(s, 90) ? behind(s, w, &w->down) : NEVER;
        release_if_done(w);
    }
}

static void some_fault(struct sim *s)
{
    int64_t dice = sim_below(s, 100);
    struct wire *w = &s->wires[sim_below(s, 12)];
    if (dice < 60 && w->in_use)
        cut(s, w);
    else if (dice < 75)
        actor_crash(s->actors[sim_below(s, (int64_t)s->n_actors)]);
    else if (dice < 85 && server_is_up(s->server))
        crash_server(s);
    else if (dice < 95) {
        sim_trace(s, "server: its disk is full");
        server_break_disk(s->server, true);
        s->disk_at = s->now + sim_below(s, 3000);
    }
    s->fault_at = s->now + sim_below(s, 2500);
}

/* Nobody does anything for a while: texts and locks are let go. */
static void lull(struct sim *s)
{
    int64_t ms = 50000 + sim_below(s, 90000);
    sim_trace(s, "a lull of %lld s", (long long)ms / 1000);
    s->act_at += ms;
    s->end += ms;
    s->fault_at = s->fault_at == NEVER ? NEVER : s->fault_at + ms;
    s->lull_at = NEVER;
}

static void run_world(struct sim *s)
{
    if (s->lull_at <= s->now)
        lull(s);
    if (s->server_at <= s->now) {
        s->server_at = NEVER;
        server_start(s->server);
    }
    if (s->disk_at <= s->now) {
        s->disk_at = NEVER;
        sim_trace(s, "server: its disk has room again");
        server_break_disk(s->server, false);
    }
    if (s->fault_at <= s->now)
        some_fault(s);
    if (s->act_at <= s->now) {
        actor_act(s->actors[sim_below(s, (int64_t)s->n_actors)]);
        s->act_at = s->now + sim_below(s, 60);
    }
}

/* ---- the loop ---- */

static int64_t next_time(const struct sim *s)
{
    int64_t at = MIN(s->lull_at, MIN(s->server_at, s->disk_at));
    at = MIN(at, MIN(s->fault_at, s->act_at));
    at = MIN(at, server_next(s->server));
    for (int i = 0; i < SIM_WIRES_MAX; i++) {
        if (s->wires[i].in_use)
            at = MIN(at, wire_next(&s->wires[i]));
    }
    for (size_t i = 0; i < s->n_actors; i++) {
        at = MIN(at, s->actor_at[i]);
        at = MIN(at, actor_next(s->actors[i]));
        if (!actor_is_alive(s->actors[i]) && s->actor_at[i] == NEVER)
            at = s->now;
    }
    return MAX(at, s->now);
}

static void step(struct sim *s)
{
    s->now = next_time(s);
    run_world(s);
    for (int i = 0; i < SIM_WIRES_MAX; i++) {
        if (s->wires[i].in_use && wire_next(&s->wires[i]) <= s->now)
            run_wire(s, &s->wires[i], i);
    }
    run_actors(s);
    if (server_next(s->server) <= s->now)
        server_run(s->server);
    if (++s->steps % 512 == 0) {
        server_check_now(s->server);
        for (size_t i = 0; i < s->n_actors; i++)
            actor_check_now(s->actors[i]);
    }
}

static bool is_quiet(const struct sim *s)
{
    if (!server_is_quiet(s->server) || s->server_at != NEVER)
        return false;
    for (size_t i = 0; i < s->n_actors; i++) {
        if (!actor_is_quiet(s->actors[i]) && !actor_is_finished(s->actors[i]))
            return false;
    }
    for (int i = 0; i < SIM_WIRES_MAX; i++) {
        const struct wire *w = &s->wires[i];
        if (w->in_use && (w->up.n || w->down.n || w->open_at != NEVER || w->opened_at != NEVER))
            return false;
        if (w->in_use && w->server_knows && !w->client)
            return false; /* the server has not noticed yet */
        if (w->in_use && (w->missed || (w->missed_at && s->now - w->missed_at < 1200)))
            return false; /* and tells again within a second */
    }
    return true;
}

static void wait_until_quiet(struct sim *s)
{
    int64_t deadline = s->now + QUIET_WITHIN_MS;
    do { /* a moment more, for states that wait for their tick */
        int64_t until = s->now + 1000;
        while (s->now < until)
            step(s);
        if (s->now > deadline) {
            for (size_t i = 0; i < s->n_actors; i++)
                actor_describe(s->actors[i]);
            sim_fail(s, "it does not get quiet");
        }
    } while (!is_quiet(s));
}

static void heal(struct sim *s)
{
    sim_trace(s, "all is well from here on");
    s->healed = true;
    s->act_at = s->fault_at = s->disk_at = s->lull_at = NEVER;
    server_break_disk(s->server, false);
    for (int i = 0; i < SIM_WIRES_MAX; i++)
        s->wires[i].is_slow = false;
}

static void finish(struct sim *s)
{
    for (size_t i = 0; i < s->n_actors; i++)
        actor_free(s->actors[i]);
    for (int i = 0; i < SIM_WIRES_MAX; i++) {
        struct wire *w = &s->wires[i];
        forget_from(&w->up, 0);
        forget_from(&w->down, 0);
        vec_finish(&w->up);
        vec_finish(&w->down);
    }
    server_free(s->server);
    intents_free(s->intents);
    tokens_free(s->tokens);
}

size_t sim_run(uint64_t seed, bool show)
{
    struct sim *s = NEW(struct sim);
    *s = (struct sim){.seed = seed, .state = seed, .now = 1000000, .show = show};
    s->intents = intents_new();
    s->tokens = tokens_new();
    s->server = server_new(s);
    s->server_at = s->now;
    s->disk_at = NEVER;
    s->act_at = s->now + 500;
    s->fault_at = sim_chance(s, 10) ? NEVER : s->now + sim_below(s, 5000);
    int64_t n = 2 + sim_below(s, 3);
    for (int64_t i = 0; i < n; i++)
        add_actor(s, sim_users[sim_below(s, SIM_USERS - 1)]);
    if (sim_chance(s, 30))
        add_actor(s, sim_users[SIM_USERS - 1]);
    s->end = s->now + 5000 + sim_below(s, 15000);
    s->lull_at = sim_chance(s, 30) ? s->now + 3000 + sim_below(s, 5000) : NEVER;
    while (s->now < s->end)
        step(s);
    heal(s);
    wait_until_quiet(s);
    for (size_t i = 0; i < s->n_actors; i++)
        actor_open_all(s->actors[i]);
    wait_until_quiet(s);
    for (size_t i = 0; i < s->n_actors; i++)
        actor_open_texts(s->actors[i]);
    wait_until_quiet(s);
    sim_check(s);
    size_t requests = intents_count(s->intents);
    finish(s);
    free(s);
    return requests;
}
