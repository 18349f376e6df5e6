#include "layout.h"
#include "screen_test.h"
#include "view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static struct screen_kit kit_of(int width, int height)
{
    struct screen_kit k;
    kit_init_full(&k, width, height);
    return k;
}

static void eighty_columns_show_all_three_panes(void **state)
{
    (void)state;
    struct screen_kit k = kit_of(80, 24);
    shows(&k, " Rooms          \xe2\x94\x82 Todo 4 ");
    shows(&k, "\xe2\x97\x8f bo ");
    shows(&k, " 11:58 cleo       I will, after lunch");
    shows(&k, " #core  \xe2\x97\x8f online");
    kit_finish(&k);
}

static void small_screens_show_one_pane_and_the_way_to_others(void **state)
{
    (void)state;
    struct screen_kit k = kit_of(40, 12);
    shows(&k, "Rooms        Board        Chat");
    shows(&k, "Todo 4");
    shows_not(&k, "after lunch");
    kit_keys(&k, "i");
    shows(&k, "after lunch");
    kit_finish(&k);
}

static void text_of_others_is_spelled_out(void **state)
{
    (void)state;
    struct screen_kit k = kit_of(120, 30);
    kit_frame(&k,
              "{'type':'message','room':'#core','seq':41,'time':1772452800000,'author':'bo',"
              "'client':'elsewhere1','id':1,'text':'\\u001b[2J\\u202eevil'}");
    shows(&k, "\\x1b[2J\\u{202e}evil");
    kit_finish(&k);
}

static void people_who_type_are_named(void **state)
{
    (void)state;
    struct screen_kit k = kit_of(80, 30);
    kit_frame(&k, "{'type':'typing','room':'#core','user':'bo','session':8,'on':true}");
    shows(&k, "bo is typing");
    kit_frame(&k, "{'type':'typing','room':'#core','user':'cleo','session':9,'on':true}");
    shows(&k, "bo, cleo are typing");
    kit_frame(&k, "{'type':'typing','room':'#core','user':'bo','session':8,'on':false}");
    shows(&k, "cleo is typing");
    kit_finish(&k);
}

static void refusal_stays_on_screen_with_its_reason(void **state)
{
    (void)state;
    struct screen_kit k = kit_of(80, 24);
    kit_cut(&k, ERR_TOKEN_EXPIRED, "the token has expired");
    shows(&k, "refused (R tries again): the token has expired");
    kit_tick(&k, 60000);
    shows(&k, "refused (R tries again): the token has expired");
    kit_finish(&k);
}

/* Neither the newest message is hidden, wherever the chat is, nor the line that is typed in a
 * text. */
static void a_toast_hides_neither_what_is_new_nor_what_is_typed(void **state)
{
    static const int sizes[][2] = {{80, 24},  {100, 30}, {130, 40},
                                   {200, 50}, {60, 20},  {44, 20}};
    const char *toast =
        "A toast of two rows, since it has rather more words than one row holds.";
    (void)state;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct screen_kit k = kit_of(sizes[i][0], sizes[i][1]);
        kit_frame(
            &k, "{'type':'message','room':'#core','seq':41,'time':1772452800000,'author':'bo',"
                "'client':'elsewhere1','id':1,'text':'a newest message that runs nearly to the "
                "edge of it all, and says its lastword'}");
        kit_keys(&k, "i");
        model_toast(&k.model, TOAST_INFO, "%s", toast);
        shows(&k, "A toast of two rows");
        shows(&k, "lastword");
        kit_keys(&k, "Esc Esc N Enter"); /* the list, and the first note */
        kit_text(&k, 20, 3, "one\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n");
        kit_keys(&k, "C-End");
        kit_type(&k, "At the end of a text stands a line that is typed.");
        k.model.toasts.n = 0;
        model_toast(&k.model, TOAST_INFO, "%s", toast);
        shows(&k, "A toast of two rows");
        shows(&k, "is typed.");
        kit_keys(&k, "C-Home"); /* and at its top */
        kit_type(&k, "Here at the top stands another line that is typed, ");
        shows(&k, "typed, ");
        kit_finish(&k);
    }
}

/* Whose last cards go away: what is above comes down. */
static void a_column_leaves_no_room_at_its_foot(void **state)
{
    (void)state;
    struct screen_kit k = kit_of(80, 24);
    kit_fill(&k, 20, 0);
    kit_keys(&k, "G");
    shows_not(&k, "107 Card number");
    kit_keys(&k, "d d d d d d d d d d");
    shows(&k, "107 Card number");
    kit_finish(&k);
}

static void help_lists_every_action(void **state)
{
    (void)state;
    struct screen_kit k = kit_of(120, 24);
    kit_keys(&k, "?");
    struct buf all = {0}, out = {0};
    for (int i = 0; i < 20; i++) {
        buf_fmt(&all, "%s", kit_screen(&k, &out));
        kit_keys(&k, "PgDn");
    }
    for (enum action_id id = 1; id < ACTION_COUNT; id++)
        if (help_has(&k.model, action_table[id].group) &&
            !strstr(buf_cstr(&all), action_table[id].name))
            fail_msg("%s is not in the help", action_table[id].name);
    buf_finish(&all);
    buf_finish(&out);
    kit_finish(&k);
}

static void help_begins_with_what_counts_where_one_is(void **state)
{
    static const struct {
        const char *keys, *first;
    } rows[] = {{"?", "Board"},    {"i F1", "Messages"},    {"i C-Up ?", "Messages"},
                {"N ?", "Notes"},  {"N Enter F1", "Notes"}, {"Tab Tab ?", "Rooms"},
                {": F1", "Typing"}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct screen_kit k = kit_of(80, 24);
        struct buf out = {0};
        kit_keys(&k, rows[i].keys);
        const char *second = strchr(kit_screen(&k, &out), '\n');
        struct str line = {second, (size_t)(strchr(second + 1, '\n') - second)};
        if (!memmem(line.p, line.n, rows[i].first, strlen(rows[i].first)))
            fail_msg("%s: %.*s", rows[i].keys, STR_ARG(line));
        buf_finish(&out);
        kit_finish(&k);
    }
}

static void help_says_what_the_marks_mean(void **state)
{
    (void)state;
    struct screen_kit k = kit_of(80, 60);
    kit_keys(&k, "? PgDn");
    shows(&k, "Marks on the board");
    shows(&k, "⊘                     Blocked: a card that must be done first");
    shows(&k, "▽ ◇ △ ▲               Priority: low, medium, high, urgent.");
    kit_finish(&k);
}

static void help_cuts_no_sentence_at_any_width(void **state)
{
    (void)state;
    static const int widths[] = {200, 120, 86, 80, 60, 44, 24};
    for (size_t i = 0; i < COUNT_OF(widths); i++) {
        struct screen_kit k = kit_of(widths[i], 24);
        kit_keys(&k, "?");
        for (int page = 0; page < 20; page++) {
            shows_not(&k, "…");
            kit_keys(&k, "PgDn");
        }
        kit_finish(&k);
    }
}

static void a_page_of_help_is_a_screen_less_one_row(void **state)
{
    (void)state;
    struct screen_kit k = kit_of(80, 24);
    kit_keys(&k, "? PgDn");
    assert_int_equal(k.model.help_top, 21);
    kit_keys(&k, "PgUp PgUp");
    assert_int_equal(k.model.help_top, 0);
    kit_finish(&k);
}

static void messages_have_their_author_at_every_width(void **state)
{
    (void)state;
    for (int w = 26; w <= 140; w++) {
        struct screen_kit k = kit_of(w, 30);
        kit_frame(&k, "{'type':'message','room':'#core','seq':41,'time':1772452800000,"
                      "'author':'zoe','client':'elsewhere1','id':1,'text':'hi'}");
        kit_keys(&k, "i");
        shows(&k, "zoe");
        kit_finish(&k);
    }
}

static void every_theme_draws_every_pane(void **state)
{
    (void)state;
    struct screen_kit k = kit_of(80, 24);
    struct grid g = {0};
    for (int i = 0; i < 16; i++) {
        struct theme t = {.depth = (enum theme_depth)(i % 4), .light = i & 4, .ascii = i & 8};
        view(&k.model, &t, &g);
        assert_true(grid_check(&g));
        for (int c = 0; c < g.w * g.h; c++) {
            short most = t.depth == DEPTH_256 ? 255 : t.depth == DEPTH_16 ? 15 : 7;
            most = t.depth == DEPTH_MONO ? -1 : most;
            assert_true(g.cells[c].style.fg <= most && g.cells[c].style.bg <= most);
        }
    }
    grid_finish(&g);
    kit_finish(&k);
}

static void ascii_draws_nothing_else_by_itself(void **state)
{
    (void)state;
    struct screen_kit k;
    struct grid g = {0};
    struct theme t = {.depth = DEPTH_MONO, .ascii = true};
    kit_init(&k, 80, 24);
    view(&k.model, &t, &g);
    for (int c = 0; c < g.w * g.h; c++)
        for (int i = 0; i < g.cells[c].n; i++)
            assert_true((unsigned char)g.cells[c].text[i] < 0x80);
    grid_finish(&g);
    kit_finish(&k);
}

static double milliseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* A key and its frame with a great deal loaded. The bound is generous, for slow and
 * instrumented builds; what it catches is work that grows with the data. The figure is printed.
 */
static void a_key_costs_the_same_however_much_is_loaded(void **state)
{
    (void)state;
    struct screen_kit k = kit_of(200, 50);
    struct grid g = {0};
    struct theme t = {.depth = DEPTH_256};
    kit_fill(&k, 3000, 10000);
    double worst = 0;
    for (int i = 0; i < 60; i++) {
        double start = milliseconds();
        kit_keys(&k, i % 3 == 0 ? "G" : i % 3 == 1 ? "i" : "PgUp Esc g");
        view(&k.model, &t, &g);
        worst = MAX(worst, milliseconds() - start);
    }
    print_message("slowest key and frame: %.2f ms\n", worst);
    assert_true(worst < 100);
    grid_finish(&g);
    kit_finish(&k);
}

int main(void)
{
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eighty_columns_show_all_three_panes),
        cmocka_unit_test(small_screens_show_one_pane_and_the_way_to_others),
        cmocka_unit_test(text_of_others_is_spelled_out),
        cmocka_unit_test(people_who_type_are_named),
        cmocka_unit_test(refusal_stays_on_screen_with_its_reason),
        cmocka_unit_test(a_toast_hides_neither_what_is_new_nor_what_is_typed),
        cmocka_unit_test(a_column_leaves_no_room_at_its_foot),
        cmocka_unit_test(help_lists_every_action),
        cmocka_unit_test(help_begins_with_what_counts_where_one_is),
        cmocka_unit_test(help_says_what_the_marks_mean),
        cmocka_unit_test(help_cuts_no_sentence_at_any_width),
        cmocka_unit_test(a_page_of_help_is_a_screen_less_one_row),
        cmocka_unit_test(messages_have_their_author_at_every_width),
        cmocka_unit_test(every_theme_draws_every_pane),
        cmocka_unit_test(ascii_draws_nothing_else_by_itself),
        cmocka_unit_test(a_key_costs_the_same_however_much_is_loaded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
