#include "link_slots.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static int take(struct link_slots *s, int n)
{
    char address[40];
    snprintf(address, sizeof address, "https://x/%d", n);
    return link_slots_take(s, str_of(address));
}

static void an_address_keeps_its_number(void **state)
{
    (void)state;
    struct link_slots s = {0};
    int a = take(&s, 1), b = take(&s, 2);
    assert_int_not_equal(a, b);
    assert_int_equal(take(&s, 1), a);
    for (int frame = 0; frame < 5; frame++) {
        link_slots_next(&s);
        assert_int_equal(take(&s, 2), b);
        assert_int_equal(take(&s, 1), a);
    }
    assert_true(str_is(link_slots_address(&s, a), "https://x/1"));
    /* Also when it was away for a while, and nobody wanted the number. */
    link_slots_next(&s);
    link_slots_next(&s);
    assert_int_equal(take(&s, 2), b);
    link_slots_finish(&s);
}

static void a_number_that_is_on_the_screen_is_not_given_to_another(void **state)
{
    (void)state;
    struct link_slots s = {0};
    for (int i = 0; i < LINK_SLOTS; i++)
        assert_int_equal(take(&s, i), i + 1);
    assert_int_equal(take(&s, LINK_SLOTS), 0);
    /* The next frame shows others: those of the last one are still there to be drawn over. */
    link_slots_next(&s);
    assert_int_equal(take(&s, LINK_SLOTS), 0);
    assert_int_equal(take(&s, 7), 8);
    /* Now all but that one are gone from the screen. */
    link_slots_next(&s);
    for (int i = 0; i < LINK_SLOTS - 1; i++) {
        int slot = take(&s, 1000 + i);
        assert_in_range(slot, 1, LINK_SLOTS);
        assert_int_not_equal(slot, 8);
    }
    assert_int_equal(take(&s, 2000), 0);
    assert_true(str_is(link_slots_address(&s, 8), "https://x/7"));
    link_slots_finish(&s);
}

static void what_cannot_be_sent_has_no_number(void **state)
{
    (void)state;
    struct link_slots s = {0};
    assert_int_equal(link_slots_take(&s, STR("https://x/\033\\")), 0);
    assert_int_equal(link_slots_take(&s, STR("file:///x")), 0);
    assert_int_equal(link_slots_take(&s, STR("")), 0);
    for (int i = -1; i <= LINK_SLOTS + 1; i++)
        assert_int_equal(link_slots_address(&s, i).n, 0);
    int slot = link_slots_take(&s, STR("https://x/\u00fc"));
    assert_true(str_is(link_slots_address(&s, slot), "https://x/%C3%BC"));
    link_slots_finish(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_keeps_its_number),
        cmocka_unit_test(a_number_that_is_on_the_screen_is_not_given_to_another),
        cmocka_unit_test(what_cannot_be_sent_has_no_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
