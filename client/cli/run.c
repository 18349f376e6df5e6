/* moot run: a command whose beginning, end and last lines stand on a card.
 *
 * What the command prints goes where it would have gone without us; the last lines of it are
 * kept. On a terminal it writes to a pseudo-terminal, so that it still sees one and keeps its
 * colours. */
#include "cli.h"
#include "tail_lines.h"
#include "verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { LINES_KEPT = 10, NOT_FOUND = 127, NOT_STARTED = 126 };

struct runner {
    struct cli *c;
    struct str room;
    int64_t task;
    char **argv; /* ends with NULL */
    pid_t pid;
    struct stream {
        int from, to; /* what the command writes, and where it would have gone; -1: closed */
    } streams[2];
    int events;
    struct tail_lines last;
};

/* ---- the command ---- */

static bool open_pipe(int to, struct stream *p, int *end, struct err *e)
{
    int ends[2];
    struct winsize size = {0};
    bool is_terminal = isatty(to);
    if (is_terminal)
        ioctl(to, TIOCGWINSZ, &size);
    bool ok = is_terminal ? openpty(&ends[0], &ends[1], NULL, NULL, &size) == 0
                          : pipe2(ends, O_CLOEXEC) == 0;
    if (!ok)
        return fail(e, ERR_IO, "no pipe to the command: %s", strerror(errno));
    if (is_terminal) { /* the terminal behind ours makes \r\n of it itself */
        struct termios t;
        tcgetattr(ends[1], &t);
        t.c_oflag &= ~(tcflag_t)OPOST;
        tcsetattr(ends[1], TCSANOW, &t);
        fcntl(ends[0], F_SETFD, FD_CLOEXEC);
        fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    }
    *p = (struct stream){.from = ends[0], .to = to};
    *end = ends[1];
    return true;
}

static void become(struct runner *r, const int *ends)
{
    signal(SIGINT, SIG_DFL);
    signal(SIGQUIT, SIG_DFL);
    if (dup2(ends[0], STDOUT_FILENO) < 0 || dup2(ends[1], STDERR_FILENO) < 0)
        _exit(NOT_STARTED);
    execvp(r->argv[0], r->argv);
    int error = errno;
    dprintf(STDERR_FILENO, "moot: %s: %s\n", r->argv[0], strerror(error));
    _exit(error == ENOENT ? NOT_FOUND : NOT_STARTED);
}

static bool start(struct runner *r, struct err *e)
{
    int ends[2];
    if (!open_pipe(STDOUT_FILENO, &r->streams[0], &ends[0], e))
        return false;
    if (!open_pipe(STDERR_FILENO, &r->streams[1], &ends[1], e)) {
        close(ends[0]);
        return false;
    }
    /* ^C is for the command; what it does about it is told. */
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    print_flush(&r->c->out);
    r->pid = fork();
    if (r->pid == 0)
        become(r, ends);
    close(ends[0]);
    close(ends[1]);
    return r->pid > 0 || fail(e, ERR_IO, "cannot start a process: %s", strerror(errno));
}

/* Hands on what the command wrote; false when it has closed the pipe. */
static bool hand_on(struct runner *r, struct stream *p)
{
    char bytes[16 * 1024];
    ssize_t n = read(p->from, bytes, sizeof bytes);
    if (n < 0 && errno == EINTR)
        return true;
    if (n <= 0) { /* a pseudo-terminal ends with EIO */
        close(p->from);
        p->from = -1;
        return false;
    }
    tail_lines_add(&r->last, (struct str){bytes, (size_t)n});
    for (ssize_t done = 0; done < n;) {
        ssize_t k = write(p->to, bytes + done, (size_t)(n - done));
        if (k < 0 && errno != EINTR)
            break; /* whoever read it is gone; the command goes on */
        done += MAX(k, 0);
    }
    return true;
}

/* Until both pipes are closed, keeping the link to the server alive. */
static bool follow(struct runner *r, struct err *e)
{
    r->events = epoll_create1(EPOLL_CLOEXEC);
    for (size_t i = 0; i < COUNT_OF(r->streams); i++) {
        struct epoll_event ev = {.events = EPOLLIN};
        epoll_ctl(r->events, EPOLL_CTL_ADD, r->streams[i].from, &ev);
    }
    while (r->streams[0].from >= 0 || r->streams[1].from >= 0) {
        if (!conversation_turn(r->c->talk, INT64_MAX, r->events, e))
            return false;
        for (size_t i = 0; i < COUNT_OF(r->streams); i++) {
            struct pollfd p = {.fd = r->streams[i].from, .events = POLLIN};
            if (p.fd >= 0 && poll(&p, 1, 0) == 1)
                hand_on(r, &r->streams[i]);
        }
    }
    return true;
}

/* ---- what is said of it ---- */

static bool comment(struct runner *r, struct str text, struct err *e)
{
    struct msg m = {.type = MSG_MESSAGE_POST};
    struct msg_ok ok;
    m.request.room = r->room;
    m.message_post.task = r->task;
    m.message_post.text = text;
    return conversation_request(r->c->talk, &m, &ok, e);
}

/* As the person typed it, more or less; what may not be shown is left out. */
static void add_command(struct runner *r, struct buf *out)
{
    struct tail_lines line = {.most = 1};
    struct buf words = {0}, clean = {0};
    for (char **word = r->argv; *word; word++)
        buf_fmt(&words, "%s%s", word == r->argv ? "" : " ", *word);
    tail_lines_add(&line, buf_str(&words));
    tail_lines_read(&line, &clean);
    buf_add_str(out, str_trim(buf_str(&clean)));
    tail_lines_finish(&line);
    buf_finish(&words);
    buf_finish(&clean);
}

static void add_duration(struct buf *out, int64_t ms)
{
    int64_t s = ms / 1000;
    if (s >= 3600)
        buf_fmt(out, "%lld h %02lld min", (long long)(s / 3600), (long long)(s / 60 % 60));
    else if (s >= 60)
        buf_fmt(out, "%lld min %02lld s", (long long)(s / 60), (long long)(s % 60));
    else
        buf_fmt(out, "%lld.%lld s", (long long)s, (long long)(ms % 1000 / 100));
}

static bool say_began(struct runner *r, struct err *e)
{
    struct buf text = {0};
    buf_add_str(&text, STR("runs: "));
    add_command(r, &text);
    bool ok = comment(r, buf_str(&text), e);
    buf_finish(&text);
    return ok;
}

static bool say_ended(struct runner *r, int status, int64_t ms, struct err *e)
{
    struct buf text = {0}, lines = {0};
    bool killed = WIFSIGNALED(status);
    if (killed)
        buf_fmt(&text, "ended by signal %d", WTERMSIG(status));
    else
        buf_fmt(&text, WEXITSTATUS(status) ? "failed with %d" : "done", WEXITSTATUS(status));
    buf_add_str(&text, STR(" after "));
    add_duration(&text, ms);
    buf_add_str(&text, STR(": "));
    add_command(r, &text);
    tail_lines_read(&r->last, &lines);
    if (lines.n)
        buf_fmt(&text, "\n```\n%.*s```", STR_ARG(buf_str(&lines)));
    bool ok = comment(r, buf_str(&text), e);
    buf_finish(&text);
    buf_finish(&lines);
    return ok;
}

/* ---- the verb ---- */

static bool wait_for_end(struct runner *r, int *status, struct err *e)
{
    while (waitpid(r->pid, status, 0) < 0)
        if (errno != EINTR)
            return fail(e, ERR_IO, "the command's end was missed: %s", strerror(errno));
    return true;
}

static bool run_command(struct runner *r, struct err *e)
{
    int status = 0;
    struct err why = {0};
    int64_t began = conversation_now(r->c->talk);
    if (!start(r, e))
        return false;
    bool ok = follow(r, &why);
    for (size_t i = 0; i < COUNT_OF(r->streams); i++) /* the server would have us no more */
        while (!ok && r->streams[i].from >= 0)
            hand_on(r, &r->streams[i]);
    if (!wait_for_end(r, &status, e))
        return false;
    if (ok)
        ok = say_ended(r, status, conversation_now(r->c->talk) - began, &why);
    r->c->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    if (!ok) /* the status is the command's all the same */
        cli_say("the end of the command is kept, and goes on card %lld the next time: %s",
                (long long)r->task, why.text);
    return true;
}

bool run_run(struct cli *c, struct err *e)
{
    struct runner r = {.c = c, .events = -1, .last.most = LINES_KEPT};
    for (size_t i = 0; i < COUNT_OF(r.streams); i++)
        r.streams[i].from = -1;
    size_t n = c->n_words;
    r.argv = arena_alloc(&c->arena, (n + 1) * sizeof *r.argv);
    for (size_t i = 0; i < n; i++)
        r.argv[i] = (char *)(uintptr_t)c->words[i].p;
    if (!cli_is_given(c, "card"))
        return fail(e, ERR_USAGE, "--card says which card to write on");
    if (!c->options.moot.room)
        return fail(e, ERR_USAGE, "--room, or MOOT_ROOM, says in which room the card is");
    r.task = c->options.card;
    bool ok = cli_keep(c, e) && cli_room(c, str_of(c->options.moot.room), &r.room, e) &&
              cli_connect(c, e) && say_began(&r, e) && run_command(&r, e);
    if (r.events >= 0)
        close(r.events);
    tail_lines_finish(&r.last);
    return ok;
}
