#include "frame.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <string.h>

static void header_has_the_length_in_as_many_bytes_as_it_takes(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        struct str header;
    } rows[] = {
        {0, STR_ROW("\x81\x00")},
        {125, STR_ROW("\x81\x7d")},
        {126, STR_ROW("\x81\x7e\x00\x7e")},
        {65535, STR_ROW("\x81\x7e\xff\xff")},
        {65536, STR_ROW("\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00")},
        {1024 * 1024, STR_ROW("\x81\x7f\x00\x00\x00\x00\x00\x10\x00\x00")},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char out[FRAME_HEADER_MAX];
        size_t n = frame_header(out, rows[i].n);
        if (!str_eq((struct str){out, n}, rows[i].header))
            fail_msg("header of %zu bytes", rows[i].n);
    }
}

static void frame_goes_with_its_last_holder(void **state)
{
    (void)state;
    struct frame *f = frame_new(STR("hello"));
    assert_int_equal(f->refs, 1);
    assert_int_equal(f->messages, 1);
    assert_ptr_equal(frame_hold(f), f);
    frame_drop(f);
    assert_memory_equal(f->bytes, "\x81\x05hello", 7);
    frame_drop(f); /* what is left over is found by the sanitizer */
    frame_drop(NULL);
}

static void messages_come_apart_as_they_were_put_together(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 0, 125, 126, 65535, 65536, 3};
    static char text[65536];
    memset(text, 'x', sizeof text);
    struct buf b = {0};
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        frame_add(&b, (struct str){text, sizes[i]});
    struct frame *f = frame_of(buf_str(&b), COUNT_OF(sizes));
    buf_finish(&b);
    struct str rest = {f->bytes, f->n};
    for (size_t i = 0; i < f->messages; i++) {
        struct str m = frame_next(&rest);
        assert_non_null(m.p);
        assert_true(str_eq(m, (struct str){text, sizes[i]}));
    }
    assert_int_equal(rest.n, 0);
    assert_null(frame_next(&rest).p);
    frame_drop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_has_the_length_in_as_many_bytes_as_it_takes),
        cmocka_unit_test(frame_goes_with_its_last_holder),
        cmocka_unit_test(messages_come_apart_as_they_were_put_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
