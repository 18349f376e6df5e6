/* Many cards at once: marked by key, range and mouse, and what is done to them at one stroke.
 */
#include "layout.h"
#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void expect_marked(struct screen_kit *k, const char *numbers)
{
    struct card_numbers cards = {0};
    struct buf got = {0};
    marked_cards(&k->model, &cards);
    for (size_t i = 0; i < cards.n; i++)
        buf_fmt(&got, "%s%lld", i ? " " : "", (long long)cards.v[i]);
    assert_string_equal(buf_cstr(&got), numbers);
    assert_int_equal(marks_count(&k->model), cards.n);
    buf_finish(&got);
    vec_finish(&cards);
}

static void expect_board(struct screen_kit *k, const char *expected)
{
    const struct board *b = &model_replica(&k->model)->board;
    struct buf out = {0};
    vec_each (col, &b->columns) {
        buf_fmt(&out, "%s:", col->name);
        vec_each (c, &col->cards)
            buf_fmt(&out, " %lld", (long long)(*c)->number);
        buf_fmt(&out, "; ");
    }
    assert_string_equal(buf_cstr(&out), expected);
    buf_finish(&out);
}

static size_t count_sent(struct screen_kit *k, const char *part)
{
    struct buf out = {0};
    size_t n = 0;
    kit_sent(k, &out);
    for (const char *at = buf_cstr(&out); (at = strstr(at, part)); at++)
        n++;
    buf_finish(&out);
    return n;
}

static size_t count_kept(struct screen_kit *k, enum effect_kind kind)
{
    size_t n = 0;
    vec_each (e, &k->out.items)
        n += e->kind == kind;
    return n;
}

static void command(struct screen_kit *k, const char *text)
{
    kit_keys(k, ":");
    kit_type(k, text);
    kit_keys(k, "Enter");
}

static void click(struct screen_kit *k, int x, int y, unsigned mods)
{
    struct input in = {
        .kind = INPUT_MOUSE, .now = k->now, .mouse = {MOUSE_PRESS, 1, x, y, mods}};
    update(&k->model, &in, &k->out);
    in.mouse.kind = MOUSE_RELEASE;
    update(&k->model, &in, &k->out);
}

/* ---- marking ---- */

static void space_marks_and_goes_on(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Space Space");
    expect_marked(k, "12 31");
    shows(k, "2 marked");
    shows(k, "12\xe2\x80\xa2Parser");
    kit_keys(k, "k Space");
    expect_marked(k, "12");
    kit_keys(k, "l Space Esc");
    expect_marked(k, "");
}

static void a_range_follows_the_selection(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "j V j j");
    expect_marked(k, "31 38 40");
    kit_keys(k, "k");
    expect_marked(k, "31 38");
    kit_keys(k, "V g");
    expect_marked(k, "31 38");
    kit_keys(k, "V j Esc"); /* gives the range up, not the marks */
    expect_marked(k, "31 38");
    kit_keys(k, "Esc");
    expect_marked(k, "");
}

static void all_that_show_are_marked(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Space / r e l e a s e Enter *");
    expect_marked(k, "12 14");
    kit_keys(k, "Esc");
    expect_marked(k, "");
    kit_keys(k, "* *");
    expect_marked(k, "");
}

static void a_click_with_ctrl_marks(void **state)
{
    struct screen_kit *k = *state;
    click(k, 20, 1, MOD_CTRL);
    expect_marked(k, "12");
    click(k, 50, 2, MOD_ALT);
    expect_marked(k, "12 14");
    click(k, 20, 2, MOD_CTRL);
    expect_marked(k, "14");
}

static void what_others_take_off_the_board_is_not_marked(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Space Space");
    kit_frame(k, "{'type':'task.archived','room':'#core','seq':41,'time':1,'author':'bo',"
                 "'client':'elsewhere1','id':1,'task':12}");
    expect_marked(k, "31");
}

/* ---- doing ---- */

static void many_are_archived_and_come_back_as_one(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Space Space Space");
    kit_forget(k);
    kit_keys(k, "d");
    expect_board(k, "Todo: 40; Doing: 14 42; Done: 3 7; ");
    shows(k, "Archived 3 cards. u takes it back.");
    assert_int_equal(count_sent(k, "task.archive"), 3);
    assert_int_equal(count_kept(k, EFFECT_KEEP), 1); /* one step to the disk */
    assert_int_equal(count_kept(k, EFFECT_KEEP_LATER), 2);
    kit_keys(k, "u");
    expect_board(k, "Todo: 12 31 38 40; Doing: 14 42; Done: 3 7; ");
    shows(k, "Taken back: archived 3 cards.");
    kit_keys(k, "C-r");
    expect_board(k, "Todo: 40; Doing: 14 42; Done: 3 7; ");
}

static void many_move_together_in_their_order(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "j Space j Space k k L"); /* 31 and 40, from the row of 31 */
    expect_board(k, "Todo: 12 38; Doing: 14 31 40 42; Done: 3 7; ");
    kit_keys(k, "J");
    expect_board(k, "Todo: 12 38; Doing: 14 42 31 40; Done: 3 7; ");
    kit_keys(k, "J K K");
    expect_board(k, "Todo: 12 38; Doing: 31 40 14 42; Done: 3 7; ");
    command(k, "task move Done");
    expect_board(k, "Todo: 12 38; Doing: 14 42; Done: 3 7 31 40; ");
    kit_keys(k, "u u u u u");
    expect_board(k, "Todo: 12 31 38 40; Doing: 14 42; Done: 3 7; ");
}

static void fields_of_many_are_set(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Space Space");
    command(k, "task label bug ui");
    shows(k, "Changed the label of 2 cards. u takes it back.");
    command(k, "task priority high");
    shows(k, "Set the priority of 2 cards. u takes it back.");
    const struct board *b = &model_replica(&k->model)->board;
    assert_true(card_has(board_card(b, 31), CARD_LABEL, STR("ui")));
    assert_true(str_is(card_scalar(board_card(b, 12), CARD_PRIORITY), "high"));
    assert_int_equal(card_count(board_card(b, 38), CARD_LABEL), 0);
    kit_forget(k);
    command(k, "task label bug"); /* they have it */
    assert_int_equal(count_sent(k, "task.edit"), 0);
    kit_keys(k, "u u");
    assert_int_equal(card_count(board_card(b, 31), CARD_LABEL), 0);
    assert_int_equal(card_scalar(board_card(b, 12), CARD_PRIORITY).n, 0);
}

static void a_list_is_picked_from_for_many(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Space Space M");
    shows(k, "Who does it: 2 cards");
    kit_type(k, "cleo");
    kit_keys(k, "Enter");
    const struct board *b = &model_replica(&k->model)->board;
    assert_true(card_has(board_card(b, 12), CARD_ASSIGNEE, STR("cleo")));
    assert_true(card_has(board_card(b, 31), CARD_ASSIGNEE, STR("cleo")));
    shows(k, "Put assignee cleo on 2 cards.");
    kit_keys(k, "m");
    assert_true(card_has(board_card(b, 31), CARD_ASSIGNEE, STR("ana")));
    kit_keys(k, "m");
    assert_false(card_has(board_card(b, 31), CARD_ASSIGNEE, STR("ana")));
    kit_keys(k, "P");
    kit_type(k, "done");
    kit_keys(k, "Enter");
    expect_board(k, "Todo: 38 40; Doing: 14 42; Done: 3 7 12 31; ");
}

static void what_is_refused_of_many_is_said_once(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "*");
    kit_forget(k);
    kit_keys(k, "d");
    long long last = kit_asked(k, "\"task.archive\"");
    for (int i = 0; i < 3; i++)
        kit_frame(k, "{'type':'error','re':%lld,'code':'conflict','message':'card is away'}",
                  last - i);
    shows(k, "Not done: 3 of them. Of the first: card is away");
    assert_int_equal(model_replica(&k->model)->board.live, 3);
    kit_keys(k, "Esc u"); /* only what was done is taken back */
    assert_int_equal(model_replica(&k->model)->board.live, 8);
    assert_int_equal(count_sent(k, "task.restore"), 5);
}

/* ---- the mouse ---- */

static struct rect rect_of(const struct screen_kit *k, int64_t number)
{
    struct layout l;
    struct board_spots s;
    struct rect r = {0};
    layout_of(&k->model, &l);
    board_spots_of(&k->model, &l, &s);
    vec_each (spot, &s.cards)
        if (spot->card->number == number)
            r = spot->rect;
    board_spots_finish(&s);
    assert_true(r.h > 0);
    return r;
}

static void marked_cards_are_carried_together(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Space Space k k"); /* 12 and 31 */
    kit_mouse(k, MOUSE_PRESS, 1, 25, 2);
    kit_mouse(k, MOUSE_DRAG, 1, 50, 4);
    shows(k, "2 cards");
    kit_mouse(k, MOUSE_RELEASE, 1, 50, 14);
    expect_board(k, "Todo: 38 40; Doing: 14 42 12 31; Done: 3 7; ");
    kit_keys(k, "u");
    expect_board(k, "Todo: 12 31 38 40; Doing: 14 42; Done: 3 7; ");
}

static void escape_puts_a_card_down_where_it_was(void **state)
{
    struct screen_kit *k = *state;
    kit_mouse(k, MOUSE_PRESS, 1, 25, 1);
    kit_mouse(k, MOUSE_DRAG, 1, 50, 4);
    kit_keys(k, "Esc");
    kit_mouse(k, MOUSE_RELEASE, 1, 50, 4);
    assert_int_equal(count_sent(k, "task.move"), 0);
}

/* Between what shows; above the first one it goes behind what is hidden in front of that. */
static void a_card_is_put_down_where_the_row_is_shown(void **state)
{
    static const struct {
        const char *filter;
        int from, to;
        const char *sent;
    } rows[] = {
        {NULL, 38, 12, "\"task\":38,\"column\":\"Todo\",\"after\":0"},
        {NULL, 40, 31, "\"task\":40,\"column\":\"Todo\",\"after\":12"},
        {"-@bo", 40, 31, "\"task\":40,\"column\":\"Todo\",\"after\":12"},
        {"-@bo", 38, 31, "\"task\":38,\"column\":\"Todo\",\"after\":12"},
        {"-@bo", 31, 31, NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        void *own = NULL;
        open_wide_screen(&own);
        struct screen_kit *k = own;
        kit_frame(k,
                  "{'type':'task.edited','room':'#core','seq':%d,'time':1,'author':'bo',"
                  "'client':'elsewhere1','id':1000,'task':12,'changes':[{'field':'assignee',"
                  "'value':'bo'}]}",
                  ++k->seq);
        if (rows[i].filter)
            command_line(k, str_fmt(&k->out.arena, "filter %s", rows[i].filter).p);
        kit_forget(k);
        struct rect from = rect_of(k, rows[i].from), to = rect_of(k, rows[i].to);
        kit_mouse(k, MOUSE_PRESS, 1, from.x + 2, from.y + from.h - 1);
        kit_mouse(k, MOUSE_DRAG, 1, to.x + 4, to.y);
        kit_mouse(k, MOUSE_RELEASE, 1, to.x + 4, to.y);
        if (rows[i].sent)
            sent(k, rows[i].sent);
        else
            sent_not(k, "task.move");
        close_screen(&own);
    }
}

static void the_edges_scroll_below_a_carried_card(void **state)
{
    struct screen_kit *k = *state;
    kit_resize(k, 80, 24);
    kit_fill(k, 200, 0);
    kit_frame(k,
              "{'type':'column.added','room':'#core','seq':%d,'time':1,'author':'bo',"
              "'client':'elsewhere1','id':900,'column':'Later','place':3}",
              ++k->seq);
    kit_keys(k, "g");
    kit_mouse(k, MOUSE_PRESS, 1, 25, 1);
    kit_mouse(k, MOUSE_DRAG, 1, 25, 10);
    for (int i = 0; i < 20; i++)
        kit_tick(k, 200);
    assert_true(k->model.here->top[0].place >= 15);
    kit_mouse(k, MOUSE_DRAG, 1, 79, 5);
    kit_tick(k, 1000);
    assert_int_equal(k->model.here->first_column, 1);
    shows(k, "Later");
    kit_mouse(k, MOUSE_RELEASE, 1, 75, 5);
    assert_int_equal(count_sent(k, "\"column\":\"Later\""), 1);
    assert_int_equal(model_next_tick(&k->model) > k->now, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_wide_screen, close_screen)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(space_marks_and_goes_on),
        TEST(a_range_follows_the_selection),
        TEST(all_that_show_are_marked),
        TEST(a_click_with_ctrl_marks),
        TEST(what_others_take_off_the_board_is_not_marked),
        TEST(many_are_archived_and_come_back_as_one),
        TEST(many_move_together_in_their_order),
        TEST(fields_of_many_are_set),
        TEST(a_list_is_picked_from_for_many),
        TEST(what_is_refused_of_many_is_said_once),
        TEST(marked_cards_are_carried_together),
        TEST(escape_puts_a_card_down_where_it_was),
        cmocka_unit_test(a_card_is_put_down_where_the_row_is_shown),
        TEST(the_edges_scroll_below_a_carried_card),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
