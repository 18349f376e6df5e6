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

static const struct str column_names[] = {
    {"Todo", 4},
    {"Doing", 5},
    {"Done", 4},
};

/* Cards 1 to 5 in Todo, in this order; 6 in Doing; 7 archived. */
static struct board small_board(void)
{
    struct board b;
    board_init(&b);
    for (size_t i = 0; i < COUNT_OF(column_names); i++)
        assert_true(board_add_column(&b, column_names[i], NULL));
    for (int n = 1; n <= 7; n++) {
        struct str column = column_names[n == 6];
        char key[BOARD_KEY_MAX + 1];
        assert_true(board_key_for(&b, column, BOARD_END, 0, key, NULL));
        struct board_action a = {.kind = BOARD_ADD,
                                 .number = n,
                                 .title = STR("a card"),
                                 .column = column,
                                 .key = str_of(key)};
        assert_true(board_apply(&b, &a, NULL, NULL, NULL));
    }
    struct board_action archive = {.kind = BOARD_ARCHIVE, .number = 7};
    assert_true(board_apply(&b, &archive, NULL, NULL, NULL));
    return b;
}

static void assert_sound(const struct board *b)
{
    struct err e = {0};
    if (!board_check(b, &e))
        fail_msg("%s", e.text);
}

static void assert_order(const struct board *b, int column, const char *expected)
{
    char got[200] = "";
    size_t n = 0;
    vec_each (c, &b->columns.v[column].cards)
        n += (size_t)snprintf(got + n, sizeof got - n, "%s%lld", n ? " " : "",
                              (long long)(*c)->number);
    assert_string_equal(got, expected);
}

static void move(struct board *b, int64_t number, const char *column, int64_t after)
{
    char key[BOARD_KEY_MAX + 1];
    struct err e = {0};
    if (!board_key_for(b, str_of(column), after, number, key, &e))
        fail_msg("%s", e.text);
    struct board_action a = {
        .kind = BOARD_MOVE, .number = number, .column = str_of(column), .key = str_of(key)};
    if (!board_apply(b, &a, NULL, NULL, &e))
        fail_msg("%s", e.text);
    assert_sound(b);
}

static void a_card_moves_to_where_after_says(void **state)
{
    (void)state;
    static const struct {
        int64_t number, after;
        const char *column, *todo, *doing;
    } rows[] = {
        {1, 3, "Todo", "2 3 1 4 5", "6"},
        {5, 0, "Todo", "5 1 2 3 4", "6"},
        {5, 1, "Todo", "1 5 2 3 4", "6"},
        {1, BOARD_END, "Todo", "2 3 4 5 1", "6"},
        {3, 2, "Todo", "1 2 3 4 5", "6"},
        {3, 0, "Doing", "1 2 4 5", "3 6"},
        {3, 6, "doing", "1 2 4 5", "6 3"},
        {1, 0, "Todo", "1 2 3 4 5", "6"},
        {5, BOARD_END, "Todo", "1 2 3 4 5", "6"},
        {2, BOARD_END, "Doing", "1 3 4 5", "6 2"},
        {6, 4, "", "1 2 3 4 6 5", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct board b = small_board();
        move(&b, rows[i].number, rows[i].column, rows[i].after);
        assert_order(&b, 0, rows[i].todo);
        assert_order(&b, 1, rows[i].doing);
        board_finish(&b);
    }
}

static void after_must_be_a_card_of_that_column(void **state)
{
    (void)state;
    static const struct {
        int64_t after;
        const char *column;
    } rows[] = {{6, "Todo"}, {99, "Todo"}, {-3, "Todo"}, {1, "Nowhere"}, {2, "Todo"}};
    struct board b = small_board();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char key[BOARD_KEY_MAX + 1];
        struct err e = {0};
        if (board_key_for(&b, str_of(rows[i].column), rows[i].after, 2, key, &e))
            fail_msg("row %zu gave %s", i, key);
        assert_int_equal(e.code, ERR_NOT_FOUND);
    }
    board_finish(&b);
}

/* Somebody archives the neighbour while another is put behind it. */
static void behind_an_archived_card_is_where_it_stood(void **state)
{
    (void)state;
    static const struct {
        int64_t gone[2], moved;
        const char *todo;
    } rows[] = {
        {{2}, 4, "1 4 3 5"}, {{1}, 4, "4 2 3 5"},  {{5}, 1, "2 3 4 1"},
        {{2}, 3, "1 3 4 5"}, {{2, 3}, 5, "1 5 4"}, {{3, 2}, 1, "1 4 5"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct board b;
        char key[BOARD_KEY_MAX + 1];
        board_init(&b);
        board_add_column(&b, STR("Todo"), NULL);
        for (int64_t n = 1; n <= 5; n++) {
            struct board_action add = {.kind = BOARD_ADD, .number = n, .title = STR("x")};
            assert_true(board_key_for(&b, STR("Todo"), BOARD_END, 0, key, NULL));
            add.key = str_of(key);
            assert_true(board_apply(&b, &add, NULL, NULL, NULL));
        }
        for (int k = 0; k < 2 && rows[i].gone[k]; k++)
            board_apply(
                &b, &(struct board_action){.kind = BOARD_ARCHIVE, .number = rows[i].gone[k]},
                NULL, NULL, NULL);
        move(&b, rows[i].moved, "Todo", rows[i].gone[0]);
        assert_order(&b, 0, rows[i].todo);
        board_finish(&b);
    }
}

static void a_key_for_a_place_between_equal_keys_goes_behind_them(void **state)
{
    (void)state;
    struct board b;
    board_init(&b);
    board_add_column(&b, STR("Todo"), NULL);
    for (int n = 1; n <= 3; n++) {
        struct board_action a = {.kind = BOARD_ADD,
                                 .number = n,
                                 .title = STR("x"),
                                 .column = STR("Todo"),
                                 .key = n < 3 ? STR("V") : STR("X")};
        assert_true(board_apply(&b, &a, NULL, NULL, NULL));
    }
    char key[BOARD_KEY_MAX + 1];
    assert_true(board_key_for(&b, STR("Todo"), 1, 0, key, NULL));
    assert_string_equal(key, "W");
    board_finish(&b);
}

static void what_does_not_fit_changes_nothing(void **state)
{
    (void)state;
    static char long_title[BOARD_TITLE_MAX + 2];
    memset(long_title, 'x', BOARD_TITLE_MAX + 1);
    const struct {
        struct board_action action;
        enum err_code code;
    } rows[] = {
        {{.kind = BOARD_ADD,
          .number = 1,
          .title = STR("x"),
          .column = STR("Todo"),
          .key = STR("V")},
         ERR_EXISTS},
        {{.kind = BOARD_ADD,
          .number = 7,
          .title = STR("x"),
          .column = STR("Todo"),
          .key = STR("V")},
         ERR_EXISTS},
        {{.kind = BOARD_ADD,
          .number = 0,
          .title = STR("x"),
          .column = STR("Todo"),
          .key = STR("V")},
         ERR_BAD_FIELD},
        {{.kind = BOARD_ADD,
          .number = BOARD_END,
          .title = STR("x"),
          .column = STR("Todo"),
          .key = STR("V")},
         ERR_BAD_FIELD},
        {{.kind = BOARD_ADD,
          .number = 8,
          .title = STR(""),
          .column = STR("Todo"),
          .key = STR("V")},
         ERR_BAD_FIELD},
        {{.kind = BOARD_ADD,
          .number = 8,
          .title = str_of(long_title),
          .column = STR("Todo"),
          .key = STR("V")},
         ERR_BAD_FIELD},
        {{.kind = BOARD_ADD,
          .number = 8,
          .title = STR("a\0b"),
          .column = STR("Todo"),
          .key = STR("V")},
         ERR_BAD_FIELD},
        {{.kind = BOARD_ADD,
          .number = 8,
          .title = STR("x"),
          .column = STR("Later"),
          .key = STR("V")},
         ERR_NOT_FOUND},
        {{.kind = BOARD_ADD,
          .number = 8,
          .title = STR("x"),
          .column = STR("Todo"),
          .key = STR("V0")},
         ERR_BAD_FIELD},
        {{.kind = BOARD_ADD,
          .number = 8,
          .title = STR("x"),
          .column = STR("Todo"),
          .key = STR("")},
         ERR_BAD_FIELD},
        {{.kind = BOARD_EDIT,
          .number = 99,
          .title = STR("x"),
          .column = STR(""),
          .key = STR("")},
         ERR_NOT_FOUND},
        {{.kind = BOARD_EDIT,
          .number = 7,
          .title = STR("x"),
          .column = STR(""),
          .key = STR("")},
         ERR_CONFLICT},
        {{.kind = BOARD_EDIT,
          .number = 1,
          .title = STR("two\nlines"),
          .column = STR(""),
          .key = STR("")},
         ERR_BAD_FIELD},
        {{.kind = BOARD_MOVE,
          .number = 99,
          .title = STR(""),
          .column = STR("Todo"),
          .key = STR("V")},
         ERR_NOT_FOUND},
        {{.kind = BOARD_MOVE,
          .number = 7,
          .title = STR(""),
          .column = STR("Todo"),
          .key = STR("V")},
         ERR_CONFLICT},
        {{.kind = BOARD_MOVE,
          .number = 1,
          .title = STR(""),
          .column = STR("Later"),
          .key = STR("V")},
         ERR_NOT_FOUND},
        {{.kind = BOARD_MOVE,
          .number = 1,
          .title = STR(""),
          .column = STR("Todo"),
          .key = STR("!")},
         ERR_BAD_FIELD},
        {{.kind = BOARD_ARCHIVE,
          .number = 7,
          .title = STR(""),
          .column = STR(""),
          .key = STR("")},
         ERR_CONFLICT},
        {{.kind = BOARD_ARCHIVE,
          .number = 99,
          .title = STR(""),
          .column = STR(""),
          .key = STR("")},
         ERR_NOT_FOUND},
        {{.kind = BOARD_RESTORE,
          .number = 1,
          .title = STR("x"),
          .column = STR("Todo"),
          .key = STR("V")},
         ERR_CONFLICT},
        {{.kind = BOARD_RESTORE,
          .number = 7,
          .title = STR("x"),
          .column = STR("Later"),
          .key = STR("V")},
         ERR_NOT_FOUND},
        {{.kind = BOARD_REMOVE,
          .number = 99,
          .title = STR(""),
          .column = STR(""),
          .key = STR("")},
         ERR_NOT_FOUND},
        {{.kind = BOARD_REMOVE,
          .number = 7,
          .title = STR(""),
          .column = STR(""),
          .key = STR("")},
         ERR_CONFLICT},
    };
    struct board b = small_board(), before;
    board_init(&before);
    board_copy(&before, &b);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct err e = {0};
        if (board_apply(&b, &rows[i].action, NULL, NULL, &e) || e.code != rows[i].code)
            fail_msg("row %zu: %s %s", i, err_name(e.code), e.text);
        assert_true(board_is_equal(&b, &before));
        assert_int_equal(b.next_number, before.next_number);
        assert_sound(&b);
    }
    board_finish(&before);
    board_finish(&b);
}

static void an_unknown_card_can_be_restored(void **state)
{
    (void)state;
    struct board b = small_board();
    struct board_action a = {.kind = BOARD_RESTORE,
                             .number = 40,
                             .title = STR("old"),
                             .column = STR("Done"),
                             .key = STR("V")};
    assert_true(board_apply(&b, &a, NULL, NULL, NULL));
    assert_order(&b, 2, "40");
    assert_int_equal(b.next_number, 41);
    board_finish(&b);
}

static uint64_t next(uint64_t *seed)
{
    uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* An action that now and then does not fit. */
static struct board_action random_action(const struct board *b, uint64_t *seed, char *key)
{
    struct board_action a = {.kind = (enum board_action_kind)(next(seed) % (BOARD_REMOVE + 1)),
                             .number = (int64_t)(next(seed) % 30) - 2,
                             .title = next(seed) % 2 ? STR("one") : STR("two"),
                             .column = column_names[next(seed) % 3]};
    if (a.kind == BOARD_ADD && b->next_number < 28)
        a.number = b->next_number;
    const struct column *col = &b->columns.v[board_column(b, a.column)];
    int64_t after = 0;
    if (col->cards.n)
        after = next(seed) % 4 ? col->cards.v[next(seed) % col->cards.n]->number : BOARD_END;
    if (!board_key_for(b, a.column, after, a.number, key, NULL))
        set_key(key, "V");
    a.key = str_of(key);
    return a;
}

static void applied_and_taken_back_is_as_before(void **state)
{
    (void)state;
    uint64_t seed = 7;
    struct board b = small_board(), before;
    struct arena arena = {0};
    board_init(&before);
    for (int i = 0; i < 20000; i++) {
        char key[BOARD_KEY_MAX + 1];
        struct board_action a = random_action(&b, &seed, key), inverse, again;
        board_copy(&before, &b);
        if (!board_apply(&b, &a, &inverse, &arena, NULL)) {
            assert_true(board_is_equal(&b, &before));
            continue;
        }
        assert_sound(&b);
        assert_true(board_apply(&b, &inverse, &again, &arena, NULL));
        assert_sound(&b);
        if (!board_is_equal(&b, &before))
            fail_msg("step %d: kind %d of card %lld", i, a.kind, (long long)a.number);
        assert_true(board_apply(&b, &a, NULL, NULL, NULL));
        arena_clear(&arena);
    }
    arena_finish(&arena);
    board_finish(&before);
    board_finish(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_moves_to_where_after_says),
        cmocka_unit_test(after_must_be_a_card_of_that_column),
        cmocka_unit_test(behind_an_archived_card_is_where_it_stood),
        cmocka_unit_test(a_key_for_a_place_between_equal_keys_goes_behind_them),
        cmocka_unit_test(what_does_not_fit_changes_nothing),
        cmocka_unit_test(an_unknown_card_can_be_restored),
        cmocka_unit_test(applied_and_taken_back_is_as_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
