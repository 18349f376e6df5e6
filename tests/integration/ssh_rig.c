#include "ssh_rig.h"
#include "run.h"
#include "wait.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

void put_file(const char *dir, const char *name, mode_t mode, const char *fmt, ...)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    va_list ap;
    va_start(ap, fmt);
    vfprintf(f, fmt, ap);
    va_end(ap);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(path, mode), 0);
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

static void make_key(const char *dir, const char *name, const struct env *env)
{
    char path[200];
    struct run out;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    const char *const argv[] = {
        "/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path, NULL};
    if (!run_program(&out, argv, env->v, NULL, 20000) || out.status != 0)
        fail_msg("ssh-keygen: %s", out.err);
    run_finish(&out);
}

void sshd_make(struct sshd *s, const char *dir, const struct env *env)
{
    char bin[200];
    *s = (struct sshd){.dir = dir, .port = free_port()};
    make_key(dir, "host", env);
    make_key(dir, "id", env);
    put_file(dir, "sshd_config", 0600,
             "Port %d\nListenAddress 127.0.0.1\nHostKey %s/host\nAuthorizedKeysFile %s/id.pub\n"
             "StrictModes no\nUsePAM no\nPidFile none\nPermitRootLogin yes\n",
             s->port, dir, dir);
    put_file(
        dir, "ssh_config", 0600,
        "Host box\n HostName 127.0.0.1\n Port %d\n IdentityFile %s/id\n IdentitiesOnly yes\n"
        " UserKnownHostsFile %s/known\n StrictHostKeyChecking accept-new\n"
        " LocalCommand echo of-the-person\n ControlMaster auto\n ControlPath %s/mux\n",
        s->port, dir, dir, dir);
    snprintf(bin, sizeof bin, "%s/bin", dir);
    assert_int_equal(mkdir(bin, 0700), 0);
    put_file(dir, "bin/ssh", 0700, "#!/bin/sh\nexec /usr/bin/ssh -F %s/ssh_config \"$@\"\n",
             dir);
}

static bool sshd_answers(void *arg)
{
    const struct sshd *s = arg;
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port = htons((uint16_t)s->port),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = connect(fd, (struct sockaddr *)&a, sizeof a) == 0;
    close(fd);
    return ok;
}

void sshd_up(struct sshd *s)
{
    char config[200];
    snprintf(config, sizeof config, "%s/sshd_config", s->dir);
    mkdir("/run/sshd", 0755); /* the unit of a system makes it */
    s->pid = fork();
    if (s->pid == 0) {
        execl("/usr/sbin/sshd", "/usr/sbin/sshd", "-D", "-q", "-f", config, (char *)NULL);
        _exit(127);
    }
    assert_true(wait_for(sshd_answers, s, SOON));
}

void sshd_down(struct sshd *s)
{
    if (s->pid <= 0)
        return;
    kill(s->pid, SIGTERM);
    waitpid(s->pid, NULL, 0);
    s->pid = 0;
}
