/* Sign-in, liveliness, limits, renewal, invites, draining. */
#include "hub_rig.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void welcome_says_who_and_which_rooms(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    rig_connect(&r, "ana");
    rig_send(&r, "ana", "{'type':'hello','version':1,'client':'abcdefgh'}");
    rig_expect(&r, "ana",
               "{'type':'welcome','version':1,'server':'mootd test','user':'ana',"
               "'admin':false,'session':1000001,'time':1000000,'heartbeat':25,'revision':7,"
               "'rooms':[{'room':'#lobby','role':'member','public':true,'seq':2,"
               "'members':1,'read':2}]}");
    rig_expect_nothing(&r, "ana");
    rig_finish(&r);
}

static void before_hello_nothing_is_allowed_but_hello(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    rig_connect(&r, "ana");
    rig_send(&r, "ana", "{'type':'ping','id':3}");
    rig_expect(&r, "ana", "{'type':'error','re':3,'code':'out_of_order',*}");
    rig_send(&r, "ana", "{'type':'message.post','id':4,'room':'#lobby','text':'x'}");
    rig_expect(&r, "ana", "{'type':'error','re':4,'code':'out_of_order',*}");
    rig_send(&r, "ana", "{'type':'typing','room':'#lobby','on':true}");
    rig_expect(&r, "ana", "{'type':'error','code':'out_of_order',*}");
    rig_send(&r, "ana", "{'type':'hello','version':1,'client':'abcdefgh'}");
    rig_expect(&r, "ana", "{'type':'welcome',*}");
    rig_send(&r, "ana", "{'type':'hello','version':1,'client':'abcdefgh'}");
    rig_expect(&r, "ana", "{'type':'error','code':'out_of_order',*}");
    rig_finish(&r);
}

static void another_version_is_told_so_and_closed(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    rig_connect(&r, "ana");
    rig_send(&r, "ana", "{'type':'hello','version':2,'novelty':true}");
    rig_expect(&r, "ana", "{'type':'bye','code':'version',*'retry_ms':-1}");
    rig_expect_closed(&r, "ana", 1008);
    rig_finish(&r);
}

static void the_servers_own_client_id_is_nobody_elses(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    rig_connect(&r, "ana");
    rig_send(&r, "ana", "{'type':'hello','version':1,'client':'%s'}", STORE_OWN_CLIENT);
    rig_expect(&r, "ana", "{'type':'error','code':'bad_field',*}");
    rig_send(&r, "ana", "{'type':'hello','version':1,'client':'abcdefgh'}");
    rig_expect(&r, "ana", "{'type':'welcome',*}");
    rig_finish(&r);
}

static void hello_opens_rooms(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    rig_connect(&r, "ana");
    rig_send(&r, "ana",
             "{'type':'hello','version':1,'client':'abcdefgh','rooms':["
             "{'room':'#lobby'},{'room':'#nowhere'}]}");
    rig_expect(&r, "ana", "{'type':'welcome',*}");
    rig_expect(&r, "ana", "{'type':'error','code':'not_found','message':'*#nowhere*}");
    rig_expect(&r, "ana", "{'type':'room.created',*}");
    rig_expect(&r, "ana", "{'type':'member',*'user':'ana','role':'member'}");
    rig_expect(&r, "ana", "{'type':'synced','room':'#lobby','seq':2}");
    rig_wait(&r, 10);
    rig_expect(&r, "ana",
               "{'type':'presence','room':'#lobby','user':'ana','session':1000001,"
               "'online':true}");
    rig_finish(&r);
}

static void a_slow_start_keeps_hello_and_what_follows_waiting(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start_held(&r);
    rig_connect(&r, "ana");
    rig_send(&r, "ana",
             "[{'type':'hello','version':1,'client':'abcdefgh'},"
             "{'type':'ping','id':1},"
             "{'type':'message.post','id':2,'room':'#lobby','text':'x'}]");
    rig_send(&r, "ana", "{'type':'ping','id':3}");
    rig_wait(&r, 20000);
    rig_expect_nothing(&r, "ana");
    rig_release(&r);
    rig_expect(&r, "ana", "{'type':'welcome',*}");
    rig_expect(&r, "ana", "{'type':'pong','re':1,*}");
    rig_expect(&r, "ana", "{'type':'pong','re':3,*}");
    rig_expect(&r, "ana", "{'type':'ok','re':2,'room':'#lobby','seq':3}");
    rig_finish(&r);
}

static void what_waits_for_a_slow_start_is_bounded(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start_held(&r);
    rig_connect(&r, "ana");
    rig_send(&r, "ana", "{'type':'hello','version':1,'client':'abcdefgh'}");
    for (int i = 1; i <= 1100; i++)
        rig_send(&r, "ana", "{'type':'ping','id':%d}", i);
    rig_expect(&r, "ana", "{'type':'error','re':1024,'code':'busy',*}");
    rig_release(&r);
    rig_expect_later(&r, "ana", "{'type':'pong','re':1023,*}");
    rig_finish(&r);
}

static void a_database_that_cannot_be_read_at_first_is_tried_again(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start_held(&r);
    rig_connect(&r, "ana");
    rig_send(&r, "ana", "{'type':'hello','version':1,'client':'abcdefgh'}");
    struct store_job *j = r.jobs.v[0];
    r.jobs.n = 0;
    j->err.code = ERR_STORE;
    rig_handle(&r, (struct hub_input){.kind = IN_STORED, .job = j});
    rig_expect_nothing(&r, "ana");
    r.hold_store = false;
    rig_wait(&r, 1100);
    rig_expect(&r, "ana", "{'type':'welcome',*}");
    rig_finish(&r);
}

static void a_newer_connection_replaces_the_old_one(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    rig_enter(&r, "ana", "#lobby");
    rig_enter(&r, "bo", "#lobby");
    rig_skip(&r, "ana");
    rig_connect(&r, "ana/again");
    rig_send(&r, "ana/again",
             "{'type':'hello','version':1,'client':'clientana','rooms':["
             "{'room':'#lobby','since':-1}]}");
    rig_expect_later(&r, "ana", "{'type':'bye','code':'replaced',*'retry_ms':-1}");
    rig_expect_closed(&r, "ana", 1008);
    rig_expect(&r, "ana/again", "{'type':'welcome',*}");
    rig_expect(&r, "ana/again", "{'type':'synced',*}");
    rig_send(&r, "ana", "{'type':'ping','id':1}");
    rig_expect_nothing(&r, "ana");
    rig_wait(&r, 100);
    rig_expect_nothing(&r, "bo"); /* ana never left */
    rig_cut(&r, "ana");
    rig_send(&r, "ana/again", "{'type':'message.post','id':1,'room':'#lobby','text':'x'}");
    rig_expect_later(&r, "ana/again", "{'type':'ok','re':1,*}");
    rig_finish(&r);
}

static void the_same_client_id_of_another_person_is_another_client(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    rig_join(&r, "ana");
    rig_connect(&r, "bo");
    rig_send(&r, "bo", "{'type':'hello','version':1,'client':'clientana'}");
    rig_expect(&r, "bo", "{'type':'welcome',*}");
    rig_expect_nothing(&r, "ana");
    rig_finish(&r);
}

/* ---- liveliness ---- */

static void who_never_says_hello_is_closed(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    rig_connect(&r, "ana");
    rig_wait(&r, HELLO_WITHIN_MS - 100);
    rig_expect_nothing(&r, "ana");
    rig_wait(&r, 1200);
    rig_expect(&r, "ana", "{'type':'bye','code':'out_of_order',*'retry_ms':1000}");
    rig_expect_closed(&r, "ana", 1008);
    rig_finish(&r);
}

static void a_token_ends_the_session_with_it(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    rig_connect_as(&r, "ana",
                   (struct identity){
                       .user = STR("ana"), .token_id = STR("t1"), .expires = RIG_NOW + 5000});
    rig_send(&r, "ana", "{'type':'hello','version':1,'client':'abcdefgh'}");
    rig_expect(&r, "ana", "{'type':'welcome',*'expires':1005000,*}");
    rig_wait(&r, 4900);
    rig_expect_nothing(&r, "ana");
    rig_wait(&r, 1200);
    rig_expect(&r, "ana", "{'type':'bye','code':'token_expired',*'retry_ms':-1}");
    rig_expect_closed(&r, "ana", 1008);
    rig_finish(&r);
}

static void a_token_is_renewed_in_band(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"nonsense", "not_signed_in"},
        {"bo:t2:9999999", "forbidden"},
        {"ana:t9:9999999", "revoked"},
    };
    struct hub_rig r;
    rig_start(&r);
    rig_join_admin(&r, "root");
    rig_connect_as(&r, "ana",
                   (struct identity){
                       .user = STR("ana"), .token_id = STR("t1"), .expires = RIG_NOW + 5000});
    rig_send(&r, "ana", "{'type':'hello','version':1,'client':'abcdefgh'}");
    rig_skip(&r, "ana");
    rig_send(&r, "root", "{'type':'renew','id':1,'token':'root:t1:1'}");
    rig_expect(&r, "root", "{'type':'error','re':1,'code':'forbidden',*}");
    struct store_job *put = store_job_new(JOB_TOKEN_PUT);
    put->token = (struct store_token){.id = STR("t9"), .user = STR("ana")};
    r.store->write(r.store, &put, 1);
    store_job_free(put);
    rig_send(&r, "root", "{'type':'admin.revoke','id':2,'token_id':'t9'}");
    rig_expect(&r, "root", "{'type':'ok','re':2}");
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        char expected[80];
        rig_send(&r, "ana", "{'type':'renew','id':%zu,'token':'%s'}", i + 1, bad[i][0]);
        snprintf(expected, sizeof expected, "{'type':'error','re':%zu,'code':'%s',*}", i + 1,
                 bad[i][1]);
        rig_expect(&r, "ana", expected);
    }
    rig_send(&r, "ana", "{'type':'renew','id':8,'token':'ana:t3:1020000'}");
    rig_expect(&r, "ana", "{'type':'renewed','re':8,'expires':1020000}");
    rig_wait(&r, 15000);
    rig_expect_nothing(&r, "ana");
    rig_wait(&r, 6500);
    rig_expect(&r, "ana", "{'type':'bye','code':'token_expired',*}");
    rig_finish(&r);
}

/* ---- bad input ---- */

static void what_is_malformed_is_answered_and_the_connection_stays(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"", "malformed"},
        {"nonsense", "malformed"},
        {"[]", "*"},
        {"{'type':1}", "*"},
        {"{}", "*"},
        {"[[[[[[[[[[]]]]]]]]]]", "malformed"},
        {"'x'", "malformed"},
        {"{'type':'ping'}", "bad_field"},
        {"{'type':'ping','id':1,'id':2}", "*"},
        {"{'type':'ping','id':\xff}", "malformed"},
        {"{'type':'ping','id':0}", "bad_field"},
        {"{'type':'ping','id':-1}", "bad_field"},
        {"{'type':'ping','id':1e99}", "bad_field"},
        {"{'type':'welcome'}", "unknown_type"},
    };
    struct hub_rig r;
    rig_start(&r);
    rig_join(&r, "ana");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char expected[80];
        rig_send(&r, "ana", "%s", rows[i][0]);
        snprintf(expected, sizeof expected, "{'type':'error',*'code':'%s',*}", rows[i][1]);
        if (rig_unread(&r, "ana") || strcmp(rows[i][0], "[]") != 0)
            rig_expect(&r, "ana", expected);
        rig_send(&r, "ana", "{'type':'ping','id':7}");
        rig_expect(&r, "ana", "{'type':'pong','re':7,*}");
    }
    rig_finish(&r);
}

static void a_frame_too_large_is_refused(void **state)
{
    (void)state;
    static char big[FRAME_IN_MAX + 1];
    memset(big, ' ', sizeof big);
    struct hub_rig r;
    rig_start(&r);
    rig_join(&r, "ana");
    rig_send_bytes(&r, "ana", (struct str){big, sizeof big});
    rig_expect(&r, "ana", "{'type':'error','code':'too_large',*}");
    rig_finish(&r);
}

static void too_many_faults_in_a_row_end_the_connection(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    rig_join(&r, "ana");
    for (int i = 0; i < VIOLATIONS_MAX - 1; i++)
        rig_send(&r, "ana", "{'type':'welcome'}");
    rig_send(&r, "ana", "{'type':'ping','id':1}");
    for (int i = 0; i < VIOLATIONS_MAX - 1; i++)
        rig_send(&r, "ana", "{'type':'welcome'}");
    assert_int_equal(rig_unread(&r, "ana"), 2 * VIOLATIONS_MAX - 1);
    rig_skip(&r, "ana");
    rig_send(&r, "ana", "{'type':'welcome'}");
    rig_expect(&r, "ana", "{'type':'error',*}");
    rig_expect(&r, "ana", "{'type':'bye','code':'unknown_type',*'retry_ms':-1}");
    rig_expect_closed(&r, "ana", 1008);
    rig_finish(&r);
}

static void what_people_get_wrong_is_no_fault(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    rig_join(&r, "ana");
    for (int i = 1; i < 2 * VIOLATIONS_MAX; i++)
        rig_send(&r, "ana", "{'type':'task.edit','id':%d,'room':'#lobby','task':9,'title':'x'}",
                 i);
    rig_send(&r, "ana", "{'type':'ping','id':1}");
    rig_expect_later(&r, "ana", "{'type':'pong','re':1,*}");
    rig_finish(&r);
}

static void too_many_messages_are_refused_then_allowed_again(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    rig_join(&r, "ana");
    for (int i = 1; i < RATE_BURST; i++) /* hello was one */
        rig_send(&r, "ana", "{'type':'ping','id':%d}", i);
    assert_int_equal(rig_unread(&r, "ana"), RATE_BURST - 1);
    rig_skip(&r, "ana");
    rig_send(&r, "ana", "{'type':'ping','id':1}");
    rig_expect(&r, "ana", "{'type':'error','re':1,'code':'rate',*'retry':true}");
    rig_wait(&r, 5);
    rig_send(&r, "ana", "{'type':'ping','id':2}");
    rig_expect(&r, "ana", "{'type':'pong','re':2,*}");
    rig_finish(&r);
}

/* A script that writes line after line goes as fast as the disk. */
static void who_waits_for_each_answer_is_never_too_fast(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    rig_join(&r, "ana");
    for (int i = 1; i < 3 * RATE_BURST; i++) {
        rig_send(&r, "ana", "{'type':'message.post','id':%d,'room':'#lobby','text':'x'}", i);
        rig_expect_later(&r, "ana", "{'type':'ok',*}");
        rig_skip(&r, "ana");
    }
    rig_finish(&r);
}

static void a_flood_is_answered_only_so_often_and_then_cut(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    rig_join(&r, "ana");
    for (int i = 1; i < RATE_BURST + 1000; i++)
        rig_send(&r, "ana", "{'type':'ping','id':%d}", i);
    assert_int_equal(rig_unread(&r, "ana"), RATE_BURST - 1 + 200 + 1);
    rig_expect_later(&r, "ana", "{'type':'bye','code':'rate',*'retry_ms':5000}");
    rig_expect_closed(&r, "ana", 1008);
    rig_finish(&r);
}

/* ---- invites ---- */

static void connect_invited(struct hub_rig *r)
{
    rig_connect_as(r, "zoe",
                   (struct identity){.user = STR("zoe"),
                                     .token_id = STR("id1"),
                                     .expires = RIG_NOW + 3600000,
                                     .invite = true});
    rig_send(r, "zoe", "{'type':'hello','version':1,'client':'clientzoe'}");
    rig_expect(r, "zoe", "{'type':'welcome',*'user':'zoe','admin':false,*}");
}

static void an_invite_is_exchanged_for_a_token_once(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    rig_join_admin(&r, "root");
    rig_send(&r, "root", "{'type':'admin.invite','id':1,'user':'zoe','ttl':3600}");
    rig_expect(&r, "root",
               "{'type':'token','re':1,'user':'zoe','token':'zoe:id1:4600000',"
               "'token_id':'id1','expires':4600000}");
    connect_invited(&r);
    rig_send(&r, "zoe", "{'type':'ping','id':1}");
    rig_expect(&r, "zoe", "{'type':'pong',*}");
    rig_send(&r, "zoe", "{'type':'rooms','id':2}");
    rig_expect(&r, "zoe", "{'type':'error','re':2,'code':'forbidden',*}");
    rig_send(&r, "zoe", "{'type':'message.post','id':3,'room':'#lobby','text':'x'}");
    rig_expect(&r, "zoe", "{'type':'error','re':3,'code':'forbidden',*}");
    rig_send(&r, "zoe", "{'type':'invite.accept','id':4}");
    rig_expect(&r, "zoe", "{'type':'token','re':4,'user':'zoe','token':'zoe:id2:*}");
    rig_send(&r, "zoe", "{'type':'invite.accept','id':5}");
    rig_expect(&r, "zoe", "{'type':'error','re':5,'code':'revoked',*}");
    struct identity again = {.user = STR("zoe"), .token_id = STR("id1"), .invite = true};
    struct err e = {0};
    assert_false(hub_admits(r.hub, &again, &e));
    assert_int_equal(e.code, ERR_REVOKED);
    rig_connect(&r, "zoe/2");
    rig_send(&r, "zoe/2", "{'type':'hello','version':1,'client':'clientzoe2'}");
    rig_expect(&r, "zoe/2", "{'type':'welcome',*'room':'#lobby','role':'member',*}");
    rig_send(&r, "zoe/2", "{'type':'invite.accept','id':6}");
    rig_expect(&r, "zoe/2", "{'type':'error','re':6,'code':'forbidden',*}");
    rig_finish(&r);
}

static void an_invite_that_the_store_cannot_take_stays_good(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    connect_invited(&r);
    store_mem_break(r.store, ERR_STORE_FULL);
    rig_send(&r, "zoe", "{'type':'invite.accept','id':4}");
    rig_expect(&r, "zoe", "{'type':'error','re':4,'code':'store_full',*'retry':true}");
    store_mem_break(r.store, ERR_NONE);
    rig_send(&r, "zoe", "{'type':'invite.accept','id':5}");
    rig_expect(&r, "zoe", "{'type':'token','re':5,*}");
    rig_finish(&r);
}

/* ---- going down ---- */

static void draining_commits_what_is_under_way_and_takes_no_more(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    rig_join(&r, "ana");
    rig_send(&r, "ana", "{'type':'message.post','id':1,'room':'#lobby','text':'x'}");
    rig_skip(&r, "ana");
    r.hold_store = true;
    rig_send(&r, "ana", "{'type':'message.post','id':2,'room':'#lobby','text':'x'}");
    rig_handle(&r, (struct hub_input){.kind = IN_DRAIN});
    rig_expect(&r, "ana", "{'type':'bye','code':'closing',*'retry_ms':1000}");
    rig_send(&r, "ana", "{'type':'message.post','id':3,'room':'#lobby','text':'x'}");
    rig_expect(&r, "ana", "{'type':'error','re':3,'code':'closing',*'retry':true}");
    assert_false(hub_is_drained(r.hub));
    rig_connect(&r, "bo");
    rig_expect(&r, "bo", "{'type':'bye','code':'closing',*}");
    rig_expect_closed(&r, "bo", 1001);
    rig_release(&r);
    rig_expect(&r, "ana", "{'type':'ok','re':2,*}");
    assert_true(hub_is_drained(r.hub));
    rig_expect_closed(&r, "ana", 1001);
    rig_finish(&r);
}

/* ---- first sign-in ---- */

static void a_newcomer_whose_account_cannot_be_stored_is_sent_away_in_words(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    store_mem_break(r.store, ERR_STORE_FULL);
    rig_connect(&r, "ana");
    rig_send(&r, "ana", "{'type':'hello','version':1,'client':'clientana'}");
    rig_expect(&r, "ana", "{'type':'bye','code':'store_full',*'retry_ms':2000}");
    rig_expect_closed(&r, "ana", 1013);
    rig_cut(&r, "ana");
    store_mem_break(r.store, ERR_NONE);
    rig_join(&r, "ana");
    rig_finish(&r);
}

static void a_crowd_of_newcomers_all_get_in(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    r.hold_store = true;
    char names[40][24];
    for (int i = 0; i < 40; i++) {
        snprintf(names[i], sizeof names[i], "person%d", i);
        rig_connect(&r, names[i]);
        rig_send(&r, names[i], "{'type':'hello','version':1,'client':'abcdefgh'}");
    }
    rig_release(&r);
    for (int i = 0; i < 40; i++)
        rig_expect(&r, names[i], "{'type':'welcome',*'room':'#lobby',*}");
    rig_finish(&r);
}

static void a_disabled_account_is_not_admitted(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    rig_join_admin(&r, "root");
    rig_join(&r, "ana");
    rig_send(&r, "root", "{'type':'admin.user.set','id':1,'user':'ana','disabled':true}");
    rig_expect(&r, "root", "{'type':'ok','re':1}");
    rig_expect(&r, "ana", "{'type':'bye','code':'revoked',*'retry_ms':-1}");
    rig_expect_closed(&r, "ana", 1008);
    struct identity who = {.user = STR("ana")};
    struct err e = {0};
    assert_false(hub_admits(r.hub, &who, &e));
    rig_restart(&r);
    assert_false(hub_admits(r.hub, &who, &e));
    rig_connect(&r, "ana");
    rig_send(&r, "ana", "{'type':'hello','version':1,'client':'clientana'}");
    rig_expect(&r, "ana", "{'type':'bye','code':'revoked',*}");
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(welcome_says_who_and_which_rooms),
        cmocka_unit_test(before_hello_nothing_is_allowed_but_hello),
        cmocka_unit_test(another_version_is_told_so_and_closed),
        cmocka_unit_test(the_servers_own_client_id_is_nobody_elses),
        cmocka_unit_test(hello_opens_rooms),
        cmocka_unit_test(a_slow_start_keeps_hello_and_what_follows_waiting),
        cmocka_unit_test(what_waits_for_a_slow_start_is_bounded),
        cmocka_unit_test(a_database_that_cannot_be_read_at_first_is_tried_again),
        cmocka_unit_test(a_newer_connection_replaces_the_old_one),
        cmocka_unit_test(the_same_client_id_of_another_person_is_another_client),
        cmocka_unit_test(who_never_says_hello_is_closed),
        cmocka_unit_test(a_token_ends_the_session_with_it),
        cmocka_unit_test(a_token_is_renewed_in_band),
        cmocka_unit_test(what_is_malformed_is_answered_and_the_connection_stays),
        cmocka_unit_test(a_frame_too_large_is_refused),
        cmocka_unit_test(too_many_faults_in_a_row_end_the_connection),
        cmocka_unit_test(what_people_get_wrong_is_no_fault),
        cmocka_unit_test(too_many_messages_are_refused_then_allowed_again),
        cmocka_unit_test(who_waits_for_each_answer_is_never_too_fast),
        cmocka_unit_test(a_flood_is_answered_only_so_often_and_then_cut),
        cmocka_unit_test(an_invite_is_exchanged_for_a_token_once),
        cmocka_unit_test(an_invite_that_the_store_cannot_take_stays_good),
        cmocka_unit_test(draining_commits_what_is_under_way_and_takes_no_more),
        cmocka_unit_test(a_newcomer_whose_account_cannot_be_stored_is_sent_away_in_words),
        cmocka_unit_test(a_crowd_of_newcomers_all_get_in),
        cmocka_unit_test(a_disabled_account_is_not_admitted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
