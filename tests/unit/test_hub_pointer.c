/* Pointers, where people look, and what they type on. */
#include "hub_rig.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Card 1 in Todo, note 2; ana looks on. */
static void start(struct hub_rig *r)
{
    rig_start(r);
    rig_enter(r, "ana", "#lobby");
    rig_enter(r, "bo", "#lobby");
    rig_send(r, "bo", "{'type':'task.add','id':1,'room':'#lobby','title':'one'}");
    rig_send(r, "bo", "{'type':'note.create','id':2,'room':'#lobby','name':'plan'}");
    rig_wait(r, 100);
    rig_skip(r, "ana");
    rig_skip(r, "bo");
}

static void point(struct hub_rig *r, const char *fields)
{
    rig_send(r, "bo", "{'type':'pointer','room':'#lobby',%s}", fields);
    rig_wait(r, 60);
}

static void is_told(struct hub_rig *r, const char *rest)
{
    char pattern[200];
    snprintf(pattern, sizeof pattern,
             "{'type':'pointer','room':'#lobby','user':'bo','session':*,%s}", rest);
    rig_expect(r, "ana", pattern);
}

static void a_pointer_is_a_thing_and_a_place_in_it(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    point(&r, "'at':'card','task':1,'place':2,'x':250,'y':1000");
    is_told(&r, "'at':'card','task':1,'place':2,'x':250,'y':1000");
    point(&r, "'at':'column','column':'Todo','x':500");
    is_told(&r, "'at':'column','column':'Todo','x':500");
    point(&r, "'at':'message','message':2,'place':14");
    is_told(&r, "'at':'message','message':2,'place':14");
    point(&r, "'at':'note','note':2,'version':0,'place':0");
    is_told(&r, "'at':'note','note':2,'place':0");
    point(&r, "'at':'note','note':-2,'place':7");
    is_told(&r, "'at':'note','note':2,'place':7");
    point(&r, "'at':'nowhere'");
    is_told(&r, "'at':'nowhere'");
    point(&r, "'at':'off'");
    is_told(&r, "'at':'off'");
    rig_expect_nothing(&r, "ana");
    rig_finish(&r);
}

static void a_pointer_at_what_is_not_there_is_nowhere(void **state)
{
    (void)state;
    static const char *const unknown[] = {"'at':'card','task':77",
                                          "'at':'card','task':-77",
                                          "'at':'card'",
                                          "'at':'column','column':'Nope'",
                                          "'at':'column'",
                                          "'at':'message','message':9007199254740991",
                                          "'at':'message'",
                                          "'at':'note','note':99,'place':3",
                                          "'at':'note','note':-99,'place':3"};
    struct hub_rig r;
    start(&r);
    for (size_t i = 0; i < COUNT_OF(unknown); i++) {
        point(&r, unknown[i]);
        is_told(&r, "'at':'nowhere'");
    }
    rig_finish(&r);
}

static void what_does_not_belong_to_the_thing_is_not_passed_on(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    point(&r, "'at':'card','task':1,'column':'Done','message':1,'note':2,'version':9,'y':5");
    is_told(&r, "'at':'card','task':1,'y':5");
    point(&r, "'at':'off','task':1,'x':7");
    is_told(&r, "'at':'off'");
    rig_finish(&r);
}

static void what_is_no_pointer_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *fields, *code;
    } rows[] = {
        {"'room':'#lobby','at':'card','task':1,'x':1001", "bad_field"},
        {"'room':'#lobby','at':'card','task':1,'y':-1", "bad_field"},
        {"'room':'#lobby','at':'card','task':1,'x':1e308", "bad_field"},
        {"'room':'#lobby','at':'card','task':1,'x':0.5", "bad_field"},
        {"'room':'#lobby','at':'card','task':1,'x':NaN", "malformed"},
        {"'room':'#lobby','at':'card','task':1,'x':Infinity", "malformed"},
        {"'room':'#lobby','at':'card','task':9007199254740993", "bad_field"},
        {"'room':'#lobby','at':'card','task':1,'place':2097153", "bad_field"},
        {"'room':'#lobby','at':'card','task':1,'place':-2", "bad_field"},
        {"'room':'#lobby','at':'note','note':2,'version':-1", "bad_field"},
        {"'room':'#lobby','at':'column','column':'a\\u0007b'", "bad_field"},
        {"'room':'#lobby','at':'sky'", "bad_field"},
        {"'room':'#lobby'", "bad_field"},
        {"'room':'#lobby','at':'off','user':'ana'", "bad_field"},
        {"'room':'#elsewhere','at':'card','task':1", "not_found"},
    };
    struct hub_rig r;
    start(&r);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        rig_send(&r, "bo", "{'type':'pointer',%s}", rows[i].fields);
        char pattern[100];
        snprintf(pattern, sizeof pattern, "{'type':'error','code':'%s',*}", rows[i].code);
        rig_expect(&r, "bo", pattern);
    }
    rig_wait(&r, 100);
    rig_expect_nothing(&r, "ana");
    rig_finish(&r);
}

static void an_observer_does_not_point(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "bo", "{'type':'room.create','id':10,'room':'#ops'}");
    rig_wait(&r, 20);
    rig_send(&r, "bo",
             "{'type':'member.set','id':11,'room':'#ops','user':'ana','role':'observer'}");
    rig_wait(&r, 20);
    rig_send(&r, "ana", "{'type':'open','id':1,'room':'#ops','since':-1}");
    rig_wait(&r, 20);
    rig_skip(&r, "ana");
    rig_send(&r, "ana", "{'type':'pointer','room':'#ops','at':'nowhere'}");
    rig_expect(&r, "ana", "{'type':'error','code':'forbidden',*}");
    rig_send(&r, "ana", "{'type':'looking','room':'#ops','shown':true}");
    rig_wait(&r, 20);
    rig_expect(&r, "ana", "{'type':'looking','room':'#ops','user':'ana',*'shown':true}");
    rig_finish(&r);
}

static void a_pointer_ends_with_the_connection(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    point(&r, "'at':'card','task':1");
    rig_send(&r, "bo",
             "{'type':'looking','room':'#lobby','shown':true,'task':1,'note':2,"
             "'follows':'ana'}");
    rig_wait(&r, 60);
    rig_skip(&r, "ana");
    rig_cut(&r, "bo");
    rig_wait(&r, 60);
    rig_expect(&r, "ana", "{'type':'looking','room':'#lobby','user':'bo','session':*}");
    is_told(&r, "'at':'off'");
    rig_expect(&r, "ana", "{'type':'presence',*'user':'bo',*'online':false}");
    rig_expect_nothing(&r, "ana");
    rig_finish(&r);
}

static void one_that_rests_is_told_again_when_it_is_said_again(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    for (int i = 0; i < 3; i++) {
        point(&r, "'at':'card','task':1");
        is_told(&r, "'at':'card','task':1");
    }
    rig_finish(&r);
}

static void whatever_comes_in_twenty_a_second_go_out(void **state)
{
    (void)state;
    static const int gaps[] = {3, 7, 20, 49};
    for (size_t g = 0; g < COUNT_OF(gaps); g++) {
        struct hub_rig r;
        start(&r);
        int64_t end = 5000 / gaps[g];
        for (int64_t i = 0; i < end; i++) {
            rig_send(&r, "bo", "{'type':'pointer','room':'#lobby','at':'card','task':1,'x':%d}",
                     (int)(i % 1000));
            rig_wait(&r, gaps[g]);
        }
        rig_wait(&r, 100);
        size_t n = rig_unread(&r, "ana");
        if (n > 5 * 20 + 2 || n < 5 * 18)
            fail_msg("one in %d ms: %zu in 5 s", gaps[g], n);
        char newest[60];
        snprintf(newest, sizeof newest, "{'type':'pointer',*'x':%d}", (int)((end - 1) % 1000));
        rig_expect_later(&r, "ana", newest);
        rig_expect_nothing(&r, "ana");
        rig_finish(&r);
    }
}

/* Without news they are over for all who saw them begin. */
static void who_comes_later_does_not_see_what_has_lapsed(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    point(&r, "'at':'card','task':1");
    rig_send(&r, "bo", "{'type':'typing','room':'#lobby','on':true}");
    rig_send(&r, "bo", "{'type':'cursor','room':'#lobby','task':1}");
    rig_wait(&r, POINTER_SHOWN_MS);
    rig_join(&r, "cleo");
    rig_send(&r, "cleo", "{'type':'open','id':1,'room':'#lobby','since':-1}");
    rig_expect_later(&r, "cleo", "{'type':'typing',*'user':'bo',*'on':true}");
    rig_expect(&r, "cleo", "{'type':'cursor',*'user':'bo',*'task':1}");
    rig_wait(&r, 60);
    rig_expect(&r, "cleo", "{'type':'presence',*'user':'cleo',*'online':true}");
    rig_expect_nothing(&r, "cleo");
    rig_wait(&r, TYPING_SHOWN_MS - POINTER_SHOWN_MS);
    rig_join(&r, "dan");
    rig_send(&r, "dan", "{'type':'open','id':1,'room':'#lobby','since':-1}");
    rig_expect_later(&r, "dan", "{'type':'presence',*'user':'cleo',*'online':true}");
    rig_expect(&r, "dan", "{'type':'cursor',*'user':'bo',*'task':1}");
    point(&r, "'at':'card','task':1"); /* it comes back as it was */
    rig_expect_later(&r, "dan", "{'type':'pointer',*'user':'bo',*'at':'card','task':1}");
    rig_finish(&r);
}

static void who_comes_later_sees_pointers_and_looks(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    point(&r, "'at':'card','task':1,'place':0");
    rig_send(&r, "bo", "{'type':'looking','room':'#lobby','shown':true,'task':-1}");
    rig_send(&r, "bo", "{'type':'typing','room':'#lobby','on':true,'task':1}");
    rig_wait(&r, 60);
    rig_join(&r, "cleo");
    rig_send(&r, "cleo", "{'type':'open','id':1,'room':'#lobby','since':-1}");
    rig_expect_later(&r, "cleo", "{'type':'typing',*'user':'bo',*'on':true,'task':1}");
    rig_expect_later(&r, "cleo", "{'type':'looking',*'user':'bo',*'shown':true,'task':1}");
    rig_expect_later(&r, "cleo", "{'type':'pointer',*'user':'bo',*'task':1,'place':0}");
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pointer_is_a_thing_and_a_place_in_it),
        cmocka_unit_test(a_pointer_at_what_is_not_there_is_nowhere),
        cmocka_unit_test(what_does_not_belong_to_the_thing_is_not_passed_on),
        cmocka_unit_test(what_is_no_pointer_is_refused),
        cmocka_unit_test(an_observer_does_not_point),
        cmocka_unit_test(a_pointer_ends_with_the_connection),
        cmocka_unit_test(one_that_rests_is_told_again_when_it_is_said_again),
        cmocka_unit_test(whatever_comes_in_twenty_a_second_go_out),
        cmocka_unit_test(who_comes_later_does_not_see_what_has_lapsed),
        cmocka_unit_test(who_comes_later_sees_pointers_and_looks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
