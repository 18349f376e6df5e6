#include "clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void it_follows_the_wall_clock(void **state)
{
    (void)state;
    struct clock c = {0};
    assert_int_equal(clock_at(&c, 1000, 5), 1000);
    assert_int_equal(clock_at(&c, 1010, 15), 1010);
    assert_int_equal(clock_at(&c, 900000, 16), 900000);
}

static void set_back_it_goes_on_at_half_speed_until_they_meet(void **state)
{
    (void)state;
    struct clock c = {0};
    clock_at(&c, 10000, 0);
    assert_int_equal(clock_at(&c, 9000, 100), 10050);
    assert_int_equal(clock_at(&c, 9900, 1000), 10500);
    assert_int_equal(clock_at(&c, 11900, 3000), 11900);
    assert_int_equal(clock_at(&c, 11901, 3001), 11901);
}

static void small_steps_add_up(void **state)
{
    (void)state;
    struct clock c = {0};
    clock_at(&c, 10000, 0);
    for (int64_t mono = 1; mono <= 1000; mono++)
        clock_at(&c, 5000 + mono, mono);
    assert_int_equal(clock_at(&c, 6000, 1000), 10500);
}

static void it_never_goes_back(void **state)
{
    (void)state;
    struct clock c = {0};
    uint64_t seed = 1;
    int64_t last = 0, mono = 0;
    for (int i = 0; i < 10000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        mono += (int64_t)(seed >> 60);
        int64_t now = clock_at(&c, (int64_t)(seed >> 40), mono);
        assert_true(now >= last);
        last = now;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_follows_the_wall_clock),
        cmocka_unit_test(set_back_it_goes_on_at_half_speed_until_they_meet),
        cmocka_unit_test(small_steps_add_up),
        cmocka_unit_test(it_never_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
