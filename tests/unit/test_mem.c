#include "mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool is_zero(const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i])
            return false;
    return true;
}

static void new_memory_is_zeroed(void **state)
{
    (void)state;
    unsigned char *p = mem_new(100);
    assert_true(is_zero(p, 100));
    p = mem_grow(p, 200);
    free(p);
    free(mem_new(0));
}

static void arena_gives_zeroed_aligned_memory_of_any_size(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 3, 16, 17, 4000, 16384, 16385, 1000000, 1};
    struct arena a = {0};
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < COUNT_OF(sizes); i++) {
            unsigned char *p = arena_alloc(&a, sizes[i]);
            assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
            assert_true(is_zero(p, sizes[i]));
            memset(p, 0xff, sizes[i]);
        }
        arena_clear(&a);
    }
    arena_finish(&a);
    assert_null(a.block);
    arena_finish(&a);
}

static void pieces_of_an_arena_do_not_overlap(void **state)
{
    (void)state;
    struct arena a = {0};
    char *pieces[500];
    for (int i = 0; i < 500; i++)
        memset(pieces[i] = arena_alloc(&a, 100), i & 0x7f, 100);
    for (int i = 0; i < 500; i++)
        for (int k = 0; k < 100; k++)
            assert_int_equal(pieces[i][k], i & 0x7f);
    arena_finish(&a);
}

static void array_grows_and_keeps_its_order(void **state)
{
    (void)state;
    VEC(int) v = {0};
    for (int i = 0; i < 100; i++)
        vec_push(&v, i);
    vec_remove(&v, 0);
    vec_remove(&v, 98);
    vec_remove(&v, 49);
    assert_int_equal(v.n, 97);
    assert_int_equal(v.v[0], 1);
    assert_int_equal(v.v[48], 49);
    assert_int_equal(v.v[49], 51);
    assert_int_equal(v.v[96], 98);
    int sum = 0;
    vec_each (item, &v)
        sum += *item;
    assert_int_equal(sum, 4950 - 0 - 99 - 50);
    vec_finish(&v);
    vec_each (item, &v)
        fail_msg("item %d of an empty array", *item);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_memory_is_zeroed),
        cmocka_unit_test(arena_gives_zeroed_aligned_memory_of_any_size),
        cmocka_unit_test(pieces_of_an_arena_do_not_overlap),
        cmocka_unit_test(array_grows_and_keeps_its_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
