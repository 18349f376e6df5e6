/* Outgoing hooks: each event at least once, in order, through failures and restarts. */
#include "hook_send.h"
#include "hub_rig.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { DAY_MS = 86400 * 1000 };

/* A hook that sends messages and new cards of the lobby; ana is in there. */
static void start(struct hub_rig *r)
{
    rig_start(r);
    rig_join_admin(r, "root");
    rig_send(r, "root", "{'type':'admin.user.set','id':1,'user':'ci','bot':true}");
    rig_send(r, "root",
             "{'type':'member.set','id':2,'room':'#lobby','user':'ci','role':'observer'}");
    rig_send(r, "root",
             "{'type':'admin.hook.add','id':3,'room':'#lobby','user':'ci','url':'https://x/y',"
             "'kinds':'message,task.added'}");
    rig_expect_later(r, "root", "{'type':'hook','re':3,'hook':'id1','secret':*}");
    rig_join(r, "ana");
    rig_skip(r, "ana");
}

static void say(struct hub_rig *r, int id, const char *text)
{
    rig_send(r, "ana", "{'type':'message.post','id':%d,'room':'#lobby','text':'%s'}", id, text);
    rig_expect_later(r, "ana", "{'type':'ok',*}");
}

/* What is under way to the receiver holds `part`; it answers with this status. */
static void receive(struct hub_rig *r, const char *part, int status)
{
    if (r->posts.n != 1)
        fail_msg("%zu are under way, wanted one with %s", r->posts.n, part);
    struct str body = r->posts.v[0].text;
    if (!memmem(body.p, body.n, part, strlen(part)))
        fail_msg("%.*s: wanted %s", STR_ARG(body), part);
    assert_true(str_is(r->posts.v[0].url, "https://x/y"));
    assert_true(str_is(r->posts.v[0].id, "id1"));
    rig_posted(r, status);
}

static void rests(struct hub_rig *r)
{
    assert_int_equal(r->posts.n, 0);
}

/* The path and what is behind it may be what the receiver knows its senders by. */
static void others_see_no_more_of_the_address_than_its_host(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "root",
             "{'type':'admin.hook.add','id':4,'room':'#lobby','user':'ci',"
             "'url':'https://hooks.example.org:8443/T1/secret?key=other'}");
    rig_expect_later(&r, "root", "{'type':'hook','re':4,*}");
    rig_send(&r, "root", "{'type':'admin.hooks','id':5}");
    rig_expect_later(&r, "root",
                     "{'type':'hook.list','re':5,*'url':'https://x/y',*"
                     "'url':'https://hooks.example.org:8443/T1/secret?key=other',*}");
    rig_send(&r, "root", "{'type':'admin.audit','id':6}");
    rig_expect_later(&r, "root",
                     "{'type':'audit.list','re':6,'acts':[{*'act':'hook.add','subject':'ci',"
                     "'words':'id2 in #lobby to https://hooks.example.org:8443/...'},*}");
    rig_join_admin(&r, "toor");
    rig_send(&r, "toor", "{'type':'admin.hooks','id':1}");
    rig_expect_later(&r, "toor",
                     "{'type':'hook.list','re':1,*'url':'https://x/...',*"
                     "'url':'https://hooks.example.org:8443/...',*}");
    assert_null(strstr(buf_cstr(&r.log), "secret"));
    rig_finish(&r);
}

static void events_are_sent_one_after_the_other(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rests(&r); /* what was before it is not its business */
    say(&r, 1, "one");
    say(&r, 2, "two");
    rig_send(&r, "ana", "{'type':'note.create','id':3,'room':'#lobby','name':'n'}");
    rig_send(&r, "ana", "{'type':'task.add','id':4,'room':'#lobby','title':'three'}");
    receive(&r, "\"one\"", 200);
    receive(&r, "\"two\"", 204);
    receive(&r, "\"three\"", 200);
    rests(&r);
    rig_finish(&r);
}

static void a_failure_is_tried_again_later_and_later(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 1, "one");
    say(&r, 2, "two");
    for (int64_t most = HOOK_RETRY_MS; most < 200000; most *= 2) {
        receive(&r, "\"one\"", most % 4000 ? 500 : 0);
        rig_wait(&r, most / 2 - 1);
        rests(&r);
        rig_wait(&r, most / 2 + 1);
    }
    receive(&r, "\"one\"", 200); /* and the pause is short again */
    receive(&r, "\"two\"", 500);
    rig_wait(&r, HOOK_RETRY_MS);
    receive(&r, "\"two\"", 200);
    rests(&r);
    rig_finish(&r);
}

static void who_fails_for_days_is_given_up_until_resumed(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 1, "one");
    int64_t began = r.now;
    while (r.posts.n) {
        receive(&r, "\"one\"", 500);
        for (int i = 0; i < 30 && !r.posts.n; i++)
            rig_wait(&r, HOOK_RETRY_MOST_MS / 20);
    }
    assert_true(r.now - began >= INT64_C(1) * HOOK_GIVE_UP_DAYS * DAY_MS);
    rig_restart(&r);
    rig_wait(&r, DAY_MS);
    rests(&r);
    rig_join_admin(&r, "root");
    rig_send(&r, "root", "{'type':'admin.audit','id':1,'limit':1}");
    rig_expect(&r, "root",
               "{'type':'audit.list','re':1,'acts':[{*'author':'mootd','act':'hook.stop',"
               "'subject':'ci','words':'id1 in #lobby, at event *'}],'more':true}");
    rig_send(&r, "root", "{'type':'admin.hooks','id':2}");
    rig_expect(&r, "root", "{'type':'hook.list',*'failing':*,'stopped':true*}");
    rig_send(&r, "root", "{'type':'admin.hook.resume','id':3,'hook':'id1'}");
    rig_expect(&r, "root", "{'type':'ok','re':3}");
    receive(&r, "\"one\"", 200);
    rests(&r);
    rig_finish(&r);
}

/* It was not the receiver that could not be reached for days, but the server that was off. */
static void days_without_a_server_are_no_days_of_failures(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 1, "one");
    receive(&r, "\"one\"", 0);
    rig_wait(&r, HOOK_KEEP_MS);
    r.now += (HOOK_GIVE_UP_DAYS + 1) * INT64_C(1) * DAY_MS; /* the machine sleeps */
    rig_wait(&r, 1);
    receive(&r, "\"one\"", 0); /* at once, and its network is not up yet */
    rig_wait(&r, HOOK_RETRY_MS);
    receive(&r, "\"one\"", 0);
    rig_wait(&r, HOOK_KEEP_MS);
    r.now += (HOOK_GIVE_UP_DAYS + 1) * INT64_C(1) * DAY_MS;
    rig_restart(&r);
    receive(&r, "\"one\"", 0);
    rig_wait(&r, HOOK_RETRY_MS);
    receive(&r, "\"one\"", 200);
    rests(&r);
    rig_finish(&r);
}

static void who_is_gone_is_given_up_at_once(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 1, "one");
    receive(&r, "\"one\"", 410);
    rig_wait(&r, DAY_MS);
    rests(&r);
    rig_finish(&r);
}

static void after_a_crash_nothing_is_missing(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 1, "one");
    receive(&r, "\"one\"", 200);
    rig_wait(&r, HOOK_KEEP_MS);
    say(&r, 2, "two");
    receive(&r, "\"two\"", 200); /* was not kept yet: comes again */
    say(&r, 3, "three");
    rig_restart(&r);
    receive(&r, "\"two\"", 200);
    receive(&r, "\"three\"", 200);
    rests(&r);
    rig_finish(&r);
}

static void who_goes_down_in_order_sends_nothing_twice(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 1, "one");
    receive(&r, "\"one\"", 200);
    say(&r, 2, "two");
    rig_handle(&r, (struct hub_input){.kind = IN_DRAIN});
    receive(&r, "\"two\"", 200);
    rig_restart(&r);
    rests(&r);
    rig_finish(&r);
}

static void who_is_put_out_of_the_room_is_told_nothing(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "root",
             "{'type':'member.set','id':4,'room':'#lobby','user':'ci','role':'none'}");
    rig_expect_later(&r, "root", "{'type':'ok','re':4,*}");
    say(&r, 1, "one");
    rests(&r);
    rig_send(&r, "root",
             "{'type':'member.set','id':5,'room':'#lobby','user':'ci','role':'observer'}");
    rig_expect_later(&r, "root", "{'type':'ok','re':5,*}");
    receive(&r, "\"one\"", 200);
    rig_finish(&r);
}

static void a_revoked_hook_sends_nothing_more(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 1, "one");
    say(&r, 2, "two");
    rig_send(&r, "root", "{'type':'admin.hook.revoke','id':4,'hook':'id1'}");
    rig_expect_later(&r, "root", "{'type':'ok','re':4}");
    receive(&r, "\"one\"", 200);
    rests(&r);
    rig_wait(&r, DAY_MS);
    rests(&r);
    rig_finish(&r);
}

/* Its end is on the way to the disk: it is as good as gone. */
static void a_hook_that_is_leaving_sends_nothing_more(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 1, "one");
    say(&r, 2, "two");
    r.hold_store = true;
    rig_send(&r, "root", "{'type':'admin.hook.revoke','id':4,'hook':'id1'}");
    struct store_job *drop = rig_take_job(&r, JOB_HOOK_DROP);
    rig_release(&r);
    receive(&r, "\"one\"", 200);
    rig_wait(&r, DAY_MS / 24);
    rests(&r);
    rig_give_job(&r, drop);
    rests(&r);
    rig_finish(&r);
}

/* A page of the log without any that is wanted is no end. */
static void what_is_wanted_is_found_far_behind(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    say(&r, 1, "one");
    for (int i = 0; i < 3 * HOOK_PAGE; i++)
        rig_send(&r, "ana", "{'type':'note.create','id':%d,'room':'#lobby','name':'n%d'}",
                 i + 2, i);
    say(&r, 1000, "two");
    receive(&r, "\"one\"", 200);
    receive(&r, "\"two\"", 200);
    rests(&r);
    rig_finish(&r);
}

static void a_failing_store_is_asked_again(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'message.post','id':1,'room':'#lobby','text':'one'}");
    rig_run_jobs(&r, 2);
    rig_fail_job(&r, JOB_EVENTS);
    rig_release(&r);
    rests(&r);
    rig_wait(&r, 1000);
    receive(&r, "\"one\"", 200);
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(others_see_no_more_of_the_address_than_its_host),
        cmocka_unit_test(events_are_sent_one_after_the_other),
        cmocka_unit_test(a_failure_is_tried_again_later_and_later),
        cmocka_unit_test(who_fails_for_days_is_given_up_until_resumed),
        cmocka_unit_test(days_without_a_server_are_no_days_of_failures),
        cmocka_unit_test(who_is_gone_is_given_up_at_once),
        cmocka_unit_test(after_a_crash_nothing_is_missing),
        cmocka_unit_test(who_goes_down_in_order_sends_nothing_twice),
        cmocka_unit_test(who_is_put_out_of_the_room_is_told_nothing),
        cmocka_unit_test(a_revoked_hook_sends_nothing_more),
        cmocka_unit_test(a_hook_that_is_leaving_sends_nothing_more),
        cmocka_unit_test(what_is_wanted_is_found_far_behind),
        cmocka_unit_test(a_failing_store_is_asked_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
