#include "opt_file.h"
#include "opts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *const variables[] = {"STATE_DIRECTORY", "RUNTIME_DIRECTORY",
                                        "XDG_STATE_HOME",  "XDG_RUNTIME_DIR",
                                        "XDG_CONFIG_HOME", "HOME"};

/* A config file of this text; the caller unlinks and frees. */
static char *config_file(const char *text)
{
    char *path = str_dup(STR("/tmp/moot-opts-XXXXXX"));
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    return path;
}

struct loaded {
    struct opt_set set;
    struct server_opts o;
    struct err e;
    bool ok;
};

/* Loads options with an environment of "NAME=value" strings and nothing else. */
static void load(struct loaded *l, const char *const env[], const char *config,
                 const char *more)
{
    char *argv[8] = {(char *)(uintptr_t) "mootd", (char *)(uintptr_t) "--config", NULL};
    int argc = 1, words;
    for (size_t i = 0; i < COUNT_OF(variables); i++)
        unsetenv(variables[i]);
    for (size_t i = 0; env[i]; i++)
        putenv((char *)(uintptr_t)env[i]);
    *l = (struct loaded){0};
    if (config) {
        argv[2] = (char *)(uintptr_t)config;
        argc = 3;
    }
    if (more)
        argv[argc++] = (char *)(uintptr_t)more;
    opt_init(&l->set, mootd_options, mootd_option_count, &l->o);
    l->ok =
        opt_read_argv(&l->set, argc, argv, &words, &l->e) && server_opts_load(&l->set, &l->e);
}

static void the_table_is_sound(void **state)
{
    (void)state;
    for (size_t i = 0; i < mootd_option_count; i++) {
        const struct opt *o = &mootd_options[i];
        assert_int_equal(o->arg == NULL, o->kind == OPT_FLAG);
        assert_true(o->doc && o->doc[strlen(o->doc) - 1] == '.');
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(o->name, mootd_options[j].name);
            assert_true(!o->letter || o->letter != mootd_options[j].letter);
        }
    }
}

static void defaults_follow_who_runs_it(void **state)
{
    (void)state;
    static const struct {
        const char *env[5];
        const char *data, *socket;
    } rows[] = {
        {{"STATE_DIRECTORY=/var/lib/moot", "RUNTIME_DIRECTORY=/run/moot", "HOME=/h"},
         "/var/lib/moot",
         "/run/moot/moot.sock"},
        {{"XDG_STATE_HOME=/x/state", "XDG_RUNTIME_DIR=/x/run", "XDG_CONFIG_HOME=/x/config"},
         "/x/state/mootd",
         "/x/run/moot.sock"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct loaded l;
        char *empty = config_file("");
        load(&l, rows[i].env, empty, NULL);
        if (!l.ok)
            fail_msg("row %zu: %s", i, l.e.text);
        assert_string_equal(l.o.data, rows[i].data);
        assert_string_equal(l.o.socket, rows[i].socket);
        assert_string_equal(l.o.listen, "127.0.0.1:7700");
        assert_string_equal(l.o.lobby, "#lobby");
        assert_int_equal(l.o.mode, 0666);
        assert_int_equal(l.o.level, LOG_INFO);
        assert_int_equal(l.o.heartbeat, 25000);
        opt_finish(&l.set);
        unlink(empty);
        free(empty);
    }
}

static void a_file_sets_what_the_command_line_does_not(void **state)
{
    (void)state;
    char *file =
        config_file("listen = 127.0.0.1:1\nlobby = none\nsocket = none\nsocket-mode = 660\n"
                    "log-level = debug\ninsecure-plain-ws = yes\nheartbeat = 5s\n");
    struct loaded l;
    load(&l, (const char *const[]){"HOME=/h", NULL}, file, "--listen=127.0.0.1:2");
    if (!l.ok)
        fail_msg("%s", l.e.text);
    assert_string_equal(l.o.listen, "127.0.0.1:2");
    assert_null(l.o.lobby);
    assert_null(l.o.socket);
    assert_int_equal(l.o.mode, 0660);
    assert_int_equal(l.o.level, LOG_DEBUG);
    assert_true(l.o.insecure_plain_ws);
    assert_int_equal(l.o.heartbeat, 5000);
    opt_finish(&l.set);
    unlink(file);
    free(file);
}

static void what_makes_no_sense_is_refused_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *text, *word;
    } rows[] = {
        {"log-level = loud\n", "log-level"},
        {"socket-mode = 999\n", "socket-mode"},
        {"socket-mode = 0x12\n", "socket-mode"},
        {"lobby = Lobby Room\n", "lobby"},
        {"cert = /c.pem\n", "key"},
        {"key = /k.pem\n", "cert"},
        {"heartbeat = 1ms\n", "heartbeat"},
        {"max-connections = 0\n", "max-connections"},
        {"help = yes\n", "help"},
        {"config = /other\n", "config"},
        {"unheard-of = 1\n", "unheard-of"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *file = config_file(rows[i].text);
        struct loaded l;
        load(&l, (const char *const[]){"HOME=/h", NULL}, file, NULL);
        if (l.ok || !strstr(l.e.text, rows[i].word))
            fail_msg("row %zu: %s%s", i, rows[i].text, l.e.text);
        opt_finish(&l.set);
        unlink(file);
        free(file);
    }
}

static void a_config_file_that_is_named_must_be_there(void **state)
{
    (void)state;
    struct loaded l;
    load(&l, (const char *const[]){"HOME=/h", NULL}, "/nonexistent/mootd.conf", NULL);
    assert_false(l.ok);
    opt_finish(&l.set);
}

/* Every option of the packaged file, uncommented, is one that there is, with a value it takes.
 */
static void the_packaged_file_is_true(void **state)
{
    (void)state;
    FILE *f = fopen(PACKAGED_CONFIG, "r");
    assert_non_null(f);
    struct buf text = {0};
    size_t options = 0;
    char line[OPT_LINE_MAX + 2];
    while (fgets(line, sizeof line, f)) {
        bool is_option = line[0] == '#' && line[1] >= 'a' && line[1] <= 'z';
        buf_add_str(&text, str_of(line + is_option));
        options += is_option;
    }
    fclose(f);
    char *file = config_file(buf_cstr(&text));
    struct loaded l;
    load(&l, (const char *const[]){"HOME=/h", NULL}, file, NULL);
    if (!l.ok)
        fail_msg("%s", l.e.text);
    assert_true(options > 8);
    opt_finish(&l.set);
    unlink(file);
    free(file);
    buf_finish(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_sound),
        cmocka_unit_test(defaults_follow_who_runs_it),
        cmocka_unit_test(a_file_sets_what_the_command_line_does_not),
        cmocka_unit_test(what_makes_no_sense_is_refused_in_words),
        cmocka_unit_test(a_config_file_that_is_named_must_be_there),
        cmocka_unit_test(the_packaged_file_is_true),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
