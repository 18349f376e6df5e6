#include "url.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void addresses_are_taken_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum url_kind kind;
        const char *host, *path;
        int port;
    } rows[] = {
        {"ws://localhost", URL_WS, "localhost", "/ws", 7700},
        {"ws://localhost/", URL_WS, "localhost", "/ws", 7700},
        {"ws://127.0.0.1:80/ws", URL_WS, "127.0.0.1", "/ws", 80},
        {"wss://moot.example.org:443/team/ws?x=1", URL_WSS, "moot.example.org", "/team/ws?x=1",
         443},
        {"wss://[::1]:7700", URL_WSS, "::1", "/ws", 7700},
        {"wss://[2001:db8::1]", URL_WSS, "2001:db8::1", "/ws", 7700},
        {"wss://host:1/#CODE", URL_WSS, "host", "/ws", 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct url u;
        struct err e = {0};
        if (!url_parse(str_of(rows[i].text), &u, &e))
            fail_msg("%s: %s", rows[i].text, e.text);
        assert_int_equal(u.kind, rows[i].kind);
        assert_string_equal(u.host, rows[i].host);
        assert_string_equal(u.path, rows[i].path);
        assert_int_equal(u.port, rows[i].port);
    }
}

static void a_socket_is_named_by_its_path(void **state)
{
    (void)state;
    struct url u;
    assert_true(url_parse(STR("unix:/run/moot/moot.sock"), &u, NULL));
    assert_int_equal(u.kind, URL_UNIX);
    assert_string_equal(u.socket, "/run/moot/moot.sock");
    assert_true(url_is_local(&u));
}

static void what_is_no_address_is_refused_in_words(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "moot",
        "http://host",
        "unix:",
        "ws://",
        "ws://:80",
        "ws://host:",
        "ws://host:0",
        "ws://host:65536",
        "ws://host:8x",
        "ws://[::1",
        "ws://[::1]x",
        "ws://ho st",
        "ws://host/a b",
        "wss://user@host",
        "ws://host\x01/",
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct url u;
        struct err e = {0};
        if (url_parse(str_of(rows[i]), &u, &e))
            fail_msg("'%s' passed", rows[i]);
        assert_int_equal(e.code, ERR_USAGE);
        assert_true(strlen(e.text) > 10);
    }
}

static void a_path_that_no_socket_can_have_is_refused(void **state)
{
    (void)state;
    char text[5 + SOCKET_PATH_MAX + 2] = "unix:";
    struct url u;
    memset(text + 5, 'x', SOCKET_PATH_MAX);
    assert_true(url_parse(str_of(text), &u, NULL));
    text[5 + SOCKET_PATH_MAX] = 'x';
    assert_false(url_parse(str_of(text), &u, NULL));
}

static void only_this_machine_is_local(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool local;
    } rows[] = {{"ws://localhost", true},       {"ws://127.1.2.3", true},
                {"ws://[::1]", true},           {"ws://10.0.0.1", false},
                {"wss://localhost.org", false}, {"ws://127.evil.org", false}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct url u;
        assert_true(url_parse(str_of(rows[i].text), &u, NULL));
        if (url_is_local(&u) != rows[i].local)
            fail_msg("%s", rows[i].text);
    }
}

static void each_server_has_a_folder_of_its_own(void **state)
{
    (void)state;
    struct buf a = {0}, b = {0};
    url_slug(STR("unix:/tmp/a/b"), &a);
    url_slug(STR("unix:/tmp/a_b"), &b);
    assert_string_not_equal(buf_cstr(&a), buf_cstr(&b));
    assert_null(strchr(buf_cstr(&a), '/'));
    buf_finish(&a);
    buf_finish(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_taken_apart),
        cmocka_unit_test(a_socket_is_named_by_its_path),
        cmocka_unit_test(what_is_no_address_is_refused_in_words),
        cmocka_unit_test(a_path_that_no_socket_can_have_is_refused),
        cmocka_unit_test(only_this_machine_is_local),
        cmocka_unit_test(each_server_has_a_folder_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
