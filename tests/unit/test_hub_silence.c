/* Who says nothing for too long is gone; what only looks like it is not. */
#include "hub_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void silence_ends_a_connection_and_any_sign_of_life_keeps_it(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    rig_join(&r, "ana");
    rig_join(&r, "bo");
    rig_join(&r, "cleo");
    rig_wait(&r, 40000);
    rig_send(&r, "bo", "{'type':'ping','id':1}");
    rig_handle(&r, (struct hub_input){.kind = IN_ALIVE, .conn = 2});
    rig_wait(&r, 25000);
    rig_expect(&r, "ana", "{'type':'bye','code':'idle',*'retry_ms':0}");
    rig_expect_closed(&r, "ana", 1001);
    rig_expect(&r, "bo", "{'type':'pong',*}");
    rig_expect_nothing(&r, "bo");
    rig_expect_nothing(&r, "cleo");
    rig_finish(&r);
}

/* The clock was set, or the machine slept: nobody could have said anything. */
static void a_leap_of_the_clock_is_nobodys_silence(void **state)
{
    (void)state;
    struct hub_rig r;
    rig_start(&r);
    rig_join(&r, "ana");
    rig_connect(&r, "bo"); /* about to say hello */
    rig_wait(&r, 5000);
    r.now += 3600 * 1000;
    rig_wait(&r, 2000);
    rig_expect_nothing(&r, "ana");
    rig_send(&r, "bo", "{'type':'hello','version':1,'client':'clientbobo'}");
    rig_expect(&r, "bo", "{'type':'welcome',*}");
    rig_wait(&r, 63000); /* from here on it is silence as ever */
    rig_expect(&r, "ana", "{'type':'bye','code':'idle',*}");
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silence_ends_a_connection_and_any_sign_of_life_keeps_it),
        cmocka_unit_test(a_leap_of_the_clock_is_nobodys_silence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
