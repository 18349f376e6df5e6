#include "server_rig.h"
#include "wait.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

const char *const rig_moot = MOOT_PATH, *const rig_mootd = MOOTD_PATH;

/* ---- folders ---- */

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

static bool home_make(const struct server_rig *r, const char *name, char home[RIG_PATH_MAX])
{
    static const char *const folders[] = {"", "/config", "/state", "/cache", "/data", "/run"};
    for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
        snprintf(home, RIG_PATH_MAX, "%s/%.32s%s", r->dir, name, folders[i]);
        if (mkdir(home, 0700) < 0 && errno != EEXIST)
            return false;
    }
    snprintf(home, RIG_PATH_MAX, "%s/%.32s", r->dir, name);
    return true;
}

/* A port that is free now. Bound and let go: nobody else on this machine is after it. */
static int free_port(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof(a);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), port = 0;
    if (fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0 &&
        getsockname(fd, (struct sockaddr *)&a, &n) == 0)
        port = ntohs(a.sin_port);
    if (fd >= 0)
        close(fd);
    return port;
}

bool rig_init(struct server_rig *r)
{
    char home[RIG_PATH_MAX];
    *r = (struct server_rig){.dir = "/tmp/moot-XXXXXX", .port = free_port()};
    if (!mkdtemp(r->dir) || !home_make(r, "server", home) || r->port == 0) {
        perror("server rig");
        return false;
    }
    snprintf(r->data, sizeof(r->data), "%s/d", r->dir);
    snprintf(r->socket, sizeof(r->socket), "%s/s", r->dir);
    snprintf(r->log, sizeof(r->log), "%s/mootd.log", r->dir);
    snprintf(r->unix_url, sizeof(r->unix_url), "unix:%s", r->socket);
    snprintf(r->tcp_url, sizeof(r->tcp_url), "ws://127.0.0.1:%d", r->port);
    env_init(&r->env, home);
    return true;
}

/* ---- the server ---- */

static void server_run(const struct server_rig *r)
{
    char listen[32];
    const char *argv[8 + RIG_ARGS_MAX] = {rig_mootd, "--data",   r->data, "--socket",
                                          r->socket, "--listen", listen};
    snprintf(listen, sizeof(listen), "127.0.0.1:%d", r->port);
    for (size_t i = 0; i < RIG_ARGS_MAX - 1 && r->args[i]; i++)
        argv[7 + i] = r->args[i];
    int log = open(r->log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    int null = open("/dev/null", O_RDWR);
    setsid();
    dup2(null, 0);
    dup2(log, 1);
    dup2(log, 2);
    execve(rig_mootd, (char *const *)argv, r->env.v);
    dprintf(2, "%s: %s\n", rig_mootd, strerror(errno));
    _exit(127);
}

static bool takes_connections(int family, const struct sockaddr *a, socklen_t n)
{
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = fd >= 0 && connect(fd, a, n) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

/* True when it is up on both, and also when it has ended. */
static bool is_settled(void *arg)
{
    struct server_rig *r = arg;
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    struct sockaddr_in tcp = {.sin_family = AF_INET,
                              .sin_port = htons((uint16_t)r->port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (waitpid(r->pid, NULL, WNOHANG) == r->pid) {
        r->pid = 0;
        return true;
    }
    snprintf(local.sun_path, sizeof(local.sun_path), "%s", r->socket);
    return takes_connections(AF_UNIX, (struct sockaddr *)&local, sizeof(local)) &&
           takes_connections(AF_INET, (struct sockaddr *)&tcp, sizeof(tcp));
}

bool rig_up(struct server_rig *r)
{
    r->pid = fork();
    if (r->pid == 0)
        server_run(r);
    if (r->pid > 0 && wait_for(is_settled, r, SOON) && r->pid > 0)
        return true;
    fprintf(stderr, "mootd does not come up; its log:\n");
    rig_show_log(r);
    rig_kill(r);
    return false;
}

bool rig_start(struct server_rig *r)
{
    return rig_init(r) && rig_up(r);
}

static bool has_ended(void *arg)
{
    int *pid_status = arg;
    return waitpid(pid_status[0], &pid_status[1], WNOHANG) == pid_status[0];
}

bool rig_down(struct server_rig *r)
{
    int pid_status[2] = {r->pid, 0};
    if (r->pid <= 0)
        return false;
    kill(r->pid, SIGTERM);
    if (!wait_for(has_ended, pid_status, SOON)) {
        fprintf(stderr, "mootd does not end on SIGTERM\n");
        rig_kill(r);
        return false;
    }
    r->pid = 0;
    if (WIFEXITED(pid_status[1]) && WEXITSTATUS(pid_status[1]) == 0)
        return true;
    fprintf(stderr, "mootd ended with status 0x%x; its log:\n", pid_status[1]);
    rig_show_log(r);
    return false;
}

void rig_kill(struct server_rig *r)
{
    if (r->pid <= 0)
        return;
    kill(r->pid, SIGKILL);
    waitpid(r->pid, NULL, 0);
    r->pid = 0;
}

void rig_finish(struct server_rig *r)
{
    rig_kill(r);
    env_finish(&r->env);
    if (strncmp(r->dir, "/tmp/moot-", 10) == 0)
        nftw(r->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    *r = (struct server_rig){0};
}

void rig_show_log(const struct server_rig *r)
{
    char bytes[4096];
    ssize_t n;
    int fd = open(r->log, O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && (n = read(fd, bytes, sizeof(bytes))) > 0)
        fwrite(bytes, 1, (size_t)n, stderr);
    if (fd >= 0)
        close(fd);
}

/* ---- people ---- */

static bool person_init(struct server_rig *r, struct person *p, const char *name)
{
    *p = (struct person){0};
    snprintf(p->name, sizeof(p->name), "%s", name);
    if (!home_make(r, p->name, p->home)) {
        perror("server rig: home");
        return false;
    }
    env_init(&p->env, p->home);
    return true;
}

bool rig_me(struct server_rig *r, struct person *p)
{
    if (!person_init(r, p, "me"))
        return false;
    env_set(&p->env, "MOOT_SERVER", r->unix_url);
    return true;
}

static bool token_for(struct server_rig *r, const char *name, struct run *out)
{
    struct person me;
    bool ok =
        rig_me(r, &me) &&
        rig_moot_run(&me, out, NULL,
                     (const char *const[]){"admin", "token", name, "--ttl", "1d", NULL}) &&
        out->status == 0;
    if (!ok)
        fprintf(stderr, "moot admin token: status %d: %s\n", out->status, out->err);
    person_finish(&me);
    return ok;
}

bool rig_person(struct server_rig *r, struct person *p, const char *name)
{
    struct run out = {0};
    bool ok = person_init(r, p, name) && token_for(r, name, &out);
    if (ok) {
        out.out[strcspn(out.out, "\r\n")] = '\0';
        env_set(&p->env, "MOOT_TOKEN", out.out);
        env_set(&p->env, "MOOT_SERVER", r->tcp_url);
    }
    run_finish(&out);
    return ok;
}

void person_finish(struct person *p)
{
    env_finish(&p->env);
    *p = (struct person){0};
}

bool rig_moot_run(const struct person *p, struct run *out, const char *stdin_text,
                  const char *const args[])
{
    const char *argv[RIG_ARGS_MAX + 2] = {rig_moot};
    for (size_t i = 0; i < RIG_ARGS_MAX && args[i]; i++)
        argv[1 + i] = args[i];
    return run_program(out, argv, p->env.v, stdin_text, 3 * SOON);
}

int demos_in(const char *dir)
{
    int n = 0;
    DIR *d = opendir(dir);
    for (struct dirent *e; d && (e = readdir(d));)
        n += strncmp(e->d_name, "moot.", 5) == 0;
    if (d)
        closedir(d);
    return n;
}
