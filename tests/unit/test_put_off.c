#include "put_off.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void what_was_put_off_is_known_until_it_is_settled(void **state)
{
    (void)state;
    struct put_off p = {0};
    assert_false(put_off_has(&p, 5));
    put_off_add(&p, 7);
    put_off_add(&p, 5);
    put_off_add(&p, 5);
    assert_true(put_off_has(&p, 5));
    assert_false(put_off_has(&p, 6));
    assert_true(put_off_has(&p, 7));
    assert_false(put_off_has(&p, 8));
    put_off_settle(&p, 6);
    put_off_settle(&p, 5);
    assert_false(put_off_has(&p, 5));
    assert_true(put_off_has(&p, 7));
    put_off_finish(&p);
}

static void beyond_the_bound_all_that_is_higher_counts(void **state)
{
    (void)state;
    struct put_off p = {0};
    for (int64_t id = 1000; id > 0; id--)
        put_off_add(&p, id);
    assert_int_equal(p.ids.n, PUT_OFF_MAX);
    for (int64_t id = 1; id <= 1000; id++)
        assert_true(put_off_has(&p, id));
    for (int64_t id = 1; id < PUT_OFF_MAX; id++)
        put_off_settle(&p, id);
    assert_false(put_off_has(&p, 1));
    assert_true(put_off_has(&p, 1000));
    put_off_settle(&p, PUT_OFF_MAX);
    assert_false(put_off_has(&p, 1000));
    put_off_finish(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_off_is_known_until_it_is_settled),
        cmocka_unit_test(beyond_the_bound_all_that_is_higher_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
