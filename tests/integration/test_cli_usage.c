/* What is wrong in the words has one status for every verb, whoever notices it: the option
 * table, the verb, the check of the message, or the server. */
#include "steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { USAGE = 2 };

#define X10 "xxxxxxxxxx"
#define X100 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10
#define X600 X100 X100 X100 X100 X100 X100

/* By kind of fault; the verbs in the table's order. #core has card 1, note N and message 3. */
static const char *const rows[] = {
    /* a control character, or a second line */
    "message|react|core|3|a\ab", "status|away|a\ab", "task|add|core|a\ab",
    "task|move|core|1|a\ab", "task|edit|core|1|a\ab", "task|assign|core|1|a\ab",
    "task|label|core|1|a\ab", "task|due|core|1|a\ab", "task|priority|core|1|a\ab",
    "filter|save|a\ab|x", "search|a\ab", "column|add|core|a\ab", "column|rename|core|Todo|a\ab",
    "note|new|core|a\ab", "note|rename|core|N|a\ab", "room|create|a\ab",
    "room|topic|core|two\nlines", "admin|token|revoke|a b", "admin|kick|ana|a\ab",
    "admin|notice|a\ab",
    /* nothing */
    "send|core|", "send|core| ", "message|edit|core|3|", "task|add|core|", "task|add|core|  ",
    "task|edit|core|1|", "task|comment|core|1|", "search|", "column|add|core|",
    "column|rename|core|Todo|", "note|new|core|", "note|rename|core|N|",
    /* too long */
    "status|away|" X100, "task|move|core|1|" X100, "task|label|core|1|" X600,
    "filter|save|" X600 "|x", "search|" X600, "column|add|core|" X100,
    "column|rename|core|Todo|" X100, "note|new|core|" X600, "note|rename|core|N|" X600,
    "room|create|" X100, "room|topic|core|" X600,
    "admin|user|add|" X100, /* no number, day, level, name, address or word that there is */
    "tail|core|--since|x", "message|show|core|x", "message|edit|core|0|t",
    "message|delete|core|-3", "message|react|core|x|:tada:", "message|unread|core|x",
    "message|pin|core|x", "message|unpin|core|x", "message|list|core|--card|x", "who|No Room!",
    "status|sleepy", "task|list|core|--filter|due:xyz", "task|list|core|--sort|nope",
    "task|add|core|ok|--due|xyz", "task|add|core|ok|--priority|xyz",
    "task|add|core|ok|--assign|No One", "task|add|core|ok|--label|a b",
    "task|add|core|ok|--block|x", "task|show|core|x", "task|move|core|x|Done",
    "task|move|core|1|Done|--after|x", "task|edit|core|1|--due|xyz",
    "task|assign|core|1|No One", "task|label|core|1|a b", "task|block|core|1|x",
    "task|due|core|1|2026-13-45", "task|priority|core|1|xyz", "task|comment|core|x|t",
    "task|comments|core|x", "task|archive|core|x", "task|restore|core|x", "task|undo|No Room!",
    "activity|core|--kind|x", "catchup|nonsense", "search|before:xyz", "search|x|--order|nope",
    "run|--card|x|--room|core|--|true", "board|show|core|--at|x", "column|limit|core|Todo|x",
    "column|limit|core|Todo|99999999999", "note|cat|core|N|--at|x", "note|diff|core|N|x",
    "note|restore|core|N|x", "room|join|No Room!", "room|invite|core|No One",
    "room|invite|core|ana|--role|king", "room|remove|core|No One", "room|read|core|x",
    "join|nonsense", "admin|bot|add|ci|--scope|nope", "admin|bot|add|ci|--ttl|x",
    "admin|hook|add|core|ci|ftp://x.org/", "admin|hook|add|core|ci|--kinds|x|https://x.org/",
    "admin|token|ana|--scope|nope", "admin|invite|ana|--ttl|x", "admin|minutes|nonsense",
    "completion|csh", "demo|--people|x",
    /* words */
    "send|core", "task|list|core|more", "task|list|--nosuch", "nosuch", "help|nosuch"};

static void what_is_wrong_in_the_words_has_one_status(void **state)
{
    struct world *w = *state;
    struct run r;
    WALK(w, {0, "room|create|core", NULL, 0, "", ""},
         {0, "task|add|core|One", NULL, 0, NULL, ""}, {0, "send|core|hello", NULL, 0, "", ""},
         {0, "note|new|core|N", NULL, 0, NULL, ""});
    size_t wrong = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        moot(&w->me, &r, rows[i], NULL);
        if (r.status != USAGE || r.out[0] || !r.err[0]) {
            print_error("%.80s: status %d, %s%s", rows[i], r.status, r.out, r.err);
            wrong++;
        }
        run_finish(&r);
    }
    assert_int_equal(wrong, 0);
}

/* Nothing is made on the way to what is refused. */
static void a_hook_that_cannot_be_makes_no_bot(void **state)
{
    WALK(*state, {0, "room|create|core", NULL, 0, "", ""},
         {0, "admin|hook|add|core|ci|ftp://x.org/", NULL, 2, "", "~an address as https://"},
         {0, "admin|bot|list", NULL, 0, "", ""},
         {0, "room|members|core|--json", NULL, 0, NULL, ""},
         {0, "admin|hook|add|core|ci|https://x.org/", NULL, 0, NULL, "~there was no bot ci"});
}

/* What is read is no fault of the words. */
static void what_is_wrong_in_the_input_is_a_failure(void **state)
{
    WALK(*state, {0, "room|create|core", NULL, 0, "", ""},
         {0, "send|core|-", "", 1, "", "~empty"}, {0, "send|core|-", "\n \n", 1, "", "~empty"},
         {0, "task|add|core|-", "a\ab\n", 1, "", "~line 1"},
         {0, "admin|notice|-", "a\ab", 1, "", "~one line"});
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_wrong_in_the_words_has_one_status),
        TEST(a_hook_that_cannot_be_makes_no_bot),
        TEST(what_is_wrong_in_the_input_is_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
