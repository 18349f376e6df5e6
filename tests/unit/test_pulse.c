#include "pulse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MINUTE INT64_C(60000)
#define START (INT64_C(1767225600000)) /* on the hour */

static void what_was_counted_stands_at_its_minute_and_hour(void **state)
{
    (void)state;
    struct pulse p = {0}, seen;
    pulse_count(&p, START);
    pulse_count(&p, START + 10 * MINUTE);
    pulse_count(&p, START + 10 * MINUTE + 59999);
    assert_int_equal(pulse_read(&p, START + 11 * MINUTE, &seen), 3);
    assert_int_equal(seen.minutes[59], 0);
    assert_int_equal(seen.minutes[58], 2);
    assert_int_equal(seen.minutes[48], 1);
    assert_int_equal(seen.hours[23], 3);
}

static void what_is_over_falls_out(void **state)
{
    (void)state;
    static const struct {
        int64_t minutes;
        uint64_t in_hour;
        uint32_t in_day;
    } rows[] = {{59, 1, 1},           {60, 0, 1},      {61, 0, 1},
                {23 * 60 + 59, 0, 1}, {24 * 60, 0, 0}, {100 * 60, 0, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pulse p = {0}, seen;
        uint32_t day = 0;
        pulse_count(&p, START);
        assert_int_equal(pulse_read(&p, START + rows[i].minutes * MINUTE, &seen),
                         rows[i].in_hour);
        for (int h = 0; h < PULSE_HOURS; h++)
            day += seen.hours[h];
        assert_int_equal(day, rows[i].in_day);
    }
}

static void counting_after_a_long_pause_begins_anew(void **state)
{
    (void)state;
    struct pulse p = {0}, seen;
    for (int i = 0; i < 300; i++)
        pulse_count(&p, START + i * MINUTE);
    pulse_count(&p, START + 100000 * MINUTE);
    assert_int_equal(pulse_read(&p, START + 100000 * MINUTE, &seen), 1);
    assert_int_equal(pulse_read(NULL, START, &seen), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_counted_stands_at_its_minute_and_hour),
        cmocka_unit_test(what_is_over_falls_out),
        cmocka_unit_test(counting_after_a_long_pause_begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
