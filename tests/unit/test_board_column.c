/* Columns come, change, move and go, and take their cards along. */
#include "board_action.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *const cards[][2] = {
    {"Todo", "A"}, {"Doing", "A"}, {"Doing", "B"}, {"Doing", "C"}, {"Done", "A"}};

/* Cards 1 in Todo, 2 to 4 in Doing (4 archived), 5 in Done. */
static struct board small_board(void)
{
    struct board b;
    board_init(&b);
    assert_true(board_add_column(&b, STR("Todo"), NULL));
    assert_true(board_add_column(&b, STR("Doing"), NULL));
    assert_true(board_add_column(&b, STR("Done"), NULL));
    for (size_t i = 0; i < COUNT_OF(cards); i++) {
        struct board_action a = {.kind = BOARD_ADD,
                                 .number = (int64_t)i + 1,
                                 .title = STR("card"),
                                 .column = str_of(cards[i][0]),
                                 .key = str_of(cards[i][1])};
        assert_true(board_apply(&b, &a, NULL, NULL, NULL));
    }
    struct board_action archive = {.kind = BOARD_ARCHIVE, .number = 4};
    assert_true(board_apply(&b, &archive, NULL, NULL, NULL));
    return b;
}

static void expect_columns(const struct board *b, const char *expected)
{
    struct buf names = {0};
    struct err e = {0};
    vec_each (col, &b->columns) {
        buf_fmt(&names, "%s%s:", names.n ? " " : "", col->name);
        vec_each (c, &col->cards)
            buf_fmt(&names, "%lld", (long long)(*c)->number);
    }
    assert_string_equal(buf_cstr(&names), expected);
    if (!board_check(b, &e))
        fail_msg("%s", e.text);
    buf_finish(&names);
}

/* Applies it, and shows that its inverse leads back. */
static void expect_after(const struct board_action *a, const char *expected)
{
    struct board b = small_board(), before = small_board();
    struct arena arena = {0};
    struct board_action inverse;
    struct err e = {0};
    if (!board_apply(&b, a, &inverse, &arena, &e))
        fail_msg("%s", e.text);
    expect_columns(&b, expected);
    assert_true(board_apply(&b, &inverse, NULL, NULL, &e));
    expect_columns(&b, "Todo:1 Doing:23 Done:5");
    assert_true(board_is_equal(&b, &before));
    assert_int_equal(board_card(&b, 4)->column, 1);
    arena_finish(&arena);
    board_finish(&b);
    board_finish(&before);
}

static void each_change_does_what_it_says_and_can_be_taken_back(void **state)
{
    (void)state;
    static const struct {
        struct board_action a;
        const char *after;
    } rows[] = {
        {{.kind = BOARD_COLUMN_ADD, .column = {"Next", 4}, .place = 1, .limit = 2},
         "Todo:1 Next: Doing:23 Done:5"},
        {{.kind = BOARD_COLUMN_ADD, .column = {"Next", 4}, .place = 3},
         "Todo:1 Doing:23 Done:5 Next:"},
        {{.kind = BOARD_COLUMN_EDIT, .column = {"doing", 5}, .name = {"Now", 3}, .limit = -1},
         "Todo:1 Now:23 Done:5"},
        {{.kind = BOARD_COLUMN_EDIT, .column = {"Doing", 5}, .limit = 1},
         "Todo:1 Doing:23 Done:5"},
        {{.kind = BOARD_COLUMN_MOVE, .column = {"Doing", 5}, .place = 0},
         "Doing:23 Todo:1 Done:5"},
        {{.kind = BOARD_COLUMN_MOVE, .column = {"Todo", 4}, .place = 2},
         "Doing:23 Done:5 Todo:1"},
        {{.kind = BOARD_COLUMN_REMOVE,
          .column = {"Doing", 5},
          .name = {"Todo", 4},
          .key = {"B", 1}},
         "Todo:123 Done:5"},
        {{.kind = BOARD_COLUMN_REMOVE,
          .column = {"Todo", 4},
          .name = {"Done", 4},
          .key = {"B", 1}},
         "Doing:23 Done:51"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        expect_after(&rows[i].a, rows[i].after);
}

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    static const struct {
        struct board_action a;
        enum err_code code;
    } rows[] = {
        {{.kind = BOARD_COLUMN_ADD, .column = {"DONE", 4}}, ERR_EXISTS},
        {{.kind = BOARD_COLUMN_ADD, .column = {"a\nb", 3}}, ERR_BAD_FIELD},
        {{.kind = BOARD_COLUMN_ADD}, ERR_BAD_FIELD},
        {{.kind = BOARD_COLUMN_ADD, .column = {"x", 1}, .place = 4}, ERR_BAD_FIELD},
        {{.kind = BOARD_COLUMN_ADD, .column = {"x", 1}, .limit = -1}, ERR_BAD_FIELD},
        {{.kind = BOARD_COLUMN_EDIT, .column = {"Todo", 4}, .name = {"done", 4}}, ERR_EXISTS},
        {{.kind = BOARD_COLUMN_EDIT, .column = {"Nope", 4}}, ERR_NOT_FOUND},
        {{.kind = BOARD_COLUMN_MOVE, .column = {"Todo", 4}, .place = 3}, ERR_BAD_FIELD},
        {{.kind = BOARD_COLUMN_MOVE, .column = {"", 0}}, ERR_NOT_FOUND},
        {{.kind = BOARD_COLUMN_REMOVE,
          .column = {"Todo", 4},
          .name = {"Todo", 4},
          .key = {"B", 1}},
         ERR_BAD_FIELD},
        {{.kind = BOARD_COLUMN_REMOVE,
          .column = {"Todo", 4},
          .name = {"Nope", 4},
          .key = {"B", 1}},
         ERR_NOT_FOUND},
        {{.kind = BOARD_COLUMN_REMOVE,
          .column = {"Todo", 4},
          .name = {"Done", 4},
          .key = {"A", 1}},
         ERR_BAD_FIELD},
        {{.kind = BOARD_COLUMN_DROP, .column = {"Doing", 5}}, ERR_CONFLICT},
    };
    struct board b = small_board();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct err e = {0};
        assert_false(board_apply(&b, &rows[i].a, NULL, NULL, &e));
        if (e.code != rows[i].code)
            fail_msg("row %zu: %s", i, e.text);
        expect_columns(&b, "Todo:1 Doing:23 Done:5");
    }
    board_finish(&b);
}

static void the_last_column_stays(void **state)
{
    (void)state;
    struct board b;
    struct err e = {0};
    struct board_action a = {
        .kind = BOARD_COLUMN_REMOVE, .column = STR("Todo"), .name = STR("Todo")};
    board_init(&b);
    assert_true(board_add_column(&b, STR("Todo"), NULL));
    assert_false(board_apply(&b, &a, NULL, NULL, &e));
    assert_int_equal(e.code, ERR_CONFLICT);
    board_finish(&b);
}

static void new_keys_keep_the_order(void **state)
{
    (void)state;
    struct board b = small_board();
    struct board_action archive = {.kind = BOARD_ARCHIVE, .number = 2}, back;
    struct board_action keys = {.kind = BOARD_COLUMN_KEYS, .column = STR("doing")};
    char key[BOARD_KEY_MAX + 1];
    struct err e = {0};
    assert_true(board_apply(&b, &archive, NULL, NULL, &e));
    assert_true(board_apply(&b, &keys, NULL, NULL, &e));
    expect_columns(&b, "Todo:1 Doing:3 Done:5");
    board_new_key(1, 1, key);
    assert_string_equal(board_card(&b, 3)->key, key);
    assert_true(board_check(&b, &e));
    /* 2 stood before 3, and comes back there */
    assert_true(board_restoring(&b, 2, &back, key, &e));
    assert_true(board_apply(&b, &back, NULL, NULL, &e));
    expect_columns(&b, "Todo:1 Doing:23 Done:5");
    keys.column = STR("Nope");
    assert_false(board_apply(&b, &keys, NULL, NULL, &e));
    board_finish(&b);
}

static void new_keys_are_short_and_apart(void **state)
{
    (void)state;
    char low[BOARD_KEY_MAX + 1], high[BOARD_KEY_MAX + 1];
    for (size_t n = 0; n < BOARD_CARDS_MAX; n += 997) {
        board_new_key(n, BOARD_CARDS_MAX, low);
        board_new_key(n + 1, BOARD_CARDS_MAX, high);
        assert_true(board_key_is_valid(str_of(low)) && board_key_is_valid(str_of(high)));
        assert_true(strcmp(low, high) < 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_change_does_what_it_says_and_can_be_taken_back),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(the_last_column_stays),
        cmocka_unit_test(new_keys_keep_the_order),
        cmocka_unit_test(new_keys_are_short_and_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
