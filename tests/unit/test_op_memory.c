/* What moving operations past each other takes from malloc(): nothing, into one that has been
 * used. The linker leads every call of the allocator through here (--wrap). */
#include "text_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { EDITS = 200, CHARS = 1000, PARTS = 1000 };

/* The wrapped functions have no argument to find it by. */
static size_t taken;

/* Names that the linker wants so. NOLINTBEGIN */
void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);

void *__wrap_malloc(size_t n)
{
    taken++;
    return __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    taken++;
    return __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
    taken++;
    return __real_realloc(p, n);
}
/* NOLINTEND */

/* Every operation past every other one, both ways. Returns what that took. */
static size_t move_all(const struct op *ops, size_t n, struct op *out)
{
    size_t before = taken;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            op_transform(&ops[i], &ops[k], (i + k) % 2 ? OP_LEFT : OP_RIGHT, out);
    return taken - before;
}

static void make(struct chance *c, size_t edits, struct op *ops, size_t n)
{
    for (size_t i = 0; i < n; i++)
        kit_op(c, CHARS, edits, &ops[i]);
}

static void finish(struct op *ops, size_t n)
{
    for (size_t i = 0; i < n; i++)
        op_finish(&ops[i]);
}

static void single_edits_move_without_an_allocation(void **state)
{
    (void)state;
    struct chance c = {.seed = 3};
    struct op ops[EDITS] = {0}, out = {0};
    make(&c, 1, ops, EDITS);
    assert_in_range(move_all(ops, EDITS, &out), 1, 8); /* until it has the size */
    assert_int_equal(move_all(ops, EDITS, &out), 0);
    finish(ops, EDITS);
    op_finish(&out);
}

static void so_do_long_operations(void **state)
{
    (void)state;
    struct chance c = {.seed = 4};
    struct op ops[4] = {0}, out = {0};
    make(&c, PARTS, ops, COUNT_OF(ops));
    assert_in_range(move_all(ops, COUNT_OF(ops), &out), 1, 32);
    assert_int_equal(move_all(ops, COUNT_OF(ops), &out), 0);
    finish(ops, COUNT_OF(ops));
    op_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_edits_move_without_an_allocation),
        cmocka_unit_test(so_do_long_operations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
