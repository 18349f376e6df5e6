/* The server's database was put back to an older state, and went on: its numbers mean other
 * events than ours. */
#include "session_kit.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void welcome(struct fixture *f, const char *log)
{
    char text[400];
    snprintf(
        text, sizeof text,
        "{\"type\":\"welcome\",\"version\":1,\"server\":\"mootd\",\"user\":\"ana\","
        "\"admin\":false,\"session\":5,\"time\":1,\"heartbeat\":25%s%s%s,\"rooms\":["
        "{\"room\":\"#core\",\"role\":\"member\",\"public\":true,\"seq\":7,\"members\":1}]}",
        log ? ",\"log\":\"" : "", log ? log : "", log ? "\"" : "");
    hear(f, text);
}

static void take_snapshot(struct fixture *f, const char *log)
{
    char text[500];
    snprintf(text, sizeof text,
             "{\"type\":\"snapshot\",\"room\":\"#core\",\"seq\":3,\"public\":true,\"part\":0,"
             "\"more\":false,\"next_number\":2%s%s%s,\"columns\":[{\"name\":\"Todo\"}],"
             "\"members\":[{\"user\":\"ana\",\"role\":\"member\",\"online\":true}]}",
             log ? ",\"log\":\"" : "", log ? log : "", log ? "\"" : "");
    hear(f, text);
    hear(f, SYNCED);
}

/* In #core at event 3 of that log, with something said that was not stored. */
static void be_there(struct fixture *f, const char *log)
{
    session_open_room(&f->s, STR("#core"), f->now, &f->out);
    link_up(f);
    welcome(f, log);
    take_snapshot(f, log);
    post(f, "not stored");
    lose(f, ERR_UNREACHABLE);
    session_retry_now(&f->s, f->now, &f->out);
    effects_clear(&f->out);
    session_opened(&f->s, f->now, &f->out);
    assert_true(sent(f, "\"since\":3"));
}

static void another_log_is_read_from_its_start_and_what_waits_is_sent(void **state)
{
    struct fixture *f = *state;
    be_there(f, "aaaa");
    welcome(f, "bbbb"); /* whose event 3 is another one */
    assert_true(sent(f, "\"type\":\"open\""));
    assert_true(sent(f, "not stored"));
    hear(f, "{\"type\":\"message\",\"room\":\"#core\",\"seq\":4,\"time\":1,\"author\":\"bo\","
            "\"client\":\"clientbobo\",\"id\":1,\"text\":\"behind another 3\"}");
    assert_int_equal(f->s.state, SESSION_ONLINE);
    assert_int_equal(session_unsaved(&f->s), 1);
    take_snapshot(f, "bbbb");
    assert_int_equal(session_room(&f->s, STR("#core"))->seq, 3);
    assert_int_equal(session_unsaved(&f->s), 1);
}

static void the_same_log_goes_on_where_it_was(void **state)
{
    struct fixture *f = *state;
    be_there(f, "aaaa");
    welcome(f, "aaaa");
    assert_int_equal(session_room(&f->s, STR("#core"))->seq, 3);
    assert_false(sent(f, "\"type\":\"open\""));
}

static void log_without_a_name_is_taken_for_the_same(void **state)
{
    struct fixture *f = *state;
    be_there(f, NULL); /* an older server */
    welcome(f, "bbbb");
    assert_int_equal(session_room(&f->s, STR("#core"))->seq, 3);
    assert_false(sent(f, "\"type\":\"open\""));
}

static void what_was_kept_on_disk_says_of_which_log_it_is(void **state)
{
    struct fixture *f = *state;
    struct buf kept = {0};
    session_open_room(&f->s, STR("#core"), f->now, &f->out);
    link_up(f);
    welcome(f, "aaaa");
    take_snapshot(f, "aaaa");
    struct effects out = {0};
    session_cache(&f->s, STR("#core"), &out);
    vec_each (e, &out.items)
        if (e->kind == EFFECT_CACHE)
            buf_fmt(&kept, "%.*s\n", STR_ARG(e->bytes));
    assert_non_null(strstr(buf_cstr(&kept), "\"log\":\"aaaa\""));
    effects_clear(&out);
    effects_finish(&out);
    buf_finish(&kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(another_log_is_read_from_its_start_and_what_waits_is_sent),
        TEST(the_same_log_goes_on_where_it_was),
        TEST(log_without_a_name_is_taken_for_the_same),
        TEST(what_was_kept_on_disk_says_of_which_log_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
