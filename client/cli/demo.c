/* moot demo: a private server with people on it, and moot on top, which gives the tour. The
 * server, the teammates, the way between moot and the server, and the folder end with the moot
 * that was opened, however that ends. */
#include "cli.h"
#include "demo_relay.h"
#include "demo_team.h"
#include "verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
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
    TMPDIR_MAX = 64, /* a socket's path is short, unix(7) */
    CUES_MAX = 4096, /* bytes at once, and of a line */
};

/* One of the tour's people. */
struct member {
    pid_t pid;
    int cues; /* we write */
    struct buf token;
};

struct demo {
    struct cli *c;
    char folder[TMPDIR_MAX + 32];
    struct str url, socket, way; /* the server's; and what leads there and can be cut */
    struct str self, server;     /* the programs: ours, and mootd beside it */
    pid_t server_pid, relay, client;
    struct member team[TOUR_PEOPLE];
    struct buf me; /* what the server calls us */
    int cues[2];   /* a pipe from the client; -1: no tour */
    struct buf in; /* of it: what is no whole line yet */
    int64_t run;   /* of the newest cue */
    int signals;   /* signalfd */
    sigset_t was;  /* signals that were blocked before */
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
    execlp(d->server.p, "mootd", "--data", data, "--socket", d->socket.p, "--listen", "none",
           NULL);
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

static int play(const struct demo *d, int who, int cues)
{
    struct err bad;
    struct demo_part part = {.who = (enum tour_who)who,
                             .url = d->url.p,
                             .token = buf_str(&d->team[who].token),
                             .me = buf_str(&d->me),
                             .cues = cues,
                             .timeout = d->c->options.moot.timeout};
    return demo_play(&part, &bad) ? 0 : 1;
}

static bool start_member(struct demo *d, int who, struct err *e)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return fail(e, ERR_IO, "pipe: %s", strerror(errno));
    struct member *m = &d->team[who];
    m->pid = start(d, true);
    if (m->pid == 0)
        _exit(play(d, who, ends[0]));
    close(ends[0]);
    m->cues = ends[1];
    return m->pid > 0 || fail(e, ERR_IO, "fork: %s", strerror(errno));
}

static bool start_relay(struct demo *d, struct err *e)
{
    int listener = relay_listen(d->way.p, e);
    if (listener < 0)
        return false;
    d->relay = start(d, true);
    if (d->relay == 0)
        relay_run(listener, d->socket.p);
    close(listener);
    return d->relay > 0 || fail(e, ERR_IO, "fork: %s", strerror(errno));
}

/* The people of the tour, and what it takes to be led through it. */
static bool start_tour(struct demo *d, struct err *e)
{
    bool ok = start_relay(d, e);
    for (int i = 1; ok && i < TOUR_PEOPLE; i++)
        ok = start_member(d, i, e);
    if (ok && pipe2(d->cues, O_CLOEXEC) < 0)
        ok = fail(e, ERR_IO, "pipe: %s", strerror(errno));
    return ok;
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
    bool tour = d->cues[1] >= 0;
    setenv("MOOT_SERVER", tour ? str_fmt(a, "unix:%s", d->way.p).p : d->url.p, 1);
    if (tour) {
        fcntl(d->cues[1], F_SETFD, 0);
        setenv(TOUR_VARIABLE, str_fmt(a, "%d", d->cues[1]).p, 1);
    }
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
    for (int i = 0; i < TOUR_PEOPLE; i++) {
        end_process(d->team[i].pid);
        buf_finish(&d->team[i].token);
    }
    end_process(d->relay);
    end_process(d->server_pid);
    buf_finish(&d->me);
    buf_finish(&d->in);
    if (d->signals >= 0)
        close(d->signals);
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

/* The link of the client, and of nobody else. */
static void cut(struct demo *d)
{
    if (d->relay <= 0)
        return;
    kill(d->relay, SIGKILL);
    waitpid(d->relay, NULL, 0);
    d->relay = 0;
}

static void mend(struct demo *d)
{
    struct err passed;
    if (d->relay == 0)
        start_relay(d, &passed);
}

/* What concerns the link is ours; the people find out by themselves what is theirs. */
static void take_cue(struct demo *d, struct str line)
{
    struct tour_cue cue;
    if (!tour_cue_read(line, &cue))
        return;
    enum tour_deed deed = tour_cue_beat(&cue)->deed;
    if (deed == TOUR_CUT)
        cut(d);
    else if (deed == TOUR_MEND || cue.run != d->run)
        mend(d);
    d->run = cue.run;
    for (int i = 1; i < TOUR_PEOPLE; i++)
        if (write(d->team[i].cues, line.p, line.n + 1) < 0)
            continue; /* that one has gone; the others play on */
}

static void read_cues(struct demo *d)
{
    char bytes[CUES_MAX];
    ssize_t n = read(d->cues[0], bytes, sizeof bytes);
    if (n <= 0 || d->in.n + (size_t)n > CUES_MAX) {
        close(d->cues[0]);
        d->cues[0] = -1;
        return;
    }
    buf_add(&d->in, bytes, (size_t)n);
    for (const char *end; d->in.n && (end = memchr(d->in.p, '\n', d->in.n));) {
        struct str line = {d->in.p, (size_t)(end - d->in.p)};
        take_cue(d, line);
        buf_drop(&d->in, line.n + 1);
    }
}

/* To end is handed on; the terminal's C-c the client has got by itself. */
static void read_signals(struct demo *d)
{
    struct signalfd_siginfo info;
    while (read(d->signals, &info, sizeof info) == sizeof info)
        if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGHUP)
            kill(d->client, (int)info.ssi_signo);
}

static void wait_for_client(struct demo *d)
{
    while (!client_ended(d)) {
        struct pollfd fds[] = {{.fd = d->signals, .events = POLLIN},
                               {.fd = d->cues[0], .events = POLLIN}};
        poll(fds, COUNT_OF(fds), -1);
        if (fds[0].revents)
            read_signals(d);
        if (fds[1].revents)
            read_cues(d);
    }
}

/* Somebody did not wait for the screen. */
static bool was_told_to_end(struct err *e)
{
    static const int signals[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
    sigset_t waiting;
    sigpending(&waiting);
    for (size_t i = 0; i < COUNT_OF(signals); i++)
        if (sigismember(&waiting, signals[i]))
            return !fail(e, ERR_CLOSING, "interrupted");
    return false;
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
    d->socket = str_fmt(&d->c->arena, "%s/sock", d->folder);
    d->url = str_fmt(&d->c->arena, "unix:%s", d->socket.p);
    d->way = str_fmt(&d->c->arena, "%s/way", d->folder);
    return true;
}

static void watch_signals(struct demo *d)
{
    static const int signals[] = {SIGCHLD, SIGINT, SIGQUIT, SIGTERM, SIGHUP};
    sigset_t watched;
    sigemptyset(&watched);
    for (size_t i = 0; i < COUNT_OF(signals); i++)
        sigaddset(&watched, signals[i]);
    sigprocmask(SIG_BLOCK, &watched, &d->was);
    d->signals = signalfd(-1, &watched, SFD_NONBLOCK | SFD_CLOEXEC);
    bug_on(d->signals < 0);
}

static bool seed(struct demo *d, struct err *e)
{
    struct buf tokens[TOUR_PEOPLE] = {0};
    bool ok = demo_seed(d->url.p, tokens, &d->me, d->c->options.moot.timeout, e);
    for (int i = 1; i < TOUR_PEOPLE; i++)
        d->team[i].token = tokens[i];
    return ok;
}

static bool open_client(struct demo *d, struct err *e)
{
    d->client = start(d, false);
    if (d->client == 0)
        run_client(d);
    if (d->client < 0)
        return fail(e, ERR_IO, "fork: %s", strerror(errno));
    wait_for_client(d);
    return true;
}

bool demo_run(struct cli *c, struct err *e)
{
    struct demo d = {.c = c, .cues = {-1, -1}};
    watch_signals(&d);
    bool ok = make_folder(&d, e) && find_programs(&d, e) && start_server(&d, e) &&
              seed(&d, e) && (!c->options.team || start_tour(&d, e)) && !was_told_to_end(e) &&
              open_client(&d, e);
    finish(&d);
    return ok;
}
