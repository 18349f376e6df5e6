/* Which value wins, where a server is found, and what files are trusted. */
#include "opts.h"
#include "paths.h"
#include "private_file.h"
#include "token_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

/* A home of the test's own, and none of the developer's variables. */
struct home {
    char dir[32];
};

static int setup(void **state)
{
    static const char *const unset[] = {"MOOT_SERVER",     "MOOT_ROOM",       "MOOT_TOKEN",
                                        "MOOT_TOKEN_FILE", "MOOT_THEME",      "MOOT_ASCII",
                                        "MOOT_CONFIG",     "MOOT_TIMEOUT",    "MOOT_CA_FILE",
                                        "NO_COLOR",        "XDG_CONFIG_HOME", "XDG_STATE_HOME"};
    for (size_t i = 0; i < COUNT_OF(unset); i++)
        unsetenv(unset[i]);
    struct home *h = NEW(struct home);
    memcpy(h->dir, "/tmp/moot-opts.XXXXXX", sizeof "/tmp/moot-opts.XXXXXX");
    if (!mkdtemp(h->dir))
        return -1;
    setenv("HOME", h->dir, 1);
    setenv("XDG_RUNTIME_DIR", h->dir, 1);
    umask(022);
    *state = h;
    return 0;
}

static int teardown(void **state)
{
    struct home *h = *state;
    nftw(h->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(h);
    return 0;
}

static void put_file(const char *name, const char *text, mode_t mode)
{
    struct arena a = {0};
    struct str path = str_fmt(&a, "%s/%s", getenv("HOME"), name);
    assert_true(path_make_parent(path.p, NULL));
    int fd = open(path.p, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
    arena_finish(&a);
}

struct loaded {
    struct moot_options o;
    struct opt_set set;
    struct err e;
    bool ok;
};

/* moot with one option, and its value where it has one. */
static void load(struct loaded *l, const char *option, const char *value)
{
    int words;
    char name[32], text[128], program[] = "moot";
    snprintf(name, sizeof name, "%s", option);
    snprintf(text, sizeof text, "%s", value ? value : "");
    char *argv[] = {program, name, value ? text : NULL, NULL};
    *l = (struct loaded){0};
    opt_init(&l->set, moot_option_rows, moot_option_count, &l->o);
    l->ok = opt_read_argv(&l->set, value ? 3 : 2, argv, &words, &l->e) &&
            moot_options_load(&l->set, &l->e);
}

static void the_stronger_source_wins(void **state)
{
    (void)state;
    struct loaded l;
    put_file(".config/moot/moot.conf", "; mine\nroom = #file\ntimeout = 3s\ntheme=light\n",
             0644);
    setenv("MOOT_ROOM", "#variable", 1);
    load(&l, "--theme", "dark");
    assert_true(l.ok);
    assert_string_equal(l.o.room, "#variable");
    assert_int_equal(l.o.timeout, 3000);
    assert_string_equal(l.o.theme, "dark");
    opt_finish(&l.set);
}

static void without_anything_the_socket_of_this_machine_is_meant(void **state)
{
    struct home *h = *state;
    struct loaded l;
    char own[64];
    snprintf(own, sizeof own, "unix:%s/moot.sock", h->dir);
    put_file("moot.sock", "", 0600);
    load(&l, "-j", NULL);
    assert_true(l.ok && l.o.json);
    assert_string_equal(l.o.server, own);
    opt_finish(&l.set);
}

static void a_server_that_was_joined_is_weaker_than_the_file_of_options(void **state)
{
    (void)state;
    struct loaded l;
    assert_true(moot_server_remember("wss://joined:7700", NULL));
    load(&l, "-j", NULL);
    assert_string_equal(l.o.server, "wss://joined:7700");
    opt_finish(&l.set);
    put_file(".config/moot/moot.conf", "server = wss://written:7700\n", 0644);
    load(&l, "-j", NULL);
    assert_string_equal(l.o.server, "wss://written:7700");
    opt_finish(&l.set);
}

static void a_bad_line_of_a_file_is_told_by_its_number(void **state)
{
    (void)state;
    static const struct {
        const char *text, *told;
    } rows[] = {
        {"room = #a\nroof = #b\n", "moot.conf:2: there is no option 'roof'"},
        {"\n\ntimeout = soon\n", "moot.conf:3: "},
        {"[keys]\nquit = q\n", "moot.conf:2: there is no section [keys]"},
        {"json = yes\n", "moot.conf:1: 'json' cannot stand in a file"},
        {"no equal sign here\n", "moot.conf:1: "},
        {"room = \xff\xfe\n", "moot.conf:1: not UTF-8"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct loaded l;
        put_file(".config/moot/moot.conf", rows[i].text, 0644);
        load(&l, "-j", NULL);
        if (l.ok || l.e.code != ERR_USAGE || !strstr(l.e.text, rows[i].told))
            fail_msg("'%s': %s", rows[i].text, l.e.text);
        opt_finish(&l.set);
    }
}

static void a_file_that_is_asked_for_must_be_there(void **state)
{
    (void)state;
    struct loaded l;
    load(&l, "--config", "/nonexistent/moot.conf");
    assert_false(l.ok);
    assert_int_equal(l.e.code, ERR_IO);
    opt_finish(&l.set);
}

static void no_color_turns_colours_off_unless_asked_for(void **state)
{
    (void)state;
    struct loaded l;
    setenv("NO_COLOR", "1", 1);
    load(&l, "-j", NULL);
    assert_true(l.ok && !l.o.color);
    opt_finish(&l.set);
    load(&l, "--color", NULL);
    assert_true(l.ok && l.o.color);
    opt_finish(&l.set);
}

/* ---- tokens ---- */

static struct moot_options options_for(const char *server)
{
    return (struct moot_options){.server = server};
}

static void a_token_is_kept_for_its_server_alone(void **state)
{
    struct home *h = *state;
    struct stat st;
    char path[128];
    assert_true(token_keep("wss://moot.example.org", STR("abc.def.ghi"), NULL));
    snprintf(path, sizeof path, "%s/.local/state/moot/tokens/moot.example.org:7700", h->dir);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);

    struct buf token = {0};
    struct moot_options same = options_for("wss://moot.example.org:7700/ws");
    assert_true(token_find(&same, &token, NULL));
    assert_string_equal(buf_cstr(&token), "abc.def.ghi");
    buf_clear(&token);
    struct moot_options other = options_for("wss://moot.example.org:7701");
    assert_true(token_find(&other, &token, NULL));
    assert_int_equal(token.n, 0);
    buf_finish(&token);
}

static void a_variable_beats_the_files(void **state)
{
    (void)state;
    struct buf token = {0};
    struct moot_options o = options_for("wss://h:1");
    put_file("given", "from-the-file\n", 0600);
    assert_true(token_keep(o.server, STR("kept"), NULL));
    struct arena a = {0};
    o.token_file = str_fmt(&a, "%s/given", getenv("HOME")).p;
    assert_true(token_find(&o, &token, NULL));
    assert_string_equal(buf_cstr(&token), "from-the-file");
    buf_clear(&token);
    setenv("MOOT_TOKEN", " from-the-variable\n", 1);
    assert_true(token_find(&o, &token, NULL));
    assert_string_equal(buf_cstr(&token), "from-the-variable");
    buf_finish(&token);
    arena_finish(&a);
}

static void a_token_that_others_may_read_is_refused_in_words(void **state)
{
    (void)state;
    static const mode_t loose[] = {0640, 0604, 0620, 0666, 0644};
    struct arena a = {0};
    struct moot_options o = options_for("wss://h:1");
    o.token_file = str_fmt(&a, "%s/given", getenv("HOME")).p;
    for (size_t i = 0; i < COUNT_OF(loose); i++) {
        struct buf token = {0};
        struct err e = {0};
        put_file("given", "secret", loose[i]);
        assert_false(token_find(&o, &token, &e));
        assert_int_equal(token.n, 0);
        assert_non_null(strstr(e.text, "chmod 600"));
        assert_null(strstr(e.text, "secret"));
        buf_finish(&token);
    }
    arena_finish(&a);
}

static void what_is_no_small_regular_file_is_refused(void **state)
{
    (void)state;
    struct arena a = {0};
    struct buf out = {0};
    struct err e = {0};
    const char *dir = getenv("HOME");
    assert_false(private_file_read(dir, 100, &out, &e));
    struct str fifo = str_fmt(&a, "%s/fifo", dir);
    assert_int_equal(mkfifo(fifo.p, 0600), 0);
    assert_false(private_file_read(fifo.p, 100, &out, &e)); /* and does not wait for a writer */
    put_file("long", "0123456789", 0600);
    assert_false(private_file_read(str_fmt(&a, "%s/long", dir).p, 9, &out, &e));
    assert_int_equal(e.code, ERR_TOO_LARGE);
    buf_finish(&out);
    arena_finish(&a);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_stronger_source_wins),
        TEST(without_anything_the_socket_of_this_machine_is_meant),
        TEST(a_server_that_was_joined_is_weaker_than_the_file_of_options),
        TEST(a_bad_line_of_a_file_is_told_by_its_number),
        TEST(a_file_that_is_asked_for_must_be_there),
        TEST(no_color_turns_colours_off_unless_asked_for),
        TEST(a_token_is_kept_for_its_server_alone),
        TEST(a_variable_beats_the_files),
        TEST(a_token_that_others_may_read_is_refused_in_words),
        TEST(what_is_no_small_regular_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
