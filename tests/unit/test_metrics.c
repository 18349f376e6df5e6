#include "metrics.h"

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
        assert_int_equal(strspn(m->name, "abcdefghijklmnopqrstuvwxyz_"), strlen(m->name));
        bool ends_in_total =
            strlen(m->name) > 6 && strcmp(m->name + strlen(m->name) - 6, "_total") == 0;
        assert_int_equal(ends_in_total, m->is_counter);
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
        cmocka_unit_test(this_process_has_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
