/* Verbs that work on files and processes of this machine: the outbox that a screen left behind,
 * and the demo's private server. */
#include "server_rig.h"
#include "url.h"
#include "wait.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct world {
    struct server_rig rig;
    struct person me;
};

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    *state = w;
    return w && rig_start(&w->rig) && rig_me(&w->rig, &w->me) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    person_finish(&w->me);
    rig_finish(&w->rig);
    free(w);
    return 0;
}

/* Runs moot and expects the status; what it printed stays in r. */
static void moot(struct world *w, struct run *r, int status, const char *const words[])
{
    if (!rig_moot_run(&w->me, r, NULL, words))
        fail_msg("moot cannot be run");
    if (r->status != status)
        fail_msg("moot %s: status %d\n--- out:\n%s--- err:\n%s", words[0], r->status, r->out,
                 r->err);
}

#define MOOT(w, r, status, ...) moot(w, r, status, (const char *const[]){__VA_ARGS__, NULL})

/* ---- the outbox ---- */

static FILE *new_file(const struct world *w, const char *client)
{
    char path[512];
    struct buf slug = {0};
    url_slug(str_of(w->rig.unix_url), &slug);
    snprintf(path, sizeof path, "%s/state/moot", w->me.home);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/state/moot/%s", w->me.home, buf_cstr(&slug));
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/state/moot/%s/outbox", w->me.home, buf_cstr(&slug));
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/state/moot/%s/outbox/%s.jsonl", w->me.home, buf_cstr(&slug),
             client);
    buf_finish(&slug);
    return fopen(path, "we");
}

/* What a screen leaves that was killed: request 1 was answered, 2 to 4 were not. */
static void leave_outbox(const struct world *w)
{
    FILE *f = new_file(w, "abcdefghij0123456789kl");
    assert_non_null(f);
    fprintf(f,
            "{\"client\":\"abcdefghij0123456789kl\",\"server\":\"%s\",\"user\":\"\"}\n"
            "{\"type\":\"message.post\",\"id\":1,\"room\":\"#lobby\",\"text\":\"was sent\"}\n"
            "{\"type\":\"message.post\",\"id\":2,\"room\":\"#lobby\",\"text\":\"waits\"}\n"
            "{\"done\":1}\n"
            "{\"type\":\"task.add\",\"id\":3,\"room\":\"#lobby\",\"title\":\"A card\"}\n"
            "{\"type\":\"task.move\",\"id\":4,\"room\":\"#lobby\",\"task\":-3,\"column\":"
            "\"Done\"}\n",
            w->rig.unix_url);
    fclose(f);
}

static void what_waits_is_listed_dropped_and_sent_once(void **state)
{
    struct world *w = *state;
    struct run r;
    leave_outbox(w);
    rig_kill(&w->rig);
    MOOT(w, &r, 0, "outbox");
    assert_null(strstr(r.out, "was sent"));
    assert_non_null(strstr(r.out, "abcdef.2      #lobby        message.post text=waits\n"));
    assert_non_null(strstr(r.out, "abcdef.3"));
    run_finish(&r);
    MOOT(w, &r, 0, "outbox", "list", "--json");
    assert_non_null(
        strstr(r.out, "{\"entry\":\"abcdef.2\",\"type\":\"message.post\",\"id\":2,"));
    run_finish(&r);
    MOOT(w, &r, 6, "outbox", "send", "--timeout", "50ms");
    run_finish(&r);
    MOOT(w, &r, 3, "outbox", "drop", "abcdef.9");
    run_finish(&r);

    assert_true(rig_up(&w->rig));
    MOOT(w, &r, 0, "outbox", "send");
    assert_non_null(strstr(r.err, "3 sent"));
    run_finish(&r);
    MOOT(w, &r, 0, "outbox");
    assert_string_equal(r.out, "");
    run_finish(&r);
    MOOT(w, &r, 0, "task", "list", "lobby");
    assert_string_equal(r.out, "    1  Done        A card\n");
    run_finish(&r);

    leave_outbox(w); /* as if the answers had been lost: the server knows the requests */
    MOOT(w, &r, 0, "outbox", "send");
    run_finish(&r);
    MOOT(w, &r, 0, "tail", "lobby");
    const char *first = strstr(r.out, ": waits\n");
    assert_non_null(first);
    assert_null(strstr(first + 1, ": waits\n"));
    run_finish(&r);
}

static void a_dropped_entry_is_printed_and_never_sent(void **state)
{
    struct world *w = *state;
    struct run r;
    leave_outbox(w);
    MOOT(w, &r, 0, "outbox", "drop", "abcdef.2");
    assert_non_null(strstr(r.out, "text=waits"));
    run_finish(&r);
    MOOT(w, &r, 0, "outbox", "send");
    run_finish(&r);
    MOOT(w, &r, 0, "tail", "lobby", "--events");
    assert_null(strstr(r.out, "waits"));
    assert_non_null(strstr(r.out, "A card"));
    run_finish(&r);
}

/* What a screen leaves that was killed with a request and edits of two texts under way. */
static void leave_edits(const struct world *w)
{
    FILE *f = new_file(w, "abcdefghij0123456789kl");
    assert_non_null(f);
    fprintf(
        f,
        "{\"client\":\"abcdefghij0123456789kl\",\"server\":\"%s\",\"user\":\"\"}\n"
        "{\"type\":\"message.post\",\"id\":2,\"room\":\"#lobby\",\"text\":\"waits\"}\n"
        "{\"draft\":{\"room\":\"#lobby\",\"note\":1,\"base\":0,\"next\":3,\"op\":[\"typed "
        "\"]}}\n"
        "{\"more\":{\"room\":\"#lobby\",\"note\":1,\"op\":[6,\"offline\"]}}\n"
        "{\"draft\":{\"room\":\"#lobby\",\"note\":2,\"base\":0,\"next\":3,\"op\":[\"two\"]}}\n",
        w->rig.unix_url);
    fclose(f);
}

static void what_was_typed_into_a_text_is_an_entry_too(void **state)
{
    struct world *w = *state;
    struct run r;
    MOOT(w, &r, 0, "note", "new", "lobby", "One");
    run_finish(&r);
    MOOT(w, &r, 0, "note", "new", "lobby", "Two");
    run_finish(&r);
    leave_edits(w);
    MOOT(w, &r, 0, "outbox");
    assert_non_null(strstr(r.out, "abcdef.#lobby.1  #lobby        note.edit note=1 added=13 "
                                  "removed=0 text=typed offline\n"));
    run_finish(&r);
    MOOT(w, &r, 0, "outbox", "--json");
    assert_non_null(strstr(r.out, "{\"entry\":\"abcdef.#lobby.1\",\"type\":\"note.edit\","));
    assert_non_null(strstr(r.out, "\"text\":\"typed offline\",\"op\":[\"typed offline\"]}\n"));
    run_finish(&r);

    /* The last request goes, and what was typed stays; then one of the texts. */
    MOOT(w, &r, 0, "outbox", "drop", "abcdef.2");
    run_finish(&r);
    MOOT(w, &r, 0, "outbox", "drop", "abcdef.#lobby.2");
    assert_non_null(strstr(r.out, "text=two"));
    run_finish(&r);
    MOOT(w, &r, 0, "outbox", "send");
    assert_non_null(strstr(r.err, "1 sent"));
    run_finish(&r);
    MOOT(w, &r, 0, "note", "cat", "lobby", "One");
    assert_string_equal(r.out, "typed offline");
    run_finish(&r);
    MOOT(w, &r, 0, "note", "cat", "lobby", "Two");
    assert_string_equal(r.out, "");
    run_finish(&r);
}

static void what_the_server_refuses_is_put_where_it_can_be_found(void **state)
{
    struct world *w = *state;
    struct run r;
    FILE *f = new_file(w, "zyxwvutsrq0123456789kl");
    fprintf(
        f,
        "{\"client\":\"zyxwvutsrq0123456789kl\",\"server\":\"%s\",\"user\":\"\"}\n"
        "{\"type\":\"message.post\",\"id\":1,\"room\":\"#nowhere\",\"text\":\"for nobody\"}\n",
        w->rig.unix_url);
    fclose(f);
    MOOT(w, &r, 5, "outbox", "send");
    const char *path = strstr(r.err, "they are in ");
    assert_non_null(path);
    char name[512], text[2048] = "";
    snprintf(name, sizeof name, "%.*s", (int)strcspn(path + 12, "\n"), path + 12);
    f = fopen(name, "re");
    assert_non_null(f);
    assert_true(fread(text, 1, sizeof text - 1, f) > 0);
    fclose(f);
    assert_non_null(strstr(text, "for nobody"));
    run_finish(&r);
    MOOT(w, &r, 0, "outbox");
    assert_string_equal(r.out, "");
    assert_non_null(strstr(r.err, name));
    run_finish(&r);
}

/* ---- the demo ---- */

static void the_demo_runs_what_it_is_given_and_leaves_nothing(void **state)
{
    struct world *w = *state;
    struct run r;
    env_set(&w->me.env, "TMPDIR", w->rig.dir);
    MOOT(w, &r, 0, "demo", "--no-team", "--", "task", "list", "lobby");
    assert_non_null(strstr(r.out, "Fix the red build"));
    run_finish(&r);
    MOOT(w, &r, 3, "demo", "--", "task", "show", "lobby", "4711");
    run_finish(&r);
    assert_int_equal(demos_in(w->rig.dir), 0);
}

struct child {
    pid_t pid;
    int how;
    const char *dir;
};

static bool is_up(void *arg)
{
    const struct child *c = arg;
    return demos_in(c->dir) == 1;
}

static bool has_ended(void *arg)
{
    struct child *c = arg;
    return waitpid(c->pid, &c->how, WNOHANG) == c->pid;
}

static void a_demo_that_is_told_to_end_takes_all_with_it(void **state)
{
    struct world *w = *state;
    env_set(&w->me.env, "TMPDIR", w->rig.dir);
    struct child c = {.dir = w->rig.dir, .pid = fork()};
    if (c.pid == 0) {
        setsid();
        char *const argv[] = {(char[]){"moot"},
                              (char[]){"demo"},
                              (char[]){"--"},
                              (char[]){"tail"},
                              (char[]){"lobby"},
                              (char[]){"--follow"},
                              NULL};
        if (!freopen("/dev/null", "w", stdout))
            _exit(127);
        execve(rig_moot, argv, w->me.env.v);
        _exit(127);
    }
    assert_true(wait_for(is_up, &c, SOON));
    kill(c.pid, SIGTERM);
    assert_true(wait_for(has_ended, &c, SOON));
    assert_int_equal(demos_in(w->rig.dir), 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_waits_is_listed_dropped_and_sent_once),
        TEST(a_dropped_entry_is_printed_and_never_sent),
        TEST(what_was_typed_into_a_text_is_an_entry_too),
        TEST(what_the_server_refuses_is_put_where_it_can_be_found),
        TEST(the_demo_runs_what_it_is_given_and_leaves_nothing),
        TEST(a_demo_that_is_told_to_end_takes_all_with_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
