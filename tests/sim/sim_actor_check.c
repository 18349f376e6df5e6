/* What must hold of a client: always, and when all is quiet. */
#include "sim_board.h"
#include "sim_people.h"
#include "sim_read.h"
#include "sim_text.h"

#include "codec.h"

#include <stdlib.h>
#include <string.h>

void actor_check_now(struct actor *c)
{
    struct err e = {0};
    vec_each (r, &c->session.rooms) {
        if (c->is_alive && !replica_check(*r, &e))
            sim_fail(c->sim, "client %zu: replica_check: %s", c->index, e.text);
    }
    if (c->is_alive)
        read_check_now(c);
    actor_check_texts(c);
}

static struct replica *replay(struct actor *c, const struct room_log *log)
{
    struct replica *r = replica_new(str_of(log->room));
    memcpy(r->user, c->user, sizeof r->user);
    vec_each (json, &log->events) {
        struct arena a = {0};
        struct msg_list list;
        struct err e = {0};
        int64_t re;
        if (!codec_decode(str_of(*json), FROM_SERVER, &a, &list, &re, &e) ||
            !replica_apply(r, &list.v[0], (struct str){0}, 0, &e))
            sim_fail(c->sim, "the log of %s cannot be replayed: %s", log->room, e.text);
        arena_finish(&a);
    }
    return r;
}

static bool same_line(const struct line *a, const struct line *b)
{
    bool same = a->seq == b->seq && str_eq(a->text, b->text) && str_eq(a->author, b->author) &&
                a->task == b->task && a->reply == b->reply && str_eq(a->to, b->to) &&
                a->edited == b->edited && strcmp(a->deleted, b->deleted) == 0 &&
                a->reactions.n == b->reactions.n && !a->now;
    for (size_t i = 0; same && i < a->reactions.n; i++) {
        const struct reaction *x = &a->reactions.v[i], *y = &b->reactions.v[i];
        same = x->seq == y->seq && strcmp(x->emoji, y->emoji) == 0 &&
               strcmp(x->user, y->user) == 0;
    }
    return same;
}

static void check_pins(struct actor *c, const struct replica *mine, const struct replica *log)
{
    bool same = mine->pins.n == log->pins.n;
    for (size_t i = 0; same && i < mine->pins.n; i++) {
        const struct pin *a = &mine->pins.v[i], *b = &log->pins.v[i];
        same =
            a->message == b->message && a->time == b->time && strcmp(a->author, b->author) == 0;
    }
    if (!same)
        sim_fail(c->sim, "client %zu has other pins in %s", c->index, mine->name);
}

static void check_lines(struct actor *c, const struct replica *mine, const struct replica *log)
{
    size_t skip = 0;
    while (skip < log->lines.n && log->lines.v[skip]->seq < mine->floor)
        skip++;
    if (log->lines.n - skip != mine->lines.n)
        sim_fail(c->sim, "client %zu has %zu lines of %s from %lld on, the log %zu", c->index,
                 mine->lines.n, mine->name, (long long)mine->floor, log->lines.n - skip);
    for (size_t i = 0; i < mine->lines.n; i++) {
        const struct line *a = mine->lines.v[i], *b = log->lines.v[skip + i];
        if (!same_line(a, b))
            sim_fail(c->sim, "client %zu has another line %lld of %s", c->index,
                     (long long)b->seq, mine->name);
    }
}

static void check_people(struct actor *c, const struct replica *mine, const struct replica *log)
{
    for (int i = 0; i < SIM_USERS; i++) {
        const struct person *a = replica_person(mine, str_of(sim_users[i]));
        const struct person *b = replica_person(log, str_of(sim_users[i]));
        enum role have = a ? a->role : ROLE_NONE, want = b ? b->role : ROLE_NONE;
        if (have != want)
            sim_fail(c->sim, "client %zu takes %s for %s of %s, who is %s", c->index,
                     sim_users[i], role_name(have), mine->name, role_name(want));
        bool here = false;
        for (size_t k = 0; sim_client(c->sim, k); k++) {
            const struct actor *o = sim_client(c->sim, k);
            here |= o->is_alive && !o->is_errand && strcmp(o->user, sim_users[i]) == 0;
        }
        here = here && want != ROLE_NONE;
        if (i == SIM_USERS - 1)
            continue; /* may have closed the room behind its session's back */
        if ((a && a->online) != here)
            sim_fail(c->sim, "client %zu shows %s as %s in %s", c->index, sim_users[i],
                     here ? "gone" : "here", mine->name);
    }
}

static void check_notes(struct actor *c, const struct replica *mine, const struct replica *log)
{
    if (mine->notes.n != log->notes.n)
        sim_fail(c->sim, "client %zu has %zu notes in %s, the log %zu", c->index, mine->notes.n,
                 mine->name, log->notes.n);
    for (size_t i = 0; i < mine->notes.n; i++) {
        const struct note *a = &mine->notes.v[i], *b = &log->notes.v[i];
        if (a->number != b->number || !str_eq(a->name, b->name) || a->archived != b->archived ||
            a->version != b->version || a->time != b->time || !str_eq(a->author, b->author))
            sim_fail(c->sim, "client %zu has another note %lld of %s", c->index,
                     (long long)b->number, mine->name);
    }
}

static void check_counts(struct actor *c, const struct replica *mine, const struct replica *log)
{
    vec_each (col, &log->board.columns)
        vec_each (card, &col->cards) {
            struct card_counts a = replica_counts(mine, (*card)->number);
            struct card_counts b = replica_counts(log, (*card)->number);
            if (a.done != b.done || a.boxes != b.boxes || a.comments != b.comments)
                sim_fail(c->sim, "client %zu counts %lld comments on card %lld of %s, not %lld",
                         c->index, (long long)a.comments, (long long)(*card)->number,
                         mine->name, (long long)b.comments);
        }
}

static void check_seen(struct actor *c, int i, const struct room_log *log)
{
    vec_each (s, &c->seen[i]) {
        if (s->seq < 1 || (size_t)s->seq > log->events.n)
            sim_fail(c->sim, "client %zu saw event %lld of %s, which is not in the log",
                     c->index, (long long)s->seq, log->room);
        struct arena a = {0};
        struct msg_list list;
        int64_t re;
        bool ok =
            codec_decode(str_of(log->events.v[s->seq - 1]), FROM_SERVER, &a, &list, &re, NULL);
        bool is_removed = ok && list.v->type == MSG_MESSAGE_REMOVED; /* it was another once */
        if (!ok || (!is_removed && actor_hash(&list.v[0]) != s->hash))
            sim_fail(c->sim, "client %zu saw another event %lld of %s", c->index,
                     (long long)s->seq, log->room);
        arena_finish(&a);
    }
}

static void compare_people(struct actor *c, const struct replica *mine)
{
    for (size_t i = 0; i < c->index; i++) {
        struct actor *o = sim_client(c->sim, i);
        const struct replica *theirs = o->is_alive && !o->is_errand && !actor_is_vandal(o)
                                           ? session_room(&o->session, str_of(mine->name))
                                           : NULL;
        if (theirs && theirs->synced && theirs->role != ROLE_NONE) {
            people_compare(c, o, mine, theirs);
            locks_compare(c, o, mine, theirs);
        }
    }
}

static void check_room(struct actor *c, int i, const struct room_log *log)
{
    const struct replica *mine = session_room(&c->session, str_of(log->room));
    struct replica *truth = replay(c, log);
    const struct person *me = replica_person(truth, str_of(c->user));
    check_seen(c, i, log);
    if (me && me->role != ROLE_NONE) {
        if (!mine || !mine->synced)
            sim_fail(c->sim, "client %zu: %s is not synced", c->index, log->room);
        if (mine->seq != truth->seq)
            sim_fail(c->sim, "client %zu is at %lld of %s, the log at %lld", c->index,
                     (long long)mine->seq, log->room, (long long)truth->seq);
        if (!board_is_equal(&mine->board, &truth->board))
            sim_fail(c->sim, "client %zu has another board of %s", c->index, log->room);
        if (mine->role != me->role)
            sim_fail(c->sim, "client %zu has another role in %s", c->index, log->room);
        if (strcmp(mine->topic, truth->topic) != 0)
            sim_fail(c->sim, "client %zu takes '%s' for the topic of %s", c->index, mine->topic,
                     log->room);
        if (!retention_is(mine->keep, truth->keep) || mine->trimmed != truth->trimmed)
            sim_fail(c->sim, "client %zu takes it that %s keeps something else", c->index,
                     log->room);
        check_notes(c, mine, truth);
        check_counts(c, mine, truth);
        check_lines(c, mine, truth);
        check_pins(c, mine, truth);
        check_people(c, mine, truth);
        people_check(c, mine);
        read_check(c, mine);
        compare_people(c, mine);
    }
    replica_free(truth);
}

void actor_check(struct actor *c, const struct room_log *logs)
{
    if (c->is_errand || actor_is_vandal(c))
        return;
    actor_check_now(c);
    for (int i = 0; i < SIM_ROOMS; i++)
        check_room(c, i, &logs[i]);
}
