/* Direct conversations and topics by command line, against a real server. */
#include "steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_first_message_begins_it_and_all_verbs_work_there(void **state)
{
    WALK(*state, {0, "tail|@ana", NULL, 3, "", "~there is no room @ana"},
         {0, "board|show|@ana", NULL, 3, "", "~there is no room @ana"},
         {0, "send|@ana|are you there?", NULL, 0, "", ""},
         {0, "send|@ana|hello", NULL, 0, "", ""},
         {0, "message|list|@ana", NULL, 0, "~     2  ", ""},
         {0, "message|list|@ana", NULL, 0, "~: are you there?\n     3  ", ""},
         {1, "catchup", NULL, 0, "~ said are you there?\n", ""},
         {1, "catchup", NULL, 0, "~ said hello\n", ""},
         {0, "message|edit|@ana|2|still there?", NULL, 0, "", ""},
         {0, "message|react|@ana|2|:tada:", NULL, 0, "", ""},
         {0, "tail|@ana", NULL, 0, "~: still there? (edited)\n", ""},
         {0, "room|list", NULL, 0, "~@ana                  member        2 members  private",
          ""},
         {0, "task|add|@ana|Lunch", NULL, 0, "1\n", ""},
         {0, "note|new|@ana|Ideas", NULL, 0, "2\n", ""},
         {0, "task|show|@ana|2", NULL, 3, "", "~is a note, no card: moot note cat "},
         {0, "note|cat|@ana|2", NULL, 0, "", ""},
         {0, "search|still in:@ana", NULL, 0, "~ @ana ", ""},
         {0, "room|create|@ana", NULL, 0, "", ""},
         {1, "room|list|--json", NULL, 0, "~{\"label\":\"@root\",\"room\":\"@ana+root\"", ""},
         {0, "tail|@ana+root", NULL, 0, "~still there?", ""}, );
}

/* Both ways to one that nobody has begun. */
static void lines_begin_one_too(void **state)
{
    WALK(*state, {0, "--linear|--room|#lobby", "/dm ana\nby a line\n", 0, "~This is @ana.", ""},
         {0, "tail|@ana", NULL, 0, "~: by a line\n", ""}, );
}

static void moot_opens_on_one_that_is_not_begun(void **state)
{
    WALK(*state, {0, "--linear|--room|@ana", "the first\n", 0, "~This is @ana.", ""},
         {0, "tail|@ana", NULL, 0, "~: the first\n", ""}, );
}

static void what_cannot_be_is_refused_in_words(void **state)
{
    WALK(*state, {0, "send|@nobody|x", NULL, 3, "", "moot: there is no account nobody\n"},
         {1, "send|@ana|x", NULL, 2, "", "~takes somebody else than oneself"},
         {0, "send|@a+b+c+d+e+f+g|x", NULL, 2, "", "~at most 7 people"},
         {0, "send|@ana+|x", NULL, 2, "", "~is no name of a person"},
         {0, "send|@|x", NULL, 2, "", "~is no name of a person"},
         {0, "send|@ana|x", NULL, 0, "", ""},
         {0, "room|leave|@ana", NULL, 4, "", "~cannot be left"},
         {0, "room|invite|@ana|root", NULL, 4, "", "~nobody comes into a direct"},
         {0, "room|remove|@ana|ana", NULL, 4, "", "~nobody comes into a direct"},
         {0, "room|join|@ana", NULL, 5, "", "~you are in "}, );
}

static void a_topic_is_set_printed_and_taken_off(void **state)
{
    WALK(*state, {0, "room|create|core", NULL, 0, "", ""},
         {0, "room|topic|core", NULL, 0, "", ""},
         {0, "room|topic|core|Release 0.2|on Friday", NULL, 0, "", ""},
         {0, "room|topic|core", NULL, 0, "Release 0.2 on Friday\n", ""},
         {0, "room|topic|core|--json", NULL, 0, "~\"topic\":\"Release 0.2 on Friday\"", ""},
         {0, "room|topic|core|two\nlines", NULL, 2, "", "~one line"},
         {1, "room|topic|core|x", NULL, 4, "", "~join it first"},
         {0, "room|topic|core|--remove|x", NULL, 2, "", "~which of them"},
         {0, "room|topic|core|--remove", NULL, 0, "", ""},
         {0, "room|topic|core", NULL, 0, "", ""},
         {0, "activity|core", NULL, 0, "~took the topic off", ""}, );
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_message_begins_it_and_all_verbs_work_there),
        TEST(lines_begin_one_too),
        TEST(moot_opens_on_one_that_is_not_begun),
        TEST(what_cannot_be_is_refused_in_words),
        TEST(a_topic_is_set_printed_and_taken_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
