/* Bots, tokens with scopes, and hooks. */
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
    rig_send(r, "root", "{'type':'admin.user.set','id':1,'user':'ci','bot':true}");
    rig_expect(r, "root", "{'type':'ok','re':1}");
}

/* The bot with these scopes, signed in. */
static void enter_bot(struct hub_rig *r, scope_set scopes)
{
    rig_connect_as(r, "ci", (struct identity){.user = STR("ci"), .scopes = scopes});
    rig_send(r, "ci",
             "{'type':'hello','version':1,'client':'cicici01','agent':'t','rooms':[]}");
    rig_expect(r, "ci", "{'type':'welcome',*}");
}

static void make_member(struct hub_rig *r, const char *role, int id)
{
    rig_send(r, "root", "{'type':'member.set','id':%d,'room':'#lobby','user':'ci','role':'%s'}",
             id, role);
    rig_expect(r, "root", "{'type':'ok','re':*}");
}

static void a_bot_is_where_it_was_put_and_seen_to_be_one(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    enter_bot(&r, SCOPE_BIT(READ) | SCOPE_BIT(CHAT));
    rig_send(&r, "ci", "{'type':'message.post','id':1,'room':'#lobby','text':'x'}");
    rig_expect(&r, "ci", "{'type':'error','re':1,'code':'forbidden',*}");
    make_member(&r, "member", 2);
    rig_skip(&r, "ci");
    rig_send(&r, "ci", "{'type':'message.post','id':2,'room':'#lobby','text':'x'}");
    rig_expect(&r, "ci", "{'type':'ok','re':2,*}");
    rig_send(&r, "root", "{'type':'members','id':3,'room':'#lobby'}");
    rig_expect(&r, "root",
               "{'type':'member.list','re':3,'room':'#lobby','members':["
               "{'user':'ci','role':'member','online':false,'bot':true},"
               "{'user':'root','role':'member','online':false}]}");
    rig_finish(&r);
}

static void a_token_is_good_for_its_scopes_alone(void **state)
{
    (void)state;
    static const struct {
        const char *message;
        scope_set scope;
    } rows[] = {
        {"'type':'history','room':'#lobby'", SCOPE_BIT(READ)},
        {"'type':'open','room':'#lobby','since':0", SCOPE_BIT(READ)},
        {"'type':'message.post','room':'#lobby','text':'x'", SCOPE_BIT(CHAT)},
        {"'type':'task.add','room':'#lobby','title':'x'", SCOPE_BIT(BOARD)},
        {"'type':'column.add','room':'#lobby','name':'x'", SCOPE_BIT(BOARD)},
        {"'type':'note.create','room':'#lobby','name':'x'", SCOPE_BIT(NOTES)},
        {"'type':'room.create','room':'#new'", SCOPE_BIT(ROOMS)},
    };
    scope_set all = 0;
    for (int s = SCOPE_READ; s < SCOPE_COUNT; s++)
        all |= 1U << s;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hub_rig r;
        start(&r);
        make_member(&r, "member", 2);
        enter_bot(&r, all & ~rows[i].scope);
        rig_send(&r, "ci", "{%s,'id':1}", rows[i].message);
        rig_expect(&r, "ci",
                   "{'type':'error','re':1,'code':'forbidden','message':'this takes a token "
                   "with the scope *'}");
        rig_cut(&r, "ci");
        enter_bot(&r, rows[i].scope);
        rig_send(&r, "ci", "{%s,'id':2}", rows[i].message);
        if (rig_hears(&r, "ci", "{'type':'error',*}"))
            fail_msg("%s", rows[i].message);
        rig_finish(&r);
    }
}

static void no_scope_makes_an_admin(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_connect_as(&r, "ana",
                   (struct identity){.user = STR("ana"), .admin = true, .scopes = ~0U});
    rig_send(&r, "ana",
             "{'type':'hello','version':1,'client':'anaana01','agent':'t','rooms':[]}");
    rig_expect(&r, "ana", "{'type':'welcome',*'admin':false,*}");
    rig_send(&r, "ana", "{'type':'admin.users','id':1}");
    rig_expect(&r, "ana", "{'type':'error','re':1,'code':'forbidden',*}");
    rig_finish(&r);
}

static void hello_opens_no_room_without_the_scope(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    make_member(&r, "member", 2);
    rig_connect_as(&r, "ci", (struct identity){.user = STR("ci"), .scopes = SCOPE_BIT(CHAT)});
    rig_send(&r, "ci",
             "{'type':'hello','version':1,'client':'cicici01','agent':'t','rooms':["
             "{'room':'#lobby','since':0}]}");
    rig_expect(&r, "ci", "{'type':'welcome',*}");
    rig_expect(&r, "ci", "{'type':'error','code':'forbidden',*'room':'#lobby'}");
    rig_expect_nothing(&r, "ci");
    rig_finish(&r);
}

static void a_room_is_closed_by_a_token_that_may_not_read(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    make_member(&r, "member", 2);
    rig_connect_as(&r, "ci",
                   (struct identity){.user = STR("ci"),
                                     .token_id = STR("t1"),
                                     .expires = RIG_NOW + 5000000,
                                     .scopes = SCOPE_BIT(CHAT) | SCOPE_BIT(READ)});
    rig_send(&r, "ci", "{'type':'hello','version':1,'client':'cicici01'}");
    rig_send(&r, "ci", "{'type':'open','id':1,'room':'#lobby','since':-1}");
    rig_expect_later(&r, "ci", "{'type':'synced',*}");
    rig_skip(&r, "ci");
    rig_send(&r, "ci", "{'type':'renew','id':2,'token':'ci:t2:9000000:read'}");
    rig_expect(&r, "ci", "{'type':'renewed','re':2,*}");
    rig_send(&r, "ci", "{'type':'renew','id':3,'token':'ci:t3:9000000:chat'}");
    rig_expect(&r, "ci", "{'type':'renewed','re':3,*}");
    rig_expect(&r, "ci", "{'type':'error','code':'forbidden',*'room':'#lobby'}");
    rig_send(&r, "root", "{'type':'message.post','id':3,'room':'#lobby','text':'unheard'}");
    rig_wait(&r, 60);
    rig_expect_nothing(&r, "ci");
    rig_finish(&r);
}

static void a_bot_comes_in_by_a_token_with_scopes_only(void **state)
{
    (void)state;
    struct hub_rig r;
    struct err e;
    start(&r);
    struct identity who = {.user = STR("ci")};
    assert_false(hub_admits(r.hub, &who, &e));
    who.admin = true; /* the machine's account of that name */
    assert_false(hub_admits(r.hub, &who, &e));
    who = (struct identity){.user = STR("ci"), .scopes = SCOPE_BIT(CHAT)};
    assert_true(hub_admits(r.hub, &who, &e));
    rig_send(&r, "root", "{'type':'admin.token','id':2,'user':'ci','ttl':60}");
    rig_expect(&r, "root", "{'type':'error','re':2,'code':'bad_field',*}");
    rig_send(&r, "root",
             "{'type':'admin.token','id':3,'user':'ci','ttl':60,'scopes':'chat,x'}");
    rig_expect(&r, "root", "{'type':'error','re':3,'code':'bad_field',*}");
    rig_send(&r, "root", "{'type':'admin.invite','id':4,'user':'ci','ttl':60}");
    rig_expect(&r, "root", "{'type':'error','re':4,'code':'forbidden',*}");
    rig_send(&r, "root",
             "{'type':'admin.token','id':5,'user':'ci','ttl':60,'scopes':'chat,read'}");
    rig_expect(&r, "root", "{'type':'token','re':5,*}");
    rig_send(&r, "root", "{'type':'admin.tokens','id':6}");
    rig_expect(&r, "root", "{'type':'token.list',*'scopes':'read,chat'}]}");
    rig_finish(&r);
}

static void nobody_becomes_a_bot_and_no_bot_a_person(void **state)
{
    (void)state;
    static const struct {
        const char *message, *code;
    } rows[] = {
        {"'user':'root','bot':true", "exists"},
        {"'user':'ci'", "exists"},
        {"'user':'new','bot':true,'admin':true", "forbidden"},
    };
    struct hub_rig r;
    start(&r);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        rig_send(&r, "root", "{'type':'admin.user.set','id':%zu,%s}", i + 2, rows[i].message);
        rig_expect(&r, "root", "{'type':'error',*}");
    }
    rig_send(&r, "root",
             "{'type':'admin.user.set','id':9,'user':'ci','bot':true,'disabled':true}");
    rig_expect(&r, "root", "{'type':'ok','re':9}");
    rig_finish(&r);
}

/* ---- hooks ---- */

static void only_admins_make_see_and_end_hooks(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "'type':'admin.hook.add','room':'#lobby','user':'ci'",
        "'type':'admin.hooks'",
        "'type':'admin.hook.revoke','hook':'id1'",
        "'type':'admin.hook.resume','hook':'id1'",
    };
    struct hub_rig r;
    start(&r);
    rig_join(&r, "ana");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        rig_send(&r, "ana", "{%s,'id':%zu}", rows[i], i + 1);
        rig_expect(&r, "ana", "{'type':'error',*'code':'forbidden',*}");
    }
    rig_finish(&r);
}

static void a_hook_is_refused_where_it_makes_no_sense(void **state)
{
    (void)state;
    static const struct {
        const char *fields, *code;
    } rows[] = {
        {"'room':'#nowhere','user':'ci'", "not_found"},
        {"'room':'#lobby','user':'root'", "not_found"},
        {"'room':'#lobby','user':'nobody'", "not_found"},
        {"'room':'#lobby','user':'ci','kinds':'message'", "bad_field"},
        {"'room':'#lobby','user':'ci','url':'ftp://x/y'", "bad_field"},
        {"'room':'#lobby','user':'ci','url':'http://'", "bad_field"},
        {"'room':'#lobby','user':'ci','url':'http:///x'", "bad_field"},
        {"'room':'#lobby','user':'ci','url':'https://me:pw@x/'", "bad_field"},
        {"'room':'#lobby','user':'ci','url':'https://x','task':4", "bad_field"},
        {"'room':'#lobby','user':'ci','url':'https://x','kinds':'message,nothing'",
         "bad_field"},
        {"'room':'#lobby','user':'ci','url':'https://x','kinds':'message.post'", "bad_field"},
    };
    struct hub_rig r;
    start(&r);
    rig_send(&r, "root", "{'type':'admin.hook.add','id':2,'room':'#lobby','user':'ci'}");
    rig_expect(&r, "root",
               "{'type':'error','re':2,'code':'forbidden','message':'ci is not in #lobby *'}");
    make_member(&r, "observer", 3); /* enough to be told, not to post */
    rig_send(&r, "root", "{'type':'admin.hook.add','id':4,'room':'#lobby','user':'ci'}");
    rig_expect(&r, "root", "{'type':'error','re':4,'code':'forbidden',*}");
    make_member(&r, "member", 5);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char pattern[100];
        rig_send(&r, "root", "{'type':'admin.hook.add','id':%zu,%s}", i + 10, rows[i].fields);
        snprintf(pattern, sizeof pattern, "{'type':'error','re':%zu,'code':'%s',*}", i + 10,
                 rows[i].code);
        rig_expect(&r, "root", pattern);
    }
    rig_finish(&r);
}

static bool has_hook(struct hub_rig *r, const char *hash)
{
    struct hook_place place;
    struct err e;
    return hub_hook(r->hub, str_of(hash), &place, &e) && str_is(place.user, "ci") &&
           str_is(place.room, "#lobby");
}

static void add_hook(struct hub_rig *r)
{
    start(r);
    make_member(r, "member", 2);
    rig_send(r, "root", "{'type':'admin.hook.add','id':3,'room':'#lobby','user':'ci'}");
    rig_expect(r, "root", "{'type':'hook','re':3,'hook':'id1','secret':*}");
}

static void a_hook_outlives_a_restart_and_ends_when_revoked(void **state)
{
    (void)state;
    struct hub_rig r;
    add_hook(&r);
    assert_true(has_hook(&r, "hash-id1"));
    assert_false(has_hook(&r, "hash-id2"));
    assert_false(has_hook(&r, ""));
    rig_restart(&r);
    assert_true(has_hook(&r, "hash-id1"));
    rig_join_admin(&r, "root");
    rig_send(&r, "root", "{'type':'admin.hooks','id':1}");
    rig_expect(&r, "root",
               "{'type':'hook.list','re':1,'hooks':[{'hook':'id1','user':'ci','room':'#lobby',"
               "'author':'root','created':*}]}");
    rig_send(&r, "root", "{'type':'admin.hook.revoke','id':2,'hook':'id1'}");
    rig_expect(&r, "root", "{'type':'ok','re':2}");
    assert_false(has_hook(&r, "hash-id1"));
    rig_send(&r, "root", "{'type':'admin.hook.revoke','id':3,'hook':'id1'}");
    rig_expect(&r, "root", "{'type':'error','re':3,'code':'not_found',*}");
    rig_restart(&r);
    assert_false(has_hook(&r, "hash-id1"));
    rig_join_admin(&r, "root");
    rig_send(&r, "root", "{'type':'admin.audit','id':4}");
    rig_expect(&r, "root",
               "{'type':'audit.list','re':4,'acts':[{*'act':'hook.revoke','subject':'ci',*},"
               "{*'act':'hook.add','subject':'ci',*},*}");
    rig_finish(&r);
}

static void a_hook_is_not_ended_when_the_disk_fails(void **state)
{
    (void)state;
    struct hub_rig r;
    add_hook(&r);
    r.hold_store = true;
    rig_send(&r, "root", "{'type':'admin.hook.revoke','id':4,'hook':'id1'}");
    assert_false(has_hook(&r, "hash-id1"));
    rig_fail_job(&r, JOB_HOOK_DROP);
    rig_expect(&r, "root", "{'type':'error','re':4,'code':'store',*}");
    assert_true(has_hook(&r, "hash-id1"));
    assert_null(strstr(buf_cstr(&r.log), "hook.revoke"));
    rig_release(&r);
    rig_send(&r, "root", "{'type':'admin.hook.revoke','id':5,'hook':'id1'}");
    assert_non_null(strstr(buf_cstr(&r.log), "hub.audit: root: hook.revoke ci: id1 in "));
    rig_finish(&r);
}

static void the_hook_of_a_disabled_bot_is_closed(void **state)
{
    (void)state;
    struct hub_rig r;
    add_hook(&r);
    rig_send(&r, "root",
             "{'type':'admin.user.set','id':4,'user':'ci','bot':true,'disabled':true}");
    rig_expect(&r, "root", "{'type':'ok','re':4}");
    assert_false(has_hook(&r, "hash-id1"));
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bot_is_where_it_was_put_and_seen_to_be_one),
        cmocka_unit_test(a_token_is_good_for_its_scopes_alone),
        cmocka_unit_test(no_scope_makes_an_admin),
        cmocka_unit_test(hello_opens_no_room_without_the_scope),
        cmocka_unit_test(a_room_is_closed_by_a_token_that_may_not_read),
        cmocka_unit_test(a_bot_comes_in_by_a_token_with_scopes_only),
        cmocka_unit_test(nobody_becomes_a_bot_and_no_bot_a_person),
        cmocka_unit_test(only_admins_make_see_and_end_hooks),
        cmocka_unit_test(a_hook_is_refused_where_it_makes_no_sense),
        cmocka_unit_test(a_hook_outlives_a_restart_and_ends_when_revoked),
        cmocka_unit_test(a_hook_is_not_ended_when_the_disk_fails),
        cmocka_unit_test(the_hook_of_a_disabled_bot_is_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
