#include "board.h"
#include "board_action.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void set_key(char *to, const char *key)
{
    memcpy(to, key, strlen(key) + 1);
}

static struct board todo_doing_done(void)
{
    struct board b;
    board_init(&b);
    assert_true(board_add_column(&b, STR("Todo"), NULL));
    assert_true(board_add_column(&b, STR("Doing"), NULL));
    assert_true(board_add_column(&b, STR("Done"), NULL));
    return b;
}

static void assert_sound(const struct board *b)
{
    struct err e = {0};
    if (!board_check(b, &e))
        fail_msg("%s", e.text);
}

static void add(struct board *b, int64_t number, const char *column, int64_t after)
{
    char key[BOARD_KEY_MAX + 1];
    struct err e = {0};
    if (!board_key_for(b, str_of(column), after, 0, key, &e))
        fail_msg("%s", e.text);
    struct board_action a = {.kind = BOARD_ADD,
                             .number = number,
                             .title = STR("title"),
                             .column = str_of(column),
                             .key = str_of(key)};
    if (!board_apply(b, &a, NULL, NULL, &e))
        fail_msg("%s", e.text);
}

static void column_names_ignore_case_and_empty_is_the_first(void **state)
{
    (void)state;
    struct board b = todo_doing_done();
    assert_int_equal(board_column(&b, STR("DOING")), 1);
    assert_int_equal(board_column(&b, STR("")), 0);
    assert_int_equal(board_column(&b, STR("Doin")), -1);
    board_finish(&b);
    assert_int_equal(board_column(&b, STR("")), -1);
}

static void bad_columns_are_refused(void **state)
{
    (void)state;
    static char long_name[BOARD_COLUMN_NAME_MAX + 2];
    memset(long_name, 'x', BOARD_COLUMN_NAME_MAX + 1);
    struct board b = todo_doing_done();
    struct err e = {0};
    assert_false(board_add_column(&b, STR("toDO"), &e));
    assert_int_equal(e.code, ERR_EXISTS);
    assert_false(board_add_column(&b, STR(""), &e));
    assert_int_equal(e.code, ERR_BAD_FIELD);
    assert_false(board_add_column(&b, str_of(long_name), &e));
    assert_int_equal(e.code, ERR_BAD_FIELD);
    for (int i = 3; i < BOARD_COLUMNS_MAX; i++) {
        char name[16];
        snprintf(name, sizeof name, "c%d", i);
        assert_true(board_add_column(&b, str_of(name), &e));
    }
    assert_false(board_add_column(&b, STR("one more"), &e));
    assert_int_equal(e.code, ERR_LIMIT);
    board_finish(&b);
}

static void a_copy_is_equal_and_its_own(void **state)
{
    (void)state;
    struct board b = todo_doing_done(), copy;
    add(&b, 1, "Todo", BOARD_END);
    add(&b, 2, "Doing", BOARD_END);
    board_init(&copy);
    board_copy(&copy, &b);
    assert_sound(&copy);
    assert_true(board_is_equal(&copy, &b));
    assert_int_equal(copy.next_number, b.next_number);
    add(&copy, 3, "Todo", 0);
    assert_false(board_is_equal(&copy, &b));
    board_finish(&copy);
    board_finish(&b);
}

static const struct {
    const char *low, *high, *key;
} rows[] = {
    {"", "", "V"},        {"V", "", "V1"},       {"V1", "", "V2"},     {"Vz", "", "W"},
    {"yz", "", "z"},      {"z", "", "z001"},     {"", "V", "Uz"},      {"", "1", "0zzz"},
    {"", "01", "00zzzz"}, {"V", "W", "VV"},      {"V", "X", "W"},      {"V", "VV", "VUz"},
    {"VV", "W", "VV1"},   {"V1", "V1V", "V1Uz"}, {"V1", "V2Uz", "V2"}, {"01", "02", "01V"},
};

static void a_key_between_two_is_between_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char key[BOARD_KEY_MAX + 1];
        assert_true(board_key_between(str_of(rows[i].low), str_of(rows[i].high), key, NULL));
        if (strcmp(rows[i].low, key) >= 0 || (*rows[i].high && strcmp(key, rows[i].high) >= 0))
            fail_msg("%s .. %s gave %s", rows[i].low, rows[i].high, key);
        assert_string_equal(key, rows[i].key);
    }
}

static void what_is_no_key_is_refused(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"V", "V"},
        {"W", "V"},
        {"V0", ""},
        {"", "0"},
        {"a-b", ""},
        {"", "\xc3\xa4"},
        {"1234567890123456789012345678901234567890123456789", ""},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        char key[BOARD_KEY_MAX + 1];
        struct err e = {0};
        if (board_key_between(str_of(bad[i][0]), str_of(bad[i][1]), key, &e))
            fail_msg("%s .. %s gave %s", bad[i][0], bad[i][1], key);
        assert_int_equal(e.code, ERR_BAD_FIELD);
    }
}

/* Inserts n keys, each between the neighbours that `where` says; returns the longest. */
enum where { AT_END, AT_TOP, BEHIND_FIRST, BEFORE_LAST };

static size_t longest_key(enum where where, int n)
{
    char low[BOARD_KEY_MAX + 1] = "", high[BOARD_KEY_MAX + 1] = "", key[BOARD_KEY_MAX + 1];
    if (where == BEHIND_FIRST || where == BEFORE_LAST)
        set_key(low, "V"), set_key(high, "V1");
    size_t longest = 0;
    for (int i = 0; i < n; i++) {
        struct err e = {0};
        if (!board_key_between(str_of(low), str_of(high), key, &e))
            fail_msg("after %d: %s", i, e.text);
        if (strcmp(low, key) >= 0 || (*high && strcmp(key, high) >= 0))
            fail_msg("%s is not between %s and %s", key, low, high);
        longest = MAX(longest, strlen(key));
        set_key(where == AT_END || where == BEFORE_LAST ? low : high, key);
    }
    return longest;
}

static void keys_grow_slowly_under_the_usual_hands(void **state)
{
    (void)state;
    assert_in_range(longest_key(AT_END, 10000), 1, 4);
    assert_in_range(longest_key(AT_TOP, 10000), 1, 4);
    assert_in_range(longest_key(AT_END, 1000000), 1, 8);
    assert_in_range(longest_key(BEHIND_FIRST, 100000), 1, 10);
    assert_in_range(longest_key(BEFORE_LAST, 100000), 1, 10);
}

static void a_full_gap_is_refused_in_words_after_many(void **state)
{
    (void)state;
    char low[BOARD_KEY_MAX + 1] = "V", high[BOARD_KEY_MAX + 1] = "W", key[BOARD_KEY_MAX + 1];
    struct err e = {0};
    int n = 0;
    while (n < 10000 && board_key_between(str_of(low), str_of(high), key, &e))
        set_key(n++ % 2 ? low : high, key);
    assert_int_equal(e.code, ERR_LIMIT);
    assert_in_range(n, 80, 9999);
}

static void ten_thousand_cards_in_a_column_are_quick(void **state)
{
    (void)state;
    struct board b = todo_doing_done();
    for (int i = 1; i <= 10000; i++)
        add(&b, i, "Todo", i % 3 ? BOARD_END : 0);
    assert_int_equal(b.live, 10000);
    assert_sound(&b);
    for (size_t i = 0; i < 10000; i += 777) {
        const struct card *c = b.columns.v[0].cards.v[i];
        assert_int_equal(board_place(&b, c), i);
    }
    board_finish(&b);
}

/* Notes are numbered from the same counter. */
static void numbers_that_are_no_cards_leave_gaps(void **state)
{
    (void)state;
    struct board b = todo_doing_done();
    add(&b, board_take_number(&b), "Todo", BOARD_END);
    assert_int_equal(board_take_number(&b), 2);
    add(&b, board_take_number(&b), "Todo", BOARD_END);
    assert_sound(&b);
    board_pass_number(&b, 7);
    board_pass_number(&b, 5);
    assert_int_equal(b.next_number, 8);
    assert_null(board_card(&b, 2));
    assert_sound(&b);
    board_finish(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(column_names_ignore_case_and_empty_is_the_first),
        cmocka_unit_test(bad_columns_are_refused),
        cmocka_unit_test(a_copy_is_equal_and_its_own),
        cmocka_unit_test(a_key_between_two_is_between_them),
        cmocka_unit_test(what_is_no_key_is_refused),
        cmocka_unit_test(keys_grow_slowly_under_the_usual_hands),
        cmocka_unit_test(a_full_gap_is_refused_in_words_after_many),
        cmocka_unit_test(numbers_that_are_no_cards_leave_gaps),
        cmocka_unit_test(ten_thousand_cards_in_a_column_are_quick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
