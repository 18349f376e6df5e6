#include "codec.h"
#include "sample.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

enum { ROUNDS = 60 };

static const enum msg_side sides[] = {FROM_CLIENT, FROM_SERVER};

/* Calls f with samples of every message from every side that may send it. */
static void each_sample(int rounds,
                        void (*f)(const struct msg *m, enum msg_side from, void *arg),
                        void *arg)
{
    struct arena a = {0};
    for (int t = MSG_NONE + 1; t < MSG_COUNT; t++) {
        for (size_t s = 0; s < COUNT_OF(sides); s++) {
            if (!(msg_table[t].side & sides[s]))
                continue;
            for (int i = 0; i < rounds; i++) {
                uint64_t seed = (uint64_t)i * 1000 + (uint64_t)t;
                struct msg m;
                sample_msg(&m, (enum msg_type)t, sides[s], &seed, &a);
                f(&m, sides[s], arg);
                arena_clear(&a);
            }
        }
    }
    arena_finish(&a);
}

static void must_pass(const struct msg *m, enum msg_side from, void *arg)
{
    (void)arg;
    struct err e = {0};
    if (!msg_check(m, from, &e))
        fail_msg("%s: %s", msg_table[m->type].name, e.text);
}

static void samples_pass_the_check(void **state)
{
    (void)state;
    each_sample(ROUNDS, must_pass, NULL);
}

static void must_come_back(const struct msg *m, enum msg_side from, void *arg)
{
    (void)arg;
    struct arena a = {0};
    struct buf first = {0}, again = {0};
    struct msg_list list;
    struct err e = {0};
    int64_t re;
    codec_encode(&first, m);
    if (!codec_decode(buf_str(&first), from, &a, &list, &re, &e))
        fail_msg("%.*s: %s", STR_ARG(buf_str(&first)), e.text);
    assert_int_equal(list.n, 1);
    assert_int_equal(list.v[0].type, m->type);
    codec_encode(&again, &list.v[0]);
    if (!str_eq(buf_str(&first), buf_str(&again)))
        fail_msg("%.*s came back as %.*s", STR_ARG(buf_str(&first)), STR_ARG(buf_str(&again)));
    buf_finish(&first);
    buf_finish(&again);
    arena_finish(&a);
}

static void every_message_comes_back_byte_for_byte(void **state)
{
    (void)state;
    each_sample(ROUNDS, must_come_back, NULL);
}

static void must_fit(const struct msg *m, enum msg_side from, void *arg)
{
    (void)arg;
    struct buf b = {0};
    codec_encode(&b, m);
    assert_true(b.n <= (from == FROM_CLIENT ? FRAME_IN_MAX : FRAME_OUT_MAX));
    buf_finish(&b);
}

static void samples_fit_a_frame(void **state)
{
    (void)state;
    each_sample(ROUNDS, must_fit, NULL);
}

static void note_length(const struct msg *m, enum msg_side from, void *arg)
{
    (void)from;
    size_t *seen = arg;
    if (m->type != MSG_TASK_EDIT)
        return;
    seen[0] += m->task_edit.title.n == 1;
    seen[1] += m->task_edit.title.n == TITLE_MAX;
    seen[2] += m->task_edit.task == -SEQ_MAX;
    seen[3] += m->task_edit.task == SEQ_MAX;
}

static void samples_reach_both_ends_of_a_range(void **state)
{
    (void)state;
    size_t seen[4] = {0};
    each_sample(200, note_length, seen);
    for (size_t i = 0; i < COUNT_OF(seen); i++)
        assert_true(seen[i] > 0);
}

static void one_seed_gives_one_message(void **state)
{
    (void)state;
    struct arena a = {0};
    struct buf one = {0}, two = {0};
    for (int i = 0; i < 2; i++) {
        uint64_t seed = 42;
        struct msg m;
        sample_msg(&m, MSG_SNAPSHOT, FROM_SERVER, &seed, &a);
        codec_encode(i ? &two : &one, &m);
    }
    assert_true(str_eq(buf_str(&one), buf_str(&two)));
    buf_finish(&one);
    buf_finish(&two);
    arena_finish(&a);
}

static void readable_samples_pass_the_check(void **state)
{
    (void)state;
    struct arena a = {0};
    for (int t = MSG_NONE + 1; t < MSG_COUNT; t++) {
        for (size_t s = 0; s < COUNT_OF(sides); s++) {
            if (!(msg_table[t].side & sides[s]))
                continue;
            struct msg m;
            sample_readable(&m, (enum msg_type)t, sides[s], &a);
            must_pass(&m, sides[s], NULL);
            must_come_back(&m, sides[s], NULL);
        }
    }
    arena_finish(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_pass_the_check),
        cmocka_unit_test(every_message_comes_back_byte_for_byte),
        cmocka_unit_test(samples_fit_a_frame),
        cmocka_unit_test(samples_reach_both_ends_of_a_range),
        cmocka_unit_test(one_seed_gives_one_message),
        cmocka_unit_test(readable_samples_pass_the_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
