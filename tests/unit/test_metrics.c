#include "recent.h"

#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void every_figure_has_one_row_and_every_row_a_figure(void **state)
{
    (void)state;
    unsigned char seen[sizeof(struct metrics) / sizeof(uint64_t)] = {0};
    for (size_t i = 0; i < metric_count; i++) {
        assert_int_equal(metric_table[i].offset % sizeof(uint64_t), 0);
        seen[metric_table[i].offset / sizeof(uint64_t)]++;
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(metric_table[i].name, metric_table[j].name);
    }
    /* `started` and the like are no figures: struct metrics holds nothing else */
    for (size_t i = 0; i < sizeof seen; i++)
        if (seen[i] != 1)
            fail_msg("member %zu has %d rows", i, seen[i]);
}

static void rows_are_as_prometheus_wants_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < metric_count; i++) {
        const struct metric *m = &metric_table[i];
        assert_int_equal(strspn(m->name, "abcdefghijklmnopqrstuvwxyz0123456789_"),
                         strlen(m->name));
        bool ends_in_total =
            strlen(m->name) > 6 && strcmp(m->name + strlen(m->name) - 6, "_total") == 0;
        assert_int_equal(ends_in_total, m->kind == METRIC_COUNTER);
        assert_int_equal(m->help[strlen(m->help) - 1], '.');
        assert_null(strchr(m->help, '\n'));
    }
}

static void the_page_shows_the_figures(void **state)
{
    (void)state;
    struct metrics m = {.connections = 17, .bytes_out = UINT64_MAX};
    struct buf b = {0};
    metrics_print(&b, &m);
    const char *page = buf_cstr(&b);
    assert_non_null(strstr(page, "# TYPE moot_connections gauge\nmoot_connections 17\n"));
    assert_non_null(strstr(page, "# TYPE moot_bytes_out_total counter\n"
                                 "moot_bytes_out_total 18446744073709551615\n"));
    buf_finish(&b);
}

static void a_histogram_adds_up(void **state)
{
    (void)state;
    struct hist h = {0};
    struct buf b = {0};
    hist_add(&h, 900);
    hist_add(&h, 1500);
    metrics_print_hist(&b, "x_seconds", "What it is.", 1e-6, &h);
    const char *page = buf_cstr(&b);
    assert_non_null(strstr(page, "# TYPE moot_x_seconds histogram\n"));
    assert_non_null(strstr(page, "moot_x_seconds_bucket{le=\"0.0005\"} 0\n"
                                 "moot_x_seconds_bucket{le=\"0.001\"} 1\n"
                                 "moot_x_seconds_bucket{le=\"0.002\"} 2\n"));
    assert_non_null(strstr(page, "moot_x_seconds_bucket{le=\"+Inf\"} 2\n"
                                 "moot_x_seconds_sum 0.0024\nmoot_x_seconds_count 2\n"));
    buf_finish(&b);
}

static void the_last_minute_is_what_came_since_the_oldest_sample(void **state)
{
    (void)state;
    struct recent r = {0};
    struct sample s = {.at = 1000, .counts.events = 500};
    struct metrics m = {0};
    for (int i = 0; i < 60; i++) { /* ten minutes, 20 events a second, each of 1 ms */
        recent_take(&r, &s);
        s.at += RECENT_EVERY_MS;
        s.counts.events += 200;
        for (int j = 0; j < 200; j++)
            hist_add(&s.delivery, i < 30 ? 100000 : 1000);
    }
    recent_fill(&r, &s, &m);
    assert_int_equal(m.events_per_second, 20);
    assert_in_range(m.delivery_p99_us, 800, 1000);
}

static void this_process_has_memory(void **state)
{
    (void)state;
    assert_true(metrics_resident() > 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_figure_has_one_row_and_every_row_a_figure),
        cmocka_unit_test(rows_are_as_prometheus_wants_them),
        cmocka_unit_test(the_page_shows_the_figures),
        cmocka_unit_test(a_histogram_adds_up),
        cmocka_unit_test(the_last_minute_is_what_came_since_the_oldest_sample),
        cmocka_unit_test(this_process_has_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
