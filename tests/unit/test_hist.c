#include "hist.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void bounds_grow_by_a_tenth_of_a_decade(void **state)
{
    (void)state;
    assert_int_equal(hist_bound(0), 10);
    assert_int_equal(hist_bound(3), 20);
    assert_int_equal(hist_bound(10), 100);
    assert_int_equal(hist_bound(HIST_BOUNDS - 1), 100000000);
    for (size_t i = 1; i < HIST_BOUNDS; i++)
        assert_true(hist_bound(i) > hist_bound(i - 1));
}

static void a_value_lies_in_the_cell_below_its_bound(void **state)
{
    (void)state;
    for (size_t i = 0; i < HIST_BOUNDS; i++) {
        struct hist h = {0};
        hist_add(&h, hist_bound(i));
        assert_int_equal(h.cells[i], 1);
        hist_add(&h, hist_bound(i) + 1);
        assert_int_equal(h.cells[i + 1], 1);
    }
}

/* Whatever was added, the answer is off by no more than a cell, a quarter. */
static void quantiles_are_right_to_a_cell(void **state)
{
    (void)state;
    struct hist h = {0};
    assert_int_equal(hist_quantile(&h, 0.5), 0);
    for (uint64_t v = 1; v <= 10000; v++)
        hist_add(&h, v);
    assert_in_range(hist_quantile(&h, 0.5), 4000, 6300);
    assert_in_range(hist_quantile(&h, 0.99), 8000, 10000);
    assert_in_range(hist_quantile(&h, 1), 9900, 10000);
    hist_add(&h, UINT64_MAX / 2);
    assert_int_equal(hist_quantile(&h, 1), 100000000);
}

static void a_difference_is_what_came_since(void **state)
{
    (void)state;
    struct hist h = {0};
    hist_add(&h, 100);
    struct hist then = h;
    hist_add(&h, 5000);
    struct hist d = hist_since(&h, &then);
    assert_int_equal(d.n, 1);
    assert_int_equal(d.sum, 5000);
    assert_in_range(hist_quantile(&d, 0.5), 4000, 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_grow_by_a_tenth_of_a_decade),
        cmocka_unit_test(a_value_lies_in_the_cell_below_its_bound),
        cmocka_unit_test(quantiles_are_right_to_a_cell),
        cmocka_unit_test(a_difference_is_what_came_since),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
