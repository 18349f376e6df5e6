#include "hub_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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
               "'admin':false,'session':1000001,'time':1000000,'heartbeat':25,"
               "'rooms':[{'room':'#lobby','role':'member','public':true,'seq':2,"
               "'members':1}]}");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(welcome_says_who_and_which_rooms),
        cmocka_unit_test(before_hello_nothing_is_allowed_but_hello),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
