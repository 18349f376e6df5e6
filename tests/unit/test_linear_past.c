/* What the linear mode reads out of what was said and done before. Ana is in #core, whose chat
 * has messages 20 to 38 here, and older ones on the server. */
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
    lines_open(state);
    struct lines *s = *state;
    kit_fill(&s->k, 0, 100);
    struct replica *r = session_room(&s->k.model.session, STR("#core"));
    r->has_older = true;
    r->floor = r->lines.v[0]->seq;
    lines_clear(s);
    kit_forget(&s->k);
    return 0;
}

static void asked(struct lines *s, const char *part)
{
    struct buf sent = {0};
    if (!strstr(kit_sent(&s->k, &sent), part))
        fail_msg("%s was not sent, but: %s", part, buf_cstr(&sent));
    buf_finish(&sent);
}

/* Answers the newest question; each message is a second later than the one before. */
static void answer(struct lines *s, int from, int to, bool more, bool newer)
{
    struct buf items = {0};
    long long re = kit_asked(&s->k, "\"history\"");
    assert_int_not_equal(re, 0);
    for (int i = from; i <= to; i++)
        buf_fmt(&items, "%s{'seq':%d,'time':%lld,'author':'bo','text':'said as %d.'}",
                i > from ? "," : "", i, 1600000000000LL + 1000 * i, i);
    kit_forget(&s->k);
    kit_frame(&s->k,
              "{'type':'history.page','re':%lld,'room':'#core','messages':[%s],'more':%s%s}",
              re, buf_cstr(&items), more ? "true" : "false", newer ? ",'newer':true" : "");
    buf_finish(&items);
}

static void a_day_is_read_out_and_one_goes_on_from_there(void **state)
{
    struct lines *s = *state;
    lines_type(s, "/day 2020-09-13");
    asked(s, "\"time\":");
    says_nothing(s);
    assert_int_equal(s->l.asked, ACTION_DAY); /* a script waits for it */
    answer(s, 3, 12, true, true);
    says(s, "3  ");
    says(s, "bo: said as 3.\n");
    says(s, "bo: said as 12.\n");
    says(s, "/page-down goes on.");
    says_not(s, "Message number"); /* much was said between */
    assert_int_equal(s->l.asked, ACTION_NONE);
    lines_clear(s);
    lines_type(s, "/page-down");
    asked(s, "\"after\":12");
    answer(s, 13, 16, true, true);
    says(s, "bo: said as 13.\n");
    says_not(s, "said as 12.");
    lines_clear(s);
    lines_type(s, "/page-up");
    asked(s, "\"around\":12");
    answer(s, 1, 15, false, true);
    says(s, "bo: said as 12.\n");
    says(s, "bo: said as 1.\n");
    says_not(s, "said as 13.");
    says_not(s, "/page-up");
    lines_clear(s);
    lines_type(s, "/page-up");
    says(s, "Nothing was said before that.");
}

static void from_the_newest_one_goes_back(void **state)
{
    struct lines *s = *state;
    lines_type(s, "/message list 2");
    says(s, "Message number 99,");
    says_not(s, "Message number 97,");
    says(s, "/page-up reads out those before.");
    lines_clear(s);
    lines_type(s, "/page-up");
    says(s, "Message number 97,");
    says(s, "Message number 78,");
    says_not(s, "Message number 77,");
    says_not(s, "Message number 98,");
    lines_clear(s);
    lines_type(s, "/page-down");
    says(s, "Message number 98,");
    says_not(s, "goes on");
    lines_clear(s);
    lines_type(s, "/page-down");
    says(s, "Nothing was said after that.");
}

static void what_lacks_and_cannot_be_asked_for_is_said(void **state)
{
    struct lines *s = *state;
    kit_cut(&s->k, ERR_UNREACHABLE, "gone");
    lines_clear(s);
    lines_type(s, "/day 2020-09-13");
    says(s, "That is on the server, and there is no link.");
    lines_clear(s);
    lines_type(s, "/message list 2");
    says(s, "Message number 99,");
    kit_back(&s->k);
    assert_int_equal(s->k.model.here->chat.seek_time, 0);
}

static void the_first_unread_is_read_out(void **state)
{
    struct lines *s = *state;
    s->k.model.here->unread_from = 7;
    lines_type(s, "/first-unread");
    asked(s, "\"around\":8");
    answer(s, 2, 30, false, true);
    says(s, "bo: said as 8.\n");
    says_not(s, "said as 7.");
    lines_type(s, "/room read");
    says(s, "All of #core is read.");
}

/* A slash begins a command there too, as it is said. */
static void a_command_is_for_the_selected_message(void **state)
{
    struct lines *s = *state;
    lines_type(s, "/message react");
    says(s, "No message is selected: /message select takes the newest.");
    lines_type(s, "/message select 33");
    says(s, "/message unread and so on");
    kit_keys(&s->k, "/");
    front_is(s, "#core> /");
    kit_type(&s->k, "message unread");
    kit_keys(&s->k, "Enter");
    says(s, "Unread from here on");
}

static void a_long_message_is_cut_until_all_of_it_is_asked_for(void **state)
{
    struct lines *s = *state;
    char text[4000] = "'text':'first", select[40];
    for (int i = 2; i <= 60; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "\\nline %d", i);
    snprintf(text + strlen(text), sizeof text - strlen(text), "%s", "'");
    lines_by_bo(s, "message", text);
    says(s, "bo: first\n  line 2\n");
    says(s, "  line 20 ...\n");
    says_not(s, "line 21");
    snprintf(select, sizeof select, "/message select %d", s->k.seq);
    says(s, select);
    lines_type(s, select);
    says(s, "  line 60\n");
}

static void catching_up_goes_room_by_room(void **state)
{
    struct lines *s = *state;
    lines_type(s, "/catchup");
    says_nothing(s);
    kit_frame(&s->k,
              "{'type':'activity.page','re':%lld,'room':'#core','from':1,'events':["
              "{'type':'message','room':'#core','seq':5,'time':1772452800000,'author':'bo',"
              "'client':'elsewhere1','id':5,'text':'@ana: look'},"
              "{'type':'task.moved','room':'#core','seq':6,'time':1772452800000,"
              "'author':'bo','client':'elsewhere1','id':6,'task':3,'column':'Done','key':'V'}"
              "],'names':[{'number':3,'name':'Ship it'}],'more':false}",
              kit_asked(&s->k, "activity"));
    for (int i = 0; i < 20 && s->k.model.catchup.questions.n; i++)
        kit_frame(&s->k,
                  "{'type':'activity.page','re':%lld,'room':'#core','from':1,'events':[],"
                  "'names':[],'more':false}",
                  (long long)s->k.model.catchup.questions.v[0].id);
    linear_settle(&s->l);
    const char *said = buf_cstr(&s->l.said), *first = strstr(said, "bo @ana: look");
    assert_non_null(strstr(said, "What concerned you since"));
    assert_non_null(first);
    assert_non_null(strstr(first, "bo moved #3"));
}

int main(void)
{
#define ONE(name) cmocka_unit_test_setup_teardown(name, set_up, lines_close)
    const struct CMUnitTest tests[] = {
        ONE(a_day_is_read_out_and_one_goes_on_from_there),
        ONE(from_the_newest_one_goes_back),
        ONE(what_lacks_and_cannot_be_asked_for_is_said),
        ONE(the_first_unread_is_read_out),
        ONE(a_command_is_for_the_selected_message),
        ONE(a_long_message_is_cut_until_all_of_it_is_asked_for),
        ONE(catching_up_goes_room_by_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
