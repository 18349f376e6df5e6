/* The outline of the open text, on the screen. */
#include "note_kit.h"

#define TEXT "# One\nx\n## Two\nx\n## Three\ny\n"

static void headings_are_listed_and_gone_to(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, TEXT);
    kit_keys(k, "M-o");
    expect(k, " Outline of Release plan 3 ");
    expect(k, "   One ");
    expect(k, "     Two ");
    kit_keys(k, "j j Enter");
    expect(k, " Release plan ");
    assert_int_equal(text_of(k)->caret, 17); /* in front of "## Three" */
    kit_keys(k, "M-o");
    kit_keys(k, "k Enter"); /* it began with the one the caret is in */
    assert_int_equal(text_of(k)->caret, 8);
    kit_keys(k, "M-o");
    kit_mouse(k, MOUSE_PRESS, 1, 5, 1);
    assert_int_equal(text_of(k)->caret, 0);
    kit_keys(k, "M-o q");
    kit_type(k, "!");
    expect_text(k, "!" TEXT);
}

static void the_one_selected_stays_so_while_others_add_above(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, TEXT);
    kit_keys(k, "M-o j j");
    kit_edited(k, "bo", 20, 4, "['# New\\n# Newer\\n']");
    expect(k, "Newer");
    kit_keys(k, "Enter");
    assert_int_equal(text_of(k)->caret, 17 + 14);
    kit_keys(k, "M-o");
    kit_edited(k, "bo", 20, 5, "[{'d':42}]");
    expect(k, "There is no heading here any more.");
    kit_keys(k, "Enter M-o");
    expect(k, "There is no heading here: # and a blank begin one.");
}

static void every_size_shows_it(void **state)
{
    struct screen_kit *k = *state;
    struct grid g = {0};
    struct theme t = {.depth = DEPTH_256};
    open_plan(k, TEXT);
    kit_keys(k, "M-o");
    for (int w = 1; w < 200; w += 7)
        for (int h = 1; h < 30; h += 3) {
            kit_resize(k, w, h);
            view(&k->model, &t, &g);
            assert_true(grid_check(&g));
        }
    grid_finish(&g);
}

#define WITH_KIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_KIT(headings_are_listed_and_gone_to),
        WITH_KIT(the_one_selected_stays_so_while_others_add_above),
        WITH_KIT(every_size_shows_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
