/* Lists that the linear mode reads out. Ana is in #core and #ops. */
#include "linear_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    if (lines_open(state))
        return -1;
    lines_clear(*state);
    kit_forget(&((struct lines *)*state)->k);
    return 0;
}

static void a_room_that_is_mute_says_so(void **state)
{
    struct lines *s = *state;
    lines_type(s, "/notify mute");
    lines_type(s, "/room list");
    says(s, "  #core, 0 unread, mute, you are here\n");
}

static void notices_are_read_out_with_room_and_time(void **state)
{
    struct lines *s = *state;
    lines_type(s, "/notices");
    says(s, "Nothing concerned you since moot was started.");
    lines_by_bo(s, "message", "'text':'look @ana'");
    kit_frame(&s->k, "{'type':'notice','time':%lld,'author':'root','text':'down at six'}",
              (long long)s->k.now);
    lines_clear(s);
    lines_type(s, "/notices");
    says(s, "#core bo mentioned you");
    says(s, " root says: down at six\n");
}

static void what_can_be_typed_is_read_out(void **state)
{
    struct lines *s = *state;
    lines_type(s, "/help");
    says(s, "A line without a / in front is said in the room.");
    says(s, "  /room list  ");
    says(s, "  /task move ");
    says(s, "  /page-up  ");
    says_not(s, "/move-left");
    says_not(s, "/pointer"); /* needs the screen */
}

static void what_was_done_is_read_out_when_it_is_here(void **state)
{
    struct lines *s = *state;
    lines_type(s, "/activity");
    says_nothing(s);
    kit_frame(&s->k,
              "{'type':'activity.page','re':%lld,'room':'#core','events':[{'type':"
              "'task.archived','room':'#core','seq':2,'time':1700000000000,'author':'bo',"
              "'client':'bosclient','id':7,'task':31},{'type':'task.archived','room':'#core',"
              "'seq':4,'time':1700000001000,'author':'cleo','client':'bosclient','id':8,"
              "'task':12}],'names':[{'number':12,'name':'Fix the build'}],'from':1,"
              "'more':false}",
              kit_asked(&s->k, "activity"));
    says(s, "bo archived #31");
    says(s, "cleo archived #12 'Fix the build'\n");
    const char *said = buf_cstr(&s->l.said);
    assert_true(strstr(said, "bo archived") < strstr(said, "cleo archived"));
}

static void what_was_found_is_read_out_when_it_is_here(void **state)
{
    struct lines *s = *state;
    lines_type(s, "/search build");
    says_nothing(s);
    kit_frame(&s->k,
              "{'type':'search.page','re':%lld,'items':[{'kind':'card','room':'#core','seq':4,"
              "'number':12,'time':1700000001000,'author':'bo','title':'','excerpt':'Fix the "
              "build'},{'kind':'comment','room':'#ops','seq':3,'number':31,"
              "'time':1700000000000,'author':'cleo','title':'Page','excerpt':'it does not "
              "build'}],'until':1700000000009,'more':false,'capped':false}",
              kit_asked(&s->k, "search"));
    says(s, "2 found:\n");
    says(s, " bo: Fix the build\n");
    says(s, "#ops 3 ");
    says(s, " cleo on Page: it does not build\n");
}

static void a_search_that_cannot_be_says_why(void **state)
{
    struct lines *s = *state;
    lines_type(s, "/search from:");
    says(s, "from:");
    assert_int_equal(s->l.asked, ACTION_NONE);
    lines_clear(s);
    lines_type(s, "/search build");
    kit_frame(&s->k, "{'type':'error','re':%lld,'code':'limit','message':'Too much.'}",
              kit_asked(&s->k, "search"));
    says(s, "Too much.");
    assert_int_equal(s->l.asked, ACTION_NONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, lines_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_room_that_is_mute_says_so),
        TEST(notices_are_read_out_with_room_and_time),
        TEST(what_can_be_typed_is_read_out),
        TEST(what_was_done_is_read_out_when_it_is_here),
        TEST(what_was_found_is_read_out_when_it_is_here),
        TEST(a_search_that_cannot_be_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
