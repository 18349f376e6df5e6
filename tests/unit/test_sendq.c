#include "sendq.h"

#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void push(struct sendq *q, const char *text)
{
    struct frame *f = frame_new(str_of(text));
    assert_int_equal(sendq_push(q, f, KEPT), SENDQ_QUEUED);
    frame_drop(f);
}

static struct hist unused;

static enum sendq_verdict push_bytes(struct sendq *q, size_t n, enum passing passing)
{
    struct buf b = {0};
    buf_reserve(&b, n);
    memset(b.p, 'x', n);
    b.n = n;
    struct frame *f = frame_new(buf_str(&b));
    enum sendq_verdict v = sendq_push(q, f, passing);
    frame_drop(f);
    buf_finish(&b);
    return v;
}

/* Takes what is next out of the queue, at most n bytes. */
static void drain(struct sendq *q, size_t n, struct buf *out)
{
    struct iovec v[8];
    size_t bytes, count = sendq_next(q, v, COUNT_OF(v), &bytes), taken = 0;
    for (size_t i = 0; i < count && taken < n; i++) {
        size_t part = MIN(v[i].iov_len, n - taken);
        buf_add(out, v[i].iov_base, part);
        taken += part;
    }
    sendq_sent(q, taken, 0, &unused);
}

static void frames_leave_in_order_whatever_the_kernel_takes(void **state)
{
    (void)state;
    for (size_t step = 1; step < 12; step++) {
        struct sendq q = {0};
        struct buf out = {0}, want = {0};
        for (int i = 0; i < 20; i++) {
            struct buf text = {0};
            buf_fmt(&text, "message %d", i * i * i);
            push(&q, buf_cstr(&text));
            frame_add(&want, buf_str(&text));
            buf_finish(&text);
            if (i % 3 == 0)
                drain(&q, step, &out);
        }
        while (!sendq_is_empty(&q))
            drain(&q, step, &out);
        assert_true(str_eq(buf_str(&out), buf_str(&want)));
        assert_int_equal(q.bytes, 0);
        sendq_clear(&q);
        buf_finish(&out);
        buf_finish(&want);
    }
}

static void an_empty_queue_holds_no_memory(void **state)
{
    (void)state;
    struct sendq q = {0};
    struct buf out = {0};
    for (int i = 0; i < 50; i++)
        push(&q, "x");
    assert_true(q.cap >= 50);
    while (!sendq_is_empty(&q))
        drain(&q, 1000, &out);
    assert_int_equal(q.cap, 0);
    buf_finish(&out);
}

static void passing_frames_are_dropped_for_a_slow_reader(void **state)
{
    (void)state;
    struct sendq q = {0};
    assert_int_equal(push_bytes(&q, 1000, PASSING), SENDQ_QUEUED);
    assert_int_equal(push_bytes(&q, SENDQ_STATES_MAX, KEPT), SENDQ_QUEUED);
    assert_int_equal(push_bytes(&q, 10, PASSING), SENDQ_DROPPED);
    assert_int_equal(push_bytes(&q, 10, KEPT), SENDQ_QUEUED);
    sendq_clear(&q);
    assert_int_equal(push_bytes(&q, 10, PASSING), SENDQ_QUEUED);
    sendq_clear(&q);
}

static void pointers_are_dropped_before_other_passing_frames(void **state)
{
    (void)state;
    struct sendq q = {0};
    assert_int_equal(push_bytes(&q, SENDQ_POINTERS_MAX, KEPT), SENDQ_QUEUED);
    assert_int_equal(push_bytes(&q, 10, PASSING_FIRST), SENDQ_DROPPED);
    assert_int_equal(push_bytes(&q, 10, PASSING), SENDQ_QUEUED);
    sendq_clear(&q);
    assert_int_equal(push_bytes(&q, 10, PASSING_FIRST), SENDQ_QUEUED);
    sendq_clear(&q);
}

static void lasting_frames_overflow_at_the_bound_and_not_before(void **state)
{
    (void)state;
    struct sendq q = {0};
    assert_int_equal(push_bytes(&q, SENDQ_MAX - FRAME_HEADER_MAX, KEPT), SENDQ_QUEUED);
    assert_int_equal(q.bytes, SENDQ_MAX);
    assert_int_equal(push_bytes(&q, 1, KEPT), SENDQ_OVERFLOW);
    assert_int_equal(q.n, 1);
    struct frame *bye = frame_new(STR("bye"));
    sendq_force(&q, bye);
    frame_drop(bye);
    assert_int_equal(q.n, 2);
    sendq_clear(&q);
}

static void a_broken_message_is_known_within_a_frame_of_several(void **state)
{
    (void)state;
    struct buf framed = {0};
    frame_add(&framed, STR("one"));
    frame_add(&framed, STR("twotwo"));
    for (size_t gone = 0; gone < framed.n; gone++) {
        struct sendq q = {0};
        struct frame *f = frame_of(buf_str(&framed), 2);
        sendq_push(&q, f, false);
        frame_drop(f);
        sendq_sent(&q, gone, 0, &unused);
        size_t left = gone == 0 || gone == 5 ? 0 : gone < 5 ? 5 - gone : framed.n - gone;
        assert_int_equal(sendq_broken_message(&q).n, left);
        sendq_sent(&q, left, 0, &unused);
        assert_int_equal(sendq_broken_message(&q).n, 0);
        sendq_clear(&q);
    }
    buf_finish(&framed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_leave_in_order_whatever_the_kernel_takes),
        cmocka_unit_test(an_empty_queue_holds_no_memory),
        cmocka_unit_test(passing_frames_are_dropped_for_a_slow_reader),
        cmocka_unit_test(pointers_are_dropped_before_other_passing_frames),
        cmocka_unit_test(lasting_frames_overflow_at_the_bound_and_not_before),
        cmocka_unit_test(a_broken_message_is_known_within_a_frame_of_several),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
