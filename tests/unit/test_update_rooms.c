/* The list of rooms: its order, muted rooms, going somewhere, inviting and leaving. */
#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ana is in #core, which is on screen, #ops, and @ana+bo. */
static int set_up(void **state)
{
    struct screen_kit *k = open_screen_of(state, 80, 24);
    k->model.rules.counts = true;
    kit_frame(k, "{'type':'room.role','room':'@ana+bo','role':'member','public':false,'seq':1,"
                 "'author':'bo'}");
    kit_frame(k,
              "{'type':'room.created','room':'@ana+bo','seq':1,'time':%lld,'author':'bo',"
              "'client':'bosclient','id':1,'public':false,'columns':[{'name':'Todo'}]}",
              (long long)k->now);
    kit_frame(k,
              "{'type':'snapshot','room':'#ops','seq':3,'public':true,'more':false,'part':0,"
              "'next_number':1,'columns':[{'name':'Todo'}],'members':[{'user':'ana',"
              "'role':'member','online':true},{'user':'zoe','role':'owner','online':true}]}");
    kit_frame(k, "{'type':'synced','room':'#ops','seq':3}");
    kit_forget(k);
    return 0;
}

static void says(struct screen_kit *k, const char *room, int seq, const char *text)
{
    kit_frame(k,
              "{'type':'message','room':'%s','seq':%d,'time':%lld,'author':'bo',"
              "'client':'bosclient','id':%d,'text':'%s'}",
              room, seq, (long long)k->now, 100 + seq, text);
}

/* The rooms from top to bottom. */
static void expect_list(const struct screen_kit *k, const char *names)
{
    struct buf b = {0};
    vec_each (v, &k->model.views)
        buf_fmt(&b, "%s%s", b.n ? " " : "", (*v)->name);
    assert_string_equal(buf_cstr(&b), names);
    buf_finish(&b);
}

/* ---- order ---- */

static void those_with_something_unread_come_first_and_direct_ones_before_all(void **state)
{
    struct screen_kit *k = *state;
    expect_list(k, "#core #ops @ana+bo");
    says(k, "#ops", 4, "hello");
    expect_list(k, "#ops #core @ana+bo");
    says(k, "@ana+bo", 2, "hello");
    expect_list(k, "@ana+bo #ops #core");
}

/* While one is there, and while one chooses. */
static void the_list_does_not_move_below_the_hand(void **state)
{
    struct screen_kit *k = *state;
    says(k, "#ops", 4, "hello");
    kit_keys(k, "n");
    assert_string_equal(k->model.here->name, "#ops");
    expect_list(k, "#ops #core @ana+bo");
    kit_keys(k, "]");
    assert_string_equal(k->model.here->name, "#core");
    expect_list(k, "#core #ops @ana+bo");
    command_line(k, "focus rooms");
    says(k, "@ana+bo", 2, "hello");
    expect_list(k, "#core #ops @ana+bo");
    kit_keys(k, "Tab");
    expect_list(k, "@ana+bo #core #ops");
}

static void the_selected_row_stays_the_selected_room(void **state)
{
    struct screen_kit *k = *state;
    k->model.room_at = 1;
    says(k, "@ana+bo", 2, "hello");
    assert_string_equal(k->model.views.v[k->model.room_at]->name, "#ops");
}

static void by_name_it_stays_as_it_is(void **state)
{
    struct screen_kit *k = *state;
    command_line(k, "room order name");
    says(k, "@ana+bo", 2, "hello");
    expect_list(k, "#core #ops @ana+bo");
    command_line(k, "room order unread");
    expect_list(k, "@ana+bo #core #ops");
    command_line(k, "room order size");
    shows(k, "by unread or by name");
}

static void what_of_the_list_is_out_of_sight_is_counted(void **state)
{
    struct screen_kit *k = *state;
    shows_not(k, "Rooms          \u2193");
    for (int i = 10; i < 40; i++)
        kit_frame(k,
                  "{'type':'room.role','room':'#r%d','role':'member','public':false,'seq':1,"
                  "'author':'ana'}",
                  i);
    shows(k, " Rooms      \u2193");
    command_line(k, "focus rooms");
    kit_keys(k, "G");
    shows(k, " Rooms      \u2191");
}

/* ---- muted ones ---- */

static void a_muted_room_shows_no_count_and_rings_for_nobody(void **state)
{
    struct screen_kit *k = *state;
    command_line(k, "join #ops");
    command_line(k, "notify mute");
    command_line(k, "join #core");
    k->model.toasts.n = 0;
    kit_forget(k);
    says(k, "#ops", 4, "hello @ana");
    vec_each (e, &k->out.items)
        assert_true(e->kind != EFFECT_NOTIFY && e->kind != EFFECT_TITLE);
    expect_list(k, "#core #ops @ana+bo");
    shows(k, " #ops           \u2502");
    shows_not(k, "mentioned you");
    kit_keys(k, "n");
    shows(k, "No other room has unread messages.");
    command_line(k, "notices");
    shows(k, "mentioned you in #ops"); /* there for who looks for it */
}

/* ---- going somewhere ---- */

static void a_few_letters_go_to_a_room(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "M-j");
    shows(k, "Go to");
    kit_type(k, "op");
    kit_keys(k, "Enter");
    assert_string_equal(k->model.here->name, "#ops");
}

static void a_person_is_written_to(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "M-j");
    kit_type(k, "zo");
    kit_keys(k, "Enter");
    assert_string_equal(k->model.here->name, "@ana+zoe");
    shows(k, "to @zoe");
    kit_keys(k, "M-j");
    kit_type(k, "bo");
    kit_keys(k, "Enter");
    assert_string_equal(k->model.here->name, "@ana+bo");
}

static void what_is_not_listed_can_be_named(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "M-j");
    kit_type(k, "@zoe+bo");
    shows(k, "write to");
    kit_keys(k, "Enter");
    assert_string_equal(k->model.here->name, "@ana+bo+zoe");
    kit_keys(k, "M-j");
    kit_type(k, "#new");
    kit_keys(k, "Enter");
    assert_true(is_sent(k, "\"room.join\""));
    kit_keys(k, "Esc M-j");
    kit_type(k, "#Bad name");
    shows(k, "Go to");
    kit_keys(k, "Enter Esc");
    assert_string_equal(k->model.here->name, "#new");
}

/* Who is here is followed; to who is not Enter writes, and nothing happens by the click alone.
 */
static void a_click_on_who_is_not_here_leads_to_the_conversation(void **state)
{
    struct screen_kit *k = *state;
    kit_mouse(k, MOUSE_PRESS, 1, 3, 9);
    assert_string_equal(k->model.here->name, "@ana+dmitri");
    assert_false(is_sent(k, "ana+dmitri"));
}

/* ---- inviting and leaving ---- */

static void who_is_not_here_is_offered_to_be_invited(void **state)
{
    struct screen_kit *k = *state;
    command_line(k, "invite");
    shows(k, "@zoe");
    kit_type(k, "zo");
    kit_keys(k, "Enter");
    assert_true(is_sent(k, "\"user\":\"zoe\",\"role\":\"member\""));
    command_line(k, "dm bo");
    command_line(k, "invite");
    shows(k, "does not change");
}

static void a_room_may_be_named_without_its_sign(void **state)
{
    struct screen_kit *k = *state;
    command_line(k, "room create tools");
    assert_true(is_sent(k, "\"room.create\""));
    assert_string_equal(k->model.here->name, "#tools");
    command_line(k, "join core");
    assert_string_equal(k->model.here->name, "#core");
    command_line(k, "join No-Room");
    shows(k, "\"#No-Room\" is no room name");
}

static void becomes(struct screen_kit *k, const char *user, const char *role)
{
    kit_frame(k,
              "{'type':'member','room':'#core','seq':%d,'time':%lld,'author':'ana',"
              "'client':'kitkitkitkit','id':900,'user':'%s','role':'%s'}",
              ++k->seq, (long long)k->now, user, role);
}

/* The server may know no such account, or have it otherwise. */
static void who_is_invited_or_taken_out_is_said_when_it_is_so(void **state)
{
    struct screen_kit *k = *state;
    command_line(k, "invite eve");
    shows_not(k, "eve is");
    becomes(k, "eve", "member");
    shows(k, "eve is now member of #core.");
    command_line(k, "remove eve");
    shows_not(k, "taken out");
    becomes(k, "eve", "none");
    shows(k, "eve is taken out of #core.");
}

static void leaving_asks_first(void **state)
{
    struct screen_kit *k = *state;
    command_line(k, "leave");
    shows(k, "Leave #core?");
    kit_keys(k, "Esc");
    assert_false(is_sent(k, "\"room.leave\""));
    command_line(k, "leave");
    kit_keys(k, "Enter");
    assert_true(is_sent(k, "\"room.leave\""));
}

/* ---- topics ---- */

static void the_title_of_the_chat_says_what_the_room_is_about(void **state)
{
    struct screen_kit *k = *state;
    command_line(k, "topic");
    shows(k, "#core has no topic; :topic TEXT sets one.");
    command_line(k, "topic Release on Friday");
    assert_true(is_sent(k, "\"topic\":\"Release on Friday\""));
    k->model.toasts.n = 0;
    kit_frame(k,
              "{'type':'room.topic','room':'#core','seq':41,'time':%lld,'author':'bo',"
              "'client':'bosclient','id':9,'topic':'Release on Monday'}",
              (long long)k->now);
    shows(k, "bo set the topic: Release on Monday");
    k->model.toasts.n = 0;
    shows(k, "Chat \u2500 Release on Monday");
    kit_frame(k, "{'type':'typing','room':'#core','user':'bo','session':8,'on':true}");
    shows(k, "bo is typing");
    command_line(k, "topic -");
    assert_true(is_sent(k, "\"topic.set\",\"id\":"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            those_with_something_unread_come_first_and_direct_ones_before_all, set_up,
            close_screen),
        cmocka_unit_test_setup_teardown(the_list_does_not_move_below_the_hand, set_up,
                                        close_screen),
        cmocka_unit_test_setup_teardown(the_selected_row_stays_the_selected_room, set_up,
                                        close_screen),
        cmocka_unit_test_setup_teardown(by_name_it_stays_as_it_is, set_up, close_screen),
        cmocka_unit_test_setup_teardown(a_muted_room_shows_no_count_and_rings_for_nobody,
                                        set_up, close_screen),
        cmocka_unit_test_setup_teardown(a_few_letters_go_to_a_room, set_up, close_screen),
        cmocka_unit_test_setup_teardown(a_person_is_written_to, set_up, close_screen),
        cmocka_unit_test_setup_teardown(what_is_not_listed_can_be_named, set_up, close_screen),
        cmocka_unit_test_setup_teardown(a_click_on_who_is_not_here_leads_to_the_conversation,
                                        set_up, close_screen),
        cmocka_unit_test_setup_teardown(who_is_not_here_is_offered_to_be_invited, set_up,
                                        close_screen),
        cmocka_unit_test_setup_teardown(what_of_the_list_is_out_of_sight_is_counted, set_up,
                                        close_screen),
        cmocka_unit_test_setup_teardown(who_is_invited_or_taken_out_is_said_when_it_is_so,
                                        set_up, close_screen),
        cmocka_unit_test_setup_teardown(a_room_may_be_named_without_its_sign, set_up,
                                        close_screen),
        cmocka_unit_test_setup_teardown(leaving_asks_first, set_up, close_screen),
        cmocka_unit_test_setup_teardown(the_title_of_the_chat_says_what_the_room_is_about,
                                        set_up, close_screen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
