/* Several people with the client's side of a text, at a hub whose store is slow and fails, over
 * links that are cut: at the end all have the same text, and nothing is unsaved or doubled. */
#include "codec.h"
#include "hub_rig.h"
#include "sync.h"
#include "utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { PEOPLE = 3, STEPS = 150, SEEDS = 60, TYPED_MAX = 512 };

static const char *const names[PEOPLE] = {"ana", "bo", "cleo"};

struct missed {
    int64_t from, to, flight;
    struct op op;
};

struct person {
    const char *name;
    bool linked, asking; /* asking: note.open is not answered yet */
    struct rope *screen;
    struct sync sync;
    int64_t next_id, flight_id, question;
    VEC(struct missed) missed; /* of the answer */
    VEC(char *) later;         /* edits that came before the answer was whole */
    size_t typed;
    bool deleted[TYPED_MAX]; /* by anybody, of what this one typed */
};

struct team {
    struct hub_rig rig;
    struct person people[PEOPLE];
    uint64_t seed;
    struct arena arena;
};

static size_t below(struct team *t, size_t n)
{
    t->seed = t->seed * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(t->seed >> 33) % n;
}

/* Each code point that anybody types is another one. */
static uint32_t letter(size_t person, size_t i)
{
    return (uint32_t)(0x4e00 + 0x1000 * person + i);
}

static void note_deleted(struct team *t, const struct person *p, size_t at, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t c = rope_at(p->screen, at + i) - 0x4e00;
        t->people[c / 0x1000].deleted[c % 0x1000] = true;
    }
}

/* ---- what a client does ---- */

static void apply(struct person *p, const struct op *o)
{
    struct err e = {0};
    if (!op_check(o, rope_chars(p->screen), &e))
        fail_msg("%s: %s", p->name, e.text);
    op_apply(o, p->screen);
}

static void type(struct team *t, struct person *p)
{
    struct op o = {0};
    size_t chars = rope_chars(p->screen), at = below(t, chars + 1);
    op_skip(&o, at);
    if (below(t, 3) || chars == at) {
        char c[4];
        size_t n = utf8_put(c, letter((size_t)(p - t->people), p->typed++));
        assert_true(p->typed < TYPED_MAX);
        op_insert(&o, (struct str){c, n});
    } else {
        size_t n = 1 + below(t, MIN(chars - at, 5u));
        note_deleted(t, p, at, n);
        op_delete(&o, n);
    }
    apply(p, &o);
    sync_local(&p->sync, &o);
    op_finish(&o);
}

static void ask(struct team *t, struct person *p)
{
    vec_each (m, &p->missed)
        op_finish(&m->op);
    p->missed.n = 0;
    p->asking = true;
    p->question = p->next_id++;
    rig_send(&t->rig, p->name,
             "{'type':'note.open','id':%lld,'room':'#lobby','note':1,'since':%lld,"
             "'flight':%lld}",
             (long long)p->question, (long long)p->sync.version,
             (long long)(p->sync.is_in_flight ? p->flight_id : 0));
}

static void send_edit(struct team *t, struct person *p)
{
    struct buf json = {0};
    const struct op *o =
        p->linked && !p->asking ? sync_send(&p->sync, 64 + below(t, 200)) : NULL;
    if (!o)
        return;
    op_print(o, &json);
    p->flight_id = p->next_id++;
    rig_send(&t->rig, p->name,
             "{'type':'note.edit','id':%lld,'room':'#lobby','note':1,'base':%lld,'op':%s}",
             (long long)p->flight_id, (long long)p->sync.version, buf_cstr(&json));
    buf_finish(&json);
}

static void take_remote(struct person *p, const struct op *o, int64_t to)
{
    struct op out = {0};
    sync_remote(&p->sync, o, to, &out);
    apply(p, &out);
    op_finish(&out);
}

static void take_edited(struct team *t, struct person *p, const struct msg_note_edited *m)
{
    struct op o = {0};
    bool is_own =
        p->sync.is_in_flight && m->head.id == p->flight_id && str_is(m->head.author, p->name);
    if (m->version <= p->sync.version)
        return;
    if (m->version > p->sync.version + 1) {
        ask(t, p);
        return;
    }
    assert_true(op_parse(&o, m->op, OP_OUT_MAX, NULL));
    if (is_own)
        sync_own(&p->sync);
    else
        take_remote(p, &o, m->version);
    op_finish(&o);
}

/* All that was missed is here. */
static void merge(struct person *p)
{
    bool was_committed = false;
    struct op run = {0}, longer = {0};
    vec_each (m, &p->missed)
        was_committed |= m->flight > 0;
    if (!was_committed && p->sync.is_in_flight)
        sync_unsend(&p->sync);
    vec_each (m, &p->missed) {
        assert_int_equal(m->from, p->sync.version);
        op_compose(&run, &m->op, &longer);
        op_swap(&run, &longer);
        if (m->to == m->from)
            continue;
        if (m->flight) {
            assert_int_equal(m->flight, p->flight_id);
            sync_own(&p->sync);
        } else {
            take_remote(p, &run, m->to);
        }
        op_clear(&run);
    }
    op_finish(&run);
    op_finish(&longer);
}

static void decode(struct team *t, const char *json, struct msg *out)
{
    struct msg_list list;
    struct err e = {0};
    int64_t re;
    if (!codec_decode(str_of(json), FROM_SERVER, &t->arena, &list, &re, &e))
        fail_msg("%s: %s", e.text, json);
    assert_int_equal(list.n, 1);
    *out = list.v[0];
}

static void whole(struct team *t, struct person *p)
{
    p->asking = false;
    for (size_t i = 0; i < p->later.n; i++) {
        struct msg m;
        decode(t, p->later.v[i], &m);
        if (!p->asking)
            take_edited(t, p, &m.note_edited);
        free(p->later.v[i]);
    }
    p->later.n = 0;
}

static void take_changes(struct team *t, struct person *p, const struct msg_note_changes *m)
{
    struct missed missed = {m->from, m->to, m->flight, {0}};
    if (m->head.re != p->question)
        return;
    assert_true(op_parse(&missed.op, m->op, OP_OUT_MAX, NULL));
    vec_push(&p->missed, missed);
    if (m->more)
        return;
    merge(p);
    whole(t, p);
}

static void take(struct team *t, struct person *p, const char *json)
{
    struct msg m;
    decode(t, json, &m);
    if (m.type == MSG_NOTE_EDITED && p->asking)
        vec_push(&p->later, str_dup(str_of(json)));
    else if (m.type == MSG_NOTE_EDITED)
        take_edited(t, p, &m.note_edited);
    else if (m.type == MSG_NOTE_CHANGES)
        take_changes(t, p, &m.note_changes);
    else if (m.type == MSG_NOTE_TEXT)
        fail_msg("%s is at version %lld, and got %s", p->name, (long long)p->sync.version,
                 json);
    else if (m.type == MSG_ERROR)
        ask(t, p); /* whether it is the flight or the question */
}

static void read_all(struct team *t, struct person *p)
{
    for (size_t i = 0; i < RIG_CONNS; i++) {
        struct rig_conn *c = &t->rig.conns[i];
        while (c->open && strcmp(c->name, p->name) == 0 && c->read < c->inbox.n)
            take(t, p, c->inbox.v[c->read++]);
    }
}

static void link_up(struct team *t, struct person *p)
{
    if (p->linked)
        return;
    rig_connect(&t->rig, p->name);
    rig_send(&t->rig, p->name,
             "{'type':'hello','version':1,'client':'client%s',"
             "'rooms':[{'room':'#lobby','since':-1}]}",
             p->name);
    p->linked = true;
    ask(t, p);
}

static void forget_link(struct person *p)
{
    p->linked = p->asking = false;
    vec_each (json, &p->later)
        free(*json);
    p->later.n = 0;
}

static void link_down(struct team *t, struct person *p)
{
    if (!p->linked)
        return;
    rig_cut(&t->rig, p->name);
    forget_link(p);
}

/* ---- what happens ---- */

static void restart(struct team *t)
{
    t->rig.hold_store = false;
    rig_restart(&t->rig);
    for (size_t i = 0; i < PEOPLE; i++)
        forget_link(&t->people[i]);
}

static void step(struct team *t)
{
    struct person *p = &t->people[below(t, PEOPLE)];
    size_t what = below(t, 40);
    if (what < 16)
        type(t, p);
    else if (what < 24)
        send_edit(t, p);
    else if (what < 28)
        read_all(t, p);
    else if (what < 32)
        rig_run_jobs(&t->rig, 1 + below(t, 3));
    else if (what < 33)
        link_down(t, p);
    else if (what < 36)
        link_up(t, p);
    else if (what < 37)
        store_mem_break(t->rig.store, below(t, 2) ? ERR_STORE : ERR_NONE);
    else if (what < 38)
        t->rig.hold_store = below(t, 2);
    else if (what < 39)
        rig_wait(&t->rig, (int64_t)below(t, 2000));
    else if (below(t, 4) == 0)
        restart(t);
    arena_clear(&t->arena);
}

static bool is_at_rest(const struct team *t)
{
    for (size_t i = 0; i < PEOPLE; i++) {
        const struct person *p = &t->people[i];
        if (!sync_is_clean(&p->sync) || p->asking)
            return false;
    }
    return true;
}

/* One more round than it takes: what was sent last has to be read by all. */
static void come_to_rest(struct team *t)
{
    store_mem_break(t->rig.store, ERR_NONE);
    for (int round = 0, more = 1; more >= 0; round++) {
        assert_true(round < 2000);
        more -= is_at_rest(t);
        for (size_t i = 0; i < PEOPLE; i++) {
            link_up(t, &t->people[i]);
            rig_release(&t->rig);
            read_all(t, &t->people[i]);
            send_edit(t, &t->people[i]);
        }
        rig_wait(&t->rig, 100);
        arena_clear(&t->arena);
    }
}

static size_t times_in(const struct rope *r, uint32_t c)
{
    size_t n = 0;
    for (size_t i = 0; i < rope_chars(r); i++)
        n += rope_at(r, i) == c;
    return n;
}

/* All have the same text, in which everything stands once that nobody deleted. */
static void check(const struct team *t, unsigned long long seed)
{
    const struct rope *text = t->people[0].screen;
    for (size_t i = 0; i < PEOPLE; i++) {
        const struct person *p = &t->people[i];
        if (!rope_eq(p->screen, text))
            fail_msg("seed %llu: %s and %s differ", seed, p->name, t->people[0].name);
        for (size_t k = 0; k < p->typed; k++) {
            size_t n = times_in(text, letter(i, k));
            if (n > 1 || (n == 0 && !p->deleted[k]))
                fail_msg("seed %llu: what %s typed as %zu stands there %zu times", seed,
                         p->name, k, n);
        }
    }
}

static void begin(struct team *t)
{
    rig_start(&t->rig);
    rig_join(&t->rig, "root");
    rig_send(&t->rig, "root", "{'type':'note.create','id':1,'room':'#lobby','name':'Plan'}");
    rig_cut(&t->rig, "root");
    for (size_t i = 0; i < PEOPLE; i++) {
        t->people[i] = (struct person){.name = names[i], .next_id = 1, .screen = rope_new()};
        link_up(t, &t->people[i]);
    }
}

static void end(struct team *t)
{
    for (size_t i = 0; i < PEOPLE; i++) {
        struct person *p = &t->people[i];
        rope_free(p->screen);
        sync_finish(&p->sync);
        vec_each (m, &p->missed)
            op_finish(&m->op);
        vec_finish(&p->missed);
        vec_finish(&p->later);
    }
    rig_finish(&t->rig);
    arena_finish(&t->arena);
}

static void everybody_ends_with_the_same_text(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct team *t = NEW(struct team);
        t->seed = seed;
        begin(t);
        for (int i = 0; i < STEPS; i++)
            step(t);
        come_to_rest(t);
        check(t, (unsigned long long)seed);
        end(t);
        free(t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_ends_with_the_same_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
