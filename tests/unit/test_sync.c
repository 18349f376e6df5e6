#include "chance.h"
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

enum { WIRE = OP_MAX };

static void parse_op(struct op *o, const char *json)
{
    struct err e = {0};
    if (!op_parse(o, str_of(json), OP_MAX, &e))
        fail_msg("%s: %s", json, e.text);
}

static void assert_op(const struct op *o, const char *json)
{
    struct buf out = {0};
    op_print(o, &out);
    assert_string_equal(buf_cstr(&out), json);
    buf_finish(&out);
}

static void local(struct sync *s, const char *json)
{
    struct op o = {0};
    parse_op(&o, json);
    sync_local(s, &o);
    op_finish(&o);
}

static void remote(struct sync *s, const char *json, const char *on_screen)
{
    struct op o = {0}, out = {0};
    parse_op(&o, json);
    sync_remote(s, &o, s->version + 1, &out);
    assert_op(&out, on_screen);
    op_finish(&o);
    op_finish(&out);
}

static void one_is_in_flight_and_the_rest_waits_behind_it(void **state)
{
    (void)state;
    struct sync s = {0};
    assert_true(sync_is_clean(&s));
    assert_null(sync_send(&s, WIRE));
    local(&s, "[\"a\"]");
    assert_false(sync_is_clean(&s));
    assert_op(sync_send(&s, WIRE), "[\"a\"]");
    assert_false(sync_is_clean(&s));
    local(&s, "[1,\"b\"]");
    local(&s, "[2,\"c\"]");
    assert_null(sync_send(&s, WIRE));
    sync_own(&s);
    assert_int_equal(s.version, 1);
    assert_op(sync_send(&s, WIRE), "[1,\"bc\"]");
    sync_own(&s);
    assert_true(sync_is_clean(&s));
    assert_int_equal(s.version, 2);
    sync_finish(&s);
}

static void others_edits_pass_what_is_in_flight_and_what_waits(void **state)
{
    (void)state;
    struct sync s = {.version = 7};
    local(&s, "[2,\"F\"]");
    assert_non_null(sync_send(&s, WIRE));
    local(&s, "[5,\"P\"]");
    remote(&s, "[1,\"xx\",2,{\"d\":1}]", "[1,\"xx\",3,{\"d\":1}]");
    assert_op(&s.flight, "[4,\"F\"]");
    assert_op(&s.pending, "[6,\"P\"]");
    remote(&s, "[4,\"y\"]", "[5,\"y\"]"); /* the same place: ours is later, and left of it */
    assert_op(&s.flight, "[4,\"F\"]");
    assert_op(&s.pending, "[7,\"P\"]");
    assert_int_equal(s.version, 9);
    sync_finish(&s);
}

static void an_edit_that_became_empty_is_still_awaited(void **state)
{
    (void)state;
    struct sync s = {0};
    local(&s, "[{\"d\":2}]");
    assert_non_null(sync_send(&s, WIRE));
    remote(&s, "[{\"d\":3}]", "[{\"d\":1}]");
    assert_true(op_is_empty(&s.flight));
    assert_false(sync_is_clean(&s));
    assert_null(sync_send(&s, WIRE));
    sync_own(&s);
    assert_true(sync_is_clean(&s));
    sync_finish(&s);
}

static void what_was_not_committed_is_sent_again_with_the_rest(void **state)
{
    (void)state;
    struct sync s = {.version = 3};
    local(&s, "[\"a\"]");
    assert_non_null(sync_send(&s, WIRE));
    local(&s, "[1,\"b\"]");
    sync_unsend(&s);
    assert_false(s.is_in_flight);
    struct op run = {0}, out = {0};
    parse_op(&run, "[\"many\"]");
    sync_remote(&s, &run, 50, &out);
    assert_op(&out, "[2,\"many\"]");
    assert_op(sync_send(&s, WIRE), "[\"ab\"]");
    assert_int_equal(s.version, 50);
    op_finish(&run);
    op_finish(&out);
    sync_finish(&s);
}

static void a_long_edit_is_sent_in_pieces(void **state)
{
    (void)state;
    struct sync s = {0};
    struct rope *sent = rope_new(), *meant = rope_new();
    struct op o = {0};
    for (int i = 0; i < 5000; i++)
        op_insert(&o, STR("\xc3\xa4\"\n"));
    sync_local(&s, &o);
    op_apply(&o, meant);
    size_t pieces = 0;
    for (const struct op *piece; (piece = sync_send(&s, 4096)) != NULL; pieces++) {
        struct buf wire = {0};
        op_print(piece, &wire);
        assert_true(wire.n <= 4096);
        op_apply(piece, sent);
        buf_finish(&wire);
        sync_own(&s);
    }
    assert_true(pieces > 5);
    assert_true(rope_eq(sent, meant));
    op_finish(&o);
    rope_free(sent);
    rope_free(meant);
    sync_finish(&s);
}

static void carets_of_others_stand_where_they_are_on_screen(void **state)
{
    (void)state;
    struct sync s = {0};
    local(&s, "[2,\"abc\"]");
    assert_non_null(sync_send(&s, WIRE));
    local(&s, "[{\"d\":1}]");
    assert_int_equal(sync_to_screen(&s, 0, OP_LEFT), 0);
    assert_int_equal(sync_to_screen(&s, 2, OP_LEFT), 1);
    assert_int_equal(sync_to_screen(&s, 2, OP_RIGHT), 4);
    assert_int_equal(sync_to_screen(&s, 3, OP_LEFT), 5);
    sync_reset(&s, 9);
    assert_true(sync_is_clean(&s));
    assert_int_equal(sync_to_screen(&s, 3, OP_LEFT), 3);
    sync_finish(&s);
}

static size_t memory(const struct sync *s)
{
    const struct op *ops[] = {&s->flight, &s->pending, s->scratch, s->scratch + 1,
                              s->scratch + 2};
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(ops); i++)
        n += ops[i]->cap + ops[i]->text.cap;
    return n;
}

/* After a first while the memory it has is enough. */
static void typing_takes_no_memory(void **state)
{
    (void)state;
    struct sync s = {0};
    struct op o = {0}, in = {0}, out = {0};
    parse_op(&o, "[5,\"x\"]");
    parse_op(&in, "[9,\"y\",{\"d\":1}]");
    size_t at_first = 0;
    for (int i = 0; i < 1000; i++) {
        for (int k = 0; k < 4; k++)
            sync_local(&s, &o);
        sync_send(&s, WIRE);
        sync_remote(&s, &in, s.version + 1, &out);
        sync_own(&s);
        if (i == 10)
            at_first = memory(&s);
    }
    assert_int_equal(memory(&s), at_first);
    op_finish(&o);
    op_finish(&in);
    op_finish(&out);
    sync_finish(&s);
}

/* ---- words ---- */

enum { WRITERS = 4, LETTERS = 6, PLACES = 3 };

struct writer {
    struct sync sync;
    struct rope *screen;
    size_t caret, typed;
    VEC(size_t) inbox; /* numbers of operations that are on their way to them */
};

struct meeting {
    struct chance chance;
    struct writer writers[WRITERS];
    struct op log[WRITERS * LETTERS];
    size_t author[WRITERS * LETTERS];
    size_t committed;
};

static void type_letter(struct writer *w, size_t who)
{
    struct op o = {0};
    char letter = (char)('a' + who);
    op_skip(&o, w->caret++);
    op_insert(&o, (struct str){&letter, 1});
    op_apply(&o, w->screen);
    sync_local(&w->sync, &o);
    w->typed++;
    op_finish(&o);
}

/* Sent and committed at once; the news take their time. */
static void commit(struct meeting *m, size_t who)
{
    struct writer *w = &m->writers[who];
    const struct op *sent = sync_send(&w->sync, WIRE);
    if (!sent)
        return;
    struct op *o = &m->log[m->committed], moved = {0};
    op_copy(o, sent);
    for (size_t v = (size_t)w->sync.version; v < m->committed; v++) {
        op_transform(o, &m->log[v], OP_LEFT, &moved);
        op_swap(o, &moved);
    }
    op_finish(&moved);
    m->author[m->committed] = who;
    for (size_t i = 0; i < WRITERS; i++)
        vec_push(&m->writers[i].inbox, m->committed);
    m->committed++;
}

static void hear(struct meeting *m, size_t who)
{
    struct writer *w = &m->writers[who];
    if (w->inbox.n == 0)
        return;
    size_t v = w->inbox.v[0];
    vec_remove(&w->inbox, 0);
    if (m->author[v] == who) {
        sync_own(&w->sync);
        return;
    }
    struct op out = {0};
    sync_remote(&w->sync, &m->log[v], (int64_t)v + 1, &out);
    op_apply(&out, w->screen);
    w->caret = op_caret(&out, w->caret, OP_LEFT);
    op_finish(&out);
}

static bool is_over(const struct meeting *m)
{
    for (size_t i = 0; i < WRITERS; i++) {
        const struct writer *w = &m->writers[i];
        if (w->typed < LETTERS || !sync_is_clean(&w->sync) || w->inbox.n > 0)
            return false;
    }
    return true;
}

static void assert_words_are_whole(struct meeting *m)
{
    struct buf text = {0};
    rope_read(m->writers[0].screen, 0, rope_chars(m->writers[0].screen), &text);
    for (size_t i = 0; i < WRITERS; i++) {
        char word[LETTERS + 1] = {0};
        memset(word, (int)('a' + i), LETTERS);
        if (!strstr(buf_cstr(&text), word))
            fail_msg("%s", text.p);
        assert_true(rope_is(m->writers[i].screen, buf_str(&text)));
    }
    buf_finish(&text);
}

static void words_typed_at_one_place_stay_whole(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct meeting m = {.chance = {.seed = seed}};
        for (size_t i = 0; i < WRITERS; i++) {
            m.writers[i].screen = rope_of(STR("T:;"));
            m.writers[i].caret = seed % PLACES;
        }
        while (!is_over(&m)) {
            size_t who = chance_below(&m.chance, WRITERS), what = chance_below(&m.chance, 3);
            if (what == 0 && m.writers[who].typed < LETTERS)
                type_letter(&m.writers[who], who);
            else if (what == 1)
                commit(&m, who);
            else
                hear(&m, who);
        }
        assert_words_are_whole(&m);
        for (size_t i = 0; i < WRITERS; i++) {
            sync_finish(&m.writers[i].sync);
            rope_free(m.writers[i].screen);
            vec_finish(&m.writers[i].inbox);
        }
        for (size_t i = 0; i < m.committed; i++)
            op_finish(&m.log[i]);
    }
}

/* ---- coming back ---- */

enum { EDITS = 10000, CHARS = 100000 };

/* So many edits somewhere in a text, as one. */
static void compose_edits(struct chance *c, const char *letter, struct op *out)
{
    struct op *ops = mem_new(EDITS * sizeof *ops);
    const struct op **list = mem_new(EDITS * sizeof *list);
    size_t chars = CHARS;
    for (size_t i = 0; i < EDITS; i++) {
        list[i] = &ops[i];
        op_skip(&ops[i], chance_below(c, chars - 2));
        if (i % 2)
            op_delete(&ops[i], 2);
        else
            op_insert(&ops[i], str_of(letter));
        chars = op_result(&ops[i], chars);
    }
    op_compose_all(list, EDITS, out);
    for (size_t i = 0; i < EDITS; i++)
        op_finish(&ops[i]);
    free(ops);
    free(list);
}

/* In one composition each and one transform, not ten thousand times ten thousand. */
static void a_long_absence_is_merged_at_once(void **state)
{
    (void)state;
    struct chance c = {.seed = 1};
    struct rope *server = rope_new(), *screen;
    for (size_t i = 0; i < CHARS; i++)
        rope_insert(server, i, STR("."));
    screen = rope_copy(server);
    struct op mine = {0}, theirs = {0}, out = {0};
    compose_edits(&c, "\xc3\xa4\xc3\xb6", &mine);
    compose_edits(&c, "xyz", &theirs);
    struct sync s = {0};
    sync_local(&s, &mine);
    op_apply(&mine, screen);
    op_apply(&theirs, server);
    sync_remote(&s, &theirs, EDITS, &out);
    op_apply(&out, screen);
    for (const struct op *piece; (piece = sync_send(&s, WIRE)) != NULL; sync_own(&s))
        op_apply(piece, server);
    assert_true(rope_eq(server, screen));
    op_finish(&mine);
    op_finish(&theirs);
    op_finish(&out);
    rope_free(server);
    rope_free(screen);
    sync_finish(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_is_in_flight_and_the_rest_waits_behind_it),
        cmocka_unit_test(others_edits_pass_what_is_in_flight_and_what_waits),
        cmocka_unit_test(an_edit_that_became_empty_is_still_awaited),
        cmocka_unit_test(what_was_not_committed_is_sent_again_with_the_rest),
        cmocka_unit_test(a_long_edit_is_sent_in_pieces),
        cmocka_unit_test(carets_of_others_stand_where_they_are_on_screen),
        cmocka_unit_test(typing_takes_no_memory),
        cmocka_unit_test(words_typed_at_one_place_stay_whole),
        cmocka_unit_test(a_long_absence_is_merged_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
