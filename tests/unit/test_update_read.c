/* What counts as read on the screen, where the line stands that says so, and how to get there.
 */
#include "layout.h"
#include "screen_kit.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int start(void **state)
{
    struct screen_kit *k = test_calloc(1, sizeof *k);
    kit_init_full(k, 100, 30);
    k->model.session.revision = PROTOCOL_REVISION;
    *state = k;
    return 0;
}

static int end(void **state)
{
    kit_finish(*state);
    test_free(*state);
    return 0;
}

static void say(struct screen_kit *k, const char *text)
{
    k->seq++;
    kit_frame(k,
              "{'type':'message','room':'#core','seq':%d,'time':1772452800000,'author':'bo',"
              "'client':'elsewhere1','id':%d,'text':'%s'}",
              k->seq, k->seq, text);
}

static void say_many(struct screen_kit *k, int n)
{
    char text[16];
    for (int i = 1; i <= n; i++) {
        snprintf(text, sizeof text, "line %d.", i);
        say(k, text);
    }
}

static size_t unread(const struct screen_kit *k)
{
    return k->model.here->unread.all;
}

static void look(struct screen_kit *k, bool on)
{
    struct input in = {.kind = INPUT_FOCUS, .now = k->now, .on = on};
    update(&k->model, &in, &k->out);
}

static bool shows(const struct screen_kit *k, const char *text)
{
    struct buf b = {0};
    bool found = strstr(kit_screen(k, &b), text);
    buf_finish(&b);
    return found;
}

static void seen_is_what_is_on_screen_while_somebody_looks(void **state)
{
    struct screen_kit *k = *state;
    say(k, "one");
    assert_int_equal(unread(k), 0);
    look(k, false);
    say(k, "two");
    assert_int_equal(unread(k), 1);
    look(k, true);
    assert_int_equal(unread(k), 0);
    assert_true(shows(k, " new "));
    kit_pass(k, IDLE_AFTER_MS + 1000); /* gone for coffee */
    say(k, "three");
    assert_int_equal(unread(k), 1);
    kit_keys(k, "j");
    assert_int_equal(unread(k), 0);
}

static void what_is_below_the_edge_is_not_read(void **state)
{
    struct screen_kit *k = *state;
    say_many(k, 40);
    kit_keys(k, "i PgUp PgUp");
    say(k, "psst");
    assert_int_equal(unread(k), 1);
    assert_true(shows(k, "1 new below"));
    kit_keys(k, "M->");
    assert_int_equal(unread(k), 0);
}

/* All of it counts as read; that there is more of it than shows is said. */
static void what_is_new_above_the_edge_is_said_until_it_was_seen(void **state)
{
    struct screen_kit *k = *state;
    look(k, false);
    say_many(k, 9);
    assert_false(shows(k, "new above"));
    say_many(k, 40);
    look(k, true);
    assert_int_equal(unread(k), 0);
    assert_true(shows(k, " new above, M-u "));
    kit_keys(k, "i M-u");
    assert_true(shows(k, " line 1."));
    assert_false(shows(k, "new above"));
    kit_keys(k, "M->");
    assert_false(shows(k, "new above"));
    look(k, false);
    say_many(k, 40);
    look(k, true);
    assert_true(shows(k, "new above"));
    kit_type(k, "so I say");
    kit_keys(k, "Enter");
    assert_false(shows(k, "new above")); /* who answers was here */
}

static void a_click_on_what_is_above_goes_there(void **state)
{
    struct screen_kit *k = *state;
    struct layout l;
    struct chat_rows rows;
    char text[64];
    look(k, false);
    say_many(k, 40);
    look(k, true);
    layout_of(&k->model, &l);
    chat_rows_of(&k->model, &l, &rows);
    struct rect at = chat_above(&k->model, &l, &rows, text);
    chat_rows_finish(&rows);
    assert_int_equal(at.h, 1);
    kit_mouse(k, MOUSE_PRESS, 1, at.x + 2, at.y);
    assert_true(shows(k, " line 1."));
}

static void click_on_what_is_below_goes_there(void **state)
{
    struct screen_kit *k = *state;
    struct layout l;
    char text[64];
    say_many(k, 40);
    kit_keys(k, "i PgUp PgUp");
    layout_of(&k->model, &l);
    struct rect at = chat_below(&k->model, &l, text);
    assert_int_equal(at.h, 1);
    kit_mouse(k, MOUSE_PRESS, 1, at.x + 2, at.y);
    assert_int_equal(k->model.here->chat_anchor, 0);
}

static void rule_can_be_another(void **state)
{
    struct screen_kit *k = *state;
    k->model.mark_read = MARK_OPEN;
    look(k, false);
    say(k, "one");
    assert_int_equal(unread(k), 0);
    k->model.mark_read = MARK_MANUAL;
    look(k, true);
    say(k, "two");
    assert_int_equal(unread(k), 1);
    kit_keys(k, "M-m");
    assert_int_equal(unread(k), 0);
}

static void set_back_stays_until_one_comes_again(void **state)
{
    struct screen_kit *k = *state;
    say_many(k, 5);
    kit_keys(k, "i C-Up k k u"); /* line 3 of 5 */
    assert_int_equal(unread(k), 3);
    kit_keys(k, "Esc PgDn");
    say(k, "six");
    assert_int_equal(unread(k), 4);
    kit_keys(k, "M-Down");
    assert_int_equal(model_view(&k->model, STR("#core"))->unread.all, 4);
    kit_keys(k, "M-Up");
    assert_int_equal(unread(k), 0);
    assert_true(shows(k, " new "));
}

static void set_back_elsewhere_is_heeded(void **state)
{
    struct screen_kit *k = *state;
    say_many(k, 5);
    kit_frame(k, "{'type':'unread','room':'#core','read':%d,'turn':1,'seq':%d,'unread':2}",
              k->seq - 2, k->seq);
    assert_int_equal(unread(k), 2);
    kit_keys(k, "i");
    assert_int_equal(unread(k), 2);
}

static void what_was_read_elsewhere_is_read_here(void **state)
{
    struct screen_kit *k = *state;
    look(k, false);
    say_many(k, 5);
    assert_int_equal(unread(k), 5);
    kit_frame(k, "{'type':'unread','room':'#core','read':%d,'seq':%d,'unread':1}", k->seq - 1,
              k->seq);
    assert_int_equal(unread(k), 1);
}

/* Whoever sits there and answers has seen what came before, and sees what comes. */
static void no_line_is_drawn_where_one_reads_along(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "i");
    say_many(k, 2);
    assert_false(shows(k, "\u2500 new \u2500"));
    kit_type(k, "an answer");
    kit_keys(k, "Enter");
    say_many(k, 2);
    assert_false(shows(k, "\u2500 new \u2500"));
    look(k, false);
    say_many(k, 2);
    look(k, true);
    assert_true(shows(k, "\u2500 new \u2500"));
}

static void first_unread_is_a_key_away(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "i");
    look(k, false);
    say_many(k, 60);
    look(k, true);
    assert_false(shows(k, "line 1."));
    kit_keys(k, "M-u");
    assert_true(shows(k, "line 1."));
    assert_true(shows(k, " new "));
    kit_keys(k, "M-> M-m M-u");
    assert_true(shows(k, "All of #core is read."));
}

static void other_rooms_are_told_in_the_status_line(void **state)
{
    struct screen_kit *k = *state;
    kit_resize(k, 60, 24);
    kit_frame(k, "{'type':'snapshot','room':'#ops','seq':3,'public':true,'more':false,'part':0,"
                 "'next_number':1,'columns':[{'name':'Todo'}],'tasks':[],'members':[]}");
    kit_frame(k, "{'type':'synced','room':'#ops','seq':3}");
    assert_false(shows(k, "new"));
    kit_frame(k, "{'type':'message','room':'#ops','seq':4,'time':1772452800000,'author':'bo',"
                 "'client':'elsewhere1','id':1,'text':'psst'}");
    assert_true(shows(k, "1 new in #ops"));
    kit_frame(k, "{'type':'message','room':'#ops','seq':5,'time':1772452800000,'author':'bo',"
                 "'client':'elsewhere1','id':2,'text':'@ana'}");
    assert_true(shows(k, "@2 new in #ops"));
}

static void catching_up_goes_room_by_room_and_leads_there(void **state)
{
    struct screen_kit *k = *state;
    kit_forget(k);
    kit_keys(k, "M-w");
    long long id = kit_asked(k, "activity"); /* of #ops, the last */
    assert_true(id > 0);
    assert_true(shows(k, "Catch-up"));
    kit_frame(k,
              "{'type':'activity.page','re':%lld,'room':'#core','from':1,'events':["
              "{'type':'message','room':'#core','seq':5,'time':1772452800000,'author':'bo',"
              "'client':'elsewhere1','id':5,'text':'@ana: look'},"
              "{'type':'task.moved','room':'#core','seq':6,'time':1772452800000,"
              "'author':'bo','client':'elsewhere1','id':6,'task':3,'column':'Done','key':'V'}"
              "],'names':[{'number':3,'name':'Ship it'}],'more':false}",
              id - 1);
    kit_frame(k,
              "{'type':'activity.page','re':%lld,'room':'#ops','from':1,'events':[],"
              "'names':[],'more':false}",
              id);
    assert_true(shows(k, "@ana: look"));
    assert_true(shows(k, "moved #3"));
    assert_int_equal(k->model.catchup.questions.n, 0);
    assert_int_equal(k->model.catchup.items.n, 3); /* and the head; none of #ops */
    kit_keys(k, "j Enter");
    assert_int_equal(k->model.here->card, 3);
}

static void catching_up_is_offered_after_an_absence(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "j");
    assert_false(shows(k, "M-w lists"));
    kit_pass(k, ABSENCE_MS + 1000);
    kit_keys(k, "j");
    assert_true(shows(k, "M-w lists"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(seen_is_what_is_on_screen_while_somebody_looks),
        TEST(what_is_below_the_edge_is_not_read),
        TEST(what_is_new_above_the_edge_is_said_until_it_was_seen),
        TEST(a_click_on_what_is_above_goes_there),
        TEST(click_on_what_is_below_goes_there),
        TEST(rule_can_be_another),
        TEST(set_back_stays_until_one_comes_again),
        TEST(set_back_elsewhere_is_heeded),
        TEST(what_was_read_elsewhere_is_read_here),
        TEST(no_line_is_drawn_where_one_reads_along),
        TEST(first_unread_is_a_key_away),
        TEST(other_rooms_are_told_in_the_status_line),
        TEST(catching_up_goes_room_by_room_and_leads_there),
        TEST(catching_up_is_offered_after_an_absence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
