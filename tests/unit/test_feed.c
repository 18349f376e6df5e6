/* What went on, and what concerns us, on the screen. */
#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    open_screen_of(state, 100, 24);
    return 0;
}

/* An event of bo's, as a server tells it. */
static void happened(struct screen_kit *k, int64_t time, const char *type, const char *rest)
{
    int seq = ++k->seq;
    kit_frame(k,
              "{'type':'%s','room':'#core','seq':%d,'time':%lld,'author':'bo',"
              "'client':'bosclient','id':%d,%s}",
              type, seq, (long long)time, seq, rest);
}

static void happens(struct screen_kit *k, const char *type, const char *rest)
{
    happened(k, k->now, type, rest);
}

static void page(struct screen_kit *k, const char *events, const char *rest)
{
    kit_frame(k,
              "{'type':'activity.page','re':%lld,'room':'#core','events':[%s],"
              "'names':[{'number':12,'name':'Fix the build'}],%s}",
              kit_asked(k, "activity"), events, rest);
}

#define OLD(seq, card)                                                                         \
    "{'type':'task.archived','room':'#core','seq':" #seq ",'time':1700000000000,"              \
    "'author':'bo','client':'bosclient','id':7,'task':" #card "}"

static void activity_is_read_back_from_the_log(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "w");
    sent(k, "\"type\":\"activity\"");
    shows(k, "Reading the log");
    page(k, OLD(4, 12), "'from':4,'more':true");
    shows(k, "archived #12 'Fix the build'");
    sent(k, "\"before\":4"); /* there is room for more */
    page(k, OLD(2, 31), "'from':1,'more':false");
    shows(k, "archived #31");
}

static void what_happens_meanwhile_comes_on_top(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "w");
    happens(k, "column.added", "'column':'Review','place':1,'limit':0");
    page(k, OLD(4, 12), "'from':4,'more':false");
    shows(k, "archived #12");
    shows(k, "added the column Review");
    happens(k, "column.added", "'column':'Later','place':1,'limit':0");
    shows(k, "added the column Later");
}

/* The list knows what things are called now. */
static void a_title_and_a_name_are_said_once_and_as_they_were(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "m w");
    page(k,
         "{'type':'note.renamed','room':'#core','seq':4,'time':1700000000000,'author':'bo',"
         "'client':'bosclient','id':7,'note':20,'name':'Plan B'}",
         "'from':1,'more':false");
    shows(k, "renamed a note to 'Plan B'");
    happens(k, "task.edited", "'task':12,'title':'Mend it'");
    shows(k, "bo set #12: title 'Mend it'");
    happens(
        k, "task.edited",
        "'task':14,'changes':[{'field':'label','value':'ui'},{'field':'label','value':'bug'},"
        "{'field':'label','value':'old','gone':true},{'field':'due','value':''}]");
    shows(k, "set #14 'Release 0.2': label ui, bug, no more label old, no due");
}

static void one_sitting_in_a_text_is_one_line(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "w");
    page(k, "", "'from':1,'more':false");
    for (int v = 1; v <= 3; v++)
        kit_edited(k, "bo", 20, v, "['x']");
    assert_int_equal(k->model.here->feed.items.n, 1);
    kit_edited(k, "cy", 20, 4, "['y']");
    assert_int_equal(k->model.here->feed.items.n, 2);
}

#define WROTE(seq, who)                                                                        \
    "{'type':'note.edited','room':'#core','seq':" #seq ",'time':170000000" #seq "000,"         \
    "'author':'" who "','client':'bosclient','id':" #seq ",'note':20,'version':" #seq          \
    ",'op':['x']}"

/* Two who write at the same time: the log has one's words between the other's. */
static void of_two_who_write_at_once_each_has_one_line(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "w");
    page(k, WROTE(5, "cy") "," WROTE(6, "bo") "," WROTE(7, "cy") "," WROTE(8, "bo"),
         "'from':5,'more':true");
    assert_int_equal(k->model.here->feed.items.n, 2);
    assert_int_equal(k->model.here->feed.items.v[1].seq, 8);
    page(k, WROTE(1, "dmitri") "," WROTE(3, "bo") "," WROTE(4, "cy"), "'from':1,'more':false");
    assert_int_equal(k->model.here->feed.items.n, 3);
    shows(k, "dmitri");
}

static void activity_of_one_person_and_kind(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "w");
    page(k, OLD(4, 12), "'from':4,'more':false");
    kit_forget(k);
    kit_keys(k, "f");
    sent(k, "\"user\":\"bo\"");
    shows(k, "of bo");
    kit_forget(k);
    kit_keys(k, "t");
    sent(k, "\"kind\":\"cards\"");
    kit_keys(k, "q");
    assert_false(is_shown(k, "only cards"));
}

static void enter_goes_to_the_card(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "w");
    page(k, "", "'from':1,'more':false");
    happens(k, "task.edited", "'task':12,'changes':[{'field':'label','value':'ui'}]");
    kit_keys(k, "Enter");
    assert_int_equal(k->model.focus, FOCUS_BOARD);
    assert_int_equal(k->model.here->card, 12);
}

static void what_concerns_me_is_said_and_kept(void **state)
{
    struct screen_kit *k = *state;
    happens(k, "task.edited", "'task':12,'changes':[{'field':'assignee','value':'ana'}]");
    shows(k, "bo gave you #12");
    happens(k, "task.moved", "'task':12,'column':'Done','key':'W'");
    shows(k, "bo moved #12");
    happens(k, "message", "'text':'for @anabel only'");
    happens(k, "task.moved", "'task':14,'column':'Done','key':'X'");
    assert_int_equal(k->model.notices.n, 2);
    kit_tick(k, 3 * TOAST_MS);
    assert_false(is_shown(k, "gave you"));
    kit_keys(k, "T");
    shows(k, "bo gave you #12");
    kit_keys(k, "j Enter");
    assert_int_equal(k->model.here->card, 12);
}

static void named(struct screen_kit *k)
{
    happens(k, "message", "'text':'@ana prod is down'");
}

static void toasts_gone(struct screen_kit *k)
{
    kit_pass(k, 3 * TOAST_MS);
    assert_int_equal(k->model.toasts.n, 0);
}

static void who_is_named_behind_something_is_told(void **state)
{
    static const char *const covers[] = {"Enter", "N", "T", "?"};
    struct screen_kit *k = *state;
    kit_resize(k, 60, 24); /* what is beside the board has all of it */
    for (size_t i = 0; i < COUNT_OF(covers); i++) {
        kit_keys(k, covers[i]);
        named(k);
        shows(k, "bo mentioned you in #core");
        assert_int_equal(k->model.here->unread.mentions, 1);
        if (!k->model.help)
            shows(k, "@1 new");
        toasts_gone(k);
        if (k->model.help)
            kit_keys(k, "Esc");
        command_line(k, "focus chat");
        assert_int_equal(k->model.here->unread.mentions, 0);
        shows_not(k, "@1 new");
        named(k); /* before one's eyes */
        shows_not(k, "mentioned you in");
        command_line(k, "focus board");
    }
}

static void every_mention_is_listed_and_leads_to_what_was_said(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "T");
    shows(k, "Nothing since moot was started");
    kit_keys(k, "q");
    named(k);
    int64_t said = k->seq;
    shows_not(k, "mentioned you");
    for (int i = 0; i < 40; i++)
        happens(k, "message", "'text':'we are on it'");
    shows_not(k, "prod is down");
    kit_keys(k, "T");
    shows(k, "since moot was started");
    shows(k, "bo mentioned you in #core");
    kit_keys(k, "Enter");
    assert_int_equal(k->model.focus, FOCUS_CHAT);
    assert_int_equal(k->model.here->chat.at, said);
    shows(k, "prod is down");
}

static void what_happened_while_i_was_away_is_counted(void **state)
{
    struct screen_kit *k = *state;
    const int64_t an_hour_ago = k->now - 3600 * 1000;
    happened(k, an_hour_ago, "task.edited",
             "'task':12,'changes':[{'field':'assignee','value':'ana'}]");
    happened(k, an_hour_ago, "task.moved", "'task':12,'column':'Done','key':'W'");
    shows(k, "While you were away: 2");
    assert_int_equal(k->model.toasts.n, 1);
}

static void a_question_that_fails_is_not_asked_for_ever(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "w");
    kit_frame(k, "{'type':'error','re':%lld,'code':'store','message':'no disk','retry':false}",
              kit_asked(k, "activity"));
    kit_forget(k);
    kit_keys(k, "j k");
    struct buf out = {0};
    assert_null(strstr(kit_sent(k, &out), "activity"));
    buf_finish(&out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, close_screen)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(activity_is_read_back_from_the_log),
        TEST(what_happens_meanwhile_comes_on_top),
        TEST(a_title_and_a_name_are_said_once_and_as_they_were),
        TEST(one_sitting_in_a_text_is_one_line),
        TEST(of_two_who_write_at_once_each_has_one_line),
        TEST(activity_of_one_person_and_kind),
        TEST(enter_goes_to_the_card),
        TEST(what_concerns_me_is_said_and_kept),
        TEST(who_is_named_behind_something_is_told),
        TEST(every_mention_is_listed_and_leads_to_what_was_said),
        TEST(what_happened_while_i_was_away_is_counted),
        TEST(a_question_that_fails_is_not_asked_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
