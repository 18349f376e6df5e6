/* moot through a real ssh to a real sshd: what people with an account on another machine do. */
#include "mem.h"
#include "server_rig.h"
#include "wait.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct ssh_rig {
    struct server_rig server;
    struct person me;
    char url[200];
    int port;
    pid_t sshd;
};

static void put_file(const struct ssh_rig *r, const char *name, mode_t mode, const char *fmt,
                     ...) __attribute__((format(printf, 4, 5)));
static void put_file(const struct ssh_rig *r, const char *name, mode_t mode, const char *fmt,
                     ...)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", r->server.dir, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    va_list ap;
    va_start(ap, fmt);
    vfprintf(f, fmt, ap);
    va_end(ap);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static bool run_ok(const char *const argv[], char *const env[])
{
    struct run out;
    bool ok = run_program(&out, argv, env, NULL, 20000) && out.status == 0;
    if (!ok)
        fprintf(stderr, "%s: %s\n", argv[0], out.err);
    run_finish(&out);
    return ok;
}

static int free_port(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
    close(fd);
    return ntohs(a.sin_port);
}

static void make_keys(const struct ssh_rig *r)
{
    static const char *const names[] = {"host", "id"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char path[200];
        snprintf(path, sizeof path, "%s/%s", r->server.dir, names[i]);
        assert_true(run_ok((const char *const[]){"/usr/bin/ssh-keygen", "-q", "-t", "ed25519",
                                                 "-N", "", "-f", path, NULL},
                           r->server.env.v));
    }
}

/* What an administrator and the person would have in their files. */
static void write_files(const struct ssh_rig *r)
{
    const char *dir = r->server.dir;
    char bin[200];
    put_file(r, "sshd_config", 0600,
             "Port %d\nListenAddress 127.0.0.1\nHostKey %s/host\nAuthorizedKeysFile %s/id.pub\n"
             "StrictModes no\nUsePAM no\nPidFile none\nPermitRootLogin yes\n",
             r->port, dir, dir);
    put_file(
        r, "ssh_config", 0600,
        "Host box\n HostName 127.0.0.1\n Port %d\n IdentityFile %s/id\n IdentitiesOnly yes\n"
        " UserKnownHostsFile %s/known\n StrictHostKeyChecking accept-new\n"
        " LocalCommand echo of-the-person\n ControlMaster auto\n ControlPath %s/mux\n",
        r->port, dir, dir, dir);
    snprintf(bin, sizeof bin, "%s/bin", dir);
    assert_int_equal(mkdir(bin, 0700), 0);
    put_file(r, "bin/ssh", 0700, "#!/bin/sh\nexec /usr/bin/ssh -F %s/ssh_config \"$@\"\n", dir);
}

static bool sshd_answers(void *arg)
{
    const struct ssh_rig *r = arg;
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port = htons((uint16_t)r->port),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = connect(fd, (struct sockaddr *)&a, sizeof a) == 0;
    close(fd);
    return ok;
}

static void sshd_up(struct ssh_rig *r)
{
    char config[200];
    snprintf(config, sizeof config, "%s/sshd_config", r->server.dir);
    mkdir("/run/sshd", 0755); /* the unit of a system makes it */
    r->sshd = fork();
    if (r->sshd == 0) {
        execl("/usr/sbin/sshd", "/usr/sbin/sshd", "-D", "-q", "-f", config, (char *)NULL);
        _exit(127);
    }
    assert_true(wait_for(sshd_answers, r, SOON));
}

static void sshd_down(struct ssh_rig *r)
{
    kill(r->sshd, SIGTERM);
    waitpid(r->sshd, NULL, 0);
}

static int set_up(void **state)
{
    struct ssh_rig *r = NEW(struct ssh_rig);
    char path[300];
    *state = r;
    if (!rig_start(&r->server) || !rig_me(&r->server, &r->me))
        return -1;
    r->port = free_port();
    make_keys(r);
    write_files(r);
    sshd_up(r);
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
    sshd_down(r);
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
    sshd_down(r);
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
    sshd_up(r);
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
