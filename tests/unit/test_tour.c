/* The tour: it shows and cues and waits, and the keys stay the person's. */
#include "layout.h"
#include "tour_kit.h"
#include "wrap.h"

static void each_beat_is_whole_and_each_caption_fits_a_small_screen(void **state)
{
    (void)state;
    for (size_t c = 0; c < tour_count; c++) {
        const struct tour_chapter *chapter = &tour_chapters[c];
        assert_true(chapter->n && chapter->beats[0].text && chapter->beats[0].ms == 0);
        for (size_t i = 0; i < chapter->n; i++) {
            const struct tour_beat *b = &chapter->beats[i];
            bool own = b->deed <= TOUR_TIDY, link = b->deed == TOUR_CUT || b->deed == TOUR_MEND;
            assert_true(b->back <= i);
            assert_true((b->who == TOUR_NOBODY) == (own || link));
            bool does = b->deed == TOUR_TIDY || b->deed == TOUR_AWAIT ||
                        (b->deed == TOUR_ASK && b->until != TOUR_NEVER);
            assert_true(does ? b->keys && b->keys[0] && b->from : !b->keys);
            assert_true(i || own);
            if (own && b->text && wrap_rows(str_of(b->text), NARROW, 9) > CAPTION_ROWS)
                fail_msg("too long: %s", b->text);
        }
    }
}

static void a_line_that_is_no_cue_is_none(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",         "1 0 0",   "1 0 0 0 0", "1 99 0 0",
                                        "1 0 99 0", "x 0 0 0", "1 0 -1 0",  "1 0 0 "};
    struct tour_cue cue;
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        if (tour_cue_read(str_of(wrong[i]), &cue))
            fail_msg("taken: %s", wrong[i]);
    assert_true(tour_cue_read(STR("7 6 1 0"), &cue));
    assert_int_equal(tour_cue_beat(&cue)->deed, TOUR_CUT);
}

static void without_a_tour_there_is_none(void **state)
{
    (void)state;
    struct screen_kit k;
    kit_init_full(&k, 80, 24);
    kit_keys(&k, "F8");
    shows_not(&k, "1/9");
    shows(&k, "There is no tour here");
    kit_finish(&k);
}

static void its_beats_come_when_they_are_due(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    shows(&k, "This is a room");
    go_to(&k, 1);
    assert_int_equal(cued(&k, TOUR_LOOK), 0);
    kit_tick(&k, 600);
    assert_int_equal(cued(&k, TOUR_LOOK), 1);
    watch(&k, 30000);
    assert_int_equal(cued(&k, TOUR_POINT), 1);
    assert_int_equal(k.model.tour.chapter, YOUR_TURN);
    kit_finish(&k);
}

static void it_waits_until_the_person_has_done_it(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    own_move(&k); /* before it was asked for */
    go_to(&k, YOUR_TURN);
    shows(&k, "waits for you");
    for (int i = 0; i < 60; i++) {
        kit_keys(&k, i % 2 ? "j" : "k");
        watch(&k, TOUR_PATIENCE_MS - STEP);
    }
    sent_not(&k, "task.move");
    shows(&k, "Your turn. Choose a card");
    own_move(&k);
    shows(&k, "They all saw that");
    shows_not(&k, "waits for you");
    kit_finish(&k);
}

static void the_one_who_is_edited_with_knows_which_card(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    go_to(&k, CONFLICT);
    kit_keys(&k, "e");
    kit_tick(&k, 1200);
    assert_int_equal(cued(&k, TOUR_RETITLE), 1);
    vec_each (e, &k.out.items) {
        struct tour_cue cue;
        if (e->kind == EFFECT_CUE &&
            tour_cue_read((struct str){e->bytes.p, e->bytes.n - 1}, &cue) &&
            tour_cue_beat(&cue)->deed == TOUR_RETITLE)
            assert_int_equal(cue.card, k.model.prompt_card);
    }
    /* Left it, so it begins anew. */
    kit_keys(&k, "Esc");
    kit_tick(&k, 1000);
    kit_tick(&k, 2100);
    shows(&k, "Two people, one title");
    kit_finish(&k);
}

static void a_search_that_is_still_asked_for_has_found_nothing(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    go_to(&k, MORE);
    kit_tick(&k, 600);
    kit_tick(&k, 8000);
    kit_keys(&k, "w");
    kit_tick(&k, 600);
    kit_tick(&k, 7000);
    shows(&k, "C-f searches");
    kit_keys(&k, "C-f");
    kit_type(&k, "slow");
    kit_tick(&k, 600);
    shows(&k, "C-f searches");
    kit_keys(&k, "Enter");
    kit_tick(&k, 600);
    shows(&k, "narrow it down");
    kit_finish(&k);
}

static void while_it_is_paused_nothing_comes(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    go_to(&k, 1);
    kit_tick(&k, 500);
    kit_keys(&k, "F9");
    shows(&k, "paused");
    kit_pass(&k, 60000);
    assert_int_equal(cued(&k, TOUR_LOOK), 0);
    kit_keys(&k, "F9");
    kit_tick(&k, 50);
    assert_int_equal(cued(&k, TOUR_LOOK), 0);
    kit_tick(&k, 60);
    assert_int_equal(cued(&k, TOUR_LOOK), 1);
    kit_finish(&k);
}

static void another_chapter_says_so_to_the_demo_at_once(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    go_to(&k, CUT);
    int64_t run = k.model.tour.run;
    kit_keys(&k, "F7");
    assert_int_equal(k.model.tour.chapter, CUT - 1);
    assert_int_equal(k.model.tour.run, run + 1);
    assert_int_equal(cued(&k, TOUR_ASK), 1);
    kit_finish(&k);
}

static void behind_the_last_chapter_it_is_over(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    go_to(&k, tour_count - 1);
    shows(&k, "F8 close");
    kit_keys(&k, "F8");
    assert_int_equal(cued(&k, TOUR_SHOW), 1); /* a link that was cut is mended */
    shows_not(&k, "/9 ");
    kit_pass(&k, 60000);
    assert_false(k.model.tour.on);
    kit_finish(&k);
}

static void keys_and_focus_stay_the_persons(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    kit_keys(&k, "i");
    kit_type(&k, "half a sen");
    kit_pass(&k, 40000);
    assert_int_equal(k.model.tour.chapter, 1);
    kit_type(&k, "tence");
    assert_int_equal(k.model.focus, FOCUS_CHAT);
    shows(&k, "half a sentence");
    kit_finish(&k);
}

static void its_buttons_can_be_clicked(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    struct layout l;
    struct rect buttons[TOUR_BUTTONS];
    layout_of(&k.model, &l);
    layout_tour_buttons(&k.model, &l, buttons);
    kit_mouse(&k, MOUSE_PRESS, 1, buttons[TOUR_BUTTON_NEXT].x, buttons[TOUR_BUTTON_NEXT].y);
    assert_int_equal(k.model.tour.chapter, 1);
    kit_mouse(&k, MOUSE_PRESS, 1, buttons[TOUR_BUTTON_BACK].x, buttons[TOUR_BUTTON_BACK].y);
    assert_int_equal(k.model.tour.chapter, 0);
    kit_finish(&k);
}

static void it_has_room_on_any_screen(void **state)
{
    (void)state;
    static const int sizes[][2] = {{200, 50}, {80, 24}, {40, 12}, {20, 5}, {3, 1}};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct screen_kit k;
        struct buf out = {0};
        start(&k, sizes[i][0], sizes[i][1]);
        kit_screen(&k, &out);
        if (sizes[i][1] >= 5)
            shows(&k, "This is a room");
        buf_finish(&out);
        kit_finish(&k);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_beat_is_whole_and_each_caption_fits_a_small_screen),
        cmocka_unit_test(a_line_that_is_no_cue_is_none),
        cmocka_unit_test(without_a_tour_there_is_none),
        cmocka_unit_test(its_beats_come_when_they_are_due),
        cmocka_unit_test(it_waits_until_the_person_has_done_it),
        cmocka_unit_test(the_one_who_is_edited_with_knows_which_card),
        cmocka_unit_test(a_search_that_is_still_asked_for_has_found_nothing),
        cmocka_unit_test(while_it_is_paused_nothing_comes),
        cmocka_unit_test(another_chapter_says_so_to_the_demo_at_once),
        cmocka_unit_test(behind_the_last_chapter_it_is_over),
        cmocka_unit_test(keys_and_focus_stay_the_persons),
        cmocka_unit_test(its_buttons_can_be_clicked),
        cmocka_unit_test(it_has_room_on_any_screen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
