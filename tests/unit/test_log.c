#include "log.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <string.h>
#include <unistd.h>

/* A log that writes into a pipe, and what came out of it. */
struct sink {
    int fd[2];
    struct log log;
    char text[8192];
};

static void open_sink(struct sink *s, enum log_level level)
{
    memset(s, 0, sizeof *s);
    assert_int_equal(pipe(s->fd), 0);
    s->log = (struct log){.level = level, .fd = s->fd[1]};
}

static const char *close_sink(struct sink *s)
{
    size_t n = 0;
    close(s->fd[1]);
    for (ssize_t got; (got = read(s->fd[0], s->text + n, sizeof s->text - 1 - n)) > 0;)
        n += (size_t)got;
    close(s->fd[0]);
    return s->text;
}

static void line_has_level_id_and_message(void **state)
{
    (void)state;
    struct sink s;
    open_sink(&s, LOG_INFO);
    log_line(&s.log, LOG_WARN, "net.accept", "%d left", 3);
    log_line(&s.log, LOG_DEBUG, "net.accept", "not wanted");
    log_line(&s.log, LOG_ERROR, "store.full", "disk");
    assert_string_equal(close_sink(&s), "warn net.accept 3 left\nerror store.full disk\n");
}

static void journal_gets_the_priority_in_front(void **state)
{
    (void)state;
    struct sink s;
    open_sink(&s, LOG_DEBUG);
    s.log.with_priority = true;
    log_line(&s.log, LOG_ERROR, "a.b", "one");
    log_line(&s.log, LOG_WARN, "a.b", "two");
    log_line(&s.log, LOG_INFO, "a.b", "three");
    log_line(&s.log, LOG_DEBUG, "a.b", "four");
    assert_string_equal(close_sink(&s), "<3>error a.b one\n<4>warn a.b two\n"
                                        "<6>info a.b three\n<7>debug a.b four\n");
}

static void text_from_outside_cannot_forge_a_line(void **state)
{
    (void)state;
    struct sink s;
    open_sink(&s, LOG_INFO);
    log_line(&s.log, LOG_INFO, "x", "%s", "a\nerror fake b\x1b[2J\xff");
    assert_string_equal(close_sink(&s), "info x a\\nerror fake b\\x1b[2J\\xff\n");
}

static void long_message_is_one_line_with_an_end(void **state)
{
    (void)state;
    struct sink s;
    open_sink(&s, LOG_INFO);
    char big[5000];
    memset(big, 'x', sizeof big);
    big[sizeof big - 1] = '\0';
    log_line(&s.log, LOG_INFO, "x", "%s", big);
    const char *text = close_sink(&s);
    assert_true(strlen(text) > 1000 && strlen(text) < 3000);
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
}

static void time_stands_in_front_when_asked_for(void **state)
{
    (void)state;
    struct sink s;
    open_sink(&s, LOG_INFO);
    s.log.with_time = true;
    log_line(&s.log, LOG_INFO, "x", "y");
    const char *text = close_sink(&s);
    assert_int_equal(strlen(text), strlen("2026-01-01T00:00:00.000Z info x y\n"));
    assert_non_null(strstr(text, "Z info x y\n"));
}

static void levels_have_names(void **state)
{
    (void)state;
    enum log_level l;
    assert_true(log_level_from_name(STR("debug"), &l));
    assert_int_equal(l, LOG_DEBUG);
    assert_true(log_level_from_name(STR("error"), &l));
    assert_int_equal(l, LOG_ERROR);
    assert_false(log_level_from_name(STR("loud"), &l));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_has_level_id_and_message),
        cmocka_unit_test(journal_gets_the_priority_in_front),
        cmocka_unit_test(text_from_outside_cannot_forge_a_line),
        cmocka_unit_test(long_message_is_one_line_with_an_end),
        cmocka_unit_test(time_stands_in_front_when_asked_for),
        cmocka_unit_test(levels_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
