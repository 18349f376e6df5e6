/* The statistics on the screen. */
#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    open_screen_of(state, 80, 30);
    return 0;
}

static void answer(struct screen_kit *k, int events)
{
    kit_frame(k,
              "{'type':'stats','re':%lld,'stats':[{'name':'people','value':12},"
              "{'name':'events_per_second','value':%d},"
              "{'name':'resident_bytes','value':12582912}]}",
              kit_asked(k, "admin.stats"), events);
    kit_frame(k,
              "{'type':'busy','re':%lld,'rooms':[{'name':'#core','hour':42,'day':310,"
              "'minutes':'0 1 8','hours':'1 2'}],'people':[]}",
              kit_asked(k, "admin.busy"));
}

static void figures_come_and_come_again(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "S");
    assert_true(is_shown(k, "Asking"));
    answer(k, 4);
    assert_true(is_shown(k, "people 12"));
    assert_true(is_shown(k, "12.0 MiB"));
    assert_true(is_shown(k, "▁█"));
    kit_forget(k);
    kit_tick(k, STATS_EVERY_MS);
    assert_true(kit_asked(k, "admin.stats") > 0);
    for (int i = 0; i < 3 * STATS_HISTORY; i++) { /* for longer than it remembers */
        answer(k, i);
        kit_forget(k);
        kit_tick(k, STATS_EVERY_MS);
    }
    assert_int_equal(k->model.stats.n, STATS_HISTORY);
    assert_int_equal(k->model.stats.course[COURSE_EVENTS][STATS_HISTORY - 1],
                     3 * STATS_HISTORY - 1);
    assert_int_equal(k->model.stats.course[COURSE_EVENTS][0], 2 * STATS_HISTORY);
}

static void nothing_is_asked_while_it_does_not_show(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "S");
    answer(k, 1);
    kit_keys(k, "q");
    kit_forget(k);
    kit_tick(k, 10 * STATS_EVERY_MS);
    assert_int_equal(kit_asked(k, "admin.stats"), 0);
}

static void who_is_no_admin_sees_the_own_link(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "S");
    kit_frame(k, "{'type':'error','re':%lld,'code':'forbidden','message':'no','retry':false}",
              kit_asked(k, "admin.stats"));
    kit_frame(k, "{'type':'error','re':%lld,'code':'forbidden','message':'no','retry':false}",
              kit_asked(k, "admin.busy"));
    assert_true(is_shown(k, "round trip"));
    assert_true(is_shown(k, "for admins"));
    assert_int_equal(k->model.toasts.n, 0);
    kit_forget(k);
    kit_tick(k, 10 * STATS_EVERY_MS);
    assert_int_equal(kit_asked(k, "admin.stats"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, close_screen)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(figures_come_and_come_again),
        TEST(nothing_is_asked_while_it_does_not_show),
        TEST(who_is_no_admin_sees_the_own_link),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
