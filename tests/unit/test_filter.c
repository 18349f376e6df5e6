/* Which cards a line of words wants. */
#include "board_action.h"
#include "filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static struct str saved(void *arg, struct str name)
{
    (void)arg;
    return str_is(name, "mine")     ? STR("@me -blocked")
           : str_is(name, "nested") ? STR("saved:mine login")
           : str_is(name, "round")  ? STR("saved:round")
           : str_is(name, "broken") ? STR("due:soon")
           : str_is(name, "empty")  ? STR("")
                                    : (struct str){0};
}

static const struct filter_asker ana = {STR_ROW("ana"), STR_ROW("2026-12-28"), saved, NULL};

static void add(struct board *b, int64_t number, const char *column, const char *title)
{
    char key[8];
    struct board_action a = {.kind = BOARD_ADD, .number = number};
    snprintf(key, sizeof key, "%c", (char)('A' + number));
    a.title = str_of(title);
    a.column = str_of(column);
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

static void fill(struct board *b)
{
    board_init(b);
    board_add_column(b, STR("Todo"), NULL);
    board_add_column(b, STR("In Work"), NULL);
    add(b, 1, "Todo", "Fix the login page");
    add(b, 2, "Todo", "Write \xc3\x84rger down");
    add(b, 3, "In Work", "Ship it");
    set(b, 1, CARD_LABEL, "bug");
    set(b, 1, CARD_ASSIGNEE, "ana");
    set(b, 1, CARD_DUE, "2026-12-27");
    set(b, 2, CARD_PRIORITY, "high");
    set(b, 2, CARD_DUE, "2027-01-04");
    set(b, 3, CARD_BLOCKER, "2");
    set(b, 3, CARD_PRIORITY, "low");
}

static void takes(const struct board *b, const struct filter *f, char *out)
{
    for (int64_t n = 1; n <= 3; n++)
        if (filter_takes(f, b, board_card(b, n)))
            *out++ = (char)('0' + n);
    *out = '\0';
}

static void each_word_takes_its_cards(void **state)
{
    (void)state;
    static const struct {
        const char *text, *cards;
    } rows[] = {
        {"", "123"},
        {"login", "1"},
        {"LOGIN Fix", "1"},
        {"\xc3\xa4rger", "2"},
        {"\"the login\"", "1"},
        {"-\"the login\"", "23"},
        {"\"-it\"", ""},
        {"BUG", "1"},
        {"-bug", "23"},
        {"an", "1"},
        {"ana bug page", "1"},
        {"@ana", "1"},
        {"@me", "1"},
        {"@none", "23"},
        {"-@me", "23"},
        {"label:bug", "1"},
        {"label:none", "23"},
        {"due:none", "3"},
        {"due:overdue", "1"},
        {"due:today", ""},
        {"due:<=7d", "12"},
        {"due:<7d", "1"},
        {"due:7d", "2"},
        {"due:>2026-12-27", "2"},
        {"-due:>2026-12-27", "13"},
        {"priority:high", "2"},
        {"priority:>=low", "23"},
        {"priority:none", "1"},
        {"column:in", "3"},
        {"column:todo -label:bug", "2"},
        {"column:\"in work\"", "3"},
        {"-column:\"In Work\" login", "1"},
        {"column:\"in wo", "3"},
        {"saved:mine", "1"},
        {"-saved:mine", "23"},
        {"saved:nested", "1"},
        {"saved:empty", "123"},
        {"blocked", "3"},
        {"-blocked due:overdue @me login", "1"},
        {"#2", "2"},
        {"#", ""},
        {"why:not", ""},
    };
    struct board b;
    fill(&b);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct filter f = {0};
        char got[4];
        assert_true(filter_parse(&f, str_of(rows[i].text), ana, NULL));
        takes(&b, &f, got);
        if (strcmp(got, rows[i].cards) != 0)
            fail_msg("'%s' takes %s and not %s", rows[i].text, got, rows[i].cards);
        filter_finish(&f);
    }
    board_finish(&b);
}

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *part;
    } rows[] = {
        {"due:soon", "'due:soon' names no day: 2026-12-31, 12-31, today"},
        {"due:<", "names no day"},
        {"due:2026-02-30 x", "2026-02-30"},
        {"priority:blue", "low, medium, high"},
        {"label:", "'label:' does not say which"},
        {"-@ x", "'@' does not say which"},
        {"saved:nosuch", "there is no saved filter 'nosuch'"},
        {"saved:round", "'round' goes round in circles"},
        {"saved:broken", "'due:soon' names no day"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct filter f = {0};
        struct err e = {0};
        assert_false(filter_parse(&f, str_of(rows[i].text), ana, &e));
        assert_int_equal(e.code, ERR_USAGE);
        assert_non_null(strstr(e.text, rows[i].part));
        filter_finish(&f);
    }
}

/* Nobody wants the board to be empty while he writes. */
static void the_word_that_is_being_typed_takes_nothing_away(void **state)
{
    (void)state;
    struct board b;
    struct filter f = {0};
    char got[4];
    fill(&b);
    const char *whole = "label:bug due:<7d";
    for (size_t n = 0; n <= strlen(whole); n++) {
        filter_parse_typed(&f, (struct str){whole, n}, ana, NULL);
        takes(&b, &f, got);
        if (n == strlen("label:") || n == strlen("label:bug due:") || n == strlen(whole))
            assert_non_null(strchr(got, '1'));
    }
    assert_false(filter_parse_typed(&f, STR("due:soon x"), ana, NULL));
    takes(&b, &f, got);
    assert_string_equal(got, "1"); /* as it was */
    filter_finish(&f);
    board_finish(&b);
}

/* As far as a name is written, it takes what the whole one would. */
static void a_name_that_is_being_typed_takes_all_that_begin_so(void **state)
{
    (void)state;
    static const struct {
        const char *text, *cards, *lacks;
    } rows[] = {
        {"@a", "1", ""},
        {"@a ", "", ""},
        {"-@a", "23", ""},
        {"@none", "23", ""},
        {"label:B", "1", ""},
        {"login label:", "1", "does not say"},
        {"-", "123", ""},
        {"@", "123", "not say"},
        {"due:<", "123", "names no day"},
        {"#", "", ""},
        {"saved:m", "123", "no saved"},
        {"saved:mine", "1", ""},
        {"priority:hi", "123", "names no priority"},
    };
    struct board b;
    fill(&b);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct filter f = {0};
        struct err e = {0};
        char got[4];
        assert_true(filter_parse_typed(&f, str_of(rows[i].text), ana, &e));
        takes(&b, &f, got);
        if (strcmp(got, rows[i].cards) != 0 || !strstr(e.text, rows[i].lacks) ||
            (!rows[i].lacks[0] && e.code))
            fail_msg("'%s' takes %s and not %s: %s", rows[i].text, got, rows[i].cards, e.text);
        filter_finish(&f);
    }
    board_finish(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_word_takes_its_cards),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(the_word_that_is_being_typed_takes_nothing_away),
        cmocka_unit_test(a_name_that_is_being_typed_takes_all_that_begin_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
