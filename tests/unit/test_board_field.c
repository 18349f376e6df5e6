/* What a card carries besides its title: which values there are, sets that merge, changes that
 * are taken back, circles, and who set a field last. */
#include "board_action.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A board with cards 1 to n. */
static struct board board_of(int n)
{
    struct board b;
    board_init(&b);
    assert_true(board_add_column(&b, STR("Todo"), NULL));
    for (int i = 1; i <= n; i++) {
        char key[BOARD_KEY_MAX + 1];
        assert_true(board_key_for(&b, STR("Todo"), BOARD_END, 0, key, NULL));
        struct board_action a = {.kind = BOARD_ADD,
                                 .number = i,
                                 .title = STR("a card"),
                                 .column = STR("Todo"),
                                 .key = str_of(key)};
        assert_true(board_apply(&b, &a, NULL, NULL, NULL));
    }
    return b;
}

struct by { /* who changes it, by which event */
    int64_t seq;
    const char *author, *client;
};

static enum err_code change(struct board *b, int64_t number, enum card_field f,
                            const char *value, bool gone, struct by by,
                            struct board_action *inverse, struct arena *arena)
{
    struct card_change c = {f, str_of(value), gone};
    struct card_stamp stamp = {.seq = by.seq};
    struct err e = {0};
    snprintf(stamp.author, sizeof stamp.author, "%s", by.author ? by.author : "");
    snprintf(stamp.client, sizeof stamp.client, "%s", by.client ? by.client : "");
    struct board_action a = {.kind = BOARD_EDIT,
                             .number = number,
                             .changes = &c,
                             .changes_n = 1,
                             .stamp = by.seq ? &stamp : NULL};
    board_apply(b, &a, inverse, arena, &e);
    return e.code;
}

static enum err_code set(struct board *b, int64_t number, enum card_field f, const char *value)
{
    return change(b, number, f, value, false, (struct by){0}, NULL, NULL);
}

static void a_field_takes_what_its_row_allows(void **state)
{
    (void)state;
    static const char long_label[] = "123456789012345678901234567890123";
    static const struct {
        enum card_field field;
        const char *value;
        bool ok;
    } rows[] = {
        {CARD_PRIORITY, "urgent", true},
        {CARD_PRIORITY, "Urgent", false},
        {CARD_PRIORITY, "", true},
        {CARD_DUE, "2026-11-30", true},
        {CARD_DUE, "2024-02-29", true},
        {CARD_DUE, "2026-02-29", false},
        {CARD_DUE, "2100-02-29", false},
        {CARD_DUE, "2026-13-01", false},
        {CARD_DUE, "2026-00-10", false},
        {CARD_DUE, "2026-1-1", false},
        {CARD_DUE, "1969-12-31", false},
        {CARD_DUE, "99999-01-01", false},
        {CARD_DUE, "2026-11-3x", false},
        {CARD_DUE, "", true},
        {CARD_ASSIGNEE, "ana", true},
        {CARD_ASSIGNEE, "", false},
        {CARD_ASSIGNEE, "a b", false},
        {CARD_ASSIGNEE, "-ana", false},
        {CARD_ASSIGNEE, "\x1b[31m", false},
        {CARD_LABEL, "bug", true},
        {CARD_LABEL, "größe", true},
        {CARD_LABEL, "two words", false},
        {CARD_LABEL, "a,b", false},
        {CARD_LABEL, "bell\a", false},
        {CARD_LABEL, "\xff", false},
        {CARD_LABEL, long_label, false},
        {CARD_LABEL, long_label + 1, true},
        {CARD_BLOCKER, "2", true},
        {CARD_BLOCKER, "-7", true},
        {CARD_BLOCKER, "0", false},
        {CARD_BLOCKER, "02", false},
        {CARD_BLOCKER, "-", false},
        {CARD_BLOCKER, "99999999999999999999", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct board b = board_of(2);
        enum err_code code = set(&b, 1, rows[i].field, rows[i].value);
        if ((code == ERR_NONE) != rows[i].ok || (code && code != ERR_BAD_FIELD))
            fail_msg("%s '%s': %s", card_fields[rows[i].field].name, rows[i].value,
                     err_name(code));
        board_finish(&b);
    }
}

static void values_of_a_set_come_and_go_one_by_one(void **state)
{
    (void)state;
    struct board b = board_of(1);
    const struct card *c = board_card(&b, 1);
    assert_int_equal(set(&b, 1, CARD_LABEL, "bug"), ERR_NONE);
    assert_int_equal(set(&b, 1, CARD_LABEL, "ui"), ERR_NONE);
    assert_int_equal(set(&b, 1, CARD_LABEL, "bug"), ERR_NONE); /* as somebody else did */
    assert_int_equal(card_count(c, CARD_LABEL), 2);
    struct by nobody = {0};
    assert_int_equal(change(&b, 1, CARD_LABEL, "bug", true, nobody, NULL, NULL), ERR_NONE);
    assert_int_equal(change(&b, 1, CARD_LABEL, "bug", true, nobody, NULL, NULL), ERR_NONE);
    assert_false(card_has(c, CARD_LABEL, STR("bug")));
    assert_true(card_has(c, CARD_LABEL, STR("ui")));
    board_finish(&b);
}

static void a_set_has_a_bound(void **state)
{
    (void)state;
    struct board b = board_of(1);
    char label[16];
    for (int i = 0; i < CARD_VALUES_MAX; i++) {
        snprintf(label, sizeof label, "l%d", i);
        assert_int_equal(set(&b, 1, CARD_LABEL, label), ERR_NONE);
    }
    assert_int_equal(set(&b, 1, CARD_LABEL, "more"), ERR_LIMIT);
    assert_int_equal(set(&b, 1, CARD_LABEL, "l0"), ERR_NONE); /* is there */
    assert_int_equal(set(&b, 1, CARD_ASSIGNEE, "ana"), ERR_NONE);
    board_finish(&b);
}

static void of_several_changes_all_are_made_or_none(void **state)
{
    (void)state;
    struct board b = board_of(1);
    struct card_change changes[] = {{CARD_LABEL, STR("bug"), false},
                                    {CARD_DUE, STR("soon"), false}};
    struct board_action a = {.kind = BOARD_EDIT,
                             .number = 1,
                             .title = STR("new"),
                             .changes = changes,
                             .changes_n = 2};
    struct err e = {0};
    assert_false(board_apply(&b, &a, NULL, NULL, &e));
    assert_int_equal(e.code, ERR_BAD_FIELD);
    assert_int_equal(card_count(board_card(&b, 1), CARD_LABEL), 0);
    assert_string_equal(board_card(&b, 1)->title, "a card");
    board_finish(&b);
}

static void a_change_is_taken_back(void **state)
{
    (void)state;
    struct board b = board_of(2), before = {0};
    set(&b, 1, CARD_PRIORITY, "low");
    set(&b, 1, CARD_LABEL, "old");
    board_init(&before);
    board_copy(&before, &b);
    struct card_change changes[] = {
        {CARD_PRIORITY, STR("high"), false},  {CARD_PRIORITY, STR("urgent"), false},
        {CARD_DUE, STR("2026-12-24"), false}, {CARD_LABEL, STR("old"), true},
        {CARD_LABEL, STR("new"), false},      {CARD_LABEL, STR("new"), false},
        {CARD_BLOCKER, STR("2"), false},
    };
    struct board_action inverse, a = {.kind = BOARD_EDIT,
                                      .number = 1,
                                      .title = STR("other"),
                                      .changes = changes,
                                      .changes_n = COUNT_OF(changes)};
    struct arena arena = {0};
    assert_true(board_apply(&b, &a, &inverse, &arena, NULL));
    assert_true(str_is(card_scalar(board_card(&b, 1), CARD_PRIORITY), "urgent"));
    assert_false(board_is_equal(&b, &before));
    assert_true(board_apply(&b, &inverse, NULL, NULL, NULL));
    assert_true(board_is_equal(&b, &before));
    arena_finish(&arena);
    board_finish(&before);
    board_finish(&b);
}

static void cards_never_wait_in_a_circle(void **state)
{
    (void)state;
    struct board b = board_of(4);
    assert_int_equal(set(&b, 1, CARD_BLOCKER, "1"), ERR_CONFLICT);
    assert_int_equal(set(&b, 1, CARD_BLOCKER, "2"), ERR_NONE);
    assert_int_equal(set(&b, 2, CARD_BLOCKER, "3"), ERR_NONE);
    assert_int_equal(set(&b, 2, CARD_BLOCKER, "4"), ERR_NONE);
    assert_int_equal(set(&b, 3, CARD_BLOCKER, "4"), ERR_NONE);
    assert_int_equal(set(&b, 4, CARD_BLOCKER, "1"), ERR_CONFLICT);
    struct by nobody = {0};
    assert_int_equal(change(&b, 1, CARD_BLOCKER, "2", true, nobody, NULL, NULL), ERR_NONE);
    assert_int_equal(set(&b, 4, CARD_BLOCKER, "1"), ERR_NONE);
    board_finish(&b);
}

static void who_did_not_see_a_value_is_in_conflict(void **state)
{
    (void)state;
    struct board b = board_of(1);
    const struct card *c = board_card(&b, 1);
    struct str ana = STR("ana"), ben = STR("ben"), one = STR("clientone"),
               two = STR("clienttwo");
    assert_false(card_conflicts(c, CARD_DUE, 0, ben, two)); /* nobody set it */
    change(&b, 1, CARD_DUE, "2026-12-01", false, (struct by){10, "ana", "clientone"}, NULL,
           NULL);
    assert_true(card_conflicts(c, CARD_DUE, 9, ben, two));
    assert_false(card_conflicts(c, CARD_DUE, 10, ben, two));
    assert_false(card_conflicts(c, CARD_DUE, -1, ben, two));     /* does not mind */
    assert_false(card_conflicts(c, CARD_DUE, 9, ana, one));      /* her own */
    assert_true(card_conflicts(c, CARD_DUE, 9, ana, two));       /* on another machine */
    assert_false(card_conflicts(c, CARD_PRIORITY, 9, ben, two)); /* another field */
    change(&b, 1, CARD_LABEL, "bug", false, (struct by){11, "ana", "clientone"}, NULL, NULL);
    assert_false(card_conflicts(c, CARD_LABEL, 9, ben, two)); /* sets merge */
    board_finish(&b);
}

static void values_and_stamps_outlive_a_restart(void **state)
{
    (void)state;
    struct board b = board_of(3), again = board_of(3);
    struct by ana = {10, "ana", "clientone"};
    change(&b, 1, CARD_DUE, "2026-12-01", false, ana, NULL, NULL);
    change(&b, 1, CARD_DUE, "", false, (struct by){12, "ben", "clienttwo"}, NULL, NULL);
    change(&b, 1, CARD_PRIORITY, "high", false, ana, NULL, NULL);
    set(&b, 1, CARD_LABEL, "bug");
    set(&b, 1, CARD_BLOCKER, "3");
    struct buf text = {0}, text_again = {0};
    struct err e = {0};
    card_print(board_card(&b, 1), &text);
    assert_true(board_read_values(&again, 1, buf_str(&text), &e));
    assert_true(board_is_equal(&b, &again));
    assert_true(card_conflicts(board_card(&again, 1), CARD_DUE, 11, STR("ana"), STR("x")));
    card_print(board_card(&again, 1), &text_again);
    assert_true(str_eq(buf_str(&text), buf_str(&text_again)));
    buf_finish(&text);
    buf_finish(&text_again);
    board_finish(&b);
    board_finish(&again);
}

static void broken_values_are_not_read(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "colour\t0\t\t\tred\n",
        "due\t0\t\t\tsoon\n",
        "due\tx\tana\tc\t2026-12-01\n",
        "due\t-3\tana\tc\t2026-12-01\n",
        "label",
        "label\t0\t\t\t\n",
        "\n",
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct board b = board_of(1);
        struct err e = {0};
        if (board_read_values(&b, 1, str_of(rows[i]), &e) || e.code == ERR_NONE)
            fail_msg("taken: %s", rows[i]);
        board_finish(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_field_takes_what_its_row_allows),
        cmocka_unit_test(values_of_a_set_come_and_go_one_by_one),
        cmocka_unit_test(a_set_has_a_bound),
        cmocka_unit_test(of_several_changes_all_are_made_or_none),
        cmocka_unit_test(a_change_is_taken_back),
        cmocka_unit_test(cards_never_wait_in_a_circle),
        cmocka_unit_test(who_did_not_see_a_value_is_in_conflict),
        cmocka_unit_test(values_and_stamps_outlive_a_restart),
        cmocka_unit_test(broken_values_are_not_read),
    };
    return cmocka_run_group_tests_name("board_field", tests, NULL, NULL);
}
