/* Going far back in the chat, and coming again. From message 20 on all is here, nothing older.
 */
#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    struct screen_kit *k = open_screen_of(state, 100, 24);
    struct replica *r = session_room(&k->model.session, STR("#core"));
    kit_fill(k, 0, 100);
    r->has_older = true;
    r->floor = r->lines.v[0]->seq;
    kit_forget(k);
    return 0;
}

/* Answers the newest question; each message is a second later than the one before. */
static void answer(struct screen_kit *k, int from, int to, bool more, bool newer)
{
    struct buf items = {0};
    long long re = kit_asked(k, "\"history\"");
    assert_int_not_equal(re, 0);
    for (int i = from; i <= to; i++)
        buf_fmt(&items, "%s{'seq':%d,'time':%lld,'author':'bo','text':'said as %d.'}",
                i > from ? "," : "", i, 1600000000000LL + 1000 * i, i);
    kit_forget(k);
    kit_frame(k, "{'type':'history.page','re':%lld,'room':'#core','messages':[%s],'more':%s%s}",
              re, buf_cstr(&items), more ? "true" : "false", newer ? ",'newer':true" : "");
    buf_finish(&items);
}

static const struct replica *here(struct screen_kit *k)
{
    return model_replica(&k->model);
}

static void message_far_back_is_one_question_away(void **state)
{
    struct screen_kit *k = *state;
    command_line(k, "message select 5");
    assert_true(is_sent(k, "\"around\":5"));
    answer(k, 4, 6, true, true);
    assert_int_equal(k->model.here->chat.at, 5);
    shows(k, "said as 5.");
    shows(k, "said as 6.");
    assert_false(is_shown(k, "Message number 99")); /* much was said between */
}

static void first_unread_is_one_question_away_however_far(void **state)
{
    struct screen_kit *k = *state;
    k->model.here->unread_from = 7;
    k->model.here->has_news = true;
    kit_keys(k, "Esc M-u");
    assert_true(is_sent(k, "\"around\":8"));
    answer(k, 2, 60, true, true);
    shows(k, "said as 8.");
    assert_false(is_shown(k, "said as 7."));
    assert_false(is_shown(k, "Message number 99"));
    shows(k, " new ");
}

static void of_what_cannot_be_asked_for_it_is_said(void **state)
{
    struct screen_kit *k = *state;
    kit_cut(k, ERR_UNREACHABLE, "gone");
    k->model.here->unread_from = 7;
    kit_keys(k, "Esc M-u");
    shows(k, "and not on this machine");
}

static void one_reads_on_to_both_sides(void **state)
{
    struct screen_kit *k = *state;
    command_line(k, "message select 9");
    answer(k, 8, 10, true, true);
    assert_true(is_sent(k, "\"after\":10"));
    kit_keys(k, "Down Down Down Down");
    assert_int_equal(k->model.here->chat.at, 10); /* no further than what is here */
    assert_false(is_shown(k, "Message number 99"));
    answer(k, 11, 12, true, false);
    shows(k, "said as 12.");
    answer(k, 13, 20, true, false);
    assert_int_equal(here(k)->past, 0);
    shows(k, "said as 10.");
    assert_true(is_sent(k, "\"before\":8"));
    answer(k, 2, 7, false, false);
    assert_false(here(k)->has_older);
    assert_int_equal(here(k)->lines.v[0]->seq, 2);
}

static void one_key_brings_back_the_present(void **state)
{
    struct screen_kit *k = *state;
    command_line(k, "message select 9");
    answer(k, 8, 10, true, true);
    kit_keys(k, "Esc M->");
    shows(k, "Message number 99");
    assert_false(is_shown(k, "said as"));
    assert_int_equal(here(k)->past, 0);
    assert_true(here(k)->has_older);
}

static void message_that_is_gone_is_said_to_be(void **state)
{
    struct screen_kit *k = *state;
    command_line(k, "message select 5");
    answer(k, 3, 4, true, true);
    shows(k, "That message is not there any more.");
    kit_forget(k);
    kit_tick(k, 100);
    assert_false(is_sent(k, "around")); /* and not asked for again */
}

static void day_is_gone_to_with_its_first_message_on_top(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "i M-t");
    shows(k, "Go to the day");
    kit_type(k, "2020-09-14");
    kit_keys(k, "Enter");
    assert_true(is_sent(k, "\"time\":"));
    long long midnight = k->model.here->chat.seek_time;
    long long re = kit_asked(k, "\"history\"");
    kit_frame(k,
              "{'type':'history.page','re':%lld,'room':'#core','messages':["
              "{'seq':3,'time':%lld,'author':'bo','text':'late in the evening'},"
              "{'seq':4,'time':%lld,'author':'bo','text':'first of the day'},"
              "{'seq':5,'time':%lld,'author':'bo','text':'second of the day'}],"
              "'more':true,'newer':true}",
              re, midnight - 1000, midnight + 1000, midnight + 2000);
    shows(k, "first of the day");
    shows(k, "second of the day");
    command_line(k, "day someday");
    shows(k, "is no day: 2026-12-31");
}

static void day_that_is_here_needs_no_question(void **state)
{
    struct screen_kit *k = *state;
    command_line(k, "day 2100-01-01");
    assert_false(is_sent(k, "\"history\""));
    shows(k, "Nothing was said since then.");
}

/* The question went down with the link: it is asked again over the next. */
static void jump_outlives_the_link(void **state)
{
    struct screen_kit *k = *state;
    command_line(k, "message select 5");
    kit_cut(k, ERR_UNREACHABLE, "gone");
    kit_forget(k);
    kit_back(k);
    assert_true(is_sent(k, "\"around\":5"));
    answer(k, 4, 6, true, true);
    shows(k, "said as 5.");
}

static void older_server_is_not_asked_what_it_does_not_know(void **state)
{
    struct screen_kit *k = *state;
    k->model.session.revision = 5;
    command_line(k, "message select 5");
    assert_false(is_sent(k, "\"history\""));
    shows(k, "too old to be asked");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, close_screen)
    const struct CMUnitTest tests[] = {
        T(message_far_back_is_one_question_away),
        T(first_unread_is_one_question_away_however_far),
        T(of_what_cannot_be_asked_for_it_is_said),
        T(one_reads_on_to_both_sides),
        T(one_key_brings_back_the_present),
        T(message_that_is_gone_is_said_to_be),
        T(day_is_gone_to_with_its_first_message_on_top),
        T(day_that_is_here_needs_no_question),
        T(jump_outlives_the_link),
        T(older_server_is_not_asked_what_it_does_not_know),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
