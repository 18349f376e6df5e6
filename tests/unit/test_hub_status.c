/* What people say of themselves, and what all their sessions say together. */
#include "hub_rig.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* ana looks on; bo has two sessions in the lobby. */
static void start(struct hub_rig *r)
{
    rig_start(r);
    rig_enter(r, "ana", "#lobby");
    rig_enter(r, "bo", "#lobby");
    rig_enter(r, "bo/2", "#lobby");
    rig_wait(r, 1000);
    rig_skip(r, "ana");
    rig_skip(r, "bo");
    rig_skip(r, "bo/2");
}

static int64_t next_id;

static void say(struct hub_rig *r, const char *who, const char *fields)
{
    rig_send(r, who, "{'type':'status','id':%lld%s}", (long long)++next_id, fields);
    rig_expect_later(r, who, "{'type':'ok',*}");
    rig_wait(r, 60);
}

static void is_told(struct hub_rig *r, const char *rest)
{
    char pattern[200];
    snprintf(pattern, sizeof pattern,
             "{'type':'presence',*'user':'bo','session':*,'online':true%s", rest);
    rig_expect(r, "ana", pattern);
    rig_expect_nothing(r, "ana");
}

static void the_most_present_session_wins(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, "bo", ",'status':'idle','age':300");
    is_told(&r, ",'status':'idle','since':*}"); /* the other never said anything */
    say(&r, "bo/2", "");
    is_told(&r, "}");
    say(&r, "bo", ",'status':'away','words':'lunch'");
    rig_expect_nothing(&r, "ana");
    say(&r, "bo/2", ",'status':'idle','age':60");
    is_told(&r, ",'status':'idle','since':*}");
    rig_cut(&r, "bo/2");
    rig_wait(&r, 60);
    is_told(&r, ",'status':'away','words':'lunch','since':*}");
    rig_check(&r);
    rig_finish(&r);
}

static void do_not_disturb_said_anywhere_counts(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, "bo", "");
    say(&r, "bo/2", ",'status':'dnd'");
    is_told(&r, ",'status':'dnd','since':*}");
    rig_cut(&r, "bo/2");
    rig_wait(&r, 60);
    is_told(&r, "}");
    rig_finish(&r);
}

static void a_choice_for_everywhere_is_told_to_the_others(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_join(&r, "bo/3"); /* as a command: it has no room open */
    say(&r, "bo/3", ",'status':'dnd','words':'release','everywhere':true");
    rig_expect(&r, "bo", "{'type':'status.set','status':'dnd','words':'release'}");
    rig_expect(&r, "bo/2", "{'type':'status.set','status':'dnd','words':'release'}");
    is_told(&r, ",'status':'dnd','words':'release','since':*}");
    rig_cut(&r, "bo/3");
    rig_wait(&r, 60);
    rig_expect_nothing(&r, "ana");
    say(&r, "bo", ",'everywhere':true");
    rig_expect(&r, "bo/2", "{'type':'presence',*'dnd'*}");
    rig_expect(&r, "bo/2", "{'type':'status.set'}");
    is_told(&r, "}");
    rig_finish(&r);
}

static void who_chooses_hears_for_how_many_connections(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    rig_join(&r, "bo");
    rig_send(&r, "bo", "{'type':'status','id':1,'status':'away','everywhere':true}");
    rig_expect(&r, "bo", "{'type':'ok','re':1}");
    rig_enter(&r, "bo/2", "#lobby");
    rig_enter(&r, "bo/3", "#lobby");
    rig_send(&r, "bo", "{'type':'status','id':2,'status':'away','everywhere':true}");
    rig_expect(&r, "bo", "{'type':'ok','re':2,'number':2}");
    rig_send(&r, "bo/2", "{'type':'status','id':3,'status':'idle'}");
    rig_expect_later(&r, "bo/2", "{'type':'ok','re':3,'number':1}");
    rig_finish(&r);
}

static void who_comes_later_hears_it(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, "bo", ",'status':'away','words':'lunch'");
    rig_join(&r, "cleo");
    rig_send(&r, "cleo", "{'type':'open','id':1,'room':'#lobby','since':-1}");
    rig_expect_later(&r, "cleo",
                     "{'type':'presence',*'user':'bo','session':*,'online':true,"
                     "'status':'away','words':'lunch','since':*}");
    rig_send(&r, "cleo", "{'type':'members','id':2,'room':'#lobby'}");
    rig_expect_later(&r, "cleo",
                     "{'type':'member.list',*{'user':'bo','role':'member','online':true,"
                     "'status':'away','words':'lunch','since':*}*}");
    rig_finish(&r);
}

static void it_outlasts_a_short_cut_and_no_long_one(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_cut(&r, "bo/2");
    say(&r, "bo", ",'status':'dnd','words':'talk'");
    is_told(&r, ",'status':'dnd','words':'talk','since':*}");
    rig_cut(&r, "bo");
    rig_wait(&r, STATUS_GRACE_MS - 1000);
    rig_expect(&r, "ana", "{'type':'presence',*'user':'bo',*'online':false}");
    rig_enter(&r, "bo", "#lobby");
    rig_wait(&r, 60);
    is_told(&r, ",'status':'dnd','words':'talk','since':*}");
    rig_cut(&r, "bo");
    rig_wait(&r, STATUS_GRACE_MS + 1000);
    rig_skip(&r, "ana");
    rig_enter(&r, "bo", "#lobby");
    rig_wait(&r, 60);
    is_told(&r, "}");
    rig_finish(&r);
}

static void it_holds_in_every_room_that_is_open(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "bo", "{'type':'room.create','id':500,'room':'#ops'}");
    rig_wait(&r, 20);
    rig_send(&r, "bo", "{'type':'open','id':501,'room':'#ops','since':-1}");
    rig_send(&r, "ana", "{'type':'room.join','id':500,'room':'#ops'}");
    rig_send(&r, "ana", "{'type':'open','id':501,'room':'#ops','since':-1}");
    rig_wait(&r, 60);
    rig_skip(&r, "ana");
    next_id = 600;
    say(&r, "bo", ",'status':'away'");
    rig_expect_later(&r, "ana", "{'type':'presence','room':'#lobby',*'bo',*'away',*}");
    rig_expect_later(&r, "ana", "{'type':'presence','room':'#ops',*'bo',*'away',*}");
    rig_finish(&r);
    next_id = 0;
}

static void what_changes_too_often_is_thinned(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    for (int i = 0; i < 200; i++) {
        rig_send(&r, "bo", "{'type':'status','id':%d,'status':'%s'}", 1000 + i,
                 i % 2 ? "away" : "dnd");
        rig_wait(&r, 5);
    }
    rig_wait(&r, 100);
    assert_in_range(rig_unread(&r, "ana"), 10, 22);
    rig_expect_later(&r, "ana", "{'type':'presence',*'dnd',*}");
    rig_check(&r);
    rig_finish(&r);
}

static void what_is_no_status_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *fields, *code;
    } rows[] = {
        {"'status':'asleep'", "bad_field"},
        {"'status':'away','words':'a\\nb'", "bad_field"},
        {"'status':'away','words':'\\u001b[2J'", "bad_field"},
        {"'status':'away','words':"
         "'12345678901234567890123456789012345678901234567890123456789012345678901234567890+'",
         "too_large"},
        {"'status':'online','words':'here'", "bad_field"},
        {"'status':'idle','everywhere':true", "bad_field"},
        {"'status':'idle','age':-1", "bad_field"},
        {"'status':'idle','age':1e300", "bad_field"},
        {"'status':'idle','since':5", "bad_field"},
        {"'status':7", "bad_field"},
        {"'user':'ana','status':'away'", "bad_field"},
    };
    struct hub_rig r;
    start(&r);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        rig_send(&r, "bo", "{'type':'status','id':%zu,%s}", 2000 + i, rows[i].fields);
        char pattern[100];
        snprintf(pattern, sizeof pattern, "{'type':'error','re':%zu,'code':'%s',*}", 2000 + i,
                 rows[i].code);
        rig_expect(&r, "bo", pattern);
    }
    rig_wait(&r, 100);
    rig_expect_nothing(&r, "ana");
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_most_present_session_wins),
        cmocka_unit_test(do_not_disturb_said_anywhere_counts),
        cmocka_unit_test(a_choice_for_everywhere_is_told_to_the_others),
        cmocka_unit_test(who_chooses_hears_for_how_many_connections),
        cmocka_unit_test(who_comes_later_hears_it),
        cmocka_unit_test(it_outlasts_a_short_cut_and_no_long_one),
        cmocka_unit_test(it_holds_in_every_room_that_is_open),
        cmocka_unit_test(what_changes_too_often_is_thinned),
        cmocka_unit_test(what_is_no_status_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
