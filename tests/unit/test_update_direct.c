/* Direct conversations on the screen: beginning one, being spoken to, and what they look like.
 */
#include "linear.h"
#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* What may be there is not known, and not said to be nothing. */
static void going_where_nothing_is_known_of_says_so(void **state)
{
    struct screen_kit *k = *state;
    kit_cut(k, ERR_UNREACHABLE, "gone");
    kit_keys(k, "M-j");
    kit_type(k, "#else");
    kit_keys(k, "Enter");
    shows(k, "#else is not on this machine: it comes");
    shows(k, "Not on this machine, and there is no connection.");
    shows_not(k, "Waiting");
    command_line(k, "dm zoe");
    shows(k, "@zoe is not on this machine");
    shows_not(k, "Nothing was said here yet");
}

/* bo begins it with ana. */
static void begun_by_bo(struct screen_kit *k)
{
    kit_frame(k, "{'type':'room.role','room':'@ana+bo','role':'member','public':false,'seq':1,"
                 "'author':'bo'}");
    kit_frame(k,
              "{'type':'room.created','room':'@ana+bo','seq':1,'time':%lld,'author':'bo',"
              "'client':'bosclient','id':1,'public':false,'columns':[{'name':'Todo'}]}",
              (long long)k->now);
}

static void says(struct screen_kit *k, int seq, const char *text)
{
    kit_frame(k,
              "{'type':'message','room':'@ana+bo','seq':%d,'time':%lld,'author':'bo',"
              "'client':'bosclient','id':%d,'text':'%s'}",
              seq, (long long)k->now, seq, text);
}

/* Once it is clear that nobody reads it elsewhere. */
static const char *rang(struct screen_kit *k)
{
    static char text[200];
    kit_tick(k, NOTIFY_MINE_MS);
    text[0] = '\0';
    vec_each (e, &k->out.items)
        if (e->kind == EFFECT_NOTIFY)
            snprintf(text, sizeof text, "%.*s: %.*s", STR_ARG(e->room), STR_ARG(e->bytes));
    return text;
}

/* ---- beginning one ---- */

/* Nobody sees that one has looked at an empty one. */
static void the_first_message_begins_it(void **state)
{
    struct screen_kit *k = *state;
    command_line(k, "dm bo");
    shows(k, "to @bo");
    shows(k, "Nothing was said here yet.");
    shows_not(k, "ana+bo");
    kit_type(k, "are you there?");
    assert_false(is_sent(k, "ana+bo"));
    kit_keys(k, "Enter");
    struct buf b = {0};
    const char *sent = kit_sent(k, &b), *create = strstr(sent, "\"room.create\"");
    assert_non_null(create);
    assert_non_null(strstr(create, "\"room\":\"@ana+bo\""));
    assert_non_null(strstr(create, "\"message.post\""));
    assert_null(
        strstr(sent, "\"typing\"")); /* the server would say that it knows no such room */
    kit_forget(k);
    kit_type(k, "hello");
    kit_keys(k, "Enter");
    assert_false(is_sent(k, "\"room.create\""));
    command_line(k, "dm cleo, @bo");
    shows(k, "to @bo+cleo");
    buf_finish(&b);
}

static void one_that_is_there_is_only_opened(void **state)
{
    struct screen_kit *k = *state;
    begun_by_bo(k);
    kit_forget(k);
    command_line(k, "dm bo");
    assert_false(is_sent(k, "\"room.create\""));
    assert_string_equal(k->model.here->name, "@ana+bo");
    command_line(k, "join #core");
    command_line(k, "join @bo");
    assert_string_equal(k->model.here->name, "@ana+bo");
}

static void nobody_and_too_many_are_refused_in_words(void **state)
{
    struct screen_kit *k = *state;
    static const struct {
        const char *line, *says;
    } rows[] = {
        {"dm ana", "somebody else"},
        {"dm b+c+d+e+f+g+h", "at most 7"},
        {"dm -x", "no name of a person"},
        {"dm", "dm needs more"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        command_line(k, rows[i].line);
        shows(k, rows[i].says);
    }
    assert_false(is_sent(k, "\"room.create\""));
    assert_string_equal(k->model.here->name, "#core");
}

static void words_that_cannot_be_sent_stand_in_the_line_again(void **state)
{
    struct screen_kit *k = *state;
    command_line(k, "dm nobody");
    kit_type(k, "hello");
    kit_keys(k, "Enter");
    long long create = kit_asked(k, "\"room.create\""), post = kit_asked(k, "\"message.post\"");
    kit_frame(k,
              "[{'type':'error','re':%lld,'code':'not_found','message':'there is no account "
              "nobody','retry':false},{'type':'error','re':%lld,'code':'not_found','message':"
              "'there is no room','retry':false}]",
              create, post);
    shows(k, "there is no account nobody");
    assert_string_equal(k->model.here->name, "@ana+nobody");
    assert_true(str_is(lineedit_text(&k->model.here->input), "hello"));
    command_line(k, "leave");
    shows_not(k, "@nobody");
    kit_forget(k);
    kit_type(k, "x"); /* not in another room */
    kit_keys(k, "Enter");
    assert_false(is_sent(k, "\"message.post\""));
}

static void nobody_is_invited_and_nobody_leaves(void **state)
{
    struct screen_kit *k = *state;
    begun_by_bo(k);
    command_line(k, "dm bo");
    kit_forget(k);
    command_line(k, "leave");
    command_line(k, "invite cleo");
    command_line(k, "remove bo");
    assert_false(is_sent(k, "\"room.leave\""));
    assert_false(is_sent(k, "\"member.set\""));
    shows(k, "does not change");
}

/* ---- being spoken to ---- */

static void the_first_message_of_somebody_rings(void **state)
{
    struct screen_kit *k = *state;
    begun_by_bo(k);
    assert_true(is_sent(k, "\"open\""));
    assert_false(is_sent(k, "\"snapshot\"")); /* it reads what was said, and not how it is */
    shows(k, "@bo");
    shows_not(k, "invited");
    assert_string_equal(rang(k), "");
    says(k, 2, "are you there?");
    assert_string_equal(rang(k), "@bo: bo: are you there?");
    shows(k, "bo: are you there?");
    assert_string_equal(k->model.here->name, "#core");
}

static void what_is_looked_at_does_not_ring(void **state)
{
    struct screen_kit *k = *state;
    begun_by_bo(k);
    command_line(k, "dm bo");
    kit_forget(k);
    says(k, 2, "are you there?");
    assert_string_equal(rang(k), "");
    assert_int_equal(k->model.notices.n, 0);
}

/* ---- what it looks like ---- */

static void the_list_says_how_the_other_is(void **state)
{
    struct screen_kit *k = *state;
    begun_by_bo(k);
    kit_frame(k, "{'type':'synced','room':'@ana+bo','seq':1}");
    shows(k, "@bo \u25cb");
    kit_frame(k, "{'type':'presence','room':'@ana+bo','user':'bo','session':8,'online':true}");
    shows(k, "@bo \u25cf");
    kit_frame(k, "{'type':'typing','room':'@ana+bo','user':'bo','session':8,'on':true}");
    shows(k, "@bo ...");
    kit_pass(k, TYPING_SHOWN_MS);
    shows(k, "@bo \u25cf");
}

static void the_board_shows_when_one_goes_to_it_or_it_has_cards(void **state)
{
    struct screen_kit *k = *state;
    begun_by_bo(k);
    command_line(k, "dm bo");
    shows_not(k, "Todo");
    kit_keys(k, "Esc");
    shows(k, "Todo");
    kit_keys(k, "i");
    shows_not(k, "Todo");
    kit_frame(k,
              "{'type':'task.added','room':'@ana+bo','seq':2,'time':%lld,'author':'bo',"
              "'client':'bosclient','id':2,'task':1,'title':'Lunch','column':'Todo','key':'M'}",
              (long long)k->now);
    shows(k, "Lunch");
}

static void in_lines_it_is_named_without_oneself(void **state)
{
    struct screen_kit *k = *state;
    struct linear lines;
    begun_by_bo(k);
    kit_frame(k, "{'type':'synced','room':'@ana+bo','seq':1}");
    linear_init(&lines, &k->model);
    command_line(k, "dm bo");
    linear_settle(&lines);
    if (!strstr(buf_cstr(&lines.said), "This is @bo."))
        fail_msg("%s", buf_cstr(&lines.said));
    linear_finish(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_first_message_begins_it, open_screen, close_screen),
        cmocka_unit_test_setup_teardown(going_where_nothing_is_known_of_says_so, open_screen,
                                        close_screen),
        cmocka_unit_test_setup_teardown(one_that_is_there_is_only_opened, open_screen,
                                        close_screen),
        cmocka_unit_test_setup_teardown(in_lines_it_is_named_without_oneself, open_screen,
                                        close_screen),
        cmocka_unit_test_setup_teardown(nobody_and_too_many_are_refused_in_words, open_screen,
                                        close_screen),
        cmocka_unit_test_setup_teardown(words_that_cannot_be_sent_stand_in_the_line_again,
                                        open_screen, close_screen),
        cmocka_unit_test_setup_teardown(nobody_is_invited_and_nobody_leaves, open_screen,
                                        close_screen),
        cmocka_unit_test_setup_teardown(the_first_message_of_somebody_rings, open_screen,
                                        close_screen),
        cmocka_unit_test_setup_teardown(what_is_looked_at_does_not_ring, open_screen,
                                        close_screen),
        cmocka_unit_test_setup_teardown(the_list_says_how_the_other_is, open_screen,
                                        close_screen),
        cmocka_unit_test_setup_teardown(the_board_shows_when_one_goes_to_it_or_it_has_cards,
                                        open_screen, close_screen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
