/* In which order cards are looked at. */
#include "board_action.h"
#include "sort.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static void add(struct board *b, int64_t number, const char *key)
{
    struct board_action a = {.kind = BOARD_ADD, .number = number, .title = STR("title")};
    a.column = STR("Todo");
    a.key = str_of(key);
    assert_true(board_apply(b, &a, NULL, NULL, NULL));
}

static void set(struct board *b, int64_t number, enum card_field field, const char *value)
{
    struct card_change change = {field, str_of(value), false};
    struct board_action a = {.kind = BOARD_EDIT, .number = number};
    a.changes = &change;
    a.changes_n = 1;
    assert_true(board_apply(b, &a, NULL, NULL, NULL));
}

/* 3, 1, 4, 2 by hand; and -9, which waits for its number. */
static void fill(struct board *b)
{
    board_init(b);
    assert_true(board_add_column(b, STR("Todo"), NULL));
    add(b, 1, "I");
    add(b, 2, "S");
    add(b, 3, "E");
    add(b, 4, "M");
    add(b, -9, "Z");
    set(b, 1, CARD_DUE, "2027-01-04");
    set(b, 2, CARD_DUE, "2026-12-27");
    set(b, 2, CARD_PRIORITY, "low");
    set(b, 4, CARD_PRIORITY, "urgent");
    set(b, 3, CARD_ASSIGNEE, "ben");
    set(b, 1, CARD_ASSIGNEE, "zoe");
    assert_true(board_touch(b, 1, 40));
    assert_true(board_touch(b, 2, 7));
    assert_true(board_touch(b, 4, 12));
    assert_false(board_touch(b, 5, 13));
}

/* The digits of the numbers, as they stand. */
static void sorted(const struct board *b, enum card_sort by, char out[8])
{
    struct card *v[5];
    size_t n = b->columns.v[0].cards.n;
    assert_int_equal(n, COUNT_OF(v));
    memcpy(v, b->columns.v[0].cards.v, sizeof v);
    card_sort(v, n, by);
    for (size_t i = 0; i < n; i++)
        out[i] = (char)('0' + llabs(v[i]->number));
    out[n] = '\0';
}

static void what_it_goes_by_comes_first_and_what_lacks_it_last(void **state)
{
    (void)state;
    static const char *const rows[SORT_COUNT] = {
        [SORT_ORDER] = "31429",    [SORT_DUE] = "21349",    [SORT_PRIORITY] = "42319",
        [SORT_ASSIGNEE] = "31429", [SORT_NUMBER] = "12349", [SORT_UPDATED] = "91423",
    };
    struct board b;
    fill(&b);
    for (int by = 0; by < SORT_COUNT; by++) {
        char got[8];
        sorted(&b, (enum card_sort)by, got);
        if (strcmp(got, rows[by]) != 0)
            fail_msg("by %s: %s", card_sorts[by].name, got);
    }
    board_finish(&b);
}

static void an_order_that_there_is_not_is_refused_with_those_there_are(void **state)
{
    (void)state;
    enum card_sort by;
    struct err e = {0};
    assert_true(card_sort_named(STR("updated"), &by, NULL));
    assert_int_equal(by, SORT_UPDATED);
    assert_false(card_sort_named(STR("age"), &by, &e));
    assert_int_equal(e.code, ERR_USAGE);
    assert_non_null(strstr(e.text, "number or updated"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_it_goes_by_comes_first_and_what_lacks_it_last),
        cmocka_unit_test(an_order_that_there_is_not_is_refused_with_those_there_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
