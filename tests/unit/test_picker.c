#include "picker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct picker cards(void)
{
    struct picker p = {0};
    picker_open(&p, STR(" Cards "), true);
    picker_add(&p, STR("#3 Groups of commits"), STR("Done"), STR("3"), TONE_TEXT, false);
    picker_add(&p, STR("#14 Release 0.2"), STR("Doing"), STR("14"), TONE_TEXT, true);
    picker_add(&p, STR("#40 Parser: reject long lines"), STR("Todo"), STR("40"), TONE_TEXT,
               false);
    picker_filter(&p);
    return p;
}

static void type(struct picker *p, const char *text)
{
    lineedit_set(&p->line, str_of(text));
    picker_filter(p);
}

static void expect(const struct picker *p, size_t n, const char *value)
{
    const struct pick_item *i = picker_selected(p);
    assert_int_equal(picker_count(p), n);
    if (value ? !i || !str_is(i->value, value) : i != NULL)
        fail_msg("%.*s is selected", i ? (int)i->value.n : 0, i ? i->value.p : "");
}

static void what_is_typed_makes_the_list_shorter(void **state)
{
    (void)state;
    struct picker p = cards();
    expect(&p, 3, "3");
    type(&p, "re");
    expect(&p, 2, "14"); /* the one with the word that begins so comes first */
    type(&p, "pars long");
    expect(&p, 1, "40");
    type(&p, "prsrlng");
    expect(&p, 1, "40");
    type(&p, "DOIN");
    expect(&p, 1, "14"); /* the note counts too */
    type(&p, "#4");
    expect(&p, 2, "40");
    type(&p, "zebra");
    expect(&p, 0, NULL);
    type(&p, "");
    expect(&p, 3, "3");
    picker_close(&p);
}

static void better_fits_come_first(void **state)
{
    (void)state;
    static const struct {
        const char *query, *better, *worse;
    } rows[] = {
        {"bu", "bug", "a bug"},
        {"ui", "ui", "build"},
        {"rel", "0.2 release", "parser: else"},
        {"ab", "x ab", "axb"},
        {"fix", "to-fix", "prefix"},
        {"heart", "\xe2\x9d\xa4  :heart:", "\xf0\x9f\x98\x8d  :heart_eyes:"},
        {"smile", ":smile:", ":smiley:"},
        {":ok:", ":ok:", ":ok_hand:"},
        {"bo", "@bo", "@bo+cy"},
        {"@Bo", "@bo", "@bob"},
        {"core", "#core", "#core-dev"},
        {"release", "3 Release 0.2", "Releases of a year"},
        {"\xc3\xa4", "\xc3\x84rger", "h\xc3\xa4tte"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int better = fuzzy_score(str_of(rows[i].query), str_of(rows[i].better));
        int worse = fuzzy_score(str_of(rows[i].query), str_of(rows[i].worse));
        if (better <= worse)
            fail_msg("%s: %s has %d, %s has %d", rows[i].query, rows[i].better, better,
                     rows[i].worse, worse);
    }
    assert_int_equal(fuzzy_score(STR("abc"), STR("acb")), 0);
    assert_true(fuzzy_score(STR(""), STR("anything")) > 0);
}

static void steps_stay_in_the_list(void **state)
{
    (void)state;
    struct picker p = cards();
    picker_step(&p, -1);
    expect(&p, 3, "3");
    picker_step(&p, 2);
    expect(&p, 3, "40");
    picker_step(&p, 1);
    expect(&p, 3, "40");
    assert_int_equal(picker_first(&p, 2), 1);
    assert_int_equal(picker_first(&p, 0), 2);
    type(&p, "re"); /* what fitted before does not keep the place */
    expect(&p, 2, "14");
    picker_close(&p);
}

static void something_new_can_be_offered_behind_the_rest(void **state)
{
    (void)state;
    struct picker p = cards();
    type(&p, "zebra");
    picker_make(&p, STR("zebra"), STR("new"), STR("zebra"));
    expect(&p, 1, "zebra");
    type(&p, "re");
    expect(&p, 2, "14");
    picker_close(&p);
}

static void marks_are_kept_while_others_are_looked_for(void **state)
{
    (void)state;
    struct picker p = cards();
    type(&p, "pars");
    picker_toggle(&p);
    type(&p, "");
    assert_true(picker_shown(&p, 2)->is_on);
    assert_true(picker_shown(&p, 1)->is_on);
    assert_false(picker_shown(&p, 0)->is_on);
    assert_null(picker_shown(&p, 3));
    picker_close(&p);
    assert_false(p.is_open);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_typed_makes_the_list_shorter),
        cmocka_unit_test(better_fits_come_first),
        cmocka_unit_test(steps_stay_in_the_list),
        cmocka_unit_test(something_new_can_be_offered_behind_the_rest),
        cmocka_unit_test(marks_are_kept_while_others_are_looked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
