/* What admins may do, and nobody else. */
#include "hub_rig.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void start(struct hub_rig *r)
{
    rig_start(r);
    rig_join_admin(r, "root");
    rig_join(r, "ana");
}

static void nobody_else_may(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "'type':'admin.users'",
        "'type':'admin.user.set','user':'ana','admin':true",
        "'type':'admin.token','user':'ana','ttl':60",
        "'type':'admin.invite','user':'zoe','ttl':60",
        "'type':'admin.tokens'",
        "'type':'admin.revoke','token_id':'x'",
        "'type':'admin.stats'",
        "'type':'admin.notice','text':'x'",
        "'type':'admin.kick','user':'root'",
        "'type':'admin.audit'",
    };
    struct hub_rig r;
    start(&r);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        rig_send(&r, "ana", "{%s,'id':%zu}", rows[i], i + 1);
        rig_expect(&r, "ana", "{'type':'error',*'code':'forbidden',*}");
    }
    rig_finish(&r);
}

static void an_account_is_made_changed_and_listed(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "root", "{'type':'admin.user.set','id':1,'user':'zoe'}");
    rig_expect(&r, "root", "{'type':'ok','re':1}");
    rig_send(&r, "root", "{'type':'admin.user.set','id':2,'user':'ana','admin':true}");
    rig_expect(&r, "root", "{'type':'ok','re':2}");
    rig_send(&r, "ana", "{'type':'admin.users','id':1}");
    rig_expect(&r, "ana",
               "{'type':'user.list','re':1,'users':["
               "{'user':'ana','admin':true,'disabled':false,'created':1000000,"
               "'seen':1000000},"
               "{'user':'root','admin':false,*},"
               "{'user':'zoe','admin':false,'disabled':false,'created':1000000}]}");
    rig_restart(&r);
    rig_join(&r, "ana");
    rig_send(&r, "ana", "{'type':'admin.stats','id':1}");
    rig_expect(&r, "ana",
               "{'type':'stats','re':1,'stats':[{'name':'connections','value':1},*}");
    rig_finish(&r);
}

static void an_admin_cannot_lock_itself_out(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "root", "{'type':'admin.user.set','id':1,'user':'root','disabled':true}");
    rig_expect(&r, "root", "{'type':'error','re':1,'code':'forbidden',*}");
    rig_finish(&r);
}

static void who_is_admin_no_more_loses_what_came_with_it(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_join(&r, "bo");
    rig_send(&r, "root", "{'type':'admin.user.set','id':1,'user':'ana','admin':true}");
    rig_send(&r, "bo", "{'type':'room.create','id':1,'room':'#bo'}");
    rig_send(&r, "ana", "{'type':'open','id':1,'room':'#bo','since':-1}");
    rig_wait(&r, 100);
    rig_skip(&r, "ana");
    rig_send(&r, "root", "{'type':'admin.user.set','id':2,'user':'ana'}");
    rig_expect(&r, "ana", "{'type':'error','code':'forbidden','message':'#bo: *}");
    rig_send(&r, "bo", "{'type':'message.post','id':2,'room':'#bo','text':'x'}");
    rig_expect_nothing(&r, "ana");
    rig_finish(&r);
}

static void a_change_that_fails_changes_nothing(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    store_mem_break(r.store, ERR_STORE);
    rig_send(&r, "root", "{'type':'admin.user.set','id':1,'user':'ana','disabled':true}");
    rig_expect(&r, "root", "{'type':'error','re':1,'code':'store',*}");
    rig_send(&r, "root", "{'type':'admin.user.set','id':2,'user':'zoe'}");
    rig_expect(&r, "root", "{'type':'error','re':2,'code':'store',*}");
    rig_expect_nothing(&r, "ana");
    store_mem_break(r.store, ERR_NONE);
    rig_send(&r, "root", "{'type':'admin.token','id':3,'user':'zoe','ttl':60}");
    rig_expect(&r, "root", "{'type':'error','re':3,'code':'not_found',*}");
    rig_wait(&r, 10);
    rig_cut(&r, "ana");
    r.now += 3600 * 1000; /* the next sign-in is written down: not as disabled */
    rig_join(&r, "ana");
    rig_restart(&r);
    rig_join(&r, "ana");
    rig_finish(&r);
}

static void a_sign_in_does_not_undo_what_an_admin_does_at_that_moment(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_cut(&r, "ana");
    r.now += 3600 * 1000;
    r.hold_store = true;
    rig_send(&r, "root", "{'type':'admin.user.set','id':1,'user':'ana','disabled':true}");
    rig_join(&r, "ana");
    rig_release(&r);
    rig_expect(&r, "ana", "{'type':'bye','code':'revoked',*}");
    rig_restart(&r);
    struct identity who = {.user = STR("ana")};
    assert_false(hub_admits(r.hub, &who, NULL));
    rig_finish(&r);
}

static void tokens_are_made_listed_and_revoked(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "root", "{'type':'admin.token','id':1,'user':'ana','ttl':86400}");
    rig_expect(&r, "root",
               "{'type':'token','re':1,'user':'ana','token':'ana:id1:*',"
               "'token_id':'id1','expires':87400000}");
    r.now += 1000;
    rig_send(&r, "root", "{'type':'admin.invite','id':2,'user':'zoe','ttl':60}");
    rig_skip(&r, "root");
    rig_send(&r, "root", "{'type':'admin.tokens','id':3}");
    rig_expect(&r, "root",
               "{'type':'token.list','re':3,'tokens':["
               "{'token_id':'id2','user':'zoe',*'revoked':false,'invite':true},"
               "{'token_id':'id1','user':'ana',*'revoked':false,'invite':false}]}");
    struct identity who = {.user = STR("ana"), .token_id = STR("id1")};
    rig_connect_as(&r, "ana/t", who);
    rig_send(&r, "ana/t", "{'type':'hello','version':1,'client':'clientanat'}");
    rig_skip(&r, "ana/t");
    rig_send(&r, "root", "{'type':'admin.revoke','id':4,'token_id':'id1'}");
    rig_expect(&r, "root", "{'type':'ok','re':4}");
    rig_expect(&r, "ana/t", "{'type':'bye','code':'revoked',*}");
    rig_expect_closed(&r, "ana/t", 1008);
    rig_expect_nothing(&r, "ana");
    assert_false(hub_admits(r.hub, &who, NULL));
    rig_send(&r, "root", "{'type':'admin.revoke','id':5,'token_id':'nope'}");
    rig_expect(&r, "root", "{'type':'error','re':5,'code':'not_found',*}");
    rig_restart(&r);
    assert_false(hub_admits(r.hub, &who, NULL));
    rig_finish(&r);
}

static void a_token_that_is_not_stored_is_not_given_out(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    store_mem_break(r.store, ERR_STORE_FULL);
    rig_send(&r, "root", "{'type':'admin.token','id':1,'user':'ana','ttl':60}");
    rig_expect(&r, "root", "{'type':'error','re':1,'code':'store_full',*}");
    rig_send(&r, "root", "{'type':'admin.revoke','id':2,'token_id':'id1'}");
    rig_expect(&r, "root", "{'type':'error','re':2,'code':'store_full',*}");
    rig_finish(&r);
}

static void only_so_many_questions_wait(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_shell = true;
    for (int i = 1; i <= 65; i++)
        rig_send(&r, "root", "{'type':'admin.token','id':%d,'user':'ana','ttl':60}", i);
    rig_expect(&r, "root", "{'type':'error','re':65,'code':'busy',*}");
    rig_release(&r);
    rig_send(&r, "root", "{'type':'admin.token','id':66,'user':'ana','ttl':60}");
    rig_expect_later(&r, "root", "{'type':'token','re':66,*}");
    rig_finish(&r);
}

static void an_asker_who_left_is_not_answered(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    r.hold_shell = true;
    rig_send(&r, "root", "{'type':'admin.token','id':1,'user':'ana','ttl':60}");
    rig_cut(&r, "root");
    rig_join(&r, "bo"); /* on the same slot */
    rig_release(&r);
    rig_expect_nothing(&r, "bo");
    rig_finish(&r);
}

/* ---- notices, kicks, and what is remembered of all that ---- */

static void a_notice_reaches_everybody_who_is_connected(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_join(&r, "ana/2");
    rig_connect(&r, "bo");                    /* has not said hello */
    store_mem_break(r.store, ERR_STORE_FULL); /* which is when one wants to say something */
    rig_send(&r, "root", "{'type':'admin.notice','id':1,'text':'the disk is full'}");
    rig_expect(&r, "root",
               "{'type':'notice','time':1000000,'author':'root','text':'the disk is full'}");
    rig_expect(&r, "root", "{'type':'ok','re':1}");
    rig_expect(&r, "ana", "{'type':'notice',*'the disk is full'}");
    rig_expect(&r, "ana/2", "{'type':'notice',*}");
    rig_expect_nothing(&r, "bo");
    rig_finish(&r);
}

static void who_is_kicked_is_told_why_and_may_come_back(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_join(&r, "ana/2");
    rig_send(&r, "root", "{'type':'admin.kick','id':1,'user':'ana','text':'a loop'}");
    rig_expect(&r, "root", "{'type':'ok','re':1}");
    rig_expect(&r, "ana",
               "{'type':'bye','code':'kicked','message':'root ended the session: a loop',"
               "'retry_ms':-1}");
    rig_expect_closed(&r, "ana", 1008);
    rig_expect_closed(&r, "ana/2", 1008);
    rig_cut(&r, "ana");
    rig_join(&r, "ana");
    rig_send(&r, "root", "{'type':'admin.kick','id':2,'user':'root'}");
    rig_expect(&r, "root", "{'type':'error','re':2,'code':'not_found',*no other connection*}");
    rig_send(&r, "root", "{'type':'admin.kick','id':3,'user':'zoe'}");
    rig_expect(&r, "root", "{'type':'error','re':3,'code':'not_found',*}");
    rig_finish(&r);
}

static void what_admins_did_is_remembered(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "root", "{'type':'admin.user.set','id':1,'user':'zoe','admin':true}");
    rig_send(&r, "root", "{'type':'admin.token','id':2,'user':'ana','ttl':60}");
    rig_send(&r, "root", "{'type':'admin.invite','id':3,'user':'bo','ttl':60}");
    rig_send(&r, "root", "{'type':'admin.revoke','id':4,'token_id':'id1'}");
    rig_send(&r, "root", "{'type':'admin.revoke','id':5,'token_id':'nope'}"); /* was not done */
    rig_send(&r, "root", "{'type':'admin.kick','id':6,'user':'ana','text':'why not'}");
    rig_connect_as(&r, "bo", (struct identity){STR("bo"), STR("id2"), 0, false, true, 0});
    rig_send(&r, "bo", "{'type':'hello','version':1,'client':'clientbobo'}");
    rig_send(&r, "bo", "{'type':'invite.accept','id':1}");
    rig_restart(&r);
    rig_join_admin(&r, "root");
    rig_send(&r, "root", "{'type':'admin.audit','id':7,'limit':2}");
    rig_expect(&r, "root",
               "{'type':'audit.list','re':7,'acts':["
               "{'number':6,'time':1000000,'author':'bo','act':'invite.accept','subject':'id2',"
               "'words':'id3'},"
               "{'number':5,*'act':'kick','subject':'ana','words':'why not'}],'more':true}");
    rig_send(&r, "root", "{'type':'admin.audit','id':8,'before':5}");
    rig_expect(&r, "root",
               "{'type':'audit.list','re':8,'acts':["
               "{'number':4,*'act':'token.revoke','subject':'id1'},"
               "{'number':3,*'act':'invite.make','subject':'bo','words':'id2'},"
               "{'number':2,*'act':'token.make','subject':'ana','words':'id1'},"
               "{'number':1,'time':1000000,'author':'root','act':'user.set','subject':'zoe',"
               "'words':'admin, enabled'}],'more':false}");
    rig_finish(&r);
}

/* A minute in which nobody was here is none of them. */
static void figures_of_each_minute_are_kept(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    for (int i = 0; i < 8; i++) {
        rig_wait(&r, 10000);
        rig_send(&r, "root", "{'type':'ping','id':%d}", i + 1);
        rig_send(&r, "ana", "{'type':'ping','id':%d}", i + 1);
    }
    rig_skip(&r, "root");
    rig_skip(&r, "ana");
    rig_send(&r, "root", "{'type':'admin.minutes','id':20,'since':0,'limit':1}");
    rig_expect(&r, "root",
               "{'type':'minutes','re':20,'minutes':[{'time':960000,'figures':'connections 1 "
               "people 1'}],'more':true}");
    rig_send(&r, "root", "{'type':'admin.minutes','id':21,'since':1020000,'limit':5}");
    rig_expect(&r, "root",
               "{'type':'minutes','re':21,'minutes':[{'time':1020000,*}],'more':false}");
    rig_send(&r, "ana", "{'type':'admin.minutes','id':22,'since':0,'limit':1}");
    rig_expect(&r, "ana", "{'type':'error','re':22,'code':'forbidden',*}");
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_else_may),
        cmocka_unit_test(an_account_is_made_changed_and_listed),
        cmocka_unit_test(an_admin_cannot_lock_itself_out),
        cmocka_unit_test(who_is_admin_no_more_loses_what_came_with_it),
        cmocka_unit_test(a_change_that_fails_changes_nothing),
        cmocka_unit_test(a_sign_in_does_not_undo_what_an_admin_does_at_that_moment),
        cmocka_unit_test(tokens_are_made_listed_and_revoked),
        cmocka_unit_test(a_token_that_is_not_stored_is_not_given_out),
        cmocka_unit_test(only_so_many_questions_wait),
        cmocka_unit_test(an_asker_who_left_is_not_answered),
        cmocka_unit_test(a_notice_reaches_everybody_who_is_connected),
        cmocka_unit_test(who_is_kicked_is_told_why_and_may_come_back),
        cmocka_unit_test(what_admins_did_is_remembered),
        cmocka_unit_test(figures_of_each_minute_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
