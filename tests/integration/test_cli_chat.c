/* The verbs about messages against a real server. */
#include "steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Event 1 makes the room, 2 lets ana in, 3 is ours, 4 ana's. */
static void start(struct world *w)
{
    WALK(w, {0, "room|create|core", NULL, 0, "", ""},
         {0, "room|invite|core|ana", NULL, 0, NULL, ""},
         {0, "send|core|the build is red", NULL, 0, "", ""},
         {1, "send|core|I look", NULL, 0, "", ""}, );
}

static void own_messages_are_edited_and_deleted(void **state)
{
    start(*state);
    WALK(*state, {0, "message|edit|core|3|the build is green", NULL, 0, "", ""},
         {1, "tail|core", NULL, 0, "~: the build is green (edited)\n", ""},
         {1, "message|edit|core|3|no", NULL, 4, "", "~only who wrote a message may edit it"},
         {1, "message|delete|core|3", NULL, 4, "", "~owners of #core may delete it"},
         {0, "message|delete|core|4", NULL, 0, "", ""},
         {1, "tail|core", NULL, 0, "~ ana: (deleted by ", ""},
         {1, "message|edit|core|4|again", NULL, 3, "", "~message 4 was deleted by "},
         {0, "message|show|core|4|--json", NULL, 0, "~\"text\":\"\"", ""},
         {0, "tail|core|--events|--json", NULL, 0, "~\"text\":\"I look\"", ""},
         {0, "tail|core|--events|--json", NULL, 0, "~{\"type\":\"message.deleted\"", ""},
         {0, "message|edit|core|3|-", "from a pipe\n", 0, "", ""},
         {0, "message|show|core|3", NULL, 0, "~: from a pipe (edited)\n", ""},
         /* as a program of Windows ends its lines: not shown, and kept */
         {0, "message|edit|core|3|-", "one\r\ntwo\r\n", 0, "", ""},
         {0, "message|show|core|3", NULL, 0, "~: one\n    two (edited)\n", ""},
         {0, "message|show|core|3|--json", NULL, 0, "~\"text\":\"one\\r\\ntwo\\r\"", ""}, );
}

static void messages_are_answered(void **state)
{
    start(*state);
    WALK(*state, {1, "send|core|--reply|3|I know", NULL, 0, "", ""},
         {0, "send|core|--reply|5|good", NULL, 0, "", ""},
         {0, "message|list|core|--reply|3", NULL, 0, "~ ana to ", ""},
         {0, "message|list|core|--reply|3", NULL, 0, "~ to ana (3): good\n", ""},
         {0, "message|list|core|--reply|3|--json", NULL, 0, "~\"reply\":3,\"to\":\"ana\"", ""},
         {0, "send|core|--reply|1|x", NULL, 3, "", "~there is no message 1 in #core"},
         {0, "task|add|core|A card", NULL, 0, "1\n", ""},
         {0, "task|comment|core|1|first", NULL, 0, NULL, ""},
         {1, "task|comment|core|1|--reply|8|second", NULL, 0, NULL, ""},
         {1, "task|comment|core|1|--reply|3|second", NULL, 2, NULL, "~no comment on card 1"},
         {0, "task|comments|core|1", NULL, 0, "~: first\n", ""},
         {0, "task|comments|core|1", NULL, 0, "~ ana to ", ""},
         {0, "message|list|core|--card|1|--reply|8", NULL, 2, "", "~at most one of"}, );
}

static void reactions_and_pins_show(void **state)
{
    start(*state);
    WALK(*state, {0, "message|react|core|4|👍", NULL, 0, "", ""},
         {1, "message|react|core|4|👍", NULL, 0, "", ""},
         {1, "message|react|core|4|:ship_it:", NULL, 0, "", ""},
         {1, "message|react|core|4|wow", NULL, 2, "", "~'wow' is no reaction"},
         {0, "message|pin|core|4", NULL, 0, "", ""},
         {0, "message|show|core|4", NULL, 0, "~, pinned: I look\n    👍 ", ""},
         {0, "message|show|core|4", NULL, 0, "~ ana\n    :ship_it: ana\n", ""},
         {0, "message|list|core|--pinned|--json", NULL, 0, "~\"pinned\":true", ""},
         {0, "message|list|core|--json", NULL, 0,
          "~{\"emoji\":\"👍\",\"user\":\"ana\",\"seq\":6}", ""},
         {1, "message|react|core|4|👍|--remove", NULL, 0, "", ""},
         {1, "message|unpin|core|4", NULL, 0, "", ""},
         {0, "message|list|core|--pinned", NULL, 0, "", ""},
         {0, "message|show|core|9", NULL, 3, "", "~there is no message 9 in #core"},
         {0, "message|show|core|4th", NULL, 2, "", "~is no number of a message"}, );
    struct world *w = *state;
    struct run r;
    moot(&w->me, &r, "message|show|core|4", NULL);
    assert_null(strstr(r.out, " ana\n    "));
    run_finish(&r);
}

/* Text that would move the cursor or turn the line around stays text. */
static void nothing_in_a_message_reaches_the_terminal(void **state)
{
    start(*state);
    WALK(
        *state, {0, "message|edit|core|3|\x1b[2J\u202egnp.exe\nana: fake", NULL, 0, "", ""},
        {0, "tail|core", NULL, 0, "~\\x1b[2J\\u{202e}gnp.exe\n    ana: fake (edited)\n", ""}, );
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(own_messages_are_edited_and_deleted),
        TEST(messages_are_answered),
        TEST(reactions_and_pins_show),
        TEST(nothing_in_a_message_reaches_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
