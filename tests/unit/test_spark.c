#include "spark.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void bars_are_as_high_as_the_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *series, *bars, *ascii;
    } rows[] = {
        {"0 1 2 4 8", " ▁▂▄█", " .:=@"}, {"", "", ""},        {"0 0", "  ", "  "},
        {"1000000000000 1", "█▁", "@."}, {"3 x 4", "█", "@"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t v[SPARK_MAX];
        struct buf bars = {0}, ascii = {0};
        size_t n = spark_read(str_of(rows[i].series), v);
        spark(&bars, v, n, false);
        spark(&ascii, v, n, true);
        assert_string_equal(buf_cstr(&bars), rows[i].bars);
        assert_string_equal(buf_cstr(&ascii), rows[i].ascii);
        buf_finish(&bars);
        buf_finish(&ascii);
    }
}

static void of_a_long_series_the_end_is_kept(void **state)
{
    (void)state;
    struct buf b = {0};
    uint64_t v[SPARK_MAX];
    for (int i = 0; i < 300; i++)
        buf_fmt(&b, "%s%d", i ? " " : "", i);
    assert_int_equal(spark_read(buf_str(&b), v), SPARK_MAX);
    assert_int_equal(v[SPARK_MAX - 1], 299);
    buf_finish(&b);
}

static void figures_are_as_people_read_them(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t value;
        const char *text;
    } rows[] = {
        {"people", 12, "12"},
        {"resident_bytes", 1536, "1.5 KiB"},
        {"bytes_in", 12, "12 B"},
        {"delivery_p50_us", 250, "250 us"},
        {"delivery_p99_us", 2500, "2.5 ms"},
        {"commit_p99_us", 2500000, "2.50 s"},
        {"uptime_seconds", 3723, "01:02:03"},
        {"uptime_seconds", 90000, "1 d 01:00:00"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf b = {0};
        spark_figure(&b, str_of(rows[i].name), rows[i].value);
        assert_string_equal(buf_cstr(&b), rows[i].text);
        buf_finish(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars_are_as_high_as_the_numbers),
        cmocka_unit_test(of_a_long_series_the_end_is_kept),
        cmocka_unit_test(figures_are_as_people_read_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
