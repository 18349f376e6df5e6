/* What a session is told of the place where what is written is kept. */
#include "uplink.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void without_a_folder_nothing_is_taken_and_that_is_said(void **state)
{
    (void)state;
    struct net *net = net_new();
    struct uplink_config config = {.net = net, .server = "ws://127.0.0.1:1"};
    assert_true(url_parse(str_of(config.server), &config.url, NULL));
    struct uplink *u = uplink_new(&config);
    struct session s;
    struct effects out = {0};
    struct err e = {0};
    struct msg post = {.type = MSG_MESSAGE_POST,
                       .message_post = {.head.room = STR("#core"), .text = STR("hello")}};
    session_init(&s, uplink_client(u), 1, 1);
    assert_int_equal(uplink_prepare(u, &s), 0);
    for (int i = 0; i < 2; i++) { /* nor later */
        e = (struct err){0};
        assert_int_equal(session_request(&s, &post, 1000, &out, &e), 0);
        assert_non_null(strstr(e.text, "XDG_STATE_HOME"));
        uplink_tick(u, &s, INT64_MAX / 2);
    }
    assert_true(uplink_next_tick(u, 1000) > 1000);
    effects_finish(&out);
    session_finish(&s);
    uplink_free(u);
    net_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_folder_nothing_is_taken_and_that_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
