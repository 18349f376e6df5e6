/* What rings, when, and as which bytes. */
#include "notify_bytes.h"
#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* ---- rules ---- */

static void words_of_options_are_checked(void **state)
{
    (void)state;
    struct notify_rules r = {0};
    enum notify_level level;
    unsigned ways;
    assert_true(notify_level_from_name(STR("all"), false, &level, NULL));
    assert_int_equal(level, NOTIFY_ALL);
    assert_false(notify_level_from_name(STR("default"), false, &level, NULL));
    assert_true(notify_level_from_name(STR("default"), true, &level, NULL));
    assert_true(notify_hours(STR(""), &r, NULL));
    assert_true(notify_hours(STR("22:30-07:00"), &r, NULL));
    assert_int_equal(r.quiet_from, 22 * 60 + 30);
    static const char *const bad[] = {"22-7", "24:00-01:00", "10:60-11:00", "10:00", "-", "x"};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(notify_hours(str_of(bad[i]), &r, NULL));
    assert_true(notify_ways(STR("bell, osc99"), &ways, NULL));
    assert_int_equal(ways, BY_BELL | BY_OSC99);
    assert_true(notify_ways(STR("none"), &ways, NULL));
    assert_int_equal(ways, 0);
    assert_false(notify_ways(STR("bell,post"), &ways, NULL));
}

static void quiet_hours_go_over_midnight(void **state)
{
    (void)state;
    static const struct {
        const char *hours;
        int hour, minute;
        bool quiet;
    } rows[] = {
        {"22:00-07:00", 23, 0, true},  {"22:00-07:00", 6, 59, true},
        {"22:00-07:00", 7, 0, false},  {"22:00-07:00", 21, 59, false},
        {"12:00-13:00", 12, 30, true}, {"12:00-13:00", 13, 0, false},
        {"12:00-12:00", 12, 0, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct notify_rules r = {0};
        struct tm tm = {.tm_year = 126,
                        .tm_mon = 5,
                        .tm_mday = 1,
                        .tm_hour = rows[i].hour,
                        .tm_min = rows[i].minute,
                        .tm_isdst = -1};
        assert_true(notify_hours(str_of(rows[i].hours), &r, NULL));
        assert_int_equal(notify_is_quiet(&r, (int64_t)mktime(&tm) * 1000), rows[i].quiet);
    }
}

static void keywords_are_whole_words_in_any_case(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool has;
    } rows[] = {{"the Deploy is done", true}, {"deployment", false},
                {"redeploy", false},          {"deploy", true},
                {"a deploy.", true},          {"on call", true},
                {"on  call", false},          {"", false}};
    struct notify_rules r = {.keywords = "deploy, on call,,"};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (notify_has_keyword(&r, str_of(rows[i].text)) != rows[i].has)
            fail_msg("\"%s\"", rows[i].text);
}

/* ---- bytes ---- */

static void bytes_are_wrapped_for_what_is_in_between(void **state)
{
    (void)state;
    static const struct {
        unsigned ways;
        enum notify_between between;
        const char *bytes;
    } rows[] = {
        {BY_BELL, BETWEEN_NOTHING, "\a"},
        {BY_BELL, BETWEEN_TMUX, "\a"},
        {BY_OSC9, BETWEEN_NOTHING, "\033]9;#core: hi\a"},
        {BY_OSC777, BETWEEN_NOTHING, "\033]777;notify;#core;hi\a"},
        {BY_OSC99, BETWEEN_NOTHING, "\033]99;;#core: hi\a"},
        {BY_OSC9 | BY_BELL, BETWEEN_TMUX, "\033Ptmux;\033\033]9;#core: hi\a\033\\\a"},
        {BY_OSC9, BETWEEN_SCREEN, "\033P\033]9;#core: hi\a\033\\"},
        {BY_TITLE, BETWEEN_NOTHING, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf b = {0};
        notify_bytes(&b, rows[i].ways, rows[i].between, STR("#core"), STR("hi"));
        assert_string_equal(buf_cstr(&b), rows[i].bytes);
        buf_finish(&b);
    }
}

/* ssh brings TERM along and nothing else. */
static void what_is_in_between_is_known_at_the_far_end_of_ssh(void **state)
{
    (void)state;
    static const struct {
        const char *tmux, *sty, *term;
        enum notify_between between;
    } rows[] = {
        {"/tmp/tmux-0/default,1,0", NULL, "tmux-256color", BETWEEN_TMUX},
        {"/tmp/tmux-0/default,1,0", NULL, "screen-256color", BETWEEN_TMUX},
        {NULL, "12.pts-0.host", "screen.xterm-256color", BETWEEN_SCREEN},
        {NULL, NULL, "tmux-256color", BETWEEN_TMUX},
        {NULL, NULL, "screen.xterm-256color", BETWEEN_SCREEN},
        {"", "", "xterm-256color", BETWEEN_NOTHING},
        {NULL, NULL, NULL, BETWEEN_NOTHING},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(notify_between(rows[i].tmux, rows[i].sty, rows[i].term),
                         rows[i].between);
}

static void words_of_others_cannot_end_the_sequence(void **state)
{
    (void)state;
    struct buf b = {0}, text = {0};
    buf_add_str(&text, STR("a\033]0;evil\a;\u202e\xc2\x9c"
                           "b\n"));
    for (int i = 0; i < 1000; i++)
        buf_add_str(&text, STR("\u6f22"));
    notify_bytes(&b, BY_OSC9, BETWEEN_NOTHING, STR("#x"), buf_str(&text));
    const char *bytes = buf_cstr(&b);
    assert_non_null(strstr(bytes, "#x: a]0,evil,b "));
    assert_true(b.n < 2 * NOTIFY_TEXT_MAX);
    assert_ptr_equal(strchr(bytes + 1, '\033'), NULL);
    assert_ptr_equal(strchr(bytes, '\a'), bytes + b.n - 1);
    buf_finish(&b);
    buf_finish(&text);
}

/* ---- the screen ---- */

static int set_up(void **state)
{
    struct screen_kit *k = open_screen_of(state, 80, 24);
    k->model.rules.level = NOTIFY_MENTIONS;
    return 0;
}

static void says(struct screen_kit *k, const char *text)
{
    int seq = ++k->seq;
    kit_frame(k,
              "{'type':'message','room':'#core','seq':%d,'time':%lld,'author':'bo',"
              "'client':'bosclient','id':%d,'text':'%s'}",
              seq, (long long)k->now, seq, text);
}

/* The text of the newest notification since kit_forget(), once it is clear that nobody read
 * what it is about; "" for none. */
static const char *rang(struct screen_kit *k)
{
    static char text[200];
    text[0] = '\0';
    kit_tick(k, NOTIFY_ANY_MS);
    vec_each (e, &k->out.items)
        if (e->kind == EFFECT_NOTIFY)
            snprintf(text, sizeof text, "%.*s", STR_ARG(e->bytes));
    kit_forget(k);
    return text;
}

static void look_away(struct screen_kit *k, bool away)
{
    struct input in = {.kind = INPUT_FOCUS, .on = !away, .now = k->now};
    update(&k->model, &in, &k->out);
}

static void what_is_looked_at_rings_for_nobody(void **state)
{
    struct screen_kit *k = *state;
    says(k, "hello @ana");
    assert_string_equal(rang(k), "");
    look_away(k, true);
    says(k, "hello @ana");
    assert_string_equal(rang(k), "bo mentioned you in #core: hello @ana");
}

/* Times of messages are the server's. */
static void a_clock_that_is_off_changes_nothing(void **state)
{
    struct screen_kit *k = *state;
    static const int hours[] = {-30, 5};
    look_away(k, true);
    for (size_t i = 0; i < COUNT_OF(hours); i++) {
        int64_t off = hours[i] * INT64_C(3600000), seq = ++k->seq;
        k->model.session.ahead = off;
        kit_tick(k, NOTIFY_BURST_MS);
        kit_forget(k);
        for (int late = 0; late < 2; late++)
            kit_frame(k,
                      "{'type':'message','room':'#core','seq':%d,'time':%lld,'author':'bo',"
                      "'client':'bosclient','id':%d,'text':'@ana'}",
                      (int)seq + late, (long long)(k->now + off - late * 3600000), (int)seq);
        k->seq += 1;
        assert_string_equal(rang(k),
                            "bo mentioned you in #core: @ana"); /* once: the other is old */
        assert_non_null(
            strstr(k->model.toasts.v[k->model.toasts.n - 1].text, "While you were"));
    }
}

static void here_is_everybody_and_an_answer_is_to_one(void **state)
{
    struct screen_kit *k = *state;
    look_away(k, true);
    says(k, "@here lunch");
    assert_string_equal(rang(k), "bo mentioned you in #core: @here lunch");
    kit_tick(k, NOTIFY_BURST_MS);
    int seq = ++k->seq;
    kit_frame(k,
              "{'type':'message','room':'#core','seq':%d,'time':%lld,'author':'bo',"
              "'client':'bosclient','id':%d,'text':'so they are','reply':33,'to':'ana'}",
              seq, (long long)k->now, seq);
    assert_string_equal(rang(k), "bo answered you in #core: so they are");
}

static void what_is_read_on_another_screen_does_not_ring(void **state)
{
    struct screen_kit *k = *state;
    look_away(k, true);
    says(k, "hello @ana");
    kit_tick(k, NOTIFY_MINE_MS / 2);
    kit_frame(k, "{'type':'unread','room':'#core','read':%d,'seq':%d}", k->seq, k->seq);
    assert_string_equal(rang(k), "");
    says(k, "hello @ana");
    assert_string_equal(rang(k), "bo mentioned you in #core: hello @ana");
}

static void what_was_read_is_not_among_those_that_are_counted(void **state)
{
    struct screen_kit *k = *state;
    look_away(k, true);
    says(k, "@ana one");
    assert_string_equal(rang(k), "bo mentioned you in #core: @ana one");
    says(k, "@ana two");
    kit_frame(k, "{'type':'unread','room':'#core','read':%d,'seq':%d}", k->seq, k->seq);
    says(k, "@ana three");
    says(k, "@ana four");
    kit_tick(k, NOTIFY_BURST_MS);
    assert_string_equal(rang(k), "and 2 more");
}

/* Another screen of ours may be waiting whether to ring for it. */
static void that_a_mention_was_read_is_told_at_once(void **state)
{
    struct screen_kit *k = *state;
    struct buf sent = {0};
    const struct replica *r = model_replica(&k->model);
    kit_tick(k, 2000);
    kit_frame(k, "{'type':'ok','re':%lld}", (long long)r->read.asked);
    says(k, "nothing of note");
    kit_frame(k, "{'type':'ok','re':%lld}", (long long)r->read.asked);
    kit_forget(k);
    says(k, "nothing of note");
    assert_null(strstr(kit_sent(k, &sent), "\"read\""));
    says(k, "@ana look");
    assert_non_null(strstr(kit_sent(k, &sent), "\"read\""));
    buf_finish(&sent);
}

static void rules_of_the_room_come_before_the_common_ones(void **state)
{
    struct screen_kit *k = *state;
    look_away(k, true);
    says(k, "nothing of note");
    assert_string_equal(rang(k), "");
    k->model.here->level = NOTIFY_ALL;
    says(k, "nothing of note");
    assert_string_equal(rang(k), "bo in #core: nothing of note");
    kit_tick(k, NOTIFY_BURST_MS);
    k->model.here->level = NOTIFY_NONE;
    says(k, "hello @ana");
    assert_string_equal(rang(k), "");
    k->model.here->level = NOTIFY_DEFAULT;
    snprintf(k->model.rules.keywords, sizeof k->model.rules.keywords, "deploy");
    says(k, "a deploy at noon");
    assert_string_equal(rang(k), "bo in #core: a deploy at noon");
}

/* All screens of a person count as one; this one was started when it had been said. */
static void not_to_be_disturbed_elsewhere_is_so_here(void **state)
{
    struct screen_kit *k = *state;
    look_away(k, true);
    kit_frame(k, "{'type':'presence','room':'#core','user':'ana','session':8,'online':true,"
                 "'status':'dnd'}");
    says(k, "hello @ana");
    assert_string_equal(rang(k), "");
    struct buf screen = {0};
    assert_non_null(strstr(kit_screen(k, &screen), " dnd"));
    buf_finish(&screen);
    kit_frame(k, "{'type':'presence','room':'#core','user':'ana','session':8,'online':true}");
    says(k, "hello @ana");
    assert_string_equal(rang(k), "bo mentioned you in #core: hello @ana");
}

static void a_burst_is_told_as_a_number(void **state)
{
    struct screen_kit *k = *state;
    look_away(k, true);
    says(k, "@ana one");
    assert_string_equal(rang(k), "bo mentioned you in #core: @ana one");
    for (int i = 0; i < 5; i++)
        says(k, "@ana more");
    assert_string_equal(rang(k), "");
    kit_tick(k, NOTIFY_BURST_MS);
    assert_string_equal(rang(k), "and 5 more");
    kit_tick(k, 10 * NOTIFY_BURST_MS);
    assert_string_equal(rang(k), "");
}

static void one_that_comes_soon_behind_another_is_told_as_what_it_is(void **state)
{
    struct screen_kit *k = *state;
    look_away(k, true);
    says(k, "@ana one");
    assert_string_equal(rang(k), "bo mentioned you in #core: @ana one");
    says(k, "@ana two");
    assert_string_equal(rang(k), "");
    kit_tick(k, NOTIFY_BURST_MS);
    assert_string_equal(rang(k), "bo mentioned you in #core: @ana two");
}

static void who_comes_back_is_not_told_what_was_held(void **state)
{
    struct screen_kit *k = *state;
    look_away(k, true);
    says(k, "@ana one");
    says(k, "@ana two");
    rang(k);
    look_away(k, false);
    kit_tick(k, NOTIFY_BURST_MS);
    assert_string_equal(rang(k), "");
}

/* The newest title since kit_forget(); "" for none. */
static const char *titled(struct screen_kit *k)
{
    static char text[200];
    text[0] = '\0';
    vec_each (e, &k->out.items)
        if (e->kind == EFFECT_TITLE)
            snprintf(text, sizeof text, "%.*s", STR_ARG(e->bytes));
    kit_forget(k);
    return text;
}

static void the_title_counts_also_in_another_room(void **state)
{
    struct screen_kit *k = *state;
    k->model.rules.counts = true;
    look_away(k, true);
    says(k, "one");
    assert_string_equal(titled(k), "moot #core (1)");
    kit_keys(k, "]");
    assert_string_equal(titled(k), "moot #ops (1)");
    k->model.rules.counts = false;
    kit_keys(k, "[");
    assert_string_equal(titled(k), "moot #core");
}

static void a_link_that_stays_away_rings_once_and_its_return(void **state)
{
    struct screen_kit *k = *state;
    look_away(k, true);
    kit_cut(k, ERR_UNREACHABLE, "gone");
    kit_tick(k, 2000);
    assert_string_equal(rang(k), "");
    for (int i = 0; i < 20; i++)
        kit_tick(k, 1000);
    assert_string_equal(rang(k), "The connection to the server is lost.");
    for (int i = 0; i < 20; i++)
        kit_tick(k, 1000);
    assert_string_equal(rang(k), "");
}

static void a_room_says_what_rings_in_it(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, ":");
    kit_type(k, "notify all");
    kit_keys(k, "Enter");
    assert_int_equal(k->model.here->level, NOTIFY_ALL);
    kit_keys(k, ":");
    kit_type(k, "notify loud");
    kit_keys(k, "Enter");
    assert_int_equal(k->model.here->level, NOTIFY_ALL);
}

static void what_an_admin_says_stays_where_it_can_be_read(void **state)
{
    struct screen_kit *k = *state;
    look_away(k, true);
    kit_frame(k, "{'type':'notice','time':%lld,'author':'root','text':'down at six'}",
              (long long)k->now);
    assert_string_equal(rang(k), "root says: down at six");
    shows(k, "root says: down at six");
    look_away(k, false);
    kit_tick(k, 60000);
    shows_not(k, "down at six");
    kit_keys(k, "T");
    shows(k, "root says: down at six");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, close_screen)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_options_are_checked),
        cmocka_unit_test(quiet_hours_go_over_midnight),
        cmocka_unit_test(keywords_are_whole_words_in_any_case),
        cmocka_unit_test(bytes_are_wrapped_for_what_is_in_between),
        cmocka_unit_test(what_is_in_between_is_known_at_the_far_end_of_ssh),
        cmocka_unit_test(words_of_others_cannot_end_the_sequence),
        TEST(what_is_looked_at_rings_for_nobody),
        TEST(a_clock_that_is_off_changes_nothing),
        TEST(what_is_read_on_another_screen_does_not_ring),
        TEST(what_was_read_is_not_among_those_that_are_counted),
        TEST(that_a_mention_was_read_is_told_at_once),
        TEST(here_is_everybody_and_an_answer_is_to_one),
        TEST(rules_of_the_room_come_before_the_common_ones),
        TEST(not_to_be_disturbed_elsewhere_is_so_here),
        TEST(a_burst_is_told_as_a_number),
        TEST(one_that_comes_soon_behind_another_is_told_as_what_it_is),
        TEST(who_comes_back_is_not_told_what_was_held),
        TEST(the_title_counts_also_in_another_room),
        TEST(a_link_that_stays_away_rings_once_and_its_return),
        TEST(a_room_says_what_rings_in_it),
        TEST(what_an_admin_says_stays_where_it_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
