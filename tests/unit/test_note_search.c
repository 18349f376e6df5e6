/* Searching in the open text, as a person sees it. */
#include "note_kit.h"

#include "theme.h"

static size_t start_of(const struct screen_kit *k)
{
    return MIN(text_of(k)->caret, text_of(k)->anchor);
}

/* The text of rows that is drawn as found, with a blank between two places. */
static void marked(const struct screen_kit *k, struct buf *out)
{
    struct grid g = {0};
    struct theme t = {.depth = DEPTH_256};
    short bg = theme_style(&t, MEAN_FOUND).bg;
    bool was = false;
    view(&k->model, &t, &g);
    for (int i = 0; i < g.w * g.h; i++) {
        bool is = g.cells[i].style.bg == bg;
        if (was && !is)
            buf_add_c(out, ' ');
        if (is)
            buf_add(out, g.cells[i].text, g.cells[i].n);
        was = is;
    }
    grid_finish(&g);
}

static void expect_marked(const struct screen_kit *k, const char *what)
{
    struct buf out = {0};
    marked(k, &out);
    assert_string_equal(buf_cstr(&out), what);
    buf_finish(&out);
}

static void what_is_typed_is_shown_and_marked_at_once(void **state)
{
    struct screen_kit *k = *state;
    struct buf text = {0};
    for (int i = 0; i < 100; i++)
        buf_fmt(&text, "row %02d\n", i);
    open_plan(k, buf_cstr(&text));
    kit_keys(k, "C-f");
    kit_type(k, "w 7");
    expect(k, "row 70");
    expect_marked(k, "w 7 w 7 w 7 w 7 w 7 w 7 w 7 w 7 w 7 w 7 ");
    assert_int_equal(text_of(k)->caret, 0);
    kit_keys(k, "Esc"); /* as if it had never been asked */
    expect(k, "row 00");
    expect_marked(k, "");
    kit_keys(k, "C-f");
    kit_type(k, "w 7");
    kit_keys(k, "Enter");
    assert_int_equal(start_of(k), 70 * 7 + 2);
    expect_marked(k, "w 7 w 7 w 7 w 7 w 7 w 7 w 7 w 7 w 7 "); /* but the one selected */
    kit_keys(k, "Esc");
    expect_marked(k, "");
    buf_finish(&text);
}

static void matches_are_counted_and_the_way_round_is_said(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, "red green red blue red");
    kit_keys(k, "C-f");
    kit_type(k, "red");
    kit_keys(k, "Enter");
    expect(k, "match 1 of 3");
    kit_keys(k, "C-n C-n");
    expect(k, "match 3 of 3");
    expect_not(k, "again");
    kit_keys(k, "C-n");
    expect(k, "match 1 of 3");
    expect(k, "Searched from the start of the text again.");
    kit_keys(k, "C-p");
    expect(k, "match 3 of 3");
    expect(k, "Searched from the end of the text again.");
    kit_edited(k, "bo", 20, 4, "['red ']");
    expect(k, "3 characters selected"); /* what was counted is not so any more */
}

static void enter_alone_searches_what_is_offered(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, "red green red blue");
    kit_keys(k, "C-f Enter");
    assert_int_equal(start_of(k), 0); /* nothing was ever searched */
    kit_keys(k, "C-Home S-Right S-Right S-Right C-f");
    expect(k, "Find [red]: ");
    kit_keys(k, "Enter");
    assert_int_equal(start_of(k), 10);
    kit_keys(k, "C-f");
    kit_type(k, "blue"); /* in its place, not behind it */
    kit_keys(k, "Enter");
    assert_int_equal(start_of(k), 14);
    kit_keys(k, "C-f");
    expect(k, "Find [blue]: ");
    kit_type(k, "gr");
    kit_keys(k, "Esc C-n"); /* what was not asked for is forgotten */
    assert_int_equal(start_of(k), 14);
}

static void replacing_all_says_how_many(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, "red green red blue red");
    kit_keys(k, "C-r");
    kit_type(k, "red");
    kit_keys(k, "Enter");
    expect(k, "With: ");
    kit_keys(k, "Enter M-S");
    expect_text(k, " green  blue ");
    expect(k, "3 places replaced. M-u takes it back.");
    kit_keys(k, "M-u");
    expect_text(k, "red green red blue red");
}

static void a_line_is_gone_to_by_its_number(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, "one\ntwo\nthree\n");
    expect(k, "line 1, ");
    kit_keys(k, "M-l");
    expect(k, "Line: ");
    kit_type(k, "3");
    kit_keys(k, "Enter");
    assert_int_equal(text_of(k)->caret, 8);
    expect(k, "line 3, ");
    command(k, "note line 99");
    assert_int_equal(text_of(k)->caret, 14);
    command(k, "note line two");
    expect(k, "\"two\" is no number of a line.");
    assert_int_equal(text_of(k)->caret, 14);
}

#define WITH_KIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_KIT(what_is_typed_is_shown_and_marked_at_once),
        WITH_KIT(matches_are_counted_and_the_way_round_is_said),
        WITH_KIT(enter_alone_searches_what_is_offered),
        WITH_KIT(replacing_all_says_how_many),
        WITH_KIT(a_line_is_gone_to_by_its_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
