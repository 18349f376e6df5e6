/* Selecting by clicks, and what becomes of what is copied. */
#include "note_kit.h"

static void click(struct screen_kit *k, int x, int y)
{
    kit_mouse(k, MOUSE_PRESS, 1, x, y);
    kit_mouse(k, MOUSE_RELEASE, 1, x, y);
}

static void expect_selected(const struct screen_kit *k, const char *text)
{
    struct buf out = {0};
    const struct doc *d = text_of(k);
    size_t from = MIN(d->caret, d->anchor), to = MAX(d->caret, d->anchor);
    rope_read(d->text, from, to - from, &out);
    assert_string_equal(buf_cstr(&out), text);
    buf_finish(&out);
}

static void two_clicks_take_a_word_and_three_a_line(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, "one na\xc3\xafve_2, three\nfour\n");
    click(k, 3 + 6, 1);
    expect_selected(k, "");
    click(k, 3 + 6, 1);
    expect_selected(k, "na\xc3\xafve_2");
    click(k, 3 + 6, 1);
    expect_selected(k, "one na\xc3\xafve_2, three\n");
    click(k, 3 + 6, 1);
    expect_selected(k, "");

    kit_tick(k, 2000);
    click(k, 3 + 11, 1); /* what stands between words is one by itself */
    click(k, 3 + 11, 1);
    expect_selected(k, ",");
    kit_tick(k, 2000);
    click(k, 3 + 1, 1);
    kit_tick(k, 2000); /* two clicks, and not one of two */
    click(k, 3 + 1, 1);
    expect_selected(k, "");
    click(k, 3 + 2, 1); /* nor are two places */
    expect_selected(k, "");
}

static void the_end_of_a_text_is_no_word(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, "end");
    click(k, 3 + 20, 1);
    click(k, 3 + 20, 1);
    expect_selected(k, "");
    click(k, 3 + 20, 1);
    expect_selected(k, "end");
}

static void what_was_copied_goes_along_to_other_rooms(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, "carry me");
    kit_keys(k, "M-a M-c");
    command(k, "join #ops");
    assert_string_equal(k->model.here->name, "#ops");
    struct editor *e = &k->model.here->note.editor;
    assert_true(str_is(buf_str(&e->clipboard), "carry me"));
    command(k, "join #core");
    kit_keys(k, "Tab Tab");
    assert_true(str_is(buf_str(&k->model.here->note.editor.clipboard), "carry me"));
}

#define WITH_KIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_KIT(two_clicks_take_a_word_and_three_a_line),
        WITH_KIT(the_end_of_a_text_is_no_word),
        WITH_KIT(what_was_copied_goes_along_to_other_rooms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
