/* The history of a text on the screen, and who wrote what. */
#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define T0 INT64_C(1772449200000) /* an hour before the kit's noon */

/* Five versions in two sittings: bo's three, then cleo's and bo's an hour later. */
static const struct {
    const char *author, *text;
    int64_t time;
} versions[] = {
    {"", "", 0},
    {"bo", "one\\n", T0},
    {"bo", "one\\ntwo\\n", T0 + 60000},
    {"bo", "one\\n2\\n", T0 + 90000},
    {"cleo", "one\\n2\\nthree\\n", T0 + 3500000},
    {"bo", "one\\n2\\nthree\\nfour\\n", T0 + 3510000},
};
enum { NEWEST = COUNT_OF(versions) - 1 };

/* The server's answers to everything that was asked since the last call. */
static void answer_log(struct screen_kit *k)
{
    long long id = kit_asked(k, "\"note.log\"");
    struct buf list = {0};
    for (int v = 1; v <= NEWEST; v++)
        buf_fmt(&list, "%s{'version':%d,'time':%lld,'author':'%s','op':[]}", v > 1 ? "," : "",
                v, (long long)versions[v].time, versions[v].author);
    if (id)
        kit_frame(k,
                  "{'type':'note.versions','re':%lld,'room':'#core','note':20,"
                  "'versions':[%.*s],'more':false}",
                  id, STR_ARG(buf_str(&list)));
    buf_finish(&list);
}

static int version_asked(const struct screen_kit *k)
{
    int version = -1;
    vec_each (e, &k->out.items) {
        const char *at = e->kind == EFFECT_SEND && memmem(e->bytes.p, e->bytes.n, "note.at", 7)
                             ? memmem(e->bytes.p, e->bytes.n, "\"version\":", 10)
                             : NULL;
        if (at)
            version = (int)strtol(at + 10, NULL, 10);
    }
    return version;
}

static void answer(struct screen_kit *k)
{
    for (int i = 0; i < 4; i++) {
        int version = version_asked(k);
        long long id = kit_asked(k, "\"note.at\""), log = kit_asked(k, "\"note.log\"");
        if (log)
            answer_log(k);
        kit_forget(k);
        if (version < 0 && !log)
            return;
        if (version >= 0)
            kit_frame(k,
                      "{'type':'note.text','re':%lld,'room':'#core','note':20,'version':%d,"
                      "'time':%lld,'part':0,'more':false,'text':'%s'}",
                      id, version, (long long)versions[version].time, versions[version].text);
    }
}

static int set_up(void **state)
{
    struct screen_kit *k = open_screen_of(state, 80, 24);
    kit_keys(k, ":");
    kit_type(k, "note 20");
    kit_keys(k, "Enter");
    kit_text(k, 20, NEWEST, "one\n2\nthree\nfour\n");
    kit_forget(k);
    return 0;
}

static void the_newest_sitting_is_shown_first(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "M-h");
    shows(k, "Asking for the text");
    answer(k);
    shows(k, " History of Release plan ");
    shows(k, "5 of 5 bo cleo 2026-03-02 11:58 (1m) +2 -0 since 3");
    shows(k, "   one\n   2\n + three\n + four\n");
}

static void how_much_is_told_when_it_is_known(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "M-h");
    answer_log(k);
    shows(k, "Asking for the text");
    shows(k, "5 of 5 bo cleo 2026-03-02 11:58 (1m) since 3");
}

static void arrows_go_by_sitting_and_dots_by_version(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "M-h");
    answer(k);
    kit_keys(k, "Left");
    answer(k);
    shows(k, "3 of 5 bo 2026-03-02 11:01 (58m) +2 -0 since 0");
    kit_keys(k, ",");
    answer(k);
    shows(k, "2 of 5 bo 2026-03-02 11:01 (59m) +1 -0");
    shows(k, "   one\n + two\n");
    kit_keys(k, ".");
    answer(k);
    shows(k, "3 of 5");
    shows(k, "   one\n - two\n + 2\n");
    kit_keys(k, "Home");
    answer(k);
    shows(k, "0 of 5");
    kit_keys(k, "Right");
    answer(k);
    shows(k, "3 of 5");
    kit_keys(k, "End c");
    answer(k);
    shows(k, "5 of 5 bo 2026-03-02 11:58 (1m) +0 -0 since then, up to now");
}

static void the_slider_takes_the_mouse(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "M-h");
    answer(k);
    kit_mouse(k, MOUSE_PRESS, 1, 1, 1);
    kit_mouse(k, MOUSE_RELEASE, 1, 1, 1);
    answer(k);
    shows(k, "0 of 5");
    kit_mouse(k, MOUSE_PRESS, 1, 1 + 77 * 2 / 5, 1);
    answer(k);
    shows(k, "2 of 5");
}

static void lines_scroll_by_key_and_wheel(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "M-h");
    answer(k);
    kit_keys(k, "j");
    shows_not(k, "   one\n");
    shows(k, "   2\n + three\n");
    kit_keys(k, "j j j j j"); /* the last one stays */
    shows(k, " + four\n");
    kit_keys(k, "k k k k k");
    shows(k, "   one\n");
    kit_mouse(k, MOUSE_WHEEL_DOWN, 0, 10, 5);
    shows_not(k, "   one\n");
    kit_mouse(k, MOUSE_WHEEL_UP, 0, 10, 5);
    shows(k, "   one\n");
}

static void held_keys_ask_one_question_at_a_time(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "M-h");
    kit_keys(k, ", , , ,");
    size_t asked = 0;
    vec_each (e, &k->out.items)
        asked += e->kind == EFFECT_SEND && memmem(e->bytes.p, e->bytes.n, "note.at", 7);
    assert_int_equal(asked, 1);
    answer(k);
    shows(k, "1 of 5");
    shows(k, " + one\n");
}

static void restoring_asks_first_and_is_an_edit_to_take_back(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "M-h");
    answer(k);
    kit_keys(k, ", , ,");
    answer(k);
    kit_keys(k, "r");
    shows(k, "Make the text what it was in version 2?  y or Enter: yes   n or Esc: no");
    kit_keys(k, "Esc");
    shows(k, "2 of 5");
    kit_keys(k, "r n");
    shows(k, "2 of 5");
    kit_keys(k, "r y");
    shows(k, "The text is as it was in version 2. M-u takes that back.");
    const struct rope *text = k->model.here->note.doc->text;
    assert_true(rope_is(text, STR("one\ntwo\n")));
    kit_keys(k, "M-u");
    assert_true(rope_is(text, STR("one\n2\nthree\nfour\n")));
}

static void new_versions_join_while_one_looks(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "M-h");
    answer(k);
    kit_edited(k, "cleo", 20, 6, "['zero\\n']");
    kit_forget(k);
    shows(k, "6 of 6");
    kit_keys(k, ",");
    answer(k);
    shows(k, "5 of 6");
    kit_edited(k, "cleo", 20, 7, "['more\\n']");
    shows(k, "5 of 7");
}

static void a_cut_and_a_refusal_leave_the_history_in_peace(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "M-h");
    kit_cut(k, ERR_UNREACHABLE, "the cable is out");
    shows(k, "There is no connection.");
    kit_keys(k, "Left , q");
    shows(k, "four");
    kit_keys(k, "M-h");
    shows(k, "The history is kept by the server");
}

static void a_refused_question_closes_it_with_words(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "M-h");
    kit_frame(k,
              "{'type':'error','re':%lld,'code':'store','message':'the disk is gone',"
              "'retry':false}",
              kit_asked(k, "\"note.log\""));
    shows(k, "the disk is gone");
    shows_not(k, "History of");
}

static void what_the_server_puts_off_is_asked_again(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "M-h");
    kit_frame(k,
              "{'type':'error','re':%lld,'code':'rate','message':'not so fast','retry':true}",
              kit_asked(k, "\"note.at\""));
    shows_not(k, "not so fast");
    kit_forget(k);
    kit_tick(k, 500);
    assert_int_equal(kit_asked(k, "\"note.at\""), 0);
    kit_tick(k, 600);
    answer(k);
    shows(k, " + four\n");
}

/* ---- who wrote what ---- */

static void answer_blame(struct screen_kit *k, int version, const char *runs)
{
    kit_frame(k,
              "{'type':'note.runs','re':%lld,'room':'#core','note':20,'version':%d,'part':0,"
              "'more':false,'runs':[%s]}",
              kit_asked(k, "\"note.blame\""), version, runs);
    kit_forget(k);
}

#define RUNS                                                                                   \
    "{'author':'bo','version':3,'time':1772449290000,'chars':6},"                              \
    "{'author':'cleo','version':4,'time':1772452700000,'chars':6},"                            \
    "{'author':'bo','version':5,'time':1772452710000,'chars':5}"

static void each_line_says_who_wrote_it_and_when(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "M-w");
    answer_blame(k, NEWEST, RUNS);
    shows(k, "   bo         58m one\n                  2\n   cleo        1m three\n   bo   "
             "       1m four\n");
    kit_keys(k, "M-w");
    shows_not(k, "58m");
}

static void what_was_typed_since_is_not_said_to_be_anybodys(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "M-w");
    answer_blame(k, NEWEST, RUNS);
    kit_edited(k, "dmitri", 20, 6, "[6,'new\\n']");
    shows(k, "   ?              new\n   cleo        1m three\n");
    kit_tick(k, BLAME_EVERY_MS);
    answer_blame(k, 6,
                 "{'author':'bo','version':3,'time':1772449290000,'chars':6},"
                 "{'author':'dmitri','version':6,'time':1772452800000,'chars':4},"
                 "{'author':'cleo','version':4,'time':1772452700000,'chars':11}");
    shows(k, "   dmitri     now new\n");
}

static void runs_of_another_text_are_not_believed(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "M-w");
    answer_blame(k, NEWEST - 1, RUNS);
    shows_not(k, "cleo");
}

#define WITH_KIT(test) cmocka_unit_test_setup_teardown(test, set_up, close_screen)

int main(void)
{
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {
        WITH_KIT(the_newest_sitting_is_shown_first),
        WITH_KIT(how_much_is_told_when_it_is_known),
        WITH_KIT(arrows_go_by_sitting_and_dots_by_version),
        WITH_KIT(the_slider_takes_the_mouse),
        WITH_KIT(lines_scroll_by_key_and_wheel),
        WITH_KIT(held_keys_ask_one_question_at_a_time),
        WITH_KIT(restoring_asks_first_and_is_an_edit_to_take_back),
        WITH_KIT(new_versions_join_while_one_looks),
        WITH_KIT(a_cut_and_a_refusal_leave_the_history_in_peace),
        WITH_KIT(a_refused_question_closes_it_with_words),
        WITH_KIT(what_the_server_puts_off_is_asked_again),
        WITH_KIT(each_line_says_who_wrote_it_and_when),
        WITH_KIT(what_was_typed_since_is_not_said_to_be_anybodys),
        WITH_KIT(runs_of_another_text_are_not_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
