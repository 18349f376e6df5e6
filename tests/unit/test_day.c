#include "day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int64_t day(const char *text)
{
    int64_t d = 0;
    if (!day_read(str_of(text), &d))
        fail_msg("%s is no day", text);
    return d;
}

static void days_are_counted_from_1970(void **state)
{
    (void)state;
    assert_int_equal(day("1970-01-01"), 0);
    assert_int_equal(day("2000-03-01"), 11017);
    assert_int_equal(day_of_week(day("2026-03-02")), 0); /* a Monday */
    for (int64_t d = 0; d < 40000; d += 13) {
        char text[DAY_TEXT_MAX];
        day_print(d, text);
        assert_int_equal(day(text), d);
    }
}

/* What help and errors list is taken. */
static void every_form_that_is_listed_is_a_day(void **state)
{
    (void)state;
    struct str rest = STR(DAY_FORMS);
    size_t n = 0;
    while (rest.n) {
        struct str word = str_cut(&rest, ' ');
        int64_t d;
        word.n -= word.p[word.n - 1] == ',';
        if (str_is(word, "or"))
            continue;
        if (!day_said(word, day("2026-03-02"), &d))
            fail_msg("%.*s is no day", STR_ARG(word));
        n++;
    }
    assert_int_equal(n, 8);
}

static void what_is_not_in_the_calendar_is_no_day(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",           "2026-02-29", "2026-13-01", "2026-00-10",
                                        "2026-1-1",   "1969-12-31", "2026/01/01", "-026-01-01",
                                        "2026-01-0x", "2026-04-31", "20260101"};
    int64_t d;
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        if (day_read(str_of(wrong[i]), &d))
            fail_msg("\"%s\" was taken", wrong[i]);
}

/* Today is Monday, the 2nd of March 2026. */
static void days_are_understood_as_people_say_them(void **state)
{
    (void)state;
    static const struct {
        const char *said, *day; /* NULL: not understood */
    } rows[] = {
        {"today", "2026-03-02"},
        {"tod", "2026-03-02"},
        {"Tomorrow", "2026-03-03"},
        {"yesterday", "2026-03-01"},
        {"fri", "2026-03-06"},
        {"Monday", "2026-03-09"},
        {"sunday", "2026-03-08"},
        {"3d", "2026-03-05"},
        {"+2w", "2026-03-16"},
        {"1m", "2026-04-02"},
        {"12m", "2027-03-02"},
        {"03-01", "2027-03-01"},
        {"03-02", "2026-03-02"},
        {"02-29", "2028-02-29"},
        {" 2026-12-31 ", "2026-12-31"},
        {"to", NULL},
        {"mo", NULL},
        {"3", NULL},
        {"d", NULL},
        {"-3d", NULL},
        {"13-01", NULL},
        {"fridays", NULL},
        {"", NULL},
        {"99999d", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t d;
        char text[DAY_TEXT_MAX] = "";
        bool ok = day_said(str_of(rows[i].said), day("2026-03-02"), &d);
        if (ok)
            day_print(d, text);
        if (ok != (rows[i].day != NULL) || (ok && strcmp(text, rows[i].day) != 0))
            fail_msg("\"%s\" gave \"%s\"", rows[i].said, text);
    }
}

static void a_month_on_from_its_last_day_stays_in_the_next_one(void **state)
{
    (void)state;
    int64_t d;
    assert_true(day_said(STR("1m"), day("2026-01-31"), &d));
    assert_int_equal(d, day("2026-02-28"));
}

static void how_far_off_is_said_in_a_few_letters(void **state)
{
    (void)state;
    static const struct {
        int by;
        const char *said, *brief;
    } rows[] = {{0, "today", "today"},  {1, "tomorrow", "Tue"},   {4, "Fri", "Fri"},
                {7, "in 7 days", "7d"}, {-1, "yesterday", "-1d"}, {-3, "3 days ago", "-3d"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char said[DAY_SAID_MAX], brief[DAY_SAID_MAX];
        day_say(day("2026-03-02") + rows[i].by, day("2026-03-02"), said);
        day_say_short(day("2026-03-02") + rows[i].by, day("2026-03-02"), brief);
        assert_string_equal(said, rows[i].said);
        assert_string_equal(brief, rows[i].brief);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_counted_from_1970),
        cmocka_unit_test(every_form_that_is_listed_is_a_day),
        cmocka_unit_test(what_is_not_in_the_calendar_is_no_day),
        cmocka_unit_test(days_are_understood_as_people_say_them),
        cmocka_unit_test(a_month_on_from_its_last_day_stays_in_the_next_one),
        cmocka_unit_test(how_far_off_is_said_in_a_few_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
