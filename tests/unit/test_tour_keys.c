/* What the tour types where nobody is, and what it leaves alone. */
#include "tour_kit.h"
#include "update_parts.h"

static void where_nobody_is_it_types_what_it_asked_for(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    go_to(&k, YOUR_TURN);
    shows(&k, "waits for you, 15 s");
    watch(&k, 14000);
    shows(&k, "waits for you, 1 s");
    watch(&k, 1000);
    shows(&k, "Nobody is here: the tour types. Any key, and it is yours.");
    sent_not(&k, "task.move");
    watch(&k, TYPED);
    sent(&k, "task.move");
    shows(&k, "types h j L");
    own_move(&k);
    shows(&k, "They all saw that");
    kit_finish(&k);
}

static void whoever_is_looked_for_a_second_time_is_waited_for_less(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    go_to(&k, YOUR_TURN);
    watch(&k, TOUR_PATIENCE_MS + TYPED);
    kit_keys(&k, "F8");
    shows(&k, "waits for you, 10 s");
    kit_keys(&k, "j");
    shows(&k, "waits for you, 15 s");
    kit_finish(&k);
}

static void touch(struct screen_kit *k, int how)
{
    if (how == 0)
        kit_keys(k, "k");
    else if (how == 1)
        kit_paste(k, "");
    else
        kit_mouse(k, how == 2 ? MOUSE_PRESS : MOUSE_WHEEL_UP, how == 2, 40, 8);
}

static void any_key_or_click_ends_it_and_it_waits_anew(void **state)
{
    (void)state;
    for (int how = 0; how < 4; how++) {
        struct screen_kit k;
        start(&k, 80, 24);
        go_to(&k, YOUR_TURN);
        watch(&k, TOUR_PATIENCE_MS + BEGUN);
        shows(&k, "types h");
        kit_mouse(&k, MOUSE_MOVE, 0, 10, 10);
        shows(&k, "types h");
        touch(&k, how);
        shows_not(&k, "Nobody is here");
        shows(&k, "Your turn. Choose a card");
        if (how == 1)
            kit_keys(&k, "Esc"); /* a paste goes to the chat */
        shows(&k, "waits for you, 15 s");
        watch(&k, TOUR_PATIENCE_MS - STEP);
        sent_not(&k, "task.move");
        watch(&k, STEP + TYPED);
        sent(&k, "task.move");
        kit_finish(&k);
    }
}

static void stopping_the_tour_holds_the_countdown_and_the_typing(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    go_to(&k, YOUR_TURN);
    watch(&k, 8000);
    kit_keys(&k, "F9");
    watch(&k, 60000);
    kit_keys(&k, "F9");
    shows(&k, "waits for you, 7 s");
    watch(&k, 7000 + BEGUN);
    shows(&k, "types h");
    kit_keys(&k, "F9");
    watch(&k, 60000);
    sent_not(&k, "task.move");
    kit_keys(&k, "F9");
    watch(&k, TYPED);
    sent(&k, "task.move");
    kit_finish(&k);
}

static void what_a_person_has_open_is_left_alone(void **state)
{
    (void)state;
    static const struct {
        const char *keys, *text;
        enum action_where where;
    } rows[] = {{"e", " and more", IN_TITLE},
                {":", "task add x", IN_COMMAND},
                {"/", "@ana", IN_FILTER},
                {"i", "half a sen", IN_CHAT},
                {"P", "D", IN_PICKER},
                {"C-f", "something", IN_TITLE},
                {"i", "", IN_CHAT}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct screen_kit k;
        struct buf before = {0};
        start(&k, 80, 24);
        go_to(&k, YOUR_TURN);
        kit_keys(&k, rows[i].keys);
        kit_type(&k, rows[i].text);
        shows(&k, "goes on, 15 s");
        const struct lineedit *line = model_line(&k.model);
        if (line)
            buf_add_str(&before, buf_str(&line->text));
        kit_forget(&k);
        watch(&k, TOUR_PATIENCE_MS);
        shows(&k, "Something of yours is open");
        watch(&k, 7000);
        assert_int_equal(k.model.tour.chapter, CONFLICT);
        assert_int_equal(model_where(&k.model), rows[i].where);
        if (line)
            assert_true(str_eq(buf_str(&before), buf_str(&model_line(&k.model)->text)));
        sent_not(&k, "task.");
        sent_not(&k, "message.");
        buf_finish(&before);
        kit_finish(&k);
    }
}

static void who_comes_back_while_it_says_so_is_waited_for(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    go_to(&k, YOUR_TURN);
    kit_keys(&k, "i");
    kit_type(&k, "half a sen");
    watch(&k, TOUR_PATIENCE_MS + 3000);
    shows(&k, "Something of yours is open");
    kit_type(&k, "tence");
    shows(&k, "Your turn. Choose a card");
    watch(&k, 10000);
    assert_int_equal(k.model.tour.chapter, YOUR_TURN);
    kit_finish(&k);
}

static void whoever_reads_the_help_is_waited_for(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    go_to(&k, YOUR_TURN);
    kit_keys(&k, "?");
    watch(&k, 60000);
    assert_int_equal(model_where(&k.model), IN_HELP);
    assert_int_equal(k.model.tour.chapter, YOUR_TURN);
    kit_finish(&k);
}

static void a_note_that_a_person_is_in_stays_as_it_is(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 100, 30);
    go_to(&k, NOTE);
    kit_keys(&k, "F2 Enter");
    kit_text(&k, 20, 3, "# Plan\n");
    kit_type(&k, "We ");
    kit_keys(&k, "F8");
    kit_cut(&k, ERR_CLOSING, "the link was cut");
    kit_forget(&k);
    watch(&k, 60000);
    assert_int_equal(model_where(&k.model), IN_NOTE);
    shows(&k, "We # Plan");
    kit_finish(&k);
}

static void from_a_pane_it_finds_the_way_to_the_board(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"w", "Esc h j L"},
                                          {"S", "Esc h j L"},
                                          {"Enter", "Esc h j L"},
                                          {"] Tab Tab Tab", "] h j L"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct screen_kit k;
        start(&k, 100, 30);
        go_to(&k, YOUR_TURN);
        kit_keys(&k, rows[i][0]);
        watch(&k, TOUR_PATIENCE_MS + TYPED);
        shows(&k, rows[i][1]);
        sent(&k, "task.move");
        kit_finish(&k);
    }
}

/* What the server says to a title that was typed here, when bo was quicker. */
static void lose_to_bo(struct screen_kit *k)
{
    long long id = kit_asked(k, "task.edit");
    assert_true(id);
    k->seq++;
    kit_frame(k,
              "{'type':'task.edited','room':'#core','seq':%d,'time':%lld,'author':'bo',"
              "'client':'elsewhere1','id':%d,'task':12,'title':'As bo has it'}",
              k->seq, (long long)k->now, k->seq);
    kit_frame(k,
              "{'type':'conflict','re':%lld,'room':'#core','task':12,'field':'title',"
              "'value':'As bo has it','author':'bo','seq':%d}",
              id, k->seq);
    kit_frame(k, "{'type':'error','re':%lld,'code':'conflict','message':'bo was quicker'}", id);
}

static void a_server_that_takes_its_time_is_no_reason_to_begin_anew(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    go_to(&k, CONFLICT);
    WATCH_UNTIL(&k, kit_asked(&k, "task.edit"));
    watch(&k, 5000);
    shows_not(&k, "Two people, one title");
    lose_to_bo(&k);
    watch(&k, 1000);
    shows(&k, "Nothing is overwritten");
    assert_int_equal(model_where(&k.model), IN_DIALOG);
    watch(&k, TOUR_WATCHED_MS + BEGUN);
    assert_int_equal(model_where(&k.model), IN_BOARD);
    shows_not(&k, "typed m"); /* as long as the server has not said that it is saved */
    shows(&k, "types m");
    kit_finish(&k);
}

/* Decided later, by whoever was here. */
static void it_opens_the_question_that_was_put_off(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    go_to(&k, CONFLICT);
    WATCH_UNTIL(&k, kit_asked(&k, "task.edit"));
    lose_to_bo(&k);
    watch(&k, 1000);
    kit_keys(&k, "Esc");
    watch(&k, TOUR_PATIENCE_MS + TYPED - 3000);
    shows(&k, "types ! m");
    kit_finish(&k);
}

static void what_only_a_person_can_decide_does_not_keep_the_tour(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    kit_keys(&k, "e C-u x Enter");
    lose_to_bo(&k);
    watch(&k, 1000);
    kit_keys(&k, "Esc");
    go_to(&k, CUT);
    WATCH_UNTIL(&k, k.model.tour.waits);
    shows(&k, "It is gone. Work on"); /* and not: what you did */
    assert_false(tour_beat(&k.model.tour)->until == TOUR_SAVED);
    kit_keys(&k, "j L");
    kit_frame(&k, "{'type':'ok','re':%lld,'seq':%d}", kit_asked(&k, "task.move"), ++k.seq);
    WATCH_UNTIL(&k, k.model.tour.chapter != CUT);
    kit_finish(&k);
}

/* What comes by itself is waited for in any case. */
static void the_link_is_tried_for_a_watcher_and_not_for_who_types(void **state)
{
    (void)state;
    for (int typing = 0; typing < 2; typing++) {
        struct screen_kit k;
        start(&k, 80, 24);
        go_to(&k, CUT);
        kit_cut(&k, ERR_CLOSING, "the link was cut");
        kit_keys(&k, "L");
        WATCH_UNTIL(&k, cued(&k, TOUR_MEND));
        kit_keys(&k, typing ? "i" : "k");
        shows(&k, "The way is free again");
        shows_not(&k, "goes on");
        assert_int_equal(is_shown(&k, "waits for you, 15 s"), !typing);
        for (int i = 0; i < TOUR_PATIENCE_MS + BEGUN; i += STEP)
            kit_tick(&k, STEP);
        assert_int_equal(is_shown(&k, "The way is free again"), typing);
        assert_int_equal(is_shown(&k, "types R"), !typing);
        assert_int_equal(k.model.tour.chapter, CUT);
        kit_finish(&k);
    }
}

static void what_it_opened_it_types_in_and_puts_away(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 100, 30);
    go_to(&k, NOTE);
    watch(&k, TOUR_PATIENCE_MS + TYPED);
    shows(&k, "F2 Enter");
    kit_text(&k, 20, 3, "# Plan\n");
    assert_int_equal(model_where(&k.model), IN_NOTE);
    WATCH_UNTIL(&k, k.model.tour.chapter != NOTE);
    assert_int_equal(model_where(&k.model), IN_BOARD);
    assert_int_equal(model_beside(&k.model), BESIDE_NONE);
    kit_finish(&k);
}

static void at_the_end_the_room_is_there_again(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    go_to(&k, MORE);
    WATCH_UNTIL(&k, k.model.tour.chapter != MORE);
    assert_int_equal(model_beside(&k.model), BESIDE_NONE);
    assert_int_equal(model_where(&k.model), IN_BOARD);
    shows_not(&k, "typed");
    shows(&k, "That was it");
    shows_not(&k, "q leaves moot"); /* no key too much */
    kit_finish(&k);
}

static void a_note_that_it_opened_and_a_person_went_on_in_stays_open(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 100, 30);
    go_to(&k, NOTE);
    watch(&k, TOUR_PATIENCE_MS + TYPED);
    kit_text(&k, 20, 3, "# Plan\n");
    kit_type(&k, "We ");
    WATCH_UNTIL(&k, k.model.tour.chapter != NOTE);
    assert_int_equal(model_where(&k.model), IN_NOTE);
    kit_finish(&k);
}

static void the_title_that_it_edits_has_its_own_words(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    go_to(&k, CONFLICT);
    watch(&k, TOUR_PATIENCE_MS + BEGUN);
    assert_int_equal(model_where(&k.model), IN_TITLE);
    watch(&k, 2500);
    assert_int_equal(cued(&k, TOUR_RETITLE), 1);
    watch(&k, TOUR_WATCHED_MS + BEGUN + 600);
    if (!strstr(buf_cstr(&k.model.line.text), "deeply tod"))
        fail_msg("%s", buf_cstr(&k.model.line.text));
    kit_keys(&k, "Esc"); /* in the middle of it */
    assert_int_equal(model_where(&k.model), IN_BOARD);
    watch(&k, 3000);
    shows(&k, "Two people, one title");
    kit_finish(&k);
}

static void a_search_that_was_is_no_part_of_its_own(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    kit_keys(&k, "C-f");
    kit_type(&k, "clock");
    kit_keys(&k, "Enter Esc");
    go_to(&k, MORE);
    WATCH_UNTIL(&k, k.model.tour.waits);
    kit_keys(&k, "w");
    WATCH_UNTIL(&k, k.model.tour.waits);
    watch(&k, TOUR_PATIENCE_MS + TYPED);
    assert_string_equal(k.model.search.query, "slow");
    kit_finish(&k);
}

static void a_key_that_means_something_else_here_is_not_typed(void **state)
{
    (void)state;
    struct screen_kit k;
    struct err e = {0};
    start(&k, 80, 24);
    assert_true(keymap_change(&k.model.keys, STR("board:L task archive\n"), "keys", &e));
    go_to(&k, YOUR_TURN);
    watch(&k, TOUR_PATIENCE_MS + TYPED);
    sent_not(&k, "task.");
    shows(&k, "goes on without it");
    watch(&k, 7000);
    assert_int_equal(k.model.tour.chapter, CONFLICT);
    kit_finish(&k);
}

static bool no_action(void *arg, const struct command *c, struct effects *out)
{
    (void)arg, (void)c, (void)out;
    return false;
}

static void without_a_screen_it_types_nothing(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    k.model.listener.action = no_action;
    go_to(&k, YOUR_TURN);
    watch(&k, 60000);
    assert_int_equal(k.model.tour.chapter, YOUR_TURN);
    sent_not(&k, "task.move");
    kit_finish(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_nobody_is_it_types_what_it_asked_for),
        cmocka_unit_test(whoever_is_looked_for_a_second_time_is_waited_for_less),
        cmocka_unit_test(any_key_or_click_ends_it_and_it_waits_anew),
        cmocka_unit_test(stopping_the_tour_holds_the_countdown_and_the_typing),
        cmocka_unit_test(what_a_person_has_open_is_left_alone),
        cmocka_unit_test(who_comes_back_while_it_says_so_is_waited_for),
        cmocka_unit_test(whoever_reads_the_help_is_waited_for),
        cmocka_unit_test(a_note_that_a_person_is_in_stays_as_it_is),
        cmocka_unit_test(from_a_pane_it_finds_the_way_to_the_board),
        cmocka_unit_test(a_server_that_takes_its_time_is_no_reason_to_begin_anew),
        cmocka_unit_test(it_opens_the_question_that_was_put_off),
        cmocka_unit_test(what_only_a_person_can_decide_does_not_keep_the_tour),
        cmocka_unit_test(the_link_is_tried_for_a_watcher_and_not_for_who_types),
        cmocka_unit_test(what_it_opened_it_types_in_and_puts_away),
        cmocka_unit_test(at_the_end_the_room_is_there_again),
        cmocka_unit_test(a_note_that_it_opened_and_a_person_went_on_in_stays_open),
        cmocka_unit_test(the_title_that_it_edits_has_its_own_words),
        cmocka_unit_test(a_search_that_was_is_no_part_of_its_own),
        cmocka_unit_test(a_key_that_means_something_else_here_is_not_typed),
        cmocka_unit_test(without_a_screen_it_types_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
