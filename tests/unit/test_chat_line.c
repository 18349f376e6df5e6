/* The line of the chat: what is said, and what is meant as a command. */
#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void say(struct screen_kit *k, const char *text)
{
    kit_type(k, text);
    kit_keys(k, "Enter");
}

static void a_command_behind_a_colon_is_done_and_not_said(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "i");
    say(k, ":task add Buy milk");
    sent_not(k, "\"message.post\"");
    sends(k, "\"title\":\"Buy milk\"");
    say(k, ":help");
    assert_true(k->model.help);
    kit_keys(k, "Esc C-p"); /* what was typed is there again */
    shows(k, ":help");
}

static void what_is_no_command_stays_to_be_said(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "i");
    say(k, ":wq");
    sent_not(k, "\"message.post\"");
    shows(k, "Not said: there is no command \"wq\": here that is");
    shows(k, ":wq");
    kit_keys(k, "Home Space Enter");
    sent(k, "\"text\":\" :wq\"");
    shows_not(k, "Not said"); /* of the line before */
}

static void smileys_and_emoji_are_said(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "i");
    say(k, ":D");
    sends(k, "\"text\":\":D\"");
    say(k, ":tada: it runs");
    sent(k, "it runs\"");
}

static void two_slashes_say_one(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "i");
    say(k, "//etc/hosts is wrong");
    sent(k, "\"text\":\"/etc/hosts is wrong\"");
}

/* Its text may be anything: only what is typed anew is meant. */
static void an_edit_is_no_command(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "i Up C-End C-u C-Home C-k C-k C-k");
    kit_keys(k, "Backspace");
    say(k, ":quit");
    sent(k, "\"type\":\"message.edit\"");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_screen, close_screen)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_command_behind_a_colon_is_done_and_not_said),
        TEST(what_is_no_command_stays_to_be_said),
        TEST(smileys_and_emoji_are_said),
        TEST(two_slashes_say_one),
        TEST(an_edit_is_no_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
