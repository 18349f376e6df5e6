/* What must be true once all is quiet. */
#include "sim.h"

#include "codec.h"
#include "sim_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct intents {
    VEC(struct intent) items;
};

struct intents *intents_new(void)
{
    return NEW(struct intents);
}

void intents_free(struct intents *t)
{
    vec_finish(&t->items);
    free(t);
}

size_t intents_count(const struct intents *t)
{
    return t->items.n;
}

struct intent *intent_find(struct intents *t, const char *user, struct str client, int64_t id)
{
    for (size_t i = t->items.n; i-- > 0;) {
        struct intent *item = &t->items.v[i];
        if (item->id == id && str_is(client, item->client) && strcmp(item->user, user) == 0)
            return item;
    }
    return NULL;
}

struct intent *intent_add(struct intents *t, const char *user, const char *client, int64_t id)
{
    struct intent item = {.id = id};
    snprintf(item.client, sizeof item.client, "%s", client);
    snprintf(item.user, sizeof item.user, "%s", user);
    vec_push(&t->items, item);
    return &t->items.v[t->items.n - 1];
}

/* ---- logs ---- */

struct reading {
    struct sim *sim;
    struct room_log *log;
};

/* Every event of ours was asked for, once. */
static void count_event(struct sim *s, const struct msg *m)
{
    char author[33];
    snprintf(author, sizeof author, "%.*s", STR_ARG(m->event.author));
    struct intent *t = intent_find(sim_intents(s), author, m->event.client, m->event.id);
    bool is_ours =
        str_starts(m->event.client, "sim") && strcmp(author, sim_users[SIM_USERS - 1]) != 0;
    if (!t && is_ours)
        sim_fail(s, "%.*s.%lld is in the log, but never was on a client's disk",
                 STR_ARG(m->event.client), (long long)m->event.id);
    if (!t)
        return; /* the server's own, or of the one who breaks the protocol */
    if (++t->logged > 1)
        sim_fail(s, "%s.%lld stands in the log twice", t->client, (long long)t->id);
    if (t->ok_seq && (t->ok_seq != m->event.seq || !str_is(m->event.room, t->room)))
        sim_fail(s, "%s.%lld was answered with %s %lld, but is %lld", t->client,
                 (long long)t->id, t->room, (long long)t->ok_seq, (long long)m->event.seq);
}

static void read_event(void *arg, struct str json)
{
    struct reading *r = arg;
    struct arena a = {0};
    struct msg_list list;
    int64_t re;
    struct err e = {0};
    if (!codec_decode(json, FROM_SERVER, &a, &list, &re, &e) || list.n != 1)
        sim_fail(r->sim, "the log of %s holds what is no event: %s", r->log->room, e.text);
    count_event(r->sim, &list.v[0]);
    vec_push(&r->log->events, str_dup(json));
    arena_finish(&a);
}

/* What was said to be begun is. */
static void check_begun(struct sim *s, const struct intent *i, const struct room_log *logs)
{
    for (int k = 0; k < SIM_ROOMS; k++)
        if (i->ok_seq && strcmp(i->room, logs[k].room) == 0 &&
            logs[k].events.n < (size_t)i->ok_seq)
            sim_fail(s, "%s.%lld was acknowledged as %lld of %s, which is not there", i->client,
                     (long long)i->id, (long long)i->ok_seq, i->room);
}

static void check_intents(struct sim *s, const struct room_log *logs)
{
    struct intents *t = sim_intents(s);
    vec_each (i, &t->items) {
        check_begun(s, i, logs);
        if (i->refused && i->logged && !i->twice)
            sim_fail(s, "%s.%lld was refused and stands in the log", i->client,
                     (long long)i->id);
        if (i->ok_seq && !i->logged && !i->no_event)
            sim_fail(s, "%s.%lld was acknowledged and is not in the log", i->client,
                     (long long)i->id);
        if (!i->aside && !i->no_event && !i->logged && !i->is_edit && !i->is_held)
            sim_fail(s, "%s.%lld was lost without a word", i->client, (long long)i->id);
    }
}

static void check_texts(struct sim *s, const struct room_log *logs)
{
    for (int i = 0; i < SIM_ROOMS; i++) {
        struct text_truth *t = truth_of(s, &logs[i]);
        for (size_t k = 0; sim_client(s, k); k++)
            actor_compare_texts(sim_client(s, k), t);
        truth_check(s, t);
        truth_free(t);
    }
    tokens_check(s);
}

void sim_check(struct sim *s)
{
    struct room_log logs[SIM_ROOMS] = {0};
    server_check_now(sim_server(s));
    server_check_tables(sim_server(s));
    for (int i = 0; i < SIM_ROOMS; i++) {
        struct reading r = {s, &logs[i]};
        logs[i].room = sim_rooms[i];
        server_log(sim_server(s), sim_rooms[i], read_event, &r);
    }
    check_intents(s, logs);
    for (size_t i = 0; sim_client(s, i); i++)
        actor_check(sim_client(s, i), logs);
    check_texts(s, logs);
    for (int i = 0; i < SIM_ROOMS; i++) {
        vec_each (json, &logs[i].events)
            free(*json);
        vec_finish(&logs[i].events);
    }
}
