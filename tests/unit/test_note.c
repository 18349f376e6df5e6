/* Notes on the screen: the list, the text, the others in it. */
#include "note_kit.h"

/* ---- the list ---- */

static void the_list_is_sorted_and_says_who_edited_and_who_is_there(void **state)
{
    struct screen_kit *k = *state;
    caret_of(k, "bo", 8, 3, 0, 0);
    kit_keys(k, "N");
    expect(k, " Notes 2 1 put away, A lists them ");
    struct buf out = {0};
    const char *screen = kit_screen(k, &out);
    const char *minutes = strstr(screen, "Minutes"), *plan = strstr(screen, "Release plan");
    assert_non_null(minutes);
    assert_non_null(plan);
    assert_true(minutes < plan);
    assert_non_null(strstr(plan, "B bo   1h"));
    expect(k, "ana   4h");
    expect_not(k, "Old plan");
    kit_keys(k, "A");
    expect(k, "Old plan  put away");
    buf_finish(&out);
}

static void a_note_is_made_named_and_typed_in_at_once(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "N a");
    kit_type(k, "Ideas");
    expect(k, " New note ");
    kit_keys(k, "Enter");
    expect_sent(k, "\"note.create\"");
    expect_sent(k, "\"name\":\"Ideas\"");
    kit_type(k, "first");
    expect(k, "first");
    expect_text(k, "first");
    expect(k, "1 edit not saved yet");
    kit_keys(k, "Esc N");
    expect(k, "~ Ideas");
}

static void a_taken_name_is_refused_before_it_is_sent(void **state)
{
    struct screen_kit *k = *state;
    command(k, "note new Minutes");
    expect(k, "There is a note of that name: #21.");
    expect_not_sent(k, "note.create");
}

static void a_name_that_nothing_could_find_is_refused(void **state)
{
    struct screen_kit *k = *state;
    command(k, "note new 42");
    expect(k, "A name that is a number would be taken for one.");
    command(k, "note new #42");
    expect_not_sent(k, "note.create");
}

static void notes_are_found_by_name_number_and_beginning(void **state)
{
    struct screen_kit *k = *state;
    static const char *const lines[] = {"note Release plan", "note #20",          "note 20",
                                        "note Rel",          "note release PLAN", "note rel"};
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        command(k, lines[i]);
        assert_int_equal(text_of(k)->number, 20);
        kit_keys(k, "M-q");
        assert_null(text_of(k));
    }
    command(k, "note Nothing");
    expect(k, "There is no note \"Nothing\". :note new makes one.");
    kit_keys(k, ":");
    kit_type(k, "note Mi");
    kit_keys(k, "Tab Enter");
    assert_int_equal(text_of(k)->number, 21);
}

static void the_selected_note_is_renamed_put_away_and_brought_back(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "N j e");
    expect(k, "Release plan");
    kit_keys(k, "C-u");
    kit_type(k, "Plan");
    kit_keys(k, "Enter");
    expect_sent(k, "\"note.rename\"");
    expect_sent(k, "\"note\":20,\"name\":\"Plan\"");
    kit_keys(k, "d");
    expect_sent(k, "\"note.archive\"");
    expect_not(k, "bo   1h");
    kit_keys(k, "A G");
    expect(k, "put away");
    kit_forget(k);
    kit_keys(k, "r");
    expect_sent(k, "\"note.restore\"");
}

static void a_click_opens_the_note(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "N");
    kit_mouse(k, MOUSE_PRESS, 1, 5, 2);
    kit_mouse(k, MOUSE_RELEASE, 1, 5, 2);
    assert_int_equal(text_of(k)->number, 20);
}

/* ---- where it is ---- */

static void a_narrow_screen_is_all_text_and_a_wide_one_has_it_beside(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, "the plan");
    expect(k, "the plan");
    expect_not(k, "Todo");
    kit_keys(k, "Esc");
    expect(k, "Todo");
    expect_not(k, "the plan");
    kit_keys(k, "S-Tab S-Tab");
    expect(k, "the plan");
    kit_resize(k, 200, 50);
    expect(k, "the plan");
    expect(k, "Todo");
    expect(k, "after lunch");
    kit_keys(k, "M-z");
    expect_not(k, "Todo");
    kit_keys(k, "M-z");
    expect(k, "Todo");
    kit_resize(k, 40, 12);
    expect(k, "Rooms     Board     Chat      Note");
    expect(k, "the plan");
}

static void every_size_shows_it_without_a_fault(void **state)
{
    struct screen_kit *k = *state;
    struct buf out = {0};
    open_plan(k, "# Title\n\n- [ ] one\n\ttab \xe4\xb8\xad\xe6\x96\x87 and more words\n");
    kit_keys(k, "C-End");
    for (int w = 0; w < 140; w += 3)
        for (int h = 0; h < 30; h += 4) {
            kit_resize(k, w, h);
            kit_screen(k, &out);
        }
    buf_finish(&out);
}

/* ---- typing ---- */

static void a_text_is_asked_for_shown_and_edited(void **state)
{
    struct screen_kit *k = *state;
    command(k, "note Release plan");
    expect_sent(k, "\"note.open\"");
    expect(k, "The text is on its way.");
    kit_type(k, "x");
    expect(k, "on its way");
    kit_text(k, 20, 3, "one\ntwo");
    expect(k, " saved");
    kit_keys(k, "Down End");
    kit_paste(k, " 2");
    expect(k, "two 2");
    expect(k, " saving");
    kit_tick(k, DOC_SEND_EVERY_MS);
    expect_sent(k, "\"note.edit\"");
    long long id = kit_asked(k, "\"note.edit\"");
    kit_frame(k,
              "{'type':'note.edited','room':'#core','seq':41,'time':1772452800000,"
              "'author':'ana','client':'kitkitkitkit','id':%lld,'note':20,'version':4,"
              "'op':[7,' 2']}",
              id);
    expect(k, " saved");
    expect_text(k, "one\ntwo 2");
}

static void enter_tab_and_letters_are_text_and_no_commands(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, "");
    kit_type(k, "quit:i?/");
    kit_keys(k, "Enter Tab Space");
    kit_type(k, "N");
    assert_true(model_where(&k->model) == IN_NOTE);
    struct buf out = {0};
    rope_read(text_of(k)->text, 0, 9, &out);
    assert_string_equal(buf_cstr(&out), "quit:i?/\n");
    buf_finish(&out);
}

static void shift_and_the_mark_select_and_the_title_counts(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, "one\ntwo\nthree\n");
    kit_keys(k, "S-Down S-Down");
    expect(k, "2 lines selected");
    kit_keys(k, "Esc");
    expect_not(k, "selected");
    kit_keys(k, "S-Right S-Right");
    expect(k, "2 characters selected");
    assert_true(model_where(&k->model) == IN_NOTE);
    kit_keys(k, "C-Home C-Space Down");
    expect(k, "1 line selected, selecting");
    kit_keys(k, "C-x");
    expect_text(k, "two\nthree\n");
    kit_keys(k, "C-v");
    expect_text(k, "one\ntwo\nthree\n");
    kit_keys(k, "M-u M-u");
    expect_text(k, "one\ntwo\nthree\n");
    kit_keys(k, "Esc");
    assert_true(model_where(&k->model) == IN_BOARD);
}

static void a_paste_is_one_step_to_take_back(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, "start ");
    kit_keys(k, "End");
    kit_type(k, "a ");
    kit_paste(k, "line one\n\tline two\n");
    expect_text(k, "start a line one\n\tline two\n");
    kit_keys(k, "C-_");
    expect_text(k, "start a ");
    kit_keys(k, "M-_");
    expect_text(k, "start a line one\n\tline two\n");
}

static void who_may_only_look_is_told_why(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, "text");
    kit_frame(k, "{'type':'member','room':'#core','seq':41,'time':1772452800000,'author':'bo',"
                 "'client':'elsewhere1','id':1,'user':'ana','role':'observer'}");
    expect(k, "read-only, saved");
    kit_type(k, "x");
    expect_text(k, "text");
    expect(k, "observer");
}

static void what_the_server_refuses_is_said_and_not_lost(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, "text ");
    kit_keys(k, "End");
    kit_paste(k, "precious words");
    kit_tick(k, DOC_SEND_EVERY_MS);
    kit_frame(k,
              "{'type':'error','re':%lld,'code':'limit','message':'the text is full',"
              "'retry':false}",
              kit_asked(k, "\"note.edit\""));
    expect(k, "refused: the text is full");
    expect(k, "What you typed is here");
    expect_text(k, "text ");
    kit_tick(k, TOAST_ERROR_MS + 1);
    expect(k, "refused: the text is full");
    kit_keys(k, "C-End C-v");
    expect_text(k, "text precious words");
}

static void offline_it_says_how_much_is_not_saved(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, "one two");
    kit_cut(k, ERR_UNREACHABLE, "the cable is out");
    expect(k, " offline");
    kit_type(k, "x");
    kit_keys(k, "End");
    kit_type(k, "y");
    expect(k, "offline, 2 edits not saved yet");
    expect(k, "M-r now");
    expect_text(k, "xone twoy");
}

static void what_is_not_on_this_machine_says_so_offline(void **state)
{
    struct screen_kit *k = *state;
    kit_cut(k, ERR_UNREACHABLE, "the cable is out");
    command(k, "note Release plan");
    expect(k, "This text is not on this machine, and there is no connection.");
    kit_keys(k, "M-h");
    expect(k, "The history is kept by the server");
}

/* ---- search, boxes, links ---- */

static void search_finds_and_replace_replaces(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, "red green red blue red");
    kit_keys(k, "C-f");
    expect(k, "Find:");
    kit_type(k, "green");
    kit_keys(k, "Enter");
    assert_int_equal(MIN(text_of(k)->caret, text_of(k)->anchor), 4);
    kit_keys(k, "C-f C-u");
    kit_type(k, "nothing");
    kit_keys(k, "Enter");
    expect(k, "\"nothing\" is not in this text.");
    kit_keys(k, "C-Home C-r C-u");
    kit_type(k, "red");
    kit_keys(k, "Enter");
    expect(k, "With:");
    kit_type(k, "RED");
    kit_keys(k, "Enter M-s");
    expect_text(k, "RED green red blue red");
    kit_keys(k, "C-n M-s");
    expect_text(k, "RED green red blue RED");
    kit_keys(k, "M-u M-u C-Home M-S");
    expect_text(k, "RED green RED blue RED");
}

static void a_box_is_ticked_by_key_and_by_click(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, "- [ ] one\n- [ ] two\n");
    kit_keys(k, "C-t");
    expect_text(k, "- [x] one\n- [ ] two\n");
    kit_mouse(k, MOUSE_PRESS, 1, 3 + 3, 2);
    kit_mouse(k, MOUSE_RELEASE, 1, 3 + 3, 2);
    expect_text(k, "- [x] one\n- [x] two\n");
    kit_mouse(k, MOUSE_PRESS, 1, 3 + 7, 2);
    expect_text(k, "- [x] one\n- [x] two\n");
    assert_int_equal(text_of(k)->caret, 17);
}

static void links_lead_to_cards_notes_and_people(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, "see #42, #21, #99 and @bo or @dmitri, not @zoe");
    static const struct {
        int at;
        const char *shown;
    } rows[] = {{15, "There is no card 99."},
                {23, "bo (member) is here, at card 42."},
                {31, "dmitri (observer) is not here now."},
                {44, "zoe is not in this room."}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        kit_mouse(k, MOUSE_PRESS, 3, 3 + rows[i].at, 1);
        expect(k, rows[i].shown);
    }
    kit_keys(k, "C-Home C-Right C-Right M-Enter");
    assert_true(model_where(&k->model) == IN_BOARD);
    assert_int_equal(k->model.here->card, 42);
}

static void the_mouse_places_the_caret_selects_and_scrolls(void **state)
{
    struct screen_kit *k = *state;
    struct buf text = {0};
    for (int i = 0; i < 100; i++)
        buf_fmt(&text, "row %02d\n", i);
    open_plan(k, buf_cstr(&text));
    kit_mouse(k, MOUSE_PRESS, 1, 3 + 4, 3);
    assert_int_equal(text_of(k)->caret, 2 * 7 + 4);
    kit_mouse(k, MOUSE_DRAG, 1, 3 + 6, 4);
    kit_mouse(k, MOUSE_RELEASE, 1, 3 + 6, 4);
    assert_int_equal(text_of(k)->anchor, 2 * 7 + 4);
    assert_int_equal(text_of(k)->caret, 3 * 7 + 6);
    kit_mouse(k, MOUSE_WHEEL_DOWN, 0, 10, 10);
    expect_not(k, "row 02");
    expect(k, "row 03");
    kit_keys(k, "C-End");
    expect(k, "row 99");
    buf_finish(&text);
}

/* ---- others ---- */

static void a_name_shows_while_one_types_and_then_an_initial(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, "one\ntwo\n");
    caret_of(k, "bo", 8, 3, 3, 3);
    expect(k, "Release plan bo ");
    expect(k, "B  one\n");
    kit_edited(k, "bo", 20, 4, "[3,' more']");
    expect(k, "B  one more  bo");
    kit_tick(k, DOC_TYPING_MS + 1);
    expect_not(k, "one more  bo");
    expect(k, "B  one more\n");
    kit_frame(k, "{'type':'presence','room':'#core','user':'bo','session':8,'online':false}");
    expect_not(k, "B  one");
}

static void an_edit_moves_the_caret_of_the_session_that_did_it(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, "one\ntwo\n");
    caret_of(k, "bo", 9, 3, 5, 5);
    caret_of(k, "bo", 8, 3, 0, 0);
    kit_edited(k, "bo", 20, 4, "['new ',3,'!']");
    const struct doc *d = text_of(k);
    assert_int_equal(d->others.n, 2);
    assert_int_equal(d->others.v[0].session, 9);
    assert_int_equal(d->others.v[0].caret, 10); /* pushed on, as anybody's */
    assert_int_equal(d->others.v[0].typed_at, 0);
    assert_int_equal(d->others.v[1].caret, 8);
    expect(k, "new one!  bo");
}

static void no_name_covers_text(void **state)
{
    struct screen_kit *k = *state;
    char line[200];
    memset(line, 'm', 75);
    line[75] = '\0';
    open_plan(k, line);
    caret_of(k, "bo", 8, 3, 75, 75);
    kit_edited(k, "bo", 20, 4, "[75,'m']");
    struct buf out = {0};
    buf_fmt(&out, "B  %sm", line);
    expect(k, buf_cstr(&out));
    expect_not(k, "mm  bo");
    buf_finish(&out);
}

static void what_others_add_above_does_not_move_the_screen(void **state)
{
    struct screen_kit *k = *state;
    struct buf text = {0}, before = {0}, after = {0};
    for (int i = 0; i < 100; i++)
        buf_fmt(&text, "row %02d\n", i);
    open_plan(k, buf_cstr(&text));
    kit_keys(k, "PgDn PgDn");
    const char *first = strstr(kit_screen(k, &before), "row");
    char row[7] = "";
    memcpy(row, first, 6);
    kit_edited(k, "bo", 20, 4, "['new\\nlines\\n']");
    assert_int_equal(strncmp(strstr(kit_screen(k, &after), "row"), row, 6), 0);
    buf_finish(&text);
    buf_finish(&before);
    buf_finish(&after);
}

/* ---- descriptions ---- */

static void a_card_has_a_description_and_a_mark_once_it_is_written(void **state)
{
    struct screen_kit *k = *state;
    expect_not(k, "\xe2\x89\xa1");
    kit_keys(k, "o");
    expect(k, "#12 Parser: reject");
    kit_text(k, 12, 0, "");
    expect(k, "Nothing is written here yet.");
    kit_edited(k, "bo", 12, 1, "['because']");
    expect(k, "because");
    kit_keys(k, "Esc");
    expect(k, "\xe2\x89\xa1");
}

static void every_theme_draws_every_part(void **state)
{
    struct screen_kit *k = *state;
    static const char *const keys[] = {"C-Space Down", "Esc M-w", "M-h", "q C-o A"};
    struct grid g = {0};
    open_plan(k, "# T\n- [x] *a* `b` @bo #42 [x](y)\n> q\n```\ncode\n```\n");
    caret_of(k, "bo", 8, 3, 2, 6);
    for (size_t i = 0; i < 16 * COUNT_OF(keys); i++) {
        struct theme t = {.depth = (enum theme_depth)(i % 4), .light = i & 4, .ascii = i & 8};
        if (i % 16 == 0)
            kit_keys(k, keys[i / 16]);
        view(&k->model, &t, &g);
        assert_true(grid_check(&g));
        for (int c = 0; c < g.w * g.h; c++) {
            short most = t.depth == DEPTH_256 ? 255 : t.depth == DEPTH_16 ? 15 : 7;
            most = t.depth == DEPTH_MONO ? -1 : most;
            assert_true(g.cells[c].style.fg <= most && g.cells[c].style.bg <= most);
        }
    }
    grid_finish(&g);
}

/* ---- how long it takes ---- */

static void a_megabyte_is_pasted_at_once(void **state)
{
    struct screen_kit *k = *state;
    struct buf text = {0}, out = {0};
    open_plan(k, "");
    while (text.n < 1000000)
        buf_fmt(&text, "- [ ] a line of the megabyte, number %zu, with some words\n", text.n);
    kit_paste(k, buf_cstr(&text));
    assert_int_equal(rope_bytes(text_of(k)->text), text.n);
    kit_screen(k, &out);
    kit_keys(k, "C-_");
    expect_text(k, "");
    buf_finish(&text);
    buf_finish(&out);
}

static double milliseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* The bound is generous, for slow and instrumented builds; what it catches is work that grows
 * with the text. The figure is printed. */
static void a_key_in_a_huge_text_takes_no_longer(void **state)
{
    struct screen_kit *k = *state;
    static const char *const keys[] = {"x", "Down", "PgDn", "C-End", "Enter", "Up", "C-Home"};
    struct grid g = {0};
    struct theme t = {.depth = DEPTH_256};
    struct buf text = {0};
    double worst = 0;
    const char *slowest = "";
    while (text.n < NOTE_MAX - 4096)
        buf_fmt(&text, "- [ ] a line of a huge text, *number* %zu, see #42\n", text.n);
    open_plan(k, "");
    kit_paste(k, buf_cstr(&text));
    kit_resize(k, 200, 50);
    for (size_t i = 0; i < 5 * COUNT_OF(keys); i++) {
        double start = milliseconds();
        kit_keys(k, keys[i % COUNT_OF(keys)]);
        view(&k->model, &t, &g);
        double took = milliseconds() - start;
        slowest = took > worst ? keys[i % COUNT_OF(keys)] : slowest;
        worst = MAX(worst, took);
    }
    print_message("slowest key and frame in %zu bytes: %.2f ms (%s)\n", text.n, worst, slowest);
    assert_true(worst < 150);
    grid_finish(&g);
    buf_finish(&text);
}

#define WITH_KIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {
        WITH_KIT(the_list_is_sorted_and_says_who_edited_and_who_is_there),
        WITH_KIT(a_note_is_made_named_and_typed_in_at_once),
        WITH_KIT(a_taken_name_is_refused_before_it_is_sent),
        WITH_KIT(a_name_that_nothing_could_find_is_refused),
        WITH_KIT(notes_are_found_by_name_number_and_beginning),
        WITH_KIT(the_selected_note_is_renamed_put_away_and_brought_back),
        WITH_KIT(a_click_opens_the_note),
        WITH_KIT(a_narrow_screen_is_all_text_and_a_wide_one_has_it_beside),
        WITH_KIT(every_size_shows_it_without_a_fault),
        WITH_KIT(a_text_is_asked_for_shown_and_edited),
        WITH_KIT(enter_tab_and_letters_are_text_and_no_commands),
        WITH_KIT(shift_and_the_mark_select_and_the_title_counts),
        WITH_KIT(a_paste_is_one_step_to_take_back),
        WITH_KIT(who_may_only_look_is_told_why),
        WITH_KIT(what_the_server_refuses_is_said_and_not_lost),
        WITH_KIT(offline_it_says_how_much_is_not_saved),
        WITH_KIT(what_is_not_on_this_machine_says_so_offline),
        WITH_KIT(search_finds_and_replace_replaces),
        WITH_KIT(a_box_is_ticked_by_key_and_by_click),
        WITH_KIT(links_lead_to_cards_notes_and_people),
        WITH_KIT(the_mouse_places_the_caret_selects_and_scrolls),
        WITH_KIT(a_name_shows_while_one_types_and_then_an_initial),
        WITH_KIT(an_edit_moves_the_caret_of_the_session_that_did_it),
        WITH_KIT(no_name_covers_text),
        WITH_KIT(what_others_add_above_does_not_move_the_screen),
        WITH_KIT(a_card_has_a_description_and_a_mark_once_it_is_written),
        WITH_KIT(every_theme_draws_every_part),
        WITH_KIT(a_megabyte_is_pasted_at_once),
        WITH_KIT(a_key_in_a_huge_text_takes_no_longer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
