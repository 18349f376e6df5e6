/* moot through a real ssh to a real sshd: what people with an account on another machine do. */
#include "mem.h"
#include "server_rig.h"
#include "ssh_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ssh_rig {
    struct server_rig server;
    struct person me;
    char url[200];
    struct sshd sshd;
};

static int set_up(void **state)
{
    struct ssh_rig *r = NEW(struct ssh_rig);
    char path[300];
    *state = r;
    if (!rig_start(&r->server) || !rig_me(&r->server, &r->me))
        return -1;
    sshd_make(&r->sshd, r->server.dir, &r->server.env);
    sshd_up(&r->sshd);
    snprintf(r->url, sizeof r->url, "ssh://box%s", r->server.socket);
    snprintf(path, sizeof path, "%s/bin:/usr/bin:/bin", r->server.dir);
    env_set(&r->me.env, "PATH", path);
    env_set(&r->me.env, "MOOT_SERVER", r->url);
    env_unset(&r->me.env, "MOOT_TOKEN");
    return 0;
}

static int tear_down(void **state)
{
    struct ssh_rig *r = *state;
    sshd_down(&r->sshd);
    person_finish(&r->me);
    rig_finish(&r->server);
    free(r);
    return 0;
}

static struct run moot(struct ssh_rig *r, const char *const args[])
{
    struct run out;
    assert_true(rig_moot_run(&r->me, &out, NULL, args));
    return out;
}

static void whoever_has_an_account_is_in_by_ssh(void **state)
{
    struct ssh_rig *r = *state;
    struct run sent = moot(r, (const char *const[]){"send", "lobby", "from far away", NULL});
    if (sent.status != 0)
        fail_msg("status %d: %s", sent.status, sent.err);
    run_finish(&sent);
    struct run told = moot(r, (const char *const[]){"tail", "lobby", NULL});
    assert_int_equal(told.status, 0);
    assert_non_null(strstr(told.out, "from far away"));
    run_finish(&told);
}

static void what_is_wrong_is_said_in_the_words_of_ssh(void **state)
{
    struct ssh_rig *r = *state;
    static const struct {
        const char *server, *words;
        int status;
    } rows[] = {
        {"ssh://box/nowhere/sock", "nobody answers on /nowhere/sock at box", 6},
        {"ssh://127.0.0.1:1", "port 1: Connection refused", 6},
        {"ssh://-oProxyCommand=x/", "that is no host", 2},
        {"ssh://-l@box", "that is no account", 2},
        {"ssh://box/a:b", "no colon", 2},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct run out = moot(r, (const char *const[]){"who", "--server", rows[i].server,
                                                       "--timeout", "3s", NULL});
        if (out.status != rows[i].status || !strstr(out.err, rows[i].words))
            fail_msg("%s: status %d: %s", rows[i].server, out.status, out.err);
        run_finish(&out);
    }
}

/* The verb goes on as soon as sshd is there again. */
static void ssh_that_comes_late_is_waited_for(void **state)
{
    struct ssh_rig *r = *state;
    sshd_down(&r->sshd);
    char command[600];
    snprintf(command, sizeof command,
             "%s send lobby late --timeout 30s & pid=$!; "
             "/usr/sbin/sshd -f %s/sshd_config -o PidFile=%s/pid; wait $pid",
             rig_moot, r->server.dir, r->server.dir);
    struct run out;
    assert_true(run_program(&out, (const char *const[]){"/bin/sh", "-c", command, NULL},
                            r->me.env.v, NULL, 60000));
    if (out.status != 0)
        fail_msg("status %d: %s", out.status, out.err);
    run_finish(&out);
    char path[200];
    snprintf(path, sizeof path, "%s/pid", r->server.dir);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    int pid = 0;
    assert_int_equal(fscanf(f, "%d", &pid), 1);
    fclose(f);
    kill(pid, SIGTERM);
    sshd_up(&r->sshd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(whoever_has_an_account_is_in_by_ssh),
        TEST(what_is_wrong_is_said_in_the_words_of_ssh),
        TEST(ssh_that_comes_late_is_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
