#include "form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { NAME = 1, PEOPLE, TEXT, LAST };

/* Two fields, a heading, a text of three lines, a last row. */
static struct form filled(void)
{
    struct form f = {0};
    form_add(&f, NAME, "Name");
    form_say(&f, TONE_STRONG, STR("Parser"));
    form_add(&f, PEOPLE, "People");
    form_item(&f, TONE_PERSON, STR("ana"));
    form_say(&f, TONE_TEXT, STR("  "));
    form_item(&f, TONE_PERSON, STR("bo"));
    form_add(&f, 0, "Heading");
    form_add(&f, TEXT, "Text")->is_wide = true;
    form_say(&f, TONE_TEXT, STR("one\ntwo\nthree"));
    form_add(&f, LAST, "Last");
    return f;
}

static void expect_lines(const struct form *f, int width, const char *const want[], size_t n)
{
    struct form_lines l;
    form_lines_of(f, width, &l);
    assert_int_equal(l.lines.n, n);
    for (size_t i = 0; i < n; i++)
        if (!str_is(l.lines.v[i].text, want[i]))
            fail_msg("line %zu of %d columns is \"%.*s\"", i, width,
                     STR_ARG(l.lines.v[i].text));
    form_lines_finish(&l);
}

static void rows_become_lines_that_fit_the_width(void **state)
{
    (void)state;
    struct form f = filled();
    static const char *const lines[] = {"Parser", "ana  bo", "", "", "one", "two", "three", ""};
    expect_lines(&f, 80, lines, COUNT_OF(lines));
    form_finish(&f);
    f = (struct form){0};
    form_add(&f, NAME, "Name");
    form_say(&f, TONE_TEXT, STR("a value that is long"));
    static const char *const narrow[] = {"a value", "that is", "long"};
    expect_lines(&f, 11, narrow, COUNT_OF(narrow)); /* too narrow for labels of their own */
    form_finish(&f);
}

static void stepping_passes_over_rows_that_cannot_be_selected(void **state)
{
    (void)state;
    struct form f = filled();
    struct form_at at = {.id = NAME};
    form_step(&f, &at, 1);
    assert_int_equal(at.id, PEOPLE);
    assert_int_equal(at.item, 1);
    form_step(&f, &at, 1);
    assert_int_equal(at.id, TEXT);
    form_step(&f, &at, 100);
    assert_int_equal(at.id, LAST);
    form_step(&f, &at, -100);
    assert_int_equal(at.id, NAME);
    form_finish(&f);
}

static void items_of_a_row_are_stepped_through_to_both_ends(void **state)
{
    (void)state;
    struct form f = filled();
    struct form_at at = {.id = PEOPLE, .item = 1};
    form_step_item(&f, &at, 1);
    assert_int_equal(at.item, 2);
    form_step_item(&f, &at, 1);
    assert_int_equal(at.item, 2);
    form_step_item(&f, &at, -5);
    assert_int_equal(at.item, 1);
    form_finish(&f);
}

static void selection_that_is_gone_goes_to_a_row_that_is_there(void **state)
{
    (void)state;
    struct form f = filled();
    struct form_lines l;
    struct form_at at = {.id = 77, .item = 3, .top = 50};
    form_lines_of(&f, 80, &l);
    form_settle(&f, &l, 4, &at);
    assert_int_equal(at.id, NAME);
    assert_int_equal(at.item, 0);
    assert_int_equal(at.top, 0);
    form_lines_finish(&l);
    form_finish(&f);
}

static void what_is_selected_is_scrolled_into_sight(void **state)
{
    (void)state;
    struct form f = filled();
    struct form_lines l;
    struct form_at at = {.id = TEXT};
    form_lines_of(&f, 80, &l);
    form_settle(&f, &l, 3, &at); /* more lines than there is room: from its first one on */
    assert_int_equal(at.top, 3);
    form_step(&f, &at, 1);
    form_settle(&f, &l, 3, &at);
    assert_int_equal(at.top, 5);
    form_step(&f, &at, -100);
    form_settle(&f, &l, 3, &at);
    assert_int_equal(at.top, 0);
    form_scroll(&l, 3, &at, 4);
    form_settle(&f, &l, 3, &at);
    assert_int_equal(at.top, 4);
    form_lines_finish(&l);
    form_finish(&f);
}

static void a_place_on_screen_is_a_row_and_an_item(void **state)
{
    (void)state;
    struct form f = filled();
    struct form_lines l;
    struct form_at at = {0}, found;
    form_lines_of(&f, 80, &l);
    int x = form_value_column(&l, &f.rows.v[1]);
    assert_true(form_find(&f, &l, &at, x + 1, 1, &found));
    assert_int_equal(found.id, PEOPLE);
    assert_int_equal(found.item, 1);
    assert_true(form_find(&f, &l, &at, x + 6, 1, &found));
    assert_int_equal(found.item, 2);
    assert_false(form_find(&f, &l, &at, 5, 2, &found)); /* the heading */
    assert_false(form_find(&f, &l, &at, 5, 40, &found));
    at.top = 4;
    assert_true(form_find(&f, &l, &at, 5, 1, &found));
    assert_int_equal(found.id, TEXT);
    form_lines_finish(&l);
    form_finish(&f);
}

static void pages_go_as_far_as_so_many_lines(void **state)
{
    (void)state;
    struct form f = {0};
    struct form_lines l;
    struct form_at at = {.id = 1};
    for (int i = 1; i <= 40; i++)
        form_add(&f, i, "Row");
    form_lines_of(&f, 80, &l);
    form_page(&f, &l, &at, 10);
    assert_int_equal(at.id, 11);
    form_page(&f, &l, &at, -4);
    assert_int_equal(at.id, 7);
    form_page(&f, &l, &at, 400);
    assert_int_equal(at.id, 40);
    form_lines_finish(&l);
    form_finish(&f);
}

static void an_empty_form_is_no_trouble(void **state)
{
    (void)state;
    struct form f = {0};
    struct form_lines l;
    struct form_at at = {.id = 3, .top = 9}, found;
    form_lines_of(&f, 0, &l);
    form_settle(&f, &l, 0, &at);
    form_step(&f, &at, -3);
    form_page(&f, &l, &at, 3);
    form_step_item(&f, &at, 1);
    assert_false(form_find(&f, &l, &at, 0, 0, &found));
    assert_int_equal(at.id, 0);
    form_lines_finish(&l);
    form_finish(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_become_lines_that_fit_the_width),
        cmocka_unit_test(stepping_passes_over_rows_that_cannot_be_selected),
        cmocka_unit_test(items_of_a_row_are_stepped_through_to_both_ends),
        cmocka_unit_test(selection_that_is_gone_goes_to_a_row_that_is_there),
        cmocka_unit_test(what_is_selected_is_scrolled_into_sight),
        cmocka_unit_test(a_place_on_screen_is_a_row_and_an_item),
        cmocka_unit_test(pages_go_as_far_as_so_many_lines),
        cmocka_unit_test(an_empty_form_is_no_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
