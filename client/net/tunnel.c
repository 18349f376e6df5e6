#include "tunnel.h"

#include "utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    WORDS_MAX = 2048, /* bytes of what ssh said that are kept, the newest */
    ARGS_MAX = 32,
};

struct tunnel {
    struct net *net;
    struct url url;
    char dir[64], socket[SOCKET_PATH_MAX + 1];
    enum tunnel_state state;
    pid_t pid; /* 0: none */
    int out;   /* its standard output: "up", from the command that ssh runs when all stands */
    int err;   /* its standard error */
    bool may_ask;
    struct buf words;
    int status; /* of wait(2), of the last one that ended */
    void (*changed)(void *arg);
    void *arg;
};

/* ---- beginning and end ---- */

struct tunnel *tunnel_new(struct net *n, const struct url *u)
{
    struct tunnel *t = NEW(struct tunnel);
    *t = (struct tunnel){.net = n, .url = *u, .out = -1, .err = -1};
    return t;
}

void tunnel_free(struct tunnel *t)
{
    if (!t)
        return;
    tunnel_stop(t);
    if (t->dir[0]) {
        unlink(t->socket);
        rmdir(t->dir);
    }
    buf_finish(&t->words);
    free(t);
}

enum tunnel_state tunnel_state(const struct tunnel *t)
{
    return t->state;
}

const char *tunnel_socket(const struct tunnel *t)
{
    return t->socket;
}

bool tunnel_is_for(const struct tunnel *t, const struct url *u)
{
    return strcmp(t->url.host, u->host) == 0 && strcmp(t->url.user, u->user) == 0 &&
           strcmp(t->url.socket, u->socket) == 0 && t->url.port == u->port;
}

void tunnel_tell(struct tunnel *t, void (*changed)(void *arg), void *arg)
{
    t->changed = changed;
    t->arg = arg;
}

static void become(struct tunnel *t, enum tunnel_state s)
{
    bool is_new = t->state != s;
    t->state = s;
    if (is_new && t->changed)
        t->changed(t->arg);
}

static void drop_pipe(struct tunnel *t, int *fd)
{
    if (*fd < 0)
        return;
    net_unwatch(t->net, *fd);
    close(*fd);
    *fd = -1;
}

static void reap(struct tunnel *t)
{
    while (waitpid(t->pid, &t->status, 0) < 0 && errno == EINTR)
        ;
    t->pid = 0;
}

void tunnel_stop(struct tunnel *t)
{
    drop_pipe(t, &t->out);
    drop_pipe(t, &t->err);
    if (t->pid) {
        kill(t->pid, SIGKILL); /* it holds nothing: the far end sees the connection close */
        reap(t);
    }
    t->state = TUNNEL_DOWN;
}

/* ---- what ssh says ---- */

static void keep_words(struct tunnel *t, struct str s)
{
    if (t->may_ask && t->state == TUNNEL_STARTING)
        fprintf(stderr, "%.*s", STR_ARG(s));
    buf_add_str(&t->words, s);
    if (t->words.n <= WORDS_MAX)
        return;
    size_t drop = t->words.n - WORDS_MAX;
    memmove(t->words.p, t->words.p + drop, WORDS_MAX);
    t->words.n = WORDS_MAX;
}

/* -1: nothing for now; 0: it is closed. */
static ssize_t read_some(int fd, char *buf, size_t size)
{
    ssize_t n = read(fd, buf, size);
    return n < 0 && (errno == EAGAIN || errno == EINTR) ? -1 : MAX(n, (ssize_t)0);
}

/* Standard error stays open as long as ssh lives, so its end is the end of ssh. */
static void on_words(void *arg)
{
    struct tunnel *t = arg;
    char bytes[1024];
    ssize_t n = read_some(t->err, bytes, sizeof bytes);
    if (n > 0)
        keep_words(t, (struct str){bytes, (size_t)n});
    if (n != 0)
        return;
    drop_pipe(t, &t->err);
    drop_pipe(t, &t->out);
    kill(t->pid, SIGKILL);
    reap(t);
    become(t, TUNNEL_DOWN);
}

static void on_up(void *arg)
{
    struct tunnel *t = arg;
    char bytes[64];
    ssize_t n = read_some(t->out, bytes, sizeof bytes);
    if (n >= 0)
        drop_pipe(t, &t->out);
    if (n > 0)
        become(t, TUNNEL_UP);
}

/* The last line that says something. */
static struct str last_line(const struct tunnel *t)
{
    struct str rest = str_trim(buf_str(&t->words)), line = {0};
    while (rest.n)
        line = str_trim(str_cut(&rest, '\n'));
    return line;
}

void tunnel_why(const struct tunnel *t, struct err *e)
{
    struct buf words = {0};
    struct str line = last_line(t);
    utf8_escape(&words, (struct str){line.p, MIN(line.n, (size_t)160)});
    if (line.n)
        fail(e, ERR_UNREACHABLE, "ssh to %s: %.*s", t->url.host, STR_ARG(buf_str(&words)));
    else if (t->pid == 0 && WIFEXITED(t->status) && WEXITSTATUS(t->status) == 127)
        fail(e, ERR_UNREACHABLE, "there is no ssh on this machine");
    else
        fail(e, ERR_UNREACHABLE, "ssh to %s ended without a word", t->url.host);
    buf_finish(&words);
}

/* ---- starting ssh ---- */

static bool make_folder(struct tunnel *t, struct err *e)
{
    const char *run = getenv("XDG_RUNTIME_DIR");
    if (t->dir[0])
        return true;
    for (int i = run && run[0] ? 0 : 1; i < 2; i++) {
        int n = snprintf(t->dir, sizeof t->dir, "%s/moot-ssh.XXXXXX", i ? "/tmp" : run);
        if (n < (int)sizeof t->dir && mkdtemp(t->dir)) {
            snprintf(t->socket, sizeof t->socket, "%s/sock", t->dir);
            return true;
        }
    }
    t->dir[0] = '\0';
    return fail(e, ERR_IO, "no folder can be made for the socket: %s", strerror(errno));
}

/* ClearAllForwardings, an own control socket or a command of the person's config would make it
 * another connection than the one that is wanted here. */
static void arguments(const struct tunnel *t, struct buf *text, const char *out[ARGS_MAX])
{
    size_t n = 0;
    buf_fmt(text, "%s:%s%c%d%c", t->socket, t->url.socket, '\0', t->url.port, '\0');
    const char *forward = text->p, *port = forward + strlen(forward) + 1;
    const char *always[] = {"ssh",
                            "-N",
                            "-T",
                            "-o",
                            "ExitOnForwardFailure=yes",
                            "-o",
                            "StreamLocalBindUnlink=yes",
                            "-o",
                            "ControlPath=none",
                            "-o",
                            "ControlMaster=no",
                            "-o",
                            "ForkAfterAuthentication=no",
                            "-o",
                            "PermitLocalCommand=yes",
                            "-o",
                            "LocalCommand=echo up",
                            "-L",
                            forward};
    for (size_t i = 0; i < COUNT_OF(always); i++)
        out[n++] = always[i];
    if (!t->may_ask) {
        out[n++] = "-o";
        out[n++] = "BatchMode=yes";
    }
    if (t->url.port) {
        out[n++] = "-p";
        out[n++] = port;
    }
    if (t->url.user[0]) {
        out[n++] = "-l";
        out[n++] = t->url.user;
    }
    out[n++] = "--";
    out[n++] = t->url.host;
    out[n] = NULL;
}

/* In the child. It ends with us, also when we are killed. */
static void exec_ssh(const char *const *argv, int in, int out, int err, pid_t parent)
{
    sigset_t none;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(1);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    execvp(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

static bool spawn(struct tunnel *t, int null, int out[2], int err[2])
{
    const char *argv[ARGS_MAX];
    struct buf text = {0};
    pid_t parent = getpid();
    arguments(t, &text, argv);
    t->pid = fork();
    if (t->pid == 0)
        exec_ssh(argv, null, out[1], err[1], parent);
    buf_finish(&text);
    if (t->pid > 0)
        return true;
    t->pid = 0;
    return false;
}

static void close_pair(int fds[2])
{
    for (int i = 0; i < 2; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

static bool listen_to(struct tunnel *t, struct err *e)
{
    fcntl(t->out, F_SETFL, O_NONBLOCK);
    fcntl(t->err, F_SETFL, O_NONBLOCK);
    if (net_watch(t->net, t->out, on_up, t, e) && net_watch(t->net, t->err, on_words, t, e))
        return true;
    tunnel_stop(t);
    return false;
}

bool tunnel_start(struct tunnel *t, bool may_ask, struct err *e)
{
    int out[2] = {-1, -1}, err[2] = {-1, -1};
    if (t->state != TUNNEL_DOWN)
        return true;
    if (!make_folder(t, e))
        return false;
    t->may_ask = may_ask;
    t->words.n = 0;
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    bool ok = null >= 0 && pipe2(out, O_CLOEXEC) == 0 && pipe2(err, O_CLOEXEC) == 0 &&
              spawn(t, null, out, err);
    int why = errno;
    if (null >= 0)
        close(null);
    if (!ok) {
        close_pair(out);
        close_pair(err);
        return fail(e, ERR_UNREACHABLE, "ssh cannot be started: %s", strerror(why));
    }
    close(out[1]);
    close(err[1]);
    t->out = out[0];
    t->err = err[0];
    t->state = TUNNEL_STARTING;
    return listen_to(t, e);
}
