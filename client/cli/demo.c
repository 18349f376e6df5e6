/* moot demo: a private server with people on it, and moot on top. The server, the teammates and
 * the folder end with the moot that was opened, however that ends. */
#include "cli.h"
#include "demo_team.h"
#include "verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    START_WITHIN = 40, /* tries, of so many ms each */
    TRY_MS = 250,
    END_WITHIN_MS = 3000,
    TMPDIR_MAX = 64, /* a socket's path is short, unix(7) */
};

struct demo {
    struct cli *c;
    char folder[TMPDIR_MAX + 32];
    struct str url, self, server; /* the programs: ours, and mootd beside it */
    pid_t server_pid, team[DEMO_PEOPLE], client;
    struct buf tokens[DEMO_PEOPLE];
    sigset_t was; /* signals that were blocked before */
};

/* ---- processes ---- */

/* A child that ends with us. Those behind the scene are kept out of the terminal's signals. */
static pid_t start(struct demo *d, bool behind_the_scene)
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
    sigprocmask(SIG_SETMASK, &d->was, NULL);
    return 0;
}

static struct str beside(struct arena *a, struct str program, const char *name)
{
    size_t n = program.n;
    while (n && program.p[n - 1] != '/')
        n--;
    struct str there = str_fmt(a, "%.*s%s", (int)n, program.p, name);
    return access(there.p, X_OK) == 0 ? there : str_of(name);
}

static bool find_programs(struct demo *d, struct err *e)
{
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n < 0)
        return fail(e, ERR_IO, "/proc/self/exe: %s", strerror(errno));
    d->self = str_keep(&d->c->arena, (struct str){self, (size_t)n});
    d->server = beside(&d->c->arena, d->self, "mootd");
    return true;
}

static void run_server(const struct demo *d)
{
    struct arena *a = &d->c->arena;
    const char *log = str_fmt(a, "%s/mootd.log", d->folder).p;
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (fd < 0 || null < 0 || dup2(fd, 2) < 0 || dup2(null, 1) < 0 || dup2(null, 0) < 0)
        _exit(1);
    const char *data = str_fmt(a, "%s/data", d->folder).p;
    const char *path = d->url.p + strlen("unix:");
    execlp(d->server.p, "mootd", "--data", data, "--socket", path, "--listen", "none", NULL);
    fprintf(stderr, "%s: %s\n", d->server.p, strerror(errno));
    _exit(127);
}

static bool server_failed(struct demo *d, struct err *e)
{
    struct buf log = {0};
    char part[2048];
    FILE *f = fopen(str_fmt(&d->c->arena, "%s/mootd.log", d->folder).p, "re");
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
static bool start_server(struct demo *d, struct err *e)
{
    d->server_pid = start(d, true);
    if (d->server_pid == 0)
        run_server(d);
    if (d->server_pid < 0)
        return fail(e, ERR_IO, "fork: %s", strerror(errno));
    for (int i = 0; i < START_WITHIN; i++) {
        if (waitpid(d->server_pid, NULL, WNOHANG) == d->server_pid) {
            d->server_pid = 0;
            return server_failed(d, e);
        }
        struct conversation *t = conversation_new(d->url.p, STR(""), NULL, TRY_MS);
        bool ok = conversation_start(t, e);
        conversation_free(t);
        if (ok)
            return true;
    }
    return server_failed(d, e);
}

static bool start_team(struct demo *d, struct err *e)
{
    for (int i = 0; i < DEMO_PEOPLE; i++) {
        d->team[i] = start(d, true);
        if (d->team[i] < 0)
            return fail(e, ERR_IO, "fork: %s", strerror(errno));
        if (d->team[i] == 0) {
            struct err bad;
            _exit(!demo_play(d->url.p, i, buf_str(&d->tokens[i]), d->c->options.moot.timeout,
                             &bad));
        }
    }
    return true;
}

/* moot itself, which keeps what it keeps in the demo's folder too. */
static void run_client(const struct demo *d)
{
    const struct cli *c = d->c;
    struct arena *a = &d->c->arena;
    const char **argv = arena_alloc(a, (c->n_words + 2) * sizeof *argv);
    argv[0] = "moot";
    for (size_t i = 0; i < c->n_words; i++)
        argv[i + 1] = c->words[i].p;
    setenv("MOOT_SERVER", d->url.p, 1);
    setenv("MOOT_ROOM", DEMO_ROOM, 0);
    setenv("XDG_STATE_HOME", str_fmt(a, "%s/state", d->folder).p, 1);
    unsetenv("MOOT_TOKEN");
    unsetenv("MOOT_TOKEN_FILE");
    execv(d->self.p, (char **)argv);
    fprintf(stderr, "moot: %s: %s\n", d->self.p, strerror(errno));
    _exit(127);
}

/* ---- the end ---- */

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

static void end_process(pid_t pid)
{
    if (pid <= 0)
        return;
    kill(pid, SIGTERM);
    if (wait_within(pid, END_WITHIN_MS))
        return;
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

static void finish(struct demo *d)
{
    for (int i = 0; i < DEMO_PEOPLE; i++) {
        end_process(d->team[i]);
        buf_finish(&d->tokens[i]);
    }
    end_process(d->server_pid);
    if (d->folder[0])
        nftw(d->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    sigprocmask(SIG_SETMASK, &d->was, NULL);
}

/* ---- while it runs ---- */

/* True when the client has ended. When it was suspended, so are we, for the shell waits for us.
 */
static bool client_ended(struct demo *d)
{
    int how;
    if (waitpid(d->client, &how, WNOHANG | WUNTRACED) != d->client)
        return false;
    if (WIFSTOPPED(how)) {
        raise(SIGSTOP);
        return false;
    }
    d->c->status = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
    return true;
}

static void wait_for_client(struct demo *d, const sigset_t *watched)
{
    while (!client_ended(d)) {
        int sig = sigwaitinfo(watched, NULL);
        if (sig == SIGTERM || sig == SIGHUP)
            kill(d->client, sig); /* the terminal's C-c it has got by itself */
    }
}

static bool make_folder(struct demo *d, struct err *e)
{
    const char *base = getenv("TMPDIR");
    if (!base || base[0] != '/' || strlen(base) > TMPDIR_MAX)
        base = "/tmp";
    snprintf(d->folder, sizeof d->folder, "%s/moot.XXXXXX", base);
    if (!mkdtemp(d->folder)) {
        d->folder[0] = '\0';
        return fail(e, ERR_IO, "%s: %s", base, strerror(errno));
    }
    d->url = str_fmt(&d->c->arena, "unix:%s/sock", d->folder);
    return true;
}

bool demo_run(struct cli *c, struct err *e)
{
    struct demo d = {.c = c};
    static const int signals[] = {SIGCHLD, SIGINT, SIGQUIT, SIGTERM, SIGHUP};
    sigset_t watched;
    sigemptyset(&watched);
    for (size_t i = 0; i < COUNT_OF(signals); i++)
        sigaddset(&watched, signals[i]);
    sigprocmask(SIG_BLOCK, &watched, &d.was);
    bool ok = make_folder(&d, e) && find_programs(&d, e) && start_server(&d, e) &&
              demo_seed(d.url.p, d.tokens, c->options.moot.timeout, e) &&
              (!c->options.team || start_team(&d, e));
    if (ok) {
        d.client = start(&d, false);
        if (d.client == 0)
            run_client(&d);
        if (d.client > 0)
            wait_for_client(&d, &watched);
        else
            ok = fail(e, ERR_IO, "fork: %s", strerror(errno));
    }
    finish(&d);
    return ok;
}
