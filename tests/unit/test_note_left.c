/* A text that one has left: no key comes upon it, and nobody sees one in it. */
#include "note_kit.h"

/* A text that lies below is not come upon: the next key would be written there. */
static void what_is_closed_leads_back_to_where_it_was_opened(void **state)
{
    static const char *const panes[] = {"Enter", "w", "S", "T", "C-f x Enter"};
    struct screen_kit *k = *state;
    command(k, "note Release plan");
    kit_text(k, 20, 1, "text");
    for (size_t i = 0; i < COUNT_OF(panes); i++) {
        kit_keys(k, "Esc");
        assert_int_equal(k->model.focus, FOCUS_BOARD);
        kit_keys(k, panes[i]);
        assert_int_equal(k->model.focus, FOCUS_BESIDE);
        kit_keys(k, "Esc j");
        assert_int_equal(k->model.focus, FOCUS_BOARD);
        expect_text(k, "text");
        command(k, "note Release plan");
        command(k, "activity"); /* out of the text, and back to it */
        kit_keys(k, "q");
        assert_int_equal(k->model.focus, FOCUS_BESIDE);
        assert_int_equal(model_where(&k->model), IN_NOTE);
    }
}

/* Nor through a list on a card, or over the text itself. */
static void no_list_leads_into_a_text_that_was_left(void **state)
{
    static const char *const lists[] = {"T q",   "N q", "N Esc",
                                        "w Esc", "S q", "T S w N q Esc Esc"};
    static const int widths[] = {80, 120};
    struct screen_kit *k = *state;
    command(k, "note Release plan");
    kit_text(k, 20, 1, "text");
    for (size_t i = 0; i < 2 * COUNT_OF(lists); i++) {
        kit_resize(k, widths[i % 2], 40);
        command(k, "note Release plan");
        kit_keys(k, "Esc N Esc");
        assert_int_equal(k->model.focus, FOCUS_BOARD);
        kit_keys(k, "Enter");
        kit_keys(k, lists[i / 2]);
        assert_int_equal(model_where(&k->model), IN_CARD);
        kit_keys(k, "j j q");
        assert_int_equal(k->model.focus, FOCUS_BOARD);
        expect_text(k, "text");
        command(k, "note Release plan");
        kit_keys(k, "C-o Esc"); /* from the text, and back into it */
        assert_int_equal(model_where(&k->model), IN_NOTE);
    }
}

static void who_left_the_text_is_seen_in_it_only_while_it_shows(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, "text");
    expect_sent(k, "\"type\":\"note.caret\",\"room\":\"#core\",\"note\":20");
    kit_forget(k);
    kit_keys(k, "Esc");
    expect_sent(k, "\"type\":\"note.caret\",\"room\":\"#core\",\"note\":0}");
    kit_forget(k);
    kit_pass(k, 5000);
    kit_keys(k, "j Enter");
    expect_not_sent(k, "note.caret");
    command(k, "note Release plan");
    expect_sent(k, "\"type\":\"note.caret\",\"room\":\"#core\",\"note\":20");
    kit_resize(k, 160, 40); /* where it stays beside the board */
    kit_pass(k, 5000);
    kit_forget(k);
    kit_keys(k, "Esc");
    assert_int_equal(k->model.focus, FOCUS_BOARD);
    expect_not_sent(k, "note.caret");
    kit_keys(k, "Enter");
    expect_sent(k, "\"type\":\"note.caret\",\"room\":\"#core\",\"note\":0}");
}

/* Another room has a text that was left there: the card view does not lead into it. */
static void no_room_leads_into_a_text_that_was_left(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, "text");
    kit_keys(k, "Esc M-Down S");
    assert_int_equal(model_where(&k->model), IN_STATS);
    kit_keys(k, "M-Up");
    assert_int_equal(k->model.focus, FOCUS_BOARD);
    expect_text(k, "text");
}

#define WITH_KIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_KIT(what_is_closed_leads_back_to_where_it_was_opened),
        WITH_KIT(no_list_leads_into_a_text_that_was_left),
        WITH_KIT(no_room_leads_into_a_text_that_was_left),
        WITH_KIT(who_left_the_text_is_seen_in_it_only_while_it_shows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
