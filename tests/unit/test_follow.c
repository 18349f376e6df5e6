/* Our view goes where another's goes, until a key is pressed; and others see what we look at.
 */
#include "layout.h"
#include "screen_test.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void command(struct screen_kit *k, const char *line)
{
    kit_keys(k, ":");
    kit_type(k, line);
    kit_keys(k, "Enter");
}

static void bo(struct screen_kit *k, const char *type, const char *room, const char *rest)
{
    kit_frame(k, "{'type':'%s','room':'%s','user':'bo','session':8%s}", type, room, rest);
}

/* bo has #core on screen; ana, whose screen this is, follows. */
static void start(struct screen_kit *k, int width, int height)
{
    kit_init_full(k, width, height);
    kit_frame(k, "{'type':'snapshot','room':'#ops','seq':3,'public':true,'more':false,'part':0,"
                 "'next_number':9,'columns':[{'name':'Todo'}],'tasks':["
                 "{'number':5,'title':'Rotate the keys','column':'Todo','key':'A'},"
                 "{'number':6,'title':'Read the logs','column':'Todo','key':'B'}],"
                 "'members':[{'user':'ana','role':'member','online':true},"
                 "{'user':'bo','role':'member','online':true}]}");
    kit_frame(k, "{'type':'synced','room':'#ops','seq':3}");
    bo(k, "presence", "#ops", ",'online':true");
    bo(k, "presence", "#core", ",'online':true");
    bo(k, "looking", "#core", ",'shown':true");
    kit_forget(k);
    command(k, "follow bo");
}

static void the_selection_goes_along(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    shows(&k, "following bo");
    assert_int_equal(k.model.here->card, 42);
    bo(&k, "cursor", "#core", ",'task':7");
    assert_int_equal(k.model.here->card, 7);
    bo(&k, "cursor", "#core", ",'task':99");
    assert_int_equal(k.model.here->card, 7);
    kit_finish(&k);
}

static void the_room_goes_along(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    bo(&k, "looking", "#core", "");
    bo(&k, "looking", "#ops", ",'shown':true");
    bo(&k, "cursor", "#ops", ",'task':6");
    assert_string_equal(k.model.here->name, "#ops");
    assert_int_equal(k.model.here->card, 6);
    kit_finish(&k);
}

static void a_note_and_the_place_in_it_go_along(void **state)
{
    (void)state;
    struct screen_kit k;
    struct buf text = {0};
    start(&k, 80, 24);
    bo(&k, "looking", "#core", ",'shown':true,'note':20");
    for (int i = 0; i < 100; i++)
        buf_fmt(&text, "line %03d\n", i);
    kit_text(&k, 20, 3, buf_cstr(&text));
    shows(&k, "line 000");
    bo(&k, "note.caret", "#core",
       ",'client':'elsewhere1','note':20,'version':3,'caret':459,'anchor':459,'top':450");
    shows(&k, "line 050");
    shows_not(&k, "line 000");
    bo(&k, "note.caret", "#core",
       ",'client':'elsewhere1','note':20,'version':3,'caret':459,'anchor':459,'top':90");
    shows(&k, "line 010");
    assert_int_equal(k.model.here->note.doc->caret, 0); /* one's own stays */
    bo(&k, "looking", "#core", ",'shown':true");
    assert_int_equal(k.model.focus, FOCUS_BOARD);
    buf_finish(&text);
    kit_finish(&k);
}

static void an_opened_card_goes_along(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    bo(&k, "looking", "#core", ",'shown':true,'task':42");
    assert_int_equal(k.model.here->card_pane.card, 42);
    assert_int_equal(model_beside(&k.model), BESIDE_CARD);
    bo(&k, "looking", "#core", ",'shown':true,'task':4711");
    assert_int_equal(k.model.here->card_pane.card, 42);
    kit_finish(&k);
}

static void a_key_ends_it_and_writes_nothing_into_a_text(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    kit_keys(&k, "j");
    shows_not(&k, "following");
    command(&k, "follow bo");
    shows(&k, "following bo");
    kit_keys(&k, "X"); /* what only changes what is seen of others does not */
    shows(&k, "following bo");
    bo(&k, "looking", "#core", ",'shown':true,'note':20");
    kit_text(&k, 20, 3, "words");
    kit_keys(&k, "x");
    shows_not(&k, "following");
    sent_not(&k, "note.edit");
    kit_finish(&k);
}

/* The one who was heard of last comes first, with where that is. */
static void whom_to_follow_is_picked(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    kit_keys(&k, "j @");
    assert_true(k.model.picker.is_open);
    shows(&k, "Follow");
    shows_not(&k, "following");
    kit_tick(&k, 10);
    bo(&k, "cursor", "#core", ",'task':14");
    kit_keys(&k, "Esc @");
    shows(&k, "on #14 Release 0.2");
    kit_keys(&k, "Enter");
    shows(&k, "following bo");
    kit_keys(&k, "@");
    kit_type(&k, "cl");
    kit_keys(&k, "Enter");
    shows(&k, "following cleo");
    kit_finish(&k);
}

static void a_click_on_a_person_writes_to_them_here_or_not(void **state)
{
    (void)state;
    struct screen_kit k;
    struct layout l;
    start(&k, 80, 24);
    static const char *const rooms[] = {"#core", "@ana+bo", "@ana+cleo", "@ana+dmitri"};
    for (int i = 0; i < 4; i++) { /* dmitri is not here, and ana is oneself */
        layout_of(&k.model, &l);
        kit_mouse(&k, MOUSE_PRESS, 1, l.people.x + 3, l.people.y + i);
        kit_mouse(&k, MOUSE_RELEASE, 1, l.people.x + 3, l.people.y + i);
        assert_string_equal(k.model.here->name, rooms[i]);
        assert_int_equal(k.model.focus, i ? FOCUS_CHAT : FOCUS_ROOMS);
        shows_not(&k, "following");
        kit_keys(&k, "Esc");
        command(&k, "join #core");
    }
    kit_finish(&k);
}

static void two_who_follow_each_other_stop(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    bo(&k, "looking", "#core", ",'shown':true,'follows':'ana'");
    shows_not(&k, "following");
    shows(&k, "bo follows");
    command(&k, "follow bo");
    shows_not(&k, "following bo");
    shows(&k, "bo follows you");
    kit_finish(&k);
}

static void a_ring_of_three_is_one_too(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    kit_frame(&k, "{'type':'looking','room':'#core','user':'cleo','session':9,'shown':true,"
                  "'follows':'ana'}");
    shows(&k, "following bo");
    bo(&k, "looking", "#core", ",'shown':true,'follows':'cleo'");
    shows_not(&k, "following");
    kit_finish(&k);
}

static void who_is_gone_is_followed_no_more_but_a_cut_is_waited_out(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    bo(&k, "presence", "#core", ",'online':false");
    bo(&k, "presence", "#ops", ",'online':false");
    kit_pass(&k, FOLLOW_LOST_MS / 2);
    shows(&k, "following bo");
    bo(&k, "presence", "#core", ",'online':true");
    kit_pass(&k, FOLLOW_LOST_MS);
    shows(&k, "following bo");
    bo(&k, "presence", "#core", ",'online':false");
    kit_pass(&k, FOLLOW_LOST_MS + 1000);
    shows_not(&k, "following");
    kit_finish(&k);
}

static void only_who_is_here_can_be_followed(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    kit_keys(&k, "Esc");
    command(&k, "follow dmitri");
    shows(&k, "dmitri is not here");
    command(&k, "follow ana");
    command(&k, "follow nobody");
    shows_not(&k, "following");
    kit_finish(&k);
}

static void others_are_told_what_is_on_screen(void **state)
{
    (void)state;
    struct screen_kit k;
    kit_init_full(&k, 80, 24);
    kit_tick(&k, 1000);
    kit_forget(&k);
    command(&k, "note Release plan");
    kit_tick(&k, CURSOR_EVERY_MS);
    sent(&k, "\"type\":\"looking\",\"room\":\"#core\",\"shown\":true,\"note\":20");
    kit_keys(&k, "Esc");
    kit_tick(&k, CURSOR_EVERY_MS);
    sent(&k, "\"type\":\"looking\",\"room\":\"#core\",\"shown\":true}");
    kit_forget(&k);
    command(&k, "follow bo");
    kit_tick(&k, CURSOR_EVERY_MS);
    sent(&k, "\"follows\":\"bo\"");
    kit_finish(&k);
}

static void an_old_server_is_not_told(void **state)
{
    (void)state;
    struct screen_kit k;
    kit_init_full(&k, 80, 24);
    k.model.session.revision = 0;
    command(&k, "note Release plan");
    kit_tick(&k, 1000);
    sent_not(&k, "\"looking\"");
    sent_not(&k, "\"top\"");
    kit_finish(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_selection_goes_along),
        cmocka_unit_test(the_room_goes_along),
        cmocka_unit_test(a_note_and_the_place_in_it_go_along),
        cmocka_unit_test(an_opened_card_goes_along),
        cmocka_unit_test(a_key_ends_it_and_writes_nothing_into_a_text),
        cmocka_unit_test(whom_to_follow_is_picked),
        cmocka_unit_test(a_click_on_a_person_writes_to_them_here_or_not),
        cmocka_unit_test(two_who_follow_each_other_stop),
        cmocka_unit_test(a_ring_of_three_is_one_too),
        cmocka_unit_test(who_is_gone_is_followed_no_more_but_a_cut_is_waited_out),
        cmocka_unit_test(only_who_is_here_can_be_followed),
        cmocka_unit_test(others_are_told_what_is_on_screen),
        cmocka_unit_test(an_old_server_is_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
