#include "demo_stage.h"
#include "demo_relay.h"
#include "tour.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    START_WITHIN = 40, /* tries, of so many ms each */
    TRY_MS = 250,
    END_WITHIN_MS = 3000,
};

struct str stage_path(const struct stage *s, const char *name)
{
    return str_fmt(&s->c->arena, "%s/%s", s->folder, name);
}

/* ---- processes ---- */

pid_t stage_fork(const struct stage *s, bool behind_the_scene)
{
    pid_t parent = getpid();
    fflush(NULL);
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(1);
    if (behind_the_scene)
        setpgid(0, 0);
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_SETMASK, &s->was, NULL);
    return 0;
}

static bool wait_within(pid_t pid, int64_t ms)
{
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    struct timespec once = {.tv_nsec = 50 * 1000 * 1000};
    for (int64_t i = 0; i < ms / 50; i++) {
        if (waitpid(pid, NULL, WNOHANG) != 0)
            return true;
        sigtimedwait(&child, NULL, &once);
    }
    return false;
}

void stage_end(pid_t pid)
{
    if (pid <= 0)
        return;
    kill(pid, SIGTERM);
    if (wait_within(pid, END_WITHIN_MS))
        return;
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

bool stage_relay(const struct stage *s, const char *path, pid_t *pid, struct err *e)
{
    int listener = relay_listen(path, e);
    if (listener < 0)
        return false;
    *pid = stage_fork(s, true);
    if (*pid == 0)
        relay_run(listener, s->socket.p);
    close(listener);
    return *pid > 0 || fail(e, ERR_IO, "fork: %s", strerror(errno));
}

/* ---- the server ---- */

static struct str beside(struct arena *a, struct str program, const char *name)
{
    size_t n = program.n;
    while (n && program.p[n - 1] != '/')
        n--;
    struct str there = str_fmt(a, "%.*s%s", (int)n, program.p, name);
    return access(there.p, X_OK) == 0 ? there : str_of(name);
}

static bool find_programs(struct stage *s, struct err *e)
{
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n < 0)
        return fail(e, ERR_IO, "/proc/self/exe: %s", strerror(errno));
    s->self = str_keep(&s->c->arena, (struct str){self, (size_t)n});
    s->server = beside(&s->c->arena, s->self, "mootd");
    return true;
}

static void run_server(const struct stage *s)
{
    const char *log = stage_path(s, "mootd.log").p;
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (fd < 0 || null < 0 || dup2(fd, 2) < 0 || dup2(null, 1) < 0 || dup2(null, 0) < 0)
        _exit(1);
    const char *data = stage_path(s, "data").p;
    execlp(s->server.p, "mootd", "--data", data, "--socket", s->socket.p, "--listen", "none",
           NULL);
    fprintf(stderr, "%s: %s\n", s->server.p, strerror(errno));
    _exit(127);
}

static bool server_failed(struct stage *s, struct err *e)
{
    struct buf log = {0};
    char part[2048];
    FILE *f = fopen(stage_path(s, "mootd.log").p, "re");
    size_t n = f ? fread(part, 1, sizeof part, f) : 0;
    if (f)
        fclose(f);
    buf_add(&log, part, n);
    struct str text = str_trim(buf_str(&log));
    fail(e, ERR_UNREACHABLE, "mootd did not start: %.*s", (int)MIN(text.n, 250),
         text.n ? text.p : "");
    buf_finish(&log);
    return false;
}

/* Waits until the server answers. */
static bool start_server(struct stage *s, struct err *e)
{
    s->server_pid = stage_fork(s, true);
    if (s->server_pid == 0)
        run_server(s);
    if (s->server_pid < 0)
        return fail(e, ERR_IO, "fork: %s", strerror(errno));
    for (int i = 0; i < START_WITHIN; i++) {
        if (waitpid(s->server_pid, NULL, WNOHANG) == s->server_pid) {
            s->server_pid = 0;
            return server_failed(s, e);
        }
        struct conversation *t = conversation_new(s->url.p, STR(""), NULL, TRY_MS);
        bool ok = conversation_start(t, e);
        conversation_free(t);
        if (ok)
            return true;
    }
    return server_failed(s, e);
}

/* ---- moot on it ---- */

static void run_client(const struct stage *s, const char *url, int cues)
{
    const struct cli *c = s->c;
    struct arena *a = &s->c->arena;
    const char **argv = arena_alloc(a, (c->n_words + 2) * sizeof *argv);
    argv[0] = "moot";
    for (size_t i = 0; i < c->n_words; i++)
        argv[i + 1] = c->words[i].p;
    setenv("MOOT_SERVER", url, 1);
    if (cues >= 0) {
        fcntl(cues, F_SETFD, 0);
        setenv(TOUR_VARIABLE, str_fmt(a, "%d", cues).p, 1);
    }
    setenv("MOOT_ROOM", TOUR_ROOM, 1); /* one's own is of another server */
    setenv("XDG_STATE_HOME", stage_path(s, "state").p, 1);
    unsetenv("MOOT_TOKEN");
    unsetenv("MOOT_TOKEN_FILE");
    execv(s->self.p, (char **)argv);
    fprintf(stderr, "moot: %s: %s\n", s->self.p, strerror(errno));
    _exit(127);
}

bool stage_client(const struct stage *s, const char *url, int cues, pid_t *pid, struct err *e)
{
    *pid = stage_fork(s, false);
    if (*pid == 0)
        run_client(s, url, cues);
    return *pid > 0 || fail(e, ERR_IO, "fork: %s", strerror(errno));
}

bool stage_client_ended(const struct stage *s, pid_t client)
{
    int how;
    if (waitpid(client, &how, WNOHANG | WUNTRACED) != client)
        return false;
    if (WIFSTOPPED(how)) {
        raise(SIGSTOP);
        return false;
    }
    s->c->status = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
    return true;
}

void stage_signals(const struct stage *s, pid_t client)
{
    struct signalfd_siginfo info;
    while (read(s->signals, &info, sizeof info) == sizeof info)
        if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGHUP)
            kill(client, (int)info.ssi_signo);
}

bool stage_was_told_to_end(struct err *e)
{
    static const int signals[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
    sigset_t waiting;
    sigpending(&waiting);
    for (size_t i = 0; i < COUNT_OF(signals); i++)
        if (sigismember(&waiting, signals[i]))
            return !fail(e, ERR_CLOSING, "interrupted");
    return false;
}

/* ---- beginning and end ---- */

static bool make_folder(struct stage *s, struct err *e)
{
    const char *base = getenv("TMPDIR");
    if (!base || base[0] != '/' || strlen(base) > TMPDIR_MAX)
        base = "/tmp";
    snprintf(s->folder, sizeof s->folder, "%s/moot.XXXXXX", base);
    if (!mkdtemp(s->folder)) {
        s->folder[0] = '\0';
        return fail(e, ERR_IO, "%s: %s", base, strerror(errno));
    }
    s->socket = stage_path(s, "sock");
    s->url = str_fmt(&s->c->arena, "unix:%s", s->socket.p);
    return true;
}

static void watch_signals(struct stage *s)
{
    static const int signals[] = {SIGCHLD, SIGINT, SIGQUIT, SIGTERM, SIGHUP};
    sigset_t watched;
    sigemptyset(&watched);
    for (size_t i = 0; i < COUNT_OF(signals); i++)
        sigaddset(&watched, signals[i]);
    sigprocmask(SIG_BLOCK, &watched, &s->was);
    s->signals = signalfd(-1, &watched, SFD_NONBLOCK | SFD_CLOEXEC);
    bug_on(s->signals < 0);
}

bool stage_open(struct stage *s, struct cli *c, struct err *e)
{
    *s = (struct stage){.c = c, .signals = -1};
    watch_signals(s);
    return make_folder(s, e) && find_programs(s, e) && start_server(s, e);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

void stage_end_server(struct stage *s, struct rusage *used)
{
    kill(s->server_pid, SIGTERM);
    wait4(s->server_pid, NULL, 0, used);
    s->server_pid = 0;
}

void stage_close(struct stage *s)
{
    stage_end(s->server_pid);
    if (s->signals >= 0)
        close(s->signals);
    if (s->folder[0])
        nftw(s->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    sigprocmask(SIG_SETMASK, &s->was, NULL);
}
